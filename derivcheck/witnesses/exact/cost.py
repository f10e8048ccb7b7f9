"""How much work exact arithmetic would have with a claim, before any of it is done: SymPy cannot be stopped in the middle of a derivative."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from math import factorial, prod

from derivcheck.algebra.dims import Dim, Index
from derivcheck.claims import Claim
from derivcheck.language import terms
from derivcheck.language.shapes import as_matrix, flat
from derivcheck.language.terms import Term
from derivcheck.language.walks import children
from derivcheck.witnesses.claim_dimensions import opened

EXPANDED = ("inverse", "determinant")
"""Operators of square matrices that have no meaning by entries: they are expanded into all permutations."""

COST_A_SECOND = 250_000
"""Few claims of which the cost is more than this, times the seconds that there are, are decided in these seconds."""


@dataclass(eq=False)
class Weights:
    """The size of one entry of a term at given sizes of the dimensions, as an expression with every definition opened and every sum written out."""

    sizes: Mapping[str, int]
    known: dict[int, tuple[Term, int]] = field(default_factory=dict)
    names: count[int] = field(default_factory=count)

    def weight(self, term: Term) -> int:
        """The number of nodes of an entry; that of a derivative is taken to be twice that of its function."""
        if id(term) not in self.known:
            self.known[id(term)] = (term, self._weight(term))
        return self.known[id(term)][1]

    def entries(self, term: Term) -> int:
        """The number of entries of a term, at all positions of its free indices."""
        return self._product(*term.shape, *(index.dim for index in term.free))

    def _weight(self, term: Term) -> int:
        match term:
            case terms.Named():
                return self.weight(term.definition)
            case terms.Entry() | terms.Slice():
                return self.weight(term.tensor)
            case terms.Array():
                return self.weight(term.body)
            case terms.Sum():
                return self._product(term.index.dim) * self.weight(term.body)
            case terms.Derivative():
                return 2 * self.weight(term.function)
            case terms.Apply():
                meaning = self._meaning(term)
                if meaning is not None:
                    return self.weight(meaning)
                if term.operator.name in EXPANDED:
                    length = as_matrix(term.arguments[0].shape)[0]
                    return factorial(self._product(length)) * self.weight(term.arguments[0])
        return 1 + sum(map(self.weight, children(term)))

    def _meaning(self, term: terms.Apply) -> Term | None:
        """What the operator means at an entry; None where that is the operator itself."""
        if term.operator.meaning is None:
            return None
        meaning: Term = term.operator.meaning(term.arguments, term.parameters, self._fresh(flat(term.shape)), self._fresh)
        return None if isinstance(meaning, terms.Apply) and meaning.operator is term.operator else meaning

    def _fresh(self, dims: tuple[Dim, ...]) -> tuple[Index, ...]:
        return tuple(Index(f"entry {next(self.names)}", dim) for dim in dims)

    def _product(self, *dims: Dim) -> int:
        return prod(dim.size(self.sizes) for dim in dims)


def cost(claim: Claim, sizes: Mapping[str, int]) -> int:
    """The size of all entries of both sides, and for every derivative in them or in their definitions of what is derived for its entries."""
    weights = Weights(sizes)
    whole = [side for side in (claim.lhs, claim.rhs) if side is not None]
    derived = {id(node): node for node in opened(claim) if isinstance(node, terms.Derivative)}.values()
    return sum(weights.entries(side) * weights.weight(side) for side in whole) + sum(
        weights.entries(node) * weights.weight(node.function) for node in derived
    )
