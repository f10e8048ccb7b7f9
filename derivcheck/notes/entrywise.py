"""A scalar formula taken at every entry of a tensor."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

from derivcheck.algebra.dims import Dim, Index
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR, flat
from derivcheck.language.terms import Array, Entry, Term
from derivcheck.notes.context import Context


def entrywise(context: Context, term: Term, of: Callable[[Term], Term]) -> Term:
    """The tensor of `of(entry)`, shaped like the term; of a scalar, `of` of it."""
    if term.shape == SCALAR:
        return of(term)
    dims = flat(term.shape)
    indices = fresh_indices(context, dims, term)
    found = Array(indices, of(Entry(term, indices)))
    return apply("transpose", found) if len(dims) == 1 and term.shape[0].is_one else found


def fresh_indices(context: Context, dims: tuple[Dim, ...], *terms: Term) -> tuple[Index, ...]:
    """Indices over these dimensions, of names that neither the terms nor the note use otherwise: i', j'."""
    known = context.scope.derivation
    taken = {index.name for term in terms for index in term.free | term.bound} | context.bound.keys() | context.learned.keys() | known.names.keys()
    found: list[Index] = []
    for dim in dims:
        base = context.base(dim)
        elsewhere = {index.name for index in known.local_indices if index.dim != dim or index.base != base}
        spellings = (f"{letter}{chr(39) * primes}" for primes in count(1) for letter in "ijklrs")
        name = next(spelled for spelled in spellings if spelled not in taken and spelled not in elsewhere)
        taken.add(name)
        found.append(context.local_index(name, dim, base))
    return tuple(found)
