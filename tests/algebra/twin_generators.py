"""For each rule, random terms (or pairs of terms) on which it is used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from random import Random
from typing import Any

from fuzzing import Pair
from random_terms import BUILD, Tape, Terms, World

from derivcheck.claims import Claim
from derivcheck.language.subscripts import IndexRelation, Shift
from derivcheck.language.terms import D, Positive, Term, array, as_term, delta, indicator, sum_over

exp, log, inverse, determinant = BUILD["exp"], BUILD["log"], BUILD["inverse"], BUILD["determinant"]


class Draw:
    """A world's symbols and a few indices, and random simple terms of them."""

    def __init__(self, world: World, random: Random) -> None:
        self.world, self.random = world, random
        self.terms = Terms(world, Tape(random), SIMPLE)
        self.leaf = world.leaves
        self.i, self.j, self.a, self.b = world.free
        self.k, self.l = self.terms.bound(world.n), self.terms.bound(world.n)
        self.c = self.terms.bound(world.m)

    def term(self, depth: int = 1, *more: Any) -> Term:
        return self.terms.scalar(depth, (*self.world.free, *more))

    def pick(self, *options: Any) -> Any:
        return self.random.choice(options)

    def vector(self) -> Term:
        return self.leaf[self.pick("x", "y", "w", "p", "q")]


SIMPLE = {
    "named": 0, "delta": 0, "indicator": 0, "step": 0, "cases": 0, "log": 0, "relu": 0, "absolute": 0, "sigmoid": 0, "tanh": 0, "function": 0,
    "functional": 0, "inverse": 0, "contracted inverse": 0, "determinant": 0, "operator": 0, "derivative": 0, "matrix derivative": 0, "power": 0,
    "fractional": 0, "exp": 0, "sum": 1,
}  # fmt: skip


def fractional(d: Draw) -> Term:
    product = d.vector()[d.i] * d.vector()[d.pick(d.i, d.j)] * d.pick(1, -1, 4, Fraction(-1, 2))
    return (product ** d.pick(1, 2, 3)) ** d.pick(Fraction(1, 2), Fraction(-1, 2), Fraction(3, 2), Fraction(1, 3))


def root_of_nonnegative(d: Draw) -> Term:
    squares = sum_over(d.k, d.vector()[d.k] ** 2 * d.pick(1, d.vector()[d.i] ** 2))
    others = d.pick(squares, sum_over(d.c, d.leaf["F"][d.i, d.c] ** 2), sum_over(d.k, d.vector()[d.k]), d.vector()[d.j])
    return (squares * others * d.pick(1, d.vector()[d.i])) ** d.pick(Fraction(1, 2), Fraction(-1, 2), Fraction(3, 2))


def even_root(d: Draw) -> Term:
    return (d.vector()[d.i] ** d.pick(2, 6)) ** d.pick(Fraction(1, 2), Fraction(-1, 2), Fraction(3, 2))


def number_root(d: Draw) -> Term:
    return as_term(d.pick(2, 8, 12, Fraction(9, 2))) ** d.pick(Fraction(1, 2), Fraction(3, 2), Fraction(-1, 2), Fraction(5, 3)) * d.term()


def quotient(d: Draw) -> Term:
    a, b = exp(d.vector()[d.i]), exp(d.vector()[d.pick(d.i, d.j)])
    return a ** d.pick(1, 2) * b / (d.pick(1, 2) * a + d.pick(b, 1)) ** d.pick(1, 2)


def logarithm(d: Draw) -> Term:
    return log(d.pick(-1, 2, Fraction(-1, 3)) * d.vector()[d.i] * d.pick(1, d.leaf["p"][d.i]) + d.pick(0, 0, d.vector()[d.j]))


def exponential(d: Draw) -> Term:
    return exp(d.pick(2, -1, Fraction(1, 2)) * d.vector()[d.i] + d.pick(0, d.vector()[d.j] * d.vector()[d.i]))


def sum_to(d: Draw) -> Term:
    f = d.leaf["f"]
    return sum_over(d.k, f[d.k] ** d.pick(1, 1, 2) * d.pick(1, d.vector()[d.k], d.vector()[d.i]))


def row_sum(d: Draw) -> Term:
    F = d.leaf["F"]
    return d.pick(sum_over(d.k, F[d.k, d.a]), sum_over(d.c, F[d.i, d.c]), sum_over(d.k, sum_over(d.c, F[d.k, d.c] * d.vector()[d.k])))


def one_hot(d: Draw) -> Term:
    H, h = d.leaf["H"], d.leaf["h"]
    return d.pick(H[d.i, d.a] * H[d.j, d.b], H[d.i, d.a] * H[d.i, d.b], h[d.i] * h[d.j], h[d.i] ** 2, sum_over(d.k, H[d.k, d.a] * H[d.k, d.b]))


def symmetric(d: Draw) -> Term:
    Q, S = d.leaf["Q"], d.leaf["S"]
    return d.pick(Q, S)[d.i, d.j] * d.pick(Q, S)[d.j, d.i] + sum_over(d.k, Q[d.k, d.i] * S[d.j, d.k])


def deltas(d: Draw) -> Term:
    other = d.pick(d.i, Shift(d.i, d.pick(-1, 1)), 1)
    return d.pick(
        lambda: sum_over(d.k, delta(d.k, d.i) * d.vector()[d.k] * d.term(1, d.k)),
        lambda: delta(d.i, d.j) * d.vector()[d.j] * d.vector()[d.i],
        lambda: delta(d.j, other) * d.vector()[d.j],
        lambda: delta(d.i, other) + d.vector()[d.j],
    )()


def bounds(d: Draw) -> Term:
    limit = d.pick(d.i, Shift(d.i, 1), Shift(d.i, -1), 1, 2)
    if d.pick(True, False):
        return sum_over(d.k, d.vector()[d.k], **{d.pick("lower", "upper"): limit}) + d.term()
    return d.vector()[d.j] * indicator(IndexRelation(d.i, d.pick("≤", "<"), d.pick(d.i, Shift(d.i, 1), Shift(d.i, -1), d.j)))


def constant_sum(d: Draw) -> Term:
    return sum_over(d.k, d.vector()[d.i] * d.pick(1, 2)) + sum_over(d.c, sum_over(d.k, d.vector()[d.k]))


def product_of_sums(d: Draw) -> Term:
    outer = d.terms.bound(d.world.n)
    inner = sum_over(d.k, d.leaf["S"][outer, d.k] * d.vector()[d.k])
    return sum_over(outer, inner ** d.pick(1, 2, 3) * d.vector()[outer])


def nested_sums(d: Draw) -> Term:
    S = d.leaf["S"]
    first, second, third, fourth = (d.terms.bound(d.world.n) for _ in range(4))
    inner = exp(sum_over(fourth, S[third, fourth] * d.vector()[fourth] * d.pick(1, d.vector()[second])) / 4)
    middle = BUILD["relu"](sum_over(third, S[second, third] * inner) + d.pick(1, d.vector()[d.i]))
    return sum_over(first, d.vector()[first] * sum_over(second, d.pick(S[first, second], S[first, first], 1) * middle))


def joined_sums(d: Draw) -> Term:
    return sum_over(d.k, d.vector()[d.k] * d.vector()[d.k] * d.pick(1, d.leaf["S"][d.k, d.i]))


def contracted_inverse(d: Draw) -> Term:
    X = d.leaf["X"]
    body = d.pick(
        X[d.i, d.k] * inverse(X)[d.k, d.j],
        inverse(X)[d.i, d.k] * X[d.k, d.j],
        X[d.k, d.i] * inverse(X)[d.k, d.j],
        X[d.i, d.k] * inverse(X)[d.j, d.k],
        X[d.k, d.i] * inverse(X.T)[d.k, d.j],
    )
    return sum_over(d.k, body * d.pick(1, 1, d.vector()[d.k]))


def steps(d: Draw) -> Term:
    inner = d.pick(d.vector()[d.i], -d.vector()[d.i], d.vector()[d.i] ** 2, d.vector()[d.i] * d.leaf["p"][d.j], -3 * d.leaf["p"][d.i])
    return d.pick(lambda: indicator(Positive(inner)), lambda: BUILD["relu"](inner), lambda: BUILD["absolute"](inner))()


def two_steps(d: Draw) -> Term:
    x, y = d.vector()[d.i], d.vector()[d.j]
    return d.pick(1, x, y) * d.pick(1, indicator(Positive(x))) * indicator(Positive(d.pick(-x, -y, y, y - x)))


def indicator_signs(d: Draw) -> Term:
    return indicator(Positive(delta(d.i, d.j) * d.pick(1, d.leaf["p"][d.i]))) + indicator(
        Positive(sum_over(d.k, d.leaf["p"][d.k], lower=Shift(d.i, 1)))
    )


def derived(write: Callable[[Draw], Term], *variables: str) -> Callable[[Draw], Term]:
    def make(d: Draw) -> Term:
        variable = d.terms.entry(d.world.symbols[d.random.choice(variables or ("x", "y", "w", "p"))], d.world.free)
        return D(write(d), variable, d.world.derivation.layout)

    return make


def functional(d: Draw) -> Term:
    k, x = d.terms.bound(d.world.n), d.leaf["x"]
    return BUILD["scalar_function"]("ell", array(x[k] * d.pick(1, x[k], d.leaf["y"][k]), k))


def generic(d: Draw) -> Term:
    return BUILD["elementwise"]("g", d.vector()[d.i] * d.pick(1, d.leaf["x"][d.i]), d.pick(0, 1))


def of_determinant(d: Draw) -> Term:
    return determinant(d.leaf["S"]) * d.pick(1, d.leaf["x"][d.i])


def of_inverse(d: Draw) -> Term:
    return inverse(d.leaf["X"])[d.i, d.j]


def of_turned_inverse(d: Draw) -> Term:
    X = d.leaf["X"]
    return inverse(d.pick(X, X.T, X.T @ X, X.T + X))[d.i, d.j] * d.pick(1, d.vector()[d.i]) + d.pick(0, inverse(X.T)[d.j, d.i])


def of_matrix_quadratic(d: Draw) -> Term:
    return d.leaf["Q"][d.i, d.pick(d.i, d.j)] * d.leaf["S"][d.i, d.j]


def undefined(d: Draw) -> Term:
    return d.pick(lambda: d.term() ** d.pick(-1, Fraction(1, 2)), lambda: log(d.term()), lambda: 1 / (d.vector()[d.i] - d.vector()[d.j]))()


def named(d: Draw) -> Term:
    return d.terms.entry(d.world.names[d.pick("v2", "v3", "v4", "L1")], d.world.free) ** d.pick(1, 2)


def chain(d: Draw) -> Term:
    function = d.terms.entry(d.world.names[d.pick("v3", "v4", "L1", "L1")], (d.i,))
    variable = d.terms.entry(d.world.symbols[d.pick("v1", "v2", "x", "S", "w")], (d.j, d.i))
    return D(function, variable, d.world.derivation.layout)


def cited(world: World) -> Sequence[Claim]:
    """∂v3/∂v2, the softmax Jacobian, at two different slots."""
    i, j = world.free[:2]
    s = world.names["v3"]
    left = D(s[i], world.names["v2"][j], world.derivation.layout)
    right = s[i] * (delta(i, j) - s[j]) + 0 * world.leaves["x"][i]
    return [Claim("softmax", "identity", left.place, lhs=left, rhs=right)]


def cited_chain(d: Draw) -> Term:
    function = d.terms.entry(d.world.names["v3"], (d.i,))
    variable = d.terms.entry(d.world.symbols[d.pick("v2", "v1", "w", "x")], (d.j,))
    return D(function, variable, d.world.derivation.layout) * d.vector()[d.i]


# pairs
def fractions_pair(d: Draw) -> Pair:
    a, c = d.vector()[d.i], d.vector()[d.j]
    b, e = d.leaf["p"][d.i] + d.pick(1, d.leaf["q"][d.i]), d.leaf["p"][d.j] + d.pick(0, 2)
    left = a / b + c / e
    right = d.pick((a * e + c * b) / (b * e), (a + c) / (b * e), (a * e - c * b) / (b * e), a + c)
    return Pair(d.world, left, right)


def aligned_pair(d: Draw) -> Pair:
    k, l = d.k, d.l
    p, q, x, y = (d.leaf[name] for name in "pqxy")
    left = sum_over(k, x[k] / (p[k] + q[k]))
    right = sum_over(l, d.pick(x[l] / (p[l] + q[l]), y[l] / (p[l] + q[l]), x[l] * (p[l] + q[l]) / (p[l] + q[l]) ** 2))
    return Pair(d.world, left * d.leaf["s"], right * d.leaf["s"])


def differing_pair(d: Draw) -> Pair:
    x = d.leaf["x"]
    left = (1 - delta(d.i, d.j)) * x[d.i] + sum_over(d.k, delta(d.k, d.j) * (1 - delta(d.k, d.i)) * x[d.k])
    right = d.pick(x[d.i] + x[d.j], x[d.i], x[d.j] * 2 + 0 * x[d.i])
    where = d.pick((IndexRelation(d.i, "≠", d.j),), ())
    return Pair(d.world, left + 0 * x[d.j], right + 0 * x[d.i], where)
