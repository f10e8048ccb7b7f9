"""What a reader says about notation that it does not understand."""

from __future__ import annotations


class Unsupported(Exception):
    """Notation that is not understood: what it is, where it stands, and the spelling that is understood, where there is one."""

    def __init__(self, what: str, start: int, end: int, instead: str = "") -> None:
        super().__init__(f"{what}; {instead}" if instead else what)
        self.what = what
        self.start = start
        self.end = end
        self.instead = instead
