"""Files that are no notes, and notes that nobody would write: a message with a place, and never a crash."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path

import pytest

from derivcheck.notes.documents import read_document
from derivcheck.notes.files import read_note
from derivcheck.notes.reader import read

SCRIPT = Path(__file__).resolve().parent.parent.parent / "benchmarks" / "hostile_notes.py"


@pytest.mark.parametrize(
    ("name", "raw", "message"),
    [
        ("a.md", b"", "no mathematics"), ("a.md", b"Only words.", "no mathematics"), ("a.md", b"\x00\x01", "not text"),
        ("a.md", b"\xff\xfe\xfa", "not UTF-8"),
        ("a.ipynb", b"{}", "not a notebook"), ("a.md", b"$$ x = 1", "is not closed"), ("a.tex", b"\\begin{align} x = 1", "is not closed"),
        ("a.md", b"```derivcheck\nlayout numerator\n", "is not closed"),
    ],
)  # fmt: skip
def test_a_message_says_what_is_wrong(name: str, raw: bytes, message: str) -> None:
    assert any(message in problem.message for problem in read_document(name, raw).problems)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (problem,) = read_note(tmp_path / "missing.md").problems
    assert "cannot be read" in problem.message


def test_hostile_notes_are_read_without_a_crash() -> None:
    spec = importlib.util.spec_from_file_location("hostile_notes", SCRIPT)
    if spec is None or spec.loader is None:
        raise ImportError(SCRIPT)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    rng = random.Random(3)
    for number in range(150):
        text = script.hostile(rng)
        assert read(read_document(("a.md", "a.tex")[number % 2], text.encode("utf-8", "surrogatepass")), "a") is not None
