"""The L2 term of a loss, for the weights of the first layer: (53) to (55)."""

from __future__ import annotations

from typing import Any

from derivcheck import D, Derivation, Source, frobenius, power, scalar_function, sum_over, total, trace

LEIFER = "Leifer and Troendle 2021"
COMMON_SLIP = Source("a common slip")

d = Derivation("l2-term", layout="like-variable", source=Source(LEIFER, "(53) to (55)"), title="The L2 term")
n0, n1, n2, K = (d.dim(name) for name in ("n_0", "n_1", "n_2", "K"))
r, q = d.indices("r q", n0, base=0)
j, k = d.indices("j k", n1, base=0)
W = d.matrix("W", n0, n1, latex="W^{[1]}")
W2 = d.matrix("W2", n1, n2, latex="W^{[2]}")
W3 = d.matrix("W3", n2, K, latex="W^{[3]}")
strength = d.scalar("lambda", latex=r"\lambda")
loss = d.let("L", scalar_function("L", W))
regularised = d.let("L_lambda", loss + strength * (total(power(W, 2)) + total(power(W2, 2)) + total(power(W3, 2))), latex=r"L^{\lambda}")
double_sum = sum_over(q, sum_over(k, W[q, k] ** 2))

# what the norm of (53) is -------------------------------------------------------------------------------------------
d.claim(
    "(53)", regularised, loss + strength * (frobenius(W) ** 2 + frobenius(W2) ** 2 + frobenius(W3) ** 2), source=Source(LEIFER, "(53)"),
    note="the norm is read as the Frobenius norm; with the largest singular value, (54) would not hold",
)  # fmt: skip
d.claim("the square of the norm", frobenius(W) ** 2, double_sum)
d.claim("the square of the norm, as a trace", trace(W.T @ W), double_sum)

# (54), entries; (55), matrices ----------------------------------------------------------------------------------------
d.chain(
    "(54)",
    D(regularised, W[r, j]),
    D(loss, W[r, j]) + strength * D(double_sum, W[r, j]),
    D(loss, W[r, j]) + 2 * strength * W[r, j],
    source=Source(LEIFER, "(54)"),
)
d.claim("(55)", D(regularised, W), D(loss, W) + 2 * strength * W, source=Source(LEIFER, "(55)"))
d.claim("the term alone", D(strength * total(power(W, 2)), W), 2 * strength * W, backprop="weight-decay")
d.claim("another layer decays alone", D(regularised, W2), 2 * strength * W2, note="here the loss is a function of the first layer only")


def gradient_at_2_3() -> tuple[Any, Any]:
    """Both sides of (55) for a 2 × 3 matrix and a generic loss of its six entries."""
    from sympy import Function, Matrix, Symbol, symbols  # SymPy is slow to import

    entries = symbols("w:6", real=True)
    weights = Matrix(2, 3, entries)
    decay = Symbol("lambda", real=True)
    data = Function("L")(*entries)
    whole = data + decay * sum(entry**2 for entry in entries)
    return weights.applyfunc(whole.diff), weights.applyfunc(data.diff) + 2 * decay * weights


d.explicit("explicit matrices", build=gradient_at_2_3, dims={"n_0": 2, "n_1": 3})

# errata -------------------------------------------------------------------------------------------------------------
r0 = d.dim("r_0")
v = d.index("v", r0, base=0)
d.erratum(
    "(54), upper bound",
    printed=(
        lambda: D(regularised, W[r, j]),
        lambda: D(loss, W[r, j]) + strength * D(sum_over(v, sum_over(k, W[v, k] ** 2)), W[r, j]),
    ),
    corrected=(D(regularised, W[r, j]), D(loss, W[r, j]) + strength * D(double_sum, W[r, j])),
    expected="ill-typed",
    note="the sum runs to r_0 − 1, a number that is not defined, over rows that run to n_0 − 1",
    source=Source(LEIFER, "(54)"),
)
d.erratum(
    "decay without its factor 2",
    printed=(D(regularised, W), D(loss, W) + strength * W),
    corrected=(D(regularised, W), D(loss, W) + 2 * strength * W),
    note="right for a loss with λ/2 in front of the norms",
    source=COMMON_SLIP,
)
