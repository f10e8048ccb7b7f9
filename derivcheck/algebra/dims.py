"""Dimensions and indices.

A dimension is an integer >= 1, given as a number or as a symbol that stands for every such integer.
An index ranges over exactly one elementary dimension; two indices of different dimensions never mix.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import NoReturn


class IllTyped(ValueError):
    """Shapes, index ranges or kinds do not fit. The message names both shapes and both places."""


@dataclass(frozen=True, slots=True)
class Dim:
    """A dimension: an ordered product of symbols and integers.

    One factor is an elementary dimension (K, 3). No factor is the literal 1. Several factors are the
    composite axis of a vec or a Kronecker product, slowest first: vec of an n x m matrix has (m, n).
    """

    factors: tuple[str | int, ...]

    @staticmethod
    def of(name_or_size: str | int | Dim) -> Dim:
        """The dimension written as a name, a size >= 1, or itself. Raises IllTyped for a size below 1."""
        if isinstance(name_or_size, Dim):
            return name_or_size
        if isinstance(name_or_size, bool) or not isinstance(name_or_size, (int, str)):
            raise IllTyped(f"a dimension is a name or an integer, not {name_or_size!r}")
        if isinstance(name_or_size, int):
            if name_or_size < 1:
                raise IllTyped(f"a dimension is an integer >= 1, not {name_or_size}")
            return Dim(()) if name_or_size == 1 else Dim((name_or_size,))
        if not name_or_size:
            raise IllTyped("a dimension needs a name")
        return Dim((name_or_size,))

    def __mul__(self, other: Dim) -> Dim:
        return Dim(self.factors + other.factors) if isinstance(other, Dim) else NotImplemented

    def _refuse_number(self, other: int | Fraction) -> NoReturn:
        raise TypeError(f"a dimension in arithmetic is a number: write size({self}) instead of {self}")

    __radd__ = __rsub__ = __rmul__ = __rtruediv__ = _refuse_number

    @property
    def is_one(self) -> bool:
        return not self.factors

    @property
    def elementary(self) -> tuple[Dim, ...]:
        """The elementary dimensions of which this one is the product, slowest first."""
        return tuple(Dim((factor,)) for factor in self.factors)

    @property
    def value(self) -> int | None:
        """The size, if every factor is an integer."""
        size = 1
        for factor in self.factors:
            if isinstance(factor, str):
                return None
            size *= factor
        return size

    @property
    def symbols(self) -> frozenset[str]:
        return frozenset(factor for factor in self.factors if isinstance(factor, str))

    def same_size(self, other: Dim) -> bool:
        """Whether both have the same size for every value of the symbols (mk and km do)."""
        return self._size_key() == other._size_key()

    def _size_key(self) -> tuple[int, tuple[str, ...]]:
        number = 1
        names = []
        for factor in self.factors:
            if isinstance(factor, int):
                number *= factor
            else:
                names.append(factor)
        return number, tuple(sorted(names))

    def size(self, sizes: Mapping[str, int]) -> int:
        """The size where each symbol has the size that `sizes` gives. Raises KeyError for a missing one."""
        result = 1
        for factor in self.factors:
            result *= sizes[factor] if isinstance(factor, str) else factor
        return result

    def __str__(self) -> str:
        return "·".join(str(factor) for factor in self.factors) or "1"


ONE = Dim(())


@dataclass(frozen=True, slots=True)
class Index:
    """An index i that ranges over one elementary dimension, from `base` (0 or 1)."""

    name: str
    dim: Dim
    base: int = 1

    def __str__(self) -> str:
        return self.name
