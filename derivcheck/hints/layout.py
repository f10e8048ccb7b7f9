"""The gradient in another layout: right, but not in the layout that the derivation states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivcheck.algebra.dims import IllTyped
from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.hints.proof import proof
from derivcheck.hints.record import Build, Hint, Site, turned
from derivcheck.language.conversion import in_layout
from derivcheck.language.layout import LAYOUTS, Layout
from derivcheck.language.shapes import Shape, same_shape
from derivcheck.language.terms import D, Derivative, Term


def repairs(site: Site) -> Iterator[Build]:
    """The whole right side transposed, where the left side is a derivative."""
    if site.is_whole and isinstance(site.left, Derivative) and len(site.shape) == 2:
        yield lambda: turned(site.node)


def example() -> Derivation:
    d = Derivation("other-layout", layout="numerator")
    n = d.dim("n")
    A, x = d.matrix("A", n, n), d.vector("x", n)
    f = d.let("f", x.T @ A @ x)
    d.claim("wrong", D(f, x), (A + A.T) @ x)
    d.claim("right", D(f, x), x.T @ (A + A.T))
    return d


HINT = Hint(
    name="gradient in the other layout",
    why="in numerator layout the gradient of a scalar by a column is a row, in denominator layout a column; books differ",
    order=12,
    repairs=repairs,
    example=example,
)


def fitting_layouts(claim: Claim, derivation: Derivation, seed: int = 0) -> tuple[Layout, ...]:
    """The layouts, other than the claim's own, in which its left side, or the whole line, would make it true: proved, and tested at points."""
    left = claim.lhs
    if not isinstance(left, Derivative) or claim.rhs is None:
        return ()
    others = (layout for layout in LAYOUTS if layout != left.layout)
    if claim.stated_shape is not None:
        return tuple(other for other in others if _has_shape(left, claim.stated_shape, other))
    return tuple(other for other in others if any(_holds(claim, sides, derivation, seed) for sides in _readings(left, claim.rhs, other)))


def _has_shape(left: Derivative, stated: Shape, other: Layout) -> bool:
    try:
        return same_shape(in_layout(left, other).shape, stated)
    except IllTyped:
        return False  # it cannot be written in this layout


def _readings(left: Derivative, right: Term, other: Layout) -> Iterator[tuple[Term, Term]]:
    """The left side in the other layout; and every derivative of the line in it."""
    try:
        if not right.derives:
            # else the line would speak two layouts at once
            yield Derivative(left.function, left.variable, other), right
        yield in_layout(left, other), in_layout(right, other)
    except IllTyped:
        return  # this reading cannot be written down


def _holds(claim: Claim, sides: tuple[Term, Term], derivation: Derivation, seed: int) -> bool:
    left, right = sides
    if not same_shape(left.shape, right.shape) or left.free != right.free:
        return False
    return proof(replace(claim, lhs=left, rhs=right, broken=None, backprop=None), derivation, seed) is not None
