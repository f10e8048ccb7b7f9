"""What evaluation needs to know around a term: where it stands, what it rests on, and where its entries go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from derivcheck.algebra.dims import Index
from derivcheck.language.layout import derivative_axes
from derivcheck.language.shapes import SCALAR, Shape, core
from derivcheck.language.subscripts import IndexRelation, Shift, Slot
from derivcheck.language.terms import Derivative, Leaf, Named, Term
from derivcheck.language.walks import children

Value = Any
"""float, complex or Dual for a scalar; an array of the full shape (a column is n × 1) for everything else."""


def sizes_of(shape: Shape, sizes: Mapping[str, int]) -> tuple[int, ...]:
    """The shape in integers."""
    return tuple(axis.size(sizes) for axis in shape)


def slot_position(slot: Slot, positions: Mapping[Index, Any]) -> Any:
    """The position, counted from 0, that a subscript stands for; it may lie outside the range. Arrays of positions give an array."""
    if isinstance(slot, Index):
        return positions[slot]
    if isinstance(slot, Shift):
        return positions[slot.index] + slot.offset
    return slot - 1


def index_relation_holds(relation: IndexRelation, positions: Mapping[Index, Any]) -> Any:
    """Whether the relation holds between the positions that its subscripts stand for. Arrays of positions give an array."""
    left, right = slot_position(relation.left, positions), slot_position(relation.right, positions)
    match relation.sign:
        case "=":
            return left == right
        case "≠":
            return left != right
        case "≤":
            return left <= right
        case "<":
            return left < right
    raise ValueError(f"unknown relation {relation.sign!r}")


def arrange(jacobian: np.ndarray[Any, Any], term: Derivative, sizes: Mapping[str, int]) -> Value:
    """The derivative in its layout, from its entries with the axes of the function first, then those of the variable.

    Of a stack of Jacobians, which has three axes, it is a stack of derivatives.
    """
    function, variable = core(term.function.shape), core(term.variable.shape)
    offsets = {"f": 0, "v": len(function)}
    axes = derivative_axes(term.function.shape, term.variable.shape, term.layout)
    if jacobian.ndim == 3:
        stack = jacobian.reshape(-1, *sizes_of(function + variable, sizes))
        return stack.transpose([0, *(1 + offsets[kind] + number for kind, number in axes)]).reshape(-1, *sizes_of(term.shape, sizes))
    whole = jacobian.reshape(sizes_of(function + variable, sizes))
    turned = whole.transpose([offsets[kind] + number for kind, number in axes])
    return turned.item() if term.shape == SCALAR else turned.reshape(sizes_of(term.shape, sizes))


@dataclass(eq=False, slots=True)
class Surroundings:
    """Where a term is evaluated: at the point itself, or with the tensor called `moved` perturbed at a nesting level."""

    parent: Surroundings | None = None
    moved: str = ""
    value: Value = None
    level: int = 0
    memory: dict[tuple[Any, ...], Value] = field(default_factory=dict)
    nested: dict[tuple[str, int], Surroundings] = field(default_factory=dict)


@dataclass(eq=False)
class Anatomy:
    """What terms contain, remembered for all points of one claim: their free indices, the names that they rest on, whether they derive."""

    free: dict[int, tuple[Index, ...]] = field(default_factory=dict)
    names: dict[int, frozenset[str]] = field(default_factory=dict)
    derivatives: dict[int, bool] = field(default_factory=dict)

    def free_of(self, term: Term) -> tuple[Index, ...]:
        found = self.free.get(id(term))
        if found is None:
            found = self.free[id(term)] = tuple(term.free)
        return found

    def differentiates(self, term: Term) -> bool:
        """Whether there is a derivative in the term or in the definitions behind it."""
        found = self.derivatives.get(id(term))
        if found is None:
            inside = (term.definition,) if isinstance(term, Named) else children(term)
            found = self.derivatives[id(term)] = isinstance(term, Derivative) or any(map(self.differentiates, inside))
        return found

    def names_of(self, term: Term) -> frozenset[str]:
        """The declared symbols and named intermediates in the term and in the definitions behind it."""
        found = self.names.get(id(term))
        if found is None:
            if isinstance(term, Leaf):
                found = frozenset((term.name,))
            elif isinstance(term, Named):
                found = self.names_of(term.definition) | {term.name}
            else:
                found = frozenset().union(*map(self.names_of, children(term)))
            self.names[id(term)] = found
        return found
