"""A note -> derivations: its passages in order, each formula by the declarations that hold where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Sequence as Many
from dataclasses import dataclass, field, replace

from derivcheck.algebra.dims import IllTyped
from derivcheck.claims import Chain, Source
from derivcheck.derivation import Derivation
from derivcheck.language.layout import LAYOUTS, Layout
from derivcheck.language.places import Place, writing_at
from derivcheck.notes.chains import Claims, is_space
from derivcheck.notes.conditions import Conditions, IsIndex, grouped, introduces
from derivcheck.notes.context import Context
from derivcheck.notes.declarations import HEADER, Line, declare, state_range
from derivcheck.notes.documents.record import Declarations, Document, Formula, Heading, Label, Orphan, Prose, SourceText
from derivcheck.notes.grammar import Parser
from derivcheck.notes.macros import expand
from derivcheck.notes.names import Names, plain
from derivcheck.notes.naming import Naming, named
from derivcheck.notes.notations import grammar
from derivcheck.notes.rewriting import rewrite
from derivcheck.notes.scope import Scope, Tensor
from derivcheck.notes.sidecar import Section
from derivcheck.notes.statements import Member, RangeStatement, Stated, Statement, statements
from derivcheck.notes.suppositions import Supposition, behind_formula, property_of_symbol, stands_behind
from derivcheck.notes.surroundings import Surroundings, surroundings
from derivcheck.notes.syntax import Addition, Bracketed, Node, Numeral, Product, Scripted, Symbol, without_offset
from derivcheck.notes.syntax import Word as Letters
from derivcheck.notes.tokens import tokenize
from derivcheck.notes.trees import walk
from derivcheck.notes.unsupported import Unsupported
from derivcheck.verdict import Problem

_LET = re.compile(r"\b(?:let|define|redefine|set|put|denote(?: by)?)\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Note:
    """What was read: the derivations, and what is wrong with or worth knowing of the file."""

    derivations: tuple[Derivation, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(slots=True)
class Reader:
    """One document being read."""

    document: Document
    stem: str
    claims: Claims = field(init=False)
    derivations: list[Derivation] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    chain: list[Member] = field(default_factory=list)
    supposed: Supposition = field(default_factory=Supposition)
    taken_behind: Formula | None = None
    before: str = ""
    naming: Naming = field(init=False)

    def __post_init__(self) -> None:
        self._begin(self.stem, "numerator", self.document.source.place(0), title="", source="")

    # derivations ----------------------------------------------------------------------------------------------------
    def _begin(self, name: str, layout: Layout, place: Place, title: str, source: str) -> None:
        """A new derivation with a scope of its own."""
        author, _, reference = source.partition(";")
        with writing_at(place):
            derivation = Derivation(name, layout=layout, source=Source(author.strip(), reference.strip()), title=title)
        self.derivations.append(derivation)
        self.claims = Claims(Scope(derivation, Names()), grammar(), self.document.source.place, self.document.source.text)
        self.chain, self.supposed = [], Supposition()
        self.naming = Naming(self.document.source, self.claims.scope)

    def declarations(self, lines: Iterable[Line], source: SourceText) -> None:
        """A block of declarations. Its header lines come first; `derivation` begins a new derivation."""
        lines = list(lines)
        header = {line.keyword: line.rest().text for line in lines if line.keyword in HEADER and not line.rest().text.startswith((":", "="))}
        place = source.place(lines[0].start) if lines else source.place(0)
        scope = self.claims.scope
        layout = header.get("layout", scope.derivation.layout)
        if layout not in LAYOUTS:
            self._problem(source, lines[0].start, f"the layout {layout!r}: it is one of {', '.join(LAYOUTS)}")
            layout = scope.derivation.layout
        if "derivation" in header or ("layout" in header and not scope.derivation.claims and not scope.derivation.leaves):
            if not _is_empty(scope.derivation):
                kept = scope.derivation
                source_text = header.get("source", str(kept.source).replace(", ", "; ", 1) if kept.source.author else "")
            else:
                self.derivations.pop()
                source_text = header.get("source", "")
            expectations, words = scope.expectations, scope.words
            self._begin(header.get("derivation", scope.derivation.name), layout, place, header.get("title", ""), source_text)
            self.claims.scope.expectations, self.claims.scope.words = expectations, words
        elif "layout" in header and not scope.layout_is_stated:
            scope.derivation.layout = layout
        elif "layout" in header and layout != scope.derivation.layout:
            self._problem(
                source,
                lines[0].start,
                f"the layout {layout}, but it was {scope.derivation.layout}: begin a new derivation with a line `derivation NAME`",
            )
        self.claims.scope.layout_is_stated = self.claims.scope.layout_is_stated or "layout" in header
        for line in lines:
            if line.keyword in HEADER and not line.rest().text.startswith((":", "=")):
                continue
            try:
                declare(line, self.claims.scope, lambda: Context(self.claims.scope, self.claims.grammar, source.place))
            except (Unsupported, IllTyped) as problem:
                start = problem.start if isinstance(problem, Unsupported) else line.start
                self._problem(source, start, str(problem))

    def _problem(self, source: SourceText, offset: int, message: str) -> None:
        self.problems.append(Problem(str(source.place(offset)), message, "ill-typed", what="a declaration was not understood"))

    # formulas -------------------------------------------------------------------------------------------------------
    def formula(self, formula: Formula, around: Surroundings) -> None:
        """Every statement of a formula. A range that the text states holds up to the end of the next display."""
        self._formula(formula, around)
        if formula.display:
            self.claims.scope.stated.clear()

    def _formula(self, formula: Formula, around: Surroundings) -> None:
        self.before = around.before
        parsed, rewritten = self._parsed(formula)
        if parsed is None:
            self._end_chain(formula)
            return
        partial = [found for found in parsed if isinstance(found, RangeStatement) and not self._range(found)]
        stated_under, alone = grouped(parsed, self._is_index(parsed), self.document.source.text)
        chains = [statement for statement, _ in stated_under]
        if formula.display and not chains and alone and "=" in self.document.source.text[formula.start : formula.end]:
            self.naming.begin(formula, chains)
            said = Unsupported("an equality in brackets", formula.start, formula.end, "write it without them")
            member = Member("", said, formula.start, formula.end)
            self.claims.equality(member, member, [member], Conditions(), self.naming.next(formula), rewritten)
            return
        if not formula.display and (alone or self._supposes(around.before, chains)):
            self._mention(formula, alone, around)
            return
        for stated in partial:
            self.supposed.restrict(self.document.source.text[stated.names[0].start : stated.high.end])
        supposed = self.supposed.for_formula(around.before) + self._behind(around) + self.supposed.otherwise_behind(around.behind)
        self.claims.lingering = Conditions() if supposed else self.supposed.lingering
        self._note_property(formula, chains, around)
        self.naming.begin(formula, chains)
        if around.shape is not None and len(chains) == 1 and len(chains[0].members) == 1:
            self._prose_shape(chains[0].members[0], around.shape)
            return
        pending: list[Member] = []
        for statement, conditions in stated_under:
            if len(statement.members) == 1 and statement.members[0].sign == "":
                pending.append(statement.members[0])
                continue
            before_aside = self.chain
            self._statement(statement, pending, conditions + supposed, formula, rewritten)
            self.chain = before_aside if statement.aside else self.chain
            pending = []
        if formula.display or any(len(chain.members) > 1 for chain in chains):
            self.supposed.end(around.behind, formula.display, supposed)
        elif chains:
            self.supposed.pass_by()
        if formula.display:
            if len(pending) == len(chains) > 0:
                # a displayed term without a relation is what an = in the next display goes on with
                self.chain = pending if len(pending) == 1 else []
            for member in pending:
                if isinstance(member.written, Unsupported) and "=" in self.document.source.text[member.start : member.end]:
                    self.claims.equality(member, member, [member], Conditions(), self.naming.next(formula, member.start), rewritten)

    def _note_property(self, formula: Formula, chains: Many[Statement], around: Surroundings) -> None:
        """What the text says of a symbol, and no declaration does."""
        if formula.display or len(chains) != 1 or len(chains[0].members) != 1 or not isinstance(chains[0].members[0].written, Symbol):
            return
        said = property_of_symbol(around.before, around.behind)
        key = chains[0].members[0].written.key
        if said is not None and not any(f"{plain(key)} is {said}" == str(assumption) for assumption in self.claims.scope.derivation.assumptions):
            self.claims.scope.said[key] = said

    def _mention(self, formula: Formula, alone: Conditions, around: Surroundings) -> None:
        """A condition in the text. One that stood behind a formula was a part of that one."""
        if formula is self.taken_behind:
            return
        written = self.document.source.text[formula.start : formula.end].strip("$ ")
        self.supposed.mention(alone or Conditions(words=(written,)), around.before, around.behind, written)

    def _behind(self, around: Surroundings) -> Conditions:
        """The conditions in a formula right behind this one: … for $i \\neq j$."""
        if around.following is None or not stands_behind(around.behind):
            return Conditions()
        try:
            parsed = self._statements(around.following)[0]
        except Unsupported:
            return Conditions()
        stated_under, alone = grouped(parsed, self._is_index(parsed), self.document.source.text)
        written = self.document.source.text[around.following.start : around.following.end].strip("$ ")
        found = None if stated_under else behind_formula(around.behind, alone, written, around.after)
        if found is None:
            return Conditions()
        self.taken_behind = around.following
        return found

    def _is_index(self, parsed: Many[Stated]) -> IsIndex:
        """Whether a node can only be a subscript, in the statements of a formula."""
        members = (member.written for found in parsed if isinstance(found, Statement) for member in found.members)
        context = self.claims.context([written for written in members if isinstance(written, Node)])
        return lambda node: isinstance(node, Numeral) or context.is_index(without_offset(node))

    def _supposes(self, before: str, chains: Many[Statement]) -> bool:
        """Whether an equality in the text is a condition: "if y = 1". One that gives a new symbol its meaning is none."""
        if not introduces(before) or len(chains) != 1 or len(chains[0].members) < 2:
            return False
        return not self.claims.is_definition(chains[0].members[0], chains[0].members)

    def _parsed(self, formula: Formula) -> tuple[list[Stated] | None, list[str]]:
        """The statements of a formula, and how it was rewritten; None for one that is empty or whose brackets are not understood."""
        if not tokenize(self.document.source.text, formula.start, formula.end):
            return None, []
        try:
            return self._statements(formula)
        except Unsupported as problem:
            with writing_at(self.document.source.place(problem.start)):
                self.claims.scope.derivation.unread(self.naming.unique(formula.tag or self.naming.line(formula.start)), str(problem), written="")
            return None, []

    def _statements(self, formula: Formula) -> tuple[list[Stated], list[str]]:
        """Raises Unsupported where the tokens already are not understood."""
        source, scope = self.document.source, self.claims.scope
        tokens, rewritten = rewrite(tokenize(source.text, formula.start, formula.end), scope.rewrites)
        tokens = expand(tokens, self.document.macros)
        return statements(Parser(tokens, source.text, self.claims.grammar, frozenset(scope.words))), rewritten

    def _range(self, stated: RangeStatement) -> bool:
        """Take over a range; whether nothing of it is lost, as of i = 2, …, n, which is only a part of one."""
        if any(self.claims.scope.names.is_label(name.key) for name in stated.names):
            # for all layers k: the name of a layer is no index
            return True
        try:
            with writing_at(self.document.source.place(stated.names[0].start)):
                state_range(stated, self.claims.scope, self.claims.context(), self.claims.scope.stated)
        except (Unsupported, IllTyped):
            # in prose a range of something else than a dimension, such as the layers of a network, states nothing that is needed
            return not isinstance(stated.low, Numeral) or stated.low.text in ("0", "1")
        return True

    def _statement(self, statement: Statement, pending: list[Member], where: Conditions, formula: Formula, rewritten: list[str]) -> None:
        members = statement.members
        first, second = members[0], members[1] if len(members) > 1 else members[0]
        if second.sign == "∈" and len(members) == 2 and isinstance(second.written, Unsupported) and (formula.display or self.naming.labels):
            self.claims.equality(first, second, members, where, self.naming.next(formula, first.start), rewritten)
            return
        if second.sign == "∈" and len(members) == 2 and isinstance(second.written, Node):
            if is_space(second.written):
                for member in (*pending, first):
                    self.claims.shape(member, second.written, self.naming.next(formula, member.start), second.end)
            return
        if any(member.sign in ("→", "↦", "∈", "≅", "∼", "⊂", "←") for member in members):
            self._end_chain(formula)
            if formula.display and any(member.sign == "=" for member in members[1:]):
                sign = next(member for member in members if member.sign not in ("", "="))
                mixed = replace(first, written=Unsupported(f"a chain with the sign {sign.sign}", first.start, sign.end, "only equalities are judged"))
                self.claims.equality(mixed, replace(second, sign="="), members, where, self.naming.next(formula, first.start), rewritten)
            return
        if not formula.display and not self._states_something(members):
            return
        if not first.sign:
            self._chain(list(members), 1, where, formula, rewritten)
        elif formula.display and self.chain and statement.restarts:
            self._chain([self.chain[0], *members], 1, where, formula, rewritten)
        elif formula.display and self.chain:
            self._chain([*self.chain, *members], len(self.chain), where, formula, rewritten)
        else:
            problem = Unsupported(
                f"a formula that begins with {first.sign}",
                first.start,
                first.end,
                "it goes on with the displayed formula before it, and there is none",
            )
            start = Member("", problem, first.start, first.start)
            self.claims.equality(start, first, [start, first], where, self.naming.next(formula, first.start), rewritten)

    def _end_chain(self, formula: Formula) -> None:
        """What begins with = behind a displayed formula that is no chain does not go on with the chain before it."""
        if formula.display:
            self.chain = []

    def _states_something(self, members: Many[Member]) -> bool:
        """Inline mathematics states something where it relates formulas: B = 10 and t = j do not."""
        nodes = [member.written for member in members if isinstance(member.written, Node)]
        known = [self.claims.scope.find(node) for node in nodes]
        tensors = len(nodes) > 1 and all(match is not None and isinstance(match.target, Tensor) for match in known)
        return tensors or (len(nodes) > 1 and not all(isinstance(node, (Symbol, Numeral, Letters)) for node in nodes)) or bool(self.naming.labels)

    def _chain(self, chain: list[Member], begin: int, where: Conditions, formula: Formula, rewritten: list[str]) -> None:
        """Every = from the member `begin` on, and first = last."""
        if formula.display:
            self.chain = chain
        if len(chain) < 2:
            return
        defined = begin == 1 and chain[1].sign == "=" and self.claims.is_definition(chain[0], chain)
        said_let = begin == 1 and not defined and chain[1].sign == "=" and not formula.display and _LET.search(self.before) is not None
        if said_let and self.claims.gives_second_meaning(chain[0], chain[1]):
            self.claims.second_meaning(chain[0], chain[1], self.naming.next(formula, chain[0].start))
            return
        if defined:
            self.claims.definition(chain[0], chain[1], self.naming.next(formula, chain[0].start), where)
            begin = 2
        name = None
        steps: list[str] = []
        for position in range(begin, len(chain)):
            if self._chooses_size(chain[position - 1], chain[position]):
                continue
            name = self.naming.next(formula, chain[position].start)
            steps.append(name.text)
            self.claims.equality(chain[position - 1], chain[position], chain, where, name, rewritten)
        equal = all(member.sign == "=" for member in chain[1:])
        if len(chain) > 2 and equal and name is not None and (len(chain) > begin + 1 or begin > 1) and not self._chooses_size(chain[0], chain[-1]):
            end = self.naming.end(formula, name)
            self.claims.equality(chain[0], chain[-1], chain, where, end, rewritten)
            self.claims.scope.derivation.chains.append(Chain(end.text, tuple(steps), end.text, goes_on=begin > 1 and not defined))

    def _chooses_size(self, left: Member, right: Member) -> bool:
        """Whether an equality only gives a dimension a value, n = 784: what is proved holds for every value, so that it claims nothing."""
        context = self.claims.context()
        sides = [member.written for member in (left, right)]
        named = [isinstance(side, (Symbol, Scripted)) and context.dimension(side) is not None for side in sides]
        numeric = [isinstance(side, Node) and all(isinstance(part, (Numeral, Product, Addition, Bracketed)) for part in walk(side)) for side in sides]
        return (named[0] and numeric[1]) or (numeric[0] and named[1])

    def _prose_shape(self, member: Member, shape: Formula) -> None:
        """z is a 1 × K matrix."""
        source = self.document.source
        try:
            parser = Parser(tokenize(source.text, shape.start, shape.end), source.text, self.claims.grammar, frozenset(self.claims.scope.words))
            node = parser.expression()
        except Unsupported:
            return
        if isinstance(node, Product) and "\\times" in node.signs and parser.finished and not isinstance(member.written, Unsupported):
            space = Scripted(shape.start, shape.end, Symbol(shape.start, shape.start, "\\mathbb{R}"), (), (node,))
            self.claims.shape(member, space, self.naming.next(Formula(member.start, member.end, False, "", "", ())), shape.end)

    def orphan(self, label: Label) -> None:
        """A claim that stands in words only: the note says why it is not judged."""
        name = named(label)
        place = self.document.source.place(label.start)
        self.claims.scope.derivation.unread(
            self.naming.unique(name.text), name.note or "stated in words", place=place, expected=name.expected if name.expected != "proved" else "unsupported", note=name.note  # noqa: E501
        )  # fmt: skip


def _is_empty(derivation: Derivation) -> bool:
    return not (derivation.claims or derivation.leaves or derivation.definitions or derivation.entered)


def read(document: Document, stem: str, sections: Many[Section] = (), sidecar: SourceText | None = None) -> Note:
    """All derivations of a document. `sections` are the declarations of a sidecar, by where in the document they begin to hold."""
    reader = Reader(document, stem)
    waiting = list(sections)
    for position, passage in enumerate(document.passages):
        start = passage.label.start if isinstance(passage, Orphan) else passage.start
        while waiting and sidecar is not None and waiting[0].offset <= start:
            reader.declarations(waiting.pop(0).lines, sidecar)
        match passage:
            case Declarations():
                reader.declarations([Line(offset, text) for offset, text in passage.lines], document.source)
            case Heading():
                reader.claims.scope.stated.clear()
                reader.chain = []
            case Formula():
                reader.formula(passage, surroundings(document, position))
            case Orphan():
                reader.orphan(passage.label)
            case Prose():
                pass
    derivations = tuple(each for each in reader.derivations if not _is_empty(each))
    return Note(derivations, (*document.problems, *reader.problems), document.warnings)
