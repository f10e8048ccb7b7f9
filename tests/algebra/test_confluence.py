"""The same expression, shuffled and with its bound indices renamed, reaches the same normal form."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from typing import Any

import pytest
from random_terms import WORLDS, random_term

from derivcheck.algebra import polynomial as ring
from derivcheck.algebra.atoms import Arena, Refused
from derivcheck.algebra.dims import Index
from derivcheck.algebra.zero import is_zero
from derivcheck.language.lower import Lowering
from derivcheck.language.subscripts import IndexRelation, Shift
from derivcheck.language.terms import (
    Add,
    Apply,
    Array,
    Cases,
    Delta,
    Derivative,
    Entry,
    Indicator,
    Leaf,
    Named,
    Number,
    Positive,
    Power,
    Scale,
    Size,
    Slice,
    Sum,
    Term,
)


class Shuffled:
    """A term written differently: summands and scalar factors in another order, bound indices with other names, subtraction moved about."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.count = 0

    def index(self, index: Index) -> Index:
        self.count += 1
        return Index(f"r{self.count}", index.dim, index.base)

    def slot(self, slot: Any, names: dict[Index, Index]) -> Any:
        if isinstance(slot, Shift):
            return Shift(names.get(slot.index, slot.index), slot.offset)
        return names.get(slot, slot) if isinstance(slot, Index) else slot

    def relation(self, relation: Any, names: dict[Index, Index]) -> Any:
        if isinstance(relation, Positive):
            return Positive(self.of(relation.term, names))
        return IndexRelation(self.slot(relation.left, names), relation.sign, self.slot(relation.right, names))

    def of(self, term: Term, names: dict[Index, Index]) -> Term:
        match term:
            case Number() | Size() | Leaf() | Named():
                return term
            case Entry():
                return Entry(self.of(term.tensor, names), tuple(self.slot(slot, names) for slot in term.slots))
            case Slice():
                return Slice(self.of(term.tensor, names), tuple(self.slot(slot, names) for slot in term.slots))
            case Array():
                fresh = {index: self.index(index) for index in term.indices}
                return Array(tuple(fresh.values()), self.of(term.body, {**names, **fresh}))
            case Sum():
                new = self.index(term.index)
                return Sum(new, self.of(term.body, {**names, term.index: new}), self.slot(term.lower, names), self.slot(term.upper, names))
            case Delta():
                ends = [self.slot(term.left, names), self.slot(term.right, names)]
                self.random.shuffle(ends)
                return Delta(*ends)
            case Indicator():
                return Indicator(self.relation(term.relation, names))
            case Cases():
                branches = tuple((self.relation(relation, names), self.of(value, names)) for relation, value in term.branches)
                return Cases(branches, self.of(term.otherwise, names))
            case Add():
                parts = [self.of(part, names) for part in term.terms]
                self.random.shuffle(parts)
                if len(parts) > 2:
                    parts = [Add(tuple(parts[:2])), *parts[2:]]
                return Add(tuple(parts))
            case Scale():
                factor, body = self.of(term.factor, names), self.of(term.body, names)
                return Scale(body, factor) if not body.shape and self.random.random() < 0.5 else Scale(factor, body)
            case Power():
                base = self.of(term.base, names)
                if term.exponent == 2 and self.random.random() < 0.5:
                    return Scale(base, self.of(term.base, names))
                return Power(base, Fraction(term.exponent))
            case Apply():
                arguments = tuple(self.of(argument, names) for argument in term.arguments)
                if term.operator.name == "hadamard":
                    arguments = arguments[::-1]
                return Apply(term.operator, arguments, tuple(self.slot(value, names) for value in term.parameters))
            case Derivative():
                return Derivative(self.of(term.function, names), self.of(term.variable, names), term.layout)
        raise TypeError(type(term).__name__)


@pytest.mark.parametrize("block", range(8))
def test_shuffled_terms_have_one_normal_form(block: int) -> None:
    same = compared = 0
    for number in range(60):
        seed = f"{block}/{number}"
        random = Random(seed)
        world = WORLDS["numerator"]
        term, _ = random_term(world, random, random.choice((3, 4)))
        other = Shuffled(random).of(term, {})
        depends = {
            name: frozenset(node.definition.names | {name for used in node.definition.names for name in world.names if name == used})
            for name, node in world.names.items()
        }
        arena = Arena(positive=frozenset({"p"}), nonnegative=frozenset({"q"}), order=_closed(depends))
        arena.budget = 20_000
        lowering = Lowering(arena, world.names)
        try:
            left, right = lowering.lower(term), lowering.lower(other)
            compared += 1
            same += left == right
            assert left == right or is_zero(arena, ring.subtract(left, right)), f"seed {seed}: {term}"
        except Refused:
            continue
    assert compared >= 50
    assert same >= compared - 2, "the normal form itself must hardly depend on the order of writing"


def _closed(depends: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """With what the used names depend on."""
    for name, used in depends.items():
        depends[name] = used.union(*(depends.get(other, frozenset()) for other in used))
    return depends


def test_every_node_is_shuffled() -> None:
    """A new kind of node must be added to this test too."""
    from derivcheck.language.lower_nodes import NODES

    world = WORLDS["numerator"]
    seen: set[type] = set()
    stack: list[Term] = [random_term(world, Random(seed), 3)[0] for seed in range(400)]
    stack.append(world.leaves["S"][:, 1])
    from derivcheck.language.walks import children

    while stack:
        node = stack.pop()
        seen.add(type(node))
        stack.extend(children(node))
    assert seen == set(NODES)
