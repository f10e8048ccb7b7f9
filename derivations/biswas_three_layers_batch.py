"""Three layers in full for a batch in columns: rectified hidden layers, and any function of the last pre-activations as the loss."""

from __future__ import annotations

from derivcheck import D, Derivation, Positive, Source, array, hadamard, indicator, ones, relu, scalar_function
from derivcheck.layers import Layers

BISWAS = "Biswas, Backpropagation"

d = Derivation(
    "biswas-three-layers-batch", layout="like-variable", source=Source(BISWAS, "5.2, L = 3"), title="Three layers for a batch of examples in columns"
)
layers = Layers(d, 3)
n = layers.widths("n")
m = d.dim("m")
W = layers.matrices("W", n, n.before, first=1)
b = layers.vectors("b", n, first=1)
X = d.matrix("X", n[0], m)
r, s, u = d.index("r", n[1]), d.index("s", n[2]), d.index("u", m)

# forward ------------------------------------------------------------------------------------------------------------
A_1 = d.let("A_1", W[1] @ X + b[1] @ ones(m).T)
H_1 = d.let("H_1", relu(A_1))
A_2 = d.let("A_2", W[2] @ H_1 + b[2] @ ones(m).T)
H_2 = d.let("H_2", relu(A_2))
A_3 = d.let("A_3", W[3] @ H_2 + b[3] @ ones(m).T)
loss = d.let("Loss", scalar_function("M", A_3), latex=r"\mathcal{L}")

# backward -----------------------------------------------------------------------------------------------------------
G_3 = D(loss, A_3)
G_2 = hadamard(W[3].T @ G_3, array(indicator(Positive(A_2[s, u])), s, u))
G_1 = hadamard(W[2].T @ G_2, array(indicator(Positive(A_1[r, u])), r, u))
kink_2 = ("A_2[i,j] ≠ 0 for every i, j",)
kinks = ("A_1[i,j] ≠ 0 for every i, j", *kink_2)

d.claim("∇W_3", D(loss, W[3]), G_3 @ H_2.T)
d.claim("∇b_3", D(loss, b[3]), G_3 @ ones(m))
d.claim("∇H_2", D(loss, H_2), W[3].T @ G_3)
d.claim("∇A_2", D(loss, A_2), G_2, conditions=kink_2)
d.claim("∇W_2", D(loss, W[2]), G_2 @ H_1.T, conditions=kink_2)
d.claim("∇b_2", D(loss, b[2]), G_2 @ ones(m), conditions=kink_2)
d.claim("∇H_1", D(loss, H_1), W[2].T @ G_2, conditions=kink_2)
d.claim("∇A_1", D(loss, A_1), G_1, conditions=kinks)
d.claim("∇W_1", D(loss, W[1]), G_1 @ X.T, conditions=kinks)
d.claim("∇b_1", D(loss, b[1]), G_1 @ ones(m), conditions=kinks)
