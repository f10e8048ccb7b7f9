"""From syntax to terms: the meaning of the nodes of one claim, by the declarations that hold there.

What a node means is a function of the notation table, one for each kind of node. The context knows the scope, the indices that are bound around a
node or free in the claim, and which reading is taken where notation has several.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice, product
from typing import TYPE_CHECKING

from derivcheck.algebra.dims import Dim, Index
from derivcheck.language.places import Place, writing_at
from derivcheck.language.shapes import flat
from derivcheck.language.subscripts import IndexRelation, Shift, Slot
from derivcheck.language.terms import Positive, Term
from derivcheck.language.terms import Relation as TermRelation
from derivcheck.notes.names import plain, split
from derivcheck.notes.scope import Dimension, Member, Scope, Tensor, Writing
from derivcheck.notes.substitution import substituted
from derivcheck.notes.syntax import Addition, Bracketed, Node, Numeral, Relation, Scripted, Sequence, Symbol, Word, label_parts, without_offset
from derivcheck.notes.trees import walk
from derivcheck.notes.unsupported import Unsupported

if TYPE_CHECKING:
    from derivcheck.notes.notations import Grammar

MOST_TOGETHER = 4
"""How many readings of several operators of one line are looked at, besides those in which one of them is read otherwise."""

MOST_NODES = 5_000
"""How many nodes a claim may have."""

TRANSPOSES = frozenset({"T", "\\top", "\\intercal", "t", "\\mathsf{T}", "\\mathrm{T}"})
INDEX_SIGNS = frozenset({"=", "≠", "≤", "<"})


@dataclass(slots=True)
class Readings:
    """Which reading is taken of notation that has several, and which such notation occurred: its topic, and its readings, the first one as
    default."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    met: dict[str, tuple[str, ...]] = field(default_factory=dict)
    reaching: dict[str, None] = field(default_factory=dict)
    """The topics that are about how far an operator reaches: none of their readings is less meant than another."""
    said: dict[str, None] = field(default_factory=dict)

    def choose(self, topic: str, *options: str) -> str:
        """The reading of a topic: the chosen one, else the first."""
        self.met[topic] = tuple(dict.fromkeys((*self.met.get(topic, ()), *options)))
        chosen = self.chosen.get(topic)
        return chosen if chosen in options else options[0]

    def reach(self, topic: str, *options: str) -> str:
        """The reading of a topic that is about how far an operator reaches."""
        self.reaching[topic] = None
        return self.choose(topic, *options)

    def taken(self, topic: str) -> str:
        """Which reading was taken of a topic that was met."""
        chosen, options = self.chosen.get(topic), self.met[topic]
        return chosen if chosen in options else options[0]

    def others(self) -> Iterator[dict[str, str]]:
        """What else could have been chosen: another reading of one topic, and of how far several operators reach."""
        for topic, options in self.met.items():
            yield from ({topic: option} for option in options if option != self.taken(topic))
        yield from islice(self._together(), MOST_TOGETHER)

    def _together(self) -> Iterator[dict[str, str]]:
        for options in product(*(self.met[topic] for topic in self.reaching)):
            changed = {topic: option for topic, option in zip(self.reaching, options, strict=True) if option != self.taken(topic)}
            if len(changed) > 1:
                yield changed

    def say(self, text: str) -> None:
        """A reading that the verdict names."""
        self.said[text] = None


@dataclass(slots=True)
class Context:
    """The claim that is being read."""

    scope: Scope
    grammar: Grammar
    place_of: Callable[[int], Place]
    readings: Readings = field(default_factory=Readings)
    bound: dict[str, Index] = field(default_factory=dict)
    learned: dict[str, Index] = field(default_factory=dict)
    values: dict[str, Term] = field(default_factory=dict)
    claim: tuple[Node, ...] = ()
    text: str = ""
    writings: tuple[Node, ...] = ()
    count: int = 0
    inferring: set[str] = field(default_factory=set)

    # terms ----------------------------------------------------------------------------------------------------------
    def term(self, node: Node) -> Term:
        """The term that a node means. Raises Unsupported where it is not understood, IllTyped where it does not fit."""
        self.count += 1
        if self.count > MOST_NODES:
            raise Unsupported(f"a formula of more than {MOST_NODES} nodes is too large", node.start, node.end)
        meaning = self.grammar.meanings.get(type(node))
        if meaning is None:
            raise Unsupported(f"{node.key} is not a formula here", node.start, node.end)
        named = node.core if isinstance(node, Scripted) else node
        if named.key in self.scope.ambiguous:
            raise Unsupported(f"{plain(named.key)}, which was given two meanings", node.start, node.end, "give one of them another name")
        with writing_at(self.place_of(node.start)):
            return meaning(self, node)

    @contextmanager
    def binding(self, indices: Mapping[str, Index]) -> Iterator[None]:
        """Indices that a sum binds inside the block."""
        saved = self.bound
        self.bound = {**saved, **indices}
        try:
            yield
        finally:
            self.bound = saved

    def quoted(self, node: Node) -> str:
        """A node as it is written, on one line."""
        return " ".join(self.text[node.start : node.end].split()) or plain(node.key)

    # indices --------------------------------------------------------------------------------------------------------
    def known_index(self, key: str) -> Index | None:
        """The index of this name that is bound here, or free in the claim, or declared."""
        found = self.bound.get(key) or self.learned.get(key)
        if found is None:
            stated = self.scope.index_range(key)
            if stated is not None:
                found = self.learned[key] = self.local_index(key, stated.dim, stated.base)
        return found

    def index(self, node: Node, dim: Dim | None = None) -> Index:
        """The index that a node names. One that nothing is known of ranges over `dim`, or over what it ranges over elsewhere in the claim."""
        key = node.key
        found = self.known_index(key)
        if found is not None:
            return found
        if self.dimension(node) is not None:
            raise Unsupported(
                f"the dimension {plain(key)} as a subscript",
                node.start,
                node.end,
                "the last entry of a vector has no notation here; rename the index if it is one",
            )
        if dim is None:
            dim = self.infer(key, *self.claim)
        if dim is None:
            raise Unsupported(f"over what {plain(key)} runs is not known", node.start, node.end, f"declare it: index {plain(key)} = 1..n")
        self.learned[key] = self.local_index(key, dim, self.base(dim))
        return self.learned[key]

    def local_index(self, key: str, dim: Dim, base: int) -> Index:
        """An index of this claim. It may be called as a symbol is (a bias b, an entry b_b): it stands in subscripts only."""
        return self.scope.derivation.local_index(plain(key), dim, 0 if base == 0 else 1, beside_symbol=True)

    def base(self, dim: Dim) -> int:
        """From what indices over this dimension count: as the stated ones do, else as the note does."""
        for stated in (*self.scope.stated.values(), *self.scope.ranges.values()):
            if stated.dim == dim:
                return stated.base
        return self.scope.base

    def slot(self, node: Node, dim: Dim | None) -> Slot:
        """A subscript: an index, an index with an offset, or a number."""
        match node:
            case Numeral() if node.text.isdigit():
                return int(node.text) - (self.base(dim) if dim is not None else self.scope.base) + 1
            case Symbol():
                return self.index(node, dim)
            case Scripted() if not any(isinstance(sup, (Numeral, Addition)) for sup in node.sups):
                return self.index(node, dim)
            case Bracketed() if not isinstance(node.body, (Sequence, Relation)):
                return self.slot(node.body, dim)
            case Addition(parts=((sign, base), (sign2, offset))) if sign == "+" and isinstance(offset, Numeral) and offset.text.isdigit():
                return Shift(self.index(base, dim), int(offset.text) if sign2 == "+" else -int(offset.text))
        raise Unsupported(
            f"{plain(node.key)} as a subscript", node.start, node.end, "a subscript is an index, an index plus or minus a number, or a number"
        )

    def is_index(self, node: Node) -> bool:
        """Whether a node can only be an index: one that is bound or declared, and neither a symbol nor a dimension."""
        if node.key in self.bound or node.key in self.learned:
            return True
        if not isinstance(node, (Symbol, Scripted)):
            return False
        return self.scope.find(node) is None and (self.scope.index_range(node.key) is not None or self.infer(node.key, *self.claim) is not None)

    def infer(self, key: str, *nodes: Node) -> Dim | None:
        """The dimension over which a subscript of this name runs, by the first symbol in `nodes` that has it in a slot."""
        if key in self.inferring:
            return None
        self.inferring.add(key)
        try:
            found = (
                self.slot_dim(inner, key) for node in nodes for inner in walk(node) if isinstance(inner, Scripted) and _has_subscript(inner, key)
            )
            return next((dim for dim in found if dim is not None), None)
        finally:
            self.inferring.discard(key)

    def slot_dim(self, node: Scripted, key: str) -> Dim | None:
        """The dimension of the slot in which `key` stands; None where the tensor is not known."""
        for target in self.grammar.slots:
            dim = target(self, node, key)
            if dim is not None:
                return dim
        return None

    def subscripts(self, node: Node, leaving_out: Callable[[Node], bool] | None = None) -> Iterator[Node]:
        """The subscripts in a node that are indices, as they occur: those of entries and members, not the labels of names."""
        for inner in walk(node, leaving_out):
            if isinstance(inner, Scripted):
                yield from self._subscripts_of(inner)
            elif isinstance(inner, Relation):
                yield from filter(self.is_index, (inner.left, inner.right))

    def _subscripts_of(self, node: Scripted) -> Iterator[Node]:
        core = split(node)[0]
        match = self.scope.find(node) if isinstance(core, (Symbol, Word)) else None
        written = node.subs if match is None else (*match.captured.values(), *match.subs)
        for sub in written:
            base = without_offset(sub)
            if isinstance(base, (Symbol, Scripted)) and (
                base.key in self.bound or self.dimension(base) is None or self.known_index(base.key) is not None
            ):
                yield base

    # relations ------------------------------------------------------------------------------------------------------
    def relation(self, node: Relation) -> TermRelation:
        """A condition: a relation of two subscripts, or x > y of two scalars."""
        sign = self.sign(node)
        if sign is not None:
            if sign[0] == "<":
                return Positive(-sign[1])
            if sign[0] == ">":
                return Positive(sign[1])
        left, sign_, right = node.left, node.sign, node.right
        if sign is not None or sign_ not in INDEX_SIGNS | {">", "≥"}:
            advice = "a condition is i = j, i ≠ j, i ≤ j or i < j, or of terms x > y"
            raise Unsupported(f"the condition {plain(node.key)}", node.start, node.end, advice)
        if node.turned is not None and sign_ in (">", "≥"):
            left, right, sign_ = right, left, node.turned.sign
        dim = self._relation_dim(left, right, node)
        return IndexRelation(self.slot(left, dim), sign_, self.slot(right, dim))  # type: ignore[arg-type]

    def sign(self, node: Relation) -> tuple[str, Term] | None:
        """How two terms compare, as the sign of one term: of x > y it is > and x − y. None where subscripts are compared, or are equal."""
        turned = node.turned
        if node.sign == "=" or turned is None or self._subscript_like(node.left) or self._subscript_like(node.right):
            return None
        if node.left.key == "0":
            node = turned
        return node.sign, self.term(node.left) if node.right.key == "0" else self.term(node.left) - self.term(node.right)

    def _subscript_like(self, node: Node) -> bool:
        return isinstance(node, (Symbol, Addition)) and self.is_index(without_offset(node))

    def _relation_dim(self, left: Node, right: Node, node: Node) -> Dim:
        """The dimension of two compared subscripts: that of the one of which it is known."""
        for side in (left, right):
            base = without_offset(side)
            if isinstance(base, Numeral):
                continue
            found = self.known_index(base.key)
            dim = found.dim if found is not None else self.infer(base.key, *self.claim)
            if dim is not None:
                return dim
        raise Unsupported(f"over what the indices of {plain(node.key)} run is not known", node.start, node.end, "declare them: index i, j = 1..n")

    # symbols --------------------------------------------------------------------------------------------------------
    def dimension(self, node: Node) -> Dim | None:
        """The dimension that a node is: a number, a declared dimension; None for anything else."""
        if isinstance(node, Numeral) and node.text.isdigit() and int(node.text) >= 1:
            return Dim.of(int(node.text))
        if isinstance(node, (Symbol, Scripted)):
            match = self.scope.find(node)
            if match is not None and isinstance(match.target, Dimension) and not (match.subs or match.sups or match.primes):
                return match.target.dim
        return None


def _has_subscript(node: Scripted, key: str) -> bool:
    return any(key == sub.key or _shifted(sub) == key for sub in (*node.subs, *label_parts(node.sups)))


def _shifted(node: Node) -> str:
    """The index of i − 1."""
    return node.parts[0][1].key if isinstance(node, Addition) and len(node.parts) == 2 else ""


def tensor_slot(context: Context, node: Scripted, key: str) -> Dim | None:
    """The slot in which a subscript of a declared tensor stands."""
    match = context.scope.find(node)
    if match is None:
        return None
    target = match.target
    if isinstance(target, Tensor):
        dims = flat(target.term.shape)
        turned = sum(sup.key in TRANSPOSES for sup in match.sups) % 2 == 1 and len(match.subs) == 2
        return slot_dim(dims[::-1] if turned else dims, match.subs, key)
    if isinstance(target, Member):
        dims = flat(target.term.shape)
        place = 1 if target.kind == "column" else 0
        if match.captured[target.slot].key == key:
            return dims[place]
        return slot_dim(dims[:place] + dims[place + 1 :], match.subs, key)
    if isinstance(target, Writing):
        body = substituted(target.body, match.captured)
        written = Scripted(node.start, node.end, body, match.subs, match.sups) if match.subs or match.sups else body
        return context.slot_dim(written, key) if isinstance(written, Scripted) else None
    return None


def slot_dim(dims: tuple[Dim, ...], subs: tuple[Node, ...], key: str) -> Dim | None:
    """The dimension of the slot in which `key` stands among `subs`."""
    literal = [sub for sub in subs if not (isinstance(sub, Numeral) and len(dims) < len(subs))]
    for sub, dim in zip(literal, dims, strict=False):
        if sub.key == key or _shifted(sub) == key:
            return dim
    return None
