"""Passages as they are found: what stands between them is prose, and labels wait for the formula behind them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derivcheck.notes.documents.delimiters import Span
from derivcheck.notes.documents.record import Declarations, Formula, Heading, Label, Orphan, Passage, Prose, SourceText
from derivcheck.notes.macros import Definition, definitions
from derivcheck.verdict import Problem

_TAG = re.compile(r"\\tag\*?[ \t]*+\{([^{}\n]{0,40})\}")
_LABEL = re.compile(r"\\label[ \t]*+\{([^{}\n]{1,200})\}")
_NUMBER = r"\(((?:[A-Z]\.?)?[0-9]{1,4}(?:[.\-–][0-9]{1,4}){0,3}[a-z]?['′*]{0,2})\)"
_TAG_BESIDE = re.compile(rf"[ \t]*+{_NUMBER}[ \t]*+[.,;]?[ \t]*+(?=\n|\Z)")
_TAG_BELOW = re.compile(rf"[ \t]*+[.,;]?[ \t]*+\n[ \t]*+{_NUMBER}[ \t]*+[.,;]?[ \t]*+(?=\n|\Z)")
_TAG_ABOVE = re.compile(rf"(?:\A|\n)[ \t]*+{_NUMBER}[ \t]*+\n?[ \t]*+\Z")


@dataclass
class Passages:
    """The passages of one document, in the order in which they are added."""

    source: SourceText
    found: list[Passage] = field(default_factory=list)
    macros: list[Definition] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    position: int = 0
    tags_until: int = 0

    def prose(self, end: int) -> None:
        """What stands from the last passage up to `end`, if it is more than white space."""
        text = self.source.text
        if end > self.position:
            if not text[self.position : end].isspace():
                self.found.append(Prose(self.position, end))
            self.position = end

    def skip(self, start: int, end: int) -> None:
        """Code and comments: they end the prose before them."""
        self.prose(start)
        self.position = max(self.position, end)

    def heading(self, start: int, end: int, level: int, title: str) -> None:
        """A heading. Its line is still to be searched for formulas."""
        self.prose(start)
        self.found.append(Heading(start, end, level, title.strip()))

    def declarations(self, start: int, end: int, lines: tuple[tuple[int, str], ...]) -> None:
        self.prose(start)
        self.found.append(Declarations(start, end, lines))
        self.position = max(self.position, end)

    def orphan(self, label: Label) -> None:
        self.found.append(Orphan(label))

    def formula(self, span: Span, display: bool, labels: tuple[Label, ...]) -> None:
        """A formula, unless it is empty or nothing but definitions of macros."""
        text = self.source.text
        self.prose(span.first)
        self.position = span.last
        if span.unclosed:
            self.problem(span.first, f"{span.unclosed} is not closed; it was read up to {self._line(span.end)}", "a formula is not closed")
        if span.mismatched:
            self.warning(
                span.first,
                f"\\begin{{{span.environment}}} is closed by \\end{{{span.mismatched}}} in {self._line(span.end)}; it was read up to there",
                "an environment is closed by another name",
            )  # fmt: skip
        start = self._behind_definitions(span)
        if text[start : span.end].strip():
            tag = self._tag(span) if display else ""
            self.found.append(Formula(start, span.end, display, span.environment, tag, labels or self._own_labels(start, span.end)))
        else:
            for label in labels:
                self.orphan(label)

    def _behind_definitions(self, span: Span) -> int:
        """Where the formula begins behind the definitions of macros with which it may begin."""
        start, text = span.start, self.source.text
        for definition in definitions(text, span.start, span.end, self.source.place):
            self.macros.append(definition)
            if not text[start : definition.start].strip():
                start = definition.end
        return start

    def _own_labels(self, start: int, end: int) -> tuple[Label, ...]:
        """\\label{eq:softmax} in the formula."""
        return tuple(Label(match.group(1).strip(), "", match.start(1)) for match in _LABEL.finditer(self.source.text, start, end))

    def _tag(self, span: Span) -> str:
        """The number of a display: its \\tag, else a number that stands alone beside, above or below it and belongs to no display before."""
        text = self.source.text
        inside = _TAG.search(text, span.start, span.end)
        if inside is not None:
            return inside.group(1).strip()
        beside = _TAG_BESIDE.match(text, span.last)
        if beside is not None:
            self.tags_until = beside.end()
            return beside.group(1)
        above = _TAG_ABOVE.search(text[max(self.tags_until, span.first - _FAR, 0) : span.first])
        if above is not None and not text[: span.first].endswith("\n\n"):
            return above.group(1)
        below = _TAG_BELOW.match(text, span.last)
        if below is not None:
            self.tags_until = below.end()
            return below.group(1)
        return ""

    def _line(self, offset: int) -> str:
        return f"line {self.source.place(offset).line}"

    def problem(self, offset: int, message: str, what: str) -> None:
        self.problems.append(Problem(str(self.source.place(offset)), message, what=what))

    def warning(self, offset: int, message: str, what: str) -> None:
        self.warnings.append(Problem(str(self.source.place(offset)), message, what=what))


_FAR = 60
"""How many characters before a display its number may begin."""
