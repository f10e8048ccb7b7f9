"""The gradients by the weights and the biases of any layer, in columns: entry by entry, and as an outer product."""

from __future__ import annotations

from typing import Any

from derivcheck import D, Derivation, Source, array, equal, indicator, ones, outer, scalar_function, sum_over
from derivcheck.layers import Layers

BISWAS = "Biswas, Backpropagation"

d = Derivation(
    "biswas-parameters",
    layout="like-variable",
    source=Source(BISWAS, "4.3.3"),
    title="Gradients by the weights and biases of any layer",
)

# layer k, from the first one to the output layer: what follows its pre-activations is any function of them ----------
layers = Layers(d, "L")
n = layers.widths("n")
k = layers.generic("k", first=1)
W = layers.matrices("W", n, n.before, first=1)[k]
b = layers.vectors("b", n, first=1)[k]
h = layers.vectors("h", n)[k - 1]
i, l = d.indices("i l", n[k])
j = d.index("j", n[k - 1])
a = d.let("a_k", W @ h + b)
loss = d.let("Loss", scalar_function("L", a), latex=r"\mathcal{L}")

# weights ------------------------------------------------------------------------------------------------------------
d.claim("pre-activation", a[i], b[i] + sum_over(j, W[i, j] * h[j]))
d.claim("a weight of any unit", D(a[l], W[i, j]), indicator(equal(l, i)) * h[j])
d.claim("a weight of the unit itself", array(D(a[i], W[i, j]), i, j), ones(n[k]) @ h.T, note="the same h_j for every unit i")
d.chain("by a weight", D(loss, W[i, j]), D(loss, a[i]) * D(a[i], W[i, j]), D(loss, a[i]) * h[j])
d.claim("by a weight, through every unit", D(loss, W[i, j]), sum_over(l, D(loss, a[l]) * D(a[l], W[i, j])))
d.chain("by the weights", D(loss, W), array(D(loss, a[i]) * h[j], i, j), D(loss, a) @ h.T)
d.claim("by the weights, as an outer product", D(loss, W), outer(D(loss, a), h))

# biases -------------------------------------------------------------------------------------------------------------
d.claim("a bias of any unit", D(a[l], b[i]), indicator(equal(l, i)))
d.chain("by a bias", D(loss, b[i]), D(loss, a[i]) * D(a[i], b[i]), D(loss, a[i]))
d.chain("by the biases", D(loss, b), array(D(loss, a[i]), i), D(loss, a))


def weights_at_3() -> tuple[Any, Any]:
    """The gradient of ½ Σ c_i a_i² by a 3 × 3 matrix of weights, and ∇_a hᵀ beside it."""
    from sympy import Matrix, symbols  # SymPy is slow to import

    weights = Matrix(3, 3, lambda row, column: symbols(f"W{row + 1}{column + 1}"))
    inputs, biases, curvatures = Matrix(symbols("h1:4")), Matrix(symbols("b1:4")), symbols("c1:4")
    sums = weights * inputs + biases
    loss_of_sums = sum(curvature * each**2 for curvature, each in zip(curvatures, sums, strict=True)) / 2
    upstream = Matrix([curvature * each for curvature, each in zip(curvatures, sums, strict=True)])
    return Matrix(3, 3, lambda row, column: loss_of_sums.diff(weights[row, column])), upstream * inputs.T


d.explicit("explicit matrices", build=weights_at_3, dims={"n_k": 3, "n_(k-1)": 3})

# errata -------------------------------------------------------------------------------------------------------------
d.erratum(
    "by the weights, set equal to one entry",
    printed=(lambda: D(loss, W), lambda: D(loss, a[i]) * D(a[i], W[i, j])),
    corrected=(D(loss, W), array(D(loss, a[i]) * D(a[i], W[i, j]), i, j)),
    expected="ill-typed",
    note="the right side is the entry (i, j) of the matrix on the left",
)
