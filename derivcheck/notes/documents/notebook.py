"""Notebooks: their Markdown cells, one below the other. Places are those of the characters in the .ipynb file."""

from __future__ import annotations

import json
import re

from derivcheck.notes.documents.record import SourceText

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_PIECE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(.))|[^"\\]+')
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", '"': '"', "\\": "\\", "/": "/"}


class NotANotebook(ValueError):
    """The file is not a notebook; the message says why."""


def markdown_of(name: str, text: str) -> SourceText:
    """The text of all Markdown cells, with the place of every character. Raises NotANotebook."""
    try:
        cells = json.loads(text)["cells"]
        sources = [cell["source"] for cell in cells if cell["cell_type"] == "markdown"]
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise NotANotebook(f"the file is not a notebook: {type(problem).__name__}: {problem}") from problem
    if not all(isinstance(source, str) or (isinstance(source, list) and all(isinstance(line, str) for line in source)) for source in sources):
        raise NotANotebook("the file is not a notebook: the source of a cell is not text")
    found: list[str] = []
    origin: list[tuple[int, int]] = []
    length = position = 0
    for source in sources:
        for line in source if isinstance(source, list) else [source]:
            place = _find(text, json.dumps(line), json.dumps(line, ensure_ascii=False), line, position)
            if place is None:
                raise NotANotebook("the file is not a notebook: the text of a cell was not found in it")
            position = place[1]
            length = _decode(text, place[0] + 1, place[1] - 1, length, found, origin)
        found.append("\n\n")
        origin.append((length, position))
        length += 2
    return SourceText(name, "".join(found), text, tuple(origin) or ((0, 0),))


def _find(text: str, escaped: str, unescaped: str, line: str, position: int) -> tuple[int, int] | None:
    """Where the JSON string of a line stands, from `position` on."""
    for spelled in (escaped, unescaped):
        place = text.find(spelled, position)
        if place >= 0:
            return place, place + len(spelled)
    for match in _STRING.finditer(text, position):
        if json.loads(match.group()) == line:
            return match.start(), match.end()
    return None


def _decode(text: str, begin: int, end: int, length: int, found: list[str], origin: list[tuple[int, int]]) -> int:
    """Append the characters of a JSON string and where they come from."""
    for piece in _PIECE.finditer(text, begin, end):
        written = chr(int(piece[1], 16)) if piece[1] else _ESCAPES.get(piece[2], piece[2]) if piece[2] else piece.group()
        origin.append((length, piece.start()))
        found.append(written)
        length += len(written)
    return length
