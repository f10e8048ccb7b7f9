"""A syntax tree with other nodes in place of some of its symbols."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from derivcheck.notes.syntax import Node, Scripted, Symbol


def substituted(node: Node, captured: Mapping[str, Node]) -> Node:
    """The node with the nodes of `captured` in place of the symbols, with their scripts, that have these keys."""
    if node.key in captured and isinstance(node, (Symbol, Scripted)):
        return captured[node.key]
    changes: dict[str, Any] = {}
    for name in type(node).__dataclass_fields__:
        value = getattr(node, name)
        new = _in_value(value, captured)
        if new is not value:
            changes[name] = new
    return replace(node, **changes) if changes else node


def _in_value(value: object, captured: Mapping[str, Node]) -> object:
    if isinstance(value, Node):
        return substituted(value, captured)
    if isinstance(value, tuple):
        new = tuple(_in_value(item, captured) for item in value)
        return new if any(one is not other for one, other in zip(new, value, strict=True)) else value
    return value
