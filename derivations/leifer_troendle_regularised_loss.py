"""The loss with an L2 term, (53) to (55), for the weights of each of the three layers.

Derived by the weights of one layer, the loss is a function of these alone: any such function will do.
"""

from __future__ import annotations

from derivcheck import D, Derivation, Source, frobenius, power, scalar_function, sum_over, total

LEIFER = "Leifer and Troendle 2021"
WIDTHS = ("n_0", "n_1", "n_2", "K")


def regularised(layer: int) -> Derivation:
    """(53) to (55) for the weights of layer 1, 2 or 3, which are n_(layer−1) × n_layer."""
    d = Derivation(
        f"leifer-troendle-regularised-layer-{layer}",
        layout="like-variable",
        source=Source(LEIFER, "(53) to (55), Note 5"),
        title=f"Three layers in rows: the L2 term, by the weights of layer {layer}",
    )
    widths = [d.dim(name) for name in WIDTHS]
    weights = [d.matrix(f"W{k}", widths[k - 1], widths[k], latex=f"W^{{[{k}]}}") for k in (1, 2, 3)]
    strength = d.scalar("lambda", latex=r"\lambda")
    W = weights[layer - 1]
    r, q = d.indices("r q", widths[layer - 1], base=0)
    j, k = d.indices("j k", widths[layer], base=0)
    L = d.let("L", scalar_function("loss", W))
    norms = total(power(weights[0], 2)) + total(power(weights[1], 2)) + total(power(weights[2], 2))
    L_lambda = d.let("L_lambda", L + strength * norms, latex=r"L^{\lambda}")
    squares = sum_over(q, sum_over(k, W[q, k] ** 2))
    d.claim(
        "(53)",
        L_lambda,
        L + strength * (frobenius(weights[0]) ** 2 + frobenius(weights[1]) ** 2 + frobenius(weights[2]) ** 2),
        note="the norm is read as the Frobenius norm; with the largest singular value, (54) would not hold",
        source=Source(LEIFER, "(53)"),
    )
    d.chain(
        "(54)",
        D(L_lambda, W)[r, j],
        D(L, W)[r, j] + strength * D(squares, W[r, j]),
        D(L, W)[r, j] + 2 * strength * W[r, j],
        source=Source(LEIFER, "(54)"),
    )
    d.claim("(55)", D(L_lambda, W), D(L, W) + 2 * strength * W, source=Source(LEIFER, "(55)"))
    for other in (1, 2, 3):
        if other != layer:
            V = weights[other - 1]
            d.claim(f"the term of layer {other}", D(L_lambda - L, V), 2 * strength * V, source=Source(LEIFER, "Note 5"))
    return d


first, second, third = regularised(1), regularised(2), regularised(3)
