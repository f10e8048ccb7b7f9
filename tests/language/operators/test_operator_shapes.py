"""What operators refuse: the message names both shapes and both places."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from index_evaluator import fresh_indices
from operator_variants import leaf

from derivcheck import (
    Dim,
    IllTyped,
    Index,
    Shift,
    contract,
    cross_entropy,
    determinant,
    diag,
    diagonal,
    elementwise,
    exp,
    hadamard,
    inverse,
    kron,
    logsumexp,
    matmul,
    one_hot,
    ones,
    outer,
    power,
    scalar_function,
    softmax,
    trace,
    unvec,
    vec,
)
from derivcheck.language.operators import table
from derivcheck.language.shapes import describe, flat
from derivcheck.language.terms import Apply, Term

n, m, k = (Dim.of(name) for name in "nmk")
i = Index("i", n)

# ill-shaped applications: both arguments are shown with their shapes and places --------------------------------------
s = leaf("s")
c = leaf("c", "n", 1)
d = leaf("d", "m", 1)
r = leaf("r", 1, "n")
A = leaf("A", "n", "k")
B = leaf("B", "m", "k")
T = leaf("T", "n", "m", "k")

ILL_SHAPED: dict[str, tuple[Callable[[], Term], tuple[Term, ...], str]] = {
    "matmul inner": (lambda: A @ B, (A, B), "k is not m"),
    "matmul columns": (lambda: c @ c, (c,), "1 is not n"),
    "matmul of a scalar and a column": (lambda: matmul(s, c), (s, c), "1 is not n"),
    "matmul tensor": (lambda: matmul(T, A), (T, A), "vectors and matrices"),
    "transpose tensor": (lambda: T.T, (T,), "vector or a matrix"),
    "hadamard row and column": (lambda: hadamard(c, r), (c, r), "nothing is broadcast"),
    "hadamard dims": (lambda: hadamard(A, B), (A, B), "one shape"),
    "hadamard with a scalar": (lambda: hadamard(s, c), (s, c), "nothing is broadcast"),
    "kron tensor": (lambda: kron(A, T), (A, T), "vectors and matrices"),
    "vec tensor": (lambda: vec(T), (T,), "vector or a matrix"),
    "unvec size": (lambda: unvec(c, rows="n", columns="m"), (c,), "needs a column of m·n entries"),
    "unvec row": (lambda: unvec(r, rows="n", columns=1), (r,), "takes a column"),
    "unvec matrix": (lambda: unvec(A, rows="n", columns="k"), (A,), "takes a column"),
    "diag matrix": (lambda: diag(A), (A,), "diagonal(A)"),
    "diagonal vector": (lambda: diagonal(c), (c,), "diag(v)"),
    "diagonal rectangular": (lambda: diagonal(A), (A,), "square"),
    "trace": (lambda: trace(A), (A,), "square"),
    "trace tensor": (lambda: trace(T), (T,), "square"),
    "outer matrix": (lambda: outer(A, c), (A, c), "two vectors"),
    "contract dims": (lambda: contract(A, B), (A, B), "cannot contract"),
    "contract too many": (lambda: contract(c, A, axes=2), (c, A), "over 2 axes"),
    "contract scalar": (lambda: contract(s, A), (s, A), "over 1 axes"),
    "softmax scalar": (lambda: softmax(s), (s,), "vector or a matrix"),
    "softmax without an axis": (lambda: softmax(A), (A,), "axis"),
    "softmax with a strange axis": (lambda: softmax(A, axis=2), (A,), "no axis 2"),
    "softmax with a negative axis": (lambda: softmax(A, axis=-1), (A,), "no axis -1"),
    "softmax along a literal 1": (lambda: softmax(c, axis=1), (c,), "no axis 1"),
    "logsumexp without an axis": (lambda: logsumexp(A), (A,), "axis"),
    "cross-entropy row and column": (lambda: cross_entropy(c, r), (c, r), "one shape"),
    "cross-entropy dims": (lambda: cross_entropy(c, d), (c, d), "one shape"),
    "cross-entropy matrices": (lambda: cross_entropy(A, A), (A,), "two vectors"),
    "inverse": (lambda: inverse(A), (A,), "square"),
    "inverse tensor": (lambda: inverse(T), (T,), "square"),
    "determinant": (lambda: determinant(A), (A,), "square"),
}


@pytest.mark.parametrize(("build", "arguments", "words"), ILL_SHAPED.values(), ids=ILL_SHAPED)
def test_ill_shaped_arguments_name_both_shapes_and_both_places(build: Callable[[], Term], arguments: tuple[Term, ...], words: str) -> None:
    with pytest.raises(IllTyped) as caught:
        build()
    message = str(caught.value)
    assert words in message
    for argument in arguments:
        assert f"{describe(argument.shape)} (written at {argument.place})" in message


WRONG_PARAMETERS: dict[str, tuple[Callable[[], Term], str]] = {
    "contract no axes": (lambda: contract(A, A, axes=0), ">= 1"),
    "contract True": (lambda: contract(A, A, axes=True), "not True"),
    "power float": (lambda: power(c, 0.5), "not 0.5"),  # type: ignore[arg-type]
    "power bool": (lambda: power(c, True), "not True"),
    "elementwise name": (lambda: elementwise("", c), "needs a name"),
    "elementwise order": (lambda: elementwise("g", c, order=-1), "not -1"),
    "scalar function name": (lambda: scalar_function("", c), "needs a name"),
    "swapped arguments": (lambda: scalar_function(c, c), "needs a name"),  # type: ignore[arg-type]
    "one-hot dims": (lambda: one_hot("m", i), "index i ranges over n"),
    "one-hot shifted dims": (lambda: one_hot("m", Shift(i, 1)), "index i ranges over n"),
    "one-hot range": (lambda: one_hot(3, 4), "out of range 1 … 3"),
    "one-hot zero": (lambda: one_hot("n", 0), "out of range"),
    "one-hot composite": (lambda: one_hot(n * m, 1), "product n·m"),
    "one-hot position": (lambda: one_hot(3, "1"), "not '1'"),  # type: ignore[arg-type]
    "ones of nothing": (lambda: ones(0), "not 0"),
    "a float": (lambda: exp(0.5), "not exact"),  # type: ignore[arg-type]
}


@pytest.mark.parametrize(("build", "words"), WRONG_PARAMETERS.values(), ids=WRONG_PARAMETERS)
def test_wrong_parameters_are_refused(build: Callable[[], Term], words: str) -> None:
    with pytest.raises(IllTyped) as caught:
        build()
    assert words in str(caught.value)


DIFFERENTLY_FACTORED: dict[str, Callable[[], Term]] = {
    "matmul": lambda: leaf("A", "k", n * m) @ leaf("B", m * n, "k"),
    "hadamard": lambda: hadamard(leaf("a", n * m, 1), leaf("b", m * n, 1)),
    "unvec": lambda: unvec(leaf("v", n * m, 1), rows=n, columns=m),
    "unvec of an elementary axis": lambda: unvec(leaf("v", 6, 1), rows=2, columns=3),
    "diagonal": lambda: diagonal(leaf("A", n * m, m * n)),
    "trace": lambda: trace(leaf("A", n * m, m * n)),
    "contract": lambda: contract(leaf("A", "k", n * m), leaf("B", m * n, "k")),
    "cross_entropy": lambda: cross_entropy(leaf("y", n * m, 1), leaf("q", m * n, 1)),
}


@pytest.mark.parametrize("build", DIFFERENTLY_FACTORED.values(), ids=DIFFERENTLY_FACTORED)
def test_axes_of_one_size_that_factor_differently_have_a_shape_but_no_meaning(build: Callable[[], Term]) -> None:
    term = build()
    assert isinstance(term, Apply)
    assert term.operator.meaning is not None
    slots = tuple(Index(f"slot{position}", dim) for position, dim in enumerate(flat(term.shape)))
    with pytest.raises(IllTyped, match="factored differently"):
        term.operator.meaning(term.arguments, term.parameters, slots, fresh_indices())
    with pytest.raises(IllTyped, match="factored differently"):
        term.operator.meaning(term.arguments, term.parameters, (1,) * len(slots), fresh_indices())


def test_the_axes_of_an_inverse_are_swapped() -> None:
    A = leaf("A", n * m, m * n)
    assert inverse(A).shape == (m * n, n * m)
    assert (inverse(A) @ A).shape == (m * n, m * n)


def test_differently_factored_axes_still_have_a_value() -> None:
    found = table()["unvec"].numpy((np.arange(6.0).reshape(6, 1),), (Dim.of(2), Dim.of(3)), (2, 3))
    assert found.tolist() == [[0.0, 2.0, 4.0], [1.0, 3.0, 5.0]]
