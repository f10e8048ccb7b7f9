"""The floating-point witness: both sides of a claim as written, at random points that meet its assumptions and conditions.

Derivatives are complex steps of the forward computation (see `evaluation`), so agreement means agreement near machine
precision. It shares no code with the index algebra or with exact arithmetic.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.language.terms import Term
from derivcheck.verdict import Numeric
from derivcheck.witnesses import explicit_matrices, own_size, reference
from derivcheck.witnesses.admissibility import Undefined
from derivcheck.witnesses.evaluation import NotEvaluated, OverBudget
from derivcheck.witnesses.points import Point, Search
from derivcheck.witnesses.reference import NotCompared
from derivcheck.witnesses.surroundings import sizes_of

AGREES = 1e-9
"""The largest relative difference that rounding explains."""

DISAGREES = 1e-6
"""The smallest relative difference that rounding does not explain; in between, the witness says nothing."""

SIZE_CHOICES = ((2, 3, 4, 5), (2, 3), (2,))
"""The sizes of the dimensions; the smaller ones where the larger take too long."""

MAIN_POINTS = 3
SIGNED_POINTS = 8
"""So many points there are at least where scalars occur: all pairs of their signs."""

MORE_POINTS = 12
"""So many more points are drawn until every relu, and every case, has been met on both sides of its kink."""


def witness(claim: Claim, derivation: Derivation, seed: int = 0) -> Numeric:
    """What floating point says of the claim at a few random admissible points; the same points for the same seed.

    disagrees     at one of the points the sides (or the right side and the reference network) differ beyond rounding
    agrees        at all points they do not
    None          no admissible point (`inadmissible` names what was not met), or `stopped` says why nothing can be said
    """
    began = time.perf_counter()
    try:
        with np.errstate(all="ignore"):
            found = _witness(claim, derivation, seed)
            if claim.own_sizes and found.status == "agrees":
                found = _at_own_size(claim, derivation, seed, found)
    except (NotEvaluated, NotCompared) as problem:
        found = Numeric(None, stopped=str(problem))
    return replace(found, seconds=time.perf_counter() - began)


def _at_own_size(claim: Claim, derivation: Derivation, seed: int, found: Numeric) -> Numeric:
    """What was found, and the comparison at the claim's own sizes; where it cannot be made, only what was found, and why."""
    try:
        compared = own_size.compare(claim, derivation, np.random.default_rng(seed))
    except (Undefined, NotEvaluated, NotCompared) as problem:
        return replace(found, stopped=f"not compared at the claim's own sizes: {problem}")
    worst = max(compared.error, compared.reference_error or 0.0)
    if worst > DISAGREES:
        stopped = "the sides differ at the claim's own sizes"
        return replace(found, status="disagrees", error=worst, dims=compared.dims, own_size=compared, stopped=stopped)
    if worst > AGREES:
        stopped = f"inconclusive at the claim's own sizes: a relative difference of {worst:.1e}"
        return replace(found, status=None, own_size=compared, stopped=stopped)
    return replace(found, own_size=compared)


def _witness(claim: Claim, derivation: Derivation, seed: int) -> Numeric:
    random = np.random.default_rng([seed, zlib.crc32(claim.name.encode())])
    if claim.broken is not None:
        return Numeric(None, stopped="the claim is ill-typed")
    if claim.explicit is not None:
        return explicit_matrices.witness(claim.explicit, random, AGREES, DISAGREES)
    if claim.lhs is None or claim.rhs is None:
        return Numeric(None, stopped="the claim has no two sides to evaluate")
    for choice in SIZE_CHOICES:
        try:
            return _compare(Search(claim, claim.lhs, claim.rhs, tuple(derivation.assumptions), random), choice)
        except OverBudget as problem:
            stopped = str(problem)
    return Numeric(None, stopped=stopped)


def _main_sizes(symbols: Sequence[str], choice: tuple[int, ...], count: int, random: np.random.Generator) -> list[dict[str, int]]:
    """Sizes that differ from each other as long as there are enough of them."""
    rounds = -(-len(symbols) // len(choice))
    return [dict(zip(symbols, (int(size) for _ in range(rounds) for size in random.permutation(choice)), strict=False)) for _ in range(count)]


def _compare(search: Search, choice: tuple[int, ...]) -> Numeric:
    count = max(MAIN_POINTS, min(SIGNED_POINTS, 2 ** (len(search.scalars) + 1) if search.scalars else 0))
    main = _main_sizes(search.symbols, choice, count, search.random)
    points: list[Point] = []
    for point in _present(search.point(sizes, number) for number, sizes in enumerate(main)):
        points.append(point)
        if point.error > DISAGREES:
            return _decide(search, points)  # further points would not change that
    ones = [{**main[number % MAIN_POINTS], symbol: 1} for number, symbol in enumerate(search.symbols)]
    points += _present(map(search.point, ones))
    if not points and search.symbols:
        # square or trivial sizes may be the only admissible ones
        points = [*_present(search.point(dict.fromkeys(search.symbols, size)) for size in (2, 3, 1))]
    if not points:
        return _nothing(search)
    if search.claim.guard is not None and not any(_claims_something(search.claim.guard, point) for point in points):
        return Numeric(None, inadmissible=(f"{_text(search.claim.guard)} = 1",))
    points += _beyond_kinks(search, points, main)
    points += _present(map(search.point_at_zero, main[:2]))
    return _decide(search, points)


def _claims_something(guard: Term, point: Point) -> bool:
    """Whether the guard of a claim is not 0 at the point, at some values of its indices."""
    return any(point.evaluator(guard, positions) != 0 for positions, _, _ in point.sides)


def _present(points: Iterable[Point | None]) -> Iterator[Point]:
    return (point for point in points if point is not None)


def _beyond_kinks(search: Search, points: Sequence[Point], main: Sequence[Mapping[str, int]]) -> list[Point]:
    """More points, where a relu or a case has been met on one side only."""
    signs: dict[int, set[bool]] = {}
    for point in points:
        _collect_signs(signs, point)
    more: list[Point] = []
    for number in range(MORE_POINTS):
        if all(len(met) == 2 for met in signs.values()):
            break
        for found in _present([search.point(main[number % MAIN_POINTS], number, unusual=True)]):
            more.append(found)
            _collect_signs(signs, found)
    return more


def _collect_signs(signs: dict[int, set[bool]], point: Point) -> None:
    for node, met in point.evaluator.signs.items():
        signs.setdefault(node, set()).update(met)


def _decide(search: Search, points: Sequence[Point]) -> Numeric:
    entries = sum(point.entries for point in points)
    other = _of_another_shape(search.claim, points)
    if other is not None:
        return Numeric("disagrees", len(points), entries, float("inf"), other.dims, stopped="an array is not of the stated shape")
    worst = max(points, key=lambda point: point.error)
    if worst.error > DISAGREES:
        return Numeric("disagrees", len(points), entries, worst.error, worst.dims)
    error = worst.error
    if search.claim.backprop is not None:
        error = max(error, reference.difference(search.claim, search.claim.backprop, points, search.names))
        if error > DISAGREES:
            return Numeric("disagrees", len(points), entries, error, worst.dims, stopped="the right side differs from the reference network")
    if not error <= AGREES:
        return Numeric(None, len(points), entries, error, worst.dims, stopped=f"inconclusive: a relative difference of {error:.1e}")
    faint = not any(point.shows_something for point in points)
    return Numeric("agrees", len(points), entries, error, points[0].dims, backprop=search.claim.backprop is not None, faint=faint)


def _of_another_shape(claim: Claim, points: Sequence[Point]) -> Point | None:
    """A point at which the values are not arrays of the shape that the claim states; None where it states none."""
    if claim.stated_shape is None:
        return None
    for point in points:
        stated = sizes_of(claim.stated_shape, point.sizes)
        if any(np.shape(value) != stated for _, left, right in point.sides for value in (left, right)):
            return point
    return None


def _nothing(search: Search) -> Numeric:
    if search.unusable:
        return Numeric(None, stopped=f"only points that floating point cannot tell from inadmissible ones: {_words(search.unusable[-1])}")
    words = [name if problem is None else _words(problem) for (name, _), problem in search.missed.items()]
    return Numeric(None, inadmissible=tuple(dict.fromkeys(words)))


def _words(problem: Undefined) -> str:
    """The condition that was missed, and the term that missed it."""
    return problem.condition if problem.term is None else f"{problem.condition}: {_text(problem.term)}"


def _text(term: Term) -> str:
    from derivcheck.language.printing.text import text  # only a message needs it

    return text(term)
