"""Terms with other subterms: every node kind is rebuilt as it was, and what does not fit is refused."""

from __future__ import annotations

import inspect
from fractions import Fraction

import numpy as np
import pytest

from derivcheck.algebra.dims import Dim, IllTyped, Index
from derivcheck.language import terms
from derivcheck.language.operators import table
from derivcheck.language.rebuilding import at_another_index, positions, replace, subterm, with_children
from derivcheck.language.shapes import shape_of
from derivcheck.language.terms import (
    Add,
    Apply,
    Array,
    Cases,
    D,
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
    differ,
    equal,
)
from derivcheck.language.walks import children, same_expression
from derivcheck.witnesses.evaluation import Evaluator
from derivcheck.witnesses.surroundings import Anatomy

n = Dim.of("n")
i, j, t = (Index(name, n) for name in "ijt")
x = Leaf("x", shape_of("n", 1), "numerator")
z = Leaf("z", shape_of("n", 1), "numerator")
A = Leaf("A", shape_of("n", "n"), "numerator")
a = Leaf("a", (), "numerator")
f = Named("f", x.T @ z, "numerator")
two = Number(Fraction(2))

NODES: tuple[Term, ...] = (
    two,
    Size(n),
    x,
    f,
    Delta(i, j),
    Entry(x, (i,)),
    Slice(A, (None, j)),
    Slice(A, (i, None)),
    Array((i, j), A[j, i]),
    Sum(i, x[i]),
    Sum(i, x[i], 2, j),
    Indicator(differ(i, j)),
    Indicator(Positive(a)),
    Cases(((equal(i, j), a), (Positive(x[i]), two), (differ(i, j), f), (Positive(a), x[j])), Size(n)),
    Cases((), a),
    Add((x, z, x)),
    Scale(a, x),
    Power(a, Fraction(-1, 2)),
    Apply(table()["matmul"], (A, x)),
    Apply(table()["softmax"], (A,), (1,)),
    Apply(table()["identity"], (), (n,)),
    Derivative(f, x, "denominator"),
    D(f, x[i]),
)
LARGE = x.T @ (A + A.T) @ z * a**2 + f


def test_every_node_kind_is_here() -> None:
    kinds = {kind for _, kind in inspect.getmembers(terms, inspect.isclass) if issubclass(kind, Term) and kind is not Term}
    assert {type(node) for node in NODES} == kinds


@pytest.mark.parametrize("node", NODES, ids=lambda node: type(node).__name__)
def test_with_its_own_children_a_node_is_the_same_expression(node: Term) -> None:
    rebuilt = with_children(node, children(node))
    assert same_expression(rebuilt, node)
    assert (rebuilt.shape, rebuilt.free, rebuilt.bound, rebuilt.names) == (node.shape, node.free, node.bound, node.names)


@pytest.mark.parametrize("operator", table().values(), ids=lambda operator: operator.name)
def test_every_operator_is_rebuilt_with_its_parameters(operator) -> None:
    example = operator.example()
    assert same_expression(with_children(example, children(example)), example)


@pytest.mark.parametrize("node", [node for node in NODES if children(node)], ids=lambda node: type(node).__name__)
def test_each_child_takes_its_own_place(node: Term) -> None:
    for position, child in enumerate(children(node)):
        if isinstance(node, Derivative) and position == 1:
            continue  # only a symbol, or an entry or a slice of one, stands there
        changed = with_children(node, tuple(Scale(two, other) if k == position else other for k, other in enumerate(children(node))))
        assert [same_expression(new, old) for new, old in zip(children(changed), children(node), strict=True)] == [
            k != position for k in range(len(children(node)))
        ]
        assert same_expression(children(changed)[position], Scale(two, child))


@pytest.mark.parametrize("node", NODES, ids=lambda node: type(node).__name__)
def test_too_many_children_are_refused(node: Term) -> None:
    with pytest.raises(ValueError, match="children"):
        with_children(node, (*children(node), a))


def test_children_that_do_not_fit_are_ill_typed() -> None:
    with pytest.raises(IllTyped):
        with_children(Add((x, z)), (x, z.T))
    with pytest.raises(IllTyped):
        with_children(Power(a, Fraction(2)), (x,))


def test_an_unknown_node_raises() -> None:
    class Unknown(Term):
        pass

    with pytest.raises(TypeError, match="unknown node Unknown"):
        with_children(Unknown(), ())


def test_positions_lead_to_the_subterms() -> None:
    found = list(positions(LARGE))
    assert found[0][1] is LARGE
    assert len({path for path, _ in found}) == len(found)
    assert all(subterm(LARGE, path) is node for path, node in found)
    assert [node.name for _, node in found if isinstance(node, Leaf)] == ["x", "A", "A", "z", "a"]


def test_replace_changes_one_position_only() -> None:
    for path, node in positions(LARGE):
        assert same_expression(replace(LARGE, path, node), LARGE)
        changed = replace(LARGE, path, Scale(two, node))
        assert not same_expression(changed, LARGE)
        assert same_expression(subterm(changed, path), Scale(two, node))
        assert same_expression(replace(changed, path, node), LARGE)


def test_replace_by_what_does_not_fit_is_ill_typed() -> None:
    with pytest.raises(IllTyped):
        replace(x + z, (1,), z.T)


@pytest.mark.parametrize("path", [(2,), (-1,), (0, 0)])
def test_a_path_that_does_not_exist_raises(path: tuple[int, ...]) -> None:
    with pytest.raises(IndexError):
        replace(x + z, path, x)
    with pytest.raises(IndexError):
        subterm(x + z, path)


@pytest.mark.parametrize("node", [node for node in NODES if i in node.free], ids=lambda node: type(node).__name__)
def test_at_another_index_a_term_has_the_value_of_that_index(node: Term) -> None:
    moved = at_another_index(node, i, t)
    assert moved.free == node.free - {i} | {t}
    random = np.random.default_rng(5)
    evaluator = Evaluator({"x": random.random((3, 1)), "z": random.random((3, 1)), "A": random.random((3, 3)), "a": 0.5}, {"n": 3}, Anatomy())
    for place in range(3):
        positions = {i: place, j: 1}
        assert np.array_equal(evaluator(node, positions), evaluator(moved, {t: place, j: 1}))


def test_an_index_that_would_be_captured_is_refused() -> None:
    with pytest.raises(IllTyped, match="bound"):
        at_another_index(Sum(t, A[i, t]), i, t)
