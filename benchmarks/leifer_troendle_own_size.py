"""The eleven gradients of the 3-layer network of Leifer and Troendle 2021 at its own size, 784-200-100-10 with a batch of 128, three ways:

    the right sides of the claims in derivations/leifer_troendle_whole_network.py, as written,
    the reference network, derivcheck.backprop,
    complex-step directional derivatives of the forward pass, written here in NumPy alone.

Run: python benchmarks/leifer_troendle_own_size.py [directions]
"""

from __future__ import annotations

import resource
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from derivcheck import backprop
from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.loading import load_file
from derivcheck.witnesses.evaluation import Evaluator
from derivcheck.witnesses.surroundings import Anatomy

Array = np.ndarray[Any, Any]
Values = dict[str, Array]

FILE = Path(__file__).resolve().parent.parent / "derivations" / "leifer_troendle_whole_network.py"
SIZES = {"B": 128, "n_0": 784, "n_1": 200, "n_2": 100, "K": 10}
DIRECTIONS = 8
STEP = 1e-30
BUDGET = 200_000
"""Steps of the evaluator: the loss is written as sums over entries."""


def point(sizes: dict[str, int], random: np.random.Generator) -> Values:
    """Pixels between 0 and 1, weights that do not saturate the sigmoid, labels that are positive and sum to 1, but are not one-hot."""
    values: Values = {"X": random.uniform(0, 1, (sizes["B"], sizes["n_0"])), "y": random.dirichlet(np.ones(sizes["K"]), sizes["B"])}
    widths = [sizes[name] for name in ("n_0", "n_1", "n_2", "K")]
    for layer, (inputs, units) in enumerate(pairwise(widths), start=1):
        values[f"W{layer}"] = random.normal(0, inputs**-0.5, (inputs, units))
        values[f"b{layer}"] = random.normal(0, 0.5, (1, units))
    return values


def forward(given: Values) -> tuple[Values, Any]:
    """Everything on the way, and the mean loss. What is given is not computed again, so that it can be moved: a2 for ∂L/∂a2."""
    values = dict(given)
    for layer, inputs in ((1, "X"), (2, "a1"), (3, "a2")):
        if f"z{layer}" not in given:
            values[f"z{layer}"] = values[inputs] @ values[f"W{layer}"] + values[f"b{layer}"]
        if f"a{layer}" not in given:
            values[f"a{layer}"] = 1 / (1 + np.exp(-values[f"z{layer}"]))
    logits = values["z3"]
    top = logits.real.max(axis=1, keepdims=True)
    log_sums = top + np.log(np.exp(logits - top).sum(axis=1, keepdims=True))
    return values, (values["y"] * (log_sums - logits)).sum() / len(logits)


def by_right_sides(derivation: Derivation, values: Values, sizes: dict[str, int]) -> tuple[Values, float]:
    """The right side of every claim ∂L/∂v = …, by the name of v, and the loss."""
    evaluator = Evaluator(values, sizes, Anatomy(), budget=BUDGET)
    gradients = {variable_of(claim): np.asarray(evaluator(claim.rhs)) for claim in derivation.claims if claim.rhs is not None}
    loss = next(named for named in derivation.definitions if named.name == "L")
    return gradients, float(evaluator(loss))


def variable_of(claim: Claim) -> str:
    """The v of a claim ∂L/∂v = …. Raises ValueError for a claim of another form."""
    variable = getattr(getattr(claim.lhs, "variable", None), "name", None)
    if not isinstance(variable, str):
        raise ValueError(f"claim {claim.name!r} is not of the form ∂L/∂v = …")
    return variable


def by_backprop(values: Values) -> tuple[Values, float]:
    """The same gradients and the loss by the reference network."""
    activations = {1: "sigmoid", 2: "sigmoid", 3: "softmax"}
    layers = tuple(backprop.Layer(values[f"W{k}"], values[f"b{k}"].ravel(), activations[k]) for k in (1, 2, 3))
    network = backprop.Network(layers, "rows", "cross-entropy")
    found = backprop.backward(network, values["X"], values["y"])
    gradients: Values = {}
    for k in (1, 2, 3):
        gradients[f"z{k}"] = found.pre_activations[k - 1]
        gradients[f"W{k}"] = found.weights[k - 1]
        gradients[f"b{k}"] = found.biases[k - 1].reshape(1, -1)
        if k < 3:  # activations[0] are the inputs
            gradients[f"a{k}"] = found.activations[k]
    return gradients, float(backprop.loss(network, values["X"], values["y"]))


def worst_direction(name: str, gradients: tuple[Array, ...], values: Values, directions: int, random: np.random.Generator) -> float:
    """The largest relative difference between ⟨gradient, V⟩ and the derivative of the forward pass along V, over random V."""
    at_rest, _ = forward(values)
    worst = 0.0
    for _ in range(directions):
        along = random.normal(size=at_rest[name].shape)
        moved = forward({**values, name: at_rest[name] + 1j * STEP * along})[1].imag / STEP
        for gradient in gradients:
            product = float((gradient * along).sum())
            worst = max(worst, abs(product - moved) / max(abs(product), abs(moved)))
    return worst


def main() -> None:
    directions = int(sys.argv[1]) if len(sys.argv) > 1 else DIRECTIONS
    random = np.random.default_rng(2021)
    start = time.perf_counter()
    (derivation,) = load_file(FILE).derivations
    values = point(SIZES, random)
    loaded = time.perf_counter()
    written, written_loss = by_right_sides(derivation, values, SIZES)
    evaluated = time.perf_counter()
    reference, reference_loss = by_backprop(values)
    propagated = time.perf_counter()
    print("784-200-100-10, batch 128; the largest relative error of each gradient")
    print(f"{'':6} {'shape':>11}  right side, backprop  both, {directions} directions of the forward pass")
    for name, gradient in written.items():
        other = reference[name]
        apart = float(np.abs(gradient - other).max() / np.abs(other).max())
        along = worst_direction(name, (gradient, other), values, directions, random)
        print(f"∂L/∂{name} {f'{gradient.shape[0]} × {gradient.shape[1]}':>11}  {apart:20.1e}  {along:.1e}")
    stepped = time.perf_counter()
    losses = (written_loss, reference_loss, float(forward(values)[1]))
    print(f"loss         {max(losses):.12f}, {(max(losses) - min(losses)) / max(losses):.1e} apart in three forward passes")
    print(f"load {1000 * (loaded - start):.0f} ms, right sides and loss {1000 * (evaluated - loaded):.0f} ms, "
          f"backprop {1000 * (propagated - evaluated):.0f} ms, directions {1000 * (stepped - propagated):.0f} ms")  # fmt: skip
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
