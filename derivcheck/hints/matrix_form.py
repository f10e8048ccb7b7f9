"""The derivative that was asked for, or a term that is missing, recognised as a matrix formula.

Products of the symbols of the derivation, their differences and slopes are tried from the small ones on, up to a constant, a dimension or a declared
scalar before them, until one has the wanted values.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, islice, product

import numpy as np

from derivcheck.algebra.dims import IllTyped, Index
from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.hints.candidates import sizes_and_inverses
from derivcheck.hints.proof import is_proved_with
from derivcheck.hints.record import applied, turned
from derivcheck.hints.screen import Screen, Vector, screen_of
from derivcheck.hints.slopes import slope_of
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR, Shape, is_vector, same_shape
from derivcheck.language.subscripts import Slot
from derivcheck.language.terms import Add, Apply, Derivative, Entry, Leaf, Named, Number, Scale, Term
from derivcheck.language.walks import subterms

SECONDS = 0.4
MOST_PROOFS = 3
MOST_PARTS = 4
"""Terms of a sum that are derived one by one; parts of definitions that are tried as factors."""
MOST_TERMS = 60
CONSTANTS = tuple(map(Fraction, ("1", "-1", "2", "-2", "1/2", "-1/2")))


def matrix_form(claim: Claim, derivation: Derivation, seed: int) -> Term | None:
    """The left side of a claim, a derivative, as a proved matrix formula; None where none was recognised in time.

    Of a derivative by an entry the formula is that of the derivative by the whole symbol, at this entry.
    """
    left = claim.lhs
    if not isinstance(left, Derivative) or (left.shape == SCALAR and not left.free):
        return None
    whole = _by_the_whole(left)
    if whole is None:
        return None
    about = replace(claim, lhs=whole, rhs=whole, where=(), broken=None)
    with np.errstate(all="ignore"):
        for term in _candidates(about, whole, derivation, seed):
            if is_proved_with(about, term, derivation, seed):
                return term if whole is left else entry_of(term, left.variable.slots)  # type: ignore[attr-defined]
    return None


def entry_of(term: Term, slots: tuple[Slot, ...]) -> Term:
    """The entry of a formula as one writes it: p_j − y_j for (p − y)_j."""
    match term:
        case Add():
            return Add(tuple(entry_of(part, slots) for part in term.terms))
        case Scale():
            return Scale(term.factor, entry_of(term.body, slots))
        case Apply() if applied(term, "hadamard"):
            one, other = term.arguments
            return Scale(entry_of(one, slots), entry_of(other, slots))
        case Apply() if applied(term, "elementwise"):
            return Apply(term.operator, (entry_of(term.arguments[0], slots),), term.parameters)
    return Entry(term, slots)


def _candidates(claim: Claim, left: Derivative, derivation: Derivation, seed: int) -> Iterator[Term]:
    """Formulas that have the values of a derivative; where its function is defined as a sum, the sum of those of its terms comes last."""
    yield from islice(recognised(left.shape, screen_of(claim, left, derivation, seed), derivation), MOST_PROOFS)
    function = left.function.definition if isinstance(left.function, Named) else left.function
    if not isinstance(function, Add) or len(function.terms) > MOST_PARTS:
        return
    found = []
    for part in function.terms:
        derived = Derivative(part, left.variable, left.layout)
        screen = screen_of(replace(claim, lhs=derived, rhs=derived), derived, derivation, seed)
        if screen.points and bool(screen.vanish(screen.left)):
            continue
        formula = next(recognised(left.shape, screen, derivation), None)
        if formula is None:
            return
        found.append(formula)
    if len(found) > 1:
        yield Add(tuple(found))


def _by_the_whole(left: Derivative) -> Derivative | None:
    """The derivative of a scalar by the symbol of which the variable is an entry; one by a whole symbol itself; else None."""
    variable = left.variable
    if not isinstance(variable, Entry):
        return None if left.free else left
    slots = variable.slots
    distinct = len({*slots}) == len(slots) and all(isinstance(slot, Index) for slot in slots)
    fits = left.function.shape == SCALAR and not left.function.free and distinct
    return Derivative(left.function, left.root, "like-variable") if fits else None


def recognised(shape: Shape, screen: Screen, derivation: Derivation, seconds: float = SECONDS) -> Iterator[Term]:
    """The formulas of a shape, each with the number before it, that have the values of the screen at its points."""
    if not screen.points:
        return
    end = time.process_time() + seconds
    factors = [(factor, screen.values(factor)) for factor in _coefficients(derivation)]
    for term in _formulas(derivation):
        if time.process_time() > end:
            return
        value = screen.values(term) if same_shape(term.shape, shape) else None
        scaled = None if value is None else _scaled(term, value, factors, screen)
        if scaled is not None:
            yield scaled


def _coefficients(derivation: Derivation) -> list[Term]:
    """1, the dimensions and their inverses, and the declared scalars, such as the λ of a penalty."""
    scalars = [leaf for leaf in derivation.leaves if leaf.shape == SCALAR]
    return [Number(Fraction(1)), *sizes_and_inverses(derivation), *scalars]


def _scaled(term: Term, value: Vector, factors: Sequence[tuple[Term, Vector | None]], screen: Screen) -> Term | None:
    """The term with the factor that gives it the values of the left side."""
    for factor, number in factors:
        for constant in CONSTANTS:
            if number is not None and screen.agree(float(constant) * number * value):
                whole = term if isinstance(factor, Number) else Scale(factor, term)
                return whole if constant == 1 else Scale(Number(constant), whole)
    return None


def _formulas(derivation: Derivation) -> Iterator[Term]:
    """Formulas of growing size: symbols, differences and slopes; products of two; those times a slope; and these times a symbol."""
    named = [symbol for symbol in (*derivation.leaves, *derivation.definitions) if isinstance(symbol, (Leaf, Named)) and symbol.shape != SCALAR]
    inverses = [apply("inverse", assumption.tensor) for assumption in derivation.assumptions if assumption.kind == "invertible"]
    identities = [apply("identity", parameters=(dim,)) for dim in derivation.dims.values()]
    symbols = [*identities, *named, *inverses, *_parts(derivation)]
    slopes = [slope for symbol in named if isinstance(symbol, Named) for slope in (slope_of(symbol),) if slope is not None]
    differences = [other - one for one, other in combinations(named, 2) if same_shape(one.shape, other.shape)]
    diagonals = [apply("diag", slope) for slope in slopes if is_vector(slope.shape)]
    simple = _with_transposes([*symbols, *differences, *slopes])[:MOST_TERMS] + diagonals
    yield from simple
    products = list(_products("matmul", simple, simple))
    yield from products
    deltas = [*_products("hadamard", [*simple, *products], slopes)]
    yield from deltas
    yield from _products("matmul", deltas, _with_transposes(symbols))
    yield from _products("matmul", _with_transposes(symbols), deltas)
    yield from _products("matmul", products, simple)


def _parts(derivation: Derivation) -> list[Term]:
    """Sums inside definitions, such as the residual X w − y of a loss, which nobody named."""
    found: dict[str, Term] = {}
    for named in derivation.definitions:
        for node in subterms(named.definition):
            if isinstance(node, Add) and node.shape != SCALAR and not node.free and node is not named.definition:
                found.setdefault(repr(node), node)
    return list(found.values())[:MOST_PARTS]


def _with_transposes(terms: Sequence[Term]) -> list[Term]:
    return [turn for term in terms for turn in ((term, turned(term)) if len(term.shape) == 2 else (term,))]


def _products(name: str, left: Sequence[Term], right: Sequence[Term]) -> Iterator[Term]:
    for one, other in product(left, right):
        try:
            yield apply(name, one, other)
        except IllTyped:
            continue
