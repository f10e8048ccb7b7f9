"""The matrix whose rows (or columns) are a formula at each index: z^{[i]} = a^{[i]} W + b for every i is Z = A W + 1 b.

Only what acts on every row alone is lifted; where anything else occurs, the matrix is defined by its entries.
"""

from __future__ import annotations

from derivcheck.algebra.dims import Index
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR, is_vector
from derivcheck.language.terms import Add, Apply, Scale, Slice, Term

ENTRYWISE = frozenset({"sigmoid", "tanh", "relu", "exp", "log", "softplus", "absolute", "sqrt", "elementwise", "power"})


def lifted(term: Term, index: Index, *, rows: bool) -> Term | None:
    """The matrix with `term` as row (or column) number `index`; None where it is not seen how."""
    if not is_vector(term.shape) or term.shape[0].is_one != rows:
        return None
    if index not in term.free:
        ones = apply("ones", parameters=(index.dim,))
        return apply("matmul", ones, term) if rows else apply("matmul", term, apply("transpose", ones))
    match term:
        case Slice(slots=slots) if slots == ((index, None) if rows else (None, index)) and index not in term.tensor.free:
            return term.tensor
        case Add():
            parts = [lifted(part, index, rows=rows) for part in term.terms]
            return Add(tuple(part for part in parts if part is not None)) if None not in parts else None
        case Scale() if term.factor.shape == SCALAR and index not in term.factor.free:
            body = lifted(term.body, index, rows=rows)
            return None if body is None else Scale(term.factor, body)
        case Apply():
            return _of_operator(term, index, rows)
    return None


def _of_operator(term: Apply, index: Index, rows: bool) -> Term | None:
    name = term.operator.name
    if name in ENTRYWISE and len(term.arguments) == 1:
        inner = lifted(term.arguments[0], index, rows=rows)
        return None if inner is None else Apply(term.operator, (inner,), term.parameters)
    if name == "softmax" and term.parameters == (None,):
        inner = lifted(term.arguments[0], index, rows=rows)
        return None if inner is None else Apply(term.operator, (inner,), (1 if rows else 0,))
    if name == "hadamard":
        left, right = (lifted(argument, index, rows=rows) for argument in term.arguments)
        return apply("hadamard", left, right) if left is not None and right is not None else None
    if name == "matmul":
        moving, still = term.arguments if rows else term.arguments[::-1]
        whole = lifted(moving, index, rows=rows)
        if whole is None or index in still.free or len(still.shape) != 2:
            return None
        return apply("matmul", whole, still) if rows else apply("matmul", still, whole)
    return None
