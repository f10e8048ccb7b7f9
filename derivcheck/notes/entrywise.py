"""A scalar formula taken at every entry of a tensor."""

from __future__ import annotations

from collections.abc import Callable

from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR, flat
from derivcheck.language.terms import Array, Entry, Term
from derivcheck.notes.context import Context


def entrywise(context: Context, term: Term, of: Callable[[Term], Term]) -> Term:
    """The tensor of `of(entry)`, shaped like the term; of a scalar, `of` of it."""
    if term.shape == SCALAR:
        return of(term)
    dims = flat(term.shape)
    indices = tuple(context.local_index(f"{letter}'", dim, context.base(dim)) for letter, dim in zip("ijkl", dims, strict=False))
    found = Array(indices, of(Entry(term, indices)))
    return apply("transpose", found) if len(dims) == 1 and term.shape[0].is_one else found
