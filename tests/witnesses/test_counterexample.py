"""Counterexamples: small, admissible, and checked again from their printed form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
import sympy

from derivcheck import (
    D,
    Derivation,
    absolute,
    array,
    cross_entropy,
    delta,
    determinant,
    diag,
    differ,
    elementwise,
    exp,
    hadamard,
    inverse,
    kron,
    log,
    logsumexp,
    mean,
    ones,
    relu,
    scalar_function,
    sigmoid,
    softmax,
    sqrt,
    tanh,
    total,
    trace,
    vec,
)  # fmt: skip
from derivcheck.claims import Claim
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import Term
from derivcheck.verdict import Counterexample
from derivcheck.witnesses.counterexample import evaluate, find
from derivcheck.witnesses.exact.assumptions import constraints_of
from derivcheck.witnesses.exact.candidates import Candidate
from derivcheck.witnesses.exact.entries import ClaimEntry
from derivcheck.witnesses.exact.instances import parse, simple_instances
from derivcheck.witnesses.exact.packed_polynomials import Budget
from derivcheck.witnesses.exact.printed_points import parsed_entries, printed_entries
from derivcheck.witnesses.exact.search import Search


class Setting(Derivation):
    """A derivation with the symbols that the tables speak of."""

    def __init__(self) -> None:
        super().__init__("table", layout="numerator")
        self.n, self.m = self.dim("n"), self.dim("m")
        self.i, self.j = self.indices("i j", self.n)
        self.zero_based = self.index("u", self.n, 0)
        self.z, self.x, self.y = (self.vector(name, self.n) for name in "zxy")
        self.a, self.b = self.scalar("a"), self.scalar("b")
        self.A, self.S, self.M, self.Y = (self.matrix(name, *dims) for name, dims in {
            "A": (self.n, self.m), "S": (self.n, self.n), "M": (self.n, self.n), "Y": (self.m, self.n)}.items())  # fmt: skip

    def stated(self, left: Term, right: Term, *where: IndexRelation) -> Claim:
        """The claim left = right, whose sides fit."""
        claim = self.claim(f"claim {len(self.claims)}", left, right, where=where)
        assert claim.broken is None, claim.broken
        return claim


Statement = Callable[[Setting], Claim]

# the claim, the sizes of the smallest counterexample, and its two sides
WRONG: dict[str, tuple[Statement, dict[str, int], tuple[str, str]]] = {
    "a factor": (lambda d: d.stated(d.a * 2, d.a), {}, ("2", "1")),
    "softmax Jacobian without its second term": (lambda d: d.stated(D(softmax(d.z), d.z), diag(softmax(d.z))), {"n": 1}, ("0", "1")),
    "softmax Jacobian, wrong factor": (
        lambda d: d.stated(D(softmax(d.z)[d.i], d.z[d.j]), 2 * softmax(d.z)[d.i] * (delta(d.i, d.j) - softmax(d.z)[d.j])),
        {"n": 2}, ("1/4", "1/2"),
    ),
    "missing transpose, true for n = 1": (lambda d: d.stated(D(trace(d.S @ d.M), d.S), d.M.T), {"n": 2}, ("0", "1")),
    "products commute, true for n = 1": (lambda d: d.stated(trace(hadamard(d.S, d.M)), trace(d.S @ d.M)), {"n": 2}, ("0", "1")),
    "Bessel's factor, undefined for n = 1": (
        lambda d: d.stated(total(hadamard(d.x, d.x)) / (d.n - d.a**0), total(hadamard(d.x, d.x)) / d.n), {"n": 2}, ("1", "1/2")),
    "root of a square": (lambda d: d.stated(sqrt(d.a**2), d.a), {}, ("1", "-1")),
    "relu derivative, off the kink": (lambda d: d.stated(D(relu(d.a), d.a), d.a**0), {}, ("0", "1")),
    "absolute derivative, off the kink": (lambda d: d.stated(D(absolute(d.a), d.a), d.a**0), {}, ("-1", "1")),
    "a sign at one point": (lambda d: d.stated(D(sigmoid(d.a), d.a), sigmoid(d.a)), {}, ("1/4", "1/2")),
    "determinant of a sum": (lambda d: d.stated(determinant(d.S + d.M), determinant(d.S) + determinant(d.M)), {"n": 2}, ("0", "1")),
    "generic elementwise": (lambda d: d.stated(D(total(elementwise("g", d.x)), d.x), elementwise("g", d.x).T), {"n": 1}, ("1", "0")),
    "one generic function for another": (lambda d: d.stated(elementwise("g", d.a), elementwise("h", d.a)), {}, ("1", "0")),
    "product rule of two generic functions": (
        lambda d: d.stated(D(elementwise("g", d.a) * elementwise("h", d.a), d.a), 2 * elementwise("g", d.a, 1) * elementwise("h", d.a)),
        {}, ("3", "4"),
    ),
    "generic elementwise off a diagonal": (lambda d: d.stated(elementwise("g", diag(d.x)), diag(elementwise("g", d.x))), {"n": 2}, ("1", "0")),
    "value of a generic function at 0": (lambda d: d.stated(elementwise("g", 0 * d.x), 0 * d.x), {"n": 1}, ("1", "0")),
    "generic loss": (lambda d: d.stated(D(scalar_function("L", d.S), d.S).T, D(scalar_function("L", d.S), d.S)), {"n": 2}, ("2", "3")),
    "vec without the transpose": (lambda d: d.stated(vec(d.S @ d.M @ d.A), kron(d.A.T, d.S.T) @ vec(d.M)), {"n": 2, "m": 1}, ("0", "1")),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_the_smallest_difference(name: str) -> None:
    statement, dims, sides = WRONG[name]
    d = Setting()
    claim = statement(d)
    found = find(claim, d)
    assert found is not None
    assert dict(found.dims) == dims
    assert found.exact
    assert sorted((found.left, found.right)) == sorted(sides)
    assert evaluate(claim, d, found) == (found.left, found.right)
    assert find(claim, d) == found


INTERVALS: dict[str, Statement] = {
    "log-sum-exp": lambda d: d.stated(D(logsumexp(d.z), d.z), exp(d.z).T),
    "tanh derivative": lambda d: d.stated(D(tanh(d.a), d.a), 1 - tanh(d.a) ** 3),
    "logarithm of a sum": lambda d: d.stated(log(d.a + d.b), log(d.a) + log(d.b)),
    "root of a sum": lambda d: d.stated(sqrt(d.a + d.b), sqrt(d.a) + sqrt(d.b)),
    "mean of logarithms": lambda d: d.stated(mean(log(d.x)), log(mean(d.x))),
}


@pytest.mark.parametrize("name", INTERVALS)
def test_intervals_exclude_equality(name: str) -> None:
    d = Setting()
    claim = INTERVALS[name](d)
    found = find(claim, d)
    assert found is not None
    assert not found.exact
    (left_low, left_high), (right_low, right_high) = (_ends(side) for side in (found.left, found.right))
    assert left_low <= left_high
    assert right_low <= right_high
    assert left_high < right_low or right_high < left_low
    assert evaluate(claim, d, found) == (found.left, found.right)


def _ends(side: str) -> tuple[Fraction, Fraction]:
    ends = [Fraction(end) for end in side.strip("[]").split(", ")]
    return ends[0], ends[-1]


TRUE: dict[str, Statement] = {
    "softmax Jacobian": lambda d: d.stated(D(softmax(d.z), d.z), diag(softmax(d.z)) - softmax(d.z) @ softmax(d.z).T),
    "relu": lambda d: d.stated(relu(d.a) - relu(-d.a), d.a),
    "inverse": lambda d: d.stated(inverse(d.S) @ d.S @ d.x, d.x),
    "undefined everywhere": lambda d: d.stated(log(-(d.a**2)), d.a),
    "differs only where it is not claimed": lambda d: d.stated(delta(d.i, d.j) * d.x[d.i], 0 * d.x[d.i] * d.x[d.j], differ(d.i, d.j)),
    "generic": lambda d: d.stated(D(total(elementwise("g", d.x)), d.x), elementwise("g", d.x, order=1).T),
}


@pytest.mark.parametrize("name", TRUE)
def test_nothing_is_found_where_there_is_no_difference(name: str) -> None:
    d = Setting()
    assert find(TRUE[name](d), d, budget_seconds=0.5) is None


ASSUMED: dict[str, tuple[Statement, tuple[tuple[str, str, dict], ...]]] = {
    "sums to one": (lambda d: d.stated(total(hadamard(d.y, d.y)), total(d.y)), (("sums-to", "y", {}),)),
    "a distribution": (lambda d: d.stated(total(hadamard(d.y, d.y)), total(d.y)), (("sums-to", "y", {}), ("positive", "y", {}))),
    "one-hot": (lambda d: d.stated(d.y @ d.y.T, ones(d.n) @ d.y.T), (("one-hot", "y", {}), ("sums-to", "y", {}))),
    "one-hot rows": (lambda d: d.stated(ones(d.m).T @ d.Y, ones(d.n).T), (("one-hot", "Y", {"axis": 1}),)),
    "symmetric": (lambda d: d.stated(d.S @ d.M, d.M @ d.S), (("symmetric", "S", {}), ("symmetric", "M", {}))),
    "positive": (lambda d: d.stated(d.a**2, d.a), (("positive", "a", {}),)),
    "nonzero": (lambda d: d.stated(d.a**2, d.a), (("nonzero", "a", {}),)),
    "invertible": (lambda d: d.stated(d.S @ d.S, d.S), (("invertible", "S", {}),)),
}


@pytest.mark.parametrize("name", ASSUMED)
def test_assumptions_are_met(name: str) -> None:
    statement, assumptions = ASSUMED[name]
    d = Setting()
    for kind, symbol, details in assumptions:
        d.assume(kind, getattr(d, symbol), **details)  # type: ignore[arg-type]
    claim = statement(d)
    found = find(claim, d)
    assert found is not None
    dims, values = dict(found.dims), {symbol: parsed_entries(printed) for symbol, printed in found.values}
    for kind, symbol, _ in assumptions:
        assert _meets(kind, values[symbol], dims.get("n", 1))
    assert evaluate(claim, d, found) == (found.left, found.right)


def _meets(kind: str, entries: list[Fraction], n: int) -> bool:
    rows = [entries[k : k + n] for k in range(0, len(entries), n)]
    return {
        "sums-to": lambda: all(sum(row) == 1 for row in rows),
        "one-hot": lambda: all(sorted(row) == [0] * (n - 1) + [1] for row in rows),
        "symmetric": lambda: all(rows[p][q] == rows[q][p] for p in range(n) for q in range(n)),
        "positive": lambda: min(entries) > 0,
        "nonzero": lambda: 0 not in entries,
        "invertible": lambda: sympy.Matrix(rows).det() != 0,
    }[kind]()


def test_a_value_that_is_too_large_ends_only_its_candidate() -> None:
    """Where x = 2000, exp x is too large to compute with, and where x = 0 the sides are equal."""
    x = sympy.Symbol("x", real=True)
    entry = ClaimEntry((), (), sympy.exp(x), sympy.exp(2 * x), frozenset())
    run = Search(Random(0), Budget(5.0), wide=False)
    candidates = [Candidate(entry, constraints_of([x]), {x: Fraction(value)}, {}) for value in (10**9, 0, 1)]
    assert [run.consider(candidate) is not None for candidate in candidates] == [False, False, True]


@pytest.mark.parametrize("classes", [4, 10])
def test_probabilities_of_many_classes(classes: int) -> None:
    d = Derivation("entropy", layout="numerator")
    p = d.vector("p", classes)
    j = d.index("j", p.shape[0])
    d.assume("sums-to", p)
    d.assume("positive", p)
    claim = d.claim("entropy", D(-total(hadamard(p, log(p))), p[j]), -log(p[j]))
    found = find(claim, d)
    assert found is not None
    assert sum(parsed_entries(dict(found.values)["p"])) == 1
    assert evaluate(claim, d, found) == (found.left, found.right)


def test_where_is_respected() -> None:
    d = Setting()
    claim = d.stated(delta(d.i, d.j) + d.x[d.i], d.x[d.j] + 0 * d.x[d.i], differ(d.i, d.j))
    found = find(claim, d)
    assert found is not None
    assert dict(found.indices) == {"i": 1, "j": 2}
    assert dict(found.dims) == {"n": 2}


def test_an_index_is_printed_in_its_own_base() -> None:
    d = Setting()
    claim = d.stated(d.x[d.zero_based], d.x[d.zero_based] + 1)
    found = find(claim, d)
    assert found is not None
    assert found.indices == (("u", 0),)
    assert evaluate(claim, d, found) == (found.left, found.right)


def test_a_derivative_by_a_constrained_vector_is_the_free_one() -> None:
    d = Setting()
    d.assume("sums-to", d.y)
    assert find(d.stated(D(total(d.y), d.y), ones(d.n).T), d, budget_seconds=0.5) is None
    assert find(d.stated(D(total(d.y), d.y), 0 * d.y.T), d) is not None


def test_what_is_printed_is_what_is_evaluated() -> None:
    d = Setting()
    claim = d.stated(hadamard(d.x, d.x), d.x)
    found = find(claim, d)
    assert found is not None
    moved = replace(found, values=(("x", "[3]"),))
    assert evaluate(claim, d, moved) == ("9", "3")
    with pytest.raises(ValueError, match="no such entry"):
        evaluate(claim, d, replace(found, entry=(7, 1)))


@pytest.mark.parametrize(("kind", "value"), [("positive", "[-1]"), ("sums-to", "[2]"), ("one-hot", "[0]")])
def test_a_point_that_breaks_an_assumption_is_refused(kind: str, value: str) -> None:
    d = Setting()
    d.assume(kind, d.y)  # type: ignore[arg-type]
    claim = d.stated(hadamard(d.y, d.y), 2 * d.y)
    found = find(claim, d)
    assert found is not None
    with pytest.raises(ValueError, match="assumptions"):
        evaluate(claim, d, replace(found, values=(("y", value),)))


def test_a_point_that_breaks_a_condition_is_refused() -> None:
    d = Setting()
    claim = d.stated(D(relu(d.a), d.a), d.a**0)
    found = find(claim, d)
    assert found is not None
    with pytest.raises(ValueError, match="conditions"):
        evaluate(claim, d, replace(found, values=(("a", "0"),)))


@pytest.mark.parametrize("printed", ["__import__('os')", "1+1", "x", ""])
def test_only_numbers_are_read(printed: str) -> None:
    d = Setting()
    claim = d.stated(d.a * 2, d.a)
    found = find(claim, d)
    assert isinstance(found, Counterexample)
    with pytest.raises(ValueError):  # noqa: PT011 - Fraction's own message, or zip's
        evaluate(claim, d, replace(found, values=(("a", printed),)))


def test_explicit_matrices() -> None:
    a, p = sympy.Symbol("a", real=True), sympy.Symbol("p", positive=True)
    d = Derivation("explicit", layout="numerator")
    claim = d.explicit("claim", lambda: (sympy.Matrix([[a, p * a]]), sympy.Matrix([[a, a]])))
    found = find(claim, d)
    assert found is not None
    assert found.entry == (1, 2)
    assert Fraction(dict(found.values)["p"]) > 0
    assert evaluate(claim, d, found) == (found.left, found.right)


def test_a_symbol_that_is_an_integer_gets_no_fraction() -> None:
    k = sympy.Symbol("k", integer=True)
    d = Derivation("explicit", layout="numerator")
    claim = d.explicit("claim", lambda: (sympy.Matrix([[k]]), sympy.Matrix([[k + 1]])))
    assert find(claim, d) is None


@pytest.mark.parametrize("arity", [1, 2, 5])
def test_instances_are_printed_and_read(arity: int) -> None:
    point = [Fraction(k + 2, 3) for k in range(arity)]
    for instance in simple_instances(arity):
        assert parse(str(instance)).at(point, Fraction) == instance.at(point, Fraction)
        moved = [point[0] + Fraction(1, 10**9), *point[1:]]
        slope = (instance.at(moved, Fraction) - instance.at(point, Fraction)) * 10**9
        assert abs(slope - instance.partial(1).at(point, Fraction)) < Fraction(1, 10**6)
    with pytest.raises(ValueError, match="not a printed polynomial"):
        parse("y ↦ y")


@pytest.mark.parametrize(("size", "printed"), [((), "1"), ((3, 1), "[1; 2; 1/2]"), ((1, 3), "[1 2 1/2]"), ((2, 2), "[1 2; 1/2 0]")])
def test_entries_are_printed_and_read(size: tuple[int, ...], printed: str) -> None:
    entries = parsed_entries(printed)
    assert printed_entries(entries, size) == printed


def test_nearly_equal_sides_are_told_apart() -> None:
    d = Setting()
    claim = d.stated(exp(d.a) * (1 + Fraction(1, 10**20)), exp(d.a) * array(d.x[d.i] - d.x[d.i] + 1, d.i).T @ ones(d.n) / d.n)
    found = find(claim, d)
    assert found is not None
    assert evaluate(claim, d, found) == (found.left, found.right)


def test_cross_entropy_without_its_assumption() -> None:
    d = Setting()
    claim = d.stated(D(cross_entropy(d.y, softmax(d.z)), d.z).T, softmax(d.z) - d.y)
    found = find(claim, d)
    assert found is not None
    assert dict(found.dims) == {"n": 1}
    assert sum(parsed_entries(dict(found.values)["y"])) != 1
