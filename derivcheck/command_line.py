"""The command `derivcheck`: arguments, exit codes, and the only file that sees both readers and writers.

Whatever the judge or a report needs is imported when a command runs, so that --help and list start quickly.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from derivcheck.arguments import DEFAULT_TIMEOUT, parser_of_arguments
from derivcheck.loading import KINDS, Loaded, UnknownPath, find_files, load
from derivcheck.time_limit import TimedOut, limits_work, time_limit

if TYPE_CHECKING:
    from derivcheck.derivation import Derivation
    from derivcheck.verdict import Problem, Report

PIPE_WIDTH = 120
"""The width of a report that does not go to a terminal."""
NARROWEST = 100
"""The width of a report on a narrower terminal: its tables need that much."""
NOTHING_FOUND = "no derivation and no equation was found"
NOTHING_STATED = "no equation was found that states something of what is declared or defined"
NOTHING_UNDERSTOOD = (
    "no equation was understood. The reason beside each of them says what is missing; declarations go into a block ```derivcheck in the note "
    "or into a file beside it: see derivcheck check --help"
)
READING_SHOWN_AFTER = 1.0
"""Seconds of reading after which it is worth a progress bar."""


class ExitCode(IntEnum):
    """What the command says to the shell."""

    AS_EXPECTED = 0
    UNEXPECTED = 1
    USAGE = 2
    FAILURE = 3
    NOTHING = 5
    INTERRUPTED = 130


class UsageError(ValueError):
    """The arguments name something that does not exist; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Output:
    """What a command writes to the standard output stream, and its exit code."""

    text: str
    code: ExitCode


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the result is the exit code."""
    options = parser_of_arguments().parse_args(arguments)
    try:
        return _write(COMMANDS[options.command](options))
    except (UnknownPath, UsageError) as problem:
        print(f"derivcheck: {problem}", file=sys.stderr)
        return ExitCode.USAGE
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception:
        # Python itself would exit with 1, which means that a claim is wrong
        traceback.print_exc()
        print("derivcheck: an internal error; no verdict was given", file=sys.stderr)
        return ExitCode.FAILURE


# the commands -------------------------------------------------------------------------------------------------------
def _all(options: argparse.Namespace) -> Output:
    """Judge every claim and report."""
    return _report(find_files(options.paths), options)


def _check(options: argparse.Namespace) -> Output:
    """Judge every equation of the notes that were named, and report. Raises UsageError where there are none."""
    files = find_files(options.paths)
    if not files:
        raise UsageError(f"{', '.join(options.paths)}: nothing to read in this folder ({KINDS}; not README*, _* and subfolders)")
    return _report(files, options)


def _report(files: Sequence[Path], options: argparse.Namespace) -> Output:
    with _reading(len(files)) as tell:
        loaded = load(files, options.timeout, _declarations(options.declarations), tell)
    report = _judged(loaded, options, options.jobs)
    code = exit_code(report, strict=options.strict)
    if code == ExitCode.NOTHING:
        print(f"derivcheck: nothing to check: {NOTHING_STATED if loaded.derivations else NOTHING_FOUND}", file=sys.stderr)
    elif report.verdicts and not report.entered and all(verdict.word == "unsupported" and not verdict.as_expected for verdict in report.verdicts):
        print(f"derivcheck: {NOTHING_UNDERSTOOD}", file=sys.stderr)
    if options.format == "json":
        from derivcheck.reports import json as json_report  # with --help it is not needed

        return Output(json_report.render(report), code)
    from derivcheck.reports import terminal  # with --help it is not needed

    page = _page()
    return Output(terminal.render(report, width=page.width, colour=page.colour), code)


def _list(options: argparse.Namespace) -> Output:
    """The derivations, not judged."""
    loaded = load(find_files(options.paths), options.timeout, _declarations(options.declarations))
    _tell(*loaded.problems, *loaded.warnings)
    code = ExitCode.AS_EXPECTED if loaded.derivations else ExitCode.NOTHING
    if loaded.problems:
        code = _problem_code([problem.word for problem in loaded.problems])
    if options.format == "json":
        rows = [
            {
                "name": derivation.name, "title": derivation.title, "source": str(derivation.source), "layout": derivation.layout,
                "place": str(derivation.place), "claims": [claim.name for claim in derivation.claims],
            }
            for derivation in loaded.derivations
        ]  # fmt: skip
        return Output(json.dumps({"version": 1, "derivations": rows}, ensure_ascii=False, indent=2) + "\n", code)
    width = max((len(derivation.name) for derivation in loaded.derivations), default=0)
    lines = [f"{each.name:{width}}  {len(each.claims):3} claims  {each.title or each.source}\n" for each in loaded.derivations]
    return Output("".join(lines), code)


def _show(options: argparse.Namespace) -> Output:
    """One derivation, or one of its claims, in full."""
    loaded = load(find_files(options.path), options.timeout, _declarations(options.declarations))
    derivation = _named(options.name, loaded)
    sizes = _sizes(options.dims, derivation) if options.sympy or options.dims else None
    report = _judged(Loaded((derivation,)), options)
    chosen = [verdict.id for verdict in report.verdicts if options.claim in (None, verdict.claim, verdict.id)]
    if report.verdicts and not chosen:
        raise UsageError(_unknown(f"claim of {derivation.name}", options.claim, [claim.name for claim in derivation.claims]))
    from derivcheck.reports import show  # with --help it is not needed

    _tell(*report.problems, *(warning for warning in loaded.warnings if warning.place.startswith(f"{derivation.place.file}:")))
    page = _page()
    try:
        with time_limit(options.timeout):
            shown = show.render(report, chosen, proof=options.proof, sizes=sizes, width=page.width, colour=page.colour)
    except TimedOut as failure:
        print(f"derivcheck: writing the page {failure}; smaller --dims take less", file=sys.stderr)
        return Output("", ExitCode.FAILURE)
    return Output(shown, exit_code(_only(report, chosen)))


def _tell(*problems: Problem) -> None:
    for problem in problems:
        print(f"derivcheck: {problem.place}: {problem.message}", file=sys.stderr)


def _judged(loaded: Loaded, options: argparse.Namespace, jobs: int = 1) -> Report:
    """The report on what was loaded. A claim that takes longer than the limit is that claim's `error`."""
    from derivcheck.workers import Limits, judge_all  # SymPy and NumPy are slow to import

    if options.timeout != DEFAULT_TIMEOUT and not limits_work():
        print("derivcheck: this platform cannot interrupt work, so --timeout has no effect", file=sys.stderr)
    with _progress(sum(len(derivation.claims) for derivation in loaded.derivations)) as advance:
        return judge_all(loaded.derivations, loaded.problems, Limits(options.seed, options.timeout), jobs, advance, loaded.warnings)


COMMANDS: Mapping[str, Callable[[argparse.Namespace], Output]] = {"all": _all, "check": _check, "list": _list, "show": _show}


# exit codes ---------------------------------------------------------------------------------------------------------
def exit_code(report: Report, *, strict: bool = False) -> ExitCode:
    """The exit code of a report: the gravest thing that happened."""
    words = [verdict.word for verdict in report.verdicts]
    if "error" in words or any(problem.word == "error" for problem in report.problems):
        return ExitCode.FAILURE
    if report.problems:
        return _problem_code([problem.word for problem in report.problems])
    if report.unexpected or report.unproved_recursions or (strict and any(word in ("unsupported", "undecided") for word in words)):
        return ExitCode.UNEXPECTED
    return ExitCode.AS_EXPECTED if words or report.entered else ExitCode.NOTHING


def _problem_code(words: Sequence[str]) -> ExitCode:
    return ExitCode.FAILURE if "error" in words else ExitCode.UNEXPECTED


def _declarations(name: str | None) -> Path | None:
    """The file of declarations that --declarations names. Raises UsageError where there is none."""
    if name is not None and not Path(name).is_file():
        raise UsageError(f"{name}: there is no such file of declarations")
    return None if name is None else Path(name)


# choosing -----------------------------------------------------------------------------------------------------------
def _named(name: str, loaded: Loaded) -> Derivation:
    for derivation in loaded.derivations:
        if derivation.name == name:
            return derivation
    _tell(*loaded.problems)
    raise UsageError(_unknown("derivation", name, [derivation.name for derivation in loaded.derivations]))


def _unknown(kind: str, name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5) or list(known)
    return f"there is no {kind} called {name!r}; there is {', '.join(map(repr, close)) or 'none at all'}"


def _only(report: Report, ids: Sequence[str]) -> Report:
    """The report without the verdicts that were not asked for."""
    from derivcheck.verdict import Report  # with --help it is not needed

    kept = tuple(verdict for verdict in report.verdicts if verdict.id in ids)
    return Report(report.derivations, kept, report.problems, report.seconds, report.warnings)


def _sizes(wanted: str, derivation: Derivation) -> dict[str, int]:
    """n=2,m=3 as sizes of the derivation's dimensions."""
    sizes: dict[str, int] = {}
    for part in filter(None, (piece.strip() for piece in (wanted or "").split(","))):
        name, sign, number = (piece.strip() for piece in part.partition("="))
        if not sign or not number.isdecimal() or int(number) < 1:
            raise UsageError(f"--dims takes sizes such as n=2,m=3, not {part!r}")
        if name not in derivation.dims:
            raise UsageError(_unknown(f"dimension of {derivation.name}", name, list(derivation.dims)))
        sizes[name] = int(number)
    return sizes


# writing ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Page:
    """What the standard output stream can show."""

    width: int
    colour: bool


def _page() -> Page:
    """The size and colours of a terminal; plain text of a fixed width for anything else."""
    if sys.stdout is None or not sys.stdout.isatty():
        return Page(PIPE_WIDTH, False)
    colour = not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return Page(max(shutil.get_terminal_size().columns, NARROWEST), colour)


def _write(output: Output) -> int:
    """Write the output. A reader that stops early (| head) is not an error."""
    if sys.stdout is None:
        return output.code
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        # formulas are not ASCII, whatever the locale says
        reconfigure(encoding="utf-8")
    try:
        sys.stdout.write(output.text)
        sys.stdout.flush()
    except BrokenPipeError:
        # else the interpreter flushes again at exit, and complains
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as failure:
        print(f"derivcheck: the report could not be written: {failure.strerror}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.FAILURE
    return output.code


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str, int], None]]:
    """A progress bar on the standard error stream, if that is a terminal."""
    if not sys.stderr.isatty() or total == 0:
        yield lambda name, done: None
        return
    from rich.console import Console  # not needed without a terminal
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda name, done: bar.update(task, advance=done, description=name)


@contextmanager
def _reading(total: int) -> Iterator[Callable[[Path], None]]:
    """Shows which of several files is being read once that takes long. A file that runs may print, so its line is its own."""
    start = time.monotonic()
    with ExitStack() as shown:
        bar: list[Callable[[str, int], None]] = []
        read = 0

        def tell(file: Path) -> None:
            nonlocal read
            if not bar and total > 1 and time.monotonic() - start > READING_SHOWN_AFTER:
                bar.append(shown.enter_context(_progress(total)))
                bar[0]("", read)
            if bar:
                bar[0](f"reading {file.name}", 1)
            read += 1

        yield tell
