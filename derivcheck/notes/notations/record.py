"""The notation record: one file = one notation, with examples that are understood and examples that are not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from derivcheck.language.terms import Term
from derivcheck.notes.syntax import Node

if TYPE_CHECKING:
    from derivcheck.algebra.dims import Dim
    from derivcheck.notes.context import Context
    from derivcheck.notes.grammar import Parse
    from derivcheck.notes.scope import Function
    from derivcheck.notes.syntax import Scripted

Meaning = Callable[["Context", Any], Term]
"""Of one kind of node each: the table says which."""
SymbolMeaning = Callable[["Context", "Node"], "Term | None"]
"""The meaning of a symbol that nothing declares (δ, e, 1); None where it has none here."""


@dataclass(frozen=True, slots=True)
class Example:
    """LaTeX that is understood: under these declarations it reads as `reads`, in the text notation of reports."""

    latex: str
    reads: str
    declarations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """LaTeX that is not understood, and what is said about it (the message contains this)."""

    latex: str
    says: str
    declarations: tuple[str, ...] = ()
    word: Literal["unsupported", "ill-typed"] = "unsupported"


@dataclass(frozen=True, slots=True)
class Stated:
    """A whole formula, and the claims and definitions that it makes, in order: "left = right", "name = …, a definition", or why it is not
    understood."""

    latex: str
    says: tuple[str, ...]
    declarations: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Notation:
    """One notation, everything that is known about it.

    title           what it is, as the documentation names it
    rule            how it is read, one or two sentences
    examples        understood; not_understood: its neighbours that are not
    statements      whole formulas that show it, with what they say
    commands        a command or sign -> how what follows it is parsed
    environments    an environment -> how its content is parsed
    meanings        a kind of node -> the term that it means
    symbols         a symbol that nothing declares -> its meaning
    functions       the name of a function -> the function
    slots           (context, node, key) -> the dimension of the slot in which a subscript stands, for inferring ranges
    """

    title: str
    rule: str
    examples: tuple[Example, ...]
    not_understood: tuple[NotUnderstood, ...]
    statements: tuple[Stated, ...] = ()
    commands: Mapping[str, Parse] = field(default_factory=dict)
    environments: Mapping[str, Parse] = field(default_factory=dict)
    meanings: Mapping[type[Node], Meaning] = field(default_factory=dict)
    symbols: Mapping[str, SymbolMeaning] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    slots: tuple[Callable[[Context, Scripted, str], Dim | None], ...] = ()
