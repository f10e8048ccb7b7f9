"""The walk that every printer shares: which brackets, signs and fractions a term needs, one named function per node.

A notation (LaTeX, plain text) says how each construct looks. What is printed is the term as written: nothing is reordered or
cancelled. Only the sign of the leftmost factor moves to the front, or of the one behind a number, so that a + (-1) b reads a - b.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from fractions import Fraction

from derivcheck.algebra.dims import Dim, Index
from derivcheck.language.operators.record import Operator
from derivcheck.language.subscripts import IndexRelation, Slot
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
    Relation,
    Scale,
    Size,
    Slice,
    Sum,
    Term,
)


class Level(IntEnum):
    """How tightly a printed term holds together.

    SUM      a + b, and whatever begins with a minus sign
    INFIX    a ⊙ b, a ⊗ b: bracketed in every product
    OPEN     a/b, Σ_i a: nothing may follow it in a product
    PRODUCT  a b
    PREFIX   a², Aᵀ
    ATOM     a, f(a), z[i]
    """

    SUM = 0
    INFIX = 1
    OPEN = 2
    PRODUCT = 3
    PREFIX = 4
    ATOM = 5


# An operator that is "free" never brackets its arguments; "sum" as a result is an infix such as ⊙ or ⊗.
_ARGUMENT_LEVEL = {"free": Level.SUM, "sum": Level.SUM, "product": Level.PRODUCT, "prefix": Level.PREFIX, "atom": Level.ATOM}
_RESULT_LEVEL = {"sum": Level.INFIX, "product": Level.PRODUCT, "prefix": Level.PREFIX, "atom": Level.ATOM}


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed term: its body without the leading minus sign, the level of the body, and whether a minus sign stands in front.

    `parts` are numerator and denominator of a fraction that a further denominator may join.
    """

    body: str
    level: Level
    negative: bool = False
    parts: tuple[Printed, Printed] | None = None

    @property
    def signed(self) -> str:
        return f"-{self.body}" if self.negative else self.body


class Notation(ABC):
    """How each construct looks. Arguments are printed already, and bracketed where the construct asked for it."""

    def spelt(self, term: Apply) -> Apply:
        """An application as this notation writes it: a term of the same entries and shape."""
        return term

    @abstractmethod
    def brackets(self, body: str) -> str: ...

    @abstractmethod
    def symbol(self, term: Leaf | Named) -> str: ...

    @abstractmethod
    def dimension(self, dim: Dim) -> str: ...

    @abstractmethod
    def subscripted(self, tensor: str, slots: Sequence[Slot | None]) -> str:
        """An entry, or a slice where a slot is None."""

    @abstractmethod
    def array(self, body: str, indices: Sequence[Index]) -> str: ...

    @abstractmethod
    def times(self, left: str, right: str) -> str: ...

    @abstractmethod
    def fraction(self, numerator: Printed, denominator: Printed) -> Printed:
        """A fraction; the sign of the numerator stands in front of it."""

    @abstractmethod
    def power(self, base: Printed, exponent: Fraction) -> str: ...

    @abstractmethod
    def summation(self, index: Index, lower: Slot | None, upper: Slot | None, body: str) -> str: ...

    @abstractmethod
    def delta(self, left: Slot, right: Slot) -> str: ...

    @abstractmethod
    def index_relation(self, relation: IndexRelation) -> str: ...

    @abstractmethod
    def positive(self, term: str) -> str:
        """term > 0."""

    @abstractmethod
    def indicator(self, relation: str) -> str: ...

    @abstractmethod
    def cases(self, branches: Sequence[tuple[str, str]], otherwise: str) -> str:
        """Branches of (relation, value)."""

    @abstractmethod
    def derivative(self, function: str, variable: str) -> Printed: ...

    @abstractmethod
    def application(self, operator: Operator, arguments: tuple[str, ...], parameters: tuple[object, ...]) -> str: ...


def print_term(term: Term, notation: Notation) -> str:
    """The term in this notation. Raises TypeError for an unknown node."""
    return _printed(term, notation).signed


def _printed(term: Term, notation: Notation) -> Printed:
    match term:
        case Number():
            return _number(term.value, notation)
        case Size():
            return Printed(notation.dimension(term.dim), Level.PRODUCT if len(term.dim.factors) > 1 else Level.ATOM)
        case Leaf() | Named():
            return Printed(notation.symbol(term), Level.ATOM)
        case Entry() | Slice():
            return Printed(notation.subscripted(_at_least(Level.ATOM, term.tensor, notation), term.slots), Level.ATOM)
        case Array():
            return Printed(notation.array(print_term(term.body, notation), term.indices), Level.ATOM)
        case Sum():
            return _sum(term, notation)
        case Delta():
            return Printed(notation.delta(term.left, term.right), Level.ATOM)
        case Indicator():
            return Printed(notation.indicator(_relation(term.relation, notation)), Level.ATOM)
        case Cases():
            return _cases(term, notation)
        case Add():
            return _add(term, notation)
        case Scale():
            return _scale(term, notation)
        case Power():
            return _power(term, notation)
        case Apply():
            return _apply(term, notation)
        case Derivative():
            return notation.derivative(_at_least(Level.ATOM, term.function, notation), print_term(term.variable, notation))
    raise TypeError(f"unknown node {type(term).__name__}")


def _bracketed(printed: Printed, level: Level, notation: Notation) -> str:
    """The printed term, in brackets where it holds less tightly than `level` or begins with a minus sign."""
    if level > Level.SUM and (printed.negative or printed.level < level):
        return notation.brackets(printed.signed)
    return printed.signed


def _at_least(level: Level, term: Term, notation: Notation) -> str:
    return _bracketed(_printed(term, notation), level, notation)


def _number(value: Fraction, notation: Notation) -> Printed:
    """A whole number, or a fraction of two."""
    size = abs(value)
    if size.denominator == 1:
        return Printed(str(size), Level.ATOM, value < 0)
    fraction = notation.fraction(Printed(str(size.numerator), Level.ATOM), Printed(str(size.denominator), Level.ATOM))
    return Printed(fraction.body, fraction.level, value < 0)


def _sum(term: Sum, notation: Notation) -> Printed:
    """Σ_i body: the sum reaches over the product that follows it."""
    body = _at_least(Level.OPEN, term.body, notation)
    return Printed(notation.summation(term.index, term.lower, term.upper, body), Level.OPEN)


def _relation(relation: Relation, notation: Notation) -> str:
    return notation.positive(print_term(relation.term, notation)) if isinstance(relation, Positive) else notation.index_relation(relation)


def _cases(term: Cases, notation: Notation) -> Printed:
    branches = [(_relation(relation, notation), print_term(value, notation)) for relation, value in term.branches]
    return Printed(notation.cases(branches, print_term(term.otherwise, notation)), Level.ATOM)


def _add(term: Add, notation: Notation) -> Printed:
    """a + b - c: a term that is itself a sum is bracketed, because it was written so. A leading minus sign belongs to the first term only."""
    first, *others = (_printed(part, notation) for part in term.terms)
    text = f"{'-' if first.negative else ''}{_summand(first, notation)}"
    for part in others:
        text += f" {'-' if part.negative else '+'} {_summand(part, notation)}"
    return Printed(text, Level.SUM)


def _summand(part: Printed, notation: Notation) -> str:
    return notation.brackets(part.body) if part.level == Level.SUM else part.body


def _scale(term: Scale, notation: Notation) -> Printed:
    """-a; a/b, however the division was written; else the product a b."""
    factor, body = term.factor, term.body
    if isinstance(factor, Number) and factor.value == -1:
        printed = _printed(body, notation)
        if printed.negative or printed.level == Level.SUM:
            return Printed(notation.brackets(printed.signed), Level.ATOM, True)
        return Printed(printed.body, printed.level, True)
    if isinstance(factor, Power) and factor.exponent < 0:
        return _quotient(_printed(body, notation), factor, notation)
    if isinstance(body, Power) and body.exponent < 0:
        return _quotient(_printed(factor, notation), body, notation)
    left, right = _printed(factor, notation), _printed(body, notation)
    if isinstance(factor, Number) and not left.negative and right.negative:
        # 2 (-a) is -2 a
        left, right = replace(left, negative=True), replace(right, negative=False)
    left_body = notation.brackets(left.body) if left.level < Level.PRODUCT else left.body
    right_body = _bracketed(right, Level.OPEN, notation)
    open_ended = right.level == Level.OPEN and not right.negative
    return Printed(notation.times(left_body, right_body), Level.OPEN if open_ended else Level.PRODUCT, left.negative)


def _quotient(numerator: Printed, power: Power, notation: Notation) -> Printed:
    """numerator / base^|exponent|, for a power with a negative exponent; the sign of the numerator moves to the front."""
    base = _printed(power.base, notation)
    denominator = base if power.exponent == -1 else Printed(notation.power(base, -power.exponent), Level.PREFIX)
    return replace(notation.fraction(replace(numerator, negative=False), denominator), negative=numerator.negative)


def _power(term: Power, notation: Notation) -> Printed:
    """base^exponent; a negative exponent is a fraction."""
    if term.exponent < 0:
        return _quotient(Printed("1", Level.ATOM), term, notation)
    return Printed(notation.power(_printed(term.base, notation), term.exponent), Level.PREFIX)


def _apply(term: Apply, notation: Notation) -> Printed:
    """The operator's own form. In a product, a later factor that begins with a multiple is bracketed: A (2 B), A (2 x xᵀ)."""
    term = notation.spelt(term)
    operator = term.operator
    level = _ARGUMENT_LEVEL[operator.binds]
    arguments = [_printed(argument, notation) for argument in term.arguments]
    negative = level == Level.PRODUCT and arguments[0].negative
    if negative:
        arguments[0] = replace(arguments[0], negative=False)
    bodies = []
    for position, argument in enumerate(arguments):
        bracketed = level == Level.PRODUCT and position > 0 and _begins_with_multiple(term.arguments[position], notation)
        bodies.append(_bracketed(argument, Level.PREFIX if bracketed else level, notation))
    return Printed(notation.application(operator, tuple(bodies), term.parameters), _RESULT_LEVEL[operator.result], negative)


def _begins_with_multiple(term: Term, notation: Notation) -> bool:
    """Whether a number or another scalar stands in front of what is printed first: of 2 x, and of (2 x) xᵀ, which needs no brackets itself."""
    while isinstance(term, Apply) and _ARGUMENT_LEVEL[term.operator.binds] == Level.PRODUCT:
        term = term.arguments[0]
    return isinstance(term, Scale) and _printed(term, notation).level == Level.PRODUCT
