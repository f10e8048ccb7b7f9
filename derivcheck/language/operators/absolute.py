"""The absolute value of every entry."""

from __future__ import annotations

from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import Operator, entry, shape_of_argument
from derivcheck.language.shapes import shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def absolute(x: Operand) -> Term:
    """|x| of every entry, shaped like x. Its derivative exists where the entry is ≠ 0."""
    return Apply(OPERATOR, (as_term(x),))


def example() -> Term:
    return absolute(Leaf("x", shape_of("n", "m")))


OPERATOR: Operator = Operator(
    name="absolute",
    kind="axiom",
    arity=1,
    shape=shape_of_argument,
    meaning=lambda arguments, parameters, slots, fresh: Apply(OPERATOR, (entry(arguments[0], slots),)),
    latex=lambda arguments, parameters: rf"\lvert {arguments[0]} \rvert",
    text=lambda arguments, parameters: f"|{arguments[0]}|",
    binds="free",
    result="atom",
    numpy=numpy_parts.entrywise(lambda entries, parameters: entries * (2.0 * (numpy_parts.real_part(entries) > 0) - 1.0)),
    sympy=sympy_parts.entrywise(lambda entry, parameters: entry * (2 * sympy_parts.step(entry) - 1)),
    domain=("real",),
    smooth=("nonzero",),
    sample=((-2.0, 2.0),),
    build=absolute,
    example=example,
)
