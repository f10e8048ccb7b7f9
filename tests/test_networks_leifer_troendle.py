"""The 3-layer network of Leifer and Troendle 2021: every claim as expected, every equation there, and what a student would get wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from derivcheck import D, Derivation, Term, array, backprop, check_equal, differ, log, ones, scalar_function, softmax, sum_over
from derivcheck.claims import Side
from derivcheck.judge import judge
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import Derivative
from derivcheck.loading import load
from derivcheck.verdict import Verdict
from derivcheck.witnesses.all_dimensions import Prover
from derivcheck.witnesses.evaluation import Evaluator
from derivcheck.witnesses.numeric import witness
from derivcheck.witnesses.surroundings import Anatomy

FOLDER = Path(__file__).resolve().parent.parent / "derivations"
LOADED = load(sorted(FOLDER.glob("leifer_troendle_*.py")))
NAMED = {derivation.name.removeprefix("leifer-troendle-"): derivation for derivation in LOADED.derivations}
WHOLE = "whole-network"
"""Judged with the other derivations in tests/test_core_derivations.py; exact arithmetic needs seconds for each of its claims."""

STATED = {
    "output-layer": "(2) (5) (6) (7) (8) (9) (10) (11) (12) (13) (14) (15) (16) (17) (18) (27) (28)",
    "second-layer": "(29) (30) (31) (32) (33) (34)",
    "first-layer": "(45) (46) (47) (48) (49) (50)",
    "second-chain-rule": "(26)",
    "first-chain-rule": "(42) (43) (44)",
    "batch-output-layer": "(1) (3) (9) (14) (18) (19) (20) (28)",
    "batch-second-layer": "(30) (33) (34) (35) (36) (44)",
    "batch-first-layer": "(46) (49) (50) (51) (52)",
    "regularised-layer-1": "(53) (54) (55)",
    "regularised-layer-2": "(53) (54) (55)",
    "regularised-layer-3": "(53) (54) (55)",
}
"""The equations of which each derivation proves a claim. (4), (21) to (25) and (37) to (41) are definitions and shapes."""

ERRATA = {
    "28 × 28": "refuted",
    "(1), shape of the prediction": "ill-typed",
    "before Lemma 3, range of the entries": "ill-typed",
    "(17), label": "ill-typed",
    "(20)": "refuted",
    "(20), read as the biases": "ill-typed",
    "(20), read as the first row of the weights": "refuted",
    "(35)": "ill-typed",
    "(38)": "ill-typed",
    "after (38), shape": "ill-typed",
    "(43)": "ill-typed",
    "(44)": "ill-typed",
    "after (44), shape": "ill-typed",
    "(51)": "ill-typed",
    "(52)": "ill-typed",
    "(43), equal widths": "refuted",
    "(44), equal widths": "refuted",
    "(52), equal widths": "refuted",
}
GRADIENTS = ("z3", "W3", "b3", "a2", "z2", "W2", "b2", "a1", "z1", "W1", "b1")


@cache
def verdicts_of(name: str) -> tuple[Verdict, ...]:
    """The verdicts of a derivation, which several tests look at."""
    return judge(NAMED[name])


def test_the_files_load() -> None:
    assert LOADED.problems == ()
    assert set(NAMED) == {*STATED, WHOLE, "equal-widths"}


@pytest.mark.parametrize("name", [name for name in NAMED if name != WHOLE])
def test_every_claim_is_as_expected(name: str) -> None:
    told = [f"{v.claim}: {v.word}: {v.reason} {v.conditions} {v.assumptions}" for v in verdicts_of(name) if not v.as_expected]
    assert told == []


@pytest.mark.parametrize("name", STATED)
def test_every_equation_is_proved(name: str) -> None:
    proved = {v.claim for v in verdicts_of(name) if v.word == "proved"}
    missing = [equation for equation in STATED[name].split() if not any(claim.startswith(equation) for claim in proved)]
    assert missing == []


@pytest.mark.parametrize(("name", "word"), ERRATA.items())
def test_erratum_stands_beside_its_correction(name: str, word: str) -> None:
    (words,) = [
        ([v.word for v in verdicts_of(place) if v.claim == erratum.printed], [v.word for v in verdicts_of(place) if v.claim == erratum.corrected])
        for place, derivation in NAMED.items()
        for erratum in derivation.errata
        if erratum.name == name
    ]
    assert words == ([word], ["proved"])


def test_no_erratum_is_missing_from_the_table() -> None:
    assert sorted(erratum.name for derivation in NAMED.values() for erratum in derivation.errata) == sorted(ERRATA)


def test_nothing_rests_on_an_open_condition() -> None:
    for name in STATED:
        assert [(v.claim, c.text) for v in verdicts_of(name) if v.word == "proved" for c in v.conditions if c.state == "unknown"] == []


# the whole network ----------------------------------------------------------------------------------------------------


def test_all_gradients_are_proved_by_citing_the_layer_above() -> None:
    derivation = NAMED[WHOLE]
    prover = Prover(derivation)
    for claim in derivation.claims:
        proof = prover.prove(claim)
        assert proof.status == "agrees", (claim.name, proof.stopped)
        assert set(proof.assumptions) == set(claim.expected_assumptions)
        assert claim.name == "dz3" or "dz3" in proof.cites
        assert witness(claim, derivation, 0).status == "agrees"
        prover.remember(claim, proof)
    assert tuple(claim.name for claim in derivation.claims) == tuple(f"d{name}" for name in GRADIENTS)


def test_right_sides_are_the_gradients_of_the_reference_network() -> None:
    derivation = NAMED[WHOLE]
    random = np.random.default_rng(3)
    sizes = {"B": 6, "n_0": 5, "n_1": 4, "n_2": 3, "K": 2}
    values = {leaf.name: random.normal(size=[axis.size(sizes) for axis in leaf.shape]) for leaf in derivation.leaves}
    values["y"] = random.dirichlet(np.ones(sizes["K"]), sizes["B"])
    activations = {1: "sigmoid", 2: "sigmoid", 3: "softmax"}
    layers = tuple(backprop.Layer(values[f"W{k}"], values[f"b{k}"].ravel(), activations[k]) for k in (1, 2, 3))
    found = backprop.backward(backprop.Network(layers, "rows", "cross-entropy"), values["X"], values["y"])
    by_name = {f"z{k + 1}": gradient for k, gradient in enumerate(found.pre_activations)}
    by_name |= {f"a{k}": gradient for k, gradient in enumerate(found.activations)}
    by_name |= {f"W{k + 1}": gradient for k, gradient in enumerate(found.weights)}
    by_name |= {f"b{k + 1}": gradient[np.newaxis, :] for k, gradient in enumerate(found.biases)}
    evaluator = Evaluator(values, sizes, Anatomy())
    compared = []
    for claim in derivation.claims:
        assert isinstance(claim.lhs, Derivative)
        assert claim.rhs is not None
        expected = by_name[claim.lhs.root.name]
        np.testing.assert_allclose(evaluator(claim.rhs), expected, rtol=1e-12, atol=1e-15)
        compared.append(claim.lhs.root.name)
    assert tuple(compared) == GRADIENTS


# what a student would write ---------------------------------------------------------------------------------------------

Formula = Callable[[SimpleNamespace], tuple[Side, Side]]


def symbols_of(derivation: Derivation) -> SimpleNamespace:
    """Everything that a derivation declares, by name: indices as subscripts, symbols and dimensions."""
    names = {**derivation.dims, **derivation.declared_indices}
    names |= {symbol.name: symbol for symbol in (*derivation.leaves, *derivation.definitions)}
    return SimpleNamespace(**{name.replace("_", ""): value for name, value in names.items()})


def errors(s: SimpleNamespace) -> Term:
    return s.yhat[s.i, s.j] - s.y[s.i, s.j]


MUTANTS: list[tuple[str, str, str, Formula]] = [
    ("(7): wrong sign in softmax derivative", "output-layer", "refuted",
     lambda s: (D(s.yhat[s.j], s.z3[s.j]), s.yhat[s.j] * (1 + s.yhat[s.j]))),
    ("(9): sign", "output-layer", "refuted", lambda s: (D(s.LCE, s.z3[s.j]), s.y[s.j] - s.yhat[s.j])),
    ("(9): factor 2", "output-layer", "refuted", lambda s: (D(s.LCE, s.z3[s.j]), 2 * (s.yhat[s.j] - s.y[s.j]))),
    ("(9): softmax treated as elementwise", "output-layer", "refuted",
     lambda s: (D(s.LCE, s.z3[s.j]), -(s.y[s.j] * (1 - s.yhat[s.j])))),
    ("(12): sign of the off-diagonal softmax derivative", "output-layer", "refuted",
     lambda s: (D(s.yhat[s.t], s.z3[s.j]), s.yhat[s.t] * s.yhat[s.j])),
    ("(18): wrong index on a", "output-layer", "ill-typed",
     lambda s: (lambda: D(s.LCE, s.W3[s.r, s.j]), lambda: (s.yhat[s.j] - s.y[s.j]) * s.a2[s.j])),
    ("(18): factors in the wrong order for the batch", WHOLE, "ill-typed",
     lambda s: (lambda: s.B * D(s.L, s.W3), lambda: s.dz3.T @ s.a2)),
    ("(19): missing factor B", "batch-output-layer", "refuted",
     lambda s: (D(s.L, s.W3)[s.r, s.j], sum_over(s.i, errors(s) * s.a2[s.i, s.r]))),
    ("(20): not summed over the batch", "batch-output-layer", "ill-typed",
     lambda s: (lambda: s.B * D(s.L, s.b3), lambda: s.yhat - s.y)),
    ("(20): summed over the wrong axis", "batch-output-layer", "ill-typed",
     lambda s: (lambda: s.B * D(s.L, s.b3), lambda: ((s.yhat - s.y) @ ones(s.K)).T)),
    ("(28): transposed weight index", "output-layer", "ill-typed",
     lambda s: (lambda: D(s.LCE, s.a2[s.r]), lambda: sum_over(s.j, (s.yhat[s.j] - s.y[s.j]) * s.W3[s.j, s.r]))),
    ("(30): z instead of a", "second-layer", "refuted",
     lambda s: (D(s.LCE, s.z2[s.r]), D(s.LCE, s.a2[s.r]) * s.z2[s.r] * (1 - s.z2[s.r]))),
    ("(30): sigma instead of sigma'", "second-layer", "refuted",
     lambda s: (D(s.LCE, s.z2[s.r]), D(s.LCE, s.a2[s.r]) * s.a2[s.r])),
    ("(33): index r on a instead of q", "second-layer", "ill-typed",
     lambda s: (lambda: D(s.LCE, s.W2[s.q, s.r]), lambda: D(s.LCE, s.z2[s.r]) * s.a1[s.r])),
    ("(44): wrong layer's W, in entries", "first-chain-rule", "ill-typed",
     lambda s: (lambda: D(s.LCE, s.a1[s.r]), lambda: sum_over(s.j, D(s.LCE, s.z2[s.j]) * s.W1[s.r, s.j]))),
    ("(44): wrong layer's W, in matrix form", WHOLE, "ill-typed", lambda s: (lambda: s.B * D(s.L, s.a1), lambda: s.dz2 @ s.W1.T)),
    ("(54): missing factor 2", "regularised-layer-1", "refuted",
     lambda s: (D(s.Llambda, s.W1), D(s.L, s.W1) + getattr(s, "lambda") * s.W1)),
    ("(26): a factor dropped from the chain", "second-chain-rule", "refuted",
     lambda s: (D(s.LCE, s.b2), D(s.LCE, s.z3) @ D(s.z3, s.a2) @ D(s.z2, s.b2))),
]  # fmt: skip
"""What is wrong, where it is said, the verdict, and the formula."""

DISTINCT = {"(12): sign of the off-diagonal softmax derivative"}
"""Said of two different classes t ≠ j only."""


@pytest.mark.parametrize(("said", "name", "word", "formula"), MUTANTS, ids=[said for said, *_ in MUTANTS])
def test_a_wrong_variant_is_found(said: str, name: str, word: str, formula: Formula) -> None:
    derivation = NAMED[name]
    symbols = symbols_of(derivation)
    where: list[IndexRelation] = [differ(symbols.t, symbols.j)] if said in DISTINCT else []
    assert check_equal(*formula(symbols), within=derivation, where=where).word == word


def test_all_mutants_are_there() -> None:
    assert len({said for said, *_ in MUTANTS}) == 18


# where all dimensions are equal, and whole matrices are stated, neither shapes nor ranges show the slip -------------------


@cache
def square() -> Derivation:
    """A layer with any loss M of its pre-activations, and an output layer with its loss L, for a batch, where all widths are n."""
    d = Derivation("square", layout="like-variable")
    batch, n = d.dim("B"), d.dim("n")
    i, e = d.indices("i e", batch, base=0)
    t = d.indices("q r j t", n, base=0)[-1]
    z2 = d.let("z2", d.matrix("a1", batch, n) @ d.matrix("W2", n, n) + ones(batch) @ d.row("b2", n))
    d.let("M", sum_over(i, scalar_function("ell", z2[i, :])))
    z3 = d.let("z3", d.matrix("a2", batch, n) @ d.matrix("W3", n, n) + ones(batch) @ d.row("b3", n))
    y = d.matrix("y", batch, n)
    d.assume("sums-to", y, axis=1)
    yhat = d.let("yhat", softmax(z3, axis=1))
    d.let("L", -sum_over(e, sum_over(t, y[e, t] * log(yhat[e, t]))) / batch)
    return d


SQUARE: list[tuple[str, Formula, Formula]] = [
    ("(18): wrong index on a",
     lambda s: (s.B * D(s.L, s.W3), array(sum_over(s.i, errors(s) * s.a2[s.i, s.j]), s.r, s.j)),
     lambda s: (s.B * D(s.L, s.W3), array(sum_over(s.i, errors(s) * s.a2[s.i, s.r]), s.r, s.j))),
    ("(18): factors in the wrong order for the batch",
     lambda s: (s.B * D(s.L, s.W3), (s.yhat - s.y).T @ s.a2),
     lambda s: (s.B * D(s.L, s.W3), s.a2.T @ (s.yhat - s.y))),
    ("(28): transposed weight index",
     lambda s: (s.B * D(s.L, s.a2[s.i, s.r]), sum_over(s.j, errors(s) * s.W3[s.j, s.r])),
     lambda s: (s.B * D(s.L, s.a2[s.i, s.r]), sum_over(s.j, errors(s) * s.W3[s.r, s.j]))),
    ("(33): index r on a instead of q",
     lambda s: (D(s.M, s.W2), array(sum_over(s.i, D(s.M, s.z2[s.i, s.r]) * s.a1[s.i, s.r]), s.q, s.r)),
     lambda s: (D(s.M, s.W2), array(sum_over(s.i, D(s.M, s.z2[s.i, s.r]) * s.a1[s.i, s.q]), s.q, s.r))),
]  # fmt: skip


@pytest.mark.parametrize(("said", "wrong", "right"), SQUARE, ids=[said for said, *_ in SQUARE])
def test_values_show_it_where_all_dimensions_are_equal(said: str, wrong: Formula, right: Formula) -> None:
    assert said in {name for name, *_ in MUTANTS}
    symbols = symbols_of(square())
    assert check_equal(*wrong(symbols), within=square()).word == "refuted"
    assert check_equal(*right(symbols), within=square()).word == "proved"
