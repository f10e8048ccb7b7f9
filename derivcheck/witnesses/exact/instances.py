"""Simple instances of generic functions: a claim for every g is refuted by one g, and a reader can check a polynomial.

An instance is a polynomial with rational coefficients in its arguments, printed as `x ↦ x^2 + 3*x` or `(x1, x2) ↦ x1 + 2*x2`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

Exponents = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Instance:
    """A polynomial: the coefficient of each tuple of exponents, one exponent for each argument."""

    arity: int
    terms: tuple[tuple[Exponents, Fraction], ...]

    def partial(self, position: int) -> Instance:
        """The partial derivative by the argument at a position, from 1."""
        k = position - 1
        return Instance(
            self.arity, tuple(((*powers[:k], powers[k] - 1, *powers[k + 1 :]), value * powers[k]) for powers, value in self.terms if powers[k])
        )

    def at(self, arguments: Sequence[Any], constant: Callable[[Fraction], Any]) -> Any:
        """The value at numbers of any one kind; `constant` makes such a number of a coefficient."""
        result = constant(Fraction(0))
        for powers, value in self.terms:
            summand = constant(value)
            for argument, power in zip(arguments, powers, strict=True):
                for _ in range(power):
                    summand = summand * argument
            result = result + summand
        return result

    def __str__(self) -> str:
        names = _names(self.arity)
        head = names[0] if self.arity == 1 else f"({', '.join(names)})"
        return f"{head} ↦ {' + '.join(_printed(powers, value, names) for powers, value in self.terms) or '0'}"


def parse(printed: str) -> Instance:
    """The instance that was printed. Raises ValueError for anything else."""
    head, arrow, body = printed.partition(" ↦ ")
    names = [name for name in re.split(r"[(), ]+", head) if name]
    if not arrow or names != _names(len(names)):
        raise ValueError(f"not a printed polynomial: {printed}")
    terms = []
    for summand in body.split(" + "):
        value, powers = Fraction(1), Counter[str]()
        for factor in summand.split("*"):
            name, _, power = factor.partition("^")
            if name in names:
                powers[name] += int(power or 1)
            else:
                value *= Fraction(factor)
        if value:
            terms.append((tuple(powers[name] for name in names), value))
    return Instance(len(names), tuple(terms))


@cache
def simple_instances(arity: int) -> tuple[Instance, ...]:
    """Polynomials to try for a generic function of that many arguments, the simplest first."""
    if arity == 1:
        powers: list[dict[Exponents, int]] = [{(1,): 1}, {(2,): 1}, {(3,): 1}, {(0,): 1}]
        found: list[dict[Exponents, int]] = [*powers, {(3,): 1, (2,): 2, (1,): 3, (0,): 1}, {(5,): 1, (4,): -2, (2,): 1}]
        return tuple(_polynomial(1, terms) for terms in found)
    units = [tuple(int(k == place) for k in range(arity)) for place in range(arity)]
    doubled = [tuple(2 * power for power in unit) for unit in units]
    joint = [tuple(map(sum, zip(first, second, strict=True))) for first, second in pairwise(units)]
    linear = {unit: place for place, unit in enumerate(units, start=1)}
    one = {(0,) * arity: 1}
    return (
        _polynomial(arity, {units[0]: 1}),
        _polynomial(arity, dict.fromkeys(units, 1)),
        _polynomial(arity, linear),
        _polynomial(arity, dict.fromkeys(doubled, 1)),
        _polynomial(arity, {joint[0]: 1}),
        _polynomial(arity, linear | {power: place for place, power in enumerate(doubled, start=1)} | dict.fromkeys(joint, 1) | one),
        _polynomial(arity, {tuple(3 * power for power in unit): place for place, unit in enumerate(units, start=1)} | dict.fromkeys(joint, 2)),
    )


def _polynomial(arity: int, terms: dict[Exponents, int]) -> Instance:
    return Instance(arity, tuple((powers, Fraction(value)) for powers, value in terms.items()))


def _names(arity: int) -> list[str]:
    return ["x"] if arity == 1 else [f"x{k}" for k in range(1, arity + 1)]


def _printed(powers: Exponents, value: Fraction, names: list[str]) -> str:
    factors = [name if power == 1 else f"{name}^{power}" for name, power in zip(names, powers, strict=True) if power]
    if value != 1 or not factors:
        factors.insert(0, str(value))
    return "*".join(factors)
