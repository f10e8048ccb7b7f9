"""Claims that are stated as explicit SymPy matrices, at random numbers for their symbols.

SymPy evaluates both sides to 30 digits. A generic function, Function("L")(x, y), becomes a concrete one without symmetries.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from derivcheck.claims import ExplicitMatrices
from derivcheck.verdict import Numeric

POINTS = 3
ATTEMPTS = 30
DIGITS = 30


def witness(explicit: ExplicitMatrices, random: np.random.Generator, agrees: float, disagrees: float) -> Numeric:
    """What both matrices are at a few points; a point counts where every entry of both is a real number."""
    left, right = (_carried_out(side) for side in explicit.matrices())
    symbols = sorted(left.free_symbols | right.free_symbols, key=str)
    for symbol in symbols:
        if symbol.is_real is False or symbol.is_integer or symbol.is_commutative is False:
            return Numeric(None, stopped=f"no real numbers are drawn for the symbol {symbol}")
    points, error = 0, 0.0
    for attempt in range(ATTEMPTS):
        values = {symbol: _number(symbol, attempt, random) for symbol in symbols}
        sides = [_floats(side, values) for side in (left, right)]
        if sides[0] is None or sides[1] is None:
            continue
        scale = max(float(np.max(np.abs(sides[0]))), float(np.max(np.abs(sides[1]))), 1e-3)
        points += 1
        error = max(error, float(np.max(np.abs(sides[0] - sides[1]))) / scale)
        if error > disagrees:
            return Numeric("disagrees", points, points * int(sides[0].size), error, explicit.dims)
        if points == POINTS or not symbols:
            break
    if not points:
        return Numeric(None, stopped="no point was found at which every entry is a real number")
    if error > agrees:
        return Numeric(None, points, points * len(left), error, explicit.dims, stopped=f"inconclusive: a relative difference of {error:.1e}")
    return Numeric("agrees", points, points * len(left), error, explicit.dims)


def _carried_out(matrix: Any) -> Any:
    """The matrix with concrete functions for the generic ones, and with derivatives, sums and integrals carried out."""
    from sympy.core.function import AppliedUndef  # SymPy is slow to import

    generic = sorted({call.func for call in matrix.atoms(AppliedUndef)}, key=str)
    for function in generic:
        matrix = matrix.applyfunc(lambda entry, function=function: entry.replace(function, lambda *arguments: _concrete(str(function), arguments)))
    return matrix.applyfunc(lambda entry: entry.doit())


def _concrete(name: str, arguments: tuple[Any, ...]) -> Any:
    """(Σ c_k x_k)² + Σ d_k sin(x_k) + sin(Σ e_k x_k), with coefficients that depend on the name alone."""
    from sympy import Rational, sin  # SymPy is slow to import

    def coefficient(letter: str, number: int) -> Any:
        return Rational(zlib.crc32(f"{name}/{letter}/{number}".encode()) % 1000 + 500, 1000)

    def weighted(letter: str, terms: Sequence[Any]) -> Any:
        return sum(coefficient(letter, number) * term for number, term in enumerate(terms))

    return weighted("c", arguments) ** 2 + weighted("d", [sin(argument) for argument in arguments]) + sin(weighted("e", arguments))


def _number(symbol: Any, attempt: int, random: np.random.Generator) -> Any:
    size = random.uniform(0.3, 2.0)
    if symbol.is_nonnegative or (attempt >= ATTEMPTS // 2 and not symbol.is_nonpositive):
        return size
    return -size if symbol.is_nonpositive else size * random.choice([-1.0, 1.0])


def _floats(matrix: Any, values: dict[Any, Any]) -> np.ndarray[Any, Any] | None:
    """The entries, or None where one is not a finite real number."""
    entries = []
    for entry in matrix:
        number = entry.evalf(DIGITS, subs=values)
        if number.is_Number is False:
            number = number.as_real_imag()[0] if _is_real(number) else number
        if not number.is_Number or not np.isfinite(float(number)):
            return None
        entries.append(float(number))
    return np.array(entries)


def _is_real(number: Any) -> bool:
    """Whether the imaginary part is nothing but rounding."""
    real, imaginary = number.as_real_imag()
    if not (real.is_Number and imaginary.is_Number):
        return False
    return abs(float(imaginary)) <= 1e-20 * max(1.0, abs(float(real)))
