"""Declarations beside a document that one cannot edit: sections of lines, each from a piece of the document's text on.

layout like-variable            what stands before the first `from` holds from the beginning
W: n x m
from "Second backpropagation step"
derivation second-step
"""

from __future__ import annotations

from dataclasses import dataclass

from derivcheck.notes.declarations import Line
from derivcheck.notes.documents.record import SourceText
from derivcheck.verdict import Problem


@dataclass(frozen=True, slots=True)
class Section:
    """Declarations that hold from an offset of the document on."""

    offset: int
    lines: tuple[Line, ...]


def sections(sidecar: SourceText, document: SourceText) -> tuple[list[Section], list[Problem]]:
    """The sections in order of the document; a piece of text that it does not contain is a problem."""
    found: list[Section] = []
    problems: list[Problem] = []
    offset, lines = 0, list[Line]()
    position = 0
    for text in sidecar.text.splitlines(keepends=True):
        line = Line(position, text.rstrip("\n\r"))
        position += len(text)
        if line.keyword != "from":
            lines.append(line)
            continue
        found.append(Section(offset, tuple(lines)))
        wanted = line.rest().text.strip().strip('"')
        place = document.text.find(wanted, offset)
        if place < 0:
            problems.append(
                Problem(
                    str(sidecar.place(line.start)),
                    f"the document does not contain {wanted!r} behind the section before",
                    "ill-typed",
                    what="a section of declarations has no place",
                )
            )
            place = offset
        offset, lines = place, []
    found.append(Section(offset, tuple(lines)))
    return found, problems
