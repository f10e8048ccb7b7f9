"""Wrong variants of formulas in the derivations that come with derivcheck, as the tests of several networks list them."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import SimpleNamespace as Symbols

from derivcheck import Derivation, check_equal
from derivcheck.claims import Side, Word
from derivcheck.judge import judge
from derivcheck.verdict import Verdict

FOLDER = Path(__file__).resolve().parent.parent / "derivations"


@cache
def symbols_of(name: str) -> Symbols:
    """The module-level names of a derivation file."""
    return Symbols(**runpy.run_path(str(FOLDER / f"{name}.py")))


@cache
def verdicts_of(name: str) -> tuple[Verdict, ...]:
    """The verdicts of all derivations of a file, which several tests look at."""
    derivations = [value for value in vars(symbols_of(name)).values() if isinstance(value, Derivation)]
    return tuple(verdict for derivation in derivations for verdict in judge(derivation))


@dataclass(frozen=True)
class Wrong:
    """A mistake in a formula of a derivation file: its left side, the wrong right side, and the word that the verdict must be."""

    mistake: str
    file: str
    left: Callable[[Symbols], Side]
    right: Callable[[Symbols], Side]
    word: Word

    def verdict(self) -> Verdict:
        symbols = symbols_of(self.file)
        return check_equal(lambda: self.left(symbols), lambda: self.right(symbols), within=symbols.d)
