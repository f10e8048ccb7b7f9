"""What the symbols of a note stand for: dimensions, indices with their ranges, tensors, families, functions, readings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from derivcheck.algebra.dims import Dim, IllTyped
from derivcheck.claims import Word
from derivcheck.derivation import Derivation
from derivcheck.language.places import Place
from derivcheck.language.shapes import Shape
from derivcheck.language.terms import Leaf, Named, Term
from derivcheck.notes.names import Match, Name, Names, readable
from derivcheck.notes.syntax import Node
from derivcheck.notes.tokens import Token

if TYPE_CHECKING:
    from derivcheck.notes.context import Context


@dataclass(frozen=True, slots=True)
class Tensor:
    """A declared symbol or a named intermediate."""

    term: Leaf | Named


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a family over an index: z^{[3,i]} is row i of a matrix, x^{(i)} column i, L^{(i)} entry i of a column."""

    term: Leaf | Named
    slot: str
    kind: str


@dataclass(frozen=True, slots=True)
class Writing:
    """Another way of writing something: w_{rj} for W_{rj}. The keys in `slots` are replaced by what is written there."""

    slots: tuple[str, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Dimension:
    """A dimension, which is also a number."""

    dim: Dim


@dataclass(frozen=True, slots=True)
class OneHot:
    """e_ℓ, the column of `dim` entries whose entry ℓ is 1."""

    dim: Dim
    slot: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A name for a term without a definition of its own: an identity matrix, a vector of ones."""

    term: Term


Builder = Callable[["Context", tuple[Term, ...], Node], Term]


@dataclass(frozen=True, slots=True)
class Function:
    """A function: how it is applied, and how its derivative is, where it has one of its own (σ′)."""

    name: str
    apply: Builder
    derivative: Callable[[Context, tuple[Term, ...], int, Node], Term] | None = None
    inverse: Builder | None = None


Target = Tensor | Member | Writing | Dimension | Function | OneHot | Constant


@dataclass(frozen=True, slots=True)
class Range:
    """Over what an index runs, and who said so."""

    dim: Dim
    base: int
    place: Place


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A spelling that is read as another one, token by token."""

    written: tuple[str, ...]
    read: tuple[Token, ...]
    text: str


@dataclass(slots=True)
class Scope:
    """The declarations that hold where a formula stands."""

    derivation: Derivation
    names: Names[Target] = field(default_factory=Names)
    ranges: dict[str, Range] = field(default_factory=dict)
    stated: dict[str, Range] = field(default_factory=dict)
    arguments: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By symbol the keys of its arguments in their order, where it was defined with them: E(a, b) = …"""
    depends: dict[str, frozenset[str]] = field(default_factory=dict)
    """By symbol the keys of what may stand in brackets behind it: \\hat y(z)."""
    readings: dict[str, str] = field(default_factory=dict)
    loss: Node | None = None
    words: set[str] = field(default_factory=set)
    rewrites: list[Rewrite] = field(default_factory=list)
    expectations: dict[str, tuple[Word, str]] = field(default_factory=dict)
    layout_is_stated: bool = False
    said: dict[str, str] = field(default_factory=dict)
    """What the text says of a symbol and no declaration does, by its key: symmetric."""
    ambiguous: set[str] = field(default_factory=set)
    """The keys of symbols that were given two meanings."""
    base: int = 1

    def find(self, node: Node) -> Match[Target] | None:
        return self.names.find(node)

    def function(self, node: Node) -> tuple[Function, Match[Target]] | None:
        """The function that a symbol names, with what is left of its scripts."""
        match = self.find(node)
        return (match.target, match) if match is not None and isinstance(match.target, Function) else None

    def index_range(self, key: str) -> Range | None:
        """The range of an index: what the text says last, else what is declared."""
        return self.stated.get(key) or self.ranges.get(key)

    def dimension(self, name: Name) -> Dim:
        """The dimension of this name, which becomes one where the name is new. Raises IllTyped where it is something else."""
        known = self.names.exact(name)
        if isinstance(known, Dimension):
            return known.dim
        if known is not None:
            raise IllTyped(f"{readable(name)} is not a dimension")
        dim = self.derivation.dim(readable(name))
        self.names.add(name, frozenset(), Dimension(dim))
        return dim

    def symbol(self, name: Name, shape: Shape, latex: str) -> Leaf:
        """Declare a symbol with generic entries. Raises IllTyped where the name is taken."""
        self.check_new(name)
        leaf = self.derivation.leaf(readable(name), shape, latex=latex)
        self.names.add(name, frozenset(), Tensor(leaf))
        return leaf

    def check_new(self, name: Name) -> None:
        if self.names.exact(name) is not None:
            raise IllTyped(f"{readable(name)} is declared twice; one name is one thing")
