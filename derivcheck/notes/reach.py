"""How far an operator reaches that stands before brackets with further factors behind them.

d/dt (t²) (eᵗ)       of the whole product, or of the first brackets, times the rest
∂/∂x (W x)ᵀ g        of (W x)ᵀ g or of (W x)ᵀ, or the transpose of what it is of W x
log (a) (b)          the logarithm of a, times b, or that of a b

Authors write all of them, and nothing but the line as a whole says which one is meant. So every operator has its readings for itself: in
d/dt (t²) (eᵗ) = d/dt (t²) (eᵗ) + (t²) d/dt (eᵗ) the one on the left reaches further than the ones on the right.
"""

from __future__ import annotations

from derivcheck.language.terms import Term
from derivcheck.notes.context import Context
from derivcheck.notes.dependence import depends_on
from derivcheck.notes.derivative import Differential, differentiate
from derivcheck.notes.gradient import Gradient
from derivcheck.notes.scripts import is_transpose
from derivcheck.notes.syntax import Addition, Bracketed, Node, Scripted, juxtaposed
from derivcheck.notes.trees import walk

WHOLE, BRACKETS = "is of the whole product", "is of the brackets"
TURNED = "is of the brackets without their transpose, which is taken of the derivative"

BEFORE_PRODUCTS = frozenset({"log", "ln", "exp", "tr", "Tr", "trace", "det"})
"""The functions that are written like operators: log (a) (b) may be the logarithm of a product. Of σ(z) (1 − σ(z)) nobody would think so."""


def reach_of(context: Context, operator: Differential) -> str:
    """What the readings of an operator are about: it, by the brackets behind it and, where there are several such, by its place."""
    alike = {
        part.start
        for member in context.claim
        for part in walk(member)
        if isinstance(part, Differential) and part.of_brackets and part.function.key == operator.function.key
    }
    return _topic(context, operator, operator.function, len(alike) > 1)


def reach_before(context: Context, operator: Node, brackets: Node) -> str:
    """The same of a function or ∇, which is a factor before the brackets."""
    alike = {part.start for member in context.claim for part in walk(member) if part.key == brackets.key and isinstance(part, type(brackets))}
    return _topic(context, operator, brackets, len(alike) > 1)


def _topic(context: Context, operator: Node, brackets: Node, several: bool) -> str:
    place = f" at {context.place_of(operator.start)}" if several else ""
    return f"the operator{place} before {context.quoted(brackets)}"


def readings_of(context: Context, operator: Differential, behind: tuple[Node, ...], depends: bool) -> tuple[str, ...]:
    """The readings of an operator before brackets, the likely one first: `behind` them stand further factors, one of which `depends` on its
    variable or does not.

    Square brackets show where the operator ends, unless all the factors stand in them; a derivative is a factor of its own, and the product
    rule has its other term beside. Brackets with a transpose are the first factor of a quadratic form or an inner product.
    """
    opening, turned = _opening(operator.function), is_turned(operator.function)
    shown = opening != "(" and any(_opening(factor) != opening for factor in behind)
    ends = shown or has_derivative(behind) or _in_product_rule(context, operator, behind)
    first = (WHOLE, BRACKETS) if (depends or turned) and not ends else (BRACKETS, WHOLE)
    return (*first, TURNED) if turned else first


def _in_product_rule(context: Context, operator: Differential, behind: tuple[Node, ...]) -> bool:
    """Whether a term beside that of the operator derives a factor behind it by the same variables: (f)' g + f g'."""
    factors = {_bare(factor).key for factor in (*behind, juxtaposed(behind))}
    variables = [variable.key for variable in operator.variables]
    for sum_ in (inner for member in context.claim for inner in walk(member) if isinstance(inner, Addition)):
        derived_in = [[part for part in walk(term) if isinstance(part, Differential)] for _, term in sum_.parts]
        if any(part is operator for found in derived_in for part in found):
            beside = [part for found in derived_in if all(part is not operator for part in found) for part in found]
            if any([variable.key for variable in part.variables] == variables and _bare(part.function).key in factors for part in beside):
                return True
    return False


def _bare(node: Node) -> Node:
    return _bare(node.body) if isinstance(node, Bracketed) else node


def has_derivative(factors: tuple[Node, ...]) -> bool:
    """Whether a derivative stands among the factors: it is the next factor of the chain rule or of the product rule."""
    return any(isinstance(part, (Differential, Gradient)) for factor in factors for part in walk(factor))


def _opening(factor: Node) -> str:
    core = factor.core if isinstance(factor, Scripted) else factor
    return core.opening if isinstance(core, Bracketed) else ""


def is_bracket(factor: Node) -> bool:
    """Whether a factor is brackets, with or without scripts on them."""
    return _opening(factor) in ("(", "[")


def depends(context: Context, operator: Differential, behind: list[Term]) -> bool:
    """Whether one of the terms depends on a variable of the operator."""
    variables = [context.term(variable) for variable in operator.variables]
    return any(depends_on(term, variable) for term in behind for variable in variables)


def derived(context: Context, operator: Differential, function: Term) -> Term:
    """The derivative of a function by the variables of an operator."""
    for variable in reversed(operator.variables):
        function = differentiate(context, function, context.term(variable), operator)
    return function


def is_turned(factor: Node) -> bool:
    """Whether nothing but a transpose stands on brackets."""
    if not isinstance(factor, Scripted) or not isinstance(factor.core, Bracketed) or factor.subs or factor.primes:
        return False
    return len(factor.sups) == 1 and is_transpose(factor.sups[0])


def without_turning(factor: Node) -> Node:
    """The brackets without what stands on them."""
    return factor.core if isinstance(factor, Scripted) else factor
