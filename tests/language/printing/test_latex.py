"""Terms as LaTeX: what each construct looks like, that TeX accepts it, and that it says what was written."""

from __future__ import annotations

import copy
import pickle
import re
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given, settings
from test_text import ARITHMETIC, TABLE, Reader, value_of

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
    elementwise,
    exp,
    hadamard,
    indicator,
    inverse,
    kron,
    log,
    ones,
    outer,
    scalar_function,
    softmax,
    sum_over,
    vec,
)
from derivcheck.language.operators import table
from derivcheck.language.printing.latex import latex
from derivcheck.language.printing.names import FunctionName, name_latex
from derivcheck.language.shapes import column, shape_of
from derivcheck.language.terms import Leaf, Named, Power, Scale, as_term
from derivcheck.loading import find_files, load

n, m = Dim.of("n_0"), Dim.of("m")
i, j, k = Index("i", n), Index("j", n), Index("k", m)
x, y = Leaf("x", ()), Leaf("lambda", ())
z = Leaf("z", column(n), "like-variable")
a = Leaf("a", column(n), "like-variable", r"a^{[1]}_L")
W = Leaf("W", shape_of(n, m), "numerator", r"W^{[1]}")
A = Leaf("A", shape_of(n, n), "numerator")
s = Named("s", softmax(z), "like-variable", r"\sigma")
half = Fraction(1, 2)

TRANSPOSED = [
    (r"\hat{W}^{(2)}", r"\hat{W}^{(2)\top}"),
    (r"\mathbf{\hat{W}}_{a}^{[k+1]}", r"\mathbf{\hat{W}}_{a}^{[k+1]\top}"),
    (r"W^{(l_{1})}", r"W^{(l_{1})\top}"),
    ("W^*", r"W^{*\top}"),
    (r"W^\ell", r"W^{\ell\top}"),
    ("W^2", r"W^{2\top}"),
    # beside these a sign would be misread
    (r"\Sigma^{-1}", r"{\Sigma^{-1}}^\top"),
    ("W^T", r"{W^T}^\top"),
    ("W^{T}", r"{W^{T}}^\top"),
    (r"W^\top", r"{W^\top}^\top"),
]
"""A symbol as it was declared, and its transpose."""

CASES: list[tuple[Term, str]] = [
    (as_term(-half), r"-\frac{1}{2}"),
    (1 / as_term(n), r"\frac{1}{n_{0}}"),
    (x - y, r"x - \lambda"),
    (x - 3 * y, r"x - 3 \lambda"),
    (x * -y, r"x \left(-\lambda\right)"),
    (x * 2, r"x \cdot 2"),
    (-x / y, r"-\frac{x}{\lambda}"),
    ((x + 1) / (y - 1), r"\frac{x + 1}{\lambda - 1}"),
    (x / y * x, r"\frac{x}{\lambda} x"),
    ((x / y) ** 2, r"\left(\frac{x}{\lambda}\right)^{2}"),
    (x**half, r"\sqrt{x}"),
    (x**-half, r"\frac{1}{\sqrt{x}}"),
    ((x + y) ** half, r"\sqrt{x + \lambda}"),
    ((x**half) ** 2, r"\left(\sqrt{x}\right)^{2}"),
    (x ** (3 * half), r"x^{3/2}"),
    (x / y / x, r"\frac{x}{\lambda x}"),
    (-x / y / (x + y), r"-\frac{x}{\lambda \left(x + \lambda\right)}"),
    (Scale(Power(as_term(2), Fraction(-1)), x / y), r"\frac{x}{2 \lambda}"),
    (x / (x / y), r"\frac{x}{\frac{x}{\lambda}}"),
    (z / n / x, r"\frac{z}{n_{0} x}"),
    (y + 2 * -(z.T @ z), r"\lambda - 2 z^\top z"),
    (y - (-x), r"\lambda - \left(-x\right)"),
    (A @ ((2 * z) @ z.T), r"A \left(2 z z^\top\right)"),
    (outer(z, s), r"z \sigma^\top"),
    (A @ outer(z, s), r"A z \sigma^\top"),
    (outer(z, s)[i, j], r"\left(z \sigma^\top\right)_{i,j}"),
    (outer(z, (z.T @ A).T), r"z z^\top A"),
    (outer(z.T, s), r"\operatorname{outer}(z^\top, \sigma)"),
    (elementwise("phi", z, 1), r"\phi'(z)"),
    (elementwise("φ", z, 2), r"\phi''(z)"),
    (elementwise("act", z, 4), r"\operatorname{act}^{(4)}(z)"),
    (elementwise(FunctionName("φ", r"\varphi"), z, 1), r"\varphi'(z)"),
    (elementwise(FunctionName("g^[1]", "g^{[1]}"), z), "g^{[1]}(z)"),
    (elementwise(FunctionName("g^[1]", "g^{[1]}"), z, 1), "{g^{[1]}}'(z)"),
    (elementwise(FunctionName("g^[1]", "g^{[1]}"), z, 4), "{g^{[1]}}^{(4)}(z)"),
    (scalar_function(FunctionName("act", "act"), z), r"\operatorname{act}(z)"),
    (scalar_function("L_reg", z), r"L_{\mathit{reg}}(z)"),
    (x**-2, r"\frac{1}{x^{2}}"),
    ((x + y) ** 2, r"\left(x + \lambda\right)^{2}"),
    (z[i], "z_{i}"),
    (z[i] ** 2, "z_{i}^{2}"),
    (z[Shift(i, -1)], "z_{i-1}"),
    (a[i], r"{a^{[1]}_L}_{i}"),
    (a[i] ** 2, r"\left({a^{[1]}_L}_{i}\right)^{2}"),
    (W[i, k], r"W^{[1]}_{i,k}"),
    (W[i, k] ** 2, r"\left(W^{[1]}_{i,k}\right)^{2}"),
    (W[:, k], r"W^{[1]}_{:,k}"),
    (W.T @ z, r"W^{[1]\top} z"),
    (a.T, r"{a^{[1]}_L}^\top"),
    (W[:, k].T, r"{W^{[1]}_{:,k}}^\top"),
    (inverse(A.T), r"\left(A^\top\right)^{-1}"),
    *((Leaf("M", shape_of(n, n), "numerator", written).T, transposed) for written, transposed in TRANSPOSED),
    (softmax(z)[i], r"\operatorname{softmax}(z)_{i}"),
    (softmax(a)[i], r"{\operatorname{softmax}(a^{[1]}_L)}_{i}"),
    (array(z[i] * z[j], i, j), r"\left(z_{i} z_{j}\right)_{i,j}"),
    (sum_over(i, exp(z[i])), r"\sum_{i} \exp(z_{i})"),
    (x * sum_over(i, z[i], 2, j), r"x \sum_{i=2}^{j} z_{i}"),
    (sum_over(i, z[i], lower=2), r"\sum_{i=2}^{n_0} z_{i}"),
    (sum_over(i, z[i]) * x, r"\left(\sum_{i} z_{i}\right) x"),
    (log(1 + sum_over(i, z[i])), r"\log(1 + \sum_{i} z_{i})"),
    (s[i] * (delta(i, j) - s[j]), r"\sigma_{i} \left(\delta_{i,j} - \sigma_{j}\right)"),
    (indicator(differ(i, j)), r"\left[i \ne j\right]"),
    (cases((Positive(x), x), otherwise=-1), r"\begin{cases} x & \text{if } x > 0 \\ -1 & \text{otherwise} \end{cases}"),
    (diag(s) - s @ s.T, r"\operatorname{diag}(\sigma) - \sigma \sigma^\top"),
    (kron(A.T, A) @ vec(A), r"\left(A^\top \otimes A\right) \operatorname{vec}(A)"),
    (A @ hadamard(A, A), r"A \left(A \odot A\right)"),
    (0 * ones(n), r"0 \mathbf{1}_{n_0}"),
    (D(s[i], z[j]), r"\frac{\partial \sigma_{i}}{\partial z_{j}}"),
    (D(x + y, x, "numerator"), r"\frac{\partial \left(x + \lambda\right)}{\partial x}"),
    (D(s, z) @ z, r"\frac{\partial \sigma}{\partial z} z"),
    (D(s, z).T, r"\left(\frac{\partial \sigma}{\partial z}\right)^\top"),
]


@pytest.mark.parametrize(("term", "expected"), CASES, ids=[expected for _, expected in CASES])
def test_latex(term: Term, expected: str) -> None:
    assert latex(term) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("z", "z"),
        ("lambda", r"\lambda"),
        ("n_0", "n_{0}"),
        ("loss", r"\mathit{loss}"),
        ("L_lambda", r"L_{\lambda}"),
        ("W_1_2", "W_{1, 2}"),
        ("50%", r"\mathit{50\%}"),
        ("_", r"\_"),
        ("σ", r"\sigma"),
        ("ж", "ж"),
    ],
)
def test_names(name: str, expected: str) -> None:
    assert name_latex(name) == expected


def test_the_name_of_a_function_is_a_name_also_in_another_process() -> None:
    name = FunctionName("φ", r"\varphi")
    assert name == "φ"
    assert {name: 1}["φ"] == 1
    sent = pickle.loads(pickle.dumps(name))
    assert (sent, sent.latex) == ("φ", r"\varphi")
    assert copy.deepcopy(name).latex == r"\varphi"


def test_an_unknown_node_raises() -> None:
    @dataclass(frozen=True, eq=False)
    class Unknown(Term):
        def __post_init__(self) -> None:
            self._settle(())

    with pytest.raises(TypeError, match="unknown node Unknown"):
        latex(Unknown())


# what TeX refuses -----------------------------------------------------------------------------------------------------
_TEX_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}_^]|[^\\{}_^]")


def tex_errors(formula: str) -> list[str]:
    """Unbalanced braces and \\left \\right, and a second subscript or superscript on one base."""
    errors = []
    stack: list[str] = []
    scripts: list[set[str]] = [set()]
    pending = ""
    for token in _TEX_TOKEN.findall(formula):
        if token in "_^":
            if token in scripts[-1]:
                errors.append(f"double {token} in {formula}")
            scripts[-1].add(token)
            pending = token
        elif token == "{":
            if not pending:
                scripts[-1] = set()
            stack.append(pending)
            scripts.append(set())
            pending = ""
        elif token == "}":
            if not stack or stack.pop() == r"\left":
                return [*errors, f"unbalanced }} in {formula}"]
            scripts.pop()
        elif token == r"\left":
            scripts[-1] = set()
            stack.append(token)
        elif token == r"\right":
            if not stack or stack.pop() != r"\left":
                return [*errors, f"unbalanced \\right in {formula}"]
            scripts[-1] = set()
        elif pending:
            pending = ""
        else:
            scripts[-1] = set()
    return errors if not stack else [*errors, f"left open: {stack} in {formula}"]


@pytest.mark.parametrize("formula", ["x^{2}^{3}", "a_L_{i}", r"\left(x", "{x", "x}", r"\frac{a_b_c}{d}", r"{\left(x}\right)"])
def test_the_check_finds_what_tex_refuses(formula: str) -> None:
    assert tex_errors(formula)


@pytest.mark.parametrize("formula", ["{a_L}_{i}", "x_{i}^{2}", r"\left(x^{2}\right)^{2}", r"W^{[1]}_{i} x_{j}", r"\frac{x_{i}}{y_{j}}"])
def test_the_check_accepts_what_tex_accepts(formula: str) -> None:
    assert tex_errors(formula) == []


def test_tex_accepts_every_operator_and_construct() -> None:
    terms = [operator.example() for operator in table().values()] + [term for term, _ in (*CASES, *TABLE)]
    assert [error for term in terms for error in tex_errors(latex(term))] == []


def test_tex_accepts_the_core_derivations() -> None:
    derivations = load(find_files([])).derivations
    assert derivations
    sides = [side for derivation in derivations for claim in derivation.claims for side in (claim.lhs, claim.rhs) if side is not None]
    assert [error for side in sides for error in tex_errors(latex(side))] == []


# read back ------------------------------------------------------------------------------------------------------------
def as_plain(formula: str) -> str:
    """The arithmetic of a formula in the notation that the reader of plain text knows."""
    while r"\frac" in formula:
        formula = re.sub(r"\\frac\{([^{}]*)\}\{([^{}]*)\}", r"((\1)/(\2))", _bare_exponents(formula))
    return _bare_exponents(formula).replace(r"\left", "").replace(r"\right", "").replace(r"\cdot", "·")


def _bare_exponents(formula: str) -> str:
    superscripts = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
    return re.sub(r"\^\{(\d+)\}", lambda found: found[1].translate(superscripts), formula)


@given(ARITHMETIC)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_what_is_printed_reads_back_with_the_same_value(term: Term) -> None:
    try:
        value = value_of(term)
    except ZeroDivisionError:
        return
    assert Reader(as_plain(latex(term))).sum() == value, latex(term)
