"""A function where its derivative belongs, or the other way round: σ for σ′."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied, arguments, itself
from derivcheck.hints.slopes import slope_by_value
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR
from derivcheck.language.terms import Apply, D, Indicator, Named, Positive


def repairs(site: Site) -> Iterator[Build]:
    """g′ instead of g, g instead of g′; s(1 − s) instead of s = σ(z); the step instead of relu, 1/x instead of log x."""
    node = site.node
    if applied(node, "elementwise"):
        yield from _orders(node)  # type: ignore[arg-type]
    inner = node.definition if isinstance(node, Named) else node
    slope = slope_by_value(node, inner) if node.shape == SCALAR else None
    if slope is not None:
        yield itself(slope)
    elif applied(inner, "sigmoid", "softmax"):
        yield lambda: node - apply("hadamard", node, node)
    if node.shape == SCALAR and applied(node, "relu"):
        yield lambda: Indicator(Positive(arguments(node)[0]))
    if node.shape == SCALAR and applied(node, "log"):
        yield lambda: 1 / arguments(node)[0]
    entry = getattr(node, "tensor", None)
    slope = slope_by_value(node, entry.definition) if node.shape == SCALAR and isinstance(entry, Named) else None
    if slope is not None:
        yield itself(slope)


def _orders(node: Apply) -> Iterator[Build]:
    name, order = node.parameters
    for other in (order + 1, order - 1):
        if other >= 0:
            yield partial(Apply, node.operator, node.arguments, (name, other))


def example() -> Derivation:
    d = Derivation("function-for-derivative", layout="like-variable")
    n = d.dim("n")
    z, e = d.vector("z", n), d.vector("e", n)
    a = d.let("a", apply("elementwise", z, parameters=("g", 0)))
    loss = d.let("L", e.T @ a)
    d.claim("wrong", D(loss, z), apply("hadamard", e, apply("elementwise", z, parameters=("g", 0))))
    d.claim("right", D(loss, z), apply("hadamard", e, apply("elementwise", z, parameters=("g", 1))))
    return d


HINT = Hint(
    name="function for its derivative",
    why="the chain rule multiplies by the slope of the activation, not by its value",
    order=15,
    repairs=repairs,
    example=example,
)
