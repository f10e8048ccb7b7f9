"""The gradients by the hidden units, in columns: through every unit of the next layer, and by the pre-activations of their own."""

from __future__ import annotations

from derivcheck import D, Derivation, Positive, Source, array, cases, elementwise, equal, hadamard, indicator, relu, scalar_function, sum_over
from derivcheck.layers import Layers

BISWAS = "Biswas, Backpropagation"

d = Derivation(
    "biswas-hidden-units",
    layout="like-variable",
    source=Source(BISWAS, "4.3.2"),
    title="Gradients by the hidden units of any layer",
)

# the chain rule along several paths ---------------------------------------------------------------------------------
q = d.dim("q")
m = d.index("m", q)
e = d.index("e", d.dim(2))
z = d.scalar("z")
u, v = d.vector("u", q), d.vector("v", q)
path = d.let("path", elementwise("q_m", z * u + v))
outcome = d.let("outcome", scalar_function("p", path))
d.claim(
    "several paths", D(outcome, z), sum_over(m, D(outcome, path[m]) * D(path[m], z)),
    note="the paths differ by a factor and an offset, both generic",
)  # fmt: skip
x = d.scalar("x")
y = d.let("y", cases((equal(e, 1), elementwise("first", x)), otherwise=elementwise("second", x)), e)
joined = d.let("joined", scalar_function("z_of_y", y))
d.claim("two paths", D(joined, x), sum_over(e, D(joined, y[e]) * D(y[e], x)))
# a sum over a range of known length is not written out by the algebra; the dimension is 2, so the exact witness leaves nothing open
d.claim(
    "two paths, written out", D(joined, x),
    D(joined, y[1]) * elementwise("first", x, order=1) + D(joined, y[2]) * elementwise("second", x, order=1),
    expected="proved-small",
)  # fmt: skip

# layer k: what follows the next pre-activations is any function of them ---------------------------------------------
layers = Layers(d, "L")
n = layers.widths("n")
k = layers.generic("k", first=1, last=-1)
W = layers.matrices("W", n, n.before, first=1)
b = layers.vectors("b", n, first=1)
a = layers.vectors("a", n, first=1)
j, l = d.indices("j l", n[k])
r = d.index("r", n[k + 1])
h = d.let("h_k", elementwise("g", a[k]))
a_next = d.let("a_(k+1)", W[k + 1] @ h + b[k + 1])
loss = d.let("Loss", scalar_function("L", a_next), latex=r"\mathcal{L}")
slope = elementwise("g", a[k], order=1)

# by the hidden units ------------------------------------------------------------------------------------------------
d.claim("the next layer, entries", a_next[r], sum_over(j, W[k + 1][r, j] * h[j]) + b[k + 1][r])
d.claim("one path", D(a_next[r], h[j]), W[k + 1][r, j])
d.claim("a column of the weights", W[k + 1][:, j].T @ D(loss, a_next), sum_over(r, D(loss, a_next[r]) * W[k + 1][r, j]))
d.chain(
    "by a hidden unit",
    D(loss, h[j]),
    sum_over(r, D(loss, a_next[r]) * D(a_next[r], h[j])),
    sum_over(r, D(loss, a_next[r]) * W[k + 1][r, j]),
    W[k + 1][:, j].T @ D(loss, a_next),
)
d.chain("by the hidden units", D(loss, h), array(W[k + 1][:, j].T @ D(loss, a_next), j), W[k + 1].T @ D(loss, a_next))

# by the pre-activations ---------------------------------------------------------------------------------------------
d.claim("one unit depends on its own pre-activation", D(h[j], a[k][l]), slope[j] * indicator(equal(j, l)))
d.chain("by a pre-activation", D(loss, a[k][j]), D(loss, h[j]) * D(h[j], a[k][j]), D(loss, h[j]) * slope[j])
d.chain("by the pre-activations", D(loss, a[k]), array(D(loss, h[j]) * slope[j], j), hadamard(D(loss, h), slope))

# the rectifier ------------------------------------------------------------------------------------------------------
h_relu = d.let("h_k of relu", relu(a[k]), latex="h_k")
loss_relu = d.let("Loss of relu", scalar_function("L_relu", h_relu), latex=r"\mathcal{L}")
is_active = indicator(Positive(a[k][j]))
off_the_kink = ("a_k[i] ≠ 0 for every i",)
d.claim("slope of relu", D(h_relu[j], a[k][j]), is_active, conditions=off_the_kink)
d.claim("by a pre-activation of relu", D(loss_relu, a[k][j]), D(loss_relu, h_relu[j]) * is_active, conditions=off_the_kink)
d.claim(
    "by the pre-activations of relu", D(loss_relu, a[k]), hadamard(D(loss_relu, h_relu), array(is_active, j)), conditions=off_the_kink,
)  # fmt: skip

# errata -------------------------------------------------------------------------------------------------------------
p = d.dim("p")
out = d.index("m'", p)
d.erratum(
    "by a hidden unit, sum over the output units",
    printed=(lambda: D(loss, h[j]), lambda: sum_over(out, D(loss, a_next[out]) * D(a_next[out], h[j]))),
    corrected=(D(loss, h[j]), sum_over(r, D(loss, a_next[r]) * D(a_next[r], h[j]))),
    expected="ill-typed",
    note="the sum runs over the units of layer k + 1, of which there are p only below the output layer",
)
d.erratum(
    "by a hidden unit, sum over the output units, second member",
    printed=(lambda: D(loss, h[j]), lambda: sum_over(out, D(loss, a_next[out]) * W[k + 1][out, j])),
    corrected=(D(loss, h[j]), sum_over(r, D(loss, a_next[r]) * W[k + 1][r, j])),
    expected="ill-typed",
    note="the same bound of the sum",
)
d.erratum(
    "by a hidden unit, sum over the first units",
    printed=(D(loss, h[j]), sum_over(r, D(loss, a_next[r]) * W[k + 1][r, j], upper=1)),
    corrected=(D(loss, h[j]), sum_over(r, D(loss, a_next[r]) * W[k + 1][r, j])),
    note="the bound p read as a number, here p = 1: the terms of the other units of layer k + 1 are lost",
)
d.erratum(
    "by the pre-activations, product with a row",
    printed=(lambda: D(loss, a[k]), lambda: hadamard(D(loss, h), slope.T)),
    corrected=(D(loss, a[k]), hadamard(D(loss, h), slope)),
    expected="ill-typed",
    note="the slopes are printed as a row beside a column; broadcasting would make it a square matrix",
)
