"""A long run of the differential fuzz: the index algebra against interval arithmetic, on random terms of every sort.

    python benchmarks/fuzz_algebra.py [terms] [seed]

Prints how often each rule was used and each atom occurred, and every discrepancy; the exit code is 1 if there is one.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests" / "algebra"))

from fuzzing import Outcome, fuzz, fuzz_pairs
from random_terms import random_term
from test_fuzzing import DERIVATIVES, mutated, rearranged

SHARES = {"every sort": (0.5, {}), "derivatives": (0.25, DERIVATIVES), "roots and logarithms": (0.15, {"fractional": 25, "log": 15, "power": 10})}


def main(terms: int, seed: int) -> int:
    start = time.perf_counter()
    found: dict[str, Outcome] = {}
    for name, (share, weights) in SHARES.items():
        found[name] = fuzz(
            seed, round(terms * share), make=lambda world, random, weights=weights: random_term(world, random, random.choice((2, 3, 4)), weights)[0]
        )
        print(f"{name}: {found[name].counts['terms']} terms, {time.perf_counter() - start:.0f} s", flush=True)
    for name, make in (("mutated pairs", mutated), ("rearranged pairs", rearranged)):
        found[name] = fuzz_pairs(seed, round(terms * 0.05), make)
        print(f"{name}: {dict(found[name].counts)}, {time.perf_counter() - start:.0f} s", flush=True)
    for title, attribute in (
        ("what was compared", "counts"),
        ("atoms, by the terms they occur in", "kinds"),
        ("rules, by the terms they were used in", "rules"),
    ):
        total: Counter[str] = sum((getattr(outcome, attribute) for outcome in found.values()), Counter())
        print(f"\n{title}")
        for what, count in total.most_common():
            print(f"  {count:8}  {what}")
    bad = [message for outcome in found.values() for message in (*outcome.discrepancies, *outcome.crashes)]
    print(f"\n{len(bad)} discrepancies in {sum(outcome.counts['terms'] for outcome in found.values())} terms and {round(terms * 0.05) * 2} pairs")
    for message in bad[:50]:
        print(f"  {message}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, int(sys.argv[2]) if len(sys.argv) > 2 else 0))
