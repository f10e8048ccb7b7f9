"""Mutations: no single edit of a proved claim that makes it false is ever proved, and none that leaves it true is refuted."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import pytest
from edits import EDITS, LEFT_EDITS
from mutants import Mutant, mutants
from outcomes import Original, originals, outcome, proved_claims, sample
from subscripts import slots, with_index, with_slots

from derivcheck import D, Derivation, Dim, Index, cases, delta, differ, equal, indicator, log, one_hot, softmax, sum_over, total
from derivcheck.judge import judge
from derivcheck.language.rebuilding import positions
from derivcheck.language.subscripts import Shift
from derivcheck.language.terms import Leaf, Term
from derivcheck.language.walks import same_expression
from derivcheck.witnesses import all_dimensions, counterexample
from derivcheck.witnesses.all_dimensions import Prover

SEED = int(os.environ.get("DERIVCHECK_SEED", "20240"))
"""Which mutants are judged; a failure prints it."""

LIBRARY_SAMPLE = 80
CORPUS_SAMPLE = 60
REWRITINGS_SAMPLE = 15
EQUATIONS_SAMPLE = 10

TRUE_EDITS = {"reassociated", "reordered"}


@pytest.fixture(scope="module")
def every_mutant() -> list[tuple[Original, Mutant]]:
    return [(original, mutant) for original in originals() for mutant in mutants(original.derivation, original.claim)]


def judged(pairs: list[tuple[Original, Mutant]], count: int) -> Iterator[tuple[Mutant, str, str]]:
    provers = {id(mutant): original.prover for original, mutant in pairs}
    for mutant in sample((mutant for _, mutant in pairs), count, SEED):
        found = outcome(mutant, provers[id(mutant)]())
        yield mutant, found.word, f"seed {SEED}, {found.kind}: {found.word} {found.wrong}\n{found.stated}\n{found.reason}"
        assert not found.wrong, f"seed {SEED}, {found.kind}: {found.wrong}\n{found.stated}"


@pytest.mark.parametrize(("corpus", "count"), [(False, LIBRARY_SAMPLE), (True, CORPUS_SAMPLE)], ids=["library", "corpus"])
def test_no_verdict_on_a_mutant_is_wrong(every_mutant, corpus: bool, count: int) -> None:
    pairs = [(original, mutant) for original, mutant in every_mutant if (len(original.derivation.claims) == 1) == corpus]
    words = Counter(word for _, word, _ in judged(pairs, count))
    assert sum(words.values()) == count
    assert words["refuted"] > count / 3, words
    assert words["undecided"] <= count / 5, words


def test_true_rewritings_are_never_refuted(every_mutant) -> None:
    pairs = [(original, mutant) for original, mutant in every_mutant if mutant.kind in TRUE_EDITS]
    wrong = [told for _, word, told in judged(pairs, REWRITINGS_SAMPLE) if word not in ("proved", "proved-small", "tested")]
    assert wrong == []


def test_without_an_equation_that_it_rests_on_no_claim_is_proved(every_mutant) -> None:
    """Without an assumption on the sign of something a claim may still be proved, where a condition is met."""
    dropping = [(original, mutant) for original, mutant in every_mutant if mutant.kind == "assumption dropped"]
    random.Random(SEED).shuffle(dropping)
    needed = []
    for original, mutant in dropping:
        kept = set(map(str, mutant.derivation.assumptions))
        dropped = {str(given) for given in original.derivation.assumptions if given.kind in ("sums-to", "one-hot", "symmetric")} - kept
        alone = Prover(original.derivation)  # a cited claim may rest on more than this one
        if dropped and dropped & set(alone.prove(original.claim).assumptions):
            needed.append((original, mutant))
        if len(needed) == EQUATIONS_SAMPLE:
            break
    assert len(needed) == EQUATIONS_SAMPLE
    proved = [told for _, word, told in judged(needed, len(needed)) if word == "proved"]
    assert proved == []


def test_every_kind_of_edit_occurs(every_mutant) -> None:
    kinds = {mutant.kind for _, mutant in every_mutant}
    assert len(kinds) >= 20
    expected = {edit.__name__.replace("_", " ") for edit in EDITS} | {f"left: {edit.__name__.replace('_', ' ')}" for edit in LEFT_EDITS}
    assert expected - kinds <= {"contraction axes"}


# a check that cannot fail is no check --------------------------------------------------------------------------------
def small_example() -> Original:
    d = Derivation("example", layout="like-variable")
    K = d.dim("K")
    j, t = d.indices("j t", K)
    z, y = d.vector("z", K), d.vector("y", K)
    d.assume("sums-to", y)
    s = d.let("s", softmax(z))
    loss = d.let("L", -sum_over(t, y[t] * log(s[t])))
    d.claim("gradient", D(loss, z[j]), s[j] - y[j])
    (original,) = proved_claims(d)
    return original


def words_of(original: Original, *kinds: str) -> dict[str, set[str]]:
    """The words that the mutants of these kinds get, or "wrong" where they are wrong."""
    found: dict[str, set[str]] = {}
    for mutant in mutants(original.derivation, original.claim):
        if mutant.kind not in kinds:
            continue
        result = outcome(mutant, original.prover())
        found.setdefault(mutant.kind, set()).add("wrong" if result.wrong else result.word)
    return found


def test_the_mutants_of_one_claim() -> None:
    refuted = ("sign", "term dropped", "factor two", "assumption dropped", "assumption altered")
    found = words_of(small_example(), *refuted, "transposed", "reordered", "sum added")
    assert found == {kind: {"refuted"} for kind in refuted} | {
        "transposed": {"proved"},  # the entries of a row are those of the column
        "reordered": {"proved"},
        "sum added": {"ill-typed"},
    }


def test_an_unsound_proof_is_a_wrong_verdict(monkeypatch) -> None:
    original = small_example()
    monkeypatch.setattr(all_dimensions, "is_zero", lambda arena, difference: True)
    assert words_of(original, "sign", "assumption dropped") == {"sign": {"wrong"}, "assumption dropped": {"wrong"}}


def test_a_made_up_counterexample_is_a_wrong_verdict(monkeypatch) -> None:
    original = small_example()
    find = counterexample.find

    def flattering(*arguments, **options):
        point = find(*arguments, **options)
        return None if point is None else type(point)(point.dims, point.values, point.indices, point.entry, point.left, "7", point.exact)

    monkeypatch.setattr(counterexample, "find", flattering)
    assert words_of(original, "sign") == {"sign": {"wrong"}}


# the mutants themselves ----------------------------------------------------------------------------------------------
def test_a_mutant_is_the_claim_with_one_edit() -> None:
    original = small_example()
    before = (original.claim.lhs, original.claim.rhs)
    for mutant in mutants(original.derivation, original.claim):
        (claim,) = mutant.build().claims
        sides = [
            None not in (now, then) and same_expression(now, then) for now, then in zip((claim.lhs, claim.rhs), before, strict=True)
        ]
        if "assumption" in mutant.kind:
            assert sides == [True, True]
        elif claim.broken is None:
            assert sorted(sides) == [False, True], mutant.kind
    assert [claim.name for claim in original.derivation.claims] == ["gradient"]
    assert judge(original.derivation)[0].word == "proved"


n = Dim.of("n")
i, j, k = (Index(name, n) for name in "ijk")
A = Leaf("A", (n, n), "numerator")
INDEXED: tuple[Term, ...] = (
    A[i, j],
    A[i, Shift(j, 1)],
    A[:, i],
    delta(i, j),
    sum_over(k, A[k, i], 2, i),
    indicator(differ(i, j)),
    cases((equal(i, j), A[i, j]), (differ(j, i), 2), otherwise=A[j, i]),
    one_hot(n, i),
    total(A) * delta(i, 1),
)


@pytest.mark.parametrize("term", INDEXED, ids=range(len(INDEXED)))
def test_subscripts_are_put_back(term: Term) -> None:
    for _, node in positions(term):
        assert same_expression(with_slots(node, slots(node)), node)
    moved = with_index(term, i, Index("m", n))
    assert i not in moved.free
    assert same_expression(with_index(moved, Index("m", n), i), term)
    assert i not in with_index(term, i, 1).free


def test_too_few_subscripts_are_refused() -> None:
    with pytest.raises(ValueError, match="subscripts"):
        with_slots(A[i, j], (i,))


def test_the_sample_is_seeded() -> None:
    original = small_example()
    everything = list(mutants(original.derivation, original.claim))
    first, second = (sample(everything, 10, 3) for _ in range(2))
    assert [everything.index(mutant) for mutant in first] == [everything.index(mutant) for mutant in second]
    assert Fraction(len({mutant.kind for mutant in first}), len(first)) > Fraction(1, 2)
    assert len(sample(everything, 10**6, 3)) == len(everything)
