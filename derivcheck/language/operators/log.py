"""The natural logarithm of every entry, where it is positive."""

from __future__ import annotations

from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import Operator, called, entry, shape_of_argument
from derivcheck.language.shapes import shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def log(x: Operand) -> Term:
    """The natural logarithm of every entry, shaped like x. Condition: every entry is > 0."""
    return Apply(OPERATOR, (as_term(x),))


def example() -> Term:
    return log(Leaf("x", shape_of("n", "m")))


OPERATOR: Operator = Operator(
    name="log",
    kind="axiom",
    arity=1,
    shape=shape_of_argument,
    meaning=lambda arguments, parameters, slots, fresh: Apply(OPERATOR, (entry(arguments[0], slots),)),
    latex=called(r"\log"),
    text=called("log"),
    binds="free",
    result="atom",
    numpy=numpy_parts.named("log"),
    sympy=sympy_parts.named("log"),
    domain=("positive",),
    smooth=("positive",),
    sample=((0.25, 3.0),),
    build=log,
    example=example,
)
