"""The value of a SymPy expression where its symbols are rational: a Fraction where it is rational as computed, else an interval that contains it."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache, reduce
from typing import Any

import mpmath.ctx_iv
import sympy
from sympy.core.function import AppliedUndef

from derivcheck.language.operators import sympy_parts
from derivcheck.language.printing.explicit_values import Requirement
from derivcheck.witnesses.exact.instances import Instance
from derivcheck.witnesses.exact.packed_polynomials import Stopped, Undefined

Expression = Any
Value = Any
"""A Fraction or an mpmath interval."""

PRECISION, FINE_PRECISION = 200, 3600
"""Bits of an interval's ends; the finer ones for values that the others do not keep apart (σ(1000) and 1)."""

LARGEST = 1 << 4096


@cache
def _intervals(precision: int) -> Any:
    """Interval arithmetic with ends of so many bits; it is slow to make."""
    context = mpmath.ctx_iv.MPIntervalContext()
    context.prec = precision
    return context


class PointValues:
    """Expressions evaluated at one point, each subexpression once.

    Raises Undefined where an expression has no real value there, an interval does not exclude that it has none, or a number is too large to
    compute with; Stopped for a function that is not known.
    """

    def __init__(self, point: Mapping[Expression, Fraction], functions: Mapping[str, Instance], precision: int = PRECISION) -> None:
        self._point = point
        self._functions = functions
        self._known: dict[Expression, Value] = {}
        self._intervals = _intervals(precision)

    def value(self, expression: Expression) -> Value:
        """The value of an expression."""
        found = self._known.get(expression)
        if found is None:
            found = self._value(expression)
            if isinstance(found, Fraction) and (abs(found.numerator) > LARGEST or found.denominator > LARGEST):
                raise Undefined("a number has too many digits")
            self._known[expression] = found
        return found

    def differ(self, left: Value, right: Value) -> bool:
        """Whether two values certainly differ: different rationals, or intervals without a common point."""
        if isinstance(left, Fraction) and isinstance(right, Fraction):
            return left != right
        first, second = self._interval(left), self._interval(right)
        return bool(first.b < second.a or second.b < first.a)

    def meets(self, requirement: Requirement) -> bool:
        """Whether a requirement certainly holds at this point."""
        try:
            values = [self.value(entry) for entry in requirement.entries]
        except Undefined:
            return False
        match requirement.word:
            case "positive":
                return all(self._sign(value) == 1 for value in values)
            case "nonnegative":
                return all(self._sign(value) in (0, 1) for value in values)
            case "nonzero":
                return all(self._sign(value) in (-1, 1) for value in values)
            case "invertible":
                side = round(len(values) ** 0.5)
                return self._sign(_determinant([values[k * side : (k + 1) * side] for k in range(side)])) in (-1, 1)
        raise ValueError(f"unknown requirement {requirement.word!r}")

    def _value(self, expression: Expression) -> Value:
        if expression.is_Symbol:
            return self._point[expression]
        if expression.is_Rational:
            return Fraction(int(expression.p), int(expression.q))
        if expression.is_Add:
            return self._combined(operator.add, (self.value(argument) for argument in expression.args))
        if expression.is_Mul:
            return self._combined(operator.mul, (self.value(argument) for argument in expression.args))
        if expression.is_Pow and expression.exp.is_Rational:
            return self._power(self.value(expression.base), Fraction(int(expression.exp.p), int(expression.exp.q)))
        head = expression.func
        if head is sympy.exp:
            return self._exponential(self.value(expression.args[0]))
        if head is sympy.log and len(expression.args) == 1:
            return self._logarithm(self.value(expression.args[0]))
        if head is sympy_parts.step_class():
            return Fraction(int(self._definite_sign(self.value(expression.args[0])) > 0))
        generic = getattr(head, "generic", None)
        if generic is not None:
            name, order = generic
            positions = (1,) * order if isinstance(order, int) else order
            return self._instance(name, positions, expression.args)
        return self._other(expression)

    def _other(self, expression: Expression) -> Value:
        match expression:
            case sympy.Abs():
                value = self.value(expression.args[0])
                return abs(value) if isinstance(value, Fraction) else self._product(value, Fraction(self._definite_sign(value)))
            case sympy.sign():
                return Fraction(self._definite_sign(self.value(expression.args[0])))
            case sympy.Heaviside():
                sign = self._definite_sign(self.value(expression.args[0]))
                return self.value(expression.args[1]) if sign == 0 else Fraction(int(sign > 0))
            case sympy.tanh() | sympy.sinh() | sympy.cosh() | sympy.coth() | sympy.sech() | sympy.csch():
                return self.value(expression.rewrite(sympy.exp))
            case sympy.Max() | sympy.Min():
                return self._largest([self.value(argument) for argument in expression.args], isinstance(expression, sympy.Max))
            case AppliedUndef():
                return self._instance(str(expression.func), (), expression.args)
            case sympy.Derivative():
                return self._partial(expression, {})
            case sympy.Subs():
                return self._partial(expression.expr, dict(zip(expression.variables, expression.point, strict=True)))
        if expression is sympy.E:
            return self._exponential(Fraction(1))
        if expression is sympy.pi:
            return self._intervals.pi + self._interval(Fraction(0))
        if expression in (sympy.nan, sympy.zoo, sympy.oo, -sympy.oo, sympy.I):
            raise Undefined(f"{expression} is not a real number")
        raise Stopped(f"{expression.func.__name__} is not a function that can be evaluated exactly")

    # numbers of two kinds ---------------------------------------------------------------------------------------------
    def _interval(self, value: Value) -> Any:
        if not isinstance(value, Fraction):
            return value
        return self._intervals.mpf(value.numerator) / value.denominator if value.denominator != 1 else self._intervals.mpf(value.numerator)

    def _combined(self, operation: Any, values: Iterable[Value]) -> Value:
        """Rationals are combined exactly first; zero times an interval is exactly zero."""
        found = list(values)
        rationals = [value for value in found if isinstance(value, Fraction)]
        others = [value for value in found if not isinstance(value, Fraction)]
        exact = reduce(operation, rationals) if rationals else None
        if not others or (operation is operator.mul and exact == 0):
            return exact
        if exact is not None:
            others.append(self._interval(exact))
        return reduce(operation, others)

    def _product(self, *values: Value) -> Value:
        return self._combined(operator.mul, values)

    def _sign(self, value: Value) -> int | None:
        """-1, 0 or 1; None where an interval contains zero and more."""
        if isinstance(value, Fraction):
            return (value > 0) - (value < 0)
        if value.a > 0:
            return 1
        return -1 if value.b < 0 else None

    def _definite_sign(self, value: Value) -> int:
        sign = self._sign(value)
        if sign is None:
            raise Undefined("an interval does not decide a sign")
        return sign

    def _power(self, base: Value, exponent: Fraction) -> Value:
        if abs(exponent.numerator) > 4096:
            raise Undefined("an exponent is too large")
        sign = self._sign(base)
        if exponent < 0 and sign in (0, None):
            raise Undefined("division by zero")
        if exponent.denominator == 1:
            return base**exponent.numerator if isinstance(base, Fraction) else base ** int(exponent.numerator)
        if sign in (-1, None):
            raise Undefined("a fractional power of a negative number")
        if isinstance(base, Fraction):
            roots = [sympy.integer_nthroot(part, exponent.denominator) for part in (base.numerator, base.denominator)]
            if all(exact for _, exact in roots):
                return Fraction(int(roots[0][0]), int(roots[1][0])) ** exponent.numerator
        return self._intervals.exp(self._intervals.log(self._interval(base)) * self._interval(exponent))

    def _exponential(self, value: Value) -> Value:
        if value == 0 and isinstance(value, Fraction):
            return Fraction(1)
        interval = self._interval(value)
        if interval.b > 10_000 or interval.a < -10_000:
            raise Undefined("an exponential is too large")
        return self._intervals.exp(interval)

    def _logarithm(self, value: Value) -> Value:
        if self._sign(value) != 1:
            raise Undefined("the logarithm of a number that is not positive")
        return Fraction(0) if isinstance(value, Fraction) and value == 1 else self._intervals.log(self._interval(value))

    def _largest(self, values: Sequence[Value], largest: bool) -> Value:
        found = values[0]
        for other in values[1:]:
            above = self._definite_sign(self._combined(operator.add, (found, self._product(other, Fraction(-1))))) >= 0
            found = found if above == largest else other
        return found

    # generic functions ------------------------------------------------------------------------------------------------
    def _instance(self, name: str, positions: Sequence[int], arguments: Sequence[Expression]) -> Value:
        instance = self._functions[name]
        if instance.arity != len(arguments):
            raise Stopped(f"{name} is applied to {len(arguments)} and to {instance.arity} arguments")
        for position in positions:
            instance = instance.partial(position)
        values = [self.value(argument) for argument in arguments]
        if all(isinstance(value, Fraction) for value in values):
            return instance.at(values, Fraction)
        return instance.at([self._interval(value) for value in values], self._interval)

    def _partial(self, derivative: Expression, put: Mapping[Expression, Expression]) -> Value:
        if not isinstance(derivative, sympy.Derivative) or not isinstance(derivative.expr, AppliedUndef):
            raise Stopped(f"{derivative} is not a derivative of an undefined function")
        arguments = derivative.expr.args
        positions: list[int] = []
        for variable, count in derivative.variable_count:
            if arguments.count(variable) != 1 or sum(argument.has(variable) for argument in arguments) != 1:
                raise Stopped(f"{derivative} is not a partial derivative by one argument")
            positions += [arguments.index(variable) + 1] * int(count)
        return self._instance(str(derivative.expr.func), positions, [argument.xreplace(put) for argument in arguments])


def generic_functions(expressions: Iterable[Expression]) -> dict[str, int]:
    """The generic functions that occur, and of how many arguments they are."""
    found: dict[str, int] = {}
    for expression in expressions:
        for application in expression.atoms(sympy.Function):
            generic = getattr(application.func, "generic", None)
            if generic is not None:
                found[generic[0]] = len(application.args)
            elif isinstance(application, AppliedUndef):
                found[str(application.func)] = len(application.args)
    return dict(sorted(found.items()))


def _determinant(rows: Sequence[Sequence[Value]]) -> Value:
    """By expansion along the first row: the matrices are small."""
    if len(rows) == 1:
        return rows[0][0]
    result = Fraction(0)
    for k, entry in enumerate(rows[0]):
        minor = _determinant([[*row[:k], *row[k + 1 :]] for row in rows[1:]])
        result = _mixed(result, _mixed(_mixed(entry, minor, operator.mul), Fraction((-1) ** k), operator.mul), operator.add)
    return result


def _mixed(left: Value, right: Value, operation: Any) -> Value:
    """An operation on a rational and an interval, which mpmath does not mix."""
    if isinstance(left, Fraction) and not isinstance(right, Fraction):
        left = right.ctx.mpf(left.numerator) / left.denominator
    elif isinstance(right, Fraction) and not isinstance(left, Fraction):
        right = left.ctx.mpf(right.numerator) / right.denominator
    return operation(left, right)
