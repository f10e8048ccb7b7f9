"""A position in a formula, and what an edit is: from a position to what could stand there instead."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from derivcheck.algebra.dims import Index
from derivcheck.language.terms import Apply, Leaf, Named, Term

Build = Callable[[], Term]
"""Builds a term; raises IllTyped where it does not fit together."""

Edit = Callable[["Site"], Iterator[Build]]


@dataclass(frozen=True)
class Site:
    """A position in a side of a claim: the term there, the indices that may stand there, the derivation's symbols and dimensions."""

    node: Term
    scope: tuple[Index, ...]
    symbols: tuple[Leaf | Named, ...]
    sizes: tuple[Term, ...]


def applied(node: Term, *names: str) -> bool:
    """Whether this is an application of one of these operators."""
    return isinstance(node, Apply) and node.operator.name in names


def reapply(node: Any, *arguments: Term, parameters: tuple[Any, ...] | None = None) -> Build:
    """The same operator, applied to other arguments or with other parameters."""
    return partial(Apply, node.operator, arguments or node.arguments, node.parameters if parameters is None else parameters)
