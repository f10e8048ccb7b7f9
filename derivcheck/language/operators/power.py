"""The rational power of every entry."""

from __future__ import annotations

from fractions import Fraction

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import numpy_parts, sympy_parts
from derivcheck.language.operators.record import Arguments, Operator, Parameters, entry, superscript
from derivcheck.language.shapes import Shape, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Power, Term, as_term


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    (exponent,) = parameters
    if not isinstance(exponent, Fraction):
        raise IllTyped(f"the exponent of a power is an integer or a fraction, not {exponent!r}")
    return arguments[0].shape


def power(x: Operand, exponent: int | Fraction) -> Term:
    """x^exponent of every entry, shaped like x.

    Conditions: every entry is ≠ 0 for a negative integer exponent, > 0 for a fractional one. Raises IllTyped for an exponent that is
    not an integer or a Fraction.
    """
    exact = isinstance(exponent, (int, Fraction)) and not isinstance(exponent, bool)
    return Apply(OPERATOR, (as_term(x),), (Fraction(exponent) if exact else exponent,))


def example() -> Term:
    return power(Leaf("x", shape_of("n", "m")), 3)


OPERATOR: Operator = Operator(
    name="power",
    kind="definition",
    arity=1,
    shape=shape,
    meaning=lambda arguments, parameters, slots, fresh: Power(entry(arguments[0], slots), parameters[0]),
    latex=lambda arguments, parameters: superscript(arguments[0], rf"{{\odot {parameters[0]}}}"),
    text=lambda arguments, parameters: f"{arguments[0]}^⊙{parameters[0]}" if str(parameters[0]).isdigit() else f"{arguments[0]}^⊙({parameters[0]})",
    binds="atom",
    result="prefix",
    numpy=numpy_parts.entrywise(lambda entries, parameters: numpy_parts.power(entries, parameters[0])),
    sympy=sympy_parts.entrywise(lambda entry, parameters: sympy_parts.power(entry, parameters[0])),
    # what the exponent 1/2 or -1 needs besides is a condition of the Power node in the meaning
    domain=("real",),
    smooth=("real",),
    sample=((0.25, 3.0),),
    build=power,
    example=example,
)
