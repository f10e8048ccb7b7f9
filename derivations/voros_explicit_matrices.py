"""Two gradients of one layer for a 2 × 3 matrix of weights, written out with SymPy: claims 3 and 4 in numerator layout.

The claims themselves, for every size, every elementwise function and every loss, are the notes S0 and S1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derivcheck import Derivation, Source

if TYPE_CHECKING:
    from sympy import Matrix

d = Derivation(
    "voros-explicit-matrices",
    layout="numerator",
    source=Source("Voros, ECE 542 HW2a", "3, 4"),
    title="The gradients by the weights and by the input of a layer of 2 × 3 weights",
)
n, m = d.dim("n"), d.dim("m")


def logistic_layer() -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """The 2 × 3 weights, the input, the errors of the output, and its slopes, of a logistic layer with half the squared error as loss."""
    from sympy import Matrix, exp, symbols  # SymPy is slow to import

    weights, targets = Matrix(2, 3, symbols("w:6", real=True)), Matrix(symbols("y:2", real=True))
    inputs, biases = Matrix(symbols("h:3", real=True)), Matrix(symbols("b:2", real=True))
    outputs = (weights * inputs + biases).applyfunc(lambda unit: 1 / (1 + exp(-unit)))
    return weights, inputs, outputs - targets, outputs.applyfunc(lambda output: output * (1 - output))


def by_the_weights() -> tuple[Any, Any]:
    """The m × n gradient by the weights, and the input times the row of the gradient by the pre-activations."""
    from sympy import Matrix

    weights, inputs, errors, slopes = logistic_layer()
    loss = errors.dot(errors) / 2
    return Matrix(3, 2, lambda row, column: loss.diff(weights[column, row])), inputs * slopes.multiply_elementwise(errors).T


def by_the_input() -> tuple[Any, Any]:
    """The 1 × m gradient by the input, and the row of the gradient by the pre-activations times the weights."""
    from sympy import Matrix

    weights, inputs, errors, slopes = logistic_layer()
    loss = errors.dot(errors) / 2
    return Matrix([[loss.diff(entry) for entry in inputs]]), slopes.multiply_elementwise(errors).T * weights


d.explicit("3, explicit matrices", build=by_the_weights, dims={"n": 2, "m": 3})
d.explicit("4, explicit matrices", build=by_the_input, dims={"n": 2, "m": 3})
