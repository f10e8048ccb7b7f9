"""Single edits of a formula: the mistakes that people make, one function a kind.

An edit looks at one position of a term and yields what could stand there instead, as functions that build it, because much of it does not
fit there. Adding a kind of edit is adding a function and its name to one of the tables at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from slots import Slot, slots, with_index, with_slots

from derivcheck import (
    absolute,
    diag,
    hadamard,
    kron,
    logsumexp,
    matmul,
    mean,
    outer,
    relu,
    sigmoid,
    softmax,
    softplus,
    tanh,
    total,
    trace,
)  # fmt: skip
from derivcheck.algebra.dims import Index
from derivcheck.language.layout import LAYOUTS
from derivcheck.language.shapes import SCALAR, same_shape
from derivcheck.language.terms import (
    Add,
    Apply,
    Cases,
    Delta,
    Derivative,
    IndexRelation,
    Indicator,
    Leaf,
    Named,
    Number,
    Positive,
    Power,
    Scale,
    Shift,
    Size,
    Sum,
    Term,
)  # fmt: skip

Build = Callable[[], Term]
Edit = Callable[["Site"], Iterator[Build]]


@dataclass(frozen=True)
class Site:
    """A position in a side of a claim: the term there, the indices that may stand there, the derivation's symbols and dimensions."""

    node: Term
    scope: tuple[Index, ...]
    symbols: tuple[Leaf | Named, ...]
    sizes: tuple[Term, ...]


def applied(node: Term, *names: str) -> bool:
    """Whether this is an application of one of these operators."""
    return isinstance(node, Apply) and node.operator.name in names


def reapply(node: Any, *arguments: Term, parameters: tuple[Any, ...] | None = None) -> Build:
    """The same operator, applied to other arguments or with other parameters."""
    return partial(Apply, node.operator, arguments or node.arguments, node.parameters if parameters is None else parameters)


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
    """a -> a/n and na, where an average was taken or forgotten."""
    for size in site.sizes:
        yield partial(lambda size: site.node / size, size)
        yield partial(lambda size: site.node * size, size)


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


# transposes, layouts, axes ------------------------------------------------------------------------------------------
def transposed(site: Site) -> Iterator[Build]:
    """A -> Aᵀ, or the transpose that is there is forgotten."""
    if applied(site.node, "transpose"):
        yield lambda: site.node.arguments[0]
    elif len(site.node.shape) == 2:
        yield lambda: site.node.T


def other_axis(site: Site) -> Iterator[Build]:
    """softmax and log-sum-exp along the other axis."""
    if applied(site.node, "softmax", "logsumexp"):
        yield from (reapply(site.node, parameters=(axis,)) for axis in (0, 1, None) if axis != site.node.parameters[0])


def other_layout(site: Site) -> Iterator[Build]:
    """A derivative in another layout."""
    node = site.node
    if isinstance(node, Derivative):
        yield from (partial(Derivative, node.function, node.variable, layout) for layout in LAYOUTS if layout != node.layout)


def function_and_variable(site: Site) -> Iterator[Build]:
    """∂a/∂b -> ∂b/∂a."""
    node = site.node
    if isinstance(node, Derivative):
        yield lambda: Derivative(node.variable, node.function, node.layout)


# indices ------------------------------------------------------------------------------------------------------------
def _changed_slots(site: Site, others: Callable[[Slot], Iterator[Slot]]) -> Iterator[Build]:
    written = slots(site.node)
    for position, slot in enumerate(written):
        if isinstance(slot, (Index, Shift)):
            for other in others(slot):
                yield partial(with_slots, site.node, (*written[:position], other, *written[position + 1 :]))


def wrong_index(site: Site) -> Iterator[Build]:
    """A subscript replaced by another index that ranges over the same dimension."""

    def others(slot: Any) -> Iterator[Slot]:
        index = slot.index if isinstance(slot, Shift) else slot
        yield from (other for other in site.scope if other.dim == index.dim and other != index)

    yield from _changed_slots(site, others)


def shifted_index(site: Site) -> Iterator[Build]:
    """i -> i + 1, i - 1, and an index that is set to 1."""

    def others(slot: Any) -> Iterator[Slot]:
        if isinstance(slot, Shift):
            yield slot.index
        else:
            yield from (Shift(slot, 1), Shift(slot, -1), 1)

    yield from _changed_slots(site, others)


def indices_swapped(site: Site) -> Iterator[Build]:
    """W_ij -> W_ji."""
    written = slots(site.node)
    if len(written) == 2 and not isinstance(site.node, (Sum, Delta)):
        yield lambda: with_slots(site.node, written[::-1])


def sum_dropped(site: Site) -> Iterator[Build]:
    """Σ_i a_i -> a_j for an index at hand, a_1, or a matrix product with 1 forgotten."""
    node = site.node
    if isinstance(node, Sum):
        for other in (*(index for index in site.scope if index.dim == node.index.dim), 1):
            yield partial(with_index, node.body, node.index, other)


def sum_added(site: Site) -> Iterator[Build]:
    """a_i b_i -> Σ_t a_t b_t for an index of this term."""
    for index in sorted(site.node.free, key=str):
        fresh = Index(f"{index.name}_sum", index.dim, index.base)
        yield partial(lambda index, fresh: Sum(fresh, with_index(site.node, index, fresh)), index, fresh)


def sum_bounds(site: Site) -> Iterator[Build]:
    """A sum that starts one later, ends at 1, or at another index; bounds that are there are forgotten."""
    node = site.node
    if isinstance(node, Sum):
        if node.lower is not None or node.upper is not None:
            yield partial(Sum, node.index, node.body)
        yield partial(Sum, node.index, node.body, 2, node.upper)
        yield partial(Sum, node.index, node.body, node.lower, 1)
        for other in site.scope:
            if other.dim == node.index.dim:
                yield partial(Sum, node.index, node.body, node.lower, other)
                yield partial(Sum, node.index, node.body, other, node.upper)


def delta_replaced(site: Site) -> Iterator[Build]:
    """δ_ij -> 1, 0 or 1 - δ_ij."""
    if isinstance(site.node, Delta):
        yield from (partial(Number, Fraction(value)) for value in (0, 1))
        yield lambda: 1 - site.node


def relation_changed(site: Site) -> Iterator[Build]:
    """Another sign in an indicator, or the branches of a case exchanged."""
    node = site.node
    if isinstance(node, Indicator):
        relation = node.relation
        if isinstance(relation, IndexRelation):
            signs = ("=", "≠", "≤", "<")
            yield from (partial(Indicator, IndexRelation(relation.left, sign, relation.right)) for sign in signs if sign != relation.sign)
        elif isinstance(relation, Positive):
            yield lambda: Indicator(Positive(-relation.term))
            yield lambda: 1 - node
    elif isinstance(node, Cases) and node.branches:
        (relation, value), *rest = node.branches
        yield lambda: Cases(((relation, node.otherwise), *rest), value)


# symbols and functions ----------------------------------------------------------------------------------------------
def other_symbol(site: Site) -> Iterator[Build]:
    """Another symbol of the same shape: the weights of the wrong layer, z for s, y for ŷ."""
    if isinstance(site.node, (Leaf, Named)):
        for symbol in site.symbols:
            if symbol.name != site.node.name and same_shape(symbol.shape, site.node.shape):
                yield partial(lambda symbol: symbol, symbol)


def operator_dropped(site: Site) -> Iterator[Build]:
    """f(x) -> x: exp, log, softmax, an inverse, … forgotten."""
    if isinstance(site.node, Apply) and len(site.node.arguments) == 1:
        yield lambda: site.node.arguments[0]


def order_of_derivative(site: Site) -> Iterator[Build]:
    """g -> g′ and g′ -> g."""
    if applied(site.node, "elementwise"):
        name, order = site.node.parameters
        yield from (reapply(site.node, parameters=(name, order + step)) for step in (1, -1))


def function_for_its_derivative(site: Site) -> Iterator[Build]:
    """σ -> σ(1 - σ), exp -> 1, log x -> 1/x, tanh x -> 1 - tanh² x, s -> s ⊙ (1 - s)."""
    node = site.node
    if applied(node, "sigmoid", "softmax"):
        yield lambda: node - node**2 if node.shape == SCALAR else node - hadamard(node, node)
    elif applied(node, "exp") and node.shape == SCALAR:
        yield partial(Number, Fraction(1))
    elif applied(node, "log") and node.shape == SCALAR:
        yield lambda: 1 / node.arguments[0]
    elif applied(node, "tanh") and node.shape == SCALAR:
        yield lambda: 1 - node**2


def other_function(site: Site) -> Iterator[Build]:
    """A function that is easily taken for this one."""
    node = site.node
    kin = {
        "sigmoid": (tanh, softplus), "tanh": (sigmoid,), "softplus": (relu, sigmoid), "relu": (absolute, softplus), "absolute": (relu,),
        "softmax": (sigmoid,), "exp": (sigmoid,), "log": (softplus,), "trace": (total,), "total": (mean, trace), "mean": (total,),
        "frobenius": (total,), "logsumexp": (total, mean), "determinant": (trace,), "diag": (lambda v: outer(v, v),),
    }  # fmt: skip
    for build in kin.get(node.operator.name, ()) if isinstance(node, Apply) else ():
        yield partial(build, *node.arguments)


def one_dimension_for_all(site: Site) -> Iterator[Build]:
    """A softmax or log-sum-exp of a vector taken of its diagonal: entries that do not know of each other."""
    node = site.node
    if applied(node, "softmax"):
        yield lambda: logsumexp(node.arguments[0])
    elif applied(node, "logsumexp"):
        yield lambda: softmax(node.arguments[0])
    elif applied(node, "diagonal"):
        yield lambda: diag(node.arguments[0])


# rewritings that are true -------------------------------------------------------------------------------------------
def reassociated(site: Site) -> Iterator[Build]:
    """(A B) C -> A (B C), which is true: such a mutant must never be refuted."""
    node = site.node
    if applied(node, "matmul", "hadamard", "kron"):
        first, last = node.arguments
        if applied(first, node.operator.name):
            yield lambda: Apply(node.operator, (first.arguments[0], Apply(node.operator, (first.arguments[1], last))))


def reordered(site: Site) -> Iterator[Build]:
    """a + b -> b + a, a b -> b a for scalars, A -> (Aᵀ)ᵀ, which are true."""
    node = site.node
    if isinstance(node, Add):
        yield lambda: Add(node.terms[::-1])
    if isinstance(node, Scale) and node.body.shape == SCALAR:
        yield lambda: Scale(node.body, node.factor)
    if isinstance(node, (Leaf, Named)) and len(node.shape) == 2:
        yield lambda: node.T.T


EDITS: tuple[Edit, ...] = (
    sign, minus_dropped, factor_two, factor_half, extra_dimension, other_dimension, constant, constant_added, exponent, square,
    term_dropped, term_repeated, factor_dropped, factor_repeated, numerator_for_fraction, other_product, factors_swapped, contraction_axes,
    transposed, other_axis, other_layout, function_and_variable,
    wrong_index, shifted_index, indices_swapped, sum_dropped, sum_added, sum_bounds, delta_replaced, relation_changed,
    other_symbol, operator_dropped, order_of_derivative, function_for_its_derivative, other_function, one_dimension_for_all,
    reassociated, reordered,
)  # fmt: skip
"""Edits of the right side."""

LEFT_EDITS: tuple[Edit, ...] = (sign, transposed, other_layout, function_and_variable, wrong_index, indices_swapped, other_symbol, order_of_derivative)
"""Edits of the left side: most others say the same there as on the right side."""

VARIABLE_EDITS: tuple[Edit, ...] = (wrong_index, shifted_index, indices_swapped, other_symbol)
"""Edits of the variable of a derivative, which can only be a symbol, or an entry or a slice of one."""
