"""The gradient of a network with one hidden layer by its input, in rows, with implied sums and δ: exercise 2.c.

Every implied sum is written out; an index that stands on both sides of an equation is not summed, however often it occurs.
"""

from __future__ import annotations

from typing import Any

from derivcheck import D, Derivation, Source, cross_entropy, delta, elementwise, exp, hadamard, ones, scalar_function, sigmoid, softmax, sum_over

SOLUTION = Source("Solution of the CS224n exercises", "2.c")

d = Derivation("cs224n-gradient-by-input", layout="like-variable", source=SOLUTION, title="One hidden layer: the gradient by the input")
inputs, hidden, classes = (d.dim(name) for name in ("D", "H", "K"))
k = d.index("k", inputs)
c, e, i = d.indices("c d i", hidden)
a, b, p = d.indices("a b p", classes)
x = d.row("x", inputs)
W1 = d.matrix("W1", inputs, hidden, latex="W^{(1)}")
W2 = d.matrix("W2", hidden, classes, latex="W^{(2)}")
b1 = d.row("b1", hidden, latex="b^{(1)}")
b2 = d.row("b2", classes, latex="b^{(2)}")
y = d.row("y", classes)
d.assume("sums-to", y)
t = d.let("t", x @ W1 + b1)
h = d.let("h", sigmoid(t))
v = d.let("v", h @ W2 + b2)
yhat = d.let("yhat", softmax(v), latex=r"\hat{y}")
J = d.let("J", cross_entropy(y, yhat))
slope = d.let("sigma'", hadamard(sigmoid(t), ones(hidden).T - sigmoid(t)), latex=r"\sigma'(t)")
error = d.let("error", yhat - y, latex=r"[\hat{y} - y]")
by_labels = ("Σ y = 1",)

# the factors of the chain rule --------------------------------------------------------------------------------------
d.chain("∂J/∂ŷ", D(J, yhat[a]), -sum_over(p, y[p] * (1 / yhat[p]) * D(yhat[p], yhat[a])), -sum_over(p, y[p] / yhat[p] * delta(p, a)), -y[a] / yhat[a])
d.chain("∂ŷ/∂v", D(yhat[a], v[b]), D(softmax(v)[a], v[b]), yhat[a] * delta(a, b) - yhat[a] * yhat[b])
d.chain(
    "∂v/∂h",
    D(v[b], h[c]),
    D(sum_over(i, h[i] * W2[i, b]) + b2[b], h[c]),
    sum_over(i, W2[i, b] * D(h[i], h[c])),
    sum_over(i, W2[i, b] * delta(i, c)),
    W2[c, b],
)
d.claim("σ′", slope[c], sigmoid(t[c]) * (1 - sigmoid(t[c])))
d.chain(
    "∂h/∂t",
    D(h[c], t[e]),
    D(sigmoid(t[c]), t[e]),
    sigmoid(t[c]) * (1 - sigmoid(t[c])) * D(t[c], t[e]),
    sigmoid(t[c]) * (1 - sigmoid(t[c])) * delta(c, e),
    slope[c] * delta(c, e),
)
d.claim("∂t/∂x", D(t[e], x[k]), W1[k, e])

# put together, in indices -------------------------------------------------------------------------------------------
d.claim("chain rule", D(J, x), D(J, yhat) @ D(yhat, v) @ D(v, h) @ D(h, t) @ D(t, x))


def summed(body: Any, *indices: Any) -> Any:
    """The sum of a term over several indices."""
    for index in reversed(indices):
        body = sum_over(index, body)
    return body


left_factor = yhat[a] * delta(a, b) - yhat[a] * yhat[b]
through = slope[c] * delta(c, e) * W1[k, e]
links = summed(D(J, yhat[a]) * D(yhat[a], v[b]) * D(v[b], h[c]) * D(h[c], t[e]) * D(t[e], x[k]), a, b, c, e)
d.claim("chain rule, indices", D(J, x[k]), links)
d.chain(
    "2.c, indices",
    links,
    -summed(y[a] / yhat[a] * left_factor * W2[c, b] * through, a, b, c, e),
    -summed(y[a] * (delta(a, b) - yhat[b]) * W2[c, b] * through, a, b, c, e),
    -summed(y[a] * delta(a, b) * W2[c, b] * through, a, b, c, e) + summed(y[a] * yhat[b] * W2[c, b] * through, a, b, c, e),
    -summed(y[b] * W2[c, b] * through, b, c, e) + summed(yhat[b] * W2[c, b] * through, b, c, e),
    summed((yhat[b] - y[b]) * W2[c, b] * through, b, c, e),
    summed(error[b] * W2[c, b] * through, b, c, e),
    summed(error[b] * W2[c, b] * slope[c] * W1[k, c], b, c),
    assumptions={4: by_labels, "end": by_labels},
)

# back to matrices ---------------------------------------------------------------------------------------------------
d.claim("∂J/∂v", D(J, v), error, assumptions=by_labels, source=Source(SOLUTION.author, "2.b"))
last_line = summed(error[b] * W2[c, b] * slope[c] * W1[k, c], b, c)
d.claim("2.c, transposed weights", last_line, summed(error[b] * W2.T[b, c] * slope[c] * W1.T[c, k], b, c))
d.claim("2.c, part", sum_over(b, error[b] * W2.T[b, c]), (error @ W2.T)[c])
d.claim("2.c, entrywise product", (error @ W2.T)[c] * slope[c], hadamard(error @ W2.T, slope)[c], note="c is free on both sides: it is not summed")
d.claim("2.c, entries", last_line, (hadamard(error @ W2.T, slope) @ W1.T)[k])
d.claim("2.c", D(J, x), hadamard(error @ W2.T, slope) @ W1.T, assumptions=by_labels, note="the closing form read from left to right, as is meant")

# other readings of the closing form and of the implied sums -----------------------------------------------------------
d.claim(
    "2.c, matrix products before the entrywise one", lambda: D(J, x), lambda: hadamard(error @ W2.T, slope @ W1.T),
    expected="ill-typed", note="another reading of the closing form, by the usual precedence",
)  # fmt: skip
d.claim(
    "2.c, the entrywise product first", lambda: D(J, x), lambda: error @ hadamard(W2.T, slope) @ W1.T,
    expected="ill-typed", note="another reading of the closing form: K × H and 1 × H",
)  # fmt: skip
d.claim(
    "2.c, the entrywise product first, with every row the same", hadamard(error @ W2.T, slope) @ W1.T,
    error @ hadamard(W2.T, ones(classes) @ slope) @ W1.T, note="what a program that broadcasts makes of that reading; it is right",
)  # fmt: skip
d.claim(
    "2.c, one entry transposed", lambda: W2.T[b, c], lambda: W2[b, c],
    expected="ill-typed", note="another reading of a superscript T on an entry: it is the entry of the transpose",
)  # fmt: skip
d.claim(
    "2.c, c summed wherever it is repeated", sum_over(i, (error @ W2.T)[i] * slope[i]), hadamard(error @ W2.T, slope)[c],
    expected="refuted", note="Einstein's convention to the letter; the source does not sum an index that is free on the other side",
)  # fmt: skip
d.claim(
    "∂ŷ/∂v, a summed wherever it is repeated", lambda: D(yhat[a], v[b]), lambda: sum_over(p, yhat[p] * delta(p, b) - yhat[p] * yhat[b]),
    expected="refuted", note="Einstein's convention to the letter: a is then free on the left side only",
)  # fmt: skip
d.claim("∂ŷ/∂v, ψ entrywise", D(yhat[a], v[b]), D(elementwise("psi", v[a]), v[b]), expected="refuted", note="another reading of ψ(v_a)")
d.claim("∂ŷ/∂v, ψ of one number", D(exp(v[a]) / exp(v[a]), v[b]), 0, note="another reading of ψ(v_a): a softmax of a single number is 1")

# errata -------------------------------------------------------------------------------------------------------------
d.erratum(
    "ψ(v_a)",
    printed=(lambda: D(yhat[a], v[b]), lambda: D(softmax(v[a]), v[b])),
    corrected=(D(yhat[a], v[b]), D(softmax(v)[a], v[b])),
    expected="ill-typed",
    note="softmax is of the whole row; its entry a is meant",
)
d.erratum(
    "2.c, left side",
    printed=(lambda: D(J, x[k]), lambda: hadamard(error @ W2.T, slope) @ W1.T),
    corrected=(D(J, x[k]), (hadamard(error @ W2.T, slope) @ W1.T)[k]),
    expected="ill-typed",
    assumptions=by_labels,
    note="one entry on the left, a row on the right",
)

# as many inputs as hidden units as classes: the shapes do not tell the readings apart, the values do -----------------------
square = Derivation("cs224n-square", layout="like-variable", source=SOLUTION, title="All widths the same: the readings by their values")
n = square.dim("n")
z = square.row("x", n)
U, V = square.matrix("W1", n, n, latex="W^{(1)}"), square.matrix("W2", n, n, latex="W^{(2)}")
s = square.let("t", z @ U)
q = square.let("v", elementwise("sigma", s) @ V)
M = square.let("J", scalar_function("J", q))
steps = elementwise("sigma", s, order=1)
square.claim("2.c", D(M, z), hadamard(D(M, q) @ V.T, steps) @ U.T, note="for every loss and every activation")
square.claim(
    "2.c, matrix products before the entrywise one", D(M, z), hadamard(D(M, q) @ V.T, steps @ U.T),
    expected="refuted", note="another reading of the closing form",
)  # fmt: skip
square.claim(
    "2.c, the entrywise product before the matrix products", D(M, z), hadamard(D(M, q), steps) @ V.T @ U.T,
    expected="refuted", note="another reading of the closing form",
)  # fmt: skip
square.claim(
    "2.g, b1, W of the left side", D(M, s), hadamard(D(M, q) @ U.T, steps),
    expected="refuted", note="another reading of W without a superscript; the gradient by b1 is the one by t", source=Source(SOLUTION.author, "2.g"),
)  # fmt: skip
