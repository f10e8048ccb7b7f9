"""exp, log, step and generic elementwise functions of polynomials."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.algebra import polynomial as ring
from derivcheck.algebra import powers
from derivcheck.algebra.atoms import (
    NONNEGATIVE,
    POSITIVE,
    UNIT,
    ZERO,
    Arena,
    Atom,
    Polynomial,
    Undefined,
    number,
    polynomial_sign,
)


def exponential(arena: Arena, polynomial: Polynomial) -> Polynomial:
    """exp(a + b) = exp a · exp b, exp(c m) = (exp m)^c, exp(c log p) = p^c."""
    arena.rules.add("exponential of a sum")
    result = UNIT
    for monomial, coefficient in polynomial.terms.items():
        if len(monomial) == 1 and monomial[0][0].kind == "log" and monomial[0][1] == 1:
            factor = powers.power(arena, monomial[0][0].data[0], coefficient)
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
        raise Undefined(f"logarithm of {value}")
    arena.rules.add("logarithm of a product")
    if len(polynomial.terms) == 1:
        ((content, coefficient),) = polynomial.terms.items()
        rest = UNIT
    else:
        content, coefficient, rest = powers.take_content(arena, polynomial)
    positive, other = powers.split_positive(content)
    parts = [_logarithm_of_number(arena, abs(Fraction(coefficient)))]
    parts += [ring.scale(_logarithm_of_atom(arena, atom), exponent) for atom, exponent in positive]
    closed = ring.multiply(arena, Polynomial({other: 1 if coefficient > 0 else -1}), rest)
    if closed.constant != 1:
        if closed.constant is not None and closed.constant < 0:
            raise Undefined("logarithm of a negative number")
        parts.append(Polynomial({((arena.of_polynomial("log", closed), 1),): 1}))
    return ring.plain_coefficients(ring.add(*parts))


def _logarithm_of_number(arena: Arena, value: Fraction) -> Polynomial:
    parts = [ZERO]
    for prime, count in powers.factorise(arena, value):
        parts.append(Polynomial({((arena.of_polynomial("log", number(prime)), 1),): count}))
    return ring.add(*parts)


def _logarithm_of_atom(arena: Arena, atom: Atom) -> Polynomial:
    if atom.kind == "exp":
        return Polynomial({atom.data[0]: 1})
    if atom.kind == "prime":
        return _logarithm_of_number(arena, Fraction(atom.data[0]))
    argument = atom.data[0] if atom.kind == "base" else Polynomial({((atom, 1),): 1})
    return Polynomial({((arena.of_polynomial("log", argument), 1),): 1})


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
        arena.rules.add("positive factors leave a step")
        _, other = powers.split_positive(monomial)
        closed = Polynomial({other: 1 if coefficient > 0 else -1})
    return Polynomial({((arena.of_polynomial("step", closed), 1),): 1})


def function(arena: Arena, name: str, order: int, polynomial: Polynomial) -> Polynomial:
    """A generic elementwise function, or its derivative of that order, of a polynomial."""
    return Polynomial({((arena.of_polynomial("function", polynomial, name, order), 1),): 1})
