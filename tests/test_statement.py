"""The statement that is judged is closed: every binder, range, definition, assumption and reading is in it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from derivcheck import D, Derivation, delta, differ, elementwise, equal, log, scalar_function, softmax, sum_over, total, trace, vec
from derivcheck.statement import depends_on, judged_as


@pytest.fixture
def d() -> Derivation:
    return Derivation("example", layout="numerator")


def test_a_derivative_of_entries(d: Derivation) -> None:
    K = d.dim("K")
    i, j = d.indices("i j", K)
    z = d.vector("z", K)
    s = d.let("s", softmax(z))
    claim = d.claim("entries", D(s[i], z[j]), s[i] * (delta(i, j) - s[j]), where=[differ(i, j)])
    assert judged_as(claim, d) == (
        "for all K ≥ 1, i, j in 1…K, z ∈ R^K: ∂s[i]/∂z[j] = s[i] (δ[i,j] - s[j]), with s = softmax(z), where i ≠ j"
    )


def test_assumptions_bound_indices_and_layout(d: Derivation) -> None:
    K = d.dim("K")
    t = d.index("t", K, base=0)
    z, y, unused = d.vector("z", K), d.row("y", K), d.vector("unused", K)
    d.assume("sums-to", y, value=Fraction(1, 2))
    d.assume("positive", unused)
    loss = d.let("L", -sum_over(t, y[t] * log(softmax(z)[t])))
    claim = d.claim("gradient", D(loss, z), total(y) * softmax(z).T - y)
    assert judged_as(claim, d) == (
        "for all K ≥ 1, z ∈ R^K, y ∈ R^{1×K}: ∂L/∂z = sum(y) softmax(z)ᵀ - y, with L = -Σ_t y[t] log(softmax(z)[t]), "
        "assuming Σ y = 1/2, bound t over 0…K-1, numerator layout"
    )


def test_definitions_are_opened_to_the_end(d: Derivation) -> None:
    x = d.scalar("x")
    u = d.let("u", x**2)
    v = d.let("v", u + 1)
    d.let("unused", x)
    claim = d.claim("claim", v, x**2 + 1)
    assert judged_as(claim, d) == "for all x ∈ R: v = x² + 1, with u = x², v = u + 1"


def test_generic_functions(d: Derivation) -> None:
    n = d.dim("n")
    z = d.vector("z", n)
    claim = d.claim("claim", scalar_function("L", elementwise("g", z)), scalar_function("L", elementwise("g", z)))
    assert judged_as(claim, d).startswith("for all n ≥ 1, z ∈ R^n, g (generic, R → R), L (generic, twice continuously differentiable): ")


def test_a_layout_of_its_own_is_named(d: Derivation) -> None:
    n = d.dim("n")
    z = d.vector("z", n)
    claim = d.claim("claim", D(z.T @ z, z), D(z.T @ z, z, layout="denominator").T)
    assert judged_as(claim, d).endswith("numerator layout for ∂(zᵀ z)/∂z, denominator layout for ∂(zᵀ z)/∂z")


def test_readings(d: Derivation) -> None:
    n, m = d.dim("n"), d.dim("m")
    t = d.index("t", n, base=0)
    S, W, b = d.matrix("S", n, n), d.matrix("W", n, m), d.vector("b", n)
    d.assume("symmetric", S)
    assert judged_as(d.claim("vec", vec(W), vec(W)), d).endswith("vec stacks columns")
    ambient = judged_as(d.claim("trace", D(trace(S), S[1, 2]), 0), d)
    assert "the derivative by S is the ambient one (its entries vary independently)" in ambient
    assert "assuming S is symmetric" in ambient
    assert judged_as(d.claim("independent", D(b[t], W[t, 1]), 0), d).endswith(
        "b[t] is independent of W by declaration, numbers in subscripts count from 1"
    )


def test_explicit_and_broken_claims(d: Derivation) -> None:
    n = d.dim("n")
    z = d.vector("z", n)

    def build() -> tuple[Any, Any]:
        raise RuntimeError("a statement is printed without it")

    assert judged_as(d.explicit("explicit", build, dims={"n": 2}), d) == "left = right, two explicit matrices at n = 2"
    assert judged_as(d.claim("misfit", z, z.T), d).startswith("no statement: z = zᵀ, but the left side is n × 1")
    assert judged_as(d.claim("unbuilt", lambda: z @ z, lambda: z), d).startswith("no statement: cannot multiply")


def test_dependence_stops_at_the_root(d: Derivation) -> None:
    x, y = d.scalar("x"), d.scalar("y")
    u = d.let("u", x**2)
    v = d.let("v", u + y)
    assert depends_on(v, u)
    assert depends_on(v, x)
    assert not depends_on(u, y)
    assert not depends_on(x, u)


def test_relations_are_printed_together(d: Derivation) -> None:
    K = d.dim("K")
    i, j = d.indices("i j", K)
    claim = d.claim("claim", delta(i, j), delta(j, i), where=[differ(i, j), equal(i, 1)])
    assert "where i ≠ j and i = 1" in judged_as(claim, d)
