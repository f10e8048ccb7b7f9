"""Assumptions, and relations of indices, that exclude each other at every dimension: a claim that is made under them claims nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product

from derivcheck.claims import Assumption, Claim
from derivcheck.derivation import Derivation
from derivcheck.language.subscripts import IndexRelation, Shift, Slot

MOST_TOGETHER = 4
"""So many relations are looked at together."""


def contradictory(claim: Claim, derivation: Derivation) -> Iterator[str]:
    """What excludes each other, as texts. Others may still have no common point."""
    yield from _of_assumptions(derivation.assumptions)
    for count in range(1, MOST_TOGETHER + 1):
        found = [chosen for chosen in combinations(claim.where, count) if _exclude(chosen)]
        yield from (" and ".join(f"{relation.left} {relation.sign} {relation.right}" for relation in chosen) for chosen in found)
        if found:
            return


def _of_assumptions(assumptions: Sequence[Assumption]) -> Iterator[str]:
    """Two sums of one symbol with different values, and a sum that its signs do not allow."""
    sums = [assumption for assumption in assumptions if assumption.kind in ("sums-to", "one-hot")]
    for one, other in combinations(sums, 2):
        if one.tensor is other.tensor and one.axis == other.axis and one.value != other.value:
            yield f"{one} and {other}"
    for given in sums:
        for sign in assumptions:
            least = {"positive": given.value <= 0, "nonnegative": given.value < 0}
            if sign.tensor is given.tensor and least.get(sign.kind, False):
                yield f"{given} and {sign}"


def _exclude(relations: Sequence[IndexRelation]) -> bool:
    """Whether no values of the indices meet all relations.

    `<`, `≤` and `=` bound the difference of two indices; bounds that add up to less than 0 along a circle exclude each other, and so do an
    inequality and bounds that leave one difference only. Of indices that are counted from different numbers nothing is said.
    """
    if len({index.base for relation in relations for index in relation.free}) > 1:
        return False
    between = [(*_place(relation.left), relation.sign, *_place(relation.right)) for relation in relations]
    names = sorted({name for one, _, _, other, _ in between for name in (one, other)})
    bounds: dict[tuple[str, str], int] = {(name, name): 0 for name in names}
    for one, shift, sign, other, other_shift in between:
        room = other_shift - shift
        if sign in ("<", "≤", "="):
            bounds[one, other] = min(bounds.get((one, other), room), room - (sign == "<"))
        if sign == "=":
            bounds[other, one] = min(bounds.get((other, one), -room), -room)
    for middle, one, other in product(names, repeat=3):
        if (one, middle) in bounds and (middle, other) in bounds:
            through = bounds[one, middle] + bounds[middle, other]
            bounds[one, other] = min(bounds.get((one, other), through), through)
    if any(bounds[name, name] < 0 for name in names):
        return True
    return any(
        sign == "≠" and bounds.get((one, other)) == other_shift - shift and bounds.get((other, one)) == shift - other_shift
        for one, shift, sign, other, other_shift in between
    )


def _place(slot: Slot) -> tuple[str, int]:
    """The name of an index and how far it is moved; a number is that far from nothing."""
    if isinstance(slot, int):
        return "", slot
    return (str(slot.index), slot.offset) if isinstance(slot, Shift) else (str(slot), 0)
