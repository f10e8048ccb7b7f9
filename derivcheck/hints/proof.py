"""What a hint suggests is believed when the algebra proves it and floating point agrees at points of its own."""

from __future__ import annotations

from dataclasses import replace

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.language.terms import Term
from derivcheck.verdict import AllDimensions
from derivcheck.witnesses import numeric
from derivcheck.witnesses.all_dimensions import Prover


def proof(claim: Claim, derivation: Derivation, seed: int) -> AllDimensions | None:
    """The proof of a line that floating point does not contradict; None where one of them is missing."""
    if numeric.witness(claim, derivation, seed).status != "agrees":
        return None
    found = Prover(derivation).prove(claim)
    return found if found.status == "agrees" else None


def is_proved_with(claim: Claim, rhs: Term, derivation: Derivation, seed: int) -> bool:
    """Whether a claim would be proved with another right side, with which no reference network is compared."""
    return proof(replace(claim, rhs=rhs, broken=None, backprop=None, own_sizes=()), derivation, seed) is not None
