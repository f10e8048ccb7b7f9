"""The entries of a claim: both sides as expressions, and what they require."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from derivcheck.algebra.dims import Index
from derivcheck.derivation import Claim
from derivcheck.language.printing.sympy_entries import Evaluation, OutOfRange, Requirement
from derivcheck.language.printing.sympy_matrix import free_indices

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


def explicit_entries(claim: Claim) -> list[ClaimEntry]:
    """The entries of a claim that its author states as SymPy matrices."""
    left, right = claim.explicit.left, claim.explicit.right  # type: ignore[union-attr]
    rows, columns = left.shape
    return [
        ClaimEntry((), (i + 1, j + 1), left[i, j], right[i, j], frozenset()) for i in range(rows) for j in range(columns)
    ]
