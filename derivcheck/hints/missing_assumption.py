"""A line that is true only under an assumption that is not declared: Σ y = 1, a symmetric matrix."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivcheck.claims import Assumption, Claim
from derivcheck.derivation import Derivation
from derivcheck.hints.proof import proof
from derivcheck.language.shapes import flat
from derivcheck.language.terms import Leaf
from derivcheck.language.walks import subterms

WHY = "the step uses a property of a symbol that is not declared"


def missing_assumption(claim: Claim, derivation: Derivation, seed: int = 0) -> Assumption | None:
    """The first assumption under which a wrong line is proved, and agrees at points that meet it; None where there is none."""
    if claim.lhs is None or claim.rhs is None or claim.broken is not None or claim.explicit is not None:
        return None
    alone = replace(claim, backprop=None, own_sizes=())
    for assumption in _assumptions(claim, derivation):
        under = replace(derivation, assumptions=[*derivation.assumptions, assumption])
        proved = proof(alone, under, seed)
        if proved is not None and str(assumption) in proved.assumptions:
            return assumption
    return None


def _assumptions(claim: Claim, derivation: Derivation) -> Iterator[Assumption]:
    """What could be assumed of the symbols of the line and of what it is about."""
    declared = {(assumption.kind, id(assumption.tensor), assumption.axis) for assumption in derivation.assumptions}
    sides = [side for side in (claim.lhs, claim.rhs) if side is not None]
    leaves = {id(node): node for side in sides for node in subterms(side, open_names=True) if isinstance(node, Leaf)}
    for leaf in leaves.values():
        axes = flat(leaf.shape)
        found = [Assumption("sums-to", leaf, axis) for axis in range(len(axes)) if len(axes) <= 2]
        if len(axes) == 2 and axes[0] == axes[1]:
            found.append(Assumption("symmetric", leaf))
        yield from (each for each in found if (each.kind, id(each.tensor), each.axis) not in declared)
