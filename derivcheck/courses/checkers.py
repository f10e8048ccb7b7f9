"""Checkers to import: a whole derivation, or one formula.

    verdict = check_gradient(x.T @ A @ x, x, x.T @ (A + A.T), within=d)
    verdict.word            # "proved"
"""

from __future__ import annotations

from collections.abc import Sequence

from derivcheck.algebra.dims import IllTyped, Index
from derivcheck.claims import Side
from derivcheck.derivation import Derivation
from derivcheck.language.layout import Layout
from derivcheck.language.places import caller_place
from derivcheck.language.shapes import SCALAR, describe, is_vector
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import D, Leaf, Named, Operand, Term, as_term
from derivcheck.language.walks import subterms
from derivcheck.verdict import Report, Verdict


def check(derivation: Derivation, *, seed: int = 0) -> Report:
    """Judge every claim of a derivation."""
    from derivcheck.judge import report  # the witnesses import NumPy; declaring symbols should not wait for it

    return report([derivation], seed=seed)


def check_equal(
    lhs: Side, rhs: Side, *, within: Derivation | None = None, where: Sequence[IndexRelation] = (), layout: Layout | None = None, seed: int = 0
) -> Verdict:
    """Judge lhs = rhs. A side is a term, or a function that builds it: then a shape error is the verdict `ill-typed`.

    `within` is the derivation whose declarations, definitions and assumptions hold; without it the symbols of the two terms
    are generic. Raises IllTyped where a term uses symbols that `within` does not declare.
    """
    from derivcheck.judge import judge  # as in check

    exercise = _exercise(within, layout, lhs, rhs)
    exercise.claim("the formula", lhs, rhs, where=where)
    return judge(exercise, seed=seed)[0]


def check_gradient(
    function: Operand, variable: Term, claimed: Side, *, within: Derivation | None = None, layout: Layout | None = None, seed: int = 0
) -> Verdict:
    """Judge `claimed` as the derivative of a scalar function by a vector or a matrix, in the layout of the variable's derivation
    or the one given. Raises IllTyped if the function is not a scalar.
    """
    scalar = as_term(function)
    if scalar.shape != SCALAR:
        raise IllTyped(f"a gradient is of a scalar function, but this one is {describe(scalar.shape)} (written at {scalar.place})")
    derivative = D(scalar, variable, layout)
    return check_equal(derivative, claimed, within=within, layout=derivative.layout, seed=seed)


def check_jacobian(
    function: Operand, variable: Term, claimed: Side, *, within: Derivation | None = None, layout: Layout | None = None, seed: int = 0
) -> Verdict:
    """Judge `claimed` as the derivative of a vector by a vector, in the layout of the variable's derivation or the one given.
    Raises IllTyped if one of the two is not a vector.
    """
    vector = as_term(function)
    for role, term in (("function", vector), ("variable", variable)):
        if not is_vector(term.shape):
            raise IllTyped(f"a Jacobian is of a vector by a vector, but the {role} is {describe(term.shape)} (written at {term.place})")
    derivative = D(vector, variable, layout)
    return check_equal(derivative, claimed, within=within, layout=derivative.layout, seed=seed)


def _exercise(within: Derivation | None, layout: Layout | None, *sides: Side) -> Derivation:
    """A derivation with the same declarations and no claims yet."""
    here = caller_place()
    if within is not None:
        return Derivation(
            within.name, layout or within.layout, within.source, within.title, here, dict(within.dims), dict(within.names),
            dict(within.declared_indices), dict(within.generic_functions), list(within.leaves), list(within.definitions),
            list(within.assumptions), list(within.may_coincide), dict(within.local_indices), set(within.beside_symbols),
        )  # fmt: skip
    symbols: dict[str, Leaf | Named] = {}
    indices: dict[str, Index] = {}
    stated = layout
    for side in sides:
        if not isinstance(side, Term):
            continue
        for node in subterms(side, open_names=True):
            indices |= {index.name: index for index in node.free | node.bound}
            if not isinstance(node, (Leaf, Named)):
                continue
            stated = stated or node.layout
            other = symbols.setdefault(node.name, node)
            if other is not node:
                raise IllTyped(f"two symbols are called {node.name} (written at {other.place} and at {node.place}); one name is one thing")
    leaves = [symbol for symbol in symbols.values() if isinstance(symbol, Leaf)]
    definitions = sorted((symbol for symbol in symbols.values() if isinstance(symbol, Named)), key=_depth)
    names = dict.fromkeys((*symbols, *indices), here)
    return Derivation(
        "formula", stated or "numerator", place=here, names=names, declared_indices=indices, leaves=leaves, definitions=definitions
    )


def _depth(named: Named) -> int:
    """The number of definitions that a definition rests on: more than that of each of them."""
    return sum(1 for node in subterms(named.definition, open_names=True) if isinstance(node, Named))
