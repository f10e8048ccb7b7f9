"""True textbook derivatives of forms, norms, elementary functions, probabilities, inverses."""

from __future__ import annotations

from fractions import Fraction

from identity_table import identity

from derivcheck import (
    D,
    Positive,
    absolute,
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
    mean,
    ones,
    outer,
    power,
    relu,
    scalar_function,
    sigmoid,
    softplus,
    sqrt,
    sum_over,
    tanh,
    total,
    trace,
)
from derivcheck import identity as identity_matrix
from derivcheck.language.terms import Size

HALF = Fraction(1, 2)


# forms and traces -----------------------------------------------------------------------------------------------------
@identity("proved")
def gradient_of_a_quadratic_form(d):
    """d xᵀAx = (A + Aᵀ)x."""
    n = d.dim("n")
    A, x = d.matrix("A", n, n), d.vector("x", n)
    return D(x.T @ A @ x, x), (A + A.T) @ x


@identity("proved", assumptions=("A is symmetric",))
def gradient_of_a_symmetric_form(d):
    """d xᵀAx = 2Ax for symmetric A."""
    n = d.dim("n")
    A, x = d.matrix("A", n, n), d.vector("x", n)
    d.assume("symmetric", A)
    return D(x.T @ A @ x, x), 2 * (A @ x)


@identity("proved")
def hessian_of_a_quadratic_form(d):
    """d² xᵀAx = A + Aᵀ."""
    n = d.dim("n")
    A, x = d.matrix("A", n, n), d.vector("x", n)
    return D(D(x.T @ A @ x, x), x), A + A.T


@identity("proved")
def gradient_of_a_bilinear_form(d):
    """d uᵀWv by W = u vᵀ."""
    n, m = d.dim("n"), d.dim("m")
    u, v, W = d.vector("u", n), d.vector("v", m), d.matrix("W", n, m)
    return D(u.T @ W @ v, W), outer(u, v)


@identity("proved", layout="numerator")
def gradient_of_a_trace_in_numerator_layout(d):
    """d tr(AX) by X = A in numerator layout."""
    n, m = d.dim("n"), d.dim("m")
    A, X = d.matrix("A", n, m), d.matrix("X", m, n)
    return D(trace(A @ X), X), A


@identity("proved", layout="denominator")
def gradient_of_a_trace_in_denominator_layout(d):
    """d tr(AX) by X = Aᵀ in denominator layout."""
    n, m = d.dim("n"), d.dim("m")
    A, X = d.matrix("A", n, m), d.matrix("X", m, n)
    return D(trace(A @ X), X), A.T


@identity("proved")
def gradient_of_a_trace_quadratic_in_the_matrix(d):
    """d tr(XᵀAX) = (A + Aᵀ)X."""
    n, m = d.dim("n"), d.dim("m")
    A, X = d.matrix("A", n, n), d.matrix("X", n, m)
    return D(trace(X.T @ A @ X), X), (A + A.T) @ X


@identity("proved")
def gradient_of_a_sandwiched_trace(d):
    """d tr(AXB) = AᵀBᵀ."""
    n, m, k = d.dim("n"), d.dim("m"), d.dim("k")
    A, X, B = d.matrix("A", k, n), d.matrix("X", n, m), d.matrix("B", m, k)
    return D(trace(A @ X @ B), X), A.T @ B.T


@identity("proved", layout="denominator")
def jacobian_of_a_linear_map_in_denominator_layout(d):
    """d Ax = Aᵀ in denominator layout."""
    n, m = d.dim("n"), d.dim("m")
    A, x = d.matrix("A", n, m), d.vector("x", m)
    return D(A @ x, x), A.T


@identity("proved")
def gradient_of_least_squares(d):
    """d ‖Xw − y‖² = 2Xᵀ(Xw − y)."""
    n, m = d.dim("n"), d.dim("m")
    X, w, y = d.matrix("X", n, m), d.vector("w", m), d.vector("y", n)
    return D((X @ w - y).T @ (X @ w - y), w), 2 * (X.T @ (X @ w - y))


@identity("proved")
def gradient_of_ridge_regression(d):
    """d (‖Xw − y‖² + λ‖w‖²) = 2Xᵀ(Xw − y) + 2λw."""
    n, m = d.dim("n"), d.dim("m")
    X, w, y, strength = d.matrix("X", n, m), d.vector("w", m), d.vector("y", n), d.scalar("lambda")
    return D((X @ w - y).T @ (X @ w - y) + strength * (w.T @ w), w), 2 * (X.T @ (X @ w - y)) + 2 * strength * w


@identity("proved", layout="numerator")
def gradient_of_the_mean_squared_error(d):
    """d mean((ŷ − y)²) = (2/n)(ŷ − y)ᵀ, a row."""
    n = d.dim("n")
    yhat, y = d.vector("yhat", n), d.vector("y", n)
    return D(mean(power(yhat - y, 2)), yhat), 2 * (yhat - y).T / n


# norms ------------------------------------------------------------------------------------------------------------------
@identity("proved")
def gradient_of_the_squared_frobenius_norm(d):
    """d Σ a² = 2A."""
    n, m = d.dim("n"), d.dim("m")
    A = d.matrix("A", n, m)
    return D(trace(A.T @ A), A), 2 * A


@identity("proved", conditions=("(Σ_i,j A[j,i]²) > 0",))
def gradient_of_the_frobenius_norm(d):
    """d ‖A‖ = A/‖A‖."""
    n, m = d.dim("n"), d.dim("m")
    A = d.matrix("A", n, m)
    return D(frobenius(A), A), A / frobenius(A)


@identity("proved", conditions=("(Σ_i x[i]²) > 0",))
def jacobian_of_a_normalised_vector(d):
    """d x/‖x‖ = (I − x̂x̂ᵀ)/‖x‖."""
    n = d.dim("n")
    x = d.vector("x", n)
    unit = d.let("u", x / frobenius(x))
    return D(unit, x), (identity_matrix(n) - outer(unit, unit)) / frobenius(x)


@identity("proved", conditions=("(Σ_i x[i]²) > 0", "(Σ_i y[i]²) > 0"))
def gradient_of_the_cosine_similarity(d):
    """d cos(x, y) = (y/‖y‖ − cos x/‖x‖)/‖x‖."""
    n = d.dim("n")
    x, y = d.vector("x", n), d.vector("y", n)
    cosine = d.let("c", x.T @ y / (frobenius(x) * frobenius(y)))
    return D(cosine, x), (y / frobenius(y) - cosine * x / frobenius(x)) / frobenius(x)


# elementary functions ---------------------------------------------------------------------------------------------------
@identity("proved")
def derivative_of_softplus(d):
    """softplus′ = σ."""
    x = d.scalar("x")
    return D(softplus(x), x), sigmoid(x)


@identity("proved")
def second_derivative_of_softplus(d):
    """softplus″ = σ(1 − σ)."""
    x = d.scalar("x")
    return D(D(softplus(x), x), x), sigmoid(x) * (1 - sigmoid(x))


@identity("proved")
def derivative_of_tanh(d):
    """tanh′ = 1 − tanh²."""
    x = d.scalar("x")
    return D(tanh(x), x), 1 - tanh(x) ** 2


@identity("proved")
def derivative_of_swish(d):
    """(xσ)′ = σ + xσ(1 − σ)."""
    x = d.scalar("x")
    return D(x * sigmoid(x), x), sigmoid(x) + x * sigmoid(x) * (1 - sigmoid(x))


@identity("proved")
def derivative_of_gelu_by_tanh(d):
    """The derivative of x(1 + tanh u)/2 with u = c(x + a x³), for any c and a."""
    x, c, a = d.scalar("x"), d.scalar("c"), d.scalar("a")
    u = c * (x + a * x**3)
    return D(HALF * x * (1 + tanh(u)), x), HALF * (1 + tanh(u)) + HALF * x * (1 - tanh(u) ** 2) * c * (1 + 3 * a * x**2)


@identity("proved", conditions=("x ≠ 0",))
def derivative_of_relu(d):
    """relu′ is 1 where x > 0, off the kink."""
    x = d.scalar("x")
    return D(relu(x), x), indicator(Positive(x))


@identity("proved", conditions=("x ≠ 0", "2 [x > 0] x - x ≠ 0"))
def derivative_of_the_absolute_value(d):
    """|x|′ = x/|x|, off the kink."""
    x = d.scalar("x")
    return D(absolute(x), x), x / absolute(x)


@identity("proved", conditions=("1 - (Σ_i w[i] x[i]) y ≠ 0",))
def gradient_of_the_hinge_loss(d):
    """d relu(1 − y wᵀx) = −y x where the margin is missed."""
    n = d.dim("n")
    w, x, y = d.vector("w", n), d.vector("x", n), d.scalar("y")
    margin = 1 - y * (w.T @ x)
    return D(relu(margin), w), -(y * indicator(Positive(margin))) * x


@identity("proved", conditions=("-x > 0", "x ≠ 0"))
def derivative_of_the_logarithm_of_a_negative_number(d):
    """log(−x)′ = 1/x, where −x > 0."""
    x = d.scalar("x")
    return D(log(-x), x), 1 / x


@identity("proved", conditions=("x[i] - (Σ_j x[j])/n ≠ 0",))
def relu_of_a_deviation(d):
    """∂relu(x_i − x̄)/∂x_i = [x_i > x̄](1 − 1/n), off the kink, which excludes n = 1."""
    n = d.dim("n")
    i, x = d.index("i", n), d.vector("x", n)
    return D(relu(x[i] - mean(x)), x[i]), indicator(Positive(x[i] - mean(x))) * (1 - 1 / Size(n))


@identity("proved", conditions=("x ≠ 0",))
def derivative_of_the_reciprocal(d):
    """(1/x)′ = −1/x²."""
    x = d.scalar("x")
    return D(1 / x, x), -1 / x**2


@identity("proved")
def quotient_rule(d):
    """(g/(1 + h²))′ by the quotient rule, for generic g and h."""
    x = d.scalar("x")
    g, h = elementwise("g", x), elementwise("h", x)
    slope_g, slope_h = elementwise("g", x, order=1), elementwise("h", x, order=1)
    return D(g / (1 + h**2), x), (slope_g * (1 + h**2) - 2 * g * h * slope_h) / (1 + h**2) ** 2


@identity("proved")
def derivative_of_a_gaussian(d):
    """d exp(−‖x‖²/2) = −x exp(−‖x‖²/2)."""
    x = d.vector("x", d.dim("n"))
    density = exp(-HALF * (x.T @ x))
    return D(density, x), -density * x


@identity("proved")
def gradient_of_the_exponential_of_a_form(d):
    """d exp(xᵀAx) = exp(xᵀAx)(A + Aᵀ)x."""
    n = d.dim("n")
    A, x = d.matrix("A", n, n), d.vector("x", n)
    return D(exp(x.T @ A @ x), x), exp(x.T @ A @ x) * ((A + A.T) @ x)


@identity("proved")
def by_a_symbol_that_does_not_occur(d):
    """d xᵀx by y = 0."""
    n = d.dim("n")
    x, y = d.vector("x", n), d.vector("y", n)
    return D(x.T @ x, y), 0 * y


@identity("proved", assumptions=("Σ y = 1",))
def weights_that_sum_to_one_still_move(d):
    """∂Σy/∂y_j = Σy, although Σ y = 1 is declared: the derivative is taken before the assumption applies."""
    n = d.dim("n")
    (j, t), y = d.indices("j t", n), d.vector("y", n)
    d.assume("sums-to", y)
    return D(sum_over(t, y[t]), y[j]), total(y) * delta(j, j)


# chain rules with generic functions -------------------------------------------------------------------------------------
@identity("proved")
def chain_rule_through_a_layer(d):
    """∂L(g(Wx))/∂x = Wᵀ(g′(Wx) ⊙ ∂L/∂h), for every loss and activation."""
    n, m = d.dim("n"), d.dim("m")
    W, x = d.matrix("W", n, m), d.vector("x", m)
    h = d.let("h", elementwise("g", W @ x))
    loss = d.let("L", scalar_function("ell", h))
    return D(loss, x), W.T @ hadamard(elementwise("g", W @ x, order=1), D(loss, h))


@identity("proved", layout="numerator")
def jacobian_of_a_recurrent_step(d):
    """∂tanh(Wh + Ux)/∂h = diag(1 − tanh²) W."""
    n, m = d.dim("n"), d.dim("m")
    W, U, h, x = d.matrix("W", n, n), d.matrix("U", n, m), d.vector("h", n), d.vector("x", m)
    step = tanh(W @ h + U @ x)
    return D(step, h), diag(ones(n) - power(step, 2)) @ W


@identity("proved")
def gradient_of_a_tied_autoencoder(d):
    """d ½‖WWᵀx‖² by W has both paths of the shared weights."""
    n, m = d.dim("n"), d.dim("m")
    W, x = d.matrix("W", n, m), d.vector("x", n)
    code = W.T @ x
    return D(HALF * ((W @ code).T @ (W @ code)), W), outer(W @ code, code) + outer(x, W.T @ W @ code)


@identity("proved")
def mixed_partial_derivatives_commute(d):
    """∂²L/∂x_i∂y_j = ∂²L/∂y_j∂x_i for a generic L of x + y."""
    n = d.dim("n")
    (i, j), x, y = d.indices("i j", n), d.vector("x", n), d.vector("y", n)
    L = scalar_function("L", hadamard(x, y))
    return D(D(L, x[i]), y[j]), D(D(L, y[j]), x[i])


# probability ------------------------------------------------------------------------------------------------------------
@identity("proved", conditions=("v > 0",))
def gaussian_likelihood_by_its_mean(d):
    """d ½(log v + (x − μ)²/v) by μ = −(x − μ)/v."""
    x, mu, v = d.scalar("x"), d.scalar("mu"), d.scalar("v")
    return D(HALF * (log(v) + (x - mu) ** 2 / v), mu), -(x - mu) / v


@identity("proved")
def gaussian_likelihood_by_its_variance(d):
    """d ½(log v + (x − μ)²/v) by v = 1/(2v) − (x − μ)²/(2v²) for positive v."""
    x, mu, v = d.scalar("x"), d.scalar("mu"), d.scalar("v")
    d.assume("positive", v)
    return D(HALF * (log(v) + (x - mu) ** 2 / v), v), HALF / v - HALF * (x - mu) ** 2 / v**2


@identity("proved")
def gaussian_likelihood_by_its_log_variance(d):
    """d ½(s + (x − μ)² exp(−s)) by s = ½(1 − (x − μ)² exp(−s))."""
    x, mu, s = d.scalar("x"), d.scalar("mu"), d.scalar("s")
    return D(HALF * (s + (x - mu) ** 2 * exp(-s)), s), HALF * (1 - (x - mu) ** 2 * exp(-s))


@identity("proved")
def gaussian_divergence_by_the_log_variance(d):
    """d ½Σ(exp s + μ² − 1 − s) by s = ½(exp s − 1), the term of a variational autoencoder."""
    n = d.dim("n")
    s, mu = d.vector("s", n), d.vector("mu", n)
    return D(HALF * total(exp(s) + power(mu, 2) - ones(n) - s), s), HALF * (exp(s) - ones(n))


# inverses and determinants ----------------------------------------------------------------------------------------------
@identity("proved", conditions=("X is invertible",))
def derivative_of_an_inverse(d):
    """∂(X⁻¹)_kl/∂X_ij = −(X⁻¹)_ki (X⁻¹)_jl."""
    n = d.dim("n")
    X, (i, j, k, l) = d.matrix("X", n, n), d.indices("i j k l", n)
    return D(inverse(X)[k, l], X[i, j]), -(inverse(X)[k, i] * inverse(X)[j, l])


@identity("proved", conditions=("X is invertible",))
def gradient_of_a_trace_with_an_inverse(d):
    """d tr(AX⁻¹) = −(X⁻¹AX⁻¹)ᵀ."""
    n = d.dim("n")
    A, X = d.matrix("A", n, n), d.matrix("X", n, n)
    return D(trace(A @ inverse(X)), X), -(inverse(X) @ A @ inverse(X)).T


@identity("proved", conditions=("X is invertible", "det(X[i,j]) > 0"))
def gradient_of_the_log_determinant(d):
    """d log det X = X⁻ᵀ where det X > 0."""
    n = d.dim("n")
    X = d.matrix("X", n, n)
    return D(log(determinant(X)), X), inverse(X).T


@identity("proved", conditions=("X is invertible",))
def gradient_of_the_determinant(d):
    """d det X = det(X) X⁻ᵀ."""
    n = d.dim("n")
    X = d.matrix("X", n, n)
    return D(determinant(X), X), determinant(X) * inverse(X).T


@identity("proved")
def derivative_of_a_root(d):
    """d √(1 + x²) = x/√(1 + x²)."""
    x = d.scalar("x")
    return D(sqrt(1 + x**2), x), x / sqrt(1 + x**2)
