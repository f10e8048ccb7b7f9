"""The mean of all entries of a tensor."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import Arguments, Fresh, Operator, Parameters, Slots, called, entry, shape_of_scalar, sum_all
from derivcheck.language.shapes import flat, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Power, Size, Term, as_term, multiply


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    (argument,) = arguments
    i = fresh(flat(argument.shape))
    product = sum_all(i, entry(argument, i))
    for dim in flat(argument.shape):
        product = multiply(Power(Size(dim), Fraction(-1)), product)
    return product


def mean(x: Operand) -> Term:
    """The sum of all entries of a tensor over their number, a scalar."""
    return Apply(OPERATOR, (as_term(x),))


def example() -> Term:
    return mean(Leaf("x", shape_of("n", "m")))


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    entries = arrays[0].reshape(-1)
    return numpy_parts.shaped(entries.sum(keepdims=True) / entries.size, size)


def _sympy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import sympy  # only the small-dimensions witness pays for it

    entries = sympy_parts.entries(arrays[0])
    return sympy_parts.array([sympy.Add(*entries) / len(entries)], size)


OPERATOR: Operator = Operator(
    name="mean",
    kind="definition",
    arity=1,
    shape=shape_of_scalar,
    meaning=meaning,
    latex=called(r"\operatorname{mean}"),
    text=called("mean"),
    binds="free",
    result="atom",
    numpy=_numpy,
    sympy=_sympy,
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=mean,
    example=example,
)
