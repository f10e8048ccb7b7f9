"""Formulas of derivatives from one layout into another: every conversion is proved equal to the derivative in the other layout."""

from __future__ import annotations

from itertools import product

import pytest

from derivcheck import D, Derivation, IllTyped, array, check_equal, elementwise, exp, kron, outer, same_expression, scalar_function
from derivcheck.language.conversion import convert, in_layout, restated
from derivcheck.language.layout import LAYOUTS, Layout, derivative_shape
from derivcheck.language.shapes import SCALAR, column, row
from derivcheck.language.terms import Derivative, Leaf, Term
from derivcheck.language.walks import subterms

d = Derivation("conversion", layout="numerator")
n, m = d.dim("n"), d.dim("m")
i, p = d.indices("i p", n)
j, q = d.indices("j q", m)
s = d.scalar("s")
x, w = d.vector("x", n), d.vector("w", m)
r = d.row("r", n)
A, B = d.matrix("A", n, m), d.matrix("B", m, n)
y = d.let("y", elementwise("g", A @ w))
L = d.let("L", scalar_function("L", y))

PAIRS: dict[str, tuple[Term, Leaf]] = {
    "scalar by scalar": (exp(s), s),
    "scalar by column": (x.T @ A @ w, x),
    "scalar by row": (r @ A @ w, r),
    "scalar by matrix": (x.T @ A @ w, A),
    "column by scalar": (s**2 * x, s),
    "row by scalar": (s**2 * r, s),
    "matrix by scalar": (s**2 * A, s),
    "column by column": (A @ w, w),
    "row by column": (w.T @ B, w),
    "column by row": (B @ r.T, r),
    "row by row": (r @ A, r),
    "product axis by column": (kron(w, x), w),
}
"""Functions and variables whose derivatives have at most two axes, all of different sizes."""

TENSORS = {
    "column by matrix": (elementwise("g", A @ w), A, (p, i, j)),
    "matrix by column": (outer(x, w), w, (i, q, j)),
    "matrix by row": (outer(r, w), r, (p, j, i)),
    "matrix by matrix": (elementwise("g", A), A, (p, q, i, j)),
}
"""Functions, variables, and an index for each axis of the function and then of the variable."""

TURNS = list(product(LAYOUTS, LAYOUTS))


@pytest.mark.parametrize(("before", "after"), TURNS)
@pytest.mark.parametrize("name", PAIRS)
def test_a_converted_derivative_is_the_one_in_the_other_layout(name: str, before: Layout, after: Layout) -> None:
    function, variable = PAIRS[name]
    converted = convert(D(function, variable, before), before, after, function.shape, variable.shape)
    assert converted.shape == derivative_shape(function.shape, variable.shape, after)
    assert check_equal(D(function, variable, after), converted, within=d).word == "proved"


@pytest.mark.parametrize(("before", "after"), TURNS)
@pytest.mark.parametrize("name", PAIRS)
def test_there_and_back_is_the_same_expression(name: str, before: Layout, after: Layout) -> None:
    function, variable = PAIRS[name]
    derivative = D(function, variable, before)
    there = convert(derivative, before, after, function.shape, variable.shape)
    assert convert(there, after, before, function.shape, variable.shape) is derivative


@pytest.mark.parametrize(("before", "after"), TURNS)
@pytest.mark.parametrize("name", TENSORS)
def test_a_converted_tensor_is_the_one_in_the_other_layout(name: str, before: Layout, after: Layout) -> None:
    function, variable, indices = TENSORS[name]
    converted = convert(D(function, variable, before), before, after, function.shape, variable.shape, indices)
    assert converted.shape == derivative_shape(function.shape, variable.shape, after)
    assert check_equal(D(function, variable, after), converted, within=d).word == "proved"


def test_only_what_must_be_turned_is_turned() -> None:
    assert convert(A, "numerator", "like-variable", column(n), column(m)) is A
    assert same_expression(convert(A, "numerator", "denominator", column(n), column(m)), A.T)
    assert convert(A.T, "denominator", "numerator", column(n), column(m)) is A
    assert same_expression(convert(2 * x, "denominator", "numerator", SCALAR, column(n)), (2 * x).T)
    gradient = 2 * x
    assert convert(gradient, "denominator", "like-variable", SCALAR, column(n)) is gradient
    assert convert(x.T, "numerator", "denominator", SCALAR, column(n)) is x
    assert convert(3, "numerator", "denominator", SCALAR, SCALAR).shape == SCALAR


def test_an_array_keeps_its_own_indices() -> None:
    entries = array(x[p] * w[j] * s, p, j, i)
    assert entries.shape == (n, m, n)
    turned = convert(entries, "numerator", "denominator", column(n), (m, n))
    assert same_expression(turned, array(x[p] * w[j] * s, j, i, p))


def test_the_chain_rule_turns_around() -> None:
    chained = D(L, y) @ D(y, w)
    assert check_equal(D(L, w), chained, within=d).word == "proved"
    turned = convert(restated(chained, "denominator"), "numerator", "denominator", SCALAR, column(m))
    assert check_equal(D(L, w, "denominator"), turned, within=d, layout="denominator").word == "proved"
    assert check_equal(turned, D(y, w, "denominator") @ D(L, y, "denominator"), within=d).word == "proved"


# restating a whole line ---------------------------------------------------------------------------------------------
def layouts_in(term: Term) -> set[Layout | None]:
    return {node.layout for node in subterms(term) if isinstance(node, Derivative)}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_restated_line_has_the_same_value(layout: Layout) -> None:
    line = D(L, y) @ D(y, w) + w.T
    again = restated(line, layout)
    assert layouts_in(again) == {layout}
    assert again.shape == line.shape
    assert check_equal(line, again, within=d).word == "proved"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_second_derivative_is_restated_inside_and_outside(layout: Layout) -> None:
    hessian = D(D(x.T @ A @ B @ x, x), x)
    again = restated(hessian, layout)
    assert layouts_in(again) == {layout}
    assert check_equal(hessian, again, within=d).word == "proved"


def test_a_line_without_derivatives_is_left_alone() -> None:
    line = A @ w + x
    assert restated(line, "denominator") is line
    assert in_layout(line, "denominator") is line
    assert restated(D(L, y), "numerator").shape == row(n)


def test_a_line_read_in_another_layout() -> None:
    with pytest.raises(IllTyped, match="n × 1"):
        in_layout(D(L, y) @ D(y, w), "denominator")
    assert same_expression(in_layout(D(y, w, "like-variable") @ w, "numerator"), D(y, w) @ w)
    assert same_expression(in_layout(2 * D(L, y), "denominator"), 2 * D(L, y, "denominator"))


# refusals -----------------------------------------------------------------------------------------------------------
def test_a_formula_of_another_shape_is_refused() -> None:
    with pytest.raises(IllTyped, match="is 1 × n in numerator layout, but this formula is n × 1"):
        convert(2 * x, "numerator", "denominator", SCALAR, column(n))
    with pytest.raises(IllTyped, match="is n × m in like-variable layout, but this formula is m × n"):
        convert(B, "like-variable", "like-variable", SCALAR, (n, m))


def test_an_unknown_layout_is_refused() -> None:
    for before, after in (("numerater", "numerator"), ("numerator", "numerater")):
        with pytest.raises(IllTyped, match="unknown layout 'numerater'"):
            convert(x.T, before, after, SCALAR, column(n))  # type: ignore[arg-type]


def test_a_tensor_needs_indices() -> None:
    function, variable, indices = TENSORS["column by matrix"]
    derivative = D(function, variable)
    with pytest.raises(IllTyped, match="give the indices"):
        convert(derivative, "numerator", "denominator", function.shape, variable.shape)
    with pytest.raises(IllTyped, match="2 indices for the 3 axes"):
        convert(derivative, "numerator", "denominator", function.shape, variable.shape, indices[:2])
    with pytest.raises(IllTyped, match="ranges over"):
        convert(derivative, "numerator", "denominator", function.shape, variable.shape, (j, i, q))
    with pytest.raises(IllTyped, match="bound twice"):
        convert(derivative, "numerator", "denominator", function.shape, variable.shape, (i, i, j))
    with pytest.raises(IllTyped, match="give the indices"):
        restated(derivative, "denominator")
