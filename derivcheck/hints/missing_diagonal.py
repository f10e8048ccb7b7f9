"""A vector of slopes where the diagonal matrix of them should stand."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied, arguments
from derivcheck.language.operators import apply
from derivcheck.language.shapes import is_vector
from derivcheck.language.terms import D


def repairs(site: Site) -> Iterator[Build]:
    """diag(v) instead of v, a column or a row."""
    node = site.node
    if is_vector(site.shape) and not applied(node, "ones"):
        yield lambda: apply("diag", arguments(node)[0] if applied(node, "transpose") else node)


def example() -> Derivation:
    d = Derivation("missing-diagonal", layout="numerator")
    m, n = d.dim("m"), d.dim("n")
    W, x = d.matrix("W", m, n), d.vector("x", n)
    y = d.let("y", W @ apply("elementwise", x, parameters=("g", 0)))
    slope = apply("elementwise", x, parameters=("g", 1))
    d.claim("wrong", D(y, x), W @ slope)
    d.claim("right", D(y, x), W @ apply("diag", slope))
    return d


HINT = Hint(
    name="missing diagonal matrix",
    why="an elementwise function has a diagonal Jacobian: its slopes stand on the diagonal, and a product with it is a Hadamard product of rows "
    "or columns",
    order=36,
    repairs=repairs,
    example=example,
)
