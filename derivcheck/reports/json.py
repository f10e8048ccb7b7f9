"""The report that programs read: one JSON object; tests/data/report.schema.json is its schema.

    {"version": 1, "summary": {…}, "claims": [{…}, …], "sources": [{…}, …], "warnings": [{…}, …]}

A definition that is listed among the claims is an entry of `claims` of the kind "definition", in its place: its verdict is null, and
`summary.claims` does not count it, `summary.definitions` does. A witness that did not run is null in `evidence`, and `reason` says why.
A file that could not be read to its end is an entry of `claims` of the kind "problem": its verdict is `error` or `ill-typed`, `reason`
holds the message, `expected` is null. A number that is not finite is null.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from derivcheck.claims import Entered, identifier
from derivcheck.derivation import Derivation
from derivcheck.language.printing.text import text
from derivcheck.language.terms import Named
from derivcheck.reports.sources import by_source
from derivcheck.verdict import Advice, AllDimensions, Counterexample, Numeric, OwnSize, Problem, Report, SmallDimensions, Verdict

VERSION = 1

WITNESSES = ("all_dimensions", "small_dimensions", "numeric")


def render(report: Report) -> str:
    """The report as JSON text."""
    return json.dumps(as_object(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def as_object(report: Report) -> dict[str, Any]:
    """The report as dictionaries, lists, strings and numbers."""
    problems = [_problem(problem, number) for number, problem in enumerate(report.problems, start=1)]
    count = len(report.verdicts) + len(problems)
    as_expected = sum(verdict.as_expected for verdict in report.verdicts)
    summary: dict[str, int] = {"claims": count, "as_expected": as_expected, "unexpected": count - as_expected}
    summary.update((word, count) for word, count in report.counts().items())
    summary["definitions"] = len(report.entered)
    return {
        "version": VERSION,
        "summary": summary,
        "claims": [*_entries(report), *problems],
        "sources": [
            {
                "author": source.author, "claims": source.claims, "definitions": source.definitions, "proved": source.proved,
                "proved-small": source.proved_small, "wrong_as_expected": source.wrong_as_expected, "unsupported": source.unsupported,
                "other": source.other,
            }
            for source in by_source(report)
        ],
        "warnings": [{"place": warning.place, "what": warning.what, "message": warning.message} for warning in report.warnings],
    }  # fmt: skip


def _entries(report: Report) -> Iterator[dict[str, Any]]:
    """The claims and the definitions among them, in the order of each derivation."""
    written: set[int] = set()
    for derivation in report.derivations:
        waiting = list(derivation.entered)
        position = {claim.name: number for number, claim in enumerate(derivation.claims)}
        for verdict in report.of(derivation.name):
            while waiting and waiting[0].after <= position.get(verdict.claim, 0):
                yield _definition(waiting.pop(0), derivation)
            written.add(id(verdict))
            yield _claim(verdict)
        yield from (_definition(entered, derivation) for entered in waiting)
    yield from (_claim(verdict) for verdict in report.verdicts if id(verdict) not in written)


def _definition(entered: Entered, derivation: Derivation) -> dict[str, Any]:
    named = entered.definition if isinstance(entered.definition, Named) else None
    return {
        **_without_verdict(f"{identifier(derivation.name)}/{identifier(entered.name)}", "definition", str(entered.place)),
        "derivation": derivation.name,
        "source": str(entered.source or derivation.source),
        "layout": derivation.layout,
        "lhs": "" if named is None else named.name,
        "rhs": str(entered.definition) if named is None else text(named.definition),
        "written": entered.written,
    }


def _claim(verdict: Verdict) -> dict[str, Any]:
    return {
        "id": verdict.id,
        "derivation": verdict.derivation,
        "source": verdict.source,
        "place": verdict.place,
        "kind": verdict.kind,
        "layout": verdict.layout,
        "lhs": verdict.lhs,
        "rhs": verdict.rhs,
        "judged_as": verdict.judged_as,
        "verdict": verdict.word,
        "expected": verdict.expected,
        "reason": _reason(verdict),
        "trivial": verdict.trivial,
        "evidence": {
            "all_dimensions": _all_dimensions(verdict.evidence.all_dimensions),
            "small_dimensions": _small_dimensions(verdict.evidence.small_dimensions),
            "numeric": _numeric(verdict.evidence.numeric),
        },
        "axioms": list(verdict.axioms),
        "assumptions": list(verdict.assumptions),
        "conditions": [{"text": condition.text, "state": condition.state} for condition in verdict.conditions],
        "cites": list(verdict.cites),
        "counterexample": _counterexample(verdict.counterexample),
        "seconds": verdict.seconds,
        "written": verdict.written,
        "written_right": verdict.written_right,
        "other_readings": [{"text": text, "verdict": word} for text, word in verdict.other_readings],
        "advice": _advice(verdict.advice),
        "in_chain": verdict.in_chain,
    }


def _problem(problem: Problem, number: int) -> dict[str, Any]:
    return {**_without_verdict(f"problem/{number}", "problem", problem.place), "verdict": problem.word, "reason": problem.message}


def _without_verdict(name: str, kind: str, place: str) -> dict[str, Any]:
    """An entry that is not the verdict on a claim."""
    return {
        "id": name,
        "derivation": "",
        "source": "",
        "place": place,
        "kind": kind,
        "layout": "",
        "lhs": "",
        "rhs": "",
        "judged_as": "",
        "verdict": None,
        "expected": None,
        "reason": "",
        "trivial": False,
        "evidence": dict.fromkeys(WITNESSES),
        "axioms": [],
        "assumptions": [],
        "conditions": [],
        "cites": [],
        "counterexample": None,
        "seconds": 0.0,
        "written": "",
        "written_right": "",
        "other_readings": [],
        "advice": None,
        "in_chain": "",
    }


def _reason(verdict: Verdict) -> str:
    """The reason of the verdict, and why each silent witness did not run, unless the former says it."""
    parts = [verdict.reason] if verdict.reason else []
    for name in WITNESSES:
        witness = getattr(verdict.evidence, name)
        stopped = "" if witness is None else witness.stopped
        if witness is None and not verdict.reason:
            parts.append(f"{name} did not run")
        elif witness is not None and witness.status is None and stopped not in verdict.reason:
            parts.append(f"{name}: {stopped}")
    return "; ".join(parts)


def _all_dimensions(found: AllDimensions | None) -> dict[str, Any] | None:
    if found is None or found.status is None:
        return None
    return {"status": found.status, "rules": list(found.rules), "lhs": found.lhs, "rhs": found.rhs, "seconds": found.seconds}


def _small_dimensions(found: SmallDimensions | None) -> dict[str, Any] | None:
    if found is None or found.status is None:
        return None
    return {
        "status": found.status, "dimensions": dict(found.dims), "entries": found.entries, "sampled": found.sampled, "seconds": found.seconds
    }  # fmt: skip


def _numeric(found: Numeric | None) -> dict[str, Any] | None:
    if found is None or found.status is None:
        return None
    return {
        "status": found.status,
        "dimensions": dict(found.dims),
        "points": found.points,
        "entries": found.entries,
        "largest_relative_error": found.error if math.isfinite(found.error) else None,
        "backprop": found.backprop,
        "own_size": _own_size(found.own_size),
        "seconds": found.seconds,
    }


def _own_size(found: OwnSize | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "dimensions": dict(found.dims), "directions": found.directions, "largest_relative_error": found.error,
        "largest_relative_error_backprop": found.reference_error,
    }  # fmt: skip


def _advice(told: Advice | None) -> dict[str, Any] | None:
    return None if told is None else {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(told).items()}


def _counterexample(point: Counterexample | None) -> dict[str, Any] | None:
    if point is None:
        return None
    return {
        "dimensions": dict(point.dims),
        "values": dict(point.values),
        "indices": dict(point.indices),
        "entry": list(point.entry),
        "left": point.left,
        "right": point.right,
        "exact": point.exact,
    }
