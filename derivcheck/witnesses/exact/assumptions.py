"""The assumptions of a derivation on explicit entries: applied to finished expressions, and met by the points at which these are evaluated.

Σ y = c and symmetry are linear: one entry for each equation is solved for. One-hot is one placement of ones at a time. The others are
requirements on the values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from math import prod
from random import Random
from typing import Any

import sympy

from derivcheck.claims import Assumption
from derivcheck.language.printing.explicit_values import Requirement
from derivcheck.language.printing.sympy_entries import Evaluation
from derivcheck.language.shapes import flat
from derivcheck.language.terms import Leaf
from derivcheck.witnesses.exact.point_values import PointValues

Expression = Any
Equation = tuple[dict[Expression, Fraction], Fraction]
"""Σ coefficient · symbol = value."""


class Contradiction(ValueError):
    """No values of the symbols meet the assumptions."""


@dataclass(frozen=True)
class Constraints:
    """What the assumptions make of the entries.

    values        symbols that are put equal to numbers or to sums of free symbols
    free          the other symbols, in order
    signs         what is assumed of the sign of a symbol
    requirements  what must hold at a point besides
    """

    values: Mapping[Expression, Expression]
    free: tuple[Expression, ...]
    signs: Mapping[Expression, str]
    requirements: tuple[Requirement, ...]

    def completed(self, chosen: Mapping[Expression, Fraction]) -> dict[Expression, Fraction]:
        """All symbols at a point, from values of the free ones."""
        values = PointValues(chosen, {})
        return {**chosen, **{symbol: values.value(expression) for symbol, expression in self.values.items()}}


def constraints_of(symbols: Sequence[Expression]) -> Constraints:
    """The constraints of an author's own SymPy symbols: what SymPy assumes of them."""
    signs: dict[Expression, str] = {}
    requirements = []
    for symbol in symbols:
        for word, assumed in (("positive", symbol.is_positive), ("nonnegative", symbol.is_nonnegative), ("nonzero", symbol.is_nonzero)):
            if assumed:
                signs.setdefault(symbol, word)
                requirements.append(Requirement(word, (symbol,)))  # type: ignore[arg-type]
        for word, assumed in (("positive", symbol.is_negative), ("nonnegative", symbol.is_nonpositive)):
            if assumed:
                requirements.append(Requirement(word, (-symbol,)))  # type: ignore[arg-type]
    return Constraints({}, tuple(symbols), signs, tuple(requirements))


def placements(
    assumptions: Iterable[Assumption], evaluation: Evaluation, leaves: Sequence[Leaf], cap: int, rng: Random
) -> tuple[list[Constraints], bool]:
    """The constraints for each placement of the one-hot entries, and whether only a sample of more than `cap` of them is given.

    Raises Contradiction where no placement meets the other assumptions.
    """
    relevant = [assumption for assumption in assumptions if any(assumption.tensor is leaf for leaf in leaves)]
    symbols = [symbol for leaf in leaves for symbol in evaluation.leaf_entries(leaf)]
    groups = [group for assumption in relevant if assumption.kind == "one-hot" for group in _slices(assumption, evaluation)]
    sampled = prod(len(group) for group in groups) > cap
    choices: Iterable[tuple[int, ...]]
    if sampled:
        choices = [tuple(rng.randrange(len(group)) for group in groups) for _ in range(cap)]
    else:
        choices = product(*(range(len(group)) for group in groups))
    found = []
    for choice in choices:
        ones = _placed(groups, choice)
        constraints = None if ones is None else _constraints(relevant, evaluation, symbols, ones)
        if constraints is not None:
            found.append(constraints)
    if not found:
        raise Contradiction(f"no values meet the assumptions {', '.join(map(str, relevant))}")
    return found, sampled


def _placed(groups: Sequence[Sequence[Expression]], choice: Sequence[int]) -> dict[Expression, int] | None:
    """0 or 1 for each one-hot entry; None where two assumptions on one tensor disagree."""
    fixed: dict[Expression, int] = {}
    for group, position in zip(groups, choice, strict=True):
        for k, symbol in enumerate(group):
            if fixed.setdefault(symbol, int(k == position)) != int(k == position):
                return None
    return fixed


def _constraints(
    assumptions: Sequence[Assumption], evaluation: Evaluation, symbols: Sequence[Expression], fixed: Mapping[Expression, int]
) -> Constraints | None:
    equations: list[Equation] = [({symbol: Fraction(1)}, Fraction(value)) for symbol, value in fixed.items()]
    signs: dict[Expression, str] = {}
    requirements: list[Requirement] = []
    for assumption in assumptions:
        entries = evaluation.leaf_entries(assumption.tensor)
        match assumption.kind:
            case "sums-to":
                equations.extend((dict.fromkeys(group, Fraction(1)), assumption.value) for group in _slices(assumption, evaluation))
            case "symmetric":
                equations.extend(_symmetry(entries))
            case "positive" | "nonnegative" | "nonzero":
                for entry in entries:
                    if signs.get(entry) != "positive":
                        signs[entry] = assumption.kind
                    requirements.append(Requirement(assumption.kind, (entry,)))
            case "invertible":
                requirements.append(Requirement("invertible", entries))
            case "one-hot":
                pass
            case _:
                raise ValueError(f"unknown assumption {assumption.kind!r}")
    values = _solved(equations, symbols)
    if values is None:
        return None
    constant = PointValues({}, {})
    for need in requirements:
        known = [values[entry] for entry in need.entries if entry in values]
        if need.word != "invertible" and known and known[0].is_Rational and not constant.meets(Requirement(need.word, (known[0],))):
            return None
    return Constraints(values, tuple(symbol for symbol in symbols if symbol not in values), signs, tuple(requirements))


def _slices(assumption: Assumption, evaluation: Evaluation) -> Iterator[list[Expression]]:
    """The entries along the axis of the assumption, for every value of the other slots."""
    entries = evaluation.leaf_entries(assumption.tensor)
    sizes = evaluation.axes(flat(assumption.tensor.shape))
    axis = assumption.axis or 0
    step = prod(sizes[axis + 1 :])
    for before in range(prod(sizes[:axis])):
        for after in range(step):
            yield [entries[(before * sizes[axis] + k) * step + after] for k in range(sizes[axis])]


def _symmetry(entries: Sequence[Expression]) -> Iterator[Equation]:
    side = round(len(entries) ** 0.5)
    for i in range(side):
        for j in range(i):
            yield {entries[i * side + j]: Fraction(1), entries[j * side + i]: Fraction(-1)}, Fraction(0)


def _solved(equations: Sequence[Equation], symbols: Sequence[Expression]) -> dict[Expression, Expression] | None:
    """The symbols that the equations determine, by the free ones; the last symbols are solved for. None where there is no solution."""
    order = {symbol: place for place, symbol in enumerate(symbols)}
    rows: dict[Expression, Equation] = {}
    for given, constant in equations:
        row, value = _substituted((given, constant), rows)
        if not row:
            if value:
                return None
            continue
        pivot = max(row, key=order.__getitem__)
        factor = row[pivot]
        rows = {
            symbol: _substituted(equation, {pivot: ({key: part / factor for key, part in row.items()}, value / factor)})
            for symbol, equation in rows.items()
        }
        rows[pivot] = ({key: part / factor for key, part in row.items()}, value / factor)
    return {
        pivot: sympy.Add(_rational(value), *(_rational(-part) * symbol for symbol, part in row.items() if symbol != pivot))
        for pivot, (row, value) in rows.items()
    }


def _substituted(equation: Equation, rows: Mapping[Expression, Equation]) -> Equation:
    """The equation with the pivots of the rows eliminated."""
    row, value = dict(equation[0]), equation[1]
    for pivot, (other, constant) in rows.items():
        factor = row.get(pivot, Fraction(0))
        if factor:
            for symbol, part in other.items():
                row[symbol] = row.get(symbol, Fraction(0)) - factor * part
            value -= factor * constant
    return {symbol: part for symbol, part in row.items() if part}, value


def _rational(value: Fraction) -> Expression:
    return sympy.Rational(value.numerator, value.denominator)
