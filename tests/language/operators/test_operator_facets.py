"""Generic functions, what the NumPy facets promise, and printing."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from typing import Any

import numpy as np
import pytest
import sympy
from dual_numbers import Dual
from operator_variants import leaf

import derivcheck
from derivcheck import (
    Dim,
    Index,
    Shift,
    elementwise,
    frobenius,
    hadamard,
    identity,
    inverse,
    kron,
    log,
    logsumexp,
    one_hot,
    ones,
    power,
    scalar_function,
    sigmoid,
    softmax,
    sqrt,
    sum_over,
    trace,
    vec,
)
from derivcheck.language.operators import sympy_parts, table
from derivcheck.language.terms import Apply, Term

n, m, k = (Dim.of(name) for name in "nmk")
i = Index("i", n)
c = leaf("c", "n", 1)
A = leaf("A", "n", "k")


# generic functions ---------------------------------------------------------------------------------------------------
def test_the_concrete_elementwise_function_has_exact_derivatives() -> None:
    evaluate_at = table()["elementwise"].numpy
    x = np.linspace(-2, 2, 7).reshape(7, 1)
    for order in range(6):
        stepped = evaluate_at((x + 1e-30j,), ("g", order), (7, 1)).imag / 1e-30
        assert np.allclose(stepped, evaluate_at((x,), ("g", order + 1), (7, 1)), rtol=1e-12, atol=1e-12)
    assert not np.allclose(evaluate_at((x,), ("g", 0), (7, 1)), evaluate_at((x,), ("h", 0), (7, 1)), atol=0.1)
    assert abs(evaluate_at((np.zeros(()),), ("g", 0), ())) > 0.01


def test_the_concrete_scalar_function_treats_no_two_entries_alike() -> None:
    evaluate_at = table()["scalar_function"].numpy
    x = np.array([[0.5, -1.25, 2.0]])
    values = {round(float(evaluate_at((x[:, list(order)],), ("L",), ())), 9) for order in permutations(range(3))}
    assert len(values) == 6
    assert evaluate_at((x,), ("L",), ()) != evaluate_at((x,), ("M",), ())


def test_generic_sympy_functions_have_generic_derivatives() -> None:
    a, b = sympy.symbols("a b")
    g, loss = sympy_parts.elementwise_class("g", 0), sympy_parts.functional_class("L", ())
    assert g(a).diff(a, a) == sympy_parts.elementwise_class("g", 2)(a)
    assert str(g(a).diff(a)) == "g'(a)"
    assert g(a**2).diff(a) == 2 * a * sympy_parts.elementwise_class("g", 1)(a**2)
    assert loss(a, b).diff(a, b) == loss(a, b).diff(b, a) == sympy_parts.functional_class("L", (1, 2))(a, b)
    assert loss(a, b).diff(a) != loss(a, b).diff(b)
    assert loss(a, b) != loss(b, a)
    assert g(a) != sympy_parts.elementwise_class("h", 0)(a)


def test_step() -> None:
    a = sympy.Symbol("a")
    assert sympy_parts.step(sympy.Rational(1, 3)) == 1
    assert sympy_parts.step(sympy.Integer(-2)) == 0
    assert sympy_parts.step(sympy.S.Zero) not in (0, 1)
    assert sympy_parts.step(a).diff(a) == 0


# what the NumPy facets promise ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("dtype", [float, complex])
@pytest.mark.parametrize("build", [sigmoid, derivcheck.softplus, softmax, logsumexp, derivcheck.tanh])
def test_large_arguments_do_not_overflow(build: Callable[[Term], Term], dtype: Any) -> None:
    term = build(leaf("z", "n", 1))
    assert isinstance(term, Apply)
    size = () if term.shape == () else (2, 1)
    with np.errstate(over="raise", invalid="raise"):
        found = term.operator.numpy((np.array([[800.0], [-800.0]], dtype=dtype),), term.parameters, size)
    expected = {"sigmoid": [1, 0], "softplus": [800, 0], "softmax": [1, 0], "logsumexp": [800], "tanh": [1, -1]}[term.operator.name]
    assert np.allclose(found.reshape(-1), expected)


def test_a_shifted_one_hot_position_out_of_range_raises() -> None:
    record = table()["one_hot"]
    for facet in (record.numpy, record.sympy):
        with pytest.raises(IndexError, match="position 0"):
            facet((), (n, 0), (3, 1))


def test_a_singular_matrix_of_dual_numbers_raises() -> None:
    array = np.empty((2, 2), dtype=object)
    array[:] = [[Dual(1.0, 0.0), Dual(2.0, 1.0)], [Dual(2.0, 0.0), Dual(4.0, 0.0)]]
    with pytest.raises(np.linalg.LinAlgError):
        table()["inverse"].numpy((array,), (), (2, 2))


# printing ------------------------------------------------------------------------------------------------------------
PRINTED: dict[str, tuple[Callable[[], Term], str, str]] = {
    "matmul": (lambda: A @ A.T, "X Y", "X Y"),
    "transpose": (lambda: A.T, r"X^\top", "Xᵀ"),
    "hadamard": (lambda: hadamard(A, A), r"X \odot Y", "X ⊙ Y"),
    "kron": (lambda: kron(A, A), r"X \otimes Y", "X ⊗ Y"),
    "vec": (lambda: vec(A), r"\operatorname{vec}(X)", "vec(X)"),
    "unvec": (lambda: table()["unvec"].example(), r"\operatorname{vec}^{-1}_{n \times m}(X)", "vec⁻¹_{n×m}(X)"),
    "trace": (lambda: trace(identity("n")), r"\operatorname{tr}(X)", "tr(X)"),
    "softmax": (lambda: softmax(c), r"\operatorname{softmax}(X)", "softmax(X)"),
    "softmax rows": (lambda: softmax(A, axis=1), r"\operatorname{softmax}_{\text{rows}}(X)", "softmax_rows(X)"),
    "inverse": (lambda: inverse(identity("n")), "X^{-1}", "X⁻¹"),
    "frobenius": (lambda: frobenius(A), r"\lVert X \rVert_F", "‖X‖_F"),
    "sigmoid": (lambda: sigmoid(c), r"\sigma(X)", "σ(X)"),
    "sqrt": (lambda: sqrt(c), r"\sqrt{X}", "√(X)"),
    "log": (lambda: log(c), r"\log(X)", "log(X)"),
    "power": (lambda: power(c, Fraction(-1, 2)), r"X^{\odot -1/2}", "X^⊙(-1/2)"),
    "power 2": (lambda: power(c, 2), r"X^{\odot 2}", "X^⊙2"),
    "elementwise": (lambda: elementwise("g", c, order=1), "g'(X)", "g′(X)"),
    "elementwise 4": (lambda: elementwise("g", c, order=4), "g^{(4)}(X)", "g^(4)(X)"),
    "scalar_function": (lambda: scalar_function("loss", c), r"\operatorname{loss}(X)", "loss(X)"),
    "ones": (lambda: ones(n * m), r"\mathbf{1}_{n m}", "1_n·m"),
    "identity": (lambda: identity("n"), "I_{n}", "I_n"),
    "one_hot": (lambda: one_hot("n", i), "e_{i}", "e_i"),
}


@pytest.mark.parametrize(("build", "latex", "text"), PRINTED.values(), ids=PRINTED)
def test_printed(build: Callable[[], Term], latex: str, text: str) -> None:
    term = build()
    assert isinstance(term, Apply)
    arguments = tuple("XY"[: term.operator.arity])
    assert term.operator.latex(arguments, term.parameters) == latex
    assert term.operator.text(arguments, term.parameters) == text


def test_a_second_superscript_is_braced() -> None:
    assert table()["inverse"].latex(("W^{(1)}",), ()) == "{W^{(1)}}^{-1}"
    assert table()["inverse"].latex((r"\left(A^\top\right)",), ()) == r"\left(A^\top\right)^{-1}"
    assert table()["transpose"].latex((r"\exp(x^{2})",), ()) == r"{\exp(x^{2})}^\top"


def test_the_sign_of_a_transpose_joins_a_label() -> None:
    assert table()["transpose"].latex(("W^{(1)}",), ()) == r"W^{(1)\top}"


def test_an_index_parameter_is_free_and_can_be_bound() -> None:
    assert one_hot("n", i).free == {i}
    assert one_hot("n", Shift(i, -1)).free == {i}
    assert sum_over(i, one_hot("n", i)).free == frozenset()
