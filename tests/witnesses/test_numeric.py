"""The floating-point witness on true claims, on false ones, and on the traps between them."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from derivcheck import (
    D,
    Derivation,
    Positive,
    Shift,
    absolute,
    array,
    cases,
    contract,
    cross_entropy,
    delta,
    determinant,
    diag,
    differ,
    elementwise,
    equal,
    exp,
    frobenius,
    hadamard,
    identity,
    indicator,
    inverse,
    kron,
    log,
    logsumexp,
    mean,
    one_hot,
    ones,
    power,
    relu,
    scalar_function,
    sigmoid,
    softmax,
    softplus,
    sqrt,
    sum_over,
    tanh,
    total,
    trace,
    transpose,
    unvec,
    vec,
)
from derivcheck.algebra.dims import Dim
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import Term, as_term
from derivcheck.witnesses import numeric, points
from derivcheck.witnesses.numeric import witness


class Setting:
    """A derivation with the usual symbols."""

    def __init__(self, layout="numerator"):
        d = self.d = Derivation("test", layout=layout)
        self.n, self.m, self.k = (d.dim(name) for name in "nmk")
        self.i, self.j, self.t, self.u = d.indices("i j t u", self.n)
        self.q, self.r = d.indices("q r", self.m)
        self.c, self.e = d.scalar("c"), d.scalar("e")
        self.x, self.y, self.z = (d.vector(name, self.n) for name in "xyz")
        self.v = d.vector("v", self.m)
        self.A = d.matrix("A", self.n, self.m)
        self.B = d.matrix("B", self.m, self.k)
        self.W = d.matrix("W", self.m, self.n)
        self.M, self.N = d.matrix("M", self.n, self.n), d.matrix("N", self.n, self.n)
        self.s = d.let("s", softmax(self.z))
        self.partition = d.let("Z", sum_over(self.t, exp(self.z[self.t])))
        self.h = d.let("h", self.W @ self.x)
        self.a = d.let("a", tanh(self.h))
        self.L = d.let("L", scalar_function("L", self.a))
        self.loss = d.let("loss", cross_entropy(self.y, self.s))
        self.lse = d.let("lse", logsumexp(self.z))


def status_of(make, layout="numerator", seed=0, **details):
    setting = Setting(layout)
    left, right = make(setting)
    claim = setting.d.claim("claim", left, right, **details)
    assert claim.broken is None, claim.broken
    return witness(claim, setting.d, seed)


HESSIAN = lambda o: diag(o.s) - o.s @ o.s.T  # noqa: E731

TRUE = {
    "softmax entries": lambda o: (D(o.s[o.i], o.z[o.j]), o.s[o.i] * (delta(o.i, o.j) - o.s[o.j])),
    "softmax matrix": lambda o: (D(o.s, o.z), diag(o.s) - o.s @ o.s.T),
    "softmax by entries": lambda o: (array(exp(o.z[o.i]) / o.partition, o.i), o.s),
    "softmax shift": lambda o: (softmax(o.z + o.c * ones(o.n)), softmax(o.z)),
    "log-sum-exp gradient": lambda o: (D(o.lse, o.z), o.s.T),
    "log-sum-exp Hessian": lambda o: (D(D(o.lse, o.z), o.z), HESSIAN(o)),
    "log-sum-exp Hessian entries": lambda o: (D(D(o.lse, o.z[o.i]), o.z[o.j]), o.s[o.i] * (delta(o.i, o.j) - o.s[o.j])),
    "third derivative": lambda o: (D(D(D(o.lse, o.z[o.i]), o.z[o.j]), o.z[o.t]), D(o.s[o.i] * (delta(o.i, o.j) - o.s[o.j]), o.z[o.t])),
    "mixed partials commute": lambda o: (D(D(o.L, o.x[o.i]), o.W[o.q, o.j]), D(D(o.L, o.W[o.q, o.j]), o.x[o.i])),
    "derivative of a generic function": lambda o: (D(elementwise("g", o.x), o.x), diag(elementwise("g", o.x, order=1))),
    "second derivative of a generic function": lambda o: (D(D(elementwise("g", o.c), o.c), o.c), elementwise("g", o.c, order=2)),
    "second derivative of an inverse": lambda o: (D(D(1 / o.c, o.c), o.c), 2 / o.c**3),
    "second derivative of a trace": lambda o: (D(D(o.x.T @ o.M @ o.x, o.x), o.x), o.M + o.M.T),
    "second derivative of log": lambda o: (D(D(log(o.c), o.c), o.c), -1 / o.c**2),
    "second derivative of a determinant": lambda o: (
        D(D(determinant(o.M), o.M[o.i, o.i]), o.M[o.i, o.i]),
        0 * o.M[o.i, o.i],
    ),
    "gradient by weights": lambda o: (D(o.L, o.W), o.x @ D(o.L, o.h)),
    "chain rule in entries": lambda o: (D(o.L, o.x[o.i]), sum_over(o.q, D(o.L, o.h[o.q]) * D(o.h[o.q], o.x[o.i]))),
    "tanh": lambda o: (D(o.a, o.h), diag(ones(o.m) - hadamard(o.a, o.a))),
    "sigmoid": lambda o: (D(sigmoid(o.c), o.c), sigmoid(o.c) * (1 - sigmoid(o.c))),
    "softplus": lambda o: (D(softplus(o.c), o.c), sigmoid(o.c)),
    "relu by cases": lambda o: (D(relu(o.x[o.i]), o.x[o.i]), cases((Positive(o.x[o.i]), 1), otherwise=0)),
    "relu by an indicator": lambda o: (relu(o.x[o.i]), indicator(Positive(o.x[o.i])) * o.x[o.i]),
    "absolute": lambda o: (sqrt(o.c**2), absolute(o.c)),
    "log of a square": lambda o: (D(log(hadamard(o.x, o.x))[o.i], o.x[o.i]), 2 / o.x[o.i]),
    "log of minus": lambda o: (D(log(-o.c), o.c), 1 / o.c),
    "cross-entropy general": lambda o: (D(o.loss, o.z), (total(o.y) * o.s - o.y).T),
    "cross-entropy by outputs": lambda o: (D(o.loss, o.s[o.i]), -o.y[o.i] / o.s[o.i]),
    "vec of a product": lambda o: (vec(o.W @ o.A @ o.B), kron(o.B.T, o.W) @ vec(o.A)),
    "transpose of a product": lambda o: ((o.A @ o.B).T, o.B.T @ o.A.T),
    "trace is cyclic": lambda o: (trace(o.A @ o.W), trace(o.W @ o.A)),
    "derivative of a trace": lambda o: (D(trace(o.W @ o.A), o.A), o.W),
    "derivative of an inverse": lambda o: (
        D(inverse(o.M)[o.i, o.j], o.M[o.t, o.u]),
        -inverse(o.M)[o.i, o.t] * inverse(o.M)[o.u, o.j],
    ),
    "derivative of a determinant": lambda o: (D(determinant(o.M), o.M), determinant(o.M) * inverse(o.M)),
    "unvec": lambda o: (unvec(vec(o.A), rows=o.n, columns=o.m), o.A),
    "identity": lambda o: (identity(o.n) @ o.A, o.A),
    "one-hot picks": lambda o: (one_hot(o.n, o.i).T @ o.x, o.x[o.i]),
    "row and column slices": lambda o: (o.A[o.i, :] @ o.W[:, o.j], (o.A @ o.W)[o.i, o.j]),
    "derivative by a slice": lambda o: (D(o.A @ o.v, o.A[o.i, :]), one_hot(o.n, o.i) @ o.v.T),
    "contract": lambda o: (contract(o.A, o.B), o.A @ o.B),
    "contract a derivative": lambda o: (contract(D(o.L, o.h), D(o.h, o.W)), transpose(D(o.L, o.W))),
    "frobenius": lambda o: (frobenius(o.A) ** 2, total(power(o.A, 2))),
    "frobenius gradient": lambda o: (D(frobenius(o.A), o.A), o.A.T / frobenius(o.A)),
    "mean": lambda o: (mean(o.x), total(o.x) / o.n),
    "centred entries sum to 0": lambda o: (total(o.x - mean(o.x) * ones(o.n)), 0),
    "size": lambda o: (sum_over(o.i, 1), as_term(o.n)),
    "empty sum": lambda o: (sum_over(o.t, o.x[o.t], lower=Shift(o.i, 1), upper=o.i), 0 * o.x[o.i]),
    "partial sum": lambda o: (
        sum_over(o.t, o.x[o.t], upper=o.i) + sum_over(o.u, o.x[o.u], lower=Shift(o.i, 1)),
        total(o.x) + 0 * o.x[o.i],
    ),
    "independent by declaration": lambda o: (D(o.y, o.x)[o.i, o.j], 0 * o.x[o.i] * o.x[o.j]),
    "fractional power": lambda o: (o.partition ** Fraction(3, 2), sqrt(o.partition) * o.partition),
    "guarded by an indicator": lambda o: (
        indicator(IndexRelation(o.i, "≠", o.j)) / (o.x[o.i] - o.x[o.j]),
        cases((equal(o.i, o.j), 0), otherwise=1 / (o.x[o.i] - o.x[o.j])),
    ),
    "the step is idempotent, at 0 too": lambda o: (indicator(Positive(o.c)) ** 2, indicator(Positive(o.c))),
    "absolute by the step, at 0 too": lambda o: (absolute(o.c), o.c * (2 * indicator(Positive(o.c)) - 1)),
    "a tiny value": lambda o: (exp(-20 * o.c * o.c - 10), exp(-10 * o.c * o.c) * exp(-10 * o.c * o.c) * exp(Fraction(-10) + 0 * o.c)),
    "a large value": lambda o: (exp(10 * o.c + 20), exp(5 * o.c) ** 2 * exp(20 + 0 * o.c)),
    "an inner definition binds the free index": lambda o: (o.d.let("w", o.x[o.i] * o.y[o.i], o.i)[o.i], o.x[o.i] * o.y[o.i]),
}

FALSE = {
    "softmax with the wrong sign": lambda o: (D(o.s[o.i], o.z[o.j]), o.s[o.i] * (delta(o.i, o.j) + o.s[o.j])),
    "softmax without the second term": lambda o: (D(o.s, o.z), diag(o.s)),
    "log-sum-exp Hessian": lambda o: (D(D(o.lse, o.z), o.z), diag(o.s)),
    "a root of a square": lambda o: (sqrt(o.c**2), o.c),
    "products commute": lambda o: (o.M @ o.N, o.N @ o.M),
    "missing transpose": lambda o: (o.M @ o.x, o.M.T @ o.x),
    "second derivative without its transpose": lambda o: (D(D(o.x.T @ o.M @ o.x, o.x), o.x), 2 * o.M),
    "gradient without a transpose": lambda o: (D(trace(o.N @ o.M), o.M), o.N.T),
    "cross-entropy without the sum of labels": lambda o: (D(o.loss, o.z), (o.s - o.y).T),
    "a kink out of the usual range": lambda o: (relu(o.c - 5), 0 * o.c),
    "a case out of the usual range": lambda o: (cases((Positive(o.c + 7), 0), otherwise=o.c), 0 * o.c),
    "false at 0 alone": lambda o: (indicator(Positive(o.c)) + indicator(Positive(-o.c)), 1),
    "false at 0 entries alone": lambda o: (indicator(Positive(o.x[o.i])) + indicator(Positive(-o.x[o.i])), 1 + 0 * o.x[o.i]),
    "all relu units active": lambda o: (relu(o.c), o.c),
    "all relu units dead": lambda o: (relu(o.c), 0 * o.c),
    "derivative of relu is 1": lambda o: (D(relu(o.x), o.x), identity(o.n)),
    "derivative of relu is 0": lambda o: (D(total(relu(o.x)), o.x), 0 * ones(o.n).T),
    "absolute value": lambda o: (absolute(o.c), o.c),
    "derivative of the sum is 0": lambda o: (D(total(o.y), o.y[o.i]), 0 * o.y[o.i]),
    "Kronecker factors swapped": lambda o: (vec(o.M @ o.N @ o.M), kron(o.M, o.M.T) @ vec(o.N)),
    "sigmoid": lambda o: (D(sigmoid(o.c), o.c), sigmoid(o.c) * (1 + sigmoid(o.c))),
    "missing factor": lambda o: (D(total(power(o.A, 2)), o.A), o.A.T),
    "missing 1/n": lambda o: (mean(o.x), total(o.x)),
    "symmetric": lambda o: (o.M, o.M.T),
    "one entry for all": lambda o: (o.x[o.i], o.x[1] + 0 * o.x[o.i]),
    "a generic function is linear": lambda o: (elementwise("g", 2 * o.c), 2 * elementwise("g", o.c)),
    "a generic function is its derivative": lambda o: (elementwise("g", o.c), elementwise("g", o.c, order=1)),
    "a generic function is symmetric": lambda o: (scalar_function("F", o.M), scalar_function("F", o.M.T)),
    "generic functions are alike": lambda o: (elementwise("g", o.c), elementwise("f", o.c)),
    "true where n = 1 only": lambda o: (o.s, ones(o.n)),
    "off by a millionth": lambda o: (o.c * Fraction(100001, 100000), o.c),
    "one negative entry": lambda o: (log(exp(o.x[o.i])), absolute(o.x[o.i])),
    "one-hot": lambda o: (hadamard(o.y, o.y), o.y),
    "Σ y = 1": lambda o: (total(o.y), 1),
    "false where two numbers are negative": lambda o: (
        absolute(o.c) * absolute(o.e) - o.c * o.e,
        (absolute(o.c) - o.c) * absolute(o.e) + (absolute(o.e) - o.e) * absolute(o.c),
    ),
}


@pytest.mark.parametrize("name", TRUE)
@pytest.mark.parametrize("seed", [0, 1])
def test_true_claims_agree(name, seed):
    found = status_of(TRUE[name], seed=seed)
    assert found.status == "agrees", found
    assert found.error < 1e-12
    assert found.points >= 3
    assert found.entries >= 3


@pytest.mark.parametrize("name", FALSE)
@pytest.mark.parametrize("seed", range(4))
def test_false_claims_disagree(name, seed):
    found = status_of(FALSE[name], seed=seed)
    assert found.status == "disagrees", found
    assert found.error > 1e-6


# layouts ------------------------------------------------------------------------------------------------------------

LAYOUTS = {
    "scalar by column": {
        "numerator": lambda o: (D(o.c * total(o.x), o.x), o.c * ones(o.n).T),
        "denominator": lambda o: (D(o.c * total(o.x), o.x), o.c * ones(o.n)),
        "like-variable": lambda o: (D(o.c * total(o.x), o.x), o.c * ones(o.n)),
    },
    "scalar by matrix": {
        "numerator": lambda o: (D(o.y.T @ o.A @ o.v, o.A), o.v @ o.y.T),
        "denominator": lambda o: (D(o.y.T @ o.A @ o.v, o.A), o.y @ o.v.T),
        "like-variable": lambda o: (D(o.y.T @ o.A @ o.v, o.A), o.y @ o.v.T),
    },
    "column by column": {
        "numerator": lambda o: (D(o.W @ o.x, o.x), o.W),
        "denominator": lambda o: (D(o.W @ o.x, o.x), o.W.T),
        "like-variable": lambda o: (D(o.W @ o.x, o.x), o.W),
    },
    "column by scalar": {
        "numerator": lambda o: (D(o.c * o.x, o.c), o.x),
        "denominator": lambda o: (D(o.c * o.x, o.c), o.x.T),
        "like-variable": lambda o: (D(o.c * o.x, o.c), o.x),
    },
    "matrix by vec": {
        "numerator": lambda o: (D(vec(o.A @ o.B), o.B)[1, 1, 1, 1], o.A[1, 1]),
        "denominator": lambda o: (D(vec(o.A @ o.B), o.B)[1, 1, 1, 1], o.A[1, 1]),
        "like-variable": lambda o: (D(vec(o.A @ o.B), o.B)[1, 1, 1, 1], o.A[1, 1]),
    },
}


@pytest.mark.parametrize("layout", ["numerator", "denominator", "like-variable"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts(name, layout):
    found = status_of(LAYOUTS[name][layout], layout=layout)
    assert found.status == "agrees", found




def test_a_derivative_of_a_matrix_by_a_matrix_has_the_axes_of_the_function_first():
    o = Setting()
    p = o.d.index("p", o.m)
    claim = o.d.claim("axes", D(o.W @ o.A, o.A)[o.q, o.r, o.j, p], o.W[o.q, o.j] * delta(o.r, p))
    assert witness(claim, o.d).status == "agrees"


# assumptions --------------------------------------------------------------------------------------------------------


def assumed(*assumptions):
    """A setting with assumptions (kind, name of the symbol, axis, value)."""
    setting = Setting()
    for kind, symbol, *rest in assumptions:
        setting.d.assume(kind, getattr(setting, symbol), *rest)
    return setting


def judge(setting, left, right, seed=0, **details):
    claim = setting.d.claim("claim", left, right, **details)
    assert claim.broken is None, claim.broken
    return witness(claim, setting.d, seed)


def test_labels_sum_to_one_but_are_derived_without_it():
    o = assumed(("sums-to", "y"))
    assert judge(o, D(total(o.y), o.y[o.i]), 1 + 0 * o.y[o.i]).status == "agrees"
    o = assumed(("sums-to", "y"))
    assert judge(o, D(o.loss, o.z), (o.s - o.y).T).status == "agrees"
    o = assumed(("sums-to", "y", None, 2))
    assert judge(o, D(o.loss, o.z), (2 * o.s - o.y).T).status == "agrees"


@pytest.mark.parametrize(
    "claim",
    [
        lambda o: (total(hadamard(o.y, o.y)), 1),
        lambda o: (hadamard(o.y, o.y), o.y),
        lambda o: (absolute(o.y), o.y),
        lambda o: (D(total(o.y), o.y[o.i]), 0 * o.y[o.i]),
    ],
)
def test_labels_that_sum_to_one_meet_no_more(claim):
    o = assumed(("sums-to", "y"))
    assert judge(o, *claim(o)).status == "disagrees"


def test_one_hot_labels():
    o = assumed(("one-hot", "y"))
    assert judge(o, hadamard(o.y, o.y), o.y).status == "agrees"
    o = assumed(("one-hot", "y"))
    assert judge(o, o.y, one_hot(o.n, 1)).status == "disagrees"


def test_rows_sum_to_one_but_not_columns():
    o = assumed(("sums-to", "A", 1))
    assert judge(o, o.A @ ones(o.m), ones(o.n)).status == "agrees"
    o = assumed(("sums-to", "A", 1))
    assert judge(o, o.A.T @ ones(o.n), ones(o.m)).status == "disagrees"


def test_a_symmetric_matrix_is_derived_entry_by_entry():
    o = assumed(("symmetric", "M"))
    assert judge(o, o.M, o.M.T).status == "agrees"
    o = assumed(("symmetric", "M"))
    assert judge(o, D(trace(o.N @ o.M), o.M), o.N).status == "agrees"
    o = assumed(("symmetric", "M"))
    assert judge(o, D(trace(o.N @ o.M), o.M), o.N + o.N.T - diag(array(o.N[o.i, o.i], o.i))).status == "disagrees"


def test_positive_and_negative():
    o = assumed(("positive", "x"))
    assert judge(o, sqrt(o.x[o.i] ** 2), o.x[o.i]).status == "agrees"
    o = assumed(("nonnegative", "x"))
    assert judge(o, absolute(o.x), o.x).status == "agrees"
    o = assumed(("nonzero", "x"))
    assert judge(o, o.x[o.i] / o.x[o.i], 1 + 0 * o.x[o.i]).status == "agrees"
    o = assumed(("nonzero", "x"))
    assert judge(o, absolute(o.x), o.x).status == "disagrees"


def test_assumptions_combine():
    o = assumed(("positive", "y"), ("sums-to", "y"))
    assert judge(o, total(absolute(o.y)), 1).status == "agrees"
    o = assumed(("one-hot", "y"), ("sums-to", "y"))
    assert judge(o, hadamard(o.y, o.y), o.y).status == "agrees"
    o = assumed(("symmetric", "M"), ("invertible", "M"), ("sums-to", "M", 0))
    assert judge(o, inverse(o.M) @ ones(o.n), ones(o.n)).status == "agrees"
    o = assumed(("positive", "M"), ("sums-to", "M", 0), ("sums-to", "M", 1))
    assert judge(o, absolute(o.M) @ ones(o.n), o.M.T @ ones(o.n)).status == "agrees"


def test_a_doubly_stochastic_rectangle_is_admissible_where_it_is_square():
    o = assumed(("sums-to", "A", 0), ("sums-to", "A", 1))
    found = judge(o, total(o.A), as_term(o.n))
    assert found.status == "agrees", found
    assert dict(found.dims)["n"] == dict(found.dims)["m"]


@pytest.mark.parametrize(
    ("assumptions", "symbol"),
    [
        ([("sums-to", "y", None, 1), ("sums-to", "y", None, 2)], "y"),
        ([("positive", "y"), ("sums-to", "y", None, -1)], "y"),
        ([("one-hot", "y"), ("sums-to", "y", None, 2)], "y"),
        ([("sums-to", "M", 0, 1), ("sums-to", "M", 1, 2)], "M"),
        ([("sums-to", "M", 0, 0), ("invertible", "M")], "M"),
    ],
)
def test_contradictory_assumptions_leave_no_point(assumptions, symbol):
    o = assumed(*assumptions)
    tensor = getattr(o, symbol)
    found = judge(o, tensor, tensor + 0 * tensor)
    assert found.status is None
    assert found.points == 0
    assert len(found.inadmissible) == 2, found
    assert all(name.startswith(("Σ", symbol)) for name in found.inadmissible)


def test_an_assumption_on_another_symbol_does_not_matter():
    o = assumed(("sums-to", "y", None, 1), ("sums-to", "y", None, 2))
    assert judge(o, o.x, o.x + 0 * o.x).status == "agrees"


# conditions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("claim", "condition"),
    [
        (lambda o: (log(o.c) + log(-o.c), o.c), "log argument positive"),
        (lambda o: (sqrt(-(o.c**2) - 1), o.c), "sqrt argument nonnegative"),
        (lambda o: (1 / (o.c - o.c), o.c), "base nonzero"),
        (lambda o: (power(o.x - o.x, -1), o.x), "base nonzero"),
        (lambda o: (power(-hadamard(o.x, o.x), Fraction(1, 2)), o.x), "base positive"),
        (lambda o: (inverse(o.x @ o.x.T + 0 * o.M) @ o.x, o.x), "inverse argument invertible"),
        (lambda o: (D(absolute(o.c - o.c), o.c), o.c), "absolute argument nonzero"),
        (lambda o: (D(cases((Positive(o.c - o.c), o.c), otherwise=0), o.c), o.c), "not on the edge"),
    ],
)
def test_a_claim_that_is_defined_nowhere_has_no_point(claim, condition):
    o = Setting()
    left, right = claim(o)
    if condition == "inverse argument invertible":
        # singular for n >= 2, so that only n = 1 is left
        found = judge(o, left, right)
        assert dict(found.dims) == {"n": 1, **{name: size for name, size in found.dims if name != "n"}}
        return
    found = judge(o, left, right)
    assert found.status is None
    assert any(condition in text for text in found.inadmissible), found


def test_the_missed_condition_is_written_out():
    o = Setting()
    found = judge(o, log(-(o.c**2)) + o.x[o.i], o.x[o.i] + o.c)
    assert len(found.inadmissible) == 1
    assert found.inadmissible[0].startswith("log argument positive: ")
    assert "c" in found.inadmissible[0]


def test_a_kink_that_is_not_derived_through_does_not_matter():
    o = Setting()
    assert judge(o, relu(o.c - o.c), 0).status == "agrees"
    o = Setting()
    assert judge(o, D(absolute(o.c - o.c) * o.x[o.i], o.x[o.i]), 0 * o.x[o.i]).status == "agrees"


def test_the_kink_at_one_entry_is_left_out():
    # x − mean x is 0 at n = 1, where relu has no derivative
    o = Setting()
    found = judge(o, D(total(relu(o.x - mean(o.x) * ones(o.n))), o.x) @ ones(o.n), 0)
    assert found.status == "agrees"
    assert found.points >= 3


def test_log_needs_a_positive_argument():
    o = Setting()
    assert judge(o, D(log(o.x), o.x), diag(power(o.x, -1))).status == "agrees"
    o = Setting()
    assert judge(o, D(log(-o.x[o.i]), o.x[o.i]), 2 / o.x[o.i]).status == "disagrees"


def test_a_range_that_no_small_number_meets():
    o = Setting()
    assert judge(o, exp(log(o.c - 10)), o.c - 10).status == "agrees"
    o = Setting()
    assert judge(o, exp(log(Fraction(1, 100) - o.c**2)), Fraction(1, 100) - o.c**2).status == "agrees"


def test_index_values_at_which_a_side_is_undefined_are_left_out():
    o = Setting()
    found = judge(o, (1 - delta(o.i, o.j)) / (o.x[o.i] - o.x[o.j]), 1 / (o.x[o.i] - o.x[o.j]))
    assert found.status == "agrees"
    o = Setting()
    assert judge(o, o.x[Shift(o.i, -1)] - o.x[Shift(o.i, -1)], 0 * o.x[o.i]).status == "agrees"


def test_a_false_claim_at_equal_indices_only():
    o = Setting()
    assert judge(o, D(o.s[o.i], o.z[o.j]), -o.s[o.i] * o.s[o.j]).status == "disagrees"
    o = Setting()
    assert judge(o, D(o.s[o.i], o.z[o.j]), -o.s[o.i] * o.s[o.j], where=[differ(o.i, o.j)]).status == "agrees"
    o = Setting()
    assert judge(o, D(o.s[o.i], o.z[o.j]), o.s[o.i] - o.s[o.i] ** 2 + 0 * o.z[o.j], where=[equal(o.i, o.j)]).status == "agrees"


def test_relations_that_no_index_value_meets():
    o = Setting()
    found = judge(o, o.x[o.i] + o.x[o.j], o.x[o.j] + o.x[o.i], where=[differ(o.i, o.j), equal(o.i, o.j)])
    assert found.status is None
    assert found.inadmissible == ("i ≠ j", "i = j")


def test_a_shifted_index():
    o = Setting()
    assert judge(o, sum_over(o.t, o.x[o.t] - o.x[Shift(o.t, -1)], lower=2), o.x[3] - o.x[1]).status in ("disagrees",)
    o = Setting()
    assert judge(o, sum_over(o.t, delta(Shift(o.t, 1), o.i) * o.x[o.t]), cases((IndexRelation(2, "≤", o.i), o.x[Shift(o.i, -1)]))).status == "agrees"


# named intermediates ------------------------------------------------------------------------------------------------


def test_a_named_intermediate_is_an_input_of_its_own():
    o = Setting()
    assert judge(o, D(o.s[o.i] * o.z[o.j], o.s[o.i]), o.z[o.j] + 0 * o.s[o.i]).status == "agrees"
    o = Setting()
    # the same expression written out is not s
    assert judge(o, D(softmax(o.z)[o.i], o.s[o.i]), 0 * o.s[o.i]).status == "agrees"
    o = Setting()
    assert judge(o, D(o.L, o.h), D(o.L, o.a) @ D(o.a, o.h)).status == "agrees"


def test_a_derivative_across_a_named_intermediate_is_total():
    o = Setting()
    assert judge(o, D(o.L, o.x), D(o.L, o.a) @ D(o.a, o.h) @ o.W).status == "agrees"
    o = Setting()
    assert judge(o, D(o.L, o.x), 0 * o.x.T).status == "disagrees"


def test_two_derivatives_in_an_order_without_one_meaning_are_not_evaluated():
    o = Setting()
    found = judge(o, D(D(o.L, o.h[o.q]), o.a[o.r]), 0 * o.a[o.r] * o.h[o.q])
    assert found.status is None
    assert "inside a derivative by a" in found.stopped


# the witness itself ---------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_evidence():
    first, second, other = (status_of(TRUE["gradient by weights"], seed=seed) for seed in (5, 5, 6))
    assert (first.error, first.dims, first.entries) == (second.error, second.dims, second.entries)
    assert first.error != other.error


def test_dimensions_differ_and_one_is_tried():
    seen = []
    original = points.Search.point

    def spy(self, sizes, number=None, **details):
        seen.append(dict(sizes))
        return original(self, sizes, number, **details)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(points.Search, "point", spy)
        assert status_of(TRUE["transpose of a product"]).status == "agrees"
    assert all(len(set(sizes.values())) == 3 for sizes in seen[:3])
    for symbol in "nmk":
        assert any(sizes[symbol] == 1 for sizes in seen)


def test_relu_units_are_met_active_and_inactive():
    for seed in range(20):
        o = Setting()
        found = o.d.claim("claim", D(relu(o.c), o.c), D(relu(o.c), o.c) * 1)
        search = points.Search(found, found.lhs, found.rhs, (), np.random.default_rng(seed))
        numeric_result = numeric._compare(search, (2, 3, 4, 5))
        assert numeric_result.status == "agrees"
    assert status_of(FALSE["all relu units active"], seed=seed).status == "disagrees"


def test_a_claim_between_agreement_and_disagreement_is_inconclusive():
    found = status_of(lambda o: (o.c * Fraction(10**7 + 1, 10**7), o.c))
    assert found.status is None
    assert "inconclusive" in found.stopped


def test_a_claim_with_too_many_entries_is_sampled():
    o = Setting()
    p = o.d.dim("p")
    tensor = o.d.leaf("T", (o.n, o.m, o.k, p))
    i, q, r, s = o.i, o.q, o.d.index("kk", o.k), o.d.index("pp", p)
    found = judge(o, tensor[i, q, r, s] * 2, tensor[i, q, r, s] + tensor[i, q, r, s])
    assert found.status == "agrees"
    assert found.entries <= found.points * points.ASSIGNMENTS


def test_an_evaluation_that_is_too_long_stops():
    o = Setting()
    names = [o.d.index(f"i{number}", o.n) for number in range(20)]
    body = o.x[names[0]]
    for index in names[1:]:
        body = body * o.x[index]
    for index in names:
        body = sum_over(index, body)
    found = judge(o, body, total(o.x) ** 20)
    assert found.status is None
    assert "steps" in found.stopped


def test_an_overflow_is_not_an_inadmissible_claim():
    found = status_of(lambda o: (exp(exp(exp(10 + o.c**2))), exp(exp(exp(10 + o.c**2)))))
    assert found.status is None
    assert not found.inadmissible
    assert "floating point" in found.stopped


def test_an_ill_typed_claim_is_not_run():
    o = Setting()
    found = witness(o.d.claim("claim", lambda: o.x @ o.x, o.x), o.d)
    assert found.status is None
    assert found.stopped == "the claim is ill-typed"


def test_an_unknown_node_raises():
    class Strange(Term):
        def __init__(self):
            self._settle(())

    o = Setting()
    with pytest.raises(TypeError, match="unknown node Strange"):
        judge(o, Strange() + o.c, o.c)


def test_number_dimensions():
    d = Derivation("numbers", layout="numerator")
    two, three = Dim.of(2), Dim.of(3)
    A, x = d.matrix("A", two, three), d.vector("x", three)
    i = d.index("i", two, base=0)
    assert witness(d.claim("entries", (A @ x)[i], A[i, 1] * x[1] + A[i, 2] * x[2] + A[i, 3] * x[3]), d).status == "agrees"
    assert witness(d.claim("wrong", (A @ x)[i], A[i, 1] * x[1] + A[i, 2] * x[2]), d).status == "disagrees"


def test_an_index_that_counts_from_zero_is_the_same_entry():
    d = Derivation("base", layout="numerator")
    n = d.dim("n")
    i, j = d.index("i", n, base=0), d.index("j", n, base=1)
    x = d.vector("x", n)
    assert witness(d.claim("sums", sum_over(i, x[i]), sum_over(j, x[j])), d).status == "agrees"


def test_sympy_is_not_imported():
    script = (
        "import sys; from derivcheck import Derivation, D, softmax; from derivcheck.witnesses.numeric import witness; "
        "d = Derivation('t', layout='numerator'); z = d.vector('z', d.dim('n')); s = d.let('s', softmax(z)); "
        "print(witness(d.claim('c', D(s, z), D(s, z).T), d).status, 'sympy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["agrees", "False"]


# explicit matrices --------------------------------------------------------------------------------------------------


def explicit(build, **dims):
    d = Derivation("explicit", layout="numerator")
    return witness(d.explicit("matrices", build=build, dims=dims), d)


def test_explicit_matrices():
    import sympy

    x, y = sympy.symbols("x y")
    g = sympy.Function("g")
    p = sympy.Symbol("p", positive=True)

    assert explicit(lambda: (sympy.Matrix([[sympy.sin(x) ** 2 + sympy.cos(x) ** 2]]), sympy.Matrix([[1]])), n=1).status == "agrees"
    assert explicit(lambda: (sympy.Matrix([sympy.sqrt(x**2)]), sympy.Matrix([x]))).status == "disagrees"
    assert explicit(lambda: (sympy.Matrix([sympy.sqrt(p**2)]), sympy.Matrix([p]))).status == "agrees"
    assert explicit(lambda: (sympy.Matrix([sympy.Derivative(x**2 * y, x)]), sympy.Matrix([2 * x * y]))).status == "agrees"
    assert explicit(lambda: (sympy.Matrix([g(x * y).diff(x)]), sympy.Matrix([y * g(x * y).diff(x) / y]))).status == "agrees"
    assert explicit(lambda: (sympy.Matrix([g(x).diff(x)]), sympy.Matrix([g(x)]))).status == "disagrees"
    assert explicit(lambda: (sympy.Matrix([g(x, y)]), sympy.Matrix([g(y, x)]))).status == "disagrees"
    assert explicit(lambda: (sympy.Matrix([sympy.exp(sympy.log(x))]), sympy.Matrix([x]))).status == "agrees"
    assert explicit(lambda: (sympy.Matrix([[1, 2]]), sympy.Matrix([[1, 3]]))).status == "disagrees"
    assert explicit(lambda: (sympy.Matrix([sympy.zoo]), sympy.Matrix([sympy.zoo]))).status is None
    assert explicit(lambda: (sympy.Matrix([sympy.nan]), sympy.Matrix([sympy.nan]))).status is None
    assert explicit(lambda: (sympy.Matrix([sympy.I * x]), sympy.Matrix([sympy.I * x]))).status is None


def test_agreement_of_negligible_sides_is_faint():
    o = Setting()
    tiny = exp(-40 - o.c**2)
    found = judge(o, tiny, 2 * tiny)
    assert (found.status, found.faint) == ("agrees", True)
    plain = Setting()
    assert not judge(plain, plain.c + plain.c, 2 * plain.c).faint
