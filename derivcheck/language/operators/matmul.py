"""The matrix product: (AB)_ij = Σ_k A_ik B_kj."""

from __future__ import annotations

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import (
    Arguments,
    Fresh,
    Operator,
    Parameters,
    Slots,
    entry,
    place_and_shape,
    require_same_factors,
    split_slots,
    sum_all,
)
from derivcheck.language.shapes import Shape, as_matrix, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term, multiply


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    left, right = arguments
    if len(as_matrix(left.shape)) != 2 or len(as_matrix(right.shape)) != 2:
        raise IllTyped(f"the matrix product takes vectors and matrices, not {place_and_shape(left)} and {place_and_shape(right)}")
    (rows, inner), (outer, columns) = as_matrix(left.shape), as_matrix(right.shape)
    if not inner.same_size(outer):
        raise IllTyped(f"cannot multiply {place_and_shape(left)} by {place_and_shape(right)}: {inner} is not {outer}")
    return shape_of(rows, columns)


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    left, right = arguments
    (rows, inner), (outer, columns) = as_matrix(left.shape), as_matrix(right.shape)
    require_same_factors(inner, outer)
    i, j = split_slots(slots, rows, columns)
    k = fresh(inner.elementary)
    return sum_all(k, multiply(entry(left, i + k), entry(right, k + j)))


def matmul(left: Operand, right: Operand) -> Term:
    """The matrix product A B of an n × k and a k × m term, n × m; a row by a column is a scalar. Also written A @ B."""
    return Apply(OPERATOR, (as_term(left), as_term(right)))


def example() -> Term:
    return matmul(Leaf("A", shape_of("n", "k")), Leaf("B", shape_of("k", "m")))


OPERATOR: Operator = Operator(
    name="matmul",
    kind="definition",
    arity=2,
    shape=shape,
    meaning=meaning,
    latex=lambda arguments, parameters: " ".join(arguments),
    text=lambda arguments, parameters: " ".join(arguments),
    binds="product",
    result="product",
    numpy=numpy_parts.Stackable(
        lambda arrays, parameters, size: (numpy_parts.as_2d(arrays[0]) @ numpy_parts.as_2d(arrays[1])).reshape(size),
        lambda arrays, parameters, size: (numpy_parts.stack_of_2d(arrays[0]) @ numpy_parts.stack_of_2d(arrays[1])).reshape(size),
    ),
    sympy=lambda arrays, parameters, size: sympy_parts.of_matrix(sympy_parts.matrix(arrays[0]) * sympy_parts.matrix(arrays[1]), size),
    domain=("real", "real"),
    smooth=("real", "real"),
    sample=((-2.0, 2.0), (-2.0, 2.0)),
    build=matmul,
    example=example,
)
