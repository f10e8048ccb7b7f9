"""Canonical names for the bound variables of a sum.

Two sums are equal exactly when their hypergraphs are isomorphic: bound variables are vertices, factors are hyperedges. Colours are
refined until they are stable; what is still alike is told apart by trying, pruned where a try leads to the same result as
an earlier one (an automorphism). Source of the method: McKay and Piperno 2014, "Practical graph isomorphism, II".
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from derivcheck.algebra.atoms import Arena, Atom, Monomial, Polynomial, Slot, Stopped, polynomial_free

MAXIMAL_LEAVES = 400
"""Orders tried for one sum before giving up."""

Renamed = Callable[[tuple[int, ...]], tuple[tuple[int, ...], Polynomial]]
Result = tuple[tuple[int, ...], Polynomial]


def canonical_order(arena: Arena, monomial: Monomial, bound: tuple[int, ...], renamed: Renamed) -> Result:
    """The canonical names and the summand under them: the least of the results of `renamed` over the orders that refinement leaves.

    Raises Stopped beyond the cap.
    """
    if len(bound) == 1:
        return renamed(bound)
    colours = refine(arena, monomial, {v: arena.colour(("dim", arena.dims[v])) for v in bound})
    search = _Search(arena, monomial, renamed)
    return search.least(colours)


class _Search:
    def __init__(self, arena: Arena, monomial: Monomial, renamed: Renamed) -> None:
        self.arena = arena
        self.monomial = monomial
        self.renamed = renamed
        self.leaves = 0

    def least(self, colours: Mapping[int, int]) -> Result:
        """The least result below this colouring."""
        cell = _first_cell(colours)
        if cell is None:
            return self.leaf(colours)
        best: Result | None = None
        seen: list[Polynomial] = []
        for v in cell:
            chosen = self.individualised(colours, v)
            first = self.first(chosen)[1]
            if first in seen:
                continue
            seen.append(first)
            result = self.least(chosen)
            if best is None or _rank(result[1]) < _rank(best[1]):
                best = result
        if best is None:
            raise Stopped("an empty cell of bound variables")
        return best

    def first(self, colours: Mapping[int, int]) -> Result:
        """The result of always choosing the first variable: equal results show an automorphism."""
        cell = _first_cell(colours)
        while cell is not None:
            colours = self.individualised(colours, cell[0])
            cell = _first_cell(colours)
        return self.leaf(colours)

    def leaf(self, colours: Mapping[int, int]) -> Result:
        self.leaves += 1
        if self.leaves > MAXIMAL_LEAVES:
            raise Stopped("a sum is too symmetric to name its indices")
        return self.renamed(tuple(sorted(colours, key=lambda v: colours[v])))

    def individualised(self, colours: Mapping[int, int], v: int) -> Mapping[int, int]:
        return refine(self.arena, self.monomial, {**colours, v: self.arena.colour(("chosen", colours[v]))})


def _first_cell(colours: Mapping[int, int]) -> list[int] | None:
    cells: dict[int, list[int]] = {}
    for v, colour in colours.items():
        cells.setdefault(colour, []).append(v)
    several = [(len(cell), colour) for colour, cell in cells.items() if len(cell) > 1]
    return cells[min(several)[1]] if several else None


def _rank(polynomial: Polynomial) -> tuple[Any, ...]:
    """An order of results by the numbers of their atoms, which are fixed within an arena."""
    return tuple(
        sorted(
            (tuple((atom.number, exponent) for atom, exponent in monomial), coefficient) for monomial, coefficient in polynomial.terms.items()
        )
    )


def refine(arena: Arena, monomial: Monomial, colours: Mapping[int, int]) -> Mapping[int, int]:
    """Colours that also tell variables apart by the factors they occur in, until nothing changes."""
    current = dict(colours)
    count = len(set(current.values()))
    while count < len(current):
        marks: dict[int, list[Hashable]] = {v: [] for v in current}
        for atom, exponent in monomial:
            whole = skeleton(arena, atom, current)
            for v in atom.free:
                if v in marks:
                    marks[v].append((exponent, whole, skeleton(arena, atom, {**current, v: -1})))
        refined = {v: arena.colour((current[v], tuple(sorted(map(arena.colour, marks[v]))))) for v in current}
        refined_count = len(set(refined.values()))
        current = refined
        if refined_count == count:
            break
        count = refined_count
    return current


def skeleton(arena: Arena, atom: Atom, colours: Mapping[int, int]) -> Hashable:
    """The atom with coloured variables replaced by their colours and its own bound variables by their dimension.

    It does not depend on the names of coloured variables; atoms with different skeletons are different under every renaming.
    """
    if atom.free.isdisjoint(colours):
        return atom.number
    return arena.colour(_skeleton(arena, atom, colours))


def _skeleton(arena: Arena, atom: Atom, colours: Mapping[int, int]) -> Hashable:
    def slot(value: Slot) -> Hashable:
        if isinstance(value, int):
            return ("colour", colours[value]) if value in colours else ("free", value)
        return ("shift", slot(value[0]) if value[0] >= 0 else -1, value[1])

    def product(factors: Monomial, inner: Mapping[int, int]) -> Hashable:
        return tuple(sorted(arena.colour((skeleton(arena, factor, inner), exponent)) for factor, exponent in factors))

    def polynomial(value: Polynomial, inner: Mapping[int, int]) -> Hashable:
        return tuple(sorted(arena.colour((product(factors, inner), coefficient)) for factors, coefficient in value.terms.items()))

    def binding(bound: tuple[int, ...]) -> Mapping[int, int]:
        return {**colours, **{v: arena.colour(("inner", arena.dims[v])) for v in bound}}

    data = atom.data
    match atom.kind:
        case "entry":
            if data[0] in arena.unordered:
                return ("entry", data[0], tuple(sorted(arena.colour(slot(value)) for value in data[1])))
            return ("entry", data[0], tuple(map(slot, data[1])))
        case "delta":
            return ("delta", tuple(sorted(arena.colour(slot(value)) for value in data)))
        case "at-most":
            return ("at-most", slot(data[0]), slot(data[1]))
        case "exp":
            return ("exp", product(data[0], colours))
        case "log" | "base" | "step":
            # a base's sign is normalised by its leading term, which a renaming may change
            value = polynomial(data[0], colours)
            return (atom.kind, value if atom.kind != "base" else _up_to_sign(arena, data[0], colours, polynomial))
        case "sum":
            return ("sum", product(data[1], binding(data[0])))
        case "function":
            return ("function", data[0], data[1], polynomial(data[2], colours))
        case "functional":
            groups = tuple(sorted(arena.colour(tuple(map(slot, group))) for group in data[3]))
            return ("functional", data[0], polynomial(data[2], binding(data[1])), groups)
        case "inverse":
            slots = (arena.colour(slot(data[2])), arena.colour(slot(data[3])))
            if (data[0], data[1].key) in arena.symmetric or not colours.keys().isdisjoint(polynomial_free(data[1])):
                # the slots of a symmetric matrix, and a matrix and its transpose, may change places under a renaming
                slots = (min(slots), max(slots))
            return ("inverse", polynomial(data[1], binding(data[0])), slots)
        case "determinant":
            return ("determinant", polynomial(data[1], binding(data[0])))
        case "partial":
            return ("partial", data[0], tuple(map(slot, data[1])), data[2], tuple(map(slot, data[3])))
    raise TypeError(f"unknown atom {atom.kind}")


def _up_to_sign(arena: Arena, value: Polynomial, colours: Mapping[int, int], polynomial: Callable[..., Hashable]) -> Hashable:
    negated = Polynomial({monomial: -coefficient for monomial, coefficient in value.terms.items()})
    return tuple(sorted((arena.colour(polynomial(value, colours)), arena.colour(polynomial(negated, colours)))))
