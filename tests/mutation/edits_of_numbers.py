"""Single edits of numbers, signs, sums and products."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from sites import Build, Site, applied, reapply

from derivcheck import hadamard, kron, matmul, outer
from derivcheck.language.shapes import SCALAR, flat
from derivcheck.language.terms import Add, Apply, Number, Power, Scale, Size


# numbers and signs --------------------------------------------------------------------------------------------------
def sign(site: Site) -> Iterator[Build]:
    """a -> -a."""
    yield lambda: -site.node


def minus_dropped(site: Site) -> Iterator[Build]:
    """-a -> a, so 1 - a becomes 1 + a."""
    node = site.node
    if isinstance(node, Scale) and isinstance(node.factor, Number) and node.factor.value < 0:
        yield lambda: node.body if node.factor.value == -1 else Scale(Number(-node.factor.value), node.body)


def factor_two(site: Site) -> Iterator[Build]:
    """a -> 2a."""
    yield lambda: 2 * site.node


def factor_half(site: Site) -> Iterator[Build]:
    """a -> a/2."""
    yield lambda: site.node / 2


def extra_dimension(site: Site) -> Iterator[Build]:
    """a -> a/n and na for a dimension of this term, where an average was taken or forgotten."""
    dims = (*flat(site.node.shape), *(index.dim for index in site.node.free | site.node.bound))
    for dim in sorted(set(dims), key=str):
        yield partial(lambda size: site.node / size, Size(dim))
        yield partial(lambda size: site.node * size, Size(dim))


def other_dimension(site: Site) -> Iterator[Build]:
    """The n of a 1/n replaced by another dimension."""
    if isinstance(site.node, Size):
        yield from (partial(lambda size: size, size) for size in site.sizes if isinstance(size, Size) and size.dim != site.node.dim)


def constant(site: Site) -> Iterator[Build]:
    """A number one larger, one smaller, or doubled."""
    if isinstance(site.node, Number):
        value = site.node.value
        for other in {value + 1, value - 1, 2 * value} - {value}:
            yield partial(Number, other)


def constant_added(site: Site) -> Iterator[Build]:
    """a -> a + 1, a scalar."""
    if site.node.shape == SCALAR:
        yield lambda: site.node + 1


def exponent(site: Site) -> Iterator[Build]:
    """A power one higher, one lower, halved, negated, or forgotten."""
    node = site.node
    if isinstance(node, Power):
        for other in {node.exponent + 1, node.exponent - 1, node.exponent / 2, -node.exponent, Fraction(1)} - {node.exponent}:
            yield partial(Power, node.base, other)
    elif applied(node, "power"):
        value = node.parameters[0]
        for other in {value + 1, value - 1, value / 2, -value} - {value}:
            yield reapply(node, parameters=(other,))


def square(site: Site) -> Iterator[Build]:
    """a -> a², entry by entry."""
    yield lambda: site.node**2 if site.node.shape == SCALAR else hadamard(site.node, site.node)


# sums and factors ---------------------------------------------------------------------------------------------------
def term_dropped(site: Site) -> Iterator[Build]:
    """One term of a sum is forgotten."""
    if isinstance(site.node, Add):
        terms = site.node.terms
        for position in range(len(terms)):
            rest = terms[:position] + terms[position + 1 :]
            yield partial(lambda rest: rest[0] if len(rest) == 1 else Add(rest), rest)


def term_repeated(site: Site) -> Iterator[Build]:
    """One term of a sum is written twice."""
    if isinstance(site.node, Add):
        yield from (partial(Add, (*site.node.terms, term)) for term in site.node.terms)


def factor_dropped(site: Site) -> Iterator[Build]:
    """One factor of a product is forgotten (a missing 1/n among them)."""
    node = site.node
    if isinstance(node, Scale) or applied(node, "matmul", "hadamard", "kron", "outer", "contract"):
        factors = (node.factor, node.body) if isinstance(node, Scale) else node.arguments
        yield from (partial(lambda factor: factor, factor) for factor in factors)


def factor_repeated(site: Site) -> Iterator[Build]:
    """One factor of a product is written twice."""
    node = site.node
    if isinstance(node, Scale):
        yield lambda: Scale(node.factor, node)
    elif applied(node, "matmul"):
        left, right = node.arguments
        yield lambda: matmul(left, matmul(left, right))
        yield lambda: matmul(matmul(left, right), right)


def numerator_for_fraction(site: Site) -> Iterator[Build]:
    """a/b -> b/a."""
    node = site.node
    if isinstance(node, Scale) and isinstance(node.factor, Power) and node.factor.exponent == -1 and node.body.shape == SCALAR:
        yield lambda: Scale(Power(node.body, Fraction(-1)), node.factor.base)


def other_product(site: Site) -> Iterator[Build]:
    """A product of another kind: A B for A ⊙ B and back, A ⊗ B, u vᵀ."""
    products = {"matmul": matmul, "hadamard": hadamard, "kron": kron, "outer": outer}
    if applied(site.node, *products):
        yield from (partial(build, *site.node.arguments) for name, build in products.items() if name != site.node.operator.name)


def factors_swapped(site: Site) -> Iterator[Build]:
    """A B -> B A, and so for every operator of two arguments."""
    if isinstance(site.node, Apply) and len(site.node.arguments) == 2:
        yield reapply(site.node, *reversed(site.node.arguments))


def contraction_axes(site: Site) -> Iterator[Build]:
    """A contraction of one axis more or less."""
    if applied(site.node, "contract"):
        yield from (reapply(site.node, parameters=(site.node.parameters[0] + step,)) for step in (1, -1))
