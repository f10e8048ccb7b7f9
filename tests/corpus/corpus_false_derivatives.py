"""False derivatives, each the slip of a student beside a true one."""

from __future__ import annotations

from fractions import Fraction

from identity_table import identity

from derivcheck import (
    D,
    Positive,
    absolute,
    cross_entropy,
    delta,
    determinant,
    diag,
    elementwise,
    exp,
    frobenius,
    hadamard,
    indicator,
    inverse,
    log,
    logsumexp,
    mean,
    ones,
    outer,
    power,
    relu,
    scalar_function,
    sigmoid,
    softmax,
    softplus,
    sqrt,
    sum_over,
    tanh,
    trace,
)
from derivcheck import (
    identity as identity_matrix,
)
from derivcheck.language.terms import Size

HALF = Fraction(1, 2)


# forms and traces -----------------------------------------------------------------------------------------------------
@identity("refuted")
def quadratic_form_taken_as_symmetric(d):
    """d xᵀAx = 2Ax without symmetry."""
    n = d.dim("n")
    A, x = d.matrix("A", n, n), d.vector("x", n)
    return D(x.T @ A @ x, x), 2 * (A @ x)


@identity("ill-typed", layout="numerator")
def gradient_in_the_other_layout(d):
    """d xᵀAx in numerator layout is a row, not the column (A + Aᵀ)x."""
    n = d.dim("n")
    A, x = d.matrix("A", n, n), d.vector("x", n)
    return D(x.T @ A @ x, x), (A + A.T) @ x


@identity("refuted")
def trace_gradient_without_its_transpose(d):
    """d tr(AX) = A in the shape of X, for square matrices."""
    n = d.dim("n")
    A, X = d.matrix("A", n, n), d.matrix("X", n, n)
    return D(trace(A @ X), X), A


@identity("ill-typed")
def trace_gradient_of_the_wrong_shape(d):
    """d tr(AX) = A in the shape of X, for rectangular matrices."""
    n, m = d.dim("n"), d.dim("m")
    A, X = d.matrix("A", n, m), d.matrix("X", m, n)
    return D(trace(A @ X), X), A


@identity("refuted")
def trace_of_a_symmetric_matrix_cited_inside(d):
    """d tr(AM) by A = ½(M + Mᵀ): tr(AM) = tr(AMᵀ) holds for symmetric A, but not inside the derivative."""
    n = d.dim("n")
    A, M = d.matrix("A", n, n), d.matrix("M", n, n)
    d.assume("symmetric", A)
    return D(trace(A @ M), A), HALF * (M + M.T)


@identity("refuted")
def linear_map_with_a_transpose_too_many(d):
    """d Ax = Aᵀ, function first."""
    n = d.dim("n")
    A, x = d.matrix("A", n, n), d.vector("x", n)
    return D(A @ x, x), A.T


@identity("refuted")
def least_squares_with_a_sign_slip(d):
    """d ‖y − Xw‖² = 2Xᵀ(y − Xw)."""
    n, m = d.dim("n"), d.dim("m")
    X, w, y = d.matrix("X", n, m), d.vector("w", m), d.vector("y", n)
    return D((y - X @ w).T @ (y - X @ w), w), 2 * (X.T @ (y - X @ w))


@identity("refuted")
def ridge_without_its_factor(d):
    """d (‖Xw − y‖² + λ‖w‖²) = 2Xᵀ(Xw − y) + λw."""
    n, m = d.dim("n"), d.dim("m")
    X, w, y, strength = d.matrix("X", n, m), d.vector("w", m), d.vector("y", n), d.scalar("lambda")
    return D((X @ w - y).T @ (X @ w - y) + strength * (w.T @ w), w), 2 * (X.T @ (X @ w - y)) + strength * w


@identity("refuted")
def mean_squared_error_without_its_average(d):
    """d mean((ŷ − y)²) = 2(ŷ − y)."""
    n = d.dim("n")
    yhat, y = d.vector("yhat", n), d.vector("y", n)
    return D(mean(power(yhat - y, 2)), yhat), 2 * (yhat - y)


@identity("refuted")
def product_rule_with_one_term(d):
    """d tr(XX) = Xᵀ."""
    n = d.dim("n")
    X = d.matrix("X", n, n)
    return D(trace(X @ X), X), X.T


# norms ------------------------------------------------------------------------------------------------------------------
@identity("refuted")
def frobenius_norm_taken_for_its_square(d):
    """d ‖A‖ = 2A."""
    n, m = d.dim("n"), d.dim("m")
    A = d.matrix("A", n, m)
    return D(frobenius(A), A), 2 * A


@identity("refuted")
def normalised_vector_without_projection(d):
    """d x/‖x‖ = I/‖x‖."""
    n = d.dim("n")
    x = d.vector("x", n)
    return D(x / frobenius(x), x), identity_matrix(n) / frobenius(x)


@identity("refuted")
def cosine_similarity_without_projection(d):
    """d cos(x, y) = y/(‖x‖‖y‖)."""
    n = d.dim("n")
    x, y = d.vector("x", n), d.vector("y", n)
    return D(x.T @ y / (frobenius(x) * frobenius(y)), x), y / (frobenius(x) * frobenius(y))


# elementary functions ---------------------------------------------------------------------------------------------------
@identity("refuted")
def logistic_derivative_squared(d):
    """σ′ = σ²."""
    x = d.scalar("x")
    return D(sigmoid(x), x), sigmoid(x) ** 2


@identity("refuted")
def tanh_derivative_without_the_square(d):
    """tanh′ = 1 − tanh."""
    x = d.scalar("x")
    return D(tanh(x), x), 1 - tanh(x)


@identity("refuted")
def softplus_derivative_reflected(d):
    """softplus′ = 1 − σ."""
    x = d.scalar("x")
    return D(softplus(x), x), 1 - sigmoid(x)


@identity("refuted")
def relu_derivative_is_one(d):
    """relu′ = 1."""
    x = d.scalar("x")
    return D(relu(x), x), 1


@identity("refuted")
def hinge_with_a_sign_slip(d):
    """d relu(1 − y wᵀx) = y x where the margin is missed."""
    n = d.dim("n")
    w, x, y = d.vector("w", n), d.vector("x", n), d.scalar("y")
    margin = 1 - y * (w.T @ x)
    return D(relu(margin), w), (y * indicator(Positive(margin))) * x


@identity("refuted")
def absolute_value_derivative_is_one(d):
    """|x|′ = 1."""
    x = d.scalar("x")
    return D(absolute(x), x), 1


@identity("refuted")
def reciprocal_with_a_sign_slip(d):
    """(1/x)′ = 1/x²."""
    x = d.scalar("x")
    return D(1 / x, x), 1 / x**2


@identity("refuted")
def exponential_of_a_square_without_the_chain_rule(d):
    """d exp(x²) = exp(x²)."""
    x = d.scalar("x")
    return D(exp(x**2), x), exp(x**2)


@identity("refuted")
def logarithm_of_an_absolute_square(d):
    """d log(x²) = 1/x²."""
    x = d.scalar("x")
    return D(log(x**2), x), 1 / x**2


@identity("refuted")
def logarithm_of_a_negative_number_doubled(d):
    """log(−x)′ = 2/x."""
    x = d.scalar("x")
    return D(log(-x), x), 2 / x


@identity("vacuous")
def logarithm_of_a_negative_number_for_positive_x(d):
    """log(−x)′ = 2/x for positive x: the logarithm is nowhere defined."""
    x = d.scalar("x")
    d.assume("positive", x)
    return D(log(-x), x), 2 / x


@identity("vacuous")
def relu_of_a_deviation_from_itself(d):
    """relu(x − x̄)′ = 5 for a single number: it is always on the kink."""
    x = d.scalar("x")
    return D(relu(x - mean(x)), x), 5


@identity("refuted")
def swish_as_a_product_of_derivatives(d):
    """(xσ)′ = σ′."""
    x = d.scalar("x")
    return D(x * sigmoid(x), x), sigmoid(x) * (1 - sigmoid(x))


@identity("refuted")
def weights_that_sum_to_one_do_not_move(d):
    """∂Σy/∂y_j = 0 because Σ y = 1."""
    n = d.dim("n")
    (j, t), y = d.indices("j t", n), d.vector("y", n)
    d.assume("sums-to", y)
    return D(sum_over(t, y[t]), y[j]), 0 * delta(j, j)


@identity("refuted")
def relu_of_a_deviation_off_the_kink(d):
    """∂relu(x_i − x̄)/∂x_i = [x_i > x̄], without the 1/n of the mean."""
    n = d.dim("n")
    i, x = d.index("i", n), d.vector("x", n)
    return D(relu(x[i] - mean(x)), x[i]), indicator(Positive(x[i] - mean(x)))


# chain rules with generic functions -------------------------------------------------------------------------------------
@identity("refuted")
def layer_without_the_transpose(d):
    """∂L(g(Wx))/∂x = W(g′ ⊙ ∂L/∂h) for square W."""
    n = d.dim("n")
    W, x = d.matrix("W", n, n), d.vector("x", n)
    h = d.let("h", elementwise("g", W @ x))
    loss = d.let("L", scalar_function("ell", h))
    return D(loss, x), W @ hadamard(elementwise("g", W @ x, order=1), D(loss, h))


@identity("refuted")
def layer_with_the_function_for_its_derivative(d):
    """∂L(g(Wx))/∂x = Wᵀ(g ⊙ ∂L/∂h)."""
    n, m = d.dim("n"), d.dim("m")
    W, x = d.matrix("W", n, m), d.vector("x", m)
    h = d.let("h", elementwise("g", W @ x))
    loss = d.let("L", scalar_function("ell", h))
    return D(loss, x), W.T @ hadamard(h, D(loss, h))


@identity("refuted")
def shared_weights_with_one_path(d):
    """d ½‖WWᵀx‖² by W = (WWᵀx)(Wᵀx)ᵀ, one of two paths."""
    n, m = d.dim("n"), d.dim("m")
    W, x = d.matrix("W", n, m), d.vector("x", n)
    code = W.T @ x
    return D(HALF * ((W @ code).T @ (W @ code)), W), outer(W @ code, code)


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


# inverses and determinants ----------------------------------------------------------------------------------------------
@identity("refuted")
def inverse_derivative_with_a_sign_slip(d):
    """∂(X⁻¹)_kl/∂X_ij = (X⁻¹)_ki (X⁻¹)_jl."""
    n = d.dim("n")
    X, (i, j, k, l) = d.matrix("X", n, n), d.indices("i j k l", n)
    return D(inverse(X)[k, l], X[i, j]), inverse(X)[k, i] * inverse(X)[j, l]


@identity("refuted")
def log_determinant_without_its_transpose(d):
    """d log det X = X⁻¹."""
    n = d.dim("n")
    X = d.matrix("X", n, n)
    return D(log(determinant(X)), X), inverse(X)


@identity("refuted")
def determinant_without_its_factor(d):
    """d det X = X⁻ᵀ."""
    n = d.dim("n")
    X = d.matrix("X", n, n)
    return D(determinant(X), X), inverse(X).T
