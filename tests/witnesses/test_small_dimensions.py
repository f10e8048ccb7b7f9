"""Claims that are true and claims that are false, decided exactly at small sizes."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
import sympy

from derivcheck import (
    D,
    Derivation,
    absolute,
    array,
    cases,
    cross_entropy,
    delta,
    determinant,
    diag,
    diagonal,
    differ,
    elementwise,
    equal,
    exp,
    frobenius,
    hadamard,
    indicator,
    inverse,
    kron,
    log,
    logsumexp,
    mean,
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
    vec,
)  # fmt: skip
from derivcheck.claims import Claim
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import Positive, Term
from derivcheck.verdict import SmallDimensions
from derivcheck.witnesses.small_dimensions import witness

HALF = Fraction(1, 2)


class Setting(Derivation):
    """A derivation with the symbols that the table speaks of; operators are looked up by name."""

    def __init__(self, layout: str = "numerator") -> None:
        super().__init__("table", layout=layout)  # type: ignore[arg-type]
        self.n, self.m, self.k, self.l = (self.dim(name) for name in "nmkl")
        self.i, self.j, self.t = self.indices("i j t", self.n)
        self.z, self.x, self.y, self.w = (self.vector(name, self.n) for name in "zxyw")
        self.a, self.b = self.scalar("a"), self.scalar("b")
        self.A, self.B, self.C = self.matrix("A", self.n, self.m), self.matrix("B", self.m, self.k), self.matrix("C", self.k, self.l)
        self.S, self.M = self.matrix("S", self.n, self.n), self.matrix("M", self.n, self.n)
        self.Y = self.matrix("Y", self.m, self.n)

    def stated(self, left: Term, right: Term, *where: IndexRelation) -> Claim:
        """The claim left = right, whose sides fit."""
        claim = self.claim(f"claim {len(self.claims)}", left, right, where=where)
        assert claim.broken is None, claim.broken
        return claim


Sides = Callable[[Setting], tuple[Term, Term]]


def judged(sides: Sides, *assumptions: tuple[str, str, dict], layout: str = "numerator") -> SmallDimensions:
    setting = Setting(layout)
    for kind, name, details in assumptions:
        setting.assume(kind, getattr(setting, name), **details)  # type: ignore[arg-type]
    left, right = sides(setting)
    return witness(setting.stated(left, right), setting)


TRUE: dict[str, Sides] = {
    "softmax Jacobian by entries": lambda d: (D(softmax(d.z)[d.i], d.z[d.j]), softmax(d.z)[d.i] * (delta(d.i, d.j) - softmax(d.z)[d.j])),
    "softmax Jacobian": lambda d: (D(softmax(d.z), d.z), diag(softmax(d.z)) - softmax(d.z) @ softmax(d.z).T),
    "softmax shift": lambda d: (softmax(array(d.z[d.i] - d.a, d.i)), softmax(d.z)),
    "softmax sums to one": lambda d: (total(softmax(d.z)), d.a**0),
    "log-sum-exp gradient": lambda d: (D(logsumexp(d.z), d.z), softmax(d.z).T),
    "log-sum-exp Hessian": lambda d: (D(D(logsumexp(d.z), d.z), d.z), diag(softmax(d.z)) - softmax(d.z) @ softmax(d.z).T),
    "log of softmax": lambda d: (log(softmax(d.z))[d.i], d.z[d.i] - logsumexp(d.z)),
    "cross entropy after softmax, labels unnormalised": lambda d: (
        D(cross_entropy(d.y, softmax(d.z)), d.z[d.j]),
        softmax(d.z)[d.j] * total(d.y) - d.y[d.j],
    ),
    "sigmoid derivative": lambda d: (D(sigmoid(d.a), d.a), sigmoid(d.a) * (1 - sigmoid(d.a))),
    "sigmoid reflected": lambda d: (sigmoid(-d.a), 1 - sigmoid(d.a)),
    "sigmoid of a logarithm": lambda d: (sigmoid(log(d.a)), d.a / (1 + d.a)),
    "tanh through sigmoid": lambda d: (tanh(d.a), 2 * sigmoid(2 * d.a) - 1),
    "tanh of half": lambda d: (tanh(HALF * d.a), 2 * sigmoid(d.a) - 1),
    "tanh derivative": lambda d: (D(tanh(d.a), d.a), 1 - tanh(d.a) ** 2),
    "softplus": lambda d: (softplus(d.a) - softplus(-d.a), d.a),
    "softplus derivative": lambda d: (D(softplus(d.z), d.z), diag(sigmoid(d.z))),
    "vec of a product": lambda d: (vec(d.A @ d.B @ d.C), kron(d.C.T, d.A) @ vec(d.B)),
    "trace is cyclic": lambda d: (trace(d.S @ d.M), trace(d.M @ d.S)),
    "gradient of a trace": lambda d: (D(trace(d.S @ d.M), d.S), d.M),
    "gradient of a quadratic form": lambda d: (D(d.x.T @ d.S @ d.x, d.x), d.x.T @ (d.S + d.S.T)),
    "determinant": lambda d: (D(determinant(d.S), d.S), determinant(d.S) * inverse(d.S)),
    "inverse": lambda d: (inverse(d.S) @ d.S @ d.x, d.x),
    "inverse derivative": lambda d: (
        D(inverse(d.S)[d.i, d.j], d.S[d.t, d.t]),
        -inverse(d.S)[d.i, d.t] * inverse(d.S)[d.t, d.j],
    ),
    "norm": lambda d: (D(frobenius(d.x), d.x), d.x.T / frobenius(d.x)),
    "square roots": lambda d: (sqrt(8 * d.a**2 + 8), 2 * sqrt(Fraction(2) * d.a**0) * sqrt(d.a**2 + 1)),
    "roots of different order": lambda d: (power(d.a, Fraction(1, 2)) * power(d.a, Fraction(1, 3)), power(d.a, Fraction(5, 6))),
    "inverse root": lambda d: (1 / sqrt(1 + d.a**2), sqrt(1 + d.a**2) / (1 + d.a**2)),
    "square root of a square": lambda d: (sqrt(d.a**2), absolute(d.a)),
    "root of a product that is written apart": lambda d: (sqrt(d.a) * sqrt(d.b), sqrt(d.a * d.b)),
    "logarithm of a root": lambda d: (log(sqrt(d.a)), HALF * log(d.a)),
    "logarithm of a square where the logarithm exists": lambda d: (log(d.a**2), 2 * log(d.a)),
    "exponential of half": lambda d: (exp(d.a * HALF) ** 2, exp(d.a)),
    "exponential of a quotient": lambda d: (exp((d.a + d.a * d.b) / (1 + d.b)), exp(d.a)),
    "exponential of a logarithm": lambda d: (exp(HALF * log(d.a)), sqrt(d.a)),
    "logarithm of a power of exp": lambda d: (log(exp(d.a) ** 3 * exp(-d.b)), 3 * d.a - d.b),
    "logarithm of a square": lambda d: (D(log(d.a**2), d.a), 2 / d.a),
    "relu": lambda d: (relu(d.a) - relu(-d.a), d.a),
    "relu derivative": lambda d: (D(relu(d.z), d.z), diag(array(indicator(Positive(d.z[d.i])), d.i))),
    "relu is positively homogeneous": lambda d: (relu(3 * exp(d.b) * d.a), 3 * exp(d.b) * relu(d.a)),
    "relu squared": lambda d: (relu(d.a) ** 2, relu(d.a) * d.a),
    "absolute derivative": lambda d: (D(absolute(d.a), d.a), cases((Positive(d.a), 1), (Positive(-d.a), -1), otherwise=0)),
    "absolute squared": lambda d: (absolute(d.a) ** 2, d.a**2),
    "generic elementwise": lambda d: (
        D(elementwise("g", d.A @ d.A.T)[d.i, d.j], d.A),
        D((d.A @ d.A.T)[d.i, d.j], d.A) * elementwise("g", d.A @ d.A.T, order=1)[d.i, d.j],
    ),
    "generic function of equal arguments": lambda d: (
        elementwise("g", (d.a**2 - d.b**2) / (d.a - d.b)) + elementwise("g", sigmoid(-d.a)),
        elementwise("g", d.a + d.b) + elementwise("g", 1 - sigmoid(d.a)),
    ),
    "generic loss": lambda d: (D(scalar_function("L", d.A @ d.B), d.A).T, D(scalar_function("L", (d.B.T @ d.A.T).T), d.A).T),
    "partial derivatives commute": lambda d: (
        D(D(scalar_function("L", d.z), d.z[d.i]), d.z[d.j]),
        D(D(scalar_function("L", d.z), d.z[d.j]), d.z[d.i]),
    ),
    "sum of deltas": lambda d: (sum_over(d.t, delta(d.i, d.t) * d.z[d.t]), d.z[d.i]),
    "batch normalisation": lambda d: (total(centred(d)), 0 * d.a),
    "partial sum": lambda d: (sum_over(d.t, d.z[d.t], upper=d.i) + sum_over(d.t, d.z[d.t], lower=d.i), total(d.z) + d.z[d.i]),
}


def centred(d: Setting) -> Term:
    variance = mean(array((d.x[d.j] - mean(d.x)) ** 2, d.j))
    return array((d.x[d.i] - mean(d.x)) / sqrt(variance + exp(d.b)), d.i)


@pytest.mark.parametrize("name", TRUE)
def test_a_true_claim_agrees(name: str) -> None:
    found = judged(TRUE[name])
    assert (found.status, found.stopped) == ("agrees", "")
    assert found.entries > 0


FALSE: dict[str, Sides] = {
    "softmax Jacobian without its second term": lambda d: (D(softmax(d.z), d.z), diag(softmax(d.z))),
    "softmax Jacobian, sign": lambda d: (D(softmax(d.z), d.z), diag(softmax(d.z)) + softmax(d.z) @ softmax(d.z).T),
    "missing transpose": lambda d: (D(trace(d.S @ d.M), d.S), d.M.T),
    "cross entropy without an assumption": lambda d: (D(cross_entropy(d.y, softmax(d.z)), d.z).T, softmax(d.z) - d.y),
    "tanh derivative": lambda d: (D(tanh(d.a), d.a), 1 - tanh(d.a)),
    "square root of a square": lambda d: (sqrt(d.a**2), d.a),
    "logarithm of a product": lambda d: (log(d.a**2), 2 * log(-d.a) + d.a),
    "logarithm of minus": lambda d: (D(log(-d.a), d.a), -1 / d.a),
    "relu derivative": lambda d: (D(relu(d.a), d.a), d.a**0),
    "quadratic form of a matrix that is not symmetric": lambda d: (D(d.x.T @ d.S @ d.x, d.x), 2 * d.x.T @ d.S),
    "true for one row only": lambda d: (total(d.A @ d.A.T), total(hadamard(d.A, d.A))),
    "generic": lambda d: (D(total(elementwise("g", d.z)), d.z).T, elementwise("g", d.z)),
    "generic with a wrong argument": lambda d: (elementwise("g", d.a + d.b), elementwise("g", d.a - d.b)),
    "generic loss": lambda d: (D(scalar_function("L", d.S), d.S), D(scalar_function("L", d.S), d.S).T),
    "independent by declaration": lambda d: (D(total(d.y), d.z), d.z.T),
    "strict and weak bounds": lambda d: (sum_over(d.t, d.z[d.t], upper=d.i), total(d.z) + 0 * d.z[d.i]),
}


@pytest.mark.parametrize("name", FALSE)
def test_a_false_claim_disagrees(name: str) -> None:
    assert judged(FALSE[name]).status == "disagrees"


def test_true_only_off_the_kink_disagrees() -> None:
    """[x > 0] + [-x > 0] = 1 fails at 0 only."""
    assert judged(lambda d: (indicator(Positive(d.a)) + indicator(Positive(-d.a)), d.a**0)).status == "disagrees"


def test_true_only_off_a_hidden_kink_is_not_decided() -> None:
    """[p > 0] + [-p > 0] = 1 where p vanishes at no point that is tried: it must not agree."""
    kink = lambda d: d.a - Fraction(17, 19)  # noqa: E731
    found = judged(lambda d: (indicator(Positive(kink(d))) + indicator(Positive(-kink(d))), d.a**0))
    assert found.status is None
    assert "no point with a difference was found" in found.stopped


@pytest.mark.parametrize("power", [1, -1])
def test_what_a_branch_requires_is_not_required_elsewhere(power: int) -> None:
    """[a > 0 ? log a : 0] = [a > 0 ? log a : 5] is false for a < 0, where log a is not written."""
    inner = lambda d: log(d.a) if power == 1 else 1 / d.a  # noqa: E731
    found = judged(lambda d: (cases((Positive(d.a), inner(d)), otherwise=0), cases((Positive(d.a), inner(d)), otherwise=5)))
    assert found.status != "agrees"


def test_a_relation_that_is_not_known_is_not_decided() -> None:
    """√(3 + 2√2) = 1 + √2 is true, and no relation of generators says so."""


    def sides(d: Setting) -> tuple[Term, Term]:
        root = sqrt(2 * d.a**0)
        return sqrt(3 + 2 * root) * d.b, (1 + root) * d.b

    assert judged(sides).status is None


SUMS: tuple[str, str, dict] = ("sums-to", "y", {})
ONE_HOT: tuple[str, str, dict] = ("one-hot", "y", {})
SYMMETRIC: tuple[str, str, dict] = ("symmetric", "S", {})
A_POSITIVE: tuple[str, str, dict] = ("positive", "a", {})

ASSUMED: dict[str, tuple[Sides, tuple[tuple[str, str, dict], ...], str]] = {
    "cross entropy, labels sum to one": (lambda d: (D(cross_entropy(d.y, softmax(d.z)), d.z).T, softmax(d.z) - d.y), (SUMS,), "agrees"),
    "cross entropy, labels one-hot": (lambda d: (D(cross_entropy(d.y, softmax(d.z)), d.z).T, softmax(d.z) - d.y), (ONE_HOT,), "agrees"),
    "sum of squares of labels that sum to one": (lambda d: (total(hadamard(d.y, d.y)), total(d.y)), (SUMS,), "disagrees"),
    "sum of squares of one-hot labels": (lambda d: (total(hadamard(d.y, d.y)), total(d.y)), (ONE_HOT,), "agrees"),
    "the derivative of a sum that is one": (lambda d: (D(total(d.y), d.y), ones(d.n).T), (SUMS,), "agrees"),
    "the derivative of a sum that is one is not zero": (lambda d: (D(total(d.y), d.y), 0 * d.y.T), (SUMS,), "disagrees"),
    "one-hot entries under D are free": (lambda d: (D(hadamard(d.y, d.y)[d.i], d.y[d.i]), 2 * d.y[d.i]), (ONE_HOT,), "agrees"),
    "rows sum to one": (lambda d: (total(d.Y), d.m * d.a**0), (("sums-to", "Y", {"axis": 1}),), "agrees"),
    "columns do not sum to one when rows do": (lambda d: (ones(d.m).T @ d.Y, ones(d.n).T), (("sums-to", "Y", {"axis": 1}),), "disagrees"),
    "one-hot rows": (lambda d: (trace(d.Y @ d.Y.T), d.m * d.a**0), (("one-hot", "Y", {"axis": 1}),), "agrees"),
    "ambient derivative by a symmetric matrix": (lambda d: (D(trace(d.S @ d.M), d.S), d.M), (SYMMETRIC,), "agrees"),
    "structured derivative is another": (lambda d: (D(trace(d.S @ d.M), d.S), d.M + d.M.T - diag(diagonal(d.M))), (SYMMETRIC,), "disagrees"),
    "symmetric quadratic form": (lambda d: (D(d.x.T @ d.S @ d.x, d.x), 2 * d.x.T @ d.S), (SYMMETRIC,), "agrees"),
    "root of a square of a positive": (lambda d: (sqrt(d.a**2), d.a), (A_POSITIVE,), "agrees"),
    "logarithm of a product of positives": (lambda d: (log(d.a * d.b), log(d.a) + log(d.b)), (A_POSITIVE, ("positive", "b", {})), "agrees"),
    "log of a probability vector": (
        lambda d: (log(hadamard(d.y, d.y))[d.i], 2 * log(d.y)[d.i]), (("positive", "y", {}), SUMS), "agrees",
    ),
    "kink that is excluded": (lambda d: (indicator(Positive(d.a)) + indicator(Positive(-d.a)), d.a**0), (("nonzero", "a", {}),), "agrees"),
    "invertible": (lambda d: (d.S @ inverse(d.S), d.S @ inverse(d.S) @ d.S @ inverse(d.S)), (("invertible", "S", {}),), "agrees"),
}  # fmt: skip


@pytest.mark.parametrize("name", ASSUMED)
def test_assumptions_apply_after_derivatives(name: str) -> None:
    sides, assumptions, expected = ASSUMED[name]
    assert judged(sides, *assumptions).status == expected


@pytest.mark.parametrize(
    "assumptions",
    [
        (("sums-to", "y", {"value": 1}), ("sums-to", "y", {"value": 2})),
        (("one-hot", "y", {}), ("sums-to", "y", {"value": 2})),
        (("one-hot", "y", {}), ("positive", "y", {})),
    ],
)
def test_contradicting_assumptions_do_not_agree(assumptions: tuple) -> None:
    found = judged(lambda d: (total(d.y), total(d.y) * 2), *assumptions)
    assert found.status is None
    assert "no values meet the assumptions" in found.stopped


@pytest.mark.parametrize(
    "sides",
    [
        lambda d: (log(-(d.a**2) - 1), log(-(d.a**2) - 1) + 1),
        lambda d: (log(-(d.a**2) - 1) * 0, d.a**0 * 0),
        lambda d: ((d.a - d.a) ** -1, d.a),
        lambda d: (sqrt(-(d.a**2) - 1) ** 2, -(d.a**2) - 1),
    ],
)
def test_what_has_no_value_anywhere_does_not_agree(sides: Sides) -> None:
    found = judged(sides)
    assert found.status is None
    assert found.stopped


def test_where_restricts_the_entries() -> None:
    setting = Setting()
    i, j, x = setting.i, setting.j, setting.x
    left, right = (1 - delta(i, j)) / (x[i] - x[j]), 1 / (x[i] - x[j])
    assert witness(setting.stated(left, right, differ(i, j)), setting).status == "agrees"
    assert witness(setting.stated(left, 2 * right, differ(i, j)), setting).status == "disagrees"
    assert witness(setting.stated(left, right, equal(i, j)), setting).status is None
    assert witness(setting.stated(x[i] * x[j], x[j] ** 2 + 0 * x[i], equal(i, j)), setting).status == "agrees"


def test_named_intermediates_are_free_variables_of_a_derivative() -> None:
    d = Derivation("chain", layout="numerator")
    n, m = d.dim("n"), d.dim("m")
    W, x = d.matrix("W", n, m), d.vector("x", m)
    z = d.let("z", W @ x)
    h = d.let("h", sigmoid(z))
    loss = d.let("loss", total(hadamard(h, h)) + total(z))
    d.claim("by h", D(loss, h), 2 * h.T)
    d.claim("by z", D(loss, z), 2 * hadamard(hadamard(h, h), 1 * (ones(n) - h)).T + ones(n).T)
    d.claim("chain", D(loss, W), x @ D(loss, z))
    d.claim("total", D(loss, x), D(loss, z) @ W)
    d.claim("not total", D(loss, x), D(loss, h) @ W)
    assert [witness(claim, d).status for claim in d.claims] == ["agrees", "agrees", "agrees", "agrees", "disagrees"]


@pytest.mark.parametrize(("layout", "right"), [("numerator", "M"), ("denominator", "MT"), ("like-variable", "MT")])
def test_layouts(layout: str, right: str) -> None:
    def sides(other: bool) -> Sides:
        return lambda d: (D(trace(d.S @ d.M), d.S), d.M if (right == "M") != other else d.M.T)

    assert judged(sides(False), layout=layout).status == "agrees"
    assert judged(sides(True), layout=layout).status == "disagrees"


def test_sizes_are_distinct_and_never_one() -> None:
    dims = dict(judged(lambda d: (d.A @ d.B, d.A @ d.B)).dims)
    assert sorted(dims.values()) == [2, 3, 4]
    assert dict(judged(TRUE["softmax Jacobian"]).dims) == {"n": 3}
    many = dict(judged(TRUE["vec of a product"]).dims)
    assert min(many.values()) >= 2
    assert len({many["n"], many["m"]}) == len({many["m"], many["k"]}) == len({many["k"], many["l"]}) == 2


def test_large_claims_are_sampled() -> None:
    def sides(d: Setting) -> tuple[Term, Term]:
        return kron(kron(d.S, d.M), d.S), kron(d.S, kron(d.M, d.S))

    found = judged(sides)
    assert (found.status, found.sampled, found.entries) == ("agrees", True, 100)


def test_the_budget_stops_a_decision() -> None:
    setting = Setting()
    claim = setting.stated(total(setting.A @ setting.B @ setting.C) ** 12, total(setting.A @ setting.B @ setting.C) ** 6)
    found = witness(claim, setting, budget_seconds=0.2)
    assert found.seconds < 2
    assert found.status is None
    assert "budget" in found.stopped


def test_a_claim_that_does_not_fit_is_not_run() -> None:
    setting = Setting()
    claim = setting.claim("broken", setting.A, setting.B)
    assert witness(claim, setting).status is None


a, b = sympy.symbols("a b", real=True)
p = sympy.Symbol("p", positive=True)
g = sympy.Function("g")
EXPLICIT = [
    (sympy.tanh(a), (sympy.exp(2 * a) - 1) / (sympy.exp(2 * a) + 1), "agrees"),
    (sympy.cosh(a) ** 2 - sympy.sinh(a) ** 2, sympy.Integer(1), "agrees"),
    (sympy.diff(g(a * b), a), b * g(a * b).diff(a) / b, "agrees"),
    (sympy.diff(g(a * b), a), sympy.Integer(0), "disagrees"),
    (sympy.diff(g(a, a * b), a), g(a, a * b).diff(a), "agrees"),
    (sympy.sqrt(p) * sympy.sqrt(p * a**2), p * sympy.Abs(a), "agrees"),
    (sympy.log(p**3 * 8), 3 * sympy.log(2 * p), "agrees"),
    (sympy.Max(a, 0) - sympy.Max(-a, 0), a, "agrees"),
    (sympy.Max(a, b) + sympy.Min(a, b), a + b, "agrees"),
    (sympy.sign(a) * a, sympy.Abs(a), "agrees"),
    (sympy.pi * a, 3 * a, "disagrees"),
    (sympy.sin(a) ** 2 + sympy.cos(a) ** 2, sympy.Integer(1), None),
    (sympy.Float("0.5") * a, a / 2, None),
]


@pytest.mark.parametrize(("left", "right", "expected"), EXPLICIT, ids=[str(left) for left, _, _ in EXPLICIT])
def test_claims_stated_as_sympy_matrices(left: sympy.Expr, right: sympy.Expr, expected: str | None) -> None:
    d = Derivation("explicit", layout="numerator")
    claim = d.explicit("claim", lambda: (sympy.Matrix([[left, 0]]), sympy.Matrix([[right, 0]])), dims={"n": 2})
    found = witness(claim, d)
    assert found.status == expected
    assert found.dims == (("n", 2),)
    assert (found.stopped != "") == (expected is None)


def test_inverses_of_sums_of_inverses_are_decided_in_time() -> None:
    d = Derivation("inverses", layout="numerator")
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    d.assume("invertible", A)
    d.assume("invertible", B)
    d.claim("parallel sum", inverse(A + B), inverse(A) @ inverse(inverse(A) + inverse(B)) @ inverse(B))
    d.claim("no parallel sum", inverse(A + B), inverse(A) + inverse(B))
    assert [witness(claim, d).status for claim in d.claims] == ["agrees", "disagrees"]
