"""Single edits of subscripts, sums over an index and relations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from typing import Any

from sites import Build, Site
from subscripts import Slot, slots, with_index, with_slots

from derivcheck.algebra.dims import Index
from derivcheck.language.subscripts import IndexRelation, Shift
from derivcheck.language.terms import Cases, Delta, Indicator, Number, Positive, Sum


# indices ------------------------------------------------------------------------------------------------------------
def _changed_slots(site: Site, others: Callable[[Slot], Iterator[Slot]]) -> Iterator[Build]:
    written = slots(site.node)
    for position, slot in enumerate(written):
        if isinstance(slot, (Index, Shift)):
            for other in others(slot):
                yield partial(with_slots, site.node, (*written[:position], other, *written[position + 1 :]))


def wrong_index(site: Site) -> Iterator[Build]:
    """A subscript replaced by another index that ranges over the same dimension."""

    def others(slot: Any) -> Iterator[Slot]:
        index = slot.index if isinstance(slot, Shift) else slot
        yield from (other for other in site.scope if other.dim == index.dim and other != index)

    yield from _changed_slots(site, others)


def shifted_index(site: Site) -> Iterator[Build]:
    """i -> i + 1, i - 1, and an index that is set to 1."""

    def others(slot: Any) -> Iterator[Slot]:
        if isinstance(slot, Shift):
            yield slot.index
        else:
            yield from (Shift(slot, 1), Shift(slot, -1), 1)

    yield from _changed_slots(site, others)


def indices_swapped(site: Site) -> Iterator[Build]:
    """W_ij -> W_ji."""
    written = slots(site.node)
    if len(written) == 2 and not isinstance(site.node, (Sum, Delta)):
        yield lambda: with_slots(site.node, written[::-1])


def sum_dropped(site: Site) -> Iterator[Build]:
    """Σ_i a_i -> a_j for an index at hand, a_1, or a matrix product with 1 forgotten."""
    node = site.node
    if isinstance(node, Sum):
        for other in (*(index for index in site.scope if index.dim == node.index.dim), 1):
            yield partial(with_index, node.body, node.index, other)


def sum_added(site: Site) -> Iterator[Build]:
    """a_i b_i -> Σ_t a_t b_t for an index of this term."""
    for index in sorted(site.node.free, key=str):
        fresh = Index(f"{index.name}_sum", index.dim, index.base)
        yield partial(lambda index, fresh: Sum(fresh, with_index(site.node, index, fresh)), index, fresh)


def sum_bounds(site: Site) -> Iterator[Build]:
    """A sum that starts one later, ends at 1, or at another index; bounds that are there are forgotten."""
    node = site.node
    if isinstance(node, Sum):
        if node.lower is not None or node.upper is not None:
            yield partial(Sum, node.index, node.body)
        yield partial(Sum, node.index, node.body, 2, node.upper)
        yield partial(Sum, node.index, node.body, node.lower, 1)
        for other in site.scope:
            if other.dim == node.index.dim:
                yield partial(Sum, node.index, node.body, node.lower, other)
                yield partial(Sum, node.index, node.body, other, node.upper)


def delta_replaced(site: Site) -> Iterator[Build]:
    """δ_ij -> 1, 0 or 1 - δ_ij."""
    if isinstance(site.node, Delta):
        yield from (partial(Number, Fraction(value)) for value in (0, 1))
        yield lambda: 1 - site.node


def relation_changed(site: Site) -> Iterator[Build]:
    """Another sign in an indicator, or the branches of a case exchanged."""
    node = site.node
    if isinstance(node, Indicator):
        relation = node.relation
        if isinstance(relation, IndexRelation):
            signs = ("=", "≠", "≤", "<")
            yield from (partial(Indicator, IndexRelation(relation.left, sign, relation.right)) for sign in signs if sign != relation.sign)
        elif isinstance(relation, Positive):
            yield lambda: Indicator(Positive(-relation.term))
            yield lambda: 1 - node
    elif isinstance(node, Cases) and node.branches:
        (relation, value), *rest = node.branches
        yield lambda: Cases(((relation, node.otherwise), *rest), value)
