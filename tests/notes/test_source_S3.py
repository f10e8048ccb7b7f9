"""The note S3: what is not proved in it and which conditions are left, and its networks beside the reference."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from source_notes import DERIVATIONS, Judged, inventory, judged

from derivcheck import backprop
from derivcheck.derivation import Derivation
from derivcheck.language.terms import Derivative, Named
from derivcheck.witnesses.evaluation import Evaluator
from derivcheck.witnesses.surroundings import Anatomy

IN_WORDS = {"S3-2-layers", "S3-432-prose", "S3-52-L"}
REFUTED = {
    "S3-3-loss-of-one-example", "S3-431-dy-step2", "S3-431-dy-step3", "S3-432-dh-part-of-the-units", "S3-51-ak-equal-widths-entrywise-product-first",
    "S3-52-A0-as-pre-activations", "S3-52-dAL-softmax-of-the-rows",
}  # fmt: skip
ILL_TYPED = {
    "S3-42-prose2", "S3-42-underbrace-in-columns", "S3-432-dh-step1", "S3-432-dh-step2", "S3-432-dh-printed", "S3-432-da-had",
    "S3-432-da-had first = last", "S3-433-gW-scalar", "S3-433-gW-printed", "S3-51-ak-entrywise-product-first",
}  # fmt: skip
AT_SMALL_SIZES = {"S3-3-loss-of-the-true-class", "S3-432-multi2-written-out", "S3-433-gW-33", "S3-433-gW-33b", "S3-433-gW"}


@pytest.fixture(scope="module")
def note() -> Judged:
    return judged(DERIVATIONS / "S3.md")


# the note -----------------------------------------------------------------------------------------------------------
def test_every_claim_of_the_source_is_one_entry(note: Judged) -> None:
    names = Counter(entry.name for derivation in note.derivations for entry in (*derivation.claims, *derivation.entered))
    assert {name: names[name] for name in inventory("S3")} == dict.fromkeys(inventory("S3"), 1)


def test_what_is_not_proved_and_what_rests_on_conditions(note: Judged) -> None:
    words: dict[str, set[str]] = {}
    for verdict in note.verdicts:
        words.setdefault(verdict.word, set()).add(verdict.claim)
    del words["proved"]
    assert words == {"unsupported": IN_WORDS, "refuted": REFUTED, "ill-typed": ILL_TYPED, "proved-small": AT_SMALL_SIZES}
    # only rectified units and quotients leave conditions
    conditions = {condition.text for verdict in note.verdicts for condition in verdict.conditions if condition.state == "unknown"}
    rectified = {f"{name}[i] ≠ 0 for every i" for name in ("a_1", "a_2", "a_i")} | {f"{name}[i,j] ≠ 0 for every i, j" for name in ("A_1", "A_2")}
    open_conditions = conditions - {"(Σ_i E[i,j] Ŷ[i,j]) > 0 for every j"}
    assert open_conditions == rectified | {"h(x) ≠ 0"}
    before_the_kink = {verdict.claim for verdict in note.verdicts if "three-layers-output" in verdict.claim and verdict.conditions}
    assert before_the_kink == set()


# the networks of three layers beside the reference ------------------------------------------------------------------
SIZES = {"n_0": 4, "n_1": 5, "n_2": 3, "p": 2, "m": 6}
WIDTHS = [SIZES[name] for name in ("n_0", "n_1", "n_2", "p")]


def network(seed: int) -> tuple[backprop.Network, dict[str, np.ndarray]]:
    """Three layers with rectified hidden units at a random point, and the values of its symbols."""
    random = np.random.default_rng(seed)
    values: dict[str, np.ndarray] = {}
    layers = []
    for layer, activation in ((1, "relu"), (2, "relu"), (3, "softmax")):
        weights, biases = random.standard_normal((WIDTHS[layer], WIDTHS[layer - 1])), random.standard_normal((WIDTHS[layer], 1))
        values |= {f"W_{layer}": weights, f"b_{layer}": biases}
        layers.append(backprop.Layer(weights, biases[:, 0], activation))
    return backprop.Network(tuple(layers), "columns", "cross-entropy"), values


def by_variable(gradients: backprop.Gradients, sums: str, units: str) -> dict[str, np.ndarray]:
    """The gradients of the reference by the symbol by which one derives."""
    found = {}
    for layer in (1, 2, 3):
        found[f"{sums}_{layer}"] = gradients.pre_activations[layer - 1]
        found[f"{units}_{layer}"] = gradients.activations[layer]
        found[f"W_{layer}"] = gradients.weights[layer - 1]
        found[f"b_{layer}"] = gradients.biases[layer - 1][:, np.newaxis]
    return found


def compare(derivation: Derivation, evaluator: Evaluator, reference: dict[str, np.ndarray]) -> list[str]:
    """Compare the right side of every gradient with the reference; the variables of those compared."""
    compared = []
    for claim in derivation.claims:
        assert isinstance(claim.lhs, Derivative), claim.name
        variable = claim.lhs.variable.name
        np.testing.assert_allclose(evaluator(claim.rhs, {}), reference[variable], rtol=1e-12, atol=1e-14)
        compared.append(variable)
    return compared


def derivation(note: Judged, name: str) -> Derivation:
    (found,) = [derivation for derivation in note.derivations if derivation.name == name]
    return found


def test_one_example_against_the_reference_network(note: Judged) -> None:
    reference, values = network(seed=3)
    x = np.random.default_rng(4).standard_normal((SIZES["n_0"], 1))
    for true_class in range(SIZES["p"]):
        y = np.eye(SIZES["p"])[:, [true_class]]
        evaluator = Evaluator(values | {"x": x, "y": y}, SIZES, Anatomy())
        compared = compare(derivation(note, "S3-three-layers"), evaluator, by_variable(backprop.backward(reference, x, y), "a", "h"))
        assert sorted(compared) == sorted([f"{symbol}_{layer}" for symbol in "aWb" for layer in (1, 2, 3)] + ["h_1", "h_2"])


def test_a_batch_against_the_reference_network(note: Judged) -> None:
    reference, values = network(seed=5)
    random = np.random.default_rng(6)
    X = random.standard_normal((SIZES["n_0"], SIZES["m"]))
    labels = np.eye(SIZES["p"])[:, random.integers(SIZES["p"], size=SIZES["m"])]
    gradients = by_variable(backprop.backward(reference, X, labels), "A", "H")
    batch = derivation(note, "S3-three-layers-batch")
    (at_the_output,) = [named for named in batch.definitions if isinstance(named, Named) and named.name == "Δ_3"]
    evaluator = Evaluator(values | {"X": X}, SIZES, Anatomy(), replacements={id(at_the_output.definition): gradients["A_3"]})
    compared = compare(batch, evaluator, gradients)
    assert sorted(compared) == sorted([f"{symbol}_{layer}" for symbol in "Wb" for layer in (1, 2, 3)] + ["A_1", "A_2", "H_1", "H_2"])
