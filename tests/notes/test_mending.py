"""A line that does not fit is told what could have been meant, where one edit suffices."""

from __future__ import annotations

import pytest
from formulas import Note

from derivcheck.judge import judge
from derivcheck.notes.grammar import Parser
from derivcheck.notes.mending import MOST_CANDIDATES, mended
from derivcheck.notes.notations import grammar
from derivcheck.notes.tokens import tokenize

MATRICES = (
    "layout numerator", "U, V: m x n", "A: n x m", "B: m x k", "C: k x n", "S: n x n", "G, Y: p x q", "x, z: n", "Z: p x q", "d: m",
    "function g elementwise", "a = g(x)", "h = sigmoid(z)", "y = V h", "index i, b = 1..m", "index j, c = 1..n",
)  # fmt: skip


def told(latex: str, *declarations: str) -> tuple[str, str]:
    note = Note(latex, declarations or MATRICES)
    note.stated()
    (verdict,) = judge(note.derivation)
    assert verdict.word == "ill-typed"
    assert verdict.advice is not None, verdict.reason
    return verdict.advice.mistake, verdict.advice.right_side


@pytest.mark.parametrize(
    ("latex", "right_side"),
    [
        (r"(U x)_i = \sum_j U_{ji} x_j", "Σ_j U[i,j] x[j]"),
        (r"(U x)_i = \sum_{j=1}^n U_{ji} x_j", "Σ_j U[i,j] x[j]"),
        (r"\frac{\partial (U x)_i}{\partial x_j} = U_{ji}", "U[i,j]"),
        (r"\frac{\partial y_b}{\partial h_c} = V_{cb}", "V[b,c]"),
    ],
)
def test_two_subscripts_the_other_way_round(latex: str, right_side: str) -> None:
    assert told(latex) == ("wrong index", right_side)


@pytest.mark.parametrize(
    ("latex", "right_side"),
    [
        (r"\frac{\partial a}{\partial x} = g'(x)", "diag(g′(x))"),
        (r"\frac{\partial a}{\partial x} = g'(x)^\top", "diag(g′(x))"),
        (r"\frac{\partial (V g(z))}{\partial z} = V g'(z)", "V diag(g′(z))"),
        (r"\frac{\partial (V g(z))}{\partial z} = V \odot g'(z)", "V diag(g′(z))"),
        (r"\frac{\partial (V g(z))}{\partial z} = V \odot g'(z)^\top", "V diag(g′(z))"),
        (r"\frac{\partial (V g(z))}{\partial z} = g'(z) V", "V diag(g′(z))"),
        (r"\frac{\partial g(V z)}{\partial z} = g'(V z) \odot V", "diag(g′(V z)) V"),
        (r"\frac{\partial g(V z)}{\partial z} = g'(V z) V", "diag(g′(V z)) V"),
        (r"\frac{\partial h}{\partial z} = h \odot (1 - h)", "diag(h ⊙ (1_n - h))"),
        (r"\frac{\partial h}{\partial z} = h (1 - h)", "diag(h ⊙ (1_n - h))"),
        (r"\frac{\partial y}{\partial z} = V h (1 - h)", "V diag(h ⊙ (1_n - h))"),
    ],
)
def test_a_missing_diagonal_matrix(latex: str, right_side: str) -> None:
    assert told(latex) == ("missing diagonal matrix", right_side)


@pytest.mark.parametrize(
    ("latex", "mistake", "right_side"),
    [
        (r"\frac{\partial (V g(z))}{\partial z} = \operatorname{diag}(g'(z)) V", "swapped factors", "V diag(g′(z))"),
        (r"(A B)^\top = A^\top B^\top", "swapped factors", "Bᵀ Aᵀ"),
        (r"(G \odot Y)^\top = Y^\top G^\top", "one product for another", "Yᵀ ⊙ Gᵀ"),
        (r"(A B)^\top = B^\top \odot A^\top", "one product for another", "Bᵀ Aᵀ"),
        (r"A B C = A B \odot C", "one product for another", "A B C"),
        (r"\operatorname{tr}(U A) = \operatorname{tr}(U \odot A)", "one product for another", "tr(U A)"),
        (r"A A^\top = A A", "missing transpose", "A Aᵀ"),
        (r"A B C = A^\top B C", "extra transpose", "A B C"),
        (r"\frac{\partial (V x)}{\partial x} = V I_m", "wrong dimension", "V I_n"),
        (r"\frac{\partial x}{\partial x} = I_m", "wrong dimension", "I_n"),
    ],
)
def test_other_mistakes_of_which_no_term_can_be_built(latex: str, mistake: str, right_side: str) -> None:
    assert told(latex) == (mistake, right_side)


@pytest.mark.parametrize(
    ("right", "mistake", "right_side"),
    [
        (r"G \mathbf{1}_m", "summed over the wrong axis", "Gᵀ 1_B"),
        (r"\mathbf{1}_m^\top G", "summed over the wrong axis", "Gᵀ 1_B"),
        (r"G \mathbf{1}_B", "missing transpose", "Gᵀ 1_B"),
        (r"G", "missing sum", "Gᵀ 1_B"),
        (r"G^\top", "missing sum", "Gᵀ 1_B"),
    ],
)
def test_a_sum_over_the_batch(right: str, mistake: str, right_side: str) -> None:
    batch = ("layout like-variable", "X, G: B x m", "b: m", r"Z = X + \mathbf{1}_B b^\top", r"L = \operatorname{tr}(G^\top Z)")
    assert told(rf"\frac{{\partial L}}{{\partial b}} = {right}", *batch) == (mistake, right_side)


def test_a_gradient_by_entries() -> None:
    network = ("layout like-variable", "W: n x m", "d: m", "z: n", "function g elementwise", "y = W^\\top g(z)", "L = d^\\top y")
    assert told(r"\frac{\partial L}{\partial z} = (W d) g'(z)", *network) == ("one product for another", "(W d) ⊙ g′(z)")
    assert told(r"\frac{\partial L}{\partial z} = g'(z) \odot W^\top d", *network) == ("extra transpose", "g′(z) ⊙ (W d)")


def test_what_one_edit_does_not_mend_gets_no_formula() -> None:
    note = Note(r"(A B C)^\top = A^\top B^\top C^\top", MATRICES)
    note.stated()
    (verdict,) = judge(note.derivation)
    assert (verdict.word, verdict.advice) == ("ill-typed", None)


def test_what_does_not_fit_is_found_in_a_long_formula() -> None:
    fitting = r"x^\top A B C \operatorname{diag}(x) S^\top z + "
    assert told(rf"8 x^\top A B C z = {fitting * 7} 8 x^\top A B C^\top z - 7 x^\top A B C \operatorname{{diag}}(x) S^\top z")[0] == "extra transpose"


def test_a_long_formula_has_a_bounded_number_of_neighbours() -> None:
    note = Note(" + ".join([r"A B C \operatorname{diag}(x) S S^\top I_m"] * 12), MATRICES)
    parser = Parser(tokenize(note.source.text, note.start, note.end), note.source.text, grammar())
    node = parser.expression()
    assert len(list(mended(note.reader.claims.context((node,)), node))) == MOST_CANDIDATES
