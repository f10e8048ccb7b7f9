"""What is meant by dots: entries that are equal but for one subscript that runs 1, 2, …, n (anti-unification)."""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass, replace
from typing import Any

from derivcheck.notes.scripts import split_digits
from derivcheck.notes.substitution import substituted
from derivcheck.notes.syntax import Node, Numeral, Scripted, Symbol


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
        for scripted in _scripted(entry):
            widths[scripted.core.key] = max(widths.get(scripted.core.key, 0), len(scripted.subs))
    return [_apart(entry, widths) for entry in entries]


def _scripted(node: object) -> list[Scripted]:
    if isinstance(node, tuple):
        return [found for item in node for found in _scripted(item)]
    if not isinstance(node, Node):
        return []
    inner = [found for name in type(node).__dataclass_fields__ for found in _scripted(getattr(node, name))]
    return [node, *inner] if isinstance(node, Scripted) else inner


def _apart(node: Node, widths: dict[str, int]) -> Node:
    changes: dict[str, Any] = {}
    for name in type(node).__dataclass_fields__:
        value = getattr(node, name)
        new = _apart_value(value, widths)
        if new is not value:
            changes[name] = new
    found = replace(node, **changes) if changes else node
    if isinstance(found, Scripted) and found.subs:
        subs = split_digits(found.subs, widths.get(found.core.key, 0))
        found = found if subs == found.subs else replace(found, subs=subs)
    return found


def _apart_value(value: object, widths: dict[str, int]) -> object:
    if isinstance(value, Node):
        return _apart(value, widths)
    if isinstance(value, tuple):
        new = tuple(_apart_value(item, widths) for item in value)
        return new if any(one is not other for one, other in zip(new, value, strict=True)) else value
    return value
