"""What claims are called: by the labels beside a formula, else by its tag or its line."""

from __future__ import annotations

import re
from collections.abc import Sequence as Many
from dataclasses import dataclass, field
from typing import get_args

from derivcheck.claims import Word
from derivcheck.notes.chains import Name
from derivcheck.notes.documents.record import Formula, Label, SourceText
from derivcheck.notes.scope import Scope
from derivcheck.notes.statements import Statement
from derivcheck.verdict import HOLDING

WORDS: tuple[Word, ...] = get_args(Word)


@dataclass(slots=True)
class Naming:
    """The names of the claims of one derivation: no two are the same."""

    source: SourceText
    scope: Scope
    labels: list[Name] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def begin(self, formula: Formula, chains: Many[Statement]) -> None:
        """The names that its labels give to the claims of a formula: one for each, or one for all of them."""
        self.labels = [named(label) for label in formula.labels]
        if len(self.labels) != 1:
            return
        equalities = sum(
            len(chain.members) - (0 if chain.members[0].sign else 1) for chain in chains if len(chain.members) > 1 or chain.members[0].sign
        )
        if equalities > 1:
            (only,) = self.labels
            steps = (Name(f"{only.text}-step{step}", only.expected, only.note, only.conditions) for step in range(1, equalities + 1))
            self.labels = [*steps, only]

    def next(self, formula: Formula, start: int | None = None) -> Name:
        """The name of the next claim, which begins there."""
        tagged = f"({formula.tag})" if formula.tag else self.line(formula.start if start is None else start)
        return self._expected(self.labels.pop(0) if self.labels else Name(tagged))

    def end(self, formula: Formula, last: Name) -> Name:
        """The name of first = last, behind the last step of a chain."""
        if self.labels:
            return self.next(formula)
        text = re.sub(r" step \d+$", "", last.text)
        if last.text in self.scope.expectations:
            # what is expected of one step says nothing of the whole chain
            return self._expected(Name(f"{text} first = last"))
        return self._expected(Name(f"{text} first = last", last.expected, last.note, last.conditions))

    def line(self, start: int) -> str:
        """The line in which a place is, as a name."""
        return f"line {self.source.place(start).line}"

    def unique(self, text: str) -> str:
        """A name that no claim has: the second (13) is "(13) step 2"."""
        candidate, step = text, 1
        while candidate in self.taken:
            step += 1
            candidate = f"{text} step {step}"
        self.taken.add(candidate)
        return candidate

    def _expected(self, name: Name) -> Name:
        """The name, made unique, with what the declarations expect of it."""
        text = self.unique(name.text)
        expected = self.scope.expectations.get(text)
        return Name(text, *expected) if expected is not None else Name(text, name.expected, name.note, name.conditions)


def named(label: Label) -> Name:
    """A label as a name: its remark begins with the expected verdict, and may name the conditions."""
    word, _, rest = label.remark.strip().partition(" ")
    word, rest = word.rstrip(":,"), rest.strip()
    if word not in WORDS:
        return Name(label.name, note=label.remark.strip())
    conditions = None
    if word in HOLDING and rest.startswith("where "):
        conditions = tuple(part.strip() for part in rest.removeprefix("where ").partition(": ")[0].split(" and "))
    return Name(label.name, word, rest, conditions)
