"""Writing a named intermediate for its definition: the inverse of opening it.

The local derivative of a = σ(z) by z is σ(z) − σ(z)²; as a − a² it stays small, and the next layer need not be opened. A
definition c₀ + c₁ M with one monomial M turns every M, at any slots, into (a − c₀)/c₁.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from itertools import islice, product

from derivcheck.algebra import polynomial as ring
from derivcheck.algebra import substitution, sums
from derivcheck.algebra.atoms import Arena, Monomial, Polynomial, Rational, monomial_free
from derivcheck.algebra.replacement import map_products, rebuild_product

FOLDED = frozenset({"exp", "log", "base", "function", "functional"})
"""A monomial without one of these stays as it is written."""

MAXIMAL_MATCHES = 64


@dataclass(frozen=True, slots=True)
class Pattern:
    """The entry of `name` at `slots` is constant + coefficient · monomial."""

    name: str
    slots: tuple[int, ...]
    constant: Rational
    coefficient: Rational
    monomial: Monomial


def pattern_of(name: str, slots: tuple[int, ...], definition: Polynomial) -> Pattern | None:
    """The pattern of a definition, if it has one monomial that is worth folding and mentions every slot."""
    varying = [(monomial, coefficient) for monomial, coefficient in definition.terms.items() if monomial]
    if len(varying) != 1:
        return None
    monomial, coefficient = varying[0]
    if not any(atom.kind in FOLDED for atom, _ in monomial) or not monomial_free(monomial) >= set(slots):
        return None
    return Pattern(name, slots, definition.terms.get((), 0), coefficient, monomial)


def fold(arena: Arena, polynomial: Polynomial, pattern: Pattern) -> Polynomial:
    """The polynomial with the pattern's monomial replaced, wherever it stands."""

    def folded(monomial: Monomial, bound: tuple[int, ...]) -> Polynomial:
        match = _match(arena, monomial, pattern)
        if match is None:
            return rebuild_product(arena, monomial, bound, folded)
        rest, slots = match
        entry = Polynomial({((arena.entry(pattern.name, slots), 1),): 1})
        value = ring.scale(ring.subtract(entry, Polynomial({(): pattern.constant} if pattern.constant else {})), 1 / Fraction(pattern.coefficient))
        whole = ring.multiply(arena, ring.settled(arena, rest), value)
        return sums.sum_over(arena, map_products(arena, whole, folded), bound)

    return map_products(arena, polynomial, folded)


def _match(arena: Arena, monomial: Monomial, pattern: Pattern) -> tuple[Monomial, tuple[int, ...]] | None:
    """What is left of the monomial without the pattern's, and the slots at which it stands there."""
    exponents = dict(monomial)
    kinds = {atom.kind for atom, _ in monomial}
    if any(atom.kind not in kinds for atom, _ in pattern.monomial):
        return None
    candidates = [
        [variable for variable in sorted(monomial_free(monomial)) if arena.dims[variable] == arena.dims[slot]] for slot in pattern.slots
    ]
    for slots in islice(product(*candidates), MAXIMAL_MATCHES):
        instance = substitution.substitute_monomial(arena, pattern.monomial, dict(zip(pattern.slots, slots, strict=True)))
        if len(instance.terms) != 1:
            continue
        ((wanted, coefficient),) = instance.terms.items()
        if coefficient == 1 and all(_contains(exponents.get(atom, 0), exponent) for atom, exponent in wanted):
            return ring.merge(monomial, tuple((atom, -exponent) for atom, exponent in wanted)), slots
    return None


def _contains(have: Rational, wanted: Rational) -> bool:
    return have >= wanted if wanted > 0 else have <= wanted


