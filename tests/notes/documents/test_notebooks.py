"""Notebooks: the Markdown cells, with places in the file."""

from __future__ import annotations

import json

import pytest
from document_rows import declarations, document, formulas, named, problems

from derivcheck.notes.documents import read_document
from derivcheck.notes.documents.record import Formula


def notebook(*cells: str | list[str], ascii_only: bool = True, indent: int | None = 1) -> str:
    written = [{"cell_type": "markdown", "metadata": {"tags": ["$no$"]}, "source": source} for source in cells]
    code = {"cell_type": "code", "source": ["$no$"], "outputs": [{"text": ["$no$"], "output_type": "stream"}], "metadata": {}}
    return json.dumps({"metadata": {"source": "$no$"}, "cells": [code, *written, code], "nbformat": 4}, ensure_ascii=ascii_only, indent=indent)


def read(*cells: str | list[str]) -> list[str]:
    return formulas(notebook(*cells), "a.ipynb")


def test_markdown_cells_are_read_and_others_are_not() -> None:
    assert read(["# Title\n", "$x = y$\n"], "$$ z = w $$") == ["$x = y$", "$$z = w$$"]
    assert declarations(notebook("```derivcheck\nx: n\n```"), "a.ipynb") == [["x: n"]]
    assert named(notebook(["**a-1** (refuted)\n", "$$x$$"]), "a.ipynb") == [("$$x$$", "a-1")]


@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("indent", [None, 1])
def test_every_formula_has_the_place_of_its_first_character_in_the_file(ascii_only: bool, indent: int | None) -> None:
    text = notebook(['é \U0001d44e "quoted" \\\\ $x = y$\n', "$z$ $\\frac{a}{b}$"], "$x = y$", ascii_only=ascii_only, indent=indent)
    found = document(text, "a.ipynb")
    lines = text.split("\n")
    for passage in found.passages:
        if isinstance(passage, Formula):
            place = found.source.place(passage.start)
            assert place.column is not None
            content = json.dumps(found.source.text[passage.start : passage.end])[1:-1]
            assert lines[place.line - 1][place.column - 1 :].startswith(content)
    assert len(formulas(text, "a.ipynb")) == 4


def test_nothing_goes_from_one_cell_into_the_next() -> None:
    assert read("$$ a = b", "$$ c = d $$") == ["$$a = b$$", "$$c = d$$"]
    assert read("```\ncode", "$$ c = d $$") == ["$$c = d$$"]
    assert read("a $b", "c $d$") == ["$d$"]
    assert read("```\ncode", "> $$\n> c = d\n> $$") == ["$$c = d$$"]


def test_lines_that_end_as_on_windows() -> None:
    assert read("$$ a = b\r\n\r\nwords here\r\n\r\n$$ c = d $$") == ["$$a = b$$", "$$c = d$$"]


def test_escapes_are_read() -> None:
    text = '{"cells": [{"source": ["$\\u0061 = \\ud835\\udc4e \\/ \\ud800$"], "cell_type": "markdown"}]}'
    assert formulas(text, "a.ipynb") == ["$a = \U0001d44e / \N{REPLACEMENT CHARACTER}$"]


def test_version_3() -> None:
    text = json.dumps({"worksheets": [{"cells": [{"cell_type": "markdown", "source": ["$x$"]}]}], "nbformat": 3})
    assert formulas(text, "a.ipynb") == ["$x$"]


@pytest.mark.parametrize("text", ["", "[]", "{}", '"cells"', "{", "[" * 50_000])
def test_not_a_notebook(text: str) -> None:
    assert "not a notebook" in problems(text, "a.ipynb")[0]


@pytest.mark.parametrize(
    "cells",
    [
        "3",
        "[]",
        '[3, null, "a"]',
        '[{"cell_type": "markdown"}]',
        '[{"cell_type": "markdown", "source": 3}]',
        '[{"cell_type": "code", "source": "$x$"}]',
    ],
)
def test_a_notebook_without_mathematics(cells: str) -> None:
    document = read_document("a.ipynb", f'{{"cells": {cells}}}'.encode())
    assert ["no mathematics" in problem.message for problem in document.problems] == [True]
