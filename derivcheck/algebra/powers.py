"""Powers: integer ones distribute over products, fractional ones only over factors known not to be negative; contents leave a base."""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from derivcheck.algebra import functions, rules
from derivcheck.algebra import polynomial as ring
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
    Undefined,
    magnitude,
)

MAXIMAL_EXPONENT = 64
"""Larger integer exponents of sums are not expanded."""

BY_SIGN = "powers of factors that are not negative"
"""The rule of fractional powers, which asks for the signs of symbols."""

MAXIMAL_BITS = 10_000
"""Longer numbers are not written out."""


def power(arena: Arena, polynomial: Polynomial, exponent: Rational) -> Polynomial:
    """p^q. An integer power distributes over a product, a fractional one over positive factors, or over factors none of which is negative.

    Refuses 0 to a power <= 0, and a fractional power of a negative number.
    """
    exponent = ring.plain(Fraction(exponent))
    if exponent == 1:
        return polynomial
    if polynomial.is_zero:
        if exponent > 0:
            return ZERO
        raise Undefined("division by zero" if exponent < 0 else "0 to the power 0")
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
    arena.rules.add(BY_SIGN)
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
                if atom.kind in rules.IDEMPOTENT:
                    raise Refused(f"division by a {atom.kind}, which may be 0")
        raised = tuple((atom, ring.plain(Fraction(power_ * exponent))) for atom, power_ in monomial)
        value = bounded_power(Fraction(coefficient), int(exponent))
        return ring.plain_coefficients(ring.scale(ring.settled(arena, raised), value))
    arena.rules.add(BY_SIGN)
    positive, other = split_positive(monomial)
    even = tuple((atom, power_) for atom, power_ in other if power_ % 2 == 0 and (power_ * exponent).denominator == 1)
    if even:
        rest = tuple(factor for factor in monomial if factor not in even)
        return ring.multiply(arena, _even_root(arena, even, exponent), _monomial_power(arena, rest, coefficient, exponent))
    if not other and coefficient < 0:
        raise Undefined("a fractional power of a negative number")
    raised = tuple((atom, ring.plain(Fraction(power_ * exponent))) for atom, power_ in positive)
    result = ring.multiply(arena, ring.settled(arena, raised), _number_power(arena, abs(Fraction(coefficient)), exponent))
    if not other:
        return result
    if coefficient > 0 and len(other) > 1 and all(_is_nonnegative(atom, power_) for atom, power_ in other):
        for factor in other:
            closed = arena.of_polynomial("base", Polynomial({(factor,): 1}))
            result = ring.multiply(arena, result, ring.of_atom(arena, closed, exponent))
        return result
    closed = arena.of_polynomial("base", Polynomial({other: 1 if coefficient > 0 else -1}))
    return ring.multiply(arena, result, ring.of_atom(arena, closed, exponent))


def _is_nonnegative(atom: Atom, exponent: Rational) -> bool:
    """Whether a factor is nowhere negative where it has a value: it may be 0, so that only a power of a product of such factors is taken apart."""
    return atom.sign == NONNEGATIVE or (exponent.denominator == 1 and exponent % 2 == 0)


def _even_root(arena: Arena, factors: Monomial, exponent: Rational) -> Polynomial:
    """(x²)^(1/2) = |x| = x (2 step(x) − 1), and so for every even power whose root is an integer power."""
    arena.rules.add("root of a square")
    result = UNIT
    for atom, power_ in factors:
        inner = Polynomial({((atom, 1),): 1})
        root = power(arena, inner, Fraction(power_ * exponent))
        if (power_ * exponent) % 2:
            root = ring.multiply(arena, root, ring.subtract(ring.scale(functions.step(arena, inner), 2), UNIT))
        result = ring.multiply(arena, result, root)
    return result


def bounded_power(value: Fraction, exponent: int) -> Fraction:
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
            raise Undefined("a denominator is identically zero")
    coefficient = _numeric_content(rest)
    if rules.leading(rest)[1] < 0:
        coefficient = -coefficient
    return content, ring.plain(coefficient), ring.plain_coefficients(ring.scale(rest, 1 / coefficient))


def _common(polynomial: Polynomial) -> Monomial:
    smallest: dict[Atom, Rational] = {}
    for position, monomial in enumerate(polynomial.terms):
        exponents = dict(monomial)
        for atom in exponents:
            if atom not in smallest:
                smallest[atom] = exponents[atom] if position == 0 else min(0, exponents[atom])
        for atom in smallest:
            smallest[atom] = min(smallest[atom], exponents.get(atom, 0))
    common = [(atom, exponent) for atom, exponent in smallest.items() if exponent and atom.kind not in rules.IDEMPOTENT]
    return tuple(sorted(common, key=lambda factor: factor[0].number))


def _numeric_content(polynomial: Polynomial) -> Fraction:
    numerators, denominators = 0, 1
    for coefficient in polynomial.terms.values():
        numerators = gcd(numerators, abs(coefficient.numerator))
        denominators = lcm(denominators, coefficient.denominator)
    return Fraction(numerators, denominators)
