"""The mutation run: every single-edit mutant of every proved claim of the library and of the true corpus is judged.

A survivor is a mutant whose verdict is wrong: said to be proved where the sides differ at a point, or refuted where they do not. There must
be none; the exit code is 1 where there is one. A mutant that says the same as an earlier one of its claim is not counted again.

Control-C stops the run and prints the table of what was done. The order is random, so that it stands for the rest.

Run: python benchmarks/mutation_run.py [--limit N] [--seed S] [--workers W] [--proofs] [--list WORD …]
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import signal
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "mutation")]

from mutants import Mutant, mutants  # noqa: E402
from outcomes import Original, Outcome, originals, outcome, proof_outcome, statement  # noqa: E402

from derivcheck.derivation import Derivation  # noqa: E402
from derivcheck.witnesses.all_dimensions import Prover  # noqa: E402

COLUMNS = ("ill-typed", "not proved", "refuted", "proved", "proved-small", "tested", "vacuous", "undecided", "error")


Choice = frozenset[int] | None
"""The positions of the mutants of a claim that are judged; None is all of them."""


def judged(original: Original, chosen: Choice, examine: Callable[[Mutant, Prover, Derivation], Outcome]) -> Iterator[Outcome]:
    """The outcomes of the mutants of one claim."""
    seen: set[str] = set()
    for position, mutant in enumerate(mutants(original.derivation, original.claim)):
        if chosen is not None and position not in chosen:
            continue
        copy = mutant.build()
        if copy.claims[0].broken is None:
            said = statement(copy)
            if said in seen:
                continue
            seen.add(said)
        try:
            yield examine(mutant, original.prover(), copy)
        except Exception as failure:
            # a mutant that derivcheck fails on is a find like any other, and the run goes on
            yield Outcome(mutant.kind, "error", 0.0, f"raised {type(failure).__name__}: {failure}", statement(copy), "")


_WORK: list[tuple[Original, Choice, Callable[[Mutant, Prover, Derivation], Outcome]]] = []
"""What the worker processes, which are forked, find to do."""


def _work(position: int) -> list[Outcome]:
    return list(judged(*_WORK[position]))


def choose(found: Sequence[Original], limit: int | None, seed: int) -> list[Choice]:
    """For each claim the positions of the mutants to judge: `limit` of all mutants, at random."""
    if limit is None:
        return [None] * len(found)
    everything = [(k, position) for k, original in enumerate(found) for position, _ in enumerate(mutants(original.derivation, original.claim))]
    chosen: list[set[int]] = [set() for _ in found]
    for k, position in random.Random(seed).sample(everything, min(limit, len(everything))):
        chosen[k].add(position)
    return [frozenset(positions) for positions in chosen]


def run(limit: int | None, seed: int, workers: int, *, proofs: bool = False) -> list[Outcome]:
    """All outcomes, with progress on the standard error stream."""
    found = list(originals())
    examine = proof_outcome if proofs else outcome
    _WORK[:] = [(original, chosen, examine) for original, chosen in zip(found, choose(found, limit, seed), strict=True)]
    random.Random(seed).shuffle(_WORK)
    outcomes: list[Outcome] = []
    with multiprocessing.get_context("fork").Pool(workers, _leave_interrupts) as pool:
        try:
            for done, part in enumerate(pool.imap_unordered(_work, range(len(found))), start=1):
                outcomes += part
                print(f"\r{done} of {len(found)} claims, {len(outcomes)} mutants", end="", file=sys.stderr, flush=True)
        except KeyboardInterrupt:
            print("\nstopped; the table is of the claims that were done", end="", file=sys.stderr)
    print(file=sys.stderr)
    return outcomes


def _leave_interrupts() -> None:
    """Control-C is for the main process, which still prints its table."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def table(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A line for each kind of edit, and one for all of them."""
    kinds = sorted({found.kind for found in outcomes})
    yield f"{'kind of edit':32} {'mutants':>8} " + " ".join(f"{word:>12}" for word in COLUMNS) + f" {'survivors':>10}"
    for kind in (*kinds, "all"):
        part = [found for found in outcomes if kind in ("all", found.kind)]
        words = Counter(found.word for found in part)
        survivors = sum(bool(found.wrong) for found in part)
        yield f"{kind:32} {len(part):8} " + " ".join(f"{words[word]:12}" for word in COLUMNS) + f" {survivors:10}"


def times(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """The median and the longest time of a verdict, for each word."""
    for word in COLUMNS:
        seconds = [1000 * found.seconds for found in outcomes if found.word == word]
        if seconds:
            yield f"{word:14} median {statistics.median(seconds):8.1f} ms   longest {max(seconds):8.1f} ms"


def slowest(outcomes: Sequence[Outcome], count: int = 5) -> Iterator[str]:
    """The mutants that took longest."""
    for found in sorted(outcomes, key=lambda found: -found.seconds)[:count]:
        yield f"{found.seconds:8.1f} s  {found.word:12} {found.kind}: {found.stated}"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--limit", type=int, help="judge so many mutants, chosen at random")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=multiprocessing.cpu_count())
    parser.add_argument("--proofs", action="store_true", help="only try to prove each mutant; floating point checks those that are proved")
    parser.add_argument("--list", nargs="*", default=(), metavar="WORD", help="also print every mutant with one of these verdicts")
    options = parser.parse_args()
    started = time.perf_counter()
    outcomes = run(options.limit, options.seed, options.workers, proofs=options.proofs)
    print(*table(outcomes), "", *times(outcomes), "", *slowest(outcomes), "", sep="\n")
    differing = [found for found in outcomes if found.word in ("refuted", "ill-typed", "undecided") or found.missed]
    decided = sum(found.word in ("refuted", "ill-typed") for found in differing)
    survivors = [found for found in outcomes if found.wrong]
    kinds = len({found.kind for found in outcomes})
    print(f"{len(outcomes)} mutants, {kinds} kinds of edit, {len(survivors)} survivors, {time.perf_counter() - started:.0f} s, seed {options.seed}")
    if not options.proofs:
        print(f"{decided} of {len(differing)} that may differ are refuted or ill-typed ({100 * decided / max(1, len(differing)):.2f} %)")
        print(f"{sum(found.word == 'vacuous' for found in outcomes)} are vacuous: there is no point at which they could differ")
    print(f"{sum(bool(found.missed) for found in outcomes)} that differ are called tested or proved-small")
    for found in outcomes:
        if found.wrong or found.missed or found.word in options.list:
            print(f"\n{found.kind}: {found.word} {found.wrong or found.missed}\n   {found.stated}\n   {found.reason}")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main())
