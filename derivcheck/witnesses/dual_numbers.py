"""Dual numbers x + ε x′ with ε² = 0, as elements of NumPy object arrays.

They carry the derivative of a computation that is itself differentiated by complex step. The components are floats,
complex numbers or dual numbers of a lower level, so that derivatives nest to any depth; the level keeps the ε of an
inner derivative apart from that of an outer one.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass
from typing import Any, Union

import numpy as np

Component = Union[float, complex, "Dual"]


@dataclass(frozen=True, slots=True)
class Dual:
    """value + ε_level tangent. NumPy's exp, log, sqrt, sin, cos and tanh call the methods of these names."""

    level: int
    value: Component
    tangent: Component

    @property
    def real(self) -> float:
        """The real part of the value itself: what branches and conditions look at."""
        return self.value.real

    def _split(self, other: Component) -> tuple[int, Component, Component, Component, Component]:
        """The higher of both levels, and both numbers as value and tangent at that level."""
        if isinstance(other, Dual):
            if other.level == self.level:
                return self.level, self.value, self.tangent, other.value, other.tangent
            if other.level > self.level:
                return other.level, self, 0.0, other.value, other.tangent
        return self.level, self.value, self.tangent, other, 0.0

    # an array on the other side takes the operation over, entry by entry
    def __add__(self, other: Component) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        level, a, da, b, db = self._split(other)
        return Dual(level, a + b, da + db)

    __radd__ = __add__

    def __sub__(self, other: Component) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        level, a, da, b, db = self._split(other)
        return Dual(level, a - b, da - db)

    def __rsub__(self, other: Component) -> Any:
        return -self + other

    def __neg__(self) -> Dual:
        return Dual(self.level, -self.value, -self.tangent)

    def __pos__(self) -> Dual:
        return self

    def __mul__(self, other: Component) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        level, a, da, b, db = self._split(other)
        return Dual(level, a * b, da * b + a * db)

    __rmul__ = __mul__

    def __truediv__(self, other: Component) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        level, a, da, b, db = self._split(other)
        quotient = a / b
        return Dual(level, quotient, (da - quotient * db) / b)

    def __rtruediv__(self, other: Component) -> Dual:
        quotient = other / self.value
        return Dual(self.level, quotient, -quotient * self.tangent / self.value)

    def __pow__(self, exponent: int | float) -> Dual:
        """To a constant real power; a fractional one needs a positive real part. Raises TypeError for another exponent."""
        if not isinstance(exponent, (int, float)):
            raise TypeError(f"a dual number is raised to a real constant, not to {exponent!r}")
        if exponent == 0:
            return Dual(self.level, self.value * 0 + 1.0, self.tangent * 0)
        whole = int(exponent) if exponent == int(exponent) else exponent
        return Dual(self.level, self.value**whole, whole * self.value ** (whole - 1) * self.tangent)

    def exp(self) -> Dual:
        value = exp(self.value)
        return Dual(self.level, value, value * self.tangent)

    def log(self) -> Dual:
        return Dual(self.level, log(self.value), self.tangent / self.value)

    def sqrt(self) -> Dual:
        root = sqrt(self.value)
        return Dual(self.level, root, self.tangent / (2 * root))

    def sin(self) -> Dual:
        return Dual(self.level, sin(self.value), cos(self.value) * self.tangent)

    def cos(self) -> Dual:
        return Dual(self.level, cos(self.value), -sin(self.value) * self.tangent)

    def tanh(self) -> Dual:
        value = tanh(self.value)
        return Dual(self.level, value, (1 - value * value) * self.tangent)


def tangent_of(number: Component, level: int) -> Component:
    """The tangent at `level`; 0 for a number that does not depend on the variable of that level."""
    return number.tangent if isinstance(number, Dual) and number.level == level else 0.0


def exp(x: Component) -> Component:
    return x.exp() if isinstance(x, Dual) else cmath.exp(x) if isinstance(x, complex) else math.exp(x)


def log(x: Component) -> Component:
    return x.log() if isinstance(x, Dual) else cmath.log(x) if isinstance(x, complex) else math.log(x)


def sqrt(x: Component) -> Component:
    return x.sqrt() if isinstance(x, Dual) else cmath.sqrt(x) if isinstance(x, complex) else math.sqrt(x)


def sin(x: Component) -> Component:
    return x.sin() if isinstance(x, Dual) else cmath.sin(x) if isinstance(x, complex) else math.sin(x)


def cos(x: Component) -> Component:
    return x.cos() if isinstance(x, Dual) else cmath.cos(x) if isinstance(x, complex) else math.cos(x)


def tanh(x: Component) -> Component:
    return x.tanh() if isinstance(x, Dual) else cmath.tanh(x) if isinstance(x, complex) else math.tanh(x)
