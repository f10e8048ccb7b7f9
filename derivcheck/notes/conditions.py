"""The conditions under which an author states a line: i ≠ j beside it, "if i = j", "otherwise", in the formula or in the text before it.

A relation of indices becomes a part of the claim. Whatever else a line is stated under is kept as it is written: such a line may be proved
without it, and is never refuted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Sequence as Many
from dataclasses import dataclass, field, replace
from itertools import pairwise

from derivcheck.notes.statements import Implies, Member, RangeStatement, RowEnd, Stated, Statement, Words
from derivcheck.notes.syntax import Bracketed, Node, Relation, Sequence

IsIndex = Callable[[Node], bool]

_COMPARISONS = frozenset({"≠", "<", "≤", ">", "≥"})
_CONDITIONAL = re.compile(r"\b(?:if|when|whenever|unless|provided|providing|assuming|except|distinct|otherwise|else)\b", re.IGNORECASE)
_BEFORE_A_CONDITION = re.compile(r"\b(?:if|when|whenever|unless|case|assuming|(?:provided|providing|given)(?: that)?)[\s:(]*$", re.IGNORECASE)
_EXCEPT = re.compile(r"\b(?:unless|except)\b[\s\w]*[\s:(]*$", re.IGNORECASE)
_LEADS_TO_A_CONDITION = re.compile(
    r"[\s(,;:]*(?:(?:and|but)\s+)?(?:if|when|whenever|where|for|with|provided|providing|assuming|given|as|since|because|unless|except)"
    r"(?:\s+(?:that|all|any|every|each|for|when|if|in|the|distinct|different|indices))*[\s(:,]*$"
    r"|[\s(]*(?:(?:in\s+)?(?:the|this)?\s*(?:first|second|third|last|other)?\s*case(?:\s+\w+)?)[\s:]*$|[\s,(]*$",
    re.IGNORECASE,
)
"""Words after which a relation is a condition, and nothing but a condition."""
_AND = re.compile(r"[\s,]*(?:and)?[\s,]*(?:for\s*|if\s*)?$", re.IGNORECASE)
_DOUBT_BEHIND = re.compile(r"\b(?:not|or|fails?|violated|false|true|required|permitted|allowed|never|only|diagonal|otherwise)\b", re.IGNORECASE)
_RELATES = re.compile(r"\\(?:ne|neq|le|leq|ge|geq|in|lt|gt|to)\b|[<>=≠≤≥]")
_OTHERWISE = re.compile(r"\b(?:otherwise|else)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Conditions:
    """Relations as they were read, and what is stated in words only or in formulas that are no relation."""

    relations: tuple[Relation, ...] = ()
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.relations or self.words)

    def __add__(self, other: Conditions) -> Conditions:
        return Conditions(self.relations + other.relations, self.words + other.words)

    def opposite(self) -> Conditions:
        """What "otherwise" means behind these conditions: of i = j it is i ≠ j; of several, or of words, it stays a word."""
        opposite = self.relations[0].opposite if len(self.relations) == 1 and not self.words else None
        return Conditions(words=("otherwise",)) if opposite is None else Conditions((opposite,))


def introduces(words: str) -> bool:
    """Whether what comes next is a condition, whatever it says."""
    return _BEFORE_A_CONDITION.search(words) is not None


def condition(statement: Statement, is_index: IsIndex, text: str, introduced: bool = False) -> Conditions | None:
    """The conditions that a statement states; None where it states something else.

    `introduced` says that the words before it are those of a condition, so that an equality of any terms is one.
    """
    members = statement.members
    if len(members) == 1 and not members[0].sign:
        return _in_brackets(members[0].written, is_index, text)
    if members[0].sign or len(members) < 2:
        return None
    if all(member.sign in _COMPARISONS for member in members[1:]) or _compares_indices(members, is_index):
        return _relations(members)
    if introduced and all(member.sign == "=" for member in members[1:]):
        return Conditions(words=(text[members[0].start : members[-1].end],))
    return None


def _compares_indices(members: Many[Member], is_index: IsIndex) -> bool:
    """i = j, i = j = k: an equality of indices is no statement on its own."""
    return all(isinstance(member.written, Node) and is_index(member.written) for member in members)


def _relations(members: Many[Member]) -> Conditions | None:
    found = []
    for one, other in pairwise(members):
        if not isinstance(one.written, Node) or not isinstance(other.written, Node):
            return None
        found.append(Relation(one.start, other.end, one.written, other.sign, other.written))
    return Conditions(tuple(found))


def _in_brackets(written: object, is_index: IsIndex, text: str) -> Conditions | None:
    """(t ≠ j), (i ≠ j, j ≠ k)."""
    if not isinstance(written, Bracketed):
        return None
    items = written.body.items if isinstance(written.body, Sequence) else (written.body,)
    relations = tuple(item for item in items if isinstance(item, Relation))
    if len(relations) < len(items):
        return None
    understood = [relation for relation in relations if relation.sign in _COMPARISONS or (is_index(relation.left) and is_index(relation.right))]
    return Conditions(tuple(understood), tuple(text[other.start : other.end] for other in relations if other not in understood))


IMPLICATION = Conditions(words=("an implication",))
"""What stands in an implication is stated under the other part of it."""

def grouped(parsed: Iterable[Stated], is_index: IsIndex, text: str) -> tuple[list[tuple[Statement, Conditions]], Conditions]:
    """The statements of a formula, each with its conditions, and the conditions beside which there is no statement.

    A condition behind statements of its row belongs to all of them that have none yet; one before them to those that follow in the row.
    """
    groups = _Groups()
    said = ""
    for item in parsed:
        match item:
            case RowEnd():
                groups.end_row()
            case Implies():
                groups.imply()
            case Words():
                groups.words(said)
                said = item.text
            case RangeStatement():
                said = ""
            case Statement():
                found = condition(item, is_index, text, introduces(said))
                if found is not None and groups.closed and re.search(r"\bor\b", said):
                    groups.doubt(f"{said.strip()} {text[item.members[0].start : item.members[-1].end]}")
                elif found is not None and not groups.implied:
                    joined = groups.closed and _AND.fullmatch(said) is not None
                    stated = found if joined else as_introduced(found, said, text[item.members[0].start : item.members[-1].end])
                    (groups.head if item.heads else groups.state)(stated)
                elif found is not None:
                    groups.implied = False  # it follows from the line, and restricts nothing
                else:
                    groups.words(said)
                    groups.add(item)
                said = ""
    groups.words(said)
    return groups.chains, Conditions() if groups.chains else groups.leading


@dataclass(slots=True)
class _Groups:
    """The statements that were met, and which of them wait for the conditions of their row."""

    chains: list[tuple[Statement, Conditions]] = field(default_factory=list)
    leading: Conditions = field(default_factory=Conditions)
    last: Conditions = field(default_factory=Conditions)
    waiting: list[int] = field(default_factory=list)
    closed: bool = False
    implied: bool = False

    def add(self, statement: Statement) -> None:
        """A statement. One that goes on with the one before it stands under the same conditions, unless it gets its own."""
        if self.closed:
            self.waiting, self.closed, self.leading = [], False, Conditions()
        goes_on = bool(statement.members[0].sign and self.chains)
        conditions = self.leading + self.chains[-1][1] if goes_on else self.leading
        conditions += Conditions(words=tuple(above for above in statement.above if _RELATES.search(above)))
        self.waiting.append(len(self.chains))
        self.chains.append((statement, conditions + IMPLICATION if self.implied else conditions))
        self.implied = False

    def state(self, stated: Conditions) -> None:
        """A condition."""
        if not self.waiting:
            self.leading += stated
            self.last = self.leading
            return
        self.last = self.last + stated if self.closed else stated
        for place in self.waiting:
            statement, conditions = self.chains[place]
            if statement.members[0].sign and conditions and not self.closed:
                # of another case: it goes on with what both cases are about
                self.chains[place] = replace(statement, restarts=True), stated
            else:
                self.chains[place] = statement, conditions + stated
        self.closed = True

    def head(self, stated: Conditions) -> None:
        """A condition before a colon: of what follows in the row."""
        self.leading = self.last = stated
        self.waiting, self.closed = [], False

    def words(self, said: str) -> None:
        """Words behind which there was no condition."""
        if self.closed and _DOUBT_BEHIND.search(said) and not _OTHERWISE.search(said):
            self.doubt(said)
            return
        if not _CONDITIONAL.search(said):
            return
        if _OTHERWISE.search(said) and self.last:
            self.state(self.last.opposite())
        else:
            self.state(Conditions(words=(said.strip().strip("()"),)))

    def doubt(self, said: str) -> None:
        """Words behind a condition that take it back: nothing is certain of the statements that had it."""
        for place in self.waiting:
            statement, conditions = self.chains[place]
            self.chains[place] = statement, Conditions(words=(*conditions.words, said.strip()))
        self.last = Conditions()

    def imply(self) -> None:
        """A sign of implication: neither side of it is stated alone."""
        if self.chains:
            statement, conditions = self.chains[-1]
            self.chains[-1] = statement, conditions + IMPLICATION
        self.implied = True

    def end_row(self) -> None:
        if self.waiting:
            self.leading = Conditions()
        self.waiting, self.closed = [], False


def as_introduced(found: Conditions, said: str, written: str) -> Conditions:
    """What a condition means behind the words before it: behind `unless` its opposite, behind `even for` nothing that is certain."""
    if _EXCEPT.search(said):
        opposite = found.opposite()
        return opposite if opposite.relations else Conditions(words=(f"{said.strip()} {written}",))
    return found if _LEADS_TO_A_CONDITION.fullmatch(said) is not None else Conditions(words=(f"{said.strip()} {written}",))
