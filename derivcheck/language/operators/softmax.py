"""The softmax: softmax(z)_i = exp(z_i) / Σ_t exp(z_t), over a vector or along one axis of a matrix."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.exp import exp
from derivcheck.language.operators.record import Arguments, Fresh, Operator, Parameters, Slots, entry, place_and_shape, sum_all
from derivcheck.language.shapes import Shape, flat, is_vector, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def summed_axis(argument: Term, axis: Any, operator: str) -> int:
    """The axis of the shape that is summed over: that of a vector, or the one stated for a matrix. Raises IllTyped where none is meant."""
    shape = argument.shape
    if not shape:
        raise IllTyped(f"{operator} takes a vector or a matrix, not {place_and_shape(argument)}")
    if axis is None:
        if not is_vector(shape):
            raise IllTyped(f"{operator} of {place_and_shape(argument)} needs the axis that is summed over: with axis=1 each row sums up")
        return 0 if shape[1].is_one else 1
    if isinstance(axis, bool) or not isinstance(axis, int) or not 0 <= axis < len(shape) or shape[axis].is_one:
        raise IllTyped(f"{operator} of {place_and_shape(argument)} has no axis {axis!r} to sum over")
    return axis


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    summed_axis(arguments[0], parameters[0], "softmax")
    return arguments[0].shape


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    (argument,) = arguments
    axis = summed_axis(argument, parameters[0], "softmax")
    start, end = len(flat(argument.shape[:axis])), len(flat(argument.shape[: axis + 1]))
    t = fresh(argument.shape[axis].elementary)
    return exp(entry(argument, slots)) / sum_all(t, exp(entry(argument, slots[:start] + t + slots[end:])))


def softmax(z: Operand, axis: int | None = None) -> Term:
    """exp(z_i) / Σ_t exp(z_t), shaped like z: of a vector, or along `axis` of a matrix (axis=1: each row sums to 1).

    Raises IllTyped for a matrix without an axis and for a scalar.
    """
    return Apply(OPERATOR, (as_term(z),), (axis,))


def example() -> Term:
    return softmax(Leaf("Z", shape_of("n", "m")), axis=1)


def axis_subscript(axis: int | None) -> str:
    """How a printed name says along what it runs."""
    if axis is None:
        return ""
    return ("columns", "rows")[axis] if axis < 2 else f"axis {axis}"


def _latex(arguments: tuple[str, ...], parameters: Parameters) -> str:
    subscript = axis_subscript(parameters[0])
    return r"\operatorname{softmax}" + (rf"_{{\text{{{subscript}}}}}" if subscript else "") + f"({arguments[0]})"


def _text(arguments: tuple[str, ...], parameters: Parameters) -> str:
    subscript = axis_subscript(parameters[0])
    return "softmax" + (f"_{subscript}" if subscript else "") + f"({arguments[0]})"


def _along(z: Any, axis: int | tuple[int, ...] | None) -> Any:
    shift = numpy_parts.real_part(z).max(axis=axis, keepdims=True)
    powers = numpy_parts.function("exp", z - shift)
    return powers / powers.sum(axis=axis, keepdims=True)


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    return _along(arrays[0], parameters[0])


def _stack(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    return _along(arrays[0], tuple(range(1, len(size))) if parameters[0] is None else parameters[0] + 1)


def _sympy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import sympy  # only the small-dimensions witness pays for it

    (z,) = arrays
    entries = sympy_parts.entries(z)
    lines: dict[tuple[int, ...], list[Any]] = {}
    places = []
    for position, value in enumerate(entries):
        place = list(z._get_tuple_index(position))
        if parameters[0] is None:
            place = []
        else:
            place[parameters[0]] = 0
        places.append(tuple(place))
        lines.setdefault(tuple(place), []).append(sympy.exp(value))
    return sympy_parts.array([sympy.exp(value) / sympy.Add(*lines[place]) for value, place in zip(entries, places, strict=True)], size)


OPERATOR: Operator = Operator(
    name="softmax",
    kind="definition",
    arity=1,
    shape=shape,
    meaning=meaning,
    latex=_latex,
    text=_text,
    binds="free",
    result="atom",
    numpy=numpy_parts.Stackable(_numpy, _stack),
    sympy=_sympy,
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=softmax,
    example=example,
)
