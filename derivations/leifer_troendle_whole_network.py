"""The whole 3-layer network, for a batch in rows: every gradient that the program computes, from the loss to the first layer."""

from __future__ import annotations

from derivcheck import D, Derivation, Source, hadamard, log, ones, sigmoid, softmax, sum_over

LEIFER = "Leifer and Troendle 2021"

d = Derivation(
    "leifer-troendle-whole-network",
    layout="like-variable",
    source=Source(LEIFER, "Notes 2 to 4"),
    title="Three layers in rows: all gradients of the whole network, for a batch",
)
B, n0, n1, n2, K = (d.dim(name) for name in ("B", "n_0", "n_1", "n_2", "K"))
i, e = d.indices("i e", B, base=0)
t = d.index("t", K, base=0)
X = d.matrix("X", B, n0)
W1, b1 = d.matrix("W1", n0, n1, latex="W^{[1]}"), d.row("b1", n1, latex="b^{[1]}")
W2, b2 = d.matrix("W2", n1, n2, latex="W^{[2]}"), d.row("b2", n2, latex="b^{[2]}")
W3, b3 = d.matrix("W3", n2, K, latex="W^{[3]}"), d.row("b3", K, latex="b^{[3]}")
y = d.matrix("y", B, K)
d.assume("sums-to", y, axis=1)

# forward: (37), (38), (21), (22), (3), (4), (2), (1) -----------------------------------------------------------------
z1 = d.let("z1", X @ W1 + ones(B) @ b1, latex="z^{[1]}")
a1 = d.let("a1", sigmoid(z1), latex="a^{[1]}")
z2 = d.let("z2", a1 @ W2 + ones(B) @ b2, latex="z^{[2]}")
a2 = d.let("a2", sigmoid(z2), latex="a^{[2]}")
z3 = d.let("z3", a2 @ W3 + ones(B) @ b3, latex="z^{[3]}")
yhat = d.let("yhat", softmax(z3, axis=1), latex=r"\hat{y}")
L_CE = d.let("L_CE", -sum_over(t, y[e, t] * log(yhat[e, t])), e, latex="L_{CE}")
L = d.let("L", sum_over(i, L_CE[i]) / B)

# backward: what the program computes, B times the gradients ---------------------------------------------------------
dz3 = d.let("dz3", yhat - y)
dW3 = d.let("dW3", a2.T @ dz3)
db3 = d.let("db3", ones(B).T @ dz3)
da2 = d.let("da2", dz3 @ W3.T)
dz2 = d.let("dz2", hadamard(da2, hadamard(a2, ones(B) @ ones(n2).T - a2)))
dW2 = d.let("dW2", a1.T @ dz2)
db2 = d.let("db2", ones(B).T @ dz2)
da1 = d.let("da1", dz2 @ W2.T)
dz1 = d.let("dz1", hadamard(da1, hadamard(a1, ones(B) @ ones(n1).T - a1)))
dW1 = d.let("dW1", X.T @ dz1)
db1 = d.let("db1", ones(B).T @ dz1)

# The algebra needs a millisecond or two for each claim. Exact arithmetic opens all three layers: it takes seconds, and for dW1 and db1 its
# time does not suffice.
labels = ("Σ y over axis 2 = 1",)
compared = {"backprop": "network-gradient", "own_sizes": {"B": 128, "n_0": 784, "n_1": 200, "n_2": 100, "K": 10}}
d.claim("dz3", D(L, z3), dz3 / B, assumptions=labels, **compared, source=Source(LEIFER, "Note 2, (9)"))
d.claim("dW3", D(L, W3), dW3 / B, assumptions=labels, **compared, source=Source(LEIFER, "Note 2, (19)"))
d.claim("db3", D(L, b3), db3 / B, assumptions=labels, **compared, source=Source(LEIFER, "Note 2, (20)"))
d.claim("da2", D(L, a2), da2 / B, assumptions=labels, **compared, source=Source(LEIFER, "Note 3, (28)"))
d.claim("dz2", D(L, z2), dz2 / B, assumptions=labels, **compared, source=Source(LEIFER, "Note 3, (30)"))
d.claim("dW2", D(L, W2), dW2 / B, assumptions=labels, **compared, source=Source(LEIFER, "Note 3, (35)"))
d.claim("db2", D(L, b2), db2 / B, assumptions=labels, **compared, source=Source(LEIFER, "Note 3, (36)"))
d.claim("da1", D(L, a1), da1 / B, assumptions=labels, **compared, source=Source(LEIFER, "Note 4, (44)"))
d.claim("dz1", D(L, z1), dz1 / B, assumptions=labels, **compared, source=Source(LEIFER, "Note 4, (46)"))
d.claim("dW1", D(L, W1), dW1 / B, assumptions=labels, **compared, source=Source(LEIFER, "Note 4, (51)"))
d.claim("db1", D(L, b1), db1 / B, assumptions=labels, **compared, source=Source(LEIFER, "Note 4, (52)"))
