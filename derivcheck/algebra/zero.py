"""Is this polynomial identically zero?

The normal form is empty; or it is after multiplying by the denominators; or summands with the same binders, put over one
denominator, add up to zero with the binders free. A `False` is not a refutation: it means that no proof was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from derivcheck.algebra import polynomial as ring
from derivcheck.algebra import substitution, sums
from derivcheck.algebra.atoms import Arena, Atom, Monomial, Polynomial, Rational
from derivcheck.algebra.dims import Dim

MAXIMAL_ALIGNMENTS = 720
MAXIMAL_ROUNDS = 6


def is_zero(arena: Arena, polynomial: Polynomial, depth: int = 0) -> bool:
    """Whether the polynomial is shown to be zero for all dimensions and all values at which it is defined.

    Multiplying by a denominator is sound: the claim's own conditions say that it is not 0. Raises Refused or Stopped on a cap.
    """
    polynomial = cleared(arena, polynomial)
    if polynomial.is_zero:
        return True
    if depth >= 3:
        return False
    return _zero_by_alignment(arena, polynomial, depth)


def cleared(arena: Arena, polynomial: Polynomial) -> Polynomial:
    """The polynomial times its denominators. It is zero exactly where the polynomial is."""
    for _ in range(MAXIMAL_ROUNDS):
        lowest: dict[Atom, Rational] = {}
        for monomial in polynomial.terms:
            for atom, exponent in monomial:
                if exponent < 0:
                    lowest[atom] = min(lowest.get(atom, 0), exponent)
        if not lowest:
            return polynomial
        arena.rules.add("common denominator")
        for atom, exponent in sorted(lowest.items(), key=lambda factor: factor[0].number):
            polynomial = _times_power(arena, polynomial, atom, -exponent)
        if polynomial.is_zero:
            return polynomial
    return polynomial


def _times_power(arena: Arena, polynomial: Polynomial, atom: Atom, exponent: Rational) -> Polynomial:
    """p · atom^exponent, with exponents added before a base is opened, so that it cancels first."""
    result: dict[Monomial, Rational] = {}
    for monomial, coefficient in polynomial.terms.items():
        arena.spend()
        ring.accumulate(result, ring.settled(arena, ring.merge(monomial, ((atom, exponent),))).terms.items(), coefficient)
    return Polynomial(result)


def _zero_by_alignment(arena: Arena, polynomial: Polynomial, depth: int) -> bool:
    """Split by what stands outside the sums; each group's summands over the same binders must add up to zero.

    Only one sum in a product is opened: the one whose group then vanishes. Terms without a sum must vanish by themselves.
    """
    groups: dict[tuple[Monomial, tuple[Dim, ...]], list[tuple[Atom, Rational]]] = {}
    for monomial, coefficient in polynomial.terms.items():
        total = [(atom, exponent) for atom, exponent in monomial if atom.kind == "sum" and exponent == 1]
        if len(total) != 1:
            return False
        atom = total[0][0]
        dims = tuple(sorted((arena.dims[v] for v in atom.data[0]), key=str))
        groups.setdefault((ring.without(monomial, atom), dims), []).append((atom, coefficient))
    arena.rules.add("summands with the same binders")
    return all(_group_vanishes(arena, members, depth) for members in groups.values())


def _group_vanishes(arena: Arena, members: list[tuple[Atom, Rational]], depth: int) -> bool:
    if len(members) < 2:
        return False
    first, coefficient = members[0]
    names, summand = sums.opened(arena, first)
    total = ring.scale(summand, coefficient)
    return _aligned(arena, names, total, members[1:], depth)


def _aligned(arena: Arena, names: tuple[int, ...], total: Polynomial, rest: list[tuple[Atom, Rational]], depth: int) -> bool:
    if not rest:
        return is_zero(arena, total, depth + 1)
    atom, coefficient = rest[0]
    for tried, order in enumerate(_matchings(arena, atom.data[0], names)):
        if tried == MAXIMAL_ALIGNMENTS:
            return False
        arena.spend()
        mapping = dict(zip(atom.data[0], order, strict=True))
        aligned = substitution.substitute_monomial(arena, atom.data[1], mapping)
        if _aligned(arena, names, ring.add(total, ring.scale(aligned, coefficient)), rest[1:], depth):
            return True
    return False


def _matchings(arena: Arena, bound: tuple[int, ...], names: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The ways to give each bound variable a different name of its dimension, one after the other: they may be very many."""
    of_dim = {dim: [v for v in names if arena.dims[v] == dim] for dim in sorted({arena.dims[v] for v in bound}, key=str)}
    for choice in _choices(tuple(of_dim.items())):
        given = {dim: iter(order) for dim, order in choice}
        yield tuple(next(given[arena.dims[v]]) for v in bound)


def _choices(of_dim: tuple[tuple[Dim, list[int]], ...]) -> Iterator[tuple[tuple[Dim, tuple[int, ...]], ...]]:
    """An order of the names of each dimension; itertools.product would first keep all orders of all of them."""
    if not of_dim:
        yield ()
        return
    (dim, names), *others = of_dim
    for order in permutations(names):
        for rest in _choices(tuple(others)):
            yield ((dim, order), *rest)
