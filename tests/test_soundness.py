"""Claims that once misled the proof engine, or could mislead one like it: none of them may be proved, or only under the named condition."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest

from derivcheck import (
    D,
    Derivation,
    Dim,
    Positive,
    Shift,
    Term,
    array,
    cases,
    delta,
    exp,
    identity,
    indicator,
    inverse,
    kron,
    log,
    one_hot,
    ones,
    relu,
    scalar_function,
    sigmoid,
    sqrt,
    sum_over,
    vec,
)
from derivcheck.algebra import atoms
from derivcheck.language.terms import Number, Power, as_term
from derivcheck.verdict import AllDimensions
from derivcheck.witnesses.all_dimensions import Prover

Sides = tuple[Term, Term]


def proof(build: Callable[[Derivation], Sides]) -> AllDimensions:
    d = Derivation("attack", layout="like-variable")
    left, right = build(d)
    claim = d.claim("claim", left, right)
    assert claim.broken is None, claim.broken
    return Prover(d).prove(claim)


def unknown(found: AllDimensions) -> set[str]:
    return {condition.text for condition in found.conditions if condition.state == "unknown"}


# ------------------------------------------------------------------------------------------------------------ capture
def capture_by_a_functional(d: Derivation) -> Sides:
    n = d.dim("n")
    i, o, s, p, q, i2, o2, s2, p2 = d.indices("i o s p q i2 o2 s2 p2", n)
    a, x, W = d.vector("a", n), d.vector("x", n), d.matrix("W", n, n)
    v = d.let("v", array(0 * a[q], q))

    def nested(i_, o_, s_, inner):  # type: ignore[no-untyped-def]
        return sum_over(i_, exp(sum_over(o_, exp(sum_over(s_, W[s_, o_] * D(scalar_function("L", inner), v[s_]))))))

    return nested(i, o, s, array(a[p] * x[i] + v[p], p)), nested(i2, o2, s2, array(a[s2] * x[i2] + v[p2], p2))


def capture_by_an_inverse(d: Derivation) -> Sides:
    n = d.dim("n")
    i, o, s, p, q, i2, o2, s2, p2, q2 = d.indices("i o s p q i2 o2 s2 p2 q2", n)
    A, C, W, x = d.matrix("A", n, n), d.matrix("C", n, n), d.matrix("W", n, n), d.vector("x", n)

    def nested(i_, o_, s_, inner):  # type: ignore[no-untyped-def]
        return sum_over(i_, exp(sum_over(o_, exp(sum_over(s_, W[s_, o_] * inverse(inner)[s_, s_])))))

    left = nested(i, o, s, array(A[p, q] * x[i] + C[p, q], p, q))
    return left, nested(i2, o2, s2, array(A[s2, q2] * x[i2] + C[s2, q2], p2, q2))


@pytest.mark.parametrize("build", [capture_by_a_functional, capture_by_an_inverse])
def test_nothing_is_captured(build: Callable[[Derivation], Sides]) -> None:
    assert proof(build).status is None


# --------------------------------------------------------------------------------------------- axes that factor apart
def first_ones(d: Derivation) -> Sides:
    n, m = d.dim("n"), d.dim("m")
    return kron(one_hot(m, 1), ones(n)), kron(one_hot(n, 1), ones(m))


def first_ones_of_numbers(d: Derivation) -> Sides:
    return kron(one_hot(2, 1), ones(3)), kron(one_hot(3, 1), ones(2))


def added_to_a_vec(d: Derivation) -> Sides:
    n, m = d.dim("n"), d.dim("m")
    A = d.matrix("A", n, m)
    return vec(A) - kron(one_hot(m, 1), ones(n)), vec(A) - kron(one_hot(n, 1), ones(m))


def added_across_factorings(d: Derivation) -> Sides:
    C, E = d.matrix("C", Dim.of(3), Dim.of(2)), d.matrix("E", Dim.of(2), Dim.of(3))
    return vec(C) + vec(E), vec(E) + vec(C)


def added_to_one_axis(d: Derivation) -> Sides:
    C, a = d.matrix("C", Dim.of(3), Dim.of(2)), d.vector("a", Dim.of(6))
    return a + vec(C), vec(C) + a


@pytest.mark.parametrize("build", [first_ones, first_ones_of_numbers, added_to_a_vec, added_across_factorings, added_to_one_axis])
def test_axes_of_one_size_and_different_factors_have_no_common_slots(build: Callable[[Derivation], Sides]) -> None:
    found = proof(build)
    assert found.status is None
    assert "factor" in found.stopped


# --------------------------------------------------------------------------------------------------------- conditions
def kink_behind_a_name(d: Derivation) -> Sides:
    x = d.scalar("x")
    f = d.let("f", relu(x))
    return d.let("g", D(f, x)), indicator(Positive(x))


def root_behind_a_name(d: Derivation) -> Sides:
    x = d.scalar("x")
    s = d.let("s", sqrt(x))
    return d.let("h", D(s, x)) * s, Number(Fraction(1, 2))


def root_of_a_cube(d: Derivation) -> Sides:
    x = d.scalar("x")
    return Power(x, Fraction(1, 2)) * D(D(Power(x, Fraction(3, 2)), x), x), Number(Fraction(3, 4))


def two_obligations(d: Derivation) -> Sides:
    n = d.dim("n")
    i, t = d.indices("i t", n)
    u = d.vector("u", n)
    f = d.let("f", sum_over(t, 1 / u[t]))
    return u[i] / u[i] * f, f + 0 * u[i]


def one_hot_after_the_end(d: Derivation) -> Sides:
    n = d.dim("n")
    i, t = d.indices("i t", n)
    return one_hot(n, Shift(i, 1))[t], delta(t, Shift(i, 1))


def second_of_n(d: Derivation) -> Sides:
    n = d.dim("n")
    return one_hot(n, 2).T @ one_hot(n, 1), as_term(0)


@pytest.mark.parametrize(
    ("build", "condition"),
    [
        (kink_behind_a_name, "x ≠ 0"),
        (root_behind_a_name, "x > 0"),
        (root_of_a_cube, "x > 0"),
        (two_obligations, "for every"),
        (one_hot_after_the_end, "i+1 is in 1 … n"),
        (second_of_n, "n ≥ 2"),
    ],
)
def test_a_condition_is_named(build: Callable[[Derivation], Sides], condition: str) -> None:
    found = proof(build)
    assert any(condition in text for text in unknown(found)), found.conditions


def out_of_range_in_a_sum(d: Derivation) -> Sides:
    n = d.dim("n")
    t = d.index("t", n)
    v = d.vector("v", n)
    term = sum_over(t, v[Shift(t, -1)])
    return term, term


def out_of_range_by_a_constant(d: Derivation) -> Sides:
    n = d.dim("n")
    i = d.index("i", n)
    v = d.vector("v", n)
    term = array(v[Shift(i, -1)], i)[1]
    return term, term


@pytest.mark.parametrize("build", [out_of_range_in_a_sum, out_of_range_by_a_constant])
def test_a_subscript_that_leaves_its_range_stops_the_proof(build: Callable[[Derivation], Sides]) -> None:
    found = proof(build)
    assert found.status is None
    assert "fails" in found.stopped


# -------------------------------------------------------------------------------------------------------- assumptions
@pytest.mark.parametrize("kind", ["positive", "nonzero", "invertible", "sums-to"])
def test_the_assumption_that_discharges_a_condition_is_named(kind: str) -> None:
    d = Derivation("assumed", layout="numerator")
    n = d.dim("n")
    i, t = d.indices("i t", n)
    v, B = d.vector("v", n), d.matrix("B", n, n)
    x = d.scalar("x")
    assumption = d.assume(kind, B if kind == "invertible" else v)  # type: ignore[arg-type]
    sides = {
        "positive": (sqrt(v[i] * v[i]), v[i]),
        "nonzero": (v[i] / v[i], as_term(1)),
        "invertible": (inverse(B) @ B, identity(n)),
        "sums-to": (x / sum_over(t, v[t]) * sum_over(t, v[t]), x),
    }[kind]
    found = Prover(d).prove(d.claim("claim", *sides))
    assert found.status == "agrees"
    assert found.assumptions == (str(assumption),)


def test_a_bad_definition_spoils_only_the_claims_that_use_it() -> None:
    d = Derivation("bad", layout="numerator")
    x = d.scalar("x")
    bad = d.let("bad", cases((Positive(x), log(x)), otherwise=0))
    good = d.claim("good", x * x, x**2)
    spoilt = d.claim("spoilt", bad + x, x + bad)
    prover = Prover(d)
    assert prover.prove(good).status == "agrees"
    assert prover.prove(spoilt).status is None


# --------------------------------------------------------------------------------------------------------------- caps
def long_product(d: Derivation) -> Sides:
    dims = [d.dim(f"n{k}") for k in range(13)]
    factors = [d.matrix(f"A{k}", dims[k], dims[k + 1]) for k in range(12)]
    other = d.matrix("B", dims[0], dims[1])
    u, v = d.row("u", dims[0]), d.vector("v", dims[12])
    left, right = u @ factors[0], u @ other
    for factor in factors[1:]:
        left, right = left @ factor, right @ factor
    return left @ v, 2 * (right @ v)


def symmetric_product(d: Derivation) -> Sides:
    n = d.dim("n")
    factors = [d.matrix(f"A{k}", n, n) for k in range(7)]
    left = right = factors[0]
    for factor in factors[1:]:
        left = left @ factor
    for factor in reversed(factors[1:]):
        right = right @ factor
    u, v = d.row("u", n), d.vector("v", n)
    return u @ left @ v, 2 * (u @ right @ v)


def huge_power(d: Derivation) -> Sides:
    x = d.scalar("x")
    return x * Power(Number(Fraction(3)), Fraction(10**9)), x


def huge_power_of_a_product(d: Derivation) -> Sides:
    x = d.scalar("x")
    return Power(2 * x, Fraction(10**9)), x


def huge_root(d: Derivation) -> Sides:
    x = d.scalar("x")
    return x * Power(Number(Fraction(2)), Fraction(2 * 10**9 + 1, 2)), x


def high_degree_over_a_sum(d: Derivation) -> Sides:
    x, y = d.scalar("x"), d.scalar("y")
    return Power(x * y, Fraction(30)) * Power(1 + x + y, Fraction(-20)), x


def high_degree_over_one_plus_x(d: Derivation) -> Sides:
    x = d.scalar("x")
    return Power(x, Fraction(400)) / (1 + x), 2 * Power(x, Fraction(400)) * Power(1 + x, Fraction(-1))


def tower(d: Derivation) -> Sides:
    x = d.scalar("x")
    term: Term = x
    for _ in range(150):
        term = exp(term)
    return term, 2 * term


def nested_sigmoids(d: Derivation) -> Sides:
    x = d.scalar("x")
    term: Term = x
    for _ in range(40):
        term = sigmoid(term)
    return D(term, x), 2 * D(term, x)


@pytest.mark.parametrize(
    "build",
    [
        long_product, symmetric_product, huge_power, huge_power_of_a_product, huge_root, high_degree_over_a_sum, high_degree_over_one_plus_x,
        tower, nested_sigmoids,
    ],
)  # fmt: skip
def test_what_is_too_large_is_given_up(build: Callable[[Derivation], Sides], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atoms, "MAXIMAL_SECONDS", 2.0)
    assert proof(build).status is None


def test_every_unnamed_matrix_has_a_condition_of_its_own() -> None:
    d = Derivation("two inverses", layout="numerator")
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    term = inverse(A @ B) + inverse(A + B)
    found = Prover(d).prove(d.claim("claim", term, term))
    assert len([text for text in unknown(found) if "invertible" in text]) == 2


def test_a_cited_condition_is_for_every_index_of_the_cited_claim() -> None:
    d = Derivation("cited", layout="like-variable")
    n = d.dim("n")
    i, t = d.indices("i t", n)
    u, x, W = d.vector("u", n), d.vector("x", n), d.matrix("W", n, n)
    z = d.let("z", W @ x)
    loss = d.let("L", sum_over(t, u[t] * z[t]))
    cited = d.claim("cited", D(loss, z[i]), sqrt(u[i]) * sqrt(u[i]))
    prover = Prover(d)
    prover.remember(cited, prover.prove(cited))
    found = prover.prove(d.claim("citing", D(loss, x[i]), sum_over(t, W[t, i] * sqrt(u[t]) * sqrt(u[t]))))
    assert found.status == "agrees"
    assert unknown(found) & {"u[i] ≥ 0"} == set()
    assert any("for every" in text for text in unknown(found))
