"""The gradients of one example for every depth, in columns: at the output layer, from a layer to the one before it, and by its parameters."""

from __future__ import annotations

from derivcheck import D, Derivation, Positive, Source, array, elementwise, hadamard, indicator, log, one_hot, relu, scalar_function, softmax
from derivcheck.layers import Layers, recursion

BISWAS = "Biswas, Backpropagation"

d = Derivation("biswas-one-example", layout="like-variable", source=Source(BISWAS, "5.1"), title="The gradients of one example, for every depth")
layers = Layers(d, "L")
n = layers.widths("n")
W = layers.matrices("W", n, n.before, first=1)
b = layers.vectors("b", n, first=1)
h = layers.vectors("h", n)
a = layers.vectors("a", n, first=1)

# the output layer ---------------------------------------------------------------------------------------------------
last = layers.last
true_class = d.index("l", n[last])
yhat = d.let("yhat", softmax(a[last]), latex=r"\hat{y}")
at_the_output = d.claim("∇a_L", D(-log(yhat[true_class]), a[last]), -(one_hot(n[last], true_class) - yhat))

# a hidden layer k: the loss is any function of the next pre-activations -------------------------------------------------
k = layers.generic("k", first=1, last=-1)
i = d.index("i", n[k])
a_k = d.let("a_k of g", W[k] @ h[k - 1] + b[k], latex="a_k")
h_k = d.let("h_k of g", elementwise("g", a_k), latex="h_k")
a_next = d.let("a_(k+1) of g", W[k + 1] @ h_k + b[k + 1], latex="a_{k+1}")
loss = d.let("Loss", scalar_function("M", a_next), latex=r"\mathcal{L}")
slope = elementwise("g", a_k, order=1)

by_activations = d.claim("∇h_k", D(loss, h_k), W[k + 1].T @ D(loss, a_next))
d.claim("∇a_k through ∇h_k", D(loss, a_k), hadamard(D(loss, h_k), slope))
by_sums = d.claim("∇a_k", D(loss, a_k), hadamard(W[k + 1].T @ D(loss, a_next), slope))
recursion("pre-activations of every layer", base=at_the_output, step=by_sums, layer=k)
d.claim("∇W_k", D(loss, W[k]), D(loss, a_k) @ h[k - 1].T)
d.claim("∇b_k", D(loss, b[k]), D(loss, a_k))
d.claim("∇W_(k+1)", D(loss, W[k + 1]), D(loss, a_next) @ h_k.T)
d.claim("∇b_(k+1)", D(loss, b[k + 1]), D(loss, a_next))
