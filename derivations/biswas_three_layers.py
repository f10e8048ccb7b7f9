"""Three layers in full, in columns: rectified hidden layers, softmax and the cross-entropy of one true class."""

from __future__ import annotations

from derivcheck import D, Derivation, Positive, Source, array, elementwise, hadamard, indicator, log, one_hot, relu, scalar_function, softmax
from derivcheck.layers import Layers

BISWAS = "Biswas, Backpropagation"

d = Derivation(
    "biswas-three-layers", layout="like-variable", source=Source(BISWAS, "5.1, L = 3"), title="Three layers with rectified units and softmax"
)
layers = Layers(d, 3)
n = layers.widths("n")
W = layers.matrices("W", n, n.before, first=1)
b = layers.vectors("b", n, first=1)
x = d.vector("x", n[0], latex=r"\underline{x}")
r, s, l = d.index("r", n[1]), d.index("s", n[2]), d.index("l", n[3])

# forward ------------------------------------------------------------------------------------------------------------
a_1 = d.let("a_1", W[1] @ x + b[1])
h_1 = d.let("h_1", relu(a_1))
a_2 = d.let("a_2", W[2] @ h_1 + b[2])
h_2 = d.let("h_2", relu(a_2))
a_3 = d.let("a_3", W[3] @ h_2 + b[3])
yhat = d.let("yhat", softmax(a_3), latex=r"\hat{y}")
loss = -log(yhat[l])
d.claim("the network", yhat, softmax(W[3] @ relu(W[2] @ relu(W[1] @ x + b[1]) + b[2]) + b[3]), source=Source(BISWAS, "3"))

# backward, with no derivative left on the right ---------------------------------------------------------------------
G_3 = -(one_hot(n[3], l) - yhat)
G_2 = hadamard(W[3].T @ G_3, array(indicator(Positive(a_2[s])), s))
G_1 = hadamard(W[2].T @ G_2, array(indicator(Positive(a_1[r])), r))
kink_2 = ("a_2[i] ≠ 0 for every i",)
kinks = ("a_1[i] ≠ 0 for every i", *kink_2)

d.claim("∇a_3", D(loss, a_3), G_3)
d.claim("∇W_3", D(loss, W[3]), G_3 @ h_2.T)
d.claim("∇b_3", D(loss, b[3]), G_3)
d.claim("∇h_2", D(loss, h_2), W[3].T @ G_3)
d.claim("∇a_2", D(loss, a_2), G_2, conditions=kink_2)
d.claim("∇W_2", D(loss, W[2]), G_2 @ h_1.T, conditions=kink_2)
d.claim("∇b_2", D(loss, b[2]), G_2, conditions=kink_2)
d.claim("∇h_1", D(loss, h_1), W[2].T @ G_2, conditions=kink_2)
d.claim("∇a_1", D(loss, a_1), G_1, conditions=kinks)
d.claim("∇W_1", D(loss, W[1]), G_1 @ x.T, conditions=kinks)
d.claim("∇b_1", D(loss, b[1]), G_1, conditions=kinks)

# any activation function of the hidden layers, any loss -------------------------------------------------------------
g = Derivation("biswas-three-layers-any-g", layout="like-variable", source=Source(BISWAS, "5.1, L = 3"), title="Three layers with any activations")
any_layers = Layers(g, 3)
N = any_layers.widths("n")
V = any_layers.matrices("W", N, N.before, first=1)
c = any_layers.vectors("b", N, first=1)
v_0 = g.vector("x", N[0])
u_1 = g.let("a_1", V[1] @ v_0 + c[1])
v_1 = g.let("h_1", elementwise("g", u_1))
u_2 = g.let("a_2", V[2] @ v_1 + c[2])
v_2 = g.let("h_2", elementwise("g", u_2))
u_3 = g.let("a_3", V[3] @ v_2 + c[3])
any_loss = g.let("Loss", scalar_function("M", u_3), latex=r"\mathcal{L}")
slope_1, slope_2 = elementwise("g", u_1, order=1), elementwise("g", u_2, order=1)

g.claim("∇a_2", D(any_loss, u_2), hadamard(V[3].T @ D(any_loss, u_3), slope_2))
g.claim("∇a_1", D(any_loss, u_1), hadamard(V[2].T @ D(any_loss, u_2), slope_1))
g.claim("∇W_3", D(any_loss, V[3]), D(any_loss, u_3) @ v_2.T)
g.claim("∇W_2", D(any_loss, V[2]), hadamard(V[3].T @ D(any_loss, u_3), slope_2) @ v_1.T)
g.claim("∇W_1", D(any_loss, V[1]), hadamard(V[2].T @ hadamard(V[3].T @ D(any_loss, u_3), slope_2), slope_1) @ v_0.T)
g.claim("∇b_1", D(any_loss, c[1]), hadamard(V[2].T @ hadamard(V[3].T @ D(any_loss, u_3), slope_2), slope_1))
