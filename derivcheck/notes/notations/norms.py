"""Norms and absolute values: ‖W‖², ‖W‖_F, ‖x‖_1, |x|."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR, is_vector
from derivcheck.language.terms import Power, Term
from derivcheck.notes.context import Context
from derivcheck.notes.grammar import Parser
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood
from derivcheck.notes.syntax import Node
from derivcheck.notes.tokens import Token
from derivcheck.notes.unsupported import Unsupported


@dataclass(frozen=True, slots=True)
class Norm(Node):
    """‖body‖ with its subscript and its power."""

    body: Node
    kind: str
    power: str

    @property
    def key(self) -> str:
        return f"\\|{self.body.key}\\|_{self.kind}^{self.power}"


@dataclass(frozen=True, slots=True)
class Magnitude(Node):
    """|body|."""

    body: Node

    @property
    def key(self) -> str:
        return f"|{self.body.key}|"


def _enclosed(parser: Parser, token: Token, bar: str, *closing: str) -> Node:
    parser.bars.append(bar)
    body = parser.expression()
    parser.bars.pop()
    if parser.accept(*closing) is None:
        raise Unsupported(f"{token.text} is not closed", token.start, token.end)
    return body


def norm(parser: Parser, token: Token) -> Node:
    body = _enclosed(parser, token, "\\|", "\\|", "\\rVert", "\\Vert")
    written = parser.scripts(body)
    subs = getattr(written, "subs", ()) if written is not body else ()
    sups = getattr(written, "sups", ()) if written is not body else ()
    return Norm(token.start, written.end, body, "".join(sub.key for sub in subs), "".join(sup.key for sup in sups))


def magnitude(parser: Parser, token: Token) -> Node:
    if parser.peek().kind in ("sub", "sup"):
        raise Unsupported(
            "a bar behind a formula, for its value at a point", token.start, token.end, "define a function, f(x) = …, and write its value f(0)"
        )
    body = _enclosed(parser, token, "|", "|", "\\rvert", "\\vert")
    return Magnitude(token.start, parser.peek(-1).end, body)


def norm_meaning(context: Context, node: Norm) -> Term:
    term = context.term(node.body)
    if node.power not in ("", "2"):
        raise Unsupported(f"the power {node.power} of a norm", node.start, node.end, "write \\|x\\| or \\|x\\|^2")
    if node.kind == "1":
        total = apply("total", apply("absolute", term))
        return Power(total, Fraction(2)) if node.power else total
    if node.kind not in ("", "2", "F"):
        raise Unsupported(f"the norm ‖·‖_{node.kind}", node.start, node.end, "write \\|x\\|, \\|x\\|_1, \\|x\\|_2 or \\|W\\|_F")
    if node.kind != "F" and term.shape != SCALAR and not is_vector(term.shape):
        context.readings.say(f"‖·‖{'₂' if node.kind else ''} of a matrix is read as the Frobenius norm")
    return apply("total", apply("power", term, parameters=(Fraction(2),))) if node.power else apply("frobenius", term)


def magnitude_meaning(context: Context, node: Magnitude) -> Term:
    term = context.term(node.body)
    if term.shape != SCALAR:
        raise Unsupported(
            "| … | around a tensor",
            node.start,
            node.end,
            "write \\|x\\| for a norm, \\det A for a determinant, abs(x) for absolute values of entries",
        )
    return apply("absolute", term)


NOTATION = Notation(
    title="Norms and absolute values",
    rule="\\|x\\|, \\|x\\|_2 and \\|W\\|_F are the root of the sum of the squares of all entries (a matrix norm ‖W‖₂ is read as the Frobenius norm, and the verdict says so); \\|x\\|_1 is the sum of the absolute values; |x| is of a scalar.",  # noqa: E501
    examples=(
        Example(r"\|W\|_2^2 + \lVert x \rVert_F", "sum(W^⊙2) + ‖x‖_F", ("W: n x m", "x: n")),
        Example(r"||x||^2 + \|x\|_1 + |x_i|", "sum(x^⊙2) + sum(|x|) + |x[i]|", ("x: n",)),
        Example(r"\|W\|_F^2", "sum(W^⊙2)", ("W: n x m",)),
    ),
    not_understood=(
        NotUnderstood(r"\|x\|_3", "the norm", ("x: n",)),
        NotUnderstood(r"|x|", "around a tensor", ("x: n",)),
        NotUnderstood(r"\|x", "is not closed", ("x: n",)),
        NotUnderstood(r"\left. x^2 \right|_{x=0}", "a bar behind a formula, for its value at a point", ("x: scalar",)),
        NotUnderstood(r"\|W\|_F^3", "the power 3 of a norm", ("W: n x m",)),
    ),
    commands={"\\|": norm, "\\lVert": norm, "\\Vert": norm, "|": magnitude, "\\lvert": magnitude, "\\vert": magnitude},
    meanings={Norm: norm_meaning, Magnitude: magnitude_meaning},
)
