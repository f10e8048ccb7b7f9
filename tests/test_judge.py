"""The judge: what each combination of evidence amounts to, and that a failure is never a verdict on the formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from derivcheck import D, Derivation, exp, log, sigmoid, sum_over
from derivcheck import judge as judging
from derivcheck.claims import Claim, Word
from derivcheck.language.terms import Term
from derivcheck.verdict import AllDimensions, Counterexample, Evidence, ForgedVerdict, Numeric, SmallDimensions, Verdict

POINT = Counterexample((), (("x", "1"),), (), (), "1", "2", True)


def scalar_claim(build: Callable[[Term], tuple[Term, Term]], **details: object) -> Derivation:
    d = Derivation("example", layout="numerator")
    x = d.scalar("x")
    left, right = build(x)
    d.claim("claim", left, right, **details)  # type: ignore[arg-type]
    return d


@pytest.mark.parametrize(
    ("algebra", "small", "numeric", "word"),
    [
        ("agrees", "agrees", "agrees", "proved"),
        ("agrees", None, "agrees", "proved"),
        ("agrees", "agrees", None, "undecided"),
        ("agrees", "agrees", "disagrees", "error"),
        ("agrees", "disagrees", "agrees", "error"),
        (None, "agrees", "agrees", "proved-small"),
        (None, "agrees", None, "proved-small"),
        (None, "sampled", "agrees", "tested"),
        (None, None, "agrees", "tested"),
        (None, "disagrees", "disagrees", "refuted"),
        (None, "disagrees", None, "refuted"),
        (None, None, "disagrees", "refuted"),
        (None, "agrees", "disagrees", "refuted"),
        (None, None, None, "undecided"),
        (None, None, "inadmissible", "undecided"),
        ("agrees", "agrees", "inadmissible", "undecided"),
    ],
)
def test_what_the_evidence_amounts_to(
    monkeypatch: pytest.MonkeyPatch, algebra: str | None, small: str | None, numeric: str | None, word: Word
) -> None:
    d = scalar_claim(lambda x: (x, x))
    for question in ("prove", "examine"):
        monkeypatch.setattr(judging.Prover, question, lambda self, claim: AllDimensions(algebra))  # type: ignore[arg-type]
    exact = SmallDimensions("agrees", sampled=True) if small == "sampled" else SmallDimensions(small)  # type: ignore[arg-type]
    monkeypatch.setattr(judging.exact, "witness", lambda claim, derivation, seed, budget: exact)
    floating = Numeric(None, inadmissible=("Σ y = 1",)) if numeric == "inadmissible" else Numeric(numeric, points=1)  # type: ignore[arg-type]
    monkeypatch.setattr(judging.floating, "witness", lambda claim, derivation, seed: floating)
    monkeypatch.setattr(judging.counterexamples, "find", lambda claim, derivation, seed: POINT)
    (verdict,) = judging.judge(d)
    assert verdict.word == word


def test_a_disagreement_without_a_point_is_not_a_refutation(monkeypatch: pytest.MonkeyPatch) -> None:
    d = scalar_claim(lambda x: (x, x + 1))
    monkeypatch.setattr(judging.counterexamples, "find", lambda claim, derivation, seed: None)
    (verdict,) = judging.judge(d)
    assert verdict.word == "undecided"
    assert "no point" in verdict.reason


def test_exact_arithmetic_that_contradicts_floating_point_is_an_error_where_no_point_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    d = scalar_claim(lambda x: (x, 1 * x))
    monkeypatch.setattr(judging.Prover, "prove", lambda self, claim: AllDimensions(None))
    monkeypatch.setattr(judging.floating, "witness", lambda claim, derivation, seed: Numeric("disagrees", points=1))
    monkeypatch.setattr(judging.counterexamples, "find", lambda claim, derivation, seed: None)
    (verdict,) = judging.judge(d)
    assert verdict.word == "error"
    assert "contradiction" in verdict.reason


def test_a_sample_of_entries_contradicts_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    d = scalar_claim(lambda x: (x, 1 * x))
    monkeypatch.setattr(judging.Prover, "prove", lambda self, claim: AllDimensions(None))
    monkeypatch.setattr(judging.floating, "witness", lambda claim, derivation, seed: Numeric("disagrees", points=1))
    monkeypatch.setattr(judging.exact, "witness", lambda claim, derivation, seed, budget: SmallDimensions("agrees", sampled=True))
    monkeypatch.setattr(judging.counterexamples, "find", lambda claim, derivation, seed: None)
    (verdict,) = judging.judge(d)
    assert verdict.word == "undecided"
    assert "no point" in verdict.reason


def test_where_floating_point_disagrees_exact_arithmetic_is_asked_for_a_point_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def unasked(*_: object) -> SmallDimensions:
        raise AssertionError("asked for a decision of every entry")

    d = scalar_claim(lambda x: (x, x + 1))
    monkeypatch.setattr(judging.exact, "witness", unasked)
    (verdict,) = judging.judge(d)
    assert verdict.word == "refuted"
    assert verdict.counterexample is not None
    small = verdict.evidence.small_dimensions
    assert small is not None
    assert small.seconds > 0
    assert replace(small, seconds=0.0) == SmallDimensions("disagrees", verdict.counterexample.dims, entries=1)


def test_a_failing_witness_is_an_error_of_that_claim_only(monkeypatch: pytest.MonkeyPatch) -> None:
    d = Derivation("two", layout="numerator")
    x = d.scalar("x")
    d.claim("first", x, x + 0)
    d.claim("second", x, 1 * x)
    real = judging.floating.witness

    def broken(claim: Claim, derivation: Derivation, seed: int) -> Numeric:
        if claim.name == "first":
            raise RuntimeError("out of luck")
        return real(claim, derivation, seed)

    monkeypatch.setattr(judging.floating, "witness", broken)
    first, second = judging.judge(d)
    assert (first.word, second.word) == ("error", "proved")
    assert "out of luck" in first.reason


def test_a_new_condition_is_unexpected() -> None:
    plain = judging.judge(scalar_claim(lambda x: (D(log(x), x), 1 / x)))[0]
    named = judging.judge(scalar_claim(lambda x: (D(log(x), x), 1 / x), conditions=["x > 0"]))[0]
    assert plain.word == named.word == "proved"
    assert [condition.text for condition in plain.conditions] == ["x > 0"]
    assert (plain.as_expected, named.as_expected) == (False, True)


def test_a_new_assumption_is_unexpected() -> None:
    def build(assumptions: tuple[str, ...]) -> Derivation:
        d = Derivation("sum", layout="numerator")
        n = d.dim("n")
        i = d.index("i", n)
        y = d.vector("y", n)
        d.assume("sums-to", y)
        d.claim("claim", sum_over(i, y[i]), 1, assumptions=assumptions)
        return d

    assert not judging.judge(build(()))[0].as_expected
    assert judging.judge(build(("Σ y = 1",)))[0].as_expected


def test_contradictory_assumptions_are_vacuous() -> None:
    d = Derivation("contradiction", layout="numerator")
    n = d.dim("n")
    i = d.index("i", n)
    y = d.vector("y", n)
    d.assume("sums-to", y, value=1)
    d.assume("sums-to", y, value=2)
    d.claim("claim", sum_over(i, y[i]), 1)
    (verdict,) = judging.judge(d)
    assert verdict.word == "vacuous"
    assert "Σ y" in verdict.reason


@pytest.mark.parametrize(
    "build",
    [lambda x: (x / (x - x), x / (x - x) + 1), lambda x: (log(-exp(x)), x), lambda x: (1 / (x * 0), x)],
    ids=["division by zero", "logarithm of a negative number", "division by 0 x"],
)
def test_what_is_defined_nowhere_is_vacuous(build: Callable[[Term], tuple[Term, Term]]) -> None:
    (verdict,) = judging.judge(scalar_claim(build))
    assert verdict.word == "vacuous"


def test_ill_typed_sides_are_reported_with_both_shapes() -> None:
    d = Derivation("shapes", layout="numerator")
    n, m = d.dim("n"), d.dim("m")
    A, B = d.matrix("A", n, m), d.matrix("B", m, n)
    d.claim("product", lambda: A @ A, A)
    d.claim("sides", A, B)
    first, second = judging.judge(d)
    assert first.word == second.word == "ill-typed"
    assert "n × m" in first.reason
    assert "m × n" in second.reason


def test_a_restated_proof_says_so() -> None:
    d = Derivation("twice", layout="numerator")
    n = d.dim("n")
    z = d.vector("z", n)
    total = d.let("f", sigmoid(z.T @ z))
    d.claim("first", D(total, z), total * (1 - total) * 2 * z.T)
    d.claim("again", D(total, z), total * (1 - total) * 2 * z.T)
    first, again = judging.judge(d)
    assert first.word == again.word == "proved"
    assert again.evidence.all_dimensions is not None
    assert again.cites == ("first",)
    assert "restates a cited claim" in again.evidence.all_dimensions.rules


def good_fields(**changes: object) -> dict[str, object]:
    fields: dict[str, object] = {
        "id": "x/y", "derivation": "x", "claim": "y", "source": "", "place": "", "kind": "identity", "layout": "numerator", "lhs": "a", "rhs": "a",
        "lhs_latex": "a", "rhs_latex": "a", "judged_as": "a = a", "word": "proved", "expected": "proved", "as_expected": True, "reason": "",
        "trivial": False, "evidence": Evidence(AllDimensions("agrees"), SmallDimensions("agrees"), Numeric("agrees", points=1)),
    }  # fmt: skip
    return {**fields, **changes}


@pytest.mark.parametrize(
    "changes",
    [
        {"evidence": Evidence()},
        {"evidence": Evidence(AllDimensions("agrees"))},
        {"evidence": Evidence(None, SmallDimensions("agrees"), Numeric("agrees", points=1))},
        {"evidence": Evidence(AllDimensions("agrees"), None, Numeric("agrees", points=0))},
        {"evidence": Evidence(AllDimensions("agrees"), SmallDimensions("disagrees"), Numeric("agrees", points=1))},
        {"word": "refuted"},
        {"word": "tested", "evidence": Evidence(AllDimensions(None), None, Numeric(None))},
        {"word": "proved-small", "evidence": Evidence(None, SmallDimensions("agrees", sampled=True), None)},
        {"word": "certain"},
    ],
)
def test_a_forged_verdict_is_refused(changes: dict[str, object]) -> None:
    Verdict(**good_fields())  # type: ignore[arg-type]
    with pytest.raises(ForgedVerdict):
        Verdict(**good_fields(**changes))  # type: ignore[arg-type]


def test_a_constant_side_needs_no_indices() -> None:
    d = Derivation("constant", layout="numerator")
    n = d.dim("n")
    i, j = d.indices("i j", n)
    y, z = d.vector("y", n), d.vector("z", n)
    d.claim("holds", D(sum_over(i, y[i]), y[j]), 1)
    d.claim("does not hold", D(sum_over(i, y[i] * z[i]), y[j]), 1)
    d.claim("the other way round", 1, D(sum_over(i, y[i]), y[j]))
    d.claim("another index", y[i], y[j])
    assert [verdict.word for verdict in judging.judge(d)] == ["proved", "refuted", "proved", "ill-typed"]


def test_faint_agreement_alone_is_not_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    d = scalar_claim(lambda x: (x, 1 * x))
    monkeypatch.setattr(judging.Prover, "prove", lambda self, claim: AllDimensions(None, stopped="a cap"))
    monkeypatch.setattr(judging.floating, "witness", lambda claim, derivation, seed: Numeric("agrees", points=3, faint=True))
    monkeypatch.setattr(judging.exact, "witness", lambda claim, derivation, seed, budget: SmallDimensions(None, stopped="too large"))
    (verdict,) = judging.judge(d)
    assert verdict.word == "undecided"
    assert "negligible" in verdict.reason
