"""What is meant by dots: entries that are equal but for one subscript that runs 1, 2, …, n (anti-unification)."""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass, replace
from typing import Any

from derivcheck.notes.scripts import split_digits
from derivcheck.notes.substitution import substituted
from derivcheck.notes.syntax import Node, Numeral, Scripted, Symbol
from derivcheck.notes.trees import walk, with_parts


@dataclass(frozen=True, slots=True)
class Pattern:
    """The generic entry, and what stands in each entry in place of its variable."""

    entry: Node
    values: tuple[Node, ...]


def pattern(entries: Many[Node], variable: str) -> Pattern | None:
    """The pattern of at least two entries; None where they do not differ in one value alone, or differ in more than the places of one."""
    entries = _with_digits_apart(entries)
    places: list[tuple[Node, ...]] = []
    generic = _generic(entries, variable, places)
    if not isinstance(generic, Node) or not places or generic.key == variable:
        return None
    values = places[0]
    keys = [value.key for value in values]
    if any([value.key for value in place] != keys for place in places) or len(set(keys)) != len(keys):
        return None
    if not all(same_writing(substituted(generic, {variable: value}), entry) for value, entry in zip(values, entries, strict=True)):
        return None
    return Pattern(generic, values)


def same_writing(one: object, other: object) -> bool:
    """Whether two nodes are spelled the same, wherever they stand; vector marks do not count."""
    if isinstance(one, Symbol) and isinstance(other, Symbol):
        return one.name == other.name
    if isinstance(one, Node):
        fields = [name for name in type(one).__dataclass_fields__ if name not in ("start", "end")]
        return type(one) is type(other) and all(same_writing(getattr(one, name), getattr(other, name)) for name in fields)
    if isinstance(one, tuple):
        return isinstance(other, tuple) and len(one) == len(other) and all(map(same_writing, one, other))
    return one == other


def _generic(entries: Many[object], variable: str, places: list[tuple[Node, ...]]) -> object:
    """The first entry with the variable wherever the entries differ; the differing parts are added to `places`. None where they are no nodes."""
    first = entries[0]
    if isinstance(first, Node):
        if all(same_writing(first, entry) for entry in entries):
            return first
        if any(type(entry) is not type(first) for entry in entries) or isinstance(first, (Numeral, Symbol)):
            if not all(isinstance(entry, Node) for entry in entries):
                return None
            places.append(tuple(entry for entry in entries if isinstance(entry, Node)))
            return Symbol(first.start, first.end, variable)
        return _generic_fields(first, entries, variable, places)
    if isinstance(first, tuple):
        if any(not isinstance(entry, tuple) or len(entry) != len(first) for entry in entries):
            return None
        rows = [entry for entry in entries if isinstance(entry, tuple)]
        items = [_generic(parts, variable, places) for parts in zip(*rows, strict=True)]
        return None if any(item is None for item in items) else tuple(items)
    return first if all(entry == first for entry in entries) else None


def _generic_fields(first: Node, entries: Many[object], variable: str, places: list[tuple[Node, ...]]) -> Node | None:
    changes: dict[str, Any] = {}
    for name in type(first).__dataclass_fields__:
        if name in ("start", "end") or all(getattr(entry, name) is None for entry in entries):
            continue
        changes[name] = _generic([getattr(entry, name) for entry in entries], variable, places)
        if changes[name] is None:
            return None
    return replace(first, **changes)


def _with_digits_apart(entries: Many[Node]) -> list[Node]:
    """W_{k11} as W_{k,1,1}, where another entry is W_{k1n}."""
    widths: dict[str, int] = {}
    for entry in entries:
        for inner in walk(entry):
            if isinstance(inner, Scripted):
                widths[inner.core.key] = max(widths.get(inner.core.key, 0), len(inner.subs))
    return [_apart(entry, widths) for entry in entries]


def _apart(node: Node, widths: dict[str, int]) -> Node:
    found = with_parts(node, lambda inner: _apart(inner, widths))
    if isinstance(found, Scripted) and found.subs:
        subs = split_digits(found.subs, widths.get(found.core.key, 0))
        found = found if subs == found.subs else replace(found, subs=subs)
    return found
