"""True textbook derivatives of elementary functions and likelihoods."""

from __future__ import annotations

from fractions import Fraction

from identity_table import identity

from derivcheck import (
    D,
    Positive,
    absolute,
    delta,
    elementwise,
    exp,
    indicator,
    log,
    mean,
    ones,
    power,
    relu,
    sigmoid,
    softplus,
    sum_over,
    tanh,
    total,
)
from derivcheck.language.terms import Size

HALF = Fraction(1, 2)


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


# probability ------------------------------------------------------------------------------------------------------------
@identity("proved", conditions=("v > 0",))
def gaussian_likelihood_by_its_mean(d):
    """d ½(log v + (x − μ)²/v) by μ = −(x − μ)/v."""
    x, mu, v = d.scalar("x"), d.scalar("mu"), d.scalar("v")
    return D(HALF * (log(v) + (x - mu) ** 2 / v), mu), -(x - mu) / v


@identity("proved", assumptions=("v is positive",))
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
