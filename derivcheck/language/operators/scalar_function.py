"""A generic scalar function L(·) of all entries of a tensor."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import Arguments, Operator, Parameters
from derivcheck.language.printing.names import function_latex
from derivcheck.language.shapes import SCALAR, Shape, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    (name,) = parameters
    if not isinstance(name, str) or not name:
        raise IllTyped(f"a generic function needs a name, not {name!r}")
    return SCALAR


def scalar_function(name: str, x: Operand) -> Term:
    """L(x), a scalar, for a generic twice continuously differentiable function L called `name` of all entries of x.

    What is proved of it holds for every such function. Raises IllTyped for an empty name.
    """
    return Apply(OPERATOR, (as_term(x),), (name,))


def example() -> Term:
    return scalar_function("L", Leaf("x", shape_of("n", "m")))


def _concrete(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    """Σ c_k sin(p_k x_k + q_k) + (Σ d_k x_k)² + sin(Σ e_k x_k): every partial derivative depends on every entry, none are alike."""
    import numpy as np  # the table is read by commands that never evaluate

    entries = arrays[0].reshape(-1)
    letters = (np.array([numpy_parts.coefficient("scalar_function", parameters[0], letter, k) for k in range(entries.size)]) for letter in "cpqde")
    c, p, q, d, e = letters
    waves = (numpy_parts.function("sin", entries * p + q) * c).sum(keepdims=True)
    square = (entries * d).sum(keepdims=True)
    wave = numpy_parts.function("sin", (entries * e).sum(keepdims=True))
    return numpy_parts.shaped(waves + square * square + wave, size)


def _symbolic(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    function = sympy_parts.functional_class(parameters[0], ())
    return sympy_parts.array([function(*sympy_parts.entries(arrays[0]))], size)


OPERATOR: Operator = Operator(
    name="scalar_function",
    kind="axiom",
    arity=1,
    shape=shape,
    meaning=None,
    latex=lambda arguments, parameters: f"{function_latex(parameters[0])}({arguments[0]})",
    text=lambda arguments, parameters: f"{parameters[0]}({arguments[0]})",
    binds="free",
    result="atom",
    numpy=_concrete,
    sympy=_symbolic,
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=scalar_function,
    example=example,
)
