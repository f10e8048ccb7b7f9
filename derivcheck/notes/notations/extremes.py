"""The larger and the smaller of two: max(0, x) is the rectifier."""

from __future__ import annotations

from derivcheck.language.operators import apply
from derivcheck.language.shapes import same_shape
from derivcheck.language.terms import Number, Term
from derivcheck.notes.context import Context
from derivcheck.notes.notations.functions import named
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood
from derivcheck.notes.scope import Function
from derivcheck.notes.syntax import Node
from derivcheck.notes.unsupported import Unsupported

Terms = tuple[Term, ...]


def maximum(context: Context, terms: Terms, node: Node) -> Term:
    """max(0, x) = relu(x), and max(x, y) = y + relu(x − y)."""
    first, second = _two("max", terms, node)
    if _is_zero(first):
        return apply("relu", second)
    return apply("relu", first) if _is_zero(second) else second + apply("relu", first - second)


def minimum(context: Context, terms: Terms, node: Node) -> Term:
    """min(x, y) = x − relu(x − y)."""
    first, second = _two("min", terms, node)
    if _is_zero(first):
        return -apply("relu", -second)
    return -apply("relu", -first) if _is_zero(second) else first - apply("relu", first - second)


def _two(name: str, terms: Terms, node: Node) -> tuple[Term, Term]:
    if len(terms) != 2:
        raise Unsupported(f"{name} of {len(terms)} arguments", node.start, node.end, f"{name} takes two, as in \\{name}(0, x)")
    first, second = terms
    if not (_is_zero(first) or _is_zero(second) or same_shape(first.shape, second.shape)):
        raise Unsupported(f"{name} of terms of different shapes", node.start, node.end, "both have one shape, or one of them is 0")
    return first, second


def _is_zero(term: Term) -> bool:
    return isinstance(term, Number) and term.value == 0


NOTATION = Notation(
    title="Maximum and minimum",
    rule="\\max(0, x) is the rectifier, of every entry of a tensor; \\max and \\min of two terms of one shape are taken entry by entry.",
    examples=(
        Example(r"\max(0, x)", "relu(x)", ("x: n",)),
        Example(r"\max\{x, y\}", "y + relu(x - y)", ("x, y: scalar",)),
        Example(r"\min(x, 0)", "-relu(-x)", ("x: scalar",)),
    ),
    not_understood=(
        NotUnderstood(r"\max(x)", "max of 1 arguments", ("x: n",)),
        NotUnderstood(r"\max(x, 1)", "max of terms of different shapes", ("x: n",)),
        NotUnderstood(r"\max_i x_i", "max of 1 arguments", ("x: n",)),
    ),
    commands={"\\max": named, "\\min": named},
    functions={"max": Function("max", maximum), "min": Function("min", minimum)},
)
