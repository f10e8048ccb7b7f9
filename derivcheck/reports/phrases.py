"""How parts of a verdict read in words. Every report for people uses these."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from derivcheck.claims import Entered
from derivcheck.derivation import Derivation
from derivcheck.language.printing.text import text
from derivcheck.language.terms import Named
from derivcheck.reports.underlining import replaced_part
from derivcheck.verdict import Condition, Counterexample, Evidence, Report, Verdict

NOT_RUN = "–"
ELLIPSIS = "… "
MARKS = {"agrees": "✓", "disagrees": "✗", None: NOT_RUN}


def sizes(dims: Iterable[tuple[str, int]]) -> str:
    """K = 3, n = 2."""
    return ", ".join(f"{name} = {size}" for name, size in dims)


def place(where: str) -> str:
    """A place as the reader would type it: from the current folder where the file lies in it."""
    path = Path(where)
    if not path.is_absolute():
        return where
    relative = os.path.relpath(where)
    return where if relative.startswith(os.pardir) else relative


def formula(verdict: Verdict) -> str:
    """lhs = rhs, or what stands in its place."""
    if verdict.kind == "explicit":
        return "two explicit matrices are equal"
    if not verdict.lhs:
        return verdict.written or "(the sides could not be built)"
    return f"{verdict.lhs} {sign(verdict)} {verdict.rhs}"


def source_lines(verdict: Verdict, width: int) -> list[str]:
    """The line as its author wrote it, the right side underlined, or what the suggested change replaces in it; a long one is shortened.

    Nothing where the author wrote Python.
    """
    line = verdict.place.rpartition(":")[0].rpartition(":")[2]
    if not verdict.written_right or not verdict.written.endswith(verdict.written_right) or not line.isdigit():
        return []
    margin, begin = f"{line} | ", len(verdict.written) - len(verdict.written_right)
    room = width - len(margin)
    first, last = replaced_part(verdict.written_right, verdict.advice.before_latex if verdict.advice is not None else "")
    shown, begin, marked = verdict.written, begin + first, last - first
    if len(shown) > room:
        cut = min(begin, max(0, len(shown) - room + len(ELLIPSIS)))
        shown, begin = (ELLIPSIS + shown[cut:], begin - cut + len(ELLIPSIS)) if cut else (shown, begin)
        if len(shown) > room:
            shown = shown[: room - len(ELLIPSIS)] + ELLIPSIS
            marked = max(1, min(marked, room - begin))
    return [f"{margin}{shown}", f"{' ' * (len(margin) - 2)}| {' ' * begin}{'^' * marked}"]


def sign(verdict: Verdict) -> str:
    """What a claim states between its left and its right."""
    return "∈" if verdict.kind == "shape" else "="


def definition(entered: Entered) -> str:
    """s = softmax(z), or the text that is entered."""
    defined = entered.definition
    return f"{defined.name} = {text(defined.definition)}" if isinstance(defined, Named) else defined


def duration(seconds: float) -> str:
    """0.4 ms, 12 ms, 3.1 s."""
    milliseconds = seconds * 1000
    if milliseconds < 9.95:
        return f"{milliseconds:.1f} ms"
    return f"{milliseconds:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def relative_error(error: float) -> str:
    """0, 3e-16."""
    return "0" if error == 0 else f"{error:.0e}"


def own_size(verdict: Verdict) -> str:
    """At B = 128, K = 10: 3e-14 along 8 directions, 8e-16 from backprop."""
    found = verdict.evidence.numeric.own_size if verdict.evidence.numeric is not None else None
    if found is None:
        return ""
    reference = f", {relative_error(found.reference_error)} from backprop" if found.reference_error is not None else ""
    return f"{relative_error(found.error)} along {plural(found.directions, 'direction')}{reference}"


def recursions(derivation: Derivation, report: Report) -> list[str]:
    """What base and step of each recursion of the derivation amount to."""
    told = []
    for joined in derivation.recursions:
        base, step = (report.word_of(claim) or "not judged" for claim in (joined.base, joined.step))
        holds = "holds for" if base == step == "proved" else "is not proved for"
        told.append(f"{joined.name}: {holds} {joined.reach} (base {joined.base.name!r} {base}, step {joined.step.name!r} {step})")
    return told


def open_conditions(conditions: Sequence[Condition]) -> list[str]:
    """The conditions that stay obligations."""
    return [condition.text for condition in conditions if condition.state == "unknown"]


def witnesses(evidence: Evidence) -> tuple[str, str, str]:
    """A mark for each of the three witnesses: agrees, disagrees, or not run."""
    algebra, small, numeric = evidence.all_dimensions, evidence.small_dimensions, evidence.numeric
    exact = MARKS[small.status] if small is not None else NOT_RUN
    return (
        MARKS[algebra.status] if algebra is not None else NOT_RUN,
        f"{exact} sampled" if small is not None and small.sampled and small.status is not None else exact,
        MARKS[numeric.status] if numeric is not None else NOT_RUN,
    )


def dimensions(verdict: Verdict) -> str:
    """For which dimensions the verdict holds."""
    small, numeric = verdict.evidence.small_dimensions, verdict.evidence.numeric
    match verdict.word:
        case "proved":
            return "all"
        case "proved-small" if small is not None:
            return sizes(small.dims)
        case "tested":
            tested = small if small is not None and small.status == "agrees" else numeric
            return sizes(tested.dims) if tested is not None else ""
        case "refuted" if verdict.counterexample is not None:
            return sizes(verdict.counterexample.dims)
    return ""


def where_they_differ(point: Counterexample) -> str:
    """K = 2, z = [0; 0], t = 1: the left side is 1/4, the right side -1/4."""
    parts = [*(f"{name} = {size}" for name, size in point.dims), *(f"{name} = {value}" for name, value in point.values)]
    symbols = {name for name, _ in point.values}
    parts += [f"{'index ' if name in symbols else ''}{name} = {value}" for name, value in point.indices]
    if point.entry:
        parts.append(f"entry ({','.join(map(str, point.entry))})")
    at = f"{', '.join(parts)}: " if parts else ""
    return f"{at}the left side is {point.left}, the right side {point.right}{'' if point.exact else ' (intervals that do not meet)'}"


def summary(report: Report) -> str:
    """How many claims have which verdict, and whether that is as expected."""
    counts = [f"{count} {word}" for word, count in report.counts().items() if count]
    claims = plural(len(report.verdicts), "claim")
    parts = [f"{plural(len(report.derivations), 'derivation')}, {claims}: {', '.join(counts) or 'nothing to check'}"]
    if report.entered:
        parts.append(f"{plural(len(report.entered), 'definition')} listed")
    if report.problems:
        parts.append(f"{plural(len(report.problems), 'file problem')}")
    if report.warnings:
        parts.append(f"{plural(len(report.warnings), 'warning')}")
    unexpected = len(report.unexpected)
    if report.verdicts:
        parts.append(f"{unexpected} not as expected" if unexpected else "" if not report.as_expected else "all as expected")
    if report.unproved_recursions:
        parts.append(f"{plural(len(report.unproved_recursions), 'recursion')} not proved")
    return f"{'; '.join(filter(None, parts))}; {duration(report.seconds)}"


def plural(count: int, word: str) -> str:
    """1 claim, 2 claims, 3 entries."""
    if count == 1:
        return f"1 {word}"
    return f"{count} {word[:-1]}ies" if word.endswith("y") else f"{count} {word}s"


def advice(verdict: Verdict) -> list[tuple[str, str]]:
    """What may be learnt from a wrong line, as labelled lines: what would be true, why, where the sides differ, what it means for the chain."""
    lines: list[tuple[str, str]] = []
    told = verdict.advice
    if told is not None:
        if told.assumption:
            lines.append(("it would be true if", told.assumption if told.right_side else f"{told.assumption}   ({told.mistake})"))
        if told.right_side:
            lines.append(("it would be true as", f"{told.right_side}   ({': '.join(filter(None, (told.mistake, told.detail)))})"))
            if verdict.written:
                lines.append(("in LaTeX", told.right_side_latex))
        if told.mistake and not told.right_side and not told.assumption:
            lines.append(("the mistake", ": ".join(filter(None, (told.mistake, told.detail)))))
        if told.before and told.after and told.before != verdict.rhs:
            lines.append(("the change", f"{told.before}  →  {told.after}"))
        if told.computed:
            lines.append(("the left side is", told.computed))
            if verdict.written and told.computed_latex:
                lines.append(("in LaTeX", told.computed_latex))
        if told.only_left or told.only_right:
            lines.append(("terms that differ", f"{', '.join(told.only_left) or 'none'} on the left, {', '.join(told.only_right) or 'none'} on the right"))  # noqa: E501
        if told.why:
            lines.append(("why", told.why))
    if verdict.in_chain:
        lines.append(("in the chain", verdict.in_chain))
    return lines
