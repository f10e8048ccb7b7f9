"""Every notation reads its own examples as it says, and says its own words about what it does not understand."""

from __future__ import annotations

import re

import pytest
from formulas import Note

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.printing.text import text
from derivcheck.notes.grammar import Parser
from derivcheck.notes.notations import grammar, notations
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood, Stated
from derivcheck.notes.statements import Statement, statements
from derivcheck.notes.tokens import tokenize
from derivcheck.notes.unsupported import Unsupported

TABLE = notations()
EXAMPLES = [(name, example) for name, notation in TABLE.items() for example in notation.examples]
NOT_UNDERSTOOD = [(name, example) for name, notation in TABLE.items() for example in notation.not_understood]
STATED = [(name, example) for name, notation in TABLE.items() for example in notation.statements]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[f"{name}: {example.latex}" for name, example in EXAMPLES])
def test_an_example_reads_as_stated(name: str, example: Example) -> None:
    assert text(Note(example.latex, example.declarations).term()) == example.reads


@pytest.mark.parametrize(("name", "example"), STATED, ids=[f"{name}: {example.latex}" for name, example in STATED])
def test_a_formula_says_what_is_stated(name: str, example: Stated) -> None:
    assert tuple(Note(example.latex, example.declarations).stated()) == example.says


@pytest.mark.parametrize(("name", "example"), NOT_UNDERSTOOD, ids=[f"{name}: {example.latex}" for name, example in NOT_UNDERSTOOD])
def test_what_is_not_understood_says_so_where_it_stands(name: str, example: NotUnderstood) -> None:
    note = Note(example.latex, example.declarations)
    assert note.problems == []
    with pytest.raises((Unsupported, IllTyped)) as caught:
        note.term()
    assert example.says in str(caught.value)
    assert ("unsupported" if isinstance(caught.value, Unsupported) else "ill-typed") == example.word
    if isinstance(caught.value, Unsupported):
        assert note.start <= caught.value.start <= caught.value.end <= note.end
        assert caught.value.start < note.end or "ends" in str(caught.value)


@pytest.mark.parametrize("name", TABLE)
def test_a_notation_is_complete(name: str) -> None:
    notation: Notation = TABLE[name]
    assert notation.title
    assert notation.rule.endswith(".")
    assert notation.not_understood
    assert notation.examples or notation.statements or not notation.meanings


LISTED = {
    "bold letters and vector marks": (r"\\mathbf\{x\} \+ \\underline", r"\\underset\{a\}\{x\}"),
    "derivatives as fractions": (r"\\frac\{\\partial s_i\}\{\\partial z_j\}", r"\\frac\{\\partial\^2 y\}\{\\partial x\}"),
    "nested derivatives": (r"\\frac\{\\partial\}\{\\partial z_k\} \\frac\{\\partial s_i", r"\\frac\{\\partial\}\{\\partial \(x"),
    "operators": (r"\\frac\{\\partial\}\{\\partial z_j\} \\left\[", r"\\frac\{\\partial\}\{\\partial z\}$"),
    "left and right": (r"\\left\[ x - \\bigl", r"\\left\( x \\right\]"),
    "transposes": (r"A\^T B \+ A\^\\top", r"^A'$"),
    "a prime as a transpose": (r"A' b", r"^A'$"),
    "double subscripts": (r"W_\{12\} \+ W_\{1,2\}", r"x_i_j"),
    "rows": (r"\\begin\{align\}", r"\\begin\{tabular\}"),
    "superscripts as labels": (r"W\^\{\[1\]\} x\^\{\(2\)\}", r"x\^\{\(2\)\}$"),
    "plain superscripts as labels": (r"v\^3", r"x\^a"),
    "conditioning bars": (r"p\(y \| x\)", r"p\(y \| x\)"),
    "norms": (r"\\\|W\\\|_2\^2", r"\\\|x\\\|_3"),
    "dots": (r"\\vdots", r"x_1 \+ \\dots \+ x_n"),
    "sums with both bounds": (r"\\sum_\{i=1\}\^\{n\}", r"\\sum_\{i=1\}\^\{q\}"),
    "sums with an index": (r"\\sum_i \\sum_j", r"\\sum_\{i=1\} x_i"),
    "sums without bounds": (r"\\sum e\^", r"\\sum x_i y_j"),
    "hats, tildes, bars": (r"\\hat\{y\} \+ \\bar", r"\\hat\{x \+ y\}"),
    "text": (r"\\text\{softmax\}", r"\\text\{the sum of\}"),
    "columns and matrices": (r"\\begin\{bmatrix\}", r"\\begin\{bmatrix\}"),
    "round matrices": (r"\\begin\{pmatrix\}", r"\\end\{pmatrix\}"),
    "arrays": (r"\\begin\{array\}", r"\\begin\{array\}"),
    "d/dx": (r"\\frac\{d s\}\{d z\}", r"\\frac\{d y\}\{x\}"),
    "log and exp": (r"\\exp\(z\)_i \+ e\^\{z_i\} \\log", r"\\log x y"),
    "gradients": (r"\\nabla_x L", r"\\nabla\^2"),
    "tags": (r"\\tag\{4\}", r"\\tag"),
    "references": (r"\\ref\{eq:1\}", r"\\eqref\{eq:1\}"),
    "inverses": (r"A\^\{-1\} b", r"A\^\{-1\}$"),
    "shifted subscripts": (r"x_\{t-1\}", r"x_\{2t\}"),
    "traces": (r"\\operatorname\{tr\}\(A B\)", r"\\operatorname\{tr\}\(A, B\)"),
    "δ": (r"\\delta_\{ij\}", r"\\delta_\{12\}"),
    "derivatives by primes": (r"\\tanh'", r"\\operatorname\{softmax\}'"),
    "named functions": (r"\\mathrm\{softmax\}_j", r"\\sigma\(x\)"),
    "entrywise products": (r"\\odot h", r"x \\odot A"),
    "circles": (r"\\circ", r"\\circ"),
    "vectors of ones": (r"\\mathbf\{1\}_m", r"\\mathbf\{1\} x"),
    "definitions": (r":=", r":="),
    "equivalences": (r"\\equiv", r"\\sim"),
    "triangles": (r"\\triangleq", r"\\triangle x"),
    "products": (r"\\prod_\{i=1\}\^\{3\}", r"\\prod_\{i=1\}\^\{n\}"),
    "underbraces": (r"\\underbrace\{x \+ y\}", r"\\underbrace$"),
    "diag": (r"\\operatorname\{diag\}\(z\)", r"\\operatorname\{diag\}\(T\)"),
    "Kronecker products": (r"A \\otimes B", r"\\oplus"),
    "outer products": (r"u \\otimes v", r"A \\otimes u"),
    "cases": (r"\\begin\{cases\}", r"\\begin\{cases\}"),
    "indicators": (r"I\(i = j\)", r"I A"),
    "indicators with a subscript": (r"\\mathbb\{1\}_\{i", r"\\mathbb\{1\}_\{i \\in"),
    "∂ with a subscript": (r"\\partial_\{z_j\}", r"\\partial x"),
    "vec": (r"\\operatorname\{vec\}", r"vec\(x, y\)"),
    "vec⁻¹": (r"\\mathrm\{vec\}\^\{-1\}", r"\\mathrm\{vec\}\^\{-1\}\(A\)"),
    "because and therefore": (r"\\because .*\\therefore", r"x \\therefore"),
    "squared norms": (r"\\\|W\\\|_F\^2", r"\\\|W\\\|_F\^3"),
}
"""The notation of derivations in papers and lectures, each with what finds an example that is understood and one that is not."""


@pytest.mark.parametrize("name", LISTED)
def test_each_notation_has_an_example_that_is_understood_and_one_that_is_not(name: str) -> None:
    understood, not_understood = LISTED[name]
    formulas = [*(example.latex for _, example in EXAMPLES), *(stated.latex for _, stated in STATED)]
    others = [example.latex for _, example in NOT_UNDERSTOOD]
    assert any(re.search(understood, formula) for formula in formulas)
    assert any(re.search(not_understood, formula) for formula in others)


COLUMNS = [
    # the formula, its declarations, the column of the first character of what is not understood, counted from 1, and of the one behind it
    (r"x + q y", ("x, y: n",), 5, 6),
    (r"x + \foo y", ("x, y: n",), 5, 9),
    (r"\frac{x}{(y}", ("x, y: scalar",), 10, 11),
    (r"x_{t^2}", ("x: n", "index t = 1..n"), 4, 7),
    (r"\sum_{i=1}^{q} x_i", ("x: n",), 13, 14),
    (r"\|x\|_3", ("x: n",), 1, 8),
    (r"x \odot \sup(0, x)", ("x: n",), 9, 13),
    (r"A' b", ("A: n x n", "b: n"), 1, 3),
    (r"x + \begin{bmatrix} x_1 \\ x_3 \\ \vdots \\ x_n \end{bmatrix}", ("x: n",), 5, 62),
    (r"\begin{cases} x & x = 1 \\ 0 & \text{otherwise} \end{cases}", ("x: scalar",), 19, 24),
    (r"\log x y + 1", ("x, y: scalar",), 1, 9),
    (r"x_i_j", ("x: n",), 4, 5),
    (r"y \, \hat{x + y}", ("x, y: n",), 6, 16),
    (r"p(y | x)", ("x, y, p: scalar",), 2, 9),
]


@pytest.mark.parametrize(("latex", "declarations", "first", "behind"), COLUMNS, ids=[latex for latex, *_ in COLUMNS])
def test_what_is_not_understood_is_underlined_exactly(latex: str, declarations: tuple[str, ...], first: int, behind: int) -> None:
    note = Note(latex, declarations)
    with pytest.raises(Unsupported) as caught:
        note.term()
    assert (caught.value.start - note.start + 1, caught.value.end - note.start + 1) == (first, behind)


@pytest.mark.parametrize("kind", ["commands", "environments", "meanings", "symbols", "functions"])
def test_no_two_notations_claim_one_thing(kind: str) -> None:
    claimed = [key for notation in TABLE.values() for key in getattr(notation, kind)]
    assert len(set(claimed)) == len(claimed) == len(getattr(grammar(), "known_functions" if kind == "functions" else kind))


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[f"{name}: {example.latex}" for name, example in EXAMPLES])
def test_a_side_is_quoted_from_its_first_sign_to_its_last(name: str, example: Example) -> None:
    chain = f"{example.latex} = {example.latex}"
    (statement,) = statements(Parser(tokenize(chain), chain, grammar(), frozenset(Note("", example.declarations).reader.claims.scope.words)))
    assert isinstance(statement, Statement)
    assert [chain[member.start : member.end] for member in statement.members] == [example.latex, example.latex]
