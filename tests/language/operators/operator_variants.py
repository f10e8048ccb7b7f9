"""Applications of every operator beside its own example: scalars, rows, tensors, composite axes, other parameters."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from derivcheck import (
    Dim,
    Index,
    contract,
    cross_entropy,
    determinant,
    diag,
    diagonal,
    elementwise,
    exp,
    frobenius,
    hadamard,
    identity,
    inverse,
    kron,
    logsumexp,
    matmul,
    mean,
    one_hot,
    ones,
    outer,
    power,
    relu,
    scalar_function,
    softmax,
    total,
    trace,
    transpose,
    unvec,
    vec,
)
from derivcheck.language.operators import table
from derivcheck.language.shapes import shape_of
from derivcheck.language.terms import Leaf, Term

ENTRYWISE = (
    "exp", "log", "sqrt", "absolute", "relu", "sigmoid", "tanh", "softplus",
)  # fmt: skip

n, m, k = (Dim.of(name) for name in "nmk")
i = Index("i", n)


def leaf(name: str, *axes: str | int | Dim) -> Leaf:
    return Leaf(name, shape_of(*axes))


VARIANTS: dict[str, Callable[[], Term]] = {
    **{name: record.example for name, record in table().items()},
    "matmul of row and column": lambda: leaf("r", 1, "n") @ leaf("c", "n", 1),
    "matmul of column and row": lambda: leaf("c", "n", 1) @ leaf("r", 1, "m"),
    "matmul of scalar and row": lambda: matmul(leaf("s"), leaf("r", 1, "m")),
    "matmul of scalars": lambda: matmul(leaf("s"), leaf("t")),
    "matmul over a composite axis": lambda: leaf("A", "k", n * m) @ leaf("B", n * m, 1),
    "matmul with numbers for dimensions": lambda: leaf("A", 2, 3) @ leaf("B", 3, "m"),
    "transpose of a column": lambda: leaf("c", "n", 1).T,
    "transpose of a scalar": lambda: transpose(leaf("s")),
    "transpose of composite axes": lambda: leaf("A", n * m, "k").T,
    "hadamard of rows": lambda: hadamard(leaf("a", 1, "n"), leaf("b", 1, "n")),
    "hadamard of scalars": lambda: hadamard(leaf("a"), leaf("b")),
    "hadamard of tensors": lambda: hadamard(leaf("a", "n", "m", "k"), leaf("b", "n", "m", "k")),
    "kron of column and row": lambda: kron(leaf("a", "n", 1), leaf("b", 1, "m")),
    "kron of columns": lambda: kron(leaf("a", "n", 1), leaf("b", "m", 1)),
    "kron with a scalar": lambda: kron(leaf("a"), leaf("b", "n", "m")),
    "kron with composite axes": lambda: kron(leaf("a", n * m, 1), leaf("b", k, 1)),
    "vec of a column": lambda: vec(leaf("c", "n", 1)),
    "vec of a row": lambda: vec(leaf("r", 1, "n")),
    "vec of a scalar": lambda: vec(leaf("s")),
    "vec of composite axes": lambda: vec(leaf("A", n * m, k)),
    "unvec to composite axes": lambda: unvec(leaf("v", k * n * m, 1), rows=n * m, columns=k),
    "unvec to a row": lambda: unvec(leaf("v", "n", 1), rows=1, columns="n"),
    "unvec to a column": lambda: unvec(leaf("v", "n", 1), rows="n", columns=1),
    "unvec to a scalar": lambda: unvec(leaf("s"), rows=1, columns=1),
    "diag of a row": lambda: diag(leaf("r", 1, "n")),
    "diag of a scalar": lambda: diag(leaf("s")),
    "diag of a composite axis": lambda: diag(leaf("v", n * m, 1)),
    "diagonal of composite axes": lambda: diagonal(leaf("A", n * m, n * m)),
    "diagonal of a scalar": lambda: diagonal(leaf("s")),
    "trace of composite axes": lambda: trace(leaf("A", n * m, n * m)),
    "trace of a scalar": lambda: trace(leaf("s")),
    "outer of row and column": lambda: outer(leaf("r", 1, "n"), leaf("c", "m", 1)),
    "outer with a scalar": lambda: outer(leaf("s"), leaf("c", "m", 1)),
    "contract matrices": lambda: contract(leaf("A", "n", "k"), leaf("B", "k", "m")),
    "contract vectors": lambda: contract(leaf("a", 1, "k"), leaf("b", "k", 1)),
    "contract all axes": lambda: contract(leaf("A", "n", "m"), leaf("B", "n", "m"), axes=2),
    "contract to a column": lambda: contract(leaf("A", "n", "m", "k"), leaf("B", "m", "k"), axes=2),
    "contract a tensor with a row": lambda: contract(leaf("A", "n", "m", "k"), leaf("b", 1, "k")),
    "softmax of a column": lambda: softmax(leaf("z", "n", 1)),
    "softmax of a row": lambda: softmax(leaf("z", 1, "n")),
    "softmax of a column with its axis": lambda: softmax(leaf("z", "n", 1), axis=0),
    "softmax of columns": lambda: softmax(leaf("Z", "n", "m"), axis=0),
    "softmax of a tensor": lambda: softmax(leaf("Z", "n", "m", "k"), axis=1),
    "softmax of a composite axis": lambda: softmax(leaf("z", n * m, 1)),
    "softmax along a composite axis": lambda: softmax(leaf("Z", n * m, k), axis=0),
    "logsumexp of a column": lambda: logsumexp(leaf("z", "n", 1)),
    "logsumexp of a row": lambda: logsumexp(leaf("z", 1, "n")),
    "logsumexp of rows": lambda: logsumexp(leaf("Z", "n", "m"), axis=1),
    "logsumexp of a tensor": lambda: logsumexp(leaf("Z", "n", "m", "k"), axis=1),
    "cross-entropy of rows": lambda: cross_entropy(leaf("y", 1, "n"), leaf("q", 1, "n")),
    "power 1/2": lambda: power(leaf("x", "n", 1), Fraction(1, 2)),
    "power -2": lambda: power(leaf("x", "n", 1), -2),
    "power 0": lambda: power(leaf("x", "n", 1), 0),
    "power of a scalar": lambda: power(leaf("x"), 3),
    "exp of a tensor": lambda: exp(leaf("x", "n", "m", "k")),
    "relu of a column": lambda: relu(leaf("x", "n", 1)),
    "elementwise order 0": lambda: elementwise("g", leaf("x", "n", 1)),
    "elementwise order 2": lambda: elementwise("g", leaf("x", 1, "n"), order=2),
    "elementwise order 5": lambda: elementwise("h", leaf("x", 1, "n"), order=5),
    "scalar function of a tensor": lambda: scalar_function("L", leaf("x", "n", "m", "k")),
    "inverse of a scalar": lambda: inverse(leaf("s")),
    "determinant of a scalar": lambda: determinant(leaf("s")),
    "frobenius of a column": lambda: frobenius(leaf("x", "n", 1)),
    "frobenius of a tensor": lambda: frobenius(leaf("x", "n", "m", "k")),
    "total of a row": lambda: total(leaf("x", 1, "n")),
    "total of a scalar": lambda: total(leaf("s")),
    "mean of a tensor": lambda: mean(leaf("x", "n", "m", "k")),
    "mean of a composite axis": lambda: mean(leaf("x", n * m, 1)),
    "mean with a number for a dimension": lambda: mean(leaf("x", 3, "m")),
    "mean of a scalar": lambda: mean(leaf("s")),
    "ones of a composite axis": lambda: ones(n * m),
    "ones of one": lambda: ones(1),
    "identity of a composite axis": lambda: identity(n * m),
    "identity of one": lambda: identity(1),
    "one-hot at a number": lambda: one_hot(4, 3),
    "one-hot of one": lambda: one_hot(1, 1),
    **{f"{name} of a scalar": (lambda name=name: table()[name].build(leaf("x"))) for name in ENTRYWISE},
}
