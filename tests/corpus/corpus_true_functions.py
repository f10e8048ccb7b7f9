"""True textbook identities of elementary functions, softmax and activations."""

from __future__ import annotations

from fractions import Fraction

from identity_table import identity

from derivcheck import (
    absolute,
    cross_entropy,
    differ,
    exp,
    log,
    logsumexp,
    ones,
    outer,
    relu,
    sigmoid,
    softmax,
    softplus,
    sqrt,
    sum_over,
    tanh,
)

HALF = Fraction(1, 2)


# exponentials and logarithms ------------------------------------------------------------------------------------------
@identity("proved")
def exponential_of_a_sum(d):
    """exp(a + b) = exp(a) exp(b)."""
    a, b = d.scalar("a"), d.scalar("b")
    return exp(a + b), exp(a) * exp(b)


@identity("proved", assumptions=("a is positive", "b is positive"))
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


@identity("proved", assumptions=("x is positive",))
def logarithm_of_a_square_of_a_positive_number(d):
    """log(x²) = 2 log x for positive x."""
    x = d.scalar("x")
    d.assume("positive", x)
    return log(x**2), 2 * log(x)


@identity("proved-small", conditions=("x ≥ 0", "y ≥ 0", "x y ≥ 0"))  # true where both sides are defined: their conditions are not used as facts yet
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


@identity("proved", assumptions=("p is positive", "q is positive"))
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


@identity("proved")
def relu_of_both_signs(d):
    """relu(x) − relu(−x) = x."""
    x = d.scalar("x")
    return relu(x) - relu(-x), x


@identity("proved", assumptions=("c is positive",))
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
