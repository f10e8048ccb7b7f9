"""The diagonal of a square matrix: diagonal(A)_i = A_ii."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra.dims import ONE, IllTyped
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
)
from derivcheck.language.shapes import Shape, as_matrix, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    (argument,) = arguments
    axes = as_matrix(argument.shape)
    if len(axes) != 2 or not axes[0].same_size(axes[1]):
        raise IllTyped(f"only a square matrix has a diagonal here, not {place_and_shape(argument)}; the matrix of a vector is diag(v)")
    return shape_of(axes[0], ONE)


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    (argument,) = arguments
    require_same_factors(*as_matrix(argument.shape))
    return entry(argument, slots + slots)


def diagonal(A: Operand) -> Term:
    """The diagonal of an n × n matrix as a column."""
    return Apply(OPERATOR, (as_term(A),))


def example() -> Term:
    return diagonal(Leaf("A", shape_of("n", "n")))


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import numpy as np  # the table is read by commands that never evaluate

    return np.diagonal(numpy_parts.as_2d(arrays[0])).reshape(size)


def _sympy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    square = sympy_parts.matrix(arrays[0])
    return sympy_parts.array([square[i, i] for i in range(square.rows)], size)


OPERATOR: Operator = Operator(
    name="diagonal",
    kind="definition",
    arity=1,
    shape=shape,
    meaning=meaning,
    latex=called(r"\operatorname{diagonal}"),
    text=called("diagonal"),
    binds="free",
    result="atom",
    numpy=_numpy,
    sympy=_sympy,
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=diagonal,
    example=example,
)
