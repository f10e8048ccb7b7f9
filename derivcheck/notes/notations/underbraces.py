"""Underbraces, boxes and colours: what they hold, without what they say."""

from __future__ import annotations

from derivcheck.notes.grammar import Parser
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood
from derivcheck.notes.syntax import Bracketed, Node
from derivcheck.notes.tokens import Token


def braced(parser: Parser, token: Token) -> Node:
    """\\underbrace{a}_{text}: the text is left out."""
    argument = parser.argument()
    while parser.peek().kind in ("sub", "sup"):
        parser.next()
        parser.skip_spaces()
        parser.raw_argument()
    return _kept_together(token, argument)


def boxed(parser: Parser, token: Token) -> Node:
    return _kept_together(token, parser.argument())


def coloured(parser: Parser, token: Token) -> Node:
    """\\color{red}{a}: the first argument is left out."""
    parser.raw_argument()
    return _kept_together(token, parser.argument())


def spaced(parser: Parser, token: Token) -> Node:
    """\\vphantom{a} b: a space, and what follows."""
    parser.raw_argument()
    return parser.factor()


def _kept_together(token: Token, argument: Node) -> Node:
    """What is marked is one factor, as if in brackets."""
    return Bracketed(token.start, argument.end, "{", argument)


NOTATION = Notation(
    title="Underbraces, boxes, colours",
    rule="What is marked is read as if it stood in brackets; the words below or above it are left out.",
    examples=(
        Example(r"\underbrace{x + y}_{\text{the sum}} z", "(x + y) z", ("x, y, z: scalar",)),
        Example(r"\boxed{x} + \textcolor{red}{y} + \cancel{z}", "x + y + z", ("x, y, z: scalar",)),
    ),
    not_understood=(NotUnderstood(r"\underbrace", "the formula ends"),),
    commands={
        **dict.fromkeys(("\\underbrace", "\\overbrace", "\\underbracket"), braced),
        **dict.fromkeys(("\\boxed", "\\cancel", "\\bcancel", "\\mathclose", "\\ensuremath", "\\smash"), boxed),
        **dict.fromkeys(("\\textcolor", "\\colorbox"), coloured),
        **dict.fromkeys(("\\phantom", "\\vphantom", "\\hphantom", "\\hspace", "\\vspace", "\\mspace"), spaced),
    },
)
