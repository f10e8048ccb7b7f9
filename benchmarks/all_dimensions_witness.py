"""The time of the all-dimensions witness for every claim of the library.

Run: python benchmarks/all_dimensions_witness.py
"""

from __future__ import annotations

import statistics
import time

from derivcheck.loading import find_files, load
from derivcheck.witnesses.all_dimensions import Prover


def main() -> None:
    loaded = load(find_files([]))
    seconds = []
    start = time.perf_counter()
    for derivation in loaded.derivations:
        prover = Prover(derivation)
        for claim in derivation.claims:
            if claim.lhs is None:
                continue
            began = time.perf_counter()
            proof = prover.prove(claim)
            seconds.append(time.perf_counter() - began)
            prover.remember(claim, proof)
    total = time.perf_counter() - start
    print(f"{len(seconds)} claims, {1000 * total:.0f} ms in all")
    print(f"median {1000 * statistics.median(seconds):.2f} ms, slowest {1000 * max(seconds):.1f} ms")


if __name__ == "__main__":
    main()
