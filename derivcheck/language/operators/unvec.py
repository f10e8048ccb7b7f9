"""The inverse of vec for a stated shape: vec⁻¹(v)_ij = v_(j,i)."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra.dims import ONE, Dim, IllTyped
from derivcheck.language.operators import sympy_parts
from derivcheck.language.operators.record import (
    Arguments,
    Fresh,
    Operator,
    Parameters,
    Slots,
    dim_latex,
    entry,
    place_and_shape,
    require_same_factors,
    split_slots,
)
from derivcheck.language.shapes import Shape, as_matrix, describe, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    (argument,) = arguments
    rows, columns = parameters
    axes = as_matrix(argument.shape)
    if len(axes) != 2 or axes[1] != ONE:
        raise IllTyped(f"vec⁻¹ takes a column, not {place_and_shape(argument)}")
    target = shape_of(rows, columns)
    if not axes[0].same_size(columns * rows):
        raise IllTyped(f"vec⁻¹ to {describe(target)} needs a column of {columns * rows} entries, not {place_and_shape(argument)}")
    return target


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    (argument,) = arguments
    rows, columns = parameters
    require_same_factors(as_matrix(argument.shape)[0], columns * rows)
    i, j = split_slots(slots, rows, columns)
    return entry(argument, j + i)


def unvec(v: Operand, rows: str | int | Dim, columns: str | int | Dim) -> Term:
    """The rows × columns matrix A with vec(A) = v, for a column v of columns·rows entries."""
    return Apply(OPERATOR, (as_term(v),), (Dim.of(rows), Dim.of(columns)))


def example() -> Term:
    n, m = Dim.of("n"), Dim.of("m")
    return unvec(Leaf("v", shape_of(m * n, ONE)), rows=n, columns=m)


def _latex(arguments: tuple[str, ...], parameters: Parameters) -> str:
    rows, columns = (dim_latex(dim) for dim in parameters)
    return rf"\operatorname{{vec}}^{{-1}}_{{{rows} \times {columns}}}({arguments[0]})"


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    return arrays[0].reshape(size[::-1]).T.reshape(size)


def _sympy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    stacked = sympy_parts.entries(arrays[0])
    rows, columns = size or (1, 1)
    return sympy_parts.array([stacked[j * rows + i] for i in range(rows) for j in range(columns)], size)


OPERATOR: Operator = Operator(
    name="unvec",
    kind="definition",
    arity=1,
    shape=shape,
    meaning=meaning,
    latex=_latex,
    text=lambda arguments, parameters: f"vec⁻¹_{{{parameters[0]}×{parameters[1]}}}({arguments[0]})",
    binds="free",
    result="atom",
    numpy=_numpy,
    sympy=_sympy,
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=unvec,
    example=example,
)
