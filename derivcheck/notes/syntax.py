"""The syntax tree of a formula: notation only. What a symbol is, and which product a juxtaposition is, is decided later (context.py).

Every node knows where it stands in the file's text, and its `key`: its spelling without spaces, braces and vector marks, by which names are compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

CLOSING = {"(": ")", "[": "]", "\\{": "\\}", "{": "}", "|": "|", "\\|": "\\|", "\\langle": "\\rangle"}


@dataclass(frozen=True, slots=True)
class Node:
    """The common part: the offsets of the first character and behind the last one."""

    start: int
    end: int

    @property
    def key(self) -> str:
        """The spelling by which names are compared."""
        return f"<{type(self).__name__}>"


@dataclass(frozen=True, slots=True)
class Numeral(Node):
    """A number as written: 28, 0.5."""

    text: str

    @property
    def key(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Symbol(Node):
    """One letter with its accents: W, \\theta, \\hat{y}, \\mathcal{L}; `mark` is its vector mark, such as \\mathbf."""

    name: str
    mark: str = ""

    @property
    def key(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Word(Node):
    """A name of several letters: softmax, ReLU."""

    name: str

    @property
    def key(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Mark(Node):
    """A sign that stands alone in a script: *, +, :, \\cdot, \\top."""

    name: str

    @property
    def key(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Scripted(Node):
    """A core with subscripts, superscripts and primes."""

    core: Node
    subs: tuple[Node, ...]
    sups: tuple[Node, ...]
    primes: int = 0

    @property
    def key(self) -> str:
        below = f"_{{{','.join(node.key for node in self.subs)}}}" if self.subs else ""
        above = f"^{{{''.join(node.key for node in self.sups)}}}" if self.sups else ""
        return f"{self.core.key}{chr(39) * self.primes}{below}{above}"


@dataclass(frozen=True, slots=True)
class Bracketed(Node):
    """Something in brackets, \\left and \\right left out."""

    opening: str
    body: Node

    @property
    def key(self) -> str:
        return f"{self.opening}{self.body.key}{CLOSING[self.opening]}"


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """a, b; c."""

    items: tuple[Node, ...]

    @property
    def key(self) -> str:
        return ",".join(item.key for item in self.items)


@dataclass(frozen=True, slots=True)
class Addition(Node):
    """±a ± b ± c, each part with its sign."""

    parts: tuple[tuple[Literal["+", "-"], Node], ...]

    @property
    def key(self) -> str:
        text = "".join(f"{sign}{part.key}" for sign, part in self.parts)
        return text.removeprefix("+")


@dataclass(frozen=True, slots=True)
class Product(Node):
    """Factors and the signs between them; "" is juxtaposition."""

    factors: tuple[Node, ...]
    signs: tuple[str, ...]

    @property
    def key(self) -> str:
        text = self.factors[0].key
        for sign, factor in zip(self.signs, self.factors[1:], strict=True):
            text += f"{sign}{factor.key}"
        return text


@dataclass(frozen=True, slots=True)
class Fraction(Node):
    """numerator over denominator."""

    numerator: Node
    denominator: Node

    @property
    def key(self) -> str:
        return f"\\frac{{{self.numerator.key}}}{{{self.denominator.key}}}"


@dataclass(frozen=True, slots=True)
class Relation(Node):
    """left sign right, where it is not a claim: in an indicator, under a sum, a condition."""

    left: Node
    sign: str
    right: Node

    @property
    def key(self) -> str:
        return f"{self.left.key}{self.sign}{self.right.key}"

    @property
    def opposite(self) -> Relation | None:
        """What holds where this does not: i ≠ j of i = j. None for a sign that has no opposite."""
        sign = _OPPOSITE.get(self.sign)
        return None if sign is None else Relation(self.start, self.end, self.left, sign, self.right)

    @property
    def turned(self) -> Relation | None:
        """The same with its sides exchanged: j > i of i < j. None for a sign that cannot be turned."""
        sign = _TURNED.get(self.sign)
        return None if sign is None else Relation(self.start, self.end, self.right, sign, self.left)


_OPPOSITE = {"=": "≠", "≠": "=", "<": "≥", "≥": "<", ">": "≤", "≤": ">"}
_TURNED = {"=": "=", "≠": "≠", "<": ">", ">": "<", "≤": "≥", "≥": "≤"}


def listed_items(node: Node) -> tuple[Node, ...]:
    """What stands in a bracket one by one: a, b of (a, b), and y, x of (y | x)."""
    if isinstance(node, Sequence):
        return node.items
    if isinstance(node, Relation) and node.sign == "|":
        return (*listed_items(node.left), *listed_items(node.right))
    return (node,)


@dataclass(frozen=True, slots=True)
class Dots(Node):
    """\\dots, \\vdots, \\ddots."""

    name: str

    @property
    def key(self) -> str:
        return "\\dots"


def without_offset(node: Node) -> Node:
    """The i of i + 1 and of i - 1; any other node itself."""
    return node.parts[0][1] if isinstance(node, Addition) else node


def one_more_than(node: Node) -> Node | None:
    """The n of n - 1; None for anything else, -n - 1 included."""
    match node:
        case Addition(parts=(("+", base), ("-", Numeral(text="1")))):
            return base
    return None


def parts(node: Node) -> tuple[Node, ...]:
    """The factors of a juxtaposition, else the node itself: the subscripts of W_{rj}."""
    return node.factors if isinstance(node, Product) and not any(node.signs) else (node,)


def juxtaposed(nodes: tuple[Node, ...]) -> Node:
    """Nodes side by side as one product; one alone is itself. `parts` takes them apart again."""
    return nodes[0] if len(nodes) == 1 else Product(nodes[0].start, nodes[-1].end, nodes, ("",) * (len(nodes) - 1))


def label_parts(nodes: tuple[Node, ...]) -> Iterator[Node]:
    """What stands in superscript labels: 3 and i of [3, i]."""
    for node in nodes:
        if isinstance(node, Bracketed):
            yield from node.body.items if isinstance(node.body, Sequence) else (node.body,)
        else:
            yield node
