"""False statements about elementary functions, softmax and activations, each close to a true one."""

from __future__ import annotations

from fractions import Fraction

from identity_table import identity

from derivcheck import (
    absolute,
    cross_entropy,
    exp,
    log,
    logsumexp,
    ones,
    relu,
    sigmoid,
    softmax,
    softplus,
    sqrt,
    tanh,
)

HALF = Fraction(1, 2)


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
