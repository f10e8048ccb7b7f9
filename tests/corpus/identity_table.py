"""A textbook identity of the corpus: a function that states it, and the verdict that it must get.

    @identity("proved")
    def trace_is_cyclic(d):
        '''tr(AB) = tr(BA).'''
        n, m = d.dim("n"), d.dim("m")
        A, B = d.matrix("A", n, m), d.matrix("B", m, n)
        return trace(A @ B), trace(B @ A)

The function declares what it needs on the derivation that it is given and returns both sides: terms, or functions of nothing where
a side cannot be built. Relations of the free indices, if any, follow. Adding an identity is adding such a function to one of
the corpus_*.py files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from derivcheck import Derivation
from derivcheck.claims import Claim, Word
from derivcheck.language.layout import Layout
from derivcheck.language.terms import Derivative
from derivcheck.language.walks import subterms


@dataclass(frozen=True)
class Identity:
    """A statement, its expected verdict, and the conditions and assumptions that it may rest on, as a report prints them."""

    name: str
    state: Callable[[Derivation], tuple[Any, ...]]
    expected: Word
    layout: Layout
    conditions: tuple[str, ...]
    assumptions: tuple[str, ...]

    def derivation(self) -> Derivation:
        """A new derivation with this statement as its only claim."""
        derivation = Derivation(self.name, layout=self.layout, title=(self.state.__doc__ or "").strip())
        lhs, rhs, *where = self.state(derivation)
        derivation.claim(
            self.name, lhs, rhs, where=where, expected=self.expected, conditions=self.conditions, assumptions=self.assumptions
        )
        return derivation


def identity(
    expected: Word,
    *,
    layout: Layout = "like-variable",
    conditions: tuple[str, ...] = (),
    assumptions: tuple[str, ...] = (),
) -> Callable[[Callable[[Derivation], tuple[Any, ...]]], Identity]:
    """Make an entry of the corpus of a function that states an identity."""
    return lambda state: Identity(state.__name__, state, expected, layout, conditions, assumptions)


def identities(*modules: ModuleType) -> tuple[Identity, ...]:
    """The entries of corpus modules, in the order in which they are written."""
    return tuple(entry for module in modules for entry in vars(module).values() if isinstance(entry, Identity))


def has_derivative(claim: Claim) -> bool:
    """Whether a side of the claim contains a derivative."""
    sides = [side for side in (claim.lhs, claim.rhs) if side is not None]
    return any(isinstance(node, Derivative) for side in sides for node in subterms(side))
