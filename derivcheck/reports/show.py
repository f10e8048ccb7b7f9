"""One derivation or one of its claims, in full: what was judged, the evidence, and on request the proof and both sides in SymPy.

    render(report, claims, proof=False, sizes=None) -> str
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.reports import phrases
from derivcheck.reports.explicit import explicit_lines
from derivcheck.reports.terminal import STYLES, as_text, heading
from derivcheck.verdict import AllDimensions, Condition, Numeric, Report, SmallDimensions, Verdict

Line = tuple[str, str]
Witness = TypeVar("Witness", AllDimensions, SmallDimensions, Numeric)


def render(
    report: Report, claims: Sequence[str] = (), *, proof: bool = False, sizes: Mapping[str, int] | None = None, width: int = 120, colour: bool = False
) -> str:
    """The claims with these ids, or all, of the report's derivations.

    `proof` adds normal forms, rules and what they rest on; `sizes` adds both sides as explicit SymPy matrices, with these dimensions where
    they are given and those of the small-dimensions witness elsewhere.
    """
    parts: list[RenderableType] = []
    for derivation in report.derivations:
        parts += heading(derivation)
        chosen = [pair for pair in zip(derivation.claims, report.of(derivation.name), strict=True) if not claims or pair[1].id in claims]
        for claim, verdict in chosen:
            parts += [Text(""), *_claim(claim, derivation, verdict, proof, sizes, width)]
    return as_text(parts, width, colour)


def _claim(
    claim: Claim, derivation: Derivation, verdict: Verdict, proof: bool, sizes: Mapping[str, int] | None, width: int
) -> Iterator[RenderableType]:
    title = Text(verdict.claim, "bold")
    title.append(f"   {verdict.word}", f"not bold {STYLES[verdict.word]}")
    if verdict.as_expected:
        title.append("   as expected", "not bold dim")
    else:
        title.append(f"   expected {verdict.expected}", "bold red")
    yield title
    yield _indented(Text(phrases.formula(verdict)))
    yield _lines([*_about(verdict), *_evidence(verdict)])
    if proof:
        yield _indented(Text("proof", "bold"))
        yield _lines(list(_proof(verdict)))
    if sizes is not None:
        yield _indented(Text("both sides as explicit SymPy matrices", "bold"))
        for label, content in explicit_lines(claim, derivation, verdict, sizes, width - 6):
            yield _indented(Text(label, "dim"))
            yield Padding(Text(content, no_wrap=True, overflow="ignore"), (0, 0, 0, 6), expand=False)


def _about(verdict: Verdict) -> Iterator[Line]:
    if verdict.written:
        yield "as written", verdict.written
    yield "judged as", verdict.judged_as
    for description, word in verdict.other_readings:
        yield "read otherwise", f"{description}: {word}"
    yield "source", verdict.source
    yield "place", phrases.place(verdict.place)
    yield "layout", verdict.layout
    if verdict.trivial:
        yield "trivial", "both sides are the same expression as written"
    if verdict.reason:
        yield "reason", verdict.reason
    if verdict.counterexample is not None:
        yield "smallest difference", phrases.where_they_differ(verdict.counterexample)
    obligations = phrases.open_conditions(verdict.conditions)
    if obligations:
        yield "where", "; ".join(obligations)
    if verdict.assumptions:
        yield "assuming", "; ".join(verdict.assumptions)
    if verdict.note:
        yield "note", verdict.note


def _evidence(verdict: Verdict) -> Iterator[Line]:
    """What each of the three witnesses said."""
    evidence = verdict.evidence
    yield "all dimensions", _said(evidence.all_dimensions, _general)
    yield "small dimensions", _said(evidence.small_dimensions, _exact)
    yield "numeric", _said(evidence.numeric, _floating)
    if phrases.own_size(verdict):
        yield "at its own size", phrases.own_size(verdict)


def _said(found: Witness | None, details: Callable[[Witness], str]) -> str:
    if found is None:
        return "not run"
    return f"not decided: {found.stopped}" if found.status is None else f"{found.status}, {details(found)}"


def _general(found: AllDimensions) -> str:
    return phrases.duration(found.seconds)


def _exact(found: SmallDimensions) -> str:
    at = f" at {phrases.sizes(found.dims)}" if found.dims else ""
    return f"{'a sample of ' if found.sampled else ''}{phrases.plural(found.entries, 'entry')}{at}, exactly, {phrases.duration(found.seconds)}"


def _floating(found: Numeric) -> str:
    beside = ", beside the reference network" if found.backprop else ""
    count = f"{phrases.plural(found.points, 'point')}, {phrases.plural(found.entries, 'entry')}"
    return f"{count}, largest relative error {phrases.relative_error(found.error)}{beside}, {phrases.duration(found.seconds)}"


def _proof(verdict: Verdict) -> Iterator[Line]:
    """The normal forms of both sides and everything that their equality rests on."""
    found = verdict.evidence.all_dimensions
    if found is None:
        yield "", "the index algebra did not run on this claim"
        return
    if found.status is None:
        yield "stopped", found.stopped
        if found.leftover:
            yield "what remains", found.leftover
    if found.lhs or found.rhs:
        yield "left, normal form", found.lhs
        yield "right, normal form", found.rhs
    yield "rules", _listed(found.rules)
    yield "axioms", _listed(found.axioms)
    yield "assumptions", _listed(found.assumptions)
    yield "conditions", _listed([_condition(condition) for condition in verdict.conditions])
    yield "cited claims", _listed(found.cites)


def _condition(condition: Condition) -> str:
    said = {"holds": "holds", "fails": "fails", "unknown": "an obligation: it was not shown"}
    return f"{condition.text} ({said[condition.state]})"


def _listed(items: Sequence[str]) -> str:
    return "; ".join(items) or "none"


def _indented(content: Text) -> RenderableType:
    return Padding(content, (0, 0, 0, 3))


def _lines(lines: Sequence[Line]) -> RenderableType:
    grid = Table.grid(padding=(0, 3, 0, 0))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    for label, content in lines:
        grid.add_row(Text(label), Text(content))
    return Padding(grid, (0, 0, 0, 3))
