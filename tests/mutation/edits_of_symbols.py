"""Single edits of symbols, functions, transposes and layouts, and rewritings that are true."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import partial

from sites import Build, Site, applied, reapply

from derivcheck import absolute, diag, hadamard, logsumexp, mean, outer, relu, sigmoid, softmax, softplus, tanh, total, trace
from derivcheck.language.layout import LAYOUTS
from derivcheck.language.shapes import SCALAR, same_shape
from derivcheck.language.terms import Add, Apply, Derivative, Leaf, Named, Number, Scale


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
