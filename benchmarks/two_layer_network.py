"""All gradients of a 2-layer network for all dimensions, against sympy.simplify on one entry at explicit sizes 2-3-2.

Run: python benchmarks/two_layer_network.py [rounds]
"""

from __future__ import annotations

import statistics
import sys
import time

import sympy

from derivcheck import D, Derivation, array, log, sigmoid, softmax, sum_over
from derivcheck.witnesses.all_dimensions import Prover


def network() -> Derivation:
    """z1 = W1 x + b1, a1 = σ(z1), z2 = W2 a1 + b2, ŷ = softmax(z2), L = −Σ y log ŷ; gradients shaped like the variable."""
    d = Derivation("two-layer-network", layout="like-variable")
    n0, n1, n2 = d.dim("n0"), d.dim("n1"), d.dim("n2")
    (t,) = d.indices("t", n2)
    (r,) = d.indices("r", n1)
    x, y = d.vector("x", n0), d.vector("y", n2)
    W1, b1, W2, b2 = d.matrix("W1", n1, n0), d.vector("b1", n1), d.matrix("W2", n2, n1), d.vector("b2", n2)
    z1 = d.let("z1", W1 @ x + b1)
    a1 = d.let("a1", sigmoid(z1))
    z2 = d.let("z2", W2 @ a1 + b2)
    yhat = d.let("yhat", softmax(z2))
    loss = d.let("L", -sum_over(t, y[t] * log(yhat[t])))
    d.assume("sums-to", y)
    d.claim("dz2", D(loss, z2), yhat - y)
    d.claim("dW2", D(loss, W2), (yhat - y) @ a1.T)
    d.claim("db2", D(loss, b2), yhat - y)
    d.claim("da1", D(loss, a1), W2.T @ (yhat - y))
    d.claim("dz1", D(loss, z1), array((W2.T @ (yhat - y))[r] * a1[r] * (1 - a1[r]), r))
    d.claim("dW1", D(loss, W1), D(loss, z1) @ x.T)
    d.claim("db1", D(loss, b1), D(loss, z1))
    return d


def prove_all(derivation: Derivation) -> list[float]:
    """The seconds of each claim's proof. Raises RuntimeError if one is not proved."""
    prover = Prover(derivation)
    seconds = []
    for claim in derivation.claims:
        start = time.perf_counter()
        proof = prover.prove(claim)
        prover.remember(claim, proof)
        seconds.append(time.perf_counter() - start)
        if proof.status != "agrees":
            raise RuntimeError(f"{claim.name}: {proof.stopped}")
    return seconds


def simplify_one_entry() -> float:
    """The seconds of sympy.simplify(∂L/∂W1_11 − its closed form) at sizes 2-3-2."""
    W1 = sympy.Matrix(3, 2, lambda i, j: sympy.Symbol(f"W1_{i}{j}", real=True))
    W2 = sympy.Matrix(2, 3, lambda i, j: sympy.Symbol(f"W2_{i}{j}", real=True))
    x = sympy.Matrix(2, 1, lambda i, j: sympy.Symbol(f"x{i}", real=True))
    y0 = sympy.Symbol("y0", real=True)
    y = sympy.Matrix([y0, 1 - y0])
    a1 = (W1 * x).applyfunc(lambda value: 1 / (1 + sympy.exp(-value)))
    z2 = W2 * a1
    total = sum(sympy.exp(value) for value in z2)
    yhat = z2.applyfunc(lambda value: sympy.exp(value) / total)
    loss = -sum(y[t] * sympy.log(yhat[t]) for t in range(2))
    claimed = (W2.T * (yhat - y))[0] * a1[0] * (1 - a1[0]) * x[0]
    start = time.perf_counter()
    result = sympy.simplify(sympy.diff(loss, W1[0, 0]) - claimed)
    seconds = time.perf_counter() - start
    print(f"  sympy.simplify reduced it to 0: {result == 0}")
    return seconds


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    derivation = network()
    runs = [prove_all(derivation) for _ in range(rounds)]
    best = min(runs, key=sum)
    for claim, seconds in zip(derivation.claims, best, strict=True):
        print(f"  {claim.name:4} {1000 * seconds:7.3f} ms")
    ours = statistics.median(sum(run) for run in runs)
    middle = statistics.median(seconds for run in runs for seconds in run)
    theirs = simplify_one_entry()
    print(f"all {len(best)} gradients, all dimensions: {1000 * ours:.2f} ms (median of {rounds}); one claim: {1000 * middle:.2f} ms (median)")
    print(f"sympy.simplify, one entry at 2-3-2: {theirs:.2f} s")
    print(f"ratio: {theirs / ours:.0f} for all gradients together, {theirs / middle:.0f} for one")


if __name__ == "__main__":
    main()
