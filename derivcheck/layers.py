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

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from derivcheck.algebra.dims import Dim, IllTyped
from derivcheck.claims import Claim, Recursion
from derivcheck.derivation import Derivation
from derivcheck.language.places import Place, caller_place
from derivcheck.language.shapes import SCALAR, Shape, column, describe, shape_of
from derivcheck.language.terms import Apply, Derivative, Leaf, Named
from derivcheck.language.walks import subterms

Member = TypeVar("Member")


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer: a number (symbol None), the last one (symbol L) and those before it, or a generic one (symbol k) and its neighbours.

    lowest      the smallest layer it can be
    to_last     how far the largest layer it can be is from the last one, 0 or negative
    depth       the last layer of the network, a number or a name
    """

    symbol: str | None
    offset: int
    lowest: int
    to_last: int
    depth: int | str

    def __add__(self, steps: int) -> Layer:
        return replace(self, offset=self.offset + steps, lowest=self.lowest + steps, to_last=self.to_last + steps)

    def __sub__(self, steps: int) -> Layer:
        return self + -steps

    def __str__(self) -> str:
        if self.symbol is None:
            return str(self.offset)
        return self.symbol if self.offset == 0 else f"{self.symbol}{self.offset:+d}"

    @property
    def highest(self) -> int | None:
        """The largest layer it can be, None where it grows with the depth."""
        if self.symbol is None:
            return self.offset
        return self.depth + self.to_last if isinstance(self.depth, int) else None

    def may_be(self, other: Layer) -> bool:
        """Whether both can be one layer: k and k + 1 never, k and the last one if k reaches it."""
        if self.symbol == other.symbol:
            return self.offset == other.offset
        for one, two in ((self, other), (other, self)):
            if one.to_last < 0 and two.symbol == two.depth and two.offset > one.to_last:
                return False
            if one.highest is not None and one.highest < two.lowest:
                return False
        return True

    def subscripted(self, name: str) -> str:
        """A name with this layer as its subscript: n_k, n_(k+1)."""
        return f"{name}_{self}" if len(str(self)) == 1 else f"{name}_({self})"


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
                f"has layers {self.first} to {end}{_extent(position)}"
            )
        found = self.members.get(position)
        if found is None:
            others = [member for other, member in self.members.items() if other.may_be(position)]
            found = self.members[position] = self.make(position, position.subscripted(self.name))
            if isinstance(found, Leaf):
                self.layers.derivation.may_coincide += [(other, found) for other in others if isinstance(other, Leaf)]
        return found

    def __call__(self, layer: Layer | int) -> Member:
        """The member of a layer: families serve as widths of other families."""
        return self[layer]

    def before(self, layer: Layer) -> Member:
        """The member of the layer before."""
        return self[layer - 1]


def _extent(layer: Layer) -> str:
    """What a layer that is out of range can be, where its own name does not say it."""
    if layer.to_last > 0:
        beyond = "the layer after the last one" if layer.to_last == 1 else f"{layer.to_last} layers after the last one"
        return f", and {layer} can be {beyond}"
    return "" if layer.symbol is None else f", and {layer} can be layer {layer.lowest}"


class Layers:
    """The layers 0 to `depth` of a network: a number, or a name such as "L" for every depth >= 1."""

    def __init__(self, derivation: Derivation, depth: int | str) -> None:
        self.place = caller_place()
        if isinstance(depth, int) and depth < 1:
            raise IllTyped(f"a network has at least one layer, not {depth} (at {self.place})")
        self.derivation = derivation
        self.depth = depth if isinstance(depth, int) else None
        self.last = Layer(None, depth, depth, 0, depth) if isinstance(depth, int) else Layer(depth, 0, 1, 0, depth)

    def recursion(self, name: str, *, base: Claim | None, step: Claim, layer: Layer) -> Recursion:
        """Join a base and a step as `recursion` does, and list the result with the derivation of these layers."""
        joined = recursion(name, base=base, step=step, layer=layer)
        self.derivation.recursions.append(joined)
        return joined

    def at(self, number: int) -> Layer:
        """A layer by its number. In a network of every depth only layers 0 and 1 are known to exist."""
        to_last = number - (1 if self.depth is None else self.depth)
        return Layer(None, number, number, to_last, self.last.depth)

    def generic(self, symbol: str, first: int, last: int = 0) -> Layer:
        """A layer that stands for every one from `first` to the last one, or to `last` < 0 layers before it.

        Raises IllTyped where it would end after the last layer, where no layer of a network of known depth is in that range, or
        where its symbol is a number or the name of the last layer.
        """
        if symbol == self.last.symbol or symbol.isdigit():
            raise IllTyped(
                f"a generic layer at {caller_place()} is called {symbol}, as one of the layers declared at {self.place}: it needs another name"
            )
        if last > 0:
            raise IllTyped(f"layer {symbol} at {caller_place()} ends {last} after the last one of the layers declared at {self.place}")
        if self.depth is not None and first > self.depth + last:
            raise IllTyped(
                f"layer {symbol} at {caller_place()} is out of range: there is none from {first} to {self.depth + last} "
                f"in the layers declared at {self.place}"
            )
        return Layer(symbol, 0, first, last, self.last.depth)

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


def recursion(name: str, *, base: Claim | None, step: Claim, layer: Layer) -> Recursion:
    """Join a base claim ∂L/∂v_L = … and a step claim ∂L/∂v_k = … ∂L/∂v_(k+1) … into a recursion over the generic layer k.

    Raises IllTyped where there is no base, where `layer` is not generic or does not reach the layer before the last one, where the
    function of the step is not a generic function of v_(k+1), where its right side does not use that gradient or another one, where
    the three are not one v, and where the widths do not chain from k to k + 1 and to the last layer.
    """
    here = f"recursion {name!r} (at {caller_place()})"
    if base is None:
        raise IllTyped(f"{here} has a step (at {step.place}) but no base case: state the gradient at the last layer")
    if layer.symbol is None or layer.offset:
        raise IllTyped(f"{here}: the step (at {step.place}) is about layer {layer}, but it must be about a generic one: layers.generic(…)")
    if layer.to_last != -1:
        raise IllTyped(f"{here}: the step (at {step.place}) must hold up to the layer before the last one, where the base (at {base.place}) starts")
    end, start = _gradient(here, base), _gradient(here, step)
    following = _following(here, start, base, step)
    last = replace(layer, symbol=str(layer.depth))
    if not _one_family(((end.root.name, last), (start.root.name, layer), (following.name, layer + 1))):
        raise IllTyped(
            f"{here} is about one quantity, {last.subscripted('v')} in the base, {layer.subscripted('v')} and {(layer + 1).subscripted('v')} "
            f"in the step, but the base (at {base.place}) is about {end.root.name}, the step (at {step.place}) about {start.root.name} "
            f"and {following.name}"
        )
    shapes = (end.root.shape, start.root.shape, following.shape)
    if not _chained(shapes, (last, layer, layer + 1)):
        raise IllTyped(
            f"{here}: the widths do not chain: {end.root.name} in the base (at {base.place}) is {describe(shapes[0])}, in the step "
            f"(at {step.place}) {start.root.name} is {describe(shapes[1])} and {following.name} is {describe(shapes[2])}"
        )
    depth = f"a network of every depth {layer.depth}" if isinstance(layer.depth, str) else str(layer.depth)
    return Recursion(name, base, step, f"every layer {layer} of {depth}")


def _gradient(here: str, claim: Claim) -> Derivative:
    if not isinstance(claim.lhs, Derivative) or claim.lhs.variable is not claim.lhs.root:
        raise IllTyped(f"{here}: the left side of {claim.name!r} (at {claim.place}) is not a derivative by a whole symbol")
    return claim.lhs


def _following(here: str, start: Derivative, base: Claim, step: Claim) -> Leaf | Named:
    """The v_(k+1) whose gradient the right side of the step uses, and of which its function is a generic one."""
    written = subterms(step.rhs) if step.rhs is not None else ()
    roots = {id(node.root): node.root for node in written if isinstance(node, Derivative)}
    if not roots or id(start.root) in roots:
        raise IllTyped(
            f"{here}: the right side of the step (at {step.place}) does not use the gradient of the next layer, "
            f"with which the base (at {base.place}) begins"
        )
    if len(roots) > 1:
        names = " and ".join(sorted(root.name for root in roots.values()))
        raise IllTyped(f"{here}: the right side of the step (at {step.place}) uses the gradients by {names}, but only one is of the next layer")
    (following,) = roots.values()
    function = start.function
    while isinstance(function, Named):
        function = function.definition
    if not isinstance(function, Apply) or function.operator.name != "scalar_function" or function.arguments[0] is not following:
        raise IllTyped(
            f"{here}: the function that the step derives (at {step.place}) must be a generic one of {following.name} "
            f"(of {following.place}), scalar_function(…, {following.name}), to stand for every rest of a network"
        )
    return following


def _one_family(names: Iterable[tuple[str, Layer]]) -> bool:
    """Whether these are the names of one family at these layers."""
    stems = {name.removesuffix(layer.subscripted("")) if name.endswith(layer.subscripted("")) else None for name, layer in names}
    return len(stems) == 1 and None not in stems


def _chained(shapes: tuple[Shape, ...], layers: tuple[Layer, ...]) -> bool:
    """Whether every axis is the same everywhere, or the width of each of these layers."""
    if len({len(shape) for shape in shapes}) != 1:
        return False
    return all(
        len(set(axes)) == 1 or _one_family((str(axis), layer) for axis, layer in zip(axes, layers, strict=True)) for axes in zip(*shapes, strict=True)
    )
