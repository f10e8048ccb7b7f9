"""The square root of every entry: x^(1/2)."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import Operator, called, entry, shape_of_argument
from derivcheck.language.shapes import shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Power, Term, as_term


def sqrt(x: Operand) -> Term:
    """The square root of every entry, shaped like x. Condition: every entry is >= 0, and > 0 where it is derived."""
    return Apply(OPERATOR, (as_term(x),))


def example() -> Term:
    return sqrt(Leaf("x", shape_of("n", "m")))


OPERATOR: Operator = Operator(
    name="sqrt",
    kind="definition",
    arity=1,
    shape=shape_of_argument,
    meaning=lambda arguments, parameters, slots, fresh: Power(entry(arguments[0], slots), Fraction(1, 2)),
    latex=lambda arguments, parameters: rf"\sqrt{{{arguments[0]}}}",
    text=called("√"),
    binds="free",
    result="atom",
    numpy=numpy_parts.named("sqrt"),
    sympy=sympy_parts.named("sqrt"),
    domain=("nonnegative",),
    smooth=("positive",),
    sample=((0.25, 3.0),),
    build=sqrt,
    example=example,
)
