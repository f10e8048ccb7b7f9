"""The notes that come with derivcheck and the lists beside them: judged once for all tests of one source."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from derivcheck.derivation import Derivation
from derivcheck.judge import report
from derivcheck.notes.documents import read_document
from derivcheck.notes.reader import read
from derivcheck.verdict import Verdict

ROOT = Path(__file__).resolve().parent.parent.parent
DERIVATIONS, DATA = ROOT / "derivations", ROOT / "tests" / "data"


@dataclass(frozen=True)
class Judged:
    """A note, what was wrong with it, and, judged when they are first asked for, its verdicts."""

    text: str
    problems: tuple[str, ...]
    derivations: tuple[Derivation, ...]

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        return report(self.derivations).verdicts

    @property
    def unexpected(self) -> list[str]:
        return [f"{verdict.claim}: {verdict.word}, {verdict.reason}" for verdict in self.verdicts if not verdict.as_expected]

    @property
    def labels(self) -> list[str]:
        """The names in bold, as they are written."""
        return re.findall(r"\*\*(S\d-[\w.-]+)\*\*", self.text)

    @property
    def read(self) -> set[str]:
        """The names of what was understood as a claim or a definition; a step of a chain counts for its chain."""
        names = {verdict.claim for verdict in self.verdicts} | {entry.name for derivation in self.derivations for entry in derivation.entered}
        return names | {re.sub(r"-step\d+$", "", name) for name in names}


@cache
def judged(path: Path) -> Judged:
    document = read_document(str(path.relative_to(ROOT)), path.read_bytes())
    note = read(document, path.stem)
    problems = tuple(f"{problem.place}: {problem.message}" for problem in (*note.problems, *note.warnings))
    return Judged(document.source.text, problems, note.derivations)


def inventory(source: str) -> list[str]:
    """The names of all claims of a source."""
    return (DATA / f"claims_{source}.txt").read_text().split()
