"""Where in a sum two sides differ: the terms of each side that the other one does not have."""

from __future__ import annotations

import zlib

import numpy as np

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.language.terms import Add, Term
from derivcheck.witnesses.admissibility import Undefined
from derivcheck.witnesses.evaluation import NotEvaluated
from derivcheck.witnesses.points import Point, Search, relative_difference

SIZES = (2, 3, 4)
SAME = 1e-9


def differing_terms(claim: Claim, derivation: Derivation, seed: int = 0) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The terms of the left sum that have no equal one on the right, and the other way round; nothing where no side is a sum, or all differ.

    Which terms are equal is decided in floating point: it says where to look, and is no verdict.
    """
    left, right = claim.lhs, claim.rhs
    if left is None or right is None or claim.broken is not None or not (isinstance(left, Add) and isinstance(right, Add)):
        return (), ()
    search = Search(claim, left, right, tuple(derivation.assumptions), np.random.default_rng([seed, zlib.crc32(claim.name.encode()), 5]))
    sizes = {symbol: SIZES[number % len(SIZES)] for number, symbol in enumerate(search.symbols)}
    try:
        with np.errstate(all="ignore"):
            point = search.point(sizes)
            if point is None:
                return (), ()
            ours, theirs = list(left.terms), list(right.terms)
            for term in left.terms:
                twin = next((other for other in theirs if _same(term, other, point)), None)
                if twin is not None:
                    ours.remove(term)
                    theirs.remove(twin)
    except (Undefined, NotEvaluated):
        return (), ()
    matched = len(ours) < len(left.terms)
    return (tuple(ours), tuple(theirs)) if matched else ((), ())


def _same(one: Term, other: Term, point: Point) -> bool:
    return all(
        relative_difference(point.evaluator(one, place), point.evaluator(other, place), point.evaluator.magnitude) < SAME
        for place, _, _ in point.sides
    )
