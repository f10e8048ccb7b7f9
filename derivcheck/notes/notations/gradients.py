"""Gradients: ∇_x f, and with a declared loss the abbreviations ∇_x and ∇x."""

from __future__ import annotations

from derivcheck.language.terms import Term
from derivcheck.notes.context import Context
from derivcheck.notes.gradient import Gradient
from derivcheck.notes.grammar import Parser
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood
from derivcheck.notes.products import loss_gradient
from derivcheck.notes.syntax import Node, Product
from derivcheck.notes.tokens import Token
from derivcheck.notes.unsupported import Unsupported


def nabla(parser: Parser, token: Token) -> Node:
    variable: Node | None = None
    end = token.end
    if parser.peek().kind == "sup":
        raise Unsupported("a power of ∇", token.start, token.end, "write second derivatives as \\frac{\\partial^2 f}{\\partial x_i \\partial x_j}")
    if parser.peek().kind == "sub":
        parser.next()
        items = parser.script()
        end = items[-1].end
        if len(items) != 1:
            raise Unsupported("a gradient by several variables", token.start, end, "write one \\nabla for each")
        variable = items[0]
        if isinstance(variable, Product):
            raise Unsupported(f"a gradient by {variable.key}", variable.start, variable.end, "its variable is one symbol")
    return Gradient(token.start, end, variable)


def meaning(context: Context, node: Gradient) -> Term:
    return loss_gradient(context, node, node.variable)


NOTATION = Notation(
    title="Gradients",
    rule=(
        "\\nabla_x f is the derivative of the factor f behind it, in the layout of the note; a transpose behind a scalar f is of the gradient. Where a loss is declared, \\nabla_x alone and \\nabla x are its gradients, and \\nabla_x before a "  # noqa: E501
        "vector or matrix is its gradient times that."
    ),
    examples=(
        Example(r"\nabla_x L", "∂L/∂x", ("layout denominator", "x: n", "function f of x", "L = f(x)")),
        Example(r"\nabla_x L^\top \odot x", "(∂L/∂x)ᵀ ⊙ x", ("layout numerator", "x: n", "function f of x", "L = f(x)")),
        Example(r"\nabla_x \odot x + \nabla x", "(∂L/∂x) ⊙ x + ∂L/∂x", ("layout denominator", "x: n", "function f of x", "L = f(x)", "loss L")),
        Example(r"\nabla_x x^\top", "(∂L/∂x) xᵀ", ("layout like-variable", "x: n", "function f of x", "L = f(x)", "loss L")),
        Example(r"\nabla_W L", "∂L/∂W", ("layout denominator", "W: n x m", "function f of W", "L = f(W)")),
    ),
    not_understood=(
        NotUnderstood(r"\nabla L", "without its variable", ("x: n", "function f of x", "L = f(x)")),
        NotUnderstood(r"\nabla x", "without its function", ("x: n",)),
        NotUnderstood(r"\nabla^2 L", "a power of ∇", ("x: n", "function f of x", "L = f(x)")),
    ),
    commands={"\\nabla": nabla},
    meanings={Gradient: meaning},
)
