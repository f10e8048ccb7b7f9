"""The conditions under which an author states a line: i ≠ j beside it, "if i = j", "otherwise", in the formula or in the text before it.

A relation of indices becomes a part of the claim. Whatever else a line is stated under is kept as it is written: such a line may be proved
without it, and is never refuted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from collections.abc import Sequence as Many
from dataclasses import dataclass
from itertools import pairwise

from derivcheck.notes.statements import Member, RangeStatement, RowEnd, Statement, Words
from derivcheck.notes.syntax import Bracketed, Node, Relation, Sequence

IsIndex = Callable[[Node], bool]

_COMPARISONS = frozenset({"≠", "<", "≤", ">", "≥"})
_CONDITIONAL = re.compile(r"\b(?:if|when|whenever|unless|provided|providing|assuming|except|distinct|otherwise|else)\b", re.IGNORECASE)
_BEFORE_A_CONDITION = re.compile(r"\b(?:if|when|whenever|unless|case|assuming|(?:provided|providing|given)(?: that)?)[\s:(]*$", re.IGNORECASE)
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


def is_otherwise(words: str) -> bool:
    """Whether words say that what was supposed before does not hold."""
    return _OTHERWISE.search(words) is not None


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


Stated = Statement | RangeStatement | Words | RowEnd


def grouped(parsed: Iterable[Stated], is_index: IsIndex, text: str) -> tuple[list[tuple[Statement, Conditions]], Conditions]:
    """The statements of a formula, each with its conditions, and the conditions beside which there is no statement.

    A condition behind statements of its row belongs to all of them that have none yet; one before them to those that follow in the row.
    """
    chains: list[tuple[Statement, Conditions]] = []
    leading, last = Conditions(), Conditions()
    waiting: list[int] = []
    closed = False

    def state(stated: Conditions) -> None:
        nonlocal leading, last, closed
        if not waiting:
            leading += stated
            last = leading
            return
        last = stated if not closed else last + stated
        closed = True
        for place in waiting:
            chains[place] = chains[place][0], chains[place][1] + stated

    pending = ""
    for item in parsed:
        if isinstance(item, RowEnd):
            if waiting:
                leading = Conditions()
            waiting, closed = [], False
        elif isinstance(item, Words):
            if pending:
                state(_in_words(pending, last))
            pending = item.text if _CONDITIONAL.search(item.text) else ""
        elif isinstance(item, RangeStatement):
            pending = ""
        else:
            found = condition(item, is_index, text, introduces(pending))
            if found is not None:
                state(found)
            else:
                if pending:
                    state(_in_words(pending, last))
                if closed:
                    waiting, closed, leading = [], False, Conditions()
                goes_on = bool(item.members[0].sign and chains)
                waiting.append(len(chains))
                chains.append((item, leading + chains[-1][1] if goes_on else leading))
            pending = ""
    if pending:
        state(_in_words(pending, last))
    return chains, Conditions() if chains else leading


def _in_words(words: str, before: Conditions) -> Conditions:
    if is_otherwise(words) and before:
        return before.opposite()
    return Conditions(words=(words.strip().strip("()"),))
