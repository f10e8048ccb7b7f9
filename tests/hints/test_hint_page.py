"""The page on hints is the one that the table gives."""

from __future__ import annotations

from pathlib import Path

from derivcheck.hints import hints
from derivcheck.hints.hint_page import page

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "hints.md"


def test_the_page_on_hints_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m derivcheck.hints.hint_page > docs/hints.md"


def test_every_hint_has_its_section() -> None:
    written = page()
    assert [hint.name for hint in hints() if f"## {hint.name[0].upper()}{hint.name[1:]}\n" not in written] == []
