"""The gradients by the pre-activations at every layer of a network of every depth, in columns: recursions from the output layer to any layer.

At layer k what precedes its pre-activations is left open, and what follows those of layer k + 1 is a generic function: it stands for every number
of layers and for every loss. The formulas of a single layer, and networks with three layers, are in S3.md.
"""

from __future__ import annotations

from derivcheck import (
    D,
    Derivation,
    Positive,
    Source,
    array,
    elementwise,
    hadamard,
    indicator,
    log,
    one_hot,
    ones,
    relu,
    scalar_function,
    softmax,
    sum_over,
)
from derivcheck.layers import Layers

BISWAS = "Biswas, Backpropagation"

# one example --------------------------------------------------------------------------------------------------------
one = Derivation("biswas-one-example", layout="like-variable", source=Source(BISWAS, "5.1"), title="The gradients of one example, for every depth")
layers = Layers(one, "L")
n = layers.widths("n")
W = layers.matrices("W", n, n.before, first=1)
b = layers.vectors("b", n, first=1)
a = layers.vectors("a", n, first=1)
last = layers.last
l = one.index("l", n[last])
yhat = one.let("yhat", softmax(a[last]), latex=r"\hat{y}")
at_the_output = one.claim("∇a_L", D(-log(yhat[l]), a[last]), -(one_hot(n[last], l) - yhat))

k = layers.generic("k", first=1, last=-1)
a_next = one.let("a_(k+1)", W[k + 1] @ elementwise("g", a[k]) + b[k + 1], latex="a_{k+1}")
loss = one.let("Loss", scalar_function("M", a_next), latex=r"\mathcal{L}")
at_layer_k = one.claim("∇a_k", D(loss, a[k]), hadamard(W[k + 1].T @ D(loss, a_next), elementwise("g", a[k], order=1)))
every_layer = layers.recursion("pre-activations of every layer", base=at_the_output, step=at_layer_k, layer=k)

# one example, with rectified units ----------------------------------------------------------------------------------
rectified = Derivation(
    "biswas-one-example-relu", layout="like-variable", source=Source(BISWAS, "5.1"), title="One example with rectified units, for every depth"
)
relu_layers = Layers(rectified, "L")
p = relu_layers.widths("n")
U = relu_layers.matrices("W", p, p.before, first=1)
e = relu_layers.vectors("b", p, first=1)
z = relu_layers.vectors("a", p, first=1)
j = relu_layers.generic("k", first=1, last=-1)
i = rectified.index("i", p[j])
z_next = rectified.let("a_(k+1)", U[j + 1] @ relu(z[j]) + e[j + 1], latex="a_{k+1}")
relu_loss = rectified.let("Loss", scalar_function("M", z_next), latex=r"\mathcal{L}")
at_relu_layer_k = rectified.claim(
    "∇a_k of relu", D(relu_loss, z[j]), hadamard(U[j + 1].T @ D(relu_loss, z_next), array(indicator(Positive(z[j][i])), i)),
    conditions=("a_k[j] ≠ 0 for every j",),
)  # fmt: skip
every_relu_layer = relu_layers.recursion("pre-activations of every rectified layer", base=at_the_output, step=at_relu_layer_k, layer=j)

# one unit in each layer ---------------------------------------------------------------------------------------------
thin = Derivation("biswas-thin-network", layout="like-variable", source=Source(BISWAS, "4.1"), title="One unit in each layer, for every depth")
thin_layers = Layers(thin, "L")
t = thin_layers.generic("k", first=1, last=-1)
w = thin_layers.scalars("w", first=1)
c = thin_layers.scalars("b", first=1)
u = thin_layers.scalars("a", first=1)
u_next = thin.let("a_(k+1)", w[t + 1] * elementwise("g", u[t]) + c[t + 1])
after = thin.let("Loss after k", scalar_function("M", u_next), latex=r"\mathcal{L}")
output = thin.let("output", elementwise("O", u[thin_layers.last]))
at_the_end = thin.let("Loss at the end", scalar_function("M_last", output), latex=r"\mathcal{L}")
every_thin_layer = thin_layers.recursion(
    "pre-activations of a thin network",
    base=thin.claim("last layer", D(at_the_end, u[thin_layers.last]), D(at_the_end, output) * elementwise("O", u[thin_layers.last], order=1)),
    step=thin.claim("layer k", D(after, u[t]), D(after, u_next) * w[t + 1] * elementwise("g", u[t], order=1)),
    layer=t,
)

# a batch ------------------------------------------------------------------------------------------------------------
batch = Derivation("biswas-batch", layout="like-variable", source=Source(BISWAS, "5.2"), title="The gradients of a batch, for every depth")
batch_layers = Layers(batch, "L")
N = batch_layers.widths("n")
m = batch.dim("m")
V = batch_layers.matrices("W", N, N.before, first=1)
d = batch_layers.vectors("b", N, first=1)
A = batch_layers.matrices("A", N, lambda layer: m, first=1)
r, s = batch.index("r", N[batch_layers.last]), batch.index("s", m)
E = batch.matrix("E", N[batch_layers.last], m)
batch.assume("one-hot", E, axis=0)
Yhat = batch.let("Yhat", softmax(A[batch_layers.last], axis=0), latex=r"\hat{Y}")
mean_loss = batch.let("J", sum_over(s, -sum_over(r, E[r, s] * log(Yhat[r, s]))) / m, latex=r"\mathcal{L}")
batch_output = batch.claim("∇A_L", D(mean_loss, A[batch_layers.last]), (Yhat - E) / m, assumptions=("E is one-hot along axis 1",))

q = batch_layers.generic("k", first=1, last=-1)
A_next = batch.let("A_(k+1)", V[q + 1] @ elementwise("g", A[q]) + d[q + 1] @ ones(m).T, latex="A_{k+1}")
batch_loss = batch.let("Loss", scalar_function("M", A_next), latex=r"\mathcal{L}")
batch_step = batch.claim("∇A_k", D(batch_loss, A[q]), hadamard(V[q + 1].T @ D(batch_loss, A_next), elementwise("g", A[q], order=1)))
every_batch_layer = batch_layers.recursion("pre-activations of every layer of a batch", base=batch_output, step=batch_step, layer=q)
