"""The rectifier max(x, 0) of every entry."""

from __future__ import annotations

from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import Operator, called, entry, shape_of_argument
from derivcheck.language.shapes import shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def relu(x: Operand) -> Term:
    """max(x, 0) of every entry, shaped like x. Its derivative exists where the entry is ≠ 0."""
    return Apply(OPERATOR, (as_term(x),))


def example() -> Term:
    return relu(Leaf("x", shape_of("n", "m")))


OPERATOR: Operator = Operator(
    name="relu",
    kind="axiom",
    arity=1,
    shape=shape_of_argument,
    meaning=lambda arguments, parameters, slots, fresh: Apply(OPERATOR, (entry(arguments[0], slots),)),
    latex=called(r"\operatorname{relu}"),
    text=called("relu"),
    binds="free",
    result="atom",
    numpy=numpy_parts.entrywise(lambda entries, parameters: entries * (numpy_parts.real_part(entries) > 0).astype(float)),
    sympy=sympy_parts.entrywise(lambda entry, parameters: entry * sympy_parts.step(entry)),
    domain=("real",),
    smooth=("nonzero",),
    sample=((-2.0, 2.0),),
    build=relu,
    example=example,
)
