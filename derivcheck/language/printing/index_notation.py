"""Polynomials of the index algebra as plain text: the normal forms that a proof shows, and the texts of conditions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from derivcheck.algebra.assumptions import UNORDERED
from derivcheck.algebra.atoms import Arena, Atom, Monomial, Polynomial, Rational, Slot, magnitude

_LETTERS = "ijklmnpqrstuvwabcdefghoxyz"
_SUPERSCRIPTS = str.maketrans("0123456789-/", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᐟ")
_PRIMES = ("", "′", "″", "‴")


class IndexNotation:
    """Prints polynomials of one arena. `names` are the names of free variables; bound ones get letters that are neither in use nor reserved."""

    def __init__(self, arena: Arena, names: Mapping[int, str], reserved: frozenset[str] = frozenset()) -> None:
        self.arena = arena
        self.names = dict(names)
        self.reserved = reserved

    def polynomial(self, polynomial: Polynomial) -> str:
        """The sum, terms in a fixed order, "0" if empty."""
        parts = sorted(((self.monomial(m), c) for m, c in polynomial.terms.items()), key=lambda part: (part[1] < 0, part[0]))
        text = ""
        for body, coefficient in parts:
            sign = "-" if coefficient < 0 else "+"
            value = _coefficient(magnitude(coefficient), body)
            text += f" {sign} {value}" if text else (f"-{value}" if sign == "-" else value)
        return text or "0"

    def monomial(self, monomial: Monomial) -> str:
        """The product; negative powers as a denominator."""
        above = sorted(self.power(atom, exponent) for atom, exponent in monomial if exponent > 0)
        below = sorted(self.power(atom, -exponent) for atom, exponent in monomial if exponent < 0)
        if not below:
            return " ".join(above)
        denominator = below[0] if len(below) == 1 else f"({' '.join(below)})"
        return f"{' '.join(above) or '1'}/{denominator}"

    def power(self, atom: Atom, exponent: Rational) -> str:
        """atom^exponent."""
        if atom.kind == "exp":
            return f"exp({self.polynomial(Polynomial({atom.data[0]: exponent}))})"
        body = self.atom(atom)
        if exponent == Fraction(1, 2):
            return f"√({body})"
        if atom.kind in ("base", "sum"):
            body = f"({body})"
        if exponent == 1:
            return body
        return body + (str(exponent).translate(_SUPERSCRIPTS) if exponent.denominator == 1 else f"^({exponent})")

    def atom(self, atom: Atom) -> str:
        """One atom."""
        data = atom.data
        match atom.kind:
            case "entry":
                return str(data[0]).removesuffix(UNORDERED) + self._slots(data[1])
            case "delta":
                return f"δ[{','.join(sorted(map(self.slot, data)))}]"
            case "at-most":
                return f"[{self.slot(data[0])} ≤ {self.slot(data[1])}]"
            case "size" | "prime":
                return str(data[0])
            case "exp":
                return f"exp({self.monomial(data[0])})"
            case "log":
                return f"log({self.polynomial(data[0])})"
            case "base":
                return self.polynomial(data[0])
            case "step":
                return f"[{self.polynomial(data[0])} > 0]"
            case "sum":
                self.bind(data[0])
                return f"Σ_{','.join(map(self.slot, data[0]))} {self.monomial(data[1])}"
            case "function":
                name, order, argument = data
                mark = _PRIMES[order] if order < len(_PRIMES) else f"^({order})"
                return f"{name}{mark}({self.polynomial(argument)})"
            case "functional":
                name, bound, argument, groups = data
                self.bind(bound)
                derived = "".join(f"∂{self._slots(group)}" for group in groups)
                return f"{derived}{name}({self.polynomial(argument)})"
            case "inverse":
                bound, argument, left, right = data
                self.bind(bound)
                return f"({self.polynomial(argument)})⁻¹{self._slots((left, right))}"
            case "determinant":
                self.bind(data[0])
                return f"det({self.polynomial(data[1])})"
            case "partial":
                return f"∂{data[0]}{self._slots(data[1])}/∂{data[2]}{self._slots(data[3])}"
        raise TypeError(f"unknown atom {atom.kind}")

    def slot(self, slot: Slot) -> str:
        """A subscript."""
        if isinstance(slot, int):
            if slot not in self.names:
                self.bind((slot,))
            return self.names[slot]
        variable, offset = slot
        return str(offset) if variable < 0 else f"{self.slot(variable)}{offset:+d}"

    def _slots(self, slots: tuple[Slot, ...]) -> str:
        return f"[{','.join(map(self.slot, slots))}]" if slots else ""

    def bind(self, variables: tuple[int, ...]) -> None:
        """Give letters to the variables without a name: letters that are not the name of a dimension, a tensor or another index."""
        variables = tuple(variable for variable in variables if variable not in self.names)
        if not variables:
            return
        taken = self.arena.symbols | self.reserved | set(self.names.values())
        for variable in variables:
            name = next((letter for letter in _LETTERS if letter not in taken), f"i{variable}")
            self.names[variable] = name
            taken.add(name)


def _coefficient(value: Rational, body: str) -> str:
    if not body:
        return str(value)
    return body if value == 1 else f"{value} {body}" if value.denominator == 1 else f"({value}) {body}"
