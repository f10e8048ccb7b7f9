"""A factor that was forgotten, or one too many."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from itertools import product

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied, arguments, itself
from derivcheck.hints.slopes import slope_of, slope_of_entry
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR, flat, same_shape
from derivcheck.language.terms import Add, Apply, D, Entry, Leaf, Named, Power, Scale, Term


def repairs(site: Site) -> Iterator[Build]:
    """x a instead of a, for a factor x of the line or the slope of a function in it; and a instead of x a."""
    node = site.node
    if isinstance(node, Scale):
        yield lambda: node.body
        yield lambda: node.factor
    elif applied(node, "hadamard", "matmul"):
        for argument in arguments(node):
            yield itself(argument)
    if not (site.is_whole or _is_part(site)):
        if site.is_factor:
            yield from (partial(apply, "hadamard", node, slope) for slope in _slopes(site) if same_shape(slope.shape, node.shape))
        return
    for factor in (*site.factors, *_slopes(site), *_coefficients(site)):
        if factor is node:
            continue
        if factor.shape == SCALAR:
            yield partial(Scale, factor, node)
            yield partial(_divided, node, factor)
        if node.shape == SCALAR:
            continue
        if same_shape(factor.shape, node.shape):
            yield partial(apply, "hadamard", node, factor)
        for first, second in ((factor, node), (node, factor)):
            yield partial(apply, "matmul", first, second)
            yield partial(_with_transpose, first, second, factor)


def _is_part(site: Site) -> bool:
    """Whether the position is a part of a sum or the body of the right side."""
    return isinstance(site.side, (Add, Scale)) and len(site.path) == 1


def _slopes(site: Site) -> Iterator[Term]:
    """The slopes of functions at what stands in the line, and of those by which intermediates are defined, of all entries or of one."""
    for factor in site.factors:
        if isinstance(factor, Apply) and factor.operator.name == "elementwise":
            name, order = factor.parameters
            yield Apply(factor.operator, factor.arguments, (name, order + 1))
    for symbol in site.symbols:
        if not isinstance(symbol, Named):
            continue
        slope = slope_of(symbol)
        if slope is not None:
            yield slope
        axes = flat(symbol.shape)
        for slots in product(*([index for index in site.indices if index.dim == axis] for axis in axes)):
            entry = slope_of_entry(symbol, slots) if axes else None
            if entry is not None:
                yield entry


def _coefficients(site: Site) -> Iterator[Term]:
    """The declared scalars, such as the λ of a penalty, the roots of scalars and of dimensions, such as √d in attention, and entries of columns."""
    scalars = [symbol for symbol in site.symbols if isinstance(symbol, Leaf) and symbol.shape == SCALAR]
    yield from scalars
    yield from (Power(number, Fraction(1, 2)) for number in (*scalars, *site.dims))
    if site.node.shape == SCALAR:
        for symbol in site.symbols:
            if len(flat(symbol.shape)) == 1:
                yield from (Entry(symbol, (index,)) for index in site.left.free if index.dim == flat(symbol.shape)[0])


def _divided(term: Term, factor: Term) -> Term:
    return Scale(Power(factor, Fraction(-1)), term)


def _with_transpose(first: Term, second: Term, factor: Term) -> Term:
    turned = apply("transpose", factor)
    return apply("matmul", turned if first is factor else first, turned if second is factor else second)


def example() -> Derivation:
    d = Derivation("dropped-factor", layout="like-variable")
    n = d.dim("n")
    W, x, e = d.matrix("W", n, n), d.vector("x", n), d.vector("e", n)
    a = d.let("a", W @ x)
    h = d.let("h", apply("elementwise", a, parameters=("g", 0)))
    loss = d.let("L", e.T @ h)
    d.claim("wrong", D(loss, a), e)
    d.claim("right", D(loss, a), apply("hadamard", e, apply("elementwise", a, parameters=("g", 1))))
    return d


HINT = Hint(
    name="dropped factor",
    why="a factor of the chain rule was left out, or written twice",
    order=70,
    repairs=repairs,
    example=example,
)
