"""The softplus of every entry: log(1 + exp(x))."""

from __future__ import annotations

from typing import Any

from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.exp import exp
from derivcheck.language.operators.log import log
from derivcheck.language.operators.record import Operator, Parameters, called, entry, shape_of_argument
from derivcheck.language.shapes import shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def softplus(x: Operand) -> Term:
    """log(1 + exp(x)) of every entry, shaped like x. Its derivative is the logistic function."""
    return Apply(OPERATOR, (as_term(x),))


def example() -> Term:
    return softplus(Leaf("x", shape_of("n", "m")))


def _shifted(entries: Any, parameters: Parameters) -> Any:
    # the shift keeps both exponents at or below 0
    real = numpy_parts.real_part(entries)
    shift = real * (real > 0)
    return numpy_parts.function("log", numpy_parts.function("exp", entries - shift) + numpy_parts.function("exp", -shift)) + shift


def _logarithm(entry: Any, parameters: Parameters) -> Any:
    import sympy  # only the small-dimensions witness pays for it

    return sympy.log(1 + sympy.exp(entry))


OPERATOR: Operator = Operator(
    name="softplus",
    kind="definition",
    arity=1,
    shape=shape_of_argument,
    meaning=lambda arguments, parameters, slots, fresh: log(1 + exp(entry(arguments[0], slots))),
    latex=called(r"\operatorname{softplus}"),
    text=called("softplus"),
    binds="free",
    result="atom",
    numpy=numpy_parts.entrywise(_shifted),
    sympy=sympy_parts.entrywise(_logarithm),
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=softplus,
    example=example,
)
