"""Terms as explicit SymPy arrays of entries, at given sizes of the dimensions.

    explicit(term, {"K": 3})            an array of the full shape: a column is K × 1, a scalar has rank 0
    explicit_sides(claim, {"K": 3})     both sides as sympy.Matrix

Entries are real symbols: W_12 is the entry (1, 2) of W (W_1_2 from size 10 on; {W_1}_2 is entry 2 of a vector called W_1). Positions
count from 1 whatever the base of the index is. A derivative is taken entry by entry with sympy.diff, never with matrix derivatives.

No assumption of a derivation enters here: the entries of a symmetric matrix are independent symbols. So a derivative is the ambient
one, and whoever needs the assumptions puts them into the finished entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Any, Protocol

import sympy

from derivcheck.algebra.dims import IllTyped, Index
from derivcheck.language.printing.explicit_values import Expression, OutOfRange
from derivcheck.language.printing.sympy_entries import Evaluation
from derivcheck.language.subscripts import IndexRelation, slot_indices
from derivcheck.language.terms import Delta, Entry, Slice, Term
from derivcheck.language.walks import children


class Claimed(Protocol):
    """What is needed of a claim: its sides, as terms or as SymPy matrices, and for which of its free indices it is made."""

    @property
    def name(self) -> str: ...
    @property
    def lhs(self) -> Term | None: ...
    @property
    def rhs(self) -> Term | None: ...
    @property
    def explicit(self) -> Any: ...
    @property
    def broken(self) -> str | None: ...
    @property
    def where(self) -> Sequence[IndexRelation]: ...


def explicit(term: Term, sizes: Mapping[str, int], indices: Mapping[Index, int] | None = None) -> Any:
    """The term as a sympy.ImmutableDenseNDimArray of its full shape (rank 0 for a scalar), where its free indices have these positions."""
    return Evaluation(sizes).evaluate(term, indices or {}).array


def free_indices(claim: Claimed) -> tuple[Index, ...]:
    """The free indices of a claim, in the order in which its left side names them."""
    if claim.lhs is None or claim.rhs is None:
        return ()
    free = claim.lhs.free | claim.rhs.free
    ordered = dict.fromkeys(index for index in _written_indices(claim.lhs) if index in free)
    return (*ordered, *sorted(free - ordered.keys(), key=str))


def explicit_sides(claim: Claimed, dims: Mapping[str, int]) -> tuple[Any, Any]:
    """Both sides as sympy.Matrix, at these sizes of the dimensions.

    A scalar is 1 × 1; a tensor of three or more axes has its first axis as rows and the others, row-major, as columns. A claim of entries
    has the values of its free index as rows, of its first two as rows and columns, and for three or more one row for each combination;
    where such a claim is of vectors or matrices, one row for each combination and the entries, row-major, as columns. An entry that does
    not exist (a subscript out of range) or is not claimed (`where`) is nan. Raises IllTyped for a claim without sides.
    """
    if claim.explicit is not None:
        left, right = claim.explicit.matrices()
        return left, right
    if claim.lhs is None or claim.rhs is None:
        raise IllTyped(f"claim {claim.name!r} has no sides: {claim.broken}")
    evaluation = Evaluation(dims)
    return _matrix(claim, claim.lhs, evaluation), _matrix(claim, claim.rhs, evaluation)


def _matrix(claim: Claimed, side: Term, evaluation: Evaluation) -> Any:
    order = free_indices(claim)
    size = evaluation.axes(side.shape)
    if not order:
        entries = evaluation.evaluate(side, {}).entries
        rows = size[0] if size else 1
        return sympy.Matrix(rows, len(entries) // rows, list(entries))
    lines = []
    for positions in product(*(evaluation.range_of(index.dim) for index in order)):
        indices = dict(zip(order, positions, strict=True))
        lines.append(_line(claim, side, evaluation, indices, prod(size)))
    if len(order) == 2 and not size:
        rows = len(evaluation.range_of(order[0].dim))
        return sympy.Matrix(rows, len(lines) // rows, [line[0] for line in lines])
    return sympy.Matrix(lines)


def _line(claim: Claimed, side: Term, evaluation: Evaluation, indices: Mapping[Index, int], width: int) -> list[Expression]:
    if not all(evaluation.holds(relation, indices) for relation in claim.where):
        return [sympy.nan] * width
    try:
        return list(evaluation.evaluate(side, indices).entries)
    except OutOfRange:
        return [sympy.nan] * width


def _written_indices(term: Term) -> Iterator[Index]:
    match term:
        case Entry() | Slice():
            yield from _written_indices(term.tensor)
            for slot in term.slots:
                yield from slot_indices((slot,))
        case Delta():
            yield from (index for slot in (term.left, term.right) for index in slot_indices((slot,)))
        case _:
            for child in children(term):
                yield from _written_indices(child)
