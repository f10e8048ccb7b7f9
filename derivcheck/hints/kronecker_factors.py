"""The factors of a Kronecker product in the wrong order."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from derivcheck.derivation import Derivation
from derivcheck.hints.record import Build, Hint, Site, applied, arguments
from derivcheck.language.operators import apply


def repairs(site: Site) -> Iterator[Build]:
    """B ⊗ A instead of A ⊗ B."""
    if applied(site.node, "kron"):
        left, right = arguments(site.node)
        yield partial(apply, "kron", right, left)


def example() -> Derivation:
    d = Derivation("kronecker-factors", layout="numerator")
    n = d.dim("n")
    A, B, C = d.matrix("A", n, n), d.matrix("B", n, n), d.matrix("C", n, n)
    d.claim("wrong", apply("vec", A @ B @ C), apply("kron", A, C.T) @ apply("vec", B))
    d.claim("right", apply("vec", A @ B @ C), apply("kron", C.T, A) @ apply("vec", B))
    return d


HINT = Hint(
    name="Kronecker factors swapped",
    why="with vec stacking columns it is vec(ABC) = (Cᵀ ⊗ A) vec(B); the other order belongs to a vec that goes along rows",
    order=25,
    repairs=repairs,
    example=example,
)
