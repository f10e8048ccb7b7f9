"""Numbers, sums, products, fractions and brackets."""

from __future__ import annotations

from fractions import Fraction as Rational

from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR
from derivcheck.language.terms import Add, Indicator, Number, Term, multiply
from derivcheck.notes.context import Context
from derivcheck.notes.grammar import Parser
from derivcheck.notes.multiplication import times
from derivcheck.notes.notations.lists import listed
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood
from derivcheck.notes.products import product_term
from derivcheck.notes.scripts import rational
from derivcheck.notes.syntax import Addition, Bracketed, Dots, Fraction, Mark, Node, Numeral, Product, Relation, Sequence
from derivcheck.notes.tokens import Token
from derivcheck.notes.unsupported import Unsupported


def fraction(parser: Parser, token: Token) -> Node:
    """\\frac{a}{b}, \\frac12; of two differentials it is a derivative."""
    differential = parser.grammar.commands.get("d/d")
    found = differential(parser, token) if differential is not None else None
    if found is not None:
        return found
    numerator = parser.argument()
    denominator = parser.argument()
    return Fraction(token.start, denominator.end, numerator, denominator)


def dots(parser: Parser, token: Token) -> Node:
    return Dots(token.start, token.end, token.text)


def number(context: Context, node: Numeral) -> Term:
    return Number(Rational(node.text))


def addition(context: Context, node: Addition) -> Term:
    """a + b - c; a leading minus sign belongs to the first part only."""
    terms: list[Term] = []
    for sign, part in node.parts:
        if sign == "-" and isinstance(part, Numeral):
            terms.append(Number(-Rational(part.text)))
        else:
            term = context.term(part)
            terms.append(-term if sign == "-" else term)
    return terms[0] if len(terms) == 1 else Add(tuple(_of_every_entry(context, terms)))


def _of_every_entry(context: Context, terms: list[Term]) -> list[Term]:
    """The terms of a sum; a number beside vectors or matrices of one shape is added to every entry, as in 1 − p."""
    shapes = [term.shape for term in terms if term.shape != SCALAR]
    numbers = [term for term in terms if isinstance(term, Number)]
    if not numbers or len(shapes) + len(numbers) < len(terms) or not shapes or any(shape != shapes[0] for shape in shapes) or len(shapes[0]) != 2:
        return terms
    context.readings.say("a number beside a tensor is added to every entry")
    rows, columns = (apply("ones", parameters=(dim,)) for dim in shapes[0])
    every = rows if shapes[0][1].is_one else columns.T if shapes[0][0].is_one else rows @ columns.T
    return [multiply(term, every) if isinstance(term, Number) else term for term in terms]


def product(context: Context, node: Product) -> Term:
    return product_term(context, node)


def quotient(context: Context, node: Fraction) -> Term:
    value = rational(node)
    if value is not None and value.denominator != 1:
        return Number(value)
    return times(context, context.term(node.numerator), "/", context.term(node.denominator), node)


def bracketed(context: Context, node: Bracketed) -> Term:
    if isinstance(node.body, Relation):
        return indicator_of(context, node)
    if isinstance(node.body, Sequence):
        return listed(context, node, node.body.items)
    if node.opening == "\\langle":
        raise Unsupported("angle brackets", node.start, node.end, "write an inner product as x^\\top y, a mean as \\frac{1}{n} \\sum_{i=1}^{n} x_i")
    return context.term(node.body)


def indicator_of(context: Context, node: Bracketed) -> Term:
    """[i = j]: 1 where the relation holds, else 0."""
    if isinstance(node.body, Relation) and node.body.sign == "|":
        return relation(context, node.body)
    if node.opening != "[" or not isinstance(node.body, Relation):
        raise Unsupported("a relation in brackets", node.start, node.end, "write [i = j] or I(i = j) for its indicator")
    return Indicator(context.relation(node.body))


def relation(context: Context, node: Relation) -> Term:
    if node.sign == "|":
        raise Unsupported("a conditioning bar", node.start, node.end, "p(y | x) is understood behind a symbol: depends p on y, x")
    raise Unsupported("a relation inside a formula", node.start, node.end, "write [i = j] or I(i = j) for its indicator")


def lonely_dots(context: Context, node: Dots) -> Term:
    raise Unsupported("dots", node.start, node.end, "write a sum as \\sum_{i=1}^{n} x_i")


def lonely_mark(context: Context, node: Mark) -> Term:
    raise Unsupported(f"the sign {node.name} alone", node.start, node.end)


NOTATION = Notation(
    title="Numbers, sums, products, fractions, brackets",
    rule=(
        "As TeX reads them: \\frac12 is one half. A product of tensors is the matrix product, ⊙ and ∘ are the entrywise one; \\cdot between two vectors of one orientation is the inner "  # noqa: E501
        "product. Where ⊙ and matrix products are mixed without brackets, matrix products come first if that fits, else from left to right; the verdict names the reading."  # noqa: E501
    ),
    examples=(
        Example(r"\frac12 x + 2 y - \frac{x}{3 y}", "(1/2) x + 2 y - x/(3 y)", ("x, y: scalar",)),
        Example(r"A B + C", "A B + C", ("A: n x k", "B: k x m", "C: n x m")),
        Example(r"W^\top d \odot h", "(Wᵀ d) ⊙ h", ("W: m x n", "d: m", "h: n")),
        Example(r"d \odot h V^T", "(d ⊙ h) Vᵀ", ("V: m x n", "d, h: 1 x n")),
        Example(r"u \cdot v", "uᵀ v", ("u, v: n",)),
        Example(r"\left[ x - \bigl( y + 1 \bigr) \right]", "x - (y + 1)", ("x, y: scalar",)),
        Example(r"A \otimes B", "A ⊗ B", ("A: n x k", "B: m x l")),
        Example(r"u \otimes v", "outer(u, v)", ("u: n", "v: m", r"read \otimes as outer product")),
        Example(r"p(y | x) + q", "p + q", ("p, q, y, x: scalar", "depends p on y, x")),
        Example(r"u \circ v", "u ⊙ v", ("u, v: n",)),
    ),
    not_understood=(
        NotUnderstood(r"x + ", "the formula ends", ("x: scalar",)),
        NotUnderstood(r"(x + y", "is not closed", ("x, y: scalar",)),
        NotUnderstood(r"x / A", "a division by a matrix", ("x: n x n", "A: n x n")),
        NotUnderstood(r"x_1 + \dots + x_n", "dots", ("x: n",)),
        NotUnderstood(r"A'", "for a transpose declare: read ' as transpose", ("A: n x k",)),
        NotUnderstood(r"A \times B", "between terms of shape", ("A: n x k", "B: k x m")),
        NotUnderstood(r"\left( x \right]", "the bracket ( is closed by ]", ("x: n",)),
        NotUnderstood(r"p(y | x)", "depends p on y, x", ("p, y, x: scalar",)),
        NotUnderstood(r"x \odot A", "needs one shape", ("x: n", "A: n x m"), "ill-typed"),
        NotUnderstood(r"x \circ x \circ A", "needs one shape", ("x: n", "A: n x m"), "ill-typed"),
        NotUnderstood(r"A \oplus B", "\\oplus between terms of shape", ("A, B: n x m",)),
        NotUnderstood(r"A \otimes u", "the outer product takes two vectors", ("A: n x m", "u: k", r"read \otimes as outer product"), "ill-typed"),
    ),
    commands={
        **dict.fromkeys(("\\frac", "\\tfrac", "\\dfrac", "\\cfrac"), fraction),
        **dict.fromkeys(("\\dots", "\\ldots", "\\cdots", "\\vdots", "\\ddots"), dots),
    },
    meanings={
        Numeral: number, Addition: addition, Product: product, Fraction: quotient, Bracketed: bracketed, Relation: relation,
        Dots: lonely_dots, Mark: lonely_mark,
    },
)  # fmt: skip
