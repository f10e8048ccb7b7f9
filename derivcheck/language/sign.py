"""What is known of the sign of a term's entries, read off the term as written.

A square that has been multiplied out no longer looks like one, so this is asked before anything is expanded.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

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
    Power,
    Scale,
    Size,
    Slice,
    Sum,
    Term,
)

Sign = Literal["positive", "nonnegative", "unknown"]

_AXIOMS: dict[str, Sign] = {"exp": "positive", "absolute": "nonnegative", "relu": "nonnegative"}


class Signs:
    """Signs under the assumptions on leaves. `meaning` gives the index meaning of an application, or None for an axiom."""

    def __init__(self, positive: frozenset[str], nonnegative: frozenset[str], meaning: Callable[[Apply], Term | None]) -> None:
        self.positive = positive
        self.nonnegative = nonnegative
        self.meaning = meaning
        self.used: set[str] = set()
        self._memo: dict[int, tuple[Term, Sign]] = {}

    def of(self, term: Term) -> Sign:
        """positive, nonnegative or unknown, for every entry of the term, wherever it is defined."""
        found = self._memo.get(id(term))
        if found is None:
            found = self._memo[id(term)] = (term, self._of(term))
        return found[1]

    def _of(self, term: Term) -> Sign:
        match term:
            case Number():
                return "positive" if term.value > 0 else "nonnegative" if term.value == 0 else "unknown"
            case Size():
                return "positive"
            case Leaf():
                if term.name in self.positive or term.name in self.nonnegative:
                    self.used.add(term.name)
                return "positive" if term.name in self.positive else "nonnegative" if term.name in self.nonnegative else "unknown"
            case Named():
                return self.of(term.definition)
            case Entry() | Slice():
                return self.of(term.tensor)
            case Array():
                return self.of(term.body)
            case Sum():
                inner = self.of(term.body)
                bounded = term.lower is not None or term.upper is not None
                return "nonnegative" if bounded and inner == "positive" else inner
            case Delta() | Indicator():
                return "nonnegative"
            case Cases():
                return _least([*(self.of(value) for _, value in term.branches), self.of(term.otherwise)])
            case Add():
                signs = [self.of(part) for part in term.terms]
                return "positive" if "unknown" not in signs and "positive" in signs else _least(signs)
            case Scale():
                return _least([self.of(term.factor), self.of(term.body)])
            case Power():
                return self._power(term)
            case Apply():
                return self._apply(term)
            case Derivative():
                return "unknown"
        raise TypeError(f"unknown node {type(term).__name__}")

    def _power(self, term: Power) -> Sign:
        base = self.of(term.base)
        if base == "positive" or (base == "nonnegative" and term.exponent < 0):
            return "positive"
        if term.exponent.denominator != 1 or term.exponent % 2 == 0:
            # a fractional power is real only for a base >= 0
            return "positive" if term.exponent < 0 else "nonnegative"
        return base

    def _apply(self, term: Apply) -> Sign:
        axiom = _AXIOMS.get(term.operator.name)
        if axiom is not None:
            return axiom
        body = self.meaning(term)
        return "unknown" if body is None else self.of(body)


def _least(signs: list[Sign]) -> Sign:
    if "unknown" in signs:
        return "unknown"
    return "nonnegative" if "nonnegative" in signs else "positive"
