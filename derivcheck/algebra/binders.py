"""Atoms with binders of their own: generic scalar functions of a tensor, inverse and determinant of a matrix."""

from __future__ import annotations

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
    """The entry (left, right) of the inverse of the matrix with entry `argument` over `bound`."""
    names, closed = _canonical_binders(arena, bound, argument, slots_free((left, right)))
    return Polynomial({((arena.inverse_atom(names, closed, left, right), 1),): 1})


def determinant(arena: Arena, bound: tuple[int, ...], argument: Polynomial) -> Polynomial:
    """The determinant of the matrix with entry `argument` over `bound`."""
    names, closed = _canonical_binders(arena, bound, argument)
    return Polynomial({((arena.determinant_atom(names, closed), 1),): 1})
