"""The second layer of the 3-layer network, for one observation in rows and any loss of its activations: Lemma 5, (29) to (34)."""

from __future__ import annotations

from derivcheck import D, Derivation, Source, array, contract, equal, exp, hadamard, indicator, ones, scalar_function, sigmoid, sum_over

LEIFER = "Leifer and Troendle 2021"

d = Derivation(
    "leifer-troendle-second-layer",
    layout="like-variable",
    source=Source(LEIFER, "Lemma 5, (21), (22), (29) to (34)"),
    title="Three layers in rows: the second layer, for one observation",
)
n1, n2 = d.dim("n_1"), d.dim("n_2")
q = d.index("q", n1, base=0)
r, s, t = d.indices("r s t", n2, base=0)
x = d.scalar("x")
a1 = d.row("a1", n1, latex="a^{[1,i]}")
W2 = d.matrix("W2", n1, n2, latex="W^{[2]}")
b2 = d.row("b2", n2, latex="b^{[2]}")
z2 = d.let("z2", a1 @ W2 + b2, latex="z^{[2,i]}")
a2 = d.let("a2", sigmoid(z2), latex="a^{[2,i]}")
L = d.let("L_CE", scalar_function("ell", a2), latex="L_{CE}")

# Lemma 5 ------------------------------------------------------------------------------------------------------------
d.claim("sigmoid", sigmoid(x), 1 / (1 + exp(-x)), source=Source(LEIFER, "Lemma 5"))
d.claim("Lemma 5", D(sigmoid(x), x), sigmoid(x) * (1 - sigmoid(x)), source=Source(LEIFER, "Lemma 5"))

# the derivative by the pre-activations: dz2 -------------------------------------------------------------------------
d.claim("(29)", D(a2, z2)[r, s], indicator(equal(r, s)) * a2[r] * (1 - a2[r]), source=Source(LEIFER, "(29)"))
d.claim("(29), as a matrix", D(a2, z2), array(indicator(equal(r, s)) * a2[r] * (1 - a2[r]), r, s), source=Source(LEIFER, "(29)"))
d.chain(
    "(30)",
    D(L, z2)[r],
    sum_over(t, D(L, a2)[t] * D(a2, z2)[t, r]),
    D(L, a2)[r] * a2[r] * (1 - a2[r]),
    source=Source(LEIFER, "(30)"),
)
d.claim("dz2, as a contraction", D(L, z2), D(L, a2) @ D(a2, z2), source=Source(LEIFER, "(30)"))
d.claim("dz2, as a row", D(L, z2), hadamard(D(L, a2), hadamard(a2, ones(n2).T - a2)), source=Source(LEIFER, "(30)"))

# the pre-activations by the parameters ------------------------------------------------------------------------------
d.claim("(31)", z2[r], sum_over(q, a1[q] * W2[q, r]) + b2[r], source=Source(LEIFER, "(31)"))
d.chain("(32), weights", D(z2, W2)[t, q, r], D(z2[t], W2[q, r]), indicator(equal(t, r)) * a1[q], source=Source(LEIFER, "(32)"))
d.chain("(32), biases", D(z2, b2)[t, r], D(z2[t], b2[r]), indicator(equal(t, r)), source=Source(LEIFER, "(32)"))
d.claim("(32), weights, as a tensor", D(z2, W2), array(indicator(equal(t, r)) * a1[q], t, q, r), source=Source(LEIFER, "(32)"))
d.claim("(32), biases, as a matrix", D(z2, b2), array(indicator(equal(t, r)), t, r), source=Source(LEIFER, "(32)"))

# the gradients by the parameters: dW2, db2 --------------------------------------------------------------------------
d.chain(
    "(33)",
    D(L, W2)[q, r],
    sum_over(t, D(L, z2)[t] * D(z2, W2)[t, q, r]),
    D(L, z2)[r] * a1[q],
    source=Source(LEIFER, "(33)"),
)
d.chain("(34)", D(L, b2)[r], sum_over(t, D(L, z2)[t] * D(z2, b2)[t, r]), D(L, z2)[r], source=Source(LEIFER, "(34)"))
d.claim("dW2, as a contraction", D(L, W2), contract(D(L, z2), D(z2, W2)), source=Source(LEIFER, "(33)"))
d.claim("db2, as a contraction", D(L, b2), D(L, z2) @ D(z2, b2), source=Source(LEIFER, "(34)"))
d.claim("dW2, as a matrix", D(L, W2), a1.T @ D(L, z2), source=Source(LEIFER, "(33)"))
d.claim("db2, as a row", D(L, b2), D(L, z2), source=Source(LEIFER, "(34)"))
