"""Bound indices: opening, closing, substituting. The only place where capture could happen.

A sum atom Σ_bound m hangs together: no bound variable can be summed apart from the others. Its bound variables are canonical
(numbered by level and position); the level is above that of every sum inside and of every free variable. A substitution whose
targets meet the bound variables of a closed term opens it with fresh names first. So nothing is ever captured.
"""

from __future__ import annotations

from derivcheck.algebra import polynomial as ring
from derivcheck.algebra import rules, substitution
from derivcheck.algebra.atoms import (
    Arena,
    Atom,
    Monomial,
    Polynomial,
    Rational,
    Slot,
    Stopped,
    monomial_free,
    monomial_level,
)
from derivcheck.algebra.canonical import canonical_order
from derivcheck.algebra.dims import Dim

MAXIMAL_COPIES = 12
"""An integer power of a sum above this stays closed under an outer sum; the claim is then at most undecided."""


def opened(arena: Arena, atom: Atom) -> tuple[tuple[int, ...], Polynomial]:
    """The summand of a sum atom with fresh bound variables."""
    bound, monomial = atom.data
    return substitution.freshened(arena, bound, Polynomial({monomial: 1}))


def sum_over(arena: Arena, polynomial: Polynomial, bound: tuple[int, ...]) -> Polynomial:
    """Σ over the bound variables, in normal form. Linear; what does not mention an index leaves its sum."""
    if not bound:
        return polynomial
    result: dict[Monomial, Rational] = {}
    for monomial, coefficient in polynomial.terms.items():
        ring.accumulate(result, _close(arena, monomial, bound).terms.items(), coefficient)
    return Polynomial(result)


def size(arena: Arena, dim: Dim) -> Polynomial:
    """The number of values of an index: an integer or the dimension's atom."""
    value = dim.value
    if value is not None:
        return Polynomial({(): value})
    return Polynomial({((arena.size(str(dim.factors[0])), 1),): 1})


def _close(arena: Arena, monomial: Monomial, bound: tuple[int, ...]) -> Polynomial:
    arena.spend()
    arena.depth += 1
    if arena.depth > substitution.MAXIMAL_DEPTH:
        raise Stopped("sums are nested too deeply")
    try:
        return _close_product(arena, monomial, bound)
    finally:
        arena.depth -= 1


def _close_product(arena: Arena, monomial: Monomial, bound: tuple[int, ...]) -> Polynomial:
    wanted = frozenset(bound)
    inside = tuple(factor for factor in monomial if not factor[0].free.isdisjoint(wanted))
    outside = tuple(factor for factor in monomial if factor[0].free.isdisjoint(wanted))
    if outside:
        # what does not mention a bound variable leaves the sum
        return ring.multiply(arena, ring.settled(arena, outside), sum_over(arena, Polynomial({inside: 1}), bound))
    unused = wanted - monomial_free(inside)
    if unused:
        arena.rules.add("sum of a constant")
        counts = ring.product(arena, [size(arena, arena.dims[v]) for v in sorted(unused)])
        rest = tuple(v for v in bound if v not in unused)
        return ring.multiply(arena, counts, _close(arena, inside, rest) if rest else ring.settled(arena, inside))
    for rule in (_eliminate_delta, _eliminate_inverse, _open_inner_sums, _sum_out_denominator):
        result = rule(arena, inside, bound)
        if result is not None:
            return result
    parts = _components(inside, bound)
    return ring.product(arena, [_close_component(arena, part, names) for part, names in parts])


def _eliminate_delta(arena: Arena, monomial: Monomial, bound: tuple[int, ...]) -> Polynomial | None:
    """Σ_j δ_ij f(j) = f(i), where i is an index of the same dimension, or the constant 1."""
    for atom, _ in monomial:
        if atom.kind != "delta":
            continue
        left, right = atom.data
        for drop, keep in ((right, left), (left, right)):
            if isinstance(drop, int) and drop in bound and (isinstance(keep, int) or keep == (-1, 1) or _in_range(arena, drop, keep)):
                arena.rules.add("delta")
                rest = substitution.substitute_monomial(arena, ring.without(monomial, atom), {drop: keep})
                return sum_over(arena, rest, tuple(v for v in bound if v != drop))
    return None


def _in_range(arena: Arena, variable: int, constant: tuple[int, int]) -> bool:
    limit = arena.dims[variable].value
    return constant[0] < 0 and limit is not None and 1 <= constant[1] <= limit


def _eliminate_inverse(arena: Arena, monomial: Monomial, bound: tuple[int, ...]) -> Polynomial | None:
    """Σ_k X_ik X⁻¹_kj = δ_ij and Σ_k X⁻¹_ik X_kj = δ_ij, where k occurs nowhere else. X is a leaf or a closed name."""
    for k in bound:
        factors = [factor for factor in monomial if k in factor[0].free]
        if len(factors) != 2 or any(exponent != 1 for _, exponent in factors):
            continue
        for (one, _), (two, _) in (factors, factors[::-1]):
            if one.kind != "inverse" or two.kind != "entry":
                continue
            ends = _contracted_ends(arena, one, two, k)
            if ends is None:
                continue
            arena.rules.add("inverse")
            rest = ring.settled(arena, ring.without(monomial, one, two))
            product = ring.multiply(arena, rest, rules.delta(arena, *ends))
            return sum_over(arena, product, tuple(v for v in bound if v != k))
    return None


def _contracted_ends(arena: Arena, inverse_atom: Atom, entry: Atom, k: int) -> tuple[Slot, Slot] | None:
    """The two slots that stay when the inverse of X and X are contracted over k in matching order; of a symmetric X in any."""
    names, argument, left, right = inverse_atom.data
    if len(argument.terms) != 1:
        return None
    ((inner, coefficient),) = argument.terms.items()
    if coefficient != 1 or len(inner) != 1 or inner[0][1] != 1 or inner[0][0].kind != "entry":
        return None
    name, slots = inner[0][0].data
    if slots not in ((names[0], names[1]), (names[1], names[0])) or entry.data[0] != name:
        return None
    if name in arena.unordered:
        ends = [slot for slot in (*entry.data[1], left, right) if slot != k and not (isinstance(slot, tuple) and slot[0] == k)]
        return (ends[0], ends[1]) if len(ends) == 2 and k in entry.data[1] and k in (left, right) else None
    first, second = entry.data[1] if slots == (names[0], names[1]) else entry.data[1][::-1]
    if left == k and second == k and right != k and first != k:
        return first, right
    if right == k and first == k and left != k and second != k:
        return left, second
    return None


def _open_inner_sums(arena: Arena, monomial: Monomial, bound: tuple[int, ...]) -> Polynomial | None:
    """(Σ_j a_j) under an outer sum joins it, with fresh names: a product of sums is one sum."""
    for atom, exponent in monomial:
        if atom.kind != "sum" or exponent < 1:
            continue
        copies = int(exponent)
        if copies > MAXIMAL_COPIES:
            continue
        names = bound
        closed = ring.without(monomial, atom)
        if exponent != copies:
            closed = ring.merge(closed, ((atom, exponent - copies),))
        product = ring.settled(arena, closed)
        for _ in range(copies):
            fresh, summand = opened(arena, atom)
            names += fresh
            product = ring.multiply(arena, product, summand)
        arena.rules.add("product of sums")
        return sum_over(arena, product, names)
    return None


def _sum_out_denominator(arena: Arena, monomial: Monomial, bound: tuple[int, ...]) -> Polynomial | None:
    """A bound variable that can be summed apart, and whose sum then stands in a denominator, is summed first.

    Σ_i Σ_t e_it ⟨Σ_t e_it⟩^(−1) f(i) = Σ_i f(i).
    """
    if len(bound) < 2:
        return None
    denominators = _denominator_sums(monomial)
    if not denominators:
        return None
    for b in bound:
        factors = tuple(factor for factor in monomial if b in factor[0].free)
        if any(exponent < 0 for _, exponent in factors):
            continue
        summed = _close(arena, factors, (b,))
        if any(atom in denominators for inner in summed.terms for atom, _ in inner):
            rest = ring.settled(arena, ring.without(monomial, *(atom for atom, _ in factors)))
            product = ring.multiply(arena, rest, summed)
            return sum_over(arena, product, tuple(v for v in bound if v != b))
    return None


def _denominator_sums(monomial: Monomial) -> frozenset[Atom]:
    found: set[Atom] = set()
    for atom, exponent in monomial:
        if exponent >= 0:
            continue
        if atom.kind == "sum":
            found.add(atom)
        elif atom.kind == "base":
            lead, _ = rules.leading(atom.data[0])
            if len(lead) == 1 and lead[0][0].kind == "sum":
                found.add(lead[0][0])
    return frozenset(found)


def _components(monomial: Monomial, bound: tuple[int, ...]) -> list[tuple[Monomial, tuple[int, ...]]]:
    """The parts of the product that hang together through bound variables."""
    groups: list[tuple[set[int], list[tuple[Atom, Rational]]]] = []
    wanted = frozenset(bound)
    for factor in monomial:
        names = set(factor[0].free & wanted)
        factors = [factor]
        rest = []
        for group in groups:
            if group[0] & names:
                names |= group[0]
                factors += group[1]
            else:
                rest.append(group)
        groups = [*rest, (names, factors)]
    return [
        (tuple(sorted(factors, key=lambda factor: factor[0].number)), tuple(v for v in bound if v in names)) for names, factors in groups
    ]


def _close_component(arena: Arena, monomial: Monomial, bound: tuple[int, ...]) -> Polynomial:
    level = arena.closing_level(monomial_level(monomial), monomial_free(monomial).difference(bound))

    def renamed(order: tuple[int, ...]) -> tuple[tuple[int, ...], Polynomial]:
        counts: dict[Dim, int] = {}
        names = []
        for v in order:
            dim = arena.dims[v]
            names.append(arena.canonical(dim, level, counts.get(dim, 0)))
            counts[dim] = counts.get(dim, 0) + 1
        mapping = {v: name for v, name in zip(order, names, strict=True) if v != name}
        return tuple(sorted(names)), substitution.substitute_monomial(arena, monomial, mapping) if mapping else Polynomial({monomial: 1})

    names, result = canonical_order(arena, monomial, bound, renamed)
    if len(result.terms) == 1:
        ((summand, coefficient),) = result.terms.items()
        if set(names) <= monomial_free(summand) and not any(atom.kind == "sum" and exponent >= 1 for atom, exponent in summand):
            return Polynomial({((arena.sum_atom(names, summand), 1),): coefficient})
    if result.terms == {monomial: 1}:
        raise Stopped("no canonical form for a sum")
    fresh, renewed = substitution.freshened(arena, names, result)
    return sum_over(arena, renewed, fresh)
