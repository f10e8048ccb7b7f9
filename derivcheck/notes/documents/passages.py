"""Passages as they are found: what stands between them is prose."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derivcheck.notes.documents.delimiters import Delimiters, Span
from derivcheck.notes.documents.record import Declarations, Formula, Heading, Label, Orphan, Passage, Prose, SourceText
from derivcheck.notes.macros import Definition, definitions
from derivcheck.verdict import Problem

_TAG = re.compile(r"\\tag\*?[ \t]*+\{([^{}\n]{0,40})\}")
_LABEL = re.compile(r"\\label[ \t]*+\{([^{}\n]{1,200})\}")
_NUMBER = r"\(((?:[A-Z]\.?)?[0-9]{1,4}(?:[.\-–][0-9]{1,4}){0,3}[a-z]?['′*]{0,2})\)"
_AT_THE_END = re.compile(rf"(?:\\q?quad|\\hfill|\\hspace\{{[^{{}}]{{0,20}}\}}|~~|\n)\s*+{_NUMBER}\s*+\Z")
_AFTER_A_SPACE = re.compile(r"\s\(([0-9]{1,4})\)\s*+\Z")
_BESIDE = re.compile(rf"[ \t]*+[.,;]?[ \t]*+{_NUMBER}[ \t]*+[.,;]?[ \t]*+(?=\n|\Z)")
_BELOW = re.compile(rf"[ \t]*+[.,;]?[ \t]*+\n[ \t]*+{_NUMBER}[ \t]*+[.,;]?[ \t]*+(?=\n|\Z)")
_ABOVE = re.compile(rf"^[ \t]*+{_NUMBER}[ \t]*+\n?[ \t]*+\Z", re.MULTILINE)
_FAR = 60
"""How many characters before a display its number may begin, or before the end of its content."""


@dataclass
class Passages:
    """The passages of one document, in the order in which they are added."""

    source: SourceText
    delimiters: Delimiters
    found: list[Passage] = field(default_factory=list)
    macros: list[Definition] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    position: int = 0
    last_tag: str = ""

    def prose(self, end: int) -> None:
        """What stands from the last passage up to `end`."""
        if end > self.position:
            self.found.append(Prose(self.position, end))
            self.position = end

    def skip(self, start: int, end: int) -> None:
        """Code, comments and definitions: they end the prose before them."""
        self.prose(start)
        self.position = max(self.position, end)

    def heading(self, start: int, end: int, level: int, title: str) -> None:
        """A heading. Its line is still to be searched for formulas."""
        self.prose(start)
        self.found.append(Heading(start, end, level, title.strip()))

    def declarations(self, start: int, end: int, lines: tuple[tuple[int, str], ...]) -> None:
        self.found.append(Declarations(start, end, lines))

    def orphan(self, label: Label) -> None:
        self.found.append(Orphan(label))

    def formula(self, span: Span, display: bool, labels: tuple[Label, ...] = ()) -> None:
        """A formula, unless it is empty or holds nothing but definitions of macros."""
        text = self.delimiters.text
        self.prose(span.first)
        self.position = span.last
        if span.unclosed:
            self.problem(span.first, f"{span.unclosed} is not closed; it was read up to {self._line(span.end)}")
        if span.mismatched:
            message = f"\\begin{{{span.environment}}} is closed by \\end{{{span.mismatched}}} in {self._line(span.end)}, and was read up to there"
            self.warning(span.first, message)
        start = self._behind_definitions(span)
        end, tag = self._tag(start, span) if display else (span.end, "")
        self.last_tag = tag or self.last_tag
        if text[start:end].strip():
            self.found.append(Formula(start, end, display, span.environment, tag, labels or self._own_labels(start, end)))
        elif labels:
            self.warning(labels[0].start, f"the formula of {labels[0].name} is empty")

    def _behind_definitions(self, span: Span) -> int:
        """Where the formula begins behind the definitions of macros with which it may begin."""
        start, text = span.start, self.delimiters.text
        for definition in definitions(text, lambda: self.delimiters.braces, span.start, span.end, self.source.place):
            self.macros.append(definition)
            if not text[start : definition.start].strip():
                start = definition.end
        return start

    def _own_labels(self, start: int, end: int) -> tuple[Label, ...]:
        r"""\label{eq:softmax} in the formula."""
        return tuple(Label(match.group(1).strip(), "", match.start(1)) for match in _LABEL.finditer(self.delimiters.text, start, end))

    def _tag(self, start: int, span: Span) -> tuple[int, str]:
        """The end of the content without the number of the display, and the number: its tag, or one that stands in it, beside, above or below."""
        text = self.delimiters.text
        tag = _TAG.search(text, start, span.end)
        if tag is not None:
            return span.end, tag.group(1).strip().strip("()")
        inside = _AT_THE_END.search(text, max(start, span.end - _FAR), span.end) or self._next_number(start, span.end)
        if inside is not None:
            return inside.start(), inside.group(1)
        beside = _BESIDE.match(text, span.last)
        if beside is not None:
            self.position = beside.end()
            return span.end, beside.group(1)
        before = self.found[-1] if self.found else None
        above = _ABOVE.search(text, max(before.start, span.first - _FAR), span.first) if isinstance(before, Prose) else None
        if above is not None:
            return span.end, above.group(1)
        below = _BELOW.match(text, span.last)
        if below is not None:
            self.position = below.end()
            return span.end, below.group(1)
        return span.end, ""

    def _next_number(self, start: int, end: int) -> re.Match[str] | None:
        """A number in parentheses behind a mere space may be a factor; it is the number of the display where it continues the count."""
        number = _AFTER_A_SPACE.search(self.delimiters.text, max(start, end - _FAR), end)
        if number is None or not self.last_tag.isdecimal() or int(number.group(1)) != int(self.last_tag) + 1:
            return None
        self.warning(number.start() + 1, f"({number.group(1)}) is taken for the number of the formula, which follows ({self.last_tag}); write \\tag")
        return number

    def _line(self, offset: int) -> str:
        return f"line {self.source.place(offset).line}"

    def problem(self, offset: int, message: str) -> None:
        self.problems.append(Problem(str(self.source.place(offset)), message, "ill-typed", what="the document is not written as it should be"))

    def warning(self, offset: int, message: str) -> None:
        self.warnings.append(Problem(str(self.source.place(offset)), message, "unsupported", what="the document is not written as it should be"))
