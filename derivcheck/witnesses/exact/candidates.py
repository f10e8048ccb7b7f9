"""The points that a search considers, and which of two is the simpler one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, NamedTuple

from derivcheck.witnesses.exact.assumptions import Constraints
from derivcheck.witnesses.exact.entries import ClaimEntry
from derivcheck.witnesses.exact.instances import Instance, simple_instances

SIMPLE = tuple(map(Fraction, ("0", "1", "-1", "2", "1/2", "-2", "-1/2", "3", "1/3", "-3", "1/4")))
"""The values that entries are given, the simplest first."""


@dataclass(frozen=True)
class Candidate:
    """A point: an entry of the claim, values of the free symbols that matter for it, and an instance of each generic function."""

    entry: ClaimEntry
    constraints: Constraints
    values: Mapping[Any, Fraction]
    functions: Mapping[str, Instance]

    def point(self) -> dict[Any, Fraction]:
        """The values of all symbols: those that are not given are 0, or what the assumptions make of the others."""
        return self.constraints.completed({symbol: self.values.get(symbol, Fraction(0)) for symbol in self.constraints.free})


@dataclass(frozen=True)
class Difference:
    """An accepted candidate: all symbols at its point, and the two values."""

    candidate: Candidate
    point: Mapping[Any, Fraction]
    left: Any
    right: Any

    @cached_property
    def simplicity(self) -> Simplicity:
        """Where it stands in the order of simplicity."""
        intervals = sum(not isinstance(side, Fraction) for side in (self.left, self.right))
        return simplicity(self.point, self.candidate.functions, intervals)


class Simplicity(NamedTuple):
    """The order of simplicity: of two points the one whose tuple is the smaller, and neither where the tuples are equal.

    intervals  how many of the two sides are known as an interval only: a reader can check a rational number
    nonzero    how many numbers are not zero, among the entries of all tensors and the coefficients of the polynomials; a coefficient counts once
               for each argument of its term (2 x^2 has one, x1*x2 two), a constant twice: it shows little of a function
    height     the sum of numerators and denominators of those numbers, without signs
    marks      how many signs and fraction bars they are written with
    functions  the sum of the places of the polynomials among the simple instances

    All parts are natural numbers, so that a sequence of ever simpler points ends.
    """

    intervals: int
    nonzero: int
    height: int
    marks: int
    functions: int


def simplicity(point: Mapping[Any, Fraction], functions: Mapping[str, Instance], intervals: int) -> Simplicity:
    """The place in the order of a point at which so many sides are intervals."""
    instances = functions.values()
    numbers = [value for value in point.values() if value]
    for instance in instances:
        for powers, coefficient in instance.terms:
            numbers.extend([coefficient] * (sum(map(bool, powers)) or 2))
    return Simplicity(
        intervals,
        len(numbers),
        sum(abs(number.numerator) + number.denominator for number in numbers),
        sum((number.numerator < 0) + (number.denominator > 1) for number in numbers),
        sum(simple_instances(instance.arity).index(instance) for instance in instances),
    )
