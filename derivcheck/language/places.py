"""Where something was written."""

from __future__ import annotations

import os
import sys
from contextvars import ContextVar, Token
from dataclasses import dataclass
from pathlib import Path

_PACKAGE = str(Path(__file__).resolve().parent.parent)
_DATA = str(Path(_PACKAGE) / "_derivations") + os.sep
_CODE = _PACKAGE + os.sep


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was written: a file and a line (and a column, where a reader knows it)."""

    file: str
    line: int
    column: int | None = None

    def __str__(self) -> str:
        position = f"{self.file}:{self.line}"
        return position if self.column is None else f"{position}:{self.column}"


_WRITING: ContextVar[Place | None] = ContextVar("place that is being read", default=None)


class writing_at:
    """Within the block, whatever is built was written at `place`: for readers of files that are not Python.

    A class and not a generator, because a reader enters it for every node of every formula.
    """

    __slots__ = ("place", "token")

    def __init__(self, place: Place) -> None:
        self.place = place
        self.token: Token[Place | None] | None = None

    def __enter__(self) -> Place:
        self.token = _WRITING.set(self.place)
        return self.place

    def __exit__(self, *raised: object) -> None:
        if self.token is not None:
            _WRITING.reset(self.token)
            self.token = None


def caller_place() -> Place:
    """The place that a reader has set; without one the nearest place outside this package's own code: the author's line."""
    reading = _WRITING.get()
    return _calling_line() if reading is None else reading


def _calling_line() -> Place:
    frame = sys._getframe(2)
    while frame.f_back is not None:
        name = frame.f_code.co_filename
        if name[0] != "<" and (not name.startswith(_CODE) or name.startswith(_DATA)):
            break
        frame = frame.f_back
    return Place(frame.f_code.co_filename, frame.f_lineno)
