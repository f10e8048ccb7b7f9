"""The arguments of the command `derivcheck`, and what its help says."""

from __future__ import annotations

import argparse
import os

import derivcheck

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
    W: n x m                    a matrix; 1 x n is a row
    z, p: n                     columns; scalar is a number
    y = softmax(z)              a definition
    function g elementwise      a generic activation
    assume p sums to 1          also: one-hot, symmetric, positive, …

  A missing declaration is reported with the line to add.

examples
  derivcheck check notes.md
  derivcheck check paper.tex --declarations paper.derivcheck
  derivcheck check notes.md --format json | jq '.claims[] | {place, verdict}'

The words, the exit codes and the report are those of `derivcheck all`.
"""


def parser_of_arguments() -> argparse.ArgumentParser:
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
    every.set_defaults(command="all", declarations=None)

    check = commands.add_parser(
        "check", help="read notes in LaTeX or Markdown and judge every equation in them", description=CHECK, epilog=CHECK_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    check.add_argument("paths", nargs="+", metavar="FILE", help="a note (*.md, *.markdown, *.tex, *.ipynb), a derivation file (*.py) or a folder")
    _add_declarations(check)
    _add_report(check)
    check.set_defaults(command="check")

    listing = commands.add_parser("list", help="list the derivations without judging them")
    listing.add_argument("paths", nargs="*", metavar="PATH", help=paths)
    listing.add_argument("--format", choices=("terminal", "json"), default="terminal", help="a table for people, or one JSON object for programs")
    _add_declarations(listing)
    _add_timeout(listing)
    listing.set_defaults(command="list")

    show = commands.add_parser("show", help="show one derivation or claim in full: what was judged, the evidence, the proof")
    show.add_argument("name", metavar="NAME", help="the name of a derivation, as `derivcheck list` prints it")
    show.add_argument("claim", metavar="CLAIM", nargs="?", help="the name of one of its claims; by default all of them")
    show.add_argument("--path", action="append", default=[], metavar="PATH", help=f"{paths}; may be given several times")
    _add_declarations(show)
    show.add_argument("--proof", action="store_true", help="normal forms, rules, axioms, assumptions, conditions and cited claims")
    show.add_argument("--sympy", action="store_true", help="both sides as small explicit SymPy matrices, and their simplified difference")
    show.add_argument("--dims", default="", metavar="n=2,m=3", help="sizes for --sympy (implies it); by default those that were decided")
    _add_common(show)
    show.set_defaults(command="show")
    return parser


def _add_report(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("terminal", "json"), default="terminal", help="a report for people, or one JSON object for programs")
    parser.add_argument("--strict", action="store_true", help="exit with 1 also for unsupported and undecided claims, even where they are expected")
    parser.add_argument(
        "--jobs", type=_count, default=_cores(), metavar="N",
        help="judge in N processes (default: the number of cores; 1 where processes cannot fork)",
    )  # fmt: skip
    _add_common(parser)


def _add_declarations(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--declarations", metavar="FILE",
        help="what the notes do not say themselves (default: beside notes.md the file notes.derivcheck, if there is one)",
    )  # fmt: skip


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
