"""The gradient by the weights of the last layer, in numerator layout: claim 3, through the tensor da/dW and through vec and ⊗.

vec(ABC) itself, and the lines of this claim that lost the outer transpose of vec⁻¹, are in the derivation vec-of-a-product.
"""

from __future__ import annotations

from typing import Any

from derivcheck import D, Derivation, Source, array, contract, delta, elementwise, hadamard, identity, kron, scalar_function, sum_over, unvec, vec

VOROS = Source("Voros, ECE 542 HW2a", "3")

d = Derivation("voros-weight-gradient", layout="numerator", source=VOROS, title="The weights of the last layer of a network")
n, m = d.dim("n"), d.dim("m")
i, k, t = d.indices("i k t", n)
j, q = d.indices("j q", m)
w = d.vector("w_K", m * n, latex="w^{(K)}")
b = d.vector("b_K", n, latex="b^{(K)}")
h = d.vector("h_(K-1)", m, latex="h^{(K-1)}")
W = d.let("W_K", unvec(w, rows=n, columns=m), latex="W^{(K)}")
a = d.let("a_K", W @ h + b, latex="a^{(K)}")
yhat = d.let("yhat", elementwise("g", a), latex=r"\hat{y}")
L = d.let("L_y", scalar_function("L_y", yhat), latex="L_y")

# da/dW, a tensor ----------------------------------------------------------------------------------------------------
tensor = array(D(a[t], W[i, j]), t, i, j)
transposed = array(D(a[t], W[i, j]), t, j, i)
d.claim("da/dW, entries", D(a[t], W[i, j]), delta(t, i) * h[j])
d.claim("da/dW", D(a, W), tensor, note="n × (n × m): the axes of a, then those of W")
d.chain("da/dW without the bias", D(a, W), D(W @ h + b, W), D(W @ h, W))
d.claim("db/dW", D(b, W), 0 * D(a, W))
d.claim("chain rule, entries", D(L, W[i, j]), sum_over(t, D(L, a[t]) * D(a[t], W[i, j])))
d.claim("chain rule, with the tensor n × (m × n)", D(L, W), contract(D(L, a), transposed), note="the reading in which the line is right as it stands")
d.claim(
    "chain rule, with the tensor n × (n × m)", D(L, W), contract(D(L, a), tensor).T,
    note="the other order of the last two axes gives the gradient shaped like W, and a transpose is needed",
)  # fmt: skip
d.claim("chain rule, with the tensor of this layout", D(L, W), contract(D(L, a), D(a, W)).T)
d.claim(
    "chain rule, the n × (n × m) tensor without a transpose", lambda: D(L, W), lambda: contract(D(L, a), tensor),
    expected="ill-typed", note="another reading of the product: m × n on the left, n × m on the right",
)  # fmt: skip
d.claim(
    "chain rule, as a matrix product", lambda: D(L, W), lambda: D(L, a) @ D(a, W),
    expected="ill-typed", note="another reading of the product: da/dW is no matrix",
)  # fmt: skip

# da/dw, a matrix ----------------------------------------------------------------------------------------------------
units, inputs = identity(n), identity(m)
d.claim("w", w, vec(W), note="used, but not defined, in the source")
d.chain("W h", W @ h, vec(W @ h), vec(units @ W @ h), kron(h.T, units) @ vec(W))
d.claim("W h, identity of the inputs", lambda: W @ h, lambda: kron(h.T, inputs) @ vec(W), expected="ill-typed", note="I is n × n, not m × m")
d.claim("da/dw", D(a, w), kron(h.T, units))
d.claim("da/dw, columns and rows", D(a[t], w[j, i]), delta(t, i) * h[j], note="w has the columns of W one below the other")
d.chain("gradient by w", D(L, w), D(L, a) @ D(a, w), D(L, a) @ kron(h.T, units))
d.chain("gradient by w, transposed", D(L, w).T, (D(L, a) @ kron(h.T, units)).T, kron(h, units) @ D(L, a).T)

# back to W ----------------------------------------------------------------------------------------------------------
stacked = kron(h, units) @ D(L, a).T
d.claim("vec⁻¹ and its transpose", D(L, W), unvec(D(L, w).T, rows=n, columns=m).T)
d.claim(
    "vec⁻¹, transpose inside", lambda: D(L, W), lambda: unvec(stacked.T, rows=n, columns=m),
    expected="ill-typed", note="another reading of vec⁻¹(…)ᵀ: the transpose belongs to the result",
)  # fmt: skip
d.claim("shape of the gradient by a", D(L, a), array(D(L, a[k]), k).T, note="1 × n")
d.claim("a column is its own vec", vec(D(L, a).T), D(L, a).T)
d.claim("vec of the outer product", kron(h, units) @ vec(D(L, a).T), vec(units @ D(L, a).T @ h.T))
d.chain(
    "3",
    D(L, W),
    unvec(stacked, rows=n, columns=m).T,
    unvec(kron(h, units) @ vec(D(L, a).T), rows=n, columns=m).T,
    unvec(vec(D(L, a).T @ h.T), rows=n, columns=m).T,
    (D(L, a).T @ h.T).T,
    h @ D(L, a),
    note="m × n: the entry (j, i) is the derivative by W_ij",
)
d.claim(
    "the second line rewritten, as printed in one transcription", unvec(kron(h, units) @ vec(D(L, a).T), rows=n, columns=m),
    unvec(vec(D(L, a).T @ h.T), rows=n, columns=m),
    note="both lines without the outer transpose: the step holds, but what stands there is the transpose of the gradient",
)  # fmt: skip
d.claim("3, entries", D(L, W[i, j]), (h @ D(L, a))[j, i])
d.claim("3, all the way", D(L, W), h @ hadamard(elementwise("g", a, order=1).T, D(L, yhat)))

# the same shaped like W ---------------------------------------------------------------------------------------------
like = D(L, W, layout="like-variable")
d.claim("3, shaped like W", like, D(L, a).T @ h.T)
d.claim(
    "vec⁻¹, shaped like W", like, unvec(D(L, w).T, rows=n, columns=m),
    note="the layout in which vec⁻¹ needs no transpose; claim 3 is then false, so that the two lines have no common reading",
)  # fmt: skip
d.claim("3 in the layout shaped like W", lambda: like, lambda: h @ D(L, a), expected="ill-typed", note="n × m on the left, m × n on the right")


def gradient_at_2_3() -> tuple[Any, Any]:
    """The m × n gradient of ½‖g(W h + b) − y‖² for a 2 × 3 matrix W and the logistic g, and h ∇ₐL with the row ∇ₐL."""
    from sympy import Matrix, exp, symbols  # SymPy is slow to import

    weights, targets = Matrix(2, 3, symbols("w:6", real=True)), Matrix(symbols("y:2", real=True))
    before, biases = Matrix(symbols("h:3", real=True)), Matrix(symbols("b:2", real=True))
    outputs = (weights * before + biases).applyfunc(lambda unit: 1 / (1 + exp(-unit)))
    errors = outputs - targets
    loss = errors.dot(errors) / 2
    left = Matrix(3, 2, lambda row, column: loss.diff(weights[column, row]))
    return left, before * errors.multiply_elementwise(outputs.applyfunc(lambda output: output * (1 - output))).T


d.explicit("explicit matrices", build=gradient_at_2_3, dims={"n": 2, "m": 3})
