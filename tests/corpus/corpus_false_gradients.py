"""False derivatives of forms, norms, inverses and generic functions, each the slip of a student beside a true one."""

from __future__ import annotations

from fractions import Fraction

from identity_table import identity

from derivcheck import (
    D,
    determinant,
    elementwise,
    frobenius,
    hadamard,
    inverse,
    log,
    mean,
    outer,
    power,
    scalar_function,
    trace,
)
from derivcheck import (
    identity as identity_matrix,
)

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
