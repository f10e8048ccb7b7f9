"""Families over the layers of a network, and gradients stated as a recursion over a generic layer.

    layers = Layers(d, "L")                           # layers 0 … L, for every L >= 1
    n = layers.widths("n")                            # n_0 … n_L
    W = layers.matrices("W", n, n.before, first=1)    # W_k is n_k × n_(k−1)
    k = layers.generic("k", first=1, last=-1)         # a layer from 1 to L − 1
    W[k], W[k + 1], W[layers.last]

A recursion is proved for every depth by its base claim, about the last layer, and its step claim, about a generic layer whose
downstream part is a generic function.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from derivcheck.algebra.dims import Dim, IllTyped
from derivcheck.derivation import Claim, Derivation
from derivcheck.language.shapes import SCALAR, Shape, column, describe, shape_of
from derivcheck.language.terms import Derivative, Leaf, Place, caller_place, subterms

Member = TypeVar("Member")


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: a number (symbol None), the last one (symbol L) and those before it, or a generic one (symbol k) and its neighbours.

    lowest      the smallest layer it can be
    to_last     how far the largest layer it can be is from the last one, 0 or negative
    """

    symbol: str | None
    offset: int
    lowest: int
    to_last: int

    def __add__(self, steps: int) -> Layer:
        return replace(self, offset=self.offset + steps, lowest=self.lowest + steps, to_last=self.to_last + steps)

    def __sub__(self, steps: int) -> Layer:
        return self + -steps

    def __str__(self) -> str:
        if self.symbol is None:
            return str(self.offset)
        return self.symbol if self.offset == 0 else f"{self.symbol}{self.offset:+d}"


@dataclass(eq=False)
class Family(Generic[Member]):
    """One symbol or dimension for each layer from `first` to the last one: W[1], W[k], W[k + 1]. Raises IllTyped out of range."""

    layers: Layers
    name: str
    first: int
    make: Callable[[Layer, str], Member]
    place: Place
    members: dict[Layer, Member] = field(default_factory=dict)

    def __getitem__(self, layer: Layer | int) -> Member:
        position = self.layers.at(layer) if isinstance(layer, int) else layer
        if position.lowest < self.first or position.to_last > 0:
            end = "the last layer" if self.layers.depth is None else f"layer {self.layers.depth}"
            raise IllTyped(
                f"{self.name}[{position}] at {caller_place()} is out of range: {self.name}, declared at {self.place}, "
                f"has layers {self.first} to {end}, and {position} can be {_extent(position)}"
            )
        found = self.members.get(position)
        if found is None:
            label = str(position)
            found = self.members[position] = self.make(position, f"{self.name}_{label}" if len(label) == 1 else f"{self.name}_({label})")
        return found

    def __call__(self, layer: Layer | int) -> Member:
        """The member of a layer: families serve as widths of other families."""
        return self[layer]

    def before(self, layer: Layer) -> Member:
        """The member of the layer before."""
        return self[layer - 1]


def _extent(layer: Layer) -> str:
    if layer.to_last > 0:
        return "the layer after the last one" if layer.to_last == 1 else f"{layer.to_last} layers after the last one"
    return f"layer {layer.lowest}"


class Layers:
    """The layers 0 to `depth` of a network: a number, or a name such as "L" for every depth >= 1."""

    def __init__(self, derivation: Derivation, depth: int | str) -> None:
        if isinstance(depth, int) and depth < 1:
            raise IllTyped(f"a network has at least one layer, not {depth}")
        self.derivation = derivation
        self.depth = depth if isinstance(depth, int) else None
        self.last = Layer(None, depth, depth, 0) if isinstance(depth, int) else Layer(depth, 0, 1, 0)

    def at(self, number: int) -> Layer:
        """A layer by its number. In a network of every depth only layers 0 and 1 are known to exist."""
        to_last = number - (1 if self.depth is None else self.depth)
        return Layer(None, number, number, to_last)

    def generic(self, symbol: str, first: int, last: int = 0) -> Layer:
        """A layer that stands for every one from `first` to the last one, or to `last` < 0 layers before it."""
        if last > 0:
            raise IllTyped(f"layer {symbol} ends {last} layers after the last one")
        return Layer(symbol, 0, first, last)

    def widths(self, name: str) -> Family[Dim]:
        """The dimensions n_0 … n_L."""
        return Family(self, name, 0, lambda layer, label: self.derivation.dim(label), caller_place())

    def matrices(
        self, name: str, rows: Callable[[Layer], Dim], columns: Callable[[Layer], Dim], first: int = 0
    ) -> Family[Leaf]:
        """A matrix for each layer, rows(k) × columns(k)."""
        return self._leaves(name, lambda layer: shape_of(rows(layer), columns(layer)), first)

    def vectors(self, name: str, rows: Callable[[Layer], Dim], first: int = 0) -> Family[Leaf]:
        """A column vector for each layer."""
        return self._leaves(name, lambda layer: column(rows(layer)), first)

    def scalars(self, name: str, first: int = 0) -> Family[Leaf]:
        """A scalar for each layer."""
        return self._leaves(name, lambda layer: SCALAR, first)

    def _leaves(self, name: str, shape: Callable[[Layer], Shape], first: int) -> Family[Leaf]:
        return Family(self, name, first, lambda layer, label: self.derivation.leaf(label, shape(layer)), caller_place())


@dataclass(frozen=True, slots=True)
class Recursion:
    """A gradient for every depth: `base` is the claim about the last layer, `step` the one about a generic layer k, from k + 1 to k."""

    name: str
    base: Claim
    step: Claim


def recursion(name: str, *, base: Claim | None, step: Claim, layer: Layer) -> Recursion:
    """Join a base claim and a step claim, both of the form ∂L/∂v = …, into a recursion over `layer`.

    Raises IllTyped where there is no base, where the step does not reach from the layer before the last one, where it does not use the
    gradient of the next layer, or where the widths do not chain: the base must have the shape of the step's next layer.
    """
    if base is None:
        raise IllTyped(f"recursion {name!r} has a step (at {step.place}) but no base case: state the gradient at the last layer")
    if layer.to_last != -1:
        raise IllTyped(f"recursion {name!r}: the step (at {step.place}) must hold up to the layer before the last one, where the base (at {base.place}) starts")
    bottom, gradient = _gradient(name, base), _gradient(name, step)
    written = subterms(step.rhs) if step.rhs is not None else ()
    nexts = [node for node in written if isinstance(node, Derivative) and node.root is not gradient.root]
    if not nexts:
        raise IllTyped(f"recursion {name!r}: the right side of the step (at {step.place}) does not use the gradient of the next layer")
    here, there = bottom.root, nexts[0].root
    if tuple(_generic(axis) for axis in here.shape) != tuple(_generic(axis) for axis in there.shape):
        raise IllTyped(
            f"recursion {name!r}: the widths do not chain: {here.name} in the base (at {base.place}) is {describe(here.shape)}, "
            f"{there.name} in the step (at {step.place}) is {describe(there.shape)}"
        )
    return Recursion(name, base, step)


def _gradient(name: str, claim: Claim) -> Derivative:
    if not isinstance(claim.lhs, Derivative):
        raise IllTyped(f"recursion {name!r}: the left side of {claim.name!r} (at {claim.place}) is not a derivative by a whole symbol")
    return claim.lhs


def _generic(axis: Dim) -> str:
    """A width without its layer: n of n_(k+1) and of n_L."""
    return "·".join(str(factor).split("_")[0] for factor in axis.factors)


