"""Canonical dummy names: the time of Σ_i (Σ_j K_ij x_j)^p, and that it does not depend on any size.

Run: python benchmarks/canonical_names.py
"""

from __future__ import annotations

import statistics
import time

from derivcheck.algebra import polynomial as ring
from derivcheck.algebra import powers, sums
from derivcheck.algebra.atoms import Arena, Polynomial
from derivcheck.algebra.dims import Dim


def power_sum(exponent: int) -> float:
    """The seconds to bring Σ_i (Σ_j K_ij x_j)^exponent to its normal form, in a new arena."""
    arena = Arena()
    n, m = Dim(("n",)), Dim(("m",))
    i, j = arena.fresh(n), arena.fresh(m)
    K = Polynomial({((arena.entry("K", (i, j)), 1),): 1})
    x = Polynomial({((arena.entry("x", (j,)), 1),): 1})
    start = time.perf_counter()
    inner = sums.sum_over(arena, ring.multiply(arena, K, x), (j,))
    sums.sum_over(arena, powers.power(arena, inner, exponent), (i,))
    return time.perf_counter() - start


def main() -> None:
    for exponent in (2, 4, 6, 8):
        runs = [power_sum(exponent) for _ in range(21)]
        print(f"exponent {exponent}: {1000 * statistics.median(runs):.2f} ms (median of {len(runs)})")


if __name__ == "__main__":
    main()
