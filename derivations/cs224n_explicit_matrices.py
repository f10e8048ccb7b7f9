"""Two gradients for three classes, written out with SymPy: of the cross-entropy by the logits, and by 2 × 3 weights.

The claims themselves, for every size and in the notation of the source, are the note S4.
"""

from __future__ import annotations

from typing import Any

from derivcheck import Derivation, Source

d = Derivation(
    "cs224n-explicit-matrices",
    layout="like-variable",
    source=Source("CS224n, solution of the first assignment", "2.b, 2.g"),
    title="The gradients by three logits and by 2 × 3 weights",
)
H, K = d.dim("H"), d.dim("K")


def gradient_at_3() -> tuple[Any, Any]:
    """The gradient of −Σ y log ŷ at K = 3 as a row, and ŷ − y; the last label is what the others leave of 1."""
    from sympy import Matrix, exp, log, symbols  # SymPy is slow to import

    logits = symbols("theta1:4", real=True)
    first, second = symbols("y1:3", real=True)
    labels = Matrix([[first, second, 1 - first - second]])
    weights = [exp(logit) for logit in logits]
    predictions = Matrix([[weight / sum(weights) for weight in weights]])
    loss = -sum(label * log(prediction) for label, prediction in zip(labels, predictions, strict=True))
    return Matrix([[loss.diff(logit) for logit in logits]]), predictions - labels


d.explicit("by the logits", build=gradient_at_3, dims={"K": 3})


def gradient_at_2_3() -> tuple[Any, Any]:
    """The gradient of −log ŷ_1 by a 2 × 3 matrix W2, and hᵀ (ŷ − y) with the first class as the true one."""
    from sympy import Matrix, exp, log, symbols  # SymPy is slow to import

    units, labels = Matrix([symbols("h1:3", real=True)]), Matrix([[1, 0, 0]])
    weights = Matrix(2, 3, symbols("w:6", real=True))
    powers = (units * weights).applyfunc(exp)
    predictions = powers / sum(powers)
    return weights.applyfunc((-log(predictions[0])).diff), units.T * (predictions - labels)


d.explicit("by the weights", build=gradient_at_2_3, dims={"H": 2, "K": 3})
