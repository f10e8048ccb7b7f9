"""The determinant of a square matrix."""

from __future__ import annotations

from functools import cache
from typing import Any

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import Arguments, Operator, Parameters, called, place_and_shape
from derivcheck.language.shapes import SCALAR, Shape, as_matrix, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    (argument,) = arguments
    axes = as_matrix(argument.shape)
    if len(axes) != 2 or not axes[0].same_size(axes[1]):
        raise IllTyped(f"only a square matrix has a determinant, not {place_and_shape(argument)}")
    return SCALAR


def determinant(A: Operand) -> Term:
    """The determinant of an n × n matrix, a scalar. Raises IllTyped where it is not square."""
    return Apply(OPERATOR, (as_term(A),))


def example() -> Term:
    return determinant(Leaf("A", shape_of("n", "n")))


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    """Laplace expansion along the rows: a polynomial, so complex steps and dual numbers pass through singular matrices too."""
    square = numpy_parts.as_2d(arrays[0])

    @cache
    def minor(row: int, columns: tuple[int, ...]) -> Any:
        if len(columns) == 1:
            return square[row, columns[0]]
        found = None
        for k, column in enumerate(columns):
            term = square[row, column] * minor(row + 1, columns[:k] + columns[k + 1 :])
            signed = -term if k % 2 else term
            found = signed if found is None else found + signed
        return found

    return numpy_parts.shaped(minor(0, tuple(range(square.shape[0]))), size)


OPERATOR: Operator = Operator(
    name="determinant",
    kind="axiom",
    arity=1,
    shape=shape,
    meaning=None,
    latex=called(r"\det"),
    text=called("det"),
    binds="free",
    result="atom",
    numpy=_numpy,
    sympy=lambda arrays, parameters, size: sympy_parts.array([sympy_parts.determinant(sympy_parts.matrix(arrays[0]))], size),
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=determinant,
    example=example,
)
