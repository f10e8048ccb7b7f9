"""Summed over the wrong axis: over the rows instead of the columns, over another index."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derivcheck.algebra.dims import Index
from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied, arguments
from derivcheck.language.operators import apply
from derivcheck.language.operators.ones import ones
from derivcheck.language.terms import Apply, D, Sum, Term


def repairs(site: Site) -> Iterator[Build]:
    """The sum over another index of the same range; softmax along the other axis; Aᵀ 1 instead of A 1, and 1ᵀ Aᵀ instead of 1ᵀ A, with as many
    ones as there are rows or columns to be summed, as a column or as a row."""
    node = site.node
    if isinstance(node, Sum):
        for other in site.indices:
            if other.dim == node.index.dim and other != node.index:
                yield partial(_renamed, node, other)
    elif applied(node, "softmax", "logsumexp") and node.parameters[0] is not None:  # type: ignore[attr-defined]
        yield partial(Apply, node.operator, arguments(node), (1 - node.parameters[0],))  # type: ignore[attr-defined]
    elif applied(node, "matmul"):
        left, right = arguments(node)
        if applied(right, "ones") and len(left.shape) == 2:
            rows = ones(left.shape[0])
            yield lambda: left.T @ rows
            yield lambda: rows.T @ left
        if _is_row_of_ones(left) and len(right.shape) == 2:
            columns = ones(right.shape[1])
            yield lambda: columns.T @ right.T
            yield lambda: right @ columns


def _renamed(node: Sum, other: Index) -> Term:
    return Sum(other, node.body)


def _is_row_of_ones(term: Term) -> bool:
    return applied(term, "transpose") and applied(arguments(term)[0], "ones")


def example() -> Derivation:
    d = Derivation("wrong-axis", layout="like-variable")
    n = d.dim("n")
    X, G, b = d.matrix("X", n, n), d.matrix("G", n, n), d.vector("b", n)
    Z = d.let("Z", X + ones(n) @ b.T)
    loss = d.let("L", apply("total", apply("hadamard", G, Z)))
    d.claim("wrong", D(loss, b), G @ ones(n))
    d.claim("right", D(loss, b), G.T @ ones(n))
    return d


HINT = Hint(
    name="summed over the wrong axis",
    why="what is used for every example is summed over the examples, and what is used for every unit over the units",
    order=18,
    repairs=repairs,
    example=example,
)
