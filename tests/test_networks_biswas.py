"""The gradients of a network in columns at every depth, and explicit matrices: verdicts, recursions, and mistakes at the output."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from wrong_variants import Symbols, Wrong, symbols_of, verdicts_of

from derivcheck import D, cases, equal, one_hot, tanh
from derivcheck.claims import Side, Word
from derivcheck.layers import Recursion

FILES = ("biswas_every_depth", "biswas_explicit_matrices")
RECURSIONS = {
    "every_layer": ("∇a_L", "∇a_k"), "every_relu_layer": ("∇a_L", "∇a_k of relu"), "every_thin_layer": ("last layer", "layer k"),
    "every_batch_layer": ("∇A_L", "∇A_k"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_every_claim_is_as_expected(name: str) -> None:
    told = [
        f"{verdict.claim}: {verdict.word}, {verdict.reason} {verdict.conditions} {verdict.assumptions}"
        for verdict in verdicts_of(name)
        if not verdict.as_expected
    ]
    assert told == []


@pytest.mark.parametrize(("name", "sections"), [("biswas_every_depth", {"4.1", "5.1", "5.2"}), ("biswas_explicit_matrices", {"4.3.3"})])
def test_sections(name: str, sections: set[str]) -> None:
    assert {verdict.source for verdict in verdicts_of(name)} == {f"Biswas, Backpropagation, {section}" for section in sections}


@pytest.mark.parametrize("name", RECURSIONS)
def test_a_recursion_joins_the_output_layer_to_a_generic_one(name: str) -> None:
    joined: Recursion = getattr(symbols_of("biswas_every_depth"), name)
    assert (joined.base.name, joined.step.name) == RECURSIONS[name]
    words = {verdict.claim: verdict.word for verdict in verdicts_of("biswas_every_depth")}
    assert (words[joined.base.name], words[joined.step.name]) == ("proved", "proved")


def test_rectified_units_are_proved_off_the_kink_only() -> None:
    conditions = {verdict.claim: {condition.text for condition in verdict.conditions} for verdict in verdicts_of("biswas_every_depth")}
    assert conditions.pop("∇a_k of relu") == {"a_k[j] ≠ 0 for every j"}
    assert set().union(*conditions.values()) == set()


def test_the_explicit_matrices_agree_at_their_sizes() -> None:
    assert {verdict.claim: verdict.word for verdict in verdicts_of("biswas_explicit_matrices")} == {"∇W_k = ∇a_k hᵀ": "proved-small"}


def test_errata_of_the_one_hot_loss() -> None:
    words = {verdict.claim: verdict.word for verdict in verdicts_of("one_hot_cross_entropy")}
    for erratum in ("gradient by a prediction, second member", "gradient by a prediction, third member"):
        assert (words[f"{erratum} as printed"], words[f"{erratum} corrected"]) == ("refuted", "proved")


# wrong variants -------------------------------------------------------------------------------------------------------
def output(mistake: str, word: Word, left: Callable[[Symbols], Side], right: Callable[[Symbols], Side]) -> Wrong:
    """About the loss of one true class."""
    return Wrong(f"output units: {mistake}", "one_hot_cross_entropy", left, right, word)


WRONG = (
    output("sign", "refuted", lambda s: D(s.loss, s.yhat[s.i]), lambda s: cases((equal(s.i, s.l), 1 / s.yhat[s.l]), otherwise=0)),
    output("e − ŷ", "refuted", lambda s: D(s.loss, s.a), lambda s: one_hot(s.p, s.l) - s.yhat),
    output("no label", "refuted", lambda s: D(s.loss, s.a), lambda s: s.yhat),
    Wrong("tanh′: missing square", "tanh", lambda s: D(tanh(s.x), s.x), lambda s: 1 - tanh(s.x), "refuted"),
)


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.mistake)
def test_a_wrong_variant_is_not_accepted(wrong: Wrong) -> None:
    verdict = wrong.verdict()
    assert verdict.word == wrong.word, verdict.reason
    assert (verdict.counterexample is not None) == (wrong.word == "refuted")
