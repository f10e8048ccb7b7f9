"""A syntax tree with other nodes in place of some of its symbols."""

from __future__ import annotations

from collections.abc import Mapping

from derivcheck.notes.syntax import Node, Scripted, Symbol
from derivcheck.notes.trees import with_parts


def substituted(node: Node, captured: Mapping[str, Node]) -> Node:
    """The node with the nodes of `captured` in place of the symbols, with their scripts, that have these keys."""
    if node.key in captured and isinstance(node, (Symbol, Scripted)):
        return captured[node.key]
    return with_parts(node, lambda inner: substituted(inner, captured))
