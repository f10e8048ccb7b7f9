"""A line that is true as it stands, but only under what is not stated: Σ y = 1, a symmetric matrix, i ≠ j."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Literal

from derivcheck.claims import Assumption, Claim
from derivcheck.derivation import Derivation
from derivcheck.hints.proof import proof
from derivcheck.language.operators import apply
from derivcheck.language.shapes import flat
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import D, Leaf, sum_over
from derivcheck.language.walks import subterms

NAME = "missing assumption"
WHY = "the step uses a property of a symbol that is not declared"
WHY_OF_INDICES = "the line is one case of several, and does not say which"


def missing_assumption(claim: Claim, derivation: Derivation, seed: int = 0) -> Assumption | None:
    """The first assumption on a symbol under which a wrong line is proved, and agrees at points that meet it; None where there is none."""
    if claim.lhs is None or claim.rhs is None or claim.broken is not None or claim.explicit is not None:
        return None
    alone = replace(claim, backprop=None, own_sizes=())
    for assumption in _assumptions(claim, derivation):
        under = replace(derivation, assumptions=[*derivation.assumptions, assumption])
        proved = proof(alone, under, seed)
        if proved is not None and str(assumption) in proved.assumptions:
            return assumption
    return None


def missing_relation(claim: Claim, derivation: Derivation, sign: Literal["=", "≠"], seed: int = 0) -> IndexRelation | None:
    """The first relation with this sign, of two indices that are free in a wrong line, under which it is proved; None where there is none."""
    if claim.lhs is None or claim.rhs is None or claim.broken is not None or claim.explicit is not None:
        return None
    alone = replace(claim, backprop=None, own_sizes=())
    for one, other in combinations(sorted(claim.lhs.free | claim.rhs.free, key=str), 2):
        relation = IndexRelation(one, sign, other) if (one.dim, one.base) == (other.dim, other.base) else None
        if relation is not None and proof(replace(alone, where=(*claim.where, relation)), derivation, seed) is not None:
            return relation
    return None


def _assumptions(claim: Claim, derivation: Derivation) -> Iterator[Assumption]:
    """What could be assumed of the symbols of the line and of what it is about, the weaker of two first."""
    declared = {(assumption.kind, id(assumption.tensor), assumption.axis) for assumption in derivation.assumptions}
    sides = [side for side in (claim.lhs, claim.rhs) if side is not None]
    leaves = {id(node): node for side in sides for node in subterms(side, open_names=True) if isinstance(node, Leaf)}
    for leaf in leaves.values():
        axes = flat(leaf.shape)
        found = [Assumption("sums-to", leaf, axis) for axis in range(len(axes)) if len(axes) <= 2]
        if len(axes) == 2 and axes[0] == axes[1]:
            found.append(Assumption("symmetric", leaf))
        found += [Assumption("one-hot", leaf, axis) for axis in range(len(axes)) if len(axes) <= 2]
        found.append(Assumption("positive", leaf))
        yield from (each for each in found if (each.kind, id(each.tensor), each.axis) not in declared)


def example(*, stated: bool) -> Derivation:
    """A line that is wrong, and right where the assumption is stated."""
    d = Derivation("missing-assumption", layout="like-variable")
    K = d.dim("K")
    i, j = d.indices("i j", K)
    z, y = d.vector("z", K), d.vector("y", K)
    p = d.let("p", apply("softmax", z, parameters=(None,)))
    loss = d.let("L", -sum_over(i, y[i] * apply("log", p[i])))
    if stated:
        d.assume("sums-to", y)
    d.claim("line", D(loss, z[j]), p[j] - y[j], assumptions=None)
    return d
