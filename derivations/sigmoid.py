"""The derivative of the logistic function: every step, and what it does to a gradient that passes through a layer."""

from __future__ import annotations

from typing import Any

from derivcheck import D, Derivation, Source, delta, diag, elementwise, exp, hadamard, ones, scalar_function, sigmoid, softplus, sum_over

BISWAS = "Biswas, Backpropagation"
LEIFER = "Leifer and Troendle 2021"
VOROS = "Voros, ECE 542 HW2a"
COMMON_SLIP = Source("a common slip")

d = Derivation("sigmoid", layout="like-variable", source=Source(BISWAS, "6.1"), title="The logistic function")
x = d.scalar("x")

# one variable -------------------------------------------------------------------------------------------------------
d.claim("definition", sigmoid(x), 1 / (1 + exp(-x)))
d.chain(
    "derivative",
    D(sigmoid(x), x),
    -1 * (1 / (1 + exp(-x)) ** 2) * D(1 + exp(-x), x),
    -1 * (1 / (1 + exp(-x)) ** 2) * (-exp(-x)),
    1 / (1 + exp(-x)) * ((1 + exp(-x) - 1) / (1 + exp(-x))),
    sigmoid(x) * (1 - sigmoid(x)),
)
d.claim("Lemma 5", D(sigmoid(x), x), sigmoid(x) * (1 - sigmoid(x)), source=Source(LEIFER, "Lemma 5"))
d.claim("reflection", sigmoid(-x), 1 - sigmoid(x))
d.claim("even derivative", sigmoid(x) * sigmoid(-x), D(sigmoid(x), x))
d.claim("antiderivative", D(softplus(x), x), sigmoid(x))

# a layer ------------------------------------------------------------------------------------------------------------
n = d.dim("n_2")
r, q, t = d.indices("r q t", n, base=0)
z = d.row("z", n, latex="z^{[2]}")
a = d.let("a", sigmoid(z), latex="a^{[2]}")
L = d.let("L", scalar_function("L_CE", a), latex="L_{CE}")

d.claim("(29)", D(a[r], z[q]), delta(r, q) * (a[r] * (1 - a[r])), source=Source(LEIFER, "(29)"))
d.claim("Jacobian of a layer", D(a, z), diag(hadamard(a, ones(n).T - a)), backprop="sigmoid-backward")
d.chain(
    "(30)",
    D(L, z[r]),
    sum_over(t, D(L, a[t]) * D(a[t], z[r])),
    D(L, a[r]) * a[r] * (1 - a[r]),
    source=Source(LEIFER, "(30)"),
)


def derivative_at_3() -> tuple[Any, Any]:
    """The Jacobian of the logistic function of three entries, and the diagonal matrix of σ(1 − σ)."""
    from sympy import Matrix, exp, symbols  # SymPy is slow to import

    entries = symbols("z0:3", real=True)
    values = [1 / (1 + exp(-entry)) for entry in entries]
    left = Matrix(3, 3, lambda row, column: values[row].diff(entries[column]))
    return left, Matrix.diag(*[value * (1 - value) for value in values])


d.explicit("explicit matrices", build=derivative_at_3, dims={"n_2": 3})

# errata -------------------------------------------------------------------------------------------------------------
h = d.let("h", elementwise("g", z))
d.erratum(
    "Jacobian of an entrywise function",
    printed=(lambda: D(h, z), lambda: elementwise("g", z, order=1)),
    corrected=(D(h, z), diag(elementwise("g", z, order=1))),
    expected="ill-typed",
    note="a Jacobian is a square matrix, the entrywise derivative a vector: it stands on the diagonal",
    source=Source(VOROS, "2"),
)
d.erratum(
    "derivative without its second factor",
    printed=(D(sigmoid(x), x), 1 / (1 + exp(-x)) ** 2),
    corrected=(D(sigmoid(x), x), exp(-x) / (1 + exp(-x)) ** 2),
    note="the chain rule stops at the outer power",
    source=COMMON_SLIP,
)
