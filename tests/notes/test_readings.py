"""Formulas that a reader of notes easily takes for something else: what they are read as, and what is said of those that are not read.

Each of them has been read wrongly, or could be: a product of letters where a function was meant, a coefficient whose gradient was taken, an
exponent that was lost as a transpose, a bracket that was no factor.
"""

from __future__ import annotations

import pytest
from formulas import Note

from derivcheck.algebra.dims import IllTyped
from derivcheck.judge import judge
from derivcheck.language.printing.text import text
from derivcheck.notes.documents.record import Document, Formula, Heading, Passage, Prose, SourceText
from derivcheck.notes.reader import read
from derivcheck.notes.unsupported import Unsupported

SYMBOLS = (
    "layout numerator", "x, u, v: n", "z: m", "W, V: n x n", "A: m x n", "a, c, \\lambda: scalar", "index i, j = 1..n", "function f of x", "function g elementwise",  # noqa: E501
    "L = f(x)", "y = W x",
)  # fmt: skip

READ = [
    # a coefficient of the function of a gradient is part of it
    (r"\nabla_x 2 L", "∂(2 L)/∂x"),
    (r"\nabla_x \frac12 \|x\|^2", "∂((1/2) sum(x^⊙2))/∂x"),
    (r"\nabla_x \frac{\lambda}{2} \cdot L", "∂((λ/2) L)/∂x"),
    (r"\nabla_x W x", "∂(W x)/∂x"),
    (r"\nabla_x L W", "(∂L/∂x) W"),
    (r"\nabla_x \lambda L W", "(∂(λ L)/∂x) W"),
    (r"\nabla_x 2 L^\top", "(∂(2 L)/∂x)ᵀ"),
    (r"\nabla_x \lambda a", "a ∂λ/∂x"),
    # a bracket with what a symbol is defined by is no factor
    (r"L(x)", "L"),
    (r"\nabla_x L(x)", "∂L/∂x"),
    (r"y_i(x)", "y[i]"),
    (r"a (c + 1)", "a (c + 1)"),
    (r"y_i (1 - y_i)", "y[i] (1 - y[i])"),
    # ⊙, ⊗ and · among matrix products
    (r"x \odot 2 u", "x ⊙ (2 u)"),
    (r"x \odot a W u", "x ⊙ (a W u)"),
    (r"x \odot W u \odot v", "(x ⊙ (W u)) ⊙ v"),
    (r"x \odot u v^\top", "(x ⊙ u) vᵀ"),
    (r"x \cdot W u", "xᵀ W u"),
    (r"W x \cdot V u", "(W x)ᵀ V u"),
    (r"x \cdot u v", "xᵀ u v"),
    (r"x \cdot W u \odot v", "xᵀ ((W u) ⊙ v)"),
    (r"x \odot u \cdot W v", "(x ⊙ u)ᵀ W v"),
    (r"x \cdot u \odot v", "xᵀ (u ⊙ v)"),
    (r"W \cdot V x", "W V x"),
    (r"A \otimes W x", "A ⊗ (W x)"),
    (r"x \cdot x^\top", "x xᵀ"),
    (r"x^\top \cdot u^\top", "xᵀ (uᵀ)ᵀ"),
    # scripts
    (r"W^\top_{ij}", "(Wᵀ)[i,j]"),
    (r"W_{ij}^\top", "(Wᵀ)[i,j]"),
    (r"x_i^2", "x[i]²"),
    (r"x^2_i", "x[i]²"),
    (r"-a^2", "-a²"),
    (r"(x^\top u)^T", "xᵀ u"),
    (r"W^{2T}", "(W W)ᵀ"),
    (r"W^{-T}", "(W⁻¹)ᵀ"),
    (r"(x_i u_j)_{ji}", "(x[i] u[j])_{j,i}"),
    # functions
    (r"g(x)_i^2", "g(x)[i]²"),
    (r"g(x) u^\top", "g(x) uᵀ"),
    (r"\log x_i + u_i", "log(x[i]) + u[i]"),
    (r"g' (x) \odot u", "g′(x) ⊙ u"),
    (r"\exp(W)", "exp(W)"),
    (r"a \log 2", "a log(2)"),
    # a slash
    (r"1/2 a", "(1/2) a"),
    (r"a / c \lambda", "(a/c) λ"),
    (r"\lambda/2 x^\top x", "(λ/2) xᵀ x"),
    (r"x / a", "x/a"),
]


@pytest.mark.parametrize(("latex", "reads"), READ)
def test_a_formula_reads_as_meant(latex: str, reads: str) -> None:
    assert text(Note(latex, SYMBOLS).term()) == reads


NOT_READ = [
    (r"W(x)", "a product or a value"),
    (r"a(x)", "a product or a value"),
    (r"a(2)", "a product or a value"),
    (r"\log_2(x)", "the subscript 2 of log"),
    (r"\log_2 x", "the subscript 2 of log"),
    (r"\log_a c", "the subscript a of log"),
    (r"\log a / c", "how far the argument of log reaches"),
    (r"\log x_i u_i", "how far the argument of log reaches"),
    (r"g^2(x)", "a power of the function g"),
    (r"\nabla_x^2 L", "a superscript on ∇"),
    (r"\nabla_x^\top L", "a superscript on ∇"),
    (r"a^{(2)}", "the label (2)"),
    (r"W^{(2)}", "the label (2)"),
    (r"a^{[2]}", "the label [2]"),
    (r"a^t", "the superscript t of a scalar"),
    (r"a^T", "the superscript T of a scalar"),
    (r"(1 - a)^T", "the superscript T of a scalar"),
    (r"(1 + a)^{-t}", "the superscript t of a scalar"),
    (r"2^{-T}", "the superscript T of a scalar"),
    (r"\lambda_1", "λ_1 is not declared"),
    (r"x_*", "x_* is not declared"),
    (r"x_{2i}", "the subscript 2i"),
    (r"x_n", "the dimension n as a subscript"),
    (r"x_{n-1}", "the dimension n as a subscript"),
    (r"10 000", "the numbers 10 and 000 side by side"),
    (r"10\,000 a", "the numbers 10 and 000 side by side"),
    (r"2 3^2", "the numbers 2 and 3 side by side"),
    (r"x * u", "* between terms of shape"),
    (r"x / W", "a division by a matrix"),
    (r"x2", "the number 2 behind x"),
    (r"W_{ij} 2^2", "the number 2 behind W_i,j"),
    (r"\langle x \rangle", "angle brackets"),
    (r"\frac{\partial L}{\partial x^\top}", "a derivative by a formula"),
    (r"\nabla_{(W x)} L", "a derivative by a formula"),
]


@pytest.mark.parametrize(("latex", "says"), NOT_READ)
def test_what_could_mean_two_things_is_not_read(latex: str, says: str) -> None:
    with pytest.raises(Unsupported) as caught:
        Note(latex, SYMBOLS).term()
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("latex", "says"),
    [(r"x u", "cannot multiply"), (r"W x^\top", "cannot multiply"), (r"x \odot u^\top", "the entrywise product needs one shape"), (r"a \odot x", "one shape")],  # noqa: E501
)
def test_products_that_do_not_fit_are_ill_typed(latex: str, says: str) -> None:
    with pytest.raises(IllTyped) as caught:
        Note(latex, SYMBOLS).term()
    assert says in str(caught.value)


# declarations decide ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("declaration", "latex", "reads"),
    [
        (r"read \otimes as outer product", r"x \otimes u", "outer(x, u)"),
        ("read ⊗ as the outer product", r"x \otimes u", "outer(x, u)"),
        (r"read \otimes as Kronecker product", r"x \otimes u", "x ⊗ u"),
        (r"read \otimes as Hadamard product", r"x \otimes u", "x ⊙ u"),
        (r"read \otimes as matrix product", r"W \otimes V", "W V"),
        (r"read \odot as outer product", r"x \odot u", "outer(x, u)"),
        (r"read \circ as matrix product", r"W \circ V x", "W V x"),
        ("read * as Hadamard product", "x * a u", "x ⊙ (a u)"),
        (r"read \times as matrix product", r"W \times V", "W V"),
        (r"read \cdot as Hadamard product", r"x \cdot W u", "x ⊙ (W u)"),
        (r"read juxtaposition as Hadamard product", "x u", "x ⊙ u"),
        (r"depends \lambda on x, u", r"\lambda(x, u) c", "λ c"),
        (r"depends W on \theta", r"W(\theta_2) x", "W x"),
        ("T: scalar", "x^T", "xᵀ"),
        ("k: scalar", "x^T", "xᵀ"),
        ("a^{1}: scalar", "a^1 c", "a^1 c"),
        (r"a^{(2)}: scalar", "a^{(2)} c", "a^(2) c"),
        (r"g^{(2)}: scalar", "g^{(2)}", "g^(2)"),
    ],
)
def test_a_declaration_decides(declaration: str, latex: str, reads: str) -> None:
    assert text(Note(latex, (*SYMBOLS, declaration)).term()) == reads


@pytest.mark.parametrize(
    ("declaration", "latex", "says"),
    [
        (r"depends \lambda on x", r"\lambda(x + u)", "but is no function"),
        (r"depends \lambda on x", r"\lambda(-x)", "but is no function"),
        (r"depends \lambda on x", r"\lambda(2 x)", "but is no function"),
        (r"depends \lambda on x", r"\lambda(u)", "a product or a value"),
        (r"depends \lambda on x", r"\lambda(x, u)", "a list in brackets"),
        ("T: scalar", "a^T", "the superscript T, which is declared"),
        ("index t = 1..n", "x^t", "the superscript t, which is declared"),
        ("a^{1}: scalar", "a^2", "the label 2"),
        (r"h^{(1)}: n", "g^{(2)}(x)", "a derivative or a label"),
    ],
)
def test_what_a_declaration_leaves_open_is_not_read(declaration: str, latex: str, says: str) -> None:
    with pytest.raises(Unsupported) as caught:
        Note(latex, (*SYMBOLS, declaration)).term()
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("declaration", "latex", "claim"),
    [
        (r"read S as \operatorname{diag}(u)", "S x = u \\odot x", "diag(u) x = u ⊙ x"),
        (r"read S as \frac12 softmax(u)", "S = u", "(1/2) softmax(u) = u"),
        (r"read S as \mathcal{M} x", "S = x", "M x = x"),
        (r"read S as \text{ReLU}(u)", "S = x", "relu(u) = x"),
    ],
)
def test_what_is_read_as_something_else_is_read_like_it(declaration: str, latex: str, claim: str) -> None:
    assert Note(latex, (*SYMBOLS, r"\mathcal{M}: scalar", declaration)).stated() == [claim]


# readings that are said -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("latex", "topic"),
    [
        (r"W_{ij}^{-1}", "an inverse at two subscripts"),
        (r"W^{-1}_{ij}", "an inverse at two subscripts"),
        (r"W^2_{ij}", "a power before two subscripts"),
        (r"W_{i,:}^\top", "a transpose at a row or column"),
        (r"a / c \lambda", "a slash"),
        (r"W \odot V W", "a product with ⊙"),
        (r"W \otimes V A^\top", None),
        (r"L(x)", "the bracket in L(x)"),
        (r"g(x)^\top", "a transpose behind a function"),
        (r"1/2 a", None),
        (r"W_{ij}^2", None),
        (r"W \cdot V x", None),
    ],
)
def test_notation_with_two_readings_says_so(latex: str, topic: str | None) -> None:
    context, _ = Note(latex, SYMBOLS).context_and_term()
    assert [found for found in context.readings.met if found != "⊗"] == ([] if topic is None else [topic])


def test_an_order_that_was_only_tried_is_not_said() -> None:
    # from left to right, x · u would be an inner product before the entrywise one fails
    context, _ = Note(r"x \cdot W u \odot v", SYMBOLS).context_and_term()
    assert list(context.readings.said) == [
        "a product is read with matrix products before ⊙, and ⊙ before ·, which is the only order that fits", "· between two vectors is the inner product"  # noqa: E501
    ]  # fmt: skip
    context, _ = Note(r"x \odot W u", SYMBOLS).context_and_term()
    assert list(context.readings.said) == ["a product is read with matrix products before ⊙, which is the only order that fits"]


@pytest.mark.parametrize(
    ("latex", "word", "other"),
    [
        (r"\frac{\partial}{\partial a} (a / c \lambda) = 1 / c \lambda", "proved", []),
        (r"a / c \lambda = \frac{a}{c \lambda}", "refuted", ["where a slash divides by all scalars behind it"]),
        (r"\sum_i \sum_j (W^{-1})_{ij} W_{ji} = \sum_i \sum_j W_{ij}^{-1} W_{ji}", "proved", []),
        (r"\nabla_x \frac12 x^\top x = x^\top", "proved", []),
        (r"\nabla_x x^\top W x = x^\top (W + W^\top)", "proved", []),
        (r"\nabla_x x^\top W x = x^\top W^\top", "refuted", []),
        (r"\nabla_x y \, u = W u", "proved", []),
        (r"\nabla_x \frac12 (x^\top x) = x^\top", "proved", []),
        (r"\nabla_x L(x) = \nabla_x L", "proved", []),
        (r"x \odot 2 u = 2 u \odot x", "proved", []),
        (r"\frac{\partial b}{\partial x} = 0", "proved", []),
        (r"\frac{\partial y}{\partial x} = 0", "refuted", []),
    ],
)
def test_verdicts(latex: str, word: str, other: list[str]) -> None:
    note = Note(latex, (*SYMBOLS, "b: m"))
    note.stated()
    (verdict,) = judge(note.derivation)
    assert verdict.word == word, verdict.reason
    assert [topic for topic, reading in verdict.other_readings if reading == "proved" and word != "proved"] == other


def test_products_of_two_kinds_each_have_their_own_readings() -> None:
    note = Note(r"W \odot V W + V \otimes W V = W \odot (V W) + V \otimes (W V)", ("W, V: n x n", r"read \otimes as Hadamard product"))
    note.stated()
    (verdict,) = judge(note.derivation)
    assert verdict.word == "proved", verdict.reason
    assert dict(verdict.other_readings) == {
        "where a product with ⊙ is read from left to right": "refuted", "where a product with ⊗ is read from left to right": "refuted",
    }  # fmt: skip


def test_the_entries_of_a_tensor_without_their_indices_are_not_read() -> None:
    (said,) = Note(r"W = (W_{ij})", SYMBOLS).stated()
    assert said.startswith("an entry in brackets for a tensor")
    assert Note(r"W = (W_{ij})_{ij}", SYMBOLS).stated() == ["W = (W[i,j])_{i,j}"]


def test_a_gradient_behind_a_gradient_is_a_factor_of_the_chain_rule() -> None:
    declarations = ("layout denominator", "x: n", "W: m x n", "function f of x", "y = W x", "L = f(y)")
    note = Note(r"\nabla_x L = \nabla_x y^\top \nabla_y L", declarations)
    note.stated()
    (verdict,) = judge(note.derivation)
    assert (note.derivation.claims[0].readings, verdict.word) == (("\\nabla_x before a scalar product is of its first factor",), "proved")


# what a display that begins with = goes on with ---------------------------------------------------------------------
def claims_of(*pieces: str) -> list[str]:
    """The claims of a document of displays ($$…$$), inline formulas ($…$), headings (# …) and text."""
    passages: list[Passage] = []
    position = 0
    for piece in pieces:
        end = position + len(piece)
        if piece.startswith("$$"):
            passages.append(Formula(position + 2, end - 2, True, "", "", ()))
        elif piece.startswith("$"):
            passages.append(Formula(position + 1, end - 1, False, "", "", ()))
        elif piece.startswith("#"):
            passages.append(Heading(position, end, 1, piece))
        else:
            passages.append(Prose(position, end))
        position = end
    note = read(Document(SourceText("note.md", "".join(pieces)), (Formula(0, 0, True, "", "", ()), *passages)), "note")
    return [
        claim.unread or f"{text(claim.lhs)} = {text(claim.rhs)}" for derivation in note.derivations for claim in derivation.claims if claim.lhs is not None or claim.unread  # noqa: E501
    ]


@pytest.mark.parametrize(
    ("pieces", "claims"),
    [
        (("$$2 + 3 = 5$$", "$$= 6$$"), ["2 + 3 = 5", "5 = 6", "2 + 3 = 6"]),
        (("$$2 + 3 = 5$$", "because", "$1 + 1 = 2$", ", so", "$$= 6$$"), ["2 + 3 = 5", "1 + 1 = 2", "5 = 6", "2 + 3 = 6"]),
        (("$$2 + 3$$", "$$= 6$$"), ["2 + 3 = 6"]),
        (("$$2 + 3 = 5$$", "$$7$$", "$$= 6$$"), ["2 + 3 = 5", "7 = 6"]),
    ],
)
def test_a_display_goes_on_with_the_display_before(pieces: tuple[str, ...], claims: list[str]) -> None:
    assert claims_of(*pieces) == claims


@pytest.mark.parametrize("pieces", [("$$= 6$$",), ("$$2 + 3 = 5$$", "# next", "$$= 6$$"), ("$1 + 1 = 2$", "$$= 6$$"), ("$$2 \\to 3$$", "$$= 6$$")])
def test_a_display_that_goes_on_with_nothing_is_not_read(pieces: tuple[str, ...]) -> None:
    assert "a formula that begins with =" in claims_of(*pieces)[-1]
