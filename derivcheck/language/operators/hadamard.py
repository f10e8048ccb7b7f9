"""The entrywise product: (A ⊙ B)_ij = A_ij B_ij."""

from __future__ import annotations

from typing import Any

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
    require_same_factors,
)
from derivcheck.language.shapes import Shape, same_shape, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term, multiply


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    left, right = arguments
    if not same_shape(left.shape, right.shape):
        raise IllTyped(f"the entrywise product needs one shape, not {place_and_shape(left)} and {place_and_shape(right)}; nothing is broadcast")
    return left.shape


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    left, right = arguments
    for left_axis, right_axis in zip(left.shape, right.shape, strict=True):
        require_same_factors(left_axis, right_axis)
    return multiply(entry(left, slots), entry(right, slots))


def hadamard(a: Operand, b: Operand) -> Term:
    """The entrywise product of two terms of one shape. Raises IllTyped where the shapes differ: nothing is broadcast."""
    return Apply(OPERATOR, (as_term(a), as_term(b)))


def example() -> Term:
    return hadamard(Leaf("A", shape_of("n", "m")), Leaf("B", shape_of("n", "m")))


def _products(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    return numpy_parts.shaped(arrays[0].reshape(-1) * arrays[1].reshape(-1), size)


OPERATOR: Operator = Operator(
    name="hadamard",
    kind="definition",
    arity=2,
    shape=shape,
    meaning=meaning,
    latex=lambda arguments, parameters: r" \odot ".join(arguments),
    text=lambda arguments, parameters: " ⊙ ".join(arguments),
    binds="prefix",
    # a matrix product next to it needs the brackets: A (B ⊙ C) is not (A B) ⊙ C
    result="sum",
    numpy=numpy_parts.Stackable(_products, _products),
    sympy=lambda arrays, parameters, size: sympy_parts.array(
        [a * b for a, b in zip(sympy_parts.entries(arrays[0]), sympy_parts.entries(arrays[1]), strict=True)], size
    ),
    domain=("real", "real"),
    smooth=("real", "real"),
    sample=((-2.0, 2.0), (-2.0, 2.0)),
    build=hadamard,
    example=example,
)
