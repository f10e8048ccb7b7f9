"""The sum of all entries of a tensor."""

from __future__ import annotations

from typing import Any

from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import Arguments, Fresh, Operator, Parameters, Slots, called, entry, shape_of_scalar, sum_all
from derivcheck.language.shapes import flat, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    (argument,) = arguments
    i = fresh(flat(argument.shape))
    return sum_all(i, entry(argument, i))


def total(x: Operand) -> Term:
    """The sum of all entries of a tensor, a scalar."""
    return Apply(OPERATOR, (as_term(x),))


def example() -> Term:
    return total(Leaf("x", shape_of("n", "m")))


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    return numpy_parts.shaped(arrays[0].reshape(-1).sum(keepdims=True), size)


def _sympy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import sympy  # only the small-dimensions witness pays for it

    return sympy_parts.array([sympy.Add(*sympy_parts.entries(arrays[0]))], size)


OPERATOR: Operator = Operator(
    name="total",
    kind="definition",
    arity=1,
    shape=shape_of_scalar,
    meaning=meaning,
    latex=called(r"\operatorname{sum}"),
    text=called("sum"),
    binds="free",
    result="atom",
    numpy=numpy_parts.Stackable(_numpy, lambda arrays, parameters, size: arrays[0].reshape(size[0], -1).sum(axis=1)),
    sympy=_sympy,
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=total,
    example=example,
)
