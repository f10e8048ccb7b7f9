"""The notation table: every module of this folder that defines NOTATION is a row."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from derivcheck.notes.notations.record import Meaning, Notation, SymbolMeaning

if TYPE_CHECKING:
    from derivcheck.algebra.dims import Dim
    from derivcheck.notes.context import Context
    from derivcheck.notes.grammar import Parse
    from derivcheck.notes.scope import Function
    from derivcheck.notes.syntax import Node, Scripted


@cache
def notations() -> MappingProxyType[str, Notation]:
    """All notations by the name of their file."""
    found: dict[str, Notation] = {}
    for info in pkgutil.iter_modules(__path__):
        notation = getattr(importlib.import_module(f"{__name__}.{info.name}"), "NOTATION", None)
        if notation is not None:
            found[info.name] = notation
    return MappingProxyType(found)


@dataclass(frozen=True)
class Grammar:
    """Everything that the notations say, by what it is about."""

    commands: dict[str, Parse] = field(default_factory=dict)
    environments: dict[str, Parse] = field(default_factory=dict)
    meanings: dict[type[Node], Meaning] = field(default_factory=dict)
    symbols: dict[str, SymbolMeaning] = field(default_factory=dict)
    known_functions: dict[str, Function] = field(default_factory=dict)
    slots: tuple[Callable[[Context, Scripted, str], Dim | None], ...] = ()
    functions: frozenset[str] = frozenset()

    def nearest(self, command: str) -> str:
        """The supported command whose name is nearest to an unknown one, as advice."""
        close = difflib.get_close_matches(command, [*self.commands, "\\sum"], n=1, cutoff=0.75)
        return f"did you mean {close[0]}?" if close else "define it with \\newcommand, or say how it is read: read … as …"


@cache
def grammar() -> Grammar:
    """The union of all notations. Raises ValueError where two of them claim the same command, environment, node, symbol or function."""
    table = notations().values()
    functions = _union(notation.functions for notation in table)
    return Grammar(
        _union(notation.commands for notation in table), _union(notation.environments for notation in table),
        _union(notation.meanings for notation in table), _union(notation.symbols for notation in table), functions,
        tuple(slot for notation in table for slot in notation.slots), frozenset(name for name in functions if len(name) > 1 and name.isalpha()),
    )  # fmt: skip


def _union(tables: Iterable[Any]) -> dict[Any, Any]:
    union: dict[Any, Any] = {}
    for table in tables:
        twice = union.keys() & table.keys()
        if twice:
            raise ValueError(f"two notations define {', '.join(map(str, twice))}")
        union.update(table)
    return union
