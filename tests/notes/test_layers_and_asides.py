"""Layers as literal names, asides behind a formula, and re-read spellings: what the notes on layered networks need."""

from __future__ import annotations

import pytest

from derivcheck.judge import report
from derivcheck.notes.documents import read_document
from derivcheck.notes.reader import Note, read


def note_of(text: str) -> Note:
    note = read(read_document("note.md", text.encode()), "note")
    assert note.problems == ()
    return note


def judged(text: str) -> list[tuple[str, str]]:
    """The verdicts with what was judged, in order."""
    return [(verdict.word, verdict.judged_as) for verdict in report(note_of(text).derivations).verdicts]


def words(text: str) -> list[str]:
    return [word for word, _ in judged(text)]


LAYER = """```derivcheck
layout like-variable
a_k: n_k
W_{k+1}: n_{k+1} x n_k
function g elementwise
function M of a
h_k = g(a_k)
a_{k+1} = W_{k+1} h_k
\\mathcal{L} = M(a_{k+1})
loss \\mathcal{L}
```
"""


# layers -------------------------------------------------------------------------------------------------------------
def test_a_range_of_layers_makes_no_dimension_and_no_index() -> None:
    displays = "$$ \\nabla h_k = W_{k+1}^T \\nabla_{a_{k+1}} \\quad \\forall k = 1, 2, \\dots, L - 1 $$\n"
    note = note_of(LAYER + displays + "$$ W_{k+1,i,j} = W_{k+1,i,j} \\quad \\forall k = 1(1)L $$")
    (derivation,) = note.derivations
    assert set(derivation.dims) == {"n_k", "n_(k+1)"}
    assert [claim.unread for claim in derivation.claims] == [None, None]


def test_a_range_of_an_index_is_still_one() -> None:
    (derivation,) = note_of("```derivcheck\nx: n\n```\nFor $i = 1, \\dots, n$ let\n$$ y_i = x_i $$").derivations
    (entry,) = derivation.entered
    assert entry.name == "line 5"


def test_a_name_is_found_under_another_vector_mark_where_the_same_mark_does_not_fit() -> None:
    declared = "```derivcheck\n\\underline{a_i}: n\na_{i+1}: m\nindex j = 1..n\n```\n"
    assert words(declared + "$$ a_{ij} + 0 = \\underline{a_i}_j $$") == ["proved"]


def test_the_same_mark_comes_before_another_one() -> None:
    declared = "```derivcheck\n\\mathbf{x}_1: n\nx: n\nb: n\n```\n"
    assert words(declared + "$$ x_1 b + \\mathbf{x}_1 = \\mathbf{x}_1 + x_1 b $$") == ["proved"]


# gradients without the loss -----------------------------------------------------------------------------------------
def test_a_gradient_before_a_vector_is_that_of_the_loss_times_the_vector() -> None:
    ((word, said),) = judged(LAYER + "$$ \\nabla_{W_{k+1}} \\mathcal{L} = \\nabla_{a_{k+1}} h_k^T $$")
    assert word == "proved"
    assert "is the gradient of the loss, times what follows" in said


def test_a_gradient_before_the_loss_is_its_gradient() -> None:
    assert words(LAYER + "$$ \\nabla_{a_{k+1}} \\mathcal{L} = \\nabla_{a_{k+1}} $$") == ["proved"]


# asides -------------------------------------------------------------------------------------------------------------
ASIDE = "```derivcheck\nx, y, z: scalar\n```\n$$ \\begin{{aligned}} x + y &= y + x, {aside} z + 1 = 1 + z \\\\ &= {last} \\end{{aligned}} $$"


@pytest.mark.parametrize("aside", ["\\text{ recall }", "\\text{ where }", "\\text{ as }", "\\quad \\because"])
def test_a_row_goes_on_with_what_stands_before_an_aside(aside: str) -> None:
    assert words(ASIDE.format(aside=aside, last="x + y + 0")) == ["proved"] * 4
    assert words(ASIDE.format(aside=aside, last="1 + z")) == ["proved", "proved", "refuted", "refuted"]


def test_a_row_goes_on_with_the_last_statement_of_the_row_before() -> None:
    assert words(ASIDE.format(aside="\\quad", last="1 + z + 0")) == ["proved"] * 4


# spellings and signs ------------------------------------------------------------------------------------------------
def test_what_is_re_read_stands_where_it_was_written() -> None:
    (derivation,) = note_of("```derivcheck\ny: n\nread L = as L_l =\n```\n$$ L = 2 \\log y_l $$").derivations
    (entry,) = derivation.entered
    assert entry.written == "L = 2 \\log y_l"


def test_a_sign_behind_a_sum_belongs_to_what_is_summed() -> None:
    assert words("```derivcheck\nx: n\n```\n$$ \\sum_{i=1}^n -x_i + 1 = 1 - \\sum_{i=1}^n x_i $$") == ["proved"]


@pytest.mark.parametrize("written", ["\\hat{y}", "\\underline{x}", "\\mathbf{x}", "\\underset{\\sim}{x}"])
def test_a_marked_symbol_is_quoted_with_its_brace(written: str) -> None:
    declared = "```derivcheck\n\\hat{y}, x: n\n```\n"
    ((claim,),) = [derivation.claims for derivation in note_of(f"{declared}$$ {written} = {written} $$").derivations]
    assert claim.written == f"{written} = {written}"


def test_a_remark_names_its_conditions_before_the_colon() -> None:
    text = "```derivcheck\nx, y: scalar\n```\n**q-1** (proved where y ≠ 0: a quotient)\n$$ x = \\frac{x y}{y} $$"
    (verdict,) = report(note_of(text).derivations).verdicts
    assert (verdict.word, verdict.as_expected, [condition.text for condition in verdict.conditions]) == ("proved", True, ["y ≠ 0"])
