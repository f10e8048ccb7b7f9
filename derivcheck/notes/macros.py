"""Macros of a document: \\newcommand and its kin, collected from its text and expanded on tokens.

Every token of an expansion stands where the call stands. An undefined macro is left for the parser to name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from derivcheck.language.places import Place
from derivcheck.notes.tokens import Token, tokenize
from derivcheck.notes.unsupported import Unsupported

MOST_TOKENS, DEEPEST = 20_000, 40
"""Caps on one expansion: its tokens, and how deep macros call macros."""

_DEFINES = re.compile(r"\\(?P<kind>(?:new|renew|provide)command|DeclareMathOperator|def)\*?[ \t]*\{?(?P<name>\\[a-zA-Z]+)\}?(?P<rest>(?:#\d)*)")
_COUNT = re.compile(r"[ \t]*\[(\d)\][ \t]*(?:\[([^\[\]]*)\])?")
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class Macro:
    """\\newcommand{name}[arguments][default]{body}; `start` and `end` are the offsets of the definition."""

    name: str
    arguments: int
    default: str | None
    body: str
    place: Place
    start: int = 0
    end: int = 0


def collect(text: str, place_of: Callable[[int], Place]) -> list[Macro]:
    """The definitions in a text, in order. One whose body is not closed is left out."""
    found: list[Macro] = []
    for match in _DEFINES.finditer(text):
        position = match.end()
        count, default = match["rest"].count("#"), None
        if match["kind"] != "def":
            given = _COUNT.match(text, position)
            if given is not None:
                count, default, position = int(given[1]), given[2], given.end()
        space = _SPACE.match(text, position)
        position = space.end() if space is not None else position
        body = _group(text, position)
        if body is None:
            continue
        inner = f"\\operatorname{{{body}}}" if match["kind"] == "DeclareMathOperator" else body
        found.append(Macro(match["name"], count, default, inner, place_of(match.start()), match.start(), position + len(body) + 2))
    return found


def _group(text: str, position: int) -> str | None:
    """The text in braces that begins here."""
    if text[position : position + 1] != "{":
        return None
    level = 0
    for place in range(position, min(len(text), position + 4_000)):
        if text[place] == "\\":
            continue
        escaped = place > 0 and text[place - 1] == "\\"
        level += 0 if escaped else {"{": 1, "}": -1}.get(text[place], 0)
        if level == 0:
            return text[position + 1 : place]
    return None


def expand(tokens: Sequence[Token], macros: Sequence[Macro]) -> Sequence[Token]:
    """The tokens with every call of a macro expanded. Raises Unsupported for one that never ends, grows too large or lacks an argument."""
    table = {macro.name: macro for macro in macros}
    if not table or not any(token.text in table for token in tokens):
        return tokens
    bodies = {name: tokenize(macro.body) for name, macro in table.items()}
    found: list[Token] = []
    _expand(list(tokens), table, bodies, found, 0)
    return found


def _expand(tokens: list[Token], table: dict[str, Macro], bodies: dict[str, list[Token]], found: list[Token], depth: int) -> None:
    position = 0
    while position < len(tokens):
        token = tokens[position]
        macro = table.get(token.text)
        if macro is None:
            found.append(token)
            position += 1
            if len(found) > MOST_TOKENS:
                raise Unsupported(f"a formula of more than {MOST_TOKENS} tokens after its macros are expanded", token.start, token.end)
            continue
        if depth > DEEPEST:
            raise Unsupported(f"the macro {macro.name}, which calls itself", token.start, token.end)
        given, position = _arguments(tokens, position + 1, macro, token)
        end = tokens[position - 1].end
        called = [Token(part.kind, part.text, token.start, end) for part in _put_in(bodies[macro.name], given)]
        if len(called) > MOST_TOKENS:
            raise Unsupported(f"a formula of more than {MOST_TOKENS} tokens after its macros are expanded", token.start, token.end)
        _expand(called, table, bodies, found, depth + 1)


def _arguments(tokens: list[Token], position: int, macro: Macro, call: Token) -> tuple[list[list[Token]], int]:
    """The arguments of a call, and the position behind them."""
    given: list[list[Token]] = []
    if macro.arguments and macro.default is not None:
        optional = _optional(tokens, position)
        given.append(tokenize(macro.default) if optional is None else tokens[position + 1 : optional])
        position = position if optional is None else optional + 1
    while len(given) < macro.arguments:
        if position >= len(tokens):
            raise Unsupported(f"{macro.name} takes {macro.arguments} arguments", call.start, call.end)
        if tokens[position].kind != "open":
            given.append([tokens[position]])
            position += 1
            continue
        level, end = 0, position
        for end in range(position, len(tokens)):
            level += {"open": 1, "close": -1}.get(tokens[end].kind, 0)
            if level == 0:
                break
        else:
            raise Unsupported(f"the argument of {macro.name} is not closed", call.start, call.end)
        given.append(tokens[position + 1 : end])
        position = end + 1
    return given, position


def _optional(tokens: list[Token], position: int) -> int | None:
    if position < len(tokens) and tokens[position].text == "[":
        for end in range(position, len(tokens)):
            if tokens[end].text == "]":
                return end
    return None


def _put_in(body: list[Token], given: list[list[Token]]) -> list[Token]:
    """The body with its arguments in place of #1, #2, …, each kept together."""
    found: list[Token] = []
    position = 0
    while position < len(body):
        token = body[position]
        following = body[position + 1] if position + 1 < len(body) else None
        if token.text == "#" and following is not None and following.kind == "number":
            number = int(following.text[0])
            if not 1 <= number <= len(given):
                raise Unsupported(f"#{number} of a macro with {len(given)} arguments", token.start, token.end)
            found += given[number - 1]
            if len(following.text) > 1:
                found.append(Token("number", following.text[1:], following.start + 1, following.end))
            position += 2
            continue
        found.append(token)
        position += 1
    return found
