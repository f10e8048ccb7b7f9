"""Another symbol of the same shape: z for a, the weights for the inputs."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, of_other_symbols
from derivcheck.language.shapes import same_shape
from derivcheck.language.terms import D, Leaf, Named


def repairs(site: Site) -> Iterator[Build]:
    """Another symbol of the same shape, also below an entry or a slice."""

    def may_stand(symbol: Leaf | Named, there: Leaf | Named) -> bool:
        # below an entry, a symbol of the whole shape is put in at the position of the tensor
        return symbol is not there and (there is site.node or site.is_derived_by or not same_shape(symbol.shape, there.shape))

    return of_other_symbols(site, may_stand)


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
