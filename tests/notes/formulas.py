"""One formula under a few declarations: the term that it means, or the claims that it makes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.language.printing.text import relation_text, text
from derivcheck.language.shapes import describe
from derivcheck.language.terms import Term
from derivcheck.notes.context import Context
from derivcheck.notes.declarations import Line
from derivcheck.notes.documents.record import Document, Formula, SourceText
from derivcheck.notes.grammar import Parser
from derivcheck.notes.notations import grammar
from derivcheck.notes.reader import Reader
from derivcheck.notes.surroundings import Surroundings
from derivcheck.notes.tokens import tokenize


class Note:
    """Declarations, and behind them one formula."""

    def __init__(self, latex: str, declarations: Sequence[str] = ()) -> None:
        lines, position = [], 0
        for line in declarations:
            lines.append(Line(position, line))
            position += len(line) + 1
        self.start, self.end = position, position + len(latex)
        self.source = SourceText("note.md", "\n".join((*declarations, latex)))
        self.reader = Reader(Document(self.source, ()), "note")
        if lines:
            self.reader.declarations(lines, self.source)
        self.problems = [problem.message for problem in self.reader.problems]

    @property
    def derivation(self) -> Derivation:
        return self.reader.claims.scope.derivation

    def context_and_term(self) -> tuple[Context, Term]:
        """The whole formula as one expression. Raises what the reader raises."""
        assert self.problems == []
        parser = Parser(tokenize(self.source.text, self.start, self.end), self.source.text, grammar(), frozenset(self.reader.claims.scope.words))
        node = parser.related()
        if not parser.finished:
            raise parser.unexpected(parser.peek(), "the end of the formula")
        context = self.reader.claims.context((node,))
        return context, context.term(node)

    def term(self) -> Term:
        return self.context_and_term()[1]

    def stated(self) -> list[str]:
        """The claims and definitions of the formula, as text; an unread claim is its reason."""
        assert self.problems == []
        tag = re.search(r"\\tag\{(.*?)\}", self.source.text)
        self.reader.formula(Formula(self.start, self.end, True, "", tag[1] if tag else "", ()), Surroundings())
        assert self.reader.problems == []
        definitions = (f"{_label(entry.name)}{entry.written.strip()}, a definition" for entry in self.derivation.entered)
        return [*definitions, *map(claim_text, self.derivation.claims)]


def claim_text(claim: Claim) -> str:
    """What a claim says, behind its tag if it has one."""
    label = _label(claim.name)
    if claim.unread is not None or claim.broken is not None:
        return f"{label}{claim.unread or claim.broken}"
    if claim.lhs is None or claim.rhs is None:
        raise ValueError(f"the claim {claim.name} has no sides")
    if claim.stated_shape is not None:
        return f"{label}{text(claim.lhs)} is {describe(claim.stated_shape)}"
    condition = f" where {', '.join(map(relation_text, claim.where))}" if claim.where else ""
    beyond = f", only where {', '.join(claim.only_where)}" if claim.only_where else ""
    return f"{label}{text(claim.lhs)} = {text(claim.rhs)}{condition}{beyond}"


def _label(name: str) -> str:
    return "" if name.startswith("line") and name.count(" ") == 1 else f"{name.split(' ', 2)[2]}: " if name.startswith("line") else f"{name}: "
