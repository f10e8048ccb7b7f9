"""The outer product of two vectors: (u vᵀ)_ij = u_i v_j."""

from __future__ import annotations

from derivcheck.algebra.dims import ONE, Dim, IllTyped
from derivcheck.language.operators import sympy_parts
from derivcheck.language.operators.record import Arguments, Fresh, Operator, Parameters, Slots, called, entry, place_and_shape, split_slots
from derivcheck.language.shapes import Shape, core, is_vector, shape_of
from derivcheck.language.terms import Apply, Leaf, Operand, Term, as_term, multiply


def _length(vector: Term) -> Dim:
    return core(vector.shape)[0] if vector.shape else ONE


def shape(arguments: Arguments, parameters: Parameters) -> Shape:
    left, right = arguments
    if any(argument.shape and not is_vector(argument.shape) for argument in arguments):
        raise IllTyped(f"the outer product takes two vectors, not {place_and_shape(left)} and {place_and_shape(right)}")
    return shape_of(_length(left), _length(right))


def meaning(arguments: Arguments, parameters: Parameters, slots: Slots, fresh: Fresh) -> Term:
    left, right = arguments
    i, j = split_slots(slots, _length(left), _length(right))
    return multiply(entry(left, i), entry(right, j))


def outer(u: Operand, v: Operand) -> Term:
    """The n × m matrix u vᵀ of a vector of n and a vector of m entries, each a column or a row."""
    return Apply(OPERATOR, (as_term(u), as_term(v)))


def example() -> Term:
    return outer(Leaf("u", shape_of("n", 1)), Leaf("v", shape_of("m", 1)))


OPERATOR: Operator = Operator(
    name="outer",
    kind="definition",
    arity=2,
    shape=shape,
    meaning=meaning,
    latex=called(r"\operatorname{outer}"),
    text=called("outer"),
    binds="free",
    result="atom",
    numpy=lambda arrays, parameters, size: (arrays[0].reshape(-1, 1) * arrays[1].reshape(1, -1)).reshape(size),
    sympy=lambda arrays, parameters, size: sympy_parts.array(
        [a * b for a in sympy_parts.entries(arrays[0]) for b in sympy_parts.entries(arrays[1])], size
    ),
    domain=("real", "real"),
    smooth=("real", "real"),
    sample=((-2.0, 2.0), (-2.0, 2.0)),
    build=outer,
    example=example,
)
