"""The gradients of one example for every depth, in columns: at the output layer, from a layer to the one before it, and by its parameters."""

from __future__ import annotations

from derivcheck import D, Derivation, Positive, Source, array, elementwise, hadamard, indicator, log, one_hot, relu, scalar_function, softmax
from derivcheck.layers import Layers

BISWAS = "Biswas, Backpropagation"
SUMMARY = Source(BISWAS, "5.1")

# any activation function of the hidden layers -----------------------------------------------------------------------
d = Derivation("biswas-one-example", layout="like-variable", source=SUMMARY, title="The gradients of one example, for every depth")
layers = Layers(d, "L")
n = layers.widths("n")
W = layers.matrices("W", n, n.before, first=1)
b = layers.vectors("b", n, first=1)
h = layers.vectors("h", n)
a = layers.vectors("a", n, first=1)

last = layers.last
l = d.index("l", n[last])
yhat = d.let("yhat", softmax(a[last]), latex=r"\hat{y}")
at_the_output = d.claim("∇a_L", D(-log(yhat[l]), a[last]), -(one_hot(n[last], l) - yhat))

# layer k, a hidden one: the loss is any function of the next pre-activations
k = layers.generic("k", first=1, last=-1)
a_k = d.let("a_k", W[k] @ h[k - 1] + b[k])
h_k = d.let("h_k", elementwise("g", a_k))
a_next = d.let("a_(k+1)", W[k + 1] @ h_k + b[k + 1], latex="a_{k+1}")
loss = d.let("Loss", scalar_function("M", a_next), latex=r"\mathcal{L}")
slope = elementwise("g", a_k, order=1)

d.claim("∇h_k", D(loss, h_k), W[k + 1].T @ D(loss, a_next), source=Source(BISWAS, "4.3.2, 5.1"))
d.claim("∇a_k through ∇h_k", D(loss, a_k), hadamard(D(loss, h_k), slope))
at_layer_k = d.claim("∇a_k", D(loss, a_k), hadamard(W[k + 1].T @ D(loss, a_next), slope), note="the matrix product comes first")
every_layer = layers.recursion("pre-activations of every layer", base=at_the_output, step=at_layer_k, layer=k)

d.claim("∇W_k", D(loss, W[k]), D(loss, a_k) @ h[k - 1].T)
d.claim("∇b_k", D(loss, b[k]), D(loss, a_k))
d.claim("∇W_(k+1)", D(loss, W[k + 1]), D(loss, a_next) @ h_k.T)
d.claim("∇b_(k+1)", D(loss, b[k + 1]), D(loss, a_next))

# errata
d.erratum(
    "∇a_k, the entrywise product first",
    printed=(lambda: D(loss, a_k), lambda: W[k + 1].T @ hadamard(D(loss, a_next), slope)),
    corrected=(D(loss, a_k), hadamard(W[k + 1].T @ D(loss, a_next), slope)),
    expected="ill-typed",
    note="printed without brackets; 5.2 has them",
)
V, c = d.matrix("V", n[k], n[k]), d.vector("c", n[k])
a_equal = d.let("a of equal width", V @ h_k + c, latex="a_{k+1}")
loss_equal = d.let("Loss of equal widths", scalar_function("N", a_equal), latex=r"\mathcal{L}")
d.erratum(
    "∇a_k, the entrywise product first, equal widths",
    printed=(D(loss_equal, a_k), V.T @ hadamard(D(loss_equal, a_equal), slope)),
    corrected=(D(loss_equal, a_k), hadamard(V.T @ D(loss_equal, a_equal), slope)),
    note="where layers k and k + 1 have one width the other reading has a value, but not the gradient's",
)

# the rectifier ------------------------------------------------------------------------------------------------------
r = Derivation("biswas-one-example-relu", layout="like-variable", source=SUMMARY, title="One example with rectified units, for every depth")
relu_layers = Layers(r, "L")
N = relu_layers.widths("n")
U = relu_layers.matrices("W", N, N.before, first=1)
e = relu_layers.vectors("b", N, first=1)
hidden = relu_layers.vectors("h", N)
s = relu_layers.generic("k", first=1, last=-1)
i = r.index("i", N[s])
r_k = r.let("a_k", U[s] @ hidden[s - 1] + e[s])
v_k = r.let("h_k", relu(r_k))
r_next = r.let("a_(k+1)", U[s + 1] @ v_k + e[s + 1], latex="a_{k+1}")
relu_loss = r.let("Loss", scalar_function("M", r_next), latex=r"\mathcal{L}")
active = array(indicator(Positive(r_k[i])), i)
off_the_kink = ("a_k[j] ≠ 0 for every j",)

r.claim("∇h_k", D(relu_loss, v_k), U[s + 1].T @ D(relu_loss, r_next))
r.claim("∇a_k through ∇h_k", D(relu_loss, r_k), hadamard(D(relu_loss, v_k), active), conditions=off_the_kink)
relu_layer = r.claim("∇a_k", D(relu_loss, r_k), hadamard(U[s + 1].T @ D(relu_loss, r_next), active), conditions=off_the_kink)
every_relu_layer = relu_layers.recursion("pre-activations of every rectified layer", base=at_the_output, step=relu_layer, layer=s)
r.claim("∇W_k", D(relu_loss, U[s]), D(relu_loss, r_k) @ hidden[s - 1].T, conditions=off_the_kink)
r.claim("∇b_k", D(relu_loss, e[s]), D(relu_loss, r_k), conditions=off_the_kink)
