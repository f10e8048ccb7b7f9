"""What is printed as LaTeX is read back as the same term: every operator, every kind of node, random terms."""

from __future__ import annotations

from fractions import Fraction

import pytest
from formulas import Note
from random_printable_terms import DECLARATIONS, Terms
from written_terms import declarations, declared, read_back, unordered

from derivcheck.algebra.dims import Dim, Index
from derivcheck.judge import judge
from derivcheck.language.operators import apply, table
from derivcheck.language.printing.latex import latex
from derivcheck.language.printing.text import text
from derivcheck.language.shapes import column, shape_of
from derivcheck.language.subscripts import IndexRelation, Shift
from derivcheck.language.terms import Array, Cases, D, Delta, Entry, Indicator, Leaf, Positive, Power, Size, Slice, Sum, Term
from derivcheck.language.walks import same_expression
from derivcheck.notes.unsupported import Unsupported

n, m = Dim.of("n_0"), Dim.of("m")
i, j, k, t = Index("i", n), Index("j", n), Index("k", m), Index("t", n, 0)
x, y = Leaf("x", ()), Leaf("lambda", ())
z, a = Leaf("z", column(n), "like-variable"), Leaf("a", column(n), "like-variable", r"a^{[1]}_L")
W, A = Leaf("W", shape_of(n, m), "numerator", r"W^{[1]}"), Leaf("A", shape_of(n, n), "numerator")

TERMS: list[Term] = [
    Size(n),
    x - y,
    (-x - y) * x,
    -(-x + y),
    -(x + y),
    x * -y,
    x - y + x,
    x - (y - x),
    x * 2,
    x / y * x,
    x / (y / x),
    x / (y * x),
    (x**2) ** 3,
    x ** Fraction(1, 2),
    x ** Fraction(-1, 2),
    (x + y) ** Fraction(3, 2),
    2 * -x,
    y - 2 * -x,
    (x + y) ** 2,
    (-x) ** 2,
    z[i] ** 2,
    z[Shift(i, -1)],
    z[2],
    a[i],
    a[i] ** 2,
    W[i, k],
    W[i, k] ** 2,
    W[:, k],
    W[i, :],
    W.T @ z,
    W.T @ W,
    a.T @ a,
    W[:, k].T,
    (-A) @ A,
    A @ ((2 * z) @ z.T),
    A @ (2 * (z @ z.T)),
    A @ ((z / x) @ z.T),
    apply("softmax", a, parameters=(None,))[i],
    A.T[i, j],
    (A @ A)[i, j],
    (z + a)[i],
    Array((i,), z[i] ** 2),
    Array((i, k), z[i] * W[i, k]),
    Entry(Array((i,), z[i] * z[i]), (j,)),
    Sum(i, z[i]),
    Sum(i, z[i]) * x,
    Sum(i, Sum(j, A[i, j])),
    Sum(i, z[i], 2, j),
    Sum(i, z[i], 2),
    Sum(i, z[i], j),
    Sum(t, z[t], None, 5),
    Sum(t, z[t], 2),
    Sum(i, z[i] + x),
    Sum(i, -z[i]),
    Sum(i, z[i]) + x,
    Delta(i, j),
    Delta(i, 1),
    Delta(i, j) ** 2,
    Indicator(IndexRelation(i, "≠", j)),
    Indicator(IndexRelation(t, "<", 3)),
    Indicator(Positive(x)),
    Cases(((Positive(x), x), (IndexRelation(i, "=", j), y)), -x),
    D(z[i] ** 2, z[j], "numerator"),
    D(x + y, x, "numerator"),
    D(a, a, "denominator").T,
    D(D(x**3, x, "numerator"), x, "numerator"),
    D(W[i, k], W, "like-variable"),
    apply("hadamard", A @ A, A),
    A @ apply("hadamard", A, A),
    apply("kron", A.T, A) @ apply("vec", A),
    apply("inverse", A.T),
    apply("inverse", A).T,
    apply("elementwise", z, parameters=("g", 1)),
    apply("elementwise", z, parameters=("g", 4)),
]


@pytest.mark.parametrize("term", TERMS, ids=latex)
def test_a_term_reads_back_as_itself(term: Term) -> None:
    written, read = read_back(term)
    assert unordered(read) == unordered(written)
    assert text(read) == text(written)


@pytest.mark.parametrize("name", sorted(table().keys() - {"absolute", "outer"}))
def test_every_operator_reads_back_as_itself(name: str) -> None:
    written, read = read_back(table()[name].example())
    assert same_expression(read, written)


s, r = Leaf("s", ()), Leaf("r", ())
OTHERWISE: list[tuple[Term, Term, str]] = [
    (s.T, s, "the transpose of a scalar is that scalar"),
    (apply("hadamard", s, r), s * r, "products of scalars are one"),
    (apply("kron", s, r), s * r, "products of scalars are one"),
    (apply("matmul", s, r), s * r, "products of scalars are one"),
    (apply("inverse", s), 1 / s, "the inverse of a scalar is a power"),
    (apply("sqrt", s), Power(s, Fraction(1, 2)), "the root of a scalar is a power"),
    (Slice(A, (None, i))[j], A[j, i], "entry j of column i is entry j, i"),
    (apply("outer", z, a), z @ a.T, "the outer product of columns is a product of matrices"),
    (A @ apply("outer", z, a), A @ z @ a.T, "matrix products are read from left to right"),
    (apply("outer", z, (z.T @ A).T), z @ z.T @ A, "the transpose of a transposed row is that row"),
    (x / y / x, x / (y * x), "a fraction of a fraction is one fraction"),
]


@pytest.mark.parametrize(("term", "instead", "reason"), OTHERWISE, ids=[latex(term) for term, *_ in OTHERWISE])
def test_what_is_read_back_as_an_equal_term(term: Term, instead: Term, reason: str) -> None:
    _, read = read_back(term)
    wanted, _ = read_back(instead)
    assert text(read) == text(wanted), reason


EQUAL: list[Term] = [
    *(term for term, *_ in OTHERWISE),
    y + 2 * -(z.T @ z),
    A @ ((2 * z) @ z.T),
    apply("outer", z, a) @ A,
    apply("hadamard", apply("outer", z, a), A),
    apply("outer", z.T, a),
    apply("outer", apply("elementwise", z, parameters=("φ", 1)), a),
]


@pytest.mark.parametrize("term", EQUAL, ids=latex)
def test_what_is_read_back_is_proved_equal(term: Term) -> None:
    note = Note(latex(term), declarations(term))
    written, read = declared(term, note), note.term()
    assert read.shape == written.shape
    note.derivation.claim("read back", written, read, conditions=None)
    assert judge(note.derivation)[-1].word == "proved"


@pytest.mark.parametrize(
    ("declaration", "formula"),
    [
        (r"\phi elementwise", r"\phi'(z)"),
        (r"\varphi elementwise", r"\varphi''(z)"),
        (r"\hat{g} elementwise", r"\hat{g}(z)"),
        (r"g^{[1]} elementwise", r"{g^{[1]}}'(z)"),
        (r"h_{\mathrm{act}} elementwise", r"h_{\mathrm{act}}'(z)"),
        (r"\mathcal{L} of z", r"\mathcal{L}(z)"),
        (r"\operatorname{act} elementwise", r"\operatorname{act}'(z)"),
        ("act elementwise", r"\operatorname{act}'(z)"),
    ],
)
def test_a_declared_function_is_printed_as_its_author_writes_it(declaration: str, formula: str) -> None:
    assert latex(Note(formula, ("z: n", f"function {declaration}")).term()) == formula


@pytest.mark.parametrize("symbol", [r"W^{[2]}", r"W_1^{(2)}", r"\hat{W}^*", r"W^\ell", "W^2", "W^T", r"\Sigma^{-1}", r"W^{(l_1)}"])
def test_a_labelled_matrix_is_transposed_and_read_back(symbol: str) -> None:
    note = Note(symbol, (f"{symbol}: n x n",))
    matrix = note.term()
    assert same_expression(Note(latex(matrix.T), (f"{symbol}: n x n",)).term(), matrix.T)


def test_bars_around_a_tensor_are_not_read_back() -> None:
    # |A| may be a determinant
    with pytest.raises(Unsupported, match="around a tensor"):
        read_back(table()["absolute"].example())


@pytest.mark.parametrize("seed", range(60))
def test_random_terms_read_back_as_themselves(seed: int) -> None:
    terms = Terms(Note("x", DECLARATIONS), seed)
    for size in (2, 4, 6, 9, 14):
        term = terms.term(terms.random.choice(list(terms.shapes.values())), size)
        read = Note(latex(term), DECLARATIONS).term()
        assert unordered(read) == unordered(term), latex(term)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (x / (y * x), x / y * x),
        (A @ A.T, A.T @ A),
        (Sum(i, z[i]) * x, Sum(i, z[i] + x)),
        (A[i, j], A[j, i]),
        (x - (y - x), x - y - x),
        (Entry(Array((i,), z[i]), (j,)), Entry(Array((j,), z[j]), (i,))),
        (z[i] ** 2, z[i]),
        (Sum(i, z[i], 2), Sum(i, z[i], 3)),
        (D(x * y, x, "numerator"), D(x * y, y, "numerator")),
    ],
    ids=str,
)
def test_the_comparison_tells_terms_apart(one: Term, other: Term) -> None:
    assert unordered(one) != unordered(other)
    assert unordered(one) == unordered(one)
