"""Atoms with binders of their own: generic scalar functions of a tensor, inverse and determinant of a matrix."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra import substitution
from derivcheck.algebra.atoms import (
    Arena,
    Polynomial,
    Slot,
    polynomial_free,
    polynomial_level,
    slots_free,
)


def _canonical_binders(
    arena: Arena, bound: tuple[int, ...], argument: Polynomial, outside: frozenset[int] = frozenset()
) -> tuple[tuple[int, ...], Polynomial]:
    """Canonical names for the binders of an argument, different from the variables `outside` it in the same atom."""
    others = polynomial_free(argument).difference(bound) | outside
    level = arena.closing_level(polynomial_level(argument), others)
    names = tuple(arena.canonical(arena.dims[v], level, position) for position, v in enumerate(bound))
    if names == bound:
        return bound, argument
    return names, substitution.substitute(arena, argument, dict(zip(bound, names, strict=True)))


def functional(
    arena: Arena, name: str, bound: tuple[int, ...], argument: Polynomial, slots: tuple[tuple[Slot, ...], ...]
) -> Polynomial:
    """A generic scalar function of the tensor with entry `argument` over `bound`, derived by the entries at `slots`.

    The order of the derivatives does not matter: it is taken to be twice continuously differentiable.
    """
    names, closed = _canonical_binders(arena, bound, argument, slots_free(slot for group in slots for slot in group))
    if len(slots) > 1:
        arena.rules.add("partial derivatives commute (twice continuously differentiable)")
    ordered = tuple(sorted(slots, key=repr))
    return Polynomial({((arena.functional_atom(name, names, closed, ordered), 1),): 1})


def inverse(arena: Arena, bound: tuple[int, ...], argument: Polynomial, left: Slot, right: Slot) -> Polynomial:
    """The entry (left, right) of the inverse of the matrix with entry `argument` over `bound`.

    (Xᵀ)⁻¹ is (X⁻¹)ᵀ: of X and Xᵀ one is chosen. Where both are the same matrix, so is the inverse symmetric, and its slots have one order.
    """
    names, closed = _canonical_binders(arena, bound, argument, slots_free((left, right)))
    turned = _turned(arena, names, closed)
    if turned == closed:
        arena.symmetric.add((names, closed.key))
        if (left, right) != tuple(sorted((left, right), key=repr)):
            arena.rules.add("inverse of a symmetric matrix")
            left, right = right, left
    elif turned is not None and _rank(turned) < _rank(closed):
        arena.rules.add("inverse of a transposed matrix")
        closed, left, right = turned, right, left
    return Polynomial({((arena.inverse_atom(names, closed, left, right), 1),): 1})


def determinant(arena: Arena, bound: tuple[int, ...], argument: Polynomial) -> Polynomial:
    """The determinant of the matrix with entry `argument` over `bound`. That of Xᵀ is that of X: one of them is chosen."""
    names, closed = _canonical_binders(arena, bound, argument)
    turned = _turned(arena, names, closed)
    if turned is not None and _rank(turned) < _rank(closed):
        arena.rules.add("determinant of a transposed matrix")
        closed = turned
    return Polynomial({((arena.determinant_atom(names, closed), 1),): 1})


def _turned(arena: Arena, names: tuple[int, ...], argument: Polynomial) -> Polynomial | None:
    """The entry of the transposed matrix, over the same names; None where rows and columns are not counted by one dimension."""
    row, column = names
    if arena.dims[row] != arena.dims[column]:
        return None
    return substitution.substitute(arena, argument, {row: column, column: row})


def _rank(argument: Polynomial) -> tuple[Any, ...]:
    """An order of polynomials by the numbers of their atoms, which are fixed within an arena."""
    return tuple(sorted((tuple((atom.number, exponent) for atom, exponent in monomial), value) for monomial, value in argument.terms.items()))
