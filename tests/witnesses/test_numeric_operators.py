"""Every operator of the table under the numeric witness: its NumPy facet against its meaning, and with dual numbers in it."""

from __future__ import annotations

import pytest

from derivcheck import D, Derivation, delta, scalar_function, transpose
from derivcheck.algebra.dims import Index
from derivcheck.claims import Claim
from derivcheck.language.operators import table
from derivcheck.language.shapes import SCALAR, flat
from derivcheck.language.terms import Array, Leaf, Term
from derivcheck.language.walks import same_expression, subterms
from derivcheck.witnesses.numeric import witness


def declared(term: Term) -> Derivation:
    """A derivation in which the leaves of the term are declared, positive where its operator needs it."""
    derivation = Derivation("table", layout="numerator")
    for node in subterms(term):
        if isinstance(node, Leaf) and node not in derivation.leaves:
            derivation.leaves.append(node)
            if len(flat(node.shape)) == 2 and flat(node.shape)[0] == flat(node.shape)[1]:
                derivation.assume("invertible", node)
    return derivation


def stated(derivation: Derivation, name: str, left: Term, right: Term) -> Claim:
    """The claim left = right, with its indices declared."""
    for side in (left, right):
        derivation.declared_indices |= {index.name: index for index in side.free | side.bound}
    return derivation.claim(name, left, right)


def by_meaning(term: Term) -> tuple[Term, Term] | None:
    """The operator at an entry, and its meaning there; None where the meaning is the operator itself, or there is none."""
    operator = term.operator
    if operator.meaning is None:
        return None
    supply = iter(range(1000))

    def fresh(dims):
        return tuple(Index(f"k{next(supply)}", dim) for dim in dims)

    slots = fresh(flat(term.shape))
    meaning = operator.meaning(term.arguments, term.parameters, slots, fresh)
    entry = term[slots] if slots else term
    for index in entry.free - meaning.free:  # both sides of a claim have the same free indices
        meaning = meaning + 0 * delta(index, index)
    return None if same_expression(entry, meaning) else (entry, meaning)


OPERATORS = sorted(table())


@pytest.mark.parametrize("name", OPERATORS)
def test_the_facet_is_the_meaning(name):
    example = table()[name].example()
    sides = by_meaning(example)
    if sides is None:
        assert table()[name].kind == "axiom"
        return
    derivation = declared(example)
    found = witness(stated(derivation, "meaning", *sides), derivation)
    assert found.status == "agrees", found
    assert found.error < 1e-12


@pytest.mark.parametrize("name", OPERATORS)
def test_first_derivatives_of_the_facet_are_those_of_the_meaning(name):
    example = table()[name].example()
    sides = by_meaning(example)
    leaves = [node for node in subterms(example) if isinstance(node, Leaf)]
    if sides is None or not leaves:
        return
    derivation = declared(example)
    for number, leaf in enumerate(leaves):
        variable = leaf if leaf.shape == SCALAR else leaf[tuple(Index(f"v{axis}", dim) for axis, dim in enumerate(flat(leaf.shape)))]
        left, right = (D(side, variable, layout="numerator") for side in sides)
        found = witness(stated(derivation, f"derivative {number}", left, right), derivation)
        assert found.status == "agrees", found


@pytest.mark.parametrize("name", OPERATORS)
def test_dual_numbers_pass_through_the_facet(name):
    example = table()[name].example()
    leaves = [node for node in subterms(example) if isinstance(node, Leaf)]
    if not leaves or example.free:
        return
    derivation = declared(example)
    function = scalar_function("F", example)
    first, second = (
        leaf if leaf.shape == SCALAR else leaf[tuple(Index(f"{letter}{axis}", dim) for axis, dim in enumerate(flat(leaf.shape)))]
        for letter, leaf in (("v", leaves[0]), ("w", leaves[-1]))
    )
    # the outer derivative is a complex step, the inner one a dual number: exchanged, they test each other
    left = D(D(function, first, layout="numerator"), second, layout="numerator")
    right = D(D(function, second, layout="numerator"), first, layout="numerator")
    found = witness(stated(derivation, "second derivative", left, right), derivation)
    assert found.status == "agrees", found
    sides = by_meaning(example)
    if sides is not None and example.shape != SCALAR and all(len(axis.factors) <= 1 for axis in example.shape):
        meaning = Array(sides[0].slots, sides[1])
        written = scalar_function("F", transpose(meaning) if example.shape[0].is_one else meaning)
        right = D(D(written, first, layout="numerator"), second, layout="numerator")
        found = witness(stated(derivation, "second derivative of the meaning", left, right), derivation)
        assert found.status == "agrees", found
