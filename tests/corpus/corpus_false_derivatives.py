"""False derivatives of elementary functions, each the slip of a student beside a true one."""

from __future__ import annotations

from identity_table import identity

from derivcheck import (
    D,
    Positive,
    absolute,
    delta,
    exp,
    indicator,
    log,
    mean,
    relu,
    sigmoid,
    softplus,
    sum_over,
    tanh,
)


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
