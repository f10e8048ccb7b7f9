"""The column of ones, 1_n."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra.dims import Dim
from derivcheck.language.operators import sympy_parts
from derivcheck.language.operators.record import Operator, dim_latex
from derivcheck.language.shapes import column
from derivcheck.language.terms import Apply, Term, as_term


def ones(n: str | int | Dim) -> Term:
    """The column of n ones."""
    return Apply(OPERATOR, (), (Dim.of(n),))


def example() -> Term:
    return ones("n")


def _numpy(arrays: tuple[Any, ...], parameters: tuple[Any, ...], size: tuple[int, ...]) -> Any:
    import numpy as np  # the table is read by commands that never evaluate

    return np.ones(size)


def _sympy(arrays: tuple[Any, ...], parameters: tuple[Any, ...], size: tuple[int, ...]) -> Any:
    import sympy  # only the small-dimensions witness pays for it

    rows, columns = size or (1, 1)
    return sympy_parts.of_matrix(sympy.ones(rows, columns), size)


OPERATOR: Operator = Operator(
    name="ones",
    kind="definition",
    arity=0,
    shape=lambda arguments, parameters: column(parameters[0]),
    meaning=lambda arguments, parameters, slots, fresh: as_term(1),
    latex=lambda arguments, parameters: rf"\mathbf{{1}}_{{{dim_latex(parameters[0])}}}",
    text=lambda arguments, parameters: f"1_{parameters[0]}",
    binds="free",
    result="atom",
    numpy=_numpy,
    sympy=_sympy,
    domain=(),
    smooth=(),
    sample=(),
    build=ones,
    example=example,
)
