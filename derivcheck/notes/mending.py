"""What could have been meant by a formula whose shapes do not fit: with one factor transposed, or two neighbours swapped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derivcheck.notes.syntax import Bracketed, Mark, Node, Numeral, Product, Scripted
from derivcheck.notes.trees import walk, with_parts

MOST_CANDIDATES = 24
ENTRYWISE = frozenset({"\\odot", "\\circ"})


def mended(node: Node) -> Iterator[tuple[str, Node]]:
    """The formula with one change each, at most so many, and the mistake that the change undoes."""
    count = 0
    for product in [inner for inner in walk(node) if isinstance(inner, Product)]:
        for mistake, changed in _changes(product):
            if count == MOST_CANDIDATES:
                return
            count += 1
            yield mistake, exchanged(node, product, changed)


def _changes(product: Product) -> Iterator[tuple[str, Product]]:
    factors = product.factors
    for position, factor in enumerate(factors):
        if not isinstance(factor, Numeral):
            entrywise = ENTRYWISE & set(product.signs[max(position - 1, 0) : position + 1])
            changed = replace(product, factors=(*factors[:position], _transposed(factor), *factors[position + 1 :]))
            yield "wrong layout of ⊙ operands" if entrywise else "missing transpose", changed
    for position in range(len(factors) - 1):
        yield "swapped factors", replace(product, factors=(*factors[:position], factors[position + 1], factors[position], *factors[position + 2 :]))


def _transposed(factor: Node) -> Node:
    mark = Mark(factor.end, factor.end, "\\top")
    if isinstance(factor, Scripted) and not factor.subs:
        return replace(factor, sups=(*factor.sups, mark))
    return Scripted(factor.start, factor.end, Bracketed(factor.start, factor.end, "(", factor), (), (mark,))


def exchanged(root: Node, old: Node, new: Node) -> Node:
    """The tree with one node in place of another, which is found by identity."""
    return new if root is old else with_parts(root, lambda inner: exchanged(inner, old, new))
