"""Implied sums: in a note that declares `einstein`, every index that does not stand on both sides is summed.

The sum is taken in the smallest part of the formula that holds all occurrences of the index in its additive term: a product, one side of a
fraction bar, a bracket; never inside the argument of a function. The strict convention, by which exactly the indices that occur twice in a
term are summed, is the other reading.
"""

from __future__ import annotations

from dataclasses import replace

from derivcheck.notes.context import Context, walk
from derivcheck.notes.notations.derivatives import Differential
from derivcheck.notes.notations.sums import Summation
from derivcheck.notes.syntax import Addition, Bracketed, Fraction, Node, Product, Scripted, Sequence, Symbol


def with_implied_sums(context: Context, node: Node, free: frozenset[str], strict: bool) -> Node:
    """The node with a sum for every index that is not free; under the strict convention for every one that occurs exactly twice in a term."""
    if isinstance(node, Addition):
        return replace(node, parts=tuple((sign, with_implied_sums(context, part, free, strict)) for sign, part in node.parts))
    counts = occurrences(context, node)
    for key, count in counts.items():
        if count == 2 if strict else key not in free:
            node = _sum_over(context, node, key)
    return node


def occurrences(context: Context, node: Node) -> dict[str, int]:
    """How often each index stands in a node, sums that are written left out."""
    counts: dict[str, int] = {}
    bound = {sub.key for inner in _summations(node) for sub in inner.below}
    for sub in context.subscripts(node):
        if sub.key not in bound:
            counts[sub.key] = counts.get(sub.key, 0) + 1
    return counts


def _summations(node: Node) -> list[Summation]:
    return [inner for inner in walk(node) if isinstance(inner, Summation)]


def _holds(context: Context, node: Node, key: str) -> bool:
    return key in occurrences(context, node)


def _sum_over(context: Context, node: Node, key: str) -> Node:
    """The node with the sum over one index put into its place."""
    match node:
        case Addition():
            return replace(
                node, parts=tuple((sign, _sum_over(context, part, key) if _holds(context, part, key) else part) for sign, part in node.parts)
            )
        case Product():
            holding = [position for position, factor in enumerate(node.factors) if _holds(context, factor, key)]
            if len(holding) == 1 and _opens(node.factors[holding[0]]):
                factors = list(node.factors)
                factors[holding[0]] = _sum_over(context, factors[holding[0]], key)
                return replace(node, factors=tuple(factors))
        case Fraction():
            above, below = _holds(context, node.numerator, key), _holds(context, node.denominator, key)
            if above and not below:
                return replace(node, numerator=_sum_over(context, node.numerator, key))
            if below and not above:
                return replace(node, denominator=_sum_over(context, node.denominator, key))
        case Bracketed() if not isinstance(node.body, Sequence):
            return replace(node, body=_sum_over(context, node.body, key))
        case Summation():
            return replace(node, body=_sum_over(context, node.body, key))
        case Differential() if not any(_holds(context, variable, key) for variable in node.variables):
            return replace(node, function=_sum_over(context, node.function, key))
        case Scripted(core=Bracketed()) if not node.subs:
            return replace(node, core=_sum_over(context, node.core, key))
    inner = Bracketed(node.start, node.end, "(", node)
    return Bracketed(node.start, node.end, "(", Summation(node.start, node.end, (Symbol(node.start, node.end, key),), None, inner))


def _opens(node: Node) -> bool:
    """Whether a sum may stand inside a factor."""
    return isinstance(node, (Bracketed, Fraction, Differential)) or (
        isinstance(node, Scripted) and isinstance(node.core, Bracketed) and not node.subs
    )
