"""The witness of exact arithmetic: both sides as explicit SymPy entries at small sizes, every entry of the difference decided exactly.

    witness(claim, derivation, seed=0) -> SmallDimensions

`agrees`: every decided entry of left - right is zero as a quotient of polynomials in the entries and in generators for exp, log, roots, steps
and generic functions, where their relations are identities; no `simplify` is asked. `disagrees`: the sides have different values at a point
that meets the assumptions and conditions, in exact or interval arithmetic. Anything else is not decided, and says why it stopped.
"""

from __future__ import annotations

import time
from dataclasses import replace
from random import Random

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.verdict import SmallDimensions
from derivcheck.witnesses.claim_dimensions import dimension_symbols, indices_of, meeting

LARGEST_SIZE = 6
FIRST_SHARE = 0.6
"""The part of the budget that the first choice of sizes has."""


def witness(claim: Claim, derivation: Derivation, seed: int = 0, budget_seconds: float = 4.0) -> SmallDimensions:
    """What exact arithmetic finds at sizes from {2, 3, 4}, no two dimensions that meet in one tensor equal, none 1.

    A single symbolic dimension has size 3; several have 2, 3, 4 in the order in which the claim names them, and where there are more than
    three, 2 and 3 are used again for symbols that do not meet. A dimension with five or six indices is as large as they are many, because
    a claim about five distinct positions is empty below. Integer dimensions stay. Where the budget does not suffice, sizes 2 and 3
    are tried. More than 100 entries, or 12 placements of one-hot entries, are sampled with the seed.
    """
    from derivcheck.witnesses.exact.decision import decide  # SymPy is slow to import

    started = time.perf_counter()
    if claim.broken or (claim.explicit is None and (claim.lhs is None or claim.rhs is None)):
        return SmallDimensions(None, stopped="the sides do not fit")
    found = SmallDimensions(None, stopped="no sizes to try")
    for sizes, share in zip(_sizes_to_try(claim), (FIRST_SHARE, 1 - FIRST_SHARE), strict=False):
        found = decide(claim, derivation, sizes, Random(seed), share * budget_seconds)
        if found.status is not None:
            break
    return replace(found, seconds=time.perf_counter() - started)


def _sizes_to_try(claim: Claim) -> list[dict[str, int]]:
    """The sizes to decide at, and smaller ones for where that takes too long."""
    if claim.explicit is not None:
        return [dict(claim.explicit.dims)]
    symbols = dimension_symbols(claim)
    if len(symbols) == 1:
        indices = len(indices_of(claim, symbols[0]))
        return [{symbols[0]: min(indices, LARGEST_SIZE) if indices > 4 else 3}, {symbols[0]: 2}]
    first = dict(zip(symbols, (2, 3, 4), strict=False)) if len(symbols) <= 3 else _apart(claim, symbols, (2, 3, 4))
    smaller = _apart(claim, symbols, (2, 3))
    return [first] if smaller == first else [first, smaller]


def _apart(claim: Claim, symbols: tuple[str, ...], choices: tuple[int, ...]) -> dict[str, int]:
    """The first of the sizes that no symbol has which meets this one in a tensor; where none is left, the sizes in turn."""
    neighbours = meeting(claim)
    sizes: dict[str, int] = {}
    for place, symbol in enumerate(symbols):
        taken = {sizes[other] for other in neighbours.get(symbol, frozenset()) if other in sizes}
        sizes[symbol] = next((size for size in choices if size not in taken), choices[place % len(choices)])
    return sizes
