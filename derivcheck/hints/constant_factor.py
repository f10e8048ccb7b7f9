"""A constant factor that is missing, or one too many: 2, ½, 3."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, missing_factor, with_scaled_part
from derivcheck.language.terms import Add, D, Number, Power, Scale, Term

CONSTANTS = tuple(map(Fraction, ("2", "1/2", "3", "1/3", "4", "1/4")))


def is_number(term: Term) -> bool:
    if isinstance(term, Power):
        return is_number(term.base)
    return isinstance(term, Number) and term.value != -1


def repairs(site: Site) -> Iterator[Build]:
    """c a instead of a, and a instead of c a, for the whole, for the parts of sums, the arguments of functions and for numbers that are written."""
    node = site.node
    if isinstance(node, Scale):
        if is_number(node.factor):
            yield lambda: node.body
        elif is_number(node.body):
            yield lambda: node.factor
    elif isinstance(node, Number) and node.value not in (0, 1, -1):
        for value in (*(node.value * factor for factor in CONSTANTS), *map(Fraction, range(1, 6))):
            yield partial(Number, value)
    if site.is_whole and isinstance(node, Number):
        yield from (partial(Number, value) for value in map(Fraction, (0, 1, -1)) if value != node.value)
    if site.is_whole or site.is_argument:
        for factor in CONSTANTS:
            yield partial(Scale, Number(factor), node)
    if isinstance(node, Add):
        for position in range(len(node.terms)):
            for factor in CONSTANTS:
                yield partial(with_scaled_part, node, position, Number(factor))


def example() -> Derivation:
    d = Derivation("constant-factor", layout="like-variable")
    n = d.dim("n")
    x, y = d.vector("x", n), d.vector("y", n)
    f = d.let("f", (x - y).T @ (x - y))
    d.claim("wrong", D(f, x), x - y)
    d.claim("right", D(f, x), 2 * (x - y))
    return d


HINT = Hint(
    name="constant factor",
    why="the 2 of a square comes down, and a ½ in front of the loss takes it away again",
    order=40,
    repairs=repairs,
    example=example,
    detail=missing_factor,
)
