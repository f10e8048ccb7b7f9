"""What a document consists of, in the order of its text."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from derivcheck.language.places import Place
from derivcheck.notes.macros import Macro
from derivcheck.verdict import Problem


@dataclass(frozen=True)
class SourceText:
    """Decoded text and where each offset is in the file."""

    name: str
    text: str
    lines: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        starts = [0]
        for position, character in enumerate(self.text):
            if character == "\n":
                starts.append(position + 1)
        object.__setattr__(self, "lines", tuple(starts))

    def place(self, offset: int) -> Place:
        line = bisect_right(self.lines, offset)
        return Place(self.name, line, offset - self.lines[line - 1] + 1)


@dataclass(frozen=True, slots=True)
class Label:
    name: str
    remark: str
    start: int


@dataclass(frozen=True, slots=True)
class Formula:
    start: int
    end: int
    display: bool
    environment: str
    tag: str
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    start: int
    end: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Declarations:
    start: int
    end: int
    lines: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Orphan:
    label: Label


Passage = Formula | Prose | Heading | Declarations | Orphan


@dataclass(frozen=True)
class Document:
    source: SourceText
    passages: tuple[Passage, ...]
    macros: tuple[Macro, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
