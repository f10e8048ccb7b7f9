"""Symbols: letters with accents and vector marks, names of several letters."""

from __future__ import annotations

from collections.abc import Callable

from derivcheck.language.operators import apply
from derivcheck.language.terms import Term
from derivcheck.notes.context import Context, tensor_slot
from derivcheck.notes.grammar import Parser
from derivcheck.notes.names import BOLD
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood
from derivcheck.notes.notations.unread import check_name
from derivcheck.notes.scripts import is_transpose, scripted_term
from derivcheck.notes.syntax import Bracketed, Mark, Node, Scripted, Sequence, Symbol, Word
from derivcheck.notes.tokens import Token
from derivcheck.notes.unsupported import Unsupported

GREEK = ["alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "iota", "kappa", "lambda", "mu", "nu", "xi", "pi", "varpi", "rho", "varrho", "sigma", "varsigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "ell", "hbar", "imath", "jmath"]  # fmt: skip  # noqa: E501
ACCENTS = {
    "hat": "hat",
    "widehat": "hat",
    "tilde": "tilde",
    "widetilde": "tilde",
    "bar": "bar",
    "overline": "bar",
    "dot": "dot",
    "ddot": "ddot",
    "check": "check",
}
ALPHABETS = ("mathcal", "mathscr", "mathbb", "mathds", "mathfrak", "mathsf", "mathtt", "mathnormal")
VECTOR_MARKS = {"\\underline": "vector", "\\vec": "vector", "\\overrightarrow": "vector", "\\utilde": "vector"}


def greek(parser: Parser, token: Token) -> Node:
    return Symbol(token.start, token.end, token.text)


def accent(parser: Parser, token: Token) -> Node:
    """\\hat{y}: the accent belongs to the name. Over a symbol with scripts it stands on the symbol."""
    argument = parser.argument()
    name = ACCENTS[token.text[1:]]
    end = parser.peek(-1).end
    return _on_symbol(argument, token, lambda symbol: Symbol(token.start, end, f"\\{name}{{{symbol.name}}}", symbol.mark))


def vector_mark(parser: Parser, token: Token) -> Node:
    """\\underline{a_i}, \\vec{x}: the mark says that it is a vector; it makes no other name."""
    argument = parser.argument()
    end = parser.peek(-1).end
    return _on_symbol(argument, token, lambda symbol: Symbol(token.start, end, symbol.name, VECTOR_MARKS[token.text]))


def under(parser: Parser, token: Token) -> Node:
    """\\underset{\\sim}{x}: a vector mark."""
    mark = parser.raw_argument().strip()
    argument = parser.argument()
    if mark != "\\sim":
        raise Unsupported(f"{token.text} with {mark}", token.start, token.end, "only \\underset{\\sim}{x} is understood, as a vector mark")
    end = parser.peek(-1).end
    return _on_symbol(argument, token, lambda symbol: Symbol(token.start, end, symbol.name, "vector"))


def bold(parser: Parser, token: Token) -> Node:
    """\\mathbf{x}: a vector mark; \\mathbf{1} and \\mathbf{0} are names of their own."""
    argument = parser.argument()
    if argument.key in ("0", "1"):
        return Symbol(token.start, parser.peek(-1).end, f"\\mathbf{{{argument.key}}}")
    end = parser.peek(-1).end
    return _on_symbol(argument, token, lambda symbol: Symbol(token.start, end, symbol.name, "bold"))


def alphabet(parser: Parser, token: Token) -> Node:
    """\\mathcal{L}: a letter of another alphabet."""
    content = parser.raw_argument().strip()
    name = {"\\mathds": "\\mathbb", "\\mathscr": "\\mathcal", "\\mathsf": "", "\\mathtt": "", "\\mathnormal": ""}.get(token.text, token.text)
    end = parser.peek(-1).end
    if not name:
        return Symbol(token.start, end, content) if len(content) == 1 else Word(token.start, end, content)
    return Symbol(token.start, end, f"{name}{{{content}}}")


def upright(parser: Parser, token: Token) -> Node:
    """\\mathrm{softmax}, \\operatorname{tr}, \\text{ReLU}: a name of one or several letters."""
    parser.accept("*")
    content = parser.raw_argument().strip()
    end = parser.peek(-1).end
    check_name(content, token.start, end)
    if content.startswith("\\"):
        return Symbol(token.start, end, content)
    if not content.replace("-", "").replace(" ", "").isalnum():
        raise Unsupported(f"{token.text}{{{content}}}", token.start, end, "a name is made of letters")
    return Symbol(token.start, end, content) if len(content) == 1 else Word(token.start, end, content)


def mark(parser: Parser, token: Token) -> Node:
    return Mark(token.start, token.end, token.text)


def _on_symbol(argument: Node, token: Token, change: Callable[[Symbol], Symbol]) -> Node:
    if isinstance(argument, Symbol):
        return change(argument)
    if isinstance(argument, Scripted):
        core = _on_symbol(argument.core, token, change)
        return Scripted(token.start, max(argument.end, core.end), core, argument.subs, argument.sups, argument.primes)
    if isinstance(argument, Word):
        return Word(token.start, argument.end, argument.name)
    if isinstance(argument, Bracketed):
        return Bracketed(token.start, argument.end, argument.opening, _on_symbol(argument.body, token, change))
    raise Unsupported(f"{token.text} over {argument.key}", token.start, argument.end, "it is understood over one symbol")


def symbol(context: Context, node: Node) -> Term:
    core = node.core if isinstance(node, Scripted) and not node.subs and len(node.sups) == 1 and is_transpose(node.sups[0]) else node
    if isinstance(core, Bracketed) and isinstance(core.body, Sequence):
        # (x_1, …, x_n)^⊤ is how one writes a column in a line
        listed = context.term(core)
        return listed if listed.shape[-1].is_one else apply("transpose", listed)
    return scripted_term(context, node)


NOTATION = Notation(
    title="Symbols, accents and vector marks",
    rule=(
        "\\hat, \\tilde and \\bar make another name. Bold letters, \\vec, \\underline and \\underset{\\sim} only mark a vector: \\mathbf{x} and x are one symbol "  # noqa: E501
        "unless both are declared. Names of several letters stand in \\mathrm, \\operatorname or \\text, or are declared."
    ),
    examples=(
        Example(r"\hat{y} + \bar{\lambda}", "ŷ + λ̄", (r"\hat{y}, \bar{\lambda}: scalar",)),
        Example(r"\mathbf{x} + \underline{b}", "x + b", ("x, b: n",)),
        Example(r"\vec{x}_i \underset{\sim}{b}_i", "x[i] b[i]", ("x, b: n",)),
        Example(r"\mathbf{x} + \boldsymbol{\theta}", "x + θ", (r"x, \theta: n",)),
    ),
    not_understood=(
        NotUnderstood(r"\hat{x + y}", "\\hat over", ("x, y: n",)),
        NotUnderstood(r"x + q", "q is not declared", ("x: n",)),
        NotUnderstood(r"\underset{a}{x}", "\\underset with a", ("x: n",)),
    ),
    commands={
        **{f"\\{name}": greek for name in GREEK},
        **{f"\\{name}": accent for name in ACCENTS},
        **dict.fromkeys(VECTOR_MARKS, vector_mark),
        **dict.fromkeys(BOLD, bold),
        **{f"\\{name}": alphabet for name in ALPHABETS},
        **dict.fromkeys(("\\mathrm", "\\operatorname", "\\text", "\\textrm", "\\mathit", "\\mbox", "\\textit", "\\textbf"), upright),
        "\\underset": under,
        **dict.fromkeys(("\\top", "\\intercal", "\\dagger"), mark),
    },
    meanings={Symbol: symbol, Word: symbol, Scripted: symbol},
    slots=(tensor_slot,),
)
