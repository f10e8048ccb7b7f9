"""The decision of a claim at one choice of sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random
from typing import Any

from sympy.matrices.exceptions import NonInvertibleMatrixError

from derivcheck.algebra.dims import IllTyped
from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.language.printing.explicit_values import Ambiguous, Requirement
from derivcheck.language.printing.sympy_entries import Evaluation
from derivcheck.verdict import SmallDimensions
from derivcheck.witnesses.claim_dimensions import leaves_of
from derivcheck.witnesses.exact.assumptions import Constraints, Contradiction, constraints_of, placements
from derivcheck.witnesses.exact.cost import COST_A_SECOND, cost
from derivcheck.witnesses.exact.entries import ClaimEntry, entries_at, explicit_entries, index_values, symbols_of
from derivcheck.witnesses.exact.functions import Finer
from derivcheck.witnesses.exact.instances import simple_instances
from derivcheck.witnesses.exact.normal_forms import NormalForms
from derivcheck.witnesses.exact.packed_polynomials import Budget, Stopped, Undefined
from derivcheck.witnesses.exact.point_values import PointValues, generic_functions

LARGEST_SAMPLE = 100
"""More entries than these are sampled."""
LARGEST_PLACEMENTS = 12
"""More placements of one-hot entries than these are sampled."""
POINTS = 40
"""So many points are tried for one that meets the assumptions and conditions."""


def decide(claim: Claim, derivation: Derivation, sizes: Mapping[str, int], rng: Random, budget_seconds: float) -> SmallDimensions:
    """Every entry of the claim at these sizes, or a sample of them."""
    dims = tuple(sorted(sizes.items()))
    budget = Budget(budget_seconds)
    try:
        entries, constraints, sampled = _entries(claim, derivation, sizes, rng, budget)
        if not entries:
            return SmallDimensions(None, dims, stopped="no entry has all its subscripts in range")
        return _decided(entries, constraints, sampled, dims, rng, budget)
    except (Stopped, Undefined, Ambiguous, Contradiction, IllTyped, NonInvertibleMatrixError) as reason:
        return SmallDimensions(None, dims, stopped=str(reason))


def _entries(
    claim: Claim, derivation: Derivation, sizes: Mapping[str, int], rng: Random, budget: Budget
) -> tuple[list[ClaimEntry], list[Constraints], bool]:
    if claim.explicit is not None:
        entries = explicit_entries(claim.explicit)
        constraints, sampled = [constraints_of(symbols_of(entries))], False
    else:
        work = cost(claim, sizes)
        if work > COST_A_SECOND * budget.seconds:
            raise Stopped(f"expressions of {work} nodes in all are too large for the time budget of {budget.seconds:g} s")
        evaluation = Evaluation(sizes, budget.check)
        combinations = index_values(claim, evaluation)
        sampled = len(combinations) > LARGEST_SAMPLE
        if sampled:
            combinations = rng.sample(combinations, LARGEST_SAMPLE)
        entries = [entry for indices in combinations for entry in entries_at(claim, evaluation, indices)]
        constraints, some = placements(derivation.assumptions, evaluation, leaves_of(claim), LARGEST_PLACEMENTS, rng)
        sampled = sampled or some
    if len(entries) > LARGEST_SAMPLE:
        entries, sampled = rng.sample(entries, LARGEST_SAMPLE), True
    return entries, constraints, sampled


def _decided(
    entries: Sequence[ClaimEntry], constraints: Sequence[Constraints], sampled: bool, dims: tuple[tuple[str, int], ...], rng: Random, budget: Budget
) -> SmallDimensions:
    admissible, open_entry = False, ""
    for given in constraints:
        for entry in _nonzero(entries, given, budget):
            if not _nonzero([entry], _with_conditions(entry, given), budget):
                continue
            if _differs(entry, given, rng):
                return SmallDimensions("disagrees", dims, len(entries), sampled)
            open_entry = open_entry or _where(entry)
        admissible = admissible or any(True for entry in entries for _ in _points(entry, given, rng))
    if open_entry:
        stopped = f"{open_entry}: not zero in normal form, but no point with a difference was found"
        return SmallDimensions(None, dims, stopped=stopped, doubtful=open_entry)
    if not admissible:
        return SmallDimensions(None, dims, stopped="no point was found that meets the assumptions and conditions")
    return SmallDimensions("agrees", dims, len(entries), sampled)


def _with_conditions(entry: ClaimEntry, constraints: Constraints) -> Constraints:
    """The constraints, and the signs that the entry requires."""
    signs = dict(constraints.signs)
    for word in ("nonnegative", "positive"):
        signs.update(dict.fromkeys(sorted((need.entries[0] for need in _certain(entry) if need.word == word), key=str), word))
    return replace(constraints, signs={**signs, **{symbol: "positive" for symbol, sign in constraints.signs.items() if sign == "positive"}})


def _certain(entry: ClaimEntry) -> list[Requirement]:
    """What holds wherever the sides have values, whichever branches signs choose."""
    return [need for need in entry.requirements if not need.in_branch]


def _where(entry: ClaimEntry) -> str:
    positions = "".join(f", {index} = {position - 1 + index.base}" for index, position in entry.indices)
    return f"entry {entry.entry}{positions}" if entry.entry else f"entry{positions[1:]}" if positions else "the difference"


def _nonzero(entries: Sequence[ClaimEntry], constraints: Constraints, budget: Budget) -> list[ClaimEntry]:
    """The entries whose difference is not zero in normal form."""
    granularity: dict[Any, int] = {}
    while True:
        budget.check()
        try:
            forms = NormalForms(budget, granularity, constraints.values, constraints.signs)
            return [entry for entry in entries if not _is_zero(entry, forms)]
        except Finer:
            continue


def _is_zero(entry: ClaimEntry, forms: NormalForms) -> bool:
    if entry.left == entry.right:  # one expression, which may be large
        return True
    left, right = forms.convert(entry.left), forms.convert(entry.right)
    difference = forms.reduced(forms.total([left, forms.product([right, forms.number_quotient(-1)])]))
    if not difference.numerator:
        return True
    nonzero = [forms.convert(need.entries[0]) for need in _certain(entry) if need.word == "nonzero"]
    return forms.is_zero(difference, forms.nonvanishing(nonzero))


def _differs(entry: ClaimEntry, constraints: Constraints, rng: Random) -> bool:
    """Whether the sides certainly differ at some point that meets everything."""
    for special in (False, True):
        for values in _points(entry, constraints, rng, special, wanted=8):
            if values.differ(values.value(entry.left), values.value(entry.right)):
                return True
    return False


def _points(entry: ClaimEntry, constraints: Constraints, rng: Random, special: bool = False, wanted: int = 1) -> Iterator[PointValues]:
    """Up to `wanted` points that meet the assumptions and what the entry requires, and at which both sides have values, of POINTS tried.

    The points are random ones, or special ones: with entries 0, 1 and -1.
    """
    functions = generic_functions(entry.expressions)
    found = 0
    for attempt in range(POINTS):
        instances = {name: simple_instances(arity)[-1 - attempt % 2] for name, arity in functions.items()}
        chosen = _special_values(constraints, attempt, rng) if special else _random_values(constraints, Fraction(1, 4 ** (attempt % 4)), rng)
        try:
            values = PointValues(constraints.completed(chosen), instances)
            if not all(values.meets(need) for need in (*constraints.requirements, *entry.requirements)):
                continue
            values.value(entry.left), values.value(entry.right)
        except Undefined:
            continue
        yield values
        found += 1
        if found == wanted:
            return


def _special_values(constraints: Constraints, attempt: int, rng: Random) -> dict[Any, Fraction]:
    choices = ((0,), (0, 1), (0, 1, -1))[min(attempt, 2)]
    return {symbol: Fraction(rng.choice(choices)) for symbol in constraints.free}


def _random_values(constraints: Constraints, scale: Fraction, rng: Random) -> dict[Any, Fraction]:
    """Rationals for the free symbols, small ones in some attempts, because a positive vector with a given sum needs them."""
    chosen = {}
    for symbol in constraints.free:
        size = Fraction(rng.randint(1, 9), rng.randint(1, 4)) * scale
        positive = constraints.signs.get(symbol) in ("positive", "nonnegative")
        chosen[symbol] = size if positive or rng.random() < 0.5 else -size
    return chosen
