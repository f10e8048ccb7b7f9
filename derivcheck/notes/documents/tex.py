"""LaTeX files: formulas, sections, comments that name claims or declare, from \\begin{document} on; macros from everywhere.

Declarations are comment lines that begin with %! :

    %! layout numerator
    %! W: n x m

A claim is named by \\label{…} in its formula, or by a comment line before it: % claim: S2-eq43 (refuted: the weights are those of layer 2)
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from derivcheck.notes.documents.markdown import ENVIRONMENTS
from derivcheck.notes.documents.record import Declarations, Formula, Heading, Label, Passage, Prose, SourceText
from derivcheck.verdict import Problem

_NEXT = re.compile(
    r"""(?P<escape>\\[\\$%&#_{}])|(?P<comment>%[^\n]*)|(?P<section>\\(?P<level>part|chapter|(?:sub){0,2}section|paragraph)\*?\{)|(?P<dollars>\$\$)|(?P<dollar>\$)
    |(?P<round>\\\()|(?P<square>\\\[)|(?P<begin>\\begin\{(?P<name>[a-zA-Z]+)(?P<star>\*?)\})""",
    re.VERBOSE,
)
_VERBATIM = frozenset(("verbatim", "lstlisting", "minted", "comment", "tikzpicture"))
_LEVELS = {"part": 1, "chapter": 1, "section": 2, "subsection": 3, "subsubsection": 4, "paragraph": 5}
_TAG = re.compile(r"\\tag\*?\{([^{}]*)\}")
_LABEL = re.compile(r"\\label\{([^{}]*)\}")
_CLAIM = re.compile(r"%+\s*claim:\s*(?P<name>[\w.:-]+)\s*(?:\((?P<remark>.*)\))?\s*$")
_BLANK = re.compile(r"\n[ \t\r]*\n")


@dataclass(slots=True)
class Tex:
    """A LaTeX text being read."""

    source: SourceText
    passages: list[Passage] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    waiting: list[Label] = field(default_factory=list)
    declared: list[tuple[int, str]] = field(default_factory=list)
    prose: int = 0

    def read(self) -> None:
        text = self.source.text
        begin = text.find("\\begin{document}")
        position = self.prose = begin + len("\\begin{document}") if begin >= 0 else 0
        if begin >= 0:
            self._preamble(begin)
        end = text.find("\\end{document}", position)
        limit = end if end >= 0 else len(text)
        while (match := _NEXT.search(text, position, limit)) is not None:
            position = max(getattr(self, f"_{match.lastgroup if match.lastgroup in _ACTIONS else _action(match)}")(match, limit), match.end())
        self._declarations()
        self._prose_until(limit)

    def _preamble(self, end: int) -> None:
        """Declarations may stand before the document begins."""
        position = 0
        for line in self.source.text[:end].splitlines(keepends=True):
            if line.lstrip().startswith("%!"):
                self._declare(position + line.index("%!") + 2, line.split("%!", 1)[1].rstrip("\r\n"))
            position += len(line)
        self._declarations()

    def _escape(self, match: re.Match[str], limit: int) -> int:
        return match.end()

    def _comment(self, match: re.Match[str], limit: int) -> int:
        written = match.group()
        self._prose_until(match.start())
        claim = _CLAIM.match(written)
        if written.startswith("%!"):
            self._declare(match.start() + 2, written[2:])
        elif claim is not None:
            self.waiting.append(Label(claim["name"], (claim["remark"] or "").strip(), match.start()))
        self.prose = match.end()
        return match.end()

    def _declare(self, offset: int, line: str) -> None:
        self.declared.append((offset, line))

    def _declarations(self) -> None:
        if self.declared:
            first, (last, text) = self.declared[0][0], self.declared[-1]
            self.passages.append(Declarations(first, last + len(text), tuple(self.declared)))
            self.declared = []

    def _section(self, match: re.Match[str], limit: int) -> int:
        self._prose_until(match.start())
        self._declarations()
        stop = self.source.text.find("}", match.end(), limit)
        stop = stop if stop >= 0 else limit
        self.passages.append(Heading(match.start(), stop, _LEVELS[match["level"]], self.source.text[match.end() : stop]))
        self.prose = match.end()
        return match.end()

    def _dollars(self, match: re.Match[str], limit: int) -> int:
        return self._until(match, "$$", True, "", limit)

    def _square(self, match: re.Match[str], limit: int) -> int:
        return self._until(match, "\\]", True, "", limit)

    def _round(self, match: re.Match[str], limit: int) -> int:
        return self._until(match, "\\)", False, "", limit)

    def _dollar(self, match: re.Match[str], limit: int) -> int:
        blank = _BLANK.search(self.source.text, match.end(), limit)
        return self._until(match, "$", False, "", blank.start() if blank is not None else limit)

    def _begin(self, match: re.Match[str], limit: int) -> int:
        name = match["name"]
        closing = f"\\end{{{name}{match['star']}}}"
        if name in _VERBATIM:
            stop = self.source.text.find(closing, match.end(), limit)
            self._prose_until(match.start())
            self.prose = stop + len(closing) if stop >= 0 else limit
            return self.prose
        return self._until(match, closing, True, name, limit) if name in ENVIRONMENTS else match.end()

    def _until(self, match: re.Match[str], closing: str, display: bool, environment: str, limit: int) -> int:
        text = self.source.text
        stop = text.find(closing, match.end(), limit)
        after = stop + len(closing)
        if stop < 0:
            self.problems.append(
                Problem(str(self.source.place(match.start())), f"{match.group()} is not closed by {closing}", "ill-typed", what="the document is not written as it should be")  # noqa: E501
            )  # fmt: skip
            if not display:
                return match.end()
            blank = _BLANK.search(text, match.end(), limit)
            stop = after = blank.start() if blank is not None else limit
        self._prose_until(match.start())
        self._declarations()
        tag, label = _TAG.search(text, match.end(), stop), _LABEL.search(text, match.end(), stop)
        labels = tuple(self.waiting) if self.waiting or label is None else (Label(label[1], "", label.start()),)
        self.waiting = []
        self.passages.append(
            Formula(match.end(), stop, display, environment, tag[1].strip("() ") if tag is not None else "", labels if display or labels else ())
        )
        self.prose = after
        return after

    def _prose_until(self, stop: int) -> None:
        if stop > self.prose:
            if self.source.text[self.prose : stop].strip():
                self._declarations()
            self.passages.append(Prose(self.prose, stop))
        self.prose = max(stop, self.prose)


_ACTIONS = frozenset(("escape", "comment", "dollars", "dollar", "round", "square"))


def _action(match: re.Match[str]) -> str:
    return "section" if match["section"] is not None else "begin"
