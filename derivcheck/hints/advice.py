"""What to tell of a wrong line: the nearest true formula and the mistake, a missing assumption, the terms that differ, the computed derivative."""

from __future__ import annotations

import time
from dataclasses import replace

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.hints import hint_named
from derivcheck.hints.differing_terms import differing_terms
from derivcheck.hints.matrix_form import matrix_form
from derivcheck.hints.missing_assumption import NAME, WHY, WHY_OF_INDICES, missing_assumption, missing_relation
from derivcheck.hints.nearest import Repair, nearest
from derivcheck.hints.proof import proof
from derivcheck.hints.tidying import tidied
from derivcheck.language.printing.latex import latex
from derivcheck.language.printing.text import relation_text, text
from derivcheck.language.terms import Derivative
from derivcheck.verdict import Advice, AllDimensions

SECONDS_FOR_CANDIDATES = 0.2
"""What it may cost to look through what could have been meant by a line that does not fit."""

LONGEST = 400
"""A longer computed derivative is not shown."""


def advice(claim: Claim, derivation: Derivation, algebra: AllDimensions | None, seed: int = 0) -> Advice | None:
    """What is known of a wrong line besides that it is wrong; None where nothing is."""
    assumption = missing_assumption(claim, derivation, seed)
    if assumption is not None:
        # a matrix that is not known to be symmetric may also have lost its transpose
        repair = nearest(claim, derivation, seed) if assumption.kind == "symmetric" else None
        if repair is None or repair.restates or len(repair.edits) > 1:
            return Advice(NAME, why=WHY, assumption=str(assumption))
        return replace(_of_repair(repair, (), ()), assumption=str(assumption))
    end = time.process_time() + SECONDS_FOR_CANDIDATES
    for candidate in claim.candidates:
        meant = None if candidate.rhs is None else tidied(candidate.rhs)
        if meant is not None and time.process_time() < end and proof(replace(candidate, rhs=meant), derivation, seed) is not None:
            hint = hint_named(candidate.note)
            return Advice(hint.name, why=hint.why, right_side=text(meant), right_side_latex=latex(meant))
    ours, theirs = (tuple(map(text, terms)) for terms in differing_terms(claim, derivation, seed))
    repair = nearest(claim, derivation, seed)
    apart = missing_relation(claim, derivation, "≠", seed)
    if repair is not None:
        return replace(_of_repair(repair, ours, theirs), assumption=relation_text(apart) if apart is not None else "")
    # a repair says more than these: many a wrong index is right where two indices coincide
    assumption = missing_assumption(claim, derivation, seed, usual=False)
    if assumption is not None:
        return Advice(NAME, why=WHY, assumption=str(assumption), only_left=ours, only_right=theirs)
    relation = apart or missing_relation(claim, derivation, "=", seed)
    computed, computed_latex = _computed(claim, derivation, algebra, seed)
    found = Advice(computed=computed, computed_latex=computed_latex, only_left=ours, only_right=theirs)
    if relation is not None:
        return replace(found, mistake=NAME, why=WHY_OF_INDICES, assumption=relation_text(relation))
    return found if computed or ours or theirs else None


def _computed(claim: Claim, derivation: Derivation, algebra: AllDimensions | None, seed: int) -> tuple[str, str]:
    """The derivative on the left side: as a matrix formula, also in LaTeX, where it is recognised, else in index notation, as the algebra has it."""
    left = claim.lhs if claim.lone_left is None else claim.lone_left
    if not isinstance(left, Derivative):
        return "", ""
    recognised = matrix_form(replace(claim, lhs=left, rhs=left, broken=None), derivation, seed)
    if recognised is not None:
        return text(recognised), latex(recognised)
    if algebra is None or len(algebra.lhs) > LONGEST:
        return "", ""
    at = f", at entry {', '.join(algebra.entry)}" if algebra.entry else ""
    return f"{algebra.lhs}{at}", ""


def _of_repair(repair: Repair, ours: tuple[str, ...], theirs: tuple[str, ...]) -> Advice:
    """What a repair teaches: of one edit also what exactly changed where, of two the mistakes."""
    told = Advice(
        " and ".join(dict.fromkeys(edit.hint.name for edit in repair.edits)),
        why=" ".join(dict.fromkeys(f"{edit.hint.why};" for edit in repair.edits)).rstrip(";"),
        right_side=text(repair.rhs),
        right_side_latex=latex(repair.rhs),
        only_left=ours,
        only_right=theirs,
    )
    if repair.restates:
        told = replace(told, right_side="", right_side_latex="")
    if len(repair.edits) > 1:
        return told
    (edit,) = repair.edits
    detail = edit.hint.detail(edit.before, edit.after)
    return replace(told, detail=detail, before=text(edit.before), before_latex=latex(edit.before), after=text(tidied(edit.after)))
