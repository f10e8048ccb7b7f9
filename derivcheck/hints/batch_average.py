"""An average for a sum, or a sum for an average: 1/B missing, or one too many."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied, arguments, itself, missing_factor, with_scaled_part
from derivcheck.language.operators import apply
from derivcheck.language.terms import Add, D, Power, Scale, Size, Term, size, sum_over


def repairs(site: Site) -> Iterator[Build]:
    """a/n instead of a, n a instead of a, and a instead of either, for a dimension n."""
    node = site.node
    if isinstance(node, Scale):
        if is_dimension(node.factor):
            yield lambda: node.body
        elif is_dimension(node.body):
            yield lambda: node.factor
    if site.is_whole:
        for dim in site.dims:
            yield partial(Scale, Power(dim, Fraction(-1)), node)
            yield partial(Scale, dim, node)
    if isinstance(node, Add):
        for position in range(len(node.terms)):
            for dim in site.dims:
                for factor in (Power(dim, Fraction(-1)), dim):
                    yield partial(with_scaled_part, node, position, factor)
    if isinstance(node, Size):
        for dim in site.dims:
            yield itself(dim)
    if applied(node, "mean"):
        yield partial(apply, "total", *arguments(node))
    elif applied(node, "total"):
        yield partial(apply, "mean", *arguments(node))


def is_dimension(term: Term) -> bool:
    return isinstance(term, Size) or (isinstance(term, Power) and isinstance(term.base, Size))


def example() -> Derivation:
    d = Derivation("batch-average", layout="like-variable")
    B = d.dim("B")
    i, j = d.indices("i j", B)
    x = d.vector("x", B)
    loss = d.let("L", sum_over(i, x[i] ** 3) / size(B))
    d.claim("wrong", D(loss, x[j]), 3 * x[j] ** 2)
    d.claim("right", D(loss, x[j]), 3 * x[j] ** 2 / size(B))
    return d


HINT = Hint(
    name="average for sum",
    why="a loss that is averaged over B examples has gradients that are averaged, too; one that is summed has not",
    order=50,
    repairs=repairs,
    example=example,
    detail=missing_factor,
)
