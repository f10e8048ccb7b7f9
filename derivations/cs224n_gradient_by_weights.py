"""The gradients of a network with one hidden layer by its weights and biases, in rows, with implied sums and δ: exercise 2.g.

The source writes ⊗ for the outer product, and drops the superscripts of W and b until the end of each calculation.
"""

from __future__ import annotations

from typing import Any

from derivcheck import D, Derivation, Source, cross_entropy, delta, hadamard, kron, ones, outer, sigmoid, softmax, sum_over, vec

SOLUTION = Source("Solution of the CS224n exercises", "2.g")

d = Derivation(
    "cs224n-gradient-by-weights", layout="like-variable", source=SOLUTION, title="One hidden layer: the gradients by weights and biases"
)
inputs, hidden, classes = (d.dim(name) for name in ("D", "H", "K"))
f, r = d.indices("f r", inputs)
c, e, g, i, s = d.indices("c e g i s", hidden)
a, b, p, u = d.indices("a b p u", classes)
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
slope = d.let("sigma'", hadamard(h, ones(hidden).T - h), latex=r"\sigma'(t)")
error = d.let("error", yhat - y, latex=r"[\hat{y} - y]")
by_labels = ("Σ y = 1",)


def summed(body: Any, *indices: Any) -> Any:
    """The sum of a term over several indices."""
    for index in reversed(indices):
        body = sum_over(index, body)
    return body


# the error at the logits, which every gradient begins with ------------------------------------------------------------
by_logits = sum_over(a, D(J, yhat[a]) * D(yhat[a], v[b]))
d.claim("2.g, error at the logits", by_logits, yhat[b] - y[b], assumptions=by_labels, note="found twice before, in 2.b and 2.c")

# W2: of the last layer ----------------------------------------------------------------------------------------------
d.chain(
    "∂v/∂W2",
    D(v[b], W2[c, u]),
    D((h @ W2 + b2)[b], W2[c, u]),
    D(sum_over(i, h[i] * W2[i, b]) + b2[b], W2[c, u]),
    sum_over(i, h[i] * D(W2[i, b], W2[c, u])) + 0,
    sum_over(i, h[i] * delta(i, c) * delta(b, u)),
    h[c] * delta(b, u),
)
d.chain(
    "2.g, W2",
    D(J, W2[c, u]),
    summed(D(J, yhat[a]) * D(yhat[a], v[b]) * D(v[b], W2[c, u]), a, b),
    sum_over(b, (yhat[b] - y[b]) * h[c] * delta(b, u)),
    (yhat[u] - y[u]) * h[c],
    h[c] * (yhat[u] - y[u]),
    assumptions={2: by_labels, "end": by_labels},
)
d.chain("2.g, W2, matrix form", D(J, W2), outer(h, error), h.T @ error, assumptions=by_labels, note="h and ŷ − y are rows")

# b2 -----------------------------------------------------------------------------------------------------------------
d.chain(
    "∂v/∂b2",
    D(v[b], b2[u]),
    D((h @ W2 + b2)[b], b2[u]),
    D(sum_over(i, h[i] * W2[i, b]) + b2[b], b2[u]),
    0 + D(b2[b], b2[u]),
    delta(b, u),
)
d.chain(
    "2.g, b2",
    D(J, b2[u]),
    summed(D(J, yhat[a]) * D(yhat[a], v[b]) * D(v[b], b2[u]), a, b),
    sum_over(b, (yhat[b] - y[b]) * delta(b, u)),
    yhat[u] - y[u],
    assumptions={2: by_labels, "end": by_labels},
)
d.claim("2.g, b2, vector form", D(J, b2), yhat - y, assumptions=by_labels)

# W1: of the first layer ---------------------------------------------------------------------------------------------
links = D(J, yhat[a]) * D(yhat[a], v[b]) * D(v[b], h[c]) * D(h[c], t[e])
d.claim("∂t/∂W1", D(t[e], W1[f, g]), x[f] * delta(e, g))
d.claim("2.g, W1, chain rule", D(J, W1[f, g]), summed(links * D(t[e], W1[f, g]), a, b, c, e))
d.chain(
    "2.g, W1",
    summed(links * D(t[e], W1[f, g]), a, b, c, e),
    summed(error[b] * W2[c, b] * slope[c] * delta(c, e) * x[f] * delta(e, g), b, c, e),
    summed(error[b] * W2[c, b] * slope[c] * x[f] * delta(c, g), b, c),
    sum_over(b, error[b] * W2[g, b] * slope[g] * x[f]),
    sum_over(b, error[b] * W2.T[b, g] * slope[g] * x[f]),
    (error @ W2.T)[g] * slope[g] * x[f],
    hadamard(error @ W2.T, slope)[g] * x[f],
    x[f] * hadamard(error @ W2.T, slope)[g],
    assumptions={1: by_labels, "end": by_labels},
    note="the W without superscript is W2, although ∂J/∂W is by W1",
)
d.claim("2.g, W1, matrix form", D(J, W1), outer(x, hadamard(error @ W2.T, slope)), assumptions=by_labels)
d.claim("2.g, W1, with a transpose", outer(x, hadamard(error @ W2.T, slope)), x.T @ hadamard(error @ W2.T, slope))

# b1 -----------------------------------------------------------------------------------------------------------------
d.claim("2.g, b1", D(J, b1), hadamard(error @ W2.T, slope), assumptions=by_labels, note="W is W2: its superscript is not put back at the end")

# other readings -------------------------------------------------------------------------------------------------------
d.claim("2.g, W2, ⊗ of Kronecker", lambda: D(J, W2), lambda: kron(h, error), expected="ill-typed", note="another reading of ⊗: H × K and 1 × H·K")
d.claim("⊗ of Kronecker", kron(h, error), vec((h.T @ error).T).T, note="that reading gives the rows of the gradient, one after the other")
d.claim(
    "2.g, W1, ⊗ of Kronecker", lambda: D(J, W1), lambda: kron(x, hadamard(error @ W2.T, slope)),
    expected="ill-typed", note="another reading of ⊗: D × H and 1 × D·H",
)  # fmt: skip
d.claim(
    "2.g, W1, the entrywise product first", lambda: D(J, W1), lambda: outer(x, error @ hadamard(W2.T, slope)),
    expected="ill-typed", note="another reading of the closing form: K × H and 1 × H",
)  # fmt: skip
d.claim(
    "2.g, W1, W of the left side", lambda: D(J, W1[f, g]), lambda: summed(error[b] * W1[c, b] * slope[c] * x[f] * delta(c, g), b, c),
    expected="ill-typed", note="another reading of W without a superscript: W1 has no rows c and no columns b",
)  # fmt: skip
d.claim(
    "2.g, b1, W of the left side", lambda: D(J, b1), lambda: hadamard(error @ W1.T, slope),
    expected="ill-typed", note="another reading of W without a superscript: 1 × K by H × D",
)  # fmt: skip


def gradient_at_2_3() -> tuple[Any, Any]:
    """The gradient of −log ŷ_1 by a 2 × 3 matrix W2, and hᵀ (ŷ − y) with the first class as the true one."""
    from sympy import Matrix, exp, log, symbols  # SymPy is slow to import

    units, labels = Matrix([symbols("h1:3", real=True)]), Matrix([[1, 0, 0]])
    weights = Matrix(2, 3, symbols("w:6", real=True))
    powers = (units * weights).applyfunc(exp)
    predictions = powers / sum(powers)
    return weights.applyfunc((-log(predictions[0])).diff), units.T * (predictions - labels)


d.explicit("explicit matrices", build=gradient_at_2_3, dims={"H": 2, "K": 3})
