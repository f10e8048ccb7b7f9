"""The operator record: one file = one operator = one record, every field required."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from derivcheck.algebra.dims import Dim, Index
from derivcheck.language.shapes import Shape, flat
from derivcheck.language.terms import Entry, Slot, Sum, Term

Arguments = tuple[Term, ...]
Parameters = tuple[Any, ...]
Slots = tuple[Slot, ...]
Fresh = Callable[[tuple[Dim, ...]], tuple[Index, ...]]
"""Gives new indices, one for each elementary dimension, that occur nowhere else."""


@dataclass(frozen=True, kw_only=True)
class Operator:
    """One operator, everything that is known about it.

    name        how it is called in Python and in JSON
    kind        "definition": `meaning` says what it is in indices. "axiom": its values and derivative are believed
    arity       the number of term arguments
    shape       (arguments, parameters) -> shape; raises IllTyped, naming both shapes and both places
    meaning     (arguments, parameters, slots, fresh) -> scalar term: the entry at `slots` (one for each elementary axis),
                written with entries of the arguments, sums, deltas and axioms; for an elementwise axiom, that axiom applied
                to the entry of its argument; for an axiom of scalars itself (exp, log, …) None
    latex, text (printed arguments, parameters) -> printed application; the printer brackets arguments below `binds`
    binds       precedence of the arguments' brackets: "sum" < "product" < "prefix" < "atom"; "free" never brackets
    result      precedence of the printed result, in the same order
    numpy       (argument arrays, parameters, result shape as integers) -> array; arrays are two-dimensional for vectors and
                matrices (a column is n x 1), () for scalars; works on real, complex and object (dual number) entries and
                branches on real parts
    sympy       (argument arrays, parameters, result shape as integers) -> array; arrays are sympy.Array of the same shapes
    domain      what each argument's entries must be for the value to exist: "real", "positive", "nonzero", "nonnegative",
                "invertible"
    smooth      what they must be for the derivative to exist, in the same words
    sample      the interval from which test points are drawn, one pair for each argument
    build       the public constructor, derivcheck.<name>(…): takes terms or numbers, and parameters as keywords
    example     () -> a closed or indexed application to fresh leaves, as the table's tests use it
    """

    name: str
    kind: Literal["definition", "axiom"]
    arity: int
    shape: Callable[[Arguments, Parameters], Shape]
    meaning: Callable[[Arguments, Parameters, Slots, Fresh], Term] | None
    latex: Callable[[tuple[str, ...], Parameters], str]
    text: Callable[[tuple[str, ...], Parameters], str]
    binds: Literal["sum", "product", "prefix", "atom", "free"]
    result: Literal["sum", "product", "prefix", "atom"]
    numpy: Callable[[tuple[Any, ...], Parameters, tuple[int, ...]], Any]
    sympy: Callable[[tuple[Any, ...], Parameters, tuple[int, ...]], Any]
    domain: tuple[str, ...]
    smooth: tuple[str, ...]
    sample: tuple[tuple[float, float], ...]
    build: Callable[..., Term]
    example: Callable[[], Term]


def split_slots(slots: Slots, *axes: Dim) -> tuple[Slots, ...]:
    """The slots that belong to each axis: an axis has one slot for each of its elementary dimensions."""
    parts = []
    start = 0
    for axis in axes:
        end = start + len(axis.factors)
        parts.append(slots[start:end])
        start = end
    return tuple(parts)


def entry(term: Term, slots: Slots) -> Term:
    """The entry of a term at flat slots; a scalar is its own entry."""
    return Entry(term, slots) if flat(term.shape) else term


def sum_all(indices: tuple[Index, ...], body: Term) -> Term:
    """The sum over all of `indices`."""
    for index in reversed(indices):
        body = Sum(index, body)
    return body
