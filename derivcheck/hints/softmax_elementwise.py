"""The softmax treated as if it acted on every entry alone: the terms off the diagonal are missing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied
from derivcheck.hints.slopes import softmax_entry
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR, flat, is_vector, same_shape
from derivcheck.language.terms import D, Named, Term


def repairs(site: Site) -> Iterator[Build]:
    """diag(s) − s sᵀ, s_i (δ_ij − s_j), and (diag(s) − s sᵀ) g, for every softmax s of the derivation."""
    for s in site.symbols:
        if not isinstance(s, Named) or not applied(s.definition, "softmax") or not is_vector(s.shape):
            continue
        if site.shape == SCALAR and len(site.node.free) < 2:
            indices = [index for index in site.indices if index.dim == flat(s.shape)[0]]
            for i in indices:
                for j in indices:
                    if i != j:
                        yield partial(softmax_entry, s, i, j)
        elif site.shape == SCALAR:
            continue  # where both indices are written, it was not taken for elementwise
        elif is_vector(site.shape):
            for factor in site.factors:
                if same_shape(factor.shape, site.shape):
                    yield partial(_product, s, factor)
        else:
            yield partial(_jacobian, s)


def _jacobian(s: Term) -> Term:
    return apply("diag", s) - apply("outer", s, s)


def _product(s: Term, factor: Term) -> Term:
    return apply("matmul", _jacobian(s), factor) if factor.shape[1].is_one else apply("matmul", factor, _jacobian(s))


def example() -> Derivation:
    d = Derivation("softmax-elementwise", layout="numerator")
    K = d.dim("K")
    z = d.vector("z", K)
    s = d.let("s", apply("softmax", z, parameters=(None,)))
    ones = apply("ones", parameters=(K,))
    d.claim("wrong", D(s, z), apply("diag", apply("hadamard", s, ones - s)))
    d.claim("right", D(s, z), apply("diag", s) - apply("outer", s, s))
    return d


HINT = Hint(
    name="softmax treated as elementwise",
    why="every entry of a softmax depends on all entries of its argument, so that its Jacobian is diag(s) − s sᵀ and not diagonal",
    order=90,
    repairs=repairs,
    example=example,
)
