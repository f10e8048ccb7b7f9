"""Term -> index polynomial, with the conditions under which it is defined: one named function per node.

Named intermediates stay closed (an entry atom) where the caller says so; everything else is opened. Inside a derivative, every
name that depends on the variable is opened, or gives a `partial` atom where the caller wants the chain rule's steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from derivcheck.algebra import polynomial as ring
from derivcheck.algebra import rules, sums
from derivcheck.algebra.assumptions import UNORDERED
from derivcheck.algebra.atoms import UNIT, ZERO, Arena, Polynomial, Refused, number
from derivcheck.algebra.atoms import Slot as Variable
from derivcheck.algebra.derivative import Target, derivative
from derivcheck.algebra.dims import Dim, IllTyped, Index
from derivcheck.algebra.replacement import replace_atoms
from derivcheck.language.layout import derivative_axes
from derivcheck.language.shapes import core, describe, flat
from derivcheck.language.sign import Signs
from derivcheck.language.subscripts import Shift, Slot
from derivcheck.language.terms import (
    Add,
    Apply,
    Array,
    Cases,
    Delta,
    Derivative,
    Entry,
    Indicator,
    Leaf,
    Named,
    Number,
    Positive,
    Power,
    Relation,
    Scale,
    Size,
    Slice,
    Sum,
    Term,
)

Environment = Mapping[Index, Variable]
Partials = Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a partial operation needs: the polynomial is nonzero, positive, nonnegative; a slot is in range (or is
    not, for some value of an index that takes all of them); a matrix is invertible.

    under_derivative: it is needed only where the term is derived (a kink, a root at 0).
    """

    kind: Literal["nonzero", "positive", "nonnegative", "in range", "out of range", "invertible"]
    polynomial: Polynomial
    text: str = ""
    under_derivative: bool = False


class Carrier(Index):
    """An index that only a meaning has. It never equals an author's index, whatever that is called."""

    __slots__ = ()


class Meanings:
    """The index meanings of applications at carrier indices, each built once."""

    def __init__(self) -> None:
        self._built: dict[int, tuple[Term, tuple[Index, ...], Term]] = {}
        self._count = 0

    def fresh(self, dims: tuple[Dim, ...]) -> tuple[Index, ...]:
        """New indices, one for each dimension."""
        self._count += 1
        return tuple(Carrier(f"·{self._count}.{position}", dim) for position, dim in enumerate(dims))

    def of(self, term: Apply) -> tuple[tuple[Index, ...], Term]:
        """The carriers and the meaning. Refused for an operator without one, and where axes factor differently."""
        found = self._built.get(id(term))
        if found is None:
            build = term.operator.meaning
            if build is None:
                raise Refused(f"the algebra has no rule for {term.operator.name}")
            carriers = self.fresh(flat(term.shape))
            try:
                body = build(term.arguments, term.parameters, carriers, self.fresh)
            except IllTyped as problem:
                raise Refused(f"the algebra has no rule for axes that factor differently: {problem}") from problem
            found = self._built[id(term)] = (term, carriers, body)
        return found[1], found[2]


class Lowering:
    """Lowers terms into one arena.

    closed     names of intermediates that stay closed
    partials   "closed": the derivative of what contains closed names that depend on the variable has `partial` atoms
    """

    def __init__(
        self,
        arena: Arena,
        names: Mapping[str, Named],
        closed: frozenset[str] = frozenset(),
        partials: Partials = "open",
        meanings: Meanings | None = None,
    ) -> None:
        self.arena = arena
        self.names = names
        self.closed = closed
        self.partials = partials
        self.variables: dict[Index, int] = {}
        self.whole_range: set[int] = set()
        self.requirements: dict[tuple[str, Polynomial, str, bool], Requirement] = {}
        self.axioms: set[str] = set()
        self.independent: set[str] = set()
        self._inside: tuple[tuple[str, Partials], ...] = ()
        self._memo: dict[Any, tuple[Term, Polynomial]] = {}
        self.meanings = meanings or Meanings()
        self.signs = Signs(arena.positive, arena.nonnegative, self._meaning_or_none)

    # variables and slots ------------------------------------------------------------------------------------------
    def variable(self, index: Index) -> int:
        """The variable of a free index."""
        found = self.variables.get(index)
        if found is None:
            found = self.variables[index] = self.arena.fresh(index.dim)
        return found

    def fresh_slots(self, dims: tuple[Dim, ...]) -> tuple[int, ...]:
        """New variables, one for each dimension, each for every value of its range."""
        fresh = tuple(self.arena.fresh(dim) for dim in dims)
        self.whole_range.update(fresh)
        return fresh

    def slot(self, slot: Slot, environment: Environment, dim: Dim) -> Variable:
        """A subscript as a slot; a shifted or constant one must be in range."""
        if isinstance(slot, int):
            if slot > 1 and dim.value is None:
                self._require("in range", ZERO, f"{dim} ≥ {slot}")
            return (-1, slot)
        if isinstance(slot, Shift):
            base = self.resolve(slot.index, environment)
            value = sums.replace((-2, slot.offset), {-2: base})
            lowest = isinstance(value, tuple) and value[0] < 0 and value[1] < 1
            fails = slot.offset != 0 and (base in self.whole_range or lowest)
            self._require("out of range" if fails else "in range", ZERO, f"{slot} is in 1 … {dim}")
            return value
        return self.resolve(slot, environment)

    def resolve(self, index: Index, environment: Environment) -> Variable:
        found = environment.get(index)
        return self.variable(index) if found is None else found

    def _meaning_or_none(self, term: Apply) -> Term | None:
        return None if term.operator.meaning is None or term.operator.name in _AXIOMS else self.meanings.of(term)[1]

    # conditions ---------------------------------------------------------------------------------------------------
    def require_sign(
        self, kind: Literal["nonzero", "positive", "nonnegative"], term: Term, polynomial: Polynomial, *, under_derivative: bool = False
    ) -> None:
        """Require a sign of a written term, unless the term shows that it has it."""
        sign = self.signs.of(term)
        if sign == "positive" or (sign == "nonnegative" and kind == "nonnegative"):
            return
        self._require(kind, polynomial, under_derivative=under_derivative)

    def _require(self, kind: Any, polynomial: Polynomial, text: str = "", under_derivative: bool = False) -> None:
        needed = under_derivative and not self._inside
        key = (kind, polynomial, text, needed)
        if key not in self.requirements:
            self.requirements[key] = Requirement(kind, polynomial, text, needed)

    # the walk -----------------------------------------------------------------------------------------------------
    def lower(self, term: Term, slots: tuple[Variable, ...] = (), environment: Environment | None = None) -> Polynomial:
        """The entry of a term at flat slots, as a polynomial. Raises Refused where a rule does not apply, TypeError for an unknown node."""
        scope = environment or {}
        relevant = tuple((index, scope[index]) for index in term.free if index in scope)
        key = (id(term), slots, frozenset(relevant), self._inside)
        found = self._memo.get(key)
        if found is None:
            if len(slots) != len(flat(term.shape)):
                raise Refused(f"{len(slots)} slots for a term of shape {describe(term.shape)}")
            found = self._memo[key] = (term, _NODES[type(term)](self, term, slots, scope))
        return found[1]

    def open_name(self, name: str, polynomial: Polynomial) -> Polynomial:
        """The polynomial with the entries of a named intermediate replaced by its definition."""
        definition = self.names[name].definition

        def chosen(atom: Any) -> Polynomial | None:
            if atom.kind == "entry" and atom.data[0] == name:
                return self.lower(definition, atom.data[1])
            return None

        return replace_atoms(self.arena, polynomial, name, chosen)

    @contextmanager
    def inside(self, name: str, partials: Partials) -> Iterator[None]:
        """While a function is derived by `name`."""
        before = self._inside
        self._inside = (*before, (name, partials))
        try:
            yield
        finally:
            self._inside = before


# ------------------------------------------------------------------------------------------------------------- nodes
def lower_number(lowering: Lowering, term: Number, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """A rational number."""
    return number(ring.plain(term.value))


def lower_size(lowering: Lowering, term: Size, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """A dimension as a number: the product of its factors."""
    return ring.product(lowering.arena, [sums.size(lowering.arena, dim) for dim in term.dim.elementary])


def lower_leaf(lowering: Lowering, term: Leaf, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """An entry of a declared tensor."""
    return _closed_entry(lowering, term, slots)


def _closed_entry(lowering: Lowering, term: Leaf | Named, slots: tuple[Variable, ...]) -> Polynomial:
    """Refuses a name that would be taken for the entries of a symmetric matrix."""
    if term.name.endswith(UNORDERED):
        raise Refused(f"the name {term.name!r} is reserved")
    return Polynomial({((lowering.arena.entry(term.name, slots), 1),): 1})


def lower_named(lowering: Lowering, term: Named, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """A named intermediate: closed, or its definition. The variable of a derivative is itself; what depends on it is opened."""
    roots = lowering._inside
    closed = term.name in lowering.closed
    for name, partials in roots:
        if name == term.name:
            closed = True
        elif name in lowering.arena.order.get(term.name, frozenset()) and partials == "open":
            closed = any(root == term.name for root, _ in roots)
    if closed:
        return _closed_entry(lowering, term, slots)
    return lowering.lower(term.definition, slots)


def lower_entry(lowering: Lowering, term: Entry, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """An entry: the tensor at these slots."""
    dims = flat(term.tensor.shape)
    inner = tuple(lowering.slot(slot, scope, dim) for slot, dim in zip(term.slots, dims, strict=True))
    return lowering.lower(term.tensor, inner, scope)


def lower_slice(lowering: Lowering, term: Slice, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """A row or a column: one slot is given, the other is fixed."""
    dims = flat(term.tensor.shape)
    inner = tuple(slots[0] if slot is None else lowering.slot(slot, scope, dim) for slot, dim in zip(term.slots, dims, strict=True))
    return lowering.lower(term.tensor, inner, scope)


def lower_array(lowering: Lowering, term: Array, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """The tensor with the given entries."""
    return lowering.lower(term.body, (), {**scope, **dict(zip(term.indices, slots, strict=True))})


def lower_sum(lowering: Lowering, term: Sum, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """Σ over an index; bounds become indicators, so an empty sum is 0."""
    arena = lowering.arena
    variable = arena.fresh(term.index.dim)
    if term.lower is None and term.upper is None:
        lowering.whole_range.add(variable)
    body = lowering.lower(term.body, slots, {**scope, term.index: variable})
    if term.lower is not None:
        body = ring.multiply(arena, body, rules.at_most(arena, _limit(lowering, term.lower, scope), variable))
    if term.upper is not None:
        body = ring.multiply(arena, body, rules.at_most(arena, variable, _limit(lowering, term.upper, scope)))
    return sums.sum_over(arena, body, (variable,))


def _limit(lowering: Lowering, slot: Slot, scope: Environment) -> Variable:
    """A bound of a sum or a side of a relation: it need not be in range."""
    if isinstance(slot, int):
        return (-1, slot)
    if isinstance(slot, Shift):
        return sums.replace((-2, slot.offset), {-2: lowering.resolve(slot.index, scope)})
    return lowering.resolve(slot, scope)


def lower_delta(lowering: Lowering, term: Delta, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """The Kronecker delta."""
    return rules.delta(lowering.arena, _limit(lowering, term.left, scope), _limit(lowering, term.right, scope))


def lower_relation(lowering: Lowering, relation: Relation, scope: Environment) -> Polynomial:
    """1 where the relation holds, else 0."""
    arena = lowering.arena
    if isinstance(relation, Positive):
        argument = lowering.lower(relation.term, (), scope)
        lowering.require_sign("nonzero", relation.term, argument, under_derivative=True)
        return rules.step(arena, argument)
    left, right = _limit(lowering, relation.left, scope), _limit(lowering, relation.right, scope)
    if relation.sign in ("=", "≠"):
        same = rules.delta(arena, left, right)
        return same if relation.sign == "=" else ring.subtract(UNIT, same)
    if relation.sign == "<":
        # l < r is l + 1 ≤ r
        left = sums.replace((-2, 1), {-2: left})
    return rules.at_most(arena, left, right)


def lower_indicator(lowering: Lowering, term: Indicator, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """The indicator of a relation."""
    return lower_relation(lowering, term.relation, scope)


def lower_cases(lowering: Lowering, term: Cases, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """The first branch whose relation holds: each branch times the indicators that the earlier ones do not hold.

    Refused where a branch has a condition that the other branches need not meet.
    """
    arena = lowering.arena
    before = len(lowering.requirements)
    remaining = UNIT
    total = ZERO
    for relation, value in term.branches:
        holds = lower_relation(lowering, relation, scope)
        total = ring.add(total, ring.product(arena, [remaining, holds, lowering.lower(value, (), scope)]))
        remaining = ring.multiply(arena, remaining, ring.subtract(UNIT, holds))
    total = ring.add(total, ring.multiply(arena, remaining, lowering.lower(term.otherwise, (), scope)))
    if any(not requirement.under_derivative for requirement in list(lowering.requirements.values())[before:]):
        raise Refused("a branch of a case distinction is defined only under a condition")
    return total


def lower_add(lowering: Lowering, term: Add, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """The sum of terms of one shape. Refused where axes of equal size factor differently: their slots do not correspond."""
    for part in term.terms:
        require_same_axes(part, term)
    return ring.add(*(lowering.lower(part, slots, scope) for part in term.terms))


def require_same_axes(left: Term, right: Term) -> None:
    """Raises Refused unless the entries of both terms have the same slots."""
    if flat(left.shape) != flat(right.shape):
        raise Refused(f"axes that factor differently: {describe(left.shape)} and {describe(right.shape)}")


def lower_scale(lowering: Lowering, term: Scale, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """A scalar times a term."""
    return ring.multiply(lowering.arena, lowering.lower(term.factor, (), scope), lowering.lower(term.body, slots, scope))


def lower_power(lowering: Lowering, term: Power, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """A rational power. A negative exponent needs base ≠ 0, a fractional one base ≥ 0, and > 0 where it is derived."""
    base = lowering.lower(term.base, (), scope)
    exponent = term.exponent
    if exponent.denominator == 1:
        if exponent < 0:
            lowering.require_sign("nonzero", term.base, base)
    else:
        lowering.require_sign("positive" if exponent < 0 else "nonnegative", term.base, base)
        if exponent > 0:
            # at 0 some derivative of a fractional power does not exist
            lowering.require_sign("positive", term.base, base, under_derivative=True)
    return rules.power(lowering.arena, base, exponent)


def lower_apply(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """An operator: an axiom of scalars by its own rule, everything else by its meaning in indices."""
    axiom = _AXIOMS.get(term.operator.name)
    if axiom is not None and (term.operator.meaning is None or not flat(term.shape)):
        lowering.axioms.add(term.operator.name)
        return axiom(lowering, term, slots, scope)
    if term.operator.name == "one_hot":
        dim, position = term.parameters
        lowering.slot(position, scope, dim)
    carriers, body = lowering.meanings.of(term)
    return lowering.lower(body, (), {**scope, **dict(zip(carriers, slots, strict=True))})


def lower_derivative(lowering: Lowering, term: Derivative, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """D(f, v): f is lowered with v free and everything downstream of v open, derived by the entry, and v is put back."""
    function_slots, root_slots = derivative_slots(lowering, term, slots, scope)
    root = term.root
    steps = lowering.partials == "closed" and not lowering._inside and not term.function.derives
    partials: Partials = "closed" if steps else "open"
    with lowering.inside(root.name, partials):
        function = lowering.lower(term.function, function_slots, scope)
    if not depends_on(lowering, term.function, root.name):
        lowering.independent.add(root.name)
    result = derivative(lowering.arena, function, Target(root.name, root_slots, "partial" if steps else "refuse"))
    if isinstance(root, Named) and root.name not in lowering.closed and all(name != root.name for name, _ in lowering._inside):
        result = lowering.open_name(root.name, result)
    return result


def depends_on(lowering: Lowering, term: Term, name: str) -> bool:
    """Whether the term, or a definition it uses, mentions the name."""
    return name in term.names or any(name in lowering.arena.order.get(used, frozenset()) for used in term.names)


def derivative_slots(
    lowering: Lowering, term: Derivative, slots: tuple[Variable, ...], scope: Environment
) -> tuple[tuple[Variable, ...], tuple[Variable, ...]]:
    """The slots of the function and those of the root of the variable, in their own orders."""
    parts: dict[tuple[str, int], tuple[Variable, ...]] = {}
    start = 0
    cores = {"f": core(term.function.shape), "v": core(term.variable.shape)}
    for kind, position in derivative_axes(term.function.shape, term.variable.shape, term.layout):
        width = len(cores[kind][position].factors)
        parts[kind, position] = slots[start : start + width]
        start += width
    function_slots = tuple(slot for position in range(len(cores["f"])) for slot in parts["f", position])
    variable_slots = tuple(slot for position in range(len(cores["v"])) for slot in parts["v", position])
    variable = term.variable
    if isinstance(variable, (Entry, Slice)):
        given = iter(variable_slots)
        dims = flat(variable.tensor.shape)
        return function_slots, tuple(
            next(given) if slot is None else lowering.slot(slot, scope, dim) for slot, dim in zip(variable.slots, dims, strict=True)
        )
    return function_slots, variable_slots


# ------------------------------------------------------------------------------------------------------------ axioms
def lower_exp(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """exp of a scalar."""
    return rules.exponential(lowering.arena, lowering.lower(term.arguments[0], (), scope))


def lower_log(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """log of a scalar, which must be positive."""
    argument = lowering.lower(term.arguments[0], (), scope)
    lowering.require_sign("positive", term.arguments[0], argument)
    return rules.logarithm(lowering.arena, argument)


def lower_relu(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """relu(x) = x step(x); derived only off 0."""
    argument = lowering.lower(term.arguments[0], (), scope)
    lowering.require_sign("nonzero", term.arguments[0], argument, under_derivative=True)
    return ring.multiply(lowering.arena, argument, rules.step(lowering.arena, argument))


def lower_absolute(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """|x| = x (2 step(x) − 1); derived only off 0."""
    argument = lowering.lower(term.arguments[0], (), scope)
    lowering.require_sign("nonzero", term.arguments[0], argument, under_derivative=True)
    sign = ring.subtract(ring.scale(rules.step(lowering.arena, argument), 2), UNIT)
    return ring.multiply(lowering.arena, argument, sign)


def lower_elementwise(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """A generic function g of a scalar, or its derivative of some order."""
    name, order = term.parameters
    return rules.function(lowering.arena, name, order, lowering.lower(term.arguments[0], (), scope))


def _argument(lowering: Lowering, term: Apply, scope: Environment) -> tuple[tuple[int, ...], Polynomial]:
    bound = lowering.fresh_slots(flat(term.arguments[0].shape))
    return bound, lowering.lower(term.arguments[0], bound, scope)


def lower_scalar_function(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """A generic scalar function of a tensor."""
    bound, argument = _argument(lowering, term, scope)
    return sums.functional(lowering.arena, term.parameters[0], bound, argument, ())


def _square_argument(lowering: Lowering, term: Apply, scope: Environment) -> tuple[tuple[int, ...], Polynomial]:
    """Refuses a matrix whose axes are not elementary, like a Kronecker product: the atoms have one slot for each axis."""
    bound, argument = _argument(lowering, term, scope)
    if len(bound) != 2:
        raise Refused(f"the algebra has no rule for the {term.operator.name} of a matrix with {len(bound)} elementary axes")
    return bound, argument


def lower_inverse(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """An entry of the inverse of a matrix, which must be invertible; the inverse of a scalar is 1 over it."""
    if not flat(term.arguments[0].shape):
        argument = lowering.lower(term.arguments[0], (), scope)
        lowering.require_sign("nonzero", term.arguments[0], argument)
        return rules.power(lowering.arena, argument, -1)
    bound, argument = _square_argument(lowering, term, scope)
    lowering._require("invertible", argument, str(getattr(term.arguments[0], "name", "")))
    return sums.inverse(lowering.arena, bound, argument, slots[0], slots[1])


def lower_determinant(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """The determinant of a matrix; its derivative is taken through the inverse. The determinant of a scalar is that scalar."""
    if not flat(term.arguments[0].shape):
        return lowering.lower(term.arguments[0], (), scope)
    bound, argument = _square_argument(lowering, term, scope)
    lowering._require("invertible", argument, str(getattr(term.arguments[0], "name", "")), under_derivative=True)
    return sums.determinant(lowering.arena, bound, argument)


_AXIOMS: dict[str, Callable[[Lowering, Apply, tuple[Variable, ...], Environment], Polynomial]] = {
    "exp": lower_exp,
    "log": lower_log,
    "relu": lower_relu,
    "absolute": lower_absolute,
    "elementwise": lower_elementwise,
    "scalar_function": lower_scalar_function,
    "inverse": lower_inverse,
    "determinant": lower_determinant,
}

_NODES: dict[type[Term], Callable[[Lowering, Any, tuple[Variable, ...], Environment], Polynomial]] = {
    Number: lower_number,
    Size: lower_size,
    Leaf: lower_leaf,
    Named: lower_named,
    Entry: lower_entry,
    Slice: lower_slice,
    Array: lower_array,
    Sum: lower_sum,
    Delta: lower_delta,
    Indicator: lower_indicator,
    Cases: lower_cases,
    Add: lower_add,
    Scale: lower_scale,
    Power: lower_power,
    Apply: lower_apply,
    Derivative: lower_derivative,
}

