"""The reference network: every gradient against a complex step of the forward pass."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from derivcheck import backprop
from derivcheck.backprop import ACTIVATIONS, Layer, Network

STEP = 1e-30


def complex_step(function, point):
    """The gradient of a scalar function at a real array, entry by entry."""
    gradient = np.empty(point.shape)
    for place in np.ndindex(point.shape):
        moved = point.astype(complex)
        moved[place] += STEP * 1j
        gradient[place] = np.imag(function(moved)) / STEP
    return gradient


def relative_error(found, expected):
    return np.max(np.abs(found - expected)) / max(np.max(np.abs(expected)), 1e-3)


def make_network(widths, activations, examples, loss, decay, random):
    layers = []
    for before, after, activation in zip(widths[:-1], widths[1:], activations, strict=True):
        shape = (before, after) if examples == "rows" else (after, before)
        layers.append(Layer(0.7 * random.normal(size=shape), random.normal(size=after), activation))
    return Network(tuple(layers), examples, loss, decay)


def with_layer(network, number, **changes):
    layer = network.layers[number]
    parts = {"weights": layer.weights, "biases": layer.biases, "activation": layer.activation} | changes
    return Network((*network.layers[:number], Layer(**parts), *network.layers[number + 1 :]), network.examples, network.loss, network.decay)


def has_both_relu_states(network, inputs):
    """Every relu layer has active and inactive units over the batch, and none near the kink."""
    run = backprop.forward(network, inputs)
    for layer, z in zip(network.layers, run.pre_activations, strict=True):
        if layer.activation == "relu" and (np.all(z > 0) or np.all(z < 0) or np.min(np.abs(z)) < 1e-3):
            return False
    return True


WIDTHS = [(3, 2), (1, 1), (4, 3, 2), (2, 1, 3), (3, 5, 4, 2), (2, 3, 4, 3, 2)]
OUTPUTS = [
    ("softmax", "cross-entropy"),
    ("softmax", "squared-error"),
    ("sigmoid", "cross-entropy"),
    ("linear", "squared-error"),
    ("tanh", "squared-error"),
]
HIDDEN = ["sigmoid", "tanh", "relu", "linear", "mixed"]
GRID = [
    (widths, hidden, output, loss, examples, batch)
    for widths, hidden, (output, loss), examples, batch in itertools.product(WIDTHS, HIDDEN, OUTPUTS, ["rows", "columns"], [1, 2, 5])
    if (len(widths) > 2 or hidden == "mixed") and (hidden == "mixed" or batch != 1)
]


@pytest.mark.parametrize(("widths", "hidden", "output", "loss", "examples", "batch"), GRID)
def test_every_gradient_is_the_complex_step(widths, hidden, output, loss, examples, batch):
    random = np.random.default_rng(sum(widths) * 100 + batch)
    cycle = itertools.cycle(["relu", "tanh", "sigmoid", "linear"]) if hidden == "mixed" else itertools.repeat(hidden)
    activations = [*itertools.islice(cycle, len(widths) - 2), output]
    shape = (batch, widths[0]) if examples == "rows" else (widths[0], batch)
    for _ in range(500):
        network = make_network(widths, activations, examples, loss, 0.37, random)
        inputs = random.normal(size=shape)
        one_unit = any(width * batch == 1 for width in widths[1:-1])
        if one_unit or has_both_relu_states(network, inputs):
            break
    else:
        raise AssertionError("no point with active and inactive units")
    # labels that do not sum to 1, so that the general gradient is checked
    targets = random.normal(size=(batch, widths[-1]) if examples == "rows" else (widths[-1], batch))
    run = backprop.forward(network, inputs)
    gradients = backprop.backward(network, inputs, targets)
    for number, layer in enumerate(network.layers):
        after = network.after(number + 1)

        def from_z(z, after=after, layer=layer):
            return backprop.loss(after, ACTIVATIONS[layer.activation].forward(z, network.axis), targets)

        def from_weights(weights, number=number):
            return backprop.loss(with_layer(network, number, weights=weights), inputs, targets)

        def from_biases(biases, number=number):
            return backprop.loss(with_layer(network, number, biases=biases), inputs, targets)

        assert relative_error(gradients.pre_activations[number], complex_step(from_z, run.pre_activations[number])) < 1e-12
        assert relative_error(gradients.weights[number], complex_step(from_weights, layer.weights)) < 1e-12
        assert relative_error(gradients.biases[number], complex_step(from_biases, layer.biases)) < 1e-12
    for number, activation in enumerate(run.activations):
        after = network.after(number)
        expected = complex_step(lambda a, after=after: backprop.loss(after, a, targets), activation)
        assert relative_error(gradients.activations[number], expected) < 1e-12


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
@pytest.mark.parametrize("axis", [0, 1])
def test_every_activation_backward_is_the_complex_step(name, axis):
    random = np.random.default_rng(3)
    z = random.normal(size=(4, 3))
    assert (z > 0).any()
    assert (z < 0).any()
    upstream = random.normal(size=(4, 3))
    activation = ACTIVATIONS[name]
    expected = complex_step(lambda moved: (upstream * activation.forward(moved, axis)).sum(), z)
    assert relative_error(activation.backward(z, upstream, axis), expected) < 1e-13


def test_relu_has_no_derivative_at_the_kink():
    with pytest.raises(ValueError, match="no derivative at 0"):
        backprop.relu_backward(np.array([[1.0, 0.0]]), np.ones((1, 2)))


def test_softmax_does_not_overflow_and_sums_to_one():
    z = np.array([[800.0, -800.0, 790.0]])
    assert np.all(np.isfinite(backprop.softmax(z)))
    assert backprop.softmax(z).sum() == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize("axis", [0, 1])
def test_softmax_cross_entropy_is_the_composition(axis):
    random = np.random.default_rng(5)
    z, y = random.normal(size=(3, 4)), random.normal(size=(3, 4))
    through = backprop.softmax_backward(z, backprop.cross_entropy_gradient(y, backprop.softmax(z, axis), 7), axis)
    assert relative_error(backprop.softmax_cross_entropy_gradient(y, z, 7, axis), through) < 1e-13


def test_softmax_cross_entropy_is_outputs_minus_labels_only_where_labels_sum_to_one():
    z = np.array([[0.3, -1.2, 0.9]])
    label = np.array([[0.7, -0.4, 0.7]])
    assert np.allclose(backprop.softmax_cross_entropy_gradient(label, z), backprop.softmax(z) - label, atol=1e-15)
    assert not np.allclose(backprop.softmax_cross_entropy_gradient(2 * label, z), backprop.softmax(z) - 2 * label, atol=1e-3)


def test_bilinear_weight_gradient_is_the_complex_step():
    random = np.random.default_rng(7)
    a, b, c, upstream = (random.normal(size=shape) for shape in [(2, 3), (3, 4), (4, 5), (2, 5)])
    expected = complex_step(lambda weights: (upstream * backprop.bilinear(a, weights, c)).sum(), b)
    assert relative_error(backprop.bilinear_weight_gradient(a, c, upstream), expected) < 1e-13


def test_weight_gradient_of_a_linear_layer_is_an_outer_product():
    random = np.random.default_rng(8)
    h, upstream = random.normal(size=(3, 1)), random.normal(size=(2, 1))
    assert np.allclose(backprop.bilinear_weight_gradient(np.eye(2), h, upstream), np.outer(upstream, h), atol=1e-15)


def test_weight_decay_gradient_is_the_complex_step():
    weights = np.random.default_rng(9).normal(size=(3, 2))
    expected = complex_step(lambda moved: backprop.weight_decay(moved, 0.6), weights)
    assert relative_error(backprop.weight_decay_gradient(weights, 0.6), expected) < 1e-13


def test_rows_and_columns_are_transposes():
    random = np.random.default_rng(10)
    rows = make_network((3, 4, 2), ("relu", "softmax"), "rows", "cross-entropy", 0.1, random)
    columns = Network(tuple(Layer(layer.weights.T, layer.biases, layer.activation) for layer in rows.layers), "columns", "cross-entropy", 0.1)
    inputs, targets = random.normal(size=(5, 3)), random.normal(size=(5, 2))
    left, right = backprop.backward(rows, inputs, targets), backprop.backward(columns, inputs.T, targets.T)
    for kind in ("weights", "pre_activations", "activations"):
        for one, other in zip(getattr(left, kind), getattr(right, kind), strict=True):
            assert np.allclose(one, other.T, atol=1e-14)


def test_the_loss_is_a_mean_over_the_batch():
    random = np.random.default_rng(11)
    network = make_network((3, 2), ("softmax",), "rows", "cross-entropy", 0.0, random)
    inputs, targets = random.normal(size=(1, 3)), random.normal(size=(1, 2))
    twice = backprop.loss(network, np.vstack([inputs, inputs]), np.vstack([targets, targets]))
    assert twice == pytest.approx(backprop.loss(network, inputs, targets), rel=1e-14)
