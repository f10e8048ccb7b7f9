"""The rewrite rules on products and powers, one short function each.

Each is an identity for all dimensions wherever both sides are defined; the conditions under which the written term is
defined are collected by whoever lowers it. `Refused` is raised where a rule's own condition fails.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import gcd, lcm

from derivcheck.algebra import polynomial as ring
from derivcheck.algebra import sums
from derivcheck.algebra.atoms import (
    NONNEGATIVE,
    POSITIVE,
    UNIT,
    ZERO,
    Arena,
    Atom,
    Monomial,
    Polynomial,
    Rational,
    Refused,
    Slot,
    magnitude,
    number,
    polynomial_sign,
)

MAXIMAL_EXPONENT = 64
"""Larger integer exponents of sums are not expanded."""

MAXIMAL_BITS = 10_000
"""Longer numbers are not written out."""

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
    replaced = sums.substitute_monomial(arena, rest, {drop: keep})
    return ring.multiply(arena, Polynomial({((atom, 1),): 1}), replaced)


def base_reduces(arena: Arena, monomial: Monomial, atom: Atom, exponent: Rational) -> Polynomial | None:
    """⟨p⟩^q with q >= 1 opens p; with q < 0, a numerator that contains the leading monomial ℓ of p = ℓ + r is reduced:
    m ℓ ⟨p⟩^q = m ⟨p⟩^(q+1) − m r ⟨p⟩^q.
    """
    (inner,) = atom.data
    rest = ring.without(monomial, atom)
    if exponent >= 1:
        whole = int(exponent)
        fraction = exponent - whole
        opened = power(arena, inner, whole)
        closed = rest if not fraction else ring.merge(rest, ((atom, ring.plain(Fraction(fraction))),))
        return ring.multiply(arena, ring.settled(arena, closed), opened)
    if exponent.denominator == 1 and len(inner.terms) == 1:
        return ring.multiply(arena, ring.settled(arena, rest), power(arena, inner, exponent))
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
    return ring.multiply(arena, outside, _plain(difference))


def prime_settles(arena: Arena, monomial: Monomial, atom: Atom, exponent: Rational) -> Polynomial | None:
    """p^q with q outside (0, 1): the integer part of the exponent goes into the coefficient."""
    whole = exponent.numerator // exponent.denominator
    if whole == 0:
        return None
    fraction = exponent - whole
    rest = ring.without(monomial, atom)
    if fraction:
        rest = ring.merge(rest, ((atom, ring.plain(Fraction(fraction))),))
    return _plain(ring.scale(ring.settled(arena, rest), _bounded_power(Fraction(atom.data[0]), whole)))


_SETTLE: dict[str, Callable[[Arena, Monomial, Atom, Rational], Polynomial | None]] = {
    "delta": delta_substitutes,
    "at-most": idempotent,
    "step": idempotent,
    "base": base_reduces,
    "prime": prime_settles,
}


def _plain(polynomial: Polynomial) -> Polynomial:
    return Polynomial({monomial: ring.plain(coefficient) for monomial, coefficient in polynomial.terms.items()})


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


# ----------------------------------------------------------------------------------------------------------- powers
def power(arena: Arena, polynomial: Polynomial, exponent: Rational) -> Polynomial:
    """p^q. An integer power distributes over a product, a fractional one only over factors known to be positive.

    Refuses 0 to a power <= 0, and a fractional power of a negative number.
    """
    exponent = ring.plain(Fraction(exponent))
    if exponent == 1:
        return polynomial
    if polynomial.is_zero:
        if exponent > 0:
            return ZERO
        raise Refused("division by zero" if exponent < 0 else "0 to the power 0")
    if exponent == 0:
        return UNIT
    if len(polynomial.terms) == 1:
        ((monomial, coefficient),) = polynomial.terms.items()
        return _monomial_power(arena, monomial, coefficient, exponent)
    if exponent > 0 and exponent.denominator == 1:
        return _integer_power(arena, polynomial, int(exponent))
    content, coefficient, rest = take_content(arena, polynomial)
    if len(rest.terms) == 1:
        whole = ring.multiply(arena, Polynomial({content: coefficient}), rest)
        if len(whole.terms) == 1:
            return power(arena, whole, exponent)
    if exponent.denominator == 1:
        outside = _monomial_power(arena, content, coefficient, exponent)
        return ring.multiply(arena, outside, ring.of_atom(arena, arena.of_polynomial("base", rest), exponent))
    positive, other = split_positive(content)
    closed = ring.multiply(arena, Polynomial({other: 1 if coefficient > 0 else -1}), rest)
    outside = _monomial_power(arena, positive, magnitude(coefficient), exponent)
    return ring.multiply(arena, outside, ring.of_atom(arena, arena.of_polynomial("base", closed), exponent))


def _integer_power(arena: Arena, polynomial: Polynomial, exponent: int) -> Polynomial:
    if exponent > MAXIMAL_EXPONENT:
        raise Refused(f"the exponent {exponent} of a sum is above the cap {MAXIMAL_EXPONENT}")
    result = UNIT
    square = polynomial
    while exponent:
        if exponent & 1:
            result = ring.multiply(arena, result, square)
        exponent >>= 1
        if exponent:
            square = ring.multiply(arena, square, square)
    return result


def _monomial_power(arena: Arena, monomial: Monomial, coefficient: Rational, exponent: Rational) -> Polynomial:
    if exponent.denominator == 1:
        if exponent < 0:
            for atom, _ in monomial:
                if atom.kind in IDEMPOTENT:
                    raise Refused(f"division by a {atom.kind}, which may be 0")
        raised = tuple((atom, ring.plain(Fraction(power_ * exponent))) for atom, power_ in monomial)
        value = _bounded_power(Fraction(coefficient), int(exponent))
        return _plain(ring.scale(ring.settled(arena, raised), value))
    arena.rules.add("powers of positive factors")
    positive, other = split_positive(monomial)
    even = tuple((atom, power_) for atom, power_ in other if power_ % 2 == 0 and (power_ * exponent).denominator == 1)
    if even:
        rest = tuple(factor for factor in monomial if factor not in even)
        return ring.multiply(arena, _even_root(arena, even, exponent), _monomial_power(arena, rest, coefficient, exponent))
    if not other and coefficient < 0:
        raise Refused("a fractional power of a negative number")
    raised = tuple((atom, ring.plain(Fraction(power_ * exponent))) for atom, power_ in positive)
    result = ring.multiply(arena, ring.settled(arena, raised), _number_power(arena, abs(Fraction(coefficient)), exponent))
    if not other:
        return result
    closed = arena.of_polynomial("base", Polynomial({other: 1 if coefficient > 0 else -1}))
    return ring.multiply(arena, result, ring.of_atom(arena, closed, exponent))


def _even_root(arena: Arena, factors: Monomial, exponent: Rational) -> Polynomial:
    """(x²)^(1/2) = |x| = x (2 step(x) − 1), and so for every even power whose root is an integer power."""
    arena.rules.add("root of a square")
    result = UNIT
    for atom, power_ in factors:
        inner = Polynomial({((atom, 1),): 1})
        root = power(arena, inner, Fraction(power_ * exponent))
        if (power_ * exponent) % 2:
            root = ring.multiply(arena, root, ring.subtract(ring.scale(step(arena, inner), 2), UNIT))
        result = ring.multiply(arena, result, root)
    return result


def _bounded_power(value: Fraction, exponent: int) -> Fraction:
    """value^exponent. Refuses a number with more than about MAXIMAL_BITS bits."""
    bits = max(abs(value.numerator).bit_length(), value.denominator.bit_length())
    if abs(value) != 1 and abs(exponent) * bits > MAXIMAL_BITS:
        raise Refused(f"the number {value}^{exponent} is too long")
    return value**exponent


def split_positive(monomial: Monomial) -> tuple[Monomial, Monomial]:
    """The factors known to be positive, and the others. x² is not known to be positive, only nonnegative."""
    positive = tuple((atom, exponent) for atom, exponent in monomial if atom.sign == POSITIVE)
    other = tuple((atom, exponent) for atom, exponent in monomial if atom.sign != POSITIVE)
    return positive, other


def _number_power(arena: Arena, value: Fraction, exponent: Rational) -> Polynomial:
    result = UNIT
    for prime, count in factorise(arena, value):
        result = ring.multiply(arena, result, ring.of_atom(arena, arena.prime(prime), Fraction(count * exponent)))
    return result


def factorise(arena: Arena, value: Fraction) -> list[tuple[int, int]]:
    """The prime factors of a positive rational with their exponents. Refuses numbers with a prime factor above 10^6."""
    factors: list[tuple[int, int]] = []
    for part, sign in ((value.numerator, 1), (value.denominator, -1)):
        divisor = 2
        while part > 1:
            if divisor > 1_000_000:
                raise Refused(f"{value} has a large prime factor")
            if divisor * divisor > part:
                divisor = part
            count = 0
            while part % divisor == 0:
                part //= divisor
                count += 1
            if count:
                factors.append((divisor, sign * count))
            divisor += 1
    return factors


def take_content(arena: Arena, polynomial: Polynomial) -> tuple[Monomial, Rational, Polynomial]:
    """p = coefficient · content · rest, where rest has no common factor, no denominators, and coprime integer coefficients, the leading one > 0.

    Positive powers of bases in the rest are opened. Deltas, indicators and steps stay in the rest: they may be 0.
    """
    content: Monomial = ()
    rest = polynomial
    for _ in range(8):
        common = _common(rest)
        if not common:
            break
        inverse = Polynomial({tuple((atom, -exponent) for atom, exponent in common): 1})
        content = ring.merge(content, common)
        rest = ring.multiply(arena, rest, inverse)
        if not rest.terms:
            raise Refused("a denominator is identically zero")
    coefficient = _numeric_content(rest)
    if leading(rest)[1] < 0:
        coefficient = -coefficient
    return content, ring.plain(coefficient), _plain(ring.scale(rest, 1 / coefficient))


def _common(polynomial: Polynomial) -> Monomial:
    smallest: dict[Atom, Rational] = {}
    for position, monomial in enumerate(polynomial.terms):
        exponents = dict(monomial)
        for atom in exponents:
            if atom not in smallest:
                smallest[atom] = exponents[atom] if position == 0 else min(0, exponents[atom])
        for atom in smallest:
            smallest[atom] = min(smallest[atom], exponents.get(atom, 0))
    common = [(atom, exponent) for atom, exponent in smallest.items() if exponent and atom.kind not in IDEMPOTENT]
    return tuple(sorted(common, key=lambda factor: factor[0].number))


def _numeric_content(polynomial: Polynomial) -> Fraction:
    numerators, denominators = 0, 1
    for coefficient in polynomial.terms.values():
        numerators = gcd(numerators, abs(coefficient.numerator))
        denominators = lcm(denominators, coefficient.denominator)
    return Fraction(numerators, denominators)


# ------------------------------------------------------------------------------------------------------ exp and log
def exponential(arena: Arena, polynomial: Polynomial) -> Polynomial:
    """exp(a + b) = exp a · exp b, exp(c m) = (exp m)^c, exp(c log p) = p^c."""
    arena.rules.add("exponential of a sum")
    result = UNIT
    for monomial, coefficient in polynomial.terms.items():
        if len(monomial) == 1 and monomial[0][0].kind == "log" and monomial[0][1] == 1:
            factor = power(arena, monomial[0][0].data[0], coefficient)
        else:
            factor = Polynomial({((arena.exp_atom(monomial), coefficient),): 1})
        result = ring.multiply(arena, result, factor)
    return result


def logarithm(arena: Arena, polynomial: Polynomial) -> Polynomial:
    """log(p q) = log p + log q for factors known to be positive, log(exp m) = m. The argument's positivity is the caller's condition.

    Refuses an argument that is a number <= 0.
    """
    value = polynomial.constant
    if value is not None and value <= 0:
        raise Refused(f"logarithm of {value}")
    arena.rules.add("logarithm of a product")
    if len(polynomial.terms) == 1:
        ((content, coefficient),) = polynomial.terms.items()
        rest = UNIT
    else:
        content, coefficient, rest = take_content(arena, polynomial)
    positive, other = split_positive(content)
    parts = [_logarithm_of_number(arena, abs(Fraction(coefficient)))]
    parts += [ring.scale(_logarithm_of_atom(arena, atom), exponent) for atom, exponent in positive]
    closed = ring.multiply(arena, Polynomial({other: 1 if coefficient > 0 else -1}), rest)
    if closed.constant != 1:
        if closed.constant is not None and closed.constant < 0:
            raise Refused("logarithm of a negative number")
        parts.append(Polynomial({((arena.of_polynomial("log", closed), 1),): 1}))
    return _plain(ring.add(*parts))


def _logarithm_of_number(arena: Arena, value: Fraction) -> Polynomial:
    parts = [ZERO]
    for prime, count in factorise(arena, value):
        parts.append(Polynomial({((arena.of_polynomial("log", number(prime)), 1),): count}))
    return ring.add(*parts)


def _logarithm_of_atom(arena: Arena, atom: Atom) -> Polynomial:
    if atom.kind == "exp":
        return Polynomial({atom.data[0]: 1})
    if atom.kind == "prime":
        return _logarithm_of_number(arena, Fraction(atom.data[0]))
    argument = atom.data[0] if atom.kind == "base" else Polynomial({((atom, 1),): 1})
    return Polynomial({((arena.of_polynomial("log", argument), 1),): 1})


# ---------------------------------------------------------------------------------------------- steps and functions
def step(arena: Arena, polynomial: Polynomial) -> Polynomial:
    """step(p) is 1 where p > 0, else 0; positive factors leave the argument."""
    value = polynomial.constant
    if value is not None:
        return UNIT if value > 0 else ZERO
    if polynomial_sign(polynomial) == POSITIVE:
        arena.rules.add("step of a positive term")
        return UNIT
    if polynomial_sign(ring.scale(polynomial, -1)) in (POSITIVE, NONNEGATIVE):
        arena.rules.add("step of a term that is not positive")
        return ZERO
    closed = polynomial
    if len(polynomial.terms) == 1:
        ((monomial, coefficient),) = polynomial.terms.items()
        _, other = split_positive(monomial)
        closed = Polynomial({other: 1 if coefficient > 0 else -1})
    return Polynomial({((arena.of_polynomial("step", closed), 1),): 1})


def function(arena: Arena, name: str, order: int, polynomial: Polynomial) -> Polynomial:
    """A generic elementwise function, or its derivative of that order, of a polynomial."""
    return Polynomial({((arena.of_polynomial("function", polynomial, name, order), 1),): 1})


