"""The bridge from claims to the reference network: what a claim's left side must be, by backpropagation.

A claim that is marked with one of the names below contains one derivative D(f, v) on its left side. The reference
computes f forward and its Jacobian backward, one unit upstream gradient for every entry of f, from the values of the
symbols at a point. It knows several readings of f (softmax of the rows or of the columns, a sum or a mean over the batch); the
one that is compared has the value of f at every point. Where there is none, the mark does not fit the claim.

In these functions v is what the claim derives by; the other symbols are known by their names:

    y, Y              labels                        λ, lam, lambda, beta   the strength of the weight decay
    A, C              the factors around the weights B of Y = A B C
    h, x, a, H, X     what a layer W h multiplies from the right, or W in X W from the left
    G                 the upstream gradient of a bilinear layer, where f = ⟨G, Y⟩
    X, W1, b1, W2, …  a whole network, its batch in rows
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from derivcheck import backprop
from derivcheck.claims import Claim
from derivcheck.language.shapes import SCALAR, flat
from derivcheck.language.terms import Derivative, Entry, Named, Slice, Term
from derivcheck.language.walks import subterms
from derivcheck.witnesses.evaluation import Evaluator
from derivcheck.witnesses.points import Point, relative_difference
from derivcheck.witnesses.surroundings import arrange, sizes_of, slot_position

Array = np.ndarray[Any, Any]
Values = Mapping[str, Array]
SAME = 1e-9


class NotCompared(Exception):
    """The claim is marked for a comparison with the reference network that cannot be made; the text says why."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a claim's function: what tells it from the others, its value at a point, and the function from an
    upstream gradient of that shape to the gradient by v."""

    label: tuple[str | int, ...]
    forward: Array
    backward: Callable[[Array], Array]


Reference = Callable[[Array, Values], Iterator[Reading]]
"""(value of v, values of all symbols by name) -> the readings that the reference knows, one of which must be the claim's."""


def _axes(v: Array) -> tuple[int, ...]:
    """The axes along which the units of one example may lie."""
    return (0, 1) if v.ndim == 2 else ()


def _named(values: Values, *names: str) -> Iterator[tuple[str, Array]]:
    return ((name, values[name]) for name in names if name in values)


def _through(activation: str, v: Array, axis: int) -> Reading:
    known = backprop.ACTIVATIONS[activation]
    return Reading((axis,), known.forward(v, axis), lambda upstream: known.backward(v, upstream, axis))


def _scalar(label: tuple[str | int, ...], forward: Any, gradient: Array) -> Reading:
    """A scalar function, from its value and its gradient."""
    return Reading(label, np.asarray(forward), lambda upstream: upstream * gradient)


def elementwise_backward(activation: str, v: Array, values: Values) -> Iterator[Reading]:
    """f = the activation of every entry of v."""
    yield _through(activation, v, -1)


def softmax_backward(v: Array, values: Values) -> Iterator[Reading]:
    """f = softmax(v), of a vector, or of the rows or the columns of a matrix."""
    for axis in _axes(v):
        yield _through("softmax", v, axis)


def cross_entropy_loss_gradient(v: Array, values: Values) -> Iterator[Reading]:
    """f = −Σ y log softmax(v), summed or averaged over the examples of a batch; or −Σ y log v."""
    for name, y in _named(values, "y", "Y"):
        if y.shape != v.shape:
            continue
        for axis in _axes(v):
            for kind, batch in (("sum", 1), ("mean", v.shape[1 - axis])):
                outputs = backprop.softmax(v, axis)
                gradient = backprop.softmax_cross_entropy_gradient(y, v, batch, axis)
                yield _scalar((name, axis, kind), backprop.cross_entropy(y, outputs, batch), gradient)
        for kind, batch in (("sum", 1), ("mean", v.shape[0]), ("mean of columns", v.shape[-1])) if (v > 0).all() else ():
            yield _scalar((name, kind), backprop.cross_entropy(y, v, batch), backprop.cross_entropy_gradient(y, v, batch))


def bilinear_weight_gradient(v: Array, values: Values) -> Iterator[Reading]:
    """f = Y, vec(Y) or ⟨G, Y⟩ with Y = A v C, v h or X v."""
    weights = np.atleast_2d(v)
    for label, left, right in _factors(weights, values):
        y = backprop.bilinear(left, weights, right)
        yield Reading((*label, "Y"), y, partial(_bilinear_backward, v.shape, left, right))
        yield Reading((*label, "vec"), y.reshape((-1, 1), order="F"), partial(_bilinear_backward, v.shape, left, right))
        for name, g in _named(values, "G", "g"):
            if g.size == y.size:
                upstream = g.reshape(y.shape)
                yield _scalar((*label, name), (upstream * y).sum(), _bilinear_backward(v.shape, left, right, upstream))


def _bilinear_backward(shape: tuple[int, ...], left: Array, right: Array, upstream: Array) -> Array:
    """The gradient by the weights, in their shape; the upstream gradient may be that of vec(Y), which stacks columns."""
    stacked = upstream.reshape((left.shape[0], right.shape[1]), order="F")
    return backprop.bilinear_weight_gradient(left, right, stacked).reshape(shape)


def _factors(weights: Array, values: Values) -> Iterator[tuple[tuple[str, ...], Array, Array]]:
    """A and C of Y = A B C, the identity where a layer has a factor on one side only."""
    rows, columns = weights.shape
    layer = tuple(_named(values, "h", "x", "a", "H", "X"))
    found = [((first, second), left, right) for first, left in _named(values, "A") for second, right in _named(values, "C")]
    found += [(("", name), np.eye(rows), right) for name, right in layer]
    found += [((name, ""), left, np.eye(columns)) for name, left in layer]
    for label, left, right in found:
        left, right = np.atleast_2d(left), np.atleast_2d(right)
        if left.shape[1] == rows and right.shape[0] == columns:
            yield label, left, right


def weight_decay(v: Array, values: Values) -> Iterator[Reading]:
    """f = λ Σ v² or (λ/2) Σ v²."""
    for name, strength in _named(values, "λ", "lam", "lambda", "beta"):
        for factor in (1.0, 0.5):
            yield _scalar((name, str(factor)), backprop.weight_decay(v, factor * strength), backprop.weight_decay_gradient(v, factor * strength))


def network_gradient(v: Array, values: Values) -> Iterator[Reading]:
    """f = the mean cross-entropy of a network with sigmoid hidden units and softmax outputs, for a batch X in rows.

    The symbols are X, y, W1, b1, W2, b2, …; v is one of the weights, the biases, or of the intermediates z1, a1, z2, …
    """
    depth = sum(f"W{k}" in values for k in range(1, len(values)))
    if depth == 0 or any(name not in values for name in ("X", "y", *(f"b{k}" for k in range(1, depth + 1)))):
        return
    layers = tuple(
        backprop.Layer(values[f"W{k}"], values[f"b{k}"].ravel(), "softmax" if k == depth else "sigmoid") for k in range(1, depth + 1)
    )
    network = backprop.Network(layers, "rows", "cross-entropy")
    found = backprop.backward(network, values["X"], values["y"])
    gradients = {f"z{k}": found.pre_activations[k - 1] for k in range(1, depth + 1)}
    gradients |= {f"a{k}": found.activations[k] for k in range(1, depth)}
    gradients |= {f"W{k}": found.weights[k - 1] for k in range(1, depth + 1)}
    gradients |= {f"b{k}": found.biases[k - 1].reshape(1, -1) for k in range(1, depth + 1)}
    for name, gradient in gradients.items():
        if name in values and values[name].shape == v.shape and np.array_equal(values[name], v):
            yield _scalar((name,), backprop.loss(network, values["X"], values["y"]), gradient)


REFERENCES: Mapping[str, Reference] = MappingProxyType(
    {
        "softmax-backward": softmax_backward,
        "sigmoid-backward": partial(elementwise_backward, "sigmoid"),
        "tanh-backward": partial(elementwise_backward, "tanh"),
        "relu-backward": partial(elementwise_backward, "relu"),
        "cross-entropy-loss-gradient": cross_entropy_loss_gradient,
        "bilinear-weight-gradient": bilinear_weight_gradient,
        "weight-decay": weight_decay,
        "network-gradient": network_gradient,
    }
)


def gradient_by_reference(name: str, node: Derivative, evaluator: Evaluator, names: Sequence[Named]) -> Array:
    """The gradient of a scalar function by a whole symbol at the evaluator's point, by the named reference.

    Raises NotCompared where the reference does not have that function.
    """
    reference = REFERENCES.get(name)
    if reference is None:
        raise NotCompared(f"the reference network has no part called {name!r}; it has {', '.join(REFERENCES)}")
    v, f = np.asarray(evaluator(node.root)), float(evaluator(node.function))
    values = {symbol: np.asarray(value) for symbol, value in evaluator.leaves.items()}
    values |= {named.name: np.asarray(evaluator(named)) for named in names if named.name in evaluator.anatomy.names_of(node.function)}
    for reading in reference(v, values):
        if reading.forward.size == 1 and relative_difference(reading.forward.reshape(()), f, 0.0) <= SAME:
            return reading.backward(np.ones(()))
    raise NotCompared(f"the function of the derivative is not one that {name} computes")


def difference(claim: Claim, name: str, points: Sequence[Point], names: Sequence[Named]) -> float:
    """The largest relative difference between the claim's right side and its left side by the reference, over points and index values.

    `names` are the named intermediates that the claim rests on. Raises NotCompared for an unknown name of a reference, a left side
    without exactly one derivative, or a function that the reference does not have.
    """
    reference = REFERENCES.get(name)
    if reference is None:
        raise NotCompared(f"the reference network has no part called {name!r}; it has {', '.join(REFERENCES)}")
    if claim.lhs is None:
        raise NotCompared("the claim has no left side to compare with the reference network")
    derivatives = [node for node in subterms(claim.lhs) if isinstance(node, Derivative)]
    if len(derivatives) != 1:
        raise NotCompared(f"a claim that is compared with the reference network has one derivative on its left side, not {len(derivatives)}")
    node = derivatives[0]
    if not node.free <= claim.lhs.free or _whole(node.function).free:
        raise NotCompared("a derivative under a sum, or of something with free indices, is not compared with the reference network")
    found = [_jacobians(node, reference, point, names) for point in points]
    common = [label for label in found[0] if all(label in jacobians for jacobians in found)]
    if not common:
        raise NotCompared(f"the function of the derivative is not one that {name} computes")
    return max(_difference(claim.lhs, node, point, jacobians[common[0]]) for point, jacobians in zip(points, found, strict=True))


def _difference(left: Term, node: Derivative, point: Point, jacobian: Array) -> float:
    """The largest difference at one point, with this Jacobian in the place of the derivative."""
    worst = 0.0
    for positions, _, right in point.sides:
        evaluator = Evaluator(point.evaluator.leaves, point.sizes, point.evaluator.anatomy)
        evaluator.replacements = {id(node): _picked(jacobian, node, point, positions)}
        worst = max(worst, relative_difference(evaluator(left, positions), right, point.evaluator.magnitude))
    return worst


def _whole(term: Term) -> Term:
    """The tensor of which the term is an entry or a slice, or the term itself."""
    return term.tensor if isinstance(term, (Entry, Slice)) else term


def _jacobians(node: Derivative, reference: Reference, point: Point, names: Sequence[Named]) -> dict[tuple[str | int, ...], Array]:
    """By the label of each reading with the function's value: the Jacobian of the whole function by the whole variable, with one
    axis for each of their elementary dimensions."""
    function, root = _whole(node.function), node.root
    v, f = np.asarray(point.evaluator(root)), np.asarray(point.evaluator(function))
    values = {symbol: np.asarray(value) for symbol, value in point.evaluator.leaves.items()}
    values |= {named.name: np.asarray(point.evaluator(named)) for named in names}
    sizes = sizes_of(flat(function.shape) + flat(root.shape), point.sizes)
    return {
        reading.label: np.array([reading.backward(unit.reshape(reading.forward.shape)).ravel() for unit in np.eye(f.size)]).reshape(sizes)
        for reading in reference(v, values)
        if _fits(reading.forward, f) and relative_difference(reading.forward.reshape(f.shape), f, 0.0) <= SAME
    }


def _fits(forward: Array, f: Array) -> bool:
    """Whether both have the same axes, apart from those of length 1."""
    return [size for size in forward.shape if size != 1] == [size for size in f.shape if size != 1]


def _picked(jacobian: Array, node: Derivative, point: Point, positions: Mapping[Any, int]) -> Any:
    """The part of the Jacobian that the derivative asks for, in its layout."""
    place: list[Any] = []
    for term in (node.function, node.variable):
        if isinstance(term, (Entry, Slice)):
            place += [slice(None) if slot is None else slot_position(slot, positions) for slot in term.slots]
        else:
            place += [slice(None)] * len(flat(term.shape))
    part = np.asarray(jacobian[tuple(place)])
    return arrange(part, node, point.sizes) if node.shape != SCALAR else part.item()
