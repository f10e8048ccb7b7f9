"""What dots may stand for: one running subscript, found in every entry that is written, and nothing else."""

from __future__ import annotations

import pytest
from formulas import Note

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.printing.text import text
from derivcheck.language.shapes import column, row
from derivcheck.notes.grammar import Parser
from derivcheck.notes.notations import grammar
from derivcheck.notes.patterns import pattern, same_writing
from derivcheck.notes.syntax import Node
from derivcheck.notes.tokens import tokenize
from derivcheck.notes.unsupported import Unsupported


def node(latex: str) -> Node:
    return Parser(tokenize(latex), latex, grammar()).expression()


@pytest.mark.parametrize(
    ("entries", "generic"),
    [
        (("x_1", "x_2", "x_n"), "x_q"),
        (("x_1^2 + y", "x_n^2 + y"), "x_q^2 + y"),
        (("W_{k11}", "W_{k12}", "W_{k1n}"), "W_{k,1,q}"),
        (("x_1 y_1", "x_2 y_2", "x_n y_n"), "x_q y_q"),
        ((r"\frac{\partial L}{\partial x_1}", r"\frac{\partial L}{\partial x_n}"), r"\frac{\partial L}{\partial x_q}"),
        (("h^{(1)}", "h^{(n)}"), "h^{(q)}"),
        ((r"\mathbb{1}_{k=1}", r"\mathbb{1}_{k=2}", r"\mathbb{1}_{k=n}"), r"\mathbb{1}_{k=q}"),
        (("x_0", "x_{n-1}"), "x_q"),
    ],
)
def test_the_generic_entry(entries: tuple[str, ...], generic: str) -> None:
    found = pattern([node(entry) for entry in entries], "q")
    assert found is not None
    assert same_writing(found.entry, node(generic))


@pytest.mark.parametrize(
    "entries",
    [
        ("x_1", "x_1"),
        ("x_1", "y_2"),
        ("x_1 y_n", "x_2 y_{n-1}", "x_n y_1"),
        ("x_1", "x_2^2", "x_n"),
        ("x_1 - x_2", "x_n - x_{n+1}"),
        ("x_1 + y", "x_2", "x_n + y"),
        (r"\nabla_x f_1", r"\nabla_y f_2"),
        (r"\sum_{i=1}^n x_1", r"\sum_{i=1}^m x_2"),
    ],
)
def test_what_is_no_pattern(entries: tuple[str, ...]) -> None:
    assert pattern([node(entry) for entry in entries], "q") is None


@pytest.mark.parametrize(
    ("matrix", "reads"),
    [
        (r"x_1 \\ \vdots \\ x_n", "(x[i])_i"),
        (r"x_1 \\ x_2 \\ x_3 \\ \vdots \\ x_{n-1} \\ x_n", "(x[i])_i"),
        (r"W_{11} & W_{12} & \cdots & W_{1m} \\ \vdots & \vdots & \ddots & \vdots \\ W_{n1} & W_{n2} & \cdots & W_{nm}", "(W[j,i])_{j,i}"),
        (r"x_1 y_1 & \cdots & x_1 y_m \\ \vdots & & \vdots \\ x_n y_1 & \cdots & x_n y_m", "(x[j] y[i])_{j,i}"),
        (r"x_1 & 2 x_1 \\ \vdots & \vdots \\ x_n & 2 x_n", "({x[i] if i' = 1; 2 x[i] otherwise})_{i,i'}"),
    ],
)
def test_a_matrix_with_dots(matrix: str, reads: str) -> None:
    assert text(Note(rf"\begin{{bmatrix}} {matrix} \end{{bmatrix}}", ("x: n", "y: m", "W: n x m")).term()) == reads


@pytest.mark.parametrize(
    ("matrix", "error"),
    [
        (r"x_n \\ \vdots \\ x_1", Unsupported),
        (r"x_1 \\ x_3 \\ \vdots \\ x_n", Unsupported),
        (r"x_2 \\ \vdots \\ x_n", Unsupported),
        (r"x_1 \\ x_2 \\ \vdots", Unsupported),
        (r"\vdots \\ x_n", Unsupported),
        (r"x_1 \\ \vdots \\ x_2 \\ x_n", Unsupported),
        (r"x_1 \\ \vdots \\ x_q", Unsupported),
        (r"x_0 \\ \vdots \\ x_{-n-1}", Unsupported),
        (r"x_1 \\ \vdots \\ x_m", IllTyped),
        (r"W_{11} & \cdots & W_{1m} \\ \vdots & & \vdots \\ W_{n1} & \cdots & W_{n3}", Unsupported),
        (r"W_{11} & \cdots & W_{1n} \\ \vdots & & \vdots \\ W_{m1} & \cdots & W_{mn}", IllTyped),
        (r"x_1 & x_2 \\ & x_1", Unsupported),
        (r"x_1 \\ \vdots \\ x_5", IllTyped),
        (r"y_1 \\ \vdots \\ y_3", IllTyped),
    ],
)
def test_dots_that_are_not_guessed_at(matrix: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        Note(rf"\begin{{bmatrix}} {matrix} \end{{bmatrix}}", ("x: n", "y: 4", "W: n x m")).term()


def test_a_list_has_the_shape_of_the_vector_whose_entries_it_lists() -> None:
    for shape, expected in (("n", column), ("1 x n", row)):
        note = Note(r"(z_1, \dots, z_n)", (f"z: {shape}",))
        context, term = note.context_and_term()
        assert term.shape == expected(note.derivation.leaves[0].shape[0 if shape == "n" else 1])
        assert list(context.readings.said) == ["a list of the entries of a vector has the shape of that vector"]


def test_another_list_has_two_readings() -> None:
    context, term = Note(r"(x_1^2, \dots, x_n^2)", ("x: n",)).context_and_term()
    assert term.shape[1].is_one
    assert context.readings.met == {"a list in round brackets": ("is a column", "is a row")}
