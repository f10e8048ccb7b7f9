"""Sums are equal exactly when their hypergraphs are isomorphic, and nothing is ever captured."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from random import Random

import interval_values as values
import pytest
from interval_polynomials import PolynomialValues
from interval_terms import TermValues

from derivcheck.algebra import binders, functions, powers, rules, substitution, sums
from derivcheck.algebra import polynomial as ring
from derivcheck.algebra.assumptions import Symmetric, apply_all
from derivcheck.algebra.atoms import UNIT, ZERO, Arena, Polynomial, Slot, Stopped
from derivcheck.algebra.dims import Dim
from derivcheck.algebra.replacement import replace_atoms
from derivcheck.language.shapes import column, shape_of
from derivcheck.language.terms import Leaf

N, M = Dim.of("n"), Dim.of("m")

Edge = tuple[str, tuple[int, ...]]
"""A factor: the name of a tensor and the vertices (bound indices) that it joins."""


def entry(arena: Arena, name: str, *slots: Slot) -> Polynomial:
    return Polynomial({((arena.entry(name, slots), 1),): 1})


def total(arena: Arena, edges: list[Edge], dims: dict[int, Dim], random: Random | None = None) -> Polynomial:
    """The sum over all vertices of the product of the edges, built in a random order with random names and in random groups."""
    vertices = list(dims)
    if random is not None:
        random.shuffle(vertices)
        edges = random.sample(edges, len(edges))
    names = {vertex: arena.fresh(dims[vertex]) for vertex in vertices}
    factors = [entry(arena, name, *(names[vertex] for vertex in ends)) for name, ends in edges]
    if random is None or random.random() < 0.5:
        return sums.sum_over(arena, ring.product(arena, factors), tuple(names.values()))
    # one index after the other, each as soon as its last factor is in
    bound = list(names.values())
    random.shuffle(bound)
    result = ring.product(arena, factors)
    for variable in bound:
        result = sums.sum_over(arena, result, (variable,))
    return result


GRAPHS: dict[str, tuple[list[Edge], dict[int, Dim]]] = {
    "chain": ([("A", (k, k + 1)) for k in range(5)], dict.fromkeys(range(6), N)),
    "cycle of three": ([("A", (0, 1)), ("A", (1, 2)), ("A", (2, 0))], dict.fromkeys(range(3), N)),
    "cycle of six": ([("A", (k, (k + 1) % 6)) for k in range(6)], dict.fromkeys(range(6), N)),
    "star": ([("A", (0, k)) for k in range(1, 6)], dict.fromkeys(range(6), N)),
    "two dimensions": ([("A", (0, 1)), ("B", (1, 2)), ("B", (0, 3)), ("C", (2, 3))], {0: N, 1: N, 2: M, 3: M}),
    "hyperedges": ([("T", (0, 1, 2)), ("T", (2, 3, 4)), ("T", (4, 5, 0))], dict.fromkeys(range(6), N)),
    "loops": ([("A", (0, 0)), ("A", (0, 1)), ("A", (1, 1)), ("x", (1,))], {0: N, 1: N}),
    "double edges": ([("A", (0, 1)), ("A", (0, 1)), ("A", (1, 2)), ("A", (2, 1))], dict.fromkeys(range(3), N)),
    "complete": ([("A", pair) for pair in combinations(range(4), 2)], dict.fromkeys(range(4), N)),
    "cube": ([("A", (a, a ^ bit)) for a in range(8) for bit in (1, 2, 4)], dict.fromkeys(range(8), N)),
}


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("seed", range(6))
def test_isomorphic_sums_are_the_same_atom(name: str, seed: int) -> None:
    edges, dims = GRAPHS[name]
    arena = Arena()
    assert total(arena, edges, dims, Random(seed)) == total(arena, edges, dims), f"seed {seed}"


def undirected(pairs: list[tuple[int, int]]) -> list[Edge]:
    return [("A", ends) for a, b in pairs for ends in ((a, b), (b, a))]


DIFFERENT: dict[str, tuple[list[Edge], list[Edge], int]] = {
    "two triangles and a hexagon": (
        undirected([(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3)]), undirected([(k, (k + 1) % 6) for k in range(6)]), 6,
    ),
    "the prism and K33": (
        undirected([(0, 1), (1, 2), (2, 0), (3, 4), (4, 5), (5, 3), (0, 3), (1, 4), (2, 5)]),
        undirected([(a, b) for a in range(3) for b in range(3, 6)]), 6,
    ),
    "the cube and the Möbius ladder": (
        undirected([(a, a ^ bit) for a in range(8) for bit in (1, 2, 4) if a < a ^ bit]),
        undirected([(k, (k + 1) % 8) for k in range(8)] + [(k, k + 4) for k in range(4)]), 8,
    ),
    "a cycle and the reverse of one arrow": ([("A", (0, 1)), ("A", (1, 2)), ("A", (2, 0))], [("A", (0, 1)), ("A", (1, 2)), ("A", (0, 2))], 3),
    "AB and AC": ([("A", (0, 1)), ("B", (1, 2))], [("A", (0, 1)), ("C", (1, 2))], 3),
    "rows and columns": ([("A", (0, 1)), ("x", (0,))], [("A", (0, 1)), ("x", (1,))], 2),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERENT)
def test_sums_that_are_not_isomorphic_differ(name: str) -> None:
    first, second, count = DIFFERENT[name]
    arena = Arena()
    dims = dict.fromkeys(range(count), N)
    try:
        left, right = (total(arena, edges, dims) for edges in (first, second))
    except Stopped:
        pytest.fail("a graph of this size is within the cap")
    assert left != right


def test_equal_sums_of_different_dimensions_differ() -> None:
    arena = Arena()
    left, right = (total(arena, [("A", (0, 1)), ("x", (0,))], dims) for dims in ({0: N, 1: M}, {0: M, 1: N}))
    assert left != right


@pytest.mark.parametrize("seed", range(8))
def test_a_symmetric_factor_is_an_unordered_edge(seed: int) -> None:
    random = Random(seed)
    arena = Arena()
    edges: list[Edge] = [("A", (0, 1)), ("A", (1, 2)), ("A", (2, 0)), ("x", (0,))]
    turned = [(name, ends[::-1]) if random.random() < 0.5 else (name, ends) for name, ends in edges]
    given = (Symmetric("A", "A is symmetric"),)
    dims = dict.fromkeys(range(3), N)
    left, right = (apply_all(arena, total(arena, part, dims, Random(seed)), given) for part in (edges, turned))
    assert left == right, f"seed {seed}"


def test_a_power_of_a_sum_under_a_sum() -> None:
    """Σ_i (Σ_j K_ij x_j)⁸: eight indices that nothing tells apart."""
    arena = Arena()

    def eighth(name: str) -> Polynomial:
        i, j = arena.fresh(N), arena.fresh(N)
        inner = sums.sum_over(arena, ring.multiply(arena, entry(arena, "K", i, j), entry(arena, name, j)), (j,))
        return sums.sum_over(arena, powers.power(arena, inner, 8), (i,))

    assert eighth("x") == eighth("x")
    assert eighth("x") != eighth("y")
    i = arena.fresh(N)
    copies = [arena.fresh(N) for _ in range(8)]
    spread = ring.product(arena, [ring.multiply(arena, entry(arena, "K", i, j), entry(arena, "x", j)) for j in reversed(copies)])
    assert sums.sum_over(arena, spread, (*copies[::2], i, *copies[1::2])) == eighth("x")


def test_beyond_the_cap_it_stops() -> None:
    """A random regular tournament on many indices may stop, or must agree with its renaming: it never gives a wrong answer."""
    arena = Arena()
    size = 13
    residues = {k * k % size for k in range(1, size)}
    edges: list[Edge] = [("A", (a, b)) for a in range(size) for b in range(size) if a != b and (b - a) % size in residues]
    dims = dict.fromkeys(range(size), N)
    results = []
    for seed in (0, 1):
        arena.budget = 60_000
        try:
            results.append(total(arena, edges, dims, Random(seed)))
        except Stopped:
            results.append(None)
    assert None in results or results[0] == results[1]


def test_the_cap_on_work_stops() -> None:
    arena = Arena()
    arena.budget = 50
    with pytest.raises(Stopped):
        powers.power(arena, ring.add(*(entry(arena, name) for name in "abcdefgh")), 20)


# ------------------------------------------------------------------------------------------------------------ capture
SIZES = {"n": 3, "m": 2}
SYMBOLS = {
    "x": Leaf("x", column(N)),
    "y": Leaf("y", column(N)),
    "S": Leaf("S", shape_of(N, N)),
    "B": Leaf("B", shape_of(N, M)),
    "u": Leaf("u", column(M)),
}


def evaluator(arena: Arena, seed: int) -> PolynomialValues:
    random = Random(seed)
    tensors = {
        name: {place: Fraction(random.randint(1, 9)) for place in places}
        for name, places in {
            "x": [(k,) for k in (1, 2, 3)],
            "y": [(k,) for k in (1, 2, 3)],
            "u": [(k,) for k in (1, 2)],
            "S": [(k, l) for k in (1, 2, 3) for l in (1, 2, 3)],
            "B": [(k, l) for k in (1, 2, 3) for l in (1, 2)],
        }.items()
    }
    return PolynomialValues(arena, TermValues(tensors, SIZES), SYMBOLS)


def nested(arena: Arena, free: int, depth: int) -> Polynomial:
    """x_free Σ_j S_free,j exp(y_j Σ_k S_jk …): sums of one dimension inside each other, each closed on its own."""
    inner = free
    body = UNIT if depth == 0 else ZERO
    if depth:
        j = arena.fresh(N)
        body = sums.sum_over(arena, ring.multiply(arena, entry(arena, "S", inner, j), nested(arena, j, depth - 1)), (j,))
        body = powers.power(arena, ring.add(body, entry(arena, "y", inner)), -1)
    return ring.multiply(arena, entry(arena, "x", inner), body)


@pytest.mark.parametrize("depth", [1, 2, 3])
@pytest.mark.parametrize("seed", range(4))
def test_no_bound_variable_is_captured(depth: int, seed: int) -> None:
    """Every canonical variable of the arena, put in place of the free one, keeps the value."""
    arena = Arena()
    free = arena.fresh(N)
    value = nested(arena, free, depth)
    for captor in list(arena.bound.values()):
        if arena.dims[captor] != N:
            continue
        renamed = substitution.substitute(arena, value, {free: captor})
        for place in (1, 2, 3):
            atoms = evaluator(arena, seed)
            assert values.overlap(atoms.polynomial(value, {free: place}), atoms.polynomial(renamed, {captor: place}))


@pytest.mark.parametrize("kind", ["functional", "inverse", "determinant"])
def test_no_binder_of_an_atom_captures(kind: str) -> None:
    """L(x ⊙ S_:i), (S_:: x_i)⁻¹ and det: a variable bound by the atom comes in from outside."""
    arena = Arena()
    free = arena.fresh(N)
    r, s = arena.fresh(N), arena.fresh(N)
    weighted = ring.add(ring.multiply(arena, entry(arena, "S", r, s), entry(arena, "x", free)), ring.scale(rules.delta(arena, r, s), 40))
    value = {
        "functional": lambda: binders.functional(arena, "ell", (r, s), weighted, ((free, free),)),
        "inverse": lambda: binders.inverse(arena, (r, s), weighted, free, free),
        "determinant": lambda: binders.determinant(arena, (r, s), weighted),
    }[kind]()
    ((monomial, _),) = value.terms.items()
    bound = next(part for part in monomial[0][0].data if isinstance(part, tuple) and part and all(isinstance(v, int) for v in part))
    for captor in bound:
        renamed = substitution.substitute(arena, value, {free: captor})
        for place in (1, 2, 3):
            atoms = evaluator(arena, 5)
            assert values.overlap(atoms.polynomial(value, {free: place}), atoms.polynomial(renamed, {captor: place}))


def test_a_replacement_inside_a_sum_is_not_captured() -> None:
    """v_i = Σ_j S_ij x_j put into Σ_j v_j y_j and into a nested sum is not Σ_j S_jj x_j y_j."""
    arena = Arena(order={"v": frozenset({"S", "x"})})

    def definition(slot: Slot) -> Polynomial:
        j = arena.fresh(N)
        return sums.sum_over(arena, ring.multiply(arena, entry(arena, "S", slot, j), entry(arena, "x", j)), (j,))

    k, l = arena.fresh(N), arena.fresh(N)
    body = ring.product(arena, [entry(arena, "v", k), entry(arena, "v", l), entry(arena, "S", k, l), entry(arena, "y", k)])
    closed = sums.sum_over(arena, functions.exponential(arena, sums.sum_over(arena, body, (l,))), (k,))
    opened = replace_atoms(arena, closed, "v", lambda atom: definition(atom.data[1][0]) if atom.kind == "entry" and atom.data[0] == "v" else None)
    k, l = arena.fresh(N), arena.fresh(N)
    expected = ring.product(arena, [definition(k), definition(l), entry(arena, "S", k, l), entry(arena, "y", k)])
    assert opened == sums.sum_over(arena, functions.exponential(arena, sums.sum_over(arena, expected, (l,))), (k,))
    assert "v" not in {name for monomial in opened.terms for atom, _ in monomial for name in atom.mentions}
