"""A sum that begins or ends at the wrong place."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site
from derivcheck.language.subscripts import Shift, Slot
from derivcheck.language.terms import D, Sum, sum_over


def repairs(site: Site) -> Iterator[Build]:
    """The sum over its whole range, without one of its bounds, or with a bound at an index or one place further."""
    node = site.node
    if not isinstance(node, Sum):
        return
    yield partial(Sum, node.index, node.body)
    yield partial(Sum, node.index, node.body, node.lower, None)
    yield partial(Sum, node.index, node.body, None, node.upper)
    for index in site.indices:
        if index.dim == node.index.dim and index != node.index:
            for bound in (index, Shift(index, 1), Shift(index, -1)):
                yield partial(Sum, node.index, node.body, bound, node.upper)
                yield partial(Sum, node.index, node.body, node.lower, bound)
    yield from (partial(Sum, node.index, node.body, lower, node.upper) for lower in _next_to(node.lower))
    yield from (partial(Sum, node.index, node.body, node.lower, upper) for upper in _next_to(node.upper))


def _next_to(bound: Slot | None) -> tuple[Slot, ...]:
    match bound:
        case None:
            return ()
        case int():
            return tuple(value for value in (bound - 1, bound + 1) if value > 0)
        case Shift():
            return (bound.index,)
    return ()


def example() -> Derivation:
    d = Derivation("wrong-bound", layout="like-variable")
    n = d.dim("n")
    i, j = d.indices("i j", n)
    W, x, g = d.matrix("W", n, n), d.vector("x", n), d.vector("g", n)
    y = d.let("y", W @ x)
    loss = d.let("L", g.T @ y)
    d.claim("wrong", D(loss, x[j]), sum_over(i, W[i, j] * g[i], lower=2))
    d.claim("right", D(loss, x[j]), sum_over(i, W[i, j] * g[i]))
    return d


HINT = Hint(
    name="wrong sum bound",
    why="a sum runs over all entries through which the variable acts: where it begins and ends is a part of the formula",
    order=54,
    repairs=repairs,
    example=example,
)
