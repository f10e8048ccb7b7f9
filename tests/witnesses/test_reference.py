"""Claims against the reference network: right ones agree, wrong ones do not, and what does not fit is not compared."""

from __future__ import annotations

from fractions import Fraction

import pytest

from derivcheck import (
    D,
    Derivation,
    cross_entropy,
    delta,
    diag,
    hadamard,
    kron,
    log,
    mean,
    one_hot,
    ones,
    power,
    relu,
    sigmoid,
    softmax,
    sum_over,
    tanh,
    total,
    trace,
    vec,
)
from derivcheck.witnesses import numeric, reference
from derivcheck.witnesses.numeric import witness


class Setting:
    def __init__(self, layout):
        d = self.d = Derivation("test", layout=layout)
        self.n, self.m, self.k, self.l = (d.dim(name) for name in "nmkl")
        self.i, self.j = d.indices("i j", self.n)
        self.r, self.c = d.index("r", self.m), d.index("c", self.k)
        self.b, self.t = d.indices("b t", self.m)
        self.y, self.z = d.vector("y", self.n), d.vector("z", self.n)
        self.x = d.scalar("x")
        self.row = d.row("row", self.n)
        self.lam = d.scalar("lam")
        self.A, self.B, self.C = d.matrix("A", self.n, self.m), d.matrix("B", self.m, self.k), d.matrix("C", self.k, self.l)
        self.G = d.matrix("G", self.n, self.l)
        self.W, self.h, self.g = d.matrix("W", self.n, self.m), d.vector("h", self.m), d.vector("g", self.n)
        self.Y, self.Z = d.matrix("Y", self.m, self.n), d.matrix("Z", self.m, self.n)
        self.s = d.let("s", softmax(self.z))
        self.S = d.let("S", softmax(self.Z, axis=1))
        self.L = d.let("L", cross_entropy(self.y, self.s))
        self.e, self.u, self.p, self.q = d.index("e", self.l), d.index("u", self.n), d.index("p", self.m), d.index("q", self.n)

    def unit_row(self, i):
        return one_hot(self.n, i).T

    def batch_mean(self):
        return -sum_over(self.p, sum_over(self.q, self.Y[self.p, self.q] * log(self.S[self.p, self.q]))) / self.m

    def labels(self, t):
        return sum_over(self.u, self.Y[t, self.u])


ENTRY = lambda o: o.s[o.i] * (delta(o.i, o.j) - o.s[o.j])  # noqa: E731

# name of the reference, layout, left side, right side, a wrong right side
CLAIMS = {
    "softmax matrix": ("softmax-backward", "numerator", lambda o: D(o.s, o.z), lambda o: diag(o.s) - o.s @ o.s.T, lambda o: diag(o.s) + o.s @ o.s.T),
    "softmax entries": ("softmax-backward", "numerator", lambda o: D(o.s[o.i], o.z[o.j]), ENTRY, lambda o: -ENTRY(o)),
    "softmax written out": ("softmax-backward", "numerator", lambda o: D(softmax(o.z)[o.i], o.z[o.j]), ENTRY, lambda o: ENTRY(o) * 2),
    "softmax by all logits": (
        "softmax-backward",
        "numerator",
        lambda o: D(o.s[o.i], o.z),
        lambda o: o.s[o.i] * (o.unit_row(o.i) - o.s.T),
        lambda o: o.s[o.i] * (o.unit_row(o.i) + o.s.T),
    ),
    "softmax of a row": (
        "softmax-backward",
        "numerator",
        lambda o: D(softmax(o.row), o.row),
        lambda o: diag(softmax(o.row)) - softmax(o.row).T @ softmax(o.row),
        lambda o: diag(softmax(o.row)),
    ),
    "softmax of rows": (
        "softmax-backward",
        "numerator",
        lambda o: D(o.S[o.b, o.i], o.Z[o.t, o.j]),
        lambda o: delta(o.b, o.t) * o.S[o.b, o.i] * (delta(o.i, o.j) - o.S[o.b, o.j]),
        lambda o: (1 - delta(o.b, o.t)) * o.S[o.b, o.i] * (delta(o.i, o.j) - o.S[o.b, o.j]),
    ),
    "softmax backward pass": (
        "softmax-backward",
        "numerator",
        lambda o: D(o.s, o.z).T @ o.g,
        lambda o: hadamard(o.s, o.g) - total(hadamard(o.s, o.g)) * o.s,
        lambda o: hadamard(o.s, o.g),
    ),
    "sigmoid of a scalar": (
        "sigmoid-backward",
        "numerator",
        lambda o: D(sigmoid(o.x), o.x),
        lambda o: sigmoid(o.x) * (1 - sigmoid(o.x)),
        lambda o: sigmoid(o.x),
    ),
    "sigmoid of a vector": (
        "sigmoid-backward",
        "numerator",
        lambda o: D(sigmoid(o.z), o.z),
        lambda o: diag(hadamard(sigmoid(o.z), ones(o.n) - sigmoid(o.z))),
        lambda o: diag(sigmoid(o.z)),
    ),
    "sigmoid of a matrix": (
        "sigmoid-backward",
        "numerator",
        lambda o: D(sigmoid(o.Z)[o.b, o.i], o.Z[o.t, o.j]),
        lambda o: delta(o.b, o.t) * delta(o.i, o.j) * sigmoid(o.Z[o.b, o.i]) * (1 - sigmoid(o.Z[o.b, o.i])),
        lambda o: delta(o.b, o.t) * (1 - delta(o.i, o.j)) * sigmoid(o.Z[o.b, o.i]) * (1 - sigmoid(o.Z[o.b, o.i])),
    ),
    "tanh": (
        "tanh-backward",
        "numerator",
        lambda o: D(tanh(o.z), o.z),
        lambda o: diag(ones(o.n) - power(tanh(o.z), 2)),
        lambda o: diag(ones(o.n) + power(tanh(o.z), 2)),
    ),
    "cross-entropy by logits": (
        "cross-entropy-loss-gradient",
        "like-variable",
        lambda o: D(o.L, o.z),
        lambda o: total(o.y) * o.s - o.y,
        lambda o: o.s - o.y,
    ),
    "cross-entropy by logits, a row": (
        "cross-entropy-loss-gradient",
        "numerator",
        lambda o: D(o.L, o.z),
        lambda o: (total(o.y) * o.s - o.y).T,
        lambda o: (o.s - o.y).T,
    ),
    "cross-entropy by a logit": (
        "cross-entropy-loss-gradient",
        "numerator",
        lambda o: D(o.L, o.z[o.i]),
        lambda o: total(o.y) * o.s[o.i] - o.y[o.i],
        lambda o: o.y[o.i] - total(o.y) * o.s[o.i],
    ),
    "cross-entropy by outputs": (
        "cross-entropy-loss-gradient",
        "like-variable",
        lambda o: D(o.L, o.s[o.i]),
        lambda o: -o.y[o.i] / o.s[o.i],
        lambda o: o.y[o.i] / o.s[o.i],
    ),
    "cross-entropy of a batch": (
        "cross-entropy-loss-gradient",
        "like-variable",
        lambda o: D(o.batch_mean(), o.Z[o.t, o.j]),
        lambda o: (o.S[o.t, o.j] * o.labels(o.t) - o.Y[o.t, o.j]) / o.m,
        lambda o: o.S[o.t, o.j] * o.labels(o.t) - o.Y[o.t, o.j],
    ),
    "bilinear layer": (
        "bilinear-weight-gradient",
        "like-variable",
        lambda o: D(total(hadamard(o.G, o.A @ o.B @ o.C)), o.B),
        lambda o: o.A.T @ o.G @ o.C.T,
        lambda o: 2 * (o.A.T @ o.G @ o.C.T),
    ),
    "bilinear layer, numerator": (
        "bilinear-weight-gradient",
        "numerator",
        lambda o: D(trace(o.G.T @ o.A @ o.B @ o.C), o.B),
        lambda o: o.C @ o.G.T @ o.A,
        lambda o: -(o.C @ o.G.T @ o.A),
    ),
    "bilinear layer, vec of the gradient": (
        "bilinear-weight-gradient",
        "like-variable",
        lambda o: vec(D(total(hadamard(o.G, o.A @ o.B @ o.C)), o.B)),
        lambda o: kron(o.C, o.A.T) @ vec(o.G),
        lambda o: -(kron(o.C, o.A.T) @ vec(o.G)),
    ),
    "bilinear layer, entries of vec": (
        "bilinear-weight-gradient",
        "numerator",
        lambda o: D(vec(o.A @ o.B @ o.C)[o.e, o.i], o.B[o.r, o.c]),
        lambda o: o.A[o.i, o.r] * o.C[o.c, o.e],
        lambda o: o.A[o.i, o.r] * o.C[o.c, o.e] * 3,
    ),
    "linear layer, entries": (
        "bilinear-weight-gradient",
        "numerator",
        lambda o: D((o.W @ o.h)[o.i], o.W[o.j, o.r]),
        lambda o: delta(o.i, o.j) * o.h[o.r],
        lambda o: o.h[o.r] * (1 - delta(o.i, o.j)),
    ),
    "linear layer, gradient": (
        "bilinear-weight-gradient",
        "like-variable",
        lambda o: D(o.g.T @ o.W @ o.h, o.W),
        lambda o: o.g @ o.h.T,
        lambda o: o.g @ o.h.T * 2,
    ),
    "weight decay": (
        "weight-decay",
        "like-variable",
        lambda o: D(o.lam * total(hadamard(o.W, o.W)), o.W),
        lambda o: 2 * o.lam * o.W,
        lambda o: o.lam * o.W,
    ),
    "weight decay, half": (
        "weight-decay",
        "numerator",
        lambda o: D(o.lam * total(power(o.W, 2)) / 2, o.W),
        lambda o: o.lam * o.W.T,
        lambda o: 2 * o.lam * o.W.T,
    ),
}


def compared(layout, left, right, name):
    setting = Setting(layout)
    claim = setting.d.claim("claim", left(setting), right(setting), backprop=name)
    assert claim.broken is None, claim.broken
    return claim, setting


@pytest.mark.parametrize("name", CLAIMS)
def test_right_claims_agree_with_the_reference(name):
    part, layout, left, right, _ = CLAIMS[name]
    claim, setting = compared(layout, left, right, part)
    found = witness(claim, setting.d)
    assert found.status == "agrees", found
    assert found.backprop


@pytest.mark.parametrize("name", CLAIMS)
def test_wrong_claims_differ_from_the_reference_alone(name, monkeypatch):
    part, layout, left, _, wrong = CLAIMS[name]
    claim, setting = compared(layout, left, wrong, part)
    assert witness(claim, setting.d).status == "disagrees"
    # without the left side's own derivative, the reference must see it by itself
    worst = []
    original = reference.difference

    def spy(*arguments):
        worst.append(original(*arguments))
        return worst[-1]

    monkeypatch.setattr(numeric, "DISAGREES", 1e9)
    monkeypatch.setattr(reference, "difference", spy)
    witness(claim, setting.d)
    assert max(worst) > 1e-2


def test_every_part_has_a_claim():
    assert {part for part, *_ in CLAIMS.values()} | {"relu-backward", "network-gradient"} == set(reference.REFERENCES)


def test_relu():
    claim, setting = compared("numerator", lambda o: D(relu(o.z)[o.i], o.z[o.j]), lambda o: D(relu(o.z)[o.i], o.z[o.j]) + 0 * o.x, "relu-backward")
    assert witness(claim, setting.d).backprop


MISFITS = {
    "unknown name": ("no-such-part", lambda o: (D(o.s, o.z), diag(o.s) - o.s @ o.s.T), "no part called 'no-such-part'"),
    "another function": (
        "softmax-backward",
        lambda o: (D(sigmoid(o.z), o.z), D(sigmoid(o.z), o.z) + 0 * diag(o.z)),
        "is not one that softmax-backward",
    ),
    "no derivative": ("softmax-backward", lambda o: (diag(o.s), diag(o.s) + 0 * diag(o.s)), "one derivative on its left side, not 0"),
    "two derivatives": ("softmax-backward", lambda o: (D(o.s, o.z) + D(o.s, o.z), 2 * D(o.s, o.z)), "one derivative on its left side, not 2"),
    "labels called otherwise": (
        "cross-entropy-loss-gradient",
        lambda o: (D(cross_entropy(o.g, o.s), o.z), (total(o.g) * o.s - o.g).T),
        "is not one that cross-entropy",
    ),
    "another strength": ("weight-decay", lambda o: (D(3 * o.lam * total(power(o.W, 2)), o.W), 6 * o.lam * o.W.T), "is not one that weight-decay"),
    "a mean of the entries": ("softmax-backward", lambda o: (D(mean(o.s), o.z), 0 * o.z.T), "is not one that softmax"),
    "under a sum": (
        "weight-decay",
        lambda o: (sum_over(o.i, D(o.lam * total(power(o.W, 2)), o.W[o.i, o.r])), sum_over(o.i, 2 * o.lam * o.W[o.i, o.r])),
        "under a sum",
    ),
}


@pytest.mark.parametrize("name", MISFITS)
def test_what_does_not_fit_is_not_compared(name):
    part, sides, words = MISFITS[name]
    setting = Setting("numerator")
    claim = setting.d.claim("claim", *sides(setting), backprop=part)
    assert claim.broken is None, claim.broken
    found = witness(claim, setting.d)
    assert found.status is None, found
    assert not found.backprop
    assert words in found.stopped


def test_the_reference_needs_no_left_side_value():
    # the same claim without the mark agrees all the same, and says that no network was involved
    setting = Setting("numerator")
    found = witness(setting.d.claim("claim", D(setting.s, setting.z), diag(setting.s) - setting.s @ setting.s.T), setting.d)
    assert found.status == "agrees"
    assert not found.backprop


def test_a_small_slip_is_seen():
    setting = Setting("numerator")
    wrong = (1 + Fraction(1, 10**5)) * (diag(setting.s) - setting.s @ setting.s.T)
    assert witness(setting.d.claim("claim", D(setting.s, setting.z), wrong, backprop="softmax-backward"), setting.d).status == "disagrees"
