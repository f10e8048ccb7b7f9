"""Shrinking: the result is at least as simple as every point of a small set, meets the assumptions, and is reached in few attempts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import combinations, product
from random import Random
from typing import Any

import pytest

from derivcheck import D, Derivation, determinant, diag, elementwise, hadamard, inverse, kron, log, softmax, sqrt, total, trace
from derivcheck.claims import Claim
from derivcheck.language.printing.sympy_entries import Evaluation
from derivcheck.language.terms import Term
from derivcheck.verdict import Counterexample
from derivcheck.witnesses.claim_dimensions import leaves_of
from derivcheck.witnesses.counterexample import evaluate, find
from derivcheck.witnesses.exact.assumptions import Constraints, placements
from derivcheck.witnesses.exact.candidates import Candidate, Difference, Simplicity, simplicity
from derivcheck.witnesses.exact.entries import ClaimEntry, entries_at
from derivcheck.witnesses.exact.instances import Instance, parse, simple_instances
from derivcheck.witnesses.exact.packed_polynomials import Budget, Stopped
from derivcheck.witnesses.exact.point_values import generic_functions
from derivcheck.witnesses.exact.printed_points import parsed_entries
from derivcheck.witnesses.exact.search import Search
from derivcheck.witnesses.exact.shrinking import ATTEMPTS, Tensor, shrunk


class Setting(Derivation):
    """A layer, and matrices of one size."""

    def __init__(self) -> None:
        super().__init__("table", layout="numerator")
        self.n, self.m, self.k = self.dim("n"), self.dim("m"), self.dim("k")
        self.x, self.y, self.v = (self.vector(name, self.n) for name in "xyv")
        self.b, self.t = self.vector("b", self.m), self.vector("t", self.m)
        self.W, self.V = self.matrix("W", self.m, self.n), self.matrix("V", self.k, self.m)
        self.A, self.B, self.S = (self.matrix(name, self.n, self.n) for name in "ABS")
        self.z = self.let("z", self.W @ self.x + self.b)
        self.h = self.let("h", elementwise("g", self.z))
        self.L = self.let("L", (self.h - self.t).T @ (self.h - self.t) / 2)

    def stated(self, left: Term, right: Term) -> Claim:
        claim = self.claim("claim", left, right)
        assert claim.broken is None, claim.broken
        return claim


Statement = Callable[[Setting], Claim]
Assumed = tuple[tuple[str, str], ...]

EXAMPLES: dict[str, tuple[Statement, Assumed]] = {
    "g for its derivative": (lambda d: d.stated(D(d.V @ d.h, d.z), d.V @ diag(elementwise("g", d.z))), ()),
    "g(z) for its derivative in a loss": (lambda d: d.stated(D(d.L, d.b), hadamard(d.h - d.t, elementwise("g", d.z)).T), ()),
    "a loss without the derivative": (lambda d: d.stated(D(d.L, d.b), (d.h - d.t).T), ()),
    "the derivative at the wrong place": (
        lambda d: d.stated(D(elementwise("g", d.x), d.x), diag(elementwise("g", elementwise("g", d.x), order=1))), ()),
    "factors in the wrong order": (lambda d: d.stated(D((d.A @ d.x).T @ (d.A @ d.x), d.A).T, 2 * d.x @ d.x.T @ d.A), ()),
    "A for its transpose": (lambda d: d.stated(D(d.x.T @ d.A @ d.x, d.x), 2 * d.x.T @ d.A), ()),
    "products commute": (lambda d: d.stated(d.A @ d.B, d.B @ d.A), ()),
    "symmetric matrices commute": (lambda d: d.stated(d.A @ d.S, d.S @ d.A), (("symmetric", "A"), ("symmetric", "S"))),
    "Kronecker factors commute": (lambda d: d.stated(kron(d.A, d.B), kron(d.B, d.A)), ()),
    "determinant of a sum": (lambda d: d.stated(determinant(d.A + d.B), determinant(d.A) + determinant(d.B)), ()),
    "trace of a product": (lambda d: d.stated(trace(d.A @ d.B), trace(d.A) * trace(d.B)), (("invertible", "A"), ("invertible", "B"))),
    "derivative of an inverse": (
        lambda d: d.stated(D(d.x.T @ inverse(d.A) @ d.y, d.A), -inverse(d.A) @ d.x @ d.y.T @ inverse(d.A)), (("invertible", "A"),)),
    "softmax without its second term": (lambda d: d.stated(D(softmax(d.x), d.x), diag(softmax(d.x))), ()),
    "a weighted sum": (lambda d: d.stated(d.y.T @ d.x, total(d.x)), (("sums-to", "y"),)),
    "one-hot weights": (lambda d: d.stated(d.y.T @ d.x, total(d.x)), (("one-hot", "y"),)),
    "positive numbers": (lambda d: d.stated(total(log(d.x)), log(total(d.x))), (("positive", "x"),)),
    "a norm": (lambda d: d.stated(sqrt(d.x.T @ d.x), total(d.x)), ()),
}  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_point_with_few_entries_is_simpler(name: str) -> None:
    d, claim = _stated(name)
    found = find(claim, d)
    assert found is not None
    assert evaluate(claim, d, found) == (found.left, found.right)
    reached = _printed_simplicity(found)
    entries, constraints, _ = _parts(d, claim, dict(found.dims))
    search = Search(Random(0), Budget(60.0), wide=False)
    for entry, given in product(entries, constraints):
        for candidate in _sparse(entry, given):
            if simplicity(candidate.point(), candidate.functions, intervals=0) < reached:
                other = search.consider(candidate)
                assert other is None or other.simplicity >= reached, (other.point, other.candidate.functions)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", EXAMPLES)
def test_from_any_point_the_assumptions_are_kept(name: str, seed: int) -> None:
    d, claim = _stated(name)
    entries, constraints, tensors = _parts(d, claim, {"n": 2, "m": 1 + seed % 2, "k": 1})
    search = Search(Random(seed), Budget(60.0), wide=True)
    start = next(filter(None, (_first(search, entry, given) for entry, given in product(entries, constraints))), None)
    assert start is not None
    steps = [start.simplicity]
    considered: list[Candidate] = []

    def consider(candidate: Candidate) -> Difference | None:
        considered.append(candidate)
        return search.consider(candidate)

    found = shrunk(start, entries, tensors, consider)
    assert search.consider(found.candidate) == found
    assert found.simplicity <= steps[0]
    assert len(considered) <= ATTEMPTS
    assert shrunk(start, entries, tensors, search.consider) == found
    for kind, symbol in EXAMPLES[name][1]:
        assert _meets(kind, [found.point[s] for tensor, symbols, _ in tensors if tensor == symbol for s in symbols])


def test_what_was_found_outlives_the_time() -> None:
    d, claim = _stated("factors in the wrong order")
    entries, constraints, tensors = _parts(d, claim, {"n": 2})
    search = Search(Random(0), Budget(60.0), wide=True)
    start = _first(search, entries[0], constraints[0])
    assert start is not None

    def late(candidate: Candidate) -> Difference | None:
        raise Stopped("the time is used up")

    assert shrunk(start, entries, tensors, late) == start


PRINTED: dict[str, dict[str, str]] = {
    "g for its derivative": {"V": "[1]", "W": "[0]", "x": "[0]", "b": "[0]", "g": "x ↦ x"},
    "g(z) for its derivative in a loss": {"W": "[0]", "x": "[0]", "b": "[0]", "t": "[1]", "g": "x ↦ x"},
    "the derivative at the wrong place": {"x": "[-1]", "g": "x ↦ x^2"},
    "trace of a product": {"A": "[1 0; 0 1]", "B": "[1 0; 0 1]"},
}


@pytest.mark.parametrize("name", PRINTED)
def test_what_is_printed(name: str) -> None:
    d, claim = _stated(name)
    found = find(claim, d)
    assert found is not None
    assert dict(found.values) == PRINTED[name]


def test_the_order_of_simplicity() -> None:
    """Rational sides, then few numbers that are not zero, small ones without signs and fractions, then simple functions."""
    linear, square, _, constant, cubic, _ = simple_instances(1)
    points: list[tuple[str, Instance, int]] = [
        ("0 0", linear, 0), ("0 1", linear, 0), ("0 1", square, 0), ("0 0", constant, 0), ("0 -1", linear, 0), ("0 2", linear, 0),
        ("0 1/2", linear, 0), ("1 1", linear, 0), ("0 1", cubic, 0), ("0 0", linear, 1), ("0 0", linear, 2),
    ]  # fmt: skip
    order = [simplicity(dict(enumerate(parsed_entries(values))), {"g": g}, intervals) for values, g, intervals in points]
    assert order == sorted(set(order))


def _stated(name: str) -> tuple[Setting, Claim]:
    statement, assumed = EXAMPLES[name]
    d = Setting()
    for kind, symbol in assumed:
        d.assume(kind, getattr(d, symbol))  # type: ignore[arg-type]
    return d, statement(d)


def _parts(d: Derivation, claim: Claim, dims: dict[str, int]) -> tuple[list[ClaimEntry], list[Constraints], list[Tensor]]:
    evaluation = Evaluation(dims)
    leaves = leaves_of(claim)
    tensors = [(leaf.name, evaluation.leaf_entries(leaf), evaluation.axes(leaf.shape)) for leaf in leaves]
    return list(entries_at(claim, evaluation, {})), placements(d.assumptions, evaluation, leaves, 8, Random(0))[0], tensors


def _first(search: Search, entry: ClaimEntry, given: Constraints) -> Difference | None:
    """A difference at random numbers, which are not simple, and with functions that are not."""
    functions = {name: simple_instances(arity)[-1] for name, arity in generic_functions(entry.expressions).items()}
    for _ in range(40):
        values = {symbol: Fraction(search.rng.randint(-9, 9), search.rng.choice((1, 2, 7))) for symbol in given.free}
        found = search.consider(Candidate(entry, given, values, functions))
        if found is not None:
            return found
    return None


def _sparse(entry: ClaimEntry, given: Constraints) -> Iterator[Candidate]:
    """At most two free symbols are not zero (or not 1, where they may not be zero), with each monomial."""
    least = {symbol: Fraction(given.signs.get(symbol) in ("positive", "nonzero")) for symbol in given.free}
    numbers = [Fraction(number) for number in (1, -1, 2)]
    functions = generic_functions(entry.expressions)
    monomials = ([instance for instance in simple_instances(arity) if len(instance.terms) == 1] for arity in functions.values())
    families = [dict(zip(functions, chosen, strict=True)) for chosen in product(*monomials)]
    puts: list[dict[Any, Fraction]] = [{}, *({symbol: number} for symbol in given.free for number in numbers)]
    puts += [dict.fromkeys(pair, numbers[0]) for pair in combinations(given.free, 2)]
    for put, family in product(puts, families):
        yield Candidate(entry, given, least | put, family)


def _printed_simplicity(found: Counterexample) -> Simplicity:
    functions = {name: parse(printed) for name, printed in found.values if "↦" in printed}
    numbers = [number for _, printed in found.values if "↦" not in printed for number in parsed_entries(printed)]
    return simplicity(dict(enumerate(numbers)), functions, sum(side.startswith("[") for side in (found.left, found.right)))


def _meets(kind: str, entries: list[Fraction]) -> bool:
    """Of a tensor whose axes are all 2 long."""
    return {
        "sums-to": lambda: sum(entries) == 1,
        "one-hot": lambda: sorted(entries) == [0, 1],
        "symmetric": lambda: entries[1] == entries[2],
        "positive": lambda: min(entries) > 0,
        "invertible": lambda: entries[0] * entries[3] != entries[1] * entries[2],
    }[kind]()
