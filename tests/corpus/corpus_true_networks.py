"""True textbook derivatives of what networks are made of: softmax losses, normalisations, attention."""

from __future__ import annotations

from dataclasses import dataclass

from identity_table import identity

from derivcheck import (
    D,
    Term,
    cross_entropy,
    diag,
    exp,
    hadamard,
    log,
    logsumexp,
    mean,
    ones,
    outer,
    power,
    scalar_function,
    sigmoid,
    softmax,
    softplus,
    sqrt,
    sum_over,
    total,
)
from derivcheck.language.terms import Size


# softmax and its losses -------------------------------------------------------------------------------------------------
@identity("proved", layout="numerator")
def gradient_of_log_sum_exp(d):
    """d logsumexp(z) = softmax(z)ᵀ, a row."""
    z = d.vector("z", d.dim("n"))
    return D(logsumexp(z), z), softmax(z).T


@identity("proved")
def hessian_of_log_sum_exp(d):
    """d² logsumexp(z) = diag(s) − s sᵀ."""
    z = d.vector("z", d.dim("n"))
    s = softmax(z)
    return D(D(logsumexp(z), z), z), diag(s) - s @ s.T


@identity("proved", conditions=("tau ≠ 0",))
def softmax_with_a_temperature(d):
    """d softmax(z/τ) = (diag(s) − s sᵀ)/τ."""
    z, tau = d.vector("z", d.dim("n")), d.scalar("tau")
    s = softmax(z / tau)
    return D(s, z), (diag(s) - s @ s.T) / tau


@identity("proved", assumptions=("Σ y = 1",))
def label_smoothing(d):
    """The gradient of the cross-entropy with smoothed labels (1 − ε)y + ε/n is softmax(z) minus those labels."""
    n = d.dim("n")
    z, y, epsilon = d.vector("z", n), d.vector("y", n), d.scalar("epsilon")
    d.assume("sums-to", y)
    smoothed = (1 - epsilon) * y + epsilon / Size(n) * ones(n)
    return D(cross_entropy(smoothed, softmax(z)), z), softmax(z) - smoothed


@identity("proved", assumptions=("p is positive", "Σ p = 1"))
def divergence_from_a_fixed_distribution(d):
    """d Σ p log(p/softmax(z)) by z = softmax(z) − p."""
    n = d.dim("n")
    j, z, p = d.index("j", n), d.vector("z", n), d.vector("p", n)
    d.assume("positive", p)
    d.assume("sums-to", p)
    return D(sum_over(j, p[j] * log(p[j] / softmax(z)[j])), z), softmax(z) - p


@identity("proved")
def gradient_of_the_entropy_of_softmax(d):
    """∂H/∂z_j = −s_j(log s_j + H) for H = −Σ s log s."""
    n = d.dim("n")
    (j, t), z = d.indices("j t", n), d.vector("z", n)
    s = softmax(z)
    H = d.let("H", -sum_over(t, s[t] * log(s[t])))
    return D(H, z[j]), -s[j] * (log(s[j]) + H)


@identity("proved")
def gradient_of_the_focal_loss(d):
    """d −(1 − p)² log p for p = σ(x) = (1 − p)²(2p log p + p − 1)."""
    x = d.scalar("x")
    p = sigmoid(x)
    return D(-((1 - p) ** 2 * log(p)), x), (1 - p) ** 2 * (2 * p * log(p) + p - 1)


@identity("proved")
def hessian_of_the_logistic_loss(d):
    """d² Σ_i (softplus(Xw)_i − y_i (Xw)_i) = Xᵀ diag(σ(1 − σ)) X."""
    n, m = d.dim("n"), d.dim("m")
    X, w, y = d.matrix("X", n, m), d.vector("w", m), d.vector("y", n)
    p = sigmoid(X @ w)
    loss = total(softplus(X @ w)) - y.T @ X @ w
    return D(D(loss, w), w), X.T @ diag(hadamard(p, ones(n) - p)) @ X


@identity("proved", assumptions=("Σ Y over axis 2 = 1",))
def softmax_regression_weights(d):
    """The weight gradient of softmax regression with examples in rows: Xᵀ(P − Y)/B."""
    B, n, K = d.dim("B"), d.dim("n"), d.dim("K")
    (i, k) = d.index("i", B), d.index("k", K)
    X, W, Y = d.matrix("X", B, n), d.matrix("W", n, K), d.matrix("Y", B, K)
    d.assume("sums-to", Y, axis=1)
    P = d.let("P", softmax(X @ W, axis=1))
    loss = -sum_over(i, sum_over(k, Y[i, k] * log(P[i, k]))) / B
    return D(loss, W), X.T @ (P - Y) / B


# normalisations -----------------------------------------------------------------------------------------------------------
@identity("proved", assumptions=("epsilon is positive",))
def batch_normalisation_input(d):
    """The input gradient of batch normalisation: (g − mean g − x̂ mean(g ⊙ x̂))/√(v + ε) for each feature."""
    B, n = d.dim("B"), d.dim("n")
    (i, s, t, u, w), j = d.indices("i s t u w", B), d.index("j", n)
    X, epsilon = d.matrix("X", B, n), d.scalar("epsilon")
    d.assume("positive", epsilon)
    average = d.let("mu", sum_over(s, X[s, j]) / B, j)
    variance = d.let("v", sum_over(t, (X[t, j] - average[j]) ** 2) / B, j)
    normalised = d.let("N", (X[i, j] - average[j]) / sqrt(variance[j] + epsilon), i, j)
    loss = d.let("L", scalar_function("ell", normalised))
    g = D(loss, normalised)
    mean_gradient, mean_projection = sum_over(u, g[u, j]) / B, sum_over(w, g[w, j] * normalised[w, j]) / B
    return D(loss, X[i, j]), (g[i, j] - mean_gradient - normalised[i, j] * mean_projection) / sqrt(variance[j] + epsilon)


@identity("proved", assumptions=("epsilon is positive",))
def layer_normalisation_input(d):
    """The input gradient of layer normalisation with a gain: (h − mean h − x̂ mean(h ⊙ x̂))/√(v + ε) for h = γ ⊙ g."""
    n = d.dim("n")
    x, gain, bias, epsilon = d.vector("x", n), d.vector("gamma", n), d.vector("beta", n), d.scalar("epsilon")
    d.assume("positive", epsilon)
    deviation = d.let("c", x - mean(x) * ones(n))
    scale = d.let("s", sqrt(mean(power(deviation, 2)) + epsilon))
    normalised = d.let("N", deviation / scale)
    output = d.let("y", hadamard(gain, normalised) + bias)
    loss = d.let("L", scalar_function("ell", output))
    h = hadamard(gain, D(loss, output))
    return D(loss, x), (h - mean(h) * ones(n) - mean(hadamard(h, normalised)) * normalised) / scale


@identity("proved", assumptions=("epsilon is positive",))
def root_mean_square_normalisation(d):
    """The Jacobian of x/√(mean x² + ε) is (I − x̂x̂ᵀ/n)/√(mean x² + ε)."""
    n = d.dim("n")
    x, epsilon = d.vector("x", n), d.scalar("epsilon")
    d.assume("positive", epsilon)
    scale = d.let("s", sqrt(mean(power(x, 2)) + epsilon))
    normalised = d.let("N", x / scale)
    return D(normalised, x), (diag(ones(n)) - outer(normalised, normalised) / n) / scale


# attention ----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Attention:
    """softmax(QKᵀ/√d)V, the softmax over each row, and a generic loss of it."""

    Q: Term
    K: Term
    V: Term
    scores: Term
    weights: Term
    output: Term
    loss: Term
    root: Term


def attention(d):
    """Single-head attention of n queries over m keys."""
    n, m, k, p = d.dim("n"), d.dim("m"), d.dim("d"), d.dim("p")
    Q, keys, V = d.matrix("Q", n, k), d.matrix("K", m, k), d.matrix("V", m, p)
    root = sqrt(Size(k))
    scores = d.let("S", Q @ keys.T / root)
    weights = d.let("P", softmax(scores, axis=1))
    output = d.let("O", weights @ V)
    return Attention(Q, keys, V, scores, weights, output, d.let("L", scalar_function("ell", output)), root)


@identity("proved")
def attention_by_its_values(d):
    """∂L/∂V = Pᵀ ∂L/∂O."""
    net = attention(d)
    return D(net.loss, net.V), net.weights.T @ D(net.loss, net.output)


@identity("proved")
def attention_by_its_scores(d):
    """∂L/∂S = P ⊙ (G − rowsum(G ⊙ P)) for G = ∂L/∂O Vᵀ."""
    net = attention(d)
    G, P = D(net.loss, net.output) @ net.V.T, net.weights
    m = P.shape[1]
    return D(net.loss, net.scores), hadamard(P, G - outer(hadamard(G, P) @ ones(m), ones(m)))


@identity("proved")
def attention_by_its_queries(d):
    """∂L/∂Q = ∂L/∂S K/√d."""
    net = attention(d)
    return D(net.loss, net.Q), D(net.loss, net.scores) @ net.K / net.root


@identity("proved")
def attention_by_its_keys(d):
    """∂L/∂K = (∂L/∂S)ᵀ Q/√d."""
    net = attention(d)
    return D(net.loss, net.K), D(net.loss, net.scores).T @ net.Q / net.root


@identity("proved")
def temperature_scaled_score(d):
    """d exp(qᵀk/√d) by q = exp(qᵀk/√d) k/√d."""
    n = d.dim("d")
    q, k = d.vector("q", n), d.vector("k", n)
    score = exp(q.T @ k / sqrt(Size(n)))
    return D(score, q), score / sqrt(Size(n)) * k


@identity("proved")
def two_class_cross_entropy_gradient(d):
    """d (softplus(x) − xy) = σ(x) − y."""
    x, y = d.scalar("x"), d.scalar("y")
    return D(softplus(x) - x * y, x), sigmoid(x) - y


@identity("proved", assumptions=("x is positive",))
def fraction_of_a_share(d):
    """The share x_i/Σx moves with x_j by (δ_ij − share_i)/Σx, for positive x."""
    n = d.dim("n")
    x = d.vector("x", n)
    d.assume("positive", x)
    share = x / total(x)
    return D(share, x), (diag(ones(n)) - outer(share, ones(n))) / total(x)
