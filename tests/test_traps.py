"""Formulas that hold in a special case only, and are claimed in general: none is proved. Where the special case can be declared, it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from derivcheck import D, Derivation, delta, determinant, frobenius, identity, inverse, log, ones, relu, size, softmax, sum_over, total, trace
from derivcheck.judge import judge
from derivcheck.language.terms import Term
from derivcheck.verdict import Verdict

Sides = tuple[Term, Term]
Trap = Callable[[Derivation], Sides]


def symmetric_weights(d: Derivation) -> Sides:
    W, x = d.matrix("W", "n", "n"), d.vector("x", "n")
    return D(x.T @ W @ x, x, "denominator"), 2 * W @ x


def symmetric_inverse(d: Derivation) -> Sides:
    W, x = d.matrix("W", "n", "n"), d.vector("x", "n")
    d.assume("invertible", W)
    return inverse(W) @ x, (x.T @ inverse(W)).T


def square_weights(d: Derivation) -> Sides:
    W, x, g = d.matrix("W", "n", "n"), d.vector("x", "n"), d.vector("g", "n")
    return D(g.T @ (W @ x), x, "denominator"), W @ g


def one_example(d: Derivation) -> Sides:
    X, W, Y = d.matrix("X", "B", "n"), d.matrix("W", "n", "m"), d.matrix("Y", "B", "m")
    return D(frobenius(X @ W - Y) ** 2 / size(d.dim("B")), W, "like-variable"), 2 * X.T @ (X @ W - Y)


def one_example_and_its_biases(d: Derivation) -> Sides:
    G, b = d.matrix("G", "B", "m"), d.vector("b", "m")
    return D(total(ones(d.dim("B")) @ b.T - G), b, "like-variable"), ones(d.dim("m"))


def labels_that_sum_up_are_one_hot(d: Derivation) -> Sides:
    y = d.vector("y", "K")
    d.assume("sums-to", y)
    return y.T @ y, ones(d.dim("K")).T @ y


def entries_of_labels_exclude_each_other(d: Derivation) -> Sides:
    y = d.vector("y", "K")
    d.assume("sums-to", y)
    i, j = d.indices("i j", d.dim("K"))
    return y[i] * y[j], delta(i, j) * y[i]


def labels_that_do_not_sum_up(d: Derivation) -> Sides:
    z, y = d.vector("z", "K"), d.vector("y", "K")
    j, t = d.indices("j t", d.dim("K"))
    p = d.let("p", softmax(z))
    return D(-sum_over(t, y[t] * log(p[t])), z[j]), p[j] - y[j]


def units_that_are_all_active(d: Derivation) -> Sides:
    x = d.vector("x", "n")
    return relu(x), x


def units_that_are_all_dead(d: Derivation) -> Sides:
    x = d.vector("x", "n")
    i, j = d.indices("i j", d.dim("n"))
    return D(relu(x)[i], x[j]), 0 * delta(i, j)


def cayley_hamilton_of_two_by_two(d: Derivation) -> Sides:
    A = d.matrix("A", "n", "n")
    eye = identity(d.dim("n"))
    return A @ A - trace(A) * A + determinant(A) * eye, 0 * eye


def trace_of_one_by_one(d: Derivation) -> Sides:
    A = d.matrix("A", "n", "n")
    return trace(A @ A), trace(A) ** 2


TRAPS = [
    symmetric_weights, symmetric_inverse, square_weights, one_example, one_example_and_its_biases, labels_that_sum_up_are_one_hot,
    entries_of_labels_exclude_each_other, labels_that_do_not_sum_up, units_that_are_all_active, units_that_are_all_dead,
    cayley_hamilton_of_two_by_two, trace_of_one_by_one,
]  # fmt: skip


def verdict(trap: Trap, assume: str = "") -> Verdict:
    d = Derivation("trap", layout="numerator")
    sides = trap(d)
    if assume:
        d.assume(assume, d.leaves[0])
    d.claim("general", *sides, conditions=None, assumptions=None)
    return judge(d, advise="never")[0]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap.__name__)
def test_it_is_refuted_in_general(trap: Trap) -> None:
    found = verdict(trap)
    assert found.word == "refuted"
    assert found.counterexample is not None


@pytest.mark.parametrize(
    ("trap", "assume"),
    [
        (symmetric_weights, "symmetric"), (square_weights, "symmetric"),
        (labels_that_sum_up_are_one_hot, "one-hot"), (entries_of_labels_exclude_each_other, "one-hot"), (units_that_are_all_active, "positive"),
    ],
)  # fmt: skip
def test_it_is_proved_where_the_special_case_is_declared(trap: Trap, assume: str) -> None:
    assert verdict(trap, assume).word == "proved"
