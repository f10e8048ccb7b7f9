"""The hidden layers of the 3-layer network, for a batch in rows: (35), (36), (51), (52) and the program's dz2, dW2, db2, da1, dz1, dW1, db1.

The loss of one observation is any function of the activations of that observation, one function for all of them: their labels are in the file
on the whole network.
"""

from __future__ import annotations

from derivcheck import D, Derivation, Source, contract, hadamard, ones, scalar_function, sigmoid, sum_over

LEIFER = "Leifer and Troendle 2021"

# the second layer ---------------------------------------------------------------------------------------------------
d = Derivation(
    "leifer-troendle-batch-second-layer",
    layout="like-variable",
    source=Source(LEIFER, "(35), (36), Note 3"),
    title="Three layers in rows: the second layer, for a batch",
)
B, n1, n2 = d.dim("B"), d.dim("n_1"), d.dim("n_2")
i, e = d.indices("i e", B, base=0)
q = d.index("q", n1, base=0)
r, t = d.indices("r t", n2, base=0)
a1 = d.matrix("a1", B, n1, latex="a^{[1]}")
W2 = d.matrix("W2", n1, n2, latex="W^{[2]}")
b2 = d.row("b2", n2, latex="b^{[2]}")
z2 = d.let("z2", a1 @ W2 + ones(B) @ b2, latex="z^{[2]}")
a2 = d.let("a2", sigmoid(z2), latex="a^{[2]}")
L_CE = d.let("L_CE", scalar_function("ell", a2[e, :]), e, latex="L_{CE}")
L = d.let("L", sum_over(i, L_CE[i]) / B)
slope = hadamard(a2, ones(B) @ ones(n2).T - a2)

# entries: dz2 of observation i, then the sums over the batch
d.claim("(30), observation i", D(L_CE[i], z2[i, r]), D(L_CE[i], a2[i, r]) * a2[i, r] * (1 - a2[i, r]), source=Source(LEIFER, "(30)"))
d.claim("(33), observation i", D(L_CE[i], W2[q, r]), D(L_CE[i], z2[i, r]) * a1[i, q], source=Source(LEIFER, "(33)"))
d.claim("(34), observation i", D(L_CE[i], b2[r]), D(L_CE[i], z2[i, r]), source=Source(LEIFER, "(34)"))
d.claim("(44), observation i", D(L_CE[i], a1[i, q]), sum_over(t, D(L_CE[i], z2[i, t]) * W2[q, t]), source=Source(LEIFER, "(44)"))
d.claim("dz2 is a sum", B * D(L, z2[i, r]), D(L_CE[i], z2[i, r]), source=Source(LEIFER, "Note 3"))
d.claim("da1 is a sum", B * D(L, a1[i, q]), D(L_CE[i], a1[i, q]), source=Source(LEIFER, "Note 4"))
d.chain(
    "(35)",
    B * D(L, W2)[q, r],
    sum_over(i, D(L_CE[i], W2[q, r])),
    sum_over(i, D(L_CE[i], z2[i, r]) * a1[i, q]),
    source=Source(LEIFER, "(35) with the subscripts (q, r)"),
)
d.chain("(36)", B * D(L, b2)[r], sum_over(i, D(L_CE[i], b2[r])), sum_over(i, D(L_CE[i], z2[i, r])), source=Source(LEIFER, "(36)"))

# matrices: the factor B is on both sides, or on none
d.claim("dz2", D(L, z2), hadamard(D(L, a2), slope), source=Source(LEIFER, "Note 3, dz2"))
d.claim("dW2", D(L, W2), a1.T @ D(L, z2), source=Source(LEIFER, "Note 3, dW2"))
d.claim("db2", D(L, b2), ones(B).T @ D(L, z2), source=Source(LEIFER, "Note 3, db2"))
d.claim("da1", D(L, a1), D(L, z2) @ W2.T, source=Source(LEIFER, "Note 4, da1"))
d.claim("B dz2", B * D(L, z2), hadamard(B * D(L, a2), slope), source=Source(LEIFER, "Note 3, dz2"))
d.claim("B dW2", B * D(L, W2), a1.T @ (B * D(L, z2)), source=Source(LEIFER, "Note 3, dW2"))
d.claim("B db2", B * D(L, b2), ones(B).T @ (B * D(L, z2)), source=Source(LEIFER, "Note 3, db2"))
d.claim("B da1", B * D(L, a1), B * D(L, z2) @ W2.T, source=Source(LEIFER, "Note 4, da1"))
d.claim("(26), weights, batch", D(L, W2), contract(D(L, z2), D(z2, W2), axes=2), source=Source(LEIFER, "(26)"))

d.erratum(
    "(35)",
    printed=(lambda: B * D(L, W2)[r, i], lambda: sum_over(i, D(L_CE[i], z2[i, r]) * a1[i, q])),
    corrected=(B * D(L, W2)[q, r], sum_over(i, D(L_CE[i], z2[i, r]) * a1[i, q])),
    expected="ill-typed",
    note="the subscripts (r, i) must be (q, r): r counts columns, and i, the observation, is summed over on the right",
    source=Source(LEIFER, "(35)"),
)

# the first layer ----------------------------------------------------------------------------------------------------
f = Derivation(
    "leifer-troendle-batch-first-layer",
    layout="like-variable",
    source=Source(LEIFER, "(51), (52), Note 4"),
    title="Three layers in rows: the first layer, for a batch",
)
batch, n0, m1, m2 = f.dim("B"), f.dim("n_0"), f.dim("n_1"), f.dim("n_2")
h, g = f.indices("i e", batch, base=0)
p = f.index("q", n0, base=0)
s, v = f.indices("r j", m1, base=0)
X = f.matrix("X", batch, n0)
W1 = f.matrix("W1", n0, m1, latex="W^{[1]}")
b1 = f.row("b1", m1, latex="b^{[1]}")
c2 = f.row("b2", m2, latex="b^{[2]}")
z1 = f.let("z1", X @ W1 + ones(batch) @ b1, latex="z^{[1]}")
x1 = f.let("a1", sigmoid(z1), latex="a^{[1]}")
each = f.let("L_CE", scalar_function("ell", x1[g, :]), g, latex="L_{CE}")
mean_loss = f.let("L", sum_over(h, each[h]) / batch)
steepness = hadamard(x1, ones(batch) @ ones(m1).T - x1)

# entries: dz1 of observation i, then the sums over the batch
f.claim("(46), observation i", D(each[h], z1[h, s]), D(each[h], x1[h, s]) * x1[h, s] * (1 - x1[h, s]), source=Source(LEIFER, "(46)"))
f.claim("(49), observation i", D(each[h], W1[p, s]), D(each[h], z1[h, s]) * X[h, p], source=Source(LEIFER, "(49)"))
f.claim("(50), observation i", D(each[h], b1[s]), D(each[h], z1[h, s]), source=Source(LEIFER, "(50)"))
f.claim("dz1 is a sum", batch * D(mean_loss, z1[h, s]), D(each[h], z1[h, s]), source=Source(LEIFER, "Note 4"))
f.chain(
    "(51)",
    batch * D(mean_loss, W1)[p, s],
    sum_over(h, D(each[h], W1[p, s])),
    sum_over(h, D(each[h], z1[h, s]) * X[h, p]),
    source=Source(LEIFER, "(51) with the subscripts (q, r)"),
)
f.chain(
    "(52)",
    batch * D(mean_loss, b1)[s],
    sum_over(h, D(each[h], b1[s])),
    sum_over(h, D(each[h], z1[h, s])),
    source=Source(LEIFER, "(52) with the biases of layer 1"),
)

# matrices: the factor B is on both sides, or on none
f.claim("dz1", D(mean_loss, z1), hadamard(D(mean_loss, x1), steepness), source=Source(LEIFER, "Note 4, dz1"))
f.claim("dW1", D(mean_loss, W1), X.T @ D(mean_loss, z1), source=Source(LEIFER, "Note 4, dW1"))
f.claim("db1", D(mean_loss, b1), ones(batch).T @ D(mean_loss, z1), source=Source(LEIFER, "Note 4, db1"))
f.claim("B dz1", batch * D(mean_loss, z1), hadamard(batch * D(mean_loss, x1), steepness), source=Source(LEIFER, "Note 4, dz1"))
f.claim("B dW1", batch * D(mean_loss, W1), X.T @ (batch * D(mean_loss, z1)), source=Source(LEIFER, "Note 4, dW1"))
f.claim("B db1", batch * D(mean_loss, b1), ones(batch).T @ (batch * D(mean_loss, z1)), source=Source(LEIFER, "Note 4, db1"))
f.claim("(42), weights, batch", D(mean_loss, W1), contract(D(mean_loss, z1), D(z1, W1), axes=2), source=Source(LEIFER, "(42)"))

f.erratum(
    "(51)",
    printed=(lambda: batch * D(mean_loss, W1)[s, v], lambda: sum_over(h, D(each[h], z1[h, s]) * X[h, p])),
    corrected=(batch * D(mean_loss, W1)[p, s], sum_over(h, D(each[h], z1[h, s]) * X[h, p])),
    expected="ill-typed",
    note="the subscripts (r, j) must be (q, r): r counts the columns on the right, and q is free there only",
    source=Source(LEIFER, "(51)"),
)
f.erratum(
    "(52)",
    printed=(lambda: batch * D(mean_loss, b1)[s], lambda: sum_over(h, D(each[h], c2[s]))),
    corrected=(batch * D(mean_loss, b1)[s], sum_over(h, D(each[h], b1[s]))),
    expected="ill-typed",
    note="the biases are those of layer 1: those of layer 2 have n_2 entries, but r counts n_1",
    source=Source(LEIFER, "(52)"),
)
