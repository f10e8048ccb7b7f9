"""False statements about matrices, each close to a true one."""

from __future__ import annotations

from identity_table import identity

from derivcheck import (
    delta,
    determinant,
    diag,
    diagonal,
    hadamard,
    inverse,
    kron,
    sum_over,
    trace,
    unvec,
    vec,
)
from derivcheck import identity as identity_matrix


# products, transposes, traces -----------------------------------------------------------------------------------------
@identity("refuted")
def products_commute(d):
    """AB = BA."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return A @ B, B @ A


@identity("ill-typed")
def transpose_keeps_the_order(d):
    """(AB)ᵀ = AᵀBᵀ, with shapes that do not fit."""
    n, k, m = d.dim("n"), d.dim("k"), d.dim("m")
    A, B = d.matrix("A", n, k), d.matrix("B", k, m)
    return (A @ B).T, lambda: A.T @ B.T


@identity("refuted")
def transpose_keeps_the_order_of_square_matrices(d):
    """(AB)ᵀ = AᵀBᵀ."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return (A @ B).T, A.T @ B.T


@identity("refuted")
def every_matrix_is_symmetric(d):
    """A = Aᵀ."""
    n = d.dim("n")
    A = d.matrix("A", n, n)
    return A, A.T


@identity("refuted")
def every_form_commutes(d):
    """xᵀAy = yᵀAx without symmetry."""
    n = d.dim("n")
    A, x, y = d.matrix("A", n, n), d.vector("x", n), d.vector("y", n)
    return x.T @ A @ y, y.T @ A @ x


@identity("refuted")
def trace_of_a_product_splits(d):
    """tr(AB) = tr(A) tr(B)."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return trace(A @ B), trace(A) * trace(B)


@identity("refuted")
def trace_of_three_in_any_order(d):
    """tr(ABC) = tr(ACB)."""
    n = d.dim("n")
    A, B, C = d.matrix("A", n, n), d.matrix("B", n, n), d.matrix("C", n, n)
    return trace(A @ B @ C), trace(A @ C @ B)


@identity("refuted")
def binomial_formula_for_matrices(d):
    """(A + B)² = A² + 2AB + B²."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return (A + B) @ (A + B), A @ A + 2 * (A @ B) + B @ B


@identity("ill-typed")
def outer_product_commutes(d):
    """u vᵀ = v uᵀ for vectors of different lengths."""
    u, v = d.vector("u", d.dim("n")), d.vector("v", d.dim("m"))
    return u @ v.T, v @ u.T


@identity("refuted")
def diagonal_of_a_product_is_the_product_of_diagonals(d):
    """diagonal(AB) = diagonal(A) ⊙ diagonal(B)."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return diagonal(A @ B), hadamard(diagonal(A), diagonal(B))


@identity("refuted")
def matrix_and_entrywise_product(d):
    """AB = A ⊙ B."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return A @ B, hadamard(A, B)


@identity("refuted")
def cayley_hamilton_for_two_claimed_for_all(d):
    """A² − tr(A) A + det(A) I = 0 for n × n matrices."""
    n = d.dim("n")
    A = d.matrix("A", n, n)
    return A @ A - trace(A) * A + determinant(A) * identity_matrix(n), 0 * A


@identity("ill-typed")
def added_without_broadcasting(d):
    """XW + b with a bias column beside a matrix."""
    B, n, m = d.dim("B"), d.dim("n"), d.dim("m")
    X, W, b = d.matrix("X", B, n), d.matrix("W", n, m), d.vector("b", m)
    return lambda: X @ W + b, lambda: b + X @ W


# Kronecker products, vec ------------------------------------------------------------------------------------------------
@identity("refuted")
def kronecker_factors_swapped(d):
    """vec(ABC) = (A ⊗ Cᵀ) vec(B)."""
    n = d.dim("n")
    A, B, C = d.matrix("A", n, n), d.matrix("B", n, n), d.matrix("C", n, n)
    return vec(A @ B @ C), kron(A, C.T) @ vec(B)


@identity("refuted")
def kronecker_without_the_transpose(d):
    """vec(ABC) = (C ⊗ A) vec(B)."""
    n, m = d.dim("n"), d.dim("m")
    A, B, C = d.matrix("A", n, n), d.matrix("B", n, m), d.matrix("C", m, m)
    return vec(A @ B @ C), kron(C, A) @ vec(B)


@identity("refuted")
def kronecker_commutes(d):
    """A ⊗ B = B ⊗ A."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return kron(A, B), kron(B, A)


@identity("refuted")
def kronecker_transpose_swaps(d):
    """(A ⊗ B)ᵀ = Bᵀ ⊗ Aᵀ."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return kron(A, B).T, kron(B.T, A.T)


@identity("refuted")
def vec_does_not_see_a_transpose(d):
    """vec(Aᵀ) = vec(A)."""
    n = d.dim("n")
    A = d.matrix("A", n, n)
    return vec(A.T), vec(A)


@identity("ill-typed")
def unvec_to_the_other_shape(d):
    """vec⁻¹ of vec(A) read as m × n, claimed to be A."""
    n, m = d.dim("n"), d.dim("m")
    A = d.matrix("A", n, m)
    return lambda: unvec(vec(A), rows=m, columns=n), A


# inverses and determinants ----------------------------------------------------------------------------------------------
@identity("refuted")
def determinant_of_a_sum(d):
    """det(A + B) = det A + det B."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return determinant(A + B), determinant(A) + determinant(B)


@identity("refuted", assumptions=("A is invertible",))
def inverse_that_is_symmetric_without_an_assumption(d):
    """A⁻ᵀ is not A⁻¹."""
    n = d.dim("n")
    A, x = d.matrix("A", n, n), d.vector("x", n)
    d.assume("invertible", A)
    return inverse(A).T @ x, inverse(A) @ x


@identity("refuted", assumptions=("A is invertible",))
def inverse_contracted_with_the_transpose(d):
    """A⁻ᵀ A is not I."""
    n = d.dim("n")
    A, x = d.matrix("A", n, n), d.vector("x", n)
    d.assume("invertible", A)
    return inverse(A.T) @ A @ x, x


@identity("refuted")
def inverse_of_a_sum(d):
    """(A + B)⁻¹ = A⁻¹ + B⁻¹."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return inverse(A + B), inverse(A) + inverse(B)


@identity("refuted")
def inverse_of_a_product_in_the_same_order(d):
    """(AB)⁻¹ = A⁻¹B⁻¹."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return inverse(A @ B), inverse(A) @ inverse(B)


@identity("refuted")
def inverse_contracted_with_a_third_factor(d):
    """Σ_k X_ik (X⁻¹)_kj w_k = δ_ij w_j: the index k occurs a third time."""
    n = d.dim("n")
    (i, j, k), X, w = d.indices("i j k", n), d.matrix("X", n, n), d.vector("w", n)
    return sum_over(k, X[i, k] * inverse(X)[k, j] * w[k]), delta(i, j) * w[j]


@identity("refuted")
def diagonal_matrix_of_a_product(d):
    """diag(Ax) = A diag(x)."""
    n = d.dim("n")
    A, x = d.matrix("A", n, n), d.vector("x", n)
    return diag(A @ x), A @ diag(x)
