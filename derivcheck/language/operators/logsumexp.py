"""The log-sum-exp: log Σ_t exp(z_t), over a vector or along one axis of a matrix."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra.dims import ONE
from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.exp import exp
from derivcheck.language.operators.log import log
from derivcheck.language.operators.record import Arguments, Fresh, Operator, Parameters, Slots, entry, sum_all
from derivcheck.language.operators.softmax import axis_subscript, summed_axis
from derivcheck.language.shapes import Shape, flat, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    (argument,) = arguments
    axis = summed_axis(argument, parameters[0], "logsumexp")
    axes = argument.shape
    return shape_of(*axes[:axis], ONE, *axes[axis + 1 :]) if len(axes) == 2 else axes[:axis] + axes[axis + 1 :]


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    (argument,) = arguments
    axis = summed_axis(argument, parameters[0], "logsumexp")
    start = len(flat(argument.shape[:axis]))
    t = fresh(argument.shape[axis].elementary)
    return log(sum_all(t, exp(entry(argument, slots[:start] + t + slots[start:]))))


def logsumexp(z: Operand, axis: int | None = None) -> Term:
    """log Σ_t exp(z_t): a scalar of a vector; of an n × m matrix a column of n (axis=1) or a row of m (axis=0).

    Raises IllTyped for a matrix without an axis and for a scalar.
    """
    return Apply(OPERATOR, (as_term(z),), (axis,))


def example() -> Term:
    return logsumexp(Leaf("Z", shape_of("n", "m")), axis=0)


def _latex(arguments: tuple[str, ...], parameters: Parameters) -> str:
    subscript = axis_subscript(parameters[0])
    return r"\operatorname{logsumexp}" + (rf"_{{\text{{{subscript}}}}}" if subscript else "") + f"({arguments[0]})"


def _text(arguments: tuple[str, ...], parameters: Parameters) -> str:
    subscript = axis_subscript(parameters[0])
    return "logsumexp" + (f"_{subscript}" if subscript else "") + f"({arguments[0]})"


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    (z,) = arrays
    shift = numpy_parts.real_part(z).max(axis=parameters[0], keepdims=True)
    total = numpy_parts.function("exp", z - shift).sum(axis=parameters[0], keepdims=True)
    return (numpy_parts.function("log", total) + shift).reshape(size)


def _sympy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import sympy  # only the small-dimensions witness pays for it

    (z,) = arrays
    lines: dict[tuple[int, ...], list[Any]] = {}
    for position, value in enumerate(sympy_parts.entries(z)):
        place = z._get_tuple_index(position)
        kept = () if parameters[0] is None else (*place[: parameters[0]], *place[parameters[0] + 1 :])
        lines.setdefault(tuple(kept), []).append(sympy.exp(value))
    return sympy_parts.array([sympy.log(sympy.Add(*lines[kept])) for kept in sorted(lines)], size)


OPERATOR: Operator = Operator(
    name="logsumexp",
    kind="definition",
    arity=1,
    shape=shape,
    meaning=meaning,
    latex=_latex,
    text=_text,
    binds="free",
    result="atom",
    numpy=_numpy,
    sympy=_sympy,
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=logsumexp,
    example=example,
)
