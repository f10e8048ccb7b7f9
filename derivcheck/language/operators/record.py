"""The operator record: one file = one operator = one record, every field required."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from derivcheck.algebra.dims import Dim, IllTyped, Index
from derivcheck.language.shapes import Shape, describe, flat
from derivcheck.language.subscripts import Slot
from derivcheck.language.terms import Entry, Sum, Term

Arguments = tuple[Term, ...]
Parameters = tuple[Any, ...]
Slots = tuple[Slot, ...]
Fresh = Callable[[tuple[Dim, ...]], tuple[Index, ...]]
"""Gives new indices, one for each elementary dimension, that occur nowhere else."""


@dataclass(frozen=True, kw_only=True)
class Operator:
    """One operator, everything that is known about it.

    name        how it is called in Python and in JSON
    kind        "definition": `meaning` says what it is in indices. "axiom": its values and derivative are believed
    arity       the number of term arguments
    shape       (arguments, parameters) -> shape; raises IllTyped, naming both shapes and both places
    meaning     (arguments, parameters, slots, fresh) -> scalar term: the entry at `slots` (one for each elementary axis),
                written with entries of the arguments, sums, deltas and axioms; for an elementwise axiom, that axiom applied
                to the entry of its argument; for an axiom of scalars itself (exp, log, …) None
    latex, text (printed arguments, parameters) -> printed application; the printer brackets arguments below `binds`
    binds       precedence of the arguments' brackets: "sum" < "product" < "prefix" < "atom"; "free" never brackets
    result      precedence of the printed result, in the same order
    numpy       (argument arrays, parameters, result shape as integers) -> array; arrays are two-dimensional for vectors and
                matrices (a column is n x 1), () for scalars; works on real, complex and object (dual number) entries and
                branches on real parts. A subscript among the parameters is given as its position, counted from 1
    sympy       (argument arrays, parameters, result shape as integers) -> array; arrays are sympy.Array of the same shapes;
                parameters as for numpy
    domain      what each argument's entries must be for the value to exist: "real", "positive", "nonzero", "nonnegative",
                "invertible"
    smooth      what they must be for the derivative to exist, in the same words
    sample      the interval from which test points are drawn, one pair for each argument
    build       the public constructor, derivcheck.<name>(…): takes terms or numbers, and parameters as keywords
    example     () -> a closed or indexed application to fresh leaves, as the table's tests use it
    """

    name: str
    kind: Literal["definition", "axiom"]
    arity: int
    shape: Callable[[Arguments, Parameters], Shape]
    meaning: Callable[[Arguments, Parameters, Slots, Fresh], Term] | None
    latex: Callable[[tuple[str, ...], Parameters], str]
    text: Callable[[tuple[str, ...], Parameters], str]
    binds: Literal["sum", "product", "prefix", "atom", "free"]
    result: Literal["sum", "product", "prefix", "atom"]
    numpy: Callable[[tuple[Any, ...], Parameters, tuple[int, ...]], Any]
    sympy: Callable[[tuple[Any, ...], Parameters, tuple[int, ...]], Any]
    domain: tuple[str, ...]
    smooth: tuple[str, ...]
    sample: tuple[tuple[float, float], ...]
    build: Callable[..., Term]
    example: Callable[[], Term]


def shape_of_argument(arguments: Arguments, parameters: Parameters) -> Shape:
    """The shape rule of an elementwise operator: that of its argument."""
    return arguments[0].shape


def shape_of_scalar(arguments: Arguments, parameters: Parameters) -> Shape:
    """The shape rule of an operator that takes any tensor to a scalar."""
    return ()


def place_and_shape(term: Term) -> str:
    """An argument as a message names it: its shape and where it was written."""
    return f"{describe(term.shape)} (written at {term.place})"


def require_same_factors(left: Dim, right: Dim) -> None:
    """Raises IllTyped where two axes of one size are different products: then no slot of one belongs to a slot of the other."""
    if left.factors != right.factors:
        raise IllTyped(f"the axes {left} and {right} are factored differently, so their entries have no common subscripts")


def called(name: str) -> Callable[[tuple[str, ...], Parameters], str]:
    """The printing rule name(argument, …)."""
    return lambda arguments, parameters: f"{name}({', '.join(arguments)})"


def dim_latex(dim: Dim) -> str:
    """LaTeX of a dimension: n, or the product m n of a composite axis."""
    return " ".join(map(str, dim.factors)) or "1"


def superscript(argument: str, exponent: str) -> str:
    """LaTeX of argument^exponent; an argument that may end with a superscript of its own is braced, because TeX refuses a double one."""
    bracketed = argument.startswith(r"\left(") and argument.endswith(r"\right)")
    return f"{{{argument}}}^{exponent}" if "^" in argument and not bracketed else f"{argument}^{exponent}"


def split_slots(slots: Slots, *axes: Dim) -> tuple[Slots, ...]:
    """The slots that belong to each axis: an axis has one slot for each of its elementary dimensions."""
    parts = []
    start = 0
    for axis in axes:
        end = start + len(axis.factors)
        parts.append(slots[start:end])
        start = end
    return tuple(parts)


def entry(term: Term, slots: Slots) -> Term:
    """The entry of a term at flat slots; a scalar is its own entry."""
    return Entry(term, slots) if flat(term.shape) else term


def sum_all(indices: tuple[Index, ...], body: Term) -> Term:
    """The sum over all of `indices`."""
    for index in reversed(indices):
        body = Sum(index, body)
    return body
