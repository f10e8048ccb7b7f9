"""What stands behind a statement and is none: z = x & y, z = x \\quad + y. A formula of which only a part would be read is not read."""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import replace
from typing import TYPE_CHECKING

from derivcheck.notes.grammar import MULTIPLICATION, WIDE
from derivcheck.notes.syntax import Bracketed, Dots, Numeral, Relation, Sequence, Word
from derivcheck.notes.tokens import Token
from derivcheck.notes.unsupported import Unsupported

if TYPE_CHECKING:
    from derivcheck.notes.statements import Statement

SIGNS = frozenset({"+", "-", "\\pm", "\\mp"}) | MULTIPLICATION
CONNECTIVES = frozenset(["and", "or", "where", "with", "hence", "so", "thus", "then", "therefore", "for", "if", "because", "since", "but"])
_ALIGNMENT = frozenset({"align", "newline"})
_BLANK = WIDE | {".", ":", "\\\\"}


def is_loose(before: Statement, behind: Statement, first: Token, tokens: Many[Token]) -> bool:
    """Whether a statement, whose first token is given, only looks like one.

    It does where it begins with a sign, or is a formula without a relation that nothing parts from the one before.
    """
    start = before.members[-1].end
    between = [token for token in tokens if start <= token.start and token.end <= first.start]
    member = behind.members[0]
    if member.sign or any(token.text in (",", ";") for token in between):
        return False
    if first.text in SIGNS:
        words = behind.text.lower().split()
        return not (first.text == "-" and len(behind.members) > 1 and words and words[0].strip(",.:") in CONNECTIVES)
    lone = len(behind.members) == 1 and not isinstance(member.written, Dots) and not _may_stand_alone(member.written)
    return lone and all(token.kind in _ALIGNMENT or token.text in _BLANK for token in between)


def _may_stand_alone(written: object) -> bool:
    """Whether something in brackets is a remark: a condition, (i ≠ j), or a number, (3)."""
    if not isinstance(written, Bracketed):
        return False
    items = written.body.items if isinstance(written.body, Sequence) else (written.body,)
    return all(isinstance(item, (Relation, Numeral, Word)) for item in items)


def with_loose_end(before: Statement, behind: Statement, text: str) -> Statement:
    """The statement whose last member is not understood, because something follows it."""
    member = behind.members[0]
    problem = Unsupported(
        f"{text[member.start : member.end].strip()[:40]} behind the formula",
        member.start,
        member.end,
        "join both with a sign, or part them with a comma",
    )
    return replace(before, members=(*before.members[:-1], replace(before.members[-1], written=problem)))
