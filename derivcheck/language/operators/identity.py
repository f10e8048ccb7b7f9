"""The identity matrix: (I_n)_ij = δ_ij."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra.dims import Dim
from derivcheck.language.operators import sympy_parts
from derivcheck.language.operators.record import Arguments, Fresh, Operator, Parameters, Slots, dim_latex, split_slots
from derivcheck.language.shapes import shape_of
from derivcheck.language.terms import Apply, Delta, Term, as_term, multiply


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    rows, columns = split_slots(slots, parameters[0], parameters[0])
    deltas: list[Term] = [Delta(i, j) for i, j in zip(rows, columns, strict=True)]
    if not deltas:
        return as_term(1)
    product = deltas[0]
    for factor in deltas[1:]:
        product = multiply(product, factor)
    return product


def identity(n: str | int | Dim) -> Term:
    """The n × n identity matrix."""
    return Apply(OPERATOR, (), (Dim.of(n),))


def example() -> Term:
    return identity("n")


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import numpy as np  # the table is read by commands that never evaluate

    return np.eye(size[0] if size else 1).reshape(size)


def _sympy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import sympy  # only the small-dimensions witness pays for it

    return sympy_parts.of_matrix(sympy.eye(size[0] if size else 1), size)


OPERATOR: Operator = Operator(
    name="identity",
    kind="definition",
    arity=0,
    shape=lambda arguments, parameters: shape_of(parameters[0], parameters[0]),
    meaning=meaning,
    latex=lambda arguments, parameters: f"I_{{{dim_latex(parameters[0])}}}",
    text=lambda arguments, parameters: f"I_{parameters[0]}",
    binds="free",
    result="atom",
    numpy=_numpy,
    sympy=_sympy,
    domain=(),
    smooth=(),
    sample=(),
    build=identity,
    example=example,
)
