"""Evaluates a meaning entry by entry in interval arithmetic: a few lines that share nothing with the witnesses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from itertools import count, product
from typing import Any

from mpmath import iv

from derivcheck.algebra.dims import Dim, Index
from derivcheck.language.subscripts import Slot
from derivcheck.language.terms import Add, Apply, Delta, Entry, Leaf, Number, Power, Scale, Size, Sum, Term

iv.dps = 50

Point = Mapping[str, Mapping[tuple[int, ...], Fraction]]
"""For each leaf its entries by subscripts, counted from 1."""

Generic = Callable[[tuple[Any, ...], Any], Any]


def fresh_indices() -> Callable[[tuple[Dim, ...]], tuple[Index, ...]]:
    """A supply of indices that occur nowhere else."""
    numbers = count(1)
    return lambda dims: tuple(Index(f"fresh{next(numbers)}", dim) for dim in dims)


def interval(value: Fraction) -> Any:
    return iv.mpf(value.numerator) / value.denominator


def subscripts(dims: tuple[Dim, ...], sizes: Mapping[str, int]) -> list[tuple[int, ...]]:
    """All subscripts over these elementary dimensions, the last one fastest."""
    return list(product(*(range(1, dim.size(sizes) + 1) for dim in dims)))


def evaluate(term: Term, point: Point, sizes: Mapping[str, int], at: Mapping[Index, int], generic: Generic) -> Any:
    """The interval that a scalar term has at a point, with its free indices `at` the given positions."""

    def position(slot: Slot) -> int:
        return slot if isinstance(slot, int) else at[slot]  # a shifted index is not part of any meaning

    def again(part: Term) -> Any:
        return evaluate(part, point, sizes, at, generic)

    match term:
        case Number(value=value):
            return interval(value)
        case Size(dim=dim):
            return iv.mpf(dim.size(sizes))
        case Leaf(name=name):
            return interval(point[name][()])
        case Entry(tensor=Leaf(name=name), slots=slots):
            return interval(point[name][tuple(map(position, slots))])
        case Delta(left=left, right=right):
            return iv.mpf(1 if position(left) == position(right) else 0)
        case Sum(index=index, body=body, lower=None, upper=None):
            values = [evaluate(body, point, sizes, {**at, index: k}, generic) for k in range(1, index.dim.size(sizes) + 1)]
            return sum(values, iv.mpf(0))
        case Add(terms=terms):
            return sum(map(again, terms), iv.mpf(0))
        case Scale(factor=factor, body=body):
            return again(factor) * again(body)
        case Power(base=base, exponent=exponent):
            value = again(base)
            whole = exponent.numerator // exponent.denominator
            if exponent == whole:
                return value**whole
            assert exponent == Fraction(1, 2)
            return iv.sqrt(value)
        case Apply(operator=operator, arguments=(argument,), parameters=parameters) if argument.shape == ():
            value = again(argument)
            match operator.name:
                case "exp":
                    return iv.exp(value)
                case "log":
                    assert value > 0
                    return iv.log(value)
                case "absolute":
                    assert value > 0 or value < 0
                    return value if value > 0 else -value
                case "relu":
                    assert value > 0 or value < 0
                    return value if value > 0 else iv.mpf(0)
                case "elementwise":
                    return generic(parameters, value)
    raise AssertionError(f"{term} is not index language")
