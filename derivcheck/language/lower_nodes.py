"""How each node is lowered: one named function per node, its formula in its docstring."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from derivcheck.algebra import functions, powers, rules, substitution, sums
from derivcheck.algebra import polynomial as ring
from derivcheck.algebra.assumptions import UNORDERED
from derivcheck.algebra.atoms import UNIT, ZERO, Polynomial, Refused, number
from derivcheck.algebra.atoms import Slot as Variable
from derivcheck.algebra.derivative import Target, derivative
from derivcheck.language.layout import derivative_axes
from derivcheck.language.lower_axioms import AXIOMS, Environment
from derivcheck.language.shapes import core, describe, flat
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

if TYPE_CHECKING:
    from derivcheck.language.lower import Lowering


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
    roots = lowering.roots
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
        return substitution.replace((-2, slot.offset), {-2: lowering.resolve(slot.index, scope)})
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
        return functions.step(arena, argument)
    left, right = _limit(lowering, relation.left, scope), _limit(lowering, relation.right, scope)
    if relation.sign in ("=", "≠"):
        same = rules.delta(arena, left, right)
        return same if relation.sign == "=" else ring.subtract(UNIT, same)
    if relation.sign == "<":
        # l < r is l + 1 ≤ r
        left = substitution.replace((-2, 1), {-2: left})
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
    return powers.power(lowering.arena, base, exponent)


def lower_apply(lowering: Lowering, term: Apply, slots: tuple[Variable, ...], scope: Environment) -> Polynomial:
    """An operator: an axiom of scalars by its own rule, everything else by its meaning in indices."""
    axiom = AXIOMS.get(term.operator.name)
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
    steps = lowering.partials == "closed" and not lowering.roots and not term.function.derives
    partials: Literal["open", "closed"] = "closed" if steps else "open"
    with lowering.inside(root.name, partials):
        function = lowering.lower(term.function, function_slots, scope)
    if not depends_on(lowering, term.function, root.name):
        lowering.independent.add(root.name)
    result = derivative(lowering.arena, function, Target(root.name, root_slots, "partial" if steps else "refuse"))
    if isinstance(root, Named) and root.name not in lowering.closed and all(name != root.name for name, _ in lowering.roots):
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


NODES: dict[type[Term], Callable[[Lowering, Any, tuple[Variable, ...], Environment], Polynomial]] = {
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
