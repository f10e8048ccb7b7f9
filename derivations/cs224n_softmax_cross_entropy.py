"""The gradient of the cross-entropy of softmax with implied sums, line by line: exercise 2.b, and the other readings of its indices.

The source writes e^{θ_m} in a denominator and y_i ŷ_k with a lone i, and means sums. Here every sum is written out.
"""

from __future__ import annotations

from typing import Any

from derivcheck import D, Derivation, Source, array, cross_entropy, delta, exp, log, softmax, sum_over

SOLUTION = Source("Solution of the CS224n exercises", "2.b")

d = Derivation(
    "cs224n-softmax-cross-entropy", layout="like-variable", source=SOLUTION, title="The cross-entropy of softmax, with implied sums written out"
)
K = d.dim("K")
i, k, m, p = d.indices("i k m p", K)
theta = d.row("theta", K, latex=r"\theta")
y = d.row("y", K)
d.assume("sums-to", y)
yhat = d.let("yhat", softmax(theta), latex=r"\hat{y}")
CE = d.let("CE", cross_entropy(y, yhat), latex="CE")
partition = sum_over(m, exp(theta[m]))
power_sum = sum_over(p, D(exp(theta[p]), theta[k]))
weight = y[i] * (1 / yhat[i])

# the derivatives, up to δ -------------------------------------------------------------------------------------------
d.claim("cross-entropy", CE, -sum_over(i, y[i] * log(yhat[i])))
d.claim("softmax", yhat[i], exp(theta[i]) / partition)
quotient_rule = -sum_over(i, weight * (D(exp(theta[i]), theta[k]) / partition - exp(theta[i]) / partition**2 * power_sum))
with_deltas = -sum_over(
    i, weight * (exp(theta[i]) * delta(i, k) / partition - exp(theta[i]) / partition**2 * sum_over(p, exp(theta[p]) * delta(p, k)))
)
d.chain(
    "2.b, derivatives",
    D(CE, theta[k]),
    -D(sum_over(i, y[i] * log(yhat[i])), theta[k]),
    -sum_over(i, y[i] * D(log(yhat[i]), theta[k])),
    -sum_over(i, weight * D(yhat[i], theta[k])),
    -sum_over(i, weight * D(exp(theta[i]) / partition, theta[k])),
    quotient_rule,
    with_deltas,
)

# the δ are summed away ----------------------------------------------------------------------------------------------
d.chain(
    "2.b, deltas",
    with_deltas,
    -sum_over(i, weight * (yhat[i] * delta(i, k) - yhat[i] * sum_over(p, yhat[p] * delta(p, k)))),
    -sum_over(i, y[i] * (delta(i, k) - sum_over(p, yhat[p] * delta(p, k)))),
    -sum_over(i, y[i] * (delta(i, k) - yhat[k])),
    -sum_over(i, y[i] * delta(i, k)) + sum_over(i, y[i] * yhat[k]),
    -y[k] + sum_over(i, y[i] * yhat[k]),
    -y[k] + yhat[k] * sum_over(i, y[i]),
    -y[k] + yhat[k],
    assumptions={7: ("Σ y = 1",), "end": ("Σ y = 1",)},
    note="of the one-hot labels only the sum is used",
)
d.claim("2.b, entries", D(CE, theta[k]), yhat[k] - y[k], assumptions=("Σ y = 1",))
d.chain("2.b, vector form", D(CE, theta), array(yhat[k] - y[k], k).T, yhat - y, assumptions=("Σ y = 1",))


def gradient_at_3() -> tuple[Any, Any]:
    """The gradient of −Σ y log ŷ at K = 3 as a row, and ŷ − y; the last label is what the others leave of 1."""
    from sympy import Matrix, exp, log, symbols  # SymPy is slow to import

    logits = symbols("theta1:4", real=True)
    first, second = symbols("y1:3", real=True)
    labels = Matrix([[first, second, 1 - first - second]])
    weights = [exp(logit) for logit in logits]
    predictions = Matrix([[weight / sum(weights) for weight in weights]])
    loss = -sum(label * log(prediction) for label, prediction in zip(labels, predictions, strict=True))
    return Matrix([[loss.diff(logit) for logit in logits]]), predictions - labels


d.explicit("explicit matrices", build=gradient_at_3, dims={"K": 3})

# other readings of the implied sums -----------------------------------------------------------------------------------
d.claim(
    "e^θ_m with m free", lambda: yhat[i], lambda: exp(theta[i]) / exp(theta[m]),
    expected="refuted", note="another reading of the fraction: the right side depends on m, the left side does not",
)  # fmt: skip
d.claim(
    "e^θ_m with the sum around the fraction", yhat[i], sum_over(m, exp(theta[i]) / exp(theta[m])),
    expected="refuted", note="another reading of the fraction: the sum belongs to the denominator",
)  # fmt: skip
d.claim(
    "(e^θ_m)² as a sum of squares", D(yhat[i], theta[k]),
    exp(theta[i]) * delta(i, k) / partition - exp(theta[i]) / sum_over(m, exp(theta[m]) ** 2) * sum_over(p, exp(theta[p]) * delta(p, k)),
    expected="refuted", note="another reading of the square: it is the square of the sum",
)  # fmt: skip
d.claim(
    "y_i ŷ_k with i free", lambda: D(CE, theta[k]), lambda: -y[k] + y[i] * yhat[k],
    expected="refuted", note="another reading of the lone i: it is summed over, as the source says afterwards",
)  # fmt: skip
d.claim(
    "y_i ŷ_k with i = k", D(CE, theta[k]), -y[k] + y[k] * yhat[k],
    expected="refuted", note="another reading of the lone i; for one-hot labels it is right in the entry of the true class only",
)  # fmt: skip

# errata -------------------------------------------------------------------------------------------------------------
as_printed = -sum_over(i, weight * (D(exp(theta[i]), theta[k]) - exp(theta[i]) / partition**2 * power_sum))
d.erratum(
    "quotient rule",
    printed=(-sum_over(i, weight * D(exp(theta[i]) / partition, theta[k])), as_printed),
    corrected=(-sum_over(i, weight * D(exp(theta[i]) / partition, theta[k])), quotient_rule),
    note="the first term lacks its denominator; as printed it holds only where Σ exp θ = 1",
)
d.erratum(
    "quotient rule, the line after",
    printed=(as_printed, with_deltas),
    corrected=(quotient_rule, with_deltas),
    note="the denominator is back, so this step does not hold as printed either",
)
