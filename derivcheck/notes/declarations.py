"""The declaration language: what a document does not say in mathematics, one line each.

layout numerator                        numerator, denominator or like-variable
W, V: n x m                             symbols: n x m, 1 x n (a row), n (a column), scalar; identity n, ones n, one-hot p
a = W h + b                             a definition
index i, j = 0..n-1                     over what an index runs
function g elementwise                  a generic function of every entry;  of x: a generic scalar function;  = sigmoid: a known one
assume y sums to 1                      positive, nonnegative, nonzero, symmetric, invertible, one-hot, sums to c; in rows, in columns
write w_{rj} for W_{rj}                 another way of writing something
read \\otimes as outer product           which product a sign is, along what a softmax runs, or any spelling that is read as another one
depends \\hat{y} on z, \\theta            what may stand in brackets behind a symbol
loss L                                  the function of gradients written without one
einstein                                indices that are not free are summed (implied_sums.py says which are free)
words dW, db                            letters that stand together are one name: dW_3
dimension n, m                          dimensions; those that occur in shapes and ranges need no line
expect (43): refuted, a reason          what the verdict on a claim should be
derivation NAME, title …, source AUTHOR; REFERENCE
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import takewhile
from typing import get_args

from derivcheck.algebra.dims import ONE, Dim
from derivcheck.claims import Property, Word
from derivcheck.language.operators import apply
from derivcheck.language.places import writing_at
from derivcheck.language.printing.names import FunctionName
from derivcheck.language.shapes import Shape, shape_of
from derivcheck.language.terms import Leaf, Term
from derivcheck.notes.context import Context
from derivcheck.notes.definitions import define
from derivcheck.notes.grammar import Parser
from derivcheck.notes.implied_sums import Sides, free_indices, with_implied_sums
from derivcheck.notes.names import Name, name_of, plain, readable
from derivcheck.notes.scope import Constant, Dimension, Function, OneHot, Range, Rewrite, Scope, Tensor, Writing
from derivcheck.notes.statements import RangeStatement, Statement, statements
from derivcheck.notes.syntax import Node, Numeral, Product, Scripted, Symbol, one_more_than
from derivcheck.notes.syntax import Word as Letters
from derivcheck.notes.tokens import Token, tokenize
from derivcheck.notes.trees import walk
from derivcheck.notes.unsupported import Unsupported

WORDS: tuple[Word, ...] = get_args(Word)
SIGN_READINGS = {
    "outer product": "is the outer product", "kronecker product": "is the Kronecker product", "hadamard product": "Hadamard product", "matrix product": "matrix product",  # noqa: E501
    "rows": "runs over each row", "columns": "runs over each column", "transpose": "is the transpose",
}  # fmt: skip
MakeContext = Callable[[], Context]


@dataclass(frozen=True, slots=True)
class Line:
    """One declaration: its text, and where it begins."""

    start: int
    text: str

    @property
    def keyword(self) -> str:
        return self.text.split(maxsplit=1)[0] if self.text.strip() else ""

    def rest(self) -> Line:
        """What stands behind the keyword."""
        behind = self.text.lstrip()[len(self.keyword) :]
        shift = len(self.text) - len(behind)
        kept = behind.lstrip()
        return Line(self.start + shift + len(behind) - len(kept), kept.rstrip())

    def split(self, separator: str) -> tuple[Line, Line] | None:
        before, found, after = self.text.partition(separator)
        return (Line(self.start, before.rstrip()), Line(self.start + len(before) + len(found), after)) if found else None


HEADER = ("derivation", "title", "source", "layout")
"""Keywords that say what the derivation is, before its first declaration."""


def declare(line: Line, scope: Scope, context: MakeContext) -> None:
    """Carry out one declaration. Raises Unsupported or IllTyped where it is not understood or contradicts another one."""
    if not line.text.strip() or line.text.lstrip().startswith(("#", "%")):
        return
    with writing_at(context().place_of(line.start)):
        action = KEYWORDS.get(line.keyword)
        if action is not None and not _is_symbol_line(line):
            action(line.rest(), scope, context)
        else:
            _symbol_or_definition(line, scope, context)


def _is_symbol_line(line: Line) -> bool:
    """A one-letter keyword could be a symbol; none is."""
    behind = line.rest().text
    return behind.startswith((":", "=", "_", "^"))


def _parser(line: Line, scope: Scope, context: MakeContext) -> Parser:
    text = " " * line.start + line.text
    return Parser(_shifted(tokenize(line.text), line.start), text, context().grammar, frozenset(scope.words))


def _shifted(tokens: Iterable[Token], start: int) -> list[Token]:
    return [Token(token.kind, token.text, token.start + start, token.end + start) for token in tokens]


def _names(line: Line, scope: Scope, context: MakeContext) -> list[tuple[Name, Node, str]]:
    """Symbols separated by commas. Letters that stand together are one name: dW_3."""
    found = []
    position = line.start
    for piece in _pieces(line.text):
        start = position + len(piece) - len(piece.lstrip())
        letters = piece.strip()
        _register_word(letters, scope, context)
        parser = _parser(Line(start, letters), scope, context)
        node = parser.factor()
        name = name_of(node)
        if name is None or not parser.finished:
            raise Unsupported(f"{letters} as a name", start, start + len(letters), "a name is a symbol with labels, such as W^{[1]} or \\hat{y}")
        found.append((name, node, letters))
        position += len(piece) + 1
    return found


def _pieces(text: str) -> list[str]:
    """The text at its commas outside brackets."""
    pieces = [""]
    level = 0
    for character in text:
        level += (character in "{[(") - (character in "}])")
        if character == "," and level == 0:
            pieces.append("")
        else:
            pieces[-1] += character
    return pieces


# symbols ------------------------------------------------------------------------------------------------------------
def _symbol_or_definition(line: Line, scope: Scope, context: MakeContext) -> None:
    parts = _at_sign(line)
    if parts is None:
        known = ", ".join(KEYWORDS)
        raise Unsupported(
            f"the declaration {line.text.strip()!r}", line.start, line.start + len(line.text), f"a line is `name: shape`, `name = formula`, or begins with one of {known}"  # noqa: E501
        )  # fmt: skip
    left, sign, right = parts
    if sign == ":":
        _symbols(left, right, scope, context)
        return
    _register_word(left.text.strip(), scope, context)
    parser = _parser(line, scope, context)
    for statement in statements(parser):
        if not isinstance(statement, Statement) or len(statement.members) != 2 or statement.members[1].sign != "=":
            raise Unsupported(f"the declaration {line.text.strip()!r}", line.start, line.start + len(line.text), "a definition is `name = formula`")
        first, second = (member.written for member in statement.members)
        for side in (first, second):
            if isinstance(side, Unsupported):
                raise side
        if isinstance(first, Node) and isinstance(second, Node):
            current = context()
            current.claim = (first, second)
            if "einstein" in scope.readings:
                second = with_implied_sums(current, second, free_indices(current, Sides((first, second))))
            define(current, first, second, left.text.strip())


def _register_word(written: str, scope: Scope, context: MakeContext) -> None:
    """Letters at the beginning of a declared name are one name: dW_3."""
    word = "".join(takewhile(str.isalpha, written))
    if len(word) > 1:
        scope.words.add(word)


def _at_sign(line: Line) -> tuple[Line, str, Line] | None:
    level = 0
    for position, character in enumerate(line.text):
        level += (character in "{[(") - (character in "}])")
        if level == 0 and character in ":=":
            behind = position + (2 if line.text[position : position + 2] == ":=" else 1)
            sign = "=" if behind > position + 1 else character
            return Line(line.start, line.text[:position]), sign, Line(line.start + behind, line.text[behind:])
    return None


def _symbols(left: Line, right: Line, scope: Scope, context: MakeContext) -> None:
    described = right.text.split()
    for name, node, latex in _names(left, scope, context):
        if described[:1] == ["one-hot"]:
            dim = _dims(Line(right.start + right.text.index("one-hot") + 7, right.text.split("one-hot", 1)[1]), scope, context)[0]
            if len(name.subs) != 1:
                raise Unsupported(f"the one-hot vector {latex}", node.start, node.end, "it has the place of its 1 as subscript: e_i: one-hot n")
            scope.names.add(name, frozenset((name.subs[0].key,)), OneHot(dim, name.subs[0].key))
        elif described[:1] in (["identity"], ["ones"]):
            kind = described[0]
            dim = _dims(Line(right.start + right.text.index(kind) + len(kind), right.text.split(kind, 1)[1]), scope, context)[0]
            scope.check_new(name)
            scope.names.add(name, frozenset(), Constant(apply(kind, parameters=(dim,))))
        else:
            scope.symbol(name, _shape(right, scope, context), latex)


def _shape(line: Line, scope: Scope, context: MakeContext) -> Shape:
    """scalar, n, 1 x n, n x m."""
    if line.text.strip() == "scalar":
        return ()
    dims = _dims(line, scope, context)
    return shape_of(dims[0], ONE) if len(dims) == 1 else shape_of(*dims)


def _dims(line: Line, scope: Scope, context: MakeContext) -> list[Dim]:
    tokens = _shifted(tokenize(line.text), line.start)
    groups: list[list[Token]] = [[]]
    for token in tokens:
        if token.text in ("x", "\\times", "*") or token.text == "×":
            groups.append([])
        else:
            groups[-1].append(token)
    found = []
    for group in groups:
        if not group:
            raise Unsupported(f"the shape {line.text.strip()!r}", line.start, line.start + len(line.text), "a shape is: scalar, n, 1 x n, n x m")
        parser = Parser(group, " " * line.start + line.text, context().grammar, frozenset(scope.words))
        node = parser.product()
        if not parser.finished:
            raise parser.unexpected(parser.peek(), "the end of the shape")
        found.append(dimension_of(node, scope))
    return found


def dimension_of(node: Node, scope: Scope) -> Dim:
    """The dimension that is written: n, n_0, 10, or a product m n. A new name becomes a dimension."""
    if isinstance(node, Numeral) and node.text.isdigit():
        return Dim.of(int(node.text))
    if isinstance(node, Product):
        dim = ONE
        for factor in node.factors:
            dim = dim * dimension_of(factor, scope)
        return dim
    name = name_of(node)
    if name is None or name.sups or name.primes:
        raise Unsupported(f"{plain(node.key)} as a dimension", node.start, node.end, "a dimension is a number or a name, such as n or n_0")
    return scope.dimension(name)


def state_range(stated: RangeStatement, scope: Scope, context: Context, into: dict[str, Range]) -> None:
    """Over what indices run: 1 … n or 0 … n − 1. Raises Unsupported for other bounds and where the bound is no dimension."""
    low, high = stated.low, stated.high
    if low.key == "1":
        dim, base = _range_dim(high, scope), 1
    elif low.key == "0" and (size := one_more_than(high)) is not None:
        dim, base = _range_dim(size, scope), 0
    elif low.key == "0" and isinstance(high, Numeral) and high.text.isdigit():
        dim, base = Dim.of(int(high.text) + 1), 0
    else:
        raise Unsupported(f"the range {plain(low.key)} … {plain(high.key)}", low.start, high.end, "an index runs from 1 to n or from 0 to n-1")
    for name in stated.names:
        into[name.key] = Range(dim, base, context.place_of(name.start))


def _range_dim(node: Node, scope: Scope) -> Dim:
    match = scope.find(node)
    if match is not None and not isinstance(match.target, Dimension):
        raise Unsupported(f"{plain(node.key)} as the end of a range", node.start, node.end, "it is declared as something else than a dimension")
    return dimension_of(node, scope)


# keywords -----------------------------------------------------------------------------------------------------------
def _dimension(line: Line, scope: Scope, context: MakeContext) -> None:
    for name, _, _ in _names(line, scope, context):
        scope.dimension(name)


def _index(line: Line, scope: Scope, context: MakeContext) -> None:
    found = statements(_parser(line, scope, context))
    if len(found) != 1 or not isinstance(found[0], RangeStatement):
        raise Unsupported(f"the range {line.text!r}", line.start, line.start + len(line.text), "write: index i, j = 1..n  or  index i = 0..n-1")
    state_range(found[0], scope, context(), scope.ranges)


def _function(line: Line, scope: Scope, context: MakeContext) -> None:
    for separator in (" elementwise", " of ", "="):
        parts = line.split(separator) if separator in line.text else None
        if parts is not None:
            left, right = parts
            break
    else:
        raise Unsupported(
            f"the function {line.text!r}",
            line.start,
            line.start + len(line.text),
            "write: function g elementwise, function L of x, or function \\sigma = sigmoid",
        )
    for name, _, letters in _names(left, scope, context):
        scope.check_new(name)
        scope.names.add(name, frozenset(), _function_record(FunctionName(readable(name), letters), separator.strip(), right, context))


def _function_record(name: str, kind: str, right: Line, context: MakeContext) -> Function:
    if kind == "elementwise":
        return generic_elementwise(name)
    if kind == "of":
        return generic_scalar(name)
    known = context().grammar.known_functions.get(right.text.strip().lstrip("\\"))
    if known is None:
        raise Unsupported(
            f"the function {right.text.strip()}",
            right.start,
            right.start + len(right.text),
            "the known ones are " + ", ".join(name for name in sorted(context().grammar.known_functions) if " " not in name),
        )
    return Function(name, known.apply, known.derivative, known.inverse)


def generic_elementwise(name: str) -> Function:
    """Any function of one variable, at every entry; g′ and g″ are generic too."""

    def at(order: int) -> Callable[[tuple[Term, ...], Node], Term]:
        def value(terms: tuple[Term, ...], node: Node) -> Term:
            if len(terms) != 1:
                raise Unsupported(f"{name} of {len(terms)} arguments", node.start, node.end, f"{name} takes one argument")
            return apply("elementwise", terms[0], parameters=(name, order))

        return value

    return Function(name, lambda context, terms, node: at(0)(terms, node), lambda context, terms, order, node: at(order)(terms, node))


def generic_scalar(name: str) -> Function:
    """Any scalar function of one tensor."""

    def value(context: Context, terms: tuple[Term, ...], node: Node) -> Term:
        if len(terms) != 1:
            raise Unsupported(f"{name} of {len(terms)} arguments", node.start, node.end, f"{name} takes one argument")
        return apply("scalar_function", terms[0], parameters=(name,))

    return Function(name, value)


PROPERTIES: tuple[Property, ...] = get_args(Property)


def _assume(line: Line, scope: Scope, context: MakeContext) -> None:
    words = line.text.replace(" is ", " ").replace(" are ", " ").split()
    for position, word in enumerate(words):
        if word in PROPERTIES or (word in ("sums", "sum") and words[position + 1 : position + 2] == ["to"]):
            break
    else:
        raise Unsupported(
            f"the assumption {line.text!r}", line.start, line.start + len(line.text), f"write a symbol and one of {', '.join(PROPERTIES)}; sums to 1"
        )
    names = Line(line.start, line.text[: line.text.index(f" {word}") if f" {word}" in line.text else 0].removesuffix(" is").removesuffix(" are"))
    kind: Property = "sums-to" if word in ("sums", "sum") else word  # type: ignore[assignment]
    behind = words[position + 1 :]
    value = Fraction(1)
    if kind == "sums-to":
        number = re.fullmatch(r"(-?\d+)(?:/([1-9]\d*))?", behind[1]) if word != "sums-to" and len(behind) > 1 else None
        if number is None:
            raise Unsupported(
                f"the assumption {line.text!r}",
                line.start,
                line.start + len(line.text),
                "write: assume y sums to 1, with a whole number or a fraction",
            )
        value = Fraction(int(number[1]), int(number[2] or 1))
    axis = 1 if "rows" in behind or "row" in behind else 0 if "columns" in behind or "column" in behind else None
    for name, node, latex in _names(names, scope, context):
        target = scope.names.exact(name)
        if not isinstance(target, Tensor) or not isinstance(target.term, Leaf):
            raise Unsupported(f"an assumption on {latex}", node.start, node.end, "one assumes something of a declared symbol")
        scope.derivation.assume(kind, target.term, axis, value)


def _write(line: Line, scope: Scope, context: MakeContext) -> None:
    parts = line.split(" for ")
    if parts is None:
        raise Unsupported(f"write {line.text}", line.start, line.start + len(line.text), "write: write w_{ij} for W_{ij}")
    left, right = parts
    (name, _, _), *more = _names(left, scope, context)
    parser = _parser(Line(right.start + len(right.text) - len(right.text.lstrip()), right.text.strip()), scope, context)
    body = parser.expression()
    if more or not parser.finished:
        raise Unsupported(f"write {line.text}", line.start, line.start + len(line.text), "write: write w_{ij} for W_{ij}")
    current = context()
    subscripts = {sub.key for sub in current.subscripts(body)}
    slots = tuple(dict.fromkeys(part.key for script in (*name.subs, *name.sups) for part in _inner(script) if part.key in subscripts))
    scope.check_new(name)
    scope.names.add(name, frozenset(slots), Writing(slots, body))


def _inner(node: Node) -> list[Node]:
    return [inner for inner in walk(node) if isinstance(inner, (Symbol, Scripted, Letters))]


def _read(line: Line, scope: Scope, context: MakeContext) -> None:
    parts = line.split(" as ")
    if parts is None:
        raise Unsupported(
            f"read {line.text}", line.start, line.start + len(line.text), "write: read \\otimes as outer product, or read h(K) as h^{(K)}"
        )
    left, right = (part.text.strip() for part in parts)
    meaning = right.lower().removeprefix("the ").removeprefix("a ").removeprefix("an ")
    if meaning in SIGN_READINGS:
        signs = tokenize(left)
        name = signs[0].text if len(signs) == 1 else left.removeprefix("\\mathrm{").removesuffix("}")
        scope.readings[name] = SIGN_READINGS[meaning]
        return
    written = tuple(token.text for token in tokenize(left))
    if not written:
        raise Unsupported(f"read {line.text}", line.start, line.start + len(line.text), "say what is read as something else")
    scope.rewrites.append(Rewrite(written, tuple(tokenize(right)), f"{left} is read as {right}"))


def _depends(line: Line, scope: Scope, context: MakeContext) -> None:
    parts = line.split(" on ")
    if parts is None:
        raise Unsupported(f"depends {line.text}", line.start, line.start + len(line.text), "write: depends L on \\theta")
    left, right = parts
    keys = frozenset(node.key for _, node, _ in _names(right, scope, context))
    for name, _, _ in _names(left, scope, context):
        scope.depends[name.base] = scope.depends.get(name.base, frozenset()) | keys


def _loss(line: Line, scope: Scope, context: MakeContext) -> None:
    ((_, node, _),) = _names(line, scope, context)[:1]
    scope.loss = node


def _einstein(line: Line, scope: Scope, context: MakeContext) -> None:
    scope.readings["einstein"] = "on"


def _expect(line: Line, scope: Scope, context: MakeContext) -> None:
    parts = line.split(":")
    words = parts[1].text.replace(",", " ", 1).split(maxsplit=1) if parts is not None else []
    if parts is None or not words or words[0] not in WORDS:
        raise Unsupported(
            f"expect {line.text}",
            line.start,
            line.start + len(line.text),
            f"write: expect (43): refuted, a reason; the verdicts are {', '.join(WORDS)}",
        )
    scope.expectations[parts[0].text.strip()] = (words[0], words[1].strip() if len(words) > 1 else "")


def _letters(line: Line, scope: Scope, context: MakeContext) -> None:
    scope.words.update(word for word in line.text.replace(",", " ").split() if len(word) > 1)


def _base(line: Line, scope: Scope, context: MakeContext) -> None:
    if line.text.strip() not in ("0", "1"):
        raise Unsupported(f"count from {line.text}", line.start, line.start + len(line.text), "indices count from 0 or from 1")
    scope.base = int(line.text)


KEYWORDS: dict[str, Callable[[Line, Scope, MakeContext], None]] = {
    "dimension": _dimension, "index": _index, "function": _function, "assume": _assume, "write": _write, "read": _read, "depends": _depends, "loss": _loss,  # noqa: E501
    "einstein": _einstein, "expect": _expect, "count-from": _base, "words": _letters,
}  # fmt: skip
