"""Labels: names in bold before a formula, with what is expected of it in parentheses.

    **S2-eq43** (refuted: the weights are those of layer 2), **S2-eq44-step2**

A name has no spaces and at least one hyphen or digit, so that ordinary bold words are none. Between the labels and their formula stand only white
space with at most one blank line, a list marker or a colon.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import get_args

from derivcheck.claims import Word
from derivcheck.notes.documents.record import Label

WORDS: tuple[Word, ...] = get_args(Word)
LONGEST_REMARK, DEEPEST, MOST_LABELS = 2_000, 20, 50

_BOLD = re.compile(r"\*\*(?=[^\s*]*[-\d])([^\s*]{1,200})\*\*")
_BEFORE_REMARK = re.compile(r"[ \t]*+(?:\n[ \t]*+)?\((?![0-9.]+[a-z]?\))")
_SEPARATOR = re.compile(r"[ \t]*+(?:[,;][ \t]*+)?(?:\n[ \t]*+)?(?=\*\*)")
_GAP = re.compile(r"[ \t]*+[:.,;–—]?[ \t]*+(?:\n[ \t]*+(?:\n[ \t]*+)?)?(?:(?:[-*+]|\(?[0-9ivx]{1,4}[.)])(?:[ \t]++|(?=\n))(?:\n[ \t]*+)?)?")
_STEP = re.compile(r"[()$`]|\\.|\n[ \t]*+\n")
_LINE_START = re.compile(r"[ \t]*+(?:(?:[-*+]|\(?[0-9a-z]{1,4}[.)])[ \t]++)*+")
_NAMED = re.compile(r"[ \t,;]*+([^\s,;()]++)")


@dataclass(frozen=True, slots=True)
class Labels:
    """Labels that stand together: where they begin and end, and where the formula that they name would have to begin."""

    labels: tuple[Label, ...]
    start: int
    end: int
    formula: int
    begins_line: bool
    """Whether nothing but a list marker stands before them in their line."""
    remark: int | None
    """Where the first remark begins."""

    @property
    def is_claim(self) -> bool:
        """Whether some remark begins with a verdict: a claim even where no formula follows."""
        return any(verdict_of(label.remark) is not None for label in self.labels)


def verdict_of(remark: str) -> str | None:
    """The verdict that a remark begins with: refuted of "refuted: the wrong layer"."""
    word = re.split(r"[\s:,;.]", remark.strip(), maxsplit=1)[0]
    return word if word in WORDS else None


def labels_at(text: str, start: int, limit: int) -> Labels | None:
    """The labels that begin here, one or several separated by commas, each with a remark in parentheses or without."""
    found: list[Label] = []
    first_remark: int | None = None
    position = end = start
    while len(found) < MOST_LABELS and (name := _BOLD.match(text, position, limit)) is not None:
        end = name.end()
        remark = _remark(text, end, limit)
        if remark is not None:
            first_remark = remark[0] if first_remark is None else first_remark
            end = remark[1] + 1
        found.append(Label(name.group(1), _written(text, remark), name.start()))
        separator = _SEPARATOR.match(text, end, limit)
        if separator is None:
            break
        position = separator.end()
    if not found:
        return None
    gap = _GAP.match(text, end, limit)
    line = text.rfind("\n", max(0, start - 200), start) + 1
    begins_line = _LINE_START.fullmatch(text, line, start) is not None
    return Labels(tuple(found), start, end, end if gap is None else gap.end(), begins_line, first_remark)


def _written(text: str, remark: tuple[int, int] | None) -> str:
    return "" if remark is None else " ".join(text[remark[0] : remark[1]].split())


def _remark(text: str, start: int, limit: int) -> tuple[int, int] | None:
    """Where the words in the parentheses behind a label begin and end: balanced, whatever stands in their formulas, within one paragraph."""
    opening = _BEFORE_REMARK.match(text, start, limit)
    if opening is None:
        return None
    first = opening.end()
    position, depth = first, 1
    limit = min(limit, first + LONGEST_REMARK)
    while (step := _STEP.search(text, position, limit)) is not None:
        sign, position = step.group(), step.end()
        if sign == "(":
            depth += 1
            if depth > DEEPEST:
                return None
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


def named(text: str, offset: int) -> list[Label]:
    """The labels in a comment `claim: NAME (remark), NAME`, of which `text` is what stands behind the colon and `offset` its place."""
    found: list[Label] = []
    position = 0
    while len(found) < MOST_LABELS and (name := _NAMED.match(text, position)) is not None:
        remark = _remark(text, name.end(), len(text))
        found.append(Label(name.group(1), _written(text, remark), offset + name.start(1)))
        position = name.end() if remark is None else remark[1] + 1
    return found
