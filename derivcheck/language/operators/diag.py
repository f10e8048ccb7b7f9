"""The diagonal matrix of a vector: diag(v)_ij = δ_ij v_i."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import sympy_parts
from derivcheck.language.operators.record import Arguments, Fresh, Operator, Parameters, Slots, called, entry, place_and_shape, split_slots
from derivcheck.language.shapes import Shape, core, is_vector, shape_of
from derivcheck.language.terms import Apply, Delta, Leaf, Operand, Term, as_term, multiply


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    (argument,) = arguments
    if argument.shape and not is_vector(argument.shape):
        raise IllTyped(f"diag makes a matrix of a vector, not of {place_and_shape(argument)}; the diagonal of a matrix is diagonal(A)")
    return core(argument.shape) * 2


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    (argument,) = arguments
    rows, columns = split_slots(slots, *core(argument.shape) * 2) if argument.shape else ((), ())
    product = entry(argument, rows)
    for i, j in zip(rows, columns, strict=True):
        product = multiply(Delta(i, j), product)
    return product


def diag(v: Operand) -> Term:
    """The n × n matrix with the n entries of a column or a row on its diagonal and 0 elsewhere."""
    return Apply(OPERATOR, (as_term(v),))


def example() -> Term:
    return diag(Leaf("v", shape_of("n", 1)))


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import numpy as np  # the table is read by commands that never evaluate

    entries = arrays[0].reshape(-1)
    return (entries[:, None] * np.eye(entries.size)).reshape(size)


def _sympy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import sympy  # only the small-dimensions witness pays for it

    return sympy_parts.of_matrix(sympy.diag(*sympy_parts.entries(arrays[0])), size)


OPERATOR: Operator = Operator(
    name="diag",
    kind="definition",
    arity=1,
    shape=shape,
    meaning=meaning,
    latex=called(r"\operatorname{diag}"),
    text=called("diag"),
    binds="free",
    result="atom",
    numpy=_numpy,
    sympy=_sympy,
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=diag,
    example=example,
)
