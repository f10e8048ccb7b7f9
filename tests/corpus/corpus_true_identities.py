"""True textbook identities without derivatives."""

from __future__ import annotations

from fractions import Fraction

from identity_table import identity

from derivcheck import (
    Shift,
    absolute,
    array,
    contract,
    cross_entropy,
    delta,
    determinant,
    diag,
    diagonal,
    differ,
    exp,
    frobenius,
    hadamard,
    inverse,
    kron,
    log,
    logsumexp,
    mean,
    one_hot,
    ones,
    outer,
    power,
    relu,
    sigmoid,
    softmax,
    softplus,
    sqrt,
    sum_over,
    tanh,
    total,
    trace,
    vec,
)
from derivcheck import identity as identity_matrix
from derivcheck.language.terms import Size

HALF = Fraction(1, 2)


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


# sums, deltas, means ----------------------------------------------------------------------------------------------------
@identity("proved")
def deltas_compose(d):
    """Σ_j δ_ij δ_jk = δ_ik."""
    i, j, k = d.indices("i j k", d.dim("n"))
    return sum_over(j, delta(i, j) * delta(j, k)), delta(i, k)


@identity("proved")
def deltas_count(d):
    """Σ_i Σ_j δ_ij² = n."""
    n = d.dim("n")
    i, j = d.indices("i j", n)
    return sum_over(i, sum_over(j, delta(i, j) ** 2)), n


@identity("proved")
def total_as_a_form(d):
    """Σ a = 1ᵀA1."""
    n, m = d.dim("n"), d.dim("m")
    A = d.matrix("A", n, m)
    return total(A), ones(n).T @ A @ ones(m)


@identity("proved")
def centering_is_idempotent(d):
    """H² = H for H = I − 11ᵀ/n."""
    n = d.dim("n")
    H = d.let("H", identity_matrix(n) - outer(ones(n), ones(n)) / n)
    return H @ H, H


@identity("proved")
def deviations_sum_to_zero(d):
    """Σ (x_i − x̄) = 0."""
    n = d.dim("n")
    i, x = d.index("i", n), d.vector("x", n)
    return sum_over(i, x[i] - mean(x)), 0


@identity("proved")
def variance_as_difference_of_moments(d):
    """1/n Σ (x_i − x̄)² = mean of squares − square of mean."""
    n = d.dim("n")
    i, x = d.index("i", n), d.vector("x", n)
    return sum_over(i, (x[i] - mean(x)) ** 2) / n, mean(power(x, 2)) - mean(x) ** 2


@identity("proved")
def variance_through_pairs(d):
    """Σ_i Σ_j (x_i − x_j)² = 2n Σ (x_i − x̄)²."""
    n = d.dim("n")
    (i, j, k), x = d.indices("i j k", n), d.vector("x", n)
    return sum_over(i, sum_over(j, (x[i] - x[j]) ** 2)), 2 * Size(n) * sum_over(k, (x[k] - mean(x)) ** 2)


@identity("proved", conditions=("n - 1 ≠ 0",))
def sample_variance_and_mean_square(d):
    """Σ (x_i − x̄)²/(n − 1) = (Σ x_i² − n x̄²)/(n − 1), where n ≠ 1."""
    n = d.dim("n")
    i, x = d.index("i", n), d.vector("x", n)
    return sum_over(i, (x[i] - mean(x)) ** 2) / (Size(n) - 1), (total(power(x, 2)) - Size(n) * mean(x) ** 2) / (Size(n) - 1)


@identity("proved")
def lagrange_identity(d):
    """‖a‖²‖b‖² − (aᵀb)² = ½ Σ_i Σ_j (a_i b_j − a_j b_i)²."""
    n = d.dim("n")
    (i, j), a, b = d.indices("i j", n), d.vector("a", n), d.vector("b", n)
    return (a.T @ a) * (b.T @ b) - (a.T @ b) ** 2, HALF * sum_over(i, sum_over(j, (a[i] * b[j] - a[j] * b[i]) ** 2))


@identity("proved-small")  # true for every n: not proved yet
def sum_split_at_an_index(d):
    """Σ_{t ≤ j} x_t + Σ_{t > j} x_t = Σ x_t."""
    n = d.dim("n")
    (j, t, u, v), x = d.indices("j t u v", n), d.vector("x", n)
    return sum_over(t, x[t], upper=j) + sum_over(u, x[u], lower=Shift(j, 1)), sum_over(v, x[v]) * delta(j, j)


@identity("proved")
def expansion_of_a_squared_distance(d):
    """‖A − B‖² = ‖A‖² − 2 tr(AᵀB) + ‖B‖²."""
    n, m = d.dim("n"), d.dim("m")
    A, B = d.matrix("A", n, m), d.matrix("B", n, m)
    return frobenius(A - B) ** 2, frobenius(A) ** 2 - 2 * trace(A.T @ B) + frobenius(B) ** 2


@identity("proved")
def parallelogram_law(d):
    """‖x + y‖² + ‖x − y‖² = 2‖x‖² + 2‖y‖²."""
    n = d.dim("n")
    x, y = d.vector("x", n), d.vector("y", n)
    return (x + y).T @ (x + y) + (x - y).T @ (x - y), 2 * (x.T @ x) + 2 * (y.T @ y)


# one-hot labels and weights -----------------------------------------------------------------------------------------
@identity("proved", assumptions=("y is one-hot",))
def one_hot_is_its_own_square(d):
    """y yᵀ = diag(y) for one-hot y."""
    y = d.vector("y", d.dim("n"))
    d.assume("one-hot", y)
    return outer(y, y), diag(y)


@identity("proved")
def one_hot_picks_a_column(d):
    """A e_l is column l of A."""
    n, m = d.dim("n"), d.dim("m")
    A, l = d.matrix("A", n, m), d.index("l", m)
    return A @ one_hot(m, l), A[:, l]


@identity("proved", assumptions=("Σ y = 1",))
def smoothed_labels_sum_to_one(d):
    """Σ ((1 − ε) y_j + ε/n) = 1 where Σ y = 1."""
    n = d.dim("n")
    j, y, epsilon = d.index("j", n), d.vector("y", n), d.scalar("epsilon")
    d.assume("sums-to", y)
    return sum_over(j, (1 - epsilon) * y[j] + epsilon / n), 1


# exponentials and logarithms ------------------------------------------------------------------------------------------
@identity("proved")
def exponential_of_a_sum(d):
    """exp(a + b) = exp(a) exp(b)."""
    a, b = d.scalar("a"), d.scalar("b")
    return exp(a + b), exp(a) * exp(b)


@identity("proved")
def logarithm_of_a_product(d):
    """log(ab) = log a + log b for positive a and b."""
    a, b = d.scalar("a"), d.scalar("b")
    d.assume("positive", a)
    d.assume("positive", b)
    return log(a * b), log(a) + log(b)


@identity("proved", conditions=("x > 0",))
def exponential_undoes_logarithm(d):
    """exp(log x) = x where x > 0."""
    x = d.scalar("x")
    return exp(log(x)), x


@identity("proved")
def root_of_a_square(d):
    """√(x²) = |x|."""
    x = d.scalar("x")
    return sqrt(x**2), absolute(x)


@identity("proved")
def logarithm_of_a_square_of_a_positive_number(d):
    """log(x²) = 2 log x for positive x."""
    x = d.scalar("x")
    d.assume("positive", x)
    return log(x**2), 2 * log(x)


@identity("tested")  # true where both sides are defined: their conditions are not used as facts yet
def root_of_a_product(d):
    """√x √y = √(xy) where both sides are defined."""
    x, y = d.scalar("x"), d.scalar("y")
    return sqrt(x) * sqrt(y), sqrt(x * y)


@identity("proved", conditions=("x[i] - x[j] ≠ 0",))
def difference_of_squares_over_the_difference(d):
    """(x_i² − x_j²)/(x_i − x_j) = x_i + x_j where i ≠ j."""
    n = d.dim("n")
    (i, j), x = d.indices("i j", n), d.vector("x", n)
    return (x[i] ** 2 - x[j] ** 2) / (x[i] - x[j]), x[i] + x[j], differ(i, j)


@identity("proved")
def softmax_is_shift_invariant(d):
    """softmax(z + c1) = softmax(z)."""
    n = d.dim("n")
    z, c = d.vector("z", n), d.scalar("c")
    return softmax(z + c * ones(n)), softmax(z)


@identity("proved")
def softmax_rows_are_shift_invariant(d):
    """softmax(X + c 1ᵀ) = softmax(X), row by row."""
    n, m = d.dim("n"), d.dim("m")
    X, c = d.matrix("X", n, m), d.vector("c", n)
    return softmax(X + outer(c, ones(m)), axis=1), softmax(X, axis=1)


@identity("proved")
def logarithm_of_softmax(d):
    """log softmax(z) = z − logsumexp(z) 1."""
    n = d.dim("n")
    z = d.vector("z", n)
    return log(softmax(z)), z - logsumexp(z) * ones(n)


@identity("proved-small")  # no other dimensions: the algebra does not sum over a literal range yet
def two_class_softmax_is_the_logistic_function(d):
    """softmax(z)_1 = σ(z_1 − z_2) for two classes."""
    z = d.vector("z", d.dim(2))
    return softmax(z)[1], sigmoid(z[1] - z[2])


@identity("proved")
def divergence_is_cross_entropy_minus_entropy(d):
    """Σ p log(p/q) = CE(p, q) − CE(p, p) for positive p and q."""
    n = d.dim("n")
    j, p, q = d.index("j", n), d.vector("p", n), d.vector("q", n)
    d.assume("positive", p)
    d.assume("positive", q)
    return sum_over(j, p[j] * log(p[j] / q[j])), cross_entropy(p, q) - cross_entropy(p, p)


# activations ----------------------------------------------------------------------------------------------------------
@identity("proved")
def logistic_reflection(d):
    """σ(−x) = 1 − σ(x)."""
    x = d.scalar("x")
    return sigmoid(-x), 1 - sigmoid(x)


@identity("proved")
def logarithm_of_the_logistic_function(d):
    """log σ(x) = −softplus(−x)."""
    n = d.dim("n")
    x = d.vector("x", n)
    return log(sigmoid(x)), -softplus(-x)


@identity("proved")
def softplus_difference(d):
    """softplus(x) − softplus(−x) = x."""
    x = d.scalar("x")
    return softplus(x) - softplus(-x), x


@identity("proved")
def binary_cross_entropy_of_a_logit(d):
    """−y log σ(x) − (1 − y) log(1 − σ(x)) = softplus(x) − xy."""
    x, y = d.scalar("x"), d.scalar("y")
    return -(y * log(sigmoid(x))) - (1 - y) * log(1 - sigmoid(x)), softplus(x) - x * y


@identity("proved", conditions=("2 + 4 1/((1 + exp(2 a)) (1 + exp(2 b))) - 2 1/(1 + exp(2 a)) - 2 1/(1 + exp(2 b)) ≠ 0",))
def tanh_addition_theorem(d):
    """tanh(a + b) = (tanh a + tanh b)/(1 + tanh a tanh b)."""
    a, b = d.scalar("a"), d.scalar("b")
    return tanh(a + b), (tanh(a) + tanh(b)) / (1 + tanh(a) * tanh(b))


@identity("proved")
def logistic_through_tanh(d):
    """σ(x) = (1 + tanh(x/2))/2."""
    x = d.scalar("x")
    return sigmoid(x), (1 + tanh(x / 2)) / 2


@identity("proved-small")  # true: not proved yet
def relu_of_both_signs(d):
    """relu(x) − relu(−x) = x."""
    x = d.scalar("x")
    return relu(x) - relu(-x), x


@identity("proved")
def relu_of_a_positive_multiple(d):
    """relu(cx) = c relu(x) for positive c."""
    x, c = d.scalar("x"), d.scalar("c")
    d.assume("positive", c)
    return relu(c * x), c * relu(x)


@identity("proved-small")  # true: not proved yet
def maximum_through_relu(d):
    """relu(x − y) + y = relu(y − x) + x: both are the maximum."""
    x, y = d.scalar("x"), d.scalar("y")
    return relu(x - y) + y, relu(y - x) + x


@identity("proved")
def relu_through_the_absolute_value(d):
    """relu(x) = (x + |x|)/2."""
    x = d.vector("x", d.dim("n"))
    return relu(x), HALF * (x + absolute(x))


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


@identity("proved-small", conditions=("A is invertible",))  # true for every n: not proved yet
def transpose_of_an_inverse(d):
    """(A⁻¹)ᵀ = (Aᵀ)⁻¹."""
    n = d.dim("n")
    A = d.matrix("A", n, n)
    return inverse(A).T, inverse(A.T)


@identity("proved-small", assumptions=("A is symmetric",))  # true for every n: not proved yet
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


@identity("proved-small")  # true for every n: not proved yet
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
