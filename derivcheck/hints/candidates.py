"""What one edit of the right side gives: every line that a hint leads to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from derivcheck.algebra.dims import IllTyped, Index
from derivcheck.derivation import Derivation
from derivcheck.hints import hints
from derivcheck.hints.record import Hint, Site
from derivcheck.language.rebuilding import Path, positions, subterm
from derivcheck.language.rebuilding import replace as replaced
from derivcheck.language.shapes import SCALAR, same_shape
from derivcheck.language.terms import Array, Derivative, Leaf, Named, Power, Size, Sum, Term

MOST_FACTORS = 24


@dataclass(frozen=True, slots=True)
class Candidate:
    """One edit: the hint, where it is, what stands there and what would stand there, and the right side with it."""

    hint: Hint
    path: Path
    before: Term
    after: Term
    rhs: Term


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
