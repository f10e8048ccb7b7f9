"""False derivatives of what networks are made of, each the slip of a student beside a true one."""

from __future__ import annotations

from fractions import Fraction

from identity_table import identity

from derivcheck import (
    D,
    cross_entropy,
    diag,
    hadamard,
    log,
    logsumexp,
    mean,
    ones,
    power,
    scalar_function,
    softmax,
    sqrt,
    sum_over,
)
from derivcheck.language.terms import Size

HALF = Fraction(1, 2)


# softmax and its losses -------------------------------------------------------------------------------------------------
@identity("refuted")
def softmax_jacobian_is_diagonal(d):
    """d softmax(z) = diag(s ⊙ (1 − s))."""
    n = d.dim("n")
    z = d.vector("z", n)
    s = softmax(z)
    return D(s, z), diag(hadamard(s, ones(n) - s))


@identity("refuted")
def softmax_entries_without_the_second_delta(d):
    """∂s_i/∂z_j = s_i(1 − s_j)."""
    n = d.dim("n")
    (i, j), z = d.indices("i j", n), d.vector("z", n)
    s = softmax(z)
    return D(s[i], z[j]), s[i] * (1 - s[j])


@identity("refuted")
def hessian_of_log_sum_exp_is_diagonal(d):
    """d² logsumexp(z) = diag(s)."""
    z = d.vector("z", d.dim("n"))
    return D(D(logsumexp(z), z), z), diag(softmax(z))


@identity("refuted")
def softmax_with_a_lost_temperature(d):
    """d softmax(z/τ) = diag(s) − s sᵀ."""
    z, tau = d.vector("z", d.dim("n")), d.scalar("tau")
    s = softmax(z / tau)
    return D(s, z), diag(s) - s @ s.T


@identity("refuted")
def cross_entropy_of_weights_of_any_sum(d):
    """d CE(y, softmax(z)) = softmax(z) − y, without Σ y = 1."""
    n = d.dim("n")
    z, y = d.vector("z", n), d.vector("y", n)
    return D(cross_entropy(y, softmax(z)), z), softmax(z) - y


@identity("refuted")
def label_smoothing_forgotten_in_the_gradient(d):
    """The gradient with smoothed labels is softmax(z) − y."""
    n = d.dim("n")
    z, y, epsilon = d.vector("z", n), d.vector("y", n), d.scalar("epsilon")
    d.assume("sums-to", y)
    smoothed = (1 - epsilon) * y + epsilon / Size(n) * ones(n)
    return D(cross_entropy(smoothed, softmax(z)), z), softmax(z) - y


@identity("refuted")
def divergence_with_a_sign_slip(d):
    """d Σ p log(p/softmax(z)) = p − softmax(z)."""
    n = d.dim("n")
    j, z, p = d.index("j", n), d.vector("z", n), d.vector("p", n)
    d.assume("positive", p)
    d.assume("sums-to", p)
    return D(sum_over(j, p[j] * log(p[j] / softmax(z)[j])), z), p - softmax(z)


@identity("refuted")
def batch_gradient_without_its_average(d):
    """The weight gradient of a mean loss = Xᵀ(P − Y)."""
    B, n, K = d.dim("B"), d.dim("n"), d.dim("K")
    i, k = d.index("i", B), d.index("k", K)
    X, W, Y = d.matrix("X", B, n), d.matrix("W", n, K), d.matrix("Y", B, K)
    d.assume("sums-to", Y, axis=1)
    P = d.let("P", softmax(X @ W, axis=1))
    return D(-sum_over(i, sum_over(k, Y[i, k] * log(P[i, k]))) / B, W), X.T @ (P - Y)


@identity("refuted")
def batch_gradient_of_softmax_along_the_examples(d):
    """The weight gradient with the softmax taken over the examples."""
    B, n, K = d.dim("B"), d.dim("n"), d.dim("K")
    i, k = d.index("i", B), d.index("k", K)
    X, W, Y = d.matrix("X", B, n), d.matrix("W", n, K), d.matrix("Y", B, K)
    d.assume("sums-to", Y, axis=1)
    P = d.let("P", softmax(X @ W, axis=0))
    return D(-sum_over(i, sum_over(k, Y[i, k] * log(P[i, k]))), W), X.T @ (P - Y)


# probability, normalisations, attention ---------------------------------------------------------------------------------
@identity("refuted")
def gaussian_likelihood_by_its_mean_with_a_sign_slip(d):
    """d ½(log v + (x − μ)²/v) by μ = (x − μ)/v."""
    x, mu, v = d.scalar("x"), d.scalar("mu"), d.scalar("v")
    d.assume("positive", v)
    return D(HALF * (log(v) + (x - mu) ** 2 / v), mu), (x - mu) / v


@identity("refuted")
def gaussian_likelihood_by_its_variance_without_the_square(d):
    """d ½(log v + (x − μ)²/v) by v = 1/(2v) − (x − μ)²/(2v)."""
    x, mu, v = d.scalar("x"), d.scalar("mu"), d.scalar("v")
    d.assume("positive", v)
    return D(HALF * (log(v) + (x - mu) ** 2 / v), v), HALF / v - HALF * (x - mu) ** 2 / v


@identity("refuted")
def normalisation_with_constant_statistics(d):
    """The input gradient of layer normalisation with mean and variance taken as constants."""
    n = d.dim("n")
    x, epsilon = d.vector("x", n), d.scalar("epsilon")
    d.assume("positive", epsilon)
    deviation = d.let("c", x - mean(x) * ones(n))
    scale = d.let("s", sqrt(mean(power(deviation, 2)) + epsilon))
    normalised = d.let("N", deviation / scale)
    loss = d.let("L", scalar_function("ell", normalised))
    return D(loss, x), D(loss, normalised) / scale


@identity("refuted")
def normalisation_without_the_path_of_the_variance(d):
    """The input gradient of layer normalisation without its last term."""
    n = d.dim("n")
    x, epsilon = d.vector("x", n), d.scalar("epsilon")
    d.assume("positive", epsilon)
    deviation = d.let("c", x - mean(x) * ones(n))
    scale = d.let("s", sqrt(mean(power(deviation, 2)) + epsilon))
    normalised = d.let("N", deviation / scale)
    loss = d.let("L", scalar_function("ell", normalised))
    g = D(loss, normalised)
    return D(loss, x), (g - mean(g) * ones(n)) / scale


@identity("refuted")
def attention_scores_without_the_row_sums(d):
    """∂L/∂S = P ⊙ (∂L/∂O Vᵀ)."""
    n, m, p = d.dim("n"), d.dim("m"), d.dim("p")
    S, V = d.matrix("S", n, m), d.matrix("V", m, p)
    P = d.let("P", softmax(S, axis=1))
    output = d.let("O", P @ V)
    loss = d.let("L", scalar_function("ell", output))
    return D(loss, S), hadamard(P, D(loss, output) @ V.T)


@identity("refuted")
def attention_queries_without_their_scale(d):
    """∂L/∂Q = ∂L/∂S K, where S = QKᵀ/√d."""
    n, m, k = d.dim("n"), d.dim("m"), d.dim("d")
    Q, keys = d.matrix("Q", n, k), d.matrix("K", m, k)
    S = d.let("S", Q @ keys.T / sqrt(Size(k)))
    loss = d.let("L", scalar_function("ell", softmax(S, axis=1)))
    return D(loss, Q), D(loss, S) @ keys
