"""What a person would cross out in a formula that an edit left: 1 x, −(−x), (xᵀ)ᵀ, ½ · 2 x, x − x.

An author's own line is never tidied; this is for what is suggested, which is proved as it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from derivcheck.hints.record import applied, arguments, is_negative, turned
from derivcheck.language.rebuilding import with_children
from derivcheck.language.shapes import SCALAR
from derivcheck.language.terms import Add, Derivative, Entry, Number, Power, Scale, Term
from derivcheck.language.walks import children, same_expression, subterms

ONE, ZERO = Fraction(1), Fraction(0)
MOST_POWER = 6
LINEAR = ("matmul", "hadamard", "outer", "kron", "transpose", "trace", "total", "mean", "diag", "diagonal", "vec")
"""Operators that are linear in every argument."""


def tidied(term: Term) -> Term:
    """The term without what cancels as it is written; the same values wherever the term has one."""
    parts = children(term)
    if isinstance(term, Derivative) or not parts:
        return term
    new = tuple(map(tidied, parts))
    if any(one is not other for one, other in zip(parts, new, strict=True)):
        term = with_children(term, new)
    if isinstance(term, Scale):
        return _scaled(term)
    if isinstance(term, Add):
        return _added(term)
    if isinstance(term, Power):
        return _power(term)
    if isinstance(term, Entry) and applied(term.tensor, "transpose") and len(term.slots) == 2:
        return tidied(Entry(arguments(term.tensor)[0], term.slots[::-1]))
    if applied(term, "transpose") and applied(arguments(term)[0], "transpose"):
        return arguments(arguments(term)[0])[0]
    return _scalars_first(term) if applied(term, *LINEAR) else term


def _scalars_first(term: Term) -> Term:
    """2 A x/n for A (2 x/n): the scalars of factors stand before the product."""
    scalars: list[Term] = []
    bare = []
    for argument in arguments(term):
        while isinstance(argument, Scale) and argument.body.shape != SCALAR:
            scalars.append(argument.factor)
            argument = argument.body
        bare.append(argument)
    product = with_children(term, tuple(bare)) if scalars else term
    for scalar in reversed(scalars):
        product = _scaled(Scale(scalar, product))
    return product


def has_nothing(term: Term) -> bool:
    """Whether a part of the term is x − x: what an edit left of a tensor that nobody would write."""
    return any(isinstance(node, Add) and not _without_pairs(node.terms, _is_opposite) for node in subterms(term))


def same_up_to_order(left: Term, right: Term) -> bool:
    """Whether two terms are one expression when they are tidied, and parts of sums and factors that commute put in one order."""
    return same_expression(_ordered(tidied(left)), _ordered(tidied(right)))


def _ordered(term: Term) -> Term:
    if applied(term, "transpose") and applied(arguments(term)[0], "matmul", "transpose"):
        return _ordered(turned(arguments(term)[0]))
    parts = children(term)
    new = tuple(map(_ordered, parts))
    if isinstance(term, Add) or applied(term, "hadamard") or (isinstance(term, Scale) and term.body.shape == SCALAR):
        new = tuple(sorted(new, key=repr))
    return with_children(term, new) if new and not isinstance(term, Derivative) else term


def _scaled(term: Scale) -> Term:
    """1 x is x, x 1 is x, of c (d x) the numbers are multiplied, −(a − b) is b − a, and of scalars x and 1/x nothing is left."""
    if term.shape == SCALAR:
        reduced = _without_reciprocals(term)
        if not isinstance(reduced, Scale):
            return reduced
        term = reduced
    factor, body = term.factor, term.body
    if isinstance(body, Number) and not isinstance(factor, Number):
        factor, body = body, factor
    if not isinstance(factor, Number):
        if isinstance(body, Scale) and isinstance(body.factor, Number):
            return _scaled(Scale(body.factor, Scale(factor, body.body)))
        if isinstance(factor, Scale) and isinstance(factor.factor, Number):
            return _scaled(Scale(factor.factor, Scale(factor.body, body)))
        return term
    if isinstance(body, Number):
        return Number(factor.value * body.value)
    if isinstance(body, Scale) and isinstance(body.factor, Number):
        factor, body = Number(factor.value * body.factor.value), body.body
    if factor.value == -1 and isinstance(body, Add) and len(body.terms) == 2:
        plus, minus = body.terms
        if is_negative(minus) and not is_negative(plus):
            return Add((minus.body, Scale(Number(-ONE), plus)))
    return body if factor.value == ONE else Scale(factor, body)


def _without_reciprocals(term: Scale) -> Term:
    """A product of scalars without the pairs x and 1/x."""
    factors = _factors(term)
    kept = _without_pairs(factors, _is_reciprocal)
    if len(kept) == len(factors):
        return term
    result = kept.pop() if kept else Number(ONE)
    while kept:
        result = _scaled(Scale(kept.pop(), result))
    return result


def _factors(term: Term) -> list[Term]:
    """The factors of a product of scalars; 1/(x y) has the factors 1/x and 1/y."""
    if isinstance(term, Scale):
        return [*_factors(term.factor), *_factors(term.body)]
    if isinstance(term, Power) and term.exponent == -1 and isinstance(term.base, Scale):
        return [Power(factor, term.exponent) for factor in _factors(term.base)]
    return [term]


def _is_reciprocal(one: Term, other: Term) -> bool:
    return isinstance(one, Power) and one.exponent == -1 and same_expression(one.base, other)


def _added(term: Add) -> Term:
    """Without pairs x and −x, and without 0; 0 where nothing is left."""
    left = _without_pairs((part for part in term.terms if not (isinstance(part, Number) and part.value == ZERO)), _is_opposite)
    if len(left) == len(term.terms):
        return term
    if not left:
        return Number(ZERO) if term.shape == SCALAR else term
    return left[0] if len(left) == 1 else Add(tuple(left))


def _is_opposite(one: Term, other: Term) -> bool:
    return is_negative(one) and same_expression(one.body, other)


def _without_pairs(parts: Iterable[Term], cancel: Callable[[Term, Term], bool]) -> list[Term]:
    """The parts that stay when pairs of them that cancel, in one order or the other, are crossed out."""
    left: list[Term] = []
    for part in parts:
        pair = next((place for place, other in enumerate(left) if cancel(part, other) or cancel(other, part)), None)
        if pair is None:
            left.append(part)
        else:
            del left[pair]
    return left


def _power(term: Power) -> Term:
    """(x^a)^n is x^(a n), 2² is 4, and 1/(−x/y) is −y/x."""
    base = term.base
    if isinstance(base, Number) and base.value and term.exponent.denominator == 1 and abs(term.exponent) <= MOST_POWER:
        return Number(base.value**term.exponent.numerator)
    if isinstance(base, Power) and term.exponent.denominator == 1:
        exponent = base.exponent * term.exponent
        return base.base if exponent == ONE else Power(base.base, exponent)
    if term.exponent != -1 or not _has_reciprocal_or_number(base):
        return term
    return tidied(_reciprocal(base))


def _has_reciprocal_or_number(term: Term) -> bool:
    if isinstance(term, Scale):
        return _has_reciprocal_or_number(term.factor) or _has_reciprocal_or_number(term.body)
    return (isinstance(term, Power) and term.exponent < 0) or (isinstance(term, Number) and term.value != ZERO)


def _reciprocal(term: Term) -> Term:
    if isinstance(term, Scale):
        return Scale(_reciprocal(term.factor), _reciprocal(term.body))
    if isinstance(term, Number) and term.value != ZERO:
        return Number(1 / term.value)
    if isinstance(term, Power):
        return term.base if term.exponent == -1 else Power(term.base, -term.exponent)
    return Power(term, Fraction(-1))
