"""The note S0: every claim of the source under its name, every verdict as its label says; and mistakes in its formulas."""

from __future__ import annotations

from collections import Counter

import pytest
from source_notes import DATA, DERIVATIONS, Judged, inventory, judged


@pytest.fixture(scope="module")
def note() -> Judged:
    return judged(DERIVATIONS / "S0.md")


@pytest.fixture(scope="module")
def mutants() -> Judged:
    return judged(DATA / "mutants_S0.md")


def test_every_verdict_is_as_its_label_says(note: Judged) -> None:
    assert note.problems == ()
    assert note.unexpected == []
    assert {verdict.word for verdict in note.verdicts} <= {"proved", "refuted", "ill-typed"}


def test_every_claim_of_the_source_stands_in_the_note_once(note: Judged) -> None:
    assert [name for name, count in Counter(note.labels).items() if count > 1] == []
    assert set(inventory("S0")) - note.read == set()
    assert set(note.labels) - note.read == set()


def test_proofs_need_no_assumption_and_no_condition(note: Judged) -> None:
    assert [verdict.claim for verdict in note.verdicts if verdict.word == "proved" and (verdict.assumptions or verdict.conditions)] == []


def test_no_mistake_is_accepted(mutants: Judged) -> None:
    assert mutants.problems == ()
    assert mutants.unexpected == []
    assert {verdict.claim for verdict in mutants.verdicts} == set(mutants.labels)
    assert {verdict.word for verdict in mutants.verdicts} == {"refuted", "ill-typed"}
    assert [verdict.claim for verdict in mutants.verdicts if (verdict.word == "refuted") != (verdict.counterexample is not None)] == []
