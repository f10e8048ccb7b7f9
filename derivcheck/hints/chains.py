"""What a wrong step means for its chain: whether its right side is right again, where it is made up for, what rests on the wrong line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from derivcheck.claims import Word
from derivcheck.derivation import Derivation
from derivcheck.hints.members import Members, Standing, members
from derivcheck.verdict import HOLDING, WRONG, Verdict


class Chains:
    """The chains of a derivation. What is found out about a member is remembered."""

    def __init__(self, derivation: Derivation, seed: int = 0) -> None:
        self._chains = tuple(members(derivation, seed))

    def right_again(self, step: str) -> bool:
        """Whether a wrong step leads back to what is right: then the mistake is in a line before, and there is nothing to mend in this one."""
        for chain in self._chains:
            if step in chain.steps:
                number = chain.steps.index(step)
                return chain.standing(number) != "right" and chain.standing(number + 1) == "right"
        return False

    def told(self, verdicts: Sequence[Verdict]) -> Iterable[Verdict]:
        """The verdicts, those of wrong steps with what they mean for their chain."""
        words = {verdict.claim: verdict.word for verdict in verdicts}
        said: dict[str, str] = {}
        for chain in self._chains:
            found = [words[step] for step in chain.steps]
            if any(word in WRONG for word in found):
                judged = _Judged(chain.steps, found, words[chain.end], _standings(chain, found, words[chain.end]))
                said |= {step: judged.meaning(number) for number, step in enumerate(chain.steps) if found[number] in WRONG}
        return (replace(verdict, in_chain=said[verdict.claim]) if verdict.claim in said else verdict for verdict in verdicts)


def _standings(chain: Members, words: Sequence[Word], end: Word) -> list[Standing]:
    """How the members stand: as the verdicts say, where they do; else as a comparison says."""
    found = [chain.standing(0)]
    for number, word in enumerate(words, start=1):
        before = found[-1]
        if word in HOLDING and before != "unknown":
            found.append(before)
        else:
            found.append("wrong" if word == "refuted" and before == "right" else chain.standing(number))
    if end in HOLDING or end == "refuted":
        found[-1] = "right" if end in HOLDING else "wrong"
    return found


@dataclass(frozen=True, slots=True)
class _Judged:
    """A chain with a wrong step: the words of its steps and of first = last, and how its members stand, one more than there are steps."""

    steps: Sequence[str]
    words: Sequence[Word]
    end: Word
    standings: Sequence[Standing]

    def meaning(self, number: int) -> str:
        """What there is to say of step `number` (from 0), which is wrong."""
        before, after = self.standings[number : number + 2]
        if after == "right" and before != "right":
            return f"the right side is right again: it agrees with the first member of the chain; {self._mistakes_before(number)}"
        made_up = self._made_up_for(number) if after == "wrong" else ""
        resting = self._resting_on(number) if after == "wrong" else ""
        if self.end in HOLDING:
            conclusion = ": ".join(filter(None, ("the conclusion of the chain is right all the same", made_up)))
        elif made_up or self.end not in WRONG:
            conclusion = made_up
        else:
            conclusion = "the conclusion of the chain is wrong" if resting else "the conclusion of the chain is wrong, too"
        return "; ".join(filter(None, (conclusion, resting)))

    def _made_up_for(self, number: int) -> str:
        """Where the chain is right again after step `number`; "" where it is not known to be."""
        for later in range(number + 1, len(self.steps)):
            if self.standings[later + 1] == "right":
                made_up = self.words[later] in WRONG
                return f"the mistake is made up for in {self.steps[later]}" if made_up else f"the right side of {self.steps[later]} is right again"
        return ""

    def _resting_on(self, number: int) -> str:
        """The steps that hold and go on with the wrong right side of step `number`."""
        later = zip(self.steps[number + 1 :], self.words[number + 1 :], strict=True)
        steps = [step for step, _ in takewhile(lambda judged: judged[1] in HOLDING, later)]
        return f"{_names(steps)} follow{'s' if len(steps) == 1 else ''}, but from the wrong line" if steps else ""

    def _mistakes_before(self, number: int) -> str:
        """Which steps led away from what is right, before step `number` leads back to it."""
        begin = number
        while begin and self.standings[begin] == "wrong":
            begin -= 1
        mistakes = [self.steps[step] for step in range(begin, number) if self.words[step] in WRONG]
        if self.standings[begin] != "right" or not mistakes:
            return "the mistake is in a line before"
        return f"the mistake{'s are' if mistakes[1:] else ' is'} in {_names(mistakes)}"


def _names(steps: Sequence[str]) -> str:
    """step 1, step 2 and step 3."""
    return " and ".join(filter(None, (", ".join(steps[:-1]), steps[-1])))
