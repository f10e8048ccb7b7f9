"""Evaluates the polynomials of the index algebra at explicit sizes: one formula for each atom, straight from its description."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from itertools import product

import interval_values as values
from interval_terms import Places, TermValues
from interval_values import Dual, Undefined, Value, constant

from derivcheck.algebra.assumptions import UNORDERED
from derivcheck.algebra.atoms import Arena, Atom, Monomial, Polynomial, Slot
from derivcheck.language.shapes import flat
from derivcheck.language.terms import Leaf, Named

Assigned = Mapping[int, int]
"""The value of each variable, counted from 1."""


class Escaped(ArithmeticError):
    """A bound variable stands outside its sum."""


class PolynomialValues:
    """The values of polynomials of one arena at one point. `symbols` are the leaves and the named intermediates by name."""

    def __init__(self, arena: Arena, terms: TermValues, symbols: Mapping[str, Leaf | Named]) -> None:
        self.arena = arena
        self.terms = terms
        self.symbols = symbols
        self._kept: dict[tuple[Atom, tuple[tuple[int, int], ...]], Value] = {}

    def polynomial(self, polynomial: Polynomial, at: Assigned) -> Value:
        result: Value = Fraction(0)
        for monomial, coefficient in polynomial.terms.items():
            result = values.plus(result, values.times(Fraction(coefficient), self.monomial(monomial, at)))
        return result

    def monomial(self, monomial: Monomial, at: Assigned) -> Value:
        """A product; where a delta or an indicator is 0, nothing else is asked."""
        for atom, _ in monomial:
            if atom.kind in ("delta", "at-most") and self.atom(atom, at) == 0:
                return Fraction(0)
        result: Value = Fraction(1)
        for atom, exponent in monomial:
            result = values.times(result, values.raised(self.atom(atom, at), Fraction(exponent)))
        return result

    def atom(self, atom: Atom, at: Assigned) -> Value:
        if not atom.free <= at.keys():
            raise Escaped(f"{sorted(atom.free.difference(at))} in {atom}")
        key = (atom, tuple(sorted((v, at[v]) for v in atom.free)))
        found = self._kept.get(key)
        if found is None:
            found = self._kept[key] = self._atom(atom, at)
        return found

    def place(self, slot: Slot, at: Assigned) -> int:
        if isinstance(slot, int):
            return at[slot]
        variable, offset = slot
        return offset if variable < 0 else at[variable] + offset

    def places(self, slots: tuple[Slot, ...], at: Assigned) -> Places:
        return tuple(self.place(slot, at) for slot in slots)

    def _ranges(self, bound: tuple[int, ...]) -> list[Places]:
        return list(product(*(range(1, self.arena.dims[v].size(self.terms.sizes) + 1) for v in bound)))

    def _over(self, bound: tuple[int, ...], polynomial: Polynomial, at: Assigned) -> dict[Places, Value]:
        return {place: self.polynomial(polynomial, {**at, **dict(zip(bound, place, strict=True))}) for place in self._ranges(bound)}

    def _entry(self, name: str, places: Places) -> Value:
        symbol = self.symbols[name.removesuffix(UNORDERED)]
        for place, dim in zip(places, flat(symbol.shape), strict=True):
            if not 1 <= place <= dim.size(self.terms.sizes):
                raise Undefined(f"subscript {place} is out of range")
        return self.terms.entry(symbol, places, {}, self.terms.plain).real

    def _atom(self, atom: Atom, at: Assigned) -> Value:
        data = atom.data
        match atom.kind:
            case "entry":
                return self._entry(data[0], self.places(data[1], at))
            case "delta":
                return Fraction(int(self.place(data[0], at) == self.place(data[1], at)))
            case "at-most":
                return Fraction(int(self.place(data[0], at) <= self.place(data[1], at)))
            case "size":
                return Fraction(self.terms.sizes[data[0]])
            case "prime":
                return Fraction(data[0])
            case "exp":
                return values.exponential(constant(self.monomial(data[0], at))).real
            case "log":
                return values.logarithm(constant(self.polynomial(data[0], at))).real
            case "base":
                return self.polynomial(data[0], at)
            case "step":
                return Fraction(int(values.sign(self.polynomial(data[0], at)) > 0))
            case "sum":
                total: Value = Fraction(0)
                for value in self._over(data[0], Polynomial({data[1]: 1}), at).values():
                    total = values.plus(total, value)
                return total
            case "function":
                return values.generic(data[0], data[1], constant(self.polynomial(data[2], at))).real
            case "functional":
                return self._functional(data[0], self._over(data[1], data[2], at), [self.places(group, at) for group in data[3]])
            case "inverse":
                table = self._over(data[0], data[1], at)
                size = max(row for row, _ in table)
                row, column = self.places(data[2:], at)
                if not (1 <= row <= size and 1 <= column <= size):
                    raise Undefined(f"subscript {row} or {column} is out of range")
                return values.inverse(_square(table, size))[row - 1][column - 1].real
            case "determinant":
                table = self._over(data[0], data[1], at)
                return values.determinant(_square(table, max(row for row, _ in table))).real
            case "partial":
                function, variable = self.symbols[data[0]], self.symbols[data[2]]
                places = self.places(data[1], at)
                return self.terms.derivative(
                    lambda varied: self.terms.entry(function, places, {}, varied), variable, self.places(data[3], at), self.terms.plain
                ).real
        raise TypeError(f"unknown atom {atom.kind}")

    @staticmethod
    def _functional(name: str, table: dict[Places, Value], groups: list[Places]) -> Value:
        """The derivative by every group once."""
        entries = {place: constant(value) for place, value in table.items()}
        for tag, group in enumerate(groups):
            entries[group] = entries[group] + values.infinitesimal(tag)
        result: Dual = values.functional(name, entries)
        for tag in range(len(groups)):
            result = result.coefficient(tag)
        return result.real


def _square(table: Mapping[Places, Value], size: int) -> values.Matrix:
    return [[constant(table[row, column]) for column in range(1, size + 1)] for row in range(1, size + 1)]
