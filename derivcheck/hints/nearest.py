"""The nearest true formula: what one edit of the right side makes a wrong line true.

Every hint says at every position what could stand there instead. Candidates are screened in floating point at points where the left side was
evaluated once; a survivor counts when the algebra proves it and floating point agrees at points of its own. The verdict never depends on it.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from derivcheck.algebra.dims import IllTyped, Index
from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.hints import hints
from derivcheck.hints.proof import proof
from derivcheck.hints.record import Hint, Site
from derivcheck.language.rebuilding import Path, positions, subterm
from derivcheck.language.rebuilding import replace as replaced
from derivcheck.language.shapes import SCALAR, same_shape
from derivcheck.language.terms import Array, Derivative, Leaf, Named, Size, Sum, Term
from derivcheck.witnesses.admissibility import Undefined
from derivcheck.witnesses.evaluation import NotEvaluated
from derivcheck.witnesses.points import Point, Search, relative_difference

SIZES = (2, 3, 4)
SECONDS = 0.3
MOST_FACTORS = 24
MOST_PROOFS = 6
CLOSE = 1e-8


@dataclass(frozen=True, slots=True)
class Repair:
    """A line that is proved and differs from the written one by one edit: the mistake, the right side, and what changes where."""

    hint: Hint
    rhs: Term
    path: Path
    before: Term
    after: Term


@dataclass(frozen=True, slots=True)
class _Candidate:
    hint: Hint
    path: Path
    before: Term
    after: Term
    rhs: Term


def nearest(claim: Claim, derivation: Derivation, seed: int = 0, seconds: float = SECONDS) -> Repair | None:
    """The first proved line that one hint leads to; None where none was found within the budget."""
    left, right = claim.lhs, claim.rhs
    if left is None or right is None or claim.stated_shape is not None or claim.explicit is not None:
        return None
    end = time.process_time() + seconds
    with np.errstate(all="ignore"):
        points = _points(claim, left, derivation, seed)
        if not points:
            return None
        survivors = _survivors(left, right, derivation, points, end)
    for candidate in survivors[:MOST_PROOFS]:
        if proof(replace(claim, rhs=candidate.rhs, broken=None, backprop=None, own_sizes=()), derivation, seed) is not None:
            return Repair(candidate.hint, candidate.rhs, candidate.path, candidate.before, candidate.after)
    return None


def _points(claim: Claim, left: Term, derivation: Derivation, seed: int) -> list[Point]:
    """Two points at which the left side has a value."""
    random = np.random.default_rng([seed, zlib.crc32(claim.name.encode()), 7])
    search = Search(replace(claim, rhs=left, broken=None), left, left, tuple(derivation.assumptions), random)
    search.leaves, dims = list(derivation.leaves), sorted({*derivation.dims, *search.symbols})  # a repair may use what the line does not
    found = []
    for turn in (0, 1):
        sizes = {symbol: SIZES[(number + turn) % len(SIZES)] for number, symbol in enumerate(dims)}
        try:
            point = search.point(sizes)
        except NotEvaluated:
            continue
        if point is not None:
            found.append(point)
    return found


def _survivors(left: Term, right: Term, derivation: Derivation, points: list[Point], end: float) -> list[_Candidate]:
    """The candidates that agree with the left side at all points, in the order in which they are to be told."""
    found: list[_Candidate] = []
    kept: list[Term] = []  # the evaluator remembers terms by identity
    for candidate in _candidates(left, right, derivation):
        if time.process_time() > end:
            break
        kept.append(candidate.rhs)
        if all(_agrees(candidate.rhs, point) for point in points):
            found.append(candidate)
    return sorted(found, key=lambda candidate: (candidate.hint.order, sum(1 for _ in positions(candidate.rhs)), len(candidate.path)))


def _agrees(term: Term, point: Point) -> bool:
    try:
        return all(relative_difference(left, point.evaluator(term, place), point.evaluator.magnitude) < CLOSE for place, left, _ in point.sides)
    except (Undefined, NotEvaluated):
        return False


def _candidates(left: Term, right: Term, derivation: Derivation) -> Iterator[_Candidate]:
    """Every line that a hint leads to and that fits together, the hints that are told first at every position first."""
    for hint in hints():
        for site in _sites(left, right, derivation):
            for build in hint.repairs(site):
                try:
                    after = build()
                    side = replaced(right, site.path, after)
                except IllTyped:
                    continue
                if same_shape(side.shape, left.shape) and side.free <= left.free and not (side.bound & left.free) and not (left.bound & side.free):
                    yield _Candidate(hint, site.path, site.node, after, side)


def _sites(left: Term, right: Term, derivation: Derivation) -> tuple[Site, ...]:
    symbols: tuple[Leaf | Named, ...] = (*derivation.leaves, *derivation.definitions)
    dims = tuple(Size(dim) for dim in derivation.dims.values())
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
