"""False statements without derivatives, each close to a true one."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from identity_table import identity

from derivcheck import (
    Positive,
    absolute,
    cross_entropy,
    delta,
    determinant,
    diag,
    diagonal,
    exp,
    frobenius,
    hadamard,
    indicator,
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
    unvec,
    vec,
)
from derivcheck import identity as identity_matrix
from derivcheck.language.terms import Size

HALF = Fraction(1, 2)


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


# sums, deltas, means ----------------------------------------------------------------------------------------------------
@identity("refuted")
def delta_sums_to_the_dimension(d):
    """Σ_j δ_ij = n."""
    n = d.dim("n")
    i, j = d.indices("i j", n)
    return sum_over(j, delta(i, j)), Size(n) * delta(i, i)


@identity("ill-typed")
def delta_of_different_dimensions(d):
    """Σ_j δ_ij a_j with i and j of different dimensions."""
    n, m = d.dim("n"), d.dim("m")
    i, j, a = d.index("i", n), d.index("j", m), d.vector("a", m)
    return lambda: sum_over(j, delta(i, j) * a[j]), lambda: a[i]


@identity("ill-typed")
def index_free_on_one_side(d):
    """Σ_j A_ij = A_ij: j is free on the right and bound on the left."""
    n, m = d.dim("n"), d.dim("m")
    i, j, A = d.index("i", n), d.index("j", m), d.matrix("A", n, m)
    return sum_over(j, A[i, j]), A[i, j]


@identity("refuted")
def a_sum_of_products_is_a_product_of_sums(d):
    """Σ a_i b_i = Σ a Σ b."""
    n = d.dim("n")
    i, a, b = d.index("i", n), d.vector("a", n), d.vector("b", n)
    return sum_over(i, a[i] * b[i]), total(a) * total(b)


@identity("refuted")
def centering_without_its_mean(d):
    """(I − 11ᵀ)² = I − 11ᵀ."""
    n = d.dim("n")
    H = d.let("H", identity_matrix(n) - outer(ones(n), ones(n)))
    return H @ H, H


@identity("refuted")
def variance_without_its_factor(d):
    """Σ (x_i − x̄)² = mean of squares − square of mean."""
    n = d.dim("n")
    i, x = d.index("i", n), d.vector("x", n)
    return sum_over(i, (x[i] - mean(x)) ** 2), mean(power(x, 2)) - mean(x) ** 2


@identity("refuted")
def sample_variance_is_the_variance(d):
    """Σ (x_i − x̄)²/(n − 1) = Σ (x_i − x̄)²/n."""
    n = d.dim("n")
    i, x = d.index("i", n), d.vector("x", n)
    squares = sum_over(i, (x[i] - mean(x)) ** 2)
    return squares / (Size(n) - 1), squares / n


@identity("refuted")
def pairs_counted_once(d):
    """Σ_i Σ_j (x_i − x_j)² = n Σ (x_i − x̄)²: half of it."""
    n = d.dim("n")
    (i, j, k), x = d.indices("i j k", n), d.vector("x", n)
    return sum_over(i, sum_over(j, (x[i] - x[j]) ** 2)), Size(n) * sum_over(k, (x[k] - mean(x)) ** 2)


@identity("refuted")
def mean_of_a_product(d):
    """mean(x ⊙ y) = mean(x) mean(y)."""
    n = d.dim("n")
    x, y = d.vector("x", n), d.vector("y", n)
    return mean(hadamard(x, y)), mean(x) * mean(y)


@identity("refuted")
def a_split_that_counts_an_entry_twice(d):
    """Σ_{t ≤ j} x_t + Σ_{t ≥ j} x_t = Σ x_t."""
    n = d.dim("n")
    (j, t, u, v), x = d.indices("j t u v", n), d.vector("x", n)
    return sum_over(t, x[t], upper=j) + sum_over(u, x[u], lower=j), sum_over(v, x[v]) * delta(j, j)


@identity("refuted")
def norm_of_a_sum(d):
    """‖A + B‖ = ‖A‖ + ‖B‖."""
    n, m = d.dim("n"), d.dim("m")
    A, B = d.matrix("A", n, m), d.matrix("B", n, m)
    return frobenius(A + B), frobenius(A) + frobenius(B)


@identity("refuted")
def norm_of_a_product(d):
    """‖AB‖ = ‖A‖ ‖B‖."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return frobenius(A @ B), frobenius(A) * frobenius(B)


# assumptions that say less ------------------------------------------------------------------------------------------------
@identity("refuted")
def weights_are_not_one_hot(d):
    """Σ y_i² = 1 from Σ y = 1."""
    n = d.dim("n")
    i, y = d.index("i", n), d.vector("y", n)
    d.assume("sums-to", y)
    return sum_over(i, y[i] ** 2), 1


@identity("refuted")
def columns_sum_to_one_because_rows_do(d):
    """Σ_i Y_ij = 1 from Σ_j Y_ij = 1."""
    n, m = d.dim("n"), d.dim("m")
    i, j, Y = d.index("i", n), d.index("j", m), d.matrix("Y", n, m)
    d.assume("sums-to", Y, axis=1)
    return sum_over(i, Y[i, j]), delta(j, j)


@identity("refuted")
def diagonal_sums_to_one_because_rows_do(d):
    """Σ_i Y_ii = 1 from Σ_j Y_ij = 1."""
    n = d.dim("n")
    i, Y = d.index("i", n), d.matrix("Y", n, n)
    d.assume("sums-to", Y, axis=1)
    return sum_over(i, Y[i, i]), 1


@identity("refuted")
def one_hot_times_itself_transposed(d):
    """y yᵀ = I for one-hot y."""
    n = d.dim("n")
    y = d.vector("y", n)
    d.assume("one-hot", y)
    return outer(y, y), identity_matrix(n)


@identity("refuted")
def one_hot_vector_of_the_wrong_row(d):
    """A e_l is row l of A."""
    n = d.dim("n")
    A, l = d.matrix("A", n, n), d.index("l", n)
    return A @ one_hot(n, l), A[l, :].T


@identity("vacuous")
def contradictory_sums(d):
    """Σ y = 1 and Σ y = 2 declared together prove nothing."""
    y = d.vector("y", d.dim("n"))
    d.assume("sums-to", y, value=1)
    d.assume("sums-to", y, value=2)
    return total(y), 3


@identity("refuted")
def one_hot_rows_exclude_one_another(d):
    """Y_ij Y_uj = δ_iu Y_ij for one-hot rows: two rows may have the same class."""
    n, m = d.dim("n"), d.dim("m")
    (i, u), j, Y = d.indices("i u", n), d.index("j", m), d.matrix("Y", n, m)
    d.assume("one-hot", Y, axis=1)
    return Y[i, j] * Y[u, j], delta(i, u) * Y[i, j]


# true in few dimensions, nearly true, true almost everywhere ----------------------------------------------------------------
@identity("refuted")
def no_five_indices_differ(d):
    """The number of ways in which five indices differ is 0: true for n ≤ 4."""
    n = d.dim("n")
    chosen = d.indices("a b c e f", n)
    product = 1 - delta(chosen[0], chosen[1])
    for left, right in list(combinations(chosen, 2))[1:]:
        product = product * (1 - delta(left, right))
    for index in chosen:
        product = sum_over(index, product)
    return product, 0


@identity("refuted")
def a_difference_far_below_rounding(d):
    """exp(x)(1 + 10⁻²⁰) = exp(x)."""
    x = d.scalar("x")
    return exp(x) * (1 + Fraction(1, 10**20)), exp(x)


@identity("refuted")
def one_of_two_signs(d):
    """[x > 0] + [−x > 0] = 1, which fails at 0 alone."""
    x = d.scalar("x")
    return indicator(Positive(x)) + indicator(Positive(-x)), 1


@identity("vacuous")
def a_sum_over_poles(d):
    """Σ_i Σ_j (1 − δ_ij)/(x_i − x_j) = 0: the terms with i = j are 0/0."""
    n = d.dim("n")
    (i, j), x = d.indices("i j", n), d.vector("x", n)
    return sum_over(i, sum_over(j, (1 - delta(i, j)) / (x[i] - x[j]))), 0


# exponentials, logarithms, roots ----------------------------------------------------------------------------------------
@identity("refuted")
def exponential_of_a_sum_splits(d):
    """exp(a + b) = exp(a) + exp(b)."""
    a, b = d.scalar("a"), d.scalar("b")
    return exp(a + b), exp(a) + exp(b)


@identity("refuted")
def logarithm_of_a_sum_splits(d):
    """log(a + b) = log a + log b."""
    a, b = d.scalar("a"), d.scalar("b")
    d.assume("positive", a)
    d.assume("positive", b)
    return log(a + b), log(a) + log(b)


@identity("refuted")
def logarithm_of_a_quotient_with_a_sign_slip(d):
    """log(a/b) = log a + log b."""
    a, b = d.scalar("a"), d.scalar("b")
    d.assume("positive", a)
    d.assume("positive", b)
    return log(a / b), log(a) + log(b)


@identity("refuted")
def root_of_a_square_without_the_absolute_value(d):
    """√(x²) = x."""
    x = d.scalar("x")
    return sqrt(x**2), x


@identity("refuted")
def logarithm_of_a_square(d):
    """½ log(x²) = log(x² + 1) − log 2, true at ±1 only."""
    x = d.scalar("x")
    return HALF * log(x**2), log(x**2 + 1) - log(2)


@identity("refuted")
def absolute_value_is_the_identity(d):
    """|x| = x."""
    x = d.scalar("x")
    return absolute(x), x


@identity("refuted")
def root_of_a_sum_splits(d):
    """√(a² + b²) = |a| + |b|."""
    a, b = d.scalar("a"), d.scalar("b")
    return sqrt(a**2 + b**2), absolute(a) + absolute(b)


# softmax and activations ------------------------------------------------------------------------------------------------
@identity("refuted")
def softmax_is_scale_invariant(d):
    """softmax(2z) = softmax(z)."""
    z = d.vector("z", d.dim("n"))
    return softmax(2 * z), softmax(z)


@identity("refuted")
def softmax_along_the_other_axis(d):
    """softmax over rows = softmax over columns."""
    n, m = d.dim("n"), d.dim("m")
    X = d.matrix("X", n, m)
    return softmax(X, axis=1), softmax(X, axis=0)


@identity("refuted")
def log_sum_exp_is_shift_invariant(d):
    """logsumexp(z + c1) = logsumexp(z)."""
    n = d.dim("n")
    z, c = d.vector("z", n), d.scalar("c")
    return logsumexp(z + c * ones(n)), logsumexp(z)


@identity("refuted")
def cross_entropy_is_symmetric(d):
    """CE(p, q) = CE(q, p)."""
    n = d.dim("n")
    p, q = d.vector("p", n), d.vector("q", n)
    d.assume("positive", p)
    d.assume("positive", q)
    return cross_entropy(p, q), cross_entropy(q, p)


@identity("refuted")
def logistic_function_is_odd(d):
    """σ(−x) = −σ(x)."""
    x = d.scalar("x")
    return sigmoid(-x), -sigmoid(x)


@identity("refuted")
def logarithm_of_the_logistic_function_with_a_sign_slip(d):
    """log σ(x) = −softplus(x)."""
    x = d.scalar("x")
    return log(sigmoid(x)), -softplus(x)


@identity("refuted")
def tanh_addition_with_a_minus(d):
    """tanh(a + b) = (tanh a + tanh b)/(1 − tanh a tanh b), which is tan's."""
    a, b = d.scalar("a"), d.scalar("b")
    return tanh(a + b), (tanh(a) + tanh(b)) / (1 - tanh(a) * tanh(b))


@identity("refuted")
def relu_of_any_multiple(d):
    """relu(cx) = c relu(x) for any c."""
    x, c = d.scalar("x"), d.scalar("c")
    return relu(c * x), c * relu(x)


@identity("refuted")
def relu_is_additive(d):
    """relu(x + y) = relu(x) + relu(y)."""
    n = d.dim("n")
    x, y = d.vector("x", n), d.vector("y", n)
    return relu(x + y), relu(x) + relu(y)


# inverses and determinants ----------------------------------------------------------------------------------------------
@identity("refuted")
def determinant_of_a_sum(d):
    """det(A + B) = det A + det B."""
    n = d.dim("n")
    A, B = d.matrix("A", n, n), d.matrix("B", n, n)
    return determinant(A + B), determinant(A) + determinant(B)


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
