"""Which dimensions and declared tensors a claim speaks of, also through the definitions of the intermediates that it names."""

from __future__ import annotations

from collections.abc import Iterator

from derivcheck.algebra.dims import Dim, Index
from derivcheck.claims import Claim
from derivcheck.language.terms import Leaf, Size, Term
from derivcheck.language.walks import subterms


def opened(claim: Claim) -> Iterator[Term]:
    """Every subterm of both sides and of the definitions that they name."""
    for side in (claim.lhs, claim.rhs):
        if side is not None:
            yield from subterms(side, open_names=True)


def dims_of(term: Term) -> Iterator[Dim]:
    """The dimensions that a node itself speaks of: its axes, and those of its indices."""
    yield from term.shape
    yield from (index.dim for index in sorted(term.free | term.bound, key=str))
    if isinstance(term, Size):
        yield term.dim


def dimension_symbols(claim: Claim) -> tuple[str, ...]:
    """The symbols of dimensions that occur, declared tensors first, in the order in which the claim names them."""
    nodes = list(opened(claim))
    nodes.sort(key=lambda node: not isinstance(node, Leaf))
    found = (factor for node in nodes for dim in dims_of(node) for factor in dim.factors if isinstance(factor, str))
    return tuple(dict.fromkeys(found))


def meeting(claim: Claim) -> dict[str, frozenset[str]]:
    """For each symbol those that occur with it in the shape of one term; a dimension written as a number meets every other."""
    found: dict[str, frozenset[str]] = {}
    for node in opened(claim):
        joint = frozenset(symbol for dim in node.shape for symbol in dim.symbols)
        for symbol in joint:
            found[symbol] = found.get(symbol, frozenset()) | (joint - {symbol})
    numbers = {symbol for node in opened(claim) if isinstance(node, Size) for symbol in node.dim.symbols}
    everything = numbers.union(found)
    for number in numbers:
        found[number] = frozenset(everything - {number})
        for symbol in everything - {number}:
            found[symbol] = found.get(symbol, frozenset()) | {number}
    return found


def leaves_of(claim: Claim) -> tuple[Leaf, ...]:
    """The declared tensors that occur, once each."""
    return tuple({id(node): node for node in opened(claim) if isinstance(node, Leaf)}.values())


def indices_of(claim: Claim, symbol: str) -> frozenset[Index]:
    """The indices, free and bound, that range over a dimension."""
    return frozenset(index for node in opened(claim) for index in node.free | node.bound if index.dim.symbols == {symbol})
