"""Replacing variables by slots, with normal forms rebuilt and nothing captured."""

from __future__ import annotations

from collections.abc import Mapping

from derivcheck.algebra import binders, functions, powers, rules, sums
from derivcheck.algebra import polynomial as ring
from derivcheck.algebra.atoms import (
    Arena,
    Atom,
    Monomial,
    Polynomial,
    Rational,
    Slot,
    Stopped,
    slots_free,
)

MAXIMAL_DEPTH = 200

Substitution = Mapping[int, Slot]


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
            value = sums.sum_over(arena, substitute(arena, summand, mapping), bound)
        case "functional":
            bound, argument = without_capture(arena, data[1], data[2], atom, mapping)
            slots = tuple(tuple(replace(slot, mapping) for slot in group) for group in data[3])
            value = binders.functional(arena, data[0], bound, substitute(arena, argument, mapping), slots)
        case "inverse":
            bound, argument = without_capture(arena, data[0], data[1], atom, mapping)
            left, right = replace(data[2], mapping), replace(data[3], mapping)
            value = binders.inverse(arena, bound, substitute(arena, argument, mapping), left, right)
        case "determinant":
            bound, argument = without_capture(arena, data[0], data[1], atom, mapping)
            value = binders.determinant(arena, bound, substitute(arena, argument, mapping))
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
