"""A sign that is wrong: of the whole right side, or of one of its parts."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, is_negative, with_part
from derivcheck.language.operators import apply
from derivcheck.language.terms import Add, D, Power, Term, sum_over


def opposite(term: Term) -> Term:
    return term.body if is_negative(term) else -term


def repairs(site: Site) -> Iterator[Build]:
    """-a instead of a and a instead of -a, for the whole, for every part of a sum, and for the value in one case."""
    node = site.node
    if is_negative(node):
        yield lambda: node.body
    elif isinstance(node, Add):
        for position, part in enumerate(node.terms):
            yield partial(with_part, node, position, opposite(part))
    if (site.is_whole or site.is_case) and not is_negative(node):
        yield lambda: -node


def example() -> Derivation:
    d = Derivation("wrong-sign", layout="like-variable")
    K = d.dim("K")
    i = d.index("i", K)
    y, p = d.vector("y", K), d.vector("p", K)
    d.assume("positive", p)
    loss = d.let("L", -sum_over(i, y[i] * apply("log", p[i])))
    d.claim("wrong", D(loss, p[i]), y[i] * Power(p[i], Fraction(-1)))
    d.claim("right", D(loss, p[i]), -(y[i] * Power(p[i], Fraction(-1))))
    return d


HINT = Hint(
    name="wrong sign",
    why="a minus sign of the loss or of an inner derivative got lost, or was counted twice",
    order=10,
    repairs=repairs,
    example=example,
)
