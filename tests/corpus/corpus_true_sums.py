"""True textbook identities of sums, means, deltas and labels."""

from __future__ import annotations

from fractions import Fraction

from identity_table import identity

from derivcheck import (
    Shift,
    delta,
    diag,
    frobenius,
    mean,
    one_hot,
    ones,
    outer,
    power,
    sum_over,
    total,
    trace,
)
from derivcheck import identity as identity_matrix
from derivcheck.language.terms import Size

HALF = Fraction(1, 2)


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
