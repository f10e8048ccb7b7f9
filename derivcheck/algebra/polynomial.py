"""The ring: sums and products of polynomials in normal form.

Products of watched atoms (delta, indicator, step, base, prime) are settled by the rules of rules.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from derivcheck.algebra import rules
from derivcheck.algebra.atoms import UNIT, ZERO, Arena, Atom, Monomial, Polynomial, Rational


def plain(value: Rational) -> Rational:
    """An integer where the value is one."""
    return value.numerator if value.denominator == 1 else value


def accumulate(target: dict[Monomial, Rational], terms: Iterable[tuple[Monomial, Rational]], factor: Rational = 1) -> None:
    """target += factor · terms, without zero coefficients."""
    for monomial, coefficient in terms:
        value = target.get(monomial, 0) + coefficient * factor
        if value:
            target[monomial] = value
        else:
            target.pop(monomial, None)


def add(*polynomials: Polynomial) -> Polynomial:
    """The sum."""
    if len(polynomials) == 1:
        return polynomials[0]
    result: dict[Monomial, Rational] = {}
    for polynomial in polynomials:
        accumulate(result, polynomial.terms.items())
    return Polynomial(result)


def scale(polynomial: Polynomial, factor: Rational) -> Polynomial:
    """factor · polynomial."""
    if factor == 1:
        return polynomial
    if factor == 0:
        return ZERO
    return Polynomial({monomial: coefficient * factor for monomial, coefficient in polynomial.terms.items()})


def subtract(left: Polynomial, right: Polynomial) -> Polynomial:
    """left − right."""
    result = dict(left.terms)
    accumulate(result, right.terms.items(), -1)
    return Polynomial(result)


def merge(left: Monomial, right: Monomial) -> Monomial:
    """The product of monomials: exponents of equal atoms add up."""
    if not left:
        return right
    if not right:
        return left
    exponents: dict[Atom, Rational] = dict(left)
    for atom, exponent in right:
        total = exponents.get(atom, 0) + exponent
        if total:
            exponents[atom] = plain(total)
        else:
            del exponents[atom]
    return tuple(sorted(exponents.items(), key=_number))


def _number(factor: tuple[Atom, Rational]) -> int:
    return factor[0].number


def settled(arena: Arena, monomial: Monomial) -> Polynomial:
    """The normal form of a product of atoms whose exponents have been added."""
    for atom, _ in monomial:
        if atom.watched:
            return rules.settle(arena, monomial)
    return Polynomial({monomial: 1})


def multiply(arena: Arena, left: Polynomial, right: Polynomial) -> Polynomial:
    """The product, distributed and collected."""
    if left is UNIT or not right.terms:
        return right
    if right is UNIT or not left.terms:
        return left
    arena.spend(len(left.terms) * len(right.terms))
    result: dict[Monomial, Rational] = {}
    for left_monomial, left_coefficient in left.terms.items():
        for right_monomial, right_coefficient in right.terms.items():
            product = merge(left_monomial, right_monomial)
            accumulate(result, settled(arena, product).terms.items(), left_coefficient * right_coefficient)
    return Polynomial(result)


def product(arena: Arena, factors: Iterable[Polynomial]) -> Polynomial:
    """The product of several polynomials."""
    result = UNIT
    for factor in factors:
        result = multiply(arena, result, factor)
    return result


def of_atom(arena: Arena, atom: Atom, exponent: Rational = 1) -> Polynomial:
    """atom^exponent in normal form."""
    return settled(arena, ((atom, plain(Fraction(exponent))),))


def without(monomial: Monomial, *atoms: Atom) -> Monomial:
    """The monomial without these atoms."""
    return tuple(factor for factor in monomial if factor[0] not in atoms)


def plain_coefficients(polynomial: Polynomial) -> Polynomial:
    """The same with integers where coefficients are."""
    return Polynomial({monomial: plain(coefficient) for monomial, coefficient in polynomial.terms.items()})
