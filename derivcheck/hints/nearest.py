"""The nearest true formula: what one edit of the right side, or two, make a wrong line true.

Every hint says at every position what could stand there instead. Candidates are screened in floating point; a survivor counts when the algebra
proves it and floating point agrees at points of its own. The verdict never depends on it.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.hints.candidates import Candidate, Screen, candidates, sizes_and_inverses
from derivcheck.hints.pairs import pairs
from derivcheck.hints.proof import is_proved_with
from derivcheck.language.rebuilding import positions
from derivcheck.language.terms import Term
from derivcheck.witnesses.evaluation import NotEvaluated
from derivcheck.witnesses.points import Point, Search

SIZES = (2, 3, 4)
SECONDS, SECONDS_FOR_PAIRS = 0.3, 0.3
MOST_PROOFS = 6


@dataclass(frozen=True, slots=True)
class Repair:
    """A line that is proved: its right side, and the edits that lead to it, one or two."""

    rhs: Term
    edits: tuple[Candidate, ...]


def nearest(claim: Claim, derivation: Derivation, seed: int = 0, seconds: float = SECONDS) -> Repair | None:
    """The first proved line that one hint leads to, else two; None where none was found within the budget."""
    left, right = claim.lhs, claim.rhs
    if left is None or right is None or claim.stated_shape is not None or claim.explicit is not None:
        return None
    with np.errstate(all="ignore"):
        screen = screen_of(claim, left, derivation, seed)
        if not screen.points:
            return None
        found: list[Candidate] = []
        survivors = _survivors(left, right, derivation, screen, found, time.process_time() + seconds)
        for candidate in survivors[:MOST_PROOFS]:
            if is_proved_with(claim, candidate.rhs, derivation, seed):
                return Repair(candidate.rhs, (candidate,))
        return _two_edits(claim, right, derivation, screen, found, seed)


def _two_edits(claim: Claim, right: Term, derivation: Derivation, screen: Screen, found: list[Candidate], seed: int) -> Repair | None:
    end = time.process_time() + SECONDS_FOR_PAIRS
    for tried, (first, second) in enumerate(pairs(right, found, sizes_and_inverses(derivation), screen, end)):
        if tried == MOST_PROOFS:
            break
        if is_proved_with(claim, second.rhs, derivation, seed):
            return Repair(second.rhs, (first, second))
    return None


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


def _survivors(left: Term, right: Term, derivation: Derivation, screen: Screen, found: list[Candidate], end: float) -> list[Candidate]:
    """The candidates that agree with the left side at all points, in the order in which they are to be told; `found` receives all."""
    survivors = []
    for candidate in _until(candidates(left, right, derivation), end):
        found.append(candidate)
        if screen.passes(candidate.rhs):
            survivors.append(candidate)
    return sorted(survivors, key=lambda candidate: (candidate.hint.order, sum(1 for _ in positions(candidate.rhs)), len(candidate.path)))


def _until(items: Iterator[Candidate], end: float) -> Iterator[Candidate]:
    for item in items:
        if time.process_time() > end:
            return
        yield item
