"""The logistic function of every entry: σ(x) = 1 / (1 + exp(−x))."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.exp import exp
from derivcheck.language.operators.record import Operator, Parameters, called, entry, shape_of_argument
from derivcheck.language.shapes import shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Power, Term, as_term


def sigmoid(x: Operand) -> Term:
    """The logistic function 1 / (1 + exp(−x)) of every entry, shaped like x."""
    return Apply(OPERATOR, (as_term(x),))


def example() -> Term:
    return sigmoid(Leaf("x", shape_of("n", "m")))


def _logistic(entries: Any, parameters: Parameters) -> Any:
    # the exponent is never positive, so nothing overflows
    sign = 2.0 * (numpy_parts.real_part(entries) > 0) - 1.0
    small = numpy_parts.function("exp", entries * -sign)
    return (small * ((1.0 - sign) / 2) + (1.0 + sign) / 2) / (small + 1.0)


def _logistic_expression(entry: Any, parameters: Parameters) -> Any:
    import sympy  # only the small-dimensions witness pays for it

    return sympy.exp(entry) / (sympy.exp(entry) + 1)


OPERATOR: Operator = Operator(
    name="sigmoid",
    kind="definition",
    arity=1,
    shape=shape_of_argument,
    meaning=lambda arguments, parameters, slots, fresh: Power(1 + exp(-entry(arguments[0], slots)), Fraction(-1)),
    latex=called(r"\sigma"),
    text=called("σ"),
    binds="free",
    result="atom",
    numpy=numpy_parts.entrywise(_logistic),
    sympy=sympy_parts.entrywise(_logistic_expression),
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=sigmoid,
    example=example,
)
