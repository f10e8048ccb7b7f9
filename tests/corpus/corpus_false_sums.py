"""False statements about sums, means, deltas and labels, each close to a true one."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from identity_table import identity

from derivcheck import (
    Positive,
    delta,
    exp,
    frobenius,
    hadamard,
    indicator,
    mean,
    one_hot,
    ones,
    outer,
    power,
    sum_over,
    total,
)
from derivcheck import identity as identity_matrix
from derivcheck.language.terms import Size


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
