"""Derivation -> Report: the only place that makes a verdict."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from derivcheck.algebra.dims import IllTyped
from derivcheck.claims import Claim, Word, identifier
from derivcheck.contradictions import contradictory
from derivcheck.derivation import Derivation
from derivcheck.expectations import as_expected, unexpected_reason, with_conditions
from derivcheck.hints.advice import advice
from derivcheck.hints.chains import Chains
from derivcheck.hints.layout import fitting_layouts
from derivcheck.language.printing.latex import latex
from derivcheck.language.printing.text import text
from derivcheck.statement import judged_as, space, space_latex
from derivcheck.time_limit import TimedOut
from derivcheck.verdict import (
    HOLDING,
    WRONG,
    Advice,
    AllDimensions,
    Counterexample,
    Evidence,
    Numeric,
    Report,
    SmallDimensions,
    Verdict,
    otherwise,
)
from derivcheck.witnesses import counterexample as counterexamples
from derivcheck.witnesses import numeric as floating
from derivcheck.witnesses import small_dimensions as exact
from derivcheck.witnesses.all_dimensions import RESTATES, Prover

SECONDS_TO_SUPPORT, SECONDS_TO_DECIDE = 0.12, 4.0
"""What exact arithmetic at small dimensions may cost, in processor time, where the algebra and floating point already agree or a
point is known at which the sides differ, and where neither is so."""

SECONDS_A_CLAIM, SECONDS_TO_BEGIN, SECONDS_AT_LEAST = 0.02, 1.0, 0.01
"""What it may cost on the average in the former case: a long derivation begins with some, every claim adds a little."""


@dataclass(slots=True)
class Allowance:
    """The time that exact arithmetic may still take to support what is proved already."""

    seconds: float = SECONDS_TO_BEGIN

    def for_claim(self) -> float:
        """The budget of the next claim."""
        self.seconds += SECONDS_A_CLAIM
        return max(SECONDS_AT_LEAST, min(SECONDS_TO_SUPPORT, self.seconds))

    def spend(self, small: SmallDimensions) -> None:
        self.seconds = max(0.0, self.seconds - small.seconds)


Advise = Literal["unexpected", "always", "never"]
"""For which wrong lines advice is sought: for those that nobody expected to be wrong, for all, for none."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What the evidence amounts to."""

    word: Word
    reason: str
    counterexample: Counterexample | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A claim as text."""

    lhs: str = ""
    rhs: str = ""
    lhs_latex: str = ""
    rhs_latex: str = ""
    judged_as: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found on a claim, on which evidence, and the claim as text."""

    finding: Finding
    evidence: Evidence
    written: Written


def report(derivations: Iterable[Derivation], *, seed: int = 0) -> Report:
    """Judge every claim of several derivations."""
    start = time.perf_counter()
    judged = tuple(derivations)
    verdicts = tuple(verdict for derivation in judged for verdict in judge(derivation, seed=seed))
    return Report(judged, verdicts, seconds=time.perf_counter() - start)


def judge(
    derivation: Derivation, *, seed: int = 0, tell: Callable[[int], None] | None = None, advise: Advise = "unexpected"
) -> tuple[Verdict, ...]:
    """The verdicts of a derivation's claims, in order. A failure of derivcheck itself is that claim's `error`; the others go on.

    `advise` says for which wrong lines the nearest true formula is looked for.
    """
    prover, allowance, chains = Prover(derivation), Allowance(), Chains(derivation, seed)
    verdicts = []
    for position, claim in enumerate(derivation.claims):
        if tell is not None:
            tell(position)
        verdicts.append(_judge_claim(claim, derivation, prover, allowance, chains, seed, advise))
    if tell is not None:
        tell(len(derivation.claims))
    return tuple(chains.told(verdicts))


def _judge_claim(claim: Claim, derivation: Derivation, prover: Prover, allowance: Allowance, chains: Chains, seed: int, advise: Advise) -> Verdict:
    start = time.perf_counter()
    outcome = _outcome(claim, derivation, prover, allowance, seed, prover.remember)
    others = tuple((text, _outcome(other, derivation, prover, allowance, seed, _not_to_be_cited).finding.word) for text, other in claim.other_readings)  # noqa: E501
    true = {text for text, word in others if word in HOLDING}
    differ = "the sides differ" if outcome.finding.word == "refuted" else "the sides do not fit"
    meant = [f"{taken} {differ}; {other} it is true" for other, taken in claim.as_well if other in true]
    if outcome.finding.word in WRONG and meant:
        outcome = replace(outcome, finding=Finding("undecided", meant[0]))
    verdict = _verdict(claim, derivation, outcome, others, time.perf_counter() - start)
    if verdict.word not in WRONG or advise == "never" or (advise == "unexpected" and verdict.as_expected):
        return verdict
    if chains.right_again(claim.name):
        return verdict
    return replace(verdict, advice=_advice(claim, derivation, outcome, seed), seconds=time.perf_counter() - start)


def _advice(claim: Claim, derivation: Derivation, outcome: Outcome, seed: int) -> Advice | None:
    """What may be told of a wrong line. That nothing could be found is no reason to lose the verdict."""
    try:
        return advice(claim, derivation, outcome.evidence.all_dimensions, seed)
    except Exception as failure:
        return Advice(why=f"the search for a true formula failed: {type(failure).__name__}: {failure}")


def _outcome(
    claim: Claim, derivation: Derivation, prover: Prover, allowance: Allowance, seed: int, remember: Callable[[Claim, AllDimensions], None]
) -> Outcome:
    """What is found on a claim; `remember` receives what is proved, for later claims to cite."""
    evidence = Evidence()
    written = Written()
    try:
        written = _written(claim, derivation)
        if claim.unread is not None:
            finding = Finding("unsupported", claim.unread)
        elif claim.failed is not None:
            finding = Finding("error", claim.failed)
        elif claim.broken is not None:
            finding = _with_hints(Finding("ill-typed", claim.broken), claim, derivation, seed)
        else:
            if claim.explicit is not None:
                claim.explicit.matrices()
            evidence, point = _witnesses(claim, derivation, prover, allowance, seed)
            finding = _with_hints(_within_conditions(_weigh(claim, derivation, evidence, point), claim), claim, derivation, seed)
            if finding.word == "proved" and evidence.all_dimensions is not None and claim.kind != "shape":
                remember(claim, evidence.all_dimensions)
    except IllTyped as problem:
        finding = Finding("ill-typed", str(problem))
    except TimedOut as failure:
        finding = Finding("error", f"judging {failure}; it was stopped")
    except Exception as failure:
        # whatever went wrong, it is this claim's `error` and never a verdict on the formula
        finding = Finding("error", f"derivcheck failed: {type(failure).__name__}: {failure}")
    return Outcome(finding, evidence, written)


def _not_to_be_cited(claim: Claim, proof: AllDimensions) -> None:
    """What another reading proves is not what the author states, so that no later claim may rest on it."""


def _within_conditions(finding: Finding, claim: Claim) -> Finding:
    """The finding; where the author states the claim under conditions that are no part of what was judged, a difference refutes nothing."""
    if finding.word != "refuted" or not claim.only_where:
        return finding
    conditions = " and ".join(f"“{condition}”" for condition in claim.only_where)
    return Finding("undecided", f"it is stated only under {conditions}, which is not understood as a condition; without it the sides differ")


def _with_hints(finding: Finding, claim: Claim, derivation: Derivation, seed: int) -> Finding:
    """The finding, and what would make a wrong claim right. The word stays as it is."""
    if finding.word not in WRONG:
        return finding
    layouts = fitting_layouts(claim, derivation, seed)
    if not layouts:
        return finding
    return replace(finding, reason=f"{finding.reason}; it would be right in {' or '.join(layouts)} layout")


def _witnesses(
    claim: Claim, derivation: Derivation, prover: Prover, allowance: Allowance, seed: int
) -> tuple[Evidence, Counterexample | None]:
    """What the three witnesses say, and where they disagree the smallest point found that shows it.

    Where floating point disagrees, such a point is sought first; it is what exact arithmetic says then, and nothing else is asked of it.
    """
    numeric = floating.witness(claim, derivation, seed)
    start = time.perf_counter()
    point, searched = (counterexamples.find(claim, derivation, seed), True) if numeric.status == "disagrees" else (None, False)
    seconds = time.perf_counter() - start
    algebra = None if claim.explicit is not None else prover.prove(claim) if point is None else prover.examine(claim)
    if point is not None:
        return Evidence(algebra, SmallDimensions("disagrees", point.dims, entries=1, seconds=seconds), numeric), point
    settled = algebra is not None and algebra.status == "agrees" and numeric.status == "agrees"
    if settled and claim.kind == "shape":
        # both sides are one term: deciding its difference with itself adds nothing
        return Evidence(algebra, None, numeric), None
    small = exact.witness(claim, derivation, seed, allowance.for_claim() if settled else SECONDS_TO_SUPPORT if searched else SECONDS_TO_DECIDE)
    if settled:
        allowance.spend(small)
    if small.status == "disagrees" and not searched:
        point = counterexamples.find(claim, derivation, seed)
    return Evidence(algebra, small, numeric), point


def _weigh(claim: Claim, derivation: Derivation, evidence: Evidence, point: Counterexample | None) -> Finding:
    """The word that the evidence supports. A proof or an exact agreement against a disagreement is an error of derivcheck."""
    algebra, small, numeric = evidence.all_dimensions, evidence.small_dimensions, evidence.numeric
    said = {
        "the algebra": algebra.status if algebra else None,
        "the small dimensions": small.status if small else None,
        "floating point": numeric.status if numeric else None,
    }
    agreeing = [name for name, status in said.items() if status == "agrees"]
    disagreeing = [name for name, status in said.items() if status == "disagrees"]
    unmeetable = numeric.inadmissible if numeric is not None else ()
    if disagreeing:
        if small is not None and small.sampled:
            agreeing = [name for name in agreeing if name != "the small dimensions"]  # it may have missed the entry
        if point is not None and "the algebra" not in agreeing:
            return Finding("refuted", "the sides differ, by less than floating point shows" if agreeing else "the sides differ", point)
        if agreeing == ["the small dimensions"] and small is not None and numeric is not None and small.dims != numeric.dims:
            return Finding("undecided", "floating point disagrees at other dimensions than those decided exactly, and no point was found there")
        if agreeing:
            return Finding("error", f"contradiction: {' and '.join(agreeing)} agree, {' and '.join(disagreeing)} disagree")
        return Finding("undecided", f"{' and '.join(disagreeing)} disagree, but no point was found that can be checked by hand")
    if numeric is not None and numeric.status is None and not numeric.points and _failing(algebra):
        # wherever the sides are looked at they have no value, as where a subscript leaves its range
        return Finding("vacuous", f"no point can be admissible: {'; '.join(_failing(algebra))}")
    if unmeetable:
        contradictions = (*_failing(algebra), *contradictory(claim, derivation))
        if contradictions:
            return Finding("vacuous", f"no point can be admissible: {'; '.join(contradictions)}")
        return Finding("undecided", f"no admissible point was found: {'; '.join(unmeetable)}")
    if algebra is not None and algebra.status == "agrees":
        if numeric is not None and numeric.status == "agrees":
            restated = RESTATES if RESTATES in algebra.rules else ""
            return Finding("proved", "; ".join(part for part in (restated, _not_run(evidence)) if part))
        return Finding("undecided", f"the algebra proves it, but there is no agreeing numeric point: {_not_run(evidence)}")
    if small is not None and small.status == "agrees" and not small.sampled:
        return Finding("proved-small", _why_not_general(algebra))
    if small is not None and small.doubtful:
        return Finding("undecided", "; ".join(part for part in (_why_not_general(algebra), _not_run(evidence)) if part))
    if agreeing == ["floating point"] and numeric is not None and numeric.faint:
        faint = "floating point sees no difference, but both sides are negligible beside the numbers they are computed from"
        return Finding("undecided", "; ".join(part for part in (_why_not_general(algebra), faint, _not_run(evidence)) if part))
    if agreeing:
        return Finding("tested", "; ".join(part for part in (_why_not_general(algebra), _not_run(evidence)) if part))
    return Finding("undecided", "; ".join(part for part in (_why_not_general(algebra), _not_run(evidence)) if part))


def _failing(algebra: AllDimensions | None) -> tuple[str, ...]:
    """The conditions that no point meets."""
    conditions = algebra.conditions if algebra is not None else ()
    return tuple(condition.text for condition in conditions if condition.state == "fails")


def _why_not_general(algebra: AllDimensions | None) -> str:
    if algebra is None:
        return "stated as explicit matrices, so it is decided only at their dimensions"
    leftover = f": {algebra.leftover} remains" if algebra.leftover else ""
    return f"no general proof: {algebra.stopped}{leftover}"


def _not_run(evidence: Evidence) -> str:
    """Which witnesses did not say anything, and why."""
    parts = []
    small: SmallDimensions | None = evidence.small_dimensions
    numeric: Numeric | None = evidence.numeric
    if small is not None and small.status is None:
        parts.append(f"small dimensions not decided: {small.stopped}")
    if numeric is not None and numeric.status is None:
        parts.append(f"floating point not decided: {numeric.stopped}")
    return "; ".join(parts)


def _verdict(claim: Claim, derivation: Derivation, outcome: Outcome, others: tuple[tuple[str, Word], ...], seconds: float) -> Verdict:
    finding, evidence, written = outcome.finding, outcome.evidence, outcome.written
    algebra = evidence.all_dimensions
    conditions = algebra.conditions if algebra is not None else ()
    proved = finding.word == "proved" and algebra is not None
    assumptions = algebra.assumptions if proved and algebra is not None else ()
    source = claim.source or derivation.source
    expected = as_expected(claim, finding.word, evidence, conditions, assumptions)
    surprising = not expected and finding.word == claim.expected
    reason = unexpected_reason(finding.reason, claim, conditions, assumptions) if surprising else finding.reason
    return Verdict(
        id=f"{identifier(derivation.name)}/{identifier(claim.name)}",
        derivation=derivation.name,
        claim=claim.name,
        source=str(source),
        place=str(claim.place),
        kind=claim.kind,
        layout=derivation.layout,
        lhs=written.lhs,
        rhs=written.rhs,
        lhs_latex=written.lhs_latex,
        rhs_latex=written.rhs_latex,
        judged_as=with_conditions(written.judged_as, conditions, finding.word),
        word=finding.word,
        expected=claim.expected,
        as_expected=expected,
        reason="; ".join(filter(None, (reason, *otherwise(finding.word, others)))),
        trivial=claim.trivial,
        evidence=evidence,
        axioms=algebra.axioms if proved and algebra is not None else (),
        assumptions=assumptions,
        conditions=conditions,
        cites=algebra.cites if proved and algebra is not None else (),
        counterexample=finding.counterexample,
        note=claim.note,
        seconds=seconds,
        author=source.author,
        written=claim.written,
        written_right=claim.written_right,
        other_readings=others,
    )


def _written(claim: Claim, derivation: Derivation) -> Written:
    judged = judged_as(claim, derivation)
    left, left_latex = (_side(claim, claim.lhs, 0, printer) for printer in (text, latex))
    if claim.stated_shape is not None:
        return Written(left, space(claim.stated_shape), left_latex, space_latex(claim.stated_shape), judged)
    right, right_latex = (_side(claim, claim.rhs, 1, printer) for printer in (text, latex))
    return Written(left, right, left_latex, right_latex, judged)


def _side(claim: Claim, term: object, position: int, printer: Callable[..., str]) -> str:
    if term is not None:
        return printer(term)
    if claim.explicit is not None and claim.broken is None:
        return f"explicit matrix {('left', 'right')[position]}"
    return ""
