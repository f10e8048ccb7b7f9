"""A sum over the wrong range or index, one that is missing or one too many."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derivcheck.algebra.dims import Index
from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied, arguments, itself
from derivcheck.language.operators import apply
from derivcheck.language.terms import Apply, D, Entry, Sum, Term, sum_over


def repairs(site: Site) -> Iterator[Build]:
    """The sum over its whole range, without one of its bounds, over another index, left out or put in; softmax along the other axis."""
    node = site.node
    if isinstance(node, Sum):
        yield partial(Sum, node.index, node.body)
        yield partial(Sum, node.index, node.body, node.lower, None)
        yield partial(Sum, node.index, node.body, None, node.upper)
        yield itself(node.body)
        for other in site.indices:
            if other.dim == node.index.dim and other != node.index:
                yield partial(_renamed, node, other)
    elif applied(node, "softmax", "logsumexp") and node.parameters[0] is not None:  # type: ignore[attr-defined]
        yield partial(Apply, node.operator, arguments(node), (1 - node.parameters[0],))  # type: ignore[attr-defined]
    elif applied(node, "mean"):
        yield partial(apply, "total", *arguments(node))
    elif applied(node, "total"):
        yield partial(apply, "mean", *arguments(node))
    if node.free - site.left.free and not isinstance(node, Entry):
        for index in sorted(node.free - site.left.free, key=str):
            yield partial(Sum, index, node)


def _renamed(node: Sum, other: Index) -> Term:
    return Sum(other, node.body)


def example() -> Derivation:
    d = Derivation("wrong-sum", layout="like-variable")
    n = d.dim("n")
    i, j = d.indices("i j", n)
    W, x, g = d.matrix("W", n, n), d.vector("x", n), d.vector("g", n)
    y = d.let("y", W @ x)
    loss = d.let("L", g.T @ y)
    d.claim("wrong", D(loss, x[j]), sum_over(i, W[i, j] * g[i], lower=2))
    d.claim("right", D(loss, x[j]), sum_over(i, W[i, j] * g[i]))
    return d


HINT = Hint(
    name="wrong sum",
    why="the sum runs over all entries through which the variable acts, and over nothing else",
    order=55,
    repairs=repairs,
    example=example,
)
