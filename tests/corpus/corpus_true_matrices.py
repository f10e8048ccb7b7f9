"""True textbook identities of matrices: products, traces, Kronecker products, inverses."""

from __future__ import annotations

from identity_table import identity

from derivcheck import (
    D,
    array,
    contract,
    delta,
    determinant,
    diag,
    diagonal,
    hadamard,
    inverse,
    kron,
    ones,
    outer,
    trace,
    vec,
)
from derivcheck import identity as identity_matrix


# products, transposes, traces -----------------------------------------------------------------------------------------
@identity("proved")
def transpose_of_a_product(d):
    """(AB)ᵀ = BᵀAᵀ."""
    n, k, m = d.dim("n"), d.dim("k"), d.dim("m")
    A, B = d.matrix("A", n, k), d.matrix("B", k, m)
    return (A @ B).T, B.T @ A.T


@identity("proved")
def matrix_product_is_associative(d):
    """(AB)C = A(BC)."""
    n, k, m, p = d.dim("n"), d.dim("k"), d.dim("m"), d.dim("p")
    A, B, C = d.matrix("A", n, k), d.matrix("B", k, m), d.matrix("C", m, p)
    return (A @ B) @ C, A @ (B @ C)


@identity("proved")
def trace_is_cyclic(d):
    """tr(ABC) = tr(CAB)."""
    n, m, k = d.dim("n"), d.dim("m"), d.dim("k")
    A, B, C = d.matrix("A", n, m), d.matrix("B", m, k), d.matrix("C", k, n)
    return trace(A @ B @ C), trace(C @ A @ B)


@identity("proved")
def quadratic_form_as_a_trace(d):
    """xᵀAx = tr(A x xᵀ)."""
    n = d.dim("n")
    A, x = d.matrix("A", n, n), d.vector("x", n)
    return x.T @ A @ x, trace(A @ outer(x, x))


@identity("proved", assumptions=("A is symmetric",))
def symmetric_form_commutes(d):
    """xᵀAy = yᵀAx for symmetric A."""
    n = d.dim("n")
    A, x, y = d.matrix("A", n, n), d.vector("x", n), d.vector("y", n)
    d.assume("symmetric", A)
    return x.T @ A @ y, y.T @ A @ x


@identity("proved")
def rank_one_matrix_times_vector(d):
    """(u vᵀ) w = (vᵀw) u."""
    n, m = d.dim("n"), d.dim("m")
    u, v, w = d.vector("u", n), d.vector("v", m), d.vector("w", m)
    return outer(u, v) @ w, (v.T @ w) * u


@identity("proved")
def diagonal_matrix_times_vector(d):
    """diag(x) y = x ⊙ y."""
    n = d.dim("n")
    x, y = d.vector("x", n), d.vector("y", n)
    return diag(x) @ y, hadamard(x, y)


@identity("proved")
def diagonal_of_a_product(d):
    """diagonal(ABᵀ) = (A ⊙ B) 1."""
    n, m = d.dim("n"), d.dim("m")
    A, B = d.matrix("A", n, m), d.matrix("B", n, m)
    return diagonal(A @ B.T), hadamard(A, B) @ ones(m)


@identity("proved")
def hadamard_and_trace(d):
    """xᵀ(A ⊙ B)y = tr(diag(x) A diag(y) Bᵀ)."""
    n, m = d.dim("n"), d.dim("m")
    A, B, x, y = d.matrix("A", n, m), d.matrix("B", n, m), d.vector("x", n), d.vector("y", m)
    return x.T @ hadamard(A, B) @ y, trace(diag(x) @ A @ diag(y) @ B.T)


@identity("proved-small")  # no other dimensions: the algebra does not sum over a literal range yet
def cayley_hamilton_for_two(d):
    """A² − tr(A) A + det(A) I = 0 for 2 × 2 matrices, stated with det written out."""
    n = d.dim(2)
    A = d.matrix("A", n, n)
    i, j = d.indices("i j", n)
    explicit = A[1, 1] * A[2, 2] - A[1, 2] * A[2, 1]
    return (A @ A - trace(A) * A + explicit * identity_matrix(n))[i, j], 0 * delta(i, j)


# Kronecker products, vec, contractions ----------------------------------------------------------------------------------
@identity("proved")
def kronecker_mixed_product(d):
    """(A ⊗ B)(C ⊗ D) = AC ⊗ BD."""
    n, m, k, p, q, r = (d.dim(name) for name in "nmkpqr")
    A, B, C, E = d.matrix("A", n, m), d.matrix("B", p, q), d.matrix("C", m, k), d.matrix("E", q, r)
    return kron(A, B) @ kron(C, E), kron(A @ C, B @ E)


@identity("proved")
def kronecker_transpose(d):
    """(A ⊗ B)ᵀ = Aᵀ ⊗ Bᵀ."""
    n, m, p, q = (d.dim(name) for name in "nmpq")
    A, B = d.matrix("A", n, m), d.matrix("B", p, q)
    return kron(A, B).T, kron(A.T, B.T)


@identity("proved")
def kronecker_trace(d):
    """tr(A ⊗ B) = tr(A) tr(B)."""
    n, m = d.dim("n"), d.dim("m")
    A, B = d.matrix("A", n, n), d.matrix("B", m, m)
    return trace(kron(A, B)), trace(A) * trace(B)


@identity("proved")
def vec_of_an_outer_product(d):
    """vec(u vᵀ) = v ⊗ u."""
    n, m = d.dim("n"), d.dim("m")
    u, v = d.vector("u", n), d.vector("v", m)
    return vec(outer(u, v)), kron(v, u)


@identity("proved")
def vec_and_inner_product(d):
    """vec(A)ᵀ vec(B) = tr(AᵀB)."""
    n, m = d.dim("n"), d.dim("m")
    A, B = d.matrix("A", n, m), d.matrix("B", n, m)
    return vec(A).T @ vec(B), trace(A.T @ B)


@identity("proved")
def trace_of_four_through_vec(d):
    """tr(AᵀB C Dᵀ) = vec(A)ᵀ (D ⊗ B) vec(C)."""
    n, m, k, p = (d.dim(name) for name in "nmkp")
    A, B, C, E = d.matrix("A", n, m), d.matrix("B", n, k), d.matrix("C", k, p), d.matrix("E", m, p)
    return trace(A.T @ B @ C @ E.T), vec(A).T @ kron(E, B) @ vec(C)


@identity("proved")
def double_contraction(d):
    """A : B = tr(ABᵀ)."""
    n, m = d.dim("n"), d.dim("m")
    A, B = d.matrix("A", n, m), d.matrix("B", n, m)
    return contract(A, B, axes=2), trace(A @ B.T)


# inverses and determinants ----------------------------------------------------------------------------------------------
@identity("proved", conditions=("A is invertible",))
def inverse_times_matrix(d):
    """A⁻¹A = I where A is invertible."""
    n = d.dim("n")
    A = d.matrix("A", n, n)
    return inverse(A) @ A, identity_matrix(n)


@identity("proved", conditions=("A is invertible",))
def inverse_under_similarity(d):
    """tr(A⁻¹BA) = tr(B)."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return trace(inverse(A) @ B @ A), trace(B)


@identity("proved", conditions=("A is invertible",))
def transpose_of_an_inverse(d):
    """(A⁻¹)ᵀ = (Aᵀ)⁻¹."""
    n = d.dim("n")
    A = d.matrix("A", n, n)
    return inverse(A).T, inverse(A.T)


@identity("proved", assumptions=("A is symmetric", "A is invertible"))
def gradient_of_a_quadratic_form_of_an_inverse(d):
    """∂(xᵀA⁻¹x)/∂x = 2 A⁻¹ x where A is symmetric, as the covariance of a Gaussian is."""
    n = d.dim("n")
    A, x = d.matrix("A", n, n), d.vector("x", n)
    d.assume("symmetric", A)
    d.assume("invertible", A)
    return D(x.T @ inverse(A) @ x, x), 2 * inverse(A) @ x


@identity("proved", conditions=("the matrix of (Σ_i X[i,j] X[i,k]) + c δ[j,k] is invertible",))
def inverse_of_a_ridge_matrix_is_symmetric(d):
    """(XᵀX + c I)⁻¹ is its own transpose."""
    m, n = d.dim("m"), d.dim("n")
    X, c = d.matrix("X", m, n), d.scalar("c")
    H = X.T @ X + c * identity_matrix(n)
    return inverse(H).T, inverse(H)


@identity("proved")
def determinant_of_a_transpose(d):
    """det Aᵀ = det A."""
    n = d.dim("n")
    A = d.matrix("A", n, n)
    return determinant(A.T), determinant(A)


@identity("proved", assumptions=("A is symmetric", "A is invertible"))
def inverse_of_a_symmetric_matrix(d):
    """A⁻¹ is symmetric where A is."""
    n = d.dim("n")
    A = d.matrix("A", n, n)
    d.assume("symmetric", A)
    d.assume("invertible", A)
    return inverse(A).T, inverse(A)


@identity("proved-small")  # true for every n: not proved yet
def determinant_of_a_product(d):
    """det(AB) = det(A) det(B)."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return determinant(A @ B), determinant(A) * determinant(B)


# true for every n: not proved yet
@identity(
    "proved-small",
    conditions=("the matrix of A[i,j] + u[i] v[j] is invertible", "A is invertible", "1 + (Σ_i,j (A[k,l])⁻¹[j,i] u[i] v[j]) ≠ 0"),
)
def sherman_morrison(d):
    """(A + uvᵀ)⁻¹ = A⁻¹ − A⁻¹u vᵀA⁻¹/(1 + vᵀA⁻¹u)."""
    n = d.dim("n")
    A, u, v = d.matrix("A", n, n), d.vector("u", n), d.vector("v", n)
    inverted = inverse(A)
    return inverse(A + outer(u, v)), inverted - inverted @ u @ v.T @ inverted / (1 + v.T @ inverted @ u)


@identity("proved")
def array_of_entries(d):
    """The matrix of the entries x_i y_j is x yᵀ."""
    n, m = d.dim("n"), d.dim("m")
    i, j, x, y = d.index("i", n), d.index("j", m), d.vector("x", n), d.vector("y", m)
    return array(x[i] * y[j], i, j), x @ y.T
