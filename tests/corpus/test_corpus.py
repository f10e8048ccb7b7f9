"""The corpus of true and false textbook identities: every entry gets its expected verdict."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from identity_table import Identity, has_derivative, identities

from derivcheck.judge import judge


def corpus(kind: str) -> tuple[Identity, ...]:
    """The entries of all files corpus_<kind>_*.py of this folder."""
    files = sorted(Path(__file__).parent.glob(f"corpus_{kind}_*.py"))
    return identities(*(importlib.import_module(file.stem) for file in files))


TRUE = corpus("true")
FALSE = corpus("false")


@pytest.mark.parametrize("entry", TRUE + FALSE, ids=lambda entry: entry.name)
def test_verdict(entry: Identity) -> None:
    (verdict,) = judge(entry.derivation())
    told = f"{verdict.judged_as}: {verdict.word} {verdict.reason} {verdict.conditions} {verdict.assumptions} {verdict.counterexample}"
    assert verdict.word == entry.expected, told
    assert verdict.as_expected, told


def test_true_entries_expect_agreement() -> None:
    assert {entry.expected for entry in TRUE} <= {"proved", "proved-small", "tested"}


def test_false_entries_expect_disagreement() -> None:
    assert {entry.expected for entry in FALSE} <= {"refuted", "ill-typed", "vacuous"}


@pytest.mark.parametrize("entries", [TRUE, FALSE], ids=["true", "false"])
def test_size_of_the_corpus(entries: tuple[Identity, ...]) -> None:
    names = [entry.name for entry in entries]
    assert len(set(names)) == len(names) >= 40
    claims = [claim for entry in entries for claim in entry.derivation().claims]
    assert sum(map(has_derivative, claims)) >= 10
    assert len({entry.layout for entry in entries}) >= 2


def test_every_entry_says_what_it_states() -> None:
    assert [entry.name for entry in TRUE + FALSE if not (entry.state.__doc__ or "").strip()] == []
