"""The points at which candidates are compared with the left side, which is evaluated there once.

A candidate that passes is believed only when it is proved.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.language.terms import Term
from derivcheck.witnesses.admissibility import Undefined
from derivcheck.witnesses.evaluation import NotEvaluated
from derivcheck.witnesses.points import Point, Search, relative_difference

SIZES = (2, 3, 4)
CLOSE = 1e-8

Vector = np.ndarray[Any, Any]


@dataclass(eq=False)
class Screen:
    """The points at which right sides are compared with the left one, or with what a part of the right side leaves of it."""

    points: Sequence[Point]
    kept: list[Term] = field(default_factory=list)
    """The evaluators remember terms by identity."""
    known: Vector | float = 0.0
    """The values of that part."""

    @cached_property
    def left(self) -> Vector:
        """All values of the left side, without what is known of it."""
        return np.concatenate([np.ravel(left) for point in self.points for _, left, _ in point.sides]) - self.known

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
        """All values of a term, one for each of `left`; a scalar has one value for all entries.

        None where it has no value at some point, or another free index.
        """
        self.kept.append(term)
        found = []
        try:
            for point in self.points:
                for place, left, _ in point.sides:
                    if not term.free <= place.keys():
                        return None
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


def screen_of(claim: Claim, left: Term, derivation: Derivation, seed: int) -> Screen:
    """Two points at which the left side has a value, if there are any."""
    random = np.random.default_rng([seed, zlib.crc32(claim.name.encode()), 7])
    search = Search(replace(claim, rhs=left, broken=None), left, left, tuple(derivation.assumptions), random)
    search.leaves, dims = list(derivation.leaves), sorted({*derivation.dims, *search.symbols})  # a repair may use what the line does not
    found: list[Point] = []
    for turn in (0, 1):
        sizes = {symbol: SIZES[(number + turn) % len(SIZES)] for number, symbol in enumerate(dims)}
        try:
            point = search.point(sizes)
        except NotEvaluated:
            continue
        if point is not None:
            found.append(point)
    return Screen(found)
