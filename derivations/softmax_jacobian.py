"""The Jacobian of softmax: every step of Lemma 1 and of the two cases of Lemma 2, the entries with δ, and the matrix form."""

from __future__ import annotations

from typing import Any

from derivcheck import D, Derivation, Source, delta, diag, differ, exp, hadamard, ones, outer, softmax, sum_over, total

LEIFER = "Leifer and Troendle 2021"
COMMON_SLIP = Source("a common slip")

d = Derivation(
    "softmax-jacobian",
    layout="numerator",
    source=Source(LEIFER, "Lemma 1, (7), (8), (11), (12)"),
    title="The Jacobian of softmax",
)
K = d.dim("K")
j, t, u = d.indices("j t u", K, base=0)
z = d.vector("z", K)
g = d.vector("g", K)
x = d.row("x", K)
s = d.let("s", softmax(z), latex=r"\sigma")
p = d.let("p", softmax(x))
partition = sum_over(u, exp(z[u]))

# the function -------------------------------------------------------------------------------------------------------
d.claim("entry of softmax", s[j], exp(z[j]) / partition, source=Source(LEIFER, "Lemma 1"))
d.claim("entries sum to 1", sum_over(j, s[j]), 1)

# equal indices ------------------------------------------------------------------------------------------------------
d.chain(
    "(8)",
    D(s[j], z[j]),
    (exp(z[j]) * partition - exp(2 * z[j])) / partition**2,
    s[j] - s[j] ** 2,
    s[j] * (1 - s[j]),
    source=Source(LEIFER, "(8)"),
)
d.claim("(7)", D(s[j], z[j]), s[j] * (1 - s[j]), source=Source(LEIFER, "(7)"))
d.claim("(11)", D(softmax(z)[j], z[j]), softmax(z)[j] * (1 - softmax(z)[j]), source=Source(LEIFER, "(11)"))

# different indices --------------------------------------------------------------------------------------------------
d.chain(
    "(12)",
    D(s[t], z[j]),
    exp(z[t]) * D(partition ** (-1), z[j]),
    -(exp(z[t]) * (exp(z[j]) / partition**2)),
    -(s[t] * s[j]),
    where=[differ(t, j)],
    source=Source(LEIFER, "(12)"),
)

# both at once -------------------------------------------------------------------------------------------------------
d.claim("entries", D(s[t], z[j]), s[t] * (delta(t, j) - s[j]))
d.claim("matrix form", D(s, z), diag(s) - s @ s.T, backprop="softmax-backward")
d.claim("matrix form, rows", D(p, x), diag(p) - p.T @ p, note="the same for a row of logits")
d.claim("symmetric", D(s, z), D(s, z).T)
d.claim("rows of the Jacobian sum to 0", D(s, z) @ ones(K), 0 * ones(K), note="softmax does not change when all logits grow by the same number")
d.claim("backward pass", D(s, z).T @ g, hadamard(s, g) - total(hadamard(s, g)) * s, note="for an upstream gradient g")


def jacobian_at_3() -> tuple[Any, Any]:
    """Both sides of the matrix form at K = 3, entry by entry."""
    from sympy import Matrix, exp, symbols  # SymPy is slow to import

    logits = symbols("z0:3", real=True)
    weights = [exp(logit) for logit in logits]
    values = Matrix([weight / sum(weights) for weight in weights])
    left = Matrix(3, 3, lambda row, column: values[row].diff(logits[column]))
    return left, Matrix.diag(*values) - values * values.T


d.explicit("explicit matrices", build=jacobian_at_3, dims={"K": 3})

# slips --------------------------------------------------------------------------------------------------------------
d.erratum(
    "(12) without its sign",
    printed=(D(s[t], z[j]), s[t] * s[j]),
    corrected=(D(s[t], z[j]), -(s[t] * s[j])),
    where=[differ(t, j)],
    note="the derivative of 1/Σ brings a minus sign",
    source=COMMON_SLIP,
)
d.erratum(
    "Jacobian without its off-diagonal entries",
    printed=(D(s, z), diag(hadamard(s, ones(K) - s))),
    corrected=(D(s, z), diag(s) - outer(s, s)),
    note="(7) used as if one logit moved one entry only",
    source=COMMON_SLIP,
)
