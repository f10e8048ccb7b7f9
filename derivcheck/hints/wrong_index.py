"""A wrong index on one symbol, or two indices the other way round."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations

from derivcheck.algebra.dims import Index
from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site
from derivcheck.language.rebuilding import at_another_index
from derivcheck.language.subscripts import IndexRelation, Shift, Slot
from derivcheck.language.terms import D, Delta, Entry, Indicator, Slice, Term, sum_over


def repairs(site: Site) -> Iterator[Build]:
    """Another index in one slot; the indices of a matrix, or all of the line, the other way round; without its offset, or with one; = for ≠."""
    node = site.node
    if site.is_whole:
        for first, second in combinations(sorted(site.left.free, key=str), 2):
            if first.dim == second.dim:
                yield partial(_exchanged, node, first, second)
    if isinstance(node, Entry):
        if len(node.slots) == 2:
            yield partial(Entry, node.tensor, node.slots[::-1])
        for position, slot in enumerate(node.slots):
            for other in (*site.indices, *_shifted(slot)):
                if other != slot:
                    yield partial(Entry, node.tensor, (*node.slots[:position], other, *node.slots[position + 1 :]))
    elif isinstance(node, Slice):
        for other in site.indices:
            yield partial(Slice, node.tensor, tuple(None if slot is None else other for slot in node.slots))
    elif isinstance(node, Delta):
        for other in site.indices:
            yield partial(Delta, other, node.right)
            yield partial(Delta, node.left, other)
    elif isinstance(node, Indicator) and isinstance(node.relation, IndexRelation):
        relation = node.relation
        for other in site.indices:
            yield partial(_related, relation, other, relation.right)
            yield partial(_related, relation, relation.left, other)
        if relation.sign in ("=", "≠"):
            yield lambda: Indicator(IndexRelation(relation.left, "≠" if relation.sign == "=" else "=", relation.right))


def _exchanged(term: Term, one: Index, other: Index) -> Term:
    """The term with each of two indices in place of the other."""
    between = Index("between", one.dim, one.base)
    return at_another_index(at_another_index(at_another_index(term, one, between), other, one), between, other)


def _related(relation: IndexRelation, left: Slot, right: Slot) -> Term:
    return Indicator(IndexRelation(left, relation.sign, right))


def _shifted(slot: Slot) -> tuple[Slot, ...]:
    if isinstance(slot, Shift):
        return (slot.index, Shift(slot.index, slot.offset + 1), Shift(slot.index, slot.offset - 1))
    if isinstance(slot, int):
        return ()
    return (Shift(slot, 1), Shift(slot, -1))


def example() -> Derivation:
    d = Derivation("wrong-index", layout="like-variable")
    n = d.dim("n")
    i, j, r, k = d.indices("i j r k", n)
    W, x, g = d.matrix("W", n, n), d.vector("x", n), d.vector("g", n)
    y = d.let("y", sum_over(j, W[i, j] * x[j]), i)
    loss = d.let("L", sum_over(i, g[i] * y[i]))
    d.claim("wrong", D(loss, W[r, k]), g[r] * x[r])
    d.claim("right", D(loss, W[r, k]), g[r] * x[k])
    return d


HINT = Hint(
    name="wrong index",
    why="the entry by which one derives has indices of its own, which are neither each other nor the ones that are summed",
    order=60,
    repairs=repairs,
    example=example,
)
