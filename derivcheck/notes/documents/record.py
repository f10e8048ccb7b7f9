"""What a document consists of, in the order of its text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from derivcheck.language.places import Place
from derivcheck.notes.macros import Macro
from derivcheck.verdict import Problem

_NEWLINE = re.compile("\n")


@dataclass(frozen=True)
class SourceText:
    """Decoded text and where each offset is in the file.

    Text that is not the file's own (the cells of a notebook, text that was repaired) says where it comes from: `original` is the file's text, and
    `origin` are breakpoints (offset in text, offset in original) in ascending order. From one breakpoint to the next both offsets advance together;
    what was put in stands at the place of what follows it.
    """

    name: str
    text: str
    original: str | None = None
    origin: tuple[tuple[int, int], ...] = ((0, 0),)
    lines: tuple[int, ...] = field(init=False, repr=False, compare=False)
    """Where the lines of the original begin."""

    def __post_init__(self) -> None:
        original = self.text if self.original is None else self.original
        object.__setattr__(self, "lines", (0, *(newline.end() for newline in _NEWLINE.finditer(original))))

    def original_offset(self, offset: int) -> int:
        """Where in the original a character of the text comes from."""
        if self.original is None:
            return offset
        position = max(bisect_right(self.origin, offset, key=lambda pair: pair[0]) - 1, 0)
        begin, there = self.origin[position]
        following = self.origin[position + 1][1] if position + 1 < len(self.origin) else len(self.original)
        return max(there, min(there + offset - begin, following))

    def derived(self, text: str, origin: Sequence[tuple[int, int]]) -> SourceText:
        """A text that was made of this one. `origin` has breakpoints (offset in it, offset in this text)."""
        if self.original is None:
            return SourceText(self.name, text, self.text, tuple(origin))
        found: list[tuple[int, int]] = []
        for position, (begin, there) in enumerate(origin):
            found.append((begin, self.original_offset(there)))
            following, end = origin[position + 1] if position + 1 < len(origin) else (len(text), len(self.text))
            end = min(end, there + following - begin)
            step = bisect_right(self.origin, there, key=lambda pair: pair[0])
            while step < len(self.origin) and self.origin[step][0] < end:
                found.append((begin + self.origin[step][0] - there, self.origin[step][1]))
                step += 1
        return SourceText(self.name, text, self.original, tuple(found))

    def place(self, offset: int) -> Place:
        """The file, line and column of an offset of the text; lines and columns count from 1."""
        there = self.original_offset(offset)
        line = bisect_right(self.lines, there)
        return Place(self.name, line, there - self.lines[line - 1] + 1)


@dataclass(frozen=True, slots=True)
class Label:
    """A name that a document gives to a claim, and what it says of it in parentheses: **S2-eq43** (refuted: the weights are those of layer 2)."""

    name: str
    remark: str
    start: int


@dataclass(frozen=True, slots=True)
class Formula:
    r"""A span of mathematics without its delimiters.

    `environment` is the name, without star, of an environment that stands in the text itself, such as align; it is empty for $…$, $$…$$, \(…\), \[…\]
    and ```math. `tag` is the number of the formula: from \tag{13}, or from a (13) that stands alone beside it. Empty without one.
    """

    start: int
    end: int
    display: bool
    environment: str
    tag: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """Text between formulas. Comments and code are not prose."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a section, from level 1 down. The formulas in it follow as passages of their own."""

    start: int
    end: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Declarations:
    """A block of declarations: the offset and the text of each line."""

    start: int
    end: int
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Orphan:
    """A label with the verdict that is expected, before no formula: the claim is stated in words only."""

    label: Label


Passage = Formula | Prose | Heading | Declarations | Orphan


@dataclass(frozen=True)
class Document:
    """A file as it was read: its passages by their offsets, its macros in order, and what was wrong or worth a warning."""

    source: SourceText
    passages: tuple[Passage, ...]
    macros: tuple[Macro, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
