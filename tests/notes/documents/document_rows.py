"""The passages of a document, short enough to compare."""

from __future__ import annotations

from derivcheck.notes.documents import read_document
from derivcheck.notes.documents.record import Declarations, Document, Formula, Heading, Orphan


def document(text: str, name: str = "a.md") -> Document:
    return read_document(name, text.encode("utf-8"))


def formulas(text: str, name: str = "a.md") -> list[str]:
    """The content of every formula; a display stands in double dollars."""
    found = document(text, name)
    return [_content(found, passage) for passage in found.passages if isinstance(passage, Formula)]


def _content(found: Document, formula: Formula) -> str:
    content = found.source.text[formula.start : formula.end].strip()
    return f"$${content}$$" if formula.display else f"${content}$"


def tags(text: str, name: str = "a.md") -> list[str]:
    return [passage.tag for passage in document(text, name).passages if isinstance(passage, Formula) and passage.display]


def named(text: str, name: str = "a.md") -> list[tuple[str, ...]]:
    """(formula, its labels …), and ("words", label) for a claim that stands in words."""
    found = document(text, name)
    rows: list[tuple[str, ...]] = []
    for passage in found.passages:
        if isinstance(passage, Formula):
            rows.append((_content(found, passage), *(label.name for label in passage.labels)))
        elif isinstance(passage, Orphan):
            rows.append(("words", passage.label.name))
    return rows


def remarks(text: str, name: str = "a.md") -> dict[str, str]:
    """The remark of every label."""
    found: dict[str, str] = {}
    for passage in document(text, name).passages:
        labels = passage.labels if isinstance(passage, Formula) else (passage.label,) if isinstance(passage, Orphan) else ()
        found.update((label.name, label.remark) for label in labels)
    return found


def declarations(text: str, name: str = "a.md") -> list[list[str]]:
    return [[line for _, line in passage.lines] for passage in document(text, name).passages if isinstance(passage, Declarations)]


def headings(text: str, name: str = "a.md") -> list[tuple[int, str]]:
    return [(passage.level, passage.title) for passage in document(text, name).passages if isinstance(passage, Heading)]


def problems(text: str, name: str = "a.md") -> list[str]:
    return [f"{problem.place} {problem.message}" for problem in document(text, name).problems]


def warnings(text: str, name: str = "a.md") -> list[str]:
    return [f"{problem.place} {problem.message}" for problem in document(text, name).warnings]
