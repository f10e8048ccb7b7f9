"""The matrix product: (AB)_ij = Σ_k A_ik B_kj."""

from __future__ import annotations

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators.record import Arguments, Fresh, Operator, Parameters, Slots, entry, split_slots, sum_all
from derivcheck.language.shapes import Shape, as_matrix, describe, shape_of
from derivcheck.language.terms import Apply, Leaf, Term, multiply


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    left, right = arguments
    if len(as_matrix(left.shape)) != 2 or len(as_matrix(right.shape)) != 2:
        raise IllTyped(f"the matrix product takes vectors and matrices, not {describe(left.shape)} and {describe(right.shape)}")
    (rows, inner), (outer, columns) = as_matrix(left.shape), as_matrix(right.shape)
    if not inner.same_size(outer):
        raise IllTyped(
            f"cannot multiply {describe(left.shape)} (written at {left.place}) by {describe(right.shape)} (written at {right.place}): {inner} is not {outer}"
        )
    return shape_of(rows, columns)


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    left, right = arguments
    (rows, inner), (_, columns) = as_matrix(left.shape), as_matrix(right.shape)
    i, j = split_slots(slots, rows, columns)
    k = fresh(inner.elementary)
    return sum_all(k, multiply(entry(left, i + k), entry(right, k + j)))


def matmul(left: Term, right: Term) -> Term:
    """The matrix product A B of an n × k and a k × m term, n × m; a row by a column is a scalar. Also written A @ B."""
    return Apply(OPERATOR, (left, right))


def example() -> Term:
    return Leaf("A", shape_of("n", "k")) @ Leaf("B", shape_of("k", "m"))


OPERATOR = Operator(
    name="matmul",
    kind="definition",
    arity=2,
    shape=shape,
    meaning=meaning,
    latex=lambda arguments, parameters: " ".join(arguments),
    text=lambda arguments, parameters: " ".join(arguments),
    binds="product",
    result="product",
    numpy=lambda arrays, parameters, size: _as_2d(arrays[0]) @ _as_2d(arrays[1]),
    sympy=lambda arrays, parameters, size: _sympy_product(arrays, size),
    domain=("real", "real"),
    smooth=("real", "real"),
    sample=((-2.0, 2.0), (-2.0, 2.0)),
    build=matmul,
    example=example,
)


def _as_2d(array):  # type: ignore[no-untyped-def]
    return array.reshape(1, 1) if array.ndim == 0 else array


def _sympy_product(arrays, size):  # type: ignore[no-untyped-def]
    import sympy  # only the small-dimensions witness pays for it

    left, right = (array.tomatrix() if array.rank() == 2 else sympy.Matrix([[array[()]]]) for array in arrays)
    return sympy.Array((left * right).tolist()).reshape(*size) if size else sympy.Array((left * right)[0, 0])
