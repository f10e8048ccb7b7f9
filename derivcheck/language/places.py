"""Where something was written."""

from __future__ import annotations

import os
import sys
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


def caller_place() -> Place:
    """The nearest place outside this package's own code: the author's line."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        name = frame.f_code.co_filename
        if name[0] != "<" and (not name.startswith(_CODE) or name.startswith(_DATA)):
            break
        frame = frame.f_back
    return Place(frame.f_code.co_filename, frame.f_lineno)
