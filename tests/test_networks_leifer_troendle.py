"""The 3-layer network of Leifer and Troendle 2021 in matrix form: its gradients beside the reference, and what a student would get wrong."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from derivcheck import D, Derivation, Term, array, backprop, check_equal, log, ones, scalar_function, softmax, sum_over
from derivcheck.claims import Side
from derivcheck.language.terms import Derivative
from derivcheck.loading import load
from derivcheck.witnesses.all_dimensions import Prover
from derivcheck.witnesses.evaluation import Evaluator
from derivcheck.witnesses.numeric import witness
from derivcheck.witnesses.surroundings import Anatomy

FILE = Path(__file__).resolve().parent.parent / "derivations" / "leifer_troendle_whole_network.py"
(WHOLE,) = load([FILE]).derivations
"""Judged with the other derivations in tests/test_core_derivations.py; exact arithmetic needs seconds for each of its claims."""
GRADIENTS = ("z3", "W3", "b3", "a2", "z2", "W2", "b2", "a1", "z1", "W1", "b1")


# the whole network ----------------------------------------------------------------------------------------------------


def test_all_gradients_are_proved_by_citing_the_layer_above() -> None:
    prover = Prover(WHOLE)
    for claim in WHOLE.claims:
        proof = prover.prove(claim)
        assert proof.status == "agrees", (claim.name, proof.stopped)
        assert set(proof.assumptions) == set(claim.expected_assumptions)
        assert claim.name == "dz3" or "dz3" in proof.cites
        assert witness(claim, WHOLE, 0).status == "agrees"
        prover.remember(claim, proof)
    assert tuple(claim.name for claim in WHOLE.claims) == tuple(f"d{name}" for name in GRADIENTS)


def test_right_sides_are_the_gradients_of_the_reference_network() -> None:
    random = np.random.default_rng(3)
    sizes = {"B": 6, "n_0": 5, "n_1": 4, "n_2": 3, "K": 2}
    values = {leaf.name: random.normal(size=[axis.size(sizes) for axis in leaf.shape]) for leaf in WHOLE.leaves}
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
    for claim in WHOLE.claims:
        assert isinstance(claim.lhs, Derivative)
        assert claim.rhs is not None
        expected = by_name[claim.lhs.root.name]
        np.testing.assert_allclose(evaluator(claim.rhs), expected, rtol=1e-12, atol=1e-15)
        compared.append(claim.lhs.root.name)
    assert tuple(compared) == GRADIENTS


# what a student would write -------------------------------------------------------------------------------------------

Formula = Callable[[SimpleNamespace], tuple[Side, Side]]


def symbols_of(derivation: Derivation) -> SimpleNamespace:
    """Everything that a derivation declares, by name: indices as subscripts, symbols and dimensions."""
    names = {**derivation.dims, **derivation.declared_indices}
    names |= {symbol.name: symbol for symbol in (*derivation.leaves, *derivation.definitions)}
    return SimpleNamespace(**{name.replace("_", ""): value for name, value in names.items()})


def errors(s: SimpleNamespace) -> Term:
    return s.yhat[s.i, s.j] - s.y[s.i, s.j]


ILL_TYPED: list[tuple[str, Formula]] = [
    ("(18): factors in the wrong order for the batch", lambda s: (lambda: s.B * D(s.L, s.W3), lambda: s.dz3.T @ s.a2)),
    ("(20): not summed over the batch", lambda s: (lambda: s.B * D(s.L, s.b3), lambda: s.dz3)),
    ("(20): summed over the wrong axis", lambda s: (lambda: s.B * D(s.L, s.b3), lambda: (s.dz3 @ ones(s.K)).T)),
    ("(44): wrong layer's W", lambda s: (lambda: s.B * D(s.L, s.a1), lambda: s.dz2 @ s.W1.T)),
]  # fmt: skip
"""What is wrong in a matrix formula, and the formula."""


@pytest.mark.parametrize(("said", "formula"), ILL_TYPED, ids=[said for said, _ in ILL_TYPED])
def test_a_wrong_matrix_form_does_not_fit(said: str, formula: Formula) -> None:
    assert check_equal(*formula(symbols_of(WHOLE)), within=WHOLE).word == "ill-typed"


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
    symbols = symbols_of(square())
    assert check_equal(*wrong(symbols), within=square()).word == "refuted"
    assert check_equal(*right(symbols), within=square()).word == "proved"
