"""The smallest point where the sides of a claim differ.

    find(claim, derivation) -> Counterexample | None
    evaluate(claim, derivation, counterexample) -> (left, right)

Sizes grow from 1; at each size the entries are tried from {0, 1, -1, 2, 1/2, …}, as the assumptions allow, and every partial operation that
is written must have a value there (under a D also its derivative). Both sides are evaluated in rational arithmetic, or where that does not
suffice in intervals that have no point in common. A generic function is a simple polynomial, printed among the values.
"""

from __future__ import annotations

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.verdict import Counterexample


def find(claim: Claim, derivation: Derivation, seed: int = 0, budget_seconds: float = 5.0) -> Counterexample | None:
    """The smallest point found where the sides differ, or None where none was found within the budget."""
    from derivcheck.witnesses.exact.search import search  # SymPy is slow to import

    return search(claim, derivation, seed, budget_seconds)


def evaluate(claim: Claim, derivation: Derivation, counterexample: Counterexample) -> tuple[str, str]:
    """Both sides at the point of a counterexample, from its printed form alone.

    Raises ValueError where the printed form does not fit the claim, or its point does not meet the assumptions and conditions.
    """
    from derivcheck.witnesses.exact.search import evaluate_printed  # SymPy is slow to import

    return evaluate_printed(claim, derivation, counterexample)
