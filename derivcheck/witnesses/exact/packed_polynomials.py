"""Polynomials with integer coefficients in numbered generators.

A polynomial is a mapping from monomials to nonzero coefficients; a monomial is one integer that holds the exponent of generator g
in its bits 32 g … 32 g + 31, so that generators can be added at any time and monomials multiply by addition. Greatest common divisors
and divisions are those of sympy.polys.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd

from sympy import QQ, ZZ
from sympy.polys.orderings import lex
from sympy.polys.rings import PolyElement, PolyRing

Polynomial = dict[int, int]

WIDTH = 32
MASK = (1 << WIDTH) - 1
LARGEST_EXPONENT = 1 << 12


class Stopped(RuntimeError):
    """The decision was given up: a cap, the time budget or a function that is not known."""


class Undefined(ValueError):
    """An expression has no real value: a division by zero, the logarithm or the root of a negative number."""


@dataclass
class Budget:
    """How long a decision may take and how many terms a polynomial may have. `check` raises Stopped beyond that."""

    seconds: float
    terms: int = 200_000
    started: float = field(default_factory=time.process_time)

    def check(self, terms: int = 0) -> None:
        if terms > self.terms:
            raise Stopped(f"a product of {terms} terms is above the cap of {self.terms}")
        if time.process_time() - self.started > self.seconds:
            raise Stopped(f"the time budget of {self.seconds:g} s is used up")


ONE: Polynomial = {0: 1}

FEW_GENERATORS, MOST_GENERATORS = 8, 30
LARGEST_PRODUCT, LARGEST_PRODUCT_OF_FEW = 1_000, 40_000
"""So many terms times terms two polynomials may have, of which a common divisor is looked for: of many generators, and of few."""


def generator(number: int, exponent: int = 1) -> Polynomial:
    """The generator to a power."""
    return {exponent << (WIDTH * number): 1}


def exponent_of(monomial: int, number: int) -> int:
    """The exponent of a generator in a monomial."""
    return (monomial >> (WIDTH * number)) & MASK


def exponents(monomial: int) -> Iterator[tuple[int, int]]:
    """The generators of a monomial and their exponents, in ascending order."""
    number = 0
    while monomial:
        if monomial & MASK:
            yield number, monomial & MASK
        monomial >>= WIDTH
        number += 1


def scaled(polynomial: Polynomial, factor: int, monomial: int = 0) -> Polynomial:
    """The polynomial times an integer and a monomial."""
    if factor == 1 and not monomial:
        return polynomial
    return {found + monomial: coefficient * factor for found, coefficient in polynomial.items()} if factor else {}


def total(polynomials: Iterable[Polynomial]) -> Polynomial:
    """The sum."""
    result: Polynomial = {}
    for polynomial in polynomials:
        for monomial, coefficient in polynomial.items():
            result[monomial] = result.get(monomial, 0) + coefficient
    return {monomial: coefficient for monomial, coefficient in result.items() if coefficient}


def multiply(left: Polynomial, right: Polynomial, budget: Budget) -> Polynomial:
    """The product. Raises Stopped beyond the budget."""
    if len(left) > len(right):
        left, right = right, left
    if len(left) == 1:
        ((monomial, coefficient),) = left.items()
        return scaled(right, coefficient, monomial)
    result: Polynomial = {}
    get = result.get
    large = len(left) * len(right) > 2000
    for first, factor in left.items():
        if large:
            budget.check(len(result))
        for second, coefficient in right.items():
            result[first + second] = get(first + second, 0) + factor * coefficient
    return {monomial: coefficient for monomial, coefficient in result.items() if coefficient}


def power(polynomial: Polynomial, exponent: int, budget: Budget) -> Polynomial:
    """The polynomial to a power >= 0. Raises Stopped beyond the budget, or where an exponent would outgrow its bits."""
    if exponent > LARGEST_EXPONENT or (exponent > 1 and max((largest_exponent(m) for m in polynomial), default=0) * exponent > LARGEST_EXPONENT):
        raise Stopped(f"an exponent is above the cap of {LARGEST_EXPONENT}")
    if len(polynomial) == 1:
        ((monomial, coefficient),) = polynomial.items()
        return {monomial * exponent: coefficient**exponent}
    result = ONE
    for _ in range(exponent):
        result = multiply(result, polynomial, budget)
    return result


def largest_exponent(monomial: int) -> int:
    """The largest exponent in a monomial."""
    return max((exponent for _, exponent in exponents(monomial)), default=0)


def content(polynomial: Polynomial) -> int:
    """The greatest common divisor of the coefficients."""
    return gcd(*polynomial.values())


def common_monomial(polynomial: Polynomial) -> int:
    """The largest monomial that divides every term."""
    monomials = iter(polynomial)
    shared = next(monomials)
    for monomial in monomials:
        if not shared:
            return 0
        shared = monomial_gcd(shared, monomial)
    return shared


def monomial_gcd(left: int, right: int) -> int:
    """The greatest common divisor of two monomials."""
    return sum(min(exponent, exponent_of(right, number)) << (WIDTH * number) for number, exponent in exponents(left))


def divided(polynomial: Polynomial, divisor: int, monomial: int = 0) -> Polynomial:
    """The polynomial without an integer and a monomial factor that divide it."""
    if divisor == 1 and not monomial:
        return polynomial
    return {found - monomial: coefficient // divisor for found, coefficient in polynomial.items()}


def generators_of(polynomials: Iterable[Polynomial]) -> list[int]:
    """The generators that occur, in ascending order."""
    joint = 0
    for polynomial in polynomials:
        for monomial in polynomial:
            joint |= monomial
    return [number for number, _ in exponents(joint)]


@dataclass(frozen=True)
class SharedRing:
    """The sympy.polys ring of the generators of some polynomials."""

    numbers: tuple[int, ...]
    ring: PolyRing

    @staticmethod
    def of(*polynomials: Polynomial) -> SharedRing:
        numbers = tuple(generators_of(polynomials))
        return SharedRing(numbers, PolyRing([f"q{number}" for number in numbers], ZZ, lex))

    def element(self, polynomial: Polynomial) -> PolyElement:
        return self.ring.from_dict(
            {tuple(exponent_of(monomial, number) for number in self.numbers): ZZ(coefficient) for monomial, coefficient in polynomial.items()}
        )

    def polynomial(self, element: PolyElement) -> Polynomial:
        return {
            sum(exponent << (WIDTH * number) for exponent, number in zip(monomial, self.numbers, strict=True)): int(coefficient)
            for monomial, coefficient in element.items()
        }

    def rational(self, element: PolyElement) -> dict[int, Fraction]:
        return {
            sum(exponent << (WIDTH * number) for exponent, number in zip(monomial, self.numbers, strict=True)): Fraction(
                int(coefficient.numerator), int(coefficient.denominator)
            )
            for monomial, coefficient in element.items()
        }


def greatest_common_divisor(left: Polynomial, right: Polynomial) -> Polynomial:
    """The greatest common divisor, up to sign. Raises Stopped for two that are large: SymPy cannot be interrupted, and may need hours."""
    if _has_monomial_part(left, right) or _has_monomial_part(right, left):
        # what divides a monomial is one
        return {common_monomial({common_monomial(left): 1, common_monomial(right): 1}): gcd(content(left), content(right))}
    shared = SharedRing.of(left, right)
    count = len(shared.numbers)
    if count > MOST_GENERATORS or len(left) * len(right) > (LARGEST_PRODUCT if count > FEW_GENERATORS else LARGEST_PRODUCT_OF_FEW):
        raise Stopped(f"the common divisor of polynomials of {len(left)} and {len(right)} terms in {count} generators is not looked for")
    return shared.polynomial(shared.element(left).gcd(shared.element(right)))


def _has_monomial_part(polynomial: Polynomial, other: Polynomial) -> bool:
    """Whether one of its coefficients, as a polynomial in the generators that the other one has not, is a single term.

    A common divisor has none of these generators, so that it divides every such coefficient.
    """
    shared = sum(MASK << (WIDTH * number) for number in generators_of([other]))
    parts = Counter(monomial & ~shared for monomial in polynomial)
    return 1 in parts.values()


def exact_quotient(polynomial: Polynomial, divisor: Polynomial) -> Polynomial:
    """polynomial / divisor, which divides it."""
    shared = SharedRing.of(polynomial, divisor)
    return shared.polynomial(shared.element(polynomial).exquo(shared.element(divisor)))


def remainder_parts(polynomial: Polynomial, divisor: Polynomial) -> tuple[dict[int, Fraction], dict[int, Fraction]]:
    """Quotient and remainder over the rationals, in the lexicographic order of the generators; both are linear in the polynomial."""
    shared = SharedRing.of(polynomial, divisor)
    ring = PolyRing(shared.ring.symbols, QQ, lex)
    quotient, remainder = ring.from_dict(dict(shared.element(polynomial))).div(ring.from_dict(dict(shared.element(divisor))))
    return shared.rational(quotient), shared.rational(remainder)
