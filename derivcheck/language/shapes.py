"""Shapes: tuples of dimensions, and the flat axes that index notation uses.

() is a scalar, (n, 1) a column, (1, n) a row, (n, m) a matrix, three or more axes a tensor without
literal-1 axes. A shape whose axes are all 1 is written (): a 1 x 1 matrix is a scalar here.
"""

from __future__ import annotations

from functools import cache

from derivcheck.algebra.dims import ONE, Dim

Shape = tuple[Dim, ...]

SCALAR: Shape = ()


def shape_of(*axes: str | int | Dim) -> Shape:
    """The shape with these axes; all-1 shapes become the scalar shape."""
    shape = tuple(Dim.of(axis) for axis in axes)
    return SCALAR if all(axis.is_one for axis in shape) else shape


def column(dim: Dim) -> Shape:
    """The shape of a column vector, n x 1."""
    return shape_of(dim, ONE)


def row(dim: Dim) -> Shape:
    """The shape of a row vector, 1 x n."""
    return shape_of(ONE, dim)


def same_shape(left: Shape, right: Shape) -> bool:
    """Whether both shapes have the same sizes for every value of their dimensions."""
    return len(left) == len(right) and all(a.same_size(b) for a, b in zip(left, right, strict=True))


def as_matrix(shape: Shape) -> Shape:
    """The two-axis form of a scalar, vector or matrix shape (a scalar is 1 x 1)."""
    return (ONE, ONE) if shape == SCALAR else shape


def core(shape: Shape) -> Shape:
    """The axes that are not literally 1: (n,) for a column or a row of n."""
    return tuple(axis for axis in shape if not axis.is_one)


@cache
def flat(shape: Shape) -> tuple[Dim, ...]:
    """The elementary dimensions of all axes in order: the slots that an entry of this shape has."""
    return tuple(factor for axis in shape for factor in axis.elementary)


def is_vector(shape: Shape) -> bool:
    """Whether this is a column or a row with more than the literal 1 entry."""
    return len(shape) == 2 and len(core(shape)) == 1


def describe(shape: Shape) -> str:
    """The shape in words for a message: "scalar", "n x 1", "n x (n x m)"."""
    if shape == SCALAR:
        return "scalar"
    return " × ".join(f"({axis})" if len(axis.factors) > 1 else str(axis) for axis in shape)
