"""The derivative by a weight of the first layer as a product: of numbers, with one unit in each layer, and of Jacobians for any widths."""

from __future__ import annotations

from derivcheck import D, Derivation, Source, diag, elementwise, scalar_function, softmax
from derivcheck.layers import Layers

BISWAS = "Biswas, Backpropagation"

# one unit in each layer, L = 3 --------------------------------------------------------------------------------------
thin = Derivation("biswas-thin-network", layout="like-variable", source=Source(BISWAS, "4.1"), title="A network with one unit in each layer")
x, w1, w2, w3, b1, b2, b3 = (thin.scalar(name) for name in ("x", "W_111", "W_211", "W_311", "b_11", "b_21", "b_31"))
a1 = thin.let("a_11", w1 * x + b1)
h1 = thin.let("h_11", elementwise("g", a1))
a2 = thin.let("a_21", w2 * h1 + b2)
h2 = thin.let("h_21", elementwise("g", a2))
a3 = thin.let("a_31", w3 * h2 + b3)
yhat = thin.let("yhat", elementwise("O", a3), latex=r"\hat{y}")
loss = thin.let("Loss", scalar_function("L", yhat), latex=r"\mathcal{L}")

thin.chain(
    "by the first weight",
    D(loss, w1),
    D(loss, yhat) * D(yhat, a3) * D(a3, h2) * D(h2, a2) * D(a2, h1) * D(h1, a1) * D(a1, w1),
    D(loss, yhat) * elementwise("O", a3, order=1) * w3 * elementwise("g", a2, order=1) * w2 * elementwise("g", a1, order=1) * x,
    note="what is printed as a_L11 is a_31: a pre-activation has two subscripts",
)

# one unit in each layer, any depth ----------------------------------------------------------------------------------
layers = Layers(thin, "L")
k = layers.generic("k", first=1, last=-1)
w = layers.scalars("w", first=1)
b = layers.scalars("b", first=1)
a = layers.scalars("a", first=1)
a_next = thin.let("a_(k+1)", w[k + 1] * elementwise("g", a[k]) + b[k + 1])
after = thin.let("Loss after k", scalar_function("M", a_next), latex=r"\mathcal{L}")
output = thin.let("output", elementwise("O", a[layers.last]))
at_the_end = thin.let("Loss at the end", scalar_function("M_last", output), latex=r"\mathcal{L}")
layers.recursion(
    "by the pre-activations of a thin network",
    base=thin.claim("last layer", D(at_the_end, a[layers.last]), D(at_the_end, output) * elementwise("O", a[layers.last], order=1)),
    step=thin.claim("layer k", D(after, a[k]), D(after, a_next) * w[k + 1] * elementwise("g", a[k], order=1)),
    layer=k,
)

# any widths, L = 3: a product of Jacobians --------------------------------------------------------------------------
wide = Derivation("biswas-product-of-jacobians", layout="numerator", source=Source(BISWAS, "4.2, 4.3"), title="The chain of a layered network")
n0, n1, n2, p = (wide.dim(name) for name in ("n_0", "n_1", "n_2", "p"))
i, j = wide.index("i", n1), wide.index("j", n0)
X0 = wide.vector("x", n0)
W1, W2, W3 = wide.matrix("W_1", n1, n0), wide.matrix("W_2", n2, n1), wide.matrix("W_3", p, n2)
c1, c2, c3 = wide.vector("b_1", n1), wide.vector("b_2", n2), wide.vector("b_3", p)
z = wide.vector("z", p)
prediction = wide.let("yhat", softmax(z), latex=r"\hat{y}")
of_prediction = wide.let("Loss of yhat", scalar_function("L", prediction), latex=r"\mathcal{L}")
A1 = wide.let("a_1", W1 @ X0 + c1)
H1 = wide.let("h_1", elementwise("g", A1))
A2 = wide.let("a_2", W2 @ H1 + c2)
H2 = wide.let("h_2", elementwise("g", A2))
A3 = wide.let("a_3", W3 @ H2 + c3)
M = wide.let("Loss", scalar_function("M", A3), latex=r"\mathcal{L}")
slope_1, slope_2 = diag(elementwise("g", A1, order=1)), diag(elementwise("g", A2, order=1))

wide.claim("output layer", D(of_prediction, z), D(of_prediction, prediction) @ D(prediction, z), note="z are the pre-activations of layer 3")
wide.claim("second hidden layer", D(A3, H2) @ D(H2, A2), W3 @ slope_2)
wide.claim("first hidden layer", D(A2, H1) @ D(H1, A1), W2 @ slope_1)
wide.claim("to the pre-activations of layer 2", D(M, A2), D(M, A3) @ W3 @ slope_2)
wide.claim("to the pre-activations of layer 1", D(M, A1), D(M, A2) @ W2 @ slope_1)
wide.claim("to a weight", D(M, W1[i, j]), D(M, A1) @ D(A1, W1[i, j]))
wide.claim("the whole product", D(M, W1[i, j]), D(M, A3) @ D(A3, H2) @ D(H2, A2) @ D(A2, H1) @ D(H1, A1) @ D(A1, W1[i, j]))
wide.claim("the whole product, closed", D(M, W1[i, j]), (D(M, A3) @ W3 @ slope_2 @ W2 @ slope_1)[i] * X0[j])
wide.erratum(
    "the product in the layout of the gradients",
    printed=(
        lambda: D(M, W1[i, j]),
        lambda: D(M, A3, "like-variable") @ D(A3, H2) @ D(H2, A2) @ D(A2, H1) @ D(H1, A1) @ D(A1, W1[i, j]),
    ),
    corrected=(
        D(M, A1, "like-variable"),
        D(H1, A1, "denominator") @ D(A2, H1, "denominator") @ D(H2, A2, "denominator") @ D(A3, H2, "denominator") @ D(M, A3, "denominator"),
    ),
    expected="ill-typed",
    note="right for gradients as rows (numerator layout); with gradients as columns the factors stand in the opposite order",
)
