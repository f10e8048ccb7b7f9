"""One entry moved, and what that does to a result: complex steps, and dual numbers where derivatives are nested."""

from __future__ import annotations

from typing import Any

import numpy as np

from derivcheck.witnesses.dual_numbers import Dual, tangent_of
from derivcheck.witnesses.surroundings import Value

STEP = 1e-30
"""The complex step: far below rounding, so that its square is exactly nothing beside the value."""


def as_array(value: Value) -> np.ndarray[Any, Any]:
    """The value as an array, 0-dimensional for a scalar."""
    return value if isinstance(value, np.ndarray) else np.array(value)


def lifted(array: np.ndarray[Any, Any], level: int) -> np.ndarray[Any, Any]:
    """Every entry a dual number where one is, because NumPy calls their methods."""
    if array.dtype != object:
        return array
    lifted = np.empty(array.shape, dtype=object)
    for number, entry in enumerate(array.flat):
        lifted.flat[number] = entry if isinstance(entry, Dual) else Dual(level, entry, 0.0)
    return lifted


def moved_at(start: np.ndarray[Any, Any], place: int, level: int) -> Value:
    """The tensor with an imaginary step, or at deeper levels a tangent 1, at one flat place."""
    if level == 1:
        moved = start.astype(complex)
        moved.flat[place] += STEP * 1j
    else:
        moved = np.empty(start.shape, dtype=object)
        for number, entry in enumerate(start.ravel().tolist()):
            moved.flat[number] = Dual(level, entry, 1.0 if number == place else 0.0)
    return moved.item() if start.ndim == 0 else moved


def tangents(result: Value, level: int) -> np.ndarray[Any, Any]:
    """What the entries of a result gain when the entry that was moved at this level grows by 1, in one line."""
    entries = as_array(result).ravel()
    return entries.imag / STEP if level == 1 else np.array([tangent_of(entry, level) for entry in entries])
