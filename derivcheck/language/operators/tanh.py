"""The hyperbolic tangent of every entry: 2 / (1 + exp(−2x)) − 1."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.exp import exp
from derivcheck.language.operators.record import Operator, Parameters, called, entry, shape_of_argument
from derivcheck.language.shapes import shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Power, Term, as_term


def tanh(x: Operand) -> Term:
    """The hyperbolic tangent of every entry, shaped like x."""
    return Apply(OPERATOR, (as_term(x),))


def example() -> Term:
    return tanh(Leaf("x", shape_of("n", "m")))


def _quotient(entry: Any, parameters: Parameters) -> Any:
    import sympy  # only the small-dimensions witness pays for it

    return (sympy.exp(entry) - sympy.exp(-entry)) / (sympy.exp(entry) + sympy.exp(-entry))


OPERATOR: Operator = Operator(
    name="tanh",
    kind="definition",
    arity=1,
    shape=shape_of_argument,
    meaning=lambda arguments, parameters, slots, fresh: 2 * Power(1 + exp(-2 * entry(arguments[0], slots)), Fraction(-1)) - 1,
    latex=called(r"\tanh"),
    text=called("tanh"),
    binds="free",
    result="atom",
    numpy=numpy_parts.named("tanh"),
    sympy=sympy_parts.entrywise(_quotient),
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=tanh,
    example=example,
)
