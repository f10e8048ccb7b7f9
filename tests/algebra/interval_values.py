"""Numbers for checking the algebra: exact rationals where possible, mpmath intervals otherwise, and nilpotent parts for derivatives.

Nothing here is shared with derivcheck: a value that the algebra computes is compared with one that this file computes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from math import factorial
from random import Random
from typing import Any

from mpmath import iv

iv.dps = 30

Value = Any
"""A Fraction, or an mpmath interval."""


class Undefined(ArithmeticError):
    """The term has no value (or no derivative) at this point."""


class Undecided(ArithmeticError):
    """An interval is too wide to tell a sign."""


def lifted(value: Value) -> Any:
    """The value as an interval."""
    return iv.mpf(value.numerator) / value.denominator if isinstance(value, (int, Fraction)) else value


def plus(left: Value, right: Value) -> Value:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left + right
    return lifted(left) + lifted(right)


def times(left: Value, right: Value) -> Value:
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left * right
    if (left == 0 and isinstance(left, Fraction)) or (right == 0 and isinstance(right, Fraction)):
        return Fraction(0)
    return lifted(left) * lifted(right)


def sign(value: Value) -> int:
    """-1, 0 or 1. Raises Undecided for an interval around 0."""
    if isinstance(value, Fraction):
        return (value > 0) - (value < 0)
    if value > 0:
        return 1
    if value < 0:
        return -1
    raise Undecided(f"the sign of {value}")


def overlap(left: Value, right: Value) -> bool:
    """Whether the two may be the same number; two exact ones must be equal."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return left == right
    a, b = lifted(left), lifted(right)
    return bool(a.a <= b.b) and bool(b.a <= a.b)


def wide(value: Value) -> bool:
    """Whether the interval says too little to compare anything with it."""
    return not isinstance(value, Fraction) and not bool(value.delta < 1e-6 * (1 + abs(value)).b)


def raised(value: Value, exponent: Fraction) -> Value:
    """value^exponent. Raises Undefined where it has no real value."""
    direction = sign(value) if exponent.denominator != 1 or exponent < 0 else 1
    if direction == 0:
        if exponent < 0:
            raise Undefined("0 to a negative power")
        return Fraction(0)
    if exponent.denominator == 1:
        if isinstance(value, Fraction):
            return value ** int(exponent)
        return value ** int(exponent)
    if direction < 0:
        raise Undefined("a fractional power of a negative number")
    if value == 1:
        return Fraction(1)
    return iv.exp(lifted(exponent) * iv.log(lifted(value)))


@dataclass(frozen=True)
class Dual:
    """real + Σ coefficient · Π ε over a set of tags, where every ε² = 0. The key frozenset() is the real part."""

    parts: Mapping[frozenset[int], Value] = field(default_factory=dict)

    @property
    def real(self) -> Value:
        return self.parts.get(frozenset(), Fraction(0))

    @property
    def nilpotent(self) -> Dual:
        return Dual({tags: part for tags, part in self.parts.items() if tags})

    def coefficient(self, tag: int) -> Dual:
        """What stands before ε of this tag."""
        return Dual({tags - {tag}: part for tags, part in self.parts.items() if tag in tags})

    def __add__(self, other: Dual) -> Dual:
        result = dict(self.parts)
        for tags, part in other.parts.items():
            result[tags] = plus(result.get(tags, Fraction(0)), part)
        return _settled(result)

    def __mul__(self, other: Dual) -> Dual:
        result: dict[frozenset[int], Value] = {}
        for tags, part in self.parts.items():
            for more, factor in other.parts.items():
                if tags.isdisjoint(more):
                    both = tags | more
                    result[both] = plus(result.get(both, Fraction(0)), times(part, factor))
        return _settled(result)

    def scaled(self, factor: Value) -> Dual:
        return _settled({tags: times(part, factor) for tags, part in self.parts.items()})


def _settled(parts: dict[frozenset[int], Value]) -> Dual:
    return Dual({tags: part for tags, part in parts.items() if not (isinstance(part, Fraction) and part == 0)})


def constant(value: Value) -> Dual:
    return _settled({frozenset(): value if not isinstance(value, int) else Fraction(value)})


def infinitesimal(tag: int) -> Dual:
    return Dual({frozenset((tag,)): Fraction(1)})


def smooth(argument: Dual, derivative: Callable[[int, Value], Value]) -> Dual:
    """f(argument) by Taylor's formula, where derivative(k, r) is the k-th derivative of f at r."""
    real, step = argument.real, argument.nilpotent
    result = constant(derivative(0, real))
    product = constant(1)
    order = 0
    while True:
        product = product * step
        order += 1
        if not product.parts:
            return result
        result = result + product.scaled(derivative(order, real)).scaled(Fraction(1, factorial(order)))


def exponential(argument: Dual) -> Dual:
    return smooth(argument, lambda order, real: Fraction(1) if isinstance(real, Fraction) and real == 0 else iv.exp(lifted(real)))


def logarithm(argument: Dual) -> Dual:
    """Raises Undefined for an argument that is not positive."""

    def derivative(order: int, real: Value) -> Value:
        if sign(real) <= 0:
            raise Undefined("the logarithm of a number that is not positive")
        if order:
            return times(raised(real, Fraction(-order)), Fraction((-1) ** (order - 1) * factorial(order - 1)))
        return Fraction(0) if isinstance(real, Fraction) and real == 1 else iv.log(lifted(real))

    return smooth(argument, derivative)


def power(argument: Dual, exponent: Fraction) -> Dual:
    def derivative(order: int, real: Value) -> Value:
        falling = Fraction(1)
        for k in range(order):
            falling *= exponent - k
        return times(raised(real, exponent - order), falling) if falling else Fraction(0)

    return smooth(argument, derivative)


def positive_step(argument: Dual) -> int:
    """1 where it is > 0, else 0. Raises Undefined where it jumps and the argument varies."""
    direction = sign(argument.real)
    if direction == 0 and argument.nilpotent.parts:
        raise Undefined("a derivative at a kink")
    return int(direction > 0)


@cache
def coefficient(*key: Any) -> Fraction:
    """A fixed generic number for a key."""
    random = Random(repr(key))
    return Fraction(random.choice([-1, 1]) * random.randint(3, 19), random.randint(5, 11))


def generic(name: str, order: int, argument: Dual) -> Dual:
    """The derivative of this order of a fixed smooth function called `name`: a sin(p x + q) + b x² + c x."""
    a, b, c, p, q = (coefficient("function", name, letter) for letter in "abcpq")

    def derivative(more: int, real: Value) -> Value:
        k = order + more
        inner = plus(times(p, real), q)
        wave = iv.cos(lifted(inner)) if k % 2 else iv.sin(lifted(inner))
        result = times(wave, a * p**k * (-1) ** (k // 2))
        if k == 0:
            result = plus(result, plus(times(times(real, real), b), times(real, c)))
        elif k == 1:
            result = plus(result, plus(times(real, 2 * b), c))
        elif k == 2:
            result = plus(result, 2 * b)
        return result

    return smooth(argument, derivative)


def _sine(argument: Dual) -> Dual:
    def derivative(order: int, real: Value) -> Value:
        wave = iv.cos(lifted(real)) if order % 2 else iv.sin(lifted(real))
        return wave * (-1) ** (order // 2)

    return smooth(argument, derivative)


def functional(name: str, entries: Mapping[tuple[int, ...], Dual]) -> Dual:
    """A fixed smooth function of all entries of a tensor: Σ c sin(p x) + (Σ d x)² + sin(Σ e x), with coefficients by position."""
    total, square, wave = Dual(), Dual(), Dual()
    for place, entry in entries.items():
        c, p, d, e = (coefficient("functional", name, letter, place) for letter in "cpde")
        total = total + _sine(entry.scaled(p)).scaled(c)
        square = square + entry.scaled(d)
        wave = wave + entry.scaled(e)
    return total + square * square + _sine(wave)


Matrix = list[list[Dual]]


def determinant(rows: Matrix) -> Dual:
    """By Laplace expansion."""
    if len(rows) == 1:
        return rows[0][0]
    result = Dual()
    for position, factor in enumerate(rows[0]):
        minor = determinant([row[:position] + row[position + 1 :] for row in rows[1:]])
        result = result + (factor * minor).scaled(Fraction((-1) ** position))
    return result


def inverse(rows: Matrix) -> Matrix:
    """By cofactors. Raises Undefined for a singular matrix."""
    whole = determinant(rows)
    if sign(whole.real) == 0:
        raise Undefined("a singular matrix")
    reciprocal = power(whole, Fraction(-1))
    size = range(len(rows))
    if len(rows) == 1:
        return [[reciprocal]]

    def cofactor(row: int, column: int) -> Dual:
        minor = [[rows[r][c] for c in size if c != column] for r in size if r != row]
        return (determinant(minor) * reciprocal).scaled(Fraction((-1) ** (row + column)))

    return [[cofactor(column, row) for column in size] for row in size]
