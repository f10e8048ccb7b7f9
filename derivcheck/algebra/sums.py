"""Bound indices: opening, closing, substituting. The only place where capture could happen.

A sum atom Σ_bound m hangs together: no bound variable can be summed apart from the others. Its bound variables are canonical
(numbered by level and position); the level is above that of every sum inside and of every free variable. A substitution whose
targets meet the bound variables of a closed term opens it with fresh names first. So nothing is ever captured.
"""

from __future__ import annotations

from collections.abc import Mapping

from derivcheck.algebra import functions, powers, rules
from derivcheck.algebra import polynomial as ring
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
    polynomial_free,
    polynomial_level,
    slots_free,
)
from derivcheck.algebra.canonical import canonical_order
from derivcheck.algebra.dims import Dim

MAXIMAL_DEPTH = 200
MAXIMAL_COPIES = 12
"""An integer power of a sum above this stays closed under an outer sum; the claim is then at most undecided."""

Substitution = Mapping[int, Slot]


# ------------------------------------------------------------------------------------------------------ substituting
def substitute(arena: Arena, polynomial: Polynomial, mapping: Substitution) -> Polynomial:
    """The polynomial with variables replaced by slots; normal forms are rebuilt."""
    if not any(not atom.free.isdisjoint(mapping) for monomial in polynomial.terms for atom, _ in monomial):
        return polynomial
    result: dict[Monomial, Rational] = {}
    for monomial, coefficient in polynomial.terms.items():
        ring.accumulate(result, substitute_monomial(arena, monomial, mapping).terms.items(), coefficient)
    return Polynomial(result)


def substitute_monomial(arena: Arena, monomial: Monomial, mapping: Substitution) -> Polynomial:
    """The monomial with variables replaced by slots."""
    untouched = []
    simple: list[tuple[Atom, Rational]] = []
    others: list[Polynomial] = []
    for atom, exponent in monomial:
        if atom.free.isdisjoint(mapping):
            untouched.append((atom, exponent))
        elif atom.kind == "entry":
            name, slots = atom.data
            simple.append((arena.entry(name, tuple(replace(slot, mapping) for slot in slots)), exponent))
        else:
            others.append(rebuild(arena, atom, exponent, mapping))
    kept = tuple(untouched)
    for factor in simple:
        kept = ring.merge(kept, (factor,))
    result = ring.settled(arena, kept)
    for other in others:
        result = ring.multiply(arena, result, other)
    return result


def replace(slot: Slot, mapping: Substitution) -> Slot:
    """The slot after the substitution; offsets add up."""
    if isinstance(slot, int):
        return mapping.get(slot, slot)
    variable, offset = slot
    if variable not in mapping:
        return slot
    target = mapping[variable]
    if isinstance(target, int):
        return rules.shifted(target, offset)
    return (-1, target[1] + offset) if target[0] < 0 else rules.shifted(target[0], target[1] + offset)


def rebuild(arena: Arena, atom: Atom, exponent: Rational, mapping: Substitution) -> Polynomial:
    """atom^exponent after the substitution."""
    key = (atom, exponent, tuple(sorted((v, mapping[v]) for v in atom.free if v in mapping)))
    found = arena.memo.get(key)
    if found is None:
        arena.spend()
        arena.depth += 1
        if arena.depth > MAXIMAL_DEPTH:
            raise Stopped("sums are nested too deeply")
        try:
            found = arena.memo[key] = _rebuild(arena, atom, exponent, mapping)
        finally:
            arena.depth -= 1
    result: Polynomial = found
    return result


def _rebuild(arena: Arena, atom: Atom, exponent: Rational, mapping: Substitution) -> Polynomial:
    data = atom.data
    match atom.kind:
        case "entry":
            value = Polynomial({((arena.entry(data[0], tuple(replace(slot, mapping) for slot in data[1])), 1),): 1})
        case "delta":
            value = rules.delta(arena, replace(data[0], mapping), replace(data[1], mapping))
        case "at-most":
            value = rules.at_most(arena, replace(data[0], mapping), replace(data[1], mapping))
        case "exp":
            return functions.exponential(arena, ring.scale(substitute_monomial(arena, data[0], mapping), exponent))
        case "log":
            value = functions.logarithm(arena, substitute(arena, data[0], mapping))
        case "base":
            return powers.power(arena, substitute(arena, data[0], mapping), exponent)
        case "step":
            value = functions.step(arena, substitute(arena, data[0], mapping))
        case "function":
            value = functions.function(arena, data[0], data[1], substitute(arena, data[2], mapping))
        case "sum":
            bound, summand = without_capture(arena, data[0], Polynomial({data[1]: 1}), atom, mapping)
            value = sum_over(arena, substitute(arena, summand, mapping), bound)
        case "functional":
            bound, argument = without_capture(arena, data[1], data[2], atom, mapping)
            slots = tuple(tuple(replace(slot, mapping) for slot in group) for group in data[3])
            value = functional(arena, data[0], bound, substitute(arena, argument, mapping), slots)
        case "inverse":
            bound, argument = without_capture(arena, data[0], data[1], atom, mapping)
            left, right = replace(data[2], mapping), replace(data[3], mapping)
            value = inverse(arena, bound, substitute(arena, argument, mapping), left, right)
        case "determinant":
            bound, argument = without_capture(arena, data[0], data[1], atom, mapping)
            value = determinant(arena, bound, substitute(arena, argument, mapping))
        case "partial":
            value = Polynomial({((_replace_partial(arena, data, mapping), 1),): 1})
        case _:
            raise TypeError(f"unknown atom {atom.kind}")
    return powers.power(arena, value, exponent)


def without_capture(
    arena: Arena, bound: tuple[int, ...], inside: Polynomial, atom: Atom, mapping: Substitution
) -> tuple[tuple[int, ...], Polynomial]:
    """The bound variables and the inside of a closed atom, with fresh names where the substitution would be captured."""
    targets = slots_free(mapping[v] for v in atom.free if v in mapping)
    if targets.isdisjoint(bound) and mapping.keys().isdisjoint(bound):
        return bound, inside
    return freshened(arena, bound, inside)


def freshened(arena: Arena, bound: tuple[int, ...], inside: Polynomial) -> tuple[tuple[int, ...], Polynomial]:
    """The same with fresh bound variables."""
    fresh = tuple(arena.fresh(arena.dims[v]) for v in bound)
    return fresh, substitute(arena, inside, dict(zip(bound, fresh, strict=True)))


def _replace_partial(arena: Arena, data: tuple[str, tuple[Slot, ...], str, tuple[Slot, ...]], mapping: Substitution) -> Atom:
    function_slots = tuple(replace(slot, mapping) for slot in data[1])
    variable_slots = tuple(replace(slot, mapping) for slot in data[3])
    return arena.partial_atom(data[0], function_slots, data[2], variable_slots)


# ------------------------------------------------------------------------------------- atoms with their own binders
def _canonical_binders(
    arena: Arena, bound: tuple[int, ...], argument: Polynomial, outside: frozenset[int] = frozenset()
) -> tuple[tuple[int, ...], Polynomial]:
    """Canonical names for the binders of an argument, different from the variables `outside` it in the same atom."""
    others = polynomial_free(argument).difference(bound) | outside
    level = arena.closing_level(polynomial_level(argument), others)
    names = tuple(arena.canonical(arena.dims[v], level, position) for position, v in enumerate(bound))
    if names == bound:
        return bound, argument
    return names, substitute(arena, argument, dict(zip(bound, names, strict=True)))


def functional(
    arena: Arena, name: str, bound: tuple[int, ...], argument: Polynomial, slots: tuple[tuple[Slot, ...], ...]
) -> Polynomial:
    """A generic scalar function of the tensor with entry `argument` over `bound`, derived by the entries at `slots`.

    The order of the derivatives does not matter: it is taken to be twice continuously differentiable.
    """
    names, closed = _canonical_binders(arena, bound, argument, slots_free(slot for group in slots for slot in group))
    if len(slots) > 1:
        arena.rules.add("partial derivatives commute (twice continuously differentiable)")
    ordered = tuple(sorted(slots, key=repr))
    return Polynomial({((arena.functional_atom(name, names, closed, ordered), 1),): 1})


def inverse(arena: Arena, bound: tuple[int, ...], argument: Polynomial, left: Slot, right: Slot) -> Polynomial:
    """The entry (left, right) of the inverse of the matrix with entry `argument` over `bound`."""
    names, closed = _canonical_binders(arena, bound, argument, slots_free((left, right)))
    return Polynomial({((arena.inverse_atom(names, closed, left, right), 1),): 1})


def determinant(arena: Arena, bound: tuple[int, ...], argument: Polynomial) -> Polynomial:
    """The determinant of the matrix with entry `argument` over `bound`."""
    names, closed = _canonical_binders(arena, bound, argument)
    return Polynomial({((arena.determinant_atom(names, closed), 1),): 1})


# ------------------------------------------------------------------------------------------------- opening, closing
def opened(arena: Arena, atom: Atom) -> tuple[tuple[int, ...], Polynomial]:
    """The summand of a sum atom with fresh bound variables."""
    bound, monomial = atom.data
    return freshened(arena, bound, Polynomial({monomial: 1}))


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
    if arena.depth > MAXIMAL_DEPTH:
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
                rest = substitute_monomial(arena, ring.without(monomial, atom), {drop: keep})
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
            ends = _contracted_ends(one, two, k)
            if ends is None:
                continue
            arena.rules.add("inverse")
            rest = ring.settled(arena, ring.without(monomial, one, two))
            product = ring.multiply(arena, rest, rules.delta(arena, *ends))
            return sum_over(arena, product, tuple(v for v in bound if v != k))
    return None


def _contracted_ends(inverse_atom: Atom, entry: Atom, k: int) -> tuple[Slot, Slot] | None:
    """The two slots that stay when the inverse of X and X are contracted over k in matching order."""
    names, argument, left, right = inverse_atom.data
    if len(argument.terms) != 1:
        return None
    ((inner, coefficient),) = argument.terms.items()
    if coefficient != 1 or len(inner) != 1 or inner[0][1] != 1 or inner[0][0].kind != "entry":
        return None
    name, slots = inner[0][0].data
    if slots not in ((names[0], names[1]), (names[1], names[0])) or entry.data[0] != name:
        return None
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
        return tuple(sorted(names)), substitute_monomial(arena, monomial, mapping) if mapping else Polynomial({monomial: 1})

    names, result = canonical_order(arena, monomial, bound, renamed)
    if len(result.terms) == 1:
        ((summand, coefficient),) = result.terms.items()
        if set(names) <= monomial_free(summand) and not any(atom.kind == "sum" and exponent >= 1 for atom, exponent in summand):
            return Polynomial({((arena.sum_atom(names, summand), 1),): coefficient})
    if result.terms == {monomial: 1}:
        raise Stopped("no canonical form for a sum")
    fresh, renewed = freshened(arena, names, result)
    return sum_over(arena, renewed, fresh)


