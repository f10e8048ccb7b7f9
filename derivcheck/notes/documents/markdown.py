r"""Markdown: formulas, labels, headings and blocks of declarations, in one pass over the text.

Mathematics is $…$, $$…$$ (always a display), \(…\), \[…\], also with two backslashes, ```math, $`…`$, and an environment that stands in the text
itself. An inline formula does not go across a blank line; a $ of an amount of money is none. Code spans, fenced code, HTML comments and front matter
hold no mathematics; text that is merely indented is text, because formulas of lists are indented too. A block ```derivcheck is declarations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from derivcheck.notes.documents.delimiters import ENVIRONMENTS, Delimiters, Span
from derivcheck.notes.documents.labels import Labels, labels_at
from derivcheck.notes.documents.passages import Passages
from derivcheck.notes.documents.record import Label
from derivcheck.notes.macros import definition_at

_NEXT = re.compile(
    r"""(?P<doubled>\\\\[(\[])|(?P<round>\\\()|(?P<square>\\\[)|(?P<begin>\\begin[ \t]*+\{)|(?P<escape>\\[\s\S])
    |(?P<fence>^[ \t]*+(?:[-*+][ \t]++)?(?P<mark>`{3,}+|~{3,}+)(?P<info>[^`\n]*+)$)|(?P<heading>^[ ]{0,3}\#{1,6}(?=[ \t\n]))
    |(?P<underline>^[ ]{0,3}(?:=+|--+)[ \t]*$)
    |(?P<dollars>\$\$)|(?P<ticked>\$`)|(?P<dollar>\$)|(?P<code>`++)|(?P<bold>\*\*)|(?P<comment><!--)|(?P<tag><(?P<element>pre|code|script|style|samp|kbd)\b[^<>\n]*+>)""",
    re.VERBOSE | re.MULTILINE,
)
_DEFINES = re.compile(r"\\(?:re|provide)?newcommand|\\renewcommand|\\providecommand|\\[gx]?def(?![a-zA-Z])|\\Declare|\\(?:New|Renew|Provide)Document")
_FENCE_END = re.compile(r"^[ \t]*+(`{3,}+|~{3,}+)[ \t]*+$", re.MULTILINE)
_FRONT = re.compile(r"---[ \t]*+\n(?:(?!(?:---|\.\.\.)[ \t]*+\n)[^\n]*+\n){0,400}+(?:---|\.\.\.)[ \t]*+(?:\n|\Z)")
_NOT_A_TITLE = re.compile(r"[ \t]*(?:$|[-*+>|#=]|[0-9]+[.)]|\$\$)")
_MONEY = re.compile(r"[0-9][0-9.,]*+\s+[A-Za-z]{2,}")
_PLAIN_WORDS = re.compile(r"[A-Za-z]{2,}+[,.;:]?\s+[A-Za-z]{2,}")
_ESCAPED_WORDS = re.compile(r"[\w\s.,;:'’!?&/()\[\]-]*+")
_OPENERS = frozenset({"doubled", "round", "square", "begin", "fence", "dollars", "ticked", "dollar"})
_LONGEST_ELEMENT = 10_000
"""How far the end of an HTML element or of $`…`$ is looked for."""


@dataclass(slots=True)
class Markdown:
    """One stretch of Markdown being read into `passages`: a document, or a cell of a notebook."""

    passages: Passages
    start: int
    end: int
    waiting: Labels | None = None
    none_until: dict[str, int] = field(default_factory=dict)
    """There is no such mark up to here."""
    unnamed_until: int = 0
    """No label up to here stands before a formula."""

    def read(self) -> None:
        text = self.passages.source.text
        self.passages.position = position = self.start
        front = _FRONT.match(text, 0, self.end) if self.start == 0 else None
        if front is not None:
            self.passages.position = position = front.end()
        actions: Mapping[str | None, Callable[[re.Match[str]], int]] = {
            "doubled": self._bracket, "round": self._bracket, "square": self._bracket, "begin": self._begin, "escape": self._escape,
            "fence": self._fence, "heading": self._heading, "underline": self._underline, "dollars": self._dollars, "ticked": self._ticked,
            "dollar": self._dollar, "code": self._code, "bold": self._bold, "comment": self._comment, "tag": self._element,
        }  # fmt: skip
        while (match := _NEXT.search(text, position, self.end)) is not None:
            position = actions[match.lastgroup](match)
        self._give_up()
        self.passages.prose(self.end)

    @property
    def text(self) -> str:
        return self.passages.source.text

    @property
    def delimiters(self) -> Delimiters:
        return self.passages.delimiters

    # blocks ---------------------------------------------------------------------------------------------------------
    def _fence(self, match: re.Match[str]) -> int:
        """A block of code: declarations, mathematics, or nothing to be read."""
        words = match["info"].replace("{", " ").replace("}", " ").split()
        kind = words[0].lower().lstrip(".") if words else ""
        if kind != "math":
            self._give_up()
        begin = min(match.end() + 1, self.end)
        stop, after = self._fence_end(match["mark"], begin)
        if after is None:
            if kind in ("derivcheck", "math"):
                stop = after = max(self.delimiters.blank_line(begin, self.end), begin)
            else:
                stop = after = self.end
            if kind != "math":
                line = self.passages.source.place(stop).line
                self.passages.problem(match.start(), f"the block {match['mark'][:3]}{kind} is not closed; it was taken to end in line {line}")
        if kind == "math":
            unclosed = "```math" if self._fence_end(match["mark"], begin)[1] is None else ""
            self._formula(Span(match.start(), min(begin, stop), stop, after, unclosed=unclosed), True)
            return after
        self.passages.skip(match.start(), after)
        if kind == "derivcheck":
            self.passages.declarations(begin, stop, _lines(self.text, begin, stop))
        return after

    def _fence_end(self, mark: str, begin: int) -> tuple[int, int | None]:
        for closing in _FENCE_END.finditer(self.text, begin, self.end):
            if closing.group(1).startswith(mark):
                return closing.start(), closing.end()
        return self.end, None

    def _heading(self, match: re.Match[str]) -> int:
        end = self.text.find("\n", match.start(), self.end)
        end = self.end if end < 0 else end
        self._give_up()
        self.passages.heading(match.start(), end, len(match.group().strip()), self.text[match.end() : end].strip(" \t#"))
        self.passages.position = match.end()
        return match.end()

    def _underline(self, match: re.Match[str]) -> int:
        """A line of = or - below a line of text makes that a heading."""
        begin = self.text.rfind("\n", 0, max(match.start() - 1, 0)) + 1
        title = self.text[begin : max(match.start() - 1, 0)]
        if begin >= self.start and _NOT_A_TITLE.match(title) is None and self.passages.position <= match.start():
            self._give_up()
            self.passages.heading(match.start(), match.end(), 1 if "=" in match.group() else 2, title)
            self.passages.position = match.end()
        return match.end()

    def _comment(self, match: re.Match[str]) -> int:
        closing = self.text.find("-->", match.end(), self.end)
        if closing < 0:
            self.passages.problem(match.start(), "<!-- is not closed by -->; what stands behind it was not read")
        after = self.end if closing < 0 else closing + 3
        self.passages.skip(match.start(), after)
        return after

    def _element(self, match: re.Match[str]) -> int:
        """An HTML element that holds code; only a block may hold blank lines."""
        mark, position = f"</{match['element']}>", match.end()
        limit = self.end if match["element"] in ("pre", "script", "style") else self.delimiters.blank_line(position, self.end)
        limit = min(limit, position + _LONGEST_ELEMENT)
        closing = self.text.find(mark, max(position, self.none_until.get(mark, 0)), limit)
        if closing < 0:
            self.none_until[mark] = max(limit - len(mark), position)
            return position
        self.passages.skip(match.start(), closing + len(mark))
        return closing + len(mark)

    def _code(self, match: re.Match[str]) -> int:
        """A code span ends at the next run of as many backticks, in the same paragraph."""
        size = len(match.group())
        closing = self.delimiters.backticks(size, match.end(), self.delimiters.blank_line(match.end(), self.end))
        return match.end() if closing is None else closing + size

    # formulas -------------------------------------------------------------------------------------------------------
    def _escape(self, match: re.Match[str]) -> int:
        """An escaped character, or the definition of a macro."""
        if _DEFINES.match(self.text, match.start(), self.end) is not None:
            definition = definition_at(self.text, lambda: self.delimiters.braces, match.start(), self.end, self.passages.source.place)
            if definition is not None:
                self.passages.skip(match.start(), definition.end)
                self.passages.macros.append(definition)
                return definition.end
        return match.end()

    def _dollars(self, match: re.Match[str]) -> int:
        closer = self.text.find("$$", match.end(), self.end)
        span = self.delimiters.display(match.start(), match.end(), self.end, None if closer < 0 else closer, 2, "$$")
        if span.first + 2 == span.last and span.unclosed:
            self.passages.problem(match.start(), "$$ is not closed")
        else:
            self._formula(span, True)
        return span.last

    def _bracket(self, match: re.Match[str]) -> int:
        """\\(…\\) and \\[…\\]; in Markdown also brackets that are escaped, which hold words."""
        doubled = match.lastgroup == "doubled"
        bracket = ")" if match.group().endswith("(") else "]"
        closer = self.delimiters.bracket(match.end(), self.end, bracket, doubled)
        size = 3 if doubled else 2
        if closer is not None and _is_words(self.text, match.end(), closer):
            return match.end()
        if bracket == ")":
            if closer is None or closer > self.delimiters.blank_line(match.end(), self.end):
                return match.end()
            self._formula(Span(match.start(), match.end(), closer, closer + size), False)
            return closer + size
        if closer is None and (doubled or _is_words(self.text, match.end(), self.delimiters.blank_line(match.end(), self.end))):
            return match.end()
        span = self.delimiters.display(match.start(), match.end(), self.end, closer, size, match.group())
        self._formula(span, True)
        return span.last

    def _ticked(self, match: re.Match[str]) -> int:
        closer = self.text.find("`$", match.end(), min(self.delimiters.blank_line(match.end(), self.end), match.end() + _LONGEST_ELEMENT))
        if closer < 0:
            return match.start() + 1
        self._formula(Span(match.start(), match.end(), closer, closer + 2), False)
        return closer + 2

    def _dollar(self, match: re.Match[str]) -> int:
        closer = self.delimiters.inline(match.end(), self.end)
        if closer is None or not self._is_formula(match.end(), closer):
            self._lone_dollar(match.start(), closer)
            return match.end()
        self._formula(Span(match.start(), match.end(), closer, closer + 1), False)
        return closer + 1

    def _is_formula(self, start: int, closer: int) -> bool:
        """Whether what stands between two $ is mathematics, and not words between amounts of money."""
        content = self.text[start:closer]
        if not content.strip() or _MONEY.match(content):
            return False
        if content[0].isdigit() and self.text[closer + 1 : closer + 2].isdigit():
            return False
        return not (content[0].isspace() and _PLAIN_WORDS.search(content) and not any(sign in content for sign in "\\^_="))

    def _lone_dollar(self, start: int, closer: int | None) -> None:
        """A warning, unless it is an amount of money."""
        if closer is None and not self.text[start + 1 : start + 2].isdigit():
            self.passages.warning(start, "a $ without a partner in its paragraph; write \\$ for a dollar sign")

    def _begin(self, match: re.Match[str]) -> int:
        found = self.delimiters.boundary.match(self.text, match.start(), self.end)
        if found is None or self.delimiters.read_boundary(found)[1] not in ENVIRONMENTS:
            return match.end()
        span = self.delimiters.environment(found, self.end)
        self._formula(span, span.environment != "math")
        return span.last

    def _formula(self, span: Span, display: bool) -> None:
        labels: tuple[Label, ...] = ()
        waiting = self.waiting
        if waiting is not None and waiting.end <= span.first <= waiting.formula and not self.text[span.first : waiting.formula].strip():
            labels, self.waiting = waiting.labels, None
        self._give_up()
        self.passages.formula(span, display, labels)

    # labels ---------------------------------------------------------------------------------------------------------
    def _bold(self, match: re.Match[str]) -> int:
        found = labels_at(self.text, match.start(), self.end) if match.start() >= self.unnamed_until else None
        if found is None:
            return match.end()
        self._give_up()
        line = self.text.rfind("\n", found.end, found.formula) + 1
        opener = _NEXT.match(self.text, line, self.end) if line else None
        if opener is None or opener.lastgroup != "fence":
            opener = _NEXT.match(self.text, found.formula, self.end)
        if opener is not None and opener.lastgroup in _OPENERS:
            self.waiting = found
            return opener.start()
        if found.is_claim:
            self.passages.prose(found.start)
            self._orphans(found)
            self.passages.position = max(self.passages.position, found.end)
        elif found.remark is not None:
            if found.begins_line:
                self.passages.warning(found.start, f"{found.labels[0].name} names no formula, and its remark begins with no verdict")
            self.unnamed_until = found.end
            return found.remark
        return found.end

    def _orphans(self, found: Labels) -> None:
        for label in found.labels:
            self.passages.orphan(label)

    def _give_up(self) -> None:
        """Labels whose formula turned out to be none."""
        if self.waiting is not None:
            if self.waiting.is_claim:
                self.passages.prose(self.waiting.start)
                self._orphans(self.waiting)
            self.waiting = None


def _is_words(text: str, start: int, end: int) -> bool:
    """Whether this is words or a number in brackets, such as [12] and (see below), and not a formula."""
    if end - start > 200 or _ESCAPED_WORDS.fullmatch(text, start, end) is None:
        return False
    content = text[start:end].strip()
    return content.isdigit() or not content or re.search(r"[^\W\d_]{3}", content) is not None


def _lines(text: str, begin: int, stop: int) -> tuple[tuple[int, str], ...]:
    """The lines of a block: offset and text."""
    found = []
    position = begin
    for line in text[begin:stop].split("\n"):
        found.append((position, line.rstrip("\r")))
        position += len(line) + 1
    return tuple(found[:-1] if found and not found[-1][1] else found)
