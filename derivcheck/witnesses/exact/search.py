"""The search for a point where the sides of a claim differ: every candidate passes through `consider`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, product
from random import Random
from typing import Any

from sympy.matrices.exceptions import NonInvertibleMatrixError

from derivcheck.algebra.dims import IllTyped, Index
from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.language.printing.explicit_values import Ambiguous
from derivcheck.language.printing.sympy_entries import Evaluation
from derivcheck.verdict import Counterexample
from derivcheck.witnesses.claim_dimensions import dimension_symbols, leaves_of
from derivcheck.witnesses.exact.assumptions import Constraints, Contradiction, constraints_of, placements
from derivcheck.witnesses.exact.candidates import SIMPLE, Candidate, Difference
from derivcheck.witnesses.exact.entries import ClaimEntry, entries_at, explicit_entries, index_values, symbols_of
from derivcheck.witnesses.exact.instances import Instance, parse, simple_instances
from derivcheck.witnesses.exact.packed_polynomials import Budget, Stopped, Undefined
from derivcheck.witnesses.exact.point_values import FINE_PRECISION, PRECISION, PointValues, generic_functions
from derivcheck.witnesses.exact.printed_points import parsed_entries, printed_entries, printed_sides
from derivcheck.witnesses.exact.shrinking import Tensor, shrunk

SIZES = (1, 2, 3)
LONE_SIZES = (1, 2, 3, 4, 5, 6)
RANDOM_CANDIDATES = 24
PLACEMENTS = 8
ALL_PLACEMENTS = 100_000
ENTRIES = 200
"""At most so many entries are looked at, at one choice of sizes."""


@dataclass(eq=False)
class Search:
    """The candidates of one claim within a time budget: simple numbers, or where `wide` larger ones, and differences that are very small."""

    rng: Random
    budget: Budget
    wide: bool

    def consider(self, candidate: Candidate) -> Difference | None:
        """The difference where this candidate meets the assumptions and conditions and the sides certainly differ; else None.

        Raises Stopped where the budget is used up.
        """
        self.budget.check()
        given, entry = candidate.constraints, candidate.entry
        try:
            point = candidate.point()
            for precision in (PRECISION, FINE_PRECISION) if self.wide else (PRECISION,):
                values = PointValues(point, candidate.functions, precision)
                if not all(values.meets(need) for need in (*given.requirements, *entry.requirements)):
                    return None
                left, right = values.value(entry.left), values.value(entry.right)
                if values.differ(left, right):
                    return Difference(candidate, point, left, right)
                if isinstance(left, Fraction) and isinstance(right, Fraction):
                    return None
        except Undefined:
            return None
        return None

    def first(self, groups: Iterable[Sequence[ClaimEntry]], constraints: Sequence[Constraints], tensors: Sequence[Tensor]) -> Difference | None:
        """The first accepted candidate, made simpler, among the first ENTRIES entries. Groups of entries are asked for one after the other."""
        left = ENTRIES
        for group in groups:
            unequal = [entry for entry in group[:left] if entry.left != entry.right]
            for place, entry in enumerate(unequal):
                for candidate in chain.from_iterable(self._candidates(entry, given) for given in constraints):
                    found = self.consider(candidate)
                    if found is not None:
                        return shrunk(found, unequal[place + 1 :], tensors, self.consider)
            left -= len(group)
            if left <= 0:
                return None
        return None

    def _candidates(self, entry: ClaimEntry, given: Constraints) -> Iterator[Candidate]:
        functions = generic_functions(entry.expressions)
        families = list(_families(functions))
        for values in self._wide_values(given.free) if self.wide else self._simple_values(given.free):
            for family in families:
                yield Candidate(entry, given, values, family)

    def _simple_values(self, symbols: Sequence[Any]) -> Iterator[dict[Any, Fraction]]:
        """Constant, nearly constant and random choices of simple values; also small ones, which leave a positive rest to a given sum."""
        share = Fraction(1, len(symbols) + 1)
        if len(symbols) <= 2:
            yield from (dict(zip(symbols, chosen, strict=True)) for chosen in product(SIMPLE[:5], repeat=len(symbols)))
        else:
            yield from (dict.fromkeys(symbols, value) for value in SIMPLE[:2])
            yield from (dict.fromkeys(symbols, SIMPLE[1]) | {symbol: SIMPLE[2]} for symbol in symbols[:6])
            yield dict.fromkeys(symbols, share)
        for attempt in range(RANDOM_CANDIDATES):
            choices = (SIMPLE[:4], SIMPLE[:5], SIMPLE, SIMPLE[4::4], (share / 2, share, share * 3 / 2))[attempt % 5]
            yield {symbol: self.rng.choice(choices) for symbol in symbols}

    def _wide_values(self, symbols: Sequence[Any]) -> Iterator[dict[Any, Fraction]]:
        """Random integers and fractions of growing size."""
        for attempt in range(RANDOM_CANDIDATES):
            largest = 3 * (attempt + 1)
            yield {symbol: Fraction(self.rng.randint(-largest, largest), self.rng.choice((1, 1, 2, 3, 7))) for symbol in symbols}


def search(claim: Claim, derivation: Derivation, seed: int, budget_seconds: float) -> Counterexample | None:
    """The smallest difference found, at growing sizes."""
    if claim.broken or (claim.explicit is None and (claim.lhs is None or claim.rhs is None)):
        return None
    rng, budget = Random(seed), Budget(budget_seconds)
    for run in (Search(rng, budget, wide) for wide in (False, True)):
        for sizes in _growing_sizes(claim):
            try:
                found = _at_sizes(claim, derivation, sizes, run)
            except (Stopped, Undefined, Ambiguous, Contradiction, IllTyped, NonInvertibleMatrixError):
                found = None
            if found is not None or time.process_time() - budget.started > budget_seconds:
                return found
    return None


def _at_sizes(claim: Claim, derivation: Derivation, sizes: Mapping[str, int], run: Search) -> Counterexample | None:
    evaluation = Evaluation(sizes, run.budget.check)
    tensors = _tensors(claim, evaluation)
    constraints = _constraints(claim, derivation, evaluation, tensors, PLACEMENTS, run.rng)
    found = run.first(_entries(claim, evaluation), constraints, tensors)
    return None if found is None else _counterexample(evaluation, tensors, found)


def evaluate_printed(claim: Claim, derivation: Derivation, counterexample: Counterexample) -> tuple[str, str]:
    """Both sides at the printed point."""
    evaluation = Evaluation(dict(counterexample.dims))
    given = dict(counterexample.indices)
    entries = _entries(claim, evaluation, lambda index, position: position - 1 + index.base == given.get(index.name))
    entry = next((entry for entry in chain.from_iterable(entries) if entry.entry == counterexample.entry), None)
    if entry is None:
        raise ValueError("the claim has no such entry")
    printed = dict(counterexample.values)
    functions = {name: parse(printed[name]) for name in generic_functions(entry.expressions)}
    point: dict[Any, Fraction] = {}
    tensors = _tensors(claim, evaluation)
    for name, symbols, _ in tensors:
        point.update(zip(symbols, parsed_entries(printed[name]), strict=True))
    values = PointValues(point, functions, FINE_PRECISION)
    if not any(_meets(given, values, point) for given in _constraints(claim, derivation, evaluation, tensors, ALL_PLACEMENTS, Random(0))):
        raise ValueError("the point does not meet the assumptions")
    if not all(values.meets(need) for need in entry.requirements):
        raise ValueError("the point does not meet the conditions of what is written")
    return printed_sides(values.value(entry.left), values.value(entry.right))


def _constraints(
    claim: Claim, derivation: Derivation, evaluation: Evaluation, tensors: Sequence[Tensor], cap: int, rng: Random
) -> list[Constraints]:
    if claim.explicit is not None:
        return [constraints_of([symbol for _, symbols, _ in tensors for symbol in symbols])]
    return placements(derivation.assumptions, evaluation, leaves_of(claim), cap, rng)[0]


def _meets(given: Constraints, values: PointValues, point: Mapping[Any, Fraction]) -> bool:
    equal = all(values.value(expression) == point[symbol] for symbol, expression in given.values.items())
    return equal and all(values.meets(need) for need in given.requirements)


def _families(functions: Mapping[str, int]) -> Iterator[dict[str, Instance]]:
    """An instance of each function, the most telling ones first: shrinking finds simpler ones. Two functions have different ones, and the same."""
    telling = {}
    for name, arity in functions.items():
        instances = simple_instances(arity)
        telling[name] = (instances[-1], instances[-2], instances[1])
    for turn in range(3 if functions else 1):
        yield {name: telling[name][(turn + place) % 3] for place, name in enumerate(functions)}
    if len(functions) > 1:
        yield {name: most[0] for name, most in telling.items()}


def _growing_sizes(claim: Claim) -> list[dict[str, int]]:
    if claim.explicit is not None:
        return [dict(claim.explicit.dims)]
    symbols = dimension_symbols(claim)
    choices = LONE_SIZES if len(symbols) == 1 else SIZES if len(symbols) <= 5 else SIZES[:2]
    if len(symbols) > 10:
        return [dict.fromkeys(symbols, size) for size in SIZES] + [{symbol: 1 + k % 3 for k, symbol in enumerate(symbols)}]
    growing = sorted(product(choices, repeat=len(symbols)), key=lambda sizes: (sum(sizes), max(sizes, default=0), sizes))
    return [dict(zip(symbols, sizes, strict=True)) for sizes in growing]


def _entries(
    claim: Claim, evaluation: Evaluation, wanted: Callable[[Index, int], bool] = lambda index, position: True
) -> Iterator[Sequence[ClaimEntry]]:
    """The entries of a claim where its free indices have wanted positions, together those at the same positions."""
    if claim.explicit is not None:
        yield explicit_entries(claim.explicit)
        return
    for indices in index_values(claim, evaluation):
        if all(wanted(index, position) for index, position in indices.items()):
            yield list(entries_at(claim, evaluation, indices))


def _tensors(claim: Claim, evaluation: Evaluation) -> list[Tensor]:
    """The names, symbols and sizes of what is given values."""
    if claim.explicit is not None:
        return [(str(symbol), (symbol,), ()) for symbol in symbols_of(explicit_entries(claim.explicit))]
    leaves = sorted(leaves_of(claim), key=lambda leaf: leaf.name)
    return [(leaf.name, evaluation.leaf_entries(leaf), evaluation.axes(leaf.shape)) for leaf in leaves]


def _counterexample(evaluation: Evaluation, tensors: Sequence[Tensor], found: Difference) -> Counterexample:
    entry = found.candidate.entry
    values = [(name, printed_entries([found.point[symbol] for symbol in symbols], size)) for name, symbols, size in tensors]
    values.extend((name, str(instance)) for name, instance in found.candidate.functions.items())
    left, right = printed_sides(found.left, found.right)
    return Counterexample(
        dims=tuple(sorted(evaluation.sizes.items())),
        values=tuple(values),
        indices=tuple((index.name, position - 1 + index.base) for index, position in entry.indices),
        entry=entry.entry,
        left=left,
        right=right,
        exact=isinstance(found.left, Fraction) and isinstance(found.right, Fraction),
    )
