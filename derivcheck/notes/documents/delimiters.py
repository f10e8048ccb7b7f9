r"""Where a span of mathematics ends. Every search is linear in the text, however often it fails.

An inline formula does not cross a blank line. A display may, as long as no words and no other formula stand behind the blank line; otherwise
it was never closed, and it ends at the blank line. An environment ends at its \end, which may have a wrong name.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

ENVIRONMENTS = frozenset({
    "align", "alignat", "aligned", "alignedat", "darray", "dgroup", "displaymath", "dmath", "eqnarray", "equation", "flalign", "gather", "gathered",
    "IEEEeqnarray", "math", "multline", "split", "xalignat",
})  # fmt: skip
"""The environments that begin mathematics in the middle of text; each also with a star."""

_TAKES_ARGUMENTS = frozenset({"alignat", "alignedat", "xalignat", "IEEEeqnarray"})
_ARGUMENTS = re.compile(r"(?:[ \t]*+(?:\{[^{}\n]*+\}|\[[^\[\]\n]*+\]))?+")
_INLINE = re.compile(
    r"""(?:[^$\\\n]
    |\\(?:text[a-z]*|mbox|hbox|mathrm)[ ]?\{[^{}$\n]*+(?:\$[^{}$\n]*+\$[^{}$\n]*+)++\}    # a formula in the words of a formula
    |\\[^\n]
    |\\(?=\n)
    |\n(?![ \t]*+\n)
    )*+""",
    re.VERBOSE,
)
_BLANK_LINE = re.compile(r"\n[ \t]*+(?=\n)")
_ESCAPE = re.compile(r"\\[\s\S]")
_BACKTICKS = re.compile("`+")
_BRACE = re.compile(r"[{}]|\\[\s\S]")
_NOT_WORDS = re.compile(r"\\(?:text[a-z]*|mbox|hbox|mathrm|operatorname\*?|begin|end|label|tag)\{[^{}]*+\}|\\[a-zA-Z]++")
_WORDS = re.compile(r"[A-Za-z]{2,}+[,.;:]? +[A-Za-z]{2,}|[A-Za-z]{5,}+|\$|```|~~~|^ {0,3}#", re.MULTILINE)
_SAMPLE = 2_000
"""How far behind a blank line words are looked for: a bound, because many displays that are never closed share their rest."""


@dataclass(frozen=True, slots=True)
class Span:
    """Mathematics with its delimiters: from the first to the last character, the content, and what was wrong with the delimiters, if anything."""

    first: int
    start: int
    end: int
    last: int
    environment: str = ""
    unclosed: str = ""
    mismatched: str = ""


@dataclass
class Delimiters:
    r"""The closing delimiters of a text. `aliases` are commands that stand for \begin{…} or \end{…}: name -> ("begin" or "end", environment)."""

    text: str
    aliases: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    # what is looked for once, in the whole text ---------------------------------------------------------------------
    @cached_property
    def _blank_lines(self) -> list[int]:
        return [match.start() for match in _BLANK_LINE.finditer(self.text)]

    @cached_property
    def _closing(self) -> Mapping[str, list[int]]:
        found: dict[str, list[int]] = {"(": [], ")": [], "[": [], "]": []}
        for match in _ESCAPE.finditer(self.text):
            places = found.get(match.group()[1])
            if places is not None:
                places.append(match.start())
        return found

    @cached_property
    def _doubled(self) -> Mapping[str, list[int]]:
        r"""Markdown in which every backslash is escaped: \\) and \\]."""
        return {bracket: [match.start() for match in re.finditer(rf"\\\\\{bracket}", self.text)] for bracket in ")]"}

    @cached_property
    def braces(self) -> Mapping[int, int]:
        """Where each brace is closed."""
        closed: dict[int, int] = {}
        opened: list[int] = []
        for match in _BRACE.finditer(self.text):
            if match.group() == "{":
                opened.append(match.start())
            elif match.group() == "}" and opened:
                closed[opened.pop()] = match.start()
        return closed

    @cached_property
    def _backticks(self) -> Mapping[int, list[int]]:
        """The runs of backticks by their length."""
        found: dict[int, list[int]] = {}
        for match in _BACKTICKS.finditer(self.text):
            found.setdefault(len(match.group()), []).append(match.start())
        return found

    @cached_property
    def boundary(self) -> re.Pattern[str]:
        """The beginning or the end of an environment: groups name the word and the environment, or the alias."""
        names = "|".join(sorted(map(re.escape, self.aliases), key=len, reverse=True))
        alias = rf"|\\({names})(?![a-zA-Z])" if names else "|(?!)()"
        return re.compile(rf"\\(begin|end)[ \t]*+\{{[ \t]*+([a-zA-Z]++\*?+)[ \t]*+\}}{alias}")

    def read_boundary(self, match: re.Match[str]) -> tuple[str, str]:
        """("begin" or "end", the environment without its star)."""
        word, name, alias = match.groups()
        if alias:
            word, name = self.aliases[alias]
        return word, name.rstrip("*")

    @cached_property
    def _ends(self) -> Mapping[int, tuple[re.Match[str], str]]:
        r"""Where each \begin is closed: its offset -> the \end and the name there.

        An \end closes the innermost environment of its name among the last few, so that an inner one may be left open; an \end of a name that is not
        open closes the innermost.
        """
        ends: dict[int, tuple[re.Match[str], str]] = {}
        opened: list[tuple[str, int]] = []
        for match in self.boundary.finditer(self.text):
            word, name = self.read_boundary(match)
            if word == "begin":
                opened.append((name, match.start()))
            elif opened:
                depth = next((depth for depth in range(1, min(len(opened), 8) + 1) if opened[-depth][0] == name), 1)
                ends[opened[-depth][1]] = (match, name)
                del opened[-depth:]
        return ends

    # where one thing ends -------------------------------------------------------------------------------------------
    def blank_line(self, offset: int, limit: int) -> int:
        """Where the next blank line begins: the offset of the line break before it, or the limit."""
        position = bisect_left(self._blank_lines, offset)
        return min(self._blank_lines[position], limit) if position < len(self._blank_lines) else limit

    def inline(self, start: int, limit: int) -> int | None:
        """The $ that closes an inline formula whose content begins at `start`."""
        match = _INLINE.match(self.text, start, limit)
        end = match.end() if match is not None else limit
        return end if end < limit and self.text[end] == "$" else None

    def bracket(self, start: int, limit: int, bracket: str, doubled: bool = False) -> int | None:
        r"""The \) or \] behind `start`; `doubled` with two backslashes. None also where another \( or \[ stands before it."""
        closing = _next((self._doubled if doubled else self._closing)[bracket], start, limit)
        again = None if doubled else _next(self._closing["(" if bracket == ")" else "["], start, limit)
        return closing if again is None or closing is None or closing < again else None

    def backticks(self, size: int, start: int, limit: int) -> int | None:
        """The next run of so many backticks."""
        return _next(self._backticks.get(size, []), start, limit)

    def display(self, first: int, start: int, limit: int, closer: int | None, size: int, opener: str) -> Span:
        """A display that is closed at `closer`, if the text up to there is mathematics; else it ends at the next blank line."""
        blank = self.blank_line(start, limit if closer is None else closer)
        if closer is not None and (blank == closer or not self._holds_words(blank, closer)):
            return Span(first, start, closer, closer + size)
        return Span(first, start, blank, blank, unclosed=opener)

    def _holds_words(self, start: int, end: int) -> bool:
        sample = self.text[start : min(end, start + _SAMPLE)]
        return _WORDS.search(_NOT_WORDS.sub("", sample)) is not None

    def environment(self, match: re.Match[str], limit: int) -> Span:
        """The environment that begins at a match of `boundary`."""
        name = self.read_boundary(match)[1]
        start = match.end()
        if name in _TAKES_ARGUMENTS and not match.group(3):
            arguments = _ARGUMENTS.match(self.text, start, limit)
            start = arguments.end() if arguments is not None else start
        found = self._ends.get(match.start())
        if found is None or found[0].end() > limit:
            blank = self.blank_line(start, limit)
            return Span(match.start(), start, blank, blank, environment=name, unclosed=f"\\begin{{{name}}}")
        end, closing = found
        return Span(match.start(), start, end.start(), end.end(), environment=name, mismatched=closing if closing != name else "")


def _next(places: list[int], start: int, limit: int) -> int | None:
    position = bisect_left(places, start)
    return places[position] if position < len(places) and places[position] < limit else None
