"""The checkers that a course imports: one formula at a time."""

from __future__ import annotations

import pytest

from derivcheck import (
    D,
    Derivation,
    IllTyped,
    check,
    check_equal,
    check_gradient,
    check_jacobian,
    cross_entropy,
    diag,
    differ,
    softmax,
    trace,
)


def setting() -> Derivation:
    d = Derivation("exercise", layout="numerator")
    n = d.dim("n")
    d.indices("i j", n)
    return d


def test_a_gradient_in_the_stated_layout() -> None:
    d = setting()
    n = d.dims["n"]
    A, x = d.matrix("A", n, n), d.vector("x", n)
    right = check_gradient(x.T @ A @ x, x, x.T @ (A + A.T), within=d)
    turned = check_gradient(x.T @ A @ x, x, (A + A.T) @ x, within=d)
    other_layout = check_gradient(x.T @ A @ x, x, (A + A.T) @ x, within=d, layout="denominator")
    wrong = check_gradient(x.T @ A @ x, x, 2 * x.T @ A, within=d)
    assert [verdict.word for verdict in (right, turned, other_layout, wrong)] == ["proved", "ill-typed", "proved", "refuted"]
    assert "1 × n" in turned.reason
    assert "n × 1" in turned.reason
    assert wrong.counterexample is not None


def test_the_layout_that_it_would_be_right_in() -> None:
    d = setting()
    n = d.dims["n"]
    A, x = d.matrix("A", n, n), d.vector("x", n)
    turned = check_gradient(x.T @ A @ x, x, (A + A.T) @ x, within=d)
    square = check_jacobian(A @ x, x, A.T, within=d)
    neither = check_jacobian(A @ x, x, 2 * A, within=d)
    assert "denominator" in turned.reason
    assert square.word == "refuted"
    assert "denominator" in square.reason
    assert "layout" not in neither.reason


def test_a_jacobian() -> None:
    d = setting()
    z = d.vector("z", d.dims["n"])
    s = softmax(z)
    assert check_jacobian(s, z, diag(s) - s @ s.T, within=d).word == "proved"
    assert check_jacobian(s, z, diag(s), within=d).word == "refuted"


def test_assumptions_of_the_derivation_hold_and_are_reported() -> None:
    d = setting()
    n = d.dims["n"]
    z, y = d.vector("z", n), d.vector("y", n)
    loss = cross_entropy(y, softmax(z))
    assert check_gradient(loss, z, (softmax(z) - y).T, within=d).word == "refuted"
    d.assume("sums-to", y)
    verdict = check_gradient(loss, z, (softmax(z) - y).T, within=d)
    assert verdict.word == "proved"
    assert verdict.assumptions == ("Σ y = 1",)


def test_the_exercise_is_not_changed_by_checking() -> None:
    d = setting()
    z = d.vector("z", d.dims["n"])
    check_equal(z, z + 0 * z, within=d)
    assert d.claims == []


def test_without_a_derivation_the_symbols_of_the_terms_are_generic() -> None:
    d = setting()
    n = d.dims["n"]
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    s = d.let("s", A @ B)
    assert check_equal(trace(s), trace(B @ A)).word == "proved"
    assert check_equal(s, B @ A).word == "refuted"


def test_a_side_condition() -> None:
    d = setting()
    z = d.vector("z", d.dims["n"])
    s = softmax(z)
    i, j = d.indices("k l", d.dims["n"])
    assert check_equal(D(s[i], z[j]), -s[i] * s[j], within=d, where=[differ(i, j)]).word == "proved"
    assert check_equal(D(s[i], z[j]), -s[i] * s[j], within=d).word == "refuted"


def test_what_cannot_be_built_is_ill_typed() -> None:
    d = setting()
    n, m = d.dims["n"], d.dim("m")
    A = d.matrix("A", n, m)
    verdict = check_equal(lambda: A @ A, A, within=d)
    assert verdict.word == "ill-typed"
    assert verdict.reason.count("n × m") == 2


def test_wrong_kinds_are_refused() -> None:
    d = setting()
    n = d.dims["n"]
    x, A = d.vector("x", n), d.matrix("A", n, n)
    with pytest.raises(IllTyped, match="scalar"):
        check_gradient(x, x, x)
    with pytest.raises(IllTyped, match="vector"):
        check_jacobian(A, x, x)
    other = Derivation("other", layout="numerator")
    stranger = other.vector("x", other.dim("n"))
    with pytest.raises(IllTyped, match="two symbols are called x"):
        check_equal(x, stranger)


def test_a_whole_derivation() -> None:
    d = setting()
    x = d.vector("x", d.dims["n"])
    d.claim("twice", x + x, 2 * x)
    d.claim("wrong", x + x, 3 * x)
    report = check(d)
    assert [verdict.word for verdict in report.verdicts] == ["proved", "refuted"]
    assert report["wrong"].counterexample is not None
