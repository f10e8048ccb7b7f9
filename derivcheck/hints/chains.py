"""What a wrong step means for its chain: whether the conclusion is still right, and which later steps rest on the wrong line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from derivcheck.derivation import Derivation
from derivcheck.verdict import HOLDING, WRONG, Verdict


def in_chains(verdicts: Sequence[Verdict], derivation: Derivation) -> Iterable[Verdict]:
    """The verdicts, those of wrong steps with what they mean for their chain."""
    found = {verdict.claim: verdict for verdict in verdicts}
    said: dict[str, str] = {}
    for chain in derivation.chains:
        if chain.end is None or not {*chain.steps, chain.end} <= found.keys():
            continue
        words = [found[step].word for step in chain.steps]
        for number in (number for number, word in enumerate(words) if word in WRONG):
            said[chain.steps[number]] = _meaning(chain.steps, words, number, found[chain.end].word)
    return (replace(verdict, in_chain=said[verdict.claim]) if verdict.claim in said else verdict for verdict in verdicts)


def _meaning(steps: Sequence[str], words: Sequence[str], number: int, end: str) -> str:
    """What follows from step `number`, which is wrong."""
    later = [step for step, word in zip(steps[number + 1 :], words[number + 1 :], strict=True) if word in HOLDING]
    if end in HOLDING:
        again = next((step for step, word in zip(steps[number + 1 :], words[number + 1 :], strict=True) if word in WRONG), None)
        back = f": it is made up for in {again}" if again is not None else ""
        return f"the conclusion of the chain is right all the same{back}"
    if end in WRONG and later:
        return f"the conclusion of the chain is wrong; {', '.join(later)} follow{'s' if len(later) == 1 else ''}, but from the wrong line"
    return "the conclusion of the chain is wrong, too" if end in WRONG else ""
