"""The network in columns, its gradients for every depth and for a batch: verdicts, errata, the reference network, and wrong variants."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from wrong_variants import Symbols, Wrong, symbols_of, verdicts_of

from derivcheck import D, backprop, cases, elementwise, equal, hadamard, one_hot, ones, softmax, tanh
from derivcheck.claims import Side, Word
from derivcheck.layers import Recursion
from derivcheck.witnesses.evaluation import Evaluator
from derivcheck.witnesses.surroundings import Anatomy

FILES = (
    "biswas_output_units", "biswas_hidden_units", "biswas_parameters", "biswas_thin_network", "biswas_one_example", "biswas_batch",
    "biswas_batch_parameters", "biswas_three_layers", "biswas_three_layers_batch",
)  # fmt: skip


# as expected --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", FILES)
def test_every_claim_is_as_expected(name: str) -> None:
    told = [
        f"{verdict.claim}: {verdict.word}, {verdict.reason} {verdict.conditions} {verdict.assumptions}"
        for verdict in verdicts_of(name)
        if not verdict.as_expected
    ]
    assert told == []


@pytest.mark.parametrize(
    ("name", "sections"),
    [
        ("biswas_output_units", {"4.3.1"}),
        ("biswas_hidden_units", {"4.3.2"}),
        ("biswas_parameters", {"4.3.3"}),
        ("biswas_thin_network", {"4.1", "4.2, 4.3"}),
        ("biswas_one_example", {"5.1", "4.3.2, 5.1"}),
        ("biswas_batch", {"3", "5.2"}),
        ("biswas_batch_parameters", {"5.2", "4.3.3, 5.2"}),
        ("biswas_three_layers", {"3", "5.1, L = 3"}),
        ("biswas_three_layers_batch", {"5.2, L = 3"}),
    ],
)
def test_sections(name: str, sections: set[str]) -> None:
    assert {verdict.source for verdict in verdicts_of(name)} == {f"Biswas, Backpropagation, {section}" for section in sections}


@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("biswas_one_example", ["∇a_L", "∇a_k", "∇h_k", "∇W_k", "∇b_k"]),
        ("biswas_batch", ["∇A_L", "∇A_k", "∇H_k"]),
        ("biswas_batch_parameters", ["∇W_k", "∇b_k"]),
        ("biswas_three_layers", [f"∇{symbol}_{layer}" for symbol in "aWb" for layer in (1, 2, 3)] + ["∇h_1", "∇h_2"]),
        ("biswas_three_layers_batch", [f"∇{symbol}_{layer}" for symbol in "Wb" for layer in (1, 2, 3)] + ["∇H_1", "∇A_1", "∇H_2", "∇A_2"]),
    ],
)
def test_the_summaries_are_proved(name: str, claims: list[str]) -> None:
    words = {verdict.claim: verdict.word for verdict in verdicts_of(name)}
    assert {claim: words.get(claim) for claim in claims} == dict.fromkeys(claims, "proved")


@pytest.mark.parametrize(("name", "recursions"), [("biswas_one_example", ("every_layer", "every_relu_layer")), ("biswas_batch", ("every_layer",))])
def test_a_recursion_joins_the_output_layer_to_a_generic_one(name: str, recursions: tuple[str, ...]) -> None:
    words = {(verdict.derivation, verdict.claim): verdict.word for verdict in verdicts_of(name)}
    for known in recursions:
        joined: Recursion = getattr(symbols_of(name), known)
        for claim in (joined.base, joined.step):
            assert {word for (_, told), word in words.items() if told == claim.name} == {"proved"}


def test_rectified_units_are_proved_off_the_kink_only() -> None:
    verdicts = verdicts_of("biswas_three_layers")
    conditions = {(verdict.derivation, verdict.claim): {condition.text for condition in verdict.conditions} for verdict in verdicts}
    assert conditions["biswas-three-layers", "∇h_2"] == set()
    assert conditions["biswas-three-layers", "∇a_2"] == {"a_2[i] ≠ 0 for every i"}
    assert conditions["biswas-three-layers", "∇W_1"] == {"a_1[i] ≠ 0 for every i", "a_2[i] ≠ 0 for every i"}
    assert conditions["biswas-three-layers-any-g", "∇W_1"] == set()


@pytest.mark.parametrize(
    ("name", "errata"),
    [
        ("one_hot_cross_entropy", {"gradient by a prediction, second member": "refuted", "gradient by a prediction, third member": "refuted"}),
        (
            "biswas_hidden_units",
            {
                "by a hidden unit, sum over the output units": "ill-typed",
                "by a hidden unit, sum over the output units, second member": "ill-typed",
                "by a hidden unit, sum over the first units": "refuted",
                "by the pre-activations, product with a row": "ill-typed",
            },
        ),
        ("biswas_parameters", {"by the weights, set equal to one entry": "ill-typed"}),
        ("biswas_thin_network", {"the product in the layout of the gradients": "ill-typed"}),
        (
            "biswas_one_example",
            {"∇a_k, the entrywise product first": "ill-typed", "∇a_k, the entrywise product first, equal widths": "refuted"},
        ),
        ("biswas_batch", {"∇A_L, softmax of the rows": "refuted", "mean loss, summand without its example": "refuted"}),
        ("biswas_batch_parameters", {"A_0 = X": "ill-typed", "A_0 = X, with the activation of every layer": "refuted"}),
    ],
)
def test_errata(name: str, errata: dict[str, str]) -> None:
    words = {verdict.claim: verdict.word for verdict in verdicts_of(name)}
    assert {erratum: words.get(f"{erratum} as printed") for erratum in errata} == errata
    assert {words.get(f"{erratum} corrected") for erratum in errata} == {"proved"}


# the reference network ------------------------------------------------------------------------------------------------
SIZES = {"n_0": 4, "n_1": 5, "n_2": 3, "n_3": 2, "m": 6}


def network(seed: int) -> tuple[backprop.Network, dict[str, np.ndarray]]:
    """Three layers with rectified hidden units at a random point, and the values of its symbols."""
    random = np.random.default_rng(seed)
    widths = [SIZES[f"n_{layer}"] for layer in range(4)]
    values: dict[str, np.ndarray] = {}
    layers = []
    for layer, activation in ((1, "relu"), (2, "relu"), (3, "softmax")):
        weights, biases = random.standard_normal((widths[layer], widths[layer - 1])), random.standard_normal((widths[layer], 1))
        values |= {f"W_{layer}": weights, f"b_{layer}": biases}
        layers.append(backprop.Layer(weights, biases[:, 0], activation))
    return backprop.Network(tuple(layers), "columns", "cross-entropy"), values


def by_name(gradients: backprop.Gradients, examples: str) -> dict[str, np.ndarray]:
    """The gradients of the reference by the names of the claims: ∇a_1 of one example, ∇A_1 of a batch."""
    sums, units = ("a", "h") if examples == "one" else ("A", "H")
    named = {}
    for layer in (1, 2, 3):
        named[f"∇{sums}_{layer}"] = gradients.pre_activations[layer - 1]
        named[f"∇{units}_{layer}"] = gradients.activations[layer]
        named[f"∇W_{layer}"] = gradients.weights[layer - 1]
        named[f"∇b_{layer}"] = gradients.biases[layer - 1][:, np.newaxis]
    return named


def test_one_example_against_the_reference_network() -> None:
    symbols = symbols_of("biswas_three_layers")
    reference, values = network(seed=3)
    x = np.random.default_rng(4).standard_normal((SIZES["n_0"], 1))
    compared = set()
    for true_class in range(SIZES["n_3"]):
        labels = np.eye(SIZES["n_3"])[:, [true_class]]
        named = by_name(backprop.backward(reference, x, labels), "one")
        for claim in symbols.d.claims:
            if claim.name not in named:
                continue
            evaluator = Evaluator(values | {"x": x}, SIZES, Anatomy())
            np.testing.assert_allclose(evaluator(claim.rhs, {symbols.l: true_class}), named[claim.name], rtol=1e-12, atol=1e-14)
            compared.add(claim.name)
    assert len(compared) == 11


def test_a_batch_against_the_reference_network() -> None:
    symbols = symbols_of("biswas_three_layers_batch")
    reference, values = network(seed=5)
    random = np.random.default_rng(6)
    X = random.standard_normal((SIZES["n_0"], SIZES["m"]))
    labels = np.eye(SIZES["n_3"])[:, random.integers(SIZES["n_3"], size=SIZES["m"])]
    named = by_name(backprop.backward(reference, X, labels), "batch")
    compared = set()
    for claim in symbols.d.claims:
        evaluator = Evaluator(values | {"X": X}, SIZES, Anatomy(), replacements={id(symbols.G_3): named["∇A_3"]})
        np.testing.assert_allclose(evaluator(claim.rhs, {}), named[claim.name], rtol=1e-12, atol=1e-14)
        compared.add(claim.name)
    assert len(compared) == 10


# wrong variants -------------------------------------------------------------------------------------------------------
def output(mistake: str, word: Word, left: Callable[[Symbols], Side], right: Callable[[Symbols], Side]) -> Wrong:
    """About the loss of one true class."""
    return Wrong(f"output units: {mistake}", "one_hot_cross_entropy", left, right, word)


def sums(mistake: str, word: Word, right: Callable[[Symbols], Side]) -> Wrong:
    """About ∇a_k, from layer k + 1 to layer k."""
    return Wrong(f"∇a_k: {mistake}", "biswas_one_example", lambda s: D(s.loss, s.a_k), right, word)


def square_sums(mistake: str, word: Word, right: Callable[[Symbols], Side]) -> Wrong:
    """About ∇a_k where layers k and k + 1 have one width, so that every shape fits."""
    return Wrong(f"∇a_k, equal widths: {mistake}", "biswas_one_example", lambda s: D(s.loss_equal, s.a_k), right, word)


def weights(mistake: str, word: Word, right: Callable[[Symbols], Side]) -> Wrong:
    """About ∇W_k of one example."""
    return Wrong(f"∇W_k: {mistake}", "biswas_one_example", lambda s: D(s.loss, s.W[s.k]), right, word)


def batch(mistake: str, word: Word, right: Callable[[Symbols], Side]) -> Wrong:
    """About ∇A_L of the mean loss."""
    return Wrong(f"∇A_L: {mistake}", "biswas_batch", lambda s: D(s.mean_loss, s.A[s.last]), right, word)


def biases(mistake: str, word: Word, right: Callable[[Symbols], Side]) -> Wrong:
    """About ∇b_k of a batch."""
    return Wrong(f"∇b_k: {mistake}", "biswas_batch_parameters", lambda s: D(s.loss, s.b), right, word)


WRONG = (
    output("sign", "refuted", lambda s: D(s.loss, s.yhat[s.i]), lambda s: cases((equal(s.i, s.l), 1 / s.yhat[s.l]), otherwise=0)),
    output("e − ŷ", "refuted", lambda s: D(s.loss, s.a), lambda s: one_hot(s.p, s.l) - s.yhat),
    output("no label", "refuted", lambda s: D(s.loss, s.a), lambda s: s.yhat),
    Wrong(
        "∇h_k: missing transpose", "biswas_one_example", lambda s: D(s.loss, s.h_k), lambda s: s.W[s.k + 1] @ D(s.loss, s.a_next), "ill-typed"
    ),
    Wrong(
        "∇h_k, equal widths: missing transpose", "biswas_one_example", lambda s: D(s.loss_equal, s.h_k),
        lambda s: s.V @ D(s.loss_equal, s.a_equal), "refuted",
    ),
    Wrong(
        "∇h_kj: row instead of column", "biswas_hidden_units", lambda s: D(s.loss, s.h[s.j]), lambda s: s.W[s.k + 1][s.r, :] @ D(s.loss, s.h),
        "ill-typed",
    ),
    sums("weights of the layer itself", "ill-typed", lambda s: hadamard(s.W[s.k].T @ D(s.loss, s.a_next), s.slope)),
    sums("slope of the next layer", "ill-typed", lambda s: hadamard(s.W[s.k + 1].T @ D(s.loss, s.a_next), elementwise("g", s.a_next, order=1))),
    square_sums("slope of the next layer", "refuted", lambda s: hadamard(s.V.T @ D(s.loss_equal, s.a_equal), elementwise("g", s.a_equal, order=1))),
    square_sums("missing transpose", "refuted", lambda s: hadamard(s.V @ D(s.loss_equal, s.a_equal), s.slope)),
    sums("activation instead of its slope", "refuted", lambda s: hadamard(s.W[s.k + 1].T @ D(s.loss, s.a_next), s.h_k)),
    Wrong(
        "∇A_k: rectifier instead of its step", "biswas_batch", lambda s: D(s.relu_loss, s.A[s.k]),
        lambda s: hadamard(s.W[s.k + 1].T @ D(s.relu_loss, s.A_relu), s.H_relu), "refuted",
    ),
    sums("entrywise product omitted", "refuted", lambda s: s.W[s.k + 1].T @ D(s.loss, s.a_next)),
    sums("matrix product with the slopes", "ill-typed", lambda s: s.W[s.k + 1].T @ D(s.loss, s.a_next) @ s.slope),
    weights("transposed", "ill-typed", lambda s: s.h[s.k - 1] @ D(s.loss, s.a_k).T),
    weights("activation of the layer itself", "ill-typed", lambda s: D(s.loss, s.a_k) @ s.h_k.T),
    weights("gradient by the activation", "refuted", lambda s: D(s.loss, s.h_k) @ s.h[s.k - 1].T),
    batch("missing 1/m", "refuted", lambda s: s.Yhat - s.E),
    batch("sign", "refuted", lambda s: (s.E - s.Yhat) / s.m),
    biases("1/m twice", "refuted", lambda s: D(s.loss, s.A) @ ones(s.m) / s.m),
    biases("sum over the examples forgotten", "ill-typed", lambda s: D(s.loss, s.A)),
    Wrong(
        "A_k: biases of one column", "biswas_batch_parameters", lambda s: s.A, lambda s: s.W @ s.H + s.b, "ill-typed",
    ),
    Wrong("Ŷ: softmax of the rows", "biswas_batch", lambda s: s.Yhat, lambda s: softmax(s.A[s.last], axis=1), "refuted"),
    Wrong("tanh′: missing square", "tanh", lambda s: D(tanh(s.x), s.x), lambda s: 1 - tanh(s.x), "refuted"),
)  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.mistake)
def test_a_wrong_variant_is_not_accepted(wrong: Wrong) -> None:
    verdict = wrong.verdict()
    assert verdict.word == wrong.word, verdict.reason
    assert (verdict.counterexample is not None) == (wrong.word == "refuted")
