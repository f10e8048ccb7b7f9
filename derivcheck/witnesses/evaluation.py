"""The floating-point value of a term at one point, as written: the evaluator of the numeric witness.

A derivative is a complex step of the forward computation of its function, one entry of the variable at a time, the others
held fixed (Squire and Trapp 1998); a derivative inside a derivative uses dual numbers on top of it. No difference quotient
is taken, so nothing cancels. Within a derivative no assumption applies: one entry moves alone, even of a symmetric matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np

from derivcheck.algebra.dims import Index
from derivcheck.language.shapes import SCALAR, flat
from derivcheck.language.subscripts import IndexRelation, Shift, Slot
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
from derivcheck.witnesses.admissibility import CHECKS, OutOfRange, Unusable, check_nonzero, check_power
from derivcheck.witnesses.perturbation import STEP, as_array, lifted, moved_at, tangents
from derivcheck.witnesses.stacks import (
    Sweep,
    applied,
    as_number,
    chosen,
    column_of,
    entry_of,
    in_array,
    in_range,
    is_stack,
    moved_everywhere,
    product,
    row_of,
    stack_tangents,
)
from derivcheck.witnesses.surroundings import Anatomy, Surroundings, Value, arrange, index_relation_holds, sizes_of, slot_position

Smooth = frozenset[str]
"""The names by which a term is derived: where it depends on one of them, it must not sit on a kink."""

NOWHERE: Smooth = frozenset()

STACKED = 128
"""So many entries of a tensor are moved in one go, if none of what depends on it is a derivative itself."""

EVERYWHERE = -1
"""The place of a step at every entry, each on its own."""


class NotEvaluated(Exception):
    """This evaluator cannot evaluate the term; the text says why."""


class NotSwept(NotEvaluated):
    """The term is evaluated for one value of its free indices at a time."""


class OverBudget(NotEvaluated):
    """The evaluation takes more steps than allowed."""


@dataclass(eq=False)
class Evaluator:
    """Values of terms at one point. `leaves` are the values of the declared symbols by name, `positions` those of the indices.

    `magnitude` is the largest number met, `signs` the signs met at each kink, `replacements` values that stand for a
    derivative. Raises Undefined where a partial operation has no value (or, under a derivative, sits on a kink),
    NotEvaluated for what this evaluator does not do, TypeError for an unknown node.
    """

    leaves: Mapping[str, Value]
    sizes: Mapping[str, int]
    anatomy: Anatomy
    budget: int = 30_000
    positions: dict[Index, Any] = field(default_factory=dict)
    sweep: Sweep | None = None
    replacements: Mapping[int, Value] = field(default_factory=dict)
    magnitude: float = 0.0
    signs: dict[int, set[bool]] = field(default_factory=dict)
    flat_sizes: dict[int, tuple[int, ...]] = field(default_factory=dict)
    steps: int = 0
    point: Surroundings = field(default_factory=Surroundings)

    def __call__(self, term: Term, positions: Mapping[Index, int] | None = None) -> Value:
        """The value at the point, with the free indices at these positions, counted from 0."""
        self.positions = dict(positions or {})
        return self._value(term, self.point, NOWHERE)

    def at_all(self, assignments: Sequence[Mapping[Index, int]], *terms: Term) -> list[tuple[Value, ...]]:
        """The values of the terms at many positions of the free indices, in one go.

        Raises what evaluation raises at any one of them, and NotSwept where it has to be one by one.
        """
        self.positions = {index: np.array([positions[index] for positions in assignments]) for index in assignments[0]}
        self.sweep = Sweep(len(assignments))
        values = [self._value(term, self.point, NOWHERE) for term in terms]
        stacks = [value if is_stack(value, len(term.shape)) else [value] * len(assignments) for value, term in zip(values, terms, strict=True)]
        self.sweep = None
        return list(zip(*stacks, strict=True))

    def along(self, function: Term, root: Leaf | Named, direction: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The derivative of every entry of a closed function along a direction of the root, by one complex step."""
        self.positions = {}
        start = as_array(self._value(root, self.point, NOWHERE))
        moved = Surroundings(self.point, root.name, start + STEP * 1j * direction.reshape(start.shape), 1)
        return tangents(self._value(function, moved, frozenset((root.name,))), 1)

    def _value(self, term: Term, here: Surroundings, smooth: Smooth) -> Value:
        names = self.anatomy.names_of(term)
        smooth = smooth & names
        while here.parent is not None and here.moved not in names:
            here = here.parent
        key = (id(term), smooth, *[self._position(index) for index in self.anatomy.free_of(term)])
        if key in here.memory:
            return here.memory[key]
        self.steps += 1
        if self.steps > self.budget:
            raise OverBudget(f"the evaluation takes more than {self.budget} steps")
        rule = _NODES.get(type(term))
        if rule is None:
            raise TypeError(f"unknown node {type(term).__name__}")
        try:
            result = rule(self, term, here, smooth)
        except (OverflowError, ZeroDivisionError) as problem:
            raise Unusable("value that floating point can hold", term) from problem
        if here.parent is None:
            self._note(result, term)
        here.memory[key] = result
        return result

    def _position(self, index: Index) -> int | Sweep | None:
        """The position of an index, or the sweep through its positions."""
        position: int | np.ndarray[Any, Any] = self.positions[index]
        return self.sweep if isinstance(position, np.ndarray) else position

    def _note(self, value: Value, term: Term) -> None:
        largest = float(np.abs(value).max()) if isinstance(value, np.ndarray) else abs(value)
        if not largest < 1e200:  # also where it is not a number
            raise Unusable("value that floating point can hold", term)
        self.magnitude = max(self.magnitude, largest)

    def _zeros(self, term: Term) -> Value:
        return 0.0 if term.shape == SCALAR else np.zeros(sizes_of(term.shape, self.sizes))

    def _flat_sizes(self, tensor: Term) -> tuple[int, ...]:
        """The sizes of the elementary axes of a tensor."""
        found = self.flat_sizes.get(id(tensor))
        if found is None:
            found = self.flat_sizes[id(tensor)] = sizes_of(flat(tensor.shape), self.sizes)
        return found

    def _slots(self, slots: tuple[Slot | None, ...], tensor: Term) -> list[Any]:
        """The positions of subscripts, None where the whole axis is meant. Raises OutOfRange."""
        found: list[Any] = []
        for slot, size in zip(slots, self._flat_sizes(tensor), strict=True):
            position = None if slot is None else slot_position(slot, self.positions)
            if position is not None and not in_range(position, size):
                raise OutOfRange(f"index {slot} in range")
            found.append(position)
        return found

    # nodes ------------------------------------------------------------------------------------------------------
    def number(self, term: Number, here: Surroundings, smooth: Smooth) -> Value:
        return float(term.value)

    def size(self, term: Size, here: Surroundings, smooth: Smooth) -> Value:
        return float(term.dim.size(self.sizes))

    def leaf(self, term: Leaf, here: Surroundings, smooth: Smooth) -> Value:
        return here.value if here.parent is not None else self.leaves[term.name]

    def named(self, term: Named, here: Surroundings, smooth: Smooth) -> Value:
        if here.moved == term.name:
            return here.value
        outer = here.parent
        while outer is not None:
            if outer.moved == term.name:
                raise NotEvaluated(f"a derivative by {here.moved} inside a derivative by {term.name}, which is computed from it")
            outer = outer.parent
        return self._value(term.definition, here, smooth)

    def entry(self, term: Entry, here: Surroundings, smooth: Smooth) -> Value:
        positions = self._slots(term.slots, term.tensor)
        tensor = self._value(term.tensor, here, smooth)
        return entry_of(tensor, self._flat_sizes(term.tensor), positions, is_stack(tensor, len(term.tensor.shape)))

    def slice(self, term: Slice, here: Surroundings, smooth: Smooth) -> Value:
        row, column = self._slots(term.slots, term.tensor)
        tensor = self._value(term.tensor, here, smooth)
        return column_of(tensor, column) if row is None else row_of(tensor, row)

    def array(self, term: Array, here: Surroundings, smooth: Smooth) -> Value:
        entries = [self._value(term.body, here, smooth) for _ in self._all_positions(term.indices)]
        return in_array(entries, sizes_of(term.shape, self.sizes))

    def _all_positions(self, indices: tuple[Index, ...]) -> Any:
        """Sets the indices to all their positions in turn, the last one fastest."""
        outside = self.positions  # a definition may bind an index that is in use where its name stands
        self.positions = dict(outside)
        for place in np.ndindex(*(index.dim.size(self.sizes) for index in indices)):
            self.positions.update(zip(indices, place, strict=True))
            yield
        self.positions = outside

    def sum(self, term: Sum, here: Surroundings, smooth: Smooth) -> Value:
        last = term.index.dim.size(self.sizes) - 1
        lower = 0 if term.lower is None else max(0, self._one_position(term.lower))
        upper = last if term.upper is None else min(last, self._one_position(term.upper))
        total = self._zeros(term)
        outside = self.positions
        self.positions = dict(outside)
        for position in range(lower, upper + 1):
            self.positions[term.index] = position
            total = total + self._value(term.body, here, smooth)
        self.positions = outside
        return total

    def _one_position(self, slot: Slot) -> int:
        position = slot_position(slot, self.positions)
        if isinstance(position, np.ndarray):
            raise NotSwept(f"a bound at {slot}")
        return int(position)

    def delta(self, term: Delta, here: Surroundings, smooth: Smooth) -> Value:
        return as_number(slot_position(term.left, self.positions) == slot_position(term.right, self.positions))

    def indicator(self, term: Indicator, here: Surroundings, smooth: Smooth) -> Value:
        return as_number(self._holds(term.relation, here, smooth))

    def cases(self, term: Cases, here: Surroundings, smooth: Smooth) -> Value:
        for relation, value in term.branches:
            holds = self._holds(relation, here, smooth)
            if isinstance(holds, np.ndarray):
                raise NotSwept("a case for some values of an index")
            if holds:
                return self._value(value, here, smooth)
        return self._value(term.otherwise, here, smooth)

    def _holds(self, relation: Relation, here: Surroundings, smooth: Smooth) -> Any:
        if isinstance(relation, Positive):
            values = self._value(relation.term, here, smooth)
            if here.parent is None and is_stack(values, 0):
                raise NotSwept("a sign for some values of an index")
            value = np.ravel(values)[0].real  # moved entries leave the real part as it is
            if here.parent is None:
                if smooth or value != 0:
                    check_nonzero(as_array(value), self.magnitude, "not on the edge between two cases", relation.term)
                self.signs.setdefault(id(relation.term), set()).add(value > 0)
            return bool(value > 0)
        if isinstance(relation, IndexRelation):
            return index_relation_holds(relation, self.positions)
        raise TypeError(f"unknown relation {type(relation).__name__}")

    def add(self, term: Add, here: Surroundings, smooth: Smooth) -> Value:
        total = self._value(term.terms[0], here, smooth)
        for other in term.terms[1:]:
            total = total + self._value(other, here, smooth)
        return total

    def scale(self, term: Scale, here: Surroundings, smooth: Smooth) -> Value:
        for guard, guarded in ((term.factor, term.body), (term.body, term.factor)):
            # where an indicator is 0, what it guards need not be defined
            if _is_guard(guard):
                holds = self._value(guard, here, smooth)
                if is_stack(holds, 0):
                    break
                return self._value(guarded, here, smooth) if holds else self._zeros(term)
        factor, body = self._value(term.factor, here, smooth), self._value(term.body, here, smooth)
        return product(factor, body, len(term.shape)) if term.shape != SCALAR else factor * body

    def power(self, term: Power, here: Surroundings, smooth: Smooth) -> Value:
        base = self._value(term.base, here, smooth)
        if here.parent is None:
            check_power(as_array(base), term.exponent, self.magnitude, term.base)
        return base ** (int(term.exponent) if term.exponent.denominator == 1 else float(term.exponent))

    def apply(self, term: Apply, here: Surroundings, smooth: Smooth) -> Value:
        operator = term.operator
        arrays = tuple(lifted(as_array(self._value(argument, here, smooth)), here.level) for argument in term.arguments)
        if here.parent is None:
            for number, array in enumerate(arrays):
                self._check(operator.domain[number], array, term, number)
                if smooth:
                    self._check(operator.smooth[number], array, term, number)
                for parameter in term.parameters:
                    if isinstance(parameter, Fraction):  # only an exponent is one
                        check_power(array, parameter, self.magnitude, term.arguments[number])
                if operator.smooth[number] == "nonzero":
                    self.signs.setdefault(id(term), set()).update((array > 0).ravel().tolist())
        shape = sizes_of(term.shape, self.sizes)
        parameters = tuple(map(self._parameter, term.parameters))
        if operator.name == "one_hot" and parameters[1] > term.parameters[0].size(self.sizes):
            raise OutOfRange(f"position {parameters[1]} in 1 … {term.parameters[0]}")
        if any(is_stack(array, len(argument.shape)) for array, argument in zip(arrays, term.arguments, strict=True)):
            return applied(term, arrays, parameters, shape, self.sweep.count if here.parent is None and self.sweep else len(here.value))
        result = np.asarray(operator.numpy(arrays, parameters, shape))
        if result.size != int(np.prod(shape)) or (term.shape != SCALAR and result.shape != shape):
            raise ValueError(f"{operator.name} gave an array of shape {result.shape}, not {shape}")
        return result.item() if term.shape == SCALAR else result

    def _parameter(self, parameter: Any) -> Any:
        """A subscript among the parameters, as a number counted from 1; everything else as it is."""
        if not isinstance(parameter, (Index, Shift)):
            return parameter
        dim = parameter.dim if isinstance(parameter, Index) else parameter.index.dim
        position = self._one_position(parameter)
        if not 0 <= position < dim.size(self.sizes):
            raise OutOfRange(f"index {parameter} in range")
        return position + 1

    def _check(self, word: str, array: np.ndarray[Any, Any], term: Apply, number: int) -> None:
        if word not in CHECKS:
            raise ValueError(f"unknown domain {word!r} of {term.operator.name}")
        if word == "invertible" and array.ndim > 2:
            raise NotSwept(f"{term.operator.name} of a matrix that depends on an index")
        CHECKS[word](array, self.magnitude, f"{term.operator.name} argument {word}", term.arguments[number])

    def derivative(self, term: Derivative, here: Surroundings, smooth: Smooth) -> Value:
        if id(term) in self.replacements:
            return self.replacements[id(term)]
        if self.sweep is not None and any(isinstance(self.positions[index], np.ndarray) for index in self.anatomy.free_of(term)):
            return self._swept_derivative(term, here, smooth, self.sweep)
        if here.parent is None:
            self._value(term.function, here, smooth | {term.root.name})  # raises where the function has no value or a kink
        root, variable = term.root, term.variable
        start = as_array(self._value(root, here, smooth))
        places = np.arange(start.size).reshape(self._flat_sizes(root))
        if isinstance(variable, (Entry, Slice)):
            places = places[tuple(slice(None) if slot is None else slot for slot in self._slots(variable.slots, root))]
        if self._moves_in_one_go(term.function, start, here):
            columns = self._tangents(term.function, root, start, here, smooth)[:, np.ravel(places)]
        else:
            columns = np.stack([self._tangent(term.function, root, start, int(place), here, smooth) for place in np.ravel(places)], axis=-1)
        return arrange(columns, term, self.sizes)

    def _moves_in_one_go(self, function: Term, start: np.ndarray[Any, Any], here: Surroundings) -> bool:
        return here.parent is None and start.size <= STACKED and not self.anatomy.differentiates(function)

    def _swept_derivative(self, term: Derivative, here: Surroundings, smooth: Smooth, sweep: Sweep) -> Value:
        """The derivative for many values of the free indices, where these only choose among the entries of the function and of the variable."""
        function = term.function.tensor if isinstance(term.function, (Entry, Slice)) else term.function
        start = as_array(self._value(term.root, here, smooth))
        if self.anatomy.free_of(function) or not self._moves_in_one_go(function, start, here):
            raise NotSwept("a derivative of what depends on an index")
        self._value(function, here, smooth | {term.root.name})
        tangents = self._tangents(function, term.root, start, here, smooth)
        rows = chosen(self._flat_sizes(function), self._part(term.function, function), sweep)
        columns = chosen(self._flat_sizes(term.root), self._part(term.variable, term.root), sweep)
        return arrange(tangents[rows[:, :, np.newaxis], columns[:, np.newaxis, :]], term, self.sizes)

    def _part(self, part: Term, tensor: Term) -> list[Any]:
        """The positions of the subscripts that make a part of a tensor; None for every whole axis."""
        if part is tensor:
            return [None] * len(self._flat_sizes(tensor))
        return self._slots(part.slots, tensor) if isinstance(part, (Entry, Slice)) else []

    def _tangents(self, function: Term, root: Leaf | Named, start: np.ndarray[Any, Any], here: Surroundings, smooth: Smooth) -> Any:
        """The derivatives of every entry of the function, a row each, by every entry of the root."""
        key = (root.name, EVERYWHERE)
        if key not in here.nested:
            here.nested[key] = Surroundings(here, root.name, moved_everywhere(start), here.level + 1)
        return stack_tangents(self._value(function, here.nested[key], smooth | {root.name}), len(function.shape), start.size)

    def _tangent(self, function: Term, root: Leaf | Named, start: np.ndarray[Any, Any], place: int, here: Surroundings, smooth: Smooth) -> Any:
        """The derivative of every entry of the function by the entry of the root at this flat place."""
        level = here.level + 1
        key = (root.name, place)
        if key not in here.nested:
            here.nested[key] = Surroundings(here, root.name, moved_at(start, place, level), level)
        return tangents(self._value(function, here.nested[key], smooth | {root.name}), level)


def _is_guard(term: Term) -> bool:
    """An indicator, or a product of indicators."""
    return isinstance(term, Indicator) or (isinstance(term, Scale) and _is_guard(term.factor) and _is_guard(term.body))


_NODES: Mapping[type[Term], Callable[[Evaluator, Any, Surroundings, Smooth], Value]] = {
    Number: Evaluator.number,
    Size: Evaluator.size,
    Leaf: Evaluator.leaf,
    Named: Evaluator.named,
    Entry: Evaluator.entry,
    Slice: Evaluator.slice,
    Array: Evaluator.array,
    Sum: Evaluator.sum,
    Delta: Evaluator.delta,
    Indicator: Evaluator.indicator,
    Cases: Evaluator.cases,
    Add: Evaluator.add,
    Scale: Evaluator.scale,
    Power: Evaluator.power,
    Apply: Evaluator.apply,
    Derivative: Evaluator.derivative,
}
