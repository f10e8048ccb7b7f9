"""Case distinctions: { a if i = j, 0 otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from derivcheck.language.shapes import SCALAR, describe
from derivcheck.language.terms import Cases, Positive, Term
from derivcheck.notes.context import Context
from derivcheck.notes.grammar import Parser
from derivcheck.notes.notations.matrices import cell, table
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood, Stated
from derivcheck.notes.syntax import Node, Relation
from derivcheck.notes.tokens import Token
from derivcheck.notes.unsupported import Unsupported

TEXTS = frozenset({"\\text", "\\textrm", "\\mbox", "\\textit", "\\mathrm", "\\operatorname"})
CONDITION_WORDS = frozenset({"if", "for", "when", "where", "falls", "wenn"})
ELSE_WORDS = frozenset({"otherwise", "else", "elsewhere", "in all other cases"})


@dataclass(frozen=True, slots=True)
class Branches(Node):
    """Values with their conditions, and the value in all other cases."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node

    @property
    def key(self) -> str:
        cases = "\\\\".join(f"{value.key}&{condition.key}" for value, condition in self.branches)
        return f"{cases}\\\\{self.otherwise.key}"


def cases(parser: Parser, token: Token) -> Node:
    """\\begin{cases} value & condition \\\\ … \\end{cases}; the last line says otherwise."""
    branches: list[tuple[Node, Node]] = []
    otherwise: Node | None = None
    for row in table(parser, token):
        if not any(row):
            continue
        first = next(inner for tokens in row for inner in tokens)
        if otherwise is not None:
            raise Unsupported("a case behind `otherwise`", first.start, first.end, "`otherwise` is the last case")
        value_tokens, condition_tokens = row[0], [inner for tokens in row[1:] for inner in tokens]
        if len(row) == 1:
            value_tokens, condition_tokens = _at_text(row[0])
        value = cell(parser, _without_comma(value_tokens))
        if value is None:
            raise Unsupported("a case without a value", first.start, first.end, "write value & condition")
        condition = _condition(parser, _without_comma(condition_tokens), first)
        if condition is None:
            otherwise = value
        else:
            branches.append((value, condition))
    end = parser.peek(-1).end
    if otherwise is None and len(branches) > 1 and _cover([condition for _, condition in branches]):
        otherwise = branches.pop()[0]
    if otherwise is None or not branches:
        raise Unsupported("cases without `otherwise`", token.start, end, "the last line says what holds in all other cases: 0 & \\text{otherwise}")
    return Branches(token.start, end, tuple(branches), otherwise)


def _cover(conditions: list[Node]) -> bool:
    """Whether one of the conditions holds in any case: i = j and i ≠ j, x > 0 and x ≤ 0, i < j, i = j and i > j."""
    first = conditions[0]
    if not isinstance(first, Relation):
        return False
    covered: set[str] = set()
    for condition in conditions:
        turned = condition.turned if isinstance(condition, Relation) else None
        if not isinstance(condition, Relation) or turned is None:
            return False
        here = next((each for each in (condition, turned) if (each.left.key, each.right.key) == (first.left.key, first.right.key)), None)
        if here is None:
            return False
        covered |= _MEANS[here.sign]
    return covered == {"<", "=", ">"}


_MEANS = {"<": {"<"}, "≤": {"<", "="}, "=": {"="}, "≠": {"<", ">"}, "≥": {">", "="}, ">": {">"}}
"""How two numbers compare, where a relation holds."""


def one_sided(parser: Parser, opening: Token) -> Node | None:
    """\\left\\{ \\begin{array}{ll} … \\end{array} \\right. is \\begin{cases}; None where the brace is closed."""
    level, place = 0, parser.position
    while parser.position > 0 and place < len(parser.tokens):
        level += {"\\begin": 1, "\\end": -1}.get(parser.tokens[place].text, 0)
        place += 1
        if level == 0:
            break
    while place < len(parser.tokens) and parser.tokens[place - 1].kind != "close":
        place += 1
    if place >= len(parser.tokens) or parser.tokens[place].text != ".":
        return None
    parser.next()
    name = parser.raw_argument().strip()
    if name == "array":
        parser.raw_argument()
    found = cases(parser, Token("command", name, opening.start, opening.end))
    parser.next()
    return found


def _at_text(tokens: list[Token]) -> tuple[list[Token], list[Token]]:
    """The value and the condition of a line without &, parted by the first words."""
    for position, token in enumerate(tokens):
        if token.text in TEXTS and position:
            return tokens[:position], tokens[position:]
    return tokens, []


def _without_comma(tokens: list[Token]) -> list[Token]:
    while tokens and (tokens[-1].text in (",", ".", ";") or tokens[-1].text in ("\\quad", "\\qquad", "\\,", "\\;", "\\ ")):
        tokens = tokens[:-1]
    while tokens and tokens[0].text in ("\\quad", "\\qquad", "\\,", "\\;", "\\ ", ","):
        tokens = tokens[1:]
    return tokens


def _condition(parser: Parser, tokens: list[Token], first: Token) -> Node | None:
    """The condition of a line; None where it is `otherwise`."""
    if not tokens:
        raise Unsupported("a case without a condition", first.start, first.end, "write value & \\text{if } i = j, and 0 & \\text{otherwise}")
    words, rest = _words(parser, tokens)
    if words in ELSE_WORDS and not rest:
        return None
    if (words and words not in CONDITION_WORDS) or not rest:
        raise Unsupported(
            f"the condition {words or parser.text[tokens[0].start : tokens[-1].end]}",
            tokens[0].start,
            tokens[-1].end,
            "a condition is: if i = j, if i \\neq j, if x > 0, otherwise",
        )
    inner = Parser(rest, parser.text, parser.grammar, parser.words)
    inner.depth = parser.depth + 1
    condition = inner.related()
    inner.skip_spaces()
    if not isinstance(condition, Relation) or not inner.finished:
        raise Unsupported(
            f"the condition {parser.text[rest[0].start : rest[-1].end]}",
            rest[0].start,
            rest[-1].end,
            "a condition is one relation: i = j, i \\neq j or x > 0",
        )
    return condition


def _words(parser: Parser, tokens: list[Token]) -> tuple[str, list[Token]]:
    """The words in \\text at the beginning, or bare letters that spell them, and what follows."""
    if tokens[0].text in TEXTS:
        inner = Parser(tokens[1:], parser.text, parser.grammar, parser.words)
        words = inner.raw_argument().strip()
        if "$" in words:
            raise Unsupported(f"the condition {words}", tokens[0].start, tokens[-1].end, "write the formula outside \\text")
        return words.rstrip(":,. ").lower(), inner.tokens[inner.position :]
    letters = "".join(token.text for token in tokens if token.kind == "letter")
    if letters in ELSE_WORDS and len(letters) == len(tokens):
        return letters, []
    if letters[:2] == "if" and tokens[0].text in ("i", "if") and tokens[0].end in (tokens[1].start if len(tokens) > 1 else -1, tokens[0].start + 2):
        return "if", tokens[1 if tokens[0].text == "if" else 2 :]
    return "", tokens


def meaning(context: Context, node: Branches) -> Term:
    """The value of the first line whose condition holds. Raises Unsupported for values that are no scalars."""
    found = _scalar(context, node.otherwise)
    for value, condition in reversed(node.branches):
        if not isinstance(condition, Relation):
            raise Unsupported(f"the condition {condition.key}", condition.start, condition.end, "a condition is a relation")
        here = _scalar(context, value)
        sign = context.sign(condition)
        if sign is not None and sign[0] in ("≥", "≤"):
            # x ≥ 0 is what holds where −x > 0 does not
            found = Cases(((Positive(-sign[1] if sign[0] == "≥" else sign[1]), found),), here)
        else:
            later = found.branches if isinstance(found, Cases) else ()
            found = Cases(((context.relation(condition), here), *later), found.otherwise if isinstance(found, Cases) else found)
    return found


def _scalar(context: Context, value: Node) -> Term:
    term = context.term(value)
    if term.shape != SCALAR:
        raise Unsupported(
            f"cases of shape {describe(term.shape)}", value.start, value.end, "write the entries of the tensor: x_i = \\begin{cases} … \\end{cases}"
        )
    return term


NOTATION = Notation(
    title="Cases",
    rule=(
        "The value of the first line whose condition holds. A condition is i = j, i ≠ j, i ≤ j, i < j, or of terms x > y or x ≥ y, behind `if` or "
        "`for` or alone; the last line says `otherwise` or `else`, unless the conditions leave nothing out, as i < j, i = j, i > j do."
    ),
    examples=(
        Example(
            r"\begin{cases} x_i & \text{if } i = j \\ 0 & \text{otherwise} \end{cases}", "{x[i] if i = j; 0 otherwise}", ("x: n", "index i, j = 1..n")
        ),
        Example(r"\begin{cases} 1, & i \neq j, \\ 0, & \text{else.} \end{cases}", "{1 if i ≠ j; 0 otherwise}", ("index i, j = 1..n",)),
        Example(r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}", "{x if x > 0; 0 otherwise}", ("x: scalar",)),
        Example(r"\begin{cases} x & x \ge 1 \\ 1 & x < 1 \end{cases}", "{1 if -(x - 1) > 0; x otherwise}", ("x: scalar",)),
        Example(
            r"\begin{cases} 1 & \text{if } i = j \\ 0 & \text{if } i \neq j \end{cases}", "{1 if i = j; 0 otherwise}", ("index i, j = 1..n",)
        ),
        Example(
            r"\begin{cases} 1 & i < j \\ 0 & i = j \\ 2 & j < i \end{cases}", "{1 if i < j; 0 if i = j; 2 otherwise}", ("index i, j = 1..n",)
        ),
        Example(
            r"\left\{ \begin{array}{ll} x & \text{for } x > 0 \\ 0 & \text{otherwise} \end{array} \right.",
            "{x if x > 0; 0 otherwise}",
            ("x: scalar",),
        ),
        Example(
            r"\begin{cases} s_i (1 - s_i) & \text{if } i = j \\ -s_i s_j & \text{otherwise} \end{cases}",
            "{s[i] (1 - s[i]) if i = j; -s[i] s[j] otherwise}",
            ("s: n",),
        ),
    ),
    not_understood=(
        NotUnderstood(
            r"\begin{cases} 1 & \text{if } i = j \\ 0 & \text{if } i < j \end{cases}", "cases without `otherwise`", ("index i, j = 1..n",)
        ),
        NotUnderstood(r"\begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}", "cases without `otherwise`", ("x: scalar",)),
        NotUnderstood(r"\begin{cases} x & \text{if it rains} \\ 0 & \text{otherwise} \end{cases}", "the condition if it rains", ("x: scalar",)),
        NotUnderstood(r"\begin{cases} x & x \in S \\ 0 & \text{otherwise} \end{cases}", "the condition x∈S", ("x: scalar",)),
        NotUnderstood(r"\begin{cases} A & i = j \\ 0 & \text{otherwise} \end{cases}", "cases of shape n × n", ("A: n x n", "index i, j = 1..n")),
        NotUnderstood(r"\begin{cases} x \\ 0 \end{cases}", "a case without a condition", ("x: scalar",)),
    ),
    statements=(
        Stated(
            r"\frac{\partial x_i}{\partial x_j} = \begin{cases} 1 & \text{if } i = j \\ 0 & \text{otherwise} \end{cases}",
            ("∂x[i]/∂x[j] = {1 if i = j; 0 otherwise}",),
            ("x: n",),
        ),
    ),
    commands={"\\{ \\begin": one_sided},  # type: ignore[dict-item]
    environments=dict.fromkeys(("cases", "dcases", "rcases"), cases),
    meanings={Branches: meaning},
)
