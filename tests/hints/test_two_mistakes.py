"""Where one edit does not suffice: two edits, or the derivative that was asked for, recognised as a matrix formula."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import pytest

from derivcheck import D, Derivation, frobenius, hadamard, log, size, softmax, sum_over
from derivcheck.hints.nearest import nearest
from derivcheck.judge import judge
from derivcheck.language.operators import apply
from derivcheck.language.terms import Term
from derivcheck.verdict import Advice


def regression() -> tuple[Derivation, SimpleNamespace]:
    """A mean squared error of a linear layer."""
    d = Derivation("regression", layout="like-variable")
    B, n, m = d.dim("B"), d.dim("n"), d.dim("m")
    X, W, Y = d.matrix("X", B, n), d.matrix("W", n, m), d.matrix("Y", B, m)
    x, y = d.vector("x", n), d.vector("y", n)
    P = d.let("P", X @ W)
    return d, SimpleNamespace(X=X, W=W, Y=Y, P=P, L=d.let("L", frobenius(P - Y) ** 2 / size(B)), B=size(B), x=x, y=y)


def network() -> tuple[Derivation, SimpleNamespace]:
    """Two layers, a softmax and the cross-entropy."""
    d = Derivation("network", layout="like-variable")
    n, h, K = d.dim("n"), d.dim("h"), d.dim("K")
    t = d.index("t", K)
    x, y, b = d.vector("x", n), d.vector("y", K), d.vector("b", h)
    W1, W2 = d.matrix("W1", h, n), d.matrix("W2", K, h)
    d.assume("sums-to", y)
    z1 = d.let("z1", W1 @ x + b)
    a1 = d.let("a1", apply("elementwise", z1, parameters=("g", 0)))
    z2 = d.let("z2", W2 @ a1)
    p = d.let("p", softmax(z2))
    return d, SimpleNamespace(x=x, y=y, b=b, W1=W1, W2=W2, z1=z1, a1=a1, z2=z2, p=p, L=d.let("L", -sum_over(t, y[t] * log(p[t]))))


Sides = Callable[[SimpleNamespace], tuple[Term, Term]]

TWO: list[tuple[Sides, set[str]]] = [
    (lambda s: (D(s.L, s.W), s.X.T @ (s.P - s.Y)), {"constant factor", "average for sum"}),
    (lambda s: (D(s.L, s.W), -(s.X.T @ (s.P - s.Y)) / s.B), {"wrong sign", "constant factor"}),
    (lambda s: (D(s.L, s.W), 2 * s.X.T @ (s.P + s.Y)), {"wrong sign", "average for sum"}),
    (lambda s: ((s.x - s.y).T @ (s.x - s.y), s.x.T @ s.x + 2 * s.x.T @ s.y - s.y.T @ s.y), {"wrong sign"}),
    (lambda s: ((s.x - s.y).T @ (s.x - s.y), s.x.T @ s.x - s.x.T @ s.y - s.y.T @ s.y), {"wrong sign", "constant factor"}),
]


@pytest.mark.parametrize(("sides", "mistakes"), TWO)
def test_two_edits_lead_to_a_true_formula(sides: Sides, mistakes: set[str]) -> None:
    derivation, symbols = regression()
    left, right = sides(symbols)
    claim = derivation.claim("wrong", left, right)
    repair = nearest(claim, derivation, seconds=5.0)
    assert repair is not None
    assert len(repair.edits) == 2
    assert {edit.hint.name for edit in repair.edits} == mistakes
    derivation.claim("suggested", left, repair.rhs)
    assert [verdict.word for verdict in judge(derivation, advise="never")] == ["refuted", "proved"]


def test_one_edit_is_told_before_two() -> None:
    derivation, s = regression()
    claim = derivation.claim("wrong", D(s.L, s.W), s.X.T @ (s.P - s.Y) / s.B)
    repair = nearest(claim, derivation, seconds=5.0)
    assert repair is not None
    assert [edit.hint.name for edit in repair.edits] == ["constant factor"]


COMPUTED: list[tuple[Sides, str]] = [
    # the claim, and the matrix formula of its left side
    (lambda s: (D(s.L, s.W1), s.b @ s.x.T + s.z1 @ s.x.T), "((W2ᵀ (p - y)) ⊙ g′(z1)) xᵀ"),
    (lambda s: (D(s.L, s.W2), s.y @ s.z1.T + s.p @ s.z1.T), "(p - y) a1ᵀ"),
    (lambda s: (D(s.L, s.b), s.z1 + s.b), "(W2ᵀ (p - y)) ⊙ g′(z1)"),
    (lambda s: (D(s.L, s.z2), hadamard(s.z2, s.z2)), "p - y"),
]


def advice(derivation: Derivation) -> Advice:
    (verdict,) = judge(derivation)
    assert verdict.word in ("refuted", "ill-typed")
    assert verdict.advice is not None
    return verdict.advice


@pytest.mark.parametrize(("sides", "formula"), COMPUTED, ids=[formula for _, formula in COMPUTED])
def test_a_derivative_is_recognised_as_a_matrix_formula(sides: Sides, formula: str) -> None:
    derivation, symbols = network()
    derivation.claim("wrong", *sides(symbols))
    told = advice(derivation)
    assert told.right_side == ""
    assert told.computed == formula


def ridge() -> tuple[Derivation, SimpleNamespace]:
    """Least squares with a penalty, the residual not named."""
    d = Derivation("ridge", layout="like-variable")
    B, n = d.dim("B"), d.dim("n")
    i = d.index("i", n)
    X, y, w, c = d.matrix("X", B, n), d.vector("y", B), d.vector("w", n), d.scalar("c")
    return d, SimpleNamespace(i=i, X=X, y=y, w=w, c=c, L=d.let("L", frobenius(X @ w - y) ** 2 / 2 + c * frobenius(w) ** 2 / 2))


def test_the_derivative_of_a_sum_is_recognised_term_by_term() -> None:
    derivation, s = ridge()
    derivation.claim("wrong", lambda: D(s.L, s.w), lambda: s.X @ s.y)
    assert advice(derivation).computed == "Xᵀ (X w - y) + c w"


def test_a_derivative_by_an_entry_is_the_entry_of_the_whole_one() -> None:
    derivation, s = ridge()
    derivation.claim("wrong", D(s.L, s.w[s.i]), s.w[s.i] ** 3)
    assert advice(derivation).computed == "(Xᵀ (X w - y))[i] + c w[i]"


def test_a_forgotten_term_is_recognised() -> None:
    derivation, s = ridge()
    derivation.claim("wrong", D(s.L, s.w), s.X.T @ (s.X @ s.w - s.y))
    told = advice(derivation)
    assert (told.right_side, told.mistake) == ("Xᵀ (X w - y) + c w", "dropped term")


def test_it_is_recognised_beside_a_right_side_that_does_not_fit() -> None:
    derivation, s = network()
    derivation.claim("wrong", lambda: D(s.L, s.W2), lambda: s.x @ s.y.T @ s.W1)
    assert advice(derivation).computed == "(p - y) a1ᵀ"


def test_one_that_is_not_recognised_is_shown_in_index_notation() -> None:
    derivation, s = regression()
    cubes = derivation.let("cubes", apply("total", apply("hadamard", s.x, apply("hadamard", s.x, s.x))))
    derivation.claim("wrong", D(cubes, s.x), 7 * s.x + s.y)
    assert advice(derivation).computed == "3 x[i]², at entry i"
