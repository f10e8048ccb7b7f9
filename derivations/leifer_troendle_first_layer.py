"""The first layer of the 3-layer network, for one observation in rows and any loss of its activations: (45) to (50), and shapes as printed."""

from __future__ import annotations

from derivcheck import D, Derivation, Source, array, contract, equal, hadamard, indicator, ones, scalar_function, sigmoid, size, sum_over

LEIFER = "Leifer and Troendle 2021"

d = Derivation(
    "leifer-troendle-first-layer",
    layout="like-variable",
    source=Source(LEIFER, "(37), (38), (45) to (50)"),
    title="Three layers in rows: the first layer, for one observation",
)
n0, n1, n2 = (d.dim(name) for name in ("n_0", "n_1", "n_2"))
q = d.index("q", n0, base=0)
r, s, t = d.indices("r s t", n1, base=0)
X = d.row("X", n0, latex="X^{[i]}")
W1 = d.matrix("W1", n0, n1, latex="W^{[1]}")
b1 = d.row("b1", n1, latex="b^{[1]}")
z1 = d.let("z1", X @ W1 + b1, latex="z^{[1,i]}")
a1 = d.let("a1", sigmoid(z1), latex="a^{[1,i]}")
L = d.let("L_CE", scalar_function("ell", a1), latex="L_{CE}")

# the derivative by the pre-activations: dz1 -------------------------------------------------------------------------
d.claim("(45)", D(a1, z1)[r, s], indicator(equal(r, s)) * a1[r] * (1 - a1[r]), source=Source(LEIFER, "(45)"))
d.claim("(45), as a matrix", D(a1, z1), array(indicator(equal(r, s)) * a1[r] * (1 - a1[r]), r, s), source=Source(LEIFER, "(45)"))
d.chain(
    "(46)",
    D(L, z1)[r],
    sum_over(t, D(L, a1)[t] * D(a1, z1)[t, r]),
    D(L, a1)[r] * a1[r] * (1 - a1[r]),
    source=Source(LEIFER, "(46)"),
)
d.claim("dz1, as a contraction", D(L, z1), D(L, a1) @ D(a1, z1), source=Source(LEIFER, "(46)"))
d.claim("dz1, as a row", D(L, z1), hadamard(D(L, a1), hadamard(a1, ones(n1).T - a1)), source=Source(LEIFER, "(46)"))

# the pre-activations by the parameters ------------------------------------------------------------------------------
d.claim("(47)", z1[r], sum_over(q, X[q] * W1[q, r]) + b1[r], source=Source(LEIFER, "(47)"))
d.chain("(48), weights", D(z1, W1)[t, q, r], D(z1[t], W1[q, r]), indicator(equal(t, r)) * X[q], source=Source(LEIFER, "(48)"))
d.chain("(48), biases", D(z1, b1)[t, r], D(z1[t], b1[r]), indicator(equal(t, r)), source=Source(LEIFER, "(48)"))
d.claim("(48), weights, as a tensor", D(z1, W1), array(indicator(equal(t, r)) * X[q], t, q, r), source=Source(LEIFER, "(48)"))
d.claim("(48), biases, as a matrix", D(z1, b1), array(indicator(equal(t, r)), t, r), source=Source(LEIFER, "(48)"))

# the gradients by the parameters: dW1, db1 --------------------------------------------------------------------------
d.chain(
    "(49)",
    D(L, W1)[q, r],
    sum_over(t, D(L, z1)[t] * D(z1, W1)[t, q, r]),
    D(L, z1)[r] * X[q],
    source=Source(LEIFER, "(49)"),
)
d.chain("(50)", D(L, b1)[r], sum_over(t, D(L, z1)[t] * D(z1, b1)[t, r]), D(L, z1)[r], source=Source(LEIFER, "(50)"))
d.claim("dW1, as a contraction", D(L, W1), contract(D(L, z1), D(z1, W1)), source=Source(LEIFER, "(49)"))
d.claim("db1, as a contraction", D(L, b1), D(L, z1) @ D(z1, b1), source=Source(LEIFER, "(50)"))
d.claim("dW1, as a matrix", D(L, W1), X.T @ D(L, z1), source=Source(LEIFER, "(49)"))
d.claim("db1, as a row", D(L, b1), D(L, z1), source=Source(LEIFER, "(50)"))

# errata -------------------------------------------------------------------------------------------------------------
B, side = d.dim("B"), d.dim(28)
batch = d.matrix("z1_batch", B, n1, latex="z^{[1]}")
activations = d.matrix("a1_batch", B, n1, latex="a^{[1]}")
other_row = d.row("g", n2)
d.erratum(
    "28 × 28",
    printed=(size(side) * size(side), 284),
    corrected=(size(side) * size(side), 784),
    note="a digit of 28 × 28 pixels has 784 of them",
    source=Source(LEIFER, "page 1"),
)
d.erratum(
    "(38)",
    printed=(lambda: a1, lambda: sigmoid(batch)),
    corrected=(a1, sigmoid(X @ W1 + b1)),
    expected="ill-typed",
    note="without the number of the observation, the pre-activations are those of the whole batch",
    source=Source(LEIFER, "(38)"),
)
d.erratum(
    "after (38), shape",
    printed=(lambda: a1, lambda: activations),
    corrected=(a1, array(a1[r], r).T),
    expected="ill-typed",
    note="called B × n_1, but the activations of one observation are 1 × n_1, as after (22)",
    source=Source(LEIFER, "after (38)"),
)
d.erratum(
    "after (44), shape",
    printed=(lambda: D(L, z1), lambda: other_row),
    corrected=(D(L, z1), array(D(L, z1[r]), r).T),
    expected="ill-typed",
    note="called 1 × n_2 (here any such row), but a gradient by the pre-activations of the first layer is 1 × n_1",
    source=Source(LEIFER, "after (44)"),
)
