"""One product for another: the Hadamard product for the matrix product, the outer for the inner one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied, arguments
from derivcheck.language.operators import apply
from derivcheck.language.terms import D, Term

PRODUCTS = ("hadamard", "matmul", "outer")


def repairs(site: Site) -> Iterator[Build]:
    """Another product of the same two factors, one of them transposed if that is needed."""
    node = site.node
    if not applied(node, *PRODUCTS):
        return
    left, right = arguments(node)
    for name in PRODUCTS:
        if applied(node, name):
            continue
        yield partial(apply, name, left, right)
        if name != "outer":
            yield partial(_turned, name, left, right, 0)
            yield partial(_turned, name, left, right, 1)


def _turned(name: str, left: Term, right: Term, which: int) -> Term:
    return apply(name, apply("transpose", left), right) if which == 0 else apply(name, left, apply("transpose", right))


def example() -> Derivation:
    d = Derivation("other-product", layout="like-variable")
    n = d.dim("n")
    W, X, G = d.matrix("W", n, n), d.matrix("X", n, n), d.matrix("G", n, n)
    loss = d.let("L", apply("total", apply("hadamard", G, W @ X)))
    d.claim("wrong", D(loss, W), apply("hadamard", G, X.T))
    d.claim("right", D(loss, W), G @ X.T)
    return d


HINT = Hint(
    name="one product for another",
    why="an elementwise function gives a Hadamard product, a matrix that mixes entries gives a matrix product",
    order=35,
    repairs=repairs,
    example=example,
)
