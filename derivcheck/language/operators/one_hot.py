"""The one-hot column: (e_l)_i = δ_il."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra.dims import Dim, IllTyped, Index
from derivcheck.language.operators import sympy_parts
from derivcheck.language.operators.record import Arguments, Fresh, Operator, Parameters, Slots
from derivcheck.language.shapes import Shape, column
from derivcheck.language.subscripts import Shift, Slot
from derivcheck.language.terms import Apply, Delta, Term, as_term


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    dim, slot = parameters
    if len(dim.factors) > 1:
        raise IllTyped(f"a one-hot vector has one elementary dimension, not the product {dim}")
    if isinstance(slot, bool) or not isinstance(slot, (Index, Shift, int)):
        raise IllTyped(f"the position of a one-hot vector is an index or a number, not {slot!r}")
    index = slot.index if isinstance(slot, Shift) else slot
    if isinstance(index, Index) and index.dim != dim:
        raise IllTyped(f"index {index} ranges over {index.dim}, but the positions of this one-hot vector range over {dim}")
    if isinstance(slot, int) and (slot < 1 or (dim.value is not None and slot > dim.value)):
        raise IllTyped(f"position {slot} of a one-hot vector is out of range 1 … {dim}")
    return column(dim)


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    return Delta(slots[0], parameters[1]) if slots else as_term(1)


def one_hot(n: str | int | Dim, slot: Slot) -> Term:
    """The column e_l of n entries: 1 in position `slot`, counted from 1, else 0.

    Raises IllTyped for an index of another dimension and for a number out of range.
    """
    return Apply(OPERATOR, (), (Dim.of(n), slot))


def example() -> Term:
    return one_hot("n", Index("l", Dim.of("n")))


def _position(parameters: Parameters, size: tuple[int, ...]) -> int:
    """The position counted from 0. Raises IndexError where a shifted index left its range."""
    position, length = parameters[1], size[0] if size else 1
    if not 1 <= position <= length:
        raise IndexError(f"position {position} of a one-hot vector is out of range 1 … {length}")
    return int(position) - 1


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import numpy as np  # the table is read by commands that never evaluate

    result = np.zeros(size[0] if size else 1)
    result[_position(parameters, size)] = 1.0
    return result.reshape(size)


def _sympy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import sympy  # only the small-dimensions witness pays for it

    length = size[0] if size else 1
    return sympy_parts.of_matrix(sympy.eye(length).col(_position(parameters, size)), size)


OPERATOR: Operator = Operator(
    name="one_hot",
    kind="definition",
    arity=0,
    shape=shape,
    meaning=meaning,
    latex=lambda arguments, parameters: f"e_{{{parameters[1]}}}",
    text=lambda arguments, parameters: f"e_{parameters[1]}",
    binds="free",
    result="atom",
    numpy=_numpy,
    sympy=_sympy,
    domain=(),
    smooth=(),
    sample=(),
    build=one_hot,
    example=example,
)
