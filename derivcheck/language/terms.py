"""What authors write: typed, unevaluated tensor terms.

The nodes are a closed set; nothing is simplified when a term is built, because an author's line is verified as written.
Ill-shaped terms cannot be built: the constructor raises IllTyped and names both shapes and both places.

    Number, Size               rational numbers; a dimension as a number
    Leaf, Named                a declared tensor; a named intermediate with its definition
    Entry, Slice, Array        z_i; W_{:,j} and W_{i,:}; the tensor whose entries are a given scalar
    Sum, Delta, Indicator, Cases
    Add, Scale, Power          sums of equal shapes; scalar times tensor; scalar to a rational power
    Apply                      an operator of the table (derivcheck.language.operators) and its arguments
    Derivative                 of a term by a leaf or a named intermediate, in a stated layout

Terms are compared by identity; `same_expression` is equality as written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from derivcheck.algebra.dims import Dim, IllTyped, Index
from derivcheck.language.layout import Layout, derivative_shape
from derivcheck.language.places import Place, caller_place
from derivcheck.language.shapes import SCALAR, Shape, column, describe, flat, row, same_shape, shape_of
from derivcheck.language.subscripts import IndexRelation, Shift, Slot, slot_indices

if TYPE_CHECKING:
    from derivcheck.language.operators.record import Operator

@dataclass(frozen=True, slots=True)
class Positive:
    """The condition that a scalar term is > 0."""

    term: Term

    @property
    def free(self) -> frozenset[Index]:
        return self.term.free


Relation = IndexRelation | Positive


@dataclass(frozen=True, eq=False, repr=False)
class Term:
    """The common part of every node: its shape, its free and bound indices, the names of the leaves and named intermediates
    written in it, whether it or a definition it uses contains a derivative, and where it was written.
    """

    shape: Shape = field(init=False, repr=False)
    free: frozenset[Index] = field(init=False, repr=False)
    bound: frozenset[Index] = field(init=False, repr=False)
    names: frozenset[str] = field(init=False, repr=False)
    derives: bool = field(init=False, repr=False)
    place: Place = field(init=False, repr=False)

    def _settle(self, shape: Shape, children: Iterable[Term] = (), free: frozenset[Index] = frozenset(), binds: tuple[Index, ...] = ()) -> None:
        bound: frozenset[Index] = frozenset()
        names: frozenset[str] = frozenset((self.name,)) if isinstance(self, (Leaf, Named)) else frozenset()
        derives = isinstance(self, Derivative) or (isinstance(self, Named) and self.definition.derives)
        for child in children:
            free |= child.free
            bound |= child.bound
            names |= child.names
            derives = derives or child.derives
        if len(set(binds)) != len(binds):
            raise IllTyped(f"an index is bound twice: {', '.join(map(str, binds))}")
        for index in binds:
            if index in bound:
                raise IllTyped(f"index {index} is bound twice, once inside the other; rename one of them")
        free -= set(binds)
        bound |= set(binds)
        both = free & bound
        if both:
            raise IllTyped(f"index {min(both, key=str)} is both free and bound in one term; rename the bound one")
        object.__setattr__(self, "shape", shape)
        object.__setattr__(self, "free", free)
        object.__setattr__(self, "bound", bound)
        object.__setattr__(self, "names", names)
        object.__setattr__(self, "derives", derives)
        object.__setattr__(self, "place", caller_place())

    def _require_scalar(self, other: Term, role: str) -> None:
        if other.shape != SCALAR:
            raise IllTyped(f"{role} must be a scalar, but it is {describe(other.shape)} (written at {other.place})")

    # arithmetic as authors write it
    def __add__(self, other: Operand) -> Term:
        return add(self, as_term(other))

    def __radd__(self, other: Operand) -> Term:
        return add(as_term(other), self)

    def __sub__(self, other: Operand) -> Term:
        return add(self, -as_term(other))

    def __rsub__(self, other: Operand) -> Term:
        return add(as_term(other), -self)

    def __neg__(self) -> Term:
        return Scale(Number(Fraction(-1)), self)

    def __mul__(self, other: Operand) -> Term:
        return multiply(self, as_term(other))

    def __rmul__(self, other: Operand) -> Term:
        return multiply(as_term(other), self)

    def __truediv__(self, other: Operand) -> Term:
        return multiply(Power(as_term(other), Fraction(-1)), self)

    def __rtruediv__(self, other: Operand) -> Term:
        return multiply(as_term(other), Power(self, Fraction(-1)))

    def __pow__(self, exponent: int | Fraction) -> Term:
        return Power(self, Fraction(exponent))

    def __matmul__(self, other: Term) -> Term:
        from derivcheck.language.operators import apply  # the table imports this module

        return apply("matmul", self, other)

    @property
    def T(self) -> Term:
        from derivcheck.language.operators import apply  # the table imports this module

        return apply("transpose", self)

    def __getitem__(self, subscripts: Any) -> Term:
        if not isinstance(subscripts, tuple):
            subscripts = (subscripts,)
        if any(isinstance(subscript, slice) for subscript in subscripts):
            return Slice(self, tuple(None if isinstance(subscript, slice) else subscript for subscript in subscripts))
        return Entry(self, subscripts)

    def __repr__(self) -> str:
        from derivcheck.language.printing.text import text  # the printers import this module

        return f"<{type(self).__name__} {text(self)}>"

    __array_ufunc__ = None
    """NumPy leaves arithmetic with terms alone, and says so."""

    def __iter__(self) -> Iterator[Term]:
        raise TypeError("a term is not a sequence; write an entry with an index, for example z[i]")

    def __bool__(self) -> bool:
        raise TypeError("a term has no truth value; claims compare terms")


Operand = Term | int | Fraction | Dim


def as_term(value: Operand) -> Term:
    """The term of a number, a dimension or a term. Floats are refused: they are not exact."""
    if isinstance(value, Term):
        return value
    if isinstance(value, Dim):
        return Size(value)
    if isinstance(value, float):
        raise IllTyped(f"{value!r} is not exact: numbers are integers or fractions.Fraction")
    if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
        raise IllTyped(f"{value!r} ({type(value).__name__}) is not a term: use a declared symbol, an integer, or something built from them")
    return Number(Fraction(value))


@dataclass(frozen=True, eq=False, repr=False)
class Number(Term):
    """A rational number."""

    value: Fraction

    def __post_init__(self) -> None:
        self._settle(SCALAR)


@dataclass(frozen=True, eq=False, repr=False)
class Size(Term):
    """A dimension as a number: the n of 1/n."""

    dim: Dim

    def __post_init__(self) -> None:
        self._settle(SCALAR)


@dataclass(frozen=True, eq=False, repr=False)
class Leaf(Term):
    """A declared scalar, vector, matrix or tensor with generic entries."""

    name: str
    declared_shape: Shape
    layout: Layout | None = None
    latex: str | None = None

    def __post_init__(self) -> None:
        if not self.name:
            raise IllTyped("a symbol needs a name")
        self._settle(shape_of(*self.declared_shape))


@dataclass(frozen=True, eq=False, repr=False)
class Named(Term):
    """A named intermediate: a name, and the closed term that it stands for."""

    name: str
    definition: Term
    layout: Layout | None = None
    latex: str | None = None

    def __post_init__(self) -> None:
        if self.definition.free:
            names = ", ".join(sorted(map(str, self.definition.free)))
            raise IllTyped(f"the definition of {self.name} has free indices ({names}); bind them with array(…)")
        self._settle(self.definition.shape)


def _check_slots(tensor: Term, slots: tuple[Slot | None, ...], dims: tuple[Dim, ...]) -> None:
    if len(slots) != len(dims):
        raise IllTyped(
            f"{len(slots)} subscripts on a term of shape {describe(tensor.shape)} (written at {tensor.place}): it has {len(dims)}"
        )
    for slot, dim in zip(slots, dims, strict=True):
        if slot is None:
            continue
        if isinstance(slot, bool) or not isinstance(slot, (Index, Shift, int)):
            raise IllTyped(f"{slot!r} is not a subscript: use an index, an index with an offset, or a number")
        index = slot.index if isinstance(slot, Shift) else slot
        if isinstance(index, Index) and index.dim != dim:
            raise IllTyped(
                f"index {index} ranges over {index.dim}, but this slot of a term of shape {describe(tensor.shape)} "
                f"(written at {tensor.place}) ranges over {dim}"
            )
        size = dim.value
        if isinstance(slot, int) and (slot < 1 or (size is not None and slot > size)):
            raise IllTyped(f"subscript {slot} is out of range 1 … {dim}")


@dataclass(frozen=True, eq=False, repr=False)
class Entry(Term):
    """One entry of a tensor: z_i, W_rj. A slot for every elementary axis that is not literally 1."""

    tensor: Term
    slots: tuple[Slot, ...]

    def __post_init__(self) -> None:
        _check_slots(self.tensor, self.slots, flat(self.tensor.shape))
        self._settle(SCALAR, (self.tensor,), free=slot_indices(self.slots))


@dataclass(frozen=True, eq=False, repr=False)
class Slice(Term):
    """A column W_{:,j} (slots (None, j)) or a row W_{i,:} (slots (i, None)) of a matrix."""

    tensor: Term
    slots: tuple[Slot | None, ...]

    def __post_init__(self) -> None:
        axes = self.tensor.shape
        if len(axes) != 2 or len(flat(axes)) != 2 or len(self.slots) != 2 or self.slots.count(None) != 1:
            raise IllTyped(f"a slice is a row W[i, :] or a column W[:, j] of a matrix, not of {describe(axes)}")
        _check_slots(self.tensor, self.slots, flat(axes))
        shape = column(axes[0]) if self.slots[0] is None else row(axes[1])
        self._settle(shape, (self.tensor,), free=slot_indices(self.slots))


@dataclass(frozen=True, eq=False, repr=False)
class Array(Term):
    """The tensor with entries `body` over `indices`: a column for one index, a matrix for two."""

    indices: tuple[Index, ...]
    body: Term

    def __post_init__(self) -> None:
        self._require_scalar(self.body, "an entry")
        if not self.indices:
            raise IllTyped("an array needs at least one index")
        dims = tuple(index.dim for index in self.indices)
        self._settle(column(dims[0]) if len(dims) == 1 else dims, (self.body,), binds=self.indices)


@dataclass(frozen=True, eq=False, repr=False)
class Sum(Term):
    """The sum of a term over an index, from `lower` to `upper` (None: the end of its range). An empty sum is 0."""

    index: Index
    body: Term
    lower: Slot | None = None
    upper: Slot | None = None

    def __post_init__(self) -> None:
        limits = slot_indices((self.lower, self.upper))
        for limit in limits:
            if limit == self.index or limit.dim != self.index.dim:
                raise IllTyped(f"the bound {limit} of the sum over {self.index} must be another index of the dimension {self.index.dim}")
        self._settle(self.body.shape, (self.body,), binds=(self.index,))
        captured = limits & self.bound
        if captured:
            raise IllTyped(f"index {min(captured, key=str)} bounds a sum and is bound inside it; rename one of them")
        object.__setattr__(self, "free", self.free | limits)


@dataclass(frozen=True, eq=False, repr=False)
class Delta(Term):
    """The Kronecker delta of two indices of one dimension."""

    left: Slot
    right: Slot

    def __post_init__(self) -> None:
        relation = IndexRelation(self.left, "=", self.right)
        size = next((index.dim.value for index in relation.free), None)
        for slot in (self.left, self.right):
            if isinstance(slot, int) and (slot < 1 or (size is not None and slot > size)):
                raise IllTyped(f"the number {slot} in δ({self.left}, {self.right}) is out of range 1 … {size or 'the dimension'}")
        self._settle(SCALAR, free=relation.free)


@dataclass(frozen=True, eq=False, repr=False)
class Indicator(Term):
    """1 where the relation holds, else 0."""

    relation: Relation

    def __post_init__(self) -> None:
        if isinstance(self.relation, Positive):
            self._require_scalar(self.relation.term, "the compared term")
            self._settle(SCALAR, (self.relation.term,))
        else:
            self._settle(SCALAR, free=self.relation.free)


@dataclass(frozen=True, eq=False, repr=False)
class Cases(Term):
    """The scalar of the first branch whose relation holds, else `otherwise`."""

    branches: tuple[tuple[Relation, Term], ...]
    otherwise: Term

    def __post_init__(self) -> None:
        free: frozenset[Index] = frozenset()
        children = [self.otherwise]
        for relation, value in self.branches:
            free |= relation.free
            children.append(value)
            if isinstance(relation, Positive):
                children.append(relation.term)
        for child in children:
            self._require_scalar(child, "a case")
        self._settle(SCALAR, children, free=free)


@dataclass(frozen=True, eq=False, repr=False)
class Add(Term):
    """The sum of two or more terms of one shape."""

    terms: tuple[Term, ...]

    def __post_init__(self) -> None:
        first = self.terms[0]
        for other in self.terms[1:]:
            if not same_shape(first.shape, other.shape):
                raise IllTyped(
                    f"cannot add {describe(first.shape)} (written at {first.place}) and {describe(other.shape)} (written at {other.place})"
                )
        self._settle(first.shape, self.terms)


@dataclass(frozen=True, eq=False, repr=False)
class Scale(Term):
    """A scalar times a term of any shape (also the product of two scalars)."""

    factor: Term
    body: Term

    def __post_init__(self) -> None:
        self._require_scalar(self.factor, "the left factor")
        self._settle(self.body.shape, (self.factor, self.body))


@dataclass(frozen=True, eq=False, repr=False)
class Power(Term):
    """A scalar to a rational power. A negative exponent needs base ≠ 0, a fractional one base > 0."""

    base: Term
    exponent: Fraction

    def __post_init__(self) -> None:
        self._require_scalar(self.base, "the base of a power")
        self._settle(SCALAR, (self.base,))


@dataclass(frozen=True, eq=False, repr=False)
class Apply(Term):
    """An operator applied to arguments, with the parameters it takes (an axis, a target shape, a one-hot position)."""

    operator: Operator
    arguments: tuple[Term, ...]
    parameters: tuple[Any, ...] = ()

    def __post_init__(self) -> None:
        if len(self.arguments) != self.operator.arity:
            raise IllTyped(f"{self.operator.name} takes {self.operator.arity} arguments, not {len(self.arguments)}")
        shape = self.operator.shape(self.arguments, self.parameters)
        slots = [parameter for parameter in self.parameters if isinstance(parameter, (Index, Shift))]
        self._settle(shape, self.arguments, free=slot_indices(slots))


@dataclass(frozen=True, eq=False, repr=False)
class Derivative(Term):
    """The derivative of a term by a leaf, a named intermediate, or an entry or slice of one, in a stated layout."""

    function: Term
    variable: Term
    layout: Layout | None

    def __post_init__(self) -> None:
        self.root  # noqa: B018 - raises for something one cannot derive by
        shape = derivative_shape(self.function.shape, self.variable.shape, self.layout)
        if self.function.bound & self.variable.free:
            clash = min(self.function.bound & self.variable.free, key=str)
            raise IllTyped(f"index {clash} is bound in the function and free in the variable of a derivative; rename the bound one")
        self._settle(shape, (self.function, self.variable))

    @property
    def root(self) -> Leaf | Named:
        """The leaf or named intermediate that the variable is, or is an entry or a slice of."""
        tensor = self.variable.tensor if isinstance(self.variable, (Entry, Slice)) else self.variable
        if not isinstance(tensor, (Leaf, Named)):
            raise IllTyped("one derives by a declared symbol or a named intermediate, or an entry or slice of one")
        return tensor


def add(left: Term, right: Term) -> Term:
    """left + right; a + b + c is kept as one sum of three terms."""
    terms = (*left.terms, right) if isinstance(left, Add) else (left, right)
    return Add(terms)


def multiply(left: Term, right: Term) -> Term:
    """left * right, where at least one is a scalar. Raises IllTyped for two tensors: there are several products."""
    if left.shape == SCALAR:
        return Scale(left, right)
    if right.shape == SCALAR:
        return Scale(right, left)
    raise IllTyped(
        f"* multiplies by a scalar, but the factors are {describe(left.shape)} (written at {left.place}) and {describe(right.shape)} "
        f"(written at {right.place}): write A @ B for the matrix product, hadamard(A, B) for the entrywise one"
    )


def D(function: Operand, variable: Term, layout: Layout | None = None) -> Derivative:
    """The derivative of `function` by `variable`, in the layout given, or else that of the variable's derivation."""
    if layout is None:
        root = variable.tensor if isinstance(variable, (Entry, Slice)) else variable
        layout = root.layout if isinstance(root, (Leaf, Named)) else None
    return Derivative(as_term(function), variable, layout)


def size(dim: Dim) -> Term:
    """A dimension as a number: the n of 1/n."""
    return Size(dim)


def sum_over(index: Index, body: Operand, lower: Slot | None = None, upper: Slot | None = None) -> Term:
    """The sum of `body` over `index`, with bounds where it covers only a part of the range."""
    return Sum(index, as_term(body), lower, upper)


def array(body: Operand, *indices: Index) -> Term:
    """The tensor with entries `body` over `indices`: a column for one index, a matrix for two."""
    return Array(indices, as_term(body))


def delta(left: Slot, right: Slot) -> Term:
    """The Kronecker delta: 1 where left = right, else 0."""
    return Delta(left, right)


def indicator(relation: Relation) -> Term:
    """1 where the relation holds, else 0."""
    return Indicator(relation)


def cases(*branches: tuple[Relation, Operand], otherwise: Operand = 0) -> Term:
    """The value of the first branch whose relation holds."""
    return Cases(tuple((relation, as_term(value)) for relation, value in branches), as_term(otherwise))


def equal(left: Slot, right: Slot) -> IndexRelation:
    """The relation left = right of two subscripts."""
    return IndexRelation(left, "=", right)


def differ(left: Slot, right: Slot) -> IndexRelation:
    """The relation left ≠ right of two subscripts."""
    return IndexRelation(left, "≠", right)
