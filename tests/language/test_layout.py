"""Shapes and layouts."""

from __future__ import annotations

import pytest

from derivcheck.algebra.dims import ONE, Dim, IllTyped
from derivcheck.language.layout import LAYOUTS, derivative_axes, derivative_shape
from derivcheck.language.shapes import SCALAR, Shape, as_matrix, column, core, describe, flat, is_vector, row, same_shape, shape_of

n, m, p, q = (Dim.of(name) for name in "nmpq")

# function, variable, and the derivative in numerator, denominator and like-variable layout
LAYOUT_TABLE: list[tuple[str, Shape, Shape, Shape, Shape, Shape]] = [
    ("scalar by scalar", (), (), (), (), ()),
    ("scalar by column", (), column(n), row(n), column(n), column(n)),
    ("scalar by row", (), row(n), column(n), row(n), row(n)),
    ("scalar by matrix", (), (n, m), (m, n), (n, m), (n, m)),
    ("scalar by tensor", (), (n, m, p), (p, m, n), (n, m, p), (n, m, p)),
    ("column by scalar", column(n), (), column(n), row(n), column(n)),
    ("row by scalar", row(n), (), row(n), column(n), row(n)),
    ("matrix by scalar", (n, m), (), (n, m), (m, n), (n, m)),
    ("column by column", column(n), column(m), (n, m), (m, n), (n, m)),
    ("row by column", row(n), column(m), (n, m), (m, n), (n, m)),
    ("column by matrix", column(n), (p, q), (n, p, q), (p, q, n), (n, p, q)),
    ("matrix by column", (n, m), column(p), (n, m, p), (p, n, m), (n, m, p)),
    ("matrix by matrix", (n, m), (p, q), (n, m, p, q), (p, q, n, m), (n, m, p, q)),
    ("column of a product by column", column(n * m), column(p), (n * m, p), (p, n * m), (n * m, p)),
]


@pytest.mark.parametrize(
    ("function", "variable", "numerator", "denominator", "like"), [line[1:] for line in LAYOUT_TABLE], ids=[line[0] for line in LAYOUT_TABLE]
)
def test_the_shape_of_a_derivative(function: Shape, variable: Shape, numerator: Shape, denominator: Shape, like: Shape) -> None:
    found = tuple(derivative_shape(function, variable, layout) for layout in ("numerator", "denominator", "like-variable"))
    assert found == (numerator, denominator, like)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(("function", "variable"), [line[1:3] for line in LAYOUT_TABLE], ids=[line[0] for line in LAYOUT_TABLE])
def test_axes_and_shape_agree(function: Shape, variable: Shape, layout: str) -> None:
    axes = derivative_axes(function, variable, layout)  # type: ignore[arg-type]
    sources = {"f": core(function), "v": core(variable)}
    assert sorted(axes) == [("f", k) for k in range(len(core(function)))] + [("v", k) for k in range(len(core(variable)))]
    assert tuple(sources[kind][k] for kind, k in axes) == core(derivative_shape(function, variable, layout))  # type: ignore[arg-type]


def test_axes_in_order() -> None:
    assert derivative_axes((), (n, m), "numerator") == (("v", 1), ("v", 0))
    assert derivative_axes((n, m), (), "denominator") == (("f", 1), ("f", 0))
    assert derivative_axes((n, m), (p, q), "denominator") == (("v", 0), ("v", 1), ("f", 0), ("f", 1))
    assert derivative_axes(column(n), row(m), "like-variable") == (("f", 0), ("v", 0))


def test_no_layout_is_assumed() -> None:
    assert derivative_shape((), (), None) == ()
    for function, variable in [((), column(n)), (column(n), ()), (column(n), column(m))]:
        with pytest.raises(IllTyped, match="not stated"):
            derivative_shape(function, variable, None)
    with pytest.raises(IllTyped, match="'numerater'; it is one of numerator, denominator, like-variable"):
        derivative_shape((), column(n), "numerater")  # type: ignore[arg-type]


def test_literal_ones() -> None:
    assert shape_of() == shape_of(1) == shape_of(1, 1) == shape_of(ONE, ONE) == SCALAR
    assert shape_of("n", 1) == column(n) == (n, ONE)
    assert shape_of(1, "n") == row(n) == (ONE, n)
    assert column(ONE) == row(ONE) == SCALAR
    assert core(column(n)) == core(row(n)) == (n,)
    assert core(SCALAR) == ()
    assert as_matrix(SCALAR) == (ONE, ONE)
    assert as_matrix((n, m)) == (n, m)
    assert [is_vector(shape) for shape in (column(n), row(n), SCALAR, (n, m), (n, m, p))] == [True, True, False, False, False]


def test_composite_axes() -> None:
    assert flat((m * n, p)) == (m, n, p)
    assert flat(column(n)) == (n,)
    assert (m * n).elementary == (m, n)
    assert m * n != n * m
    assert same_shape((m * n, p), (n * m, p))
    assert not same_shape((m * n, p), (m, p))
    assert not same_shape((n, m), (n, m, p))
    assert not same_shape(column(n), row(n))
    assert same_shape((Dim.of(2) * Dim.of(3),), (Dim.of(6),))
    assert not (n * n).same_size(n)
    assert (m * Dim.of(2) * n).size({"n": 3, "m": 5}) == 30
    assert (m * ONE, ONE * m) == (m, m)
    with pytest.raises(KeyError):
        n.size({})


@pytest.mark.parametrize(
    ("shape", "words"), [((), "scalar"), (column(n), "n × 1"), (row(n), "1 × n"), ((n, n * m), "n × (n·m)"), ((n, m, p), "n × m × p")]
)
def test_described(shape: Shape, words: str) -> None:
    assert describe(shape) == words


@pytest.mark.parametrize("wrong", [0, -1, "", True, 2.0, None])
def test_what_is_no_dimension(wrong: object) -> None:
    with pytest.raises(IllTyped):
        Dim.of(wrong)  # type: ignore[arg-type]


def test_values_and_symbols() -> None:
    assert (Dim.of(2) * Dim.of(3)).value == 6
    assert (Dim.of(2) * n).value is None
    assert (Dim.of(2) * n * m).symbols == {"n", "m"}
    assert ONE.is_one
    assert not n.is_one
    assert str(ONE) == "1"
    assert str(n * m) == "n·m"
