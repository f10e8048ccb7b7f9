"""The entries of a term as SymPy expressions: one function a node, an unknown node raises."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from typing import Any

import sympy

from derivcheck.algebra.dims import Dim, IllTyped, Index
from derivcheck.language import terms
from derivcheck.language.layout import derivative_axes
from derivcheck.language.operators import sympy_parts
from derivcheck.language.printing.explicit_values import (
    Ambiguous,
    Explicit,
    Expression,
    OutOfRange,
    Requirement,
    all_requirements,
    entry_names,
    position_of,
    requirements_of,
    row_major,
    scalar,
    with_values,
)  # fmt: skip
from derivcheck.language.shapes import Shape, flat
from derivcheck.language.subscripts import IndexRelation, Shift, Slot
from derivcheck.language.terms import Leaf, Named, Positive, Relation, Term
from derivcheck.language.walks import subterms


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where a term is evaluated: the positions of its indices, and the named intermediates that are free variables of a surrounding D."""

    indices: Mapping[Index, int]
    held: frozenset[int] = frozenset()


class Evaluation:
    """Terms evaluated at one choice of sizes; equal terms are evaluated once."""

    def __init__(self, sizes: Mapping[str, int], check: Callable[[], None] | None = None) -> None:
        """`check` is called at every node and every derivative; it may raise to stop an evaluation that takes too long."""
        self.sizes = dict(sizes)
        self._check = check
        self._symbols: dict[str, tuple[Shape, Explicit]] = {}
        self._free_variables: dict[int, tuple[Named, Explicit]] = {}
        self._known: dict[tuple[Any, ...], Explicit] = {}
        self._orders: dict[int, tuple[Term, tuple[Index, ...]]] = {}
        self._derivatives: dict[tuple[Expression, Expression], Expression] = {}

    def evaluate(self, term: Term, indices: Mapping[Index, int]) -> Explicit:
        """The entries of a term where its free indices have these positions.

        Raises OutOfRange where a subscript leaves its range, Ambiguous for a derivative that has no one meaning, TypeError for an
        unknown node, KeyError for a dimension or a free index without a value.
        """
        return self._evaluate(term, _Scope(indices))

    def leaf_entries(self, leaf: Leaf) -> tuple[Expression, ...]:
        """The symbols of a declared tensor, in row-major order."""
        return self._leaf(leaf).entries

    def axes(self, shape: Shape) -> tuple[int, ...]:
        """The sizes of the axes of a shape."""
        return tuple(axis.size(self.sizes) for axis in shape)

    def range_of(self, dim: Dim) -> range:
        """The positions of an index of this dimension."""
        return range(1, dim.size(self.sizes) + 1)

    def holds(self, relation: IndexRelation, indices: Mapping[Index, int]) -> bool:
        """Whether a relation of subscripts holds at these positions."""
        left, right = position_of(relation.left, indices), position_of(relation.right, indices)
        return {"=": left == right, "≠": left != right, "≤": left <= right, "<": left < right}[relation.sign]

    # one function a node ----------------------------------------------------------------------------------------------
    def _evaluate(self, term: Term, scope: _Scope) -> Explicit:
        known = self._orders.get(id(term))
        if known is None:
            known = self._orders[id(term)] = (term, tuple(term.free))
        key = (id(term), tuple([scope.indices[index] for index in known[1]]), scope.held)
        found = self._known.get(key)
        if found is None:
            if self._check is not None:
                self._check()
            found = self._known[key] = self._node(term, scope)
        return found

    def _node(self, term: Term, scope: _Scope) -> Explicit:
        match term:
            case terms.Number():
                return scalar(sympy.Rational(term.value.numerator, term.value.denominator))
            case terms.Size():
                return scalar(sympy.Integer(term.dim.size(self.sizes)))
            case Leaf():
                return self._leaf(term)
            case Named():
                return self._named(term, scope)
            case terms.Entry():
                return self._entry(term, scope)
            case terms.Slice():
                return self._slice(term, scope)
            case terms.Array():
                return self._array(term, scope)
            case terms.Sum():
                return self._sum(term, scope)
            case terms.Delta():
                return scalar(sympy.Integer(position_of(term.left, scope.indices) == position_of(term.right, scope.indices)))
            case terms.Indicator():
                return self._indicator(term, scope)
            case terms.Cases():
                return self._cases(term, scope)
            case terms.Add():
                return self._add(term, scope)
            case terms.Scale():
                return self._scale(term, scope)
            case terms.Power():
                return self._power(term, scope)
            case terms.Apply():
                return self._apply(term, scope)
            case terms.Derivative():
                return self._derivative(term, scope)
        raise TypeError(f"unknown node {type(term).__name__}")

    def _leaf(self, term: Leaf) -> Explicit:
        """The symbols of a declared tensor. Raises IllTyped where one name has two shapes."""
        if term.name not in self._symbols:
            size = self.axes(term.shape)
            names = entry_names(term.name, [axis for axis, dim in zip(size, term.shape, strict=True) if not dim.is_one])
            self._symbols[term.name] = (term.shape, Explicit(tuple(sympy.Symbol(name, real=True) for name in names), size))
        shape, found = self._symbols[term.name]
        if shape != term.shape:
            raise IllTyped(f"two symbols of different shapes are called {term.name}")
        return found

    def _named(self, term: Named, scope: _Scope) -> Explicit:
        """Its definition, or where it is the variable of a surrounding D, symbols of its own."""
        if id(term) in scope.held:
            return self._free_variables[id(term)][1]
        return self._evaluate(term.definition, replace(scope, indices={}))

    def _entry(self, term: terms.Entry, scope: _Scope) -> Explicit:
        tensor = self._evaluate(term.tensor, scope)
        return Explicit((tensor.entries[self._offset(term.tensor.shape, term.slots, scope)],), (), tensor.requirements)

    def _slice(self, term: terms.Slice, scope: _Scope) -> Explicit:
        tensor = self._evaluate(term.tensor, scope)
        entries = tuple(tensor.entries[k] for k in self._slice_offsets(term, scope))
        return Explicit(entries, self.axes(term.shape), tensor.requirements)

    def _array(self, term: terms.Array, scope: _Scope) -> Explicit:
        found = []
        for positions in product(*(self.range_of(index.dim) for index in term.indices)):
            inner = {**scope.indices, **dict(zip(term.indices, positions, strict=True))}
            found.append(self._evaluate(term.body, replace(scope, indices=inner)))
        return Explicit(tuple(entry.entries[0] for entry in found), self.axes(term.shape), all_requirements(found))

    def _sum(self, term: terms.Sum, scope: _Scope) -> Explicit:
        """Σ over the positions of the range that lie between the bounds; an empty sum is 0."""
        positions = self.range_of(term.index.dim)
        lower = positions[0] if term.lower is None else max(positions[0], position_of(term.lower, scope.indices))
        upper = positions[-1] if term.upper is None else min(positions[-1], position_of(term.upper, scope.indices))
        found = [self._evaluate(term.body, replace(scope, indices={**scope.indices, term.index: k})) for k in range(lower, upper + 1)]
        size = self.axes(term.shape)
        entries = tuple(sympy.Add(*[summand.entries[k] for summand in found]) for k in range(prod(size)))
        return Explicit(entries, size, all_requirements(found))

    def _indicator(self, term: terms.Indicator, scope: _Scope) -> Explicit:
        if isinstance(term.relation, Positive):
            compared = self._evaluate(term.relation.term, scope)
            kink = Requirement("nonzero", compared.entries, of_derivative=True)
            return Explicit((sympy_parts.step(compared.entries[0]),), (), compared.requirements | {kink})
        return scalar(sympy.Integer(self.holds(term.relation, scope.indices)))

    def _cases(self, term: terms.Cases, scope: _Scope) -> Explicit:
        """A relation of subscripts chooses its branch; a sign chooses by step(x) · value + (1 − step(x)) · rest."""
        return self._branches(term.branches, term.otherwise, scope)

    def _branches(self, branches: Sequence[tuple[Relation, Term]], otherwise: Term, scope: _Scope) -> Explicit:
        if not branches:
            return self._evaluate(otherwise, scope)
        relation, value = branches[0]
        if isinstance(relation, IndexRelation):
            return self._evaluate(value, scope) if self.holds(relation, scope.indices) else self._branches(branches[1:], otherwise, scope)
        parts = (self._evaluate(relation.term, scope), self._evaluate(value, scope), self._branches(branches[1:], otherwise, scope))
        compared, here, rest = (part.entries[0] for part in parts)
        chosen = sympy_parts.step(compared)
        in_branches = {replace(need, in_branch=True) for need in all_requirements(parts[1:])}
        required = parts[0].requirements.union(in_branches, {Requirement("nonzero", (compared,), of_derivative=True)})
        return Explicit((chosen * here + (1 - chosen) * rest,), (), required)

    def _add(self, term: terms.Add, scope: _Scope) -> Explicit:
        parts = [self._evaluate(part, scope) for part in term.terms]
        entries = tuple(sympy.Add(*summands) for summands in zip(*(part.entries for part in parts), strict=True))
        return Explicit(entries, parts[0].size, all_requirements(parts))

    def _scale(self, term: terms.Scale, scope: _Scope) -> Explicit:
        factor, body = self._evaluate(term.factor, scope), self._evaluate(term.body, scope)
        return Explicit(tuple(factor.entries[0] * entry for entry in body.entries), body.size, all_requirements((factor, body)))

    def _power(self, term: terms.Power, scope: _Scope) -> Explicit:
        base = self._evaluate(term.base, scope)
        exponent = sympy.Rational(term.exponent.numerator, term.exponent.denominator)
        required = base.requirements
        if term.exponent.denominator != 1:
            required |= {Requirement("positive", base.entries)}
        elif term.exponent < 0:
            required |= {Requirement("nonzero", base.entries)}
        return Explicit((sympy.Pow(base.entries[0], exponent),), (), required)

    def _apply(self, term: terms.Apply, scope: _Scope) -> Explicit:
        """The operator's SymPy facet; a subscript among the parameters is given as its position."""
        arguments = [self._evaluate(argument, scope) for argument in term.arguments]
        parameters = tuple(position_of(value, scope.indices) if isinstance(value, (Index, Shift)) else value for value in term.parameters)
        for slot, value in zip(term.parameters, parameters, strict=True):
            if isinstance(slot, (Index, Shift)):
                dim = slot.dim if isinstance(slot, Index) else slot.index.dim
                if value not in self.range_of(dim):
                    raise OutOfRange(f"subscript {slot} of {term.operator.name} is {value}, outside 1 … {dim.size(self.sizes)}")
        size = self.axes(term.shape)
        found = term.operator.sympy(tuple(argument.array for argument in arguments), parameters, size)
        required = set(all_requirements(arguments))
        for argument, domain, smooth in zip(arguments, term.operator.domain, term.operator.smooth, strict=True):
            required.update(requirements_of(domain, argument), requirements_of(smooth, argument, of_derivative=True))
        return Explicit(tuple(sympy_parts.entries(found)), size, frozenset(required))

    def _derivative(self, term: terms.Derivative, scope: _Scope) -> Explicit:
        """D(f, v): f on unconstrained entries, each entry derived by each symbol of v; for a named v its definition is put in afterwards."""
        root = term.root
        self._refuse_between(term, root, scope)
        if isinstance(root, Named):
            variable = self._free_variable(root)
            inner = replace(scope, held=scope.held | {id(root)})
        else:
            variable, inner = self._leaf(root), scope
        function = self._evaluate(term.function, inner)
        symbols = tuple(variable.entries[k] for k in self._chosen(term.variable, variable, scope))
        sources = {"f": self._core(term.function.shape), "v": self._core(term.variable.shape)}
        axes = derivative_axes(term.function.shape, term.variable.shape, term.layout)
        entries = []
        for positions in product(*(range(sources[kind][k]) for kind, k in axes)):
            place = dict(zip(axes, positions, strict=True))
            of_function = row_major([place["f", k] for k in range(len(sources["f"]))], sources["f"])
            of_variable = row_major([place["v", k] for k in range(len(sources["v"]))], sources["v"])
            entries.append(self.derive(function.entries[of_function], symbols[of_variable]))
        required = frozenset(replace(need, of_derivative=False) for need in function.requirements) | function.requirements
        result = Explicit(tuple(entries), self.axes(term.shape), required)
        if not isinstance(root, Named) or id(root) in scope.held:
            return result
        value = self._evaluate(root, scope)
        return with_values(result, dict(zip(variable.entries, value.entries, strict=True)), value.requirements)

    # what the nodes share ---------------------------------------------------------------------------------------------
    def derive(self, expression: Expression, symbol: Expression) -> Expression:
        """The derivative of an entry by a symbol."""
        key = (expression, symbol)
        if key not in self._derivatives:
            if self._check is not None:
                self._check()
            self._derivatives[key] = sympy.diff(expression, symbol) if symbol in expression.free_symbols else sympy.S.Zero
        return self._derivatives[key]

    def _refuse_between(self, term: terms.Derivative, root: Leaf | Named, scope: _Scope) -> None:
        if not scope.held or id(root) in scope.held:
            return
        inside = {id(node) for node in subterms(term.function, open_names=True)}
        for key in scope.held:
            held = self._free_variables[key][0]
            if key in inside and any(node is root for node in subterms(held.definition, open_names=True)):
                raise Ambiguous(f"the derivative by {root.name} passes {held.name}, by which the surrounding derivative is taken")

    def _free_variable(self, named: Named) -> Explicit:
        if id(named) not in self._free_variables:
            size = self.axes(named.shape)
            symbols = tuple(sympy.Dummy(f"{named.name}_{k + 1}", real=True) for k in range(prod(size)))
            self._free_variables[id(named)] = (named, Explicit(symbols, size))
        return self._free_variables[id(named)][1]

    def _chosen(self, variable: Term, root: Explicit, scope: _Scope) -> Sequence[int]:
        match variable:
            case terms.Entry():
                return (self._offset(variable.tensor.shape, variable.slots, scope),)
            case terms.Slice():
                return self._slice_offsets(variable, scope)
            case Leaf() | Named():
                return range(len(root.entries))
        raise TypeError(f"one does not derive by a {type(variable).__name__}")

    def _core(self, shape: Shape) -> tuple[int, ...]:
        return tuple(axis.size(self.sizes) for axis in shape if not axis.is_one)

    def _offset(self, shape: Shape, slots: Sequence[Slot], scope: _Scope) -> int:
        positions, sizes = [], []
        for slot, dim in zip(slots, flat(shape), strict=True):
            position, size = position_of(slot, scope.indices), dim.size(self.sizes)
            if not 1 <= position <= size:
                raise OutOfRange(f"subscript {slot} is {position}, outside 1 … {size}")
            positions.append(position - 1)
            sizes.append(size)
        return row_major(positions, sizes)

    def _slice_offsets(self, term: terms.Slice, scope: _Scope) -> list[int]:
        along = term.slots.index(None)
        return [
            self._offset(term.tensor.shape, [position if slot is None else slot for slot in term.slots], scope)
            for position in self.range_of(flat(term.tensor.shape)[along])
        ]
