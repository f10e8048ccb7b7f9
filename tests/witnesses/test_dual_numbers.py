"""Dual numbers against derivatives known in closed form, alone, nested, over complex numbers, and inside NumPy arrays."""

from __future__ import annotations

import math

import numpy as np
import pytest

from derivcheck.witnesses.dual_numbers import Dual, tangent_of

# name, function, first and second derivative
FUNCTIONS = [
    ("sum", lambda x: 3 + x + 2, lambda x: 1, lambda x: 0),
    ("difference", lambda x: 3 - x - 1, lambda x: -1, lambda x: 0),
    ("negative", lambda x: -x, lambda x: -1, lambda x: 0),
    ("product", lambda x: 2 * x * x, lambda x: 4 * x, lambda x: 4),
    ("quotient", lambda x: x / (1 + x), lambda x: 1 / (1 + x) ** 2, lambda x: -2 / (1 + x) ** 3),
    ("reciprocal", lambda x: 2 / x, lambda x: -2 / x**2, lambda x: 4 / x**3),
    ("cube", lambda x: x**3, lambda x: 3 * x**2, lambda x: 6 * x),
    ("first power", lambda x: x**1, lambda x: 1, lambda x: 0),
    ("zeroth power", lambda x: x**0, lambda x: 0, lambda x: 0),
    ("negative power", lambda x: x**-2, lambda x: -2 * x**-3, lambda x: 6 * x**-4),
    ("root power", lambda x: x**0.5, lambda x: 0.5 * x**-0.5, lambda x: -0.25 * x**-1.5),
    ("exp", lambda x: np.exp(2 * x), lambda x: 2 * np.exp(2 * x), lambda x: 4 * np.exp(2 * x)),
    ("log", np.log, lambda x: 1 / x, lambda x: -1 / x**2),
    ("sqrt", np.sqrt, lambda x: 0.5 / np.sqrt(x), lambda x: -0.25 / x**1.5),
    ("sin", np.sin, np.cos, lambda x: -np.sin(x)),
    ("cos", np.cos, lambda x: -np.sin(x), lambda x: -np.cos(x)),
    ("tanh", np.tanh, lambda x: 1 - np.tanh(x) ** 2, lambda x: -2 * np.tanh(x) * (1 - np.tanh(x) ** 2)),
]


def lift(x):
    """The number as an element of an object array, as NumPy's functions need it."""
    array = np.empty((), dtype=object)
    array[()] = x
    return array


@pytest.mark.parametrize(("name", "function", "first", "second"), FUNCTIONS, ids=[row[0] for row in FUNCTIONS])
def test_first_derivative(name, function, first, second):
    found = np.asarray(function(lift(Dual(1, 0.7, 1.0)))).item()
    assert found.value == pytest.approx(function(0.7), rel=1e-15)
    assert tangent_of(found, 1) == pytest.approx(first(0.7), rel=1e-14, abs=1e-15)


@pytest.mark.parametrize(("name", "function", "first", "second"), FUNCTIONS, ids=[row[0] for row in FUNCTIONS])
def test_second_derivative_by_nesting(name, function, first, second):
    found = np.asarray(function(lift(Dual(2, Dual(1, 0.7, 1.0), 1.0)))).item()
    assert tangent_of(tangent_of(found, 2), 1) == pytest.approx(second(0.7), rel=1e-13, abs=1e-15)


@pytest.mark.parametrize(("name", "function", "first", "second"), FUNCTIONS, ids=[row[0] for row in FUNCTIONS])
def test_second_derivative_by_complex_step_of_the_tangent(name, function, first, second):
    found = np.asarray(function(lift(Dual(2, 0.7 + 1e-30j, 1.0)))).item()
    assert complex(tangent_of(found, 2)).imag / 1e-30 == pytest.approx(second(0.7), rel=1e-13, abs=1e-15)


def test_third_derivative():
    x = Dual(3, Dual(2, 0.4 + 1e-30j, 1.0), 1.0)
    third = tangent_of(tangent_of(x.sin() * x, 3), 2).imag / 1e-30
    assert third == pytest.approx(-3 * math.sin(0.4) - 0.4 * math.cos(0.4), rel=1e-13)


def test_levels_are_not_confused():
    # d/dx [ x · d/dy (x + y) ] at y = x is 1; the classic perturbation confusion gives 2
    x = Dual(1, 5.0, 1.0)
    y = Dual(2, x, 1.0)
    inner = tangent_of(x + y, 2)
    assert tangent_of(x * inner, 1) == 1.0


@pytest.mark.parametrize("operation", ["+", "-", "*", "/"])
def test_mixed_levels_in_both_orders(operation):
    functions = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / b}
    function = functions[operation]
    by_left = {"+": 1, "-": 1, "*": 3.0, "/": 1 / 3.0}[operation]
    by_right = {"+": 1, "-": -1, "*": 2.0, "/": -2.0 / 9.0}[operation]
    for left_level, right_level in [(1, 2), (2, 1)]:
        found = function(Dual(left_level, 2.0, 1.0), Dual(right_level, 3.0, 1.0))
        high = tangent_of(found, 2)
        low = tangent_of(found.value, 1)
        expected = {left_level: by_left, right_level: by_right}
        assert (high.value if isinstance(high, Dual) else high) == pytest.approx(expected[2])
        assert low == pytest.approx(expected[1])


def test_a_constant_has_no_tangent():
    assert tangent_of(2.0, 1) == 0.0
    assert tangent_of(Dual(1, 2.0, 5.0), 2) == 0.0


def test_branches_see_the_real_part():
    assert Dual(2, Dual(1, -1.5 + 3j, 1.0), 1.0).real == -1.5


def test_matrix_product_with_complex_and_float_arrays():
    dual = np.array([[Dual(2, 1.0 + 0j, 1.0), Dual(2, 2.0, 0.0)]], dtype=object)
    for other in (np.array([[3.0], [4.0]]), np.array([[3.0 + 0j], [4.0]])):
        product = (dual @ other).item()
        assert product.value == 11.0
        assert product.tangent == 3.0
        assert (other.T @ dual.T).item().tangent == 3.0
    assert (np.float64(3.0) * dual)[0, 0].tangent == 3.0
    assert (np.complex128(3.0) / dual)[0, 0].tangent == -3.0


def test_a_dual_number_and_an_array_of_them():
    x = Dual(1, 3.0, 1.0)
    for found in (x * lift(x), x * np.asarray([x], dtype=object)[0]):
        assert np.asarray(found).item().tangent == 6.0
    assert [entry.tangent for entry in x - np.array([1.0, 2.0])] == [1.0, 1.0]
    assert [entry.tangent for entry in x / np.array([1.0, 2.0])] == [1.0, 0.5]
    assert [entry.tangent for entry in x + np.array([1.0, x], dtype=object)] == [1.0, 2.0]


@pytest.mark.parametrize("exponent", [1 + 2j, Dual(1, 2.0, 1.0)])
def test_other_exponents_are_refused(exponent):
    with pytest.raises(TypeError):
        Dual(1, 2.0, 1.0) ** exponent
