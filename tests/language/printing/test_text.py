"""Terms as plain text: what each construct looks like, and that brackets and signs say exactly what was written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derivcheck import (
    D,
    Dim,
    Index,
    Positive,
    Shift,
    Term,
    array,
    cases,
    delta,
    diag,
    differ,
    exp,
    hadamard,
    indicator,
    inverse,
    kron,
    log,
    mean,
    one_hot,
    ones,
    outer,
    scalar_function,
    sigmoid,
    softmax,
    sum_over,
    total,
    trace,
    unvec,
    vec,
)  # fmt: skip
from derivcheck.language.operators import table
from derivcheck.language.printing.text import relation_text, text
from derivcheck.language.shapes import column, shape_of
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import Add, Leaf, Named, Number, Power, Scale, as_term

n, m = Dim.of("n"), Dim.of("m")
i, j, k = Index("i", n), Index("j", n), Index("k", m)
zero_based = Index("t", n, 0)
x, y = Leaf("x", ()), Leaf("y", ())
z, w = Leaf("z", column(n), "like-variable"), Leaf("w", column(n), "like-variable")
A, B, C = (Leaf(name, shape_of(n, n), "numerator") for name in "ABC")
W = Leaf("W", shape_of(n, m), "numerator")
s = Named("s", softmax(z), "like-variable")
half = Fraction(1, 2)

TABLE: list[tuple[Term, str]] = [
    # numbers and dimensions
    (as_term(3), "3"),
    (as_term(-3), "-3"),
    (as_term(half), "1/2"),
    (as_term(-half), "-1/2"),
    (as_term(n), "n"),
    # sums and signs
    (x + y, "x + y"),
    (x - y, "x - y"),
    (x - y + x, "x - y + x"),
    (x - (y + x), "x - (y + x)"),
    (x + (y - x), "x + (y - x)"),
    (x - (-y), "x - (-y)"),
    (-x + y, "-x + y"),
    ((-x - y) * x, "(-x - y) x"),
    (-(-x + y), "-(-x + y)"),
    ((-x + y) / x, "(-x + y)/x"),
    (-(x + y), "-(x + y)"),
    (-(x * y), "-x y"),
    (-x * y, "-x y"),
    (x * -y, "x (-y)"),
    (x - 3 * y, "x - 3 y"),
    (x + -3 * y, "x - 3 y"),
    (x + -3, "x - 3"),
    (x - 1, "x - 1"),
    (1 - x, "1 - x"),
    # products
    (2 * x, "2 x"),
    (2 * -x, "-2 x"),
    (-2 * -x, "-2 (-x)"),
    (y + 2 * -x, "y - 2 x"),
    (y - 2 * -x, "y - (-2 x)"),
    (half * -(x + y), "-(1/2) (x + y)"),
    (x * 2, "x · 2"),
    (x * (y + 1), "x (y + 1)"),
    ((x + 1) * (y - 1), "(x + 1) (y - 1)"),
    (half * x, "(1/2) x"),
    (x * half, "x · 1/2"),
    (0 * z, "0 z"),
    # fractions
    (1 / x, "1/x"),
    (-1 / x, "-1/x"),
    (1 / as_term(n), "1/n"),
    (x / y, "x/y"),
    (-x / y, "-x/y"),
    (x / (y * x), "x/(y x)"),
    (x * y / x, "x y/x"),
    (x / y / x, "(x/y)/x"),
    (x / (y / x), "x/(y/x)"),
    (x / y * x, "(x/y) x"),
    (x * (x / y), "x x/y"),
    (x * (x / y) * y, "(x x/y) y"),
    ((x + 1) / (y - 1), "(x + 1)/(y - 1)"),
    (x / y**2, "x/y²"),
    (x / (-y), "x/(-y)"),
    (z / n, "z/n"),
    # powers
    (x**2, "x²"),
    (x**12, "x¹²"),
    (x**-2, "1/x²"),
    (x**half, "x^(1/2)"),
    (x**-half, "1/x^(1/2)"),
    ((x + y) ** 2, "(x + y)²"),
    ((-x) ** 2, "(-x)²"),
    (-(x**2), "-x²"),
    ((x**2) ** 3, "(x²)³"),
    ((1 / x) ** 2, "(1/x)²"),
    (as_term(-2) ** 2, "(-2)²"),
    (z[i] ** 2, "z[i]²"),
    (exp(x) ** 2, "exp(x)²"),
    # entries and slices
    (z[i], "z[i]"),
    (W[i, k], "W[i,k]"),
    (z[2], "z[2]"),
    (z[Shift(i, -1)], "z[i-1]"),
    (W[:, k], "W[:,k]"),
    (W[i, :], "W[i,:]"),
    (softmax(z)[i], "softmax(z)[i]"),
    (A.T[i, j], "(Aᵀ)[i,j]"),
    ((A @ B)[i, j], "(A B)[i,j]"),
    ((z + w)[i], "(z + w)[i]"),
    # bound indices
    (array(z[i] ** 2, i), "(z[i]²)_i"),
    (array(z[i] * w[j], i, j), "(z[i] w[j])_{i,j}"),
    (sum_over(i, z[i]), "Σ_i z[i]"),
    (sum_over(i, z[i] + 1), "Σ_i (z[i] + 1)"),
    (sum_over(i, -z[i]), "Σ_i (-z[i])"),
    (sum_over(i, z[i]) + 1, "Σ_i z[i] + 1"),
    (1 - sum_over(i, z[i]), "1 - Σ_i z[i]"),
    (sum_over(i, z[i]) * x, "(Σ_i z[i]) x"),
    (x * sum_over(i, z[i]), "x Σ_i z[i]"),
    (x * sum_over(i, z[i]) * y, "(x Σ_i z[i]) y"),
    (x / sum_over(i, z[i]), "x/(Σ_i z[i])"),
    (sum_over(i, z[i]) / x, "(Σ_i z[i])/x"),
    (sum_over(i, z[i]) ** 2, "(Σ_i z[i])²"),
    (sum_over(i, z[i], 2, j), "Σ_{i=2…j} z[i]"),
    (sum_over(i, z[i], lower=j), "Σ_{i=j…n} z[i]"),
    (sum_over(zero_based, z[zero_based], upper=5), "Σ_{t=0…4} z[t]"),
    (sum_over(zero_based, z[zero_based], lower=2), "Σ_{t=1…n-1} z[t]"),
    (sum_over(i, sum_over(k, W[i, k])), "Σ_i Σ_k W[i,k]"),
    # deltas, indicators, cases
    (delta(i, j), "δ[i,j]"),
    (delta(i, Shift(j, 1)), "δ[i,j+1]"),
    (indicator(differ(i, j)), "[i ≠ j]"),
    (indicator(Positive(x)), "[x > 0]"),
    (cases((differ(i, j), 0), otherwise=x - 1), "{0 if i ≠ j; x - 1 otherwise}"),
    (cases((Positive(x), x), (Positive(y), y)), "{x if x > 0; y if y > 0; 0 otherwise}"),
    # operators
    (A @ B, "A B"),
    (A @ (B + C), "A (B + C)"),
    (A @ (2 * B), "A (2 B)"),
    ((2 * A) @ B, "2 A B"),
    (A @ ((2 * z) @ w.T), "A (2 z wᵀ)"),
    (A @ ((z / n) @ w.T), "A (z/n) wᵀ"),
    ((-A) @ B, "-A B"),
    (C - (-A) @ B, "C - (-A B)"),
    (C + (-A) @ B, "C - A B"),
    ((-A) @ B @ C, "-A B C"),
    (A @ -B, "A (-B)"),
    (A @ (B / n), "A (B/n)"),
    ((A / n) @ B, "(A/n) B"),
    (A @ hadamard(B, C), "A (B ⊙ C)"),
    (hadamard(A @ B, C), "(A B) ⊙ C"),
    (hadamard(A, B) - C, "A ⊙ B - C"),
    (x * hadamard(A, B), "x (A ⊙ B)"),
    (-hadamard(A, B), "-A ⊙ B"),
    (sum_over(i, z[i] * hadamard(A, B)), "Σ_i z[i] (A ⊙ B)"),
    (kron(A.T, B) @ vec(C), "(Aᵀ ⊗ B) vec(C)"),
    ((A @ B).T, "(A B)ᵀ"),
    (A.T.T, "(Aᵀ)ᵀ"),
    (inverse(A) @ B, "A⁻¹ B"),
    (inverse(A + B), "(A + B)⁻¹"),
    (diag(s) - s @ s.T, "diag(s) - s sᵀ"),
    (log(sum_over(i, exp(z[i]))), "log(Σ_i exp(z[i]))"),
    (sigmoid(-x), "σ(-x)"),
    (trace(A @ B), "tr(A B)"),
    (outer(z, w), "outer(z, w)"),
    (total(z) * mean(w), "sum(z) mean(w)"),
    (A @ ones(n), "A 1_n"),
    (2 * ones(n), "2 · 1_n"),
    (one_hot(n, i) - s, "e_i - s"),
    (unvec(vec(W), rows=n, columns=m), "vec⁻¹_{n×m}(vec(W))"),
    # derivatives
    (D(s[i], z[j]), "∂s[i]/∂z[j]"),
    (D(scalar_function("L", z), z), "∂L(z)/∂z"),
    (D(x + y, x, "numerator"), "∂(x + y)/∂x"),
    (D(-x, x, "numerator"), "∂(-x)/∂x"),
    (D(s, z) @ z, "(∂s/∂z) z"),
    (D(s, z).T, "(∂s/∂z)ᵀ"),
    (x * D(y, x, "numerator"), "x ∂y/∂x"),
    (D(y, x, "numerator") * x, "(∂y/∂x) x"),
    (D(y, x, "numerator") ** 2, "(∂y/∂x)²"),
    (D(D(y, x, "numerator"), x, "numerator"), "∂(∂y/∂x)/∂x"),
    (D(A @ z, z, "numerator"), "∂(A z)/∂z"),
]


@pytest.mark.parametrize(("term", "expected"), TABLE, ids=[expected for _, expected in TABLE])
def test_text(term: Term, expected: str) -> None:
    assert text(term) == expected


def test_different_terms_of_the_table_print_differently() -> None:
    """But for what means the same: a leading sign, and a division by n in a product."""
    same = {"-x y", "x - 3 y", "-x/y"}
    printed = [expected for _, expected in TABLE if expected not in same]
    assert len(printed) == len(set(printed))


@pytest.mark.parametrize(("relation", "expected"), [(differ(i, j), "i ≠ j"), (IndexRelation(Shift(i, 1), "≤", 3), "i+1 ≤ 3")])
def test_relations(relation: IndexRelation, expected: str) -> None:
    assert relation_text(relation) == expected


def test_every_operator_prints() -> None:
    for name, operator in table().items():
        assert text(operator.example()), name


def test_an_unknown_node_raises() -> None:
    @dataclass(frozen=True, eq=False)
    class Unknown(Term):
        def __post_init__(self) -> None:
            self._settle(())

    with pytest.raises(TypeError, match="unknown node Unknown"):
        text(Unknown())
    with pytest.raises(TypeError, match="unknown node Unknown"):
        text(1 + Unknown())


# read back ------------------------------------------------------------------------------------------------------------
_TOKEN = re.compile(r"\d+|[a-z]|[-+/·()]|[⁰¹²³⁴⁵⁶⁷⁸⁹]+| ")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
VALUES = {"x": Fraction(3), "y": Fraction(-5, 7)}


class Reader:
    """Reads printed arithmetic as a person does: powers first, then products and quotients from left to right, then sums."""

    def __init__(self, printed: str) -> None:
        self.tokens = [token for token in _TOKEN.findall(printed) if token != " "]
        assert "".join(self.tokens) == printed.replace(" ", "")

    def next(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self) -> str:
        return self.tokens.pop(0)

    def sum(self) -> Fraction:
        sign = -1 if self.next() == "-" and self.take() else 1
        value = sign * self.product()
        while self.next() in ("+", "-"):
            sign = 1 if self.take() == "+" else -1
            value += sign * self.product()
        return value

    def product(self) -> Fraction:
        value = self.power()
        while self.next() not in ("", "+", "-", ")"):
            if self.next() == "/":
                self.take()
                value /= self.power()
            else:
                if self.next() == "·":
                    self.take()
                value *= self.power()
        return value

    def power(self) -> Fraction:
        token = self.take()
        if token == "(":
            value = self.sum()
            assert self.take() == ")"
        else:
            value = VALUES[token] if token in VALUES else Fraction(int(token))
        return value ** int(self.take().translate(_DIGITS)) if self.next() and self.next()[0] in "⁰¹²³⁴⁵⁶⁷⁸⁹" else value


def value_of(term: Term) -> Fraction:
    """The value by definition. Raises ZeroDivisionError."""
    match term:
        case Number():
            return term.value
        case Leaf():
            return VALUES[term.name]
        case Add():
            return sum(map(value_of, term.terms), Fraction(0))
        case Scale():
            return value_of(term.factor) * value_of(term.body)
        case Power():
            return value_of(term.base) ** int(term.exponent)
    raise TypeError(type(term).__name__)


def grown(smaller: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    return st.one_of(
        st.tuples(smaller, smaller).map(lambda pair: pair[0] + pair[1]),
        st.tuples(smaller, smaller).map(lambda pair: pair[0] - pair[1]),
        st.tuples(smaller, smaller).map(lambda pair: pair[0] * pair[1]),
        st.tuples(smaller, smaller).map(lambda pair: pair[0] / pair[1]),
        smaller.map(lambda term: -term),
        st.tuples(smaller, st.integers(-2, 3)).map(lambda pair: pair[0] ** pair[1]),
    )


NUMBERS = st.sampled_from([Fraction(number) for number in (-2, -1, 0, 1, 2, 11)] + [half, -half])
ARITHMETIC = st.recursive(st.one_of(NUMBERS.map(Number), st.sampled_from([x, y])), grown, max_leaves=8)


@given(ARITHMETIC)
@settings(max_examples=600, deadline=None, derandomize=True)
def test_what_is_printed_reads_back_with_the_same_value(term: Term) -> None:
    try:
        value = value_of(term)
    except ZeroDivisionError:
        return
    reader = Reader(text(term))
    assert reader.sum() == value, text(term)
    assert not reader.tokens


@pytest.mark.parametrize(("printed", "value"), [("x - (y + 1)", 3 - (Fraction(-5, 7) + 1)), ("x/y x", 9 / Fraction(-5, 7)), ("-x²", Fraction(-9))])
def test_the_reader_itself(printed: str, value: Fraction) -> None:
    assert Reader(printed).sum() == value
