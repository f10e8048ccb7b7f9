"""Two edits where one does not suffice: an edit and a factor before the whole, or an edit in each of two terms of a sum.

What one edit leaves of the difference tells which second edit could close it, so that no pair has to be tried in vain.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import reduce
from operator import add

import numpy as np

from derivcheck.hints import hint_named
from derivcheck.hints.candidates import Candidate
from derivcheck.hints.screen import Screen, Vector
from derivcheck.language.rebuilding import length
from derivcheck.language.terms import Add, Number, Scale, Term

FACTORS = tuple(map(Fraction, ("-1", "2", "1/2", "3", "1/3", "4", "1/4", "-2", "-1/2")))

INSERTING = {"dropped term", "dropped factor"}
"""Mistakes that are undone by putting something in: with two of them nearly every line could be made true."""

Pair = tuple[Candidate, Candidate]


def pairs(right: Term, found: Sequence[Candidate], dims: Sequence[Term], screen: Screen, end: float) -> list[Pair]:
    """Pairs of edits that make the right side agree with the left one at all points, the ones to be told first at the beginning.

    The second one is made to what the first one leaves; `dims` are the dimensions and their inverses.
    """
    in_terms = _in_two_terms(right, found, screen, end) if isinstance(right, Add) else ()
    both = [*in_terms, *_with_factor(found, dims, screen, end)]
    both = [pair for pair in both if not {edit.hint.name for edit in pair} <= INSERTING]
    return sorted(both, key=lambda pair: (pair[0].hint.order + pair[1].hint.order, length(pair[1].rhs)))


def _with_factor(found: Sequence[Candidate], dims: Sequence[Term], screen: Screen, end: float) -> Iterator[Pair]:
    """An edit, and a constant, a dimension or a sign before the whole."""
    factors: list[Term] = [*map(Number, FACTORS), *dims]
    named = {"sign": hint_named("wrong sign"), "constant": hint_named("constant factor"), "dimension": hint_named("average for sum")}
    values = [(factor, screen.values(factor)) for factor in factors]
    for candidate in found:
        if time.process_time() > end:
            return
        value = screen.values(candidate.rhs)
        if value is None:
            continue
        for factor, number in values:
            if number is not None and screen.agree(number * value):
                kind = "sign" if isinstance(factor, Number) and factor.value == -1 else "constant" if isinstance(factor, Number) else "dimension"
                whole = Scale(factor, candidate.rhs)
                yield candidate, Candidate(named[kind], (), candidate.rhs, whole, whole)


def _in_two_terms(right: Add, found: Sequence[Candidate], screen: Screen, end: float) -> Iterator[Pair]:
    """An edit in each of two terms of the right side, which is a sum."""
    parts = [screen.values(term) for term in right.terms]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return
    total = reduce(add, known)
    edits: dict[int, list[tuple[Candidate, Vector]]] = {}
    for candidate in found:
        if time.process_time() > end:
            break
        place = _changed_term(right, candidate.rhs)
        if place is not None and isinstance(candidate.rhs, Add):
            value = screen.values(candidate.rhs.terms[place])
            if value is not None:
                edits.setdefault(place, []).append((candidate, value - known[place]))
    missing = screen.left - total
    for position, firsts in edits.items():
        for other, seconds in edits.items():
            if other <= position:
                continue
            changes = np.array([change for _, change in seconds])
            for candidate, change in firsts:
                fits = screen.vanish(changes - (missing - change))
                for fitting in np.flatnonzero(fits):
                    second = seconds[fitting][0]
                    if isinstance(candidate.rhs, Add) and isinstance(second.rhs, Add):
                        terms = list(candidate.rhs.terms)
                        terms[other] = second.rhs.terms[other]
                        yield candidate, Candidate(second.hint, second.path, second.before, second.after, Add(tuple(terms)))


def _changed_term(before: Add, after: Term) -> int | None:
    """The place of the only term of a sum that an edit changed; None where it changed something else."""
    if not isinstance(after, Add) or len(after.terms) != len(before.terms):
        return None
    changed = [place for place, (one, other) in enumerate(zip(before.terms, after.terms, strict=True)) if one is not other]
    return changed[0] if len(changed) == 1 else None
