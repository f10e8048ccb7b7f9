"""The gradients of a batch by the parameters of any layer, in columns, and the forward equations of the first layer."""

from __future__ import annotations

from derivcheck import D, Derivation, Source, elementwise, ones, scalar_function, sum_over
from derivcheck.layers import Layers

BISWAS = "Biswas, Backpropagation"

# layer k, from the first one to the output layer: the loss is any function of its pre-activations -------------------
d = Derivation(
    "biswas-batch-parameters", layout="like-variable", source=Source(BISWAS, "5.2"), title="The gradients of a batch by the parameters of any layer"
)
layers = Layers(d, "L")
n = layers.widths("n")
m = d.dim("m")
k = layers.generic("k", first=1)
W = layers.matrices("W", n, n.before, first=1)[k]
b = layers.vectors("b", n, first=1)[k]
H = layers.matrices("H", n, lambda layer: m)[k - 1]
i, j, s = d.index("i", n[k]), d.index("j", n[k - 1]), d.index("s", m)
A = d.let("A_k", W @ H + b @ ones(m).T)
loss = d.let("Loss", scalar_function("M", A), latex=r"\\mathcal{L}")

d.claim("one example of A_k", A[:, s], W @ H[:, s] + b, source=Source(BISWAS, "4.3.3, 5.2"))
d.claim("∇W_k, entries", D(loss, W[i, j]), sum_over(s, D(loss, A[i, s]) * H[j, s]))
d.claim("∇W_k", D(loss, W), D(loss, A) @ H.T)
d.claim("∇W_k, example by example", D(loss, W), sum_over(s, D(loss, A)[:, s] @ H[:, s].T))
d.claim("∇b_k, entries", D(loss, b[i]), sum_over(s, D(loss, A[i, s])))
d.claim("∇b_k", D(loss, b), D(loss, A) @ ones(m))

# the first layer ----------------------------------------------------------------------------------------------------
f = Derivation("biswas-batch-forward", layout="like-variable", source=Source(BISWAS, "5.2"), title="The first layer of a batch")
first_layers = Layers(f, "L")
N = first_layers.widths("n")
B = f.dim("m")
V = first_layers.matrices("W", N, N.before, first=1)
c = first_layers.vectors("b", N, first=1)
after_the_input = first_layers.matrices("H", N, lambda layer: B, first=1)
X = f.matrix("X", N[0], B)
H_0 = f.let("H_0", X)
A_1 = f.let("A_1", V[1] @ H_0 + c[1] @ ones(B).T)
r, z = f.index("r", N[1]), f.index("z", B)
q = f.index("q", N[0])

f.claim("the first layer, entries", A_1[r, z], sum_over(q, V[1][r, q] * X[q, z]) + c[1][r])
f.erratum(
    "A_0 = X",
    printed=(lambda: A_1, lambda: V[1] @ after_the_input[0] + c[1] @ ones(B).T),
    corrected=(A_1, V[1] @ X + c[1] @ ones(B).T),
    expected="ill-typed",
    note="the first layer takes H_0, for which no value is given: activations are defined for the layers 1 to L − 1. It must be H_0 = X",
)
f.erratum(
    "A_0 = X, with the activation of every layer",
    printed=(A_1, V[1] @ elementwise("g", X) + c[1] @ ones(B).T),
    corrected=(A_1, V[1] @ X + c[1] @ ones(B).T),
    note="with X as pre-activations of layer 0 the inputs would pass through g",
)
