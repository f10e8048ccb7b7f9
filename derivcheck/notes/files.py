"""A file -> what is read from it: the document, and the declarations beside it."""

from __future__ import annotations

from pathlib import Path

from derivcheck.notes.documents import read_document
from derivcheck.notes.documents.record import SourceText
from derivcheck.notes.reader import Note, read
from derivcheck.notes.sidecar import sections
from derivcheck.verdict import Problem

SIDECAR = ".derivcheck"


def read_note(path: Path, declarations: Path | None = None) -> Note:
    """All derivations of a note. Without `declarations`, a file of its name that ends in .derivcheck beside it is taken."""
    try:
        document = read_document(str(path), path.read_bytes())
    except OSError as failure:
        return Note(problems=(Problem(str(path), f"cannot be read: {failure.strerror or failure}", what="the file was not read"),))
    beside = path.with_suffix(SIDECAR)
    chosen = declarations if declarations is not None else beside if beside.is_file() else None
    if chosen is None:
        return read(document, path.stem)
    try:
        source = SourceText(str(chosen), chosen.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as failure:
        return Note(problems=(Problem(str(chosen), f"cannot be read: {failure}", what="the declarations were not read"),))
    parts, problems = sections(source, document.source)
    note = read(document, path.stem, parts, source)
    return Note(note.derivations, (*problems, *note.problems), note.warnings)
