"""The reference network in NumPy: forward and backward by hand, no automatic differentiation.

Z^l = A^(l-1) W^l + b^l for examples in rows (W^l is inputs × units), Z^l = W^l A^(l-1) + b^l for examples in columns
(W^l is units × inputs); A^l = f_l(Z^l); L = loss(A^last, targets) + λ Σ_l ‖W^l‖². Equations: Nielsen 2015, chapter 2,
(BP1)-(BP4); Goodfellow, Bengio and Courville 2016, algorithm 6.4.

The forward pass also runs on complex input and branches on real parts, so that a complex step can check the backward pass.
It shares no code with the language or the index algebra.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import numpy as np

Array = np.ndarray[Any, Any]
Examples = Literal["rows", "columns"]
Loss = Literal["cross-entropy", "squared-error"]


# activations: forward (z, axis) -> a, backward (z, upstream, axis) -> downstream; `axis` is the one a softmax sums over


def linear(z: Array, axis: int = -1) -> Array:
    return z


def sigmoid(z: Array, axis: int = -1) -> Array:
    return 1 / (1 + np.exp(-z))


def tanh(z: Array, axis: int = -1) -> Array:
    return np.tanh(z)


def relu(z: Array, axis: int = -1) -> Array:
    return np.where(np.real(z) > 0, z, 0)


def softmax(z: Array, axis: int = -1) -> Array:
    powers = np.exp(z - np.max(np.real(z), axis=axis, keepdims=True))
    result: Array = powers / powers.sum(axis=axis, keepdims=True)
    return result


def linear_backward(z: Array, upstream: Array, axis: int = -1) -> Array:
    """∂L/∂z = ∂L/∂a."""
    return upstream


def sigmoid_backward(z: Array, upstream: Array, axis: int = -1) -> Array:
    """∂L/∂z = ∂L/∂a ∘ a ∘ (1 − a)."""
    a = sigmoid(z)
    downstream: Array = upstream * a * (1 - a)
    return downstream


def tanh_backward(z: Array, upstream: Array, axis: int = -1) -> Array:
    """∂L/∂z = ∂L/∂a ∘ (1 − a²)."""
    downstream: Array = upstream * (1 - np.tanh(z) ** 2)
    return downstream


def relu_backward(z: Array, upstream: Array, axis: int = -1) -> Array:
    """∂L/∂z = ∂L/∂a where z > 0, else 0. Raises ValueError at the kink z = 0."""
    if np.any(np.real(z) == 0):
        raise ValueError("relu has no derivative at 0")
    return np.where(np.real(z) > 0, upstream, 0)


def softmax_backward(z: Array, upstream: Array, axis: int = -1) -> Array:
    """∂L/∂z = a ∘ (g − ⟨g, a⟩) with g = ∂L/∂a, for every example by itself."""
    a = softmax(z, axis)
    downstream: Array = a * (upstream - (upstream * a).sum(axis=axis, keepdims=True))
    return downstream


@dataclass(frozen=True, slots=True)
class Activation:
    """An activation: forward (z, axis) and backward (z, upstream gradient, axis), all arrays of one shape."""

    forward: Callable[[Array, int], Array]
    backward: Callable[[Array, Array, int], Array]


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        "linear": Activation(linear, linear_backward),
        "sigmoid": Activation(sigmoid, sigmoid_backward),
        "tanh": Activation(tanh, tanh_backward),
        "relu": Activation(relu, relu_backward),
        "softmax": Activation(softmax, softmax_backward),
    }
)


# losses: sums over the units, means over the `batch` examples


def cross_entropy(targets: Array, outputs: Array, batch: int = 1) -> Any:
    """L = −(1/batch) Σ y log ŷ. The outputs must be positive."""
    return -(targets * np.log(outputs)).sum() / batch


def cross_entropy_gradient(targets: Array, outputs: Array, batch: int = 1) -> Array:
    """∂L/∂ŷ = −y / ŷ / batch."""
    return -targets / outputs / batch


def softmax_cross_entropy_gradient(targets: Array, z: Array, batch: int = 1, axis: int = -1) -> Array:
    """∂L/∂z = (ŷ Σy − y) / batch with ŷ = softmax(z). Σy, over the units of an example, is 1 for labels, but need not be."""
    result: Array = (softmax(z, axis) * targets.sum(axis=axis, keepdims=True) - targets) / batch
    return result


def squared_error(targets: Array, outputs: Array, batch: int = 1) -> Any:
    """L = (1/batch) Σ (ŷ − y)²."""
    return ((outputs - targets) ** 2).sum() / batch


def squared_error_gradient(targets: Array, outputs: Array, batch: int = 1) -> Array:
    """∂L/∂ŷ = 2 (ŷ − y) / batch."""
    return 2 * (outputs - targets) / batch


# linear maps


def bilinear(left: Array, weights: Array, right: Array) -> Array:
    """Y = A B C."""
    return left @ weights @ right


def bilinear_weight_gradient(left: Array, right: Array, upstream: Array) -> Array:
    """∂L/∂B = Aᵀ G Cᵀ for Y = A B C and G = ∂L/∂Y. For Y = W h it is G hᵀ, with A the identity and C = h."""
    return left.T @ upstream @ right.T


def weight_decay(weights: Array, strength: Any) -> Any:
    """λ Σ W²."""
    return strength * (weights**2).sum()


def weight_decay_gradient(weights: Array, strength: Any) -> Array:
    """2 λ W."""
    result: Array = 2 * strength * weights
    return result


# the network


@dataclass(frozen=True, slots=True)
class Layer:
    """Weights, biases (one for each unit) and the name of the activation."""

    weights: Array
    biases: Array
    activation: str


@dataclass(frozen=True, slots=True)
class Network:
    """Layers, the orientation of the examples, the loss, and the strength λ of the weight decay (biases do not decay).

    Without layers the outputs are the inputs, so that network.after(l) is the loss as a function of the activations of layer l.
    """

    layers: tuple[Layer, ...]
    examples: Examples
    loss: Loss
    decay: float = 0.0

    @property
    def axis(self) -> int:
        """The axis of the units."""
        return 1 if self.examples == "rows" else 0

    def after(self, layer: int) -> Network:
        """The network of the layers after the first `layer` ones."""
        return Network(self.layers[layer:], self.examples, self.loss, self.decay)


@dataclass(frozen=True, slots=True)
class Forward:
    """pre_activations[l] is Z of layer l + 1; activations[0] the inputs, activations[l + 1] = f(pre_activations[l])."""

    pre_activations: tuple[Array, ...]
    activations: tuple[Array, ...]


@dataclass(frozen=True, slots=True)
class Gradients:
    """∂L/∂Z, ∂L/∂A (the inputs first), ∂L/∂W and ∂L/∂b of every layer, each of the shape of what it is the gradient by."""

    pre_activations: tuple[Array, ...]
    activations: tuple[Array, ...]
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]


def forward(network: Network, inputs: Array) -> Forward:
    """All pre-activations and activations; inputs are batch × units in rows, units × batch in columns."""
    pre_activations = []
    activations = [inputs]
    for layer in network.layers:
        if network.examples == "rows":
            z = activations[-1] @ layer.weights + layer.biases[np.newaxis, :]
        else:
            z = layer.weights @ activations[-1] + layer.biases[:, np.newaxis]
        pre_activations.append(z)
        activations.append(ACTIVATIONS[layer.activation].forward(z, network.axis))
    return Forward(tuple(pre_activations), tuple(activations))


def loss(network: Network, inputs: Array, targets: Array) -> Any:
    """L: the mean loss over the batch, and the decay of all weights."""
    outputs = forward(network, inputs).activations[-1]
    batch = outputs.shape[1 - network.axis]
    data = cross_entropy(targets, outputs, batch) if network.loss == "cross-entropy" else squared_error(targets, outputs, batch)
    return data + sum(weight_decay(layer.weights, network.decay) for layer in network.layers)


def backward(network: Network, inputs: Array, targets: Array) -> Gradients:
    """The gradients of L by everything, by backpropagation. A softmax under cross-entropy is passed in one step."""
    run = forward(network, inputs)
    outputs = run.activations[-1]
    batch = outputs.shape[1 - network.axis]
    if network.loss == "cross-entropy":
        by_activation = cross_entropy_gradient(targets, outputs, batch)
    else:
        by_activation = squared_error_gradient(targets, outputs, batch)
    by_z: list[Array] = []
    by_a = [by_activation]
    by_weights: list[Array] = []
    by_biases: list[Array] = []
    last = len(network.layers) - 1
    for number in range(last, -1, -1):
        layer = network.layers[number]
        z, a_before = run.pre_activations[number], run.activations[number]
        if number == last and network.loss == "cross-entropy" and layer.activation == "softmax":
            delta = softmax_cross_entropy_gradient(targets, z, batch, network.axis)
        else:
            delta = ACTIVATIONS[layer.activation].backward(z, by_a[-1], network.axis)
        data_gradient = a_before.T @ delta if network.examples == "rows" else delta @ a_before.T
        by_z.append(delta)
        by_weights.append(data_gradient + weight_decay_gradient(layer.weights, network.decay))
        by_biases.append(delta.sum(axis=1 - network.axis))
        by_a.append(delta @ layer.weights.T if network.examples == "rows" else layer.weights.T @ delta)
    return Gradients(tuple(by_z[::-1]), tuple(by_a[::-1]), tuple(by_weights[::-1]), tuple(by_biases[::-1]))
