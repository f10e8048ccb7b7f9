"""The derivations that come with derivcheck: every claim as expected, every one with explicit matrices and the reference network."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from derivcheck.derivation import Derivation
from derivcheck.judge import judge
from derivcheck.loading import find_files, load
from derivcheck.verdict import Verdict

FOLDER = Path(__file__).resolve().parent.parent / "derivations"
LOADED = load(find_files([str(FOLDER)]))
WRITTEN_IN_PYTHON = [derivation for derivation in LOADED.derivations if derivation.place.file.endswith(".py")]
"""The others are judged in tests/notes/test_sources.py."""
CORE = {
    "softmax-jacobian": "softmax-backward",
    "softmax-cross-entropy": "cross-entropy-loss-gradient",
    "vec-of-a-product": "bilinear-weight-gradient",
    "sigmoid": "sigmoid-backward",
    "tanh": "tanh-backward",
    "l2-term": "weight-decay",
}
"""The six core derivations and the part of the reference network that each is compared with."""


def named(name: str) -> Derivation:
    return next(derivation for derivation in LOADED.derivations if derivation.name == name)


@cache
def verdicts_of(name: str) -> tuple[Verdict, ...]:
    """The verdicts of a derivation, which several tests look at."""
    return judge(named(name))


def test_all_files_load() -> None:
    assert LOADED.problems == ()
    assert set(CORE) <= {derivation.name for derivation in LOADED.derivations}


@pytest.mark.parametrize("derivation", WRITTEN_IN_PYTHON, ids=lambda derivation: derivation.name)
def test_every_claim_is_as_expected(derivation: Derivation) -> None:
    told = [
        f"{verdict.claim}: {verdict.word}, expected {verdict.expected}: {verdict.reason} {verdict.conditions} {verdict.assumptions}"
        for verdict in verdicts_of(derivation.name)
        if not verdict.as_expected
    ]
    assert told == []


@pytest.mark.parametrize("derivation", LOADED.derivations, ids=lambda derivation: derivation.name)
def test_every_derivation_names_its_source(derivation: Derivation) -> None:
    assert derivation.source.author
    assert derivation.source.reference
    assert derivation.title


@pytest.mark.parametrize("derivation", WRITTEN_IN_PYTHON, ids=lambda derivation: derivation.name)
def test_nothing_is_trivial(derivation: Derivation) -> None:
    assert [claim.name for claim in derivation.claims if claim.trivial] == []


@pytest.mark.parametrize("name", CORE)
def test_core_derivation_is_also_stated_as_explicit_matrices(name: str) -> None:
    verdicts = [verdict for verdict in verdicts_of(name) if verdict.kind == "explicit"]
    assert verdicts
    assert {verdict.word for verdict in verdicts} == {"proved-small"}


@pytest.mark.parametrize(("name", "part"), CORE.items())
def test_core_derivation_is_compared_with_the_reference_network(name: str, part: str) -> None:
    derivation = named(name)
    marked = {claim.name for claim in derivation.claims if claim.backprop == part}
    compared = {
        verdict.claim for verdict in verdicts_of(name) if verdict.evidence.numeric is not None and verdict.evidence.numeric.backprop
    }
    assert marked
    assert marked == compared


def test_errata_stand_beside_corrections() -> None:
    errata = [(derivation, erratum) for derivation in LOADED.derivations for erratum in derivation.errata]
    assert len(errata) >= 6
    for derivation, erratum in errata:
        words = {claim.name: claim.expected for claim in derivation.claims}
        assert words[erratum.printed] in ("refuted", "ill-typed")
        assert erratum.corrected is not None
        assert words[erratum.corrected] == "proved"
