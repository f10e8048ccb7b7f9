"""`derivcheck all` from a cold start: against the imports it needs, in one and in two processes, with its peak memory and its time per claim.

Run: python benchmarks/whole_library.py [rounds]
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time

COMMAND = [sys.executable, "-m", "derivcheck", "all", "--format", "json"]
IMPORTS = [sys.executable, "-c", "import sympy, numpy, rich"]


def timed(command: list[str]) -> tuple[float, bytes]:
    """Wall seconds and standard output."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    return time.perf_counter() - start, done.stdout


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 3
    imports = statistics.median(timed(IMPORTS)[0] for _ in range(rounds))
    runs = {jobs: [timed([*COMMAND, "--jobs", str(jobs)]) for _ in range(rounds)] for jobs in (1, 2)}
    seconds = {jobs: statistics.median(run[0] for run in found) for jobs, found in runs.items()}
    claims = json.loads(runs[1][0][1])["claims"]
    limit = 2 * imports + 0.030 * len(claims)
    print(f"imports alone {imports:.2f} s; {len(claims)} claims; {os.cpu_count()} cores")
    print(f"derivcheck all --jobs 1: {seconds[1]:.1f} s (2 × imports + 30 ms a claim is {limit:.1f} s)")
    print(f"derivcheck all --jobs 2: {seconds[2]:.1f} s, {seconds[1] / seconds[2]:.2f} times faster")
    per_claim = sorted(claim["seconds"] for claim in claims)
    print(f"a claim: median {1000 * statistics.median(per_claim):.1f} ms, 90 % below {1000 * per_claim[int(0.9 * len(per_claim))]:.0f} ms")
    for witness in ("all_dimensions", "small_dimensions", "numeric"):
        times = [claim["evidence"][witness]["seconds"] for claim in claims if claim["evidence"][witness] is not None]
        print(f"  {witness:17} median {1000 * statistics.median(times):6.2f} ms, sum {sum(times):6.2f} s")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"peak memory of one process {peak:.0f} MB")


if __name__ == "__main__":
    main()
