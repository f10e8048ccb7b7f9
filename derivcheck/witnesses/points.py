"""The search for points at which a claim can be evaluated: sizes, values of the symbols, positions of the free indices."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np

from derivcheck.algebra.dims import Dim, Index
from derivcheck.claims import Assumption, Claim
from derivcheck.language.shapes import SCALAR
from derivcheck.language.terms import Leaf, Named, Size, Term
from derivcheck.language.walks import subterms
from derivcheck.witnesses import sampling
from derivcheck.witnesses.admissibility import OutOfRange, Undefined, Unusable
from derivcheck.witnesses.evaluation import Evaluator, NotEvaluated
from derivcheck.witnesses.sampling import NoPoint, Style
from derivcheck.witnesses.surroundings import Anatomy, index_relation_holds

ASSIGNMENTS = 48
"""So many values of the free indices are tried at a point; where there are more, a sample of them."""

ENUMERATED = 2048
"""Where there are more values of the free indices, those are drawn at random instead of being filtered one by one."""

ATTEMPTS = 40
USUAL_ATTEMPTS = 7
NEGLIGIBLE = 1e-9

WHOLE_ATTEMPTS = 8
"""So many draws are made before a point counts that is defined at some values of the free indices only."""


@dataclass(frozen=True, slots=True)
class Point:
    """A point, and the values of both sides at the index values at which they are defined."""

    sizes: Mapping[str, int]
    evaluator: Evaluator
    sides: tuple[tuple[Mapping[Index, int], Any, Any], ...]

    @property
    def dims(self) -> tuple[tuple[str, int], ...]:
        return tuple(sorted(self.sizes.items()))

    @property
    def entries(self) -> int:
        return sum(int(np.size(left)) for _, left, _ in self.sides)

    @property
    def error(self) -> float:
        """The largest relative difference of the sides."""
        return max(relative_difference(left, right, self.evaluator.magnitude) for _, left, right in self.sides)


    @property
    def shows_something(self) -> bool:
        """Whether a side is not negligible beside the numbers that it is computed from: else a wrong factor could not be seen."""
        largest = max(float(np.max(np.abs(value), initial=0.0)) for _, left, right in self.sides for value in (left, right))
        return largest > NEGLIGIBLE * self.evaluator.magnitude


def relative_difference(left: Any, right: Any, magnitude: float) -> float:
    """max |l − r| relative to the larger side, or to a thousandth of the numbers behind both where they are small.

    Raises NotEvaluated where it is not a finite number, which is neither agreement nor disagreement.
    """
    if isinstance(left, np.ndarray) or isinstance(right, np.ndarray):
        scale = max(float(np.max(np.abs(left))), float(np.max(np.abs(right))), 1e-3 * magnitude)
        difference = float(np.max(np.abs(np.asarray(left) - np.asarray(right))))
    else:
        scale = max(float(abs(left)), float(abs(right)), 1e-3 * magnitude)
        difference = float(abs(left - right))
    if not np.isfinite(difference):
        raise NotEvaluated("a difference that is not a finite number")
    return difference / scale if scale else difference


@dataclass(eq=False)
class Search:
    """Points of one claim with sides. `missed` are the conditions and assumptions that draws did not meet, `unusable` says
    that some were only too close to an edge for floating point."""

    claim: Claim
    lhs: Term
    rhs: Term
    assumptions: tuple[Assumption, ...]
    random: np.random.Generator
    anatomy: Anatomy = field(default_factory=Anatomy)
    missed: dict[tuple[str, int], Undefined | None] = field(default_factory=dict)
    unusable: list[Unusable] = field(default_factory=list)

    def __post_init__(self) -> None:
        nodes = list({id(node): node for side in (self.lhs, self.rhs) for node in subterms(side, open_names=True)}.values())
        self.leaves = [node for node in nodes if isinstance(node, Leaf)]
        self.names = [node for node in nodes if isinstance(node, Named)]
        self.free = sorted(self.lhs.free | self.rhs.free, key=str)
        self.symbols = sorted(frozenset[str]().union(*map(_symbols, nodes)))
        self.scalars = [leaf for leaf in self.leaves if leaf.shape == SCALAR]
        self.ranges = sampling.ranges_of(nodes)

    def point(self, sizes: Mapping[str, int], number: int | None = None, *, unusual: bool = False) -> Point | None:
        """An admissible point at these sizes, or None; one that is defined at all index values is preferred.

        With a `number`, the first draw has the signs of that row of a table in which any two scalars have all pairs of signs; for an
        `unusual` point it has small, large, positive or negative values instead, in turn.
        """
        assignments = self._assignments(sizes)
        if not assignments:
            self.missed.update({(f"{relation.left} {relation.sign} {relation.right}", 0): None for relation in self.claim.where})
            return None
        best: Point | None = None
        for attempt in range(ATTEMPTS):
            try:
                leaves = self._draw(sizes, partial(self._style, attempt, number, unusual))
            except NoPoint as problem:
                self.missed.update({(name, 0): None for name in problem.failed})
                return best
            point, whole = self._evaluate(sizes, leaves, assignments)
            if point is not None and (best is None or len(point.sides) > len(best.sides)):
                best = point
            if best is not None and (whole or attempt + 1 >= WHOLE_ATTEMPTS):
                return best
        return best

    def point_at_zero(self, sizes: Mapping[str, int]) -> Point | None:
        """A point with scalars and entries that are exactly 0, where that is admissible: the edge of a case, which other draws miss."""
        try:
            leaves = self._draw(sizes, lambda leaf: "zero" if self._about(leaf, "positive", "nonzero") is None else "general")
        except NoPoint:
            return None
        return self._evaluate(sizes, leaves, self._assignments(sizes))[0]

    def _about(self, leaf: Leaf, *kinds: str) -> Assumption | None:
        """The first assumption of one of these kinds on the symbol."""
        return next((assumption for assumption in self.assumptions if assumption.tensor is leaf and assumption.kind in kinds), None)

    def _draw(self, sizes: Mapping[str, int], style: Callable[[Leaf], Style]) -> dict[str, Any]:
        values = {}
        for leaf in self.leaves:
            about = [assumption for assumption in self.assumptions if assumption.tensor is leaf]
            values[leaf.name] = sampling.draw(leaf, sizes, about, style(leaf), self.ranges.get(leaf.name), self.random)
        return values

    def _style(self, attempt: int, number: int | None, unusual: bool, leaf: Leaf) -> Style:
        """Of both signs first, then nearer to what the operators ask for, then anything for each symbol."""
        if attempt == 0 and number is not None and unusual:
            return sampling.UNUSUAL[number % len(sampling.UNUSUAL)]
        if attempt == 0 and number is not None and leaf in self.scalars:
            return "negative" if (number & (self.scalars.index(leaf) % 7 + 1)).bit_count() % 2 else "positive"
        if attempt < USUAL_ATTEMPTS and not unusual:
            return "general" if attempt < 3 else "guided" if attempt < 5 else "positive"
        return sampling.STYLES[int(self.random.integers(len(sampling.STYLES)))]

    def _assignments(self, sizes: Mapping[str, int]) -> list[dict[Index, int]]:
        """The positions of the free indices that meet the claim's relations, all or a sample."""
        ranges = [index.dim.size(sizes) for index in self.free]
        if math.prod(ranges) <= ENUMERATED:
            places = np.indices(ranges).reshape(len(ranges), math.prod(ranges)).T
        else:
            places = self.random.integers(ranges, size=(ENUMERATED, len(ranges)))
        columns = dict(zip(self.free, places.T, strict=True))
        allowed = np.ones(len(places), dtype=bool)
        for relation in self.claim.where:
            allowed &= index_relation_holds(relation, columns)
        places = places[allowed]
        if len(places) > ASSIGNMENTS:
            places = places[np.sort(self.random.choice(len(places), ASSIGNMENTS, replace=False))]
        return [dict(zip(self.free, place, strict=True)) for place in places.tolist()]

    def _evaluate(self, sizes: Mapping[str, int], leaves: Mapping[str, Any], assignments: list[dict[Index, int]]) -> tuple[Point | None, bool]:
        """The point if it is defined at some index values, and whether the values of the symbols exclude no others."""
        evaluator = Evaluator(leaves, sizes, self.anatomy)
        with suppress(Undefined, NotEvaluated):  # what it may be is found below, one value of the indices after the other
            both = evaluator.at_all(assignments, self.lhs, self.rhs)
            return Point(sizes, evaluator, tuple((at, left, right) for at, (left, right) in zip(assignments, both, strict=True))), True
        evaluator = Evaluator(leaves, sizes, self.anatomy)
        sides = []
        whole = True
        for positions in assignments:
            try:
                left, right = evaluator(self.lhs, positions), evaluator(self.rhs, positions)
            except Unusable as problem:
                self.unusable.append(problem)
                whole = False
            except Undefined as problem:
                self.missed[problem.condition, id(problem.term)] = problem
                whole = whole and isinstance(problem, OutOfRange)
            else:
                sides.append((positions, left, right))
        return (Point(sizes, evaluator, tuple(sides)) if sides else None), whole


def _symbols(node: Term) -> frozenset[str]:
    """The dimension symbols that a node mentions."""
    dims: Iterable[Dim] = (*node.shape, *(index.dim for index in node.free | node.bound), *((node.dim,) if isinstance(node, Size) else ()))
    return frozenset[str]().union(*(dim.symbols for dim in dims))
