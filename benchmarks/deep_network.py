"""Deep networks for all widths: the gradients of every layer by citations, and ∂L/∂W_1 opened all the way without them.

The bounds: 64 layers by citations at most 1 s, twice the depth at most 2.3 times the time, 8 layers without citations at most 5 s.

Run: python benchmarks/deep_network.py [rounds]
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

from derivcheck import D, Derivation, Term, array, sigmoid, sum_over
from derivcheck.language.terms import Leaf
from derivcheck.layers import Family, Layers
from derivcheck.witnesses.all_dimensions import Prover

DEPTHS = (32, 64, 128)
OPENED = (2, 4, 6, 8)


@dataclass(frozen=True)
class Network:
    """a_k = W_k h_(k−1), h_k = σ(a_k), L = ½ Σ (h − y)², under a quadratic loss; h[0] are the inputs, a[0] is of layer 1."""

    d: Derivation
    W: Family[Leaf]
    h: tuple[Term, ...]
    a: tuple[Term, ...]
    y: Term
    loss: Term


def network(depth: int) -> Network:
    d = Derivation("deep-network", layout="like-variable")
    layers = Layers(d, depth)
    n = layers.widths("n")
    W = layers.matrices("W", n, n.before, first=1)
    y = d.vector("y", n[depth])
    h: list[Term] = [d.vector("x", n[0])]
    a: list[Term] = []
    for layer in range(1, depth + 1):
        a.append(d.let(f"a_{layer}", W[layer] @ h[-1]))
        h.append(d.let(f"h_{layer}", sigmoid(a[-1])))
    t = d.index("t", n[depth])
    loss = d.let("Loss", sum_over(t, (h[-1][t] - y[t]) ** 2) / 2)
    for layer in range(1, depth + 1):
        d.index(f"r_{layer}", n[layer])
    return Network(d, W, tuple(h), tuple(a), y, loss)


def recursion(depth: int) -> Derivation:
    """Every gradient from that of the layer after it: three claims for each layer."""
    net = network(depth)
    d, W, h, a, loss = net.d, net.W, net.h, net.a, net.loss
    d.claim(f"∇h_{depth}", D(loss, h[-1]), h[-1] - net.y)
    for layer in range(depth, 0, -1):
        r = d.declared_indices[f"r_{layer}"]
        if layer < depth:
            d.claim(f"∇h_{layer}", D(loss, h[layer]), W[layer + 1].T @ D(loss, a[layer]))
        d.claim(f"∇a_{layer}", D(loss, a[layer - 1]), array(D(loss, h[layer])[r] * h[layer][r] * (1 - h[layer][r]), r))
        d.claim(f"∇W_{layer}", D(loss, W[layer]), D(loss, a[layer - 1]) @ h[layer - 1].T)
    return d


def opened(depth: int) -> Derivation:
    """∂L/∂W_1 in one claim: its right side goes back through all layers, and there is nothing to cite."""
    net = network(depth)
    d, W, h = net.d, net.W, net.h
    back: Term = h[-1] - net.y
    for layer in range(depth, 0, -1):
        r = d.declared_indices[f"r_{layer}"]
        if layer < depth:
            back = W[layer + 1].T @ back
        back = array(back[r] * h[layer][r] * (1 - h[layer][r]), r)
    d.claim("∇W_1", D(net.loss, W[1]), back @ h[0].T)
    return d


def prove_all(derivation: Derivation) -> float:
    """The processor seconds for all claims: what else runs on the machine does not count. Raises RuntimeError if one is not proved."""
    start = time.process_time()
    prover = Prover(derivation)
    for claim in derivation.claims:
        proof = prover.prove(claim)
        prover.remember(claim, proof)
        if proof.status != "agrees":
            raise RuntimeError(f"{derivation.name}: {claim.name}: {proof.stopped}")
    return time.process_time() - start


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    print("by citations (best of", rounds, "rounds)")
    before = None
    for depth in DEPTHS:
        seconds = min(prove_all(recursion(depth)) for _ in range(rounds))
        ratio = "" if before is None else f", {seconds / before:.2f} times that of half the depth"
        print(f"  {depth:3} layers, {3 * depth} claims: {1000 * seconds:.0f} ms{ratio}")
        before = seconds
    print("∂L/∂W_1 in one claim, without citations")
    for depth in OPENED:
        print(f"  {depth:3} layers: {1000 * prove_all(opened(depth)):.0f} ms")


if __name__ == "__main__":
    main()
