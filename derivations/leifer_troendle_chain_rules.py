"""The chain rules (26) and (42) through two layers, for one observation in rows, and the weights of (43) and (44)."""

from __future__ import annotations

from derivcheck import D, Derivation, Source, contract, ones, scalar_function, sigmoid, sum_over

LEIFER = "Leifer and Troendle 2021"

# from the logits to the second layer --------------------------------------------------------------------------------
second = Derivation(
    "leifer-troendle-second-chain-rule",
    layout="like-variable",
    source=Source(LEIFER, "(26)"),
    title="Three layers in rows: from any loss of the logits to the second layer",
)
m1, m2, K = second.dim("n_1"), second.dim("n_2"), second.dim("K")
inputs = second.row("a1", m1, latex="a^{[1,i]}")
weights = second.matrix("W2", m1, m2, latex="W^{[2]}")
biases = second.row("b2", m2, latex="b^{[2]}")
W3 = second.matrix("W3", m2, K, latex="W^{[3]}")
b3 = second.row("b3", K, latex="b^{[3]}")
hidden = second.let("z2", inputs @ weights + biases, latex="z^{[2,i]}")
a2 = second.let("a2", sigmoid(hidden), latex="a^{[2,i]}")
z3 = second.let("z3", a2 @ W3 + b3, latex="z^{[3,i]}")
loss = second.let("L_CE", scalar_function("ell", z3), latex="L_{CE}")
by_hidden = D(loss, z3) @ D(z3, a2) @ D(a2, hidden)
second.claim("(26), weights", D(loss, weights), contract(by_hidden, D(hidden, weights)), source=Source(LEIFER, "(26)"))
second.claim("(26), biases", D(loss, biases), by_hidden @ D(hidden, biases), source=Source(LEIFER, "(26)"))

# from the second layer to the first one -----------------------------------------------------------------------------
d = Derivation(
    "leifer-troendle-first-chain-rule",
    layout="like-variable",
    source=Source(LEIFER, "(42) to (44)"),
    title="Three layers in rows: from any loss of the second layer to the first one",
)
n0, n1, n2 = d.dim("n_0"), d.dim("n_1"), d.dim("n_2")
r = d.index("r", n1, base=0)
j = d.index("j", n2, base=0)
X = d.row("X", n0, latex="X^{[i]}")
W1 = d.matrix("W1", n0, n1, latex="W^{[1]}")
b1 = d.row("b1", n1, latex="b^{[1]}")
W2 = d.matrix("W2", n1, n2, latex="W^{[2]}")
b2 = d.row("b2", n2, latex="b^{[2]}")
z1 = d.let("z1", X @ W1 + b1, latex="z^{[1,i]}")
a1 = d.let("a1", sigmoid(z1), latex="a^{[1,i]}")
z2 = d.let("z2", a1 @ W2 + b2, latex="z^{[2,i]}")
L = d.let("L_CE", scalar_function("ell", z2), latex="L_{CE}")
by_z1 = D(L, z2) @ D(z2, a1) @ D(a1, z1)
d.claim("(42), weights", D(L, W1), contract(by_z1, D(z1, W1)), source=Source(LEIFER, "(42)"))
d.claim("(42), biases", D(L, b1), by_z1 @ D(z1, b1), source=Source(LEIFER, "(42)"))
d.claim("(43), as a matrix", D(z2, a1), W2.T, source=Source(LEIFER, "(43) with the weights of layer 2"))
d.claim("(44), step 1", D(L, a1)[r], sum_over(j, D(L, z2)[j] * D(z2, a1)[j, r]), source=Source(LEIFER, "(44)"))
d.claim("(44), as a contraction", D(L, a1), D(L, z2) @ D(z2, a1), source=Source(LEIFER, "(44)"))
d.claim("(44), as a row", D(L, a1), D(L, z2) @ W2.T, source=Source(LEIFER, "(44) with the weights of layer 2"))
d.erratum(
    "(43)",
    printed=(lambda: D(z2, a1)[j, r], lambda: W1[r, j]),
    corrected=(D(z2, a1)[j, r], W2[r, j]),
    expected="ill-typed",
    note="the weights are those of layer 2: W1 is n_0 × n_1, but r counts n_1 rows and j counts n_2 columns",
    source=Source(LEIFER, "(43)"),
)
d.erratum(
    "(44)",
    printed=(lambda: D(L, a1)[r], lambda: sum_over(j, D(L, z2)[j] * W1[r, j])),
    corrected=(D(L, a1)[r], sum_over(j, D(L, z2)[j] * W2[r, j])),
    expected="ill-typed",
    note="the weights are those of layer 2, as in (43)",
    source=Source(LEIFER, "(44)"),
)

# the same slips where all layers are as wide, so that no shape shows them -------------------------------------------
w = Derivation(
    "leifer-troendle-equal-widths",
    layout="like-variable",
    source=Source(LEIFER, "(43), (44), (52)"),
    title="Three layers in rows: the wrong layer, where all layers are as wide",
)
batch, n = w.dim("B"), w.dim("n")
i, e = w.indices("i e", batch, base=0)
u, v = w.indices("u v", n, base=0)
Y = w.matrix("X", batch, n)
V1, c1 = w.matrix("W1", n, n, latex="W^{[1]}"), w.row("b1", n, latex="b^{[1]}")
V2, c2 = w.matrix("W2", n, n, latex="W^{[2]}"), w.row("b2", n, latex="b^{[2]}")
y1 = w.let("z1", Y @ V1 + ones(batch) @ c1, latex="z^{[1]}")
x1 = w.let("a1", sigmoid(y1), latex="a^{[1]}")
y2 = w.let("z2", x1 @ V2 + ones(batch) @ c2, latex="z^{[2]}")
each = w.let("L_CE", scalar_function("ell", y2[e, :]), e, latex="L_{CE}")
mean_loss = w.let("L", sum_over(i, each[i]) / batch)
w.erratum(
    "(43), equal widths",
    printed=(D(y2[i, :], x1[i, :]), V1.T),
    corrected=(D(y2[i, :], x1[i, :]), V2.T),
    note="the weights are those of layer 2",
    source=Source(LEIFER, "(43)"),
)
w.erratum(
    "(44), equal widths",
    printed=(D(each[i], x1[i, u]), sum_over(v, D(each[i], y2[i, v]) * V1[u, v])),
    corrected=(D(each[i], x1[i, u]), sum_over(v, D(each[i], y2[i, v]) * V2[u, v])),
    note="the weights are those of layer 2",
    source=Source(LEIFER, "(44)"),
)
w.erratum(
    "(52), equal widths",
    printed=(batch * D(mean_loss, c1)[u], sum_over(i, D(each[i], c2[u]))),
    corrected=(batch * D(mean_loss, c1)[u], sum_over(i, D(each[i], c1[u]))),
    note="the biases are those of layer 1",
    source=Source(LEIFER, "(52)"),
)
