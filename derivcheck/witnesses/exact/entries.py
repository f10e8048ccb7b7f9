"""The entries of a claim: both sides as expressions, and what they require."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy

from derivcheck.algebra.dims import Index
from derivcheck.claims import Claim, ExplicitMatrices
from derivcheck.language.printing.explicit_values import OutOfRange, Requirement
from derivcheck.language.printing.sympy_entries import Evaluation
from derivcheck.language.printing.sympy_matrix import free_indices
from derivcheck.witnesses.exact.packed_polynomials import Stopped

Expression = Any


@dataclass(frozen=True)
class ClaimEntry:
    """One entry of both sides, at positions of the free indices; positions count from 1."""

    indices: tuple[tuple[Index, int], ...]
    entry: tuple[int, ...]
    left: Expression
    right: Expression
    requirements: frozenset[Requirement]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Everything that is evaluated at a point."""
        return (self.left, self.right, *(entry for need in self.requirements for entry in need.entries))


def index_values(claim: Claim, evaluation: Evaluation) -> list[dict[Index, int]]:
    """The positions of the free indices for which the claim is made."""
    order = free_indices(claim)
    combinations = (dict(zip(order, positions, strict=True)) for positions in product(*(evaluation.range_of(index.dim) for index in order)))
    return [indices for indices in combinations if all(evaluation.holds(relation, indices) for relation in claim.where)]


def entries_at(claim: Claim, evaluation: Evaluation, indices: dict[Index, int]) -> Iterator[ClaimEntry]:
    """The entries at these positions of the free indices; none where a subscript leaves its range."""
    if claim.lhs is None or claim.rhs is None:
        return
    try:
        left, right = evaluation.evaluate(claim.lhs, indices), evaluation.evaluate(claim.rhs, indices)
    except OutOfRange:
        return
    required = frozenset(need for need in left.requirements | right.requirements if not need.of_derivative)
    places = product(*(range(1, size + 1) for size in left.size))
    for place, first, second in zip(places, left.entries, right.entries, strict=True):
        yield ClaimEntry(tuple(indices.items()), place, first, second, required)


def explicit_entries(explicit: ExplicitMatrices) -> list[ClaimEntry]:
    """The entries of a claim that its author states as SymPy matrices, with derivatives and sums carried out. Raises IllTyped, Stopped."""
    left, right = explicit.matrices()
    rows, columns = left.shape
    places = [(i, j) for i in range(rows) for j in range(columns)]
    return [ClaimEntry((), (i + 1, j + 1), _carried_out(left[i, j]), _carried_out(right[i, j]), frozenset()) for i, j in places]


def symbols_of(entries: Sequence[ClaimEntry]) -> list[Expression]:
    """The symbols of an author's own matrices, by name. Raises Stopped for a symbol that is more than a real variable with a sign."""
    found = sorted({symbol for entry in entries for side in (entry.left, entry.right) for symbol in side.free_symbols}, key=str)
    for symbol in found:
        special = (symbol.is_integer, symbol.is_rational, symbol.is_irrational, symbol.is_algebraic)
        if symbol.is_real is False or symbol.is_commutative is False or symbol.is_zero or any(known is not None for known in special):
            raise Stopped(f"the symbol {symbol} is not a real variable: no values are chosen for it")
    if len({str(symbol) for symbol in found}) < len(found):
        raise Stopped("two symbols have one name")
    return found


def _carried_out(expression: Expression) -> Expression:
    expression = sympy.sympify(expression, strict=True)
    if expression.has(sympy.MatrixExpr):
        raise Stopped("a matrix expression inside an entry is not evaluated: SymPy's matrix derivatives are not relied on")
    return expression.doit() if expression.has(sympy.Derivative, sympy.Sum, sympy.Product) else expression
