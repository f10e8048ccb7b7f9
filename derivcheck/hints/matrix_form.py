"""The derivative that was asked for, recognised as a matrix formula: products of the symbols of the derivation, their differences and slopes.

The formulas are tried from the small ones on, up to a constant and a dimension before them; one that has the values of the left side is told when it
is proved.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product

import numpy as np

from derivcheck.algebra.dims import IllTyped
from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.hints.candidates import Screen, Vector, sizes_and_inverses
from derivcheck.hints.proof import is_proved_with
from derivcheck.hints.record import applied, arguments, turned
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR, same_shape
from derivcheck.language.terms import Apply, Derivative, Leaf, Named, Number, Scale, Term

SECONDS = 0.4
MOST_PROOFS = 3
MOST_TERMS = 60
CONSTANTS = tuple(map(Fraction, ("1", "-1", "2", "-2", "1/2", "-1/2")))


def matrix_form(claim: Claim, derivation: Derivation, screen: Screen, seed: int) -> Term | None:
    """The left side of a claim, a derivative that is no scalar, as a proved matrix formula; None where none was recognised in time."""
    left = claim.lhs
    if not isinstance(left, Derivative) or left.shape == SCALAR or left.free or not screen.points:
        return None
    end = time.process_time() + SECONDS
    factors = [(factor, screen.values(factor)) for factor in (Number(Fraction(1)), *sizes_and_inverses(derivation))]
    proofs = 0
    with np.errstate(all="ignore"):
        for term in _formulas(left, derivation):
            if time.process_time() > end or proofs == MOST_PROOFS:
                return None
            value = screen.values(term) if same_shape(term.shape, left.shape) else None
            scaled = None if value is None else _scaled(term, value, factors, screen)
            if scaled is None:
                continue
            proofs += 1
            if is_proved_with(claim, scaled, derivation, seed):
                return scaled
    return None


def _scaled(term: Term, value: Vector, factors: Sequence[tuple[Term, Vector | None]], screen: Screen) -> Term | None:
    """The term with the factor that gives it the values of the left side."""
    for factor, number in factors:
        for constant in CONSTANTS:
            if number is not None and screen.agree(float(constant) * number * value):
                whole = term if isinstance(factor, Number) else Scale(factor, term)
                return whole if constant == 1 else Scale(Number(constant), whole)
    return None


def _formulas(left: Derivative, derivation: Derivation) -> Iterator[Term]:
    """Formulas of growing size: symbols, differences and slopes; products of two; those times a slope; and these times a symbol."""
    symbols = [symbol for symbol in (*derivation.leaves, *derivation.definitions) if isinstance(symbol, (Leaf, Named)) and symbol.shape != SCALAR]
    slopes = [slope for symbol in symbols if isinstance(symbol, Named) for slope in _slopes(symbol)]
    differences = [other - one for one, other in combinations(symbols, 2) if same_shape(one.shape, other.shape)]
    simple = _with_transposes([*symbols, *differences, *slopes])[:MOST_TERMS]
    yield from simple
    products = list(_products("matmul", simple, simple))
    yield from products
    deltas = [*_products("hadamard", [*simple, *products], slopes)]
    yield from deltas
    yield from _products("matmul", deltas, _with_transposes(symbols))
    yield from _products("matmul", _with_transposes(symbols), deltas)
    yield from _products("matmul", products, simple)


def _slopes(symbol: Named) -> Iterator[Term]:
    """The slope of the function by which a symbol is defined, by its value where that is how one writes it."""
    inner = symbol.definition
    if applied(inner, "elementwise") and isinstance(inner, Apply):
        yield Apply(inner.operator, arguments(inner), (inner.parameters[0], inner.parameters[1] + 1))
    elif applied(inner, "sigmoid"):
        yield symbol - apply("hadamard", symbol, symbol)
    elif applied(inner, "exp"):
        yield symbol


def _with_transposes(terms: Sequence[Term]) -> list[Term]:
    return [turn for term in terms for turn in ((term, turned(term)) if len(term.shape) == 2 else (term,))]


def _products(name: str, left: Sequence[Term], right: Sequence[Term]) -> Iterator[Term]:
    for one, other in product(left, right):
        try:
            yield apply(name, one, other)
        except IllTyped:
            continue
