"""Points and values as a report prints them, and read back: nothing but digits, signs, fractions and brackets.

A scalar is `3/2`, a row `[1 0]`, a column `[1; 0]`, a matrix `[0 1; 0 0]`; a tensor of more axes has its last axis as rows. An interval is
`[0.131, 0.132]` and contains the value.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor
from typing import Any

from mpmath.libmp import to_rational

from derivcheck.witnesses.exact.packed_polynomials import Stopped

DIGITS = (6, 10, 20, 40, 100, 300, 1000)


def printed_entries(entries: Sequence[Fraction], size: Sequence[int]) -> str:
    """The entries of a tensor of that size, row-major."""
    if not size:
        return str(entries[0])
    width = size[-1]
    rows = [entries[start : start + width] for start in range(0, len(entries), width)]
    return f"[{'; '.join(' '.join(map(str, row)) for row in rows)}]"


def parsed_entries(printed: str) -> list[Fraction]:
    """The entries of a printed tensor, row-major. Raises ValueError for anything else."""
    return [Fraction(entry) for entry in printed.strip("[]").replace(";", " ").split()]


def printed_sides(left: Any, right: Any) -> tuple[str, str]:
    """Two values that differ: rationals exactly, intervals rounded outwards to as many decimals as keep them apart.

    Raises Stopped where 1000 decimals do not.
    """
    for digits in DIGITS:
        bounds = [_bounds(value, digits) for value in (left, right)]
        if bounds[0][1] < bounds[1][0] or bounds[1][1] < bounds[0][0]:
            return _printed(left, bounds[0], digits), _printed(right, bounds[1], digits)
    raise Stopped(f"{DIGITS[-1]} decimals do not keep the sides apart")


def _bounds(value: Any, digits: int) -> tuple[Fraction, Fraction]:
    if isinstance(value, Fraction):
        return value, value
    low, high = (Fraction(*map(int, to_rational(end))) for end in value._mpi_)
    unit = 10**digits
    return Fraction(floor(low * unit), unit), Fraction(ceil(high * unit), unit)


def _printed(value: Any, bounds: tuple[Fraction, Fraction], digits: int) -> str:
    return str(value) if isinstance(value, Fraction) else f"[{_decimal(bounds[0], digits)}, {_decimal(bounds[1], digits)}]"


def _decimal(value: Fraction, digits: int) -> str:
    shifted = abs(int(value * 10**digits))
    sign = "-" if value < 0 else ""
    return f"{sign}{shifted // 10**digits}.{shifted % 10**digits:0{digits}d}"
