"""Names in bold, which formula they belong to, and which stand for a claim in words."""

from __future__ import annotations

import pytest
from document_rows import named, remarks, tags, warnings


@pytest.mark.parametrize(
    "text",
    [
        "**a-1** $x$",
        "**a-1**: $x$",
        "**a-1**\n$x$",
        "**a-1**\n\n$x$",
        "- **a-1** $x$",
        "**a-1**\n\n- $x$",
        "1. **a-1** (refuted) $x$",
        "* **a-1** (refuted:\n  wrapped) $x$",
        "words **a-1** $x$ words",
        "> **a-1**\n> $x$",
    ],
)
def test_a_label_before_a_formula(text: str) -> None:
    assert named(text) == [("$x$", "a-1")]
    assert warnings(text) == []


@pytest.mark.parametrize("formula", ["$$x$$", "\\[x\\]", "\\begin{align}x\\end{align}", "```math\nx\n```", "  ```math\n  x\n  ```"])
def test_a_label_before_every_kind_of_display(formula: str) -> None:
    assert named(f"**a-1** (refuted)\n\n{formula}") == [("$$x$$", "a-1")]


@pytest.mark.parametrize(
    "text", ["**a-1** and $x$", "**a-1**\n\n\n$x$", "**Lemma 2.** $x$", "**bold** $x$", "`**a-1**` $x$", "**a-1**\n\nwords\n\n$x$"]
)
def test_no_label(text: str) -> None:
    assert named(text) == [("$x$",)]


def test_several_labels() -> None:
    assert named("**a-1**, **a-2** (refuted), \n**a-3** $x$ **b-1** $y$") == [("$x$", "a-1", "a-2", "a-3"), ("$y$", "b-1")]


@pytest.mark.parametrize(
    ("written", "remark"),
    [
        ("(refuted: the wrong (outer) layer)", "refuted: the wrong (outer) layer"),
        ("(refuted: on $[0, 1)$ only)", "refuted: on $[0, 1)$ only"),
        ("(refuted: two\n  lines)", "refuted: two lines"),
        ("(refuted: `)` is code)", "refuted: `)` is code"),
        ("(refuted: $((x)$ here)", "refuted: $((x)$ here"),
        ("", ""),
    ],
)
def test_remarks(written: str, remark: str) -> None:
    assert remarks(f"**a-1** {written}\n$$x = y$$") == {"a-1": remark}
    assert named(f"**a-1** {written}\n$$x = y$$") == [("$$x = y$$", "a-1")]


def test_a_remark_is_not_taken_from_a_number() -> None:
    text = "**a-1**\n(13)\n$$ x $$"
    assert remarks(text) == {"a-1": ""}
    assert tags(text) == ["13"]


def test_a_remark_does_not_cross_a_blank_line() -> None:
    assert named("**a-1** (refuted\n\n$x$ )") == [("$x$",)]


@pytest.mark.parametrize("behind", ["", " words", "\n\nwords $x$", "\n\n# Title", "\n\n```derivcheck\nx: n\n```", "\n\n**b-1** $x$"])
def test_a_claim_in_words(behind: str) -> None:
    assert named(f"**a-1** (unsupported: the program is not part of it){behind}")[0] == ("words", "a-1")


def test_claims_in_words_in_a_list() -> None:
    assert named("- **a-1** (unsupported: words)\n- **a-2** (unsupported: $x$ in words)\n- **a-3** $y$") == [
        ("words", "a-1"),
        ("words", "a-2"),
        ("$y$", "a-3"),
    ]


def test_a_bold_word_with_other_words_in_parentheses_is_no_claim() -> None:
    assert named("the **pre-activation** ( $a_i$ ) is") == [("$a_i$",)]


def test_a_remark_that_begins_with_no_verdict_is_told() -> None:
    assert warnings("$x$\n\n- **a-1** (refutd: a typing mistake)") == ["a.md:3:3 a-1 names no formula, and its remark begins with no verdict"]


def test_a_dollar_of_money_behind_a_label_is_no_formula() -> None:
    assert named("**a-1** (refuted) $5 words\n\n$x$") == [("words", "a-1"), ("$x$",)]
