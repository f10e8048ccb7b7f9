"""Exponentials, logarithms, fractional powers, steps and generic functions of quotients, as generators with their relations.

    exp(Σ c m)      Π exp(m)^c over the monomials m (of the quotient and of the remainder, where the denominator does not divide)
    log(p q)        log p + log q where p > 0; log(exp m) = m; log of a rational splits into primes
    (p q)^c         p^c q^c where p > 0; a rational splits into primes
    step(p q)       step(q) where p > 0; step(-p) = 1 - step(p) - [p = 0]

A fractional c needs a generator exp(m / k) or p^(1/k) with k a multiple of the denominator of c. Where a smaller k was chosen before, Finer
is raised, and the conversion starts again with the larger one.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

from sympy import factorint

from derivcheck.witnesses.exact import packed_polynomials as polynomials
from derivcheck.witnesses.exact.packed_polynomials import ONE, Budget, Polynomial, Undefined
from derivcheck.witnesses.exact.quotients import UNIT, ZERO, Generator, Kind, PolynomialKey, Quotient, Quotients, Sign


class Finer(Exception):
    """A generator is needed in smaller fractions than it was made."""


class Functions(Quotients):
    """Quotients, and the functions of them. `granularity` holds the k of each exponential and root, and outlives a restart."""

    def __init__(self, budget: Budget, granularity: dict[Any, int]) -> None:
        super().__init__(budget)
        self.granularity = granularity

    def _fraction_of(self, kind: Kind, key: Any, make: Generator, exponent: Fraction) -> Quotient:
        """The generator of that kind and key to a rational power."""
        order = self.granularity.setdefault((kind, key), exponent.denominator)
        if order % exponent.denominator:
            self.granularity[kind, key] = lcm(order, exponent.denominator)
            raise Finer
        made = Generator(kind, key, make.sign, make.argument, order)
        return self.quotient_of(made, int(exponent * order))

    # exponentials -----------------------------------------------------------------------------------------------------
    def exponential(self, quotient: Quotient) -> Quotient:
        """exp(quotient)."""
        quotient = self.canonical(quotient)
        if not quotient.numerator:
            return UNIT
        below = 0
        denominator = ONE
        for base, exponent in quotient.bases:
            if len(self.bases[base]) == 1:
                below += next(iter(self.bases[base])) * exponent
            else:
                denominator = polynomials.multiply(denominator, polynomials.power(self.bases[base], exponent, self.budget), self.budget)
        factors = []
        if denominator == ONE:
            for monomial, coefficient in quotient.numerator.items():
                factors.append(self._exponential_of(monomial, below, ONE, Fraction(coefficient, quotient.scale)))
        else:
            whole, remainder = polynomials.remainder_parts(quotient.numerator, denominator)
            for part, under in ((whole, ONE), (remainder, denominator)):
                factors.extend(self._exponential_of(monomial, below, under, value / quotient.scale) for monomial, value in part.items())
        return self.product(factors)

    def _exponential_of(self, monomial: int, below: int, denominator: Polynomial, coefficient: Fraction) -> Quotient:
        shared = polynomials.monomial_gcd(monomial, below)
        monomial, below = monomial - shared, below - shared
        if not below and denominator == ONE:
            found = list(polynomials.exponents(monomial))
            if len(found) == 1 and found[0][1] == 1:
                generator = self.generators[found[0][0]]
                if generator.kind == "logarithm" and generator.argument is not None:
                    return self.rational_power(generator.argument, coefficient)
        bases = [(self._base(polynomials.generator(number)), exponent) for number, exponent in polynomials.exponents(below)]
        if denominator != ONE:
            bases.append((self._base(denominator), 1))
        argument = Quotient({monomial: 1}, 1, tuple(sorted(bases)))
        key = (monomial, below, frozenset(denominator.items()))
        return self._fraction_of("exponential", key, Generator("exponential", key, "positive", argument), coefficient)

    # products of positive factors -------------------------------------------------------------------------------------
    def _factored(
        self, quotients: Sequence[tuple[Quotient, int]], splitting: tuple[Sign, ...] = ("positive",)
    ) -> tuple[Fraction, list[tuple[Polynomial, int]], Quotient]:
        """A rational, polynomials of the given signs with exponents, and the rest, whose product is Π quotient^exponent.

        Raises Undefined where a factor is zero and its exponent negative; a zero factor leaves the rest ZERO.
        """
        rational = Fraction(1)
        positive: list[tuple[Polynomial, int]] = []
        rest: list[Quotient] = []
        for given, times in quotients:
            quotient = self.canonical(given)
            if not quotient.numerator:
                if times < 0:
                    raise Undefined("division by zero")
                return Fraction(1), [], ZERO
            divisor, shared, primitive = self.split(quotient.numerator)
            rational *= Fraction(divisor, quotient.scale) ** times
            factors = [(polynomials.generator(number), exponent * times) for number, exponent in polynomials.exponents(shared)]
            factors.append((primitive, times))
            factors.extend((self.bases[base], -exponent * times) for base, exponent in quotient.bases)
            for polynomial, exponent in factors:
                if polynomial == ONE:
                    continue
                sign = self.sign(polynomial)
                if sign in splitting:
                    positive.append((polynomial, exponent))
                elif sign == "negative":
                    positive.append((polynomials.scaled(polynomial, -1), exponent))
                    rational *= (-1) ** exponent
                else:
                    rest.append(self.integer_power(Quotient(polynomial), exponent))
        return rational, positive, self.product(rest)

    def _generator_alone(self, polynomial: Polynomial) -> Generator | None:
        """The generator that a polynomial is, if it is one."""
        if len(polynomial) != 1:
            return None
        ((monomial, coefficient),) = polynomial.items()
        found = list(polynomials.exponents(monomial))
        return self.generators[found[0][0]] if coefficient == 1 and len(found) == 1 and found[0][1] == 1 else None

    # logarithms -------------------------------------------------------------------------------------------------------
    def logarithm(self, factors: Sequence[tuple[Quotient, int]]) -> Quotient:
        """log Π quotient^exponent. Raises Undefined for a number that is not positive."""
        # where a product is positive, a factor that is not negative is positive
        rational, positive, rest = self._factored(factors, ("positive", "nonnegative"))
        if rest == UNIT and rational < 0:
            raise Undefined("the logarithm of a negative number")
        if not rest.numerator:
            raise Undefined("the logarithm of zero")
        parts = []
        if rational < 0:
            rational, rest = -rational, self.product([rest, self.number_quotient(-1)])
        for prime, exponent in _primes(rational):
            parts.append(self._times(self._logarithm_of(Quotient({0: prime})), Fraction(exponent)))
        for polynomial, exponent in positive:
            generator = self._generator_alone(polynomial)
            if generator is not None and generator.kind == "exponential" and generator.argument is not None:
                parts.append(self._times(generator.argument, Fraction(exponent, generator.order)))
            elif generator is not None and generator.kind == "root" and generator.argument is not None:
                parts.append(self._times(self.logarithm([(generator.argument, 1)]), Fraction(exponent, generator.order)))
            else:
                parts.append(self._times(self._logarithm_of(Quotient(polynomial)), Fraction(exponent)))
        if rest != UNIT:
            parts.append(self._logarithm_of(rest))
        return self.total(parts)

    def _logarithm_of(self, argument: Quotient) -> Quotient:
        return self.quotient_of(Generator("logarithm", self.key(self.canonical(argument)), "unknown", argument))

    def _times(self, quotient: Quotient, factor: Fraction) -> Quotient:
        return self.product([quotient, self.number_quotient(factor.numerator, factor.denominator)])

    # powers -----------------------------------------------------------------------------------------------------------
    def rational_power(self, quotient: Quotient, exponent: Fraction) -> Quotient:
        """quotient^exponent; the base of a fractional power is taken to be positive (or zero, for a positive exponent)."""
        if exponent.denominator == 1:
            return self.integer_power(quotient, exponent.numerator)
        return self.fractional_power([(quotient, 1)], exponent)

    def fractional_power(self, factors: Sequence[tuple[Quotient, int]], exponent: Fraction) -> Quotient:
        """(Π quotient^count)^exponent. Raises Undefined for a negative number, or a negative power of zero."""
        rational, positive, rest = self._factored(factors, ("positive", "nonnegative"))
        if rest != UNIT or rational < 0:
            # a root of a zero factor and of a negative one must not be taken apart
            rational, positive, rest = self._factored(factors)
        if not rest.numerator:
            if exponent < 0:
                raise Undefined("division by zero")
            return ZERO
        if rest == UNIT and rational < 0:
            raise Undefined("a fractional power of a negative number")
        if rational < 0:
            rational, rest = -rational, self.product([rest, self.number_quotient(-1)])
        parts = [self._root_of(Quotient({0: prime}), "positive", exponent * count) for prime, count in _primes(rational)]
        for polynomial, count in positive:
            generator = self._generator_alone(polynomial)
            power = exponent * count
            if generator is not None and generator.kind == "exponential" and generator.argument is not None:
                parts.append(self.exponential(self._times(generator.argument, power / generator.order)))
            elif generator is not None and generator.kind == "root" and generator.argument is not None:
                parts.append(self.rational_power(generator.argument, power / generator.order))
            else:
                parts.append(self._root_of(Quotient(polynomial), self.sign(polynomial), power))
        if rest != UNIT:
            parts.append(self._root_of(rest, "nonnegative", exponent))
        return self.product(parts)

    def _root_of(self, base: Quotient, sign: Sign, exponent: Fraction) -> Quotient:
        if exponent.denominator == 1:
            return self.integer_power(base, exponent.numerator)
        key = self.key(self.canonical(base))
        made = Generator("root", key, sign, base)
        return self._fraction_of("root", key, made, exponent)

    # steps ------------------------------------------------------------------------------------------------------------
    def step(self, quotient: Quotient) -> Quotient:
        """1 where the quotient is positive, else 0."""
        sign, polynomial = self._signed(quotient)
        if not polynomial:
            return ZERO
        known = self.sign(polynomial)
        if known in ("positive", "negative"):
            return UNIT if (known == "positive") == (sign > 0) else ZERO
        step = self._mark("step", polynomial)
        return step if sign > 0 else self.total([UNIT, self._minus(step), self._minus(self.vanishes(quotient))])

    def vanishes(self, quotient: Quotient) -> Quotient:
        """1 where the quotient is zero, else 0."""
        _, polynomial = self._signed(quotient)
        if not polynomial:
            return UNIT
        if frozenset(polynomial.items()) in self.nonzero or self.sign(polynomial) in ("positive", "negative"):
            return ZERO
        return self._mark("zero", polynomial)

    def nonvanishing(self, quotients: Sequence[Quotient]) -> frozenset[PolynomialKey]:
        """The keys of the polynomials that do not vanish where these quotients do not."""
        return frozenset(frozenset(self._signed(quotient)[1].items()) for quotient in quotients)

    def _mark(self, kind: Kind, polynomial: Polynomial) -> Quotient:
        return self.quotient_of(Generator(kind, frozenset(polynomial.items()), "nonnegative", Quotient(polynomial)))

    def _minus(self, quotient: Quotient) -> Quotient:
        return self.product([quotient, self.number_quotient(-1)])

    def _signed(self, quotient: Quotient) -> tuple[int, Polynomial]:
        """±1 and a polynomial whose signed sign is that of the quotient: positive factors and even powers of denominators are left out."""
        rational, _, rest = self._factored([(quotient, 1)])
        if not rest.numerator:
            return 1, {}
        polynomial = rest.numerator
        for base, exponent in rest.bases:
            if exponent % 2:
                polynomial = polynomials.multiply(polynomial, self.bases[base], self.budget)
        divisor, shared, primitive = self.split(polynomial)
        polynomial = polynomials.scaled(primitive, 1, shared)
        return (1 if (rational > 0) == (divisor > 0) else -1), polynomial

    # generic functions ------------------------------------------------------------------------------------------------
    def value(self, function: Any, arguments: Sequence[Quotient]) -> Quotient:
        """The value of a generic function at these arguments; equal arguments give the same generator."""
        keys = tuple(self.key(self.canonical(argument)) for argument in arguments)
        return self.quotient_of(Generator("value", (function, keys), "unknown"))


def _primes(rational: Fraction) -> list[tuple[int, int]]:
    found = list(factorint(rational.numerator).items())
    found.extend((prime, -exponent) for prime, exponent in factorint(rational.denominator).items())
    return [(int(prime), int(exponent)) for prime, exponent in found]
