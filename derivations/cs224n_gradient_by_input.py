"""The gradient of a network with one hidden layer by its input, in rows, with implied sums and δ: exercise 2.c.

Every implied sum is written out; an index that stands on both sides of an equation is not summed, however often it occurs.
"""

from __future__ import annotations

from typing import Any

from derivcheck import D, Derivation, Source, cross_entropy, delta, hadamard, log, ones, sigmoid, softmax, sum_over

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
d.claim("∂J/∂v", D(J, v[b]), yhat[b] - y[b], assumptions=by_labels, source=Source(SOLUTION.author, "2.b"))

# put together, in indices -------------------------------------------------------------------------------------------
d.claim("chain rule", D(J, x), D(J, yhat) @ D(yhat, v) @ D(v, h) @ D(h, t) @ D(t, x))


def summed(body: Any, *indices: Any) -> Any:
    """The sum of a term over several indices."""
    for index in reversed(indices):
        body = sum_over(index, body)
    return body


left_factor = yhat[a] * delta(a, b) - yhat[a] * yhat[b]
through = slope[c] * delta(c, e) * W1[k, e]
d.chain(
    "2.c, indices",
    D(J, x[k]),
    summed(D(J, yhat[a]) * D(yhat[a], v[b]) * D(v[b], h[c]) * D(h[c], t[e]) * D(t[e], x[k]), a, b, c, e),
    -summed(y[a] / yhat[a] * left_factor * W2[c, b] * through, a, b, c, e),
    -summed(y[a] * (delta(a, b) - yhat[b]) * W2[c, b] * through, a, b, c, e),
    -summed(y[a] * delta(a, b) * W2[c, b] * through, a, b, c, e) + summed(y[a] * yhat[b] * W2[c, b] * through, a, b, c, e),
    -summed(y[b] * W2[c, b] * through, b, c, e) + summed(yhat[b] * W2[c, b] * through, b, c, e),
    summed((yhat[b] - y[b]) * W2[c, b] * through, b, c, e),
    summed(error[b] * W2[c, b] * through, b, c, e),
    summed(error[b] * W2[c, b] * slope[c] * W1[k, c], b, c),
    assumptions={5: by_labels, "end": by_labels},
)

# back to matrices ---------------------------------------------------------------------------------------------------
d.claim("2.c, transposed weights", D(J, x[k]), summed(error[b] * W2.T[b, c] * slope[c] * W1.T[c, k], b, c), assumptions=by_labels)
d.claim("2.c, part", sum_over(b, error[b] * W2.T[b, c]), (error @ W2.T)[c])
d.claim("2.c, entrywise product", (error @ W2.T)[c] * slope[c], hadamard(error @ W2.T, slope)[c], note="c is free on both sides: it is not summed")
d.claim("2.c", D(J, x), hadamard(error @ W2.T, slope) @ W1.T, assumptions=by_labels, note="read from left to right")
