"""Labels in bold before the formulas that they name: **S2-eq4**, **S2-x** (refuted: the wrong layer)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from derivcheck.claims import Word
from derivcheck.notes.documents.record import Label

WORDS: tuple[Word, ...] = get_args(Word)

_BOLD = re.compile(r"\*\*(?=[^\s*]*[-\d])([^\s*]{1,200})\*\*")
_BEFORE_REMARK = re.compile(r"[ \t]*+(?:\n[ \t]*+)?\((?![0-9.]+[a-z]?\))")
_SEPARATOR = re.compile(r"[ \t]*+(?:[,;][ \t]*+)?(?:\n[ \t]*+)?(?=\*\*)")
_GAP = re.compile(r"[ \t]*+[:.,;–—]?[ \t]*+(?:\n[ \t]*+(?:\n[ \t]*+)?)?(?:(?:[-*+]|\(?[0-9ivx]{1,4}[.)])(?:[ \t]++|(?=\n))(?:\n[ \t]*+)?)?")
_STEP = re.compile(r"[()$`]|\\.|\n[ \t]*+\n")
_LINE_START = re.compile(r"[ \t]*+(?:(?:[-*+>]|\(?[0-9a-z]{1,4}[.)])[ \t]++)*+")
_NAMED = re.compile(r"[ \t,;]*+([^\s,;()]++)")
_LONGEST_REMARK, _MOST_LABELS = 2_000, 50


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels that stand together: where they begin and end, and where the formula that they name would have to begin."""

    labels: tuple[Label, ...]
    start: int
    end: int
    formula: int
    remarks: tuple[tuple[int, int], ...]
    begins_line: bool

    @property
    def is_claim(self) -> bool:
        """Whether some remark begins with a verdict: a claim even where no formula follows."""
        return any(verdict_of(label.remark) is not None for label in self.labels)


def verdict_of(remark: str) -> str | None:
    """The verdict that a remark begins with: refuted of "refuted: the wrong layer"."""
    word = re.split(r"[\s:,;.]", remark.strip(), maxsplit=1)[0]
    return word if word in WORDS else None


def bold(text: str, start: int, limit: int) -> bool:
    """Whether a name in bold that may be a label stands here: without spaces, with a hyphen or a digit."""
    return _BOLD.match(text, start, limit) is not None


def labels_at(text: str, start: int, limit: int) -> Labels | None:
    """The labels that begin here, one or several separated by commas, each with a remark in parentheses or without."""
    found: list[Label] = []
    remarks: list[tuple[int, int]] = []
    position = start
    while len(found) < _MOST_LABELS:
        name = _BOLD.match(text, position, limit)
        if name is None:
            break
        end = name.end()
        remark = _remark(text, end, limit)
        if remark is not None:
            remarks.append(remark)
            end = remark[1] + 1
        found.append(Label(name.group(1), "" if remark is None else text[remark[0] : remark[1]], name.start()))
        separator = _SEPARATOR.match(text, end, limit)
        position = end if separator is None else separator.end()
        if separator is None or not bold(text, position, limit):
            position = end
            break
    if not found:
        return None
    gap = _GAP.match(text, position, limit)
    line = text.rfind("\n", max(0, start - 200), start) + 1
    return Labels(tuple(found), start, position, position if gap is None else gap.end(), tuple(remarks), _LINE_START.fullmatch(text, line, start) is not None)


def _remark(text: str, start: int, limit: int) -> tuple[int, int] | None:
    """Where the words in the parentheses behind a label begin and end: balanced, whatever stands in its formulas, and on no more than a paragraph."""
    opening = _BEFORE_REMARK.match(text, start, limit)
    if opening is None:
        return None
    first = opening.end()
    position, depth = first, 1
    limit = min(limit, first + _LONGEST_REMARK)
    while (step := _STEP.search(text, position, limit)) is not None:
        sign, position = step.group(), step.end()
        if sign == "(":
            depth += 1
        elif sign == ")":
            depth -= 1
            if depth == 0:
                return first, step.start()
        elif sign in "$`":
            closing = text.find(sign, position, limit)
            position = position if closing < 0 else closing + 1
        elif sign.startswith("\n"):
            return None
    return None


def named(lines: Sequence[tuple[int, str]]) -> list[Label]:
    """The labels in the lines of a comment `claim: NAME (remark), NAME`, as (offset, text): separated by commas, a remark in parentheses behind each."""
    found: list[Label] = []
    for offset, text in lines:
        position = 0
        while (name := _NAMED.match(text, position)) is not None:
            remark = _remark(text, name.end(), len(text))
            found.append(Label(name.group(1), "" if remark is None else text[remark[0] : remark[1]], offset + name.start(1)))
            position = name.end() if remark is None else remark[1] + 1
    return found
