r"""LaTeX files: formulas, sections, comments that name claims or declare, from \begin{document} on; macros from everywhere.

Declarations are comment lines that begin with %! :

    %! layout numerator
    %! W: n x m

A claim is named by \label{…} in its formula, or by a comment line before it: % claim: S2-eq43 (refuted: the weights are those of layer 2)
A macro whose whole body is \begin{equation} or \end{equation} begins or ends a formula like that. Files that are included are not read.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from derivcheck.notes.documents.delimiters import ENVIRONMENTS, Delimiters, Span
from derivcheck.notes.documents.labels import named
from derivcheck.notes.documents.passages import Passages
from derivcheck.notes.documents.record import Label
from derivcheck.notes.macros import Definition, definitions

_UNREAD = re.compile(
    r"\\begin\{(?P<name>verbatim|Verbatim|lstlisting|minted|comment|filecontents|tikzpicture)(?P<star>\*?)\}"
    r"|\\(?:verb|lstinline)\*?(?P<mark>[^a-zA-Z\s*{\[])|\\[\s\S]|(?P<comment>%[^\n]*+)"
)
_SECTION = r"\\(?P<level>part|chapter|(?:sub){0,2}section|(?:sub)?paragraph)\*?\s*+(?:\[[^\[\]\n]*+\])?\s*+(?=\{)"
_LONGEST_TITLE = 500
_LEVELS = {"part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5, "subparagraph": 6}
_ALIAS = re.compile(r"\s*\\(begin|end)\{([a-zA-Z]+)\*?\}\s*")
_CLAIM = re.compile(r"%+[ \t]*claims?:(?P<names>.*)")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment line: where it begins, and its text with the %."""

    start: int
    text: str


@dataclass(slots=True)
class Tex:
    """A LaTeX text being read."""

    passages: Passages
    comments: list[Comment]
    definitions: list[Definition]
    waiting: list[Label] = field(default_factory=list)
    blocks: deque[list[Comment]] = field(default_factory=deque)

    @property
    def text(self) -> str:
        """The text without comments and verbatim material, every character in its place."""
        return self.passages.delimiters.text

    def read(self) -> None:
        begin = self.text.find("\\begin{document}")
        position = begin + len("\\begin{document}") if begin >= 0 else 0
        end = self.text.find("\\end{document}", position)
        limit = end if end >= 0 else len(self.text)
        for declared in _blocks([comment for comment in self.comments if comment.start < position], self.text):
            self._declarations(declared)
        self.passages.position = position
        self.passages.macros += self.definitions
        self.blocks.extend(_blocks([comment for comment in self.comments if position <= comment.start < limit], self.text))
        self._read(position, limit)
        self._orphans()
        self.passages.prose(limit)

    def _read(self, position: int, limit: int) -> None:
        """Everything from here to the limit in order: what begins a passage, the definitions of macros, comments."""
        ends = {definition.start: definition.end for definition in self.definitions}
        actions: Mapping[str | None, Callable[[re.Match[str], int], int]] = {
            "dollars": self._dollars, "dollar": self._dollar, "round": self._round, "square": self._square, "begin": self._begin,
            "section": self._section, "included": self._included,
        }  # fmt: skip
        following = _next_pattern(self.passages.delimiters)
        while True:
            match = following.search(self.text, position, limit)
            here = limit if match is None else match.start()
            while self.blocks and self.blocks[0][0].start < here:
                self._comments(self.blocks.popleft())
            if match is None:
                break
            definition_end = ends.get(match.start())
            if definition_end is not None:
                self.passages.skip(match.start(), definition_end)
                position = definition_end
            else:
                action = actions.get(match.lastgroup)
                position = match.end() if action is None else action(match, limit)

    # comments -------------------------------------------------------------------------------------------------------
    def _comments(self, block: list[Comment]) -> None:
        """Comment lines that stand together: declarations, names of claims, or nothing to be read."""
        first, last = block[0], block[-1]
        self.passages.skip(first.start, last.start + len(last.text))
        if first.text.startswith("%!"):
            self._orphans()
            self._declarations(block)
            return
        for label in _claims(block):
            if self.waiting and not self._is_near(label.start):
                self._orphans()
            self.waiting.append(label)

    def _declarations(self, block: list[Comment]) -> None:
        lines = tuple((comment.start + 2, comment.text[2:].rstrip()) for comment in block if comment.text.startswith("%!"))
        if lines:
            self.passages.declarations(lines[0][0], lines[-1][0] + len(lines[-1][1]), lines)

    def _is_near(self, start: int) -> bool:
        """Whether nothing but a blank line stands between the claim that waits and this place."""
        between = self.text[self.waiting[-1].start : start]
        return not between.strip() and between.count("\n") <= 2

    def _orphans(self) -> None:
        for label in self.waiting:
            self.passages.orphan(label)
        self.waiting = []

    # what begins here -----------------------------------------------------------------------------------------------
    def _section(self, match: re.Match[str], limit: int) -> int:
        line = self.text.find("\n", match.end(), limit)
        closing = self.passages.delimiters.braces.get(match.end(), limit if line < 0 else line)
        closing = min(closing, limit, match.end() + _LONGEST_TITLE)
        self._orphans()
        self.passages.heading(match.start(), closing, _LEVELS[match["level"]], self.text[match.end() + 1 : closing])
        self.passages.position = min(match.end() + 1, limit)
        return self.passages.position

    def _included(self, match: re.Match[str], limit: int) -> int:
        self.passages.warning(match.start(), f"the file {match['file'].strip()} is not read: check it on its own")
        return match.end()

    def _dollars(self, match: re.Match[str], limit: int) -> int:
        closer = self.text.find("$$", match.end(), limit)
        return self._formula(self.passages.delimiters.display(match.start(), match.end(), limit, None if closer < 0 else closer, 2, "$$"), True)

    def _square(self, match: re.Match[str], limit: int) -> int:
        delimiters = self.passages.delimiters
        closer = delimiters.bracket(match.end(), limit, "]")
        return self._formula(delimiters.display(match.start(), match.end(), limit, closer, 2, "\\["), True)

    def _round(self, match: re.Match[str], limit: int) -> int:
        delimiters = self.passages.delimiters
        closer = delimiters.bracket(match.end(), limit, ")")
        return self._inline(match, closer, 2, delimiters.blank_line(match.end(), limit))

    def _dollar(self, match: re.Match[str], limit: int) -> int:
        closer = self.passages.delimiters.inline(match.end(), limit)
        return self._inline(match, closer, 1, limit)

    def _inline(self, match: re.Match[str], closer: int | None, size: int, limit: int) -> int:
        if closer is None or closer > limit:
            self.passages.problem(match.start(), f"{match.group()} is not closed in its paragraph")
            return match.end()
        return self._formula(Span(match.start(), match.end(), closer, closer + size), False)

    def _begin(self, match: re.Match[str], limit: int) -> int:
        delimiters = self.passages.delimiters
        found = delimiters.boundary.match(self.text, match.start(), limit)
        if found is None or delimiters.read_boundary(found)[0] == "end" or delimiters.read_boundary(found)[1] not in ENVIRONMENTS:
            return match.end()
        span = delimiters.environment(found, limit)
        return self._formula(span, span.environment != "math")

    def _formula(self, span: Span, display: bool) -> int:
        labels: tuple[Label, ...] = ()
        if self.waiting and self._is_near(span.first):
            labels, self.waiting = tuple(self.waiting), []
        self._orphans()
        while self.blocks and self.blocks[0][0].start < span.last:
            block = self.blocks.popleft()
            labels = (*labels, *_claims(block))
            if block[0].text.startswith("%!"):
                self.passages.problem(block[0].start, "declarations within a formula are not read: write them before it")
        self.passages.formula(span, display, labels)
        return self.passages.position


def tex(passages_of: Callable[[Delimiters], Passages], text: str) -> Passages:
    """The passages of a LaTeX text; `passages_of` begins them, with the delimiters of the text."""
    masked, comments = _masked(text)
    delimiters = Delimiters(masked)
    passages = passages_of(delimiters)
    found = list(definitions(masked, lambda: delimiters.braces, 0, len(masked), passages.source.place))
    delimiters.aliases = _aliases(found)
    Tex(passages, comments, found).read()
    return passages


def _masked(text: str) -> tuple[str, list[Comment]]:
    """The text with spaces for comments and verbatim material, and the comments."""
    pieces: list[str] = []
    comments: list[Comment] = []
    position = 0
    for start, end, is_comment in _unread(text):
        pieces += (text[position:start], re.sub(r"[^\n]", " ", text[start:end]))
        position = end
        if is_comment:
            comments.append(Comment(start, text[start:end].rstrip("\r")))
    return "".join((*pieces, text[position:])), comments


def _unread(text: str) -> list[tuple[int, int, bool]]:
    """Where comments and verbatim material stand: start, end, whether it is a comment."""
    found: list[tuple[int, int, bool]] = []
    position = 0
    while (match := _UNREAD.search(text, position)) is not None:
        position = match.end()
        if match["comment"]:
            found.append((match.start(), match.end(), True))
            continue
        if match["name"]:
            closing = text.find(f"\\end{{{match['name']}{match['star']}}}", position)
            position = len(text) if closing < 0 else closing
        elif match["mark"]:
            line = text.find("\n", position)
            closing = text.find(match["mark"], position, len(text) if line < 0 else line)
            if closing < 0:
                continue
            position = closing + 1
        else:
            continue
        found.append((match.start(), position, False))
    return found


def _blocks(comments: list[Comment], text: str) -> list[list[Comment]]:
    """Comments in blocks: declarations that follow each other, and the comments between them, with nothing but white space between the lines."""
    blocks: list[list[Comment]] = []
    for comment in comments:
        last = blocks[-1][-1] if blocks else None
        if last is not None and last.text.startswith("%!") == comment.text.startswith("%!") and not text[last.start : comment.start].strip():
            blocks[-1].append(comment)
        else:
            blocks.append([comment])
    return blocks


def _claims(block: list[Comment]) -> list[Label]:
    """The claims that comment lines name."""
    found: list[Label] = []
    for comment in block:
        claim = _CLAIM.match(comment.text)
        if claim is not None:
            found += named(claim["names"], comment.start + claim.start("names"))
    return found


def _aliases(found: list[Definition]) -> dict[str, tuple[str, str]]:
    """The macros that stand for the beginning or the end of an environment: be -> begin equation."""
    aliases: dict[str, tuple[str, str]] = {}
    for definition in found:
        macro = definition.macro
        body = _ALIAS.fullmatch(macro.body) if macro is not None and macro.arguments == 0 else None
        if macro is not None and body is not None and body.group(2) in ENVIRONMENTS and macro.name[1:].isalpha():
            aliases[macro.name[1:]] = (body.group(1), body.group(2))
    return aliases


def _next_pattern(delimiters: Delimiters) -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, delimiters.aliases), key=len, reverse=True))
    alias = rf"|\\(?:{names})(?![a-zA-Z])" if names else ""
    return re.compile(
        rf"(?P<begin>\\begin[ \t]*+\{{{alias})|(?P<section>{_SECTION})|(?P<included>\\(?:input|include|subfile)[ \t]*+\{{(?P<file>[^{{}}\n]*+)\}})"
        r"|(?P<round>\\\()|(?P<square>\\\[)|(?P<escape>\\(?:[a-zA-Z]++|[\s\S]))|(?P<dollars>\$\$)|(?P<dollar>\$)"
    )
