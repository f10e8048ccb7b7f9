"""Reading notes: milliseconds a formula, and seconds for each note.

Run with PYTHONPATH=. python benchmarks/notes.py [FILE…]; by default the shipped notes.

A file may be followed by its declarations: paper.md:paper.derivcheck.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from derivcheck.judge import judge
from derivcheck.loading import default_folder
from derivcheck.notes.documents import read_document
from derivcheck.notes.documents.record import Formula
from derivcheck.notes.files import read_note
from derivcheck.notes.grammar import Parser
from derivcheck.notes.notations import grammar
from derivcheck.notes.statements import statements
from derivcheck.notes.tokens import tokenize

REPEATS = 5


def parsing(path: Path) -> tuple[int, float]:
    """How many formulas a document has, and the milliseconds that one takes to parse."""
    document = read_document(str(path), path.read_bytes())
    formulas = [passage for passage in document.passages if isinstance(passage, Formula)]
    start = time.perf_counter()
    for _ in range(REPEATS):
        for formula in formulas:
            statements(Parser(tokenize(document.source.text, formula.start, formula.end), document.source.text, grammar()))
    return len(formulas), 1000 * (time.perf_counter() - start) / REPEATS / max(len(formulas), 1)


def main(arguments: list[str]) -> None:
    folder = default_folder()
    shipped = sorted(map(str, folder.glob("*.md"))) if folder is not None else []
    for argument in arguments or shipped:
        name, _, declarations = argument.partition(":")
        count, milliseconds = parsing(Path(name))
        start = time.perf_counter()
        note = read_note(Path(name), Path(declarations) if declarations else None)
        read = time.perf_counter() - start
        verdicts = [verdict for derivation in note.derivations for verdict in judge(derivation)]
        judged = time.perf_counter() - start - read
        print(
            f"{Path(name).name}: {count} formulas, {milliseconds:.2f} ms each to parse; read in {read:.2f} s, {len(verdicts)} claims judged in {judged:.1f} s, "  # noqa: E501
            f"{1000 * judged / max(len(verdicts), 1):.0f} ms a claim; {sum(not verdict.as_expected for verdict in verdicts)} unexpected"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
