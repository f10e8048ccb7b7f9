"""The gradient of −log ŷ_ℓ, the cross-entropy with one true class, in columns: every step of the section on output units."""

from __future__ import annotations

from typing import Any

from derivcheck import D, Derivation, Source, array, cases, equal, exp, indicator, log, one_hot, softmax, sum_over

BISWAS = "Biswas, Backpropagation"

d = Derivation(
    "one-hot-cross-entropy",
    layout="like-variable",
    source=Source(BISWAS, "4.3.1"),
    title="The cross-entropy of softmax with one true class",
)
p = d.dim("p")
i, k, l = d.indices("i k l", p)
a = d.vector("a", p, latex="a_L")
yhat = d.let("yhat", softmax(a), latex=r"\hat{y}")
loss = -log(yhat[l])
is_true_class = indicator(equal(l, i))
partition = sum_over(k, exp(a[k]))

# by the predictions -------------------------------------------------------------------------------------------------
d.claim("indicator", indicator(equal(i, l)), cases((equal(i, l), 1), otherwise=0))
d.chain(
    "gradient by a prediction",
    D(loss, yhat[i]),
    cases((equal(i, l), -1 / yhat[l]), otherwise=0),
    -indicator(equal(i, l)) / yhat[l],
    -is_true_class / yhat[l],
)
d.chain("gradient by the predictions", D(loss, yhat), -1 / yhat[l] * array(indicator(equal(l, i)), i), -1 / yhat[l] * one_hot(p, l))

# by the pre-activations ---------------------------------------------------------------------------------------------
d.claim("softmax", yhat[l], exp(a[l]) / partition)
d.claim("through the true class", D(loss, a[i]), D(loss, yhat[l]) * D(yhat[l], a[i]))
d.chain(
    "gradient by a pre-activation",
    D(loss, a[i]),
    -1 / yhat[l] * D(yhat[l], a[i]),
    -1 / yhat[l] * D(softmax(a)[l], a[i]),
    -1 / yhat[l] * D(exp(a[l]) / partition, a[i]),
    -1 / yhat[l] * (D(exp(a[l]), a[i]) / partition - exp(a[l]) * D(partition, a[i]) / partition**2),
    -1 / yhat[l] * (is_true_class * exp(a[l]) / partition - exp(a[l]) * exp(a[i]) / partition**2),
    -1 / yhat[l] * (is_true_class * softmax(a)[l] - softmax(a)[l] * softmax(a)[i]),
    -1 / yhat[l] * (is_true_class * yhat[l] - yhat[l] * yhat[i]),
    -(is_true_class - yhat[i]),
)
d.chain(
    "gradient by the pre-activations",
    D(loss, a),
    array(-(is_true_class - yhat[i]), i),
    -(one_hot(p, l) - yhat),
    source=Source(BISWAS, "4.3.1, 5.1"),
)

# a batch of examples in columns -------------------------------------------------------------------------------------
m = d.dim("m")
s = d.index("s", m)
A = d.matrix("A", p, m, latex="A_L")
E = d.matrix("E", p, m)
d.assume("one-hot", E, axis=0)
Yhat = d.let("Yhat", softmax(A, axis=0), latex=r"\hat{Y}")
mean_loss = d.let("J", sum_over(s, -sum_over(k, E[k, s] * log(Yhat[k, s]))) / m, latex=r"\mathcal{L}")
d.claim(
    "a batch", D(mean_loss, A), (Yhat - E) / m, assumptions=("E is one-hot along axis 1",), source=Source(BISWAS, "5.2"),
    note="only the sum of each column is used of the one-hot labels",
)  # fmt: skip


def gradients_at_3() -> tuple[Any, Any]:
    """The gradients of −log ŷ_ℓ at p = 3, a column for each true class ℓ, and −(e_ℓ − ŷ) beside them."""
    from sympy import Matrix, exp, eye, log, ones, symbols  # SymPy is slow to import

    activations = symbols("a1:4", real=True)
    weights = [exp(activation) for activation in activations]
    predictions = Matrix([weight / sum(weights) for weight in weights])
    left = Matrix(3, 3, lambda row, column: (-log(predictions[column])).diff(activations[row]))
    return left, predictions * ones(1, 3) - eye(3)


d.explicit("explicit matrices", build=gradients_at_3, dims={"p": 3})

# errata -------------------------------------------------------------------------------------------------------------
d.erratum(
    "gradient by a prediction, second member",
    printed=(D(loss, yhat[i]), cases((equal(i, l), 1 / yhat[l]), otherwise=0)),
    corrected=(D(loss, yhat[i]), cases((equal(i, l), -1 / yhat[l]), otherwise=0)),
    note="the minus sign is missing; the next member of the same line has it",
)
d.erratum(
    "gradient by a prediction, third member",
    printed=(cases((equal(i, l), 1 / yhat[l]), otherwise=0), -indicator(equal(i, l)) / yhat[l]),
    corrected=(cases((equal(i, l), -1 / yhat[l]), otherwise=0), -indicator(equal(i, l)) / yhat[l]),
    note="so the step from the second member to the third does not hold as printed",
)
