"""A formula as statements: chains of equalities, shapes, ranges, conditions. What one statement does not make understood leaves the others alone.

A relation at the beginning of a row goes on with the row before; a comma, wide space or text begins another statement.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from derivcheck.notes.grammar import IMPLICATIONS, OPENING, RELATIONS, SPACES, TEXTS, WIDE, Parser
from derivcheck.notes.loose_ends import is_loose, with_loose_end
from derivcheck.notes.syntax import Addition, Bracketed, Node, Numeral, Scripted, Symbol
from derivcheck.notes.unsupported import Unsupported

LAYOUT_ENVIRONMENTS = frozenset(
    ["equation", "align", "gather", "multline", "aligned", "gathered", "alignat", "alignedat", "split", "eqnarray", "flalign", "math", "displaymath", "subequations", "multlined"]  # noqa: E501
)
"""Environments that only arrange rows."""
WITH_ARGUMENT = frozenset({"alignat", "alignedat"})
SEPARATORS = frozenset({",", ";", ".", ":", "\\\\"}) | WIDE
IGNORED_WITH_ARGUMENT = frozenset(
    {"\\tag", "\\label", "\\ref", "\\eqref", "\\cite", "\\notag*", "\\vspace", "\\hspace", "\\renewcommand", "\\arraystretch"}
)
MOST_MEMBERS = 200
"""How many members a chain has at most; what follows is another one."""
ASIDES = frozenset(
    {
        *("recall", "where", "since", "because", "as", "with", "using", "by", "for", "if", "when", "whenever", "unless", "except", "provided"),
        *("providing", "assuming", "given", "case", "even", "not", "only", "whether", "otherwise", "also", "in", "at", "on", "whose"),
    }
)
"""Words that introduce an aside: it ends with its row, and an = at the beginning of the next row goes on with what stands before it."""
ENDINGS = IGNORED_WITH_ARGUMENT | {
    "\\therefore", "\\because", "\\forall", "\\exists", "\\hline", "\\qedhere", "\\square", "\\blacksquare", "\\qed", "\\end", "\\stackrel", "\\overset", "\\underset",  # noqa: E501
}  # fmt: skip
"""Commands before which a formula may end."""
_PARTS = IMPLICATIONS | WIDE | {",", ";"}
_DOTS = frozenset({"\\dots", "\\ldots", "\\cdots"})


@dataclass(frozen=True, slots=True)
class Member:
    """One member of a chain: the sign before it ("" for the first one), and what is written, or what is not understood of it."""

    sign: str
    written: Node | Unsupported
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Statement:
    """members[0] sign members[1] …; `text` is what stands before it in words. An aside is recalled behind another statement of its row.

    One that begins with a sign goes on with the statement before it; where it `restarts`, with the first member of that one.
    One that `heads` stands before a colon. `above` is what is written above its signs.
    """

    members: tuple[Member, ...]
    text: str = ""
    aside: bool = False
    restarts: bool = False
    heads: bool = False
    above: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RangeStatement:
    """i, j = low, …, high."""

    names: tuple[Node, ...]
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Words:
    """Text in a formula."""

    text: str


@dataclass(frozen=True, slots=True)
class RowEnd:
    """The end of a row of the formula, where no statement goes on in the next one."""


@dataclass(frozen=True, slots=True)
class Implies:
    """A sign between two statements of which neither is stated alone."""


Stated = Statement | RangeStatement | Words | RowEnd | Implies


def statements(parser: Parser) -> list[Stated]:
    """All statements of the formula, in order. Never raises: what is not understood is a member that says so."""
    found: list[Stated] = []
    text = ""
    row_begins, column_begins, in_aside, columns, split_number = True, False, False, 0, False
    while not parser.finished:
        parser.depth, parser.level, parser.bars = 0, 0, []
        token = parser.peek()
        if token.kind in ("newline", "align") or token.text in SPACES or (token.text in SEPARATORS and not _assigns(parser)):
            if parser.position > 0 and _is_inside_number(parser):
                split_number = True
                if found and isinstance(found[-1], Statement) and len(found[-1].members) > 1:
                    found[-1] = _not_understood(found[-1], -1, *COMMA)
            column_begins = column_begins or token.kind == "align"
            columns += token.kind == "align"
            if parser.next().kind == "newline":
                found.append(RowEnd())
                row_begins, column_begins, in_aside, columns = True, False, False, 0
            elif token.text == ":" and found and isinstance(found[-1], Statement):
                found[-1] = replace(found[-1], heads=True)
        elif token.text in IMPLICATIONS:
            parser.next()
            found.append(Implies())
        elif token.text in TEXTS and parser.word_ahead() is None:
            parser.next()
            text = _raw(parser)
            found.append(Words(text))
        elif token.text in ("\\therefore", "\\because", "\\forall", "\\exists", "\\hline", "\\qedhere", "\\square", "\\blacksquare", "\\qed"):
            parser.next()
            text = token.text[1:]
            found.append(Words("for all" if text == "forall" else text))
        elif token.text in IGNORED_WITH_ARGUMENT:
            parser.next()
            parser.accept("*")
            _raw(parser)
        elif token.text in ("\\begin", "\\end") and _environment(parser) in LAYOUT_ENVIRONMENTS:
            _skip_environment(parser)
        elif token.text == "\\begin" and _is_remark(parser):
            _skip_remark(parser)
        elif token.text in ("[", "(") and parser.peek(1).text in ("\\because", "\\therefore", "\\text"):
            found.extend(_remark_in_brackets(parser))
        else:
            in_aside = in_aside or (not row_begins and (column_begins or _first_word(text) in ASIDES))
            stated = _range(parser) or _statement(parser, text, in_aside)
            if isinstance(stated, Statement) and stated.members[0].sign and ((column_begins and not row_begins) or columns > 2):
                stated = _not_understood(stated, 0, *SECOND_COLUMN)
            if isinstance(stated, Statement) and split_number:
                stated, split_number = _not_understood(stated, 0, *COMMA), False
            before = next((place for place in reversed(range(len(found))) if isinstance(found[place], (Statement, RangeStatement))), None)
            last = found[before] if before is not None else None
            if isinstance(stated, Statement) and isinstance(last, Statement) and before is not None and is_loose(last, stated, token, parser.tokens):
                found[before] = with_loose_end(last, stated, parser.text)
            found.append(stated)
            text, row_begins, column_begins = "", False, False
    return found


SECOND_COLUMN = "a second column that goes on with what stands above it", "give each chain rows of its own"
COMMA = "a comma inside a number", "write 1000 for 1,000 and 2.5 for 2,5"


def _not_understood(statement: Statement, position: int, said: str, advice: str) -> Statement:
    """A statement of which one member is not understood."""
    members = list(statement.members)
    member = members[position]
    members[position] = replace(member, written=Unsupported(said, member.start, member.end, advice))
    return replace(statement, members=tuple(members))


def _is_inside_number(parser: Parser) -> bool:
    """Whether a comma stands between two digits, as in 1,000."""
    before, comma, behind = parser.peek(-1), parser.peek(), parser.peek(1)
    return comma.text == "," and before.kind == behind.kind == "number" and before.end == comma.start and comma.end == behind.start


def _first_word(text: str) -> str:
    words = text.split()
    return words[0].lower().strip(",.:(") if words else ""


def _statement(parser: Parser, text: str, aside: bool) -> Statement:
    members: list[Member] = []
    parser.above_signs = []
    sign = _relation(parser) or ""
    while True:
        members.append(_member(parser, sign))
        ends = (aside and _row_ends(parser)) or ((len(members) > 1 or sign != "") and _column_ends(parser))
        following = None if ends else _relation(parser)
        if following is None or len(members) == MOST_MEMBERS:
            return Statement(tuple(members), text, aside, above=tuple(parser.above_signs))
        sign = following


def _column_ends(parser: Parser) -> bool:
    """Whether two & in one row part a whole equation from what comes next."""
    ahead = count = 0
    while parser.peek(ahead).kind == "align" or parser.peek(ahead).text in SPACES or parser.peek(ahead).text in WIDE:
        count += parser.peek(ahead).kind == "align"
        ahead += 1
    return count > 1


def _row_ends(parser: Parser) -> bool:
    parser.skip_spaces()
    return parser.peek().kind == "newline"


def _member(parser: Parser, sign: str) -> Member:
    parser.skip_spaces()
    first = parser.position
    start = parser.peek().start
    try:
        node = parser.expression()
        stop = parser.peek()
        if not (
            stop.kind in ("end", "newline", "align")
            or stop.text in SEPARATORS
            or stop.text in TEXTS
            or stop.text in RELATIONS
            or stop.text in IMPLICATIONS
            or stop.text in ENDINGS
        ):
            raise parser.unexpected(stop, "the end of the formula")
        return Member(sign, node, start, parser.last_read().end)
    except Unsupported as problem:
        parser.depth, parser.level, parser.bars = 0, 0, []
        parser.position = _resume(parser, first)
        return Member(sign, problem, start, max(parser.peek(-1).end, start))


def _resume(parser: Parser, position: int) -> int:
    """The position behind a member that is not understood: of the next relation, line break or separator outside brackets."""
    level = 0
    tokens = parser.tokens
    begin = position
    while position < len(tokens):
        token = tokens[position]
        if token.kind == "open" or token.text in OPENING or token.text == "\\begin":
            level += 1
        elif token.kind == "close" or token.text in (")", "]", "\\}", "\\end"):
            level = max(level - 1, 0)
        elif (
            level == 0 and position > begin and (token.kind == "newline" or token.text in RELATIONS or token.text in _PARTS)
        ):
            return position
        position += 1
    return position


def _relation(parser: Parser) -> str | None:
    """The sign of the relation that comes next, also at the beginning of the next row."""
    ahead = 0
    while parser.peek(ahead).kind in ("newline", "align") or parser.peek(ahead).text in SPACES or (ahead and parser.peek(ahead).text in WIDE):
        ahead += 1
    while parser.peek(ahead).text in WIDE and parser.peek(ahead + 1).text in RELATIONS:
        ahead += 1
    token = parser.peek(ahead)
    if token.text == ":" and parser.peek(ahead + 1).text == "=":
        parser.position += ahead + 2
        return "="
    if token.text in ("\\stackrel", "\\overset", "\\underset"):
        return _decorated(parser, ahead)
    sign = RELATIONS.get(token.text)
    if sign is None or token.kind == "end":
        return None
    parser.position += ahead + 1
    return sign


def _decorated(parser: Parser, ahead: int) -> str | None:
    """\\stackrel{(a)}{=}."""
    saved = parser.position
    parser.position += ahead + 1
    above = _raw(parser)
    sign = RELATIONS.get(_raw(parser).strip())
    if sign is None:
        parser.position = saved
    else:
        parser.above_signs.append(above)
    return sign


def _assigns(parser: Parser) -> bool:
    return parser.peek().text == ":" and parser.peek(1).text == "="


def _raw(parser: Parser) -> str:
    try:
        return parser.raw_argument()
    except Unsupported:
        # an argument that never ends: there is nothing behind it
        parser.position = len(parser.tokens)
        return ""


def _environment(parser: Parser) -> str:
    """The name of the environment that begins or ends here."""
    name = ""
    ahead = 2
    while parser.peek(1).kind == "open" and parser.peek(ahead).kind not in ("close", "end"):
        name += parser.peek(ahead).text
        ahead += 1
    return name.rstrip("*")


def _skip_environment(parser: Parser) -> None:
    name = _environment(parser)
    begins = parser.next().text == "\\begin"
    _raw(parser)
    if begins and name in WITH_ARGUMENT:
        _raw(parser)
    if begins and parser.peek().text == "[" and parser.peek(2).text == "]":
        parser.position += 3


def _is_remark(parser: Parser) -> bool:
    """Whether a table of words begins here: \\begin{array}{l} \\bullet \\text{…}."""
    if _environment(parser) != "array":
        return False
    ahead = 2
    for _ in range(2):
        while parser.peek(ahead).kind not in ("close", "end"):
            ahead += 1
        ahead += 1
    return parser.peek(ahead).text in TEXTS or parser.peek(ahead).text == "\\bullet"


def _skip_remark(parser: Parser) -> None:
    level = 0
    while not parser.finished:
        token = parser.next()
        level += {"\\begin": 1, "\\end": -1}.get(token.text, 0)
        if level == 0:
            _raw(parser)
            return


def _remark_in_brackets(parser: Parser) -> Iterator[Statement | Words]:
    """(\\text{if } i = j): the words and the condition; of another remark, the words."""
    begin, opening = parser.position, parser.next()
    if parser.next().text == "\\text":
        words = _raw(parser)
        try:
            body = parser.listed()
            closing = parser.next()
            if closing.text in (")", "]"):
                yield Words(words)
                bracket = Bracketed(opening.start, closing.end, opening.text, body)
                yield Statement((Member("", bracket, bracket.start, bracket.end),), words)
                return
        except Unsupported:
            parser.depth, parser.level, parser.bars = 0, 0, []
    parser.position = begin
    _skip_brackets(parser)
    yield Words(parser.text[opening.start : parser.peek(-1).end])


def _skip_brackets(parser: Parser) -> None:
    level = 0
    while not parser.finished:
        token = parser.next()
        level += 1 if token.text in ("[", "(") or token.kind == "open" else -1 if token.text in ("]", ")") or token.kind == "close" else 0
        if level == 0:
            return


# ranges -------------------------------------------------------------------------------------------------------------
def _range(parser: Parser) -> RangeStatement | None:
    """i, j = 0, 1, …, n − 1;  i = 1(1)n;  i ∈ {1, …, n};  1 ≤ i ≤ n. None where the statement is no range."""
    saved = list(parser.tokens), parser.position
    try:
        found = _listed_range(parser)
        if found is None:
            parser.tokens, parser.position = list(saved[0]), saved[1]
            found = _bounded_range(parser)
    except Unsupported:
        found = None
    if found is None:
        parser.tokens, parser.position = saved
        parser.depth, parser.level, parser.bars = 0, 0, []
    return found


def _listed_range(parser: Parser) -> RangeStatement | None:
    names = []
    while True:
        parser.skip_spaces()
        token = parser.peek()
        if token.kind != "letter" and not (token.kind == "command" and token.text in parser.grammar.commands):
            return None
        name = parser.factor()
        if not isinstance(name, (Symbol, Scripted)) or (isinstance(name, Scripted) and (name.subs or name.sups)):
            return None
        names.append(name)
        parser.skip_spaces()
        if parser.accept(",") is None:
            break
    sign = parser.accept("=", "\\in")
    if sign is None:
        return None
    parser.skip_spaces()
    braces = parser.accept("\\{", "\\lbrace") if sign.text == "\\in" else None
    if sign.text == "\\in" and braces is None:
        return None
    low = parser.factor()
    parser.skip_spaces()
    if parser.accept("(") is not None:
        if parser.accept("1") is None or parser.accept(")") is None:
            return None
    elif not _dots(parser):
        return None
    return RangeStatement(tuple(names), low, _high(parser))


def _dots(parser: Parser) -> bool:
    """, 1, 2, …,  or  .. ; the position behind it."""
    seen = 0
    while True:
        parser.skip_spaces()
        token = parser.peek()
        if token.text in _DOTS:
            parser.next()
            parser.skip_spaces()
            parser.accept(",")
            return True
        if token.text == "." and parser.peek(1).text == ".":
            while parser.accept(".") is not None:
                pass
            parser.accept(",")
            return True
        if token.text == "," or token.kind == "number":
            parser.next()
            seen += 1
            continue
        return False


def _high(parser: Parser) -> Node:
    parser.skip_spaces()
    if parser.accept("\\overline") is not None:
        parser.expect("open", "{")
        node = parser.expression()
        parser.expect("close", "}")
        return node
    return parser.expression()


def _bounded_range(parser: Parser) -> RangeStatement | None:
    """1 ≤ i ≤ n, 0 ≤ i < n."""
    if parser.peek().kind != "number":
        return None
    low = parser.factor()
    first = RELATIONS.get(parser.next().text)
    if first != "≤" or parser.peek().kind not in ("letter", "command"):
        return None
    name = parser.factor()
    second = RELATIONS.get(parser.next().text)
    if second not in ("≤", "<") or not isinstance(name, (Symbol, Scripted)):
        return None
    high = parser.expression()
    if second == "<":
        high = _minus_one(high)
    return RangeStatement((name,), low, high)


def _minus_one(node: Node) -> Node:
    return Addition(node.start, node.end, (("+", node), ("-", Numeral(node.end, node.end, "1"))))
