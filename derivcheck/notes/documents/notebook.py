"""Notebooks: their Markdown cells, one below the other. Places are those of the characters in the .ipynb file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from derivcheck.notes.documents.record import SourceText

BETWEEN_CELLS = "\n\n\x1e\n\n"
"""A blank line and a control character: nothing goes across it."""
_TOKEN = re.compile(r'"(?P<string>(?:[^"\\]|\\[\s\S])*+)"|(?P<sign>[\[\]{},:])')
_PIECE = re.compile(
    r"\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})|\\u(?P<code>[0-9a-fA-F]{4})|\\(?P<escape>[\s\S])|[^\\]++"
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}


class NotANotebook(ValueError):
    """The file is not a notebook; the message says why."""


def markdown_of(name: str, text: str) -> SourceText:
    """The text of the Markdown cells of a notebook of version 3 or 4, BETWEEN_CELLS between them. Raises NotANotebook."""
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError) as problem:
        raise NotANotebook(f"the file is not a notebook: {problem}") from problem
    if not isinstance(notebook, dict) or not ("cells" in notebook or "worksheets" in notebook):
        raise NotANotebook("the file is not a notebook: it has no cells")
    found: list[str] = []
    origin: list[tuple[int, int]] = []
    length = 0
    for strings in _markdown_cells(text):
        for start, end in strings:
            for piece in _PIECE.finditer(text, start, end):
                written = _decoded(piece) if not text.startswith("\\r\\n", piece.start()) else ""
                origin.append((length, piece.start()))
                found.append(written)
                length += len(written)
            origin.append((length, end))
        found.append(BETWEEN_CELLS)
        length += len(BETWEEN_CELLS)
    return SourceText(name, "".join(found), text, tuple(origin) or ((0, 0),))


def _decoded(piece: re.Match[str]) -> str:
    if piece["high"]:
        return chr(0x10000 + ((int(piece["high"], 16) - 0xD800) << 10) + int(piece["low"], 16) - 0xDC00)
    if piece["code"]:
        code = int(piece["code"], 16)
        # half of a pair is no character, and no file can hold it
        return "\N{REPLACEMENT CHARACTER}" if 0xD800 <= code < 0xE000 else chr(code)
    return _ESCAPES.get(piece["escape"], piece["escape"]) if piece["escape"] else piece.group()


def _markdown_cells(text: str) -> Iterator[list[tuple[int, int]]]:
    """For each Markdown cell the places of the strings that its source consists of. The text is known to be JSON."""
    path: list[str] = []
    key: str | None = None
    last: tuple[int, int] | None = None
    kind = ""
    source: list[tuple[int, int]] = []
    for token in _TOKEN.finditer(text):
        sign = token["sign"]
        if sign is None:
            last = token.span("string")
            inner = _inside_cell(path)
            if inner == 1 and key == "cell_type":
                kind = token["string"]
            elif (inner == 1 and key == "source") or (inner == 2 and path[-1] == "[source"):
                source.append(last)
        elif sign in "[{":
            path.append(f"{sign}{key or ''}")
            key = None
            if sign == "{" and _inside_cell(path) == 1:
                kind, source = "", []
        elif sign in "]}":
            if sign == "}" and _inside_cell(path) == 1 and kind == "markdown":
                yield source
            path.pop()
            key = None
        elif sign == ":" and last is not None:
            key = text[last[0] : last[1]]
        elif sign == "," and path and path[-1].startswith("{"):
            key = None


def _inside_cell(path: list[str]) -> int:
    """How deep in a cell a path of containers is: 1 in the cell itself; 0 outside of all cells."""
    begin = next((position for position in (2, 4) if path[position - 1 : position] == ["[cells"]), None)
    return 0 if begin is None else len(path) - begin
