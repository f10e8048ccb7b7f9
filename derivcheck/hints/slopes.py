"""The slopes of the functions by which intermediates are defined entry by entry, by their values where that is how one writes them."""

from __future__ import annotations

from derivcheck.algebra.dims import Index
from derivcheck.hints.record import applied, arguments
from derivcheck.language.operators import apply
from derivcheck.language.operators.ones import ones
from derivcheck.language.shapes import SCALAR, flat
from derivcheck.language.terms import Apply, Delta, Entry, Named, Term


def slope_of(symbol: Named) -> Term | None:
    """All slopes, in the shape of the intermediate: g′(z), h − h ⊙ h of a sigmoid, 1 − h ⊙ h of a tanh; None for another definition."""
    inner = symbol.definition
    if symbol.shape == SCALAR:
        return slope_by_value(symbol, inner)
    if applied(inner, "elementwise") and isinstance(inner, Apply):
        return Apply(inner.operator, arguments(inner), (inner.parameters[0], inner.parameters[1] + 1))
    if applied(inner, "sigmoid"):
        return symbol - apply("hadamard", symbol, symbol)
    if applied(inner, "tanh") and symbol.shape[1].is_one:
        return ones(symbol.shape[0]) - apply("hadamard", symbol, symbol)
    return symbol if applied(inner, "exp") else None


def softmax_entry(s: Term, i: Index, j: Index) -> Term:
    """∂s_i/∂z_j of s = softmax(z): s_i (δ_ij − s_j)."""
    return Entry(s, (i,)) * (Delta(i, j) - Entry(s, (j,)))


def slope_of_entry(symbol: Named, slots: tuple[Index, ...]) -> Term | None:
    """The slope of one entry: g′(z_j), h_j (1 − h_j) of a sigmoid, 1 − h_j² of a tanh; None for another definition."""
    inner = symbol.definition
    if len(slots) != len(flat(symbol.shape)):
        return None
    if applied(inner, "elementwise") and isinstance(inner, Apply):
        return Apply(inner.operator, (Entry(arguments(inner)[0], slots),), (inner.parameters[0], inner.parameters[1] + 1))
    return slope_by_value(Entry(symbol, slots), inner)


def slope_by_value(value: Term, definition: Term) -> Term | None:
    """The slope where a scalar is a value of the function that the definition applies: s (1 − s) of a sigmoid; None for another function."""
    if applied(definition, "sigmoid"):
        return value * (1 - value)
    if applied(definition, "tanh"):
        return 1 - value**2
    return value if applied(definition, "exp") else None
