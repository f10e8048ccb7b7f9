"""Another symbol of the same shape: z for a, the weights for the inputs."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, itself, with_tensor
from derivcheck.language.shapes import flat, same_shape
from derivcheck.language.terms import D, Entry, Leaf, Named, Slice


def repairs(site: Site) -> Iterator[Build]:
    """Another symbol of the same shape, also below an entry or a slice."""
    node = site.node
    if isinstance(node, (Leaf, Named)):
        for symbol in site.symbols:
            if symbol is not node and same_shape(symbol.shape, node.shape):
                yield itself(symbol)
    elif isinstance(node, (Entry, Slice)) and isinstance(node.tensor, (Leaf, Named)):
        for symbol in site.symbols:
            if symbol is not node.tensor and not same_shape(symbol.shape, node.tensor.shape) and flat(symbol.shape) == flat(node.tensor.shape):
                yield partial(with_tensor, node, symbol)


def example() -> Derivation:
    d = Derivation("wrong-symbol", layout="like-variable")
    n = d.dim("n")
    V, W, x, g = d.matrix("V", n, n), d.matrix("W", n, n), d.vector("x", n), d.vector("g", n)
    h = d.let("h", V @ x)
    loss = d.let("L", g.T @ (W @ h))
    d.claim("wrong", D(loss, h), V.T @ g)
    d.claim("right", D(loss, h), W.T @ g)
    return d


HINT = Hint(
    name="wrong symbol",
    why="symbols of one shape fit in the same places, and only one of them belongs there",
    order=45,
    repairs=repairs,
    example=example,
)
