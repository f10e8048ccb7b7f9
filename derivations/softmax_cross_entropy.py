"""The gradient of the cross-entropy of softmax, in rows: Lemma 2 step by step, and what is left of it without Σ y = 1."""

from __future__ import annotations

from typing import Any

from derivcheck import D, Derivation, Source, cross_entropy, differ, equal, indicator, log, logsumexp, ones, softmax, sum_over, total

LEIFER = "Leifer and Troendle 2021"
COMMON_SLIP = Source("a common slip")

d = Derivation(
    "softmax-cross-entropy",
    layout="like-variable",
    source=Source(LEIFER, "Lemma 2, (9) to (13)"),
    title="The cross-entropy of softmax",
)
K = d.dim("K")
j, t, u, v = d.indices("j t u v", K, base=0)
z = d.row("z", K)
y = d.row("y", K)
c = d.row("c", K)
d.assume("sums-to", y)
yhat = d.let("yhat", softmax(z), latex=r"\hat{y}")
L = d.let("L", cross_entropy(y, yhat), latex=r"L_{CE}")
M = d.let("M", cross_entropy(c, yhat))

# (2) ----------------------------------------------------------------------------------------------------------------
d.claim("(2)", L, -sum_over(j, y[j] * log(yhat[j])), source=Source(LEIFER, "(2)"))

# Lemma 2 ------------------------------------------------------------------------------------------------------------
d.claim("(10)", D(L, z[j]), -sum_over(t, y[t] / yhat[t] * D(yhat[t], z[j])), source=Source(LEIFER, "(10)"))
d.claim("(11)", D(yhat[j], z[j]), yhat[j] * (1 - yhat[j]), source=Source(LEIFER, "(11)"))
d.claim("(12)", D(yhat[t], z[j]), -(yhat[t] * yhat[j]), where=[differ(t, j)], source=Source(LEIFER, "(12)"))
d.chain(
    "(13)",
    D(L, z[j]),
    -sum_over(t, y[t] / yhat[t] * (yhat[j] * (1 - yhat[j]) * indicator(equal(t, j)) - yhat[t] * yhat[j] * indicator(differ(t, j)))),
    -sum_over(t, y[j] * (1 - yhat[j]) * indicator(equal(t, j)) - y[t] * yhat[j] * indicator(differ(t, j))),
    -y[j] + y[j] * yhat[j] + sum_over(t, y[t] * yhat[j] * indicator(differ(t, j))),
    -y[j] + yhat[j] * sum_over(t, y[t]),
    -y[j] + yhat[j] * 1,
    yhat[j] - y[j],
    assumptions={5: ("Σ y = 1",), "end": ("Σ y = 1",)},
    source=Source(LEIFER, "(13)"),
)
d.claim("(9)", D(L, z[j]), yhat[j] - y[j], assumptions=("Σ y = 1",), source=Source(LEIFER, "(9)"))
d.claim("vector form", D(L, z), yhat - y, assumptions=("Σ y = 1",), backprop="cross-entropy-loss-gradient")

# any weights --------------------------------------------------------------------------------------------------------
d.claim("any weights", D(M, z), yhat * total(c) - c, note="c is any row: nothing is assumed of its sum")
d.claim("any weights, entries", D(M, z[j]), yhat[j] * sum_over(t, c[t]) - c[j])
d.claim("through log-sum-exp", M, total(c) * logsumexp(z) - c @ z.T)

# a batch of examples ------------------------------------------------------------------------------------------------
B, n = d.dim("B"), d.dim("n_2")
i, e = d.indices("i e", B, base=0)
r = d.index("r", n, base=0)
A = d.matrix("A", B, n, latex="a^{[2]}")
W = d.matrix("W", n, K, latex="W^{[3]}")
b = d.row("b", K, latex="b^{[3]}")
Y = d.matrix("Y", B, K)
d.assume("sums-to", Y, axis=1)
Z = d.let("Z", A @ W + ones(B) @ b, latex="z^{[3]}")
Yhat = d.let("Yhat", softmax(Z, axis=1), latex=r"\hat{Y}")
mean_loss = d.let("J", sum_over(e, -sum_over(v, Y[e, v] * log(Yhat[e, v]))) / B, latex=r"\mathcal{L}")

batch = ("Σ Y over axis 2 = 1",)
d.claim("a batch", D(mean_loss, Z) * B, Yhat - Y, assumptions=batch, source=Source(LEIFER, "(1), (9)"))


def gradient_at_3() -> tuple[Any, Any]:
    """Both sides of the vector form at K = 3; the last label is what the others leave of 1."""
    from sympy import Matrix, exp, log, symbols  # SymPy is slow to import

    logits = symbols("z0:3", real=True)
    first, second = symbols("y0:2", real=True)
    labels = Matrix([[first, second, 1 - first - second]])
    weights = [exp(logit) for logit in logits]
    predictions = Matrix([[weight / sum(weights) for weight in weights]])
    loss = -sum(label * log(prediction) for label, prediction in zip(labels, predictions, strict=True))
    return Matrix([[loss.diff(logit) for logit in logits]]), predictions - labels


def any_weights_at_3() -> tuple[Any, Any]:
    """Both sides of the form for any weights at K = 3."""
    from sympy import Matrix, exp, log, symbols  # SymPy is slow to import

    logits = symbols("z0:3", real=True)
    labels = Matrix([symbols("c0:3", real=True)])
    weights = [exp(logit) for logit in logits]
    predictions = Matrix([[weight / sum(weights) for weight in weights]])
    loss = -sum(label * log(prediction) for label, prediction in zip(labels, predictions, strict=True))
    return Matrix([[loss.diff(logit) for logit in logits]]), predictions * sum(labels) - labels


d.explicit("explicit matrices", build=gradient_at_3, dims={"K": 3})
d.explicit("explicit matrices, any weights", build=any_weights_at_3, dims={"K": 3})

# errata -------------------------------------------------------------------------------------------------------------
d.erratum(
    "(9) for weights of any sum",
    printed=(D(M, z[j]), yhat[j] - c[j]),
    corrected=(D(M, z[j]), yhat[j] * sum_over(t, c[t]) - c[j]),
    note="Lemma 2 used where Σ c = 1 is not assumed",
    source=COMMON_SLIP,
)
d.erratum(
    "(20)",
    printed=(lambda: D(mean_loss, W[r, j]) * B, lambda: sum_over(i, Yhat[i, j] - Y[i, j])),
    corrected=(D(mean_loss, b[j]) * B, sum_over(i, Yhat[i, j] - Y[i, j])),
    expected="refuted",
    assumptions=batch,
    note="the gradient of the biases carries the name and the row index of the weights",
    source=Source(LEIFER, "(20)"),
)
