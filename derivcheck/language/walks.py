"""Walking through terms: children, subterms, and equality as written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from derivcheck.language.subscripts import IndexRelation
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


def children(term: Term) -> tuple[Term, ...]:
    """The direct subterms. A named intermediate has none: its definition is not part of what is written."""
    match term:
        case Number() | Size() | Leaf() | Named() | Delta():
            return ()
        case Entry() | Slice():
            return (term.tensor,)
        case Array() | Sum():
            return (term.body,)
        case Indicator():
            return (term.relation.term,) if isinstance(term.relation, Positive) else ()
        case Cases():
            conditions = tuple(relation.term for relation, _ in term.branches if isinstance(relation, Positive))
            return (*conditions, *(value for _, value in term.branches), term.otherwise)
        case Add():
            return term.terms
        case Scale():
            return (term.factor, term.body)
        case Power():
            return (term.base,)
        case Apply():
            return term.arguments
        case Derivative():
            return (term.function, term.variable)
    raise TypeError(f"unknown node {type(term).__name__}")


def _written(term: Term) -> tuple[Any, ...]:
    """What distinguishes this node from others with the same children."""
    match term:
        case Number():
            return (term.value,)
        case Size():
            return (term.dim,)
        case Leaf():
            return (term.name, term.declared_shape)
        case Named():
            return (term.name, id(term.definition))
        case Entry() | Slice():
            return term.slots
        case Array():
            return term.indices
        case Sum():
            return (term.index, term.lower, term.upper)
        case Delta():
            return (term.left, term.right)
        case Indicator():
            return (term.relation,) if isinstance(term.relation, IndexRelation) else ()
        case Cases():
            return tuple(relation if isinstance(relation, IndexRelation) else None for relation, _ in term.branches)
        case Add() | Scale():
            return ()
        case Power():
            return (term.exponent,)
        case Apply():
            return (term.operator.name, term.parameters)
        case Derivative():
            return (term.layout,)
    raise TypeError(f"unknown node {type(term).__name__}")


def same_expression(left: Term, right: Term) -> bool:
    """Whether two terms are the same expression as written (no renaming, no algebra)."""
    if left is right:
        return True
    if type(left) is not type(right) or _written(left) != _written(right):
        return False
    left_children, right_children = children(left), children(right)
    return len(left_children) == len(right_children) and all(map(same_expression, left_children, right_children))


def subterms(term: Term, *, open_names: bool = False) -> Iterator[Term]:
    """Every subterm, the term itself first; with open_names also those of the definitions of named intermediates, once each."""
    seen: set[int] = set()
    stack = [term]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        stack.extend(children(node))
        if open_names and isinstance(node, Named):
            stack.append(node.definition)
