"""Markdown: formulas, labels, headings and blocks of declarations, in one pass over the text.

Mathematics is $…$, $$…$$, \\(…\\), \\[…\\], ```math, $`…`$, and an environment that stands in the text itself. An inline formula does not go across a
blank line. Code, comments and front matter hold none. A block ```derivcheck is declarations.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derivcheck.notes.documents.labels import Labels
from derivcheck.notes.documents.record import Declarations, Formula, Heading, Label, Orphan, Passage, Prose, SourceText
from derivcheck.verdict import Problem

ENVIRONMENTS = frozenset(
    ("equation", "align", "gather", "multline", "eqnarray", "flalign", "alignat", "displaymath", "math", "split", "aligned", "gathered")
)
_NEXT = re.compile(
    r"""(?P<escape>\\[\\$`*#])|(?P<fence>^[ ]{0,3}(?:```+|~~~+)[^\n]*$)|(?P<comment><!--)|(?P<heading>^[ ]{0,3}\#{1,6}[ \t][^\n]*$)
    |(?P<dollars>\$\$)|(?P<code>\$`)|(?P<dollar>\$)|(?P<round>\\\()|(?P<square>\\\[)|(?P<begin>\\begin\{[a-zA-Z]+\*?\})|(?P<span>`+)|(?P<bold>\*\*)""",
    re.VERBOSE | re.MULTILINE,
)
_BLANK = re.compile(r"\n[ \t\r]*\n")
_TAG = re.compile(r"\\tag\*?\{([^{}]*)\}")
_NUMBER_BEHIND = re.compile(r"[ \t]*\n?[ \t]*\((\d+[a-z]?(?:\.\d+)*)\)[ \t]*(?=\n|$)")
_NUMBER_INSIDE = re.compile(r"\s\((\d{1,3}[a-z]?)\)\s*\Z")
_FRONT = re.compile(r"\A---[ \t]*\n(?:[^\n]*\n){0,200}?---[ \t]*(?:\n|\Z)")
_INLINE_LIMIT = 5_000
"""An inline formula is no longer than this."""


@dataclass(slots=True)
class Markdown:
    """A Markdown text being read."""

    source: SourceText
    start: int
    end: int
    passages: list[Passage] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    labels: Labels = field(init=False)
    prose: int = 0
    missing: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.labels = Labels(self.source.text)
        self.prose = self.start

    def read(self) -> None:
        text = self.source.text
        front = _FRONT.match(text, self.start)
        position = front.end() if front is not None and self.start == 0 else self.start
        self.prose = position
        while (match := _NEXT.search(text, position, self.end)) is not None:
            position = getattr(self, f"_{match.lastgroup}")(match)
        self._prose_until(self.end)
        for label in self.labels.rest():
            self._orphan(label)

    # what begins here -----------------------------------------------------------------------------------------------
    def _escape(self, match: re.Match[str]) -> int:
        return match.end()

    def _fence(self, match: re.Match[str]) -> int:
        """A block of code: declarations, mathematics, or nothing to be read."""
        text = self.source.text
        fence = match.group().lstrip()
        mark = fence[: len(fence) - len(fence.lstrip(fence[0]))]
        info = fence[len(mark) :].strip().split()
        begin = min(match.end() + 1, self.end)
        closing = re.compile(rf"^[ ]{{0,3}}{re.escape(mark)}{re.escape(mark[0])}*[ \t]*$", re.MULTILINE).search(text, begin, self.end)
        stop = closing.start() if closing is not None else self.end
        after = closing.end() if closing is not None else self.end
        kind = info[0].lower() if info else ""
        if closing is None and kind in ("derivcheck", "math"):
            self._problem(match.start(), f"the block {mark}{kind} is not closed")
        if kind == "derivcheck":
            self._prose_until(match.start())
            self._orphans(self.labels.rest())
            self.passages.append(Declarations(begin, stop, tuple(_lines(text, begin, stop))))
        elif kind in ("math", "latex-math"):
            self._formula(begin, stop, match.start(), after, True, "")
        else:
            self._prose_until(match.start())
        self.prose = after
        return after

    def _comment(self, match: re.Match[str]) -> int:
        self._prose_until(match.start())
        self.prose = self._find("-->", match.end(), self.end) or self.end
        return self.prose

    def _heading(self, match: re.Match[str]) -> int:
        self._prose_until(match.start())
        self._orphans(self.labels.rest())
        written = match.group().strip()
        title = written.lstrip("#")
        self.passages.append(Heading(match.start(), match.end(), len(written) - len(title), title.strip(" #\t")))
        position = match.start() + match.group().index("#") + len(written) - len(title)
        self.prose = position
        return position

    def _dollars(self, match: re.Match[str]) -> int:
        return self._delimited(match, "$$", True)

    def _square(self, match: re.Match[str]) -> int:
        return self._delimited(match, "\\]", True)

    def _round(self, match: re.Match[str]) -> int:
        return self._delimited(match, "\\)", False)

    def _code(self, match: re.Match[str]) -> int:
        return self._inline(match, "`$")

    def _dollar(self, match: re.Match[str]) -> int:
        return self._inline(match, "$")

    def _span(self, match: re.Match[str]) -> int:
        mark = match.group()
        return self._find(mark, match.end(), self._paragraph(match.end())) or match.end()

    def _bold(self, match: re.Match[str]) -> int:
        return self.labels.read(match.start(), self.end) or match.end()

    def _begin(self, match: re.Match[str]) -> int:
        """An environment in the text: up to its end, or where another one ends, or a blank line."""
        name = match.group()[len("\\begin{") : -1]
        if name.rstrip("*") not in ENVIRONMENTS:
            return match.end()
        closing = f"\\end{{{name}}}"
        stop = self._find(closing, match.end(), self.end)
        if stop is None:
            limit = self._paragraph(match.end())
            other = self.source.text.find("\\end{", match.end(), limit)
            inner = other if other >= 0 else limit
            self._problem(match.start(), f"\\begin{{{name}}} is not closed by \\end{{{name}}}")
            brace = self.source.text.find("}", inner, limit)
            self._formula(match.end(), inner, match.start(), brace + 1 if other >= 0 and brace >= 0 else limit, True, name.rstrip("*"))
        else:
            self._formula(match.end(), stop - len(closing), match.start(), stop, True, name.rstrip("*"))
        return self.prose

    # formulas -------------------------------------------------------------------------------------------------------
    def _delimited(self, match: re.Match[str], closing: str, display: bool) -> int:
        stop = self._find(closing, match.end(), self.end)
        if stop is None:
            self._problem(match.start(), f"{match.group()} is not closed by {closing}")
            stop = self._paragraph(match.end())
            self._formula(match.end(), stop, match.start(), stop, display, "")
        else:
            self._formula(match.end(), stop - len(closing), match.start(), stop, display, "")
        return self.prose

    def _inline(self, match: re.Match[str], closing: str) -> int:
        text = self.source.text
        limit = min(self._paragraph(match.end()), match.end() + _INLINE_LIMIT)
        position = match.end()
        while True:
            stop = text.find(closing, position, limit)
            if stop < 0:
                return match.end()
            if text[stop - 1] != "\\":
                break
            position = stop + 1
        behind = text[stop + len(closing) : stop + len(closing) + 1]
        if stop == match.end() or behind.isdigit() or not text[match.end() : stop].strip():
            return match.end()
        self._formula(match.end(), stop, match.start(), stop + len(closing), False, "")
        return self.prose

    def _formula(self, begin: int, stop: int, outer: int, after: int, display: bool, environment: str) -> None:
        text = self.source.text
        self._prose_until(outer)
        attached, orphans = self.labels.before(outer)
        self._orphans(orphans)
        tagged = _TAG.search(text, begin, stop)
        tag = tagged[1].strip() if tagged is not None else ""
        if display and not tag:
            number = _NUMBER_BEHIND.match(text, after, min(self.end, after + 60))
            inside = _NUMBER_INSIDE.search(text, max(begin, stop - 30), stop)
            if number is not None:
                tag, after = number[1], number.end()
            elif inside is not None:
                tag, stop = inside[1], inside.start()
        self.passages.append(Formula(begin, stop, display, environment, tag.strip("()"), attached))
        self.prose = after

    # parts ----------------------------------------------------------------------------------------------------------
    def _find(self, mark: str, position: int, limit: int) -> int | None:
        """The position behind the next mark; that there is none is remembered, so that it is looked for once."""
        if self.missing.get(mark, self.end + 1) <= position:
            return None
        found = self.source.text.find(mark, position, limit)
        if found < 0:
            if limit == self.end:
                self.missing[mark] = position
            return None
        return found + len(mark)

    def _paragraph(self, position: int) -> int:
        """Where the paragraph ends."""
        blank = _BLANK.search(self.source.text, position, self.end)
        return blank.start() if blank is not None else self.end

    def _prose_until(self, stop: int) -> None:
        if stop > self.prose:
            self.passages.append(Prose(self.prose, stop))
        self.prose = max(stop, self.prose)

    def _orphans(self, labels: list[Label]) -> None:
        for label in labels:
            self._orphan(label)

    def _orphan(self, label: Label) -> None:
        if label.remark:
            self.passages.append(Orphan(label))

    def _problem(self, offset: int, message: str) -> None:
        self.problems.append(Problem(str(self.source.place(offset)), message, "ill-typed", what="the document is not written as it should be"))


def _lines(text: str, begin: int, stop: int) -> list[tuple[int, str]]:
    found = []
    position = begin
    for line in text[begin:stop].splitlines(keepends=True):
        found.append((position, line.rstrip("\r\n")))
        position += len(line)
    return found
