r"""Macros that a document defines: \newcommand and its kin, \def, \DeclareMathOperator, \DeclarePairedDelimiter, \NewDocumentCommand.

A macro holds from its definition on; before the first definition of its name that one holds, because documents may define behind the use.
A \def whose parameters are delimited by text, \let, and commands of packages are left alone: the formula that uses them is not understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from derivcheck.language.places import Place
from derivcheck.notes.tokens import Token, tokenize
from derivcheck.notes.unsupported import Unsupported

MOST_TOKENS = 20_000
"""How many tokens the macros of one formula may produce."""

_KEYWORD = re.compile(
    r"\\(?:(?P<command>(?:re|provide)?newcommand|renewcommand|providecommand)|(?P<operator>DeclareMathOperator)|(?P<document>(?:New|Renew|Provide|Declare)DocumentCommand)"
    r"|(?P<paired>DeclarePairedDelimiter)|(?:long|global)?(?P<primitive>[gx]?def))(?![a-zA-Z])(?P<star>[ \t]*+\*)?"
)
_NAME = re.compile(r"\s*+(?:\{\s*+(\\(?:[a-zA-Z]++|[^a-zA-Z\s]))\s*+\}|(\\(?:[a-zA-Z]++|[^a-zA-Z\s])))")
_COUNT = re.compile(r"\s*+\[\s*+([0-9])\s*+\]")
_DEFAULT = re.compile(r"\s*+\[((?:[^\[\]{}]|\{[^{}]*+\})*+)\]")
_PARAMETERS = re.compile(r"\s*+((?:#[1-9])*+)\s*+(?=\{)")
_SPACE = re.compile(r"\s*+")
_SPECIFICATION = re.compile(r"\s*+\{\s*+(?:O\{([^{}]*+)\}\s*+)?((?:m\s*+)*+)\}")
_PARAMETER = re.compile(r"(?<!\\)#([1-9])")


Braces = Callable[[], Mapping[int, int]]
"""Where each { of a text is closed; a function, because most texts define no macros."""


@dataclass(frozen=True, slots=True)
class Macro:
    """A command and what it stands for: its name with the backslash, how many arguments it takes, the default of the first where that is optional."""

    name: str
    arguments: int
    default: str | None
    body: str
    place: Place
    start: int = 0


@dataclass(frozen=True, slots=True)
class Definition:
    """Where a macro is defined. `macro` is None where its form is not understood; `provided` if an earlier one goes before it."""

    start: int
    end: int
    macro: Macro | None
    provided: bool = False


class EndlessMacro(Unsupported):
    """Macros that expand without end, or to more than MOST_TOKENS tokens."""


# definitions --------------------------------------------------------------------------------------------------------
def definitions(text: str, braces: Braces, start: int, end: int, place: Callable[[int], Place]) -> Iterator[Definition]:
    """The definitions in text[start:end] in order; `braces` says where each { is closed."""
    position = start
    while (keyword := _KEYWORD.search(text, position, end)) is not None:
        found = _definition(text, braces, keyword, end, place)
        position = keyword.end() if found is None else found.end
        if found is not None:
            yield found


def definition_at(text: str, braces: Braces, start: int, end: int, place: Callable[[int], Place]) -> Definition | None:
    """The definition that begins at `start`."""
    keyword = _KEYWORD.match(text, start, end)
    return None if keyword is None else _definition(text, braces, keyword, end, place)


def in_force(found: Iterable[Definition]) -> tuple[Macro, ...]:
    """The macros of these definitions in the order of the text, without those that are only provided where there is one already."""
    names: set[str] = set()
    macros: list[Macro] = []
    for definition in sorted({each.start: each for each in found}.values(), key=lambda each: each.start):
        macro = definition.macro
        if macro is not None and not (definition.provided and macro.name in names):
            names.add(macro.name)
            macros.append(macro)
    return tuple(macros)


def _definition(text: str, braces: Braces, keyword: re.Match[str], end: int, place: Callable[[int], Place]) -> Definition | None:
    name = _NAME.match(text, keyword.end(), end)
    if name is None:
        return None
    arguments, default, position = 0, None, name.end()
    understood = True
    if keyword["command"]:
        count = _COUNT.match(text, position, end)
        if count is not None:
            arguments, position = int(count.group(1)), count.end()
            optional = _DEFAULT.match(text, position, end)
            if optional is not None:
                default, position = optional.group(1), optional.end()
    elif keyword["primitive"]:
        parameters = _PARAMETERS.match(text, position, end)
        if parameters is None:
            brace = text.find("{", position, min(end, position + 100))
            position, understood = (end if brace < 0 else brace), False
        else:
            arguments, position = len(parameters.group(1)) // 2, parameters.end()
    elif keyword["document"]:
        specification = _SPECIFICATION.match(text, position, end)
        if specification is None:
            understood = False
            position = braces().get(_behind_space(text, position, end), end - 1) + 1
        else:
            default = specification.group(1)
            arguments, position = specification.group(2).count("m") + (default is not None), specification.end()
    body = _group(text, braces, position, end)
    if body is None:
        return None
    written, position = text[body[0] : body[1]], body[1] + 1
    if keyword["operator"]:
        written = rf"\operatorname{'*' if keyword['star'] else ''}{{{written}}}"
    elif keyword["paired"]:
        closing = _group(text, braces, position, end)
        if closing is None:
            return None
        arguments, written, position = 1, rf"\left{written} #1 \right{text[closing[0] : closing[1]]}", closing[1] + 1
    command = name.group(1) or name.group(2)
    macro = Macro(command, arguments, default, written, place(keyword.start()), keyword.start()) if understood else None
    provided = "rovide" in keyword.group()
    return Definition(keyword.start(), position, macro, provided)


def _behind_space(text: str, position: int, end: int) -> int:
    space = _SPACE.match(text, position, end)
    return position if space is None else space.end()


def _group(text: str, braces: Braces, position: int, end: int) -> tuple[int, int] | None:
    """Where the content of the group in braces that comes next begins and ends."""
    opening = _behind_space(text, position, end)
    closing = braces().get(opening, end)
    return (opening + 1, closing) if closing < end else None


# expansion ----------------------------------------------------------------------------------------------------------
def expand(tokens: Sequence[Token], macros: Sequence[Macro]) -> Sequence[Token]:
    """The tokens with every macro replaced by its body; what comes from a macro stands where the call stands.

    Raises EndlessMacro, and Unsupported where an argument is missing.
    """
    if not macros:
        return tokens
    named: dict[str, list[Macro]] = {}
    for macro in macros:
        named.setdefault(macro.name, []).append(macro)
    if not any(token.text in named for token in tokens if token.kind == "command"):
        return tokens
    expansion = _Expansion(tokens)
    expanded: list[Token] = []
    while expansion.waiting:
        token = expansion.waiting.pop()
        if token.kind == "command" and token.text in named:
            expansion.call(token, _in_force_at(named[token.text], token.start))
        else:
            expanded.append(token)
    return expanded


def _in_force_at(candidates: Sequence[Macro], start: int) -> Macro:
    return next((macro for macro in reversed(candidates) if macro.start <= start), candidates[0])


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands between two parameters of a body."""

    tokens: list[Token]
    begins_with_digit: bool
    ends_with_digit: bool


class _Expansion:
    """Tokens that wait to be read, the next one last."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.waiting = list(reversed(tokens))
        self.bodies: dict[str, list[_Piece | int]] = {}
        self.produced = 0
        self.end = 0

    def _take(self) -> Token:
        """The next token, which the call then reaches to."""
        token = self.waiting.pop()
        self.end = max(self.end, token.end)
        return token

    def call(self, call: Token, macro: Macro) -> None:
        """Put the body of a macro in the place of its call, its arguments in the places of the parameters."""
        self.end = call.end
        arguments = [
            self._optional(macro, call) if position == 0 and macro.default is not None else self._argument(macro, call)
            for position in range(macro.arguments)
        ]
        put: list[Token] = []
        touching = False
        for part in self._body(macro):
            if isinstance(part, int) and part > len(arguments):
                raise Unsupported(f"#{part} in {macro.name}, which has {macro.arguments} arguments", call.start, call.end)
            more = arguments[part - 1] if isinstance(part, int) else part.tokens
            if touching and put and more and put[-1].kind == more[0].kind == "number" and (isinstance(part, int) or part.begins_with_digit):
                # the digits of one number: #1 and 0 of #10
                more = [Token("number", put.pop().text + more[0].text, call.start, self.end), *more[1:]]
            put += more
            touching = isinstance(part, int) or part.ends_with_digit
            if self.produced + len(put) > MOST_TOKENS:
                break
        self.produced += len(put) + 1
        if self.produced > MOST_TOKENS:
            raise EndlessMacro(f"{macro.name} expands without end, or to more than {MOST_TOKENS:,} tokens", call.start, call.end)
        self.waiting += [Token(token.kind, token.text, call.start, self.end) for token in reversed(put)]

    def _body(self, macro: Macro) -> list[_Piece | int]:
        """The body as tokens, and the numbers of the parameters between them."""
        if macro.body not in self.bodies:
            pieces = _PARAMETER.split(macro.body)
            self.bodies[macro.body] = [
                int(piece) if position % 2 else _Piece(tokenize(piece), piece[:1].isdigit(), piece[-1:].isdigit())
                for position, piece in enumerate(pieces)
            ]
        return self.bodies[macro.body]

    def _argument(self, macro: Macro, call: Token) -> list[Token]:
        """The next token, or the content of the next group in braces."""
        if not self.waiting or self.waiting[-1].kind == "close":
            raise Unsupported(f"{macro.name} without its {macro.arguments} arguments", call.start, call.end)
        token = self._take()
        if token.kind == "open":
            return self._until("close", call)
        if token.kind == "number" and len(token.text) > 1:
            self.waiting += [Token(rest.kind, rest.text, token.start + 1, token.end) for rest in reversed(tokenize(token.text[1:]))]
            self.end = token.start + 1
            return [Token("number", token.text[0], token.start, token.start + 1)]
        return [token]

    def _optional(self, macro: Macro, call: Token) -> list[Token]:
        """The content of the brackets that come next; without brackets the default."""
        if self.waiting and self.waiting[-1].text == "[":
            self._take()
            return self._until("]", call)
        return [Token(token.kind, token.text, call.start, call.end) for token in tokenize(macro.default or "")]

    def _until(self, closing: str, call: Token) -> list[Token]:
        """What stands up to the closing brace or bracket, which is taken too."""
        found: list[Token] = []
        depth = 0
        while self.waiting:
            token = self._take()
            if depth == 0 and closing in (token.kind, token.text):
                return found
            depth += {"open": 1, "close": -1}.get(token.kind, 0)
            found.append(token)
        raise Unsupported(f"{call.text} with an argument that is not closed", call.start, call.end)
