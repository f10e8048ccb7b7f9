"""The pages on notation and declarations say what the reader does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derivcheck.notes.declarations import HEADER, KEYWORDS, Line
from derivcheck.notes.documents.record import Document, SourceText
from derivcheck.notes.notation_page import page
from derivcheck.notes.notations import notations
from derivcheck.notes.reader import Reader
from derivcheck.notes.sidecar import sections

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
DECLARATIONS = (DOCS / "declarations.md").read_text()
BLOCKS = re.findall(r"^```derivcheck\n(.*?)^```$", DECLARATIONS, re.DOTALL | re.MULTILINE)
SIDECARS = re.findall(r"^```sidecar\n(.*?)^```$", DECLARATIONS, re.DOTALL | re.MULTILINE)


def problems(lines: list[Line], text: str) -> list[str]:
    reader = Reader(Document(SourceText("page.md", text), ()), "page")
    reader.declarations(lines, reader.document.source)
    return [f"{problem.place}: {problem.message}" for problem in reader.problems]


def as_lines(text: str) -> list[Line]:
    found, position = [], 0
    for line in text.splitlines(keepends=True):
        found.append(Line(position, line.rstrip("\n")))
        position += len(line)
    return found


def test_the_page_on_notation_is_up_to_date() -> None:
    assert (DOCS / "notation.md").read_text() == page(), "python -m derivcheck.notes.notation_page > docs/notation.md"


def test_the_page_on_notation_has_every_notation() -> None:
    titles = re.findall(r"^## (.*)$", page(), re.MULTILINE)
    assert titles == sorted(notation.title for notation in notations().values())
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("block", BLOCKS)
def test_every_declaration_on_the_page_is_understood(block: str) -> None:
    assert problems(as_lines(block), block) == []


def test_a_line_that_is_none_is_a_problem() -> None:
    assert problems(as_lines("W n x m\n"), "W n x m\n")


def test_the_page_on_declarations_has_every_keyword() -> None:
    begins = {line.split(maxsplit=1)[0] for block in BLOCKS for line in block.splitlines()}
    assert begins >= {*KEYWORDS, *HEADER}


def test_the_sections_of_a_sidecar_are_found() -> None:
    (text,) = SIDECARS
    document = SourceText("paper.tex", "The first layer.\nThe second layer.\n")
    found, wrong = sections(SourceText("paper.derivcheck", text), document)
    assert wrong == []
    assert [(each.offset, [line.text for line in each.lines]) for each in found] == [
        (0, ["layout numerator", "z: n"]),
        (17, ["derivation second-layer", "a: m"]),
    ]
