"""What the operators' NumPy facets share. NumPy is imported inside the functions, because the table is read by commands that never evaluate.

Arrays have float, complex or object entries. Object entries are dual numbers with + - * / **, the methods exp, log, sqrt, sin, cos and
tanh, and `.real`, which is a number or again a dual number. Nothing here takes a conjugate or an absolute value of a complex
number, so that a complex step passes through every facet.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from numbers import Real
from typing import Any

Facet = Callable[[tuple[Any, ...], tuple[Any, ...], tuple[int, ...]], Any]


@dataclass(frozen=True)
class Stackable:
    """A facet that can also compute many results in one go.

    `stack` takes its arguments as stacks, arrays of numbers (not of dual numbers) with one more axis in front, all of one length; the
    result size has that axis too.
    """

    facet: Facet
    stack: Facet

    def __call__(self, arrays: tuple[Any, ...], parameters: tuple[Any, ...], size: tuple[int, ...]) -> Any:
        return self.facet(arrays, parameters, size)


def _real(element: Any) -> float:
    while not isinstance(element, Real):
        element = element.real
    return float(element)


def real_part(array: Any) -> Any:
    """The real parts of all entries, as a float array of the same shape."""
    import numpy as np

    array = np.asarray(array)
    if array.dtype != object:
        return array.real.astype(float)
    return np.array([_real(element) for element in array.reshape(-1)], dtype=float).reshape(array.shape)


def shaped(value: Any, size: tuple[int, ...]) -> Any:
    """The value as an array of that size; a bare number or dual number becomes a rank-0 array."""
    import numpy as np

    if isinstance(value, np.ndarray):
        return value.reshape(size)
    if isinstance(value, (int, float, complex, np.number)):
        return np.asarray(value).reshape(size)
    holder = np.empty((), dtype=object)
    holder[()] = value
    return holder.reshape(size)


def _element(name: str, element: Any) -> Any:
    import numpy as np

    method = getattr(element, name, None)
    return getattr(np, name)(element) if method is None else method()


def function(name: str, array: Any) -> Any:
    """The NumPy function called `name` of every entry; a dual number answers with its own method."""
    import numpy as np

    array = np.asarray(array)
    if array.dtype != object:
        return getattr(np, name)(array)
    result = np.empty(array.size, dtype=object)
    for position, element in enumerate(array.reshape(-1)):
        result[position] = _element(name, element)
    return result.reshape(array.shape)


def power(array: Any, exponent: Fraction) -> Any:
    """Every entry to a rational power: an integer one by multiplication, a fractional one by the principal branch."""
    return array ** (int(exponent) if exponent.denominator == 1 else float(exponent))


def entrywise(rule: Callable[[Any, tuple[Any, ...]], Any]) -> Stackable:
    """The facet that applies a rule (flat array, parameters) -> flat array to all entries of its argument."""

    def facet(arrays: tuple[Any, ...], parameters: tuple[Any, ...], size: tuple[int, ...]) -> Any:
        return shaped(rule(arrays[0].reshape(-1), parameters), size)

    return Stackable(facet, facet)


def named(name: str) -> Stackable:
    """The facet that applies a NumPy function of that name to all entries of its argument."""
    return entrywise(lambda entries, parameters: function(name, entries))


def as_2d(array: Any) -> Any:
    """A scalar as 1 × 1; vectors and matrices as they are."""
    return array.reshape(1, 1) if array.ndim == 0 else array


def stack_of_2d(stack: Any) -> Any:
    """A stack of scalars as one of 1 × 1 matrices; others as they are."""
    return stack.reshape(-1, 1, 1) if stack.ndim == 1 else stack


def coefficient(*words: object) -> float:
    """A number with 1/2 <= |c| <= 3/2 that depends only on the words: what makes a generic function concrete."""
    seed = zlib.crc32("/".join(map(str, words)).encode())
    return (0.5 + (seed >> 1) / 2**31) * (1 if seed & 1 else -1)
