"""The cost of a claim for exact arithmetic: known before it begins, and what it decides not to begin."""

from __future__ import annotations

import time
from random import Random

import pytest

from derivcheck import D, Derivation, log, sigmoid, softmax, sum_over
from derivcheck.claims import Claim
from derivcheck.witnesses.exact.cost import cost
from derivcheck.witnesses.exact.decision import decide


def network(layers: int) -> tuple[Derivation, Claim]:
    """The gradient of a loss behind so many layers of sigmoid units, by the first weights, beside itself written with the pre-activations."""
    d = Derivation("deep", layout="like-variable")
    n = d.dim("n")
    i, j, k = d.indices("i j k", n)
    y = d.vector("y", n)
    x = d.vector("x", n)
    W = d.matrix("W", n, n)
    first = d.let("first", W @ x)
    unit = d.let("a0", sigmoid(first))
    for number in range(1, layers):
        unit = d.let(f"a{number}", sigmoid(d.matrix(f"W{number}", n, n) @ unit))
    out = d.let("p", softmax(unit))
    L = d.let("L", -sum_over(k, y[k] * log(out[k])))
    return d, d.claim("gradient", D(L, W[i, j]), D(L, first[i]) * x[j])


def test_the_cost_grows_with_the_sizes_and_with_the_depth() -> None:
    costs = [[cost(network(layers)[1], {"n": size}) for size in (2, 3, 4)] for layers in (1, 2, 3)]
    for by_size in costs:
        assert by_size == sorted(set(by_size))
    for by_depth in zip(*costs, strict=True):
        assert list(by_depth) == sorted(set(by_depth))


def test_a_sum_costs_as_much_as_its_summands() -> None:
    d = Derivation("sum", layout="numerator")
    n = d.dim("n")
    i = d.index("i", n)
    x = d.vector("x", n)
    claim = d.claim("sum", sum_over(i, x[i] ** 2), sum_over(i, x[i] ** 2))
    assert cost(claim, {"n": 6}) == 2 * cost(claim, {"n": 3}) > 0


@pytest.mark.parametrize("layers", [4, 6])
def test_what_is_too_large_is_not_begun(layers: int) -> None:
    d, claim = network(layers)
    began = time.process_time()
    found = decide(claim, d, {"n": 4}, Random(1), 0.1)
    assert found.status is None
    assert "too large for the time budget of 0.1 s" in found.stopped
    assert time.process_time() - began < 0.1


def test_what_is_small_enough_is_decided() -> None:
    d, claim = network(1)
    assert decide(claim, d, {"n": 2}, Random(1), 4.0).status == "agrees"
