"""The Kronecker product: (A ⊗ B)_(i,k),(j,l) = A_ij B_kl."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import Arguments, Fresh, Operator, Parameters, Slots, entry, place_and_shape, split_slots
from derivcheck.language.shapes import Shape, as_matrix, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term, multiply


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    left, right = arguments
    if len(as_matrix(left.shape)) != 2 or len(as_matrix(right.shape)) != 2:
        raise IllTyped(f"the Kronecker product takes vectors and matrices, not {place_and_shape(left)} and {place_and_shape(right)}")
    (p, q), (r, s) = as_matrix(left.shape), as_matrix(right.shape)
    return shape_of(p * r, q * s)


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    left, right = arguments
    (p, q), (r, s) = as_matrix(left.shape), as_matrix(right.shape)
    i, k, j, l = split_slots(slots, p, r, q, s)
    return multiply(entry(left, i + j), entry(right, k + l))


def kron(A: Operand, B: Operand) -> Term:
    """The Kronecker product of a p × q and an r × s term, (p·r) × (q·s), the axes of the left factor slowest."""
    return Apply(OPERATOR, (as_term(A), as_term(B)))


def example() -> Term:
    return kron(Leaf("A", shape_of("p", "q")), Leaf("B", shape_of("r", "s")))


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    left, right = map(numpy_parts.as_2d, arrays)
    return (left[:, None, :, None] * right[None, :, None, :]).reshape(size)


def _sympy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    left, right = map(sympy_parts.matrix, arrays)
    return sympy_parts.array(
        [left[i, j] * right[k, l] for i in range(left.rows) for k in range(right.rows) for j in range(left.cols) for l in range(right.cols)], size
    )


OPERATOR: Operator = Operator(
    name="kron",
    kind="definition",
    arity=2,
    shape=shape,
    meaning=meaning,
    latex=lambda arguments, parameters: r" \otimes ".join(arguments),
    text=lambda arguments, parameters: " ⊗ ".join(arguments),
    binds="prefix",
    # a matrix product next to it needs the brackets: A (B ⊗ C) is not (A B) ⊗ C
    result="sum",
    numpy=_numpy,
    sympy=_sympy,
    domain=("real", "real"),
    smooth=("real", "real"),
    sample=((-2.0, 2.0), (-2.0, 2.0)),
    build=kron,
    example=example,
)
