"""The sides of a claim: built from what an author gives, and fit for each other."""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.algebra.dims import IllTyped, Index
from derivcheck.claims import Side
from derivcheck.language.places import Place
from derivcheck.language.shapes import Shape, describe, same_shape
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import Term, as_term


class SideFailed(Exception):
    """An author's function that builds a side raised something of its own: that claim's error, and the rest of the file goes on."""


def built(side: Side) -> Term:
    """The term of a side. Raises IllTyped for what does not fit, SideFailed for anything else that the author's function raises."""
    if not callable(side):
        return as_term(side)
    try:
        operand = side()
    except IllTyped:
        raise
    except Exception as failure:
        raise SideFailed(f"building its sides raised {type(failure).__name__}: {failure}") from failure
    return as_term(operand)


def check_sides(left: Term, right: Term) -> None:
    """Raises IllTyped unless both sides have one shape and the same free indices."""
    if not same_shape(left.shape, right.shape):
        raise IllTyped(
            f"the left side is {describe(left.shape)} (written at {left.place}), "
            f"the right side {describe(right.shape)} (written at {right.place})"
        )
    if not (left.free <= right.free or right.free <= left.free):
        only_left, only_right = (", ".join(sorted(map(str, free))) for free in (left.free - right.free, right.free - left.free))
        raise IllTyped(
            f"index {only_left} is free on the left side only (written at {left.place}), {only_right} on the right side only "
            f"(written at {right.place})"
        )
    clash = (left.free & right.bound) | (right.free & left.bound)
    if clash:
        raise IllTyped(f"index {min(clash, key=str)} is free on one side and bound on the other; rename the bound one")


def check_stated_shape(term: Term, stated: Shape) -> None:
    """Raises IllTyped unless the term has the stated shape."""
    if not same_shape(term.shape, stated):
        raise IllTyped(f"the term is {describe(term.shape)} (written at {term.place}), and it is said to be {describe(stated)}")


def check_where(name: str, place: Place, where: Sequence[IndexRelation], free: frozenset[Index]) -> None:
    """Raises IllTyped for a condition on an index that is not free in the claim."""
    for relation in where:
        if not relation.free <= free:
            stranger = min(relation.free - free, key=str)
            written = f"{relation.left} {relation.sign} {relation.right}"
            raise IllTyped(f"the condition {written} of claim {name!r} (at {place}) is about {stranger}, which is not free in it")
