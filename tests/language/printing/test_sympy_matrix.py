"""Terms as explicit SymPy arrays: shapes, names, layouts, subscripts, and derivatives on unconstrained entries."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction

import pytest
import sympy

from derivcheck import (
    D,
    Derivation,
    array,
    cases,
    delta,
    diag,
    differ,
    equal,
    exp,
    hadamard,
    indicator,
    kron,
    one_hot,
    relu,
    scalar_function,
    softmax,
    sum_over,
    total,
    trace,
    unvec,
    vec,
)  # fmt: skip
from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import table
from derivcheck.language.operators.sympy_parts import step
from derivcheck.language.printing.explicit_values import Ambiguous, OutOfRange, entry_names
from derivcheck.language.printing.sympy_entries import Evaluation
from derivcheck.language.printing.sympy_matrix import explicit, explicit_sides, free_indices
from derivcheck.language.subscripts import IndexRelation, Shift
from derivcheck.language.terms import Positive, Size, Term

SIZES = {"n": 2, "m": 3}


def real(names: str) -> tuple[sympy.Symbol, ...]:
    return sympy.symbols(names, real=True, seq=True)


@pytest.fixture
def d() -> Derivation:
    d = Derivation("explicit", layout="numerator")
    n, m = d.dim("n"), d.dim("m")
    d.indices("i j k", n)
    d.vector("x", n)
    d.row("r", m)
    d.matrix("W", n, m)
    d.matrix("S", n, n)
    d.scalar("a")
    return d


def leaf(d: Derivation, name: str) -> Term:
    return next(leaf for leaf in d.leaves if leaf.name == name)


def test_leaves_have_their_full_shape(d: Derivation) -> None:
    assert explicit(leaf(d, "x"), SIZES).tolist() == [[x] for x in real("x_1 x_2")]
    assert explicit(leaf(d, "r"), SIZES).tolist() == [list(real("r_1 r_2 r_3"))]
    assert explicit(leaf(d, "W"), SIZES).tolist() == [list(real("W_11 W_12 W_13")), list(real("W_21 W_22 W_23"))]
    assert explicit(leaf(d, "a"), SIZES)[()] == real("a")[0]
    assert explicit(leaf(d, "W"), {"n": 2, "m": 11})[1, 10] == real("W_2_11")[0]


def test_names_of_entries_do_not_collide() -> None:
    d = Derivation("names", layout="numerator")
    n = d.dim("n")
    z, scalar, second, W = d.vector("z", n), d.scalar("z_1"), d.vector("W_1", n), d.matrix("W", n, n)
    names = [str(entry) for term in (z, scalar, second, W) for entry in Evaluation({"n": 12}).leaf_entries(term)]
    assert len(set(names)) == len(names) == 12 + 1 + 12 + 144
    assert str(explicit(scalar, {"n": 2})[()]) == "{z_1}"
    assert str(explicit(second, {"n": 2})[1, 0]) == "{W_1}_2"


def test_subscripts(d: Derivation) -> None:
    i, j, k = (index for index in (d.index("p", d.dims["n"]), d.index("q", d.dims["n"]), d.index("s", d.dims["m"])))
    W, S, x = leaf(d, "W"), leaf(d, "S"), leaf(d, "x")
    assert explicit(W[i, k], SIZES, {i: 2, k: 3})[()] == real("W_23")[0]
    assert explicit(S[i, 1] * S[Shift(i, -1), j], SIZES, {i: 2, j: 1})[()] == real("S_21")[0] * real("S_11")[0]
    assert explicit(W[:, k], SIZES, {k: 2}).tolist() == [[w] for w in real("W_12 W_22")]
    assert explicit(W[i, :], SIZES, {i: 1}).tolist() == [list(real("W_11 W_12 W_13"))]
    for outside in (x[Shift(i, -1)], x[Shift(i, 2)], x[3]):
        with pytest.raises(OutOfRange):
            explicit(outside, SIZES, {i: 1})
    with pytest.raises(KeyError):
        explicit(x[i], SIZES)


def test_composite_axes_are_slowest_first(d: Derivation) -> None:
    W, x = leaf(d, "W"), leaf(d, "x")
    assert explicit(vec(W), SIZES).tolist() == [[w] for w in real("W_11 W_21 W_12 W_22 W_13 W_23")]
    i, k = d.index("p", d.dims["n"]), d.index("q", d.dims["m"])
    assert explicit(vec(W)[k, i], SIZES, {i: 2, k: 3})[()] == real("W_23")[0]
    assert explicit(unvec(vec(W), rows=d.dims["n"], columns=d.dims["m"]), SIZES) == explicit(W, SIZES)
    assert explicit(kron(x, W), SIZES).shape == (4, 3)
    assert explicit(kron(x, W), SIZES)[2, 1] == real("x_2")[0] * real("W_12")[0]


def test_sums_and_relations(d: Derivation) -> None:
    n = d.dims["n"]
    p, q = d.index("p", n), d.index("q", n)
    x, sizes = leaf(d, "x"), {"n": 4}
    x1, x2, x3, x4 = real("x_1 x_2 x_3 x_4")
    value = lambda term, **at: explicit(term, sizes, {p: at.get("p", 1)})[()]  # noqa: E731
    assert value(sum_over(q, x[q])) == x1 + x2 + x3 + x4
    assert value(sum_over(q, x[q], lower=Shift(p, 1)), p=2) == x3 + x4
    assert value(sum_over(q, x[q], lower=2, upper=Shift(p, 9)), p=1) == x2 + x3 + x4
    assert value(sum_over(q, x[q], lower=Shift(p, 1)), p=4) == 0
    assert value(sum_over(q, delta(q, p) * x[q]), p=3) == x3
    assert value(sum_over(q, indicator(IndexRelation(q, "<", p)) * x[q]), p=3) == x1 + x2
    assert value(sum_over(q, indicator(differ(q, p)) * x[q]), p=3) == x1 + x2 + x4
    assert value(cases((equal(p, 1), x[1]), otherwise=x[Shift(p, -1)]), p=1) == x1
    assert value(cases((equal(p, 1), x[1]), otherwise=x[Shift(p, -1)]), p=4) == x3
    assert value(Size(n) * x[1]) == 4 * x1


def test_a_sign_chooses_by_the_step(d: Derivation) -> None:
    a = leaf(d, "a")
    (A,) = real("a")
    found = explicit(cases((Positive(a), a**2), otherwise=3), SIZES)[()]
    assert found == step(A) * A**2 + (1 - step(A)) * 3
    assert explicit(cases((Positive(a**0), a), otherwise=3), SIZES)[()] == A
    assert explicit(indicator(Positive(-(a**0))), SIZES)[()] == 0


def test_one_hot_takes_a_position(d: Derivation) -> None:
    p = d.index("p", d.dims["n"])
    assert explicit(one_hot(d.dims["n"], p), SIZES, {p: 2}).tolist() == [[0], [1]]


@pytest.mark.parametrize(
    ("layout", "gradient", "matrix", "jacobian", "by_scalar"),
    [
        ("numerator", (1, 2), (3, 2), (2, 3), (2, 1)),
        ("denominator", (2, 1), (2, 3), (3, 2), (1, 2)),
        ("like-variable", (2, 1), (2, 3), (2, 3), (2, 1)),
    ],
)
def test_layouts(layout: str, gradient: tuple, matrix: tuple, jacobian: tuple, by_scalar: tuple) -> None:
    d = Derivation("layouts", layout=layout)  # type: ignore[arg-type]
    n, m = d.dim("n"), d.dim("m")
    x, y, W, a = d.vector("x", n), d.vector("y", m), d.matrix("W", n, m), d.scalar("a")
    assert explicit(D(x.T @ W @ y, x), SIZES).shape == gradient
    assert explicit(D(a**2 * x, a), SIZES).shape == by_scalar
    by_matrix = explicit(D(x.T @ W @ y, W), SIZES)
    assert by_matrix.shape == matrix
    (x1, x2), (y1, y2, y3) = real("x_1 x_2"), real("y_1 y_2 y_3")
    outer = sympy.Matrix([[x1 * y1, x1 * y2, x1 * y3], [x2 * y1, x2 * y2, x2 * y3]])
    assert by_matrix.tomatrix() == (outer if matrix == (2, 3) else outer.T)
    by_vector = explicit(D(W @ y, y), SIZES)
    assert by_vector.shape == jacobian
    entries = explicit(W, SIZES).tomatrix()
    assert by_vector.tomatrix() == (entries if jacobian == (2, 3) else entries.T)


def test_tensor_derivative_axes(d: Derivation) -> None:
    W, x = leaf(d, "W"), leaf(d, "x")
    found = explicit(D(W.T @ x, W), SIZES)
    assert found.shape == (3, 2, 3)
    x2 = real("x_2")[0]
    assert found[1, 1, 1] == x2
    assert found[0, 1, 1] == 0


def test_derivatives_by_entries_and_slices(d: Derivation) -> None:
    W, x = leaf(d, "W"), leaf(d, "x")
    k = d.index("p", d.dims["m"])
    found = explicit(D(x.T @ W @ W.T @ x, W[:, k]), SIZES, {k: 2})
    assert found.shape == (1, 2)
    whole = explicit(D(x.T @ W @ W.T @ x, W), SIZES)
    assert [sympy.expand(entry) for entry in found.tolist()[0]] == [sympy.expand(whole[1, r]) for r in range(2)]


def test_a_named_variable_is_free_and_put_back(d: Derivation) -> None:
    x = leaf(d, "x")
    z = d.let("z", hadamard(x, x))
    loss = d.let("loss", total(hadamard(z, z)) + total(x) + total(hadamard(hadamard(x, x), x)))
    x1, x2 = real("x_1 x_2")
    assert explicit(D(loss, z), SIZES).tolist() == [[2 * x1**2, 2 * x2**2]]
    assert explicit(D(loss, x), SIZES).tolist() == [[4 * x1**3 + 1 + 3 * x1**2, 4 * x2**3 + 1 + 3 * x2**2]]
    assert explicit(D(D(loss, z), z), SIZES).tolist() == [[2, 0], [0, 2]]
    assert explicit(D(D(loss, z), x), SIZES).tolist() == [[4 * x1, 0], [0, 4 * x2]]
    assert explicit(D(hadamard(x, x), z), SIZES).tolist() == [[0, 0], [0, 0]]
    assert explicit(D(z, z), SIZES).tolist() == [[1, 0], [0, 1]]


def test_a_derivative_that_passes_the_held_variable_is_refused(d: Derivation) -> None:
    x = leaf(d, "x")
    z = d.let("z", hadamard(x, x))
    loss = d.let("loss", total(hadamard(z, z)))
    with pytest.raises(Ambiguous, match="passes z"):
        explicit(D(D(loss, x), z), SIZES)


def test_generic_functions(d: Derivation) -> None:
    W, x = leaf(d, "W"), leaf(d, "x")
    found = explicit(D(scalar_function("L", W.T @ x), x), SIZES)
    assert found.shape == (1, 2)
    assert {call.func.generic for call in found[0, 0].atoms(sympy.Function)} == {("L", (1,)), ("L", (2,)), ("L", (3,))}


def test_requirements_are_those_of_the_written_term(d: Derivation) -> None:
    a, x = leaf(d, "a"), leaf(d, "x")
    (A,) = real("a")
    evaluation = Evaluation(SIZES)
    needed = lambda term: {(need.word, need.entries) for need in evaluation.evaluate(term, {}).requirements if not need.of_derivative}  # noqa: E731
    assert needed(a**-1 * a) == {("nonzero", (A,))}
    assert needed(a ** Fraction(1, 2)) == {("positive", (A,))}
    assert needed(relu(a)) == set()
    assert needed(D(relu(a), a)) == {("nonzero", (A,))}
    assert needed(softmax(x)) == set()
    z = d.let("z", exp(a) * x)
    assert needed(D(total(relu(z)), z)) == {("nonzero", (sympy.exp(A) * entry,)) for entry in real("x_1 x_2")}


def test_sides_of_a_claim(d: Derivation) -> None:
    i, j, k = (index for index in d.indices("p q s", d.dims["n"]))
    x, W = leaf(d, "x"), leaf(d, "W")
    d.claim("scalar", total(x), x.T @ x)
    d.claim("matrix", W, 2 * W)
    d.claim("tensor", D(W @ W.T, W), D(W @ W.T, W))
    d.claim("one", x[i], x[i] ** 2)
    d.claim("two", x[j] + 2 * x[i], x[i] + x[j], where=[differ(i, j)])
    d.claim("three", x[i] * x[j] * x[k], x[k] * x[j] * x[i])
    d.claim("vectors", x[i] * x, x[i] * x)
    d.claim("shifted", x[Shift(i, 1)], x[Shift(i, 1)])
    shapes = [tuple(side.shape for side in claim.sympy(SIZES)) for claim in d.claims]
    assert shapes == [(shape, shape) for shape in [(1, 1), (2, 3), (2, 12), (2, 1), (2, 2), (8, 1), (2, 2), (2, 1)]]
    sides = {claim.name: claim.sympy(SIZES) for claim in d.claims}
    x1, x2 = real("x_1 x_2")
    assert sides["scalar"] == (sympy.Matrix([[x1 + x2]]), sympy.Matrix([[x1**2 + x2**2]]))
    assert free_indices(d.claims[4]) == (j, i)
    assert sides["two"][0] == sympy.Matrix([[sympy.nan, x1 + 2 * x2], [x2 + 2 * x1, sympy.nan]])
    assert sides["three"][0][1] == x1**2 * x2
    assert sides["shifted"][0] == sympy.Matrix([x2, sympy.nan])


def test_sides_of_explicit_and_broken_claims(d: Derivation) -> None:
    (a,) = real("a")
    matrix = sympy.Matrix([[a, 1]])
    assert d.explicit("stated", lambda: (matrix, 2 * matrix)).sympy({}) == (matrix, 2 * matrix)
    with pytest.raises(IllTyped, match="no sides"):
        explicit_sides(d.claim("broken", lambda: leaf(d, "x") @ leaf(d, "x"), leaf(d, "x")), SIZES)


def test_matrix_derivatives_keep_the_second_term_of_the_softmax_jacobian(d: Derivation) -> None:
    x = leaf(d, "x")
    left, right = d.claim("Jacobian", D(softmax(x), x), diag(softmax(x)) - softmax(x) @ softmax(x).T).sympy({"n": 3})
    assert left[0, 1] != 0
    assert (left - right).applyfunc(sympy.simplify) == sympy.zeros(3)


def test_no_assumption_enters(d: Derivation) -> None:
    S, x = leaf(d, "S"), leaf(d, "x")
    d.assume("symmetric", S)
    assert explicit(D(trace(S @ S), S), SIZES).tolist() == [[2 * s for s in real("S_11 S_12")], [2 * s for s in real("S_21 S_22")]]
    d.assume("sums-to", x)
    assert explicit(D(total(x), x), SIZES).tolist() == [[1, 1]]


@pytest.mark.parametrize("name", table())
def test_every_operator_has_its_shape(name: str) -> None:
    term = table()[name].example()
    sizes = {symbol: size for size, symbol in enumerate(sorted({symbol for dim in _dims(term) for symbol in dim.symbols}), start=2)}
    evaluation = Evaluation(sizes)
    found = evaluation.evaluate(term, dict.fromkeys(term.free, 2))
    assert explicit(term, sizes, dict.fromkeys(term.free, 2)).shape == evaluation.axes(term.shape)
    assert all(isinstance(entry, sympy.Expr) for entry in found.entries)


def _dims(term: Term) -> list:
    from derivcheck.language.walks import subterms

    return [dim for node in subterms(term) for dim in (*node.shape, *(index.dim for index in node.free))]


def test_an_unknown_node_raises() -> None:
    class Unknown(Term):
        def __init__(self) -> None:
            self._settle(())

    with pytest.raises(TypeError, match="unknown node Unknown"):
        explicit(Unknown(), {})


def test_array_binds_in_order(d: Derivation) -> None:
    p, q = d.index("p", d.dims["n"]), d.index("q", d.dims["m"])
    W = leaf(d, "W")
    assert explicit(array(W[p, q], q, p), SIZES) == explicit(W.T, SIZES)


def test_reading_claims_does_not_import_sympy() -> None:
    code = "import sys, derivcheck.witnesses.small_dimensions, derivcheck.witnesses.counterexample; sys.exit('sympy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_names_that_differ_have_entries_that_differ() -> None:
    names = ("x", "x_1", "{x_1}", "{x}", "{{x_1}}", "x_11")
    for axes in ((), (2,), (2, 2)):
        written = [entry for name in names for entry in entry_names(name, axes)]
        assert len(set(written)) == len(written)
