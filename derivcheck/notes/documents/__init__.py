"""Documents: files as passages, in the order of their text."""

from derivcheck.notes.documents.reading import read_document

__all__ = ["read_document"]
