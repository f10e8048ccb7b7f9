"""A transpose that is missing."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied
from derivcheck.language.operators import apply
from derivcheck.language.terms import D


def repairs(site: Site) -> Iterator[Build]:
    """Aᵀ instead of A; of an entry the indices change places, which is another mistake."""
    node = site.node
    if len(node.shape) == 2 and not applied(node, "transpose") and not site.is_subscripted:
        yield lambda: apply("transpose", node)


def example() -> Derivation:
    d = Derivation("missing-transpose", layout="like-variable")
    n = d.dim("n")
    W, x = d.matrix("W", n, n), d.vector("x", n)
    y = d.let("y", W @ x)
    g = d.vector("g", n)
    loss = d.let("L", g.T @ y)
    d.claim("wrong", D(loss, x), W @ g)
    d.claim("right", D(loss, x), W.T @ g)
    return d


HINT = Hint(
    name="missing transpose",
    why="a gradient goes back through the transposed matrix, because rows and columns change their roles",
    order=21,
    repairs=repairs,
    example=example,
)
