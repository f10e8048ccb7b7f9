"""Tokens -> syntax tree, by TeX's own rules: \\frac12, x_i^2, \\sum_i^n. A recursive descent over tokens, without backtracking.

expression  =  [±] product (± product)*
product     =  factor ([sign] factor)*          from left to right; a sum, a product sign and d/dx reach to the end of the product
factor      =  atom scripts
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Sequence as Many
from typing import TYPE_CHECKING, Literal

from derivcheck.notes.syntax import CLOSING, Addition, Bracketed, Mark, Node, Numeral, Product, Relation, Scripted, Sequence, Symbol, Word, parts
from derivcheck.notes.tokens import Token
from derivcheck.notes.unsupported import Unsupported

if TYPE_CHECKING:
    from derivcheck.notes.notations import Grammar

MOST_TOKENS, DEEPEST, LONGEST_NUMBER = 20_000, 60, 30
"""Caps on one formula: its tokens, its nesting, the digits of a number. What is larger is unsupported before anything is built."""

MULTIPLICATION = frozenset(
    {"\\cdot", "\\times", "\\odot", "\\circ", "\\otimes", "\\ast", "*", "/", "\\bullet", "\\star", "\\div", "\\wedge", "\\boxtimes", "\\oplus"}
)
RELATIONS: Mapping[str, str] = {
    "=": "=", "\\equiv": "=", "\\triangleq": "=", "\\coloneqq": "=", "\\doteq": "=", "\\neq": "≠", "\\ne": "≠", "<": "<", ">": ">", "\\lt": "<", "\\gt": ">", "\\le": "≤",  # noqa: E501
    "\\leq": "≤", "\\leqslant": "≤", "\\ge": "≥", "\\geq": "≥", "\\geqslant": "≥", "\\in": "∈", "\\to": "→", "\\rightarrow": "→", "\\longrightarrow": "→", "\\mapsto": "↦",  # noqa: E501
    "\\longmapsto": "↦", "\\approx": "≈", "\\propto": "∝", "\\sim": "∼",
    "\\simeq": "≈", "\\cong": "≅", "\\subset": "⊂", "\\subseteq": "⊂", "\\leftarrow": "←", "\\gets": "←", "\\ll": "≪", "\\gg": "≫",
}  # fmt: skip
SPACES = frozenset({"\\,", "\\;", "\\:", "\\!", "\\ ", "~", "\\thinspace", "\\displaystyle", "\\textstyle", "\\limits", "\\nolimits", "\\nonumber", "\\notag", "\\hfill",  # noqa: E501
                    "\\scriptstyle", "\\mathstrut", "\\strut", "\\/", "\\allowbreak", "\\noindent", "\\centering", "\\hspace*", "\\relax", "\\mathop", "\\mathrel", "\\mathbin", "\\mathord", "\\mathopen", "\\mathclose", "\\mathpunct", "\\mathinner"})  # fmt: skip  # noqa: E501
TEXTS = frozenset({"\\text", "\\textrm", "\\mbox", "\\intertext", "\\shortintertext", "\\textit", "\\textbf"})
IMPLICATIONS = frozenset(
    {"\\Rightarrow", "\\implies", "\\Longrightarrow", "\\iff", "\\Leftrightarrow", "\\Longleftrightarrow", "\\Leftarrow", "\\impliedby"}
)
"""What joins two statements of which neither is stated alone."""
DECORATIONS = frozenset({"\\stackrel", "\\overset", "\\underset"})
WIDE = frozenset({"\\quad", "\\qquad", "\\hskip", "\\enspace"})
SIZES = frozenset(f"\\{size}{side}" for size in ("left", "right", "middle", "big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")) - {
    "\\leftr",
    "\\bigm ",
}
OPENING = {"(": "(", "[": "[", "\\{": "\\{", "\\lbrace": "\\{", "\\lbrack": "[", "\\langle": "\\langle", "\\lparen": "("}
_CLOSERS = frozenset({")", "]", "\\}", "\\rbrace", "\\rbrack", "\\rangle", "\\rparen"})
_STOPS = frozenset({"+", "-", ",", ";", ".", ":", "\\pm", "\\mp", "\\text", "\\textrm", "\\textit", "\\textbf", "\\mbox", "\\therefore", "\\because", "\\forall", "\\end", "\\tag", "\\label",  # noqa: E501
                    "\\ref", "\\eqref", "\\cite", "\\rVert", "\\rvert", "\\mid", "\\hline",
                    *_CLOSERS, *WIDE, *IMPLICATIONS, *RELATIONS})  # fmt: skip
SLICES = frozenset({":", "*", "\\cdot", "\\bullet"})
"""Signs for a whole row or column in a subscript."""
_SCRIPT_MARKS = frozenset({"*", "+", "-", ":", "\\cdot", "\\ast", "\\dagger", "\\star", "\\cdots", "\\bullet", "\\circ", "\\prime"})

Parse = Callable[["Parser", Token], Node]


class Parser:
    """One formula being read. Raises Unsupported at the first thing that is not understood."""

    def __init__(self, tokens: Many[Token], text: str, grammar: Grammar, words: frozenset[str] = frozenset()) -> None:
        self.text = text
        self.grammar = grammar
        self.words = words
        self.tokens = _joined(_formulas_out_of_text(tokens), words | grammar.functions, grammar.functions - words)
        self.position = 0
        self.depth = self.level = 0
        self.bars: list[str] = []
        self.above_signs: list[str] = []
        end = tokens[-1].end if tokens else 0
        self.last = Token("end", "", end, end)
        if len(tokens) > MOST_TOKENS:
            raise Unsupported(f"a formula of {len(tokens)} tokens is too long (at most {MOST_TOKENS})", tokens[0].start, tokens[0].end)

    # tokens ---------------------------------------------------------------------------------------------------------
    def peek(self, ahead: int = 0) -> Token:
        place = self.position + ahead
        return self.tokens[place] if place < len(self.tokens) else self.last

    def next(self) -> Token:
        token = self.peek()
        self.position += 1
        return token

    def accept(self, *texts: str) -> Token | None:
        """The next token, where it is one of these."""
        token = self.peek()
        if token.text in texts and token.kind != "end":
            self.position += 1
            return token
        return None

    def expect(self, kind: str, what: str) -> Token:
        token = self.next()
        if token.kind != kind:
            raise self.unexpected(token, what)
        return token

    def unexpected(self, token: Token, what: str) -> Unsupported:
        if token.kind == "end":
            return Unsupported(f"the formula ends where {what} should stand", token.start, token.end)
        if token.text in ("\\pm", "\\mp"):
            return Unsupported(f"the sign {token.text}", token.start, token.end, "write two equations")
        return Unsupported(f"{token.text} stands where {what} should stand", token.start, token.end)

    def last_read(self) -> Token:
        """The last token that was read, spaces left out."""
        place = self.position - 1
        while place > 0 and self.tokens[place].text in SPACES:
            place -= 1
        return self.tokens[place]

    def skip_spaces(self) -> None:
        while self.peek().text in SPACES:
            self.position += 1

    @property
    def finished(self) -> bool:
        return self.position >= len(self.tokens)

    # expressions ----------------------------------------------------------------------------------------------------
    def expression(self) -> Node:
        """A sum of products, up to a token that cannot belong to it."""
        self.depth += 1
        token = self.peek()
        if self.depth > DEEPEST:
            raise Unsupported(f"more than {DEEPEST} levels of nesting", token.start, token.end)
        found: list[tuple[Literal["+", "-"], Node]] = []
        self.skip_spaces()
        sign = self._sign() or "+"
        while True:
            while (more := self._sign()) is not None:
                sign = "+" if more == sign else "-"
            found.append((sign, self.product()))
            following = self._sign()
            if following is None:
                break
            sign = following
        self.depth -= 1
        if len(found) == 1 and found[0][0] == "+":
            return found[0][1]
        return Addition(token.start, found[-1][1].end, tuple(found))

    def _sign(self) -> Literal["+", "-"] | None:
        self.skip_spaces()
        ahead = 0
        while self.peek(ahead).kind in ("newline", "align") or self.peek(ahead).text in WIDE:
            ahead += 1
        token = self.peek(ahead)
        if token.text not in ("+", "-") or (ahead and not self._continues(ahead)):
            return None
        self.position += ahead + 1
        return "+" if token.text == "+" else "-"

    def _continues(self, ahead: int) -> bool:
        """Whether a sign behind a line break goes on with the expression: it does where something stands before it."""
        return self.position > 0 and self.depth == 1 and self.peek(0).kind == "newline"

    def product(self) -> Node:
        """Factors up to a sign, a relation, a comma or a closing bracket."""
        factors: list[Node] = []
        signs: list[str] = []
        while True:
            self.skip_spaces()
            token = self.peek()
            if token.text in MULTIPLICATION:
                if self.peek(1).kind == "close" and token.text in SLICES:
                    break
                if not factors or len(signs) == len(factors):
                    raise self.unexpected(token, "a factor")
                signs.append(token.text)
                self.position += 1
                continue
            if not self._begins_factor(token):
                break
            if len(factors) > len(signs):
                signs.append("")
            factors.append(self.factor())
        if not factors or len(signs) == len(factors):
            raise self.unexpected(self.peek(), "a factor" if factors else "a formula")
        return factors[0] if len(factors) == 1 else Product(factors[0].start, factors[-1].end, tuple(factors), tuple(signs))

    def _begins_factor(self, token: Token) -> bool:
        if token.kind in ("end", "close", "align", "newline", "sup", "sub", "prime"):
            return token.kind in ("sup", "sub", "prime")
        if token.text in ("|", "\\|", "\\rVert", "\\rvert", "\\vert", "\\Vert") and self.bars and _bar(token.text) == self.bars[-1]:
            return False
        if token.text in ("\\text", "\\textrm", "\\mbox", "\\textit", "\\textbf"):
            return self.word_ahead() is not None
        return token.text not in _STOPS and not (token.text in DECORATIONS and self._decorates_relation())

    def _decorates_relation(self) -> bool:
        """Whether \\stackrel{(a)}{=} begins here: a relation with something over it."""
        ahead, level = 1, 0
        while self.peek(ahead).kind != "end":
            level += {"open": 1, "close": -1}.get(self.peek(ahead).kind, 0)
            ahead += 1
            if level == 0:
                break
        return self.peek(ahead + (self.peek(ahead).kind == "open")).text in RELATIONS

    def word_ahead(self) -> str | None:
        """The word of \\text{word} where it is a name and not prose: a known function, or something with scripts or an argument."""
        inside = []
        ahead = 2
        if self.peek(1).kind != "open":
            return None
        while self.peek(ahead).kind in ("letter", "number") or self.peek(ahead).text == "-":
            inside.append(self.peek(ahead).text)
            ahead += 1
        word = "".join(inside)
        if not word or self.peek(ahead).kind != "close":
            return None
        after = self.peek(ahead + 1)
        named = word in self.grammar.functions or word in self.words or after.kind in ("sub", "sup") or after.text in OPENING
        return word if named else None

    def factor(self) -> Node:
        """An atom with its scripts."""
        return self._deeper(lambda: self.scripts(self.atom()))

    def atom(self) -> Node:
        token = self.next()
        match token.kind:
            case "letter":
                if len(token.text) > 1:
                    return Word(token.start, token.end, token.text)
                return Symbol(token.start, token.end, token.text)
            case "number":
                if len(token.text) > LONGEST_NUMBER:
                    raise Unsupported(f"a number of {len(token.text)} digits is too long (at most {LONGEST_NUMBER})", token.start, token.end)
                return Numeral(token.start, token.end, token.text)
            case "open":
                return self.group(token)
            case "command":
                return self.command(token)
            case "char":
                if token.text in OPENING:
                    return self.brackets(token)
                parse = self.grammar.commands.get(token.text)
                if parse is not None:
                    return parse(self, token)
            case "end":
                raise self.unexpected(token, "a formula")
            case "sup" | "sub" | "prime":
                raise Unsupported(f"{token.text} stands without anything before it", token.start, token.end)
        raise Unsupported(f"the sign {token.text}", token.start, token.end)

    def command(self, token: Token) -> Node:
        """What a command says: a notation of the table, a bracket."""
        if token.text in OPENING:
            return self.brackets(token)
        parse = self.grammar.commands.get(token.text)
        if parse is None:
            raise Unsupported(f"the command {token.text}", token.start, token.end, self.grammar.nearest(token.text))
        return parse(self, token)

    def group(self, opening: Token) -> Node:
        """The content of { … } whose opening brace was read."""
        node = self.expression()
        closing = self.expect("close", "}")
        return Bracketed(opening.start, closing.end, "{", node) if isinstance(node, Addition) else node

    def argument(self) -> Node:
        """What TeX takes as an argument: a group, or one token."""
        self.skip_spaces()
        token = self.peek()
        if token.kind == "open":
            self.position += 1
            return self.group(token)
        if token.kind == "number" and len(token.text) > 1:
            self._split_number(token)
        return self._deeper(self.atom)

    def _split_number(self, token: Token) -> None:
        """The first digit alone: TeX reads \\frac12 as one over two."""
        first = Token("number", token.text[0], token.start, token.start + 1)
        rest = Token("number", token.text[1:].lstrip("."), token.start + 1, token.end)
        self.tokens[self.position : self.position + 1] = [first, rest]

    def brackets(self, opening: Token) -> Node:
        """( … ), [ … ], \\{ … \\}, with a list or a relation inside where one is written."""
        kind = OPENING[opening.text]
        one_sided = self.grammar.commands.get("\\{ \\begin") if kind == "\\{" and self.peek().text == "\\begin" else None
        found = one_sided(self, opening) if one_sided is not None else None
        if found is not None:
            return found
        saved, self.bars = self.bars, ["|"] if self._holds_one_bar() else []
        body = self.listed()
        self.bars = saved
        closing = self.next()
        if closing.text not in _CLOSERS:
            raise Unsupported(f"the bracket {opening.text} is not closed", opening.start, opening.end)
        wanted = CLOSING[kind]
        spelled = {"\\rbrace": "\\}", "\\rbrack": "]", "\\rparen": ")"}.get(closing.text, closing.text)
        if spelled != wanted:
            raise Unsupported(f"the bracket {opening.text} is closed by {closing.text}", opening.start, closing.end)
        return Bracketed(opening.start, closing.end, kind, body)

    def listed(self) -> Node:
        """An expression, a relation, or a list of them, up to a closing bracket."""
        items: list[Node] = []
        while True:
            while self.peek().text in SPACES or self.peek().text in WIDE or (self.peek().kind in ("newline", "align") and self.depth):
                self.position += 1
            items.append(self.related())
            items.extend(self.related_further(items[-1]))
            while self.peek().text in SPACES or self.peek().text in WIDE or self.peek().kind in ("newline", "align"):
                self.position += 1
            if self.accept(",", ";") is None:
                break
        node = items[0] if len(items) == 1 else Sequence(items[0].start, items[-1].end, tuple(items))
        if self.accept("\\mid") is None and not (self.bars == ["|"] and self.accept("|", "\\vert")):
            return node
        given = self.listed()
        return Relation(node.start, given.end, node, "|", given)

    def _holds_one_bar(self) -> bool:
        """Whether exactly one | stands in the bracket that begins here: p(y | x). Two of them are an absolute value."""
        level = bars = 0
        for token in self.tokens[self.position :]:
            if token.kind == "open" or token.text in OPENING:
                level += 1
            elif token.kind == "close" or token.text in _CLOSERS:
                level -= 1
                if level < 0:
                    break
            bars += level == 0 and token.text in ("|", "\\vert")
        return bars == 1

    def related(self) -> Node:
        """An expression, or a relation of two."""
        left = self.expression()
        self.skip_spaces()
        sign = RELATIONS.get(self.peek().text)
        if sign is None:
            return left
        self.position += 1
        right = self.expression()
        return Relation(left.start, right.end, left, sign, right)

    def related_further(self, last: Node) -> Iterator[Node]:
        """The relations j < k, … of i < j < k, behind the first one."""
        while isinstance(last, Relation):
            self.skip_spaces()
            sign = RELATIONS.get(self.peek().text)
            if sign is None:
                return
            self.position += 1
            right = self.expression()
            last = Relation(last.right.start, right.end, last.right, sign, right)
            yield last

    # scripts --------------------------------------------------------------------------------------------------------
    def scripts(self, core: Node) -> Node:
        """The core with the scripts behind it."""
        subs: tuple[Node, ...] = ()
        sups: tuple[Node, ...] = ()
        primes = 0
        end = core.end
        while (token := self.peek()).kind in ("sup", "sub", "prime"):
            self.position += 1
            if token.kind == "prime":
                primes += 1
            elif token.kind == "sub":
                if subs:
                    raise Unsupported("a second subscript", token.start, token.end, "write both in one pair of braces")
                subs = tuple(self._flat(self.script()))
            else:
                found = tuple(part for item in self.script() for part in parts(item))
                while found and isinstance(found[0], Mark) and found[0].name == "\\prime":
                    primes, found = primes + 1, found[1:]
                if found and sups:
                    raise Unsupported("a second superscript", token.start, token.end, "write both in one pair of braces")
                sups = sups or found
            end = self.tokens[self.position - 1].end if self.position <= len(self.tokens) else self.last.end
        return Scripted(core.start, end, core, subs, sups, primes) if subs or sups or primes else core

    def script(self) -> list[Node]:
        """The items of one script: a group with commas, or one token."""
        self.skip_spaces()
        token = self.peek()
        if token.kind != "open":
            return [self._script_mark() or self.argument()]
        self.position += 1
        items: list[Node] = []
        self.depth += 1
        if self.depth > DEEPEST:
            raise Unsupported(f"more than {DEEPEST} levels of nesting", token.start, token.end)
        while True:
            self.skip_spaces()
            mark = self._script_mark()
            items.append(mark or self._script_word() or self.related())
            self.skip_spaces()
            beside = self.peek().kind != "close" and (mark is not None or self.peek().text in SLICES)
            if self.accept(",", ";") is None and not beside:
                break
        self.depth -= 1
        self.expect("close", "}")
        return items

    def _script_mark(self) -> Node | None:
        """A sign alone: x^*, W_{:,j}, W_{\\cdot,j}, W_{\\cdot j}."""
        token, after = self.peek(), self.peek(1)
        alone = self.peek(-1).kind in ("sup", "sub") or after.kind == "close" or after.text == ","
        beside = after.kind in ("letter", "number", "command") or (token.text in ("\\odot", "\\circ") and after.text == "-")
        if (token.text in _SCRIPT_MARKS and alone) or (token.text in SLICES | {"\\odot", "\\circ"} and beside):
            self.position += 1
            return Mark(token.start, token.end, token.text)
        return None

    def _deeper(self, parse: Callable[[], Node]) -> Node:
        """What is parsed one level further down: \\hat\\hat… and \\sum\\sum… nest without braces."""
        self.level += 1
        if self.level > DEEPEST:
            token = self.peek()
            raise Unsupported(f"more than {DEEPEST} levels of nesting", token.start, token.end)
        node = parse()
        self.level -= 1
        return node

    def _script_word(self) -> Node | None:
        """A label in words: W_{\\text{out}}, \\mathrm{softmax}_{\\text{rows}}, \\lambda_{\\max}."""
        token = self.peek()
        if token.text in ("\\max", "\\min") and (self.peek(1).kind == "close" or self.peek(1).text == ","):
            self.position += 1
            return Word(token.start, token.end, token.text[1:])
        if token.text not in ("\\text", "\\textrm", "\\mbox", "\\textit", "\\textbf", "\\mathrm") or self.peek(1).kind != "open":
            return None
        begin = self.position
        self.position += 1
        content = self.raw_argument().strip()
        if token.text == "\\mathrm" and (len(content) < 2 or not content.isalnum() or self.peek().kind != "close"):
            self.position = begin
            return None
        if not content.replace("-", "").isalnum():
            raise Unsupported(f"{token.text}{{{content}}} as a subscript", token.start, self.peek(-1).end, "a label is one word")
        return Word(token.start, self.peek(-1).end, content)

    def _flat(self, items: list[Node]) -> list[Node]:
        """Subscripts one by one: W_{rj}, T_{t,(r,j)}, v_{(1,j)}."""
        found: list[Node] = []
        for item in items:
            for part in parts(item):
                if isinstance(part, Bracketed) and isinstance(part.body, Sequence):
                    found += self._flat(list(part.body.items))
                else:
                    found.append(part)
        return found

    # raw text -------------------------------------------------------------------------------------------------------
    def raw_argument(self) -> str:
        """The text of { … } or of one token, unread: for \\text, \\mathrm, \\begin."""
        token = self.next()
        if token.kind != "open":
            return token.text
        level = 1
        first = self.position
        while level:
            inner = self.next()
            if inner.kind == "end":
                raise Unsupported("{ is not closed", token.start, token.end)
            level += {"open": 1, "close": -1}.get(inner.kind, 0)
        if self.text[token.start : token.end] == "{":
            return self.text[token.end : inner.start]
        # the braces come from a macro or from `read … as …`: in the file something else stands there
        return _spelled(self.tokens[first : self.position - 1])


def _spelled(tokens: Many[Token]) -> str:
    """The tokens as text, with a space only where a command would run into a letter."""
    spelled = ""
    for token in tokens:
        spelled += f" {token.text}" if re.search(r"\\[a-zA-Z]+$", spelled) and token.text[:1].isalpha() else token.text
    return spelled


def _bar(text: str) -> str:
    return "\\|" if text in ("\\|", "\\rVert", "\\Vert", "\\lVert") else "|"


def _formulas_out_of_text(tokens: Many[Token]) -> Many[Token]:
    """\\text{if $i = j$} as \\text{if } i = j."""
    if not any(token.text == "$" for token in tokens):
        return tokens
    found: list[Token] = []
    text: Token | None = None
    level, in_formula, ended = 0, False, False
    for position, token in enumerate(tokens):
        if ended:  # the brace behind \\text{if $i = j$} has nothing left to close
            text, ended = None, False
            continue
        if text is None and token.kind == "open" and position and tokens[position - 1].text in TEXTS:
            text, level, in_formula = tokens[position - 1], 1, False
        elif text is not None and token.text == "$":
            ended = in_formula and level == 1 and any(behind.kind == "close" for behind in tokens[position + 1 : position + 2])
            if in_formula and not ended:
                found += [text._replace(start=token.start, end=token.start), Token("open", "{", token.start, token.end)]
            elif not in_formula:
                found.append(Token("close", "}", token.start, token.end))
            in_formula = not in_formula
            continue
        elif text is not None:
            level += {"open": 1, "close": -1}.get(token.kind, 0)
            text = text if level else None
        found.append(token)
    return found


def _joined(tokens: Many[Token], words: frozenset[str], functions: frozenset[str]) -> list[Token]:
    """Tokens without \\left, \\right and sizes; letters that touch and spell a declared name or a function are one token."""
    found: list[Token] = []
    position = 0
    count = len(tokens)
    while position < count:
        token = tokens[position]
        if token.kind == "letter" and words:
            end = position + 1
            while end < count and tokens[end].kind == "letter" and _touch(tokens[end - 1], tokens[end]):
                end += 1
            position = _join_letters(tokens, position, end, words, functions, found)
            continue
        position += 1
        if token.text in SIZES and position < count:
            following = tokens[position]
            if token.text == "\\left" and following.text == ".":
                position += 1  # it opens nothing
            elif token.text == "\\left":
                found.append(following._replace(start=token.start))
                position += 1
            continue
        if token.text == "|" and position < count and tokens[position].text == "|" and tokens[position].start == token.end:
            token = Token("command", "\\|", token.start, tokens[position].end)
            position += 1
        found.append(token)
    return found


def _touch(one: Token, next_one: Token) -> bool:
    """Whether nothing stands between two tokens; those that a macro or a reading put in stand at the same place."""
    return next_one.start == one.end or (next_one.start, next_one.end) == (one.start, one.end)


def _join_letters(tokens: Many[Token], first: int, end: int, words: frozenset[str], functions: frozenset[str], found: list[Token]) -> int:
    """Add the letters first … end to `found`, as words where they spell one; the position behind them."""
    while first < end:
        for stop in range(end, first + 1, -1):
            word = "".join(token.text for token in tokens[first:stop])
            if word in words and (word not in functions or _takes_argument(tokens, stop)):
                found.append(Token("letter", word, tokens[first].start, tokens[stop - 1].end))
                first = stop
                break
        else:
            found.append(tokens[first])
            first += 1
    return end


def _takes_argument(tokens: Many[Token], position: int) -> bool:
    """Whether a bracket or a script follows: only then do letters such as v e c spell a function."""
    if position >= len(tokens):
        return False
    token = tokens[position]
    return token.text in SIZES or token.text in OPENING or token.kind in ("sup", "sub")
