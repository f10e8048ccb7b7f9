"""Random typed terms over a fixed vocabulary, random points, and the properties that the algebra must have on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from random import Random
from typing import Any

import interval_values as values
from interval_polynomials import PolynomialValues
from interval_terms import At, Places, Tensors, TermValues
from interval_values import Undecided, Undefined

from derivcheck.algebra.assumptions import apply_all
from derivcheck.algebra.atoms import Arena, Polynomial, Refused, polynomial_free
from derivcheck.algebra.dims import Dim, IllTyped, Index
from derivcheck.derivation import Assumption, Claim, Derivation
from derivcheck.language.lower import Lowering
from derivcheck.language.operators import table
from derivcheck.language.shapes import flat
from derivcheck.language.terms import (
    D,
    IndexRelation,
    Leaf,
    Named,
    Positive,
    Shift,
    Slot,
    Term,
    array,
    as_term,
    cases,
    delta,
    indicator,
    subterms,
    sum_over,
)
from derivcheck.witnesses.all_dimensions import Prover, _rules

BUILD = {name: operator.build for name, operator in table().items()}


class World:
    """A derivation with one symbol of every sort, and named intermediates between them.

    x, y, w vectors of n; u of m; p positive, q nonnegative; A n×m, S and X n×n, X invertible; Q symmetric; f sums to 1, F has rows that
    sum to 2; h one-hot, H with one-hot rows; s a scalar.
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
        self.names: dict[str, Named] = {"v1": one, "v2": two, "v3": three, "v4": four, "v5": five, "L1": loss}

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
    choice = terms.tape.choice(("softmax", "logsumexp", "matmul", "outer", "kron", "vec", "diag", "trace", "frobenius", "mean", "dot", "hadamard", "rows"))
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


# ------------------------------------------------------------------------------------------------------------- points
def sizes_of(random: Random, world: World) -> dict[str, int]:
    return {"n": random.choice((1, 2, 2, 3)), "m": random.choice((1, 2, 3))}


def point(random: Random, world: World, sizes: Mapping[str, int]) -> Tensors:
    """Rational entries, often 0, negative or equal, that meet the assumptions of the world."""
    drawn: dict[str, dict[Places, Fraction]] = {}
    small = [Fraction(k, 2) for k in range(-4, 5)]
    for leaf in world.derivation.leaves:
        places = list(product(*(range(1, dim.size(sizes) + 1) for dim in flat(leaf.shape))))
        drawn[leaf.name] = {place: random.choice(small) if random.random() < 0.8 else Fraction(random.randint(-30, 30), 11) for place in places}
    for assumption in world.derivation.assumptions:
        _meet(random, drawn, assumption)
    return drawn


def _meet(random: Random, drawn: dict[str, dict[Places, Fraction]], assumption: Assumption) -> None:
    table = drawn[assumption.tensor.name]
    axis = assumption.axis or 0
    lines: dict[Places, list[Places]] = {}
    for place in table:
        lines.setdefault(place[:axis] + place[axis + 1 :], []).append(place)
    match assumption.kind:
        case "positive":
            table.update({place: abs(value) + Fraction(random.randint(1, 3), 2) for place, value in table.items()})
        case "nonnegative":
            table.update({place: abs(value) for place, value in table.items()})
        case "nonzero":
            table.update({place: value or Fraction(1) for place, value in table.items()})
        case "symmetric":
            table.update({place: table[tuple(sorted(place))] for place in table})
        case "invertible":
            table.update({place: value + (7 if place[0] == place[1] else 0) for place, value in table.items()})
        case "sums-to":
            for places in lines.values():
                table[places[-1]] = assumption.value - sum((table[place] for place in places[:-1]), Fraction(0))
        case "one-hot":
            for places in lines.values():
                chosen = random.choice(places)
                table.update({place: Fraction(int(place == chosen)) for place in places})


def assignments(random: Random, indices: Sequence[Index], sizes: Mapping[str, int], most: int) -> Iterator[dict[Index, int]]:
    """Values of the free indices, those where two are equal among them."""
    every = [dict(zip(indices, place, strict=True)) for place in product(*(range(1, index.dim.size(sizes) + 1) for index in indices))]
    yield from every if len(every) <= most else random.sample(every, most)


# --------------------------------------------------------------------------------------------------------- properties
@dataclass
class Outcome:
    """What a run found. `discrepancies` and `crashes` are messages; `counts` say what was tried."""

    counts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    discrepancies: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)


def _kinds(polynomial: Polynomial) -> set[str]:
    found: set[str] = set()
    stack: list[Any] = [polynomial]
    while stack:
        value = stack.pop()
        if isinstance(value, Polynomial):
            stack.extend(value.terms)
        elif isinstance(value, tuple):
            stack.extend(value)
        elif hasattr(value, "kind"):
            found.add(value.kind)
            stack.extend(value.data)
    return found


def conditions_hold(lowering: Lowering, atoms: PolynomialValues, at: dict[int, int]) -> bool:
    """Whether every sign that the lowering requires is met, for all values of what is not free in the term."""
    arena = lowering.arena
    for requirement in lowering.requirements.values():
        if requirement.under_derivative or requirement.kind in ("in range", "invertible"):
            continue
        unstated = sorted(polynomial_free(requirement.polynomial).difference(at))
        for place in product(*(range(1, arena.dims[v].size(atoms.terms.sizes) + 1) for v in unstated)):
            sign = values.sign(atoms.polynomial(requirement.polynomial, {**at, **dict(zip(unstated, place, strict=True))}))
            if {"nonzero": sign == 0, "positive": sign <= 0, "nonnegative": sign < 0}[requirement.kind]:
                return False
    return True


@dataclass(frozen=True)
class Lowered:
    """A term with its polynomials: with all names open, with all of them closed, and after the assumptions."""

    world: World
    term: Term
    forms: tuple[tuple[str, Lowering, Polynomial], ...]


def lowered(world: World, term: Term, outcome: Outcome) -> Lowered | None:
    """The term in every form, or None where the algebra refuses."""
    depends = {
        named.name: frozenset(node.name for node in subterms(named.definition, open_names=True) if isinstance(node, (Leaf, Named)))
        for named in world.derivation.definitions
    }
    forms = []
    arena = Arena(positive=frozenset({"p"}), nonnegative=frozenset({"q"}), order=depends)
    arena.budget = 20_000
    for label, closed, partials in (("open", frozenset(), "open"), ("closed", frozenset(world.names), "closed")):
        lowering = Lowering(arena, world.names, closed, partials)  # type: ignore[arg-type]
        try:
            forms.append((label, lowering, lowering.lower(term)))
        except Refused:
            outcome.counts[f"{label}: refused"] += 1
        except RecursionError:
            outcome.crashes.append(f"{label}: RecursionError on {show(term)}")
    if forms and forms[0][0] == "open":
        try:
            rewritten = apply_all(arena, forms[0][2], tuple(_rules(world.derivation)))
            forms.append(("assumptions", forms[0][1], rewritten))
        except Refused:
            outcome.counts["assumptions: refused"] += 1
    outcome.rules.update(arena.rules | arena.assumptions)
    for _, _, polynomial in forms:
        outcome.kinds.update(_kinds(polynomial))
    return Lowered(world, term, tuple(forms)) if forms else None


def compare(found: Lowered, random: Random, outcome: Outcome, points: int = 2, most: int = 4) -> None:
    """The polynomials have the term's value wherever the conditions hold."""
    world, term = found.world, found.term
    for _ in range(points):
        sizes = sizes_of(random, world)
        terms = TermValues(point(random, world, sizes), sizes)
        atoms = {id(lowering): PolynomialValues(lowering.arena, terms, world.symbols) for _, lowering, _ in found.forms}
        for at in assignments(random, sorted(term.free, key=str), sizes, most):
            _compare_at(found, terms, atoms, at, outcome)


def _compare_at(found: Lowered, terms: TermValues, atoms: Mapping[int, PolynomialValues], at: At, outcome: Outcome) -> None:
    def say(what: str) -> None:
        outcome.discrepancies.append(f"{what}: {show(found.term)} at {terms.sizes} {show_at(at)} {show_point(found.term, terms.tensors)}")

    try:
        expected = terms.scalar(found.term, at)
    except Undefined as problem:
        expected = problem
    except Undecided:
        outcome.counts["undecided"] += 1
        return
    except OverflowError:
        return
    for label, lowering, polynomial in found.forms:
        evaluator = atoms[id(lowering)]
        variables = {lowering.variable(index): place for index, place in at.items()}
        try:
            if not conditions_hold(lowering, evaluator, variables):
                outcome.counts["conditions fail"] += 1
                continue
            got = evaluator.polynomial(polynomial, variables)
        except (Undecided, OverflowError):
            outcome.counts["undecided"] += 1
            continue
        except Undefined as problem:
            if not isinstance(expected, Undefined) and "singular" not in str(problem):
                say(f"{label}: the polynomial is undefined ({problem}), the term is {expected}")
            continue
        if isinstance(expected, Undefined):
            if "range" not in str(expected) and "singular" not in str(expected) and "has no entry" not in str(expected):
                say(f"{label}: conditions hold but the term is undefined ({expected})")
            continue
        if values.wide(expected) or values.wide(got):
            outcome.counts["undecided"] += 1
            continue
        outcome.counts[f"{label}: compared"] += 1
        if not values.overlap(expected, got):
            say(f"{label}: term {expected}, polynomial {got}")


def show(term: Term) -> str:
    from derivcheck.language.printing.text import text

    return text(term)


def show_at(at: At) -> str:
    return ", ".join(f"{index}={place}" for index, place in at.items())


def show_point(term: Term, tensors: Tensors) -> str:
    used = {node.name for node in subterms(term, open_names=True) if isinstance(node, Leaf)}
    return "; ".join(f"{name}={[str(value) for value in tensors[name].values()]}" for name in sorted(used))


def random_term(world: World, random: Random, depth: int = 3, kinds: Mapping[str, int] | None = None, given: Sequence[float] = ()) -> tuple[Term, Tape]:
    """A scalar term with some free indices. Ill-typed tries are repeated."""
    while True:
        tape = Tape(random, given)
        try:
            return Terms(world, tape, kinds).scalar(depth, world.free), tape
        except IllTyped:
            given = ()


def fuzz(seed: int, count: int, *, depth: int = 3, points: int = 2, make: Callable[[World, Random], Term] | None = None, stop: bool = False) -> Outcome:
    """Lower `count` random terms and compare. With `stop` the first discrepancy ends the run."""
    outcome = Outcome()
    for number in range(count):
        random = Random(f"{seed}/{number}")
        world = WORLDS[random.choice(list(WORLDS))]
        term = make(world, random) if make is not None else random_term(world, random, depth)[0]
        found = lowered(world, term, outcome)
        before = len(outcome.discrepancies)
        if found is not None:
            compare(found, random, outcome, points)
        for position in range(before, len(outcome.discrepancies)):
            outcome.discrepancies[position] = f"[seed {seed}, term {number}] {outcome.discrepancies[position]}"
        if stop and outcome.discrepancies:
            break
    outcome.counts["terms"] = count
    return outcome


# ------------------------------------------------------------------------------------- pairs of terms, and steps of a proof
@dataclass(frozen=True)
class Pair:
    """Two terms that may or may not be equal, where these pairs of free indices differ."""

    world: World
    left: Term
    right: Term
    where: tuple[IndexRelation, ...] = ()


def _difference_at(pair: Pair, random: Random, points: int, most: int) -> tuple[int, str | None]:
    """How many values agree, and the first that does not."""
    same = 0
    free = sorted(pair.left.free | pair.right.free, key=str)
    for _ in range(points):
        sizes = sizes_of(random, pair.world)
        terms = TermValues(point(random, pair.world, sizes), sizes)
        for at in assignments(random, free, sizes, most):
            if any(at[relation.left] == at[relation.right] for relation in pair.where):  # type: ignore[index]
                continue
            try:
                left, right = terms.scalar(pair.left, at), terms.scalar(pair.right, at)
            except (Undefined, Undecided, OverflowError):
                continue
            if values.wide(left) or values.wide(right):
                continue
            if not values.overlap(left, right):
                return same, f"{show(pair.left)} = {left}, {show(pair.right)} = {right} at {sizes} {show_at(at)} {show_point(pair.left, terms.tensors)}"
            same += 1
    return same, None


def fuzz_pairs(seed: int, count: int, make: Callable[[World, Random], Pair], *, stop: bool = False) -> Outcome:
    """Where the prover agrees, the sides have one value at every point at which both are defined."""
    outcome = Outcome()
    for number in range(count):
        random = Random(f"{seed}/{number}")
        pair = make(WORLDS[random.choice(list(WORLDS))], random)
        prover = Prover(pair.world.derivation)
        prover.arena.budget = 20_000
        claim = Claim("pair", "identity", pair.left.place, lhs=pair.left, rhs=pair.right, where=pair.where)
        proof = prover.prove(claim)
        _, difference = _difference_at(pair, random, 3, 6)
        outcome.counts["agrees" if proof.status else "open"] += 1
        outcome.counts["different" if difference else "equal"] += 1
        outcome.rules.update(proof.rules)
        if proof.status and difference:
            outcome.discrepancies.append(f"[seed {seed}, pair {number}] proved although {difference}")
            if stop:
                break
    return outcome


def fuzz_steps(seed: int, count: int, make: Callable[[World, Random], Term], cite: Callable[[World], Sequence[Claim]] = lambda world: (), *, stop: bool = False) -> Outcome:
    """Every step of the chain rule, every opened name and every cited claim leaves the value of a term as it is."""
    outcome = Outcome()
    for number in range(count):
        random = Random(f"{seed}/{number}")
        world = WORLDS[random.choice(list(WORLDS))]
        term = make(world, random)
        prover = Prover(world.derivation)
        for claim in cite(world):
            prover.remember(claim, prover.prove(claim))
        prover.arena.forget()
        try:
            zero = as_term(0)
            attempts = list(prover._step_by_step(term, zero, prover._all_closed(term, zero)))
            attempts += [*prover._values_open(term, zero, attempts[-1]), *prover._all_open(term, zero, attempts[-1])]
        except Refused:
            outcome.counts["refused"] += 1
            continue
        outcome.counts["steps"] += len(attempts)
        outcome.counts["cited"] += sum(bool(attempt.cited) for attempt in attempts)
        for _ in range(2):
            sizes = sizes_of(random, world)
            terms = TermValues(point(random, world, sizes), sizes)
            atoms = PolynomialValues(prover.arena, terms, world.symbols)
            for at in assignments(random, sorted(term.free, key=str), sizes, 3):
                try:
                    expected = terms.scalar(term, at)
                    for step, attempt in enumerate(attempts):
                        variables = {attempt.lowering.variable(index): place for index, place in at.items()}
                        got = atoms.polynomial(attempt.left, variables)
                        outcome.counts["compared"] += 1
                        if not values.overlap(expected, got):
                            outcome.discrepancies.append(f"[seed {seed}, term {number}] step {step} of {show(term)}: {expected}, {got} at {sizes} {show_at(at)}")
                except (Undefined, Undecided, OverflowError):
                    outcome.counts["undefined"] += 1
        if stop and outcome.discrepancies:
            break
    return outcome


__all__ = ["BUILD", "WORLDS", "Claim", "Outcome", "Pair", "Prover", "World", "fuzz", "fuzz_pairs", "fuzz_steps", "random_term"]
