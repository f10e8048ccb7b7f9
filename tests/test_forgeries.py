"""Nothing false is proved, nothing but the judge makes a verdict, and `python -O` changes nothing."""

from __future__ import annotations

import ast
import dataclasses
import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import forgery_claims
import numpy as np
import pytest
from forgery_claims import FORGERIES, outcome

import derivcheck
from derivcheck import judge as judging
from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.judge import judge, report
from derivcheck.language.operators import table
from derivcheck.language.shapes import shape_of
from derivcheck.language.terms import D, delta, sum_over
from derivcheck.reports.json import as_object
from derivcheck.verdict import WORDS, AllDimensions, Condition, Counterexample, Evidence, ForgedVerdict, Numeric, SmallDimensions, Verdict
from derivcheck.witnesses import evaluation
from derivcheck.witnesses.all_dimensions import Prover

PACKAGE = Path(derivcheck.__file__).parent
BUILD = {name: operator.build for name, operator in table().items()}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_not_proved(name: str) -> None:
    forgery, found = FORGERIES[name], outcome(name)
    assert found.word == forgery.word, found
    if forgery.word == "proved":
        assert found.algebra == "agrees"
        assert found.conditions == forgery.conditions
        assert forgery.conditions, "a forgery that is proved needs a condition that makes it true"
    else:
        assert found.algebra is None or found.word == "vacuous", found


def test_optimised_python_gives_the_same_outcomes() -> None:
    """Under -O every assert vanishes; no outcome may rest on one."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(PACKAGE.parent), str(Path(forgery_claims.__file__).parent)))}
    run = subprocess.run(
        [sys.executable, "-O", forgery_claims.__file__], capture_output=True, text=True, encoding="utf-8", env=environment, check=True, timeout=120
    )
    optimised = json.loads(run.stdout)
    plain = {name: [o.algebra, o.word, list(o.conditions), list(o.cites)] for name in FORGERIES for o in [outcome(name)]}
    assert optimised == plain


# --------------------------------------------------------------------------------------------------------- verdicts
def test_only_the_judge_makes_verdicts() -> None:
    makers = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in ("Verdict", "replace"):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                copies = name == "replace" and isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "dataclasses"
                if name == "Verdict" or copies:
                    makers.add(path.relative_to(PACKAGE).as_posix())
    assert makers == {"judge.py"}


def test_no_assert_in_the_library() -> None:
    found = [
        f"{path.relative_to(PACKAGE)}:{node.lineno}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assert)
    ]
    assert found == []


POINT = Counterexample((), (("x", "1"),), (), (), "1", "2", True)
ALGEBRA = {None: None, "silent": AllDimensions(None), "agrees": AllDimensions("agrees"), "disagrees": AllDimensions("disagrees")}
SMALL = {
    None: None,
    "silent": SmallDimensions(None),
    "agrees": SmallDimensions("agrees", entries=4),
    "sampled": SmallDimensions("agrees", entries=4, sampled=True),
    "disagrees": SmallDimensions("disagrees"),
}
NUMERIC = {
    None: None,
    "silent": Numeric(None),
    "agrees": Numeric("agrees", points=3),
    "no point": Numeric("agrees", points=0),
    "disagrees": Numeric("disagrees", points=1),
}


def verdict(word: str, evidence: Evidence, **changes: object) -> Verdict:
    fields: dict[str, object] = {field.name: "" for field in dataclasses.fields(Verdict) if field.default is dataclasses.MISSING}
    fields |= {"word": word, "expected": word, "as_expected": True, "trivial": False, "evidence": evidence}
    return Verdict(**{**fields, **changes})  # type: ignore[arg-type]


def test_every_combination_of_evidence() -> None:
    """A word is accepted exactly where the evidence supports it."""
    for word, algebra, small, numeric, condition, point in product(WORDS, ALGEBRA, SMALL, NUMERIC, ("none", "unknown", "fails"), (None, POINT)):
        supported = True
        disagreement = "disagrees" in (algebra, small, numeric)
        if word in ("proved", "proved-small", "tested") and disagreement:
            supported = False
        if word == "proved" and (algebra != "agrees" or numeric != "agrees" or condition == "fails"):
            supported = False
        if word == "proved-small" and small != "agrees":
            supported = False
        if word == "tested" and numeric != "agrees" and small not in ("agrees", "sampled"):
            supported = False
        if word == "refuted" and point is None:
            supported = False
        evidence = Evidence(ALGEBRA[algebra], SMALL[small], NUMERIC[numeric])
        conditions = () if condition == "none" else (Condition("x ≠ 0", condition),)  # type: ignore[arg-type]
        try:
            verdict(word, evidence, conditions=conditions, counterexample=point)
            accepted = True
        except ForgedVerdict:
            accepted = False
        assert accepted == supported, (word, algebra, small, numeric, condition, point)


def test_an_unknown_word_and_a_changed_copy_are_refused() -> None:
    with pytest.raises(ForgedVerdict):
        verdict("true", Evidence())
    honest = verdict("undecided", Evidence(AllDimensions("agrees")))
    for word in ("proved", "proved-small", "tested", "refuted"):
        with pytest.raises(ForgedVerdict):
            dataclasses.replace(honest, word=word)
    with pytest.raises(dataclasses.FrozenInstanceError):
        honest.word = "proved"  # type: ignore[misc]


# -------------------------------------------------------------------------------------------------------- citations
def cross_entropy() -> tuple[Derivation, dict[str, object]]:
    d = Derivation("citations", layout="like-variable")
    n, K = d.dim("n"), d.dim("K")
    t, u, k = d.indices("t u k", K)
    (r,) = d.indices("r", n)
    W, x, y = d.matrix("W", K, n), d.vector("x", n), d.vector("y", K)
    d.assume("sums-to", y)
    z = d.let("z", W @ x)
    s = d.let("s", BUILD["exp"](z[t]) / sum_over(u, BUILD["exp"](z[u])), t)
    loss = d.let("L", -sum_over(t, y[t] * BUILD["log"](s[t])))
    return d, {"W": W, "x": x, "y": y, "z": z, "s": s, "L": loss, "k": k, "r": r}


def test_a_citation_carries_its_assumptions() -> None:
    d, o = cross_entropy()
    d.claim("dz", D(o["L"], o["z"]), o["s"] - o["y"])  # type: ignore[arg-type, operator]
    d.claim("dW", D(o["L"], o["W"]), BUILD["outer"](o["s"] - o["y"], o["x"]))  # type: ignore[arg-type, operator]
    first, second = judge(d)
    assert (first.word, second.word) == ("proved", "proved")
    assert second.cites == ("dz",)
    assert set(first.assumptions) == set(second.assumptions) == {"Σ y = 1"}


def test_what_is_not_proved_cannot_be_cited() -> None:
    d, o = cross_entropy()
    d.claim("dz", D(o["L"], o["z"]), o["y"] - o["s"])  # type: ignore[arg-type, operator]
    prover = Prover(d)
    proof = prover.prove(d.claims[0])
    assert proof.status is None
    prover.remember(d.claims[0], proof)
    assert prover.citations == {}


def test_a_claim_cites_neither_itself_nor_a_later_one() -> None:
    d, o = cross_entropy()
    d.claim("dW", D(o["L"], o["W"]), BUILD["outer"](o["s"] - o["y"], o["x"]))  # type: ignore[arg-type, operator]
    d.claim("dz", D(o["L"], o["z"]), o["s"] - o["y"])  # type: ignore[arg-type, operator]
    assert [verdict.cites for verdict in judge(d)] == [(), ()]


def test_a_restated_claim_says_so() -> None:
    d, o = cross_entropy()
    for name in ("dz", "dz again"):
        d.claim(name, D(o["L"], o["z"]), o["s"] - o["y"])  # type: ignore[arg-type, operator]
    _, again = judge(d)
    algebra = again.evidence.all_dimensions
    assert algebra is not None
    assert not algebra.cites or "restates a cited claim" in algebra.rules


def test_two_claims_that_cite_each_other_prove_nothing() -> None:
    """Both are false, and each would follow from the other."""
    d = Derivation("circle", layout="like-variable")
    n = d.dim("n")
    i, j = d.indices("i j", n)
    x = d.vector("x", n)
    a = d.let("a", 2 * x[i], i)
    b = d.let("b", 3 * a[i], i)
    loss = d.let("L", sum_over(i, b[i] ** 2))
    d.claim("a from b", D(loss, a[j]), 6 * D(loss, b[j]))
    d.claim("b from a", D(loss, b[j]), D(loss, a[j]) / 6)
    d.claim("a from b again", D(loss, a[j]), 6 * D(loss, b[j]))
    d.claim("what would follow", D(loss, a[j]), 36 * D(loss, a[j]))
    assert all(verdict.word == "refuted" for verdict in judge(d))


def test_no_citation_inside_a_derivative() -> None:
    """dz = s − y holds where Σ y = 1; its derivative by y is that of (Σ y) s − y."""
    d, o = cross_entropy()
    d.claim("dz", D(o["L"], o["z"]), o["s"] - o["y"])  # type: ignore[arg-type, operator]
    k, K = o["k"], d.dims["K"]
    v = d.index("v", K)
    d.claim("wrong", D(D(o["L"], o["z"][v]), o["y"][k]), -delta(v, k))  # type: ignore[arg-type, index]
    d.claim("right", D(D(o["L"], o["z"][v]), o["y"][k]), o["s"][v] - delta(v, k))  # type: ignore[arg-type, index]
    _, wrong, right = judge(d)
    assert (wrong.word, right.word) == ("refuted", "proved")
    assert right.cites == ()


# ---------------------------------------------------------------------------------------------- what a proof rests on
@pytest.mark.parametrize("kind", ["positive", "nonnegative", "nonzero", "invertible"])
def test_an_assumption_that_a_proof_needs_is_listed(kind: str) -> None:
    d = Derivation("needed", layout="like-variable")
    n = d.dim("n")
    (i,) = d.indices("i", n)
    x, X = d.vector("x", n), d.matrix("X", n, n)
    sides = {
        "positive": (BUILD["sqrt"](x[i] ** 2), x[i]),
        "nonnegative": (BUILD["sqrt"](x[i]) ** 2, x[i]),
        "nonzero": (x[i] / x[i] + x[i], 1 + x[i]),
        "invertible": (X @ BUILD["inverse"](X), BUILD["identity"](n)),
    }
    d.assume(kind, X if kind == "invertible" else x)  # type: ignore[arg-type]
    d.claim("claim", *sides[kind])
    (found,) = judge(d)
    assert found.word == "proved"
    assert any(kind in assumption for assumption in found.assumptions)


# ------------------------------------------------------------------------------------------------- what readers state
def square() -> tuple[Derivation, dict[str, object]]:
    d = Derivation("square", layout="numerator")
    n, m = d.dim("n"), d.dim("m")
    x, A = d.vector("x", n), d.matrix("A", m, n)
    loss = d.let("L", (A @ x).T @ (A @ x))
    return d, {"x": x, "A": A, "L": loss, "n": n, "m": m}


@pytest.mark.parametrize("also", [{}, {"broken": "both"}, {"failed": "both"}, {"kind": "shape"}])
def test_an_unread_claim_is_never_proved_whatever_else_it_holds(also: dict[str, str]) -> None:
    d, names = square()
    true = d.claim("true", names["A"] @ names["x"], 1 * (names["A"] @ names["x"]))  # type: ignore[operator]
    d.claims.append(dataclasses.replace(true, name="unread", unread="not understood", **also))  # type: ignore[arg-type]
    first, unread = judge(d)
    assert (first.word, unread.word, unread.reason) == ("proved", "unsupported", "not understood")
    assert unread.evidence == Evidence()


def test_a_definition_is_never_counted_as_proved() -> None:
    with pytest.raises(ForgedVerdict, match="definition"):
        verdict("proved", Evidence(AllDimensions("agrees"), None, Numeric("agrees", points=3)), kind="definition")
    d, names = square()
    d.enter("(1)", names["L"])  # type: ignore[arg-type]
    found = report([d])
    assert sum(found.counts().values()) == 0
    assert as_object(found)["summary"]["proved"] == 0


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("own", ["true", "false"])
def test_no_word_of_another_reading_changes_the_word(own: str, word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the other reading comes to, also by a failure inside derivcheck."""
    d, names = square()
    x = names["x"]
    sides = (x, 1 * x) if own == "true" else (x, 2 * x)  # type: ignore[operator]
    other = d.alternative("other", x, x)  # type: ignore[arg-type]
    d.claim("claim", *sides, other_readings=[("otherwise", other)])  # type: ignore[arg-type]
    real = judging._outcome

    def outcome_of(claim: Claim, *rest: object) -> judging.Outcome:
        found = real(claim, *rest)  # type: ignore[arg-type]
        return dataclasses.replace(found, finding=judging.Finding(word, "so it is said")) if claim is other else found  # type: ignore[arg-type]

    monkeypatch.setattr(judging, "_outcome", outcome_of)
    (found,) = judge(d)
    assert found.word == ("proved" if own == "true" else "refuted")
    assert found.other_readings == (("otherwise", word),)


SHAPES = {
    "a column for a row": ("n", 1), "another dimension": (1, "m"), "scalar": (), "one number": (1, 3), "a matrix": ("n", "n"),
    "three axes": (1, "n", "n"), "composite": (1, "nn"),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_wrong_shape_is_never_proved(shape: tuple[str | int, ...]) -> None:
    """Neither as it is stated, nor where the check that states it is circumvented: then the arrays contradict it."""
    d, names = square()
    n = names["n"]
    wrong = shape_of(*(n * n if axis == "nn" else axis for axis in shape))  # type: ignore[operator]
    gradient = D(names["L"], names["x"])  # type: ignore[arg-type]
    stated = d.shape_claim("stated", gradient, wrong)
    assert judge(d)[0].word == "ill-typed"
    d.claims.append(dataclasses.replace(stated, name="forged", broken=None))
    forged = judge(d)[1]
    assert forged.word == "error"
    assert "contradiction" in forged.reason


def test_a_shape_is_that_of_the_arrays_and_not_of_the_term(monkeypatch: pytest.MonkeyPatch) -> None:
    """A term whose recorded shape is wrong: the arrays are what counts."""
    d, names = square()
    gradient = D(names["L"], names["x"])  # type: ignore[arg-type]
    d.shape_claim("stated", gradient, gradient.shape)
    assert judge(d)[0].word == "proved"
    real = evaluation.Evaluator.at_all
    monkeypatch.setattr(evaluation.Evaluator, "at_all", lambda *given: [tuple(map(np.transpose, values)) for values in real(*given)])
    assert judge(d)[0].word != "proved"
