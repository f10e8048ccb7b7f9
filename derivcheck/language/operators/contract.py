"""The tensor contraction: the last axes of one tensor are summed with the first axes of the other."""

from __future__ import annotations

from math import isqrt, prod
from typing import Any

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import sympy_parts
from derivcheck.language.operators.record import (
    Arguments,
    Fresh,
    Operator,
    Parameters,
    Slots,
    entry,
    place_and_shape,
    require_same_factors,
    sum_all,
)
from derivcheck.language.shapes import Shape, column, core, flat, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term, multiply


def _split(arguments: Arguments, axes: int) -> tuple[Shape, Shape, Shape, Shape]:
    """The outer and the contracted axes of the left tensor, the contracted and the outer axes of the right one."""
    left, right = (core(argument.shape) for argument in arguments)
    return left[: len(left) - axes], left[len(left) - axes :], right[:axes], right[axes:]


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    left, right = arguments
    (axes,) = parameters
    if isinstance(axes, bool) or not isinstance(axes, int) or axes < 1:
        raise IllTyped(f"a contraction sums over an integer number of axes >= 1, not {axes!r}")
    if axes > min(len(core(left.shape)), len(core(right.shape))):
        raise IllTyped(f"a contraction over {axes} axes needs as many in {place_and_shape(left)} and in {place_and_shape(right)}")
    before, inner, other, after = _split(arguments, axes)
    if not all(a.same_size(b) for a, b in zip(inner, other, strict=True)):
        raise IllTyped(f"cannot contract the last {axes} axes of {place_and_shape(left)} with the first {axes} axes of {place_and_shape(right)}")
    kept = before + after
    return column(kept[0]) if len(kept) == 1 else shape_of(*kept)


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    left, right = arguments
    before, inner, other, _ = _split(arguments, parameters[0])
    for a, b in zip(inner, other, strict=True):
        require_same_factors(a, b)
    k = fresh(flat(inner))
    cut = len(flat(before))
    return sum_all(k, multiply(entry(left, slots[:cut] + k), entry(right, k + slots[cut:])))


def contract(A: Operand, B: Operand, axes: int = 1) -> Term:
    """The contraction of the last `axes` axes of A with the first `axes` axes of B; axes that are literally 1 do not count.

    The axes that are left, those of A first, are the axes of the result; a single one makes a column, none a scalar.
    """
    return Apply(OPERATOR, (as_term(A), as_term(B)), (axes,))


def example() -> Term:
    return contract(Leaf("A", shape_of("n", "k", "l")), Leaf("B", shape_of("k", "l", "m")), axes=2)


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    left, right = arrays
    inside = isqrt(left.size * right.size // prod(size))
    return (left.reshape(-1, inside) @ right.reshape(inside, -1)).reshape(size)


def _sympy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import sympy  # only the small-dimensions witness pays for it

    left, right = map(sympy_parts.entries, arrays)
    inside = next(k for k in range(1, len(left) + 1) if k * k * prod(size) == len(left) * len(right))
    columns = len(right) // inside
    return sympy_parts.array(
        [
            sympy.Add(*(left[row + k] * right[k * columns + column] for k in range(inside)))
            for row in range(0, len(left), inside)
            for column in range(columns)
        ],
        size,
    )


OPERATOR: Operator = Operator(
    name="contract",
    kind="definition",
    arity=2,
    shape=shape,
    meaning=meaning,
    latex=lambda arguments, parameters: rf"\operatorname{{contract}}_{{{parameters[0]}}}({', '.join(arguments)})",
    text=lambda arguments, parameters: f"contract_{parameters[0]}({', '.join(arguments)})",
    binds="free",
    result="atom",
    numpy=_numpy,
    sympy=_sympy,
    domain=("real", "real"),
    smooth=("real", "real"),
    sample=((-2.0, 2.0), (-2.0, 2.0)),
    build=contract,
    example=example,
)
