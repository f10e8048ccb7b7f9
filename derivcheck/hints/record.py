"""The hint record: one file = one mistake that people make, and how it is undone.

A hint looks at every position of the right side of a wrong line and says what could stand there instead, had the mistake not been made. What it
says is only believed when the line that results is proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeGuard

from derivcheck.algebra.dims import Index
from derivcheck.derivation import Derivation
from derivcheck.language.operators import apply
from derivcheck.language.printing.text import text
from derivcheck.language.rebuilding import Path, subterm
from derivcheck.language.shapes import SCALAR, Shape, flat, same_shape
from derivcheck.language.terms import Add, Apply, Cases, Derivative, Entry, Leaf, Named, Number, Scale, Slice, Term

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
    def is_derived_by(self) -> bool:
        """Whether the position is that of the variable of a derivative: an intermediate there stands for no declared symbol."""
        return self.path[-1:] == (1,) and isinstance(subterm(self.side, self.path[:-1]), Derivative)

    @property
    def is_case(self) -> bool:
        """Whether the position is the value of a branch."""
        return bool(self.path) and self.node.shape == self.side.shape and isinstance(subterm(self.side, self.path[:-1]), Cases)

    @property
    def is_factor(self) -> bool:
        """Whether the position is that of a factor of a matrix product."""
        return bool(self.path) and applied(subterm(self.side, self.path[:-1]), "matmul")

    @property
    def is_subscripted(self) -> bool:
        """Whether the position is that of the tensor of an entry or a slice."""
        return bool(self.path) and isinstance(subterm(self.side, self.path[:-1]), (Entry, Slice))

    @property
    def is_argument(self) -> bool:
        """Whether the position is the argument of a function of a scalar: the x of σ(x)."""
        parent = subterm(self.side, self.path[:-1]) if self.path else None
        return isinstance(parent, Apply) and self.node.shape == SCALAR and len(parent.arguments) == 1

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
    detail    of what was written and what replaces it: what exactly was wrong ("2 is missing"); "" where the name says it all
    """

    name: str
    why: str
    order: int
    repairs: Callable[[Site], Iterator[Build]]
    example: Callable[[], Derivation]
    detail: Callable[[Term, Term], str] = lambda before, after: ""


def missing_factor(before: Term, after: Term) -> str:
    """The factor by which a term and what replaces it differ: "2 is missing", "1/B is too much"; "" where it is no such change."""
    if isinstance(before, Add) and isinstance(after, Add):
        changed = [(one, other) for one, other in zip(before.terms, after.terms, strict=False) if one is not other]
        return missing_factor(*changed[0]) if len(changed) == 1 else ""
    if isinstance(before, Number) and isinstance(after, Number) and before.value and after.value:
        return f"{text(Number(after.value / before.value))} is missing"
    if isinstance(after, Scale) and after.body is before:
        return f"{text(after.factor)} is missing"
    if isinstance(before, Scale) and any(after is part for part in (before.body, before.factor)):
        return f"{text(before.factor if after is before.body else before.body)} is too much"
    return ""


def applied(node: Term, *names: str) -> bool:
    """Whether a term is an application of one of these operators."""
    return isinstance(node, Apply) and node.operator.name in names


def is_negative(term: Term) -> TypeGuard[Scale]:
    """Whether a term is written with a minus sign before it."""
    return isinstance(term, Scale) and isinstance(term.factor, Number) and term.factor.value == -1


def arguments(node: Any) -> tuple[Term, ...]:
    """The arguments of an application."""
    found: tuple[Term, ...] = node.arguments
    return found


def turned(term: Term) -> Term:
    """The transpose as one writes it: of Aᵀ it is A, of A B it is Bᵀ Aᵀ, and a sum is transposed term by term. Raises IllTyped."""
    if applied(term, "transpose"):
        return arguments(term)[0]
    if applied(term, "matmul"):
        left, right = arguments(term)
        return apply("matmul", turned(right), turned(left))
    if isinstance(term, Add):
        return Add(tuple(map(turned, term.terms)))
    if isinstance(term, Scale):
        return Scale(term.factor, turned(term.body))
    return apply("transpose", term)


def itself(term: Term) -> Build:
    """A term that stands in the line already, put in as it is."""
    return lambda: term


def of_other_symbols(site: Site, may_stand: Callable[[Leaf | Named, Leaf | Named], bool]) -> Iterator[Build]:
    """Another symbol of the same shape, also below an entry or a slice, where it `may_stand` for the one that is there."""
    node = site.node
    if isinstance(node, (Leaf, Named)):
        for symbol in site.symbols:
            if same_shape(symbol.shape, node.shape) and may_stand(symbol, node) and (type(symbol) is type(node) or not site.is_derived_by):
                yield itself(symbol)
    elif isinstance(node, (Entry, Slice)) and isinstance(node.tensor, (Leaf, Named)):
        for symbol in site.symbols:
            fits = type(symbol) is type(node.tensor) or not site.is_derived_by
            if fits and flat(symbol.shape) == flat(node.tensor.shape) and may_stand(symbol, node.tensor):
                yield partial(_with_tensor, node, symbol)


def _with_tensor(node: Entry | Slice, tensor: Term) -> Term:
    """The entry or slice with these subscripts of another tensor. Raises IllTyped where they do not fit it."""
    return Entry(tensor, node.slots) if isinstance(node, Entry) else Slice(tensor, node.slots)


def with_part(node: Add, position: int, part: Term) -> Add:
    """A sum with another term in one place."""
    return Add((*node.terms[:position], part, *node.terms[position + 1 :]))


def with_scaled_part(node: Add, position: int, factor: Term) -> Add:
    """A sum with a factor before one of its terms. Raises IllTyped where they do not fit together."""
    return with_part(node, position, Scale(factor, node.terms[position]))
