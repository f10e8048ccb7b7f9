"""The trace: tr(A) = Σ_i A_ii."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import (
    Arguments,
    Fresh,
    Operator,
    Parameters,
    Slots,
    called,
    entry,
    place_and_shape,
    require_same_factors,
    sum_all,
)
from derivcheck.language.shapes import SCALAR, Shape, as_matrix, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    (argument,) = arguments
    axes = as_matrix(argument.shape)
    if len(axes) != 2 or not axes[0].same_size(axes[1]):
        raise IllTyped(f"only a square matrix has a trace, not {place_and_shape(argument)}")
    return SCALAR


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    (argument,) = arguments
    rows, columns = as_matrix(argument.shape)
    require_same_factors(rows, columns)
    i = fresh(rows.elementary)
    return sum_all(i, entry(argument, i + i))


def trace(A: Operand) -> Term:
    """The sum of the diagonal of an n × n matrix, a scalar."""
    return Apply(OPERATOR, (as_term(A),))


def example() -> Term:
    return trace(Leaf("A", shape_of("n", "n")))


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import numpy as np  # the table is read by commands that never evaluate

    return np.diagonal(numpy_parts.as_2d(arrays[0])).sum(keepdims=True).reshape(size)


OPERATOR: Operator = Operator(
    name="trace",
    kind="definition",
    arity=1,
    shape=shape,
    meaning=meaning,
    latex=called(r"\operatorname{tr}"),
    text=called("tr"),
    binds="free",
    result="atom",
    numpy=_numpy,
    sympy=lambda arrays, parameters, size: sympy_parts.array([sympy_parts.matrix(arrays[0]).trace()], size),
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=trace,
    example=example,
)
