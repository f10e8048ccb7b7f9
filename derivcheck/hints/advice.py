"""What to tell of a wrong line: the nearest true formula and the mistake, a missing assumption, the terms that differ, the computed derivative."""

from __future__ import annotations

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.hints import hints
from derivcheck.hints.differing_terms import differing_terms
from derivcheck.hints.missing_assumption import WHY, missing_assumption
from derivcheck.hints.nearest import nearest
from derivcheck.hints.proof import proof
from derivcheck.language.printing.latex import latex
from derivcheck.language.printing.text import text
from derivcheck.language.terms import Derivative
from derivcheck.verdict import Advice, AllDimensions

LONGEST = 400
"""A longer computed derivative is not shown."""


def advice(claim: Claim, derivation: Derivation, algebra: AllDimensions | None, seed: int = 0) -> Advice | None:
    """What is known of a wrong line besides that it is wrong; None where nothing is."""
    assumption = missing_assumption(claim, derivation, seed)
    if assumption is not None:
        return Advice("missing assumption", why=WHY, assumption=str(assumption))
    for candidate in claim.candidates:
        meant = candidate.rhs
        if meant is not None and proof(candidate, derivation, seed) is not None:
            hint = next(hint for hint in hints() if hint.name == candidate.note)
            return Advice(hint.name, why=hint.why, right_side=text(meant), right_side_latex=latex(meant))
    ours, theirs = (tuple(map(text, terms)) for terms in differing_terms(claim, derivation, seed))
    repair = nearest(claim, derivation, seed)
    if repair is not None:
        return Advice(
            repair.hint.name, repair.hint.detail(repair.before, repair.after), repair.hint.why, right_side=text(repair.rhs), right_side_latex=latex(repair.rhs), before=text(repair.before), after=text(repair.after),  # noqa: E501
            only_left=ours, only_right=theirs,
        )  # fmt: skip
    computed = algebra.lhs if algebra is not None and isinstance(claim.lhs, Derivative) and len(algebra.lhs) <= LONGEST else ""
    return Advice(computed=computed, only_left=ours, only_right=theirs) if computed or ours or theirs else None
