"""A sum that is missing, or one too many."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied, itself
from derivcheck.language.operators.ones import ones
from derivcheck.language.rebuilding import at_another_index
from derivcheck.language.shapes import is_vector
from derivcheck.language.terms import D, Entry, Sum, sum_over


def repairs(site: Site) -> Iterator[Build]:
    """The sum left out, or put in over an index that is not on the left side, or over another one of the line; a matrix summed over rows or columns.

    What was summed without need stands at an index of the left side: 2 x_j for 2 Σ_i x_i.
    """
    node = site.node
    if isinstance(node, Sum):
        yield itself(node.body)
        for index in sorted(site.left.free, key=str):
            if index.dim == node.index.dim:
                yield partial(at_another_index, node.body, node.index, index)
    if node.free - site.left.free and (site.is_whole or not isinstance(node, Entry)):
        for index in sorted(node.free - site.left.free, key=str):
            yield partial(Sum, index, node)
    if len(node.shape) == 2 and not is_vector(node.shape) and not applied(node, "ones", "identity"):
        rows, columns = map(ones, node.shape)
        yield lambda: node.T @ rows
        yield lambda: node @ columns
        yield lambda: rows.T @ node
        yield lambda: columns.T @ node.T


def example() -> Derivation:
    d = Derivation("wrong-sum", layout="like-variable")
    n = d.dim("n")
    i, j = d.indices("i j", n)
    W, x = d.matrix("W", n, n), d.vector("x", n)
    loss = d.let("L", sum_over(i, sum_over(j, W[i, j] * x[j])))
    d.claim("wrong", D(loss, x[j]), W[i, j])
    d.claim("right", D(loss, x[j]), sum_over(i, W[i, j]))
    return d


HINT = Hint(
    name="missing sum",
    why="a variable that acts through many entries gets a sum over all of them, and no other sum",
    order=55,
    repairs=repairs,
    example=example,
    detail=lambda before, after: "it is one too many" if isinstance(before, Sum) else "",
)
