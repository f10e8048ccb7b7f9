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
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

import derivcheck
from derivcheck.loading import Loaded, UnknownPath, find_files, load
from derivcheck.time_limit import TimedOut, limits_work, time_limit

if TYPE_CHECKING:
    from derivcheck.derivation import Derivation
    from derivcheck.verdict import Report

PIPE_WIDTH = 120
"""The width of a report that does not go to a terminal."""
NARROWEST = 100
"""The width of a report on a narrower terminal: its tables need that much."""
DEFAULT_TIMEOUT = 60.0
LONGEST_TIMEOUT = 1e6

EPILOG = """\
words
  proved        for every dimension and every admissible value, and a numeric point agrees
  proved-small  exact, but only at the listed small dimensions
  tested        floating point agrees at the sampled points; nothing is proved
  refuted       there is a point where the sides differ, and it is shown
  ill-typed     shapes, index ranges or kinds do not fit
  vacuous       no admissible point was found: the assumptions or conditions contradict each other
  unsupported   the notation was not understood
  undecided     tried and gave up
  error         derivcheck itself failed on this claim

exit codes
  0    all as expected (an erratum that is refuted as expected counts as such)
  1    something refuted, ill-typed, vacuous or otherwise unexpected; with --strict also unsupported and undecided
  2    wrong usage: an unknown option, path, derivation or claim
  3    an internal error, a contradiction of the witnesses, a file that raised, or a timeout
  5    nothing to check
  130  interrupted

examples
  derivcheck all                                       the derivations that come with derivcheck
  derivcheck all my_notes/ extra.py --strict           your own, as a build step
  derivcheck all --format json | jq .summary           for programs
  derivcheck show softmax-jacobian "matrix form" --proof
  derivcheck show softmax-jacobian entries --sympy --dims K=2

A derivation file (*.py) is a program that runs with your rights: only check files that you trust. Notes are only read.
"""

CHECK = """\
Reads notes and gives every equation in them its verdict, with line and column: Markdown ($…$, $$…$$, \\(…\\), \\[…\\], environments), LaTeX files
with their macros, and the Markdown cells of notebooks. Every = of a chain is a claim, and so is first = last.
"""

CHECK_EPILOG = """\
declarations
  What a note says in mathematics is taken from there: W \\in \\mathbb{R}^{n \\times m}, a = W x + b for a new a, "for i = 1, …, n". The rest comes
  from a block in the note (```derivcheck … ```; in a .tex file comment lines that begin with %!), or from a file beside it, for example:

    layout numerator            or denominator, like-variable: which axes a derivative has
    W: n x m                    a matrix; x: m is a column, b: 1 x n a row, c: scalar
    y = softmax(z)              a definition
    function g elementwise      a generic activation
    assume y sums to 1          also: one-hot, symmetric, positive, …

  A missing declaration is reported with the line to add.

examples
  derivcheck check notes.md
  derivcheck check paper.tex --declarations paper.derivcheck
  derivcheck check notes.md --format json | jq '.claims[] | {place, verdict}'

The words, the exit codes and the report are those of `derivcheck all`.
"""

NOTHING_FOUND = "no derivation and no equation was found"


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
    options = _parser().parse_args(arguments)
    try:
        output: Output = options.run(options)
        return _write(output)
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
    loaded = load(find_files(options.paths), options.timeout, _declarations(options.declarations))
    if not loaded.derivations and not loaded.problems:
        print(f"derivcheck: nothing to check: {NOTHING_FOUND}", file=sys.stderr)
    report = _judged(loaded, options, options.jobs)
    if options.format == "json":
        from derivcheck.reports import json as json_report  # with --help it is not needed

        return Output(json_report.render(report), exit_code(report, strict=options.strict))
    from derivcheck.reports import terminal  # with --help it is not needed

    page = _page()
    return Output(terminal.render(report, width=page.width, colour=page.colour), exit_code(report, strict=options.strict))


def _list(options: argparse.Namespace) -> Output:
    """The derivations, not judged."""
    loaded = load(find_files(options.paths), options.timeout)
    for problem in loaded.problems:
        print(f"derivcheck: {problem.place}: {problem.message}", file=sys.stderr)
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
    loaded = load(find_files(options.path), options.timeout)
    derivation = _named(options.name, loaded)
    sizes = _sizes(options.dims, derivation) if options.sympy or options.dims else None
    report = _judged(Loaded((derivation,)), options)
    chosen = [verdict.id for verdict in report.verdicts if options.claim in (None, verdict.claim, verdict.id)]
    if report.verdicts and not chosen:
        raise UsageError(_unknown(f"claim of {derivation.name}", options.claim, [claim.name for claim in derivation.claims]))
    from derivcheck.reports import show  # with --help it is not needed

    for problem in report.problems:
        print(f"derivcheck: {problem.place}: {problem.message}", file=sys.stderr)
    page = _page()
    try:
        with time_limit(options.timeout):
            shown = show.render(report, chosen, proof=options.proof, sizes=sizes, width=page.width, colour=page.colour)
    except TimedOut as failure:
        print(f"derivcheck: writing the page {failure}; smaller --dims take less", file=sys.stderr)
        return Output("", ExitCode.FAILURE)
    return Output(shown, exit_code(_only(report, chosen)))


def _judged(loaded: Loaded, options: argparse.Namespace, jobs: int = 1) -> Report:
    """The report on what was loaded. A claim that takes longer than the limit is that claim's `error`."""
    from derivcheck.workers import Limits, judge_all  # SymPy and NumPy are slow to import

    if options.timeout != DEFAULT_TIMEOUT and not limits_work():
        print("derivcheck: this platform cannot interrupt work, so --timeout has no effect", file=sys.stderr)
    with _progress(sum(len(derivation.claims) for derivation in loaded.derivations)) as advance:
        return judge_all(loaded.derivations, loaded.problems, Limits(options.seed, options.timeout), jobs, advance, loaded.warnings)


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
    entered = any(derivation.entered for derivation in report.derivations)
    return ExitCode.AS_EXPECTED if words or entered else ExitCode.NOTHING


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
    for problem in loaded.problems:
        print(f"derivcheck: {problem.place}: {problem.message}", file=sys.stderr)
    raise UsageError(_unknown("derivation", name, [derivation.name for derivation in loaded.derivations]))


def _unknown(kind: str, name: str, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5) or list(known)
    return f"there is no {kind} called {name!r}; there is {', '.join(map(repr, close)) or 'none at all'}"


def _only(report: Report, ids: Sequence[str]) -> Report:
    """The report without the verdicts that were not asked for."""
    from derivcheck.verdict import Report  # with --help it is not needed

    return Report(report.derivations, tuple(verdict for verdict in report.verdicts if verdict.id in ids), report.problems, report.seconds, report.warnings)  # noqa: E501


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


# arguments ----------------------------------------------------------------------------------------------------------
def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="derivcheck", description="Verifies derivations of matrix calculus and backpropagation, step by step and for every dimension.",
        epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("--version", action="version", version=f"derivcheck {derivcheck.__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    paths = "a derivation file (*.py), a note (*.md, *.tex, *.ipynb) or a folder of them; by default the derivations that come with derivcheck"

    every = commands.add_parser(
        "all", help="judge every claim and print a report", epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    every.add_argument("paths", nargs="*", metavar="PATH", help=paths)
    _add_report(every)
    every.set_defaults(run=_all, declarations=None)

    check = commands.add_parser(
        "check", help="read notes in LaTeX or Markdown and judge every equation in them", description=CHECK, epilog=CHECK_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    check.add_argument("paths", nargs="+", metavar="FILE", help="a note (*.md, *.markdown, *.tex, *.ipynb), a derivation file (*.py), or a folder of them")  # noqa: E501
    check.add_argument(
        "--declarations", metavar="FILE", help="what the notes do not say themselves; by default the file of the note's name that ends in .derivcheck beside it"  # noqa: E501
    )  # fmt: skip
    _add_report(check)
    check.set_defaults(run=_all)

    listing = commands.add_parser("list", help="list the derivations without judging them")
    listing.add_argument("paths", nargs="*", metavar="PATH", help=paths)
    listing.add_argument("--format", choices=("terminal", "json"), default="terminal", help="a table for people, or one JSON object for programs")
    _add_timeout(listing)
    listing.set_defaults(run=_list)

    show = commands.add_parser("show", help="show one derivation or claim in full: what was judged, the evidence, the proof")
    show.add_argument("name", metavar="NAME", help="the name of a derivation, as `derivcheck list` prints it")
    show.add_argument("claim", metavar="CLAIM", nargs="?", help="the name of one of its claims; by default all of them")
    show.add_argument("--path", action="append", default=[], metavar="PATH", help=f"{paths}; may be given several times")
    show.add_argument("--proof", action="store_true", help="normal forms, rules, axioms, assumptions, conditions and cited claims")
    show.add_argument("--sympy", action="store_true", help="both sides as small explicit SymPy matrices, and their simplified difference")
    show.add_argument("--dims", default="", metavar="n=2,m=3", help="sizes for --sympy (implies it); by default those that were decided")
    _add_common(show)
    show.set_defaults(run=_show)
    return parser


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("terminal", "json"), default="terminal", help="a report for people, or one JSON object for programs")
    parser.add_argument("--strict", action="store_true", help="exit with 1 also for unsupported and undecided claims, even where they are expected")
    parser.add_argument(
        "--jobs", type=_count, default=_cores(), metavar="N",
        help="judge in N processes (default: the number of cores; 1 where processes cannot fork)",
    )  # fmt: skip
    _add_common(parser)


def _add_common(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=_seed, default=0, metavar="N", help="the seed of every sampled point and entry (default 0)")
    _add_timeout(parser)


def _add_timeout(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--timeout", type=_seconds, default=DEFAULT_TIMEOUT, metavar="SECONDS",
        help=f"stop a file or a claim that takes longer (default {DEFAULT_TIMEOUT:g}); where the platform cannot interrupt work, no limit",
    )  # fmt: skip


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _count(value: str) -> int:
    if not value.isdecimal() or int(value) < 1:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number of processes, 1 or more")
    return int(value)


def _seed(value: str) -> int:
    if not value.isdecimal():
        raise argparse.ArgumentTypeError(f"{value!r} is not a seed, a whole number from 0")
    return int(value)


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= LONGEST_TIMEOUT:
        raise argparse.ArgumentTypeError(f"{value!r} is not a number of seconds above 0, and at most {LONGEST_TIMEOUT:.0f}")
    return seconds
