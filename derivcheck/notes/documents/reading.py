"""Bytes -> document, by the name of the file. What cannot be read is a problem that says why."""

from __future__ import annotations

from pathlib import PurePath

from derivcheck.notes.documents.damage import repaired
from derivcheck.notes.documents.markdown import Markdown
from derivcheck.notes.documents.notebook import NotANotebook, markdown_of
from derivcheck.notes.documents.record import Declarations, Document, Formula, Orphan, SourceText
from derivcheck.notes.documents.tex import Tex
from derivcheck.notes.macros import collect
from derivcheck.verdict import Problem

LARGEST = 16 * 2**20
"""A larger file is not read, in bytes."""


def read_document(name: str, raw: bytes) -> Document:
    """The passages of a file: Markdown, LaTeX or a notebook."""
    if len(raw) > LARGEST:
        return _unreadable(name, f"the file has {len(raw):,} bytes; at most {LARGEST:,} are read")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        return _unreadable(name, f"the file is not UTF-8 text (byte {problem.start})")
    if "\x00" in text:
        return _unreadable(name, "the file holds zero bytes: it is not text")
    suffix = PurePath(name).suffix.lower()
    warnings: tuple[Problem, ...] = ()
    source = SourceText(name, text)
    reader: Markdown | Tex
    if suffix == ".tex":
        reader = Tex(source)
    elif suffix == ".ipynb":
        try:
            source = markdown_of(name, text)
        except NotANotebook as problem:
            return _unreadable(name, str(problem))
        reader = Markdown(source, 0, len(source.text))
    else:
        source, warnings = repaired(source)
        reader = Markdown(source, 0, len(source.text))
    reader.read()
    problems = list(reader.problems)
    if not any(isinstance(passage, (Formula, Orphan, Declarations)) for passage in reader.passages):
        problems.append(
            Problem(name, "there is no mathematics in it: formulas stand in $…$, $$…$$, \\(…\\), \\[…\\] or an environment", what="nothing was read")
        )
    return Document(source, tuple(reader.passages), tuple(collect(source.text, source.place)), tuple(problems), warnings)


def _unreadable(name: str, message: str) -> Document:
    problem = Problem(name, message, what="the file was not read")
    return Document(SourceText(name, ""), (), (), (problem,), ())
