"""The nodes that authors write: shapes, free and bound indices, places, and what cannot be built."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from fractions import Fraction

import pytest

from derivcheck.algebra.dims import Dim, IllTyped, Index
from derivcheck.language import terms
from derivcheck.language.operators import apply
from derivcheck.language.places import Place
from derivcheck.language.shapes import SCALAR, column, describe, row, shape_of
from derivcheck.language.subscripts import IndexRelation, Shift
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
    add,
    array,
    as_term,
    cases,
    delta,
    differ,
    equal,
    indicator,
    multiply,
    sum_over,
)
from derivcheck.language.walks import children, same_expression, subterms

n, m = Dim.of("n"), Dim.of("m")
i, j, t = (Index(name, n) for name in "ijt")
a, b = (Index(name, m) for name in "ab")


def leaf(name: str, *axes: str | int | Dim) -> Leaf:
    return Leaf(name, shape_of(*axes), "numerator")


s = leaf("s")
z = leaf("z", "n", 1)
r = leaf("r", 1, "m")
W = leaf("W", "n", "m")
K = leaf("K", m * n, 1)
T = leaf("T", "n", "m", "n")
named = Named("h", apply("exp", z), "numerator")

# one term of every node: its constructor, shape, free and bound indices, children
NODES: dict[type[Term], tuple[Callable[[], Term], tuple[Dim, ...], set[Index], set[Index], tuple[Term, ...]]] = {
    Number: (lambda: Number(Fraction(1, 2)), SCALAR, set(), set(), ()),
    Size: (lambda: Size(n), SCALAR, set(), set(), ()),
    Leaf: (lambda: Leaf("x", (Dim.of(1), n)), row(n), set(), set(), ()),
    Named: (lambda: Named("y", z), column(n), set(), set(), ()),
    Entry: (lambda: Entry(W, (i, a)), SCALAR, {i, a}, set(), (W,)),
    Slice: (lambda: Slice(W, (None, a)), column(n), {a}, set(), (W,)),
    Array: (lambda: Array((a,), W[i, a]), column(m), {i}, {a}, ()),
    Sum: (lambda: Sum(i, W[i, a]), SCALAR, {a}, {i}, ()),
    Delta: (lambda: Delta(i, j), SCALAR, {i, j}, set(), ()),
    Indicator: (lambda: Indicator(Positive(z[i])), SCALAR, {i}, set(), ()),
    Cases: (lambda: Cases(((IndexRelation(i, "≤", j), z[t]),), s), SCALAR, {i, j, t}, set(), ()),
    Add: (lambda: Add((z, named)), column(n), set(), set(), (z, named)),
    Scale: (lambda: Scale(s, W), (n, m), set(), set(), (s, W)),
    Power: (lambda: Power(s, Fraction(1, 2)), SCALAR, set(), set(), (s,)),
    Apply: (lambda: apply("matmul", W.T, z), column(m), set(), set(), ()),
    Derivative: (lambda: Derivative(s, z, "numerator"), row(n), set(), set(), (s, z)),
}


def test_every_node_is_listed() -> None:
    concrete = {value for _, value in inspect.getmembers(terms, inspect.isclass) if issubclass(value, Term) and value is not Term}
    assert set(NODES) == concrete


@pytest.mark.parametrize("node", NODES, ids=lambda node: node.__name__)
def test_every_node(node: type[Term]) -> None:
    build, shape, free, bound, direct = NODES[node]
    term, again = build(), build()
    assert type(term) is node
    assert term.shape == shape
    assert term.free == free
    assert term.bound == bound
    assert term.place.file == __file__
    assert term.place.line == build.__code__.co_firstlineno
    if direct:
        assert all(found is expected for found, expected in zip(children(term), direct, strict=True))
    assert next(iter(subterms(term))) is term
    assert term != again
    # W.T and the definition of a named intermediate are written anew by each call
    assert same_expression(term, again)
    for other in set(NODES) - {node}:
        assert not same_expression(term, NODES[other][0]())


def test_a_node_that_is_not_listed_raises() -> None:
    class Unknown(Term):
        pass

    for function in (children, lambda term: same_expression(term, Unknown())):
        with pytest.raises(TypeError, match="unknown node Unknown"):
            function(Unknown())


# arithmetic ----------------------------------------------------------------------------------------------------------
def test_nothing_is_simplified() -> None:
    assert isinstance(z - z, Add)
    assert isinstance(0 * z, Scale)
    assert isinstance(s**1, Power)
    assert not same_expression(s + 1, 1 + s)
    assert not same_expression(1 * s, s * 1)


def test_arithmetic() -> None:
    assert [type(part) for part in (z + z + z).terms] == [Leaf, Leaf, Leaf]  # type: ignore[attr-defined]
    assert same_expression(z - z, Add((z, Scale(Number(Fraction(-1)), z))))
    assert same_expression(1 - s, Add((Number(Fraction(1)), Scale(Number(Fraction(-1)), s))))
    assert same_expression(z / s, Scale(Power(s, Fraction(-1)), z))
    assert same_expression(1 / s, Scale(Number(Fraction(1)), Power(s, Fraction(-1))))
    assert same_expression(z * s, Scale(s, z))
    assert same_expression(s * z, Scale(s, z))
    assert same_expression(s * n, Scale(s, Size(n)))
    assert same_expression(Fraction(1, 2) * z, Scale(Number(Fraction(1, 2)), z))
    assert same_expression(z / n, Scale(Power(Size(n), Fraction(-1)), z))
    assert (W.T @ z).shape == column(m)
    assert (s ** Fraction(1, 2)).exponent == Fraction(1, 2)  # type: ignore[attr-defined]
    assert same_expression(as_term(3), Number(Fraction(3)))
    assert as_term(s) is s


@pytest.mark.parametrize("wrong", [0.5, True, "x", None])
def test_what_is_no_term(wrong: object) -> None:
    with pytest.raises(IllTyped, match="is not"):
        as_term(wrong)  # type: ignore[arg-type]
    with pytest.raises(IllTyped, match="is not"):
        s + wrong  # type: ignore[operator]


def test_a_term_is_neither_a_sequence_nor_a_truth_value() -> None:
    with pytest.raises(TypeError, match="not a sequence"):
        list(z)
    with pytest.raises(TypeError, match="no truth value"):
        bool(z)


# shape errors: both shapes, both places ------------------------------------------------------------------------------
BOTH: dict[str, tuple[Callable[[], object], tuple[Term, ...]]] = {
    "sum of column and row": (lambda: z + z.T, (z,)),
    "sum of column and matrix": (lambda: z + W, (z, W)),
    "sum with a number": (lambda: z + s, (z, s)),
    "third summand": (lambda: z + z + r, (z, r)),
    "product": (lambda: z * W, (z, W)),
    "matrix product": (lambda: z @ W, (z, W)),
    "quotient": (lambda: s / z, (z,)),
    "power": (lambda: z**2, (z,)),
    "factor of a scale": (lambda: Scale(z, W), (z,)),
    "entries of an array": (lambda: array(z, i), (z,)),
    "case": (lambda: cases((equal(i, j), z)), (z,)),
    "otherwise": (lambda: cases((equal(i, j), s), otherwise=W), (W,)),
    "compared term": (lambda: indicator(Positive(z)), (z,)),
    "compared case": (lambda: cases((Positive(r), s)), (r,)),
    "too few subscripts": (lambda: W[i], (W,)),
    "too many subscripts": (lambda: z[i, 1], (z,)),
    "subscripts of a composite axis": (lambda: K[i], (K,)),
    "order of a composite axis": (lambda: K[i, a], (K,)),
    "subscripts of another dimension": (lambda: W[a, i], (W,)),
    "shifted subscript of another dimension": (lambda: z[Shift(a, 1)], (z,)),
    "slice of another dimension": (lambda: W[i, :].tensor[a, a], (W,)),  # type: ignore[attr-defined]
}


@pytest.mark.parametrize(("build", "arguments"), BOTH.values(), ids=BOTH)
def test_ill_shaped_terms_name_shapes_and_places(build: Callable[[], object], arguments: tuple[Term, ...]) -> None:
    with pytest.raises(IllTyped) as caught:
        build()
    for argument in arguments:
        assert describe(argument.shape) in str(caught.value)
        assert f"written at {argument.place}" in str(caught.value)


def test_the_place_is_the_authors_line() -> None:
    here = z + z
    line = inspect.currentframe().f_lineno - 1  # type: ignore[union-attr]
    assert here.place == Place(__file__, line)
    assert str(here.place) == f"{__file__}:{line}"
    assert str(Place("notes.md", 3, 7)) == "notes.md:3:7"


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True, "i", None])
def test_what_is_no_subscript(wrong: object) -> None:
    with pytest.raises(IllTyped):
        Entry(z, (wrong,)) if wrong is not None else Entry(W, (wrong,))  # type: ignore[arg-type]


def test_number_subscripts_stay_in_range() -> None:
    x = leaf("x", 3, 1)
    assert x[3].free == frozenset()
    with pytest.raises(IllTyped, match="subscript 4 is out of range 1 … 3"):
        x[4]
    assert z[7].shape == SCALAR


def test_slices() -> None:
    assert W[:, a].shape == column(n)
    assert W[i, :].shape == row(m)
    assert W[2, :].free == frozenset()
    for wrong in (lambda: z[:], lambda: W[:, :], lambda: T[:, a, i], lambda: s[:], lambda: W[a, :]):
        with pytest.raises(IllTyped):
            wrong()


def test_literal_ones_have_no_slot() -> None:
    assert z[i].shape == SCALAR
    assert r[a].shape == SCALAR
    assert K[a, i].shape == SCALAR
    assert T[i, a, j].free == {i, a, j}
    assert leaf("q", 1, 1).shape == SCALAR


# indices -------------------------------------------------------------------------------------------------------------
def test_an_index_is_not_both_free_and_bound() -> None:
    for wrong in (lambda: z[i] * sum_over(i, z[i]), lambda: sum_over(i, z[i]) + z[i], lambda: delta(i, j) * sum_over(j, z[j])):
        with pytest.raises(IllTyped, match="both free and bound"):
            wrong()
    # two sums over one dummy are no clash
    assert (sum_over(i, z[i]) * sum_over(i, z[i])).free == frozenset()


def test_an_index_is_not_bound_twice() -> None:
    for wrong in (lambda: sum_over(i, sum_over(i, z[i])), lambda: array(sum_over(i, z[i]), i), lambda: sum_over(i, z[j] * sum_over(i, z[i]))):
        with pytest.raises(IllTyped, match="bound twice"):
            wrong()
    with pytest.raises(IllTyped, match="bound twice: i, i"):
        Array((i, i), z[i])


def test_a_sum_cannot_capture_an_index() -> None:
    hidden = apply("one_hot", parameters=(n, i))
    assert hidden.free == {i}
    with pytest.raises(IllTyped, match="both free and bound"):
        hidden[j] * sum_over(i, z[i])
    with pytest.raises(IllTyped, match=r"free indices \(a, i\)"):
        Named("y", W[i, a])
    assert Named("y", sum_over(i, z[i])).free == frozenset()


def test_a_sum_needs_not_mention_its_index() -> None:
    assert sum_over(i, s).free == frozenset()
    assert sum_over(i, W[:, a]).shape == column(n)


def test_bounds_of_a_sum() -> None:
    part = Sum(t, z[t], 1, Shift(i, -1))
    assert part.free == {i}
    assert part.bound == {t}
    with pytest.raises(IllTyped, match="must be another index of the dimension n"):
        Sum(t, z[t], 1, t)
    with pytest.raises(IllTyped, match="must be another index of the dimension n"):
        Sum(t, z[t], 1, a)
    with pytest.raises(IllTyped, match="bounds a sum and is bound inside it"):
        Sum(t, z[t] * sum_over(i, z[i]), 1, i)
    with pytest.raises(IllTyped, match="both free and bound"):
        Sum(t, z[t], 1, i) * sum_over(i, z[i])


@pytest.mark.parametrize("relation", [lambda: delta(i, a), lambda: equal(i, a), lambda: differ(a, i), lambda: delta(Shift(i, 1), a)])
def test_indices_of_different_dimensions_are_not_compared(relation: Callable[[], object]) -> None:
    with pytest.raises(IllTyped, match="different dimensions \\(m and n\\)"):
        relation()


@pytest.mark.parametrize("wrong", [lambda: delta(i, 0), lambda: delta(-1, i), lambda: delta(Index("l", Dim.of(3)), 4)])
def test_a_delta_with_a_number_out_of_range(wrong: Callable[[], object]) -> None:
    with pytest.raises(IllTyped, match="out of range 1 … "):
        wrong()


def test_one_name_over_two_dimensions_is_two_indices() -> None:
    assert Index("i", m) not in z[i].free
    with pytest.raises(IllTyped, match="ranges over m"):
        z[Index("i", m)]


def test_relations() -> None:
    assert delta(i, Shift(j, 1)).free == {i, j}
    assert delta(1, 2).free == frozenset()
    assert equal(i, 3).free == {i}
    assert Positive(z[i]).free == {i}
    assert str(Shift(i, -1)) == "i-1"
    assert str(Shift(i, 2)) == "i+2"


def test_cases() -> None:
    term = cases((equal(i, j), 1), (Positive(z[t]), s), otherwise=z[i])
    assert term.free == {i, j, t}
    assert [type(part) for part in children(term)] == [Entry, Number, Leaf, Entry]
    assert len(list(subterms(term))) == 6
    with pytest.raises(IllTyped, match="both free and bound"):
        cases((equal(i, j), sum_over(i, z[i])))


# derivatives ---------------------------------------------------------------------------------------------------------
def test_derivatives_take_the_layout_of_their_variable() -> None:
    assert D(s, z).layout == "numerator"
    assert D(s, z, "denominator").shape == column(n)
    assert D(s, z[i]).layout == "numerator"
    assert D(s, z[i]).shape == SCALAR
    assert D(s, W[:, a]).shape == row(n)
    assert D(named, z).shape == (n, n)
    assert D(s, named).root is named
    assert D(s, W[:, a]).root is W
    assert D(3, s).shape == SCALAR


def test_one_derives_by_a_symbol() -> None:
    for wrong in (lambda: D(s, z + z, "numerator"), lambda: D(s, apply("exp", z), "numerator"), lambda: D(s, z.T[i], "numerator")):
        with pytest.raises(IllTyped, match="declared symbol or a named intermediate"):
            wrong()
    with pytest.raises(IllTyped, match="layout of this derivative is not stated"):
        D(s, Leaf("v", column(n)))


def test_a_derivative_does_not_capture_an_index() -> None:
    with pytest.raises(IllTyped, match="rename the bound one"):
        D(sum_over(i, z[i]), z[i])
    assert D(sum_over(i, z[i]), z[j]).free == {j}


# as written ----------------------------------------------------------------------------------------------------------
DIFFERENT: dict[str, tuple[Callable[[], Term], Callable[[], Term]]] = {
    "value": (lambda: as_term(1), lambda: as_term(2)),
    "dimension": (lambda: Size(n), lambda: Size(m)),
    "name": (lambda: leaf("x"), lambda: leaf("y")),
    "shape": (lambda: leaf("x", "n", 1), lambda: leaf("x", 1, "n")),
    "definition": (lambda: Named("y", leaf("x")), lambda: Named("y", leaf("x"))),
    "slot": (lambda: z[i], lambda: z[j]),
    "shift": (lambda: z[Shift(i, 1)], lambda: z[Shift(i, -1)]),
    "slots in another order": (lambda: T[i, a, j], lambda: T[j, a, i]),
    "row and column": (lambda: leaf("A", "n", "n")[:, i], lambda: leaf("A", "n", "n")[i, :]),
    "dummy": (lambda: sum_over(i, z[i]), lambda: sum_over(j, z[j])),
    "bounds": (lambda: Sum(i, z[i], 1), lambda: Sum(i, z[i], 2)),
    "array": (lambda: Array((i, a), W[i, a]), lambda: Array((a, i), W[i, a])),
    "delta": (lambda: delta(i, j), lambda: delta(j, i)),
    "relation": (lambda: indicator(IndexRelation(i, "<", j)), lambda: indicator(IndexRelation(i, "≤", j))),
    "relation and sign": (lambda: indicator(equal(i, j)), lambda: indicator(Positive(s))),
    "branches": (lambda: cases((equal(i, j), s)), lambda: cases((differ(i, j), s))),
    "kind of branch": (lambda: cases((Positive(z[i]), s)), lambda: cases((equal(i, j), z[i]), otherwise=s)),
    "order of summands": (lambda: s + 1, lambda: 1 + s),
    "number of summands": (lambda: s + s, lambda: s + s + s),
    "nesting of summands": (lambda: add(s, s + s), lambda: add(s + s, s)),
    "exponent": (lambda: s**2, lambda: s**3),
    "operator": (lambda: apply("exp", s), lambda: apply("log", s)),
    "parameters": (lambda: apply("softmax", W, parameters=(0,)), lambda: apply("softmax", W, parameters=(1,))),
    "arguments": (lambda: multiply(z[i], z[j]), lambda: multiply(z[j], z[i])),
    "layout": (lambda: D(s, z, "numerator"), lambda: D(s, z, "denominator")),
}


@pytest.mark.parametrize(("left", "right"), DIFFERENT.values(), ids=DIFFERENT)
def test_different_expressions(left: Callable[[], Term], right: Callable[[], Term]) -> None:
    assert not same_expression(left(), right())
    assert not same_expression(right(), left())
    first = left()
    assert same_expression(first, first)


def test_subterms() -> None:
    inner = apply("exp", z)
    hidden = Named("h", inner)
    whole = hidden + hidden
    assert [type(part) for part in subterms(whole)] == [Add, Named]
    opened = list(subterms(whole, open_names=True))
    assert [type(part) for part in opened] == [Add, Named, Apply, Leaf]
    assert opened[2] is inner
    assert {type(part) for part in subterms(indicator(Positive(z[i])))} == {Indicator, Entry, Leaf}
    assert {type(part) for part in subterms(D(s, z[i]))} == {Derivative, Leaf, Entry}


def test_arity_and_unknown_operators() -> None:
    with pytest.raises(IllTyped, match="exp takes 1 arguments, not 2"):
        apply("exp", z, z)
    with pytest.raises(KeyError):
        apply("expp", z)
    assert same_expression(apply("exp", 1), apply("exp", as_term(1)))


def test_empty_names_and_arrays() -> None:
    for wrong in (lambda: leaf(""), lambda: Array((), s)):
        with pytest.raises(IllTyped):
            wrong()
