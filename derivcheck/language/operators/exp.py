"""The exponential of every entry."""

from __future__ import annotations

from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import Operator, called, entry, shape_of_argument
from derivcheck.language.shapes import shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def exp(x: Operand) -> Term:
    """exp of every entry, shaped like x."""
    return Apply(OPERATOR, (as_term(x),))


def example() -> Term:
    return exp(Leaf("x", shape_of("n", "m")))


OPERATOR: Operator = Operator(
    name="exp",
    kind="axiom",
    arity=1,
    shape=shape_of_argument,
    meaning=lambda arguments, parameters, slots, fresh: Apply(OPERATOR, (entry(arguments[0], slots),)),
    latex=called(r"\exp"),
    text=called("exp"),
    binds="free",
    result="atom",
    numpy=numpy_parts.named("exp"),
    sympy=sympy_parts.named("exp"),
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=exp,
    example=example,
)
