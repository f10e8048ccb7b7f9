"""Claims 1 to 4 at every layer of a network of every depth: a recursion from the last layer to a generic one.

At layer k the part of the network before it is the vector h_(k−1), and the part after it a generic function of a_(k+1): it stands for
every number of layers and for every loss.
"""

from __future__ import annotations

from derivcheck import D, Derivation, Source, elementwise, hadamard, scalar_function
from derivcheck.layers import Layers

VOROS = "Voros, ECE 542 HW2a"


def claim_of(numbers: str) -> Source:
    return Source(VOROS, numbers)


d = Derivation("voros-every-depth", layout="numerator", source=claim_of("1 to 4"), title="The gradients at every layer of a network")
layers = Layers(d, "K")
n = layers.widths("n")
W = layers.matrices("W", n, n.before, first=1)
b = layers.vectors("b", n, first=1)
before = layers.vectors("h", n)
last = layers.last
k = layers.generic("k", first=1, last=-1)

# the last layer -----------------------------------------------------------------------------------------------------
a_K = d.let("a_K", W[last] @ before[last - 1] + b[last], latex="a^{(K)}")
yhat = d.let("yhat", elementwise("g", a_K), latex=r"\hat{y}")
L = d.let("L_y", scalar_function("L_y", yhat), latex="L_y")

base = d.claim("2, last layer", D(L, a_K), hadamard(elementwise("g", a_K, order=1).T, D(L, yhat)), source=claim_of("2"))
d.claim("3, last layer", D(L, W[last]), before[last - 1] @ D(L, a_K), source=claim_of("3"))
d.claim("4, last layer", D(L, before[last - 1]), D(L, a_K) @ W[last], source=claim_of("4"))
d.claim("bias, last layer", D(L, b[last]), D(L, a_K))

# layer k, for every k from 1 to K − 1 -------------------------------------------------------------------------------
a_k = d.let("a_k", W[k] @ before[k - 1] + b[k], latex="a^{(k)}")
h_k = d.let("h_k", elementwise("g", a_k), latex="h^{(k)}")
a_next = d.let("a_(k+1)", W[k + 1] @ h_k + b[k + 1], latex="a^{(k+1)}")
loss = d.let("L_k", scalar_function("M_y", a_next), latex="L_y")
slope = elementwise("g", a_k, order=1)

d.claim("4, layer k + 1", D(loss, h_k), D(loss, a_next) @ W[k + 1], source=claim_of("4"))
d.claim("2, layer k", D(loss, a_k), hadamard(slope.T, D(loss, h_k)), source=claim_of("2"))
step = d.claim(
    "2 and 4, from layer k + 1 to layer k", D(loss, a_k), hadamard(slope.T, D(loss, a_next) @ W[k + 1]), source=claim_of("2, 4"),
    note="with the last layer this gives ∂L/∂a at every layer of a network of every depth",
)  # fmt: skip
d.claim("3, layer k", D(loss, W[k]), before[k - 1] @ D(loss, a_k), source=claim_of("3"))
d.claim("4, layer k", D(loss, before[k - 1]), D(loss, a_k) @ W[k], source=claim_of("4"))
d.claim("bias, layer k", D(loss, b[k]), D(loss, a_k))
gradients = layers.recursion("gradient by the pre-activations", base=base, step=step, layer=k)

# errata -------------------------------------------------------------------------------------------------------------
d.erratum(
    "the weights of the layer itself",
    printed=(lambda: D(loss, a_k), lambda: hadamard(slope.T, D(loss, a_next) @ W[k])),
    corrected=(D(loss, a_k), hadamard(slope.T, D(loss, a_next) @ W[k + 1])),
    expected="ill-typed",
    note="a gradient comes back through the weights of the layer after",
    source=Source("a common slip"),
)
