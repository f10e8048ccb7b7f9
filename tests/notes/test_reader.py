"""What a reader does with whole notes: chains, definitions, shapes, ranges, labels, errors with their places."""

from __future__ import annotations

import pytest

from derivcheck.judge import judge
from derivcheck.notes.documents import read_document
from derivcheck.notes.reader import Note, read
from derivcheck.verdict import Verdict

SOFTMAX = "```derivcheck\nlayout numerator\nz, y: K\ns = softmax(z)\n```\n"


def note(text: str, name: str = "note.md") -> Note:
    return read(read_document(name, text.encode()), "note")


def verdicts(text: str, name: str = "note.md") -> dict[str, Verdict]:
    return {verdict.claim: verdict for derivation in note(text, name).derivations for verdict in judge(derivation, advise="never")}


def words(text: str, name: str = "note.md") -> dict[str, str]:
    return {claim: verdict.word for claim, verdict in verdicts(text, name).items()}


def test_every_equality_of_a_chain_is_a_claim_and_so_is_first_and_last() -> None:
    text = SOFTMAX + "$$\\begin{align} \\frac{\\partial s_i}{\\partial z_j} &= s_i (\\delta_{ij} - s_j) \\\\ &= s_i \\delta_{ij} - s_i s_j \\end{align}$$"  # noqa: E501
    assert words(text) == {"line 6": "proved", "line 6 step 2": "proved", "line 6 first = last": "proved"}


def test_a_display_that_begins_with_an_equality_goes_on_with_the_one_before() -> None:
    text = SOFTMAX + "$$\\frac{\\partial s_i}{\\partial z_j} = s_i (\\delta_{ij} - s_j)$$\n\nwhich is\n\n$$= s_i \\delta_{ij} + s_i s_j$$"
    assert words(text) == {"line 6": "proved", "line 10": "refuted", "line 10 first = last": "refuted"}


def test_a_new_left_side_is_a_definition_and_a_known_one_a_claim() -> None:
    text = SOFTMAX + "$$t = s + y$$\n\n$$t = y + s$$\n\n$$t = s$$"
    found = note(text).derivations[0]
    assert [entered.name for entered in found.entered] == ["line 6"]
    assert words(text) == {"line 8": "proved", "line 10": "refuted"}


def test_a_stated_shape_declares_or_claims() -> None:
    text = "Let $W \\in \\mathbb{R}^{n \\times m}$ and $x \\in \\mathbb{R}^m$.\n\n$$a = W x$$\n\n$$a \\in \\mathbb{R}^n$$\n\n$$a \\in \\mathbb{R}^m$$"
    assert words(text) == {"line 5": "proved", "line 7": "ill-typed"}


def test_labels_name_claims_and_say_what_is_expected() -> None:
    text = SOFTMAX + "**eq-1** (refuted: the sign)\n$$\\frac{\\partial s_i}{\\partial z_j} = s_i (\\delta_{ij} + s_j)$$\n\n**eq-2** (unsupported: in words only)\n"  # noqa: E501
    found = verdicts(text)
    assert {claim: (verdict.word, verdict.as_expected, verdict.note) for claim, verdict in found.items()} == {
        "eq-1": ("refuted", True, "the sign"), "eq-2": ("unsupported", True, "in words only"),
    }  # fmt: skip


def test_tags_name_claims() -> None:
    assert list(words(SOFTMAX + "$$s_i = s_i + 0 \\tag{7}$$\n\n$$2 s_i = s_i + s_i$$ (8)\n")) == ["(7)", "(8)"]


def test_what_is_not_understood_has_its_place_and_the_rest_is_read() -> None:
    text = SOFTMAX + "$$s_i + \\foo = s_i$$\n\n$$s_i + q = s_i$$\n\n$$s_i = s_i + 0$$"
    found = verdicts(text)
    assert {claim: (verdict.word, verdict.place) for claim, verdict in found.items()} == {
        "line 6": ("unsupported", "note.md:6:9"), "line 8": ("unsupported", "note.md:8:9"), "line 10": ("proved", "note.md:10:9"),
    }  # fmt: skip
    assert "declare it" in found["line 8"].reason


def test_a_range_in_the_text_holds_for_the_next_display() -> None:
    text = SOFTMAX + "For $i = 1, \\dots, n$:\n\n$$s_i = s_i + 0$$\n\n$$2 s_i = s_i + s_i$$"
    assert words(text) == {"line 8": "ill-typed", "line 10": "proved"}


def test_a_condition_in_the_text_holds_for_the_next_display_and_may_hold_for_another() -> None:
    text = SOFTMAX + "Suppose $t \\neq j$. Then\n\n$$\\frac{\\partial s_t}{\\partial z_j} = -s_t s_j$$\n\n$$\\frac{\\partial s_t}{\\partial z_j} = -s_t s_j$$"  # noqa: E501
    assert words(text) == {"line 8": "proved", "line 10": "undecided"}


def test_a_value_of_a_dimension_claims_nothing() -> None:
    assert words(SOFTMAX + "There are $K = 10$ classes.\n\n$$s_i = s_i + 0$$") == {"line 8": "proved"}


def test_a_wrong_declaration_is_a_problem_with_its_place() -> None:
    found = note("```derivcheck\nlayout numerator\nz: n x\nz: n\nz: m\nfoo bar\n```\n$$z = z + 0$$")
    assert [problem.place for problem in found.problems] == ["note.md:3:3", "note.md:5:1", "note.md:6:1"]
    assert "declared twice" in found.problems[1].message


@pytest.mark.parametrize("statement", ["index i = 0..-n-1", "index i = 1..-n"])
def test_a_range_that_ends_below_its_beginning_is_not_understood(statement: str) -> None:
    (problem,) = note(f"```derivcheck\nx: n\n{statement}\n```\n$$x_i = x_i + 0$$").problems
    assert problem.place.startswith("note.md:3:")


def test_a_layout_is_asked_for_where_it_matters() -> None:
    text = "```derivcheck\nz: n\nfunction f of z\n```\n$$L = f(z)$$\n\n$$\\nabla_z L = \\nabla_z L + 0 \\nabla_z L$$\n\n$$\\frac{\\partial L}{\\partial z_i} = \\frac{\\partial f(z)}{\\partial z_i}$$"  # noqa: E501
    found = verdicts(text)
    assert {claim: verdict.word for claim, verdict in found.items()} == {"line 7": "unsupported", "line 9": "proved"}
    assert "layout" in found["line 7"].reason


def test_implied_sums_need_their_declaration() -> None:
    body = "W: n x m\nx: m\na = W x\n```\n$$a_i = W_{ij} x_j$$"
    assert words("```derivcheck\nlayout numerator\n" + body) == {"line 7": "refuted"}
    assert words("```derivcheck\nlayout numerator\neinstein\n" + body) == {"line 8": "proved"}


def test_macros_and_comments_of_latex_files() -> None:
    text = (
        "\\newcommand{\\pd}[2]{\\frac{\\partial #1}{\\partial #2}}\n%! layout numerator\n%! z: K\n\\begin{document}\n$s = \\softmax$ % no $x$\n"
        "Let $s = \\operatorname{softmax}(z)$.\n% claim: eq-3 (refuted)\n\\begin{equation} \\pd{s_i}{z_j} = s_i \\delta_{ij} \\end{equation}\n\\end{document}\n"  # noqa: E501
    )
    found = verdicts(text, "note.tex")
    assert found["eq-3"].word == "refuted"
    assert found["eq-3"].place == "note.tex:8:34"


def test_the_other_reading_is_named_where_it_changes_the_verdict() -> None:
    text = "```derivcheck\nlayout numerator\nZ: n x m\nP = softmax(Z)\n```\n$$P_{ij} = \\mathrm{softmax}(Z)_{ij}$$"
    found = verdicts(text)
    assert found["line 6"].word == "proved"
    assert "softmax of a matrix runs over each row" in found["line 6"].judged_as
    assert "it would be refuted" in found["line 6"].reason


def test_what_was_meant_by_a_product_that_does_not_fit() -> None:
    text = "```derivcheck\nlayout like-variable\nX: B x n\nW: n x m\nfunction f of Y\nY = X W\nL = f(Y)\n```\n$$\\frac{\\partial L}{\\partial X} = \\frac{\\partial L}{\\partial Y} W$$"  # noqa: E501
    ((verdict,),) = (judge(derivation) for derivation in note(text).derivations)
    assert verdict.word == "ill-typed"
    assert verdict.advice is not None
    assert (verdict.advice.mistake, verdict.advice.right_side) == ("missing transpose", "(∂L/∂Y) Wᵀ")
