"""An identity matrix or a vector of ones of the wrong size."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site
from derivcheck.language.operators import apply
from derivcheck.language.terms import Apply, D, Size


def repairs(site: Site) -> Iterator[Build]:
    """The identity and the ones of another dimension."""
    node = site.node
    if isinstance(node, Apply) and node.operator.name in ("identity", "ones"):
        for size in site.dims:
            if isinstance(size, Size):
                yield partial(apply, node.operator.name, parameters=(size.dim,))


def example() -> Derivation:
    d = Derivation("wrong-dimension", layout="numerator")
    m, n = d.dim("m"), d.dim("n")
    a, x = d.vector("a", m), d.vector("x", n)
    y = d.let("y", a @ x.T @ x)
    d.claim("wrong", D(y, a), (x.T @ x) * apply("identity", parameters=(n,)))
    d.claim("right", D(y, a), (x.T @ x) * apply("identity", parameters=(m,)))
    return d


HINT = Hint(
    name="wrong dimension",
    why="the derivative of a vector by itself is the identity matrix of its own size, and ones are as many as there are entries to be summed",
    order=47,
    repairs=repairs,
    example=example,
)
