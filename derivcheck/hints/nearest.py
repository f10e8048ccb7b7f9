"""The nearest true formula: what one edit of the right side, or two, make a wrong line true.

Every hint says at every position what could stand there instead. Candidates are screened in floating point; a survivor counts when the algebra
proves it and floating point agrees at points of its own. The verdict never depends on it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.hints import hint_named
from derivcheck.hints.candidates import Candidate, candidates, sizes_and_inverses
from derivcheck.hints.matrix_form import recognised
from derivcheck.hints.pairs import pairs
from derivcheck.hints.proof import is_proved_with
from derivcheck.hints.screen import Screen, screen_of
from derivcheck.hints.tidying import has_nothing, same_up_to_order, tidied
from derivcheck.language.rebuilding import length
from derivcheck.language.terms import Derivative, Term
from derivcheck.language.walks import same_expression, subterms

SECONDS, SECONDS_FOR_PAIRS = 0.3, 0.3
MOST_PROOFS = 6


@dataclass(frozen=True, slots=True)
class Repair:
    """A line that is proved: its right side, and the edits that lead to it, one or two.

    `restates`: the right side is the left one once more, as A B is for A B = B A. Then only the mistake is worth telling.
    """

    rhs: Term
    edits: tuple[Candidate, ...]
    restates: bool = False


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
            repair = _proved(claim, left, (candidate,), derivation, seed)
            if repair is not None:
                return repair
        two = _two_edits(claim, left, right, derivation, screen, found, seed)
        return two or _missing_term(claim, left, right, derivation, screen, seed)


def _missing_term(claim: Claim, left: Term, right: Term, derivation: Derivation, screen: Screen, seed: int) -> Repair | None:
    """The right side and one more term, which is a matrix formula of the derivation's symbols."""
    known = screen.values(right)
    if known is None or right.free or not isinstance(left, Derivative):
        return None
    for term in islice(recognised(right.shape, Screen(screen.points, known=known), derivation, SECONDS), MOST_PROOFS):
        whole = right + term
        repair = _proved(claim, left, (Candidate(hint_named("dropped term"), (), right, whole, whole),), derivation, seed)
        if repair is not None:
            return repair
    return None


def _proved(claim: Claim, left: Term, edits: tuple[Candidate, ...], derivation: Derivation, seed: int) -> Repair | None:
    """What the edits lead to, as it is to be told, where it is proved and says something."""
    rhs, written = tidied(edits[-1].rhs), claim.rhs
    restates = same_up_to_order(rhs, left)
    if written is None or has_nothing(rhs):
        return None
    if restates and (left.derives or len(edits) > 1 or not _takes_back(edits[0], written)):
        return None
    if not restates and _contains(rhs, tidied(left)) and not _contains(written, left):
        return None  # the left side once more, and something beside it
    return Repair(rhs, edits, restates) if is_proved_with(claim, rhs, derivation, seed) else None


def _takes_back(edit: Candidate, written: Term) -> bool:
    """Whether an edit puts nothing in that was not written: it leaves something out, or exchanges two parts. So 2 x becomes x once more."""
    return edit.rhs.names <= written.names and length(tidied(edit.after)) <= length(edit.before) and length(tidied(edit.rhs)) <= length(written)


def _contains(term: Term, part: Term) -> bool:
    return any(same_expression(node, part) for node in subterms(term))


def _two_edits(claim: Claim, left: Term, right: Term, derivation: Derivation, screen: Screen, found: list[Candidate], seed: int) -> Repair | None:
    end = time.process_time() + SECONDS_FOR_PAIRS
    for tried, (first, second) in enumerate(pairs(right, found, sizes_and_inverses(derivation), screen, end)):
        if tried == MOST_PROOFS:
            break
        repair = _proved(claim, left, (first, second), derivation, seed)
        if repair is not None:
            return repair
    return None


def _survivors(left: Term, right: Term, derivation: Derivation, screen: Screen, found: list[Candidate], end: float) -> list[Candidate]:
    """The candidates that agree with the left side at all points, in the order in which they are to be told; `found` receives all."""
    survivors = []
    for candidate in _until(candidates(left, right, derivation), end):
        found.append(candidate)
        if screen.passes(candidate.rhs):
            survivors.append(candidate)
    return sorted(survivors, key=lambda candidate: (candidate.hint.order, length(candidate.rhs), len(candidate.path)))


def _until(items: Iterator[Candidate], end: float) -> Iterator[Candidate]:
    for item in items:
        if time.process_time() > end:
            return
        yield item
