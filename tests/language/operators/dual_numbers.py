"""Numbers a + b·ε with ε² = 0, whose parts may be such numbers again: what the operators' NumPy facets must accept."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any


def call(name: str, value: Any) -> Any:
    return getattr(value, name)() if isinstance(value, Dual) else getattr(math, name)(value)


class Dual:
    """Without an order and without abs, so that a facet that compares or branches on it fails."""

    __slots__ = ("part", "real")

    def __init__(self, real: Any, part: Any) -> None:
        self.real = real
        self.part = part

    @staticmethod
    def of(value: Any) -> Dual:
        if isinstance(value, Dual):
            return value
        assert isinstance(value, (int, float, Fraction)), type(value)
        return Dual(value, 0.0)

    def __add__(self, other: Any) -> Dual:
        if not isinstance(other, Dual):
            return Dual(self.real + other, self.part)
        return Dual(self.real + other.real, self.part + other.part)

    def __mul__(self, other: Any) -> Dual:
        if not isinstance(other, Dual):
            return Dual(self.real * other, self.part * other)
        return Dual(self.real * other.real, self.real * other.part + self.part * other.real)

    def __pow__(self, exponent: int | float) -> Dual:
        assert isinstance(exponent, (int, float, Fraction))
        return Dual(self.real**exponent, self.part * (self.real ** (exponent - 1) * exponent))

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self) -> Dual:
        return self * -1.0

    def __sub__(self, other: Any) -> Dual:
        return self + -other

    def __rsub__(self, other: Any) -> Dual:
        return -self + other

    def __truediv__(self, other: Any) -> Dual:
        return self * (other**-1 if isinstance(other, Dual) else 1.0 / other)

    def __rtruediv__(self, other: Any) -> Dual:
        return self**-1 * other

    def exp(self) -> Dual:
        value = call("exp", self.real)
        return Dual(value, self.part * value)

    def log(self) -> Dual:
        return Dual(call("log", self.real), self.part / self.real)

    def sqrt(self) -> Dual:
        return self**0.5

    def sin(self) -> Dual:
        return Dual(call("sin", self.real), self.part * call("cos", self.real))

    def cos(self) -> Dual:
        return Dual(call("cos", self.real), self.part * -call("sin", self.real))

    def tanh(self) -> Dual:
        value = call("tanh", self.real)
        return Dual(value, self.part * (1.0 - value * value))
