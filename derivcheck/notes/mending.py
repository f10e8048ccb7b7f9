"""What could have been meant by a formula whose shapes or subscripts do not fit: its neighbours, each one edit away, with the mistake that the edit
undoes.

A term cannot be built of such a formula, so that the hints, which edit terms, cannot see it. Here the syntax is edited; of the neighbours those are
kept that fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice

from derivcheck.algebra.dims import IllTyped
from derivcheck.notes.context import Context
from derivcheck.notes.gradient import Gradient
from derivcheck.notes.products import INDICATORS, function_of
from derivcheck.notes.scripts import is_transpose
from derivcheck.notes.syntax import Bracketed, Mark, Node, Numeral, Product, Scripted, Symbol, Word, juxtaposed
from derivcheck.notes.trees import walk, with_parts
from derivcheck.notes.unsupported import Unsupported

MOST_CANDIDATES = 64
ENTRYWISE = frozenset({"\\odot", "\\circ"})
MATRIX = frozenset({"", "\\cdot"})

Factor = tuple[Node, ...]
"""A factor of a product: one node, or the name of a function and its argument."""


@dataclass(frozen=True, slots=True)
class Factors:
    """A product by its factors and the signs between them."""

    factors: tuple[Factor, ...]
    signs: tuple[str, ...]

    def with_factor(self, position: int, factor: Factor) -> Factors:
        return replace(self, factors=(*self.factors[:position], factor, *self.factors[position + 1 :]))

    def with_sign(self, position: int, sign: str) -> Factors:
        return replace(self, signs=(*self.signs[:position], sign, *self.signs[position + 1 :]))

    def swapped(self, position: int) -> Factors:
        """With the factor at a position and the one behind it in the other order."""
        first, second = self.factors[position : position + 2]
        return self.with_factor(position, second).with_factor(position + 1, first)

    @property
    def pairs(self) -> Iterator[tuple[int, str]]:
        """The positions of factors that are multiplied with the one behind them by some product, numbers left out, and the sign between them."""
        for position, sign in enumerate(self.signs):
            if sign in ENTRYWISE | MATRIX and not any(isinstance(factor[0], Numeral) for factor in self.factors[position : position + 2]):
                yield position, sign

    @property
    def product(self) -> Product:
        nodes, signs = list(self.factors[0]), [""] * (len(self.factors[0]) - 1)
        for sign, factor in zip(self.signs, self.factors[1:], strict=True):
            nodes += factor
            signs += [sign, *[""] * (len(factor) - 1)]
        return Product(nodes[0].start, nodes[-1].end, tuple(nodes), tuple(signs))


def mended(context: Context, node: Node) -> Iterator[tuple[str, Node]]:
    """The formula with one change each, at most so many, and the mistake that the change undoes. What does not fit by itself is changed first."""
    inside = sorted(walk(node), key=lambda inner: isinstance(inner, (Product, Scripted)) and _fits(context, inner))
    products = [(inner, _factors(context, inner)) for inner in inside if isinstance(inner, Product)]
    scripted = [inner for inner in inside if isinstance(inner, Scripted)]
    changes = chain(
        (("wrong dimension", old, new) for old in scripted for new in _of_other_sizes(context, old)),
        ((mistake, old, new.product) for old, factors in products for mistake, new in chain(_transposed_ones(factors), _swapped_ones(factors))),
        (("wrong index", old, replace(old, subs=old.subs[::-1])) for old in scripted if len(old.subs) == 2),
        (("one product for another", old, new.product) for old, factors in products for new in _with_other_signs(factors)),
        (("missing diagonal matrix", old, new.product) for old, factors in products for new in _with_diagonals(factors)),
        (("summed over the wrong axis", old, new.product) for old, factors in products for new in _summed_otherwise(context, factors)),
    )
    for mistake, old, new in islice(changes, MOST_CANDIDATES):
        yield mistake, exchanged(node, old, new)


def _fits(context: Context, node: Node) -> bool:
    try:
        context.term(node)
    except (IllTyped, Unsupported):
        return False
    return True


def _factors(context: Context, product: Product) -> Factors:
    """The factors of a product, the names of functions together with their arguments."""
    found: list[Factor] = []
    signs: list[str] = []
    names: Factor = ()
    for place, node in enumerate(product.factors):
        follows = place + 1 < len(product.factors) and product.signs[place] == ""
        if follows and (isinstance(node, Gradient) or function_of(context, node) is not None):
            names = (*names, node)
            continue
        begin = place - len(names)
        signs += [product.signs[begin - 1]] if begin else []
        found.append((*names, node))
        names = ()
    return Factors(tuple(found), tuple(signs))


def _transposed_ones(factors: Factors) -> Iterator[tuple[str, Factors]]:
    for position, factor in enumerate(factors.factors):
        if isinstance(factor[-1], Numeral):
            continue
        mistake = "missing transpose"
        if set(factors.signs[max(position - 1, 0) : position + 1]) <= ENTRYWISE:
            mistake = "wrong layout of ⊙ operands"
        elif _is_transposed(factor[-1]):
            mistake = "extra transpose"
        yield mistake, factors.with_factor(position, (*factor[:-1], _transposed(factor[-1])))


def _swapped_ones(factors: Factors) -> Iterator[tuple[str, Factors]]:
    for position, _ in factors.pairs:
        yield "swapped factors", factors.swapped(position)


def _with_other_signs(factors: Factors) -> Iterator[Factors]:
    """A B for A ⊙ B, and A ⊙ B for A B."""
    for position, sign in factors.pairs:
        yield factors.with_sign(position, "" if sign in ENTRYWISE else "\\odot")


def _with_diagonals(factors: Factors) -> Iterator[Factors]:
    """diag(v) A and A diag(v) for v A, A v, v ⊙ A, A ⊙ v; and diag(v ⊙ w) for v w."""
    for position, _ in factors.pairs:
        for side in (position, position + 1):
            beside = factors.with_sign(position, "").with_factor(side, _diagonal(factors.factors[side]))
            yield beside
            yield beside.swapped(position)
        before, (one, other), behind = factors.factors[:position], factors.factors[position : position + 2], factors.factors[position + 2 :]
        both = Factors((one, other), ("\\odot",)).product
        yield Factors((*before, _diagonal((both,)), *behind), (*factors.signs[:position], *factors.signs[position + 1 :]))


def _diagonal(factor: Factor) -> Factor:
    """diag(v); of a row as of a column."""
    last = factor[-1]
    inside = juxtaposed((*factor[:-1], _transposed(last) if _is_transposed(last) else last))
    return Word(inside.start, inside.start, "diag"), Bracketed(inside.start, inside.end, "(", inside)


def _of_other_sizes(context: Context, node: Node) -> Iterator[Scripted]:
    """I_m and 1_m for I_n and 1_n."""
    if isinstance(node, Scripted) and node.core.key in INDICATORS and len(node.subs) == 1 and context.dimension(node.subs[0]) is not None:
        for name in context.scope.derivation.dims:
            if name != node.subs[0].key:
                yield replace(node, subs=(Symbol(node.start, node.end, name),))


def _summed_otherwise(context: Context, factors: Factors) -> Iterator[Factors]:
    """Aᵀ 1_m and 1_mᵀ Aᵀ for 1_nᵀ A and A 1_n."""
    for position, _ in factors.pairs:
        for side, other in ((position, position + 1), (position + 1, position)):
            for ones in _of_other_sizes(context, factors.factors[side][-1]):
                matrix = factors.factors[other]
                turned = (*matrix[:-1], _transposed(matrix[-1]))
                beside = factors.with_factor(other, turned)
                yield beside.with_factor(side, (ones,))
                yield beside.with_factor(side, (_transposed(ones),)).swapped(position)


def _is_transposed(node: Node) -> bool:
    return isinstance(node, Scripted) and bool(node.sups) and is_transpose(node.sups[-1])


def _transposed(node: Node) -> Node:
    """The node with a transpose, or without the one that it has. Behind the argument of a function it is of the value."""
    if isinstance(node, Scripted) and _is_transposed(node):
        kept = node.sups[:-1]
        return replace(node, sups=kept) if kept or node.subs or node.primes else node.core
    mark = Mark(node.end, node.end, "\\top")
    if isinstance(node, Scripted) and not node.subs:
        return replace(node, sups=(*node.sups, mark))
    # a symbol in brackets behind another one could be its argument
    stands_alone = isinstance(node, (Symbol, Word, Bracketed))
    return Scripted(node.start, node.end, node if stands_alone else Bracketed(node.start, node.end, "(", node), (), (mark,))


def exchanged(root: Node, old: Node, new: Node) -> Node:
    """The tree with one node in place of another, which is found by identity."""
    return new if root is old else with_parts(root, lambda inner: exchanged(inner, old, new))
