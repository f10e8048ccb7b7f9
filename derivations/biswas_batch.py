"""The gradients of a batch of examples for every depth, in columns: the mean loss, and from a layer to the one before it."""

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
    ones,
    relu,
    scalar_function,
    softmax,
    sum_over,
    total,
)
from derivcheck.layers import Layers

BISWAS = "Biswas, Backpropagation"
SUMMARY = Source(BISWAS, "5.2")

# the pre-activations of every layer ---------------------------------------------------------------------------------
d = Derivation("biswas-batch", layout="like-variable", source=SUMMARY, title="The gradients of a batch, for every depth")
layers = Layers(d, "L")
n = layers.widths("n")
m = d.dim("m")
W = layers.matrices("W", n, n.before, first=1)
b = layers.vectors("b", n, first=1)
A = layers.matrices("A", n, lambda layer: m, first=1)

last = layers.last
c, t = d.indices("c t", n[last])
s, u = d.indices("s u", m)
E = d.matrix("E", n[last], m)
d.assume("one-hot", E, axis=0)
Yhat = d.let("Yhat", softmax(A[last], axis=0), latex=r"\hat{Y}")
mean_loss = d.let("J", sum_over(s, -sum_over(c, E[c, s] * log(Yhat[c, s]))) / m, latex=r"\mathcal{L}")
one_hot_columns = ("E is one-hot along axis 1",)

at_the_output = d.claim("∇A_L", D(mean_loss, A[last]), (Yhat - E) / m, assumptions=one_hot_columns)
d.claim("∇A_L, one example", D(mean_loss, A[last])[:, s], (Yhat[:, s] - E[:, s]) / m, assumptions=one_hot_columns)
# the algebra does not take a one-hot sum out of a logarithm, so this one is exact at small dimensions only
d.claim(
    "mean loss", mean_loss, sum_over(s, -log(sum_over(c, E[c, s] * Yhat[c, s]))) / m, expected="proved-small", source=Source(BISWAS, "3"),
    conditions=["(Σ_i E[i,j] Yhat[i,j]) > 0 for every j"], note="the inner sum is the predicted probability of the true class",
)  # fmt: skip

# layer k, a hidden one: the loss is any function of the next pre-activations
k = layers.generic("k", first=1, last=-1)
r = d.index("r", n[k])
H_k = d.let("H_k", elementwise("g", A[k]))
A_next = d.let("A_(k+1)", W[k + 1] @ H_k + b[k + 1] @ ones(m).T, latex="A_{k+1}")
loss = d.let("Loss", scalar_function("M", A_next), latex=r"\mathcal{L}")
slope = elementwise("g", A[k], order=1)

d.claim("∇H_k", D(loss, H_k), W[k + 1].T @ D(loss, A_next))
d.claim("∇A_k through ∇H_k", D(loss, A[k]), hadamard(D(loss, H_k), slope))
at_layer_k = d.claim("∇A_k", D(loss, A[k]), hadamard(W[k + 1].T @ D(loss, A_next), slope))
every_layer = layers.recursion("pre-activations of every layer of a batch", base=at_the_output, step=at_layer_k, layer=k)

# with rectified units
H_relu = d.let("H_k of relu", relu(A[k]), latex="H_k")
A_relu = d.let("A_(k+1) of relu", W[k + 1] @ H_relu + b[k + 1] @ ones(m).T, latex="A_{k+1}")
relu_loss = d.let("Loss of relu", scalar_function("M", A_relu), latex=r"\mathcal{L}")
active = array(indicator(Positive(A[k][r, s])), r, s)
d.claim("∇H_k of relu", D(relu_loss, H_relu), W[k + 1].T @ D(relu_loss, A_relu))
d.claim(
    "∇A_k of relu", D(relu_loss, A[k]), hadamard(W[k + 1].T @ D(relu_loss, A_relu), active), conditions=("A_k[i,j] ≠ 0 for every i, j",),
)  # fmt: skip

# errata -------------------------------------------------------------------------------------------------------------
Ytilde = d.let("softmax of the rows", softmax(A[last], axis=1), latex=r"\hat{Y}")
across = d.let("J of the rows", sum_over(s, -sum_over(c, E[c, s] * log(Ytilde[c, s]))) / m, latex=r"\mathcal{L}")
d.erratum(
    "∇A_L, softmax of the rows",
    printed=(D(across, A[last]), (Ytilde - E) / m),
    corrected=(D(mean_loss, A[last]), (Yhat - E) / m),
    assumptions=one_hot_columns,
    note="printed without the direction: each column, the outputs of one example, must sum to 1",
)
d.erratum(
    "mean loss, summand without its example",
    printed=(mean_loss, sum_over(u, -log(Yhat[t, s])) / m),
    corrected=(mean_loss, -total(hadamard(E, log(Yhat))) / m),
    note="the true class and the prediction differ from example to example",
    source=Source(BISWAS, "3"),
)
