"""Claims that look provable and are false, or true only under a condition: a derivation for each, of which the last claim is the forgery.

Run as a script it prints what became of each, so that `python -O` can be compared with `python`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from derivcheck.claims import Word
from derivcheck.derivation import Derivation
from derivcheck.judge import judge
from derivcheck.language.operators import table
from derivcheck.language.terms import D, Positive, Term, cases, delta, differ, indicator, size, sum_over
from derivcheck.witnesses.all_dimensions import Prover

_BUILD = {name: operator.build for name, operator in table().items()}
absolute, determinant, exp, identity, inverse = (_BUILD[name] for name in ("absolute", "determinant", "exp", "identity", "inverse"))
kron, log, mean, relu, sqrt, trace = (_BUILD[name] for name in ("kron", "log", "mean", "relu", "sqrt", "trace"))


@dataclass(frozen=True)
class Forgery:
    """`word` is the verdict; where it is `proved`, `conditions` must be left open (and make it true).

    `large` ones are put before the algebra only: explicit matrices of their size take too long.
    """

    build: Callable[[], Derivation]
    word: Word
    conditions: tuple[str, ...] = ()
    large: bool = False


FORGERIES: dict[str, Forgery] = {}


def forgery(word: Word, *conditions: str, large: bool = False) -> Callable[[Callable[[Derivation], None]], Callable[[Derivation], None]]:
    def register(write: Callable[[Derivation], None]) -> Callable[[Derivation], None]:
        def build() -> Derivation:
            d = Derivation(write.__name__, layout="like-variable")
            write(d)
            return d

        FORGERIES[write.__name__] = Forgery(build, word, conditions, large)
        return write

    return register


# ------------------------------------------------------------------------------------------------------- assumptions
@forgery("refuted")
def squares_from_a_sum(d: Derivation) -> None:
    n = d.dim("n")
    (i,) = d.indices("i", n)
    y = d.vector("y", n)
    d.assume("sums-to", y)
    d.claim("Σ y² = 1", sum_over(i, y[i] ** 2), 1)


@forgery("refuted")
def column_sums_from_row_sums(d: Derivation) -> None:
    n, m = d.dim("n"), d.dim("m")
    (i,), (j,) = d.indices("i", n), d.indices("j", m)
    Y = d.matrix("Y", n, m)
    d.assume("sums-to", Y, axis=1)
    d.claim("columns", sum_over(i, Y[i, j]), 1 + 0 * sum_over(i, Y[i, j]))


@forgery("refuted")
def trace_from_row_sums(d: Derivation) -> None:
    n = d.dim("n")
    (i,) = d.indices("i", n)
    Y = d.matrix("Y", n, n)
    d.assume("sums-to", Y, axis=1)
    d.claim("diagonal", sum_over(i, Y[i, i]), 1)


@forgery("refuted")
def derivative_of_a_constant_sum(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    y = d.vector("y", n)
    d.assume("sums-to", y)
    d.claim("∂Σy/∂y", D(sum_over(i, y[i]), y[j]), 0 * y[j])


@forgery("refuted")
def one_hot_across_rows(d: Derivation) -> None:
    n, m = d.dim("n"), d.dim("m")
    i, j = d.indices("i j", n)
    a, b = d.indices("a b", m)
    H = d.matrix("H", n, m)
    d.assume("one-hot", H, axis=1)
    d.claim("rows", H[i, a] * H[j, b], delta(a, b) * H[i, a] + 0 * H[j, b])


@forgery("refuted")
def one_hot_derived(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    h = d.vector("h", n)
    d.assume("one-hot", h)
    d.claim("∂h²/∂h = ∂h/∂h", D(h[i] ** 2, h[j]), D(h[i], h[j]))


@forgery("refuted")
def symmetric_trace_derived(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    A, M = d.matrix("A", n, n), d.matrix("M", n, n)
    d.assume("symmetric", A)
    d.claim("equal traces", trace(A @ M), trace(A.T @ M))
    d.claim("equal gradients", D(trace(A @ M), A[i, j]), D(trace(A.T @ M), A[i, j]))


@forgery("refuted")
def symmetric_entry_derived(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    A = d.matrix("A", n, n)
    d.assume("symmetric", A)
    d.claim("∂A_ij/∂A_ji", D(A[i, j], A[j, i]), 1 + 0 * A[i, j])


@forgery("refuted")
def symmetric_lookalike(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    A, other = d.matrix("A", n, n), d.matrix("Aˢ", n, n)
    d.assume("symmetric", A)
    d.claim("another matrix", A[i, j], other[i, j])


@forgery("refuted")
def symmetric_reserved_name(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    A, other = d.matrix("A", n, n), d.matrix("A\0", n, n)
    d.assume("symmetric", A)
    d.claim("another matrix", A[i, j], other[i, j])


@forgery("vacuous")
def contradictory_sums(d: Derivation) -> None:
    n = d.dim("n")
    (i,) = d.indices("i", n)
    y = d.vector("y", n)
    d.assume("sums-to", y, value=1)
    d.assume("sums-to", y, value=2)
    d.claim("anything", sum_over(i, y[i]), 3)


# ------------------------------------------------------------------------------------------------- powers, logs, kinks
def _of_x(write: Callable[[Term], tuple[Term, object]]) -> Callable[[Derivation], None]:
    def build(d: Derivation) -> None:
        x = d.scalar("x")
        left, right = write(x)
        d.claim("claim", left, right)  # type: ignore[arg-type]

    return build


_SCALAR: dict[str, tuple[Word, tuple[str, ...], Callable[[Term], tuple[Term, object]]]] = {
    "root of a square": ("refuted", (), lambda x: (sqrt(x**2), x)),
    "root of a sixth power": ("refuted", (), lambda x: (sqrt(x**6), x**3)),
    "square to the 3/2": ("refuted", (), lambda x: ((x**2) ** Fraction(3, 2), x**3)),
    "one over a root of a square": ("refuted", (), lambda x: (1 / sqrt(x**2), 1 / x)),
    "root of the square of a difference": ("refuted", (), lambda x: (sqrt((x - 1) ** 2), x - 1)),
    "log of a negative square": ("vacuous", (), lambda x: (D(log(-(x**2)), x), 2 / x)),
    "log of a negative number": ("refuted", (), lambda x: (D(log(-x), x), 2 / x)),
    "log of minus one": ("vacuous", (), lambda x: (x + log(-1 + 0 * x), x + log(-1 + 0 * x))),
    "quotient of a number by itself": ("proved", ("x ≠ 0",), lambda x: (x / x, 1)),
    "zero over zero": ("vacuous", (), lambda x: ((x - x) / (x - x), 1)),
    "exp of a log": ("proved", ("x > 0",), lambda x: (exp(log(x)), x)),
    "cube root of a cube": ("undecided", ("x³ ≥ 0",), lambda x: ((x**3) ** Fraction(1, 3), x)),
    "absolute value": ("refuted", (), lambda x: (absolute(x), x)),
    "derived absolute value": ("refuted", (), lambda x: (D(absolute(x), x), 1)),
    "derived rectifier": ("refuted", (), lambda x: (D(relu(x), x), 1)),
    "derived square of a rectifier": ("refuted", (), lambda x: (D(relu(x) ** 2, x), 2 * x)),
    "idempotent rectifier": ("refuted", (), lambda x: (relu(x) ** 2, relu(x))),
    "idempotent exp": ("refuted", (), lambda x: (exp(x) ** 2, exp(x))),
    "odd rectifier": ("refuted", (), lambda x: (relu(-x), -relu(x))),
    "even step": ("refuted", (), lambda x: (indicator(Positive(x)), indicator(Positive(-x)))),
    "steps of both signs": ("refuted", (), lambda x: (indicator(Positive(x)) + indicator(Positive(-x)), 1 + 0 * x)),
    "branch that is never defined": ("tested", (), lambda x: (cases((Positive(x), 1 / (x - x)), otherwise=x), x)),
    "exp of a product": ("refuted", (), lambda x: (exp(x * x), exp(x) * exp(x))),
    "log of a sum": ("refuted", (), lambda x: (log(exp(x) + 1), x + log(1 + exp(x)))),
    "inverse of a scalar": ("proved", ("x ≠ 0",), lambda x: (inverse(x), 1 / x)),
    "determinant of a scalar": ("refuted", (), lambda x: (determinant(x), x**2)),
    "derived determinant of a scalar": ("refuted", (), lambda x: (D(determinant(x), x), x)),
    "wrong chain rule": ("refuted", (), lambda x: (D(exp(x**2), x), exp(x**2))),
}

for _name, (_word, _conditions, _write) in _SCALAR.items():

    def _build(write: Callable[[Term], tuple[Term, object]] = _write) -> Derivation:
        d = Derivation("scalar", layout="like-variable")
        _of_x(write)(d)
        return d

    FORGERIES[_name.replace(" ", "_")] = Forgery(_build, _word, _conditions)


# ------------------------------------------------------------------------------------------------ indices and capture
@forgery("ill-typed")
def delta_between_dimensions(d: Derivation) -> None:
    n, m = d.dim("n"), d.dim("m")
    (i,), (j,) = d.indices("i", n), d.indices("j", m)
    a, b = d.vector("a", m), d.vector("b", n)
    d.claim("δ", lambda: sum_over(j, delta(i, j) * a[j]) + 0 * b[i], lambda: b[i])


@forgery("ill-typed")
def delta_indexes_another_dimension(d: Derivation) -> None:
    n, m = d.dim("n"), d.dim("m")
    (i,), (j,) = d.indices("i", n), d.indices("j", m)
    a = d.vector("a", m)
    d.claim("a_i", lambda: sum_over(j, a[j] * 1) * a[i], lambda: a[i])


@forgery("ill-typed")
def index_free_and_bound(d: Derivation) -> None:
    n = d.dim("n")
    (i,) = d.indices("i", n)
    x = d.vector("x", n)
    d.claim("captured", lambda: x[i] * sum_over(i, x[i]), lambda: x[i] * sum_over(i, x[i]))


@forgery("refuted")
def definition_captured_by_a_sum(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    S, x = d.matrix("S", n, n), d.vector("x", n)
    v = d.let("v", sum_over(j, S[i, j] * x[j]), i)
    d.claim("captured", sum_over(j, v[j] * x[j]), sum_over(j, S[j, j] * x[j] * x[j]))


@forgery("ill-typed")
def definition_with_a_hidden_index(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    S, x = d.matrix("S", n, n), d.vector("x", n)

    def hidden() -> Term:
        return sum_over(j, d.let("v", S[i, j] * x[j], i)[j])

    d.claim("hidden", hidden, lambda: sum_over(j, S[j, j] * x[j]))


@forgery("refuted")
def carrier_captures_an_index(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("·1.0 ·2.0", n)
    x, y = d.vector("x", n), d.vector("y", n)
    d.claim("captured", exp(x[i] * y)[j] + x[j] - x[j], exp(x[j] * y)[j] + x[i] - x[i])


@forgery("refuted")
def sums_joined_wrongly(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    x, y = d.vector("x", n), d.vector("y", n)
    d.claim("one index", sum_over(i, x[i]) * sum_over(j, y[j]), sum_over(i, x[i] * y[i]))


@forgery("refuted")
def sum_of_a_constant(d: Derivation) -> None:
    n = d.dim("n")
    (i,) = d.indices("i", n)
    x = d.scalar("x")
    d.claim("Σ c = c", sum_over(i, x), x)


@forgery("refuted")
def second_entry_of_one(d: Derivation) -> None:
    n = d.dim("n")
    (i,) = d.indices("i", n)
    x = d.scalar("x")
    d.claim("Σ δ_i2 = 1", sum_over(i, delta(i, 2)) * x, x)


@forgery("refuted")
def comparisons_overlap(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    x = d.vector("x", n)
    d.claim("[i ≤ j] + [j ≤ i] = 1", sum_over(i, x[i], upper=j) + sum_over(i, x[i], lower=j), sum_over(i, x[i]) + 0 * x[j])


@forgery("undecided", large=True)
def kronecker_inverse_swapped(d: Derivation) -> None:
    n = d.dim("n")
    i, j, k, l = d.indices("i j k l", n)
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    M = inverse(kron(A, B))
    d.claim("swapped", M[i, j, k, l], M[i, j, l, k])


@forgery("refuted")
def inverse_with_a_weight(d: Derivation) -> None:
    n = d.dim("n")
    i, j, k = d.indices("i j k", n)
    X, w = d.matrix("X", n, n), d.vector("w", n)
    d.assume("invertible", X)
    d.claim("weighted", sum_over(k, X[i, k] * inverse(X)[k, j] * w[k]), delta(i, j) * w[i])


@forgery("refuted")
def inverse_contracted_crosswise(d: Derivation) -> None:
    n = d.dim("n")
    i, j, k = d.indices("i j k", n)
    X = d.matrix("X", n, n)
    d.assume("invertible", X)
    d.claim("crosswise", sum_over(k, X[k, i] * inverse(X)[k, j]), delta(i, j))


@forgery("refuted")
def inverse_of_the_transpose(d: Derivation) -> None:
    n = d.dim("n")
    X = d.matrix("X", n, n)
    d.assume("invertible", X)
    d.claim("transposed", X.T @ inverse(X), identity(n))


@forgery("refuted")
def determinant_of_a_sum(d: Derivation) -> None:
    n = d.dim("n")
    X, Y = d.matrix("X", n, n), d.matrix("Y", n, n)
    d.claim("additive", determinant(X + Y), determinant(X) + determinant(Y))


# --------------------------------------------------------------------------------- where dimensions or indices coincide
@forgery("vacuous")
def difference_on_the_diagonal(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    x = d.vector("x", n)
    d.claim("i = j", sum_over(j, (1 - delta(i, j)) / (x[i] - x[j]) * (x[i] - x[j])), size(n) - 1 + 0 * x[i])


@forgery("proved", "x[i] - x[j] ≠ 0")
def quotient_of_a_difference(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    x = d.vector("x", n)
    d.claim("x_i ≠ x_j", (x[i] - x[j]) / (x[i] - x[j]), 1 + 0 * x[i] * x[j])


@forgery("tested")
def difference_off_the_diagonal(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    x = d.vector("x", n)
    d.claim("i ≠ j", (1 - delta(i, j)) / (x[i] - x[j]) * (x[i] - x[j]), 1 - delta(i, j) + 0 * x[i])


@forgery("proved", "n - 1 ≠ 0")
def bessel_without_its_condition(d: Derivation) -> None:
    n = d.dim("n")
    (i,) = d.indices("i", n)
    x = d.vector("x", n)
    square = sum_over(i, (x[i] - mean(x)) ** 2)
    d.claim("variance", square / (size(n) - 1) * (size(n) - 1), square)


@forgery("refuted")
def bessel_at_one(d: Derivation) -> None:
    n = d.dim("n")
    x = d.vector("x", n)
    (i,) = d.indices("i", n)
    d.claim("n - 1 of n", sum_over(i, x[i] - mean(x)), sum_over(i, x[i]) * (1 - 1 / (size(n) - 1)))


@forgery("refuted")
def kink_of_a_centred_entry(d: Derivation) -> None:
    n = d.dim("n")
    (i,) = d.indices("i", n)
    x = d.vector("x", n)
    centred = x[i] - mean(x)
    d.claim("one of two signs", indicator(Positive(centred)) + indicator(Positive(-centred)), 1 + 0 * x[i])


@forgery("proved", "x[i] - (Σ_k x[k])/n ≠ 0")
def rectifier_of_a_centred_entry(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    x = d.vector("x", n)
    centred = x[i] - mean(x)
    d.claim("almost everywhere", D(relu(centred), x[j]), indicator(Positive(centred)) * (delta(i, j) - 1 / size(n)))


# ----------------------------------------------------------------------------------------------- names and citations
def _cross_entropy(d: Derivation, *, assume: bool = True) -> tuple[Term, Term, Term, Term]:
    K = d.dim("K")
    t, u, _i, _j, _k = d.indices("t u i j k", K)
    z, y = d.vector("z", K), d.vector("y", K)
    if assume:
        d.assume("sums-to", y)
    s = d.let("s", exp(z[t]) / sum_over(u, exp(z[u])), t)
    loss = d.let("L", -sum_over(t, y[t] * log(s[t])))
    return z, y, s, loss


@forgery("refuted")
def written_out_is_not_the_name(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    x, y = d.vector("x", n), d.vector("y", n)
    v = d.let("v", x[i] * y[i], i)
    d.claim("xy is not v", D(x[i] * y[i], v[j]), delta(i, j))


@forgery("refuted")
def cross_entropy_without_its_assumption(d: Derivation) -> None:
    z, y, s, loss = _cross_entropy(d, assume=False)
    d.claim("dz", D(loss, z), s - y)


@forgery("refuted")
def citation_inside_a_derivative(d: Derivation) -> None:
    z, y, s, loss = _cross_entropy(d)
    j, k = _indices(d, "j", "k")
    d.claim("dz", D(loss, z), s - y)
    d.claim("derived again by y", D(D(loss, z[j]), y[k]), -delta(j, k))


@forgery("refuted")
def citation_of_a_refuted_claim(d: Derivation) -> None:
    z, y, s, loss = _cross_entropy(d)
    d.claim("dz", D(loss, z), y - s)
    d.claim("dz again", D(loss, z), y - s)


@forgery("refuted")
def citation_of_the_off_diagonal(d: Derivation) -> None:
    z, _y, s, _loss = _cross_entropy(d)
    i, j = _indices(d, "i", "j")
    d.claim("off the diagonal", D(s[i], z[j]), -s[i] * s[j], where=[differ(i, j)])
    d.claim("everywhere", D(s[i], z[j]), -s[i] * s[j])


@forgery("refuted")
def citation_of_the_diagonal(d: Derivation) -> None:
    z, _y, s, _loss = _cross_entropy(d)
    i, j = _indices(d, "i", "j")
    d.claim("on the diagonal", D(s[i], z[i]), s[i] * (1 - s[i]))
    d.claim("everywhere", D(s[i], z[j]), s[i] * (1 - s[j]))


@forgery("refuted")
def citation_of_the_first_entry(d: Derivation) -> None:
    z, _y, s, _loss = _cross_entropy(d)
    i, j = _indices(d, "i", "j")
    d.claim("first", D(s[1], z[j]), s[1] * (delta(1, j) - s[j]))
    d.claim("every", D(s[i], z[j]), s[1] * (delta(1, j) - s[j]) + 0 * s[i])


@forgery("refuted")
def citation_in_a_circle(d: Derivation) -> None:
    n = d.dim("n")
    i, j = d.indices("i j", n)
    x = d.vector("x", n)
    a = d.let("a", 2 * x[i], i)
    b = d.let("b", 3 * a[i], i)
    loss = d.let("L", sum_over(i, b[i] ** 2))
    d.claim("one", D(loss, a[j]), 6 * D(loss, b[j]))
    d.claim("two", D(loss, b[j]), D(loss, a[j]) / 6)


def _indices(d: Derivation, *names: str) -> list[object]:
    from derivcheck.algebra.dims import Index

    return [Index(name, d.dims["K"]) for name in names]


# ------------------------------------------------------------------------------------------------------------ outcomes
@dataclass(frozen=True)
class Outcome:
    """What the algebra and the judge make of a forgery."""

    algebra: str | None
    word: str
    conditions: tuple[str, ...]
    cites: tuple[str, ...]


@cache
def outcome(name: str) -> Outcome:
    """Through the prover, and again through the judge."""
    d = FORGERIES[name].build()
    prover = Prover(d)
    status: str | None = None
    for claim in d.claims:
        proof = prover.prove(claim)
        prover.remember(claim, proof)
        status = proof.status
    if FORGERIES[name].large:
        return Outcome(status, "proved" if status == "agrees" else "undecided", (), ())
    verdict = judge(FORGERIES[name].build())[-1]
    unknown = tuple(condition.text for condition in verdict.conditions if condition.state == "unknown")
    return Outcome(status, verdict.word, unknown, verdict.cites)


def main() -> None:
    names = sys.argv[1:] or list(FORGERIES)
    found = {name: outcome(name) for name in names}
    json.dump({name: [o.algebra, o.word, o.conditions, o.cites] for name, o in found.items()}, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
