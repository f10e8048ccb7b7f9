"""Rewriting by assumptions: rule 6. Applied to results only, never inside a derivative.

An assumption names the tensor and the slot. Every use is recorded in the arena.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from derivcheck.algebra import polynomial as ring
from derivcheck.algebra import rules, sums
from derivcheck.algebra.atoms import Arena, Atom, Monomial, Polynomial, Rational, Slot, number
from derivcheck.algebra.replacement import rebuild_product

ProductRule = Callable[[Arena, Monomial, tuple[int, ...]], Polynomial | None]
"""(monomial, bound variables) -> the rewritten Σ over them, or None where the rule does not apply."""


@dataclass(frozen=True, slots=True)
class SumsTo:
    """Σ over the slot `axis` of tensor `name` is `value`, for every value of its other slots."""

    name: str
    axis: int
    value: Fraction
    text: str

    def apply(self, arena: Arena, monomial: Monomial, bound: tuple[int, ...]) -> Polynomial | None:
        """Applies where a bound index occurs in exactly one factor, once, in that slot, with exponent 1."""
        for atom, exponent in monomial:
            if atom.kind != "entry" or atom.data[0] != self.name or exponent != 1:
                continue
            slot = atom.data[1][self.axis]
            if not isinstance(slot, int) or slot not in bound or not _occurs_once(monomial, atom, slot):
                continue
            arena.assumptions.add(self.text)
            rest = ring.scale(ring.settled(arena, ring.without(monomial, atom)), ring.plain(self.value))
            return sums.sum_over(arena, rest, tuple(v for v in bound if v != slot))
        return None


def _occurs_once(monomial: Monomial, atom: Atom, variable: int) -> bool:
    mentions = sum(variable in (slot if isinstance(slot, tuple) else (slot,)) for slot in atom.data[1])
    return mentions == 1 and all(variable not in other.free for other, _ in monomial if other is not atom)


@dataclass(frozen=True, slots=True)
class OneHot:
    """Along the slot `axis` of tensor `name` one entry is 1 and the others are 0, for every value of its other slots."""

    name: str
    axis: int
    text: str

    def apply(self, arena: Arena, monomial: Monomial, bound: tuple[int, ...]) -> Polynomial | None:
        """y^q = y for q > 0; y_j y_k = δ_jk y_j where the other slots are the same; and the sum is 1."""
        rows: dict[tuple[Slot, ...], Atom] = {}
        for atom, exponent in monomial:
            if atom.kind != "entry" or atom.data[0] != self.name:
                continue
            if exponent > 0 and exponent != 1:
                arena.assumptions.add(self.text)
                changed = tuple((other, 1 if other is atom else power) for other, power in monomial)
                return sums.sum_over(arena, ring.settled(arena, changed), bound)
            slots = atom.data[1]
            row = slots[: self.axis] + slots[self.axis + 1 :]
            partner = rows.get(row)
            if exponent == 1 and partner is not None:
                arena.assumptions.add(self.text)
                rest = ring.settled(arena, ring.without(monomial, atom))
                same = rules.delta(arena, partner.data[1][self.axis], slots[self.axis])
                return sums.sum_over(arena, ring.multiply(arena, rest, same), bound)
            if exponent == 1:
                rows[row] = atom
        return SumsTo(self.name, self.axis, Fraction(1), self.text).apply(arena, monomial, bound)


UNORDERED = "\0"
"""Marks the entries of a symmetric matrix once its slots may be exchanged; entries inside a derivative are never marked.

No declared name ends so: the lowering refuses one that does.
"""


@dataclass(frozen=True, slots=True)
class Symmetric:
    """A_ij = A_ji: entries of A become entries of a tensor whose slots are interchangeable."""

    name: str
    text: str

    def apply(self, arena: Arena, monomial: Monomial, bound: tuple[int, ...]) -> Polynomial | None:
        """Rewrites every entry of the matrix with different slots."""
        for atom, exponent in monomial:
            if atom.kind == "entry" and atom.data[0] == self.name:
                arena.assumptions.add(self.text)
                arena.unordered.add(self.name + UNORDERED)
                turned = arena.entry(self.name + UNORDERED, atom.data[1])
                rest = ring.settled(arena, ring.without(monomial, atom))
                product = ring.multiply(arena, rest, ring.of_atom(arena, turned, exponent))
                return sums.sum_over(arena, product, bound)
        return None


@dataclass(frozen=True, slots=True)
class Differ:
    """i ≠ j for two free indices: δ_ij = 0."""

    left: Slot
    right: Slot
    text: str

    def apply(self, arena: Arena, monomial: Monomial, bound: tuple[int, ...]) -> Polynomial | None:
        """Removes every product with this delta."""
        wanted = rules.delta(arena, self.left, self.right)
        for atom, _ in monomial:
            if atom.kind == "delta" and wanted.terms == {((atom, 1),): 1}:
                arena.assumptions.add(self.text)
                return number(0)
        return None


Rule = SumsTo | OneHot | Symmetric | Differ


def apply_all(arena: Arena, polynomial: Polynomial, given: tuple[Rule, ...]) -> Polynomial:
    """Rewrite everywhere, also inside sums, denominators and functions, until nothing changes. Raises Stopped beyond the cap."""
    if not given:
        return polynomial
    while True:
        rewritten = _rewrite(arena, polynomial, given)
        if rewritten == polynomial:
            return polynomial
        arena.spend(10)
        polynomial = rewritten


def _rewrite(arena: Arena, polynomial: Polynomial, given: tuple[Rule, ...]) -> Polynomial:
    result: dict[Monomial, Rational] = {}
    for monomial, coefficient in polynomial.terms.items():
        ring.accumulate(result, _rewrite_product(arena, monomial, (), given).terms.items(), coefficient)
    return Polynomial(result)


def _rewrite_product(arena: Arena, monomial: Monomial, bound: tuple[int, ...], given: tuple[Rule, ...]) -> Polynomial:
    """The rewritten Σ over `bound` of the monomial."""
    for rule in given:
        changed = rule.apply(arena, monomial, bound)
        if changed is not None:
            return changed
    return rebuild_product(arena, monomial, bound, lambda inner, names: _rewrite_product(arena, inner, names, given))
