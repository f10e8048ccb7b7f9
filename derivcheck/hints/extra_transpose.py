"""A transpose that is one too many."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied, arguments
from derivcheck.language.terms import D


def repairs(site: Site) -> Iterator[Build]:
    """A instead of Aᵀ."""
    if applied(site.node, "transpose"):
        yield lambda: arguments(site.node)[0]


def example() -> Derivation:
    d = Derivation("extra-transpose", layout="like-variable")
    n = d.dim("n")
    W, x, g = d.matrix("W", n, n), d.vector("x", n), d.vector("g", n)
    y = d.let("y", W.T @ x)
    loss = d.let("L", g.T @ y)
    d.claim("wrong", D(loss, x), W.T @ g)
    d.claim("right", D(loss, x), W @ g)
    return d


HINT = Hint(
    name="extra transpose",
    why="what stands transposed in the formula comes back as it is, and so it is not transposed once more",
    order=20,
    repairs=repairs,
    example=example,
)
