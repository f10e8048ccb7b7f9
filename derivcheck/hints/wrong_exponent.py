"""A power that is wrong: a square that is missing, a reciprocal upside down."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied, arguments, itself
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR
from derivcheck.language.terms import D, Number, Power


def repairs(site: Site) -> Iterator[Build]:
    """x² instead of x, x instead of x², 1/x instead of x; the neighbours of an exponent."""
    node = site.node
    if isinstance(node, Power):
        yield lambda: node.base
        for step in (1, -1, 2, -2):
            if node.exponent + step not in (0, 1):
                yield partial(Power, node.base, node.exponent + step)
        yield partial(Power, node.base, -node.exponent)
    elif node.shape == SCALAR and not isinstance(node, Number):
        for exponent in (2, -1, 3):
            yield partial(Power, node, Fraction(exponent))
    elif applied(node, "power"):
        yield itself(arguments(node)[0])
    elif node.shape != SCALAR and not site.is_whole:
        yield partial(apply, "hadamard", node, node)


def example() -> Derivation:
    d = Derivation("wrong-exponent", layout="like-variable")
    x = d.scalar("x")
    y = d.let("y", apply("tanh", x))
    d.claim("wrong", D(y, x), 1 - y)
    d.claim("right", D(y, x), 1 - y**2)
    return d


HINT = Hint(
    name="wrong exponent",
    why="a square or a reciprocal got lost",
    order=65,
    repairs=repairs,
    example=example,
)
