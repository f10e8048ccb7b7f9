"""Markdown: what is mathematics in it, and what is not."""

from __future__ import annotations

import pytest
from document_rows import declarations, document, formulas, headings, problems, tags, warnings

from derivcheck.notes.documents.record import Formula, Orphan, Prose


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("let $x = y$ and $ z $.", ["$x = y$", "$z$"]),
        ("$$a = b$$", ["$$a = b$$"]),
        ("$$\na = b\n$$ and $$c = d$$", ["$$a = b$$", "$$c = d$$"]),
        (r"\(a = b\) and \[c = d\]", ["$a = b$", "$$c = d$$"]),
        (r"\\(a_1\\) and \\[c = d\\]", ["$a_1$", "$$c = d$$"]),
        ("```math\na = b\n```\n$`c = d`$", ["$$a = b$$", "$c = d$"]),
        ("- item\n  ```math\n  a = b\n  ```\n", ["$$a = b$$"]),
        (r"\begin{align*} a &= b \\ c &= d \end{align*}", [r"$$a &= b \\ c &= d$$"]),
        (r"\begin{alignat}{2} a &= b \end{alignat}", ["$$a &= b$$"]),
        (r"\begin{math} a = b \end{math}", ["$a = b$"]),
        (r"\begin{equation}\begin{split} a &= b \end{split}\end{equation}", [r"$$\begin{split} a &= b \end{split}$$"]),
        (r"$$ a = b \text{ if $t = j$} $$ and $c = d \text{ if $s$}$", [r"$$a = b \text{ if $t = j$}$$", r"$c = d \text{ if $s$}$"]),
        (r"$a \$ b$", [r"$a \$ b$"]),
        ("$x$$y$", ["$x$", "$y$"]),
        ("| $a$ | $b$ |", ["$a$", "$b$"]),
        ("# The rule $a = b$\n", ["$a = b$"]),
        ("    $a = b$ of a list", ["$a = b$"]),
        ("$$\na = b\n\n+ c\n$$", ["$$a = b\n\n+ c$$"]),
    ],
)
def test_mathematics(text: str, found: list[str]) -> None:
    assert formulas(text) == found
    assert problems(text) == []
    assert warnings(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 and $6.",
        "It costs $5, $6 or $7.50.",
        r"\$5 and \$6",
        "`$a$`",
        "``a ` $b$``",
        "```\n$a$\n```",
        "~~~python\n$a$\n```\n$b$\n~~~",
        "<!-- $a$ -->",
        "<code>$a$</code>",
        "<pre>\n$a$\n\n$$b$$\n</pre>",
        "---\ntitle: $a$\n---\nWords.",
        r"see \[12\] and \(below\)",
        r"\begin{theorem} Words. \end{theorem}",
        "- \\[ ] a task",
        "``$a$``",
        "$$ $$",
        "a $\n\nb $ c",
    ],
)
def test_no_mathematics(text: str) -> None:
    assert formulas(text) == []
    assert formulas(text + "\n\n$x = y$") == ["$x = y$"]


def test_money_does_not_take_a_formula_with_it() -> None:
    assert formulas("For $5 you get $x = y$ and for $10 more $z$.") == ["$x = y$", "$z$"]


def test_a_lone_dollar_is_a_warning() -> None:
    assert formulas("a $ sign\n\n$x$") == ["$x$"]
    assert warnings("words\na $ sign\n\n$x$") == ["a.md:2:3 a $ without a partner in its paragraph; write \\$ for a dollar sign"]


# delimiters that are not closed -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "found", "place"),
    [
        ("$$ a = b\n\nSo that\n\n$$ c = d $$\n", ["$$a = b$$", "$$c = d$$"], "a.md:1:1"),
        ("x\n\n$$ a = b", ["$$a = b$$"], "a.md:3:1"),
        ("\\[ a = b\n\nIt follows that\n\n\\[ c = d \\]", ["$$a = b$$", "$$c = d$$"], "a.md:1:1"),
        ("\\begin{align} a = b\n\nIt follows \\begin{align} c = d \\end{align}", ["$$a = b$$", "$$c = d$$"], "a.md:1:1"),
        ("```math\na = b\n\nIt follows $c = d$", ["$$a = b$$", "$c = d$"], "a.md:1:1"),
    ],
)
def test_what_is_not_closed_ends_at_a_blank_line(text: str, found: list[str], place: str) -> None:
    assert formulas(text) == found
    (problem,) = problems(text)
    assert problem.startswith(f"{place} ")
    assert "is not closed" in problem


@pytest.mark.parametrize("closing", ["split", "gathered", "equation"])
def test_an_environment_that_another_name_closes(closing: str) -> None:
    text = f"\\begin{{align}} a &= b \\end{{{closing}}} words $c$"
    assert formulas(text) == ["$$a &= b$$", "$c$"]
    assert problems(text) == []
    (warning,) = warnings(text)
    assert warning.startswith("a.md:1:1 ")
    assert closing in warning


def test_an_inner_environment_that_is_not_closed_does_not_take_the_outer_end() -> None:
    text = r"\begin{align} a = \begin{cases} b \end{align} $c$"
    assert formulas(text) == [r"$$a = \begin{cases} b$$", "$c$"]
    assert warnings(text) == []


@pytest.mark.parametrize("kind", ["", "python"])
def test_code_that_is_not_closed_is_a_problem(kind: str) -> None:
    assert "is not closed" in problems(f"$x$\n```{kind}\n$a$")[0]


def test_a_comment_that_is_not_closed_is_a_problem() -> None:
    assert formulas("$x$ <!-- $y$") == ["$x$"]
    assert problems("$x$ <!-- $y$")[0].startswith("a.md:1:5 <!-- is not closed")


# numbers ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "tag"),
    [
        (r"$$ a = b \tag{13} $$", "13"),
        (r"$$ a = b \tag*{(4a)} $$", "4a"),
        ("$$ a = b $$ (13)", "13"),
        ("$$\na = b\n$$\n(13)\n", "13"),
        ("(13)\n$$ a = b $$\n", "13"),
        ("$$ a = b $$. (2.1)", "2.1"),
        (r"$$ a = b \qquad (13) $$", "13"),
        ("$$ a = b $$ (13) where", ""),
        ("$$ a = b $$\n\n(13)", ""),
        ("see (5)\n$$ a = b $$", ""),
        ("$$ a = b (2) $$", ""),
        ("$a = b$ (13)", ""),
    ],
)
def test_the_number_of_a_display(text: str, tag: str) -> None:
    assert "".join(tags(text)) == tag
    kept = "\\tag" in text or "(2)" in text
    assert kept or formulas(text)[0].strip("$").replace("\\qquad", "").strip() == "a = b"


def test_a_number_belongs_to_one_display() -> None:
    assert tags("$$a$$\n(1)\n$$b$$\n$$c$$\n(2)\n") == ["1", "", "2"]
    assert tags("(1)\n$$a$$\n\n(2)\n$$b$$\n") == ["1", "2"]


def test_a_factor_is_not_taken_for_a_number() -> None:
    assert formulas("$$ a = b $$ (7)\n\n$$ y = x (2) $$") == ["$$a = b$$", "$$y = x (2)$$"]


def test_a_number_behind_a_space_continues_the_count_and_is_told() -> None:
    text = "$$ a = b $$ (20)\n\n$$ y = x (21) $$"
    assert formulas(text) == ["$$a = b$$", "$$y = x$$"]
    assert tags(text) == ["20", "21"]
    assert warnings(text)[0].startswith("a.md:3:10 (21) is taken for the number")


# the rest -----------------------------------------------------------------------------------------------------------
def test_declarations() -> None:
    text = "```derivcheck\nlayout numerator\n\nx: n\n```\n~~~ derivcheck\ny: m\n~~~\n```{.derivcheck}\nz: k\n```"
    assert declarations(text) == [["layout numerator", "", "x: n"], ["y: m"], ["z: k"]]


def test_declarations_that_are_not_closed_end_at_a_blank_line() -> None:
    text = "```derivcheck\nx: n\n\n$$ a = b $$"
    assert declarations(text) == [["x: n"]]
    assert formulas(text) == ["$$a = b$$"]
    assert "is not closed" in problems(text)[0]


def test_headings() -> None:
    assert headings("# One\n\n### Two ###\nThree\n=====\n\nFour\n---\n\n- list\n---\n#hashtag\n") == [
        (1, "One"),
        (3, "Two"),
        (1, "Three"),
        (2, "Four"),
    ]


def test_prose_is_what_stands_between() -> None:
    found = document("a $x$ b `code` c <!-- d --> e\n\n$$y$$ f")
    text = found.source.text
    assert [text[passage.start : passage.end] for passage in found.passages if isinstance(passage, Prose)] == ["a ", " b `code` c ", " e\n\n", " f"]


def test_passages_ascend() -> None:
    found = document("a $x$\n\n**a-1** (refuted) words\n# Title $y$\n```derivcheck\nx: n\n```\n**a-2** (unsupported: words)\n\n$$z$$ (1)\nwords")
    starts = [passage.label.start if isinstance(passage, Orphan) else passage.start for passage in found.passages]
    assert starts == sorted(starts)
    assert sum(isinstance(passage, Formula) for passage in found.passages) == 3


def test_every_formula_has_its_place() -> None:
    found = document("one\r\n\r\n  $x$ é $y$\r\n$$\r\nz\r\n$$\r\n")
    places = [str(found.source.place(passage.start)) for passage in found.passages if isinstance(passage, Formula)]
    assert places == ["a.md:3:4", "a.md:3:10", "a.md:4:3"]


# block quotes -------------------------------------------------------------------------------------------------------
def test_the_marks_of_a_block_quote_are_no_signs() -> None:
    text = "Words\n> $$\n> a = b\n> + c\n> $$\n"
    found = document(text)
    (formula,) = (passage for passage in found.passages if isinstance(passage, Formula))
    assert found.source.text[formula.start : formula.end] == "\na = b\n+ c\n"
    places = [str(found.source.place(formula.start + offset)) for offset in (1, 7)]
    assert places == ["a.md:3:3", "a.md:4:3"]


@pytest.mark.parametrize("text", ["$$\na\n> b\n$$", "```math\na\n> b\n```"])
def test_a_sign_at_the_beginning_of_a_line_stays(text: str) -> None:
    assert formulas(text) == ["$$a\n> b$$"]


def test_a_display_that_is_not_closed_does_not_change_the_quotes_behind_it() -> None:
    assert formulas("$$ a\n\nwords here\n\n> $$\n> b\n> $$") == ["$$a$$", "$$b$$"]
