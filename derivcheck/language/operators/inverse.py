"""The inverse of a square matrix: X X⁻¹ = X⁻¹ X = I."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import Arguments, Operator, Parameters, place_and_shape, superscript
from derivcheck.language.shapes import Shape, as_matrix, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    (argument,) = arguments
    axes = as_matrix(argument.shape)
    if len(axes) != 2 or not axes[0].same_size(axes[1]):
        raise IllTyped(f"only a square matrix has an inverse, not {place_and_shape(argument)}")
    return shape_of(axes[1], axes[0])


def inverse(A: Operand) -> Term:
    """The inverse of an n × n matrix, n × n. Condition: it is invertible. Raises IllTyped where it is not square."""
    return Apply(OPERATOR, (as_term(A),))


def example() -> Term:
    return inverse(Leaf("A", shape_of("n", "n")))


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import numpy as np  # the table is read by commands that never evaluate

    square = numpy_parts.as_2d(arrays[0])
    if square.dtype != object:
        return np.linalg.inv(square).reshape(size)
    return _eliminated(square).reshape(size)


def _eliminated(square: Any) -> Any:
    """Gauss–Jordan elimination of [A | I] with partial pivoting on real parts, for dual numbers."""
    import numpy as np  # the table is read by commands that never evaluate

    length = square.shape[0]
    rows = np.concatenate([square, np.eye(length).astype(object)], axis=1)
    for k in range(length):
        pivot = k + int(np.abs(numpy_parts.real_part(rows[k:, k])).argmax())
        if numpy_parts.real_part(rows[pivot : pivot + 1, k])[0] == 0:
            raise np.linalg.LinAlgError("Singular matrix")
        rows[[k, pivot]] = rows[[pivot, k]]
        rows[k] = rows[k] / rows[k, k]
        for other in range(length):
            if other != k:
                rows[other] = rows[other] - rows[k] * rows[other, k]
    return rows[:, length:]


def _sympy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    return sympy_parts.of_matrix(sympy_parts.inverse(sympy_parts.matrix(arrays[0])), size)


OPERATOR: Operator = Operator(
    name="inverse",
    kind="axiom",
    arity=1,
    shape=shape,
    meaning=None,
    latex=lambda arguments, parameters: superscript(arguments[0], "{-1}"),
    text=lambda arguments, parameters: f"{arguments[0]}⁻¹",
    binds="atom",
    result="prefix",
    numpy=_numpy,
    sympy=_sympy,
    domain=("invertible",),
    smooth=("invertible",),
    sample=((-2.0, 2.0),),
    build=inverse,
    example=example,
)
