"""The columns of a matrix, stacked: vec(A)_(j,i) = A_ij."""

from __future__ import annotations

from derivcheck.algebra.dims import ONE, IllTyped
from derivcheck.language.operators import sympy_parts
from derivcheck.language.operators.record import Arguments, Fresh, Operator, Parameters, Slots, called, entry, place_and_shape, split_slots
from derivcheck.language.shapes import Shape, as_matrix, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    (argument,) = arguments
    if len(as_matrix(argument.shape)) != 2:
        raise IllTyped(f"vec takes a vector or a matrix, not {place_and_shape(argument)}")
    rows, columns = as_matrix(argument.shape)
    return shape_of(columns * rows, ONE)


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    (argument,) = arguments
    rows, columns = as_matrix(argument.shape)
    j, i = split_slots(slots, columns, rows)
    return entry(argument, i + j)


def vec(A: Operand) -> Term:
    """The columns of an n × m term under each other, (m·n) × 1."""
    return Apply(OPERATOR, (as_term(A),))


def example() -> Term:
    return vec(Leaf("A", shape_of("n", "m")))


OPERATOR: Operator = Operator(
    name="vec",
    kind="definition",
    arity=1,
    shape=shape,
    meaning=meaning,
    latex=called(r"\operatorname{vec}"),
    text=called("vec"),
    binds="free",
    result="atom",
    numpy=lambda arrays, parameters, size: arrays[0].T.reshape(size),
    sympy=lambda arrays, parameters, size: sympy_parts.of_matrix(sympy_parts.matrix(arrays[0]).vec(), size),
    domain=("real",),
    smooth=("real",),
    sample=((-2.0, 2.0),),
    build=vec,
    example=example,
)
