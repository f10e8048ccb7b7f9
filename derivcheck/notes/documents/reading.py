"""Bytes -> document, by the name of the file. What cannot be read is a problem that says why."""

from __future__ import annotations

from pathlib import PurePath

from derivcheck.notes.documents.blockquotes import unquoted
from derivcheck.notes.documents.damage import repaired
from derivcheck.notes.documents.delimiters import Delimiters
from derivcheck.notes.documents.markdown import Markdown
from derivcheck.notes.documents.notebook import BETWEEN_CELLS, NotANotebook, markdown_of
from derivcheck.notes.documents.passages import Passages
from derivcheck.notes.documents.record import Declarations, Document, Formula, Orphan, SourceText
from derivcheck.notes.documents.tex import tex
from derivcheck.notes.macros import in_force
from derivcheck.verdict import Problem

LARGEST = 16 * 2**20
"""A larger file is not read, in bytes."""


def read_document(name: str, raw: bytes) -> Document:
    """The passages of a file: LaTeX (.tex), a notebook (.ipynb), and by any other name Markdown."""
    if len(raw) > LARGEST:
        return _unreadable(name, f"the file has {len(raw):,} bytes; at most {LARGEST:,} are read")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        return _unreadable(name, f"the file is not UTF-8 text (byte {problem.start})")
    if "\x00" in text:
        return _unreadable(name, "the file holds zero bytes: it is not text")
    # line ends count as in an editor; columns stay as they are
    text = text.replace("\r\n", "\n") if "\n" in text else text.replace("\r", "\n")
    suffix = PurePath(name).suffix.lower()
    warnings: tuple[Problem, ...] = ()
    source = SourceText(name, text)
    if suffix == ".tex":
        passages = tex(lambda delimiters: Passages(source, delimiters), text)
    else:
        if suffix == ".ipynb":
            try:
                source = markdown_of(name, text)
            except NotANotebook as problem:
                return _unreadable(name, str(problem))
        source, warnings = repaired(unquoted(source))
        passages = Passages(source, Delimiters(source.text))
        for start, end in _stretches(source.text, BETWEEN_CELLS if suffix == ".ipynb" else ""):
            Markdown(passages, start, end).read()
    problems = list(passages.problems)
    if not any(isinstance(passage, (Formula, Orphan, Declarations)) for passage in passages.found):
        problems.append(
            Problem(name, "there is no mathematics in it: formulas stand in $…$, $$…$$, \\(…\\), \\[…\\] or an environment", what="nothing was read")
        )
    return Document(source, tuple(passages.found), in_force(passages.macros), tuple(problems), (*warnings, *passages.warnings))


def _stretches(text: str, separator: str) -> list[tuple[int, int]]:
    """The text between separators."""
    found: list[tuple[int, int]] = []
    position = 0
    while separator and (end := text.find(separator, position)) >= 0:
        found.append((position, end))
        position = end + len(separator)
    return [*found, (position, len(text))] if position < len(text) or not found else found


def _unreadable(name: str, message: str) -> Document:
    problem = Problem(name, message, what="the file was not read")
    return Document(SourceText(name, ""), (), (), (problem,), ())
