"""Products over a range of numbers, which are written out."""

from __future__ import annotations

from dataclasses import dataclass

from derivcheck.language.terms import Term
from derivcheck.notes.context import Context
from derivcheck.notes.grammar import Parser
from derivcheck.notes.names import plain
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood
from derivcheck.notes.notations.sums import Summation, summation, whole_range
from derivcheck.notes.substitution import substituted
from derivcheck.notes.syntax import Bracketed, Node, Numeral, Relation, juxtaposed
from derivcheck.notes.tokens import Token
from derivcheck.notes.trees import walk
from derivcheck.notes.unsupported import Unsupported

MOST_FACTORS = 20
ADVICE = "only a product over numbers is understood, \\prod_{i=1}^{3} x_i: it is written out"


@dataclass(frozen=True, slots=True)
class ProductOver(Node):
    """The product of a body over the numbers of a range; `over` holds what stands under and above the sign, and the body."""

    over: Summation

    @property
    def key(self) -> str:
        above = "" if self.over.above is None else f"^{{{self.over.above.key}}}"
        return f"\\prod_{{{','.join(node.key for node in self.over.below)}}}{above}{self.over.body.key}"


def product_sign(parser: Parser, token: Token) -> Node:
    over = summation(parser, token)
    if not isinstance(over, Summation):
        raise Unsupported("a product", token.start, token.end, ADVICE)
    return ProductOver(over.start, over.end, over)


def meaning(context: Context, node: ProductOver) -> Term:
    """The factors one by one, from left to right."""
    key, numbers = _numbers(context, node)
    inner_sums = [sub.key for inner in walk(node.over.body) if isinstance(inner, Summation) for sub in inner.below]
    if any(inner == key or inner.startswith(f"{key}=") for inner in inner_sums):
        raise Unsupported(f"{plain(key)} is the index of a sum inside the product", node.start, node.end, "rename one of them")
    numerals = (Numeral(node.start, node.end, str(number)) for number in numbers)
    return context.term(juxtaposed(tuple(Bracketed(node.start, node.end, "(", substituted(node.over.body, {key: numeral})) for numeral in numerals)))


def _numbers(context: Context, node: ProductOver) -> tuple[str, range]:
    """The running index and its numbers."""
    below, above = node.over.below, node.over.above
    if len(below) == 1 and isinstance(below[0], Relation) and below[0].sign == "=" and above is not None:
        low = below[0].right
        whole = whole_range(context, low, above)
        size = None if whole is None else whole[0].value
        if size is not None:
            numbers = range(int(low.key), int(low.key) + size)
        elif isinstance(low, Numeral) and low.text.isdigit() and isinstance(above, Numeral) and above.text.isdigit():
            numbers = range(int(low.text), int(above.text) + 1)
        else:
            raise Unsupported(f"a product up to {plain(above.key)}", node.start, node.end, ADVICE)
        if not 0 < len(numbers) <= MOST_FACTORS:
            raise Unsupported(f"a product of {len(numbers)} factors", node.start, node.end, f"it has 1 to {MOST_FACTORS} factors")
        return below[0].left.key, numbers
    raise Unsupported("a product over a range", node.start, node.end, ADVICE)


NOTATION = Notation(
    title="Products over a range",
    rule=(
        "A product over numbers, \\prod_{i=1}^{3}, is written out; it reaches to the end of the product behind it. Other products "
        "over a range are not understood."
    ),
    examples=(
        Example(r"\prod_{i=1}^{3} x_i", "x[1] x[2] x[3]", ("x: n",)),
        Example(r"\prod_{i=1}^{2} (1 + i x) + 1", "(1 + 1 x) (1 + 2 x) + 1", ("x: scalar",)),
    ),
    not_understood=(
        NotUnderstood(r"\prod_{i=1}^{n} x_i", "a product up to n", ("x: n",)),
        NotUnderstood(r"\prod_i x_i", "a product over a range", ("x: n",)),
        NotUnderstood(r"\prod_{i=3}^{1} x_i", "a product of 0 factors", ("x: n",)),
        NotUnderstood(r"\prod_{i=1}^{2} \sum_i x_i", "i is the index of a sum inside the product", ("x: n",)),
    ),
    commands={"\\prod": product_sign},
    meanings={ProductOver: meaning},
)
