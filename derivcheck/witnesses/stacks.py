"""Many values in one go: a stack has one more axis in front, with a place for each entry that is moved, or for each value of the indices.

Where a term is evaluated with a stack of moved tensors, or with an index that has many positions, the value of every term that rests on
them is a stack too; whatever else it is combined with is one value for all places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from derivcheck.language.operators.numpy_parts import Stackable
from derivcheck.language.terms import Apply
from derivcheck.witnesses.perturbation import STEP
from derivcheck.witnesses.surroundings import Value

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, eq=False, slots=True)
class Sweep:
    """Many values of the free indices at once: so many."""

    count: int


def as_number(holds: Any) -> Value:
    """1 where something holds and 0 where it does not."""
    return holds.astype(float) if isinstance(holds, np.ndarray) else float(holds)


def chosen(sizes: tuple[int, ...], positions: Sequence[Any], sweep: Sweep) -> Array:
    """The flat places of the part of a tensor with these positions of its axes, None for a whole one: a row for each place of the sweep."""
    places = np.arange(prod(sizes)).reshape(sizes)

    def at(lane: int) -> Array:
        slots = (slice(None) if place is None else place[lane] if isinstance(place, np.ndarray) else place for place in positions)
        return np.ravel(places[tuple(slots)])

    return np.stack([at(lane) for lane in range(sweep.count)])


def in_range(position: Any, size: int) -> bool:
    """Whether a position, or every one of an array of them, lies in an axis of this size."""
    if isinstance(position, np.ndarray):
        return bool(position.min() >= 0 and position.max() < size)
    return bool(0 <= position < size)


def entry_of(tensor: Array, sizes: tuple[int, ...], positions: Sequence[Any], stacked: bool) -> Value:
    """The entry at these positions, some of which may be arrays of positions, of a tensor or of each in a stack."""
    swept = any(isinstance(position, np.ndarray) for position in positions)
    if stacked:
        return tensor.reshape(-1, *sizes)[(np.arange(len(tensor)) if swept else slice(None), *positions)]
    return tensor.reshape(sizes)[tuple(positions)] if swept else tensor.reshape(sizes).item(*positions)


def column_of(matrix: Array, column: Any) -> Array:
    """The column at a position, or the columns at an array of positions, of a matrix or of each in a stack."""
    return row_of(matrix.swapaxes(-1, -2), column).swapaxes(-1, -2)


def row_of(matrix: Array, row: Any) -> Array:
    """The row at a position, or the rows at an array of positions, of a matrix or of each in a stack."""
    if not isinstance(row, np.ndarray):
        return matrix[..., [row], :]
    rows = matrix[row] if matrix.ndim == 2 else matrix[np.arange(len(matrix)), row]
    return rows[:, np.newaxis, :]


def moved_everywhere(start: Array) -> Array:
    """A stack of copies of the tensor, each with an imaginary step at another entry."""
    count = start.size
    moved = np.broadcast_to(start.astype(complex).reshape(1, count), (count, count)).copy()
    np.einsum("ii->i", moved)[:] += STEP * 1j
    return moved.reshape(count, *start.shape)


def is_stack(value: Value, rank: int) -> bool:
    """Whether the value of a term with so many axes is a stack of values."""
    return bool(np.ndim(value) > rank)


def stack_tangents(result: Value, rank: int, count: int) -> Array:
    """What the entries of a result gain, one row each, when the entry grows by 1 that was moved at a place of the stack: the columns."""
    if not is_stack(result, rank):
        return np.zeros((np.size(result), count))
    return np.asarray(result).imag.reshape(count, -1).T / STEP


def product(factor: Value, body: Array, rank: int) -> Array:
    """A scalar, or a stack of scalars, times a tensor or a stack of tensors with so many axes."""
    array = np.asarray(factor)
    return (array.reshape(-1, *[1] * rank) if array.ndim else array) * body


def in_array(entries: Sequence[Value], sizes: tuple[int, ...]) -> Array:
    """The tensor, or the stack of tensors, with these entries; each is a number or a stack of numbers."""
    count = max((len(entry) for entry in entries if is_stack(entry, 0)), default=None)
    if count is None:
        return np.array(entries).reshape(sizes)
    return np.stack([np.broadcast_to(entry, count) for entry in entries], axis=-1).reshape(count, *sizes)


def applied(term: Apply, arrays: Sequence[Array], parameters: tuple[Any, ...], size: tuple[int, ...], count: int) -> Array:
    """The operator at every place of the stack."""
    stacks = tuple(
        array if is_stack(array, len(argument.shape)) else np.broadcast_to(array, (count, *array.shape))
        for array, argument in zip(arrays, term.arguments, strict=True)
    )
    facet = term.operator.numpy
    if isinstance(facet, Stackable):
        return np.asarray(facet.stack(stacks, parameters, (count, *size)))
    return np.stack([np.asarray(facet(tuple(stack[place, ...] for stack in stacks), parameters, size)) for place in range(count)])
