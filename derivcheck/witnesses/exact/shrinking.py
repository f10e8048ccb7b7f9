"""A difference made simpler: whole tensors first, then points with few nonzero entries, then one value at a time.

Steps of one value at a time end in local minima: where W = x = V = 1 and g = x² differ, W = x = 0, V = 1 and g = x may differ too, though no
single one of those values can be replaced. So the points where everything is zero but one or two entries are tried as well, with the simplest
functions. Every candidate passes through the search's own `consider`, and replaces the last one only where it is strictly simpler in the order of
`Simplicity`. At most ATTEMPTS candidates are considered, of them at most SPARSE_ATTEMPTS with few nonzero entries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import chain, combinations, product
from typing import Any

from derivcheck.language.printing.explicit_values import Requirement
from derivcheck.witnesses.exact.candidates import SIMPLE, Candidate, Difference, simplicity
from derivcheck.witnesses.exact.entries import ClaimEntry
from derivcheck.witnesses.exact.instances import Instance, simple_instances
from derivcheck.witnesses.exact.packed_polynomials import Stopped
from derivcheck.witnesses.exact.point_values import PointValues, generic_functions

ATTEMPTS, SPARSE_ATTEMPTS = 300, 64
LONE_VALUES = SIMPLE[1:3]
"""What the only entry that is not zero is given; two or more of them are 1."""
BLOCKS, OTHER_ENTRIES = 16, 8
"""So many choices of values are combined in pairs, and so many other entries of the claim are looked at."""

Tensor = tuple[str, Sequence[Any], tuple[int, ...]]
"""Its name, its symbols and the sizes of its axes."""
Values = dict[Any, Fraction]
Functions = Mapping[str, Instance]
Consider = Callable[[Candidate], Difference | None]


def shrunk(found: Difference, others: Sequence[ClaimEntry], tensors: Sequence[Tensor], consider: Consider) -> Difference:
    """The simplest difference that the steps lead to, at its entry or one of the others, which have the same free indices and sizes.

    Where the time is used up, it is the simplest until then.
    """
    shrinking = Shrinking(found, others, tensors, consider)
    with suppress(Stopped):
        shrinking.run()
    return shrinking.found


@dataclass(eq=False)
class Shrinking:
    """The simplest difference so far, and how many candidates may still be considered."""

    found: Difference
    others: Sequence[ClaimEntry]
    tensors: Sequence[Tensor]
    consider: Consider
    attempts: int = ATTEMPTS
    sparse_attempts: int = SPARSE_ATTEMPTS
    seen: set[tuple[tuple[int, ...], tuple[Fraction, ...], tuple[Instance, ...]]] = field(default_factory=set)

    def run(self) -> None:
        """Take every step until none leads to a simpler difference. Raises Stopped where the time is used up."""
        improved = self.found.simplicity.nonzero > 0
        while improved:
            before = self.found
            relevant = _relevant(self.found.candidate)
            self._whole_tensors(relevant)
            self._few_entries(relevant)
            self._one_value(relevant)
            self._other_entry()
            improved = self.found is not before

    def _take(self, values: Values, functions: Functions, entry: ClaimEntry | None = None) -> bool:
        """Whether this point is a simpler difference; then it is the one found. One with more numbers is not looked at, though it may be exact."""
        if self.attempts == 0:
            return False
        candidate = replace(self.found.candidate, values=values, functions=functions, entry=entry or self.found.candidate.entry)
        point, least = candidate.point(), self.found.simplicity
        best = simplicity(point, functions, intervals=0)
        key = (candidate.entry.entry, tuple(point.values()), tuple(functions.values()))
        if best >= least or best.nonzero > least.nonzero or key in self.seen:
            return False
        self.seen.add(key)
        self.attempts -= 1
        smaller = self.consider(candidate)
        if smaller is None or smaller.simplicity >= least:
            return False
        self.found = smaller
        return True

    # steps ------------------------------------------------------------------------------------------------------------
    def _whole_tensors(self, relevant: Sequence[Any]) -> None:
        """Everything zero; what does not matter zero; the simplest functions; one tensor zero, the identity or ones."""
        functions, plain = self._functions, self._plain()
        for chosen in _families(functions):
            self._take(plain, chosen)
        self._take(plain | {symbol: self._values[symbol] for symbol in relevant}, functions)
        self._take(self._values, _simplest(functions))
        for symbols, size in self._relevant_tensors(relevant):
            zero = {symbol: plain[symbol] for symbol in symbols if symbol in plain}
            for put in ({}, *self._patterns(symbols, size)):
                self._take(self._values | zero | put, self._functions)

    def _few_entries(self, relevant: Sequence[Any]) -> None:
        """Everything zero but one or two entries or whole tensors, the simplest functions and points first."""
        if self._least_possible():
            return
        plain, families = self._plain(), list(_families(self._functions))
        completed = self.found.candidate.constraints.completed
        points = [plain | put for put in self._sparse(relevant)]
        placed = sorted((simplicity(completed(point), families[0], intervals=0), place) for place, point in enumerate(points))
        for functions, (level, place) in product(families, placed):
            if level < self.found.simplicity and level.nonzero <= self.found.simplicity.nonzero:
                left = self.attempts
                self._take(points[place], functions)
                self.sparse_attempts -= left - self.attempts
                if self.sparse_attempts == 0:
                    return

    def _sparse(self, relevant: Sequence[Any]) -> Iterator[Values]:
        """The values of one entry or of a whole tensor, and two such choices joined; first of those that are not zero now."""
        yield from ({symbol: value} for value in LONE_VALUES for symbol in relevant)
        patterns = chain.from_iterable(self._patterns(symbols, size) for symbols, size in self._relevant_tensors(relevant))
        values = self._values
        blocks = sorted([*({symbol: SIMPLE[1]} for symbol in relevant), *patterns], key=lambda put: not all(values[symbol] for symbol in put))
        yield from blocks
        yield from (first | second for first, second in combinations(blocks[:BLOCKS], 2))

    def _one_value(self, relevant: Sequence[Any]) -> None:
        """One function or one entry."""
        for name, instance in self._functions.items():
            for simpler in _before(instance, simple_instances(instance.arity)):
                if self._take(self._values, {**self._functions, name: simpler}):
                    break
        for symbol in relevant:
            for number in _before(self._values[symbol], SIMPLE):
                if self._take(self._values | {symbol: number}, self._functions):
                    break

    def _other_entry(self) -> None:
        """Another entry of the sides, with everything zero, or with one zero more."""
        if self._least_possible():
            return
        plain = self._plain()
        for entry in self.others[:OTHER_ENTRIES]:
            if generic_functions(entry.expressions).keys() == self._functions.keys():
                self._take(plain, _simplest(self._functions), entry)
                for symbol, value in self._values.items():
                    if value != plain[symbol]:
                        self._take(self._values | {symbol: plain[symbol]}, self._functions, entry)

    # the point as it is -----------------------------------------------------------------------------------------------
    @property
    def _functions(self) -> Functions:
        return self.found.candidate.functions

    @property
    def _values(self) -> Values:
        return {symbol: self.found.point[symbol] for symbol in self.found.candidate.constraints.free}

    @property
    def _requirements(self) -> tuple[Requirement, ...]:
        return (*self.found.candidate.constraints.requirements, *self.found.candidate.entry.requirements)

    def _least_possible(self) -> bool:
        """Whether there is but one entry 1, with the simplest functions: only everything zero is simpler."""
        return self.found.simplicity <= (0, 1 + len(self._functions), 2 + 2 * len(self._functions), 0, 0)

    def _plain(self) -> Values:
        """Everything zero, as far as the assumptions and conditions allow it.

        What may not be zero is 1, an invertible matrix the identity; where a requirement is not met by that, its entries keep their values.
        """
        candidate, values = self.found.candidate, self._values
        given = candidate.constraints
        plain = {symbol: Fraction(given.signs.get(symbol) in ("positive", "nonzero")) for symbol in values}
        for need in self._requirements:
            if need.word == "invertible":
                plain.update((entry, SIMPLE[1]) for entry in _diagonal(need.entries) if entry in plain)
        if self._requirements:
            reached = PointValues(given.completed(plain), candidate.functions)
            missed = [need for need in self._requirements if not reached.meets(need)]
            kept = _free_behind(chain.from_iterable(need.entries for need in missed), candidate)
            plain.update((symbol, values[symbol]) for symbol in kept)
        return plain

    def _relevant_tensors(self, relevant: Sequence[Any]) -> list[tuple[Sequence[Any], tuple[int, ...]]]:
        return [(symbols, size) for _, symbols, size in self.tensors if any(symbol in relevant for symbol in symbols)]

    def _patterns(self, symbols: Sequence[Any], size: Sequence[int]) -> list[Values]:
        """A whole tensor: ones, the identity; if it is invertible, also other matrices with few nonzero entries, which need not commute."""
        if len(symbols) < 2:
            return []
        whole = [dict.fromkeys(symbols, SIMPLE[1])]
        if len(size) == 2 and size[0] == size[1]:
            zero = dict.fromkeys(symbols, SIMPLE[0])
            diagonal, opposite = _diagonal(symbols), symbols[size[0] - 1 : -1 : size[0] - 1]
            whole.append(zero | dict.fromkeys(diagonal, SIMPLE[1]))
            if any(need.word == "invertible" and set(need.entries) == set(symbols) for need in self._requirements):
                for places in (opposite, diagonal):
                    whole.append(zero | dict.fromkeys(places, SIMPLE[1]) | {places[-1]: SIMPLE[2]})
                whole.append(zero | dict.fromkeys(opposite, SIMPLE[1]))
        free = self.found.candidate.constraints.free
        return [{symbol: value for symbol, value in put.items() if symbol in free} for put in whole]


def _relevant(candidate: Candidate) -> list[Any]:
    """The free symbols that what is evaluated depends on."""
    behind = _free_behind(candidate.entry.expressions, candidate)
    return [symbol for symbol in candidate.constraints.free if symbol in behind]


def _free_behind(expressions: Iterable[Any], candidate: Candidate) -> set[Any]:
    given = candidate.constraints
    occurring = set(chain.from_iterable(expression.free_symbols for expression in expressions))
    solved = (given.values[symbol].free_symbols for symbol in occurring & given.values.keys())
    return occurring.union(*solved).intersection(given.free)


def _diagonal(entries: Sequence[Any]) -> Sequence[Any]:
    return entries[:: round(len(entries) ** 0.5) + 1]


def _simplest(functions: Functions) -> dict[str, Instance]:
    return {name: simple_instances(instance.arity)[0] for name, instance in functions.items()}


def _families(functions: Functions) -> Iterator[Functions]:
    """The simplest functions, all but one of them the simplest and that one of the next, and the functions as they are."""
    simplest = _simplest(functions)
    yield simplest
    for name, instance in functions.items():
        yield from ({**simplest, name: other} for other in simple_instances(instance.arity)[1:4])
    yield functions


def _before(value: Any, simple: Sequence[Any]) -> Sequence[Any]:
    """The simpler values; all of them for a value that is not in the list."""
    return simple[: simple.index(value)] if value in simple else simple
