"""What an author expects of a claim beside its word: the conditions and assumptions that its verdict may rest on."""

from __future__ import annotations

from derivcheck.claims import Claim, Word
from derivcheck.verdict import HOLDING, Condition, Evidence


def as_expected(
    claim: Claim, word: Word, evidence: Evidence, conditions: tuple[Condition, ...], assumptions: tuple[str, ...]
) -> bool:
    """Whether this is the expected word and, for a proof, it rests on nothing that the expectation does not name."""
    if word != claim.expected:
        return False
    if word not in HOLDING:
        return True
    uncollected = evidence.all_dimensions is not None and not evidence.all_dimensions.collected
    if uncollected and claim.expected_conditions is not None:
        return False
    return not (_unpinned_conditions(claim, conditions) or _unpinned_assumptions(claim, assumptions))


def _unpinned_conditions(claim: Claim, conditions: tuple[Condition, ...]) -> set[str]:
    """The open conditions that the expectation does not name."""
    return set() if claim.expected_conditions is None else {*_open(conditions)} - {*claim.expected_conditions}


def _unpinned_assumptions(claim: Claim, assumptions: tuple[str, ...]) -> set[str]:
    """The assumptions used that neither the expectation nor the claim names."""
    if claim.expected_assumptions is None:
        return set()
    return {*assumptions} - {*claim.expected_assumptions} - {f"{relation.left} {relation.sign} {relation.right}" for relation in claim.where}


def _open(conditions: tuple[Condition, ...]) -> list[str]:
    return [condition.text for condition in conditions if condition.state == "unknown"]


def with_conditions(judged: str, conditions: tuple[Condition, ...], word: Word) -> str:
    """The closed statement with the conditions under which the verdict holds."""
    return f"{judged}, where {' and '.join(_open(conditions))}" if word in HOLDING and _open(conditions) else judged


def unexpected_reason(reason: str, claim: Claim, conditions: tuple[Condition, ...], assumptions: tuple[str, ...]) -> str:
    """What a verdict of the expected word rests on that the expectation does not name, as it would be written."""
    parts = []
    if _unpinned_conditions(claim, conditions):
        parts.append(f"conditions={_open(conditions)!r}")
    if _unpinned_assumptions(claim, assumptions):
        parts.append(f"assumptions={list(assumptions)!r}")
    accepting = f"to accept what it rests on, write {', '.join(parts)}" if parts else "the conditions of what is written could not be listed"
    return "; ".join(part for part in (reason, accepting) if part)
