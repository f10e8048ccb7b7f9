"""Finds derivation files and notes, reads them and collects the derivations that they hold.

A note (Markdown, LaTeX, a notebook) is only read. A derivation file is ordinary Python, run with all rights of the user: only run files that you
trust. One that raises, hangs or cannot be read becomes a Problem with the author's line, and the derivations that it defined before that are
still judged.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from derivcheck.algebra.dims import IllTyped
from derivcheck.derivation import Derivation, created_derivations
from derivcheck.time_limit import TimedOut, time_limit
from derivcheck.verdict import Problem

MODULE_NAME = "__derivation__"
"""The __name__ under which a derivation file runs."""

SUFFIXES = (".md", ".markdown", ".tex", ".ipynb")
"""The endings of notes."""

KINDS = ", ".join((*(f"*{suffix}" for suffix in SUFFIXES), "*.py"))
"""The kinds of files that are read, for messages."""

_PACKAGE = Path(__file__).resolve().parent


class UnknownPath(ValueError):
    """A path that holds no derivations; the message says what to give instead."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The derivations of several files in order, and what went wrong while reading them."""

    derivations: tuple[Derivation, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def default_folder() -> Path | None:
    """The derivations that come with derivcheck: inside the installed package, or in the checkout next to it."""
    for folder in (_PACKAGE / "_derivations", _PACKAGE.parent / "derivations"):
        if folder.is_dir():
            return folder
    return None


def find_files(paths: Sequence[str]) -> tuple[Path, ...]:
    """The files that the paths name: derivations *.py and notes, and those of folders (not of their subfolders, not _*, no README), by name.

    Without paths, the derivations that come with derivcheck. Raises UnknownPath for a path that is neither.
    """
    if not paths:
        folder = default_folder()
        return () if folder is None else _of_folder(folder)
    found: dict[Path, Path] = {}
    for name in paths:
        path = Path(name)
        if path.is_dir():
            found |= {file.resolve(): file for file in _of_folder(path)}
        elif not path.exists():
            raise UnknownPath(f"{name}: there is no such file or folder. Give a note or a derivation file ({KINDS}) or a folder of them")
        elif path.suffix.lower() not in (".py", *SUFFIXES):
            raise UnknownPath(f"{name}: derivations are read from notes and Python files, whose names end in {KINDS}")
        else:
            found.setdefault(path.resolve(), path)
    return tuple(found.values())


def _of_folder(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(path for path in folder.iterdir() if _is_derivation(path) and path.is_file()))


def _is_derivation(path: Path) -> bool:
    suffix = path.suffix.lower()
    return suffix in (".py", *SUFFIXES) and not path.name.startswith(("_", ".")) and path.stem.upper() != "README"


def load(
    files: Iterable[Path], timeout: float | None = None, declarations: Path | None = None, tell: Callable[[Path], None] | None = None
) -> Loaded:
    """Read every file, each for at most `timeout` seconds, and collect their derivations. `declarations` are those of the notes.

    `tell` is called with every file before it is read.
    A second derivation of one name is a problem: it is not judged, because its claims could not be told from the first one's.
    """
    derivations: dict[str, Derivation] = {}
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for file in files:
        if tell is not None:
            tell(file)
        loaded = load_note(file, timeout, declarations) if file.suffix.lower() in SUFFIXES else load_file(file, timeout)
        problems += loaded.problems
        warnings += loaded.warnings
        for derivation in loaded.derivations:
            first = derivations.setdefault(derivation.name, derivation)
            if first is not derivation:
                how = ", by a line `derivation NAME` in its declarations" if derivation.place.file.lower().endswith(SUFFIXES) else ""
                message = f"a second derivation is called {derivation.name!r}; the first is at {first.place}. Give one of them another name{how}"
                problems.append(Problem(str(derivation.place), message, "ill-typed"))
    return Loaded(tuple(derivations.values()), tuple(problems), tuple(warnings))


def load_note(file: Path, timeout: float | None = None, declarations: Path | None = None) -> Loaded:
    """Read one note. Nothing in it is run; whatever goes wrong in reading is a problem of this file."""
    from derivcheck.notes.files import read_note  # with --help the whole notation is not needed

    try:
        with time_limit(timeout):
            note = read_note(file, declarations)
    except TimedOut as failure:
        return Loaded(problems=(Problem(str(file), f"reading the note {failure}; it was stopped. Raise --timeout if it needs more"),))
    except Exception as failure:
        # the other files are still read, and no verdict is given on this one
        return Loaded(problems=(Problem(str(file), f"derivcheck failed on this note: {type(failure).__name__}: {failure}"),))
    return Loaded(note.derivations, note.problems, note.warnings)


def load_file(file: Path, timeout: float | None = None) -> Loaded:
    """Run one file in a module of its own. What it prints goes to the standard error stream."""
    name = str(file)
    try:
        code = compile(file.read_bytes(), name, "exec", dont_inherit=True)
    except OSError as failure:
        return Loaded(problems=(Problem(name, f"cannot be read: {failure.strerror or failure}"),))
    except SyntaxError as failure:
        return Loaded(problems=(Problem(f"{name}:{failure.lineno or 1}", f"not valid Python: {failure.msg}"),))
    except (ValueError, RecursionError, MemoryError) as failure:
        return Loaded(problems=(Problem(name, f"not valid Python: {failure}"),))
    module = ModuleType(MODULE_NAME)
    module.__file__ = name
    outer = sys.modules.get(MODULE_NAME)
    # dataclasses look their module up
    sys.modules[MODULE_NAME] = module
    problems: tuple[Problem, ...] = ()
    created: list[Derivation] = []
    try:
        with output_to_stderr(), created_derivations() as created, time_limit(timeout):
            exec(code, module.__dict__)
    except (Exception, SystemExit, TimedOut) as failure:
        problems = (_problem(failure, file),)
    finally:
        if outer is None:
            sys.modules.pop(MODULE_NAME, None)
        else:
            sys.modules[MODULE_NAME] = outer
    return Loaded(tuple(derivation for derivation in created if derivation.place.file == name), problems)


@contextmanager
def output_to_stderr() -> Iterator[None]:
    """What is printed inside, also by other programs, goes to the standard error stream: the standard output is for the report."""
    sys.stdout.flush()
    try:
        saved, target = os.dup(sys.__stdout__.fileno()), sys.__stderr__.fileno()  # type: ignore[union-attr]
    except (AttributeError, OSError, ValueError):
        # no real streams: only what Python prints can be redirected
        with redirect_stdout(sys.stderr):
            yield
        return
    try:
        os.dup2(target, sys.__stdout__.fileno())  # type: ignore[union-attr]
        with redirect_stdout(sys.stderr):
            yield
    finally:
        os.dup2(saved, sys.__stdout__.fileno())  # type: ignore[union-attr]
        os.close(saved)


def _problem(failure: BaseException, file: Path) -> Problem:
    """What went wrong while a file ran, at the author's line: the innermost one in the file."""
    lines = [frame.lineno for frame in traceback.extract_tb(failure.__traceback__) if os.path.realpath(frame.filename) == os.path.realpath(file)]
    place = f"{file}:{lines[-1]}" if lines and lines[-1] is not None else str(file)
    match failure:
        case IllTyped():
            return Problem(place, str(failure), "ill-typed")
        case TimedOut():
            return Problem(place, f"the file {failure}; it was stopped here. Raise --timeout if it needs more")
        case SystemExit():
            return Problem(place, f"the file ended the program (exit {failure.code!r}); a derivation file only defines derivations")
        case _:
            return Problem(place, f"the file raised {type(failure).__name__}: {failure}")
