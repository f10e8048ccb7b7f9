"""The subscripts that a node itself writes, and the node with others."""

from __future__ import annotations

from dataclasses import replace

from derivcheck.algebra.dims import Index
from derivcheck.language.rebuilding import with_children
from derivcheck.language.subscripts import IndexRelation, Shift
from derivcheck.language.terms import Apply, Cases, Delta, Entry, Indicator, Slice, Sum, Term
from derivcheck.language.walks import children

Slot = Index | Shift | int | None
"""A subscript; None is the whole axis of a slice, or a bound that is not written."""


def slots(node: Term) -> tuple[Slot, ...]:
    """The subscripts of this node, not of its children, in the order in which they are written. The index that a sum binds is none."""
    match node:
        case Entry() | Slice():
            return node.slots
        case Delta():
            return (node.left, node.right)
        case Sum():
            return (node.lower, node.upper)
        case Indicator(relation=IndexRelation() as relation):
            return (relation.left, relation.right)
        case Cases():
            return tuple(slot for relation, _ in node.branches if isinstance(relation, IndexRelation) for slot in (relation.left, relation.right))
        case Apply():
            return tuple(parameter for parameter in node.parameters if isinstance(parameter, (Index, Shift)))
    return ()


def with_slots(node: Term, new: tuple[Slot, ...]) -> Term:
    """The node with these subscripts, as many as it has."""
    if len(new) != len(slots(node)):
        raise ValueError(f"{type(node).__name__} has {len(slots(node))} subscripts, not {len(new)}")
    remaining = iter(new)
    match node:
        case Entry():
            return Entry(node.tensor, new)
        case Slice():
            return Slice(node.tensor, new)
        case Delta():
            return Delta(*new)
        case Sum():
            return Sum(node.index, node.body, *new)
        case Indicator(relation=IndexRelation() as relation):
            return Indicator(replace(relation, left=new[0], right=new[1]))
        case Cases():
            branches = []
            for relation, value in node.branches:
                if isinstance(relation, IndexRelation):
                    relation = replace(relation, left=next(remaining), right=next(remaining))
                branches.append((relation, value))
            return Cases(tuple(branches), node.otherwise)
        case Apply():
            parameters = tuple(next(remaining) if isinstance(parameter, (Index, Shift)) else parameter for parameter in node.parameters)
            return Apply(node.operator, node.arguments, parameters)
    return node


def with_index(term: Term, old: Index, new: Index | int) -> Term:
    """The term with a free index replaced everywhere by another one, or by a number."""

    def moved(slot: Slot) -> Slot:
        if slot == old:
            return new
        if isinstance(slot, Shift) and slot.index == old:
            return new + slot.offset if isinstance(new, int) else Shift(new, slot.offset)
        return slot

    if old not in term.free:
        return term
    rebuilt = with_children(term, tuple(with_index(child, old, new) for child in children(term)))
    return with_slots(rebuilt, tuple(map(moved, slots(rebuilt))))
