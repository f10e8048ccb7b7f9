"""Both sides of a claim as small explicit SymPy matrices, and their simplified difference.

This is an illustration for a reader: the difference shown here is simplified by SymPy and is no part of any verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

from derivcheck.algebra.dims import IllTyped
from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.verdict import Verdict
from derivcheck.witnesses.claim_dimensions import dimension_symbols, leaves_of

DEFAULT_SIZES = (2, 3, 4)
NOT_CLAIMED = "·"


def sizes_of(claim: Claim, verdict: Verdict, wanted: Mapping[str, int]) -> dict[str, int]:
    """A size for each dimension of the claim: the wanted one, that of the small-dimensions witness, or one of 2, 3, 4 in turn."""
    small = verdict.evidence.small_dimensions
    known = dict(small.dims) if small is not None else {}
    symbols = dimension_symbols(claim)
    return {name: wanted.get(name, known.get(name, DEFAULT_SIZES[k % len(DEFAULT_SIZES)])) for k, name in enumerate(symbols)}


def explicit_lines(claim: Claim, derivation: Derivation, verdict: Verdict, wanted: Mapping[str, int], width: int) -> Iterator[tuple[str, str]]:
    """Labelled matrices: left, right, and left - right simplified. A matrix wider than `width` is listed entry by entry."""
    import sympy  # slow to import

    if claim.broken is not None:
        yield "not shown", claim.broken
        return
    sizes = dict(claim.explicit.dims) if claim.explicit is not None else sizes_of(claim, verdict, wanted)
    try:
        left, right = claim.sympy(sizes)
    except IllTyped as problem:
        yield "not shown", str(problem)
        return
    at = ", ".join(f"{name} = {size}" for name, size in sizes.items())
    label, values = _assumed(claim, derivation, sizes)
    difference = (left - right).subs(values).applyfunc(sympy.simplify)
    unclaimed = f"   ({NOT_CLAIMED}: nothing is claimed of this entry)" if left.has(sympy.nan) else ""
    yield f"left{f' at {at}' if at else ''}{unclaimed}", _written(left, width)
    yield "right", _written(right, width)
    yield f"left - right, simplified{label}", _written(difference, width)


def _assumed(claim: Claim, derivation: Derivation, sizes: Mapping[str, int]) -> tuple[str, dict[Any, Any]]:
    """What the assumptions make of the entries, and how the difference says so. One-hot entries are put at their first position."""
    from derivcheck.language.printing.sympy_entries import Evaluation  # imports SymPy
    from derivcheck.witnesses.exact.assumptions import placements  # imports SymPy

    leaves = leaves_of(claim)
    relevant = [assumption for assumption in derivation.assumptions if any(assumption.tensor is leaf for leaf in leaves)]
    if not relevant:
        return "", {}
    constraints, _ = placements(relevant, Evaluation(sizes), leaves, 1, Random(0))
    values = dict(constraints[0].values)
    if not values:
        return "", {}
    one_hot = ", the first position for each one-hot" if any(assumption.kind == "one-hot" for assumption in relevant) else ""
    return f", with {' and '.join(map(str, relevant))}{one_hot}", values


def _written(matrix: Any, width: int) -> str:
    """A matrix drawn in two dimensions, or a line for each entry where the drawing is too wide."""
    import sympy  # slow to import

    shown = matrix.applyfunc(lambda entry: sympy.Symbol(NOT_CLAIMED) if entry is sympy.nan else entry)
    drawing = str(sympy.pretty(shown, use_unicode=True, wrap_line=False))
    if max(map(len, drawing.splitlines())) <= width:
        return drawing
    return "\n".join(f"({row + 1},{column + 1})   {shown[row, column]}" for row in range(shown.rows) for column in range(shown.cols))
