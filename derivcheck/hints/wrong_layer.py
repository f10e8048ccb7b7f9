"""The weights, the pre-activation or the activation of another layer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, of_other_symbols
from derivcheck.language.terms import D, Leaf, Named

_LABEL = re.compile(r"[_^\[({]*\d.*$|[_^].*$")


def repairs(site: Site) -> Iterator[Build]:
    """The symbol of the same letter with another label, also below an entry or a slice: W_2 for W_1."""
    return of_other_symbols(site, are_of_layers)


def are_of_layers(one: Leaf | Named, other: Leaf | Named) -> bool:
    """Whether two symbols have one letter and different labels, as those of two layers have: W_1 and W_2, a and a_2."""
    letters = [_LABEL.sub("", symbol.name) for symbol in (one, other)]
    return one.name != other.name and letters[0] == letters[1] != ""


def example() -> Derivation:
    d = Derivation("wrong-layer", layout="like-variable")
    n = d.dim("n")
    V, W, x, g = d.matrix("W_1", n, n), d.matrix("W_2", n, n), d.vector("x", n), d.vector("g", n)
    h = d.let("h", V @ x)
    loss = d.let("L", g.T @ (W @ h))
    d.claim("wrong", D(loss, h), V.T @ g)
    d.claim("right", D(loss, h), W.T @ g)
    return d


HINT = Hint(
    name="wrong layer",
    why="the gradient at a layer goes back through the weights of the layer after it, and takes the slope at its own pre-activation",
    order=44,
    repairs=repairs,
    example=example,
)
