"""The transpose: (Aᵀ)_ij = A_ji."""

from __future__ import annotations

import re

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
    split_slots,
    superscript,
)
from derivcheck.language.shapes import Shape, as_matrix, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term

_GROUP = r"\{(?:[^{}^]|\{[^{}^]*\})*\}"
_SYMBOL = rf"(?:[^{{}}^()|\s]|{_GROUP})+"
_LABEL = rf"\{{(?P<label>(?!-|T\}}|\\top)(?:[^{{}}^]|{_GROUP})+)\}}|(?P<sign>[^\\{{}}T\s]|\\ell)"
_LABELLED = re.compile(rf"(?P<symbol>{_SYMBOL})\^(?:{_LABEL})")
"""A symbol that ends with a superscript label, W^{[2]}: beside the label there is room for the sign of a transpose."""


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    (argument,) = arguments
    if len(as_matrix(argument.shape)) != 2:
        raise IllTyped(f"the transpose takes a vector or a matrix, not {place_and_shape(argument)}")
    return argument.shape[::-1]


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    (argument,) = arguments
    rows, columns = as_matrix(argument.shape)
    i, j = split_slots(slots, columns, rows)
    return entry(argument, j + i)


def transpose(A: Operand) -> Term:
    """The transpose of an n × m term, m × n; a column becomes a row. Also written A.T."""
    return Apply(OPERATOR, (as_term(A),))


def _latex(arguments: tuple[str, ...], parameters: Parameters) -> str:
    labelled = _LABELLED.fullmatch(arguments[0])
    if labelled is None:
        return superscript(arguments[0], r"\top")
    return rf"{labelled['symbol']}^{{{labelled['label'] or labelled['sign']}\top}}"


def example() -> Term:
    return transpose(Leaf("A", shape_of("n", "m")))


OPERATOR: Operator = Operator(
    name="transpose",
    kind="definition",
    arity=1,
    shape=shape,
    meaning=meaning,
    latex=_latex,
    text=lambda arguments, parameters: f"{arguments[0]}ᵀ",
    binds="atom",
    result="prefix",
    numpy=numpy_parts.Stackable(
        lambda arrays, parameters, size: arrays[0].T.reshape(size),
        lambda arrays, parameters, size: numpy_parts.stack_of_2d(arrays[0]).swapaxes(1, 2).reshape(size),
    ),
    sympy=lambda arrays, parameters, size: sympy_parts.of_matrix(sympy_parts.matrix(arrays[0]).T, size),
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=transpose,
    example=example,
)
