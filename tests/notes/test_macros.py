"""Macros: what is collected, what a call expands to, and where the expansion stands."""

from __future__ import annotations

import string

import pytest

from derivcheck.notes.documents import read_document
from derivcheck.notes.documents.record import Formula
from derivcheck.notes.macros import MOST_TOKENS, EndlessMacro, expand
from derivcheck.notes.tokens import Token, tokenize
from derivcheck.notes.unsupported import Unsupported


def expanded(text: str, name: str = "a.md") -> list[str]:
    """The tokens of every formula, its macros expanded, with a space between them."""
    document = read_document(name, text.encode())
    formulas = [passage for passage in document.passages if isinstance(passage, Formula)]
    return [" ".join(token.text for token in expand(tokenize(document.source.text, each.start, each.end), document.macros)) for each in formulas]


def one(definitions: str, formula: str) -> str:
    (found,) = expanded(f"{definitions}\n\n$$ {formula} $$")
    return found


@pytest.mark.parametrize(
    ("definition", "formula", "expansion"),
    [
        (r"\newcommand{\R}{\mathbb{R}}", r"\R^n", r"\mathbb { R } ^ n"),
        (r"\newcommand\T{^\top}", r"W\T x", r"W ^ \top x"),
        (r"\renewcommand*{\pd}[2]{\frac{\partial #1}{\partial #2}}", r"\pd{y}{x}", r"\frac { \partial y } { \partial x }"),
        (r"\newcommand{\pd}[2]{#1/#2}", r"\pd yx \pd12", "y / x 1 / 2"),
        (r"\newcommand{\w}[2][k]{W^{#1}_{#2}}", r"\w{i} \w[l]{j}", "W ^ { k } _ { i } W ^ { l } _ { j }"),
        (r"\newcommand{\w}[1][a_{[i]}]{#1}", r"\w[{]}b]", "{ ] } b"),
        (r"\newcommand{\a}{\b c}\newcommand{\b}{d}", r"\a", "d c"),
        (r"\newcommand{\a}[1]{#1}", r"\a{\a{\a{x}}}", "x"),
        (r"\newcommand{\ten}[1]{#10}", r"\ten1", "10"),
        (r"\newcommand{\a}[1]{\#1 #1}", r"\a2", r"\# 1 2"),
        (r"\newcommand{\{}{(}", r"\{ x", "( x"),
        (r"\def\x#1#2{#2#1}", r"\x ab", "b a"),
        (r"\gdef\x{y}", r"\x", "y"),
        (r"\DeclareMathOperator{\sm}{softmax}", r"\sm(x)", r"\operatorname { s o f t m a x } ( x )"),
        (r"\DeclareMathOperator*{\argmax}{max}", r"\argmax", r"\operatorname * { m a x }"),
        (r"\DeclarePairedDelimiter{\norm}{\lVert}{\rVert}", r"\norm{x}", r"\left \lVert x \right \rVert"),
        (r"\NewDocumentCommand{\g}{O{L} m}{\nabla_{#2} #1}", r"\g{x} \g[J]{y}", r"\nabla _ { x } L \nabla _ { y } J"),
        (r"\newcommand{\loss}{L}\providecommand{\loss}{J}\providecommand{\other}{K}", r"\loss \other", "L K"),
        (r"`\newcommand{\x}{y}`", r"\x", r"\x"),
        (r"\let\x\y", r"\x", r"\x"),
        (r"\def\x(#1){#1}", r"\x(y)", r"\x ( y )"),
        (r"\newcommand{\x}{y", r"\x", r"\x"),
    ],
)
def test_expansion(definition: str, formula: str, expansion: str) -> None:
    assert one(definition, formula) == expansion


def test_a_definition_in_a_formula_is_no_formula() -> None:
    assert expanded("$$\\newcommand{\\x}{y}$$\n\n$$\\newcommand{\\z}{w} \\x = \\z$$") == ["y = w"]


def test_a_macro_holds_from_its_definition_on() -> None:
    assert expanded("$\\a$ \\newcommand{\\a}{1} $\\a$ \\renewcommand{\\a}{2} $\\a$ $$\\renewcommand{\\a}{3}\\a$$ \\renewcommand{\\a}{4} $\\a$") == [
        "1",
        "1",
        "2",
        "3",
        "4",
    ]


def test_the_macros_of_a_preamble_and_of_a_formula_in_tex() -> None:
    text = "\\newcommand{\\a}{1} % \\newcommand{\\a}{9}\n"
    text += "\\begin{document} $\\a$ \\[\\renewcommand{\\a}{2} \\a\\] \\renewcommand{\\a}{3} $\\a$\\end{document}"
    assert expanded(text, "a.tex") == ["1", "2", "3"]


def test_what_comes_from_a_macro_stands_where_the_call_stands() -> None:
    text = "\\newcommand{\\pd}[2]{#1/#2}\n\n$a \\pd{xx}{y} b \\pd cd$"
    document = read_document("a.md", text.encode())
    (formula,) = (passage for passage in document.passages if isinstance(passage, Formula))
    tokens = expand(tokenize(text, formula.start, formula.end), document.macros)
    written = [(token.text, text[token.start : token.end]) for token in tokens]
    call, other = "\\pd{xx}{y}", "\\pd cd"
    assert written == [("a", "a"), ("x", call), ("x", call), ("/", call), ("y", call), ("b", "b"), ("c", other), ("/", other), ("d", other)]


def test_formulas_without_macros_are_untouched() -> None:
    document = read_document("a.md", b"\\newcommand{\\a}{b} $x + y$")
    tokens = tokenize("x + y")
    assert expand(tokens, document.macros) is tokens


@pytest.mark.parametrize(
    ("definition", "formula"),
    [
        (r"\newcommand{\a}{\a}", r"\a"),
        (r"\newcommand{\a}{\b}\newcommand{\b}{\a}", r"\a"),
        (r"\newcommand{\a}{x\a}", r"\a"),
        (r"\newcommand{\a}[1]{#1#1#1#1#1#1#1#1#1#1}", r"\a{\a{\a{\a{\a{x}}}}}"),
        (
            "".join(
                f"\\newcommand{{\\{name}}}{{\\{following}\\{following}}}"
                for name, following in zip(string.ascii_letters, string.ascii_letters[1:], strict=False)
            )
            + "\\newcommand{\\Z}{}",
            r"\a",
        ),
    ],
)
def test_macros_without_end(definition: str, formula: str) -> None:
    with pytest.raises(EndlessMacro, match=f"{MOST_TOKENS:,} tokens"):
        one(definition, formula)


@pytest.mark.parametrize(
    ("definition", "formula", "message"),
    [
        (r"\newcommand{\a}[2]{#1}", r"\a1", "without its 2 arguments"),
        (r"\newcommand{\a}[2]{#1}", r"\a{1}{2", "not closed"),
        (r"\newcommand{\a}[1][x]{#1}", r"\a[2", "not closed"),
        (r"\newcommand{\a}[1]{#1}", r"\frac{\a}{2}", "without its 1 arguments"),
        (r"\newcommand{\a}[2]{#3}", r"\a12", "#3"),
    ],
)
def test_calls_that_are_not_understood(definition: str, formula: str, message: str) -> None:
    with pytest.raises(Unsupported, match=message):
        one(definition, formula)


def test_a_long_formula_is_no_explosion() -> None:
    document = read_document("a.md", b"\\newcommand{\\a}{b} $x$")
    tokens = [Token("letter", "x", 0, 1)] * (2 * MOST_TOKENS) + [Token("command", "\\a", 0, 1)]
    assert [token.text for token in expand(tokens, document.macros)][-1] == "b"
