"""Two factors of a matrix product in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied, arguments
from derivcheck.language.operators import apply
from derivcheck.language.terms import D, Term


def repairs(site: Site) -> Iterator[Build]:
    """B A instead of A B, also with one of them or both transposed, and C B A for C A B."""
    node = site.node
    if applied(node, "matmul"):
        left, right = arguments(node)
        for first in (right, *_transposed(right)):
            for second in (left, *_transposed(left)):
                yield partial(apply, "matmul", first, second)
        if applied(left, "matmul"):
            before, middle = arguments(left)
            yield partial(_of_three, before, right, middle)
    if applied(node, "outer"):
        left, right = arguments(node)
        yield partial(apply, "outer", right, left)


def _of_three(first: Term, second: Term, third: Term) -> Term:
    return apply("matmul", apply("matmul", first, second), third)


def _transposed(term: Term) -> tuple[Term, ...]:
    if applied(term, "transpose"):
        return arguments(term)
    return (apply("transpose", term),) if len(term.shape) == 2 else ()


def example() -> Derivation:
    d = Derivation("swapped-factors", layout="like-variable")
    n = d.dim("n")
    A, B, X = d.matrix("A", n, n), d.matrix("B", n, n), d.matrix("X", n, n)
    f = d.let("f", apply("trace", A @ X @ B))
    d.claim("wrong", D(f, X), B.T @ A.T)
    d.claim("right", D(f, X), A.T @ B.T)
    return d


HINT = Hint(
    name="swapped factors",
    why="a matrix product does not commute: what stands in front of a factor stays in front of it, transposed",
    order=30,
    repairs=repairs,
    example=example,
)
