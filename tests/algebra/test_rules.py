"""Every rule of the algebra: instances where it applies, and where it refuses or leaves the term alone."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from derivcheck.algebra import assumptions, binders, functions, powers, rules, sums
from derivcheck.algebra import polynomial as ring
from derivcheck.algebra.assumptions import Differ, OneHot, Rule, SumsTo, Symmetric, apply_all
from derivcheck.algebra.atoms import UNIT, ZERO, Arena, Polynomial, Refused, Slot, number, polynomial_sign
from derivcheck.algebra.derivative import Target, derivative
from derivcheck.algebra.dims import Dim
from derivcheck.algebra.zero import is_zero

HALF = Fraction(1, 2)


class Kit:
    """An arena with indices i, j, k, l over n, a, b over m, c over 3; p is positive, q nonnegative; v depends on x."""

    def __init__(self) -> None:
        self.arena = Arena(positive=frozenset({"p"}), nonnegative=frozenset({"q"}), order={"v": frozenset({"x"})})
        n, m, three = Dim.of("n"), Dim.of("m"), Dim.of(3)
        self.i, self.j, self.k, self.l = (self.arena.fresh(n) for _ in range(4))
        self.a, self.b = self.arena.fresh(m), self.arena.fresh(m)
        self.c = self.arena.fresh(three)
        self.n, self.m = sums.size(self.arena, n), sums.size(self.arena, m)

    def e(self, name: str, *slots: Slot) -> Polynomial:
        return Polynomial({((self.arena.entry(name, slots), 1),): 1})

    def mul(self, *factors: Polynomial | int | Fraction) -> Polynomial:
        return ring.product(self.arena, [factor if isinstance(factor, Polynomial) else number(factor) for factor in factors])

    def add(self, *parts: Polynomial | int | Fraction) -> Polynomial:
        return ring.add(ZERO, *(part if isinstance(part, Polynomial) else number(part) for part in parts))

    def neg(self, value: Polynomial) -> Polynomial:
        return ring.scale(value, -1)

    def pow(self, base: Polynomial, exponent: int | Fraction) -> Polynomial:
        return powers.power(self.arena, base, exponent)

    def delta(self, left: Slot, right: Slot) -> Polynomial:
        return rules.delta(self.arena, left, right)

    def sum(self, body: Polynomial, *bound: int) -> Polynomial:
        return sums.sum_over(self.arena, body, bound)

    def exp(self, value: Polynomial) -> Polynomial:
        return functions.exponential(self.arena, value)

    def log(self, value: Polynomial) -> Polynomial:
        return functions.logarithm(self.arena, value)

    def step(self, value: Polynomial) -> Polynomial:
        return functions.step(self.arena, value)

    def matrix(self, name: str, transposed: bool = False) -> tuple[tuple[int, int], Polynomial]:
        r, s = self.arena.fresh(Dim.of("n")), self.arena.fresh(Dim.of("n"))
        return (r, s), self.e(name, *((s, r) if transposed else (r, s)))

    def inv(self, name: str, left: Slot, right: Slot, transposed: bool = False) -> Polynomial:
        return binders.inverse(self.arena, *self.matrix(name, transposed), left, right)

    def det(self, name: str) -> Polynomial:
        return binders.determinant(self.arena, *self.matrix(name))

    def given(self, value: Polynomial, *rule: Rule) -> Polynomial:
        return apply_all(self.arena, value, rule)

    def d(self, value: Polynomial, name: str, *slots: Slot, closed: str = "refuse") -> Polynomial:
        return derivative(self.arena, value, Target(name, slots, closed))


Sides = Callable[[Kit], tuple[Polynomial, Polynomial]]

EQUAL: dict[str, Sides] = {
    # delta and indicators
    "δ is symmetric": lambda t: (t.delta(t.i, t.j), t.delta(t.j, t.i)),
    "δ_ii = 1": lambda t: (t.delta(t.i, t.i), UNIT),
    "δ of an index and a shift of itself": lambda t: (t.delta(t.i, (t.i, 1)), ZERO),
    "δ of two constants": lambda t: (t.delta((-1, 1), (-1, 2)), ZERO),
    "δ of shifts of the same offset": lambda t: (t.delta((t.i, 1), (t.j, 1)), t.delta(t.i, t.j)),
    "δ² = δ": lambda t: (t.mul(t.delta(t.i, t.j), t.delta(t.i, t.j)), t.delta(t.i, t.j)),
    "δ_ij f(j) = δ_ij f(i)": lambda t: (t.mul(t.delta(t.i, t.j), t.e("x", t.j)), t.mul(t.delta(t.i, t.j), t.e("x", t.i))),
    "Σ_j δ_ij f(j) = f(i)": lambda t: (
        t.sum(t.mul(t.delta(t.i, t.j), t.e("x", t.j), t.e("S", t.j, t.k)), t.j),
        t.mul(t.e("x", t.i), t.e("S", t.i, t.k)),
    ),
    "Σ_ij δ_ij = n": lambda t: (t.sum(t.delta(t.i, t.j), t.i, t.j), t.n),
    "Σ_c δ_c2 f(c) = f(2) in 1 … 3": lambda t: (t.sum(t.mul(t.delta(t.c, (-1, 2)), t.e("x", t.c)), t.c), t.e("x", (-1, 2))),
    "[i ≤ i] = 1": lambda t: (rules.at_most(t.arena, t.i, t.i), UNIT),
    "[i + 1 ≤ i] = 0": lambda t: (rules.at_most(t.arena, (t.i, 1), t.i), ZERO),
    "[i ≤ j]² = [i ≤ j]": lambda t: (t.pow(rules.at_most(t.arena, t.i, t.j), 2), rules.at_most(t.arena, t.i, t.j)),
    # sums
    "Σ_i c = n c": lambda t: (t.sum(t.e("x", t.j), t.i), t.mul(t.n, t.e("x", t.j))),
    "Σ over 1 … 3 of c": lambda t: (t.sum(t.e("x", t.j), t.c), t.mul(3, t.e("x", t.j))),
    "a factor leaves its sum": lambda t: (t.sum(t.mul(t.e("x", t.i), t.e("y", t.j)), t.i), t.mul(t.e("y", t.j), t.sum(t.e("x", t.i), t.i))),
    "a product of sums is one sum": lambda t: (
        t.sum(t.mul(t.e("x", t.i), t.e("y", t.j)), t.i, t.j),
        t.mul(t.sum(t.e("x", t.i), t.i), t.sum(t.e("y", t.k), t.k)),
    ),
    "dummies are canonical": lambda t: (t.sum(t.e("S", t.i, t.j), t.i), t.sum(t.e("S", t.k, t.j), t.k)),
    "sums exchange": lambda t: (
        t.sum(t.sum(t.mul(t.e("S", t.i, t.j), t.e("x", t.i)), t.i), t.j),
        t.sum(t.sum(t.mul(t.e("S", t.k, t.l), t.e("x", t.k)), t.l), t.k),
    ),
    "a denominator sums out": lambda t: (
        t.sum(t.mul(t.exp(t.e("x", t.i)), t.pow(t.sum(t.exp(t.e("x", t.j)), t.j), -1)), t.i),
        UNIT,
    ),
    # powers
    "p² p³ = p⁵": lambda t: (t.mul(t.pow(t.e("x", t.i), 2), t.pow(t.e("x", t.i), 3)), t.pow(t.e("x", t.i), 5)),
    "(xy)⁻¹ = x⁻¹ y⁻¹": lambda t: (t.pow(t.mul(t.e("x", t.i), t.e("y", t.i)), -1), t.mul(t.pow(t.e("x", t.i), -1), t.pow(t.e("y", t.i), -1))),
    "√(p x) = √p √x": lambda t: (t.pow(t.mul(t.e("p", t.i), t.e("x", t.i)), HALF), t.mul(t.pow(t.e("p", t.i), HALF), t.pow(t.e("x", t.i), HALF))),
    "(√x)² = x": lambda t: (t.pow(t.pow(t.e("x", t.i), HALF), 2), t.e("x", t.i)),
    "√(x²) = |x|": lambda t: (
        t.pow(t.pow(t.e("x", t.i), 2), HALF),
        t.mul(t.e("x", t.i), t.add(t.mul(2, t.step(t.e("x", t.i))), -1)),
    ),
    "√8 = 2 √2": lambda t: (t.pow(number(8), HALF), t.mul(2, t.pow(number(2), HALF))),
    "√2 √2 = 2": lambda t: (t.mul(t.pow(number(2), HALF), t.pow(number(2), HALF)), number(2)),
    "content leaves a base": lambda t: (
        t.pow(t.add(t.mul(2, t.e("x", t.i)), t.mul(4, t.e("x", t.i), t.e("y", t.i))), -1),
        t.mul(HALF, t.pow(t.e("x", t.i), -1), t.pow(t.add(1, t.mul(2, t.e("y", t.i))), -1)),
    ),
    "reduction by the leading term": lambda t: (
        t.mul(t.exp(t.e("x", t.i)), t.pow(t.add(t.exp(t.e("x", t.i)), 1), -1)),
        t.add(1, t.neg(t.pow(t.add(t.exp(t.e("x", t.i)), 1), -1))),
    ),
    "p⁰ = 1": lambda t: (t.pow(t.add(t.e("x", t.i), 1), 0), UNIT),
    # exp and log
    "exp(a + b) = exp a exp b": lambda t: (t.exp(t.add(t.e("x", t.i), t.e("y", t.i))), t.mul(t.exp(t.e("x", t.i)), t.exp(t.e("y", t.i)))),
    "exp(2 a) = (exp a)²": lambda t: (t.exp(t.mul(2, t.e("x", t.i))), t.pow(t.exp(t.e("x", t.i)), 2)),
    "exp 0 = 1": lambda t: (t.exp(ZERO), UNIT),
    "exp(log p) = p": lambda t: (t.exp(t.log(t.e("x", t.i))), t.e("x", t.i)),
    "log(exp m) = m": lambda t: (t.log(t.exp(t.e("x", t.i))), t.e("x", t.i)),
    "log(p x) = log p + log x": lambda t: (t.log(t.mul(t.e("p", t.i), t.e("x", t.i))), t.add(t.log(t.e("p", t.i)), t.log(t.e("x", t.i)))),
    "log 12 = 2 log 2 + log 3": lambda t: (t.log(number(12)), t.add(t.mul(2, t.log(number(2))), t.log(number(3)))),
    "log 1 = 0": lambda t: (t.log(UNIT), ZERO),
    # steps
    "step of a number": lambda t: (t.step(number(-2)), ZERO),
    "step of 0": lambda t: (t.step(ZERO), ZERO),
    "step of a positive term": lambda t: (t.step(t.add(t.exp(t.e("x", t.i)), t.pow(t.e("y", t.i), 2))), UNIT),
    "step of minus a square": lambda t: (t.step(t.neg(t.pow(t.e("x", t.i), 2))), ZERO),
    "positive factors leave a step": lambda t: (t.step(t.mul(-3, t.e("p", t.i), t.e("x", t.i))), t.step(t.neg(t.e("x", t.i)))),
    "step(x) step(-x) = 0": lambda t: (t.mul(t.e("y", t.i), t.step(t.e("x", t.i)), t.step(t.neg(t.e("x", t.i)))), ZERO),
    "step(x - y) step(y - x) = 0": lambda t: (
        t.mul(t.step(t.add(t.e("x", t.i), t.neg(t.e("y", t.i)))), t.step(t.add(t.e("y", t.i), t.neg(t.e("x", t.i))))),
        ZERO,
    ),
    "y x step(-x) = y x - y x step(x)": lambda t: (
        t.mul(t.e("y", t.i), t.e("x", t.i), t.step(t.neg(t.e("x", t.i)))),
        t.add(t.mul(t.e("x", t.i), t.e("y", t.i)), t.neg(t.mul(t.e("x", t.i), t.e("y", t.i), t.step(t.e("x", t.i))))),
    ),
    "step² = step": lambda t: (t.pow(t.step(t.e("x", t.i)), 3), t.step(t.e("x", t.i))),
    # inverse
    "X X⁻¹ = I": lambda t: (t.sum(t.mul(t.e("X", t.i, t.k), t.inv("X", t.k, t.j)), t.k), t.delta(t.i, t.j)),
    "X⁻¹ X = I": lambda t: (t.sum(t.mul(t.inv("X", t.i, t.k), t.e("X", t.k, t.j)), t.k), t.delta(t.i, t.j)),
    "Xᵀ (Xᵀ)⁻¹ = I": lambda t: (t.sum(t.mul(t.e("X", t.k, t.i), t.inv("X", t.k, t.j, transposed=True)), t.k), t.delta(t.i, t.j)),
    # assumptions
    "Σ y = 2": lambda t: (t.given(t.sum(t.e("y", t.i), t.i), SumsTo("y", 0, Fraction(2), "y")), number(2)),
    "rows sum to 1 under a larger sum": lambda t: (
        t.given(t.sum(t.mul(t.e("Y", t.i, t.a), t.e("x", t.i)), t.i, t.a), SumsTo("Y", 1, Fraction(1), "Y")),
        t.sum(t.e("x", t.i), t.i),
    ),
    "one-hot: h_j h_k = δ_jk h_j": lambda t: (
        t.given(t.mul(t.e("h", t.j), t.e("h", t.k)), OneHot("h", 0, "h")),
        t.mul(t.delta(t.j, t.k), t.e("h", t.j)),
    ),
    "one-hot: h³ = h": lambda t: (t.given(t.pow(t.e("h", t.j), 3), OneHot("h", 0, "h")), t.e("h", t.j)),
    "one-hot: Σ h = 1": lambda t: (t.given(t.sum(t.e("h", t.j), t.j), OneHot("h", 0, "h")), UNIT),
    "one-hot inside a sum": lambda t: (
        t.given(t.sum(t.mul(t.pow(t.e("H", t.i, t.a), 2), t.e("u", t.a)), t.a), OneHot("H", 1, "H")),
        t.sum(t.mul(t.e("H", t.i, t.b), t.e("u", t.b)), t.b),
    ),
    "symmetric: A_ij = A_ji": lambda t: (t.given(t.e("A", t.i, t.j), Symmetric("A", "A")), t.given(t.e("A", t.j, t.i), Symmetric("A", "A"))),
    "i ≠ j: δ_ij = 0": lambda t: (t.given(t.add(t.mul(t.delta(t.i, t.j), t.e("x", t.i)), 1), Differ(t.i, t.j, "i ≠ j")), UNIT),
    # derivatives
    "∂x_i/∂x_j = δ_ij": lambda t: (t.d(t.e("x", t.i), "x", t.j), t.delta(t.i, t.j)),
    "another leaf is held": lambda t: (t.d(t.e("y", t.i), "x", t.j), ZERO),
    "∂(xy)": lambda t: (t.d(t.mul(t.e("x", t.i), t.e("y", t.i)), "x", t.j), t.mul(t.delta(t.i, t.j), t.e("y", t.i))),
    "∂x³": lambda t: (t.d(t.pow(t.e("x", t.i), 3), "x", t.i), t.mul(3, t.pow(t.e("x", t.i), 2))),
    "∂√x": lambda t: (t.d(t.pow(t.e("x", t.i), HALF), "x", t.i), t.mul(HALF, t.pow(t.e("x", t.i), -HALF))),
    "∂exp": lambda t: (t.d(t.exp(t.pow(t.e("x", t.i), 2)), "x", t.i), t.mul(2, t.e("x", t.i), t.exp(t.pow(t.e("x", t.i), 2)))),
    "∂log": lambda t: (t.d(t.log(t.e("x", t.i)), "x", t.i), t.pow(t.e("x", t.i), -1)),
    "∂Σ": lambda t: (t.d(t.sum(t.pow(t.e("x", t.k), 2), t.k), "x", t.j), t.mul(2, t.e("x", t.j))),
    "∂g": lambda t: (
        t.d(functions.function(t.arena, "g", 0, t.mul(2, t.e("x", t.i))), "x", t.i),
        t.mul(2, functions.function(t.arena, "g", 1, t.mul(2, t.e("x", t.i)))),
    ),
    "∂X⁻¹": lambda t: (t.d(t.inv("X", t.i, t.j), "X", t.k, t.l), t.neg(t.mul(t.inv("X", t.i, t.k), t.inv("X", t.l, t.j)))),
    "∂det": lambda t: (t.d(t.det("X"), "X", t.i, t.j), t.mul(t.det("X"), t.inv("X", t.j, t.i))),
    "a step does not vary": lambda t: (t.d(t.step(t.e("x", t.i)), "x", t.i), ZERO),
    "a closed name that is held": lambda t: (t.d(t.e("v", t.i), "x", t.j, closed="hold"), ZERO),
}


@pytest.mark.parametrize("name", EQUAL)
def test_where_a_rule_applies(name: str) -> None:
    kit = Kit()
    left, right = EQUAL[name](kit)
    assert left == right


DIFFERENT: dict[str, Sides] = {
    "δ_ij ≠ 1": lambda t: (t.delta(t.i, t.j), UNIT),
    "δ_i,i+1 with another index": lambda t: (t.delta(t.j, (t.i, 1)), ZERO),
    "Σ_i δ_i2 over any n": lambda t: (t.sum(t.delta(t.i, (-1, 2)), t.i), UNIT),
    "Σ_j δ_j,i+1 f(j) may be empty": lambda t: (t.sum(t.mul(t.delta(t.j, (t.i, 1)), t.e("x", t.j)), t.j), t.e("x", (t.i, 1))),
    "[i ≤ j] ≠ [j ≤ i]": lambda t: (rules.at_most(t.arena, t.i, t.j), rules.at_most(t.arena, t.j, t.i)),
    "Σ c ≠ c": lambda t: (t.sum(t.e("x", t.j), t.i), t.e("x", t.j)),
    "Σ xy ≠ Σx Σy": lambda t: (t.sum(t.mul(t.e("x", t.i), t.e("y", t.i)), t.i), t.mul(t.sum(t.e("x", t.i), t.i), t.sum(t.e("y", t.i), t.i))),
    "rows and columns": lambda t: (t.sum(t.e("S", t.i, t.j), t.i), t.sum(t.e("S", t.j, t.i), t.i)),
    "√(x²) ≠ x": lambda t: (t.pow(t.pow(t.e("x", t.i), 2), HALF), t.e("x", t.i)),
    "√(xy) ≠ √x √y": lambda t: (t.pow(t.mul(t.e("x", t.i), t.e("y", t.i)), HALF), t.mul(t.pow(t.e("x", t.i), HALF), t.pow(t.e("y", t.i), HALF))),
    "(x³)^(1/3) ≠ x": lambda t: (t.pow(t.pow(t.e("x", t.i), 3), Fraction(1, 3)), t.e("x", t.i)),
    "(x + y)² ≠ x² + y²": lambda t: (t.pow(t.add(t.e("x", t.i), t.e("y", t.i)), 2), t.add(t.pow(t.e("x", t.i), 2), t.pow(t.e("y", t.i), 2))),
    "log(xy) ≠ log x + log y": lambda t: (t.log(t.mul(t.e("x", t.i), t.e("y", t.i))), t.add(t.log(t.e("x", t.i)), t.log(t.e("y", t.i)))),
    "log(-x) ≠ log x": lambda t: (t.log(t.neg(t.e("x", t.i))), t.log(t.e("x", t.i))),
    "exp(xy) ≠ exp x exp y": lambda t: (t.exp(t.mul(t.e("x", t.i), t.e("y", t.i))), t.mul(t.exp(t.e("x", t.i)), t.exp(t.e("y", t.i)))),
    "step x ≠ step -x": lambda t: (t.step(t.e("x", t.i)), t.step(t.neg(t.e("x", t.i)))),
    "y step(-x) ≠ y - y step(x)": lambda t: (
        t.mul(t.e("y", t.i), t.step(t.neg(t.e("x", t.i)))),
        t.add(t.e("y", t.i), t.neg(t.mul(t.e("y", t.i), t.step(t.e("x", t.i))))),
    ),
    "step(x) step(-y) ≠ 0": lambda t: (t.mul(t.step(t.e("x", t.i)), t.step(t.neg(t.e("y", t.i)))), ZERO),
    "step x² ≠ 1": lambda t: (t.step(t.pow(t.e("x", t.i), 2)), UNIT),
    "step q ≠ 1": lambda t: (t.step(t.e("q", t.i)), UNIT),
    "step δ ≠ 1": lambda t: (t.step(t.delta(t.i, t.j)), UNIT),
    "X X⁻¹ with a weight": lambda t: (
        t.sum(t.mul(t.e("X", t.i, t.k), t.inv("X", t.k, t.j), t.e("w", t.k)), t.k),
        t.mul(t.delta(t.i, t.j), t.e("w", t.i)),
    ),
    "Xᵀ X⁻¹": lambda t: (t.sum(t.mul(t.e("X", t.k, t.i), t.inv("X", t.k, t.j)), t.k), t.delta(t.i, t.j)),
    "X Y⁻¹": lambda t: (t.sum(t.mul(t.e("X", t.i, t.k), t.inv("Y", t.k, t.j)), t.k), t.delta(t.i, t.j)),
    "X² X⁻¹ entrywise": lambda t: (t.sum(t.mul(t.pow(t.e("X", t.i, t.k), 2), t.inv("X", t.k, t.j)), t.k), t.delta(t.i, t.j)),
    "∂A_ij/∂A_ji": lambda t: (t.d(t.e("A", t.i, t.j), "A", t.j, t.i), UNIT),
    "∂ by a symmetric matrix is ambient": lambda t: (
        t.d(t.given(t.e("B", t.i, t.j), Symmetric("A", "A")), "B", t.k, t.l),
        t.mul(t.delta(t.i, t.l), t.delta(t.j, t.k)),
    ),
}


@pytest.mark.parametrize("name", DIFFERENT)
def test_where_a_rule_does_not_apply(name: str) -> None:
    kit = Kit()
    left, right = DIFFERENT[name](kit)
    assert left != right
    assert not is_zero(kit.arena, ring.subtract(left, right))


UNTOUCHED: dict[str, tuple[Callable[[Kit], Polynomial], Callable[[Kit], Rule]]] = {
    "Σ y² is not 1": (lambda t: t.sum(t.pow(t.e("y", t.i), 2), t.i), lambda t: SumsTo("y", 0, Fraction(1), "y")),
    "a weighted Σ y": (lambda t: t.sum(t.mul(t.e("y", t.i), t.e("x", t.i)), t.i), lambda t: SumsTo("y", 0, Fraction(1), "y")),
    "columns": (lambda t: t.sum(t.e("Y", t.i, t.a), t.i), lambda t: SumsTo("Y", 1, Fraction(1), "Y")),
    "the diagonal": (lambda t: t.sum(t.e("S", t.i, t.i), t.i), lambda t: SumsTo("S", 1, Fraction(1), "S")),
    "another tensor": (lambda t: t.sum(t.e("x", t.i), t.i), lambda t: SumsTo("y", 0, Fraction(1), "y")),
    "a part of the range": (
        lambda t: t.sum(t.mul(t.e("y", t.i), rules.at_most(t.arena, t.i, t.j)), t.i),
        lambda t: SumsTo("y", 0, Fraction(1), "y"),
    ),
    "a shifted index": (lambda t: t.sum(t.e("y", (t.i, 1)), t.i), lambda t: SumsTo("y", 0, Fraction(1), "y")),
    "one-hot in different rows": (lambda t: t.mul(t.e("H", t.i, t.a), t.e("H", t.j, t.b)), lambda t: OneHot("H", 1, "H")),
    "one-hot under a negative power": (lambda t: t.pow(t.e("h", t.i), -2), lambda t: OneHot("h", 0, "h")),
    "not the symmetric one": (lambda t: t.e("B", t.i, t.j), lambda t: Symmetric("A", "A")),
    "not these indices": (lambda t: t.delta(t.i, t.k), lambda t: Differ(t.i, t.j, "i ≠ j")),
    "an index of the sum": (lambda t: t.add(t.sum(t.mul(t.delta((t.k, 1), t.i), t.e("x", t.k)), t.k)), lambda t: Differ(t.i, t.j, "i ≠ j")),
}


@pytest.mark.parametrize("name", UNTOUCHED)
def test_where_an_assumption_does_not_apply(name: str) -> None:
    kit = Kit()
    build, rule = UNTOUCHED[name]
    value = build(kit)
    assert kit.given(value, rule(kit)) == value
    assert kit.arena.assumptions == set()


def test_every_use_of_an_assumption_is_recorded() -> None:
    kit = Kit()
    kit.given(kit.sum(kit.e("y", kit.i), kit.i), SumsTo("y", 0, Fraction(1), "Σ y = 1"))
    assert kit.arena.assumptions == {"Σ y = 1"}


REFUSED: dict[str, Callable[[Kit], object]] = {
    "1 / 0": lambda t: t.pow(ZERO, -1),
    "0⁰": lambda t: t.pow(ZERO, 0),
    "√-1": lambda t: t.pow(number(-1), HALF),
    "√-p": lambda t: t.pow(t.neg(t.e("p", t.i)), HALF),
    "1 / δ": lambda t: t.pow(t.delta(t.i, t.j), -1),
    "1 / (δ x)": lambda t: t.pow(t.mul(t.delta(t.i, t.j), t.e("x", t.i)), -1),
    "1 / step": lambda t: t.pow(t.step(t.e("x", t.i)), -1),
    "(1 − δ_ij) / (x_i − x_j)": lambda t: t.mul(t.delta(t.i, t.j), t.pow(t.add(t.e("x", t.i), t.neg(t.e("x", t.j))), -1)),
    "log 0": lambda t: t.log(ZERO),
    "log -1": lambda t: t.log(number(-1)),
    "log -p": lambda t: t.log(t.neg(t.e("p", t.i))),
    "a large exponent": lambda t: t.pow(t.add(t.e("x", t.i), 1), 65),
    "a large prime": lambda t: t.pow(number(10**18 + 9), HALF),
    "a closed name that depends on the variable": lambda t: t.d(t.e("v", t.i), "x", t.j),
    "an unopened derivative": lambda t: t.d(t.d(t.e("v", t.i), "x", t.j, closed="partial"), "x", t.k),
    "an unopened derivative, held": lambda t: t.d(t.d(t.e("v", t.i), "x", t.j, closed="partial"), "x", t.k, closed="hold"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_where_a_rule_refuses(name: str) -> None:
    with pytest.raises(Refused):
        REFUSED[name](Kit())


@pytest.mark.parametrize("exponent", [-HALF, -Fraction(3, 2), -Fraction(4, 3), HALF])
def test_a_root_of_a_reciprocal_ends(exponent: Fraction) -> None:
    """(x⁻¹)^q once divided by its own leading term without end."""
    kit = Kit()
    reciprocal = kit.pow(kit.e("x", kit.i), -1)
    for base in (reciprocal, kit.mul(reciprocal, kit.e("y", kit.i)), kit.add(reciprocal, kit.e("y", kit.i))):
        assert not kit.pow(base, exponent).is_zero


def test_signs() -> None:
    t = Kit()
    x, p, q = t.e("x", t.i), t.e("p", t.i), t.e("q", t.i)
    assert polynomial_sign(x) == "unknown"
    assert polynomial_sign(t.pow(x, 2)) == "nonnegative"
    assert polynomial_sign(t.pow(x, -2)) == "positive"
    assert polynomial_sign(t.pow(x, 3)) == "unknown"
    assert polynomial_sign(p) == polynomial_sign(t.exp(x)) == polynomial_sign(t.n) == "positive"
    assert polynomial_sign(q) == polynomial_sign(t.mul(p, q)) == polynomial_sign(ZERO) == "nonnegative"
    assert polynomial_sign(t.sum(p, t.i)) == "positive"
    assert polynomial_sign(t.sum(t.mul(p, rules.at_most(t.arena, t.i, t.j)), t.i)) == "nonnegative"
    assert polynomial_sign(t.add(t.n, -1)) == "unknown"
    assert polynomial_sign(t.neg(p)) == "unknown"
    assert assumptions.UNORDERED not in ("", "ˢ")
