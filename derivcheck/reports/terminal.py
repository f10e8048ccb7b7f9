"""The report that a person reads: a table for each derivation, what did not come out as a proof, a summary line.

    render(report, width=120, colour=False) -> str
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from rich import box
from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from derivcheck.derivation import Derivation
from derivcheck.language.printing.text import text
from derivcheck.reports import phrases
from derivcheck.reports.sources import SourceCount, by_source
from derivcheck.verdict import Problem, Report, Verdict

STYLES = {
    "proved": "green",
    "proved-small": "green",
    "tested": "cyan",
    "refuted": "red",
    "ill-typed": "red",
    "vacuous": "yellow",
    "unsupported": "yellow",
    "undecided": "yellow",
    "error": "bold red",
    "warning": "yellow",
}
COLUMNS = {"proved_small": "proved-small", "wrong_as_expected": "refuted or ill-typed, as expected"}
LEGEND = "✓ agrees   ✗ disagrees   – not run   sampled: not every entry was decided"
LONGEST_LINE = 44
"""A longer formula is broken before its equality sign."""
ERRATA = ("erratum-printed", "erratum-corrected")


def render(report: Report, *, width: int = 120, colour: bool = False) -> str:
    """The whole report as text; without colour it holds no escape sequence."""
    parts: list[RenderableType] = []
    for derivation in report.derivations:
        parts += _derivation(derivation, report, width)
    for problem in report.problems:
        parts.append(_problem(problem, problem.word))
    for warning in report.warnings:
        parts.append(_problem(warning, "warning"))
    counts = by_source(report)
    if len(counts) > 1:
        parts.append(_sources(counts))
    if report.verdicts:
        parts.append(Text(LEGEND, "dim"))
    good = report.as_expected
    parts.append(Text(phrases.summary(report), "bold green" if good else "bold red"))
    return as_text(parts, width, colour)


def as_text(parts: Iterable[RenderableType], width: int, colour: bool) -> str:
    """Renderables as text of this width, for a terminal with colours or for anything else."""
    stream = StringIO()
    console = Console(
        file=stream, width=width, force_terminal=colour, color_system="standard" if colour else None, no_color=not colour, highlight=False,
        markup=False, emoji=False, legacy_windows=False,
    )  # fmt: skip
    for part in parts:
        console.print(part)
    written = stream.getvalue()
    return written if colour else "".join(f"{line.rstrip()}\n" for line in written.splitlines())


def heading(derivation: Derivation) -> list[RenderableType]:
    """Name, title, source, layout and definitions: a definition is listed, never counted as proved."""
    title = Text(derivation.name, "bold")
    if derivation.title:
        title.append(f"   {derivation.title}", "not bold")
    source = [part for part in (str(derivation.source), f"{derivation.layout} layout", phrases.place(str(derivation.place))) if part]
    lines: list[RenderableType] = [title, Padding(Text(" · ".join(source), "dim"), (0, 0, 0, 2))]
    listed = [entered.definition for entered in derivation.entered]
    others = [named for named in derivation.definitions if not any(named is definition for definition in listed)]
    if others:
        defined = Text("definitions   ", "dim")
        defined.append(";   ".join(f"{named.name} = {text(named.definition)}" for named in others), "not dim")
        lines.append(Padding(defined, (0, 0, 0, 2)))
    if derivation.entered:
        table = Table.grid(padding=(0, 3, 0, 0))
        table.add_column(style="dim", overflow="fold", max_width=20)
        table.add_column(overflow="fold")
        for entered in derivation.entered:
            table.add_row(Text(entered.name), Text(phrases.definition(entered)))
        lines += [Padding(Text("defined, not judged", "dim"), (0, 0, 0, 2)), Padding(table, (0, 0, 0, 4))]
    return lines


def _derivation(derivation: Derivation, report: Report, width: int) -> Iterator[RenderableType]:
    verdicts = report.of(derivation.name)
    yield from heading(derivation)
    steps = [verdict for verdict in verdicts if verdict.kind not in ERRATA]
    errata = [verdict for verdict in verdicts if verdict.kind in ERRATA]
    for first, rows in (("step", steps), ("erratum", errata)):
        if rows:
            yield Padding(_table(first, rows), (1, 0, 0, 0))
    yield Text("")
    for line in phrases.recursions(derivation, report):
        yield Text.assemble(("recursion   ", "dim"), line)
    yield from _at_own_size(verdicts)
    for verdict in verdicts:
        if verdict.word not in ("proved", "proved-small") or not verdict.as_expected:
            yield _detail(verdict, width)


def _at_own_size(verdicts: Sequence[Verdict]) -> Iterator[RenderableType]:
    """The comparison of gradients at the size at which their network is trained."""
    compared = [verdict for verdict in verdicts if phrases.own_size(verdict)]
    if not compared:
        return
    first = compared[0].evidence.numeric
    at = phrases.sizes(first.own_size.dims) if first is not None and first.own_size is not None else ""
    yield Text.assemble(("at its own size   ", "dim"), at, ("   largest relative error of each gradient", "dim"))
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(width=20, overflow="fold")
    table.add_column()
    for verdict in compared:
        table.add_row(Text(verdict.claim), Text(phrases.own_size(verdict)))
    yield Padding(table, (0, 0, 1, 3))


def _table(first: str, verdicts: Sequence[Verdict]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, expand=True, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column(first, width=20, overflow="fold")
    table.add_column("formula", ratio=1, overflow="fold")
    table.add_column("verdict", width=12, overflow="fold")
    table.add_column("dimensions", width=10, overflow="fold")
    table.add_column("all", justify="center")
    table.add_column("small", justify="center", max_width=7)
    table.add_column("numeric", justify="center")
    table.add_column("error", justify="right", no_wrap=True)
    table.add_column("time", justify="right", no_wrap=True)
    for verdict in verdicts:
        numeric = verdict.evidence.numeric
        error = phrases.relative_error(numeric.error) if numeric is not None and numeric.status is not None else ""
        cells = [phrases.dimensions(verdict), *phrases.witnesses(verdict.evidence), error, phrases.duration(verdict.seconds)]
        table.add_row(Text(verdict.claim), _formula(verdict), _word(verdict), *map(Text, cells))
    return table


def _formula(verdict: Verdict) -> Text:
    """The claim, and below it what the verdict rests on."""
    written = phrases.formula(verdict)
    short = len(written) <= LONGEST_LINE or not (verdict.lhs and verdict.rhs)
    cell = Text(written if short else f"{verdict.lhs}\n{phrases.sign(verdict)} {verdict.rhs}")
    obligations = phrases.open_conditions(verdict.conditions)
    for label, names in (("where", obligations), ("assuming", verdict.assumptions), ("citing", verdict.cites)):
        if names:
            cell.append(f"\n{label} {', '.join(names)}", "dim")
    for reading in verdict.otherwise:
        cell.append(f"\n{reading}", "yellow")
    return cell


def _word(verdict: Verdict) -> Text:
    cell = Text(verdict.word, STYLES[verdict.word])
    if verdict.trivial:
        cell.append("\ntrivial", "dim")
    if not verdict.as_expected:
        cell.append("\nunexpected" if verdict.word == verdict.expected else f"\nnot {verdict.expected}", "bold red")
    elif verdict.expected not in ("proved", "proved-small"):
        cell.append("\nas expected", "dim")
    return cell


def _detail(verdict: Verdict, width: int) -> RenderableType:
    """One refutation, or one claim without a proof: what, where, why, and the point."""
    said = f"{verdict.claim} is not an equality" if verdict.word == "refuted" else verdict.claim
    first = Text.assemble((f"{verdict.word}{' as expected' if verdict.as_expected else ''}: ", STYLES[verdict.word]), said)
    source = phrases.source_lines(verdict, width - 6)
    lines: list[tuple[str, str]] = [("", phrases.formula(verdict))] if verdict.lhs or not source else []
    if verdict.counterexample is not None:
        lines.append(("smallest difference", phrases.where_they_differ(verdict.counterexample)))
    elif verdict.reason:
        lines.append(("because", verdict.reason))
    if verdict.counterexample is not None and ";" in verdict.reason:
        lines.append(("also", verdict.reason.partition(";")[2].strip()))
    lines += phrases.advice(verdict)
    if not verdict.as_expected:
        lines.append(("expected", _expectation(verdict)))
        if verdict.word not in ("ill-typed", "unsupported"):  # of these there is no statement, as the reason says
            lines.append(("judged as", verdict.judged_as))
    if verdict.note:
        lines.append(("note", verdict.note))
    return _block(first, verdict.place, lines, source)


def _expectation(verdict: Verdict) -> str:
    if verdict.word != verdict.expected:
        return verdict.expected
    return f"{verdict.expected}, but not with all of these conditions and assumptions: " + ", ".join(
        [*phrases.open_conditions(verdict.conditions), *verdict.assumptions]
    )


def _sources(counts: Sequence[SourceCount]) -> RenderableType:
    """A line for each source. What no claim is, is not shown."""
    optional = ("proved_small", "wrong_as_expected", "unsupported", "other")
    columns = ["claims", "definitions", "proved", *(name for name in optional if any(getattr(count, name) for count in counts))]
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("source", overflow="fold")
    for name in columns:
        table.add_column(COLUMNS.get(name, name), justify="right")
    for count in counts:
        table.add_row(Text(count.author or "not named"), *(str(getattr(count, name)) for name in columns))
    return Padding(table, (0, 0, 1, 0))


def _problem(problem: Problem, word: str) -> RenderableType:
    first = Text.assemble((f"{word}: ", STYLES[word]), problem.what)
    return _block(first, problem.place, [("because", problem.message)])


def _block(first: Text, place: str, lines: Sequence[tuple[str, str]], source: Sequence[str] = ()) -> RenderableType:
    """A message with its place at the right margin, the line of the source, and labelled lines below."""
    block = Table.grid(expand=True, padding=(0, 2, 0, 0))
    block.add_column(ratio=1)
    block.add_column(justify="right", no_wrap=True)
    block.add_row(first, Text(phrases.place(place), "dim"))
    body = Table.grid(padding=(0, 3, 0, 0))
    body.add_column(no_wrap=True, style="dim")
    body.add_column(overflow="fold")
    for label, content in lines:
        body.add_row(Text(label), Text(content))
    outer = Table.grid(expand=True)
    outer.add_column(ratio=1)
    outer.add_row(block)
    for written in source:
        outer.add_row(Padding(Text(written, no_wrap=True), (0, 0, 0, 3)))
    outer.add_row(Padding(body, (0, 0, 1, 3)))
    return outer
