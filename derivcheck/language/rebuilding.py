"""A term with other subterms: the inverse of `terms.children`, and the replacement of the subterm at a position.

A rebuilt node is built anew, so it is checked like any other: IllTyped is raised where the new subterms do not fit.
"""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.algebra.dims import IllTyped, Index
from derivcheck.language.subscripts import IndexRelation, Shift, Slot
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
    Relation,
    Scale,
    Size,
    Slice,
    Sum,
    Term,
)
from derivcheck.language.walks import children

Path = tuple[int, ...]
"""Where a subterm stands: the position among its parent's children, from the root down. () is the term itself."""


def with_children(term: Term, new: tuple[Term, ...]) -> Term:
    """The node with these children in the order of `terms.children`; a node without children is itself.

    Raises IllTyped where they do not fit, ValueError where there are not as many as the node has, and TypeError for an unknown node.
    """
    expected = len(children(term))
    if len(new) != expected:
        raise ValueError(f"{type(term).__name__} has {expected} children here, not {len(new)}")
    match term:
        case Number() | Size() | Leaf() | Named() | Delta():
            return term
        case Entry():
            return Entry(new[0], term.slots)
        case Slice():
            return Slice(new[0], term.slots)
        case Array():
            return Array(term.indices, new[0])
        case Sum():
            return Sum(term.index, new[0], term.lower, term.upper)
        case Indicator():
            return Indicator(Positive(new[0])) if new else term
        case Cases():
            return _cases(term, new)
        case Add():
            return Add(new)
        case Scale():
            return Scale(new[0], new[1])
        case Power():
            return Power(new[0], term.exponent)
        case Apply():
            return Apply(term.operator, new, term.parameters)
        case Derivative():
            return Derivative(new[0], new[1], term.layout)
    raise TypeError(f"unknown node {type(term).__name__}")


def _cases(term: Cases, new: tuple[Term, ...]) -> Cases:
    """The compared terms come first among the children, then the values of the branches, then the value otherwise."""
    compared = len(new) - len(term.branches) - 1
    remaining = iter(new[:compared])
    relations: list[Relation] = [Positive(next(remaining)) if isinstance(relation, Positive) else relation for relation, _ in term.branches]
    return Cases(tuple(zip(relations, new[compared:-1], strict=True)), new[-1])


def at_another_index(term: Term, old: Index, new: Index) -> Term:
    """The term at another value of a free index: i becomes j. Raises IllTyped where j is bound in it."""
    if old not in term.free:
        return term
    if new in term.bound:
        raise IllTyped(f"index {new} is bound where {old} would become {new}")

    def moved(slot: Slot) -> Slot:
        if isinstance(slot, Shift):
            return Shift(new, slot.offset) if slot.index == old else slot
        return new if slot == old else slot

    def related(relation: IndexRelation) -> IndexRelation:
        return IndexRelation(moved(relation.left), relation.sign, moved(relation.right))

    parts = tuple(at_another_index(part, old, new) for part in children(term))
    match term:
        case Entry():
            return Entry(parts[0], tuple(map(moved, term.slots)))
        case Slice():
            return Slice(parts[0], tuple(slot if slot is None else moved(slot) for slot in term.slots))
        case Sum():
            bounds = (bound if bound is None else moved(bound) for bound in (term.lower, term.upper))
            return Sum(term.index, parts[0], *bounds)
        case Delta():
            return Delta(moved(term.left), moved(term.right))
        case Indicator() if isinstance(term.relation, IndexRelation):
            return Indicator(related(term.relation))
        case Cases():
            rebuilt = _cases(term, parts)
            relations = [related(relation) if isinstance(relation, IndexRelation) else relation for relation, _ in rebuilt.branches]
            return Cases(tuple(zip(relations, (value for _, value in rebuilt.branches), strict=True)), rebuilt.otherwise)
        case Apply():
            return Apply(term.operator, parts, tuple(new if parameter == old else parameter for parameter in term.parameters))
    return with_children(term, parts)


def subterm(term: Term, path: Path) -> Term:
    """The subterm at a path. Raises IndexError where there is none."""
    for position in path:
        term = children(term)[_checked(term, position)]
    return term


def replace(term: Term, path: Path, new: Term) -> Term:
    """The term with the subterm at `path` replaced; everything around it is built anew.

    Raises IllTyped where the new subterm does not fit, and IndexError where the term has no such path.
    """
    if not path:
        return new
    position = _checked(term, path[0])
    parts = children(term)
    return with_children(term, (*parts[:position], replace(parts[position], path[1:], new), *parts[position + 1 :]))


def positions(term: Term) -> Iterator[tuple[Path, Term]]:
    """Every position of a term and the subterm that stands there, the term itself first, then from left to right.

    A subterm that is written at several positions is given for each of them.
    """
    stack: list[tuple[Path, Term]] = [((), term)]
    while stack:
        path, node = stack.pop()
        yield path, node
        stack.extend(((*path, position), child) for position, child in reversed(tuple(enumerate(children(node)))))


def length(term: Term) -> int:
    """How many positions a term has."""
    return sum(1 for _ in positions(term))


def _checked(term: Term, position: int) -> int:
    if not 0 <= position < len(children(term)):
        raise IndexError(f"{type(term).__name__} has no child {position}")
    return position
