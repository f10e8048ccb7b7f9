"""The derivative of the hyperbolic tangent: every step, and its kinship with the logistic function."""

from __future__ import annotations

from typing import Any

from derivcheck import D, Derivation, Source, diag, exp, ones, power, sigmoid, tanh

BISWAS = "Biswas, Backpropagation"
TEXTBOOK = Source("a textbook identity")
COMMON_SLIP = Source("a common slip")

d = Derivation("tanh", layout="like-variable", source=Source(BISWAS, "6.1"), title="The hyperbolic tangent")
x = d.scalar("x")
sine = exp(x) - exp(-x)
cosine = exp(x) + exp(-x)

# one variable -------------------------------------------------------------------------------------------------------
d.claim("definition", tanh(x), sine / cosine)
d.chain(
    "derivative",
    D(tanh(x), x),
    (cosine * D(sine, x) - sine * D(cosine, x)) / cosine**2,
    (cosine**2 - sine**2) / cosine**2,
    1 - sine**2 / cosine**2,
    1 - tanh(x) ** 2,
)
d.claim("through the logistic function", tanh(x), 2 * sigmoid(2 * x) - 1, source=TEXTBOOK)
d.claim("odd", tanh(-x), -tanh(x), source=TEXTBOOK)
d.claim("derivative through the logistic function", D(tanh(x), x), 4 * sigmoid(2 * x) * (1 - sigmoid(2 * x)), source=TEXTBOOK)

# a layer ------------------------------------------------------------------------------------------------------------
n = d.dim("n")
z = d.vector("z", n)
h = d.let("h", tanh(z))
d.claim("Jacobian of a layer", D(h, z), diag(ones(n) - power(h, 2)), backprop="tanh-backward")


def derivative_at_3() -> tuple[Any, Any]:
    """The Jacobian of tanh of three entries, written with exponentials, and the diagonal matrix of 1 − tanh²."""
    from sympy import Matrix, exp, symbols  # SymPy is slow to import

    entries = symbols("z1:4", real=True)
    values = [(exp(entry) - exp(-entry)) / (exp(entry) + exp(-entry)) for entry in entries]
    left = Matrix(3, 3, lambda row, column: values[row].diff(entries[column]))
    return left, Matrix.diag(*[1 - value**2 for value in values])


d.explicit("explicit matrices", build=derivative_at_3, dims={"n": 3})

# errata -------------------------------------------------------------------------------------------------------------
d.erratum(
    "quotient rule, sign",
    printed=(D(tanh(x), x), (cosine**2 + sine**2) / cosine**2),
    corrected=(D(tanh(x), x), (cosine**2 - sine**2) / cosine**2),
    note="the quotient rule subtracts",
    source=COMMON_SLIP,
)
d.erratum(
    "through the logistic function, inner factor",
    printed=(tanh(x), 2 * sigmoid(x) - 1),
    corrected=(tanh(x), 2 * sigmoid(2 * x) - 1),
    note="2σ(x) − 1 is tanh(x/2)",
    source=COMMON_SLIP,
)
