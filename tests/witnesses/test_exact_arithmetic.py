"""The exact arithmetic below the small-dimensions witness: polynomials against sympy.polys, and decisions against interval values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from random import Random

import pytest
import sympy
from mpmath.libmp import to_rational

from derivcheck import Derivation
from derivcheck.language.operators.sympy_parts import elementwise_class, step
from derivcheck.language.printing.explicit_values import Requirement
from derivcheck.witnesses.exact import packed_polynomials as polynomials
from derivcheck.witnesses.exact.instances import simple_instances
from derivcheck.witnesses.exact.packed_polynomials import Budget, Polynomial, Stopped, Undefined
from derivcheck.witnesses.exact.point_values import PointValues
from derivcheck.witnesses.small_dimensions import witness

x, y = sympy.symbols("x y", real=True)
p = sympy.Symbol("p", positive=True)
g = elementwise_class("g", 0)
SYMBOLS = sympy.symbols("q0:4")


def random_polynomial(rng: Random, terms: int = 5) -> Polynomial:
    found: Polynomial = {}
    for _ in range(terms):
        monomial = sum(rng.randint(0, 3) << (polynomials.WIDTH * number) for number in range(4))
        found[monomial] = rng.choice((-3, -2, -1, 1, 2, 5))
    return found


def expression(polynomial: Polynomial) -> sympy.Expr:
    return sympy.Add(
        *(
            coefficient * sympy.Mul(*(SYMBOLS[number] ** exponent for number, exponent in polynomials.exponents(monomial)))
            for monomial, coefficient in polynomial.items()
        )
    )


@pytest.mark.parametrize("seed", range(5))
def test_polynomials_are_those_of_sympy(seed: int) -> None:
    rng, budget = Random(seed), Budget(10)
    first, second, third = (random_polynomial(rng) for _ in range(3))
    assert expression(polynomials.total([first, second, third])) == expression(first) + expression(second) + expression(third)
    product = polynomials.multiply(first, second, budget)
    assert sympy.expand(expression(product) - expression(first) * expression(second)) == 0
    assert sympy.expand(expression(polynomials.power(first, 3, budget)) - expression(first) ** 3) == 0
    assert polynomials.exact_quotient(product, second) == first
    common = polynomials.greatest_common_divisor(product, polynomials.multiply(third, second, budget))
    assert sympy.rem(sympy.Poly(expression(common), *SYMBOLS), sympy.Poly(expression(second), *SYMBOLS)) == 0
    whole, rest = polynomials.remainder_parts(first, second)
    again = polynomials.total([polynomials.scaled(first, -1)])
    back = expression(whole) * expression(second) + expression(rest) + expression(again)  # type: ignore[arg-type]
    assert sympy.expand(back) == 0


def test_exponents_do_not_outgrow_their_bits() -> None:
    with pytest.raises(Stopped, match="exponent"):
        polynomials.power(polynomials.generator(2, 100), 1000, Budget(1))


def test_too_many_terms_are_stopped() -> None:
    many = {1 << (polynomials.WIDTH * number): 1 for number in range(60)}
    with pytest.raises(Stopped, match="cap"):
        polynomials.power(many, 4, Budget(60, terms=1000))


VALUES = [
    (sympy.sqrt(x), {x: Fraction(9, 4)}, Fraction(3, 2)),
    (x ** sympy.Rational(-2, 3), {x: Fraction(8)}, Fraction(1, 4)),
    (sympy.exp(x - 1), {x: Fraction(1)}, Fraction(1)),
    (step(x), {x: Fraction(0)}, Fraction(0)),
    (step(x), {x: Fraction(1, 3)}, Fraction(1)),
    (sympy.Max(x, -x, 1), {x: Fraction(-3)}, Fraction(3)),
    (g(x).diff(x), {x: Fraction(2)}, Fraction(12)),
    (g(x**2).diff(x), {x: Fraction(1)}, Fraction(6)),
    (sympy.log(sympy.exp(x) * 0 + 1), {x: Fraction(7)}, Fraction(0)),
]


@pytest.mark.parametrize(("term", "point", "value"), VALUES, ids=[str(term) for term, _, _ in VALUES])
def test_rational_values(term: sympy.Expr, point: dict, value: Fraction) -> None:
    assert PointValues(point, {"g": simple_instances(1)[2]}).value(term) == value


@pytest.mark.parametrize(
    "term", [sympy.log(x), 1 / x, sympy.sqrt(x - 1), sympy.log(sympy.exp(x) - 1), 1 / (sympy.exp(x) - 1), sympy.zoo, sympy.I * x]
)
def test_no_value(term: sympy.Expr) -> None:
    with pytest.raises(Undefined):
        PointValues({x: Fraction(0)}, {}).value(term)


@pytest.mark.parametrize("term", [sympy.exp(sympy.exp(sympy.exp(x + 5))), x ** sympy.Integer(10**5)])
def test_a_value_that_is_too_large_is_none(term: sympy.Expr) -> None:
    with pytest.raises(Undefined, match=r"too large|too many digits"):
        PointValues({x: Fraction(3)}, {}).value(term)


@pytest.mark.parametrize("term", [sympy.sin(x), sympy.Float(0.5)])
def test_values_that_are_not_attempted(term: sympy.Expr) -> None:
    with pytest.raises(Stopped):
        PointValues({x: Fraction(3)}, {}).value(term)


@pytest.mark.parametrize(
    ("word", "entries", "holds"),
    [
        ("positive", (sympy.exp(x),), True),
        ("positive", (x,), False),
        ("nonnegative", (x,), True),
        ("nonzero", (x - 1,), True),
        ("nonzero", (sympy.log(x),), False),
        ("invertible", (x, sympy.exp(y), 1, x), True),
        ("invertible", (1, 2, 2, 4), False),
        ("invertible", (sympy.exp(y), sympy.exp(y), 1, 1), False),
    ],
)
def test_requirements(word: str, entries: tuple, holds: bool) -> None:
    values = PointValues({x: Fraction(0), y: Fraction(1)}, {})
    assert values.meets(Requirement(word, tuple(map(sympy.sympify, entries)))) is holds  # type: ignore[arg-type]


def test_an_interval_contains_the_value() -> None:
    interval = PointValues({x: Fraction(1)}, {}).value(sympy.exp(x) + sympy.sqrt(2) * sympy.log(3 * x))
    exact = sympy.exp(1) + sympy.sqrt(2) * sympy.log(3)
    low, high = (Fraction(*map(int, to_rational(end))) for end in interval._mpi_)
    value = exact.evalf(80)
    assert sympy.Rational(low.numerator, low.denominator) < value < sympy.Rational(high.numerator, high.denominator)
    assert high - low < Fraction(1, 10**50)


def random_expression(rng: Random, depth: int) -> sympy.Expr:
    if depth <= 0:
        return rng.choice([x, y, p, x, sympy.Integer(rng.randint(-2, 3)), sympy.Rational(1, 2)])
    inner = random_expression(rng, depth - 1 - rng.randrange(2))
    build: list[Callable[[sympy.Expr], sympy.Expr]] = [
        lambda e: e + random_expression(rng, depth - 2),
        lambda e: e * random_expression(rng, depth - 2),
        lambda e: e ** rng.choice([2, 3, -1, -2]),
        lambda e: e ** sympy.Rational(rng.choice([1, -1, 3]), rng.choice([2, 3])),
        sympy.exp, sympy.log, step, sympy.Abs, g, sympy.tanh,
    ]  # fmt: skip
    return rng.choice(build[:2] + build)(inner)


NO_VALUE = (sympy.I, sympy.zoo, sympy.nan, sympy.oo)
REWRITINGS: list[Callable[[sympy.Expr], sympy.Expr]] = [
    sympy.expand, sympy.together, sympy.factor,
    lambda e: sympy.powsimp(e, force=True),  # this and the following are wrong for some signs
    lambda e: sympy.expand_log(e, force=True),
    lambda e: sympy.expand_power_base(e, force=True),
    lambda e: sympy.powdenest(e, force=True),
    lambda e: e.subs(x, -x), lambda e: e + 1, lambda e: sympy.diff(e, x),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_what_agrees_has_equal_values_at_every_point(seed: int) -> None:
    """Random expressions against rewritings of them, right ones and wrong ones."""
    rng = Random(seed)
    counts = Counter[str | None]()
    while counts.total() < 60:
        left = random_expression(rng, rng.randint(1, 4))
        right = left if left.has(*NO_VALUE) else rng.choice(REWRITINGS)(left)
        if right.has(*NO_VALUE):
            continue
        d = Derivation("random", layout="numerator")
        claim = d.explicit("claim", lambda left=left, right=right: (sympy.Matrix([left]), sympy.Matrix([right])))
        found = witness(claim, d, budget_seconds=1.0)
        counts[found.status] += 1
        if found.status == "agrees":
            assert not differs_somewhere(left, right, rng), (left, right)
        else:
            assert left != right or found.stopped
            assert found.status == "disagrees" or found.stopped
    assert counts["agrees"] > 15
    assert counts["disagrees"] > 5


def differs_somewhere(left: sympy.Expr, right: sympy.Expr, rng: Random) -> bool:
    for attempt in range(60):
        sizes = (0, 1, -1) if attempt < 15 else range(-9, 10)
        point = {symbol: Fraction(rng.choice(sizes), rng.choice((1, 2, 3))) for symbol in (x, y)} | {p: Fraction(rng.randint(1, 9), 2)}
        values = PointValues(point, {"g": simple_instances(1)[-1]})
        try:
            if values.differ(values.value(left), values.value(right)):
                return True
        except (Undefined, Stopped):
            continue
    return False
