"""Labels: names in bold before a formula, with what is expected of it in parentheses.

    **S2-eq43** (refuted: the weights are those of layer 2), **S2-eq44-step2**

A name has no spaces and at least one hyphen or digit, so that ordinary bold words are none. Between the label and its formula there is only white
space, a list marker or a colon.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derivcheck.notes.documents.record import Label

_NAME = re.compile(r"\*\*([A-Za-z0-9][\w.:-]*)\*\*")
_BETWEEN = re.compile(r"[\s,:>*+-]*")
_BEFORE_REMARK = re.compile(r"[ \t]*\n?[ \t]*")
LONGEST_REMARK = 2_000


@dataclass(slots=True)
class Labels:
    """The labels that have been read and belong to no formula yet."""

    text: str
    waiting: list[Label] = field(default_factory=list)
    end: int = 0

    def read(self, position: int, limit: int) -> int | None:
        """A label that begins here; the position behind it, or None where it is ordinary bold text."""
        match = _NAME.match(self.text, position, limit)
        if match is None or not re.search(r"[-\d]", match[1]):
            return None
        remark, end = self._remark(match.end(), limit)
        self.waiting.append(Label(match[1], remark, position))
        self.end = end
        return end

    def _remark(self, position: int, limit: int) -> tuple[str, int]:
        """The text of balanced parentheses behind a label, on one line; "" where there are none."""
        begin = _BEFORE_REMARK.match(self.text, position, limit)
        start = begin.end() if begin is not None else position
        if self.text[start : start + 1] != "(":
            return "", position
        level = 0
        for place in range(start, min(limit, start + LONGEST_REMARK)):
            level += {"(": 1, ")": -1}.get(self.text[place], 0)
            if level == 0:
                return " ".join(self.text[start + 1 : place].split()), place + 1
        return "", position

    def before(self, position: int) -> tuple[tuple[Label, ...], list[Label]]:
        """The labels that stand right before this position, and those that stand before other text."""
        attached: list[Label] = []
        while self.waiting:
            label = self.waiting[-1]
            _, end = self._remark(label.start + len(label.name) + 4, len(self.text))
            following = attached[0].start if attached else position
            gap = self.text[end:following]
            if gap.count("\n") > (1 if attached else 2) or _BETWEEN.fullmatch(gap) is None:
                break
            attached.insert(0, self.waiting.pop())
        return tuple(attached), self.rest()

    def rest(self) -> list[Label]:
        """The labels that belong to no formula."""
        found, self.waiting = self.waiting, []
        return found
