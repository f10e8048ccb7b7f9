"""SymPy expressions as quotients: the only place of the exact decision that knows SymPy's functions. An unknown one is Stopped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import sympy
from sympy.core.function import AppliedUndef

from derivcheck.language.operators import sympy_parts
from derivcheck.witnesses.exact import packed_polynomials as polynomials
from derivcheck.witnesses.exact.functions import Functions
from derivcheck.witnesses.exact.packed_polynomials import ONE, Budget, Stopped, Undefined
from derivcheck.witnesses.exact.quotients import UNIT, Generator, Quotient, Sign

Expression = Any


class NormalForms(Functions):
    """Expressions converted to quotients, each subexpression once.

    `values` says which symbols are put equal to which expressions (an assumption such as Σ y = 1 solved for one entry), `signs` which
    symbols or polynomials in them are positive, nonnegative or nonzero.
    """

    def __init__(
        self, budget: Budget, granularity: dict[Any, int], values: Mapping[Expression, Expression], signs: Mapping[Expression, str]
    ) -> None:
        super().__init__(budget, granularity)
        self._values = values
        self._symbol_signs = {symbol: sign for symbol, sign in signs.items() if symbol.is_Symbol and symbol not in values}
        self._known: dict[Expression, Quotient] = {}
        self._step = sympy_parts.step_class()
        for expression, sign in signs.items():
            if sign == "nonzero":
                self.nonzero |= self.nonvanishing([self.convert(expression)])
            elif expression not in self._symbol_signs:
                self._declare(self.convert(expression), "positive" if sign == "positive" else "nonnegative")

    def _declare(self, quotient: Quotient, sign: Sign) -> None:
        """Take a quotient to be positive or nonnegative, where that says something of one polynomial."""
        if quotient.numerator and all(self.sign(self.bases[base]) == "positive" for base, _ in quotient.bases):
            divisor, shared, polynomial = self.split(quotient.numerator)
            if polynomial != ONE and self.sign(polynomials.scaled(ONE, 1, shared)) == "positive":
                self.declared[frozenset(polynomials.scaled(polynomial, 1 if divisor > 0 else -1).items())] = sign
                self._signs.clear()

    def convert(self, expression: Expression) -> Quotient:
        """The quotient that an expression is. Raises Stopped for an unknown function, Undefined where it has no real value."""
        found = self._known.get(expression)
        if found is None:
            found = self._known[expression] = self._convert(expression)
        return found

    def _convert(self, expression: Expression) -> Quotient:
        if expression.is_Symbol:
            return self._symbol(expression)
        if expression.is_Rational:
            return self.number_quotient(int(expression.p), int(expression.q))
        if expression.is_Add:
            return self.total([self.convert(argument) for argument in expression.args])
        if expression.is_Mul:
            return self.product([self.convert(argument) for argument in expression.args])
        if expression.is_Pow:
            return self._power(expression)
        head = expression.func
        if head is sympy.exp:
            return self.exponential(self.convert(expression.args[0]))
        if head is sympy.log and len(expression.args) == 1:
            return self.logarithm(self._factors(expression.args[0]))
        if head is self._step:
            return self.step(self.convert(expression.args[0]))
        generic = getattr(head, "generic", None)
        if generic is not None:
            return self.value(generic, [self.convert(argument) for argument in expression.args])
        return self._other(expression)

    def _symbol(self, symbol: Expression) -> Quotient:
        if symbol in self._values:
            return self.convert(self._values[symbol])
        if symbol.is_real is not True and symbol.is_real is not None:
            raise Stopped(f"{symbol} is not real")
        signs: dict[str, Sign] = {"positive": "positive", "nonnegative": "nonnegative"}
        return self.quotient_of(Generator("symbol", symbol, signs.get(self._symbol_signs.get(symbol, ""), "unknown")))

    def _power(self, expression: Expression) -> Quotient:
        base, exponent = expression.args
        if not exponent.is_Rational:
            if base is sympy.E:
                return self.exponential(self.convert(exponent))
            raise Stopped(f"the power {expression} has an exponent that is not rational")
        power = Fraction(int(exponent.p), int(exponent.q))
        if power.denominator == 1:
            return self.integer_power(self.convert(base), power.numerator)
        return self.fractional_power(self._factors(base), power)

    def _factors(self, expression: Expression) -> list[tuple[Quotient, int]]:
        """The factors of a product as written, with their integer exponents."""
        found = []
        for factor in sympy.Mul.make_args(expression):
            if factor.is_Pow and factor.exp.is_Integer:
                found.append((self.convert(factor.base), int(factor.exp)))
            else:
                found.append((self.convert(factor), 1))
        return found

    def _other(self, expression: Expression) -> Quotient:
        match expression:
            case sympy.Abs():
                argument = self.convert(expression.args[0])
                return self.product([argument, self._doubled_step(argument)])
            case sympy.sign():
                argument = self.convert(expression.args[0])
                return self.total([self._doubled_step(argument), self.vanishes(argument)])
            case sympy.tanh() | sympy.coth():
                up, down = self._exponentials(expression.args[0])
                quotient = self.product([self.total([up, self._minus(down)]), self.inverse(self.total([up, down]))])
                return quotient if isinstance(expression, sympy.tanh) else self.inverse(quotient)
            case sympy.sinh() | sympy.cosh() | sympy.sech() | sympy.csch():
                up, down = self._exponentials(expression.args[0])
                odd = isinstance(expression, (sympy.sinh, sympy.csch))
                half = self.product([self.total([up, self._minus(down) if odd else down]), self.number_quotient(1, 2)])
                return half if isinstance(expression, (sympy.sinh, sympy.cosh)) else self.inverse(half)
            case sympy.Heaviside():
                argument = self.convert(expression.args[0])
                return self.total([self.step(argument), self.product([self.vanishes(argument), self.convert(expression.args[1])])])
            case sympy.Max() | sympy.Min():
                return self._largest([self.convert(argument) for argument in expression.args], isinstance(expression, sympy.Max))
            case AppliedUndef():
                return self._applied(expression, ())
            case sympy.Derivative():
                return self._partial(expression, {})
            case sympy.Subs():
                return self._partial(expression.expr, dict(zip(expression.variables, expression.point, strict=True)))
        if expression is sympy.E:
            return self.exponential(UNIT)
        if expression is sympy.pi:
            return self.quotient_of(Generator("constant", "pi", "positive"))
        if expression.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo, sympy.I):
            raise Undefined(f"{expression} is not a real number")
        raise Stopped(f"{expression.func.__name__} is not a function that the exact decision knows")

    def _doubled_step(self, argument: Quotient) -> Quotient:
        """2 step(x) - 1, the sign of x where x ≠ 0."""
        return self.total([self.product([self.step(argument), self.number_quotient(2)]), self.number_quotient(-1)])

    def _exponentials(self, argument: Expression) -> tuple[Quotient, Quotient]:
        up = self.exponential(self.convert(argument))
        return up, self.inverse(up)

    def _largest(self, arguments: Sequence[Quotient], largest: bool) -> Quotient:
        """max(a, b) = b + (a - b) step(a - b), min(a, b) = a - (a - b) step(a - b)."""
        found = arguments[0]
        for other in arguments[1:]:
            difference = self.total([found, self._minus(other)])
            above = self.product([difference, self.step(difference)])
            found = self.total([other, above]) if largest else self.total([found, self._minus(above)])
        return found

    def _applied(self, expression: Expression, positions: tuple[int, ...]) -> Quotient:
        """An undefined function of the author, derived once by each argument whose position is listed."""
        return self.value((str(expression.func), positions, "undefined"), [self.convert(argument) for argument in expression.args])

    def _partial(self, derivative: Expression, put: Mapping[Expression, Expression]) -> Quotient:
        """A partial derivative of an undefined function by its arguments, where these are then put equal to other expressions."""
        if not isinstance(derivative, sympy.Derivative) or not isinstance(derivative.expr, AppliedUndef):
            raise Stopped(f"{derivative} is not a derivative of an undefined function")
        positions: list[int] = []
        for variable, count in derivative.variable_count:
            found = [k for k, argument in enumerate(derivative.expr.args, start=1) if argument.has(variable)]
            if len(found) != 1 or derivative.expr.args[found[0] - 1] != variable or not count.is_Integer:
                raise Stopped(f"{derivative} is not a partial derivative by one argument")
            positions += found * int(count)
        return self._applied(derivative.expr.xreplace(put), tuple(sorted(positions)))
