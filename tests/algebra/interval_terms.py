"""Evaluates language terms entry by entry at explicit sizes. Derivatives are nilpotent parts: nothing is shared with the lowering.

A subscript out of its range, a division by 0, a kink under a derivative and so on raise Undefined.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import count, product
from typing import Any

import interval_values as values
from interval_values import Dual, Undefined, Value, constant

from derivcheck.algebra.dims import Dim, Index
from derivcheck.language.shapes import flat
from derivcheck.language.subscripts import Shift, Slot
from derivcheck.language.terms import (
    Add,
    Apply,
    Array,
    Cases,
    Delta,
    Derivative,
    Entry,
    Indicator,
    Leaf,
    Named,
    Number,
    Positive,
    Power,
    Scale,
    Size,
    Slice,
    Sum,
    Term,
)

Places = tuple[int, ...]
At = Mapping[Index, int]
Tensors = Mapping[str, Mapping[Places, Value]]
"""For each leaf its entries by subscripts, counted from 1."""


class Context:
    """What is varied: tables that replace the values of some names. Values found are kept."""

    def __init__(self, tables: Mapping[str, Mapping[Places, Dual]]) -> None:
        self.tables = tables
        self.kept: dict[tuple[str, Places], Dual] = {}


class TermValues:
    """The values of terms at one point."""

    def __init__(self, tensors: Tensors, sizes: Mapping[str, int]) -> None:
        self.tensors = tensors
        self.sizes = sizes
        self.plain = Context({})
        self._tags = count()

    def places(self, dims: tuple[Dim, ...]) -> list[Places]:
        return list(product(*(range(1, dim.size(self.sizes) + 1) for dim in dims)))

    def derivative(self, function: Callable[[Context], Dual], variable: Leaf | Named, at: Places, context: Context) -> Dual:
        """The derivative of a function of a context by one entry of a name."""
        table = {place: self.entry(variable, place, {}, context) for place in self.places(flat(variable.shape))}
        if at not in table:
            raise Undefined(f"{variable.name} has no entry {at}")
        tag = next(self._tags)
        table[at] = table[at] + values.infinitesimal(tag)
        return function(Context({**context.tables, variable.name: table})).coefficient(tag)

    def scalar(self, term: Term, at: At) -> Value:
        """The value of a scalar term."""
        return self.entry(term, (), at, self.plain).real

    def entry(self, term: Term, places: Places, at: At, context: Context) -> Dual:
        """One entry of a term."""
        match term:
            case Number():
                return constant(term.value)
            case Size():
                return constant(Fraction(term.dim.size(self.sizes)))
            case Leaf():
                if term.name in context.tables:
                    return context.tables[term.name][places]
                return constant(self.tensors[term.name][places])
            case Named():
                return self._named(term, places, context)
            case Entry():
                return self.entry(term.tensor, self._subscripts(term.slots, flat(term.tensor.shape), at), at, context)
            case Slice():
                given = iter(places)
                dims = flat(term.tensor.shape)
                found = tuple(
                    next(given) if slot is None else self._subscripts((slot,), (dim,), at)[0] for slot, dim in zip(term.slots, dims, strict=True)
                )
                return self.entry(term.tensor, found, at, context)
            case Array():
                return self.entry(term.body, (), {**at, **dict(zip(term.indices, places, strict=True))}, context)
            case Sum():
                return self._sum(term, places, at, context)
            case Delta():
                return constant(int(_position(term.left, at) == _position(term.right, at)))
            case Indicator():
                return constant(int(self._holds(term.relation, at, context)))
            case Cases():
                for relation, value in term.branches:
                    if self._holds(relation, at, context):
                        return self.entry(value, (), at, context)
                return self.entry(term.otherwise, (), at, context)
            case Add():
                return _total(self.entry(part, places, at, context) for part in term.terms)
            case Scale():
                return self.entry(term.factor, (), at, context) * self.entry(term.body, places, at, context)
            case Power():
                return values.power(self.entry(term.base, (), at, context), term.exponent)
            case Apply():
                return self._apply(term, places, at, context)
            case Derivative():
                return self._derivative(term, places, at, context)
        raise TypeError(type(term).__name__)

    def _named(self, term: Named, places: Places, context: Context) -> Dual:
        if term.name in context.tables:
            return context.tables[term.name][places]
        key = (term.name, places)
        found = context.kept.get(key)
        if found is None:
            found = context.kept[key] = self.entry(term.definition, places, {}, context)
        return found

    def _subscripts(self, slots: tuple[Slot, ...], dims: tuple[Dim, ...], at: At) -> Places:
        found = tuple(_position(slot, at) for slot in slots)
        for place, dim in zip(found, dims, strict=True):
            if not 1 <= place <= dim.size(self.sizes):
                raise Undefined(f"subscript {place} is out of range")
        return found

    def _sum(self, term: Sum, places: Places, at: At, context: Context) -> Dual:
        size = term.index.dim.size(self.sizes)
        first = 1 if term.lower is None else _position(term.lower, at)
        last = size if term.upper is None else _position(term.upper, at)
        inside = range(max(first, 1), min(last, size) + 1)
        return _total(self.entry(term.body, places, {**at, term.index: k}, context) for k in inside)

    def _holds(self, relation: Any, at: At, context: Context) -> bool:
        if isinstance(relation, Positive):
            return values.positive_step(self.entry(relation.term, (), at, context)) == 1
        left, right = _position(relation.left, at), _position(relation.right, at)
        return {"=": left == right, "≠": left != right, "≤": left <= right, "<": left < right}[relation.sign]

    def _derivative(self, term: Derivative, places: Places, at: At, context: Context) -> Dual:
        f = [len(axis.factors) for axis in term.function.shape if not axis.is_one]
        v = [len(axis.factors) for axis in term.variable.shape if not axis.is_one]
        if not f:
            order = [("v", k) for k in range(len(v))]
            order = order[::-1] if term.layout == "numerator" else order
        elif not v:
            order = [("f", k) for k in range(len(f))]
            order = order[::-1] if term.layout == "denominator" else order
        else:
            parts = [[("f", k) for k in range(len(f))], [("v", k) for k in range(len(v))]]
            first, second = parts[::-1] if term.layout == "denominator" else parts
            order = first + second
        given: dict[tuple[str, int], Places] = {}
        start = 0
        for kind, axis in order:
            width = (f if kind == "f" else v)[axis]
            given[kind, axis] = places[start : start + width]
            start += width
        function_places = sum((given["f", k] for k in range(len(f))), ())
        rest = iter(sum((given["v", k] for k in range(len(v))), ()))
        root = term.root
        if isinstance(term.variable, (Entry, Slice)):
            dims = flat(root.shape)
            root_places = tuple(
                next(rest) if slot is None else self._subscripts((slot,), (dim,), at)[0] for slot, dim in zip(term.variable.slots, dims, strict=True)
            )
        else:
            root_places = tuple(rest)
        return self.derivative(lambda varied: self.entry(term.function, function_places, at, varied), root, root_places, context)

    def _all(self, term: Term, at: At, context: Context) -> dict[Places, Dual]:
        return {place: self.entry(term, place, at, context) for place in self.places(flat(term.shape))}

    def _square(self, term: Term, at: At, context: Context) -> tuple[list[Places], values.Matrix]:
        rows, columns = (self.places(axis.elementary) for axis in term.shape)
        return rows, [[self.entry(term, row + column, at, context) for column in columns] for row in rows]

    def _apply(self, term: Apply, places: Places, at: At, context: Context) -> Dual:
        arguments, parameters = term.arguments, term.parameters

        def of(argument: Term, *subscripts: int) -> Dual:
            return self.entry(argument, subscripts, at, context)

        def split(axis: Dim) -> tuple[Places, Places]:
            return places[: len(axis.factors)], places[len(axis.factors) :]

        match term.operator.name:
            case "exp":
                return values.exponential(of(arguments[0], *places))
            case "log":
                return values.logarithm(of(arguments[0], *places))
            case "sqrt":
                return values.power(of(arguments[0], *places), Fraction(1, 2))
            case "power":
                return values.power(of(arguments[0], *places), Fraction(parameters[0]))
            case "relu":
                argument = of(arguments[0], *places)
                return argument.scaled(Fraction(values.positive_step(argument)))
            case "absolute":
                argument = of(arguments[0], *places)
                return argument.scaled(Fraction(2 * values.positive_step(argument) - 1))
            case "sigmoid":
                return values.power(constant(1) + values.exponential(of(arguments[0], *places).scaled(Fraction(-1))), Fraction(-1))
            case "tanh":
                double = values.power(constant(1) + values.exponential(of(arguments[0], *places).scaled(Fraction(-2))), Fraction(-1))
                return double.scaled(Fraction(2)) + constant(-1)
            case "softplus":
                return values.logarithm(constant(1) + values.exponential(of(arguments[0], *places)))
            case "elementwise":
                return values.generic(parameters[0], parameters[1], of(arguments[0], *places))
            case "scalar_function":
                return values.functional(parameters[0], self._all(arguments[0], at, context))
            case "matmul":
                left, right = arguments
                inner = (left.shape[1] if left.shape else Dim(())).elementary
                rows = left.shape[0] if left.shape else Dim(())
                i, j = split(rows)
                return _total(of(left, *i, *k) * of(right, *k, *j) for k in self.places(inner))
            case "transpose":
                if len(term.shape) < 2:
                    return of(arguments[0], *places)
                i, j = split(term.shape[0])
                return of(arguments[0], *j, *i)
            case "hadamard":
                return of(arguments[0], *places) * of(arguments[1], *places)
            case "outer":
                width = len(flat(arguments[0].shape))
                return of(arguments[0], *places[:width]) * of(arguments[1], *places[width:])
            case "diag":
                half = len(places) // 2
                return of(arguments[0], *places[:half]) if places[:half] == places[half:] else Dual()
            case "trace":
                return _total(of(arguments[0], *k, *k) for k in self.places(arguments[0].shape[0].elementary))
            case "total":
                return _total(self._all(arguments[0], at, context).values())
            case "mean":
                entries = self._all(arguments[0], at, context)
                return _total(entries.values()).scaled(Fraction(1, len(entries)))
            case "frobenius":
                squares = [entry * entry for entry in self._all(arguments[0], at, context).values()]
                return values.power(_total(squares), Fraction(1, 2))
            case "softmax" | "logsumexp":
                return self._softmax(term, places, at, context)
            case "inverse" | "determinant":
                if not arguments[0].shape:
                    rows, matrix = [()], [[of(arguments[0])]]
                else:
                    rows, matrix = self._square(arguments[0], at, context)
                if term.operator.name == "determinant":
                    return values.determinant(matrix)
                half = len(places) // 2
                return values.inverse(matrix)[rows.index(places[:half])][rows.index(places[half:])]
            case "kron":
                a, b = arguments
                (a1, a2), (b1, b2) = a.shape, b.shape
                sizes = [len(axis.factors) for axis in (a1, b1, a2, b2)]
                groups = []
                start = 0
                for size in sizes:
                    groups.append(places[start : start + size])
                    start += size
                return of(a, *groups[0], *groups[2]) * of(b, *groups[1], *groups[3])
            case "vec":
                rows, columns = arguments[0].shape
                j, i = places[: len(columns.factors)], places[len(columns.factors) :]
                return of(arguments[0], *i, *j)
            case "ones":
                return constant(1)
            case "identity":
                half = len(places) // 2
                return constant(int(places[:half] == places[half:]))
            case "one_hot":
                return constant(int(places == (_position(parameters[1], at),)))
        raise TypeError(term.operator.name)

    def _softmax(self, term: Apply, places: Places, at: At, context: Context) -> Dual:
        (argument,), (axis,) = term.arguments, term.parameters
        shape = argument.shape
        axis = next(k for k, dim in enumerate(shape) if not dim.is_one) if axis is None else axis
        start = len(flat(shape[:axis]))
        width = len(shape[axis].factors)
        if term.operator.name == "logsumexp":
            before, after = places[:start], places[start:]
        else:
            before, after = places[:start], places[start + width :]
        powers = [values.exponential(self.entry(argument, (*before, *t, *after), at, context)) for t in self.places(shape[axis].elementary)]
        if term.operator.name == "logsumexp":
            return values.logarithm(_total(powers))
        return values.exponential(self.entry(argument, places, at, context)) * values.power(_total(powers), Fraction(-1))


def _position(slot: Slot, at: At) -> int:
    if isinstance(slot, Shift):
        return at[slot.index] + slot.offset
    return slot if isinstance(slot, int) else at[slot]


def _total(parts: Any) -> Dual:
    result = Dual()
    for part in parts:
        result = result + part
    return result
