"""The members of a chain, and which of them equal the first one, as floating point says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from derivcheck.claims import Chain, Claim
from derivcheck.derivation import Derivation
from derivcheck.language.shapes import same_shape
from derivcheck.language.terms import Term
from derivcheck.language.walks import same_expression
from derivcheck.time_limit import TimedOut
from derivcheck.witnesses import numeric

Standing = Literal["right", "wrong", "unknown"]
"""Of a member of a chain: whether it equals the first one."""


@dataclass(frozen=True, slots=True)
class Members:
    """The members of one chain: member 0 is the left side of the first step, member k the right side of step k (from 1)."""

    chain: Chain
    claims: Sequence[Claim]
    last: Claim
    derivation: Derivation
    seed: int
    known: dict[int, Standing] = field(default_factory=dict)

    @property
    def steps(self) -> tuple[str, ...]:
        return self.chain.steps

    @property
    def end(self) -> str:
        return self.last.name

    def standing(self, number: int) -> Standing:
        """What a comparison of a member with the first one says."""
        if number == 0 and not self.chain.goes_on:
            return "right"
        if number not in self.known:
            self.known[number] = self._compared(number)
        return self.known[number]

    def _compared(self, number: int) -> Standing:
        step = self.claims[max(number - 1, 0)]
        begin = self.last if self.chain.goes_on else self.claims[0]
        first, member = _left(begin), self._member(number)
        if first is None or member is None:
            # beside a left side that was built, a right one that was not does not fit together
            return "wrong" if number and step.broken is not None and step.lone_left is not None else "unknown"
        if not same_shape(first.shape, member.shape):
            return "wrong"
        if not _same_guard(begin, step):
            return "unknown"
        claim = replace(self.derivation.alternative(step.name, first, member, step.where), guard=step.guard)
        try:
            status = numeric.witness(claim, self.derivation, self.seed).status
        except (Exception, TimedOut):
            # of what cannot be compared nothing is said; the verdicts stand as they are
            return "unknown"
        if status == "agrees":
            return "right"
        return "wrong" if status == "disagrees" and not step.only_where else "unknown"

    def _member(self, number: int) -> Term | None:
        """The term of a member; None where it was not read or does not fit together. Beside a left side without a term a step holds none."""
        if number == 0:
            return _left(self.claims[0])
        step = self.claims[number - 1]
        if step.rhs is not None or step.lone_left is not None:
            return step.rhs
        return _left(self.claims[number]) if number < len(self.claims) else self.last.rhs


def members(derivation: Derivation, seed: int) -> Iterator[Members]:
    """Those of every chain of more than one step; a single one is not part of anything."""
    named = {claim.name: claim for claim in derivation.claims}
    for chain in derivation.chains:
        if chain.end is not None and {*chain.steps, chain.end} <= named.keys():
            yield Members(chain, [named[step] for step in chain.steps], named[chain.end], derivation, seed)


def _left(claim: Claim) -> Term | None:
    return claim.lhs if claim.lone_left is None else claim.lone_left


def _same_guard(one: Claim, other: Claim) -> bool:
    """Whether two claims are made for the same signs of terms."""
    if one.guard is None or other.guard is None:
        return one.guard is other.guard
    return same_expression(one.guard, other.guard)
