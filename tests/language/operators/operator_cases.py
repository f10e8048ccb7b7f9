"""One application at one point: its value by meaning, by NumPy and by SymPy."""

from __future__ import annotations

import random
from collections.abc import Callable
from fractions import Fraction
from itertools import permutations
from math import prod
from typing import Any

import numpy as np
import sympy
from dual_numbers import Dual
from index_evaluator import evaluate, fresh_indices, interval, subscripts
from mpmath import iv

from derivcheck import (
    Index,
)
from derivcheck.language.operators import table
from derivcheck.language.shapes import flat
from derivcheck.language.terms import Apply, Leaf, Term


class Case:
    """An application, the sizes of its dimensions, and a rational point in the sample range of each argument."""

    def __init__(self, build: Callable[[], Term], seed: int, sizes: tuple[int, ...]) -> None:
        term = build()
        assert isinstance(term, Apply)
        self.term = term
        self.record = term.operator
        names = sorted({name for part in (term, *term.arguments) for axis in part.shape for name in axis.symbols})
        self.sizes = {name: sizes[position % len(sizes)] for position, name in enumerate(names)}
        self.random = random.Random(seed)
        self.size = self.size_of(term)
        free = sorted(term.free, key=str)
        self.at = {index: self.random.randint(1, index.dim.size(self.sizes)) for index in free}
        self.parameters = tuple(self.at[parameter] if isinstance(parameter, Index) else parameter for parameter in term.parameters)
        self.point = [self.draw(argument, sample) for argument, sample in zip(term.arguments, self.record.sample, strict=True)]
        while "invertible" in self.record.smooth and abs(exact_determinant(self.square(self.point[0]))) < Fraction(1, 8):
            self.point = [self.draw(term.arguments[0], self.record.sample[0])]

    def size_of(self, term: Term) -> tuple[int, ...]:
        return tuple(axis.size(self.sizes) for axis in term.shape)

    def draw(self, argument: Term, sample: tuple[float, float]) -> list[Fraction]:
        low, high = (int(bound * 16) for bound in sample)
        # odd numbers over 32: exact in binary, never 0
        return [Fraction(2 * self.random.randrange(low, high) + 1, 32) for _ in range(prod(self.size_of(argument)))]

    def square(self, values: list[Fraction]) -> list[list[Fraction]]:
        length = round(len(values) ** 0.5)
        return [values[row * length : (row + 1) * length] for row in range(length)]

    def arrays(self, change: Callable[[int, int, Fraction], Any], dtype: Any) -> tuple[Any, ...]:
        """The arguments as NumPy arrays; `change` makes each entry, given its argument, position and value."""
        result = []
        for number, (argument, values) in enumerate(zip(self.term.arguments, self.point, strict=True)):
            array = np.empty(len(values), dtype=dtype)
            for position, value in enumerate(values):
                array[position] = change(number, position, value)
            result.append(array.reshape(self.size_of(argument)))
        return tuple(result)

    def numpy(self, change: Callable[[int, int, Fraction], Any] = lambda number, position, value: float(value), dtype: Any = float) -> Any:
        found = self.record.numpy(self.arrays(change, dtype), self.parameters, self.size)
        assert isinstance(found, np.ndarray)
        assert found.shape == self.size
        return found

    def sympy(self, change: Callable[[int, int, Fraction], Any]) -> Any:
        arrays = []
        for number, (argument, values) in enumerate(zip(self.term.arguments, self.point, strict=True)):
            entries = [change(number, position, value) for position, value in enumerate(values)]
            size = self.size_of(argument)
            arrays.append(sympy.ImmutableDenseNDimArray(entries, size) if size else sympy.ImmutableDenseNDimArray(entries[0]))
        found = self.record.sympy(tuple(arrays), self.parameters, self.size)
        assert isinstance(found, sympy.ImmutableDenseNDimArray)
        assert found.shape == self.size
        return found

    def symbols(self) -> tuple[Any, list[tuple[int, int, Any]], dict[Any, Any]]:
        """The SymPy facet on symbols, the symbols with argument and position, and their values."""
        symbols: dict[tuple[int, int], Any] = {}
        values = {}
        for number, entries in enumerate(self.point):
            for position, value in enumerate(entries):
                symbol = symbols[number, position] = sympy.Symbol(f"x{number}_{position}")
                values[symbol] = rational(value)
        found = self.sympy(lambda number, position, value: symbols[number, position])
        return found, [(*place, symbol) for place, symbol in symbols.items()], values

    def meant(self) -> list[Any]:
        """The entries by meaning, as intervals in row-major order."""
        term = self.term
        if self.record.name == "determinant":
            return [interval(exact_determinant(self.square(self.point[0])))]
        if self.record.name == "inverse":
            return [interval(value) for row in exact_inverse(self.square(self.point[0])) for value in row]
        assert self.record.meaning is not None
        point = {}
        for argument, values in zip(term.arguments, self.point, strict=True):
            assert isinstance(argument, Leaf)
            point[argument.name] = dict(zip(subscripts(flat(argument.shape), self.sizes), values, strict=True))
        if term.shape == () and self.record.name in ("exp", "log", "absolute", "relu", "elementwise"):
            return [evaluate(term, point, self.sizes, self.at, generic_interval)]
        slots = tuple(Index(f"slot{position}", dim) for position, dim in enumerate(flat(term.shape)))
        meaning = self.record.meaning(term.arguments, term.parameters, slots, fresh_indices())
        assert meaning.shape == ()
        assert meaning.free <= frozenset(slots) | term.free
        places = subscripts(flat(term.shape), self.sizes)
        return [evaluate(meaning, point, self.sizes, {**self.at, **dict(zip(slots, place, strict=True))}, generic_interval) for place in places]


def rational(value: Fraction) -> Any:
    return sympy.Rational(value.numerator, value.denominator)


def exact_determinant(square: list[list[Fraction]]) -> Fraction:
    """Leibniz' formula."""
    length = len(square)
    result = Fraction(0)
    for order in permutations(range(length)):
        inversions = sum(order[a] > order[b] for a in range(length) for b in range(a + 1, length))
        result += (-1) ** inversions * prod((square[row][order[row]] for row in range(length)), start=Fraction(1))
    return result


def exact_inverse(square: list[list[Fraction]]) -> list[list[Fraction]]:
    """Cramer's rule, checked by multiplying out."""
    length = range(len(square))
    whole = exact_determinant(square)

    def replaced(row: int, column: int) -> list[list[Fraction]]:
        return [[Fraction(r == column) if c == row else square[r][c] for c in length] for r in length]

    found = [[exact_determinant(replaced(row, column)) / whole for column in length] for row in length]
    assert [[sum(square[r][t] * found[t][c] for t in length) for c in length] for r in length] == [[Fraction(r == c) for c in length] for r in length]
    return found


def generic_interval(parameters: tuple[Any, ...], value: Any) -> Any:
    """The concrete function behind a generic one; it has no other mathematical value than the one that NumPy gives it."""
    found = table()["elementwise"].numpy((np.asarray(float(value.mid)),), parameters, ())
    return iv.mpf(float(found))


def generic_number(function: Any) -> Any:
    """The value of a generic SymPy function at numbers, by nested dual numbers of the NumPy facet for partial derivatives."""
    name, detail = function.generic
    values = [float(argument) for argument in function.args]
    if isinstance(detail, int):
        return sympy.Float(float(table()["elementwise"].numpy((np.asarray(values[0]),), (name, detail), ())), 17)
    entries: list[Any] = list(values)
    for position in detail:
        entries = [Dual(entry, (1.0 if number == position else 0.0)) for number, entry in enumerate(entries, start=1)]
    array = np.empty(len(entries), dtype=object)
    array[:] = entries
    found = table()["scalar_function"].numpy((array,), (name,), ())[()]
    for _ in detail:
        found = found.part
    return sympy.Float(float(found), 17)


def number(expression: Any, values: dict[Any, Any]) -> Any:
    """A SymPy expression at a point, to 40 digits (16 where it holds generic functions)."""
    at_point = expression.xreplace(values)
    at_point = at_point.replace(lambda part: hasattr(type(part), "generic"), generic_number)
    return at_point.evalf(40)


def close(found: Any, expected: Any, digits: float = 1e-11) -> bool:
    return bool(abs(complex(found) - complex(expected)) <= digits * (1 + abs(complex(expected))))
