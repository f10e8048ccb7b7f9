"""The operands of ⊙ do not lie in the same way: a row beside a column, a matrix beside a transposed one."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied, arguments, turned
from derivcheck.language.operators import apply
from derivcheck.language.terms import D


def repairs(site: Site) -> Iterator[Build]:
    """Aᵀ ⊙ B and A ⊙ Bᵀ instead of A ⊙ B."""
    if applied(site.node, "hadamard"):
        left, right = arguments(site.node)
        yield lambda: apply("hadamard", turned(left), right)
        yield lambda: apply("hadamard", left, turned(right))


def example() -> Derivation:
    d = Derivation("entrywise-layout", layout="like-variable")
    n = d.dim("n")
    Z, E = d.matrix("Z", n, n), d.matrix("E", n, n)
    H = d.let("H", apply("elementwise", Z, parameters=("g", 0)))
    loss = d.let("L", apply("total", apply("hadamard", E, H)))
    slope = apply("elementwise", Z, parameters=("g", 1))
    d.claim("wrong", D(loss, Z), apply("hadamard", E.T, slope))
    d.claim("right", D(loss, Z), apply("hadamard", E, slope))
    return d


HINT = Hint(
    name="wrong layout of ⊙ operands",
    why="an entrywise product multiplies entries in the same place, so that both operands have to lie in the same way",
    order=19,
    repairs=repairs,
    example=example,
)
