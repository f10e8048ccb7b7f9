"""A fixed vocabulary with a symbol of every sort, and random typed terms over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from random import Random
from typing import Any

from derivcheck.algebra.dims import Dim, IllTyped, Index
from derivcheck.derivation import Derivation
from derivcheck.language.operators import table
from derivcheck.language.shapes import flat
from derivcheck.language.subscripts import IndexRelation, Shift, Slot
from derivcheck.language.terms import D, Leaf, Named, Positive, Term, array, as_term, cases, delta, indicator, sum_over

BUILD = {name: operator.build for name, operator in table().items()}


class World:
    """A derivation with one symbol of every sort, and named intermediates between them.

    x, y, w vectors of n; u of m; p positive, q nonnegative; A n×m, S and X n×n, X invertible; Q symmetric; f sums to 1, F has rows that
    sum to 2; h one-hot, H with one-hot rows; s a scalar. v6 is itself a derivative.
    """

    def __init__(self, layout: Any = "numerator", size: int | None = None) -> None:
        self.derivation = d = Derivation("fuzz", layout=layout)
        self.n = d.dim("n") if size is None else d.dim(size)
        self.m = d.dim("m")
        self.free = (*d.indices("i j", self.n), *d.indices("a b", self.m))
        n, m = self.n, self.m
        vectors = {name: d.vector(name, n) for name in ("x", "y", "w", "p", "q", "f", "h")}
        matrices = {"A": d.matrix("A", n, m), "F": d.matrix("F", n, m), "H": d.matrix("H", n, m)}
        squares = {name: d.matrix(name, n, n) for name in ("S", "X", "Q")}
        self.leaves: dict[str, Leaf] = {**vectors, "u": d.vector("u", m), **matrices, **squares, "s": d.scalar("s"), "r": d.scalar("r")}
        leaf = self.leaves
        d.assume("positive", leaf["p"])
        d.assume("nonnegative", leaf["q"])
        d.assume("invertible", leaf["X"])
        d.assume("symmetric", leaf["Q"])
        d.assume("sums-to", leaf["f"])
        d.assume("sums-to", leaf["F"], axis=1, value=2)
        d.assume("one-hot", leaf["h"])
        d.assume("one-hot", leaf["H"], axis=1)
        t1, t2, t3, t4, t5 = d.indices("t1 t2 t3 t4 t5", n)
        c1, c2 = d.indices("c1 c2", m)
        one = d.let("v1", leaf["x"][t1] * leaf["y"][t1] + leaf["s"], t1)
        two = d.let("v2", sum_over(t2, leaf["S"][t3, t2] * one[t2]) + leaf["w"][t3], t3)
        three = d.let("v3", BUILD["exp"](two[t4]) / sum_over(t5, BUILD["exp"](two[t5])), t4)
        four = d.let("v4", sum_over(c1, leaf["A"][t5, c1] * leaf["u"][c1]) * two[t5] + one[t5] ** 2, t5)
        five = d.let("v5", BUILD["elementwise"]("g", array(leaf["A"][t1, c2] * one[t1], t1, c2)))
        loss = d.let("L1", sum_over(t1, leaf["f"][t1] * BUILD["log"](three[t1])) + BUILD["scalar_function"]("ell", four))
        slope = d.let("v6", D(sum_over(t1, two[t1] ** 2 * leaf["p"][t1]) + BUILD["scalar_function"]("ell", one), one))
        self.names: dict[str, Named] = {"v1": one, "v2": two, "v3": three, "v4": four, "v5": five, "L1": loss, "v6": slope}

    @property
    def symbols(self) -> Mapping[str, Leaf | Named]:
        return {**self.leaves, **self.names}


WORLDS = {layout: World(layout) for layout in ("numerator", "denominator", "like-variable")}


class Tape:
    """Random choices that are written down, so that one of them can be changed."""

    def __init__(self, random: Random, given: Sequence[float] = ()) -> None:
        self.random = random
        self.given = list(given)
        self.taken: list[float] = []

    def number(self) -> float:
        k = len(self.taken)
        value = self.given[k] if k < len(self.given) else self.random.random()
        self.taken.append(value)
        return value

    def choice(self, options: Sequence[Any]) -> Any:
        return options[int(self.number() * len(options))]

    def below(self, probability: float) -> bool:
        return self.number() < probability


class Terms:
    """Random scalar terms over a world."""

    def __init__(self, world: World, tape: Tape, kinds: Mapping[str, int] | None = None) -> None:
        self.world = world
        self.tape = tape
        self.count = 0
        weights = {**WEIGHTS, **(kinds or {})}
        self.kinds = [name for name, weight in weights.items() for _ in range(weight)]

    def bound(self, dim: Dim) -> Index:
        self.count += 1
        return Index(f"k{self.count}", dim)

    def slot(self, dim: Dim, scope: tuple[Index, ...]) -> Slot:
        fitting = [index for index in scope if index.dim == dim]
        if not fitting or self.tape.below(0.04):
            return 1
        index = self.tape.choice(fitting)
        return Shift(index, self.tape.choice((-1, 1))) if self.tape.below(0.03) else index

    def entry(self, tensor: Term, scope: tuple[Index, ...]) -> Term:
        dims = flat(tensor.shape)
        return tensor[tuple(self.slot(dim, scope) for dim in dims)] if dims else tensor

    def leaf(self, scope: tuple[Index, ...]) -> Term:
        return self.entry(self.tape.choice(list(self.world.leaves.values())), scope)

    def scalar(self, depth: int, scope: tuple[Index, ...]) -> Term:
        if depth <= 0:
            return self.leaf(scope)
        return _MAKE[self.tape.choice(self.kinds)](self, depth, scope)

    def vector(self, depth: int, scope: tuple[Index, ...]) -> Term:
        index = self.bound(self.world.n)
        return array(self.scalar(depth, (*scope, index)), index)

    def square(self, depth: int, scope: tuple[Index, ...]) -> Term:
        choice = self.tape.choice(("X", "S", "gram", "array"))
        leaf = self.world.leaves
        if choice == "gram":
            return leaf["S"].T @ leaf["S"] + BUILD["identity"](self.world.n)
        if choice == "array":
            i, j = self.bound(self.world.n), self.bound(self.world.n)
            return array(self.scalar(depth - 1, (*scope, i, j)), i, j)
        return leaf[choice]

    def positive(self, depth: int, scope: tuple[Index, ...]) -> Term:
        """Something that is mostly positive."""
        choice = self.tape.choice(("p", "exp", "square", "product", "any", "size"))
        if choice == "p":
            return self.entry(self.world.leaves["p"], scope)
        if choice == "exp":
            return BUILD["exp"](self.scalar(depth - 1, scope))
        if choice == "square":
            return self.scalar(depth - 1, scope) ** 2 + self.tape.choice((0, 1))
        if choice == "product":
            return self.entry(self.world.leaves["p"], scope) * self.scalar(depth - 1, scope)
        if choice == "size":
            return as_term(self.world.n) + self.entry(self.world.leaves["q"], scope)
        return self.scalar(depth - 1, scope)


def _index_relation(terms: Terms, scope: tuple[Index, ...]) -> IndexRelation:
    dim = terms.tape.choice((terms.world.n, terms.world.m))
    return IndexRelation(terms.slot(dim, scope), terms.tape.choice(("=", "≠", "≤", "<")), terms.slot(dim, scope))


def _sum(terms: Terms, depth: int, scope: tuple[Index, ...]) -> Term:
    index = terms.bound(terms.tape.choice((terms.world.n, terms.world.n, terms.world.m)))
    limits: list[Slot | None] = [None, None]
    if terms.tape.below(0.15):
        limits[terms.tape.choice((0, 1))] = terms.slot(index.dim, scope)
    return sum_over(index, terms.scalar(depth - 1, (*scope, index)), *limits)


def _derivative(terms: Terms, depth: int, scope: tuple[Index, ...]) -> Term:
    world = terms.world
    variables = ["x", "y", "s", "p", "S", "A", "X", "Q", "f", "v1", "v2", "v3", "v4"]
    variable = terms.entry(world.symbols[terms.tape.choice(variables)], scope)
    if terms.tape.below(0.3):
        function: Term = terms.entry(terms.tape.choice(list(world.names.values())), scope)
    else:
        function = terms.scalar(depth - 1, scope)
    return D(function, variable, world.derivation.layout)


def _matrix_derivative(terms: Terms, depth: int, scope: tuple[Index, ...]) -> Term:
    world = terms.world
    variable = world.symbols[terms.tape.choice(("x", "A", "S", "v2", "s"))]
    function = terms.tape.choice((terms.vector, terms.scalar))(depth - 1, scope)
    return terms.entry(D(function, variable, world.derivation.layout), scope)


def _operator(terms: Terms, depth: int, scope: tuple[Index, ...]) -> Term:
    leaf = terms.world.leaves
    a, b = terms.vector(depth - 1, scope), terms.vector(depth - 1, scope)
    choice = terms.tape.choice(
        ("softmax", "logsumexp", "matmul", "outer", "kron", "vec", "diag", "trace", "frobenius", "mean", "dot", "hadamard", "rows")
    )
    term = {
        "softmax": lambda: BUILD["softmax"](a),
        "logsumexp": lambda: BUILD["logsumexp"](a),
        "matmul": lambda: leaf["S"] @ a,
        "outer": lambda: BUILD["outer"](a, b),
        "kron": lambda: BUILD["kron"](leaf["S"], leaf["A"]),
        "vec": lambda: BUILD["vec"](leaf["A"].T),
        "diag": lambda: BUILD["diag"](a),
        "trace": lambda: BUILD["trace"](leaf["S"] @ BUILD["outer"](a, b)),
        "frobenius": lambda: BUILD["frobenius"](leaf["A"]),
        "mean": lambda: BUILD["mean"](a),
        "dot": lambda: a.T @ b,
        "hadamard": lambda: BUILD["hadamard"](a, b),
        "rows": lambda: BUILD["softmax"](leaf["A"], axis=1),
    }[choice]()
    return terms.entry(term, scope)


def _inverse(terms: Terms, depth: int, scope: tuple[Index, ...]) -> Term:
    matrix = BUILD["inverse"](terms.square(depth - 1, scope))
    return terms.entry(matrix, scope)


def _contracted_inverse(terms: Terms, depth: int, scope: tuple[Index, ...]) -> Term:
    k = terms.bound(terms.world.n)
    X = terms.world.leaves["X"]
    first, second = terms.slot(terms.world.n, scope), terms.slot(terms.world.n, scope)
    body = X[first, k] * BUILD["inverse"](X)[k, second] if terms.tape.below(0.5) else BUILD["inverse"](X)[first, k] * X[k, second]
    if terms.tape.below(0.3):
        body = body * terms.scalar(depth - 2, (*scope, k))
    return sum_over(k, body)


def _named(terms: Terms, depth: int, scope: tuple[Index, ...]) -> Term:
    return terms.entry(terms.tape.choice(list(terms.world.names.values())), scope)


def _number(terms: Terms, depth: int, scope: tuple[Index, ...]) -> Term:
    return as_term(terms.tape.choice((0, 1, -1, 2, -2, 3, Fraction(1, 2), Fraction(-3, 4), 6)))


def _power(terms: Terms, depth: int, scope: tuple[Index, ...]) -> Term:
    exponent = terms.tape.choice((2, 3, -1, -1, -2, 0))
    base = terms.scalar(depth - 1, scope)
    if exponent < 0 and terms.tape.below(0.6):
        base = base + terms.positive(depth - 1, scope)
    return base**exponent


def _fractional(terms: Terms, depth: int, scope: tuple[Index, ...]) -> Term:
    exponent = terms.tape.choice((Fraction(1, 2), Fraction(1, 2), Fraction(-1, 2), Fraction(3, 2), Fraction(2, 3), Fraction(-4, 3)))
    base = terms.positive(depth, scope)
    if terms.tape.below(0.3):
        return (base**exponent) ** terms.tape.choice((2, -1, 3, Fraction(1, 2)))
    return base**exponent


def _add(terms: Terms, depth: int, scope: tuple[Index, ...]) -> Term:
    return terms.scalar(depth - 1, scope) + terms.scalar(depth - 1, scope)


def _multiply(terms: Terms, depth: int, scope: tuple[Index, ...]) -> Term:
    return terms.scalar(depth - 1, scope) * terms.scalar(depth - 1, scope)


def _cases(terms: Terms, depth: int, scope: tuple[Index, ...]) -> Term:
    relation = Positive(terms.scalar(depth - 1, scope)) if terms.tape.below(0.5) else _index_relation(terms, scope)
    return cases((relation, terms.scalar(depth - 1, scope)), otherwise=terms.scalar(depth - 1, scope))


def _functional(terms: Terms, depth: int, scope: tuple[Index, ...]) -> Term:
    return BUILD["scalar_function"]("ell", terms.vector(depth - 1, scope))


Maker = Callable[[Terms, int, tuple[Index, ...]], Term]

_MAKE: dict[str, Maker] = {
    "number": _number,
    "size": lambda terms, depth, scope: as_term(terms.tape.choice((terms.world.n, terms.world.m))),
    "leaf": lambda terms, depth, scope: terms.leaf(scope),
    "named": _named,
    "delta": lambda terms, depth, scope: delta(*(terms.slot(terms.world.n, scope) for _ in range(2))),
    "indicator": lambda terms, depth, scope: indicator(_index_relation(terms, scope)),
    "step": lambda terms, depth, scope: indicator(Positive(terms.scalar(depth - 1, scope))),
    "cases": _cases,
    "sum": _sum,
    "add": _add,
    "multiply": _multiply,
    "power": _power,
    "fractional": _fractional,
    "exp": lambda terms, depth, scope: BUILD["exp"](terms.scalar(depth - 1, scope)),
    "log": lambda terms, depth, scope: BUILD["log"](terms.positive(depth, scope)),
    "relu": lambda terms, depth, scope: BUILD["relu"](terms.scalar(depth - 1, scope)),
    "absolute": lambda terms, depth, scope: BUILD["absolute"](terms.scalar(depth - 1, scope)),
    "sigmoid": lambda terms, depth, scope: BUILD["sigmoid"](terms.scalar(depth - 1, scope)),
    "tanh": lambda terms, depth, scope: BUILD["tanh"](terms.scalar(depth - 1, scope)),
    "function": lambda terms, depth, scope: BUILD["elementwise"]("g", terms.scalar(depth - 1, scope), terms.tape.choice((0, 1, 2))),
    "functional": _functional,
    "inverse": _inverse,
    "contracted inverse": _contracted_inverse,
    "determinant": lambda terms, depth, scope: BUILD["determinant"](terms.square(depth - 1, scope)),
    "operator": _operator,
    "derivative": _derivative,
    "matrix derivative": _matrix_derivative,
}

WEIGHTS = {
    "number": 2, "size": 1, "leaf": 4, "named": 2, "delta": 3, "indicator": 1, "step": 1, "cases": 1, "sum": 7, "add": 5, "multiply": 8,
    "power": 3, "fractional": 2, "exp": 2, "log": 2, "relu": 1, "absolute": 1, "sigmoid": 1, "tanh": 1, "function": 1, "functional": 1,
    "inverse": 1, "contracted inverse": 1, "determinant": 1, "operator": 2, "derivative": 4, "matrix derivative": 1,
}  # fmt: skip


def random_term(
    world: World, random: Random, depth: int = 3, kinds: Mapping[str, int] | None = None, given: Sequence[float] = ()
) -> tuple[Term, Tape]:
    """A scalar term with some free indices. Ill-typed tries are repeated."""
    while True:
        tape = Tape(random, given)
        try:
            return Terms(world, tape, kinds).scalar(depth, world.free), tape
        except IllTyped:
            given = ()
