"""The rewrite rules on products and powers, one short function each.

Each is an identity for all dimensions wherever both sides are defined; the conditions under which the written term is
defined are collected by whoever lowers it. `Refused` is raised where a rule's own condition fails.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derivcheck.algebra import polynomial as ring
from derivcheck.algebra import powers, substitution
from derivcheck.algebra.atoms import (
    UNIT,
    ZERO,
    Arena,
    Atom,
    Monomial,
    Polynomial,
    Rational,
    Refused,
    Slot,
)

IDEMPOTENT = frozenset({"delta", "at-most", "step"})
"""Atoms with a² = a."""


# ---------------------------------------------------------------------------------------------- delta and indicator
def delta(arena: Arena, left: Slot, right: Slot) -> Polynomial:
    """δ_ab: symmetric, δ_aa = 1, 0 for two different constants or an index and a shift of itself."""
    arena.rules.add("delta")
    if left == right:
        return UNIT
    difference = _constant_difference(left, right)
    if difference is not None:
        return UNIT if difference == 0 else ZERO
    left_variable, left_offset = left if isinstance(left, tuple) else (left, 0)
    right_variable, right_offset = right if isinstance(right, tuple) else (right, 0)
    if left_variable >= 0 and right_variable >= 0:
        left, right = shifted(left_variable, left_offset - right_offset), right_variable
    elif left_variable < 0:
        left, right = right_variable, (-1, left_offset - right_offset)
    else:
        left, right = left_variable, (-1, right_offset - left_offset)
    first, second = sorted((left, right), key=_slot_key)
    return Polynomial({((arena.delta_atom(first, second), 1),): 1})


def at_most(arena: Arena, left: Slot, right: Slot) -> Polynomial:
    """[left <= right]: decided where the slots differ by a constant."""
    difference = _constant_difference(left, right)
    if difference is not None:
        return UNIT if difference <= 0 else ZERO
    (left_variable, left_offset), (right_variable, right_offset) = (slot if isinstance(slot, tuple) else (slot, 0) for slot in (left, right))
    if left_variable >= 0 and right_variable >= 0:
        # the offset goes to the right
        left, right = left_variable, shifted(right_variable, right_offset - left_offset)
    return Polynomial({((arena.at_most_atom(left, right), 1),): 1})


def shifted(variable: int, offset: int) -> Slot:
    """The slot variable + offset."""
    return (variable, offset) if offset else variable


def _constant_difference(left: Slot, right: Slot) -> int | None:
    left_variable, left_offset = left if isinstance(left, tuple) else (left, 0)
    right_variable, right_offset = right if isinstance(right, tuple) else (right, 0)
    return left_offset - right_offset if left_variable == right_variable else None


def _slot_key(slot: Slot) -> tuple[int, int, int]:
    return (0, slot, 0) if isinstance(slot, int) else (1, *slot)


# --------------------------------------------------------------------------------------------------------- products
def settle(arena: Arena, monomial: Monomial) -> Polynomial:
    """The normal form of a product that contains watched atoms."""
    for atom, exponent in monomial:
        rule = _SETTLE.get(atom.kind)
        if rule is None:
            continue
        result = rule(arena, monomial, atom, exponent)
        if result is not None:
            return result
    return Polynomial({monomial: 1})


def idempotent(arena: Arena, monomial: Monomial, atom: Atom, exponent: Rational) -> Polynomial | None:
    """a^k = a for a delta, an indicator or a step and k >= 1. Refuses a negative or fractional exponent."""
    if exponent == 1:
        return None
    if exponent < 1 or exponent.denominator != 1:
        raise Refused(f"a {atom.kind} has no inverse: it may be 0")
    arena.rules.add(f"{atom.kind} is idempotent")
    return ring.settled(arena, tuple((other, 1 if other is atom else power_) for other, power_ in monomial))


def delta_substitutes(arena: Arena, monomial: Monomial, atom: Atom, exponent: Rational) -> Polynomial | None:
    """δ_ij f(j) = δ_ij f(i): the other factors lose the variable with the larger number. Both range over one dimension."""
    first = idempotent(arena, monomial, atom, exponent)
    if first is not None:
        return first
    keep, drop = atom.data
    if isinstance(drop, int) and isinstance(keep, int):
        rest = ring.without(monomial, atom)
    elif isinstance(keep, int) and isinstance(drop, tuple) and drop[0] < 0:
        keep, drop = drop, keep  # an index equal to a constant
        rest = ring.without(monomial, atom)
    else:
        return None
    if not any(drop in other.free for other, _ in rest):
        return None
    arena.rules.add("delta")
    replaced = substitution.substitute_monomial(arena, rest, {drop: keep})
    return ring.multiply(arena, Polynomial({((atom, 1),): 1}), replaced)


def step_settles(arena: Arena, monomial: Monomial, atom: Atom, exponent: Rational) -> Polynomial | None:
    """step² = step; step(p) step(−p) = 0, because not both p > 0 and −p > 0; m step(−m) = m − m step(m), also where m = 0."""
    first = idempotent(arena, monomial, atom, exponent)
    if first is not None:
        return first
    (inner,) = atom.data
    for other, _ in monomial:
        if other.kind == "step" and other is not atom and not ring.add(other.data[0], inner).terms:
            arena.rules.add("steps of opposite terms")
            return ZERO
    if len(inner.terms) != 1:
        return None
    ((argument, coefficient),) = inner.terms.items()
    rest = ring.without(monomial, atom)
    if coefficient > 0 or divide(rest, argument) is None:
        return None
    arena.rules.add("steps of opposite terms")
    outside = ring.settled(arena, rest)
    return ring.subtract(outside, ring.multiply(arena, outside, Polynomial({((arena.of_polynomial("step", ring.scale(inner, -1)), 1),): 1})))


def base_reduces(arena: Arena, monomial: Monomial, atom: Atom, exponent: Rational) -> Polynomial | None:
    """⟨p⟩^q with q >= 1 opens p; with q < 0, a numerator that contains the leading monomial ℓ of p = ℓ + r is reduced:
    m ℓ ⟨p⟩^q = m ⟨p⟩^(q+1) − m r ⟨p⟩^q.
    """
    (inner,) = atom.data
    rest = ring.without(monomial, atom)
    if exponent >= 1:
        whole = int(exponent)
        fraction = exponent - whole
        opened = powers.power(arena, inner, whole)
        closed = rest if not fraction else ring.merge(rest, ((atom, ring.plain(Fraction(fraction))),))
        return ring.multiply(arena, ring.settled(arena, closed), opened)
    if exponent.denominator == 1 and len(inner.terms) == 1:
        return ring.multiply(arena, ring.settled(arena, rest), powers.power(arena, inner, exponent))
    if exponent > 0:
        return None
    lead, lead_coefficient = leading(inner)
    quotient = divide(rest, lead)
    if quotient is None:
        return None
    arena.rules.add("reduction by the leading term of a denominator")
    outside = ring.settled(arena, quotient)
    remainder = ring.subtract(inner, Polynomial({lead: lead_coefficient}))
    arena.spend(8 + len(outside.terms) * len(remainder.terms))
    higher = ring.of_atom(arena, atom, exponent + 1) if exponent != -1 else UNIT
    lower = ring.multiply(arena, remainder, ring.settled(arena, ((atom, exponent),)))
    difference = ring.scale(ring.subtract(higher, lower), Fraction(1) / lead_coefficient)
    return ring.multiply(arena, outside, ring.plain_coefficients(difference))


def prime_settles(arena: Arena, monomial: Monomial, atom: Atom, exponent: Rational) -> Polynomial | None:
    """p^q with q outside (0, 1): the integer part of the exponent goes into the coefficient."""
    whole = exponent.numerator // exponent.denominator
    if whole == 0:
        return None
    fraction = exponent - whole
    rest = ring.without(monomial, atom)
    if fraction:
        rest = ring.merge(rest, ((atom, ring.plain(Fraction(fraction))),))
    return ring.plain_coefficients(ring.scale(ring.settled(arena, rest), powers.bounded_power(Fraction(atom.data[0]), whole)))


_SETTLE: dict[str, Callable[[Arena, Monomial, Atom, Rational], Polynomial | None]] = {
    "delta": delta_substitutes,
    "at-most": idempotent,
    "step": step_settles,
    "base": base_reduces,
    "prime": prime_settles,
}


def order_key(monomial: Monomial) -> tuple[Rational, tuple[tuple[int, int, Rational], ...]]:
    """The order of monomials: by degree, then lexicographic in the atoms' ranks and numbers. It respects products."""
    factors = sorted((atom.rank, atom.number, exponent) for atom, exponent in monomial)
    degree: Rational = sum((exponent for _, exponent in monomial), 0)
    return degree, tuple((-rank, -number_, exponent) for rank, number_, exponent in factors)


def leading(polynomial: Polynomial) -> tuple[Monomial, Rational]:
    """The greatest monomial and its coefficient."""
    monomial = max(polynomial.terms, key=order_key)
    return monomial, polynomial.terms[monomial]


def divide(monomial: Monomial, divisor: Monomial) -> Monomial | None:
    """monomial / divisor, where each atom of the divisor has at least its exponent in the monomial, and none has a negative one."""
    if not divisor or any(exponent < 0 for _, exponent in divisor):
        return None
    exponents = dict(monomial)
    for atom, exponent in divisor:
        have = exponents.get(atom, 0)
        if have < exponent:
            return None
        if have == exponent:
            del exponents[atom]
        else:
            exponents[atom] = ring.plain(Fraction(have - exponent))
    return tuple(sorted(exponents.items(), key=lambda factor: factor[0].number))
