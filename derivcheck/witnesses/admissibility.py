"""Where partial operations have a value: the checks that make a point admissible, or name the condition that it misses.

Three zones around the edge of a domain: outside (also 0 up to rounding), so close that rounding would be magnified, and
inside. Only the first says that the condition fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from derivcheck.language.terms import Term

Array = np.ndarray[Any, Any]

NEAR = 1e-8
ROUNDING = 1e-13


class Undefined(Exception):
    """A partial operation has no value at this point: the condition ("log argument positive") and the term that misses it."""

    def __init__(self, condition: str, term: Term | None = None) -> None:
        super().__init__(condition)
        self.condition = condition
        self.term = term


class OutOfRange(Undefined):
    """A subscript leaves its range at these index values, whatever the entries are."""


class Unusable(Undefined):
    """There may be a value, but floating point cannot tell or cannot hold it: it sits next to the edge of a domain, or overflows."""


def _edge(distances: Array, rounding: float, condition: str, term: Term) -> None:
    """Raises unless every distance to the edge of the domain, negative outside, is far from 0."""
    nearest = float(distances.min()) if distances.size else np.inf
    if nearest > NEAR:
        return
    if nearest > rounding:
        raise Unusable(condition, term)
    raise Undefined(condition, term)


def check_positive(array: Array, magnitude: float, condition: str, term: Term) -> None:
    _edge(array, ROUNDING * max(1.0, magnitude), condition, term)


def check_nonzero(array: Array, magnitude: float, condition: str, term: Term) -> None:
    _edge(np.abs(array), ROUNDING * max(1.0, magnitude), condition, term)


def check_nonnegative(array: Array, magnitude: float, condition: str, term: Term) -> None:
    lowest = float(array.min()) if array.size else 0.0
    if lowest >= 0:
        return
    raise (Undefined if lowest < -NEAR else Unusable)(condition, term)


def check_real(array: Array, magnitude: float, condition: str, term: Term) -> None:
    """Every real number will do."""


def check_invertible(array: Array, magnitude: float, condition: str, term: Term) -> None:
    matrix = array.reshape(1, 1) if array.ndim == 0 else array
    spread = float(np.linalg.cond(matrix))
    if spread < 1e4:
        return
    raise (Unusable if spread < 1e12 else Undefined)(condition, term)


CHECKS: Mapping[str, Callable[[Array, float, str, Term], None]] = {
    "real": check_real,
    "positive": check_positive,
    "nonnegative": check_nonnegative,
    "nonzero": check_nonzero,
    "invertible": check_invertible,
}
"""By the words of an operator's `domain` and `smooth`."""


def check_power(base: Array, exponent: Fraction, magnitude: float, term: Term) -> None:
    """A negative exponent needs a base that is not 0, a fractional one a positive base."""
    if exponent.denominator != 1:
        check_positive(base, magnitude, "base positive", term)
    elif exponent < 0:
        check_nonzero(base, magnitude, "base nonzero", term)
