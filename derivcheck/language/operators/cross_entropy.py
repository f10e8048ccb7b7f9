"""The cross-entropy of two vectors: −Σ_i y_i log(ŷ_i)."""

from __future__ import annotations

from typing import Any

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.log import log
from derivcheck.language.operators.record import (
    Arguments,
    Fresh,
    Operator,
    Parameters,
    Slots,
    called,
    entry,
    place_and_shape,
    require_same_factors,
    sum_all,
)
from derivcheck.language.shapes import SCALAR, Shape, flat, is_vector, same_shape, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term, multiply


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    labels, predictions = arguments
    if not is_vector(labels.shape) or not same_shape(labels.shape, predictions.shape):
        raise IllTyped(f"the cross-entropy takes two vectors of one shape, not {place_and_shape(labels)} and {place_and_shape(predictions)}")
    return SCALAR


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    labels, predictions = arguments
    for label_axis, prediction_axis in zip(labels.shape, predictions.shape, strict=True):
        require_same_factors(label_axis, prediction_axis)
    i = fresh(flat(labels.shape))
    return -sum_all(i, multiply(entry(labels, i), log(entry(predictions, i))))


def cross_entropy(y: Operand, yhat: Operand) -> Term:
    """−Σ_i y_i log(ŷ_i) of two vectors of one shape, a scalar. Condition: every entry of ŷ is > 0."""
    return Apply(OPERATOR, (as_term(y), as_term(yhat)))


def example() -> Term:
    return cross_entropy(Leaf("y", shape_of("n", 1)), Leaf("q", shape_of("n", 1)))


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    labels, predictions = (array.reshape(-1) for array in arrays)
    return (-labels * numpy_parts.function("log", predictions)).sum(keepdims=True).reshape(size)


def _sympy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import sympy  # only the small-dimensions witness pays for it

    pairs = zip(*map(sympy_parts.entries, arrays), strict=True)
    return sympy_parts.array([-sympy.Add(*(label * sympy.log(prediction) for label, prediction in pairs))], size)


OPERATOR: Operator = Operator(
    name="cross_entropy",
    kind="definition",
    arity=2,
    shape=shape,
    meaning=meaning,
    latex=called(r"\operatorname{CrossEntropy}"),
    text=called("CE"),
    binds="free",
    result="atom",
    numpy=_numpy,
    sympy=_sympy,
    domain=("real", "positive"),
    smooth=("real", "positive"),
    sample=((-2.0, 2.0), (0.25, 3.0)),
    build=cross_entropy,
    example=example,
)
