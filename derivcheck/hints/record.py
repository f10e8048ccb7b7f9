"""The hint record: one file = one mistake that people make, and how it is undone.

A hint looks at every position of the right side of a wrong line and says what could stand there instead, had the mistake not been made. What it
says is only believed when the line that results is proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from derivcheck.algebra.dims import Index
from derivcheck.derivation import Derivation
from derivcheck.language.rebuilding import Path
from derivcheck.language.shapes import Shape
from derivcheck.language.terms import Add, Apply, Leaf, Named, Scale, Term

Build = Callable[[], Term]
"""Builds a term; raises IllTyped where it does not fit together."""


@dataclass(frozen=True, slots=True)
class Site:
    """A position in the right side of a line: the term there, where it stands, the whole right side, and what could be put in.

    `indices` are those that are free in the line or bound around the position, `symbols` the declared tensors and named intermediates, `dims` the
    dimensions as numbers, `factors` the smaller terms that occur in the line, and `left` its left side.
    """

    node: Term
    path: Path
    side: Term
    left: Term
    indices: tuple[Index, ...]
    symbols: tuple[Leaf | Named, ...]
    dims: tuple[Term, ...]
    factors: tuple[Term, ...]

    @property
    def shape(self) -> Shape:
        return self.node.shape

    @property
    def is_whole(self) -> bool:
        """Whether the position is the whole right side."""
        return not self.path


@dataclass(frozen=True, kw_only=True)
class Hint:
    """One mistake.

    name      what it is called in a report: "missing transpose"
    why       how it comes about, one sentence for a student
    order     of two hints that lead to the same formula the one with the smaller number is told
    repairs   what could stand at a site, had the mistake not been made there
    example   a derivation with two claims, "wrong" and "right", that differ by this mistake
    """

    name: str
    why: str
    order: int
    repairs: Callable[[Site], Iterator[Build]]
    example: Callable[[], Derivation]


def applied(node: Term, *names: str) -> bool:
    """Whether a term is an application of one of these operators."""
    return isinstance(node, Apply) and node.operator.name in names


def arguments(node: Any) -> tuple[Term, ...]:
    """The arguments of an application."""
    found: tuple[Term, ...] = node.arguments
    return found


def itself(term: Term) -> Build:
    """A term that stands in the line already, put in as it is."""
    return lambda: term


def with_part(node: Add, position: int, part: Term) -> Add:
    """A sum with another term in one place."""
    return Add((*node.terms[:position], part, *node.terms[position + 1 :]))


def with_scaled_part(node: Add, position: int, factor: Term) -> Add:
    """A sum with a factor before one of its terms. Raises IllTyped where they do not fit together."""
    return with_part(node, position, Scale(factor, node.terms[position]))
