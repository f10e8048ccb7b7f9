"""A Kronecker delta that is missing: the formula of one case is written for all indices."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied
from derivcheck.hints.slopes import softmax_entry
from derivcheck.language.shapes import SCALAR, flat, is_vector
from derivcheck.language.terms import Cases, D, Delta, Indicator, Named, Number, Scale, Term
from derivcheck.language.walks import subterms


def repairs(site: Site) -> Iterator[Build]:
    """δ_ij a instead of a, δ_ij instead of 1, and s_i (δ_ij − s_j) for the entries of the Jacobian of a softmax, where both indices are written."""
    node = site.node
    if node.shape != SCALAR or not site.left.derives:
        return
    for i, j in combinations(site.indices, 2):
        if i.dim != j.dim:
            continue
        yield partial(_times, Delta(i, j), node)
        if site.is_whole and {i, j} <= node.free and not any(isinstance(part, (Cases, Delta, Indicator)) for part in subterms(node)):
            for s in site.symbols:
                if isinstance(s, Named) and applied(s.definition, "softmax") and is_vector(s.shape) and flat(s.shape)[0] == i.dim:
                    yield partial(softmax_entry, s, i, j)


def _times(delta: Term, node: Term) -> Term:
    return delta if isinstance(node, Number) and node.value == 1 else Scale(node, delta)


def example() -> Derivation:
    d = Derivation("missing-delta", layout="numerator")
    n = d.dim("n")
    i, j = d.indices("i j", n)
    x, z = d.vector("x", n), d.vector("z", n)
    d.claim("wrong", D(x[i] * z[i], x[j]), z[i])
    d.claim("right", D(x[i] * z[i], x[j]), z[i] * Delta(i, j))
    return d


HINT = Hint(
    name="missing Kronecker delta",
    why="an entry depends on the entry with the same index: one formula for equal and for different indices has a δ",
    order=62,
    repairs=repairs,
    example=example,
)
