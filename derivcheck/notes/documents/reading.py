"""Bytes -> document, by the name of the file. What cannot be read is a problem that says why."""

from __future__ import annotations

from derivcheck.notes.documents.markdown import Markdown
from derivcheck.notes.documents.record import Document, SourceText
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
    source = SourceText(name, text)
    reader = Markdown(source, 0, len(text))
    reader.read()
    return Document(source, tuple(reader.passages), (), tuple(reader.problems), ())


def _unreadable(name: str, message: str) -> Document:
    problem = Problem(name, message, what="the file was not read")
    return Document(SourceText(name, ""), (), (), (problem,), ())
