"""Damage that escapes do to LaTeX: \\b, \\f, \\n, \\r and \\t read as control characters, and \\\\ as one backslash.

What is left of \\begin, \\frac, \\right, \\theta, \\bigl is egin, rac, ight, heta, igl. A display is repaired only on strong evidence: an egin{ or a
rac{ in it that no backslash and no letter precedes. Offsets of the repaired text map to the original.
"""

from __future__ import annotations

import re

from derivcheck.notes.documents.record import SourceText
from derivcheck.verdict import Problem

_EVIDENCE = re.compile(r"(?<![A-Za-z\\])(?:egin\{|rac\{)")
_WEAK = re.compile(r"(?<![A-Za-z\\])igg?[lr]?[\[(]|(?<![A-Za-z\\])heta|(?<!f)rac\{")
_DISPLAY = re.compile(r"\$\$(.+?)\$\$", re.DOTALL)
_WEAK_OR_STRONG = re.compile(f"{_EVIDENCE.pattern}|{_WEAK.pattern}")
"""In a document in which one display is certainly damaged, less is needed for the others."""
_REPAIRS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?<![A-Za-z\\])\x08?(?=egin\{)"), "\\b"),
    (re.compile(r"(?<!f)\x0c?(?=rac[\{\d])"), "\\f"),
    (re.compile(r"(?<![A-Za-z\\])\t?(?=heta(?![a-z]))"), "\\t"),
    (re.compile(r"(?<![A-Za-z\\])\t?(?=(?:ext|frac|anh|op|imes)(?:\{|\b(?![a-z])))"), "\\t"),
    (re.compile(r"[\r\n]+(?=(?:ight|ho)(?![a-z]))"), " \\r"),
    (re.compile(r"[\r\n]+(?=(?:abla|eq|u)(?![a-z]))"), " \\n"),
    (re.compile(r"(?<!\\b)(?=igg?[lr]?[ ]?[\[\]()])"), "\\b"),
    (re.compile(r"(?<!\\)\\(?=[ \n])"), "\\\\"),
)
"""What is put before what is left of a command; a matched control character goes."""


def repaired(source: SourceText) -> tuple[SourceText, tuple[Problem, ...]]:
    """The text with its damaged displays repaired, and one warning; the text itself where nothing is damaged."""
    pieces: list[str] = []
    origin: list[tuple[int, int]] = [(0, 0)]
    position = length = count = 0
    first: int | None = None
    damaged = any(_EVIDENCE.search(display[1]) for display in _DISPLAY.finditer(source.text))
    evidence = _WEAK_OR_STRONG if damaged else _EVIDENCE
    for display in _DISPLAY.finditer(source.text):
        if evidence.search(display[1]) is None:
            continue
        for start, end, new in _changes(display[1]):
            start, end = start + display.start(1), end + display.start(1)
            if start < position:
                continue
            first = start if first is None else first
            count += 1
            pieces += (source.text[position:start], new)
            length += start - position
            origin.append((length, start))
            length += len(new)
            origin.append((length, end))
            position = end
    if first is None:
        return source, ()
    pieces.append(source.text[position:])
    message = f"{count} commands lost their backslashes (\\begin, \\frac, \\theta, \\bigl, \\\\); they are read as repaired from here on"
    warning = Problem(str(source.place(first)), message, "unsupported", what="the document was damaged when it was copied")
    return SourceText(source.name, "".join(pieces), source.text, tuple(origin)), (warning,)


def _changes(text: str) -> list[tuple[int, int, str]]:
    """What is replaced in a display: start, end, and what stands there instead."""
    found = []
    for pattern, new in _REPAIRS:
        found += [(match.start(), match.end(), new) for match in pattern.finditer(text)]
    return sorted(found)
