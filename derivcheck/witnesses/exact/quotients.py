"""Quotients of polynomials in generators that obey relations: exact arithmetic with exponentials, logarithms, roots, steps and functions.

A quotient is a numerator over an integer and a product of powers of *bases*, which stay factored. Every generator is one of

    symbol                      an entry, a free real variable
    exponential of m, k         exp(m / k), where m is a monomial quotient; positive
    logarithm of p              log p
    root of p, k                p^(1/k), with the relation r^k = p where p >= 0
    step of p                   1 where p > 0, else 0, with the relation s² = s
    zero of p                   1 where p = 0, else 0, with the relations t² = t, t s = 0, t p = 0
    value                       a value of a generic function or of one of its derivatives
    constant                    pi

All relations are identities wherever the expression has a value, so that a numerator that reduces to zero proves equality there. A numerator
that does not reduce to zero proves nothing: relations between generators may be missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import gcd, lcm
from typing import Any, Literal

from derivcheck.witnesses.exact import packed_polynomials as polynomials
from derivcheck.witnesses.exact.packed_polynomials import ONE, Budget, Polynomial, Undefined

Sign = Literal["positive", "nonnegative", "negative", "unknown"]
Kind = Literal["symbol", "exponential", "logarithm", "root", "step", "zero", "value", "constant"]
PolynomialKey = frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Quotient:
    """numerator / (scale · Π base^exponent)."""

    numerator: Polynomial
    scale: int = 1
    bases: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Generator:
    """What a generator stands for; `argument` is that of the function, `order` the k of a root or an exponential."""

    kind: Kind
    key: Any
    sign: Sign
    argument: Quotient | None = None
    order: int = 1


ZERO = Quotient({})
UNIT = Quotient(ONE)


class Quotients:
    """The arithmetic of quotients, and the generators and bases met so far."""

    def __init__(self, budget: Budget) -> None:
        self.budget = budget
        self.generators: list[Generator] = []
        self.bases: list[Polynomial] = []
        self.declared: dict[PolynomialKey, Sign] = {}
        self.nonzero: set[PolynomialKey] = set()
        self._numbers: dict[Any, int] = {}
        self._base_numbers: dict[PolynomialKey, int] = {}
        self._base_powers: dict[tuple[int, int], Polynomial] = {}
        self._related: list[int] = []
        self._signs: dict[PolynomialKey, Sign] = {}

    # generators and bases ---------------------------------------------------------------------------------------------
    def number(self, generator: Generator) -> int:
        """The number of a generator, by its kind and key."""
        identity = (generator.kind, generator.key)
        if identity not in self._numbers:
            self._numbers[identity] = len(self.generators)
            self.generators.append(generator)
            if generator.kind in ("root", "step", "zero"):
                self._related.append(self._numbers[identity])
        return self._numbers[identity]

    def quotient_of(self, generator: Generator, exponent: int = 1) -> Quotient:
        """The generator to an integer power, as a quotient."""
        return self.integer_power(Quotient(polynomials.generator(self.number(generator))), exponent)

    def _base(self, polynomial: Polynomial) -> int:
        key = frozenset(polynomial.items())
        if key not in self._base_numbers:
            self._base_numbers[key] = len(self.bases)
            self.bases.append(polynomial)
        return self._base_numbers[key]

    def _base_power(self, base: int, exponent: int) -> Polynomial:
        key = (base, exponent)
        if key not in self._base_powers:
            self._base_powers[key] = polynomials.power(self.bases[base], exponent, self.budget)
        return self._base_powers[key]

    # arithmetic -------------------------------------------------------------------------------------------------------
    def number_quotient(self, numerator: int, denominator: int = 1) -> Quotient:
        """A rational number."""
        return Quotient({0: numerator} if numerator else {}, denominator)

    def total(self, parts: Iterable[Quotient]) -> Quotient:
        """The sum over the common denominator."""
        groups: dict[tuple[tuple[int, int], ...], list[Quotient]] = {}
        for part in parts:
            if part.numerator:
                groups.setdefault(part.bases, []).append(part)
        scale = lcm(*(part.scale for group in groups.values() for part in group))
        common: dict[int, int] = {}
        for bases in groups:
            for base, exponent in bases:
                common[base] = max(common.get(base, 0), exponent)
        summands = []
        for bases, group in groups.items():
            summand = polynomials.total(polynomials.scaled(part.numerator, scale // part.scale) for part in group)
            present = dict(bases)
            for base, exponent in common.items():
                if exponent > present.get(base, 0):
                    summand = polynomials.multiply(summand, self._base_power(base, exponent - present.get(base, 0)), self.budget)
            summands.append(summand)
        numerator = summands[0] if len(summands) == 1 else polynomials.total(summands)
        return Quotient(numerator, scale, tuple(sorted(common.items()))) if numerator else ZERO

    def product(self, factors: Sequence[Quotient]) -> Quotient:
        """The product, with the monomials cancelled."""
        numerator, scale = ONE, 1
        bases: dict[int, int] = {}
        for factor in factors:
            numerator = polynomials.multiply(numerator, factor.numerator, self.budget)
            scale *= factor.scale
            for base, exponent in factor.bases:
                bases[base] = bases.get(base, 0) + exponent
        return self._cancelled(numerator, scale, bases)

    def _cancelled(self, numerator: Polynomial, scale: int, bases: dict[int, int]) -> Quotient:
        if not numerator:
            return ZERO
        divisor = gcd(polynomials.content(numerator), scale) if scale != 1 else 1
        shared = 0
        for base in list(bases):
            if len(self.bases[base]) == 1:
                (monomial,) = self.bases[base]
                ((number, _),) = polynomials.exponents(monomial)
                common = min(bases[base], *(polynomials.exponent_of(found, number) for found in numerator))
                shared += common * monomial
                bases[base] -= common
        numerator = polynomials.divided(numerator, divisor, shared)
        return Quotient(numerator, scale // divisor, tuple(sorted((base, exponent) for base, exponent in bases.items() if exponent)))

    def integer_power(self, quotient: Quotient, exponent: int) -> Quotient:
        """The quotient to an integer power. Raises Undefined for a negative power of zero."""
        if exponent < 0:
            return self.integer_power(self.inverse(quotient), -exponent)
        bases = tuple((base, count * exponent) for base, count in quotient.bases) if exponent else ()
        return Quotient(polynomials.power(quotient.numerator, exponent, self.budget), quotient.scale**exponent, bases)

    def inverse(self, quotient: Quotient) -> Quotient:
        """1 / quotient. Raises Undefined where the numerator is zero. Roots leave the denominator: 1/r = r^(k-1) / p."""
        quotient = self.reduced(quotient)
        if not quotient.numerator:
            raise Undefined("division by zero")
        divisor, shared, rest = self.split(quotient.numerator)
        above = [Quotient({0: quotient.scale if divisor > 0 else -quotient.scale}, abs(divisor))]
        above.extend(Quotient(self._base_power(base, exponent)) for base, exponent in quotient.bases)
        if rest != ONE:
            above.append(Quotient(ONE, 1, ((self._base(rest), 1),)))
        for number, exponent in polynomials.exponents(shared):
            generator = self.generators[number]
            if generator.kind == "root" and generator.argument is not None:
                times = -(-exponent // generator.order)
                above.append(Quotient(polynomials.generator(number, times * generator.order - exponent)))
                above.append(self.integer_power(self.inverse(generator.argument), times))
            else:
                above.append(Quotient(ONE, 1, ((self._base(polynomials.generator(number)), exponent),)))
        return self.product(above)

    def split(self, polynomial: Polynomial) -> tuple[int, int, Polynomial]:
        """Integer content with the sign of the leading coefficient, common monomial, and the primitive rest of a nonzero polynomial."""
        divisor = polynomials.content(polynomial)
        if polynomial[max(polynomial)] < 0:
            divisor = -divisor
        shared = polynomials.common_monomial(polynomial)
        return divisor, shared, polynomials.divided(polynomial, divisor, shared)

    # relations --------------------------------------------------------------------------------------------------------
    def reduced(self, quotient: Quotient) -> Quotient:
        """The quotient with the relations of roots and steps applied to its numerator."""
        for number in reversed(self._related):
            if any(polynomials.exponent_of(monomial, number) for monomial in quotient.numerator):
                generator = self.generators[number]
                if generator.kind == "root":
                    quotient = self._root_reduced(quotient, number, generator)
                else:
                    quotient = Quotient(_idempotent(quotient.numerator, number), quotient.scale, quotient.bases)
        return quotient if quotient.numerator else ZERO

    def _root_reduced(self, quotient: Quotient, number: int, generator: Generator) -> Quotient:
        groups: dict[int, Polynomial] = {}
        for monomial, coefficient in quotient.numerator.items():
            times = polynomials.exponent_of(monomial, number) // generator.order
            groups.setdefault(times, {})[monomial - (times * generator.order << (polynomials.WIDTH * number))] = coefficient
        if set(groups) == {0} or generator.argument is None:
            return quotient
        parts = [
            self.product([Quotient(group, quotient.scale, quotient.bases), self.integer_power(generator.argument, times)])
            for times, group in groups.items()
        ]
        return self.reduced(self.total(parts))

    def is_zero(self, quotient: Quotient, nonzero: frozenset[PolynomialKey] = frozenset()) -> bool:
        """Whether the numerator reduces to zero, where some polynomials are known not to vanish. False proves nothing."""
        numerator = self.reduced(quotient).numerator
        for number in self._related:
            generator = self.generators[number]
            if numerator and generator.kind == "zero" and generator.argument is not None:
                if generator.key in nonzero:
                    numerator = {monomial: value for monomial, value in numerator.items() if not polynomials.exponent_of(monomial, number)}
                numerator = self._without_zero(numerator, number, generator)
        return not numerator

    def _without_zero(self, numerator: Polynomial, number: int, generator: Generator) -> Polynomial:
        """t · c is zero where the polynomial p of t = [p = 0] divides c."""
        divisor = generator.argument.numerator if generator.argument else ONE
        marked = {monomial: value for monomial, value in numerator.items() if polynomials.exponent_of(monomial, number)}
        if not marked:
            return numerator
        _, remainder = polynomials.remainder_parts(marked, divisor)
        return numerator if remainder else {monomial: value for monomial, value in numerator.items() if monomial not in marked}

    # canonical forms and signs ----------------------------------------------------------------------------------------
    def canonical(self, quotient: Quotient) -> Quotient:
        """The quotient with common factors of numerator and bases cancelled; the bases stay factored."""
        quotient = self.reduced(quotient)
        pending = list(quotient.bases)
        numerator = quotient.numerator
        bases: dict[int, int] = {}
        while pending:
            base, exponent = pending.pop()
            polynomial = self.bases[base]
            if len(polynomial) == 1 or len(numerator) <= 1:
                bases[base] = bases.get(base, 0) + exponent
                continue
            self.budget.check()
            _, _, common = self.split(polynomials.greatest_common_divisor(numerator, polynomial))
            if common == ONE:
                bases[base] = bases.get(base, 0) + exponent
                continue
            numerator = polynomials.exact_quotient(numerator, common)
            other = polynomials.exact_quotient(polynomial, common)
            if exponent > 1:
                pending.append((self._base(common), exponent - 1))
            divisor, _, rest = self.split(other)
            if divisor < 0:
                numerator = polynomials.scaled(numerator, -1) if exponent % 2 else numerator
            if rest != ONE:
                pending.append((self._base(rest), exponent))
        return self._cancelled(numerator, quotient.scale, bases)

    def key(self, canonical: Quotient) -> tuple[PolynomialKey, int, PolynomialKey]:
        """Equal for equal canonical quotients (of generators without relations)."""
        denominator = ONE
        for base, exponent in canonical.bases:
            denominator = polynomials.multiply(denominator, self._base_power(base, exponent), self.budget)
        return frozenset(canonical.numerator.items()), canonical.scale, frozenset(denominator.items())

    def sign(self, polynomial: Polynomial) -> Sign:
        """What is known of the sign of a polynomial, from those of its generators and from even powers."""
        key = frozenset(polynomial.items())
        if key not in self._signs:
            self._signs[key] = self._find_sign(polynomial, key)
        return self._signs[key]

    def _find_sign(self, polynomial: Polynomial, key: PolynomialKey) -> Sign:
        if key in self.declared:
            return self.declared[key]
        if self.declared.get(frozenset((monomial, -coefficient) for monomial, coefficient in key)) == "positive":
            return "negative"
        signs = {self._monomial_sign(monomial) for monomial in polynomial}
        coefficients = {coefficient > 0 for coefficient in polynomial.values()}
        if "unknown" in signs or len(coefficients) != 1:
            return "unknown"
        if coefficients == {False}:
            return "negative" if "positive" in signs else "unknown"
        return "positive" if "positive" in signs else "nonnegative"

    def _monomial_sign(self, monomial: int) -> Sign:
        found: Sign = "positive"
        for number, exponent in polynomials.exponents(monomial):
            sign = self.generators[number].sign
            if sign == "positive":
                continue
            if sign != "nonnegative" and exponent % 2:
                return "unknown"
            found = "nonnegative"
        return found


def _idempotent(polynomial: Polynomial, number: int) -> Polynomial:
    result: Polynomial = {}
    for monomial, coefficient in polynomial.items():
        exponent = polynomials.exponent_of(monomial, number)
        reduced = monomial - ((exponent - 1) << (polynomials.WIDTH * number)) if exponent > 1 else monomial
        result[reduced] = result.get(reduced, 0) + coefficient
    return {monomial: coefficient for monomial, coefficient in result.items() if coefficient}
