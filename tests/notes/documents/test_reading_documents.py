"""Files as a whole: what is no text, how long reading takes, and the places of text that was made of other text."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from document_rows import problems

from derivcheck.notes.documents import reading
from derivcheck.notes.documents.reading import read_document
from derivcheck.notes.documents.record import Formula, SourceText


@pytest.mark.parametrize("name", ["a.md", "a.tex", "a.markdown", "a"])
@pytest.mark.parametrize(
    ("raw", "message"), [(b"\x00$x$", "zero bytes"), (b"\xff\xfe$\x00", "UTF-8"), (b"", "no mathematics"), (b"words", "no mathematics")]
)
def test_what_cannot_be_read_says_why(name: str, raw: bytes, message: str) -> None:
    assert [message in problem.message for problem in read_document(name, raw).problems] == [True]


def test_a_large_file_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 10)
    assert "at most 10 are read" in problems("$x = y + z$")[0]
    assert problems("$x = y$") == []


def test_a_byte_order_mark_and_the_line_ends_of_every_system() -> None:
    for raw in (b"\xef\xbb\xbf\n$x$", b"\r\n$x$", b"\r$x$", b"\n$x$"):
        document = read_document("a.md", raw)
        assert [str(document.source.place(each.start)) for each in document.passages if isinstance(each, Formula)] == ["a.md:2:2"]


HOSTILE = {
    "dollars": "$",
    "spaced": "$ ",
    "displays": "$$ ",
    "open displays": "$$ a\n\nsome words\n\n",
    "money": "costs $5 and ",
    "round": "\\(",
    "square": "\\[ ",
    "open squares": "\\[\n\nsome words ",
    "begin": "\\begin{align}",
    "end": "\\end{align}",
    "ticks": "` ",
    "labels": "**a-1**, ",
    "remarks": "**a-1** ($x$), ",
    "open remarks": "**a-1** (",
    "stars": "*",
    "fences": "```x\n",
    "two fences": "```\n~~~~\n",
    "headings": "# a\n",
    "underlines": "a\n---\n",
    "comments": "<!-- ",
    "elements": "<code>",
    "macros": "\\newcommand{\\a}{",
    "def": "\\def\\a#1x",
    "quotes": "> a\n> $$\n",
    "braces": "{",
    "backslashes": "\\",
    "text": "$ \\text{",
    "text formulas": "\\text{$ ",
    "percent": "%",
    "comment lines": "% a\n",
    "claims": "% claim: a (refuted)\n",
    "declared": "%! a\nx ",
    "parentheses": "(",
    "sections": "\\section{",
    "doubled": "\\\\(",
    "numbers": "$$ a (2) $$\n",
    "tags": "$$ a \\tag{1} $$",
    "front": "---\n",
    "blank": "\n ",
    "separators": "\x1e",
    "include": "\\input{a}",
}


@pytest.mark.parametrize("name", ["a.md", "a.tex"])
@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_reading_is_linear(name: str, piece: str) -> None:
    """Eight times the text takes no more than about eight times as long; a quadratic search would take sixty-four times as long."""

    def spent(size: int) -> float:
        raw = (piece * (size // len(piece))).encode()
        begun = time.process_time()
        read_document(name, raw)
        return time.process_time() - begun

    spent(1_000)
    assert min(spent(160_000), spent(160_000)) < 25 * spent(20_000) + 0.2


def test_runs_of_backticks_of_every_length() -> None:
    begun = time.process_time()
    read_document("a.md", " ".join("`" * length for length in range(1, 1_000)).encode())
    assert time.process_time() - begun < 1


# places -------------------------------------------------------------------------------------------------------------
def test_the_places_of_text_that_was_made_of_other_text() -> None:
    file = SourceText("a", "0123\n56789")
    middle = file.derived("0123", ((0, 0), (2, 7)))
    assert middle.text == "0123"
    assert [middle.original_offset(offset) for offset in range(4)] == [0, 1, 7, 8]
    last = middle.derived("x123", ((0, 0), (1, 1)))
    assert [last.original_offset(offset) for offset in range(4)] == [0, 1, 7, 8]
    assert str(last.place(2)) == "a:2:3"
    inserted = middle.derived("0--123", ((0, 0), (1, 1), (3, 1)))
    assert [inserted.original_offset(offset) for offset in range(6)] == [0, 1, 1, 1, 7, 8]


def test_places_ascend() -> None:
    document = read_document("a.md", b"> $$\n> egin{align} rac{a}{b} &= c \\ \n> &= d \\end{align}\n> $$\n\n> $x$\n")
    places = [document.source.place(offset) for offset in range(len(document.source.text))]
    assert all((first.line, first.column) <= (second.line, second.column) for first, second in pairwise(places))
    (warning,) = document.warnings
    assert warning.place == "a.md:2:3"
