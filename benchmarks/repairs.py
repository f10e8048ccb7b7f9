"""Repairs of mutants: how often one edit leads back to a true formula, and how long it takes.

Run with PYTHONPATH=.:tests/mutation:tests/corpus python benchmarks/repairs.py [COUNT] [SEED].

Mutants of proved claims of the library, changed by one edit of the right side, that floating point tells from the original.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter

from mutants import mutants  # type: ignore[import-not-found]
from outcomes import originals  # type: ignore[import-not-found]

from derivcheck.hints.nearest import nearest
from derivcheck.witnesses import numeric

MEANT = {
    "constant": {"constant factor"},
    "constant added": {"dropped term", "constant factor", "wrong sign"},
    "extra dimension": {"average for sum"},
    "factor dropped": {"dropped factor", "dropped term", "wrong exponent"},
    "factor half": {"constant factor"},
    "factor repeated": {"dropped factor", "wrong exponent"},
    "factor two": {"constant factor"},
    "factors swapped": {"swapped factors", "missing transpose", "extra transpose", "gradient in the other layout"},
    "numerator for fraction": {"wrong exponent", "dropped factor"},
    "other axis": {"summed over the wrong axis", "average for sum"},
    "other dimension": {"average for sum"},
    "other function": {"function for its derivative"},
    "other symbol": {"wrong symbol", "wrong layer"},
    "relation changed": {"wrong index"},
    "shifted index": {"wrong index"},
    "sign": {"wrong sign"},
    "square": {"wrong exponent", "dropped factor"},
    "sum bounds": {"wrong sum bound"},
    "sum dropped": {"missing sum"},
    "sum over another index": {"summed over the wrong axis", "wrong index"},
    "term dropped": {"dropped term"},
    "term repeated": {"dropped term", "constant factor"},
    "transpose": {"missing transpose", "extra transpose", "gradient in the other layout", "swapped factors", "wrong layout of ⊙ operands"},
    "wrong index": {"wrong index"},
    "indices swapped": {"wrong index"},
}
"""By kind of edit the mistakes that it is: a square is a wrong exponent, and a factor written twice. A kind that is not listed counts as missed."""


def main(count: int, seed: int) -> None:
    rng = random.Random(seed)
    library = list(originals(corpus=False))
    found: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    named: Counter[tuple[str, str]] = Counter()
    seconds: list[float] = []
    while sum(tried.values()) < count:
        original = rng.choice(library)
        edits = [mutant for mutant in mutants(original.derivation, original.claim) if not mutant.kind.startswith(("left", "relation dropped", "assumption"))]  # noqa: E501
        if not edits:
            continue
        mutant = rng.choice(edits)
        derivation = mutant.build()
        (claim,) = derivation.claims
        if claim.broken is not None or numeric.witness(claim, derivation).status != "disagrees":
            continue
        start = time.perf_counter()
        repair = nearest(claim, derivation)
        seconds.append(time.perf_counter() - start)
        tried[mutant.kind] += 1
        if repair is not None:
            found[mutant.kind] += 1
            named[mutant.kind, repair.edits[0].hint.name if len(repair.edits) == 1 else 'two edits'] += 1
    total = sum(tried.values())
    right = sum(times for (kind, name), times in named.items() if name in MEANT.get(kind, set()))
    print(f"{right} of {sum(found.values())} repairs name the mistake that was made ({100 * right / max(1, sum(found.values())):.1f} %)")
    print(f"seed {seed}: {sum(found.values())} of {total} repaired ({100 * sum(found.values()) / total:.1f} %), median {1000 * sorted(seconds)[total // 2]:.0f} ms, most {max(seconds):.2f} s")  # noqa: E501
    for kind, number in sorted(tried.items()):
        hints = ", ".join(f"{name} {times}" for (of, name), times in named.most_common() if of == kind)
        print(f"  {kind:28} {found[kind]:4} of {number:4}   {hints}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
