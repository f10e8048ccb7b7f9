"""How each axiom is lowered: functions of scalars, generic functions, inverse and determinant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from derivcheck.algebra import binders, functions, powers
from derivcheck.algebra import polynomial as ring
from derivcheck.algebra.atoms import UNIT, Polynomial, Refused
from derivcheck.algebra.atoms import Slot as Variable
from derivcheck.algebra.dims import Index
from derivcheck.language.shapes import flat
from derivcheck.language.terms import Apply, Term

if TYPE_CHECKING:
    from derivcheck.language.lower import Lowering

Environment = Mapping[Index, Variable]
"""What the indices in scope stand for."""


def lower_exp(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """exp of a scalar."""
    return functions.exponential(lowering.arena, lowering.lower(term.arguments[0], (), scope))


def lower_log(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """log of a scalar, which must be positive."""
    argument = lowering.lower(term.arguments[0], (), scope)
    lowering.require_sign("positive", term.arguments[0], argument)
    return functions.logarithm(lowering.arena, argument)


def lower_relu(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """relu(x) = x step(x); derived only off 0."""
    argument = lowering.lower(term.arguments[0], (), scope)
    lowering.require_sign("nonzero", term.arguments[0], argument, under_derivative=True)
    return ring.multiply(lowering.arena, argument, functions.step(lowering.arena, argument))


def lower_absolute(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """|x| = x (2 step(x) − 1); derived only off 0."""
    argument = lowering.lower(term.arguments[0], (), scope)
    lowering.require_sign("nonzero", term.arguments[0], argument, under_derivative=True)
    sign = ring.subtract(ring.scale(functions.step(lowering.arena, argument), 2), UNIT)
    return ring.multiply(lowering.arena, argument, sign)


def lower_elementwise(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """A generic function g of a scalar, or its derivative of some order."""
    name, order = term.parameters
    return functions.function(lowering.arena, name, order, lowering.lower(term.arguments[0], (), scope))


def _argument(lowering: Lowering, term: Apply, scope: Environment) -> tuple[tuple[int, ...], Polynomial]:
    bound = lowering.fresh_slots(flat(term.arguments[0].shape))
    return bound, lowering.lower(term.arguments[0], bound, scope)


def lower_scalar_function(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """A generic scalar function of a tensor."""
    bound, argument = _argument(lowering, term, scope)
    return binders.functional(lowering.arena, term.parameters[0], bound, argument, ())


def _square_argument(lowering: Lowering, term: Apply, scope: Environment) -> tuple[tuple[int, ...], Polynomial]:
    """Refuses a matrix whose axes are not elementary, like a Kronecker product: the atoms have one slot for each axis."""
    bound, argument = _argument(lowering, term, scope)
    if len(bound) != 2:
        raise Refused(f"the algebra has no rule for the {term.operator.name} of a matrix with {len(bound)} elementary axes")
    return bound, argument


def _matrix_name(matrix: Term) -> str:
    """The name of a matrix, or of the one that it is the transpose of: both are invertible, or neither; "" for another term."""
    if isinstance(matrix, Apply) and matrix.operator.name == "transpose":
        return _matrix_name(matrix.arguments[0])
    return str(getattr(matrix, "name", ""))


def lower_inverse(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """An entry of the inverse of a matrix, which must be invertible; the inverse of a scalar is 1 over it."""
    if not flat(term.arguments[0].shape):
        argument = lowering.lower(term.arguments[0], (), scope)
        lowering.require_sign("nonzero", term.arguments[0], argument)
        return powers.power(lowering.arena, argument, -1)
    bound, argument = _square_argument(lowering, term, scope)
    lowering.require("invertible", argument, _matrix_name(term.arguments[0]))
    return binders.inverse(lowering.arena, bound, argument, slots[0], slots[1])


def lower_determinant(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """The determinant of a matrix; its derivative is taken through the inverse. The determinant of a scalar is that scalar."""
    if not flat(term.arguments[0].shape):
        return lowering.lower(term.arguments[0], (), scope)
    bound, argument = _square_argument(lowering, term, scope)
    lowering.require("invertible", argument, _matrix_name(term.arguments[0]), under_derivative=True)
    return binders.determinant(lowering.arena, bound, argument)


AXIOMS: dict[str, Callable[[Lowering, Apply, tuple[Variable, ...], Environment], Polynomial]] = {
    "exp": lower_exp,
    "log": lower_log,
    "relu": lower_relu,
    "absolute": lower_absolute,
    "elementwise": lower_elementwise,
    "scalar_function": lower_scalar_function,
    "inverse": lower_inverse,
    "determinant": lower_determinant,
}
