"""The gradient by a 3 × 3 matrix of weights as explicit SymPy matrices, differentiated entry by entry."""

from __future__ import annotations

from typing import Any

from derivcheck import Derivation, Source

d = Derivation(
    "biswas-explicit-matrices", layout="like-variable", source=Source("Biswas, Backpropagation", "4.3.3"), title="A 3 × 3 matrix of weights, by SymPy"
)


def weights_at_3() -> tuple[Any, Any]:
    """The gradient of ½ Σ c_i a_i² by a 3 × 3 matrix of weights, and ∇_a hᵀ beside it."""
    from sympy import Matrix, symbols  # SymPy is slow to import

    weights = Matrix(3, 3, lambda row, column: symbols(f"W{row + 1}{column + 1}"))
    inputs, biases, curvatures = Matrix(symbols("h1:4")), Matrix(symbols("b1:4")), symbols("c1:4")
    sums = weights * inputs + biases
    loss_of_sums = sum(curvature * each**2 for curvature, each in zip(curvatures, sums, strict=True)) / 2
    upstream = Matrix([curvature * each for curvature, each in zip(curvatures, sums, strict=True)])
    return Matrix(3, 3, lambda row, column: loss_of_sums.diff(weights[row, column])), upstream * inputs.T


d.explicit("∇W_k = ∇a_k hᵀ", build=weights_at_3, dims={"n_k": 3, "n_(k-1)": 3})
