"""Rewriting inside a polynomial: every product, also those inside sums, denominators and functions, and the normal form rebuilt."""

from __future__ import annotations

from collections.abc import Callable

from derivcheck.algebra import binders, functions, powers, substitution, sums
from derivcheck.algebra import polynomial as ring
from derivcheck.algebra.atoms import Arena, Atom, Monomial, Polynomial, Rational

ProductMap = Callable[[Monomial, tuple[int, ...]], Polynomial]
"""(monomial, bound variables) -> the new Σ over them."""

AtomMap = Callable[[Atom], Polynomial | None]
"""atom -> what replaces it, or None where it stays."""


def replace_atoms(arena: Arena, polynomial: Polynomial, name: str, chosen: AtomMap) -> Polynomial:
    """The polynomial with atoms replaced, wherever they stand. Only what mentions `name` is looked into."""
    if not any(name in atom.mentions for monomial in polynomial.terms for atom, _ in monomial):
        return polynomial

    def product(monomial: Monomial, bound: tuple[int, ...]) -> Polynomial:
        untouched = tuple(factor for factor in monomial if name not in factor[0].mentions)
        if len(untouched) < len(monomial):
            touched = tuple(factor for factor in monomial if name in factor[0].mentions)
            inner = ring.multiply(arena, ring.settled(arena, untouched), changed(touched))
            return sums.sum_over(arena, inner, bound)
        return sums.sum_over(arena, Polynomial({monomial: 1}), bound)

    def changed(monomial: Monomial) -> Polynomial:
        hits = [(atom, exponent, found) for atom, exponent in monomial if (found := chosen(atom)) is not None]
        if not hits:
            return rebuild_product(arena, monomial, (), product)
        rest = ring.without(monomial, *(atom for atom, _, _ in hits))
        result = rebuild_product(arena, rest, (), product)
        for _, exponent, found in hits:
            result = ring.multiply(arena, result, powers.power(arena, found, exponent))
        return result

    return map_products(arena, polynomial, product)


def map_products(arena: Arena, polynomial: Polynomial, product: ProductMap) -> Polynomial:
    """The sum of the mapped monomials."""
    result: dict[Monomial, Rational] = {}
    for monomial, coefficient in polynomial.terms.items():
        ring.accumulate(result, product(monomial, ()).terms.items(), coefficient)
    return Polynomial(result)


def rebuild_product(arena: Arena, monomial: Monomial, bound: tuple[int, ...], product: ProductMap) -> Polynomial:
    """Σ over `bound` of the monomial, with `product` applied to every product inside its atoms."""
    factors = []
    untouched = True
    for atom, exponent in monomial:
        factor = _rebuild(arena, atom, exponent, product)
        untouched = untouched and factor.terms == {((atom, exponent),): 1}
        factors.append(factor)
    if untouched:
        return sums.sum_over(arena, Polynomial({monomial: 1}), bound)
    return sums.sum_over(arena, ring.product(arena, factors), bound)


def _rebuild(arena: Arena, atom: Atom, exponent: Rational, product: ProductMap) -> Polynomial:
    def inner(polynomial: Polynomial) -> Polynomial:
        return map_products(arena, polynomial, product)

    data = atom.data
    match atom.kind:
        case "entry" | "delta" | "at-most" | "size" | "prime" | "partial":
            return Polynomial({((atom, exponent),): 1})
        case "sum":
            bound, summand = sums.opened(arena, atom)
            value = _over(arena, bound, summand, product)
        case "exp":
            return functions.exponential(arena, ring.scale(product(data[0], ()), exponent))
        case "log":
            value = functions.logarithm(arena, inner(data[0]))
        case "base":
            value = inner(data[0])
        case "step":
            value = functions.step(arena, inner(data[0]))
        case "function":
            value = functions.function(arena, data[0], data[1], inner(data[2]))
        case "functional":
            value = binders.functional(arena, data[0], *_inside(arena, data[1], data[2], product), data[3])
        case "inverse":
            value = binders.inverse(arena, *_inside(arena, data[0], data[1], product), data[2], data[3])
        case "determinant":
            value = binders.determinant(arena, *_inside(arena, data[0], data[1], product))
        case _:
            raise TypeError(f"unknown atom {atom.kind}")
    return powers.power(arena, value, exponent)


def _over(arena: Arena, bound: tuple[int, ...], summand: Polynomial, product: ProductMap) -> Polynomial:
    parts = [ring.scale(product(monomial, bound), coefficient) for monomial, coefficient in summand.terms.items()]
    return ring.add(Polynomial({}), *parts)


def _inside(arena: Arena, bound: tuple[int, ...], argument: Polynomial, product: ProductMap) -> tuple[tuple[int, ...], Polynomial]:
    fresh, opened = substitution.freshened(arena, bound, argument)
    return fresh, map_products(arena, opened, product)
