"""Block quotes: Markdown whose lines begin with >, without the marks, so that they do not stand in formulas as signs."""

from __future__ import annotations

import re

from derivcheck.notes.documents.notebook import BETWEEN_CELLS
from derivcheck.notes.documents.record import SourceText

_MARK = re.compile(r" {0,3}(?:>[ \t]?)++")
_LINE = re.compile(r"[^\n]*+\n|[^\n]++")
_FENCE = re.compile(r"[ \t]*(```+|~~~+)")
_CELL_END = BETWEEN_CELLS.strip("\n") + "\n"


def unquoted(source: SourceText) -> SourceText:
    """The text without the marks of its block quotes; the text itself where it has none.

    A > that begins a line within $$…$$ or a block of code that began outside of the quote is a sign and stays.
    """
    text = source.text
    if re.search(r"^ {0,3}>", text, re.MULTILINE) is None:
        return source
    pieces: list[str] = []
    origin: list[tuple[int, int]] = []
    position = length = 0
    fence, displays, quoted = "", 0, False
    for line in _LINE.findall(text):
        mark = _MARK.match(line)
        if mark is None or not (quoted or (not fence and displays % 2 == 0)):
            mark, quoted = None, False
        else:
            quoted = True
        removed = 0 if mark is None else mark.end()
        kept = line[removed:]
        origin.append((length, position + removed))
        pieces.append(kept)
        length += len(kept)
        position += len(line)
        if kept.isspace():
            displays = 0
        if kept == _CELL_END:
            fence = ""
        opening = _FENCE.match(kept)
        if opening is not None:
            fence = opening.group(1)[:3] if not fence else "" if opening.group(1).startswith(fence) else fence
        elif not fence:
            displays += kept.count("$$")
    return source.derived("".join(pieces), origin)
