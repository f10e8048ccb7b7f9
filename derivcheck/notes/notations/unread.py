"""Notation that is recognised and not understood: what it is, and what to write instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from derivcheck.notes.grammar import Parser
from derivcheck.notes.notations.record import Notation, NotUnderstood, Stated
from derivcheck.notes.syntax import Node
from derivcheck.notes.tokens import Token
from derivcheck.notes.unsupported import Unsupported

_NAMES: Mapping[str, tuple[str, str]] = {
    "lim": ("a limit", "write the value that it has"),
    "int": ("an integral", "write its value, or declare it as a symbol"),
    "iint": ("an integral", "write its value, or declare it as a symbol"),
    "oint": ("an integral", "write its value, or declare it as a symbol"),
    "sup": ("a supremum", "declare it as a symbol"),
    "inf": ("an infimum", "declare it as a symbol"),
    "arg": ("an argument of a function", "declare it as a symbol"),
    "argmax": ("an argmax", "declare it as a symbol"),
    "argmin": ("an argmin", "declare it as a symbol"),
    "Pr": ("a probability", "write it as a symbol with what it depends on: depends p on y, x"),
    "Var": ("a variance", "write it as a mean over a dimension: \\frac{1}{n} \\sum_{i=1}^{n} x_i"),
    "Cov": ("a covariance", "write it as a mean over a dimension: \\frac{1}{n} \\sum_{i=1}^{n} x_i"),
    "sgn": ("a sign function", "write it by cases: \\begin{cases} … \\end{cases}"),
    "sign": ("a sign function", "write it by cases: \\begin{cases} … \\end{cases}"),
    "rank": ("a rank", "declare it as a symbol"),
    "sin": ("the function sin", "declare a generic one: function s elementwise"),
    "cos": ("the function cos", "declare a generic one: function c elementwise"),
    "tan": ("the function tan", "declare a generic one: function t elementwise"),
    "cosh": ("the function cosh", "write it by exp"),
    "sinh": ("the function sinh", "write it by exp"),
    "erf": ("the function erf", "declare a generic one: function g elementwise"),
}
"""Names, with a backslash or in \\operatorname."""

_COMMANDS: Mapping[str, tuple[str, str]] = {
    "\\binom": ("a binomial coefficient", "write it as a number"),
    "\\mod": ("a remainder", ""),
    "\\bmod": ("a remainder", ""),
    "\\pmod": ("a remainder", ""),
    "\\overset": ("a sign over another one", "write it as a label: x_{a}"),
    "\\stackrel": ("a sign over another one", "write it as a label: x_{a}"),
    "\\infty": ("infinity", "dimensions and values are finite"),
    "\\emptyset": ("the empty set", ""),
    "\\cup": ("a union of sets", ""),
    "\\cap": ("an intersection of sets", ""),
    "\\bigcup": ("a union of sets", ""),
    "\\lfloor": ("a floor", ""),
    "\\lceil": ("a ceiling", ""),
    "\\not": ("a crossed sign", "write \\neq"),
    "\\bigoplus": ("a direct sum", ""),
    "\\bigotimes": ("a product over a range", "write the factors out"),
    "\\triangle": ("the sign △", "a Laplacian is the trace of a Hessian"),
    "\\xrightarrow": ("an arrow", ""),
    "\\Bigm": ("a bar", "write the value of a function: f(x) = …, f(0)"),
}


def explained(what: str, instead: str) -> Callable[[Parser, Token], Node]:
    """A parse that says what stands there."""

    def parse(parser: Parser, token: Token) -> Node:
        raise Unsupported(what, token.start, token.end, instead)

    return parse


def check_name(name: str, start: int, end: int) -> None:
    """Raises Unsupported for the name of something that is not understood: argmax in \\operatorname{argmax}."""
    found = _NAMES.get(name) or _NAMES.get(name.replace(" ", "").replace("\\,", ""))
    if found is not None:
        raise Unsupported(found[0], start, end, found[1])


NOTATION = Notation(
    title="What is recognised and not understood",
    rule=(
        "Limits, integrals, extrema, expectations, remainders, ± and ≈ make the formula in which they stand unsupported; the message "
        "says what to write instead, where there is something."
    ),
    examples=(),
    not_understood=(
        NotUnderstood(r"\lim_{h \to 0} x", "a limit; write the value that it has", ("x: scalar",)),
        NotUnderstood(r"\int x", "an integral", ("x: scalar",)),
        NotUnderstood(r"\operatorname{argmax}_i x_i", "an argmax", ("x: n",)),
        NotUnderstood(r"\arg\min_x x^2", "an argument of a function", ("x: scalar",)),
        NotUnderstood(r"\operatorname*{arg\,min}_x x^2", "an argmin", ("x: scalar",)),
        NotUnderstood(r"\mathbb{E}[x]", "an expectation; write it as a mean", ("x: scalar",)),
        NotUnderstood(r"\binom{3}{2} x", "a binomial coefficient", ("x: scalar",)),
        NotUnderstood(r"x \pm y", "the sign \\pm; write two equations", ("x, y: scalar",)),
        NotUnderstood(r"\pm x", "the sign \\pm; write two equations", ("x: scalar",)),
        NotUnderstood(r"x \mod 2", "a remainder", ("x: scalar",)),
        NotUnderstood(r"\overset{a}{x}", "a sign over another one", ("x: n",)),
        NotUnderstood(r"\frac{d y}{x}", "d outside a derivative", ("x, y: scalar",)),
        NotUnderstood(r"\sin x", "the function sin", ("x: scalar",)),
        NotUnderstood(r"x \to y", "a relation inside a formula", ("x, y: scalar",)),
        NotUnderstood(r"\foo x", "the command \\foo; define it with \\newcommand", ("x: scalar",)),
        NotUnderstood(r"\triangle x", "the sign △", ("x: scalar",)),
    ),
    statements=(
        Stated(r"y \approx x", ("the sign ≈; only equalities are judged",), ("x, y: scalar",)),
        Stated(r"y = x \pm 1", ("the sign \\pm; write two equations",), ("x, y: scalar",)),
    ),
    commands={
        **{
            f"\\{name}": explained(*said)
            for name, said in _NAMES.items()
            if name not in ("argmax", "argmin", "Var", "Cov", "sgn", "sign", "rank", "erf")
        },
        **{name: explained(*said) for name, said in _COMMANDS.items()},
    },
)
