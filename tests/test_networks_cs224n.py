"""A network with one hidden layer in rows and implied sums: verdicts, the readings of the source's notation, and wrong variants."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace as Symbols

import pytest
from wrong_variants import Wrong, symbols_of, verdicts_of

from derivcheck import D, delta, hadamard, kron, log, ones, outer, sigmoid, sum_over
from derivcheck.claims import Side, Word

FILES = ("cs224n_softmax_cross_entropy", "cs224n_gradient_by_input", "cs224n_gradient_by_weights")


# as expected --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", FILES)
def test_every_claim_is_as_expected(name: str) -> None:
    told = [f"{verdict.claim}: {verdict.word}, {verdict.reason} {verdict.assumptions}" for verdict in verdicts_of(name) if not verdict.as_expected]
    assert told == []


@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("cs224n_softmax_cross_entropy", ["2.b, derivatives first = last", "2.b, deltas first = last", "2.b, entries", "2.b, vector form step 2"]),
        ("cs224n_gradient_by_input", ["chain rule", "chain rule, indices", "2.c, indices first = last", "2.c, transposed weights", "2.c"]),
        (
            "cs224n_gradient_by_weights",
            ["2.g, W2 first = last", "2.g, W2, matrix form step 2", "2.g, b2, vector form", "2.g, W1 first = last", "2.g, W1, matrix form"],
        ),
    ],
)
def test_the_final_formulas_are_proved(name: str, claims: list[str]) -> None:
    words = {verdict.claim: verdict.word for verdict in verdicts_of(name)}
    assert {claim: words.get(claim) for claim in claims} == dict.fromkeys(claims, "proved")


@pytest.mark.parametrize("name", FILES)
def test_of_the_labels_only_the_sum_is_used(name: str) -> None:
    used = {assumption for verdict in verdicts_of(name) for assumption in verdict.assumptions}
    assert used == {"Σ y = 1"}


@pytest.mark.parametrize("name", FILES)
def test_what_is_proved_holds_without_conditions(name: str) -> None:
    assert [verdict.claim for verdict in verdicts_of(name) if verdict.word == "proved" and verdict.conditions] == []


@pytest.mark.parametrize(
    ("name", "errata"),
    [
        ("cs224n_softmax_cross_entropy", {"quotient rule": "refuted", "quotient rule, the line after": "refuted"}),
        ("cs224n_gradient_by_input", {"ψ(v_a)": "ill-typed", "2.c, left side": "ill-typed"}),
    ],
)
def test_errata(name: str, errata: dict[str, str]) -> None:
    words = {verdict.claim: verdict.word for verdict in verdicts_of(name)}
    assert {erratum: words.get(f"{erratum} as printed") for erratum in errata} == errata
    assert {words.get(f"{erratum} corrected") for erratum in errata} == {"proved"}


@pytest.mark.parametrize("name", FILES)
def test_other_readings_say_that_they_are_readings(name: str) -> None:
    printed = {erratum.printed for erratum in symbols_of(name).d.errata}
    readings = [verdict for verdict in verdicts_of(name) if verdict.word in ("refuted", "ill-typed") and verdict.claim not in printed]
    assert readings
    assert [verdict.claim for verdict in readings if not verdict.note] == []


# wrong variants -----------------------------------------------------------------------------------------------------
def by_logits(mistake: str, word: Word, right: Callable[[Symbols], Side]) -> Wrong:
    """About an entry of the gradient by the logits, 2.b."""
    return Wrong(f"2.b: {mistake}", "cs224n_softmax_cross_entropy", lambda s: D(s.CE, s.theta[s.k]), right, word)


def by_input(mistake: str, word: Word, right: Callable[[Symbols], Side]) -> Wrong:
    """About the gradient by the input, 2.c."""
    return Wrong(f"2.c: {mistake}", "cs224n_gradient_by_input", lambda s: D(s.J, s.x), right, word)


def by_weights(name: str, mistake: str, word: Word, right: Callable[[Symbols], Side]) -> Wrong:
    """About the gradient by the weights or the biases of one of the layers, 2.g."""
    return Wrong(f"2.g, {name}: {mistake}", "cs224n_gradient_by_weights", lambda s: D(s.J, getattr(s, name)), right, word)


def slope_at_h(s: Symbols) -> Side:
    return hadamard(sigmoid(s.h), ones(s.hidden).T - sigmoid(s.h))


WRONG = (
    by_logits("quotient rule without the first denominator", "refuted", lambda s: s.as_printed),
    by_logits("the implied sum taken as i = k", "refuted", lambda s: -s.y[s.k] + s.y[s.k] * s.yhat[s.k]),
    by_logits("sign", "refuted", lambda s: s.y[s.k] - s.yhat[s.k]),
    by_logits("δ without its product", "refuted", lambda s: -sum_over(s.i, s.y[s.i] * delta(s.i, s.k))),
    by_logits("the sum inside the logarithm", "refuted", lambda s: -D(log(sum_over(s.i, s.y[s.i] * s.yhat[s.i])), s.theta[s.k])),
    by_input("the right matrix product before the entrywise one", "ill-typed", lambda s: hadamard(s.error @ s.W2.T, s.slope @ s.W1.T)),
    by_input("σ′ omitted", "refuted", lambda s: s.error @ s.W2.T @ s.W1.T),
    by_input("σ′(h) instead of σ′(t)", "refuted", lambda s: hadamard(s.error @ s.W2.T, slope_at_h(s)) @ s.W1.T),
    by_input("σ instead of σ′", "refuted", lambda s: hadamard(s.error @ s.W2.T, s.h) @ s.W1.T),
    by_input("a transpose forgotten", "ill-typed", lambda s: hadamard(s.error @ s.W2.T, s.slope) @ s.W1),
    by_input("a column", "ill-typed", lambda s: (hadamard(s.error @ s.W2.T, s.slope) @ s.W1.T).T),
    by_input("sign", "refuted", lambda s: hadamard(-s.error @ s.W2.T, s.slope) @ s.W1.T),
    by_weights("W2", "outer product reversed", "ill-typed", lambda s: outer(s.error, s.h)),
    by_weights("W2", "columns", "ill-typed", lambda s: s.h @ s.error.T),
    by_weights("W2", "Kronecker product", "ill-typed", lambda s: kron(s.h, s.error)),
    by_weights("W2", "the pre-activations instead of h", "refuted", lambda s: outer(s.t, s.error)),
    by_weights("b1", "W of the layer itself", "ill-typed", lambda s: hadamard(s.error @ s.W1.T, s.slope)),
    by_weights("b1", "without the slope", "refuted", lambda s: s.error @ s.W2.T),
    by_weights("b2", "sign", "refuted", lambda s: s.y - s.yhat),
    by_weights("W1", "the entrywise product first", "ill-typed", lambda s: outer(s.x, hadamard(s.error, s.slope) @ s.W2.T)),
    by_weights("W1", "reversed", "ill-typed", lambda s: outer(hadamard(s.error @ s.W2.T, s.slope), s.x)),
    by_weights("W1", "without the slope", "refuted", lambda s: outer(s.x, s.error @ s.W2.T)),
)  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.mistake)
def test_a_wrong_variant_is_not_accepted(wrong: Wrong) -> None:
    verdict = wrong.verdict()
    assert verdict.word == wrong.word, verdict.reason
    assert (verdict.counterexample is not None) == (wrong.word == "refuted")
