"""True textbook derivatives of forms, norms, inverses and generic functions."""

from __future__ import annotations

from fractions import Fraction

from identity_table import identity

from derivcheck import (
    D,
    determinant,
    diag,
    elementwise,
    frobenius,
    hadamard,
    inverse,
    log,
    mean,
    ones,
    outer,
    power,
    scalar_function,
    sqrt,
    tanh,
    trace,
)
from derivcheck import identity as identity_matrix

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
