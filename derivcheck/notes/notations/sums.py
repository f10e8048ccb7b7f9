"""Sums: with both bounds, with one, with the index alone, over a condition."""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass

from derivcheck.algebra.dims import Dim, Index
from derivcheck.language.subscripts import Slot
from derivcheck.language.terms import Indicator, Sum, Term, multiply
from derivcheck.notes.context import Context
from derivcheck.notes.grammar import Parser
from derivcheck.notes.names import plain
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood
from derivcheck.notes.scripts import undeclared
from derivcheck.notes.syntax import Addition, Node, Numeral, Relation, Symbol, one_more_than, without_offset
from derivcheck.notes.tokens import Token
from derivcheck.notes.trees import walk
from derivcheck.notes.unsupported import Unsupported


@dataclass(frozen=True, slots=True)
class Summation(Node):
    """The sum of a body over the indices under the sign, up to a bound."""

    below: tuple[Node, ...]
    above: Node | None
    body: Node

    @property
    def key(self) -> str:
        return f"\\sum_{{{','.join(node.key for node in self.below)}}}{self.body.key}"


def summation(parser: Parser, token: Token) -> Node:
    """\\sum_{i=1}^{n} and the product behind it."""
    below: tuple[Node, ...] = ()
    above: Node | None = None
    parser.skip_spaces()
    while parser.peek().kind in ("sub", "sup"):
        kind = parser.next().kind
        items = parser.script()
        if kind == "sub" and not below:
            below = tuple(items)
        elif kind == "sup" and above is None and len(items) == 1:
            above = items[0]
        else:
            raise Unsupported("the bounds of a sum", token.start, items[-1].end, "write \\sum_{i=1}^{n}")
        parser.skip_spaces()
    body = _signed_product(parser)
    return Summation(token.start, body.end, below, above, body)


def _signed_product(parser: Parser) -> Node:
    """The product behind the sum, with a sign of its own where one stands there: \\sum_i -\\log y_i."""
    sign = parser.accept("+", "-")
    body = parser.product()
    return body if sign is None or sign.text == "+" else Addition(sign.start, body.end, (("-", body),))


def meaning(context: Context, node: Summation) -> Term:
    if not node.below:
        return _all_that_is_new(context, node)
    if len(node.below) == 1 and isinstance(node.below[0], Relation):
        return _bounded(context, node, node.below[0])
    if node.above is not None:
        raise Unsupported("a sum with an upper bound alone", node.start, node.end, "write \\sum_{i=1}^{n}")
    return _over(context, [_whole(context, sub, node) for sub in node.below], node.body)


def _over(context: Context, indices: list[tuple[str, Index]], body: Node) -> Term:
    with context.binding(dict(indices)):
        term = context.term(body)
    for _, index in reversed(indices):
        term = Sum(index, term)
    return term


def _whole(context: Context, node: Node, summed: Summation) -> tuple[str, Index]:
    """An index over its whole range: the stated one, or that of the slots in which it stands."""
    stated = context.scope.index_range(node.key)
    dim = context.infer(node.key, summed.body)
    if dim is None and stated is None:
        raise Unsupported(f"over what {plain(node.key)} runs is not known", node.start, node.end, f"write \\sum_{{{node.key}=1}}^{{n}}")
    if dim is None and stated is not None:
        dim = stated.dim
    return node.key, _index(context, node.key, dim)  # type: ignore[arg-type]


def _index(context: Context, key: str, dim: Dim, base: int | None = None) -> Index:
    return context.local_index(key, dim, context.base(dim) if base is None else base)


def _all_that_is_new(context: Context, node: Summation) -> Term:
    """\\sum e^{z_t}: over the indices of the body that are neither free in the claim nor bound around it."""
    free = {sub.key for member in context.claim for sub in context.subscripts(member, _has_no_index)} | context.bound.keys()
    names = {inner.key: inner for inner in context.subscripts(node.body) if inner.key not in free}
    if len(names) != 1:
        found = ", ".join(map(plain, names)) or "none"
        raise Unsupported("a sum without its index", node.start, node.end, f"write \\sum_i; the candidates here are: {found}")
    (inner,) = names.values()
    context.readings.say(f"a sum without an index is over {plain(inner.key)}")
    return _over(context, [_whole(context, inner, node)], node.body)


def _has_no_index(node: Node) -> bool:
    return isinstance(node, Summation) and not node.below


def _bounded(context: Context, node: Summation, relation: Relation) -> Term:
    """\\sum_{i=0}^{B-1}, \\sum_{t≠j}, \\sum_{i<j}."""
    key = relation.left.key
    if relation.sign != "=":
        return _conditional(context, node, relation)
    if node.above is None:
        raise Unsupported("a sum with a lower bound alone", node.start, node.end, "write \\sum_{i=1}^{n}")
    whole = whole_range(context, relation.right, node.above)
    found = context.infer(key, node.body)
    if whole is not None and (found is None or found == whole[0] or whole[0].value is None):
        dim, base = whole
        return _over(context, [(key, _index(context, key, dim, base))], node.body)
    if found is None:
        raise Unsupported(f"the range of {plain(key)}", relation.start, node.above.end, _advice(context, node.above))
    index = _index(context, key, found)
    if isinstance(relation.right, Numeral) and relation.right.text.isdigit() and int(relation.right.text) < index.base:
        said = f"a sum from {relation.right.text} over a range that begins at {index.base}"
        raise Unsupported(said, relation.start, node.above.end, "the bounds lie inside the range; declare: count-from 0")
    lower = None if relation.right.key == str(index.base) else context.slot(relation.right, found)
    upper = _upper(context, node.above, found)
    with context.binding({key: index}):
        term = context.term(node.body)
    return Sum(index, term, lower, upper)


def _upper(context: Context, node: Node, dim: Dim) -> Slot | None:
    """The upper bound inside the range; None for its end."""
    whole = whole_range(context, Numeral(node.start, node.end, str(context.base(dim))), node)
    if whole is not None and whole == (dim, context.base(dim)):
        return None
    core = without_offset(node)
    if not isinstance(core, Numeral) and not context.is_index(core):
        raise (
            undeclared(context, core)
            if context.scope.find(core) is None
            else Unsupported(f"the upper bound {plain(node.key)} of a sum", node.start, node.end, "it is the end of the range, an index or a number")
        )
    return context.slot(node, dim)


def _advice(context: Context, above: Node) -> str:
    core = without_offset(above)
    known = context.scope.find(core) is not None
    return "a sum runs from 1 to n or from 0 to n-1" if known else f"declare it: dimension {core.key}"


def whole_range(context: Context, lower: Node, upper: Node) -> tuple[Dim, int] | None:
    """The dimension and base of a range from 1 to n or from 0 to n − 1."""
    if lower.key == "1":
        dim = context.dimension(upper)
        return (dim, 1) if dim is not None else None
    if lower.key != "0":
        return None
    if isinstance(upper, Numeral) and upper.text.isdigit():
        return Dim.of(int(upper.text) + 1), 0
    size = one_more_than(upper)
    dim = None if size is None else context.dimension(size)
    return (dim, 0) if dim is not None else None


def _conditional(context: Context, node: Summation, relation: Relation) -> Term:
    """\\sum_{t≠j} f_t: over all t, with an indicator."""
    if node.above is not None or relation.sign not in ("≠", "<", "≤", ">", "≥"):
        raise Unsupported(f"a sum over {plain(relation.key)}", relation.start, relation.end, "write \\sum_{i=1}^{n} or \\sum_{i \\neq j}")
    bound = [relation.left]
    other = relation.right
    stands_inside = isinstance(other, Symbol) and other.key not in context.bound and any(part.key == other.key for part in walk(node.body))
    if stands_inside and not _occurs_free(context.claim, other.key):  # of \\sum_{i<j} x_i x_j both are summed
        bound.append(other)
    indices = [_whole(context, each, node) for each in bound]
    with context.binding(dict(indices)):
        term = multiply(Indicator(context.relation(relation)), context.term(node.body))
    for _, index in reversed(indices):
        term = Sum(index, term)
    return term


def _occurs_free(nodes: Many[Node], key: str) -> bool:
    """Whether an index occurs where no sum speaks of it: then a sum over t ≠ j is over t alone."""

    def speaks(node: Node) -> bool:
        return isinstance(node, Summation) and any(part.key == key for below in node.below for part in walk(below))

    return any(part.key == key for node in nodes for part in walk(node, leaving_out=speaks))


NOTATION = Notation(
    title="Sums",
    rule=(
        "A sum reaches to the end of the product behind it. From 1 to n or 0 to n−1 it is over a dimension; with the index alone it is over the range of that index; without an index over the one index that occurs nowhere else."  # noqa: E501
    ),
    examples=(
        Example(r"\sum_{i=1}^{n} x_i y_i + 1", "Σ_i x[i] y[i] + 1", ("x, y: n",)),
        Example(r"\sum_{i=0}^{n-1} x_i", "Σ_i x[i]", ("x: n",)),
        Example(r"\sum_{i=1}^n -x_i + 1", "Σ_i (-x[i]) + 1", ("x: n",)),
        Example(r"\sum_i \sum_j W_{ij}", "Σ_i Σ_j W[i,j]", ("W: n x m",)),
        Example(r"\sum_{i,j} W_{ij}", "Σ_i Σ_j W[i,j]", ("W: n x m",)),
        Example(r"\sum e^{x_t}", "Σ_t exp(x[t])", ("x: n",)),
        Example(r"\sum_{t \neq j} x_t", "Σ_t [t ≠ j] x[t]", ("x: n", "index j, t = 1..n")),
        Example(r"\sum_{i=1}^{j} x_i", "Σ_{i=1…j} x[i]", ("x: n", "index j = 1..n")),
        Example(r"\sum_{i=1}^{2} x_i", "Σ_i x[i]", ("x: 2",)),
    ),
    not_understood=(
        NotUnderstood(r"\sum_{i=1} x_i", "a lower bound alone", ("x: n",)),
        NotUnderstood(r"\sum_{i=1}^{q} x_i", "q is not declared", ("x: n",)),
        NotUnderstood(r"\sum_{i=0}^{-n-1} x_i", "the upper bound -n-1 of a sum", ("x: n", "count-from 0")),
        NotUnderstood(r"\sum_{i \in S} x_i", "a sum over", ("x: n",)),
        NotUnderstood(r"\sum", "the formula ends"),
        NotUnderstood(r"\sum x_i y_j", "the candidates here are: i, j", ("x, y: n",)),
    ),
    commands={"\\sum": summation},
    meanings={Summation: meaning},
)
