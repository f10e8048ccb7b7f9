"""The gradients at the last layer of a network, by its outputs, pre-activations and inputs, in numerator layout: claims 1, 2 and 4."""

from __future__ import annotations

from typing import Any

from derivcheck import D, Derivation, Source, array, delta, diag, elementwise, hadamard, ones, scalar_function, softmax, sum_over

VOROS = "Voros, ECE 542 HW2a"
COMMON_SLIP = Source("a common slip")


def claim_of(number: int) -> Source:
    return Source(VOROS, str(number))


d = Derivation(
    "voros-last-layer",
    layout="numerator",
    source=Source(VOROS, "1, 2, 4"),
    title="The last layer of a network: outputs, pre-activations, inputs",
)
n, m = d.dim("n"), d.dim("m")
i, k, t = d.indices("i k t", n)
j = d.index("j", m)
W = d.matrix("W_K", n, m, latex="W^{(K)}")
b = d.vector("b_K", n, latex="b^{(K)}")
before = d.vector("h_(K-1)", m, latex="h^{(K-1)}")
a = d.let("a_K", W @ before + b, latex="a^{(K)}")
h = d.let("h_K", elementwise("g", a), latex="h^{(K)}")
yhat = d.let("yhat", h, latex=r"\hat{y}")
L = d.let("L_y", scalar_function("L_y", yhat), latex="L_y")
slope = elementwise("g", a, order=1)

# 1: the output of the last layer is the prediction ------------------------------------------------------------------
d.claim("1", D(L, h), D(L, yhat), source=claim_of(1))
d.claim("1, entries", D(L, h[i]), D(L, yhat[i]), source=claim_of(1))
d.claim("1, the gradient is a row", D(L, yhat), array(D(L, yhat[i]), i).T, source=claim_of(2), note="1 × n, in numerator layout")

# 2: through the activation ------------------------------------------------------------------------------------------
diagonal_row = array(D(h[i], a[i]), i).T
d.claim("2, Jacobian, entries", D(h[k], a[i]), elementwise("g", a[k], order=1) * delta(k, i), source=claim_of(2))
d.claim("2, Jacobian", D(h, a), diag(slope), source=claim_of(2))
d.claim("2, chain rule with the Jacobian", D(L, a), D(L, yhat) @ D(h, a), source=claim_of(2))
d.claim("2, diagonal of the Jacobian as a row", diagonal_row, slope.T, source=claim_of(2))
d.chain(
    "2",
    D(L, a),
    hadamard(D(L, yhat), diagonal_row),
    hadamard(D(L, yhat), slope.T),
    hadamard(slope.T, D(L, yhat)),
    source=claim_of(2),
    note="dh/da is read as the row of the n diagonal entries; a Jacobian has no place in an entrywise product",
)
d.claim("2, entries", D(L, a[i]), elementwise("g", a[i], order=1) * D(L, yhat[i]), source=claim_of(2))
d.claim("2, the product commutes", hadamard(slope.T, D(L, h)), hadamard(D(L, h), slope.T), source=claim_of(2))

# 4: by the inputs of the layer --------------------------------------------------------------------------------------
d.claim("4, the bias does not depend on the inputs", D(b, before), 0 * W, source=claim_of(4))
d.chain("4, Jacobian", D(a, before), D(W @ before + b, before), W, source=claim_of(4))
d.chain("4", D(L, before), D(L, a) @ D(a, before), D(L, a) @ W, source=claim_of(4))
d.claim("4, entries", D(L, before[j]), sum_over(k, D(L, a[k]) * W[k, j]), source=claim_of(4))
d.claim("4, all the way", D(L, before), hadamard(slope.T, D(L, yhat)) @ W, source=claim_of(4))
d.claim("by the bias", D(L, b), D(L, a), note="not stated in the source; it follows in the same way")


def logistic_layer_at_2_3() -> tuple[Any, Any]:
    """Claims 2 and 4 in one for a 2 × 3 matrix W, the logistic g and half the squared error: both gradients by h as rows."""
    from sympy import Matrix, exp, symbols  # SymPy is slow to import

    weights, targets = Matrix(2, 3, symbols("w:6", real=True)), Matrix(symbols("y:2", real=True))
    inputs, biases = Matrix(symbols("h:3", real=True)), Matrix(symbols("b:2", real=True))
    outputs = (weights * inputs + biases).applyfunc(lambda unit: 1 / (1 + exp(-unit)))
    errors = outputs - targets
    slopes = outputs.applyfunc(lambda output: output * (1 - output))
    left = Matrix([[(errors.dot(errors) / 2).diff(entry) for entry in inputs]])
    return left, slopes.multiply_elementwise(errors).T * weights


d.explicit("explicit matrices", build=logistic_layer_at_2_3, dims={"n": 2, "m": 3})

# errata -------------------------------------------------------------------------------------------------------------
d.erratum(
    "dh/da",
    printed=(lambda: D(h, a), lambda: slope),
    corrected=(D(h, a), diag(slope)),
    expected="ill-typed",
    note="read as a Jacobian, as in claim 4: a vector stands where a diagonal matrix is meant",
    source=claim_of(2),
)
d.erratum(
    "dh/da, as the row that it was declared to be",
    printed=(lambda: diagonal_row, lambda: slope),
    corrected=(diagonal_row, slope.T),
    expected="ill-typed",
    note="the left side was just said to be 1 × n, the right side is n × 1; the transpose comes one line later",
    source=claim_of(2),
)
d.erratum(
    "chain rule with an entrywise product",
    printed=(lambda: D(L, a), lambda: hadamard(D(L, yhat), D(h, a))),
    corrected=(D(L, a), D(L, yhat) @ D(h, a)),
    expected="ill-typed",
    note="dh/da read as a Jacobian: then the product is the matrix product",
    source=claim_of(2),
)

# an output that is not elementwise ----------------------------------------------------------------------------------
z = d.vector("z", n)
s = d.let("s", softmax(z))
M = d.let("M_y", scalar_function("M_y", s), latex="M_y")
d.erratum(
    "claim 2 for softmax outputs",
    printed=(D(M, z), hadamard(hadamard(s, ones(n) - s).T, D(M, s))),
    corrected=(D(M, z), D(M, s) @ (diag(s) - s @ s.T)),
    note="claim 2 needs an elementwise g: softmax has a Jacobian with entries off the diagonal",
    source=COMMON_SLIP,
)
