"""The Frobenius norm: ‖A‖_F = (Σ A_ij²)^(1/2)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import Arguments, Fresh, Operator, Parameters, Slots, entry, shape_of_scalar, sum_all
from derivcheck.language.shapes import flat, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Power, Term, as_term


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    (argument,) = arguments
    i = fresh(flat(argument.shape))
    return Power(sum_all(i, Power(entry(argument, i), Fraction(2))), Fraction(1, 2))


def frobenius(A: Operand) -> Term:
    """The square root of the sum of the squares of all entries, a scalar: the Euclidean norm of a vector.

    Its derivative exists where some entry is ≠ 0.
    """
    return Apply(OPERATOR, (as_term(A),))


def example() -> Term:
    return frobenius(Leaf("A", shape_of("n", "m")))


def _numpy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    entries = arrays[0].reshape(-1)
    return numpy_parts.shaped(numpy_parts.function("sqrt", (entries * entries).sum(keepdims=True)), size)


def _sympy(arrays: tuple[Any, ...], parameters: Parameters, size: tuple[int, ...]) -> Any:
    import sympy  # only the small-dimensions witness pays for it

    return sympy_parts.array([sympy.sqrt(sympy.Add(*(value**2 for value in sympy_parts.entries(arrays[0]))))], size)


OPERATOR: Operator = Operator(
    name="frobenius",
    kind="definition",
    arity=1,
    shape=shape_of_scalar,
    meaning=meaning,
    latex=lambda arguments, parameters: rf"\lVert {arguments[0]} \rVert_F",
    text=lambda arguments, parameters: f"‖{arguments[0]}‖_F",
    binds="free",
    result="atom",
    numpy=_numpy,
    sympy=_sympy,
    domain=("real",),
    # one entry ≠ 0 is enough; asking it of all is the nearest word
    smooth=("nonzero",),
    sample=((-2.0, 2.0),),
    build=frobenius,
    example=example,
)
