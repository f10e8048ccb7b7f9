"""Gradients at the size at which their network is trained."""

from __future__ import annotations

import numpy as np
import pytest

from derivcheck import D, Derivation, Term, cross_entropy, hadamard, log, ones, sigmoid, size, softmax, total
from derivcheck.claims import Claim
from derivcheck.witnesses import numeric, own_size
from derivcheck.witnesses.reference import NotCompared

SIZES = {"B": 20, "n": 40, "K": 6}


def network(layout: str = "like-variable") -> Derivation:
    d = Derivation("network", layout=layout)  # type: ignore[arg-type]
    B, n, K = d.dim("B"), d.dim("n"), d.dim("K")
    X, y = d.matrix("X", B, n), d.matrix("y", B, K)
    d.assume("sums-to", y, axis=1)
    W1, b1 = d.matrix("W1", n, K), d.row("b1", K)
    z1 = d.let("z1", X @ W1 + ones(B) @ b1)
    yhat = d.let("yhat", softmax(z1, axis=1))
    d.let("L", -total(hadamard(y, log(yhat))) / size(B))
    return d


def claim(d: Derivation, right: Term, **details: object) -> Claim:
    loss, W1 = d.definitions[-1], next(leaf for leaf in d.leaves if leaf.name == "W1")
    return d.claim("gradient", D(loss, W1), right, own_sizes=SIZES, **details)  # type: ignore[arg-type]


def gradient(d: Derivation, factor: int = 1) -> Term:
    X, y = d.leaves[0], d.leaves[1]
    return factor * X.T @ (d.definitions[1] - y) / size(d.dims["B"])


def test_a_right_gradient_agrees_in_all_three_ways() -> None:
    d = network()
    found = numeric.witness(claim(d, gradient(d), backprop="network-gradient"), d)
    assert found.status == "agrees"
    assert found.own_size is not None
    assert found.own_size.directions >= 8
    assert found.own_size.error < 1e-12
    assert found.own_size.reference_error is not None
    assert found.own_size.reference_error < 1e-12


def test_a_wrong_gradient_disagrees_at_its_own_size() -> None:
    d = network()
    stated = claim(d, gradient(d, factor=2))
    compared = own_size.compare(stated, d, np.random.default_rng(0))
    assert compared.error > 0.1
    assert compared.reference_error is None


def test_a_gradient_in_numerator_layout_is_turned() -> None:
    d = network("numerator")
    compared = own_size.compare(claim(d, gradient(d).T), d, np.random.default_rng(0))
    assert compared.error < 1e-12


def test_what_is_not_a_gradient_is_not_compared() -> None:
    d = Derivation("x", layout="numerator")
    n = d.dim("n")
    x, y = d.vector("x", n), d.vector("y", n)
    i = d.index("i", n)
    jacobian = d.claim("jacobian", D(sigmoid(x), x), D(sigmoid(x), x), own_sizes={"n": 5})
    entry = d.claim("entry", D(cross_entropy(y, softmax(x)), x[i]), softmax(x)[i] - y[i], own_sizes={"n": 5})
    for stated in (jacobian, entry):
        with pytest.raises(NotCompared):
            own_size.compare(stated, d, np.random.default_rng(0))
        found = numeric.witness(stated, d)
        assert found.own_size is None
        assert "not compared at the claim's own sizes" in found.stopped or found.status != "agrees"


def test_the_reference_must_have_the_function() -> None:
    d = network()
    with pytest.raises(NotCompared, match="weight-decay"):
        own_size.compare(claim(d, gradient(d), backprop="weight-decay"), d, np.random.default_rng(0))
