"""Macros (stub)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derivcheck.language.places import Place
from derivcheck.notes.tokens import Token


@dataclass(frozen=True, slots=True)
class Macro:
    name: str
    arguments: int
    default: str | None
    body: str
    place: Place


def expand(tokens: Sequence[Token], macros: Sequence[Macro]) -> Sequence[Token]:
    return tokens
