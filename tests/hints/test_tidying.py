"""What is crossed out changes no value, and what is suggested has nothing left to cross out."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from derivcheck import Derivation, exp, hadamard, sum_over
from derivcheck.hints.tidying import LINEAR, has_nothing, same_up_to_order, tidied
from derivcheck.language.operators import apply, table
from derivcheck.language.printing.text import text
from derivcheck.language.terms import Apply, Number, Power, Scale, Term
from derivcheck.witnesses import numeric

d = Derivation("tidying", layout="numerator")
n = d.dim("n")
i, j = d.indices("i j", n)
a, b, c = d.scalar("a"), d.scalar("b"), d.scalar("c")
x, y = d.vector("x", n), d.vector("y", n)
A = d.matrix("A", n, n)
ONE, MINUS = Number(Fraction(1)), Number(Fraction(-1))


def inverse(term: Term) -> Term:
    return Power(term, Fraction(-1))


@pytest.mark.parametrize(
    ("untidy", "wanted"),
    [
        (Scale(ONE, x), "x"),
        (Scale(a, ONE), "a"),
        (Scale(MINUS, -x), "x"),
        (Scale(Number(Fraction(1, 2)), 2 * x), "x"),
        (Scale(Number(Fraction(2)), Number(Fraction(1, 2))), "1"),
        (apply("transpose", apply("transpose", A)) @ x, "A x"),
        (a + b - a, "b"),
        (a - a, "0"),
        (a + 0, "a"),
        (inverse(inverse(a)), "a"),
        (inverse(-a / b), "-b/a"),
        (inverse(Power(a, Fraction(2))), "1/a²"),
        (A @ (2 * x), "2 A x"),
        (A @ (a * (-x)), "-a A x"),
        (Scale(MINUS, a - b), "b - a"),
        (a * b * inverse(a), "b"),
        (a * inverse(a), "1"),
        (c * a * b * inverse(a * b), "c"),
        (inverse(1 - a) * b * (1 - a), "b"),
        (2 * a + b, "2 a + b"),
        (x.T @ A @ y, "xᵀ A y"),
        (sum_over(i, x[i] * y[i]), "Σ_i x[i] y[i]"),
        (inverse(1 + exp(a)), "1/(1 + exp(a))"),
    ],
    ids=lambda value: text(value) if isinstance(value, Term) else value,
)
def test_what_a_person_would_cross_out(untidy: Term, wanted: str) -> None:
    found = tidied(untidy)
    assert text(found) == wanted
    assert found.shape == untidy.shape
    assert numeric.witness(d.alternative("same", untidy, found, ()), d).status == "agrees"


def test_a_tensor_that_cancels_is_seen() -> None:
    assert has_nothing(A @ (x - x))
    assert not has_nothing(A @ (x - y))


def test_an_order_that_does_not_matter_is_none() -> None:
    assert same_up_to_order(x + hadamard(y, x), hadamard(x, y) + x)
    assert same_up_to_order(a * b + c, c + b * a)
    assert not same_up_to_order(A @ x, A.T @ x)
    assert not same_up_to_order(x - y, y - x)


@pytest.mark.parametrize("name", LINEAR)
def test_scalars_leave_only_what_is_linear_in_every_argument(name: str) -> None:
    example = table()[name].example()
    assert isinstance(example, Apply)
    for position, argument in enumerate(example.arguments):
        doubled = tuple(Scale(Number(Fraction(2)), other) if place == position else other for place, other in enumerate(example.arguments))
        assert argument.shape == doubled[position].shape
        written = Apply(example.operator, doubled, example.parameters)
        found = tidied(written)
        assert isinstance(found, Scale)
        claim = replace(d.alternative(name, a, a, ()), lhs=written, rhs=Scale(Number(Fraction(2)), example))
        assert numeric.witness(claim, d).status == "agrees"
