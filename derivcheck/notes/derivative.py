"""The node of ∂f/∂x, and the derivative of a term by a variable in the layout of the note."""

from __future__ import annotations

from dataclasses import dataclass

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.layout import derivative_axes
from derivcheck.language.terms import D, Entry, Leaf, Named, Slice, Term
from derivcheck.notes.context import Context
from derivcheck.notes.syntax import Node
from derivcheck.notes.unsupported import Unsupported


@dataclass(frozen=True, slots=True)
class Differential(Node):
    """The derivative of a function by variables, the last one first."""

    function: Node
    variables: tuple[Node, ...]
    of_brackets: bool = False
    """An operator before brackets, which are its function: it may reach over the factors behind them too (reach.py)."""

    @property
    def key(self) -> str:
        return f"d{self.function.key}/d{'d'.join(variable.key for variable in self.variables)}"


def differentiate(context: Context, function: Term, variable: Term, node: Node) -> Term:
    """∂ function / ∂ variable.

    Raises Unsupported where the variable is a formula, and where the order of the axes depends on a layout and none is stated.
    """
    tensor = variable.tensor if isinstance(variable, (Entry, Slice)) else variable
    if not isinstance(tensor, (Leaf, Named)):
        raise Unsupported(
            "a derivative by a formula", node.start, node.end, "one derives by a symbol or an entry of one: name the formula in a line before"
        )
    if not context.scope.layout_is_stated and _needs_layout(function, variable):
        raise Unsupported(
            "the layout of this derivative is not stated", node.start, node.end, "declare: layout numerator (or denominator, or like-variable)"
        )
    return D(function, variable, context.scope.derivation.layout)


def _needs_layout(function: Term, variable: Term) -> bool:
    try:
        derivative_axes(function.shape, variable.shape, None)
    except IllTyped:
        return True
    return False
