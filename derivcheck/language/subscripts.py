"""Subscripts: indices, shifted indices and numbers, and relations between them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from derivcheck.algebra.dims import IllTyped, Index


@dataclass(frozen=True, slots=True)
class Shift:
    """An index moved by an integer: i - 1."""

    index: Index
    offset: int

    def __str__(self) -> str:
        return f"{self.index}{self.offset:+d}"


Slot = Index | Shift | int
"""What may stand in an entry's subscript: an index, a shifted index, or a number (counted from the base 1)."""


def slot_indices(slots: Iterable[Slot | None]) -> frozenset[Index]:
    """The free indices of subscripts."""
    found = set()
    for slot in slots:
        if isinstance(slot, Index):
            found.add(slot)
        elif isinstance(slot, Shift):
            found.add(slot.index)
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class IndexRelation:
    """A relation of two subscripts of one dimension: i = j, i != j, i <= j, i < j."""

    left: Slot
    sign: Literal["=", "≠", "≤", "<"]
    right: Slot

    def __post_init__(self) -> None:
        dims = {slot.index.dim if isinstance(slot, Shift) else slot.dim for slot in (self.left, self.right) if not isinstance(slot, int)}
        if len(dims) > 1:
            names = " and ".join(sorted(map(str, dims)))
            raise IllTyped(f"{self.left} {self.sign} {self.right}: the indices range over different dimensions ({names})")

    @property
    def free(self) -> frozenset[Index]:
        return slot_indices((self.left, self.right))
