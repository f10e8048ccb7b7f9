"""What one edit of the right side gives: every line that a hint leads to, and its values at points where the left side was evaluated once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from derivcheck.algebra.dims import IllTyped, Index
from derivcheck.derivation import Derivation
from derivcheck.hints import hints
from derivcheck.hints.record import Hint, Site
from derivcheck.language.rebuilding import Path, positions, subterm
from derivcheck.language.rebuilding import replace as replaced
from derivcheck.language.shapes import SCALAR, same_shape
from derivcheck.language.terms import Array, Derivative, Leaf, Named, Power, Size, Sum, Term
from derivcheck.witnesses.admissibility import Undefined
from derivcheck.witnesses.evaluation import NotEvaluated
from derivcheck.witnesses.points import Point, relative_difference

MOST_FACTORS = 24
CLOSE = 1e-8

Vector = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One edit: the hint, where it is, what stands there and what would stand there, and the right side with it."""

    hint: Hint
    path: Path
    before: Term
    after: Term
    rhs: Term


@dataclass(eq=False)
class Screen:
    """The points at which right sides are compared with the left one."""

    points: Sequence[Point]
    kept: list[Term] = field(default_factory=list)
    """The evaluators remember terms by identity."""

    @cached_property
    def left(self) -> Vector:
        """All values of the left side."""
        return np.concatenate([np.ravel(left) for point in self.points for _, left, _ in point.sides])

    @cached_property
    def scale(self) -> float:
        """What differences are relative to."""
        return float(np.abs(self.left).max()) or 1.0

    def passes(self, term: Term) -> bool:
        """Whether the term has the value of the left side at all points."""
        self.kept.append(term)
        try:
            return all(
                relative_difference(left, point.evaluator(term, place), point.evaluator.magnitude) < CLOSE
                for point in self.points
                for place, left, _ in point.sides
            )
        except (Undefined, NotEvaluated):
            return False

    def values(self, term: Term) -> Vector | None:
        """All values of a term, one for each of `left`; a scalar has one value for all entries. None where it has none at some point."""
        self.kept.append(term)
        found = []
        try:
            for point in self.points:
                for place, left, _ in point.sides:
                    value = np.ravel(point.evaluator(term, place))
                    found.append(np.broadcast_to(value, np.size(left)))
        except (Undefined, NotEvaluated, ValueError):
            return None
        return np.concatenate(found)

    def agree(self, values: Vector) -> bool:
        """Whether these are the values of the left side."""
        return bool(self.vanish(values - self.left))

    def vanish(self, differences: Vector) -> Any:
        """Whether these differences of values are 0; of many rows of them, which ones."""
        return np.abs(differences).max(axis=-1) < CLOSE * self.scale


def candidates(left: Term, right: Term, derivation: Derivation) -> Iterator[Candidate]:
    """Every line that a hint leads to and that fits together, the hints that are told first at every position first."""
    sites = _sites(left, right, derivation)
    for hint in hints():
        for site in sites:
            for build in hint.repairs(site):
                try:
                    after = build()
                    side = replaced(right, site.path, after)
                except IllTyped:
                    continue
                if same_shape(side.shape, left.shape) and side.free <= left.free and not (side.bound & left.free) and not (left.bound & side.free):
                    yield Candidate(hint, site.path, site.node, after, side)


def sizes(derivation: Derivation) -> list[Term]:
    """The dimensions of a derivation as numbers."""
    return [Size(dim) for dim in derivation.dims.values()]


def sizes_and_inverses(derivation: Derivation) -> list[Term]:
    """B and 1/B of every dimension: what sums and averages over it differ by."""
    numbers = sizes(derivation)
    return [*numbers, *(Power(number, Fraction(-1)) for number in numbers)]


def _sites(left: Term, right: Term, derivation: Derivation) -> tuple[Site, ...]:
    symbols: tuple[Leaf | Named, ...] = (*derivation.leaves, *derivation.definitions)
    dims = tuple(sizes(derivation))
    factors = _factors(left, right)
    found = []
    for path, node in positions(right):
        around = [(subterm(right, path[:depth]), position) for depth, position in enumerate(path)]
        if any(isinstance(parent, Derivative) and position == 1 and len(path) > depth + 1 for depth, (parent, position) in enumerate(around)):
            continue
        bound = {index for parent, _ in around for index in _binds(parent)}
        indices = tuple(sorted(left.free | right.free | bound, key=str))
        found.append(Site(node, path, right, left, indices, symbols, dims, factors))
    return tuple(found)


def _binds(node: Term) -> tuple[Index, ...]:
    if isinstance(node, Array):
        return node.indices
    return (node.index,) if isinstance(node, Sum) else ()


def _factors(left: Term, right: Term) -> tuple[Term, ...]:
    """Terms that occur in the line, the smallest first, as factors that may have been forgotten."""
    found: dict[str, Term] = {}
    for side in (right, left):
        for _, node in positions(side):
            if node is not side and not node.bound and len(found) < MOST_FACTORS:
                found.setdefault(repr(node), node)
    return tuple(node for node in found.values() if node.shape != SCALAR or node.names or node.free)
