"""Indices and variables of a definition or of another way of writing are not those of the place where it is used."""

from __future__ import annotations

import pytest
from formulas import Note

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.printing.text import text
from derivcheck.notes.unsupported import Unsupported


@pytest.mark.parametrize(
    ("latex", "declarations", "reads"),
    [
        (r"\phi(x_j)", ("x, b: n", r"\phi(t) = \sum_i t b_i"), "Σ_i x[j] b[i]"),
        (r"\phi(\phi(x))", ("x: n", r"\phi(t) = t^2"), "((x[i']²)_{i'}[j']²)_{j'}"),
        (r"\phi(A \phi(x))", ("x: m", "A: n x m", r"\phi(t) = t^2"), "((A (x[i']²)_{i'})[j']²)_{j'}"),
        (r"\phi'(x_j)", ("x, b: n", r"\phi(t) = t b_1"), "∂(x[j] b[1])/∂x[j]"),
        (r"f_k", ("x: n", "A: n x n", r"write f_i for \sum_j A_{ij} x_j"), "Σ_j A[k,j] x[j]"),
    ],
)
def test_what_is_read(latex: str, declarations: tuple[str, ...], reads: str) -> None:
    assert text(Note(latex, declarations).term()) == reads


@pytest.mark.parametrize(
    ("latex", "declarations", "says"),
    [
        (r"\phi(x_i)", ("x, b: n", r"\phi(t) = \sum_i t b_i"), "the index i of the argument is summed in the definition of φ"),
        (r"\phi'(x_1)", ("x: n", r"\phi(t) = t x_1"), "the derivative of φ at a formula"),
        (r"\phi'(2 x)", ("x: scalar", r"\phi(t) = t^2"), "the derivative of φ at a formula"),
        (r"f_j", ("x: n", "A: n x n", r"write f_i for \sum_j A_{ij} x_j"), "rename it in the line `write …`"),
        (r"f_k", ("x: n", "write f_i for f_i"), "is written for itself"),
        (r"f_k", ("x: n", "write f_i for g_i", "write g_i for f_i"), "is written for itself"),
    ],
)
def test_what_is_not_understood(latex: str, declarations: tuple[str, ...], says: str) -> None:
    note = Note(latex, declarations)
    with pytest.raises((Unsupported, IllTyped), match=says) as caught:
        note.term()
    if isinstance(caught.value, Unsupported):
        assert note.start <= caught.value.start < note.end


@pytest.mark.parametrize(
    ("definition", "says"),
    [
        (r"\phi(t) = t b_i", "free index i"),
        (r"\phi(t) = \phi(t) + 1", "φ is not declared"),
        (r"\phi(t) = A t", "where t is no scalar"),
        (r"\phi(t) = q", "q is not declared"),
    ],
)
def test_a_function_that_is_none_is_a_problem_where_it_is_defined(definition: str, says: str) -> None:
    (problem,) = Note("b", ("b: n", "A: n x n", "index i = 1..n", definition)).problems
    assert says in problem
