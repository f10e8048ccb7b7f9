"""The mutants of a claim: the claim with one edit, as the only claim of a copy of its derivation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from edits import EDITS, LEFT_EDITS, VARIABLE_EDITS
from sites import Build, Edit, Site

from derivcheck.algebra.dims import Index
from derivcheck.claims import Assumption, Claim
from derivcheck.derivation import Derivation
from derivcheck.language.rebuilding import Path, positions, subterm
from derivcheck.language.rebuilding import replace as replaced
from derivcheck.language.shapes import flat
from derivcheck.language.terms import Array, Derivative, Size, Sum, Term
from derivcheck.language.walks import children


@dataclass(frozen=True)
class Mutant:
    """One edit of a claim, not built yet; `same_assumptions` tells whether what is proved in its derivation may be cited."""

    kind: str
    original: Claim
    derivation: Derivation
    lhs: Callable[[], Term]
    rhs: Callable[[], Term]
    where: tuple[Any, ...]
    same_assumptions: bool = True

    def build(self) -> Derivation:
        """A copy of the derivation with the mutant as its only claim. Where the edit does not fit, the claim is broken."""
        copy = replace(self.derivation, claims=[], chains=[], errata=[])
        copy.claim(self.original.name, self.lhs, self.rhs, where=self.where)
        return copy


def mutants(derivation: Derivation, claim: Claim) -> Iterator[Mutant]:
    """All mutants of a claim between terms."""
    lhs, rhs = claim.lhs, claim.rhs
    if lhs is None or rhs is None:
        return
    for edit, build in _edited(derivation, lhs, rhs, EDITS):
        yield Mutant(_kind(edit), claim, derivation, lambda: lhs, build, claim.where)
    for edit, build in _edited(derivation, rhs, lhs, LEFT_EDITS):
        yield Mutant(f"left: {_kind(edit)}", claim, derivation, build, lambda: rhs, claim.where)
    for position in range(len(claim.where)):
        where = claim.where[:position] + claim.where[position + 1 :]
        yield Mutant("relation dropped", claim, derivation, lambda: lhs, lambda: rhs, where)
    for kind, changed in _other_assumptions(derivation, claim):
        copy = replace(derivation, assumptions=changed)
        yield Mutant(kind, claim, copy, lambda: lhs, lambda: rhs, claim.where, same_assumptions=False)


def _kind(edit: Edit) -> str:
    return edit.__name__.replace("_", " ")


def _edited(derivation: Derivation, other: Term, side: Term, edits: tuple[Edit, ...]) -> Iterator[tuple[Edit, Build]]:
    """Every edit of a side at every position. The indices of the `other` side are at hand everywhere."""
    symbols = (*derivation.leaves, *derivation.definitions)
    sizes = tuple(Size(dim) for dim in derivation.dims.values())
    for path, node in positions(side):
        around = tuple(_around(side, path))
        scope = tuple(sorted(other.free | {index for parent, _ in around for index in _binds(parent)}, key=str))
        in_variable = any(isinstance(parent, Derivative) and position == 1 for parent, position in around)
        for edit in edits:
            if in_variable and edit not in VARIABLE_EDITS:
                continue
            for build in edit(Site(node, scope, symbols, sizes)):
                yield edit, partial(_rebuilt, side, path, build)


def _rebuilt(side: Term, path: Path, build: Build) -> Term:
    return replaced(side, path, build())


def _around(side: Term, path: Path) -> Iterator[tuple[Term, int]]:
    """The terms around a position, and which child of theirs it is in."""
    for depth, position in enumerate(path):
        yield subterm(side, path[:depth]), position


def _binds(node: Term) -> tuple[Index, ...]:
    if isinstance(node, Array):
        return node.indices
    return (node.index,) if isinstance(node, Sum) else ()


def _other_assumptions(derivation: Derivation, claim: Claim) -> Iterator[tuple[str, list[Assumption]]]:
    """Without one of the assumptions, or with one that is near it."""
    written = _leaf_names(claim)
    for position, assumption in enumerate(derivation.assumptions):
        if assumption.tensor.name not in written:
            continue
        rest = derivation.assumptions[:position] + derivation.assumptions[position + 1 :]
        yield "assumption dropped", rest
        if assumption.kind == "sums-to":
            yield "assumption altered", [*rest, replace(assumption, value=assumption.value + 1)]
        if assumption.kind == "one-hot":
            yield "assumption altered", [*rest, replace(assumption, kind="sums-to")]
        if assumption.kind in ("sums-to", "one-hot") and len(flat(assumption.tensor.shape)) == 2:
            yield "assumption altered", [*rest, replace(assumption, axis=1 - (assumption.axis or 0))]
        if assumption.kind == "positive":
            yield "assumption altered", [*rest, replace(assumption, kind="nonnegative")]
            yield "assumption altered", [*rest, replace(assumption, kind="nonzero")]


def _leaf_names(claim: Claim) -> frozenset[str]:
    """The names of everything that the claim uses, the definitions of its named intermediates included."""
    found: set[str] = set()
    stack = [side for side in (claim.lhs, claim.rhs) if side is not None]
    while stack:
        node = stack.pop()
        found |= node.names
        stack.extend(children(node))
        definition = getattr(node, "definition", None)
        if definition is not None:
            stack.append(definition)
    return frozenset(found)
