"""What the evaluation of terms as SymPy entries is made of: explicit entries, what they require, positions of subscripts, names of symbols."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal

import sympy

from derivcheck.algebra.dims import Index
from derivcheck.language.subscripts import Shift, Slot

Expression = Any
"""A scalar sympy expression."""


class OutOfRange(ValueError):
    """A subscript leaves its range at these positions: the condition of the entry does not hold there."""


class Ambiguous(ValueError):
    """A derivative inside a derivative by a named intermediate that lies between: holding it fixed and opening it both make sense."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must hold for a written partial operation to have a value: of one expression, or of all entries of a square matrix.

    `of_derivative`: only its derivative requires it. `in_branch`: it is written in a branch that a sign chooses, so that the term has a
    value without it where the other branch is chosen.
    """

    word: Literal["positive", "nonnegative", "nonzero", "invertible"]
    entries: tuple[Expression, ...]
    of_derivative: bool = False
    in_branch: bool = False


@dataclass(frozen=True, slots=True)
class Explicit:
    """The entries of a term in row-major order, the sizes of its axes, and what they require."""

    entries: tuple[Expression, ...]
    size: tuple[int, ...]
    requirements: frozenset[Requirement] = frozenset()

    @property
    def array(self) -> Any:
        return sympy.ImmutableDenseNDimArray(self.entries, self.size) if self.size else sympy.ImmutableDenseNDimArray(self.entries[0])


def scalar(value: Expression) -> Explicit:
    return Explicit((value,), ())


def all_requirements(parts: Sequence[Explicit]) -> frozenset[Requirement]:
    return frozenset[Requirement]().union(*(part.requirements for part in parts))


def with_values(result: Explicit, values: Mapping[Expression, Expression], more: frozenset[Requirement]) -> Explicit:
    entries = tuple(entry.xreplace(values) for entry in result.entries)
    required = {replace(need, entries=tuple(entry.xreplace(values) for entry in need.entries)) for need in result.requirements}
    return Explicit(entries, result.size, more.union(required))


def requirements_of(word: str, argument: Explicit, *, of_derivative: bool = False) -> Iterator[Requirement]:
    match word:
        case "real":
            return
        case "positive" | "nonnegative" | "nonzero":
            yield from (Requirement(word, (entry,), of_derivative) for entry in argument.entries)
        case "invertible":
            yield Requirement(word, argument.entries, of_derivative)
        case _:
            raise ValueError(f"unknown domain {word!r}")


def position_of(slot: Slot, indices: Mapping[Index, int]) -> int:
    if isinstance(slot, int):
        return slot
    return indices[slot.index] + slot.offset if isinstance(slot, Shift) else indices[slot]


def row_major(positions: Sequence[int], sizes: Sequence[int]) -> int:
    offset = 0
    for position, size in zip(positions, sizes, strict=True):
        offset = offset * size + position
    return offset


def entry_names(name: str, axes: Sequence[int]) -> list[str]:
    stem = f"{{{name}}}" if re.search(r"_\d+$|^\{.*\}$", name) else name  # a name that has the braces already is another one
    if not axes:
        return [stem]
    joint = "" if max(axes) < 10 else "_"
    return [f"{stem}_{joint.join(map(str, positions))}" for positions in product(*(range(1, size + 1) for size in axes))]
