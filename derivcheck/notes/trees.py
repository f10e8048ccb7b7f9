"""Walking through a syntax tree, and making another one of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from derivcheck.notes.syntax import Node


def walk(node: Node, leaving_out: Callable[[Node], bool] | None = None) -> Iterator[Node]:
    """The node and everything in it, in reading order, without the parts that are left out."""
    stack = [node]
    while stack:
        current = stack.pop()
        if leaving_out is not None and leaving_out(current):
            continue
        yield current
        stack.extend(reversed(inside(current)))


def inside(node: Node) -> list[Node]:
    """The nodes directly inside a node."""
    found: list[Node] = []
    for name in type(node).__dataclass_fields__:
        _collect(getattr(node, name), found)
    return found


def _collect(value: object, found: list[Node]) -> None:
    if isinstance(value, Node):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _collect(item, found)


def with_parts(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with every node directly inside it changed; the node itself where nothing changes."""
    changes: dict[str, Any] = {}
    for name in type(node).__dataclass_fields__:
        value = getattr(node, name)
        changed = _changed(value, change)
        if changed is not value:
            changes[name] = changed
    return replace(node, **changes) if changes else node


def _changed(value: object, change: Callable[[Node], Node]) -> object:
    if isinstance(value, Node):
        return change(value)
    if isinstance(value, tuple):
        items = tuple(_changed(item, change) for item in value)
        return items if any(one is not other for one, other in zip(items, value, strict=True)) else value
    return value
