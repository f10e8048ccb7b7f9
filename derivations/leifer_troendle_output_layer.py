"""The output layer of the 3-layer network, for one observation in rows: Lemmas 1 to 4, (2) to (18), and its inputs, (27) and (28)."""

from __future__ import annotations

from derivcheck import D, Derivation, Source, array, contract, cross_entropy, differ, equal, exp, indicator, log, softmax, sum_over

LEIFER = "Leifer and Troendle 2021"

d = Derivation(
    "leifer-troendle-output-layer",
    layout="like-variable",
    source=Source(LEIFER, "Lemmas 1 to 4, (2) to (18), (27), (28)"),
    title="Three layers in rows: the output layer, for one observation",
)
n2, K = d.dim("n_2"), d.dim("K")
j, t, u = d.indices("j t u", K, base=0)
r, q = d.indices("r q", n2, base=0)
a2 = d.row("a2", n2, latex="a^{[2,i]}")
W3 = d.matrix("W3", n2, K, latex="W^{[3]}")
b3 = d.row("b3", K, latex="b^{[3]}")
y = d.row("y", K, latex="y^{(i)}")
d.assume("sums-to", y)
z3 = d.let("z3", a2 @ W3 + b3, latex="z^{[3,i]}")
yhat = d.let("yhat", softmax(z3), latex=r"\hat{y}^{(i)}")
L = d.let("L_CE", cross_entropy(y, yhat), latex="L_{CE}")
exponentials = sum_over(u, exp(z3[u]))
labels = ("Σ y = 1",)

# (2), (15) and the softmax, entry by entry --------------------------------------------------------------------------
d.claim("(2)", L, -sum_over(j, y[j] * log(yhat[j])), source=Source(LEIFER, "(2)"))
d.claim("(15)", z3[j], sum_over(q, a2[q] * W3[q, j]) + b3[j], source=Source(LEIFER, "(15)"))
d.claim("softmax", yhat[j], exp(z3[j]) / sum_over(t, exp(z3[t])), source=Source(LEIFER, "Lemma 1"))

# Lemma 1 ------------------------------------------------------------------------------------------------------------
d.chain(
    "(8)",
    D(yhat[j], z3[j]),
    (exp(z3[j]) * exponentials - exp(2 * z3[j])) / exponentials**2,
    yhat[j] - yhat[j] ** 2,
    yhat[j] * (1 - yhat[j]),
    source=Source(LEIFER, "(8)"),
)
d.claim("(7)", D(yhat[j], z3[j]), yhat[j] * (1 - yhat[j]), source=Source(LEIFER, "Lemma 1, (7)"))

# Lemma 2 ------------------------------------------------------------------------------------------------------------
d.claim("(10)", D(L, z3[j]), -sum_over(t, y[t] / yhat[t] * D(yhat[t], z3[j])), source=Source(LEIFER, "(10)"))
d.claim("(11)", D(yhat[j], z3[j]), yhat[j] * (1 - yhat[j]), source=Source(LEIFER, "(11)"))
d.chain(
    "(12)",
    D(yhat[t], z3[j]),
    exp(z3[t]) * D(exponentials**-1, z3[j]),
    -exp(z3[t]) * (exp(z3[j]) / exponentials**2),
    -(yhat[t] * yhat[j]),
    where=[differ(t, j)],
    source=Source(LEIFER, "(12)"),
)
d.chain(
    "(13)",
    D(L, z3[j]),
    -sum_over(t, y[t] / yhat[t] * (yhat[j] * (1 - yhat[j]) * indicator(equal(t, j)) - yhat[t] * yhat[j] * indicator(differ(t, j)))),
    -sum_over(t, y[j] * (1 - yhat[j]) * indicator(equal(t, j)) - y[t] * yhat[j] * indicator(differ(t, j))),
    -y[j] + y[j] * yhat[j] + sum_over(t, y[t] * yhat[j] * indicator(differ(t, j))),
    -y[j] + yhat[j] * sum_over(t, y[t]),
    -y[j] + yhat[j] * 1,
    yhat[j] - y[j],
    assumptions={5: labels, "end": labels},
    source=Source(LEIFER, "(13)"),
)
d.claim("(9)", D(L, z3)[j], yhat[j] - y[j], assumptions=labels, source=Source(LEIFER, "Lemma 2, (9)"))
d.claim("(9), as a row", D(L, z3), yhat - y, assumptions=labels, source=Source(LEIFER, "Lemma 2, (9)"))

# Lemma 3 ------------------------------------------------------------------------------------------------------------
output = sum_over(q, a2[q] * W3[q, t]) + b3[t]
d.chain(
    "(16)",
    D(z3, W3)[t, r, j],
    D(z3[t], W3[r, j]),
    D(output, W3[r, j]),
    indicator(equal(t, j)) * a2[r],
    source=Source(LEIFER, "(16)"),
)
d.chain("(17)", D(z3, b3)[t, j], D(z3[t], b3[j]), D(output, b3[j]), indicator(equal(t, j)), source=Source(LEIFER, "(17)"))
d.claim("(14), weights", D(z3, W3), array(indicator(equal(t, j)) * a2[r], t, r, j), source=Source(LEIFER, "Lemma 3, (14)"))
d.claim("(14), biases", D(z3, b3), array(indicator(equal(t, j)), t, j), source=Source(LEIFER, "Lemma 3, (14)"))

# (5), tensors; (6), entries -----------------------------------------------------------------------------------------
d.claim("(5), weights", D(L, W3), contract(D(L, z3), D(z3, W3)), source=Source(LEIFER, "(5)"))
d.claim("(5), biases", D(L, b3), D(L, z3) @ D(z3, b3), source=Source(LEIFER, "(5)"))
d.claim("(6), weights", D(L, W3)[r, j], sum_over(t, D(L, z3)[t] * D(z3, W3)[t, r, j]), source=Source(LEIFER, "(6)"))
d.claim("(6), biases", D(L, b3)[j], sum_over(t, D(L, z3)[t] * D(z3, b3)[t, j]), source=Source(LEIFER, "(6)"))

# Lemma 4 ------------------------------------------------------------------------------------------------------------
d.claim("(18), weights", D(L, W3)[r, j], (yhat[j] - y[j]) * a2[r], assumptions=labels, source=Source(LEIFER, "Lemma 4, (18)"))
d.claim("(18), biases", D(L, b3)[j], yhat[j] - y[j], assumptions=labels, source=Source(LEIFER, "Lemma 4, (18)"))
d.claim("(18), weights, as a matrix", D(L, W3), a2.T @ (yhat - y), assumptions=labels, source=Source(LEIFER, "Lemma 4, (18)"))
d.claim("(18), biases, as a row", D(L, b3), yhat - y, assumptions=labels, source=Source(LEIFER, "Lemma 4, (18)"))

# the derivative by the inputs of the layer: da2 ---------------------------------------------------------------------
d.claim("(27)", D(z3, a2)[j, r], W3[r, j], source=Source(LEIFER, "(27)"))
d.claim("(27), as a matrix", D(z3, a2), W3.T, source=Source(LEIFER, "(27)"))
d.claim("(28), as a contraction", D(L, a2), D(L, z3) @ D(z3, a2), source=Source(LEIFER, "(28)"))
d.chain(
    "(28)",
    D(L, a2)[r],
    sum_over(j, D(L, z3)[j] * D(z3, a2)[j, r]),
    sum_over(j, (yhat[j] - y[j]) * W3[r, j]),
    assumptions={2: labels, "end": labels},
    source=Source(LEIFER, "(28)"),
)
d.claim("(28), as a row", D(L, a2), (yhat - y) @ W3.T, assumptions=labels, source=Source(LEIFER, "(28)"))

# errata -------------------------------------------------------------------------------------------------------------
d.erratum(
    "(1), shape of the prediction",
    printed=(lambda: yhat, lambda: array(yhat[j], j)),
    corrected=(yhat, array(yhat[j], j).T),
    expected="ill-typed",
    note="called a column of 10, but the rows of the B × 10 predictions are 1 × 10, as after (4)",
    source=Source(LEIFER, "(1)"),
)
d.erratum(
    "before Lemma 3, range of the entries",
    printed=(lambda: a2, lambda: array(a2[j], j).T),
    corrected=(a2, array(a2[r], r).T),
    expected="ill-typed",
    note="j counts the K classes, but this row has n_2 entries",
    source=Source(LEIFER, "before Lemma 3"),
)
d.erratum(
    "(17), label",
    printed=(lambda: D(z3, W3)[t, j], lambda: D(z3[t], b3[j])),
    corrected=(D(z3, b3)[t, j], indicator(equal(t, j))),
    expected="ill-typed",
    note="the derivative by the biases is labelled with the weights, whose tensor has three subscripts",
    source=Source(LEIFER, "(17)"),
)
