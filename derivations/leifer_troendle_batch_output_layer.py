"""The output layer of the 3-layer network, for a batch in rows: (1), (19), (20) and the program's dz3, dW3, db3 and da2."""

from __future__ import annotations

from derivcheck import D, Derivation, Source, contract, differ, equal, indicator, log, ones, softmax, sum_over

LEIFER = "Leifer and Troendle 2021"

d = Derivation(
    "leifer-troendle-batch-output-layer",
    layout="like-variable",
    source=Source(LEIFER, "(1), (19), (20), Note 2"),
    title="Three layers in rows: the output layer, for a batch",
)
B, n2, K = d.dim("B"), d.dim("n_2"), d.dim("K")
i, e = d.indices("i e", B, base=0)
r, q = d.indices("r q", n2, base=0)
j, t = d.indices("j t", K, base=0)
a2 = d.matrix("a2", B, n2, latex="a^{[2]}")
W3 = d.matrix("W3", n2, K, latex="W^{[3]}")
b3 = d.row("b3", K, latex="b^{[3]}")
y = d.matrix("y", B, K)
d.assume("sums-to", y, axis=1)
z3 = d.let("z3", a2 @ W3 + ones(B) @ b3, latex="z^{[3]}")
yhat = d.let("yhat", softmax(z3, axis=1), latex=r"\hat{y}")
L_CE = d.let("L_CE", -sum_over(t, y[e, t] * log(yhat[e, t])), e, latex="L_{CE}")
L = d.let("L", sum_over(i, L_CE[i]) / B)
labels = ("Σ y over axis 2 = 1",)

# (1), (3), entry by entry -------------------------------------------------------------------------------------------
d.claim("(1)", L, -sum_over(i, sum_over(j, y[i, j] * log(yhat[i, j]))) / B, source=Source(LEIFER, "(1), (2)"))
d.claim("(3), entries", z3[i, j], sum_over(q, a2[i, q] * W3[q, j]) + b3[j], source=Source(LEIFER, "(3), (15)"))

# by (1) alone: what the program calls dz3, dW3, db3 and da2 is B times the gradient, the sum over the observations -----
d.claim(
    "the other observations", D(L_CE[i], z3[e, j]), 0, where=[differ(i, e)], source=Source(LEIFER, "Note 1"),
    note="the loss of one observation depends on its own row only",
)  # fmt: skip
d.claim("dz3 is a sum", B * D(L, z3[i, j]), D(L_CE[i], z3[i, j]), source=Source(LEIFER, "Note 2"))
d.claim("da2 is a sum", B * D(L, a2[i, r]), D(L_CE[i], a2[i, r]), source=Source(LEIFER, "Note 3"))
d.chain(
    "(19)",
    B * D(L, W3)[r, j],
    sum_over(i, D(L_CE[i], W3[r, j])),
    sum_over(i, (yhat[i, j] - y[i, j]) * a2[i, r]),
    assumptions={2: labels, "end": labels},
    source=Source(LEIFER, "(19)"),
)
d.chain(
    "(20)",
    B * D(L, b3)[j],
    sum_over(i, D(L_CE[i], b3[j])),
    sum_over(i, yhat[i, j] - y[i, j]),
    assumptions={2: labels, "end": labels},
    source=Source(LEIFER, "(20) with the biases as its label"),
)
d.erratum(
    "(20)",
    printed=(lambda: B * D(L, W3)[r, j], lambda: sum_over(i, D(L_CE[i], b3[j]))),
    corrected=(B * D(L, b3)[j], sum_over(i, D(L_CE[i], b3[j]))),
    expected="refuted",
    note="labelled W b with subscripts (r, j): read as the weights, r is free on the left side only",
    source=Source(LEIFER, "(20)"),
)
d.claim("(14), observation i", D(z3[i, t], W3[r, j]), indicator(equal(t, j)) * a2[i, r], source=Source(LEIFER, "Lemma 3, (14)"))
d.claim("(5), weights, batch", D(L, W3), contract(D(L, z3), D(z3, W3), axes=2), source=Source(LEIFER, "(5)"))

# the entries of observation i, with softmax -------------------------------------------------------------------------
d.claim("(9), observation i", D(L_CE[i], z3[i, j]), yhat[i, j] - y[i, j], assumptions=labels, source=Source(LEIFER, "(9)"))
d.claim(
    "(18), observation i, weights", D(L_CE[i], W3[r, j]), (yhat[i, j] - y[i, j]) * a2[i, r], assumptions=labels,
    source=Source(LEIFER, "Lemma 4, (18)"),
)  # fmt: skip
d.claim("(18), observation i, biases", D(L_CE[i], b3[j]), yhat[i, j] - y[i, j], assumptions=labels, source=Source(LEIFER, "Lemma 4, (18)"))
d.claim(
    "(28), observation i", D(L_CE[i], a2[i, r]), sum_over(j, (yhat[i, j] - y[i, j]) * W3[r, j]), assumptions=labels,
    source=Source(LEIFER, "(28)"),
)  # fmt: skip

# matrices, without the factor B and with it -------------------------------------------------------------------------
d.claim("dz3 / B", D(L, z3), (yhat - y) / B, assumptions=labels, source=Source(LEIFER, "(1), (9)"))
d.claim("dW3 / B", D(L, W3), a2.T @ (yhat - y) / B, assumptions=labels, source=Source(LEIFER, "(19)"))
d.claim("db3 / B", D(L, b3), ones(B).T @ (yhat - y) / B, assumptions=labels, source=Source(LEIFER, "(20)"))
d.claim("da2 / B", D(L, a2), (yhat - y) @ W3.T / B, assumptions=labels, source=Source(LEIFER, "(28)"))
d.claim("dz3", B * D(L, z3), yhat - y, assumptions=labels, source=Source(LEIFER, "Note 2, dz3"))
d.claim("dW3", B * D(L, W3), a2.T @ (yhat - y), assumptions=labels, source=Source(LEIFER, "Note 2, dW3"))
d.claim("db3", B * D(L, b3), ones(B).T @ (yhat - y), assumptions=labels, source=Source(LEIFER, "Note 2, db3"))
d.claim("da2", B * D(L, a2), (yhat - y) @ W3.T, assumptions=labels, source=Source(LEIFER, "Note 3, da2"))

# errata -------------------------------------------------------------------------------------------------------------
errors = sum_over(i, yhat[i, j] - y[i, j])
d.erratum(
    "(20), read as the biases",
    printed=(lambda: B * D(L, b3)[r, j], lambda: errors),
    corrected=(B * D(L, b3)[j], errors),
    expected="ill-typed",
    assumptions=labels,
    note="labelled W b with subscripts (r, j): the gradient by the biases is 1 × K and has no row r",
    source=Source(LEIFER, "(20)"),
)
d.erratum(
    "(20), read as the first row of the weights",
    printed=(B * D(L, W3)[1, j], errors),
    corrected=(B * D(L, b3)[j], errors),
    assumptions=labels,
    note="labelled W b: no row of the gradient by the weights is that by the biases",
    source=Source(LEIFER, "(20)"),
)
