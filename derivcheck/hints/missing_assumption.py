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
from derivcheck.language.terms import D, Delta, Indicator, Leaf, Number, Term, sum_over
from derivcheck.language.walks import subterms

NAME = "missing assumption"
WHY = "the step uses a property of a symbol that is not declared"
WHY_OF_INDICES = "the line is one case of several, and does not say which"


def missing_assumption(claim: Claim, derivation: Derivation, seed: int = 0, *, usual: bool = True) -> Assumption | None:
    """The first assumption on a symbol under which a wrong line is proved, and agrees at points that meet it; None where there is none.

    The `usual` ones are Σ y = 1 and a symmetric matrix; the others, a positive symbol or one-hot labels, are rarely what is meant.
    """
    if not _sides(claim):
        return None
    alone = replace(claim, backprop=None, own_sizes=())
    for assumption in _usual(claim) if usual else _unusual(claim, derivation):
        if assumption in derivation.assumptions:
            continue
        under = replace(derivation, assumptions=[*derivation.assumptions, assumption])
        proved = proof(alone, under, seed)
        if proved is not None and str(assumption) in proved.assumptions:
            return assumption
    return None


def missing_relation(claim: Claim, derivation: Derivation, sign: Literal["=", "≠"], seed: int = 0) -> IndexRelation | None:
    """The first relation with this sign, of two indices that are free in a wrong line, under which it is proved; None where there is none.

    Where the line has a δ of the two indices already, or [i = j], it speaks of both cases.
    """
    sides = _sides(claim)
    alone = replace(claim, backprop=None, own_sizes=())
    parted = {node.free for side in sides for node in subterms(side) if isinstance(node, (Delta, Indicator))}
    for one, other in combinations(sorted({index for side in sides for index in side.free}, key=str), 2):
        if (one.dim, one.base) != (other.dim, other.base) or {one, other} in parted:
            continue
        relation = IndexRelation(one, sign, other)
        if proof(replace(alone, where=(*claim.where, relation)), derivation, seed) is not None:
            return relation
    return None


def _sides(claim: Claim) -> tuple[Term, ...]:
    """The sides of a claim between two terms that fit; none of another claim."""
    return () if claim.lhs is None or claim.rhs is None or claim.broken is not None or claim.explicit is not None else (claim.lhs, claim.rhs)


def _usual(claim: Claim) -> Iterator[Assumption]:
    """That a symbol of the line sums to 1, or that a square one is symmetric."""
    for leaf in _leaves(claim):
        axes = flat(leaf.shape)
        yield from (Assumption("sums-to", leaf, axis) for axis in range(len(axes)) if len(axes) <= 2)
        if len(axes) == 2 and axes[0] == axes[1]:
            yield Assumption("symmetric", leaf)


def _unusual(claim: Claim, derivation: Derivation) -> Iterator[Assumption]:
    """That a symbol which is known to sum to 1, or of which the line gives a number, is one-hot; that the entries of a symbol are positive."""
    summing = {(id(assumption.tensor), assumption.axis) for assumption in derivation.assumptions if assumption.kind == "sums-to"}
    number = isinstance(claim.rhs, Number)
    for leaf in _leaves(claim):
        axes = flat(leaf.shape)
        yield from (Assumption("one-hot", leaf, axis) for axis in range(len(axes)) if (id(leaf), axis) in summing or (len(axes) == 1 and number))
        yield Assumption("positive", leaf)


def _leaves(claim: Claim) -> list[Leaf]:
    """The symbols of a line, and of what it is about."""
    return list({id(node): node for side in _sides(claim) for node in subterms(side, open_names=True) if isinstance(node, Leaf)}.values())


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
