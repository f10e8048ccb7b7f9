"""The notes on the five sources: every claim of a source under its name, every verdict as its label says; and mistakes in their formulas."""

from __future__ import annotations

from collections import Counter

import pytest
from source_notes import DATA, DERIVATIONS, inventory, judged

WORDS = {
    "S0": {"proved", "refuted", "ill-typed"},
    "S1": {"proved", "refuted", "ill-typed"},
    "S2": {"proved", "refuted", "ill-typed", "unsupported"},
    "S3": {"proved", "refuted", "ill-typed", "unsupported", "proved-small"},
    "S4": {"proved", "refuted", "ill-typed", "unsupported"},
}
"""What the verdicts on a note may be."""

RESTS_ON: dict[str, set[str]] = {"S0": set(), "S1": set(), "S2": {"Σ Y over axis 2 = 1", "t ≠ j"}}
"""For the notes whose proofs leave no condition open: what they assume."""


@pytest.mark.parametrize("source", WORDS)
def test_every_claim_of_the_source_gets_the_verdict_that_its_label_says(source: str) -> None:
    note = judged(DERIVATIONS / f"{source}.md")
    assert [name for name, count in Counter(note.labels).items() if count > 1] == []
    assert set(inventory(source)) - note.read == set()
    assert set(note.labels) - note.read == set()
    assert note.problems == ()
    assert note.unexpected == []
    assert {verdict.word for verdict in note.verdicts} <= WORDS[source]
    if source in RESTS_ON:
        proved = [verdict for verdict in note.verdicts if verdict.word == "proved"]
        assert [(verdict.claim, condition.text) for verdict in proved for condition in verdict.conditions] == []
        assert {assumption for verdict in proved for assumption in verdict.assumptions} == RESTS_ON[source]


@pytest.mark.parametrize("source", WORDS)
def test_no_mistake_is_accepted(source: str) -> None:
    mutants = judged(DATA / f"mutants_{source}.md")
    assert mutants.problems == ()
    assert mutants.unexpected == []
    assert {verdict.claim for verdict in mutants.verdicts} == set(mutants.labels)
    assert {verdict.word for verdict in mutants.verdicts} == {"refuted", "ill-typed"}
    assert [verdict.claim for verdict in mutants.verdicts if (verdict.word == "refuted") != (verdict.counterexample is not None)] == []
