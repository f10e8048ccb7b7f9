"""Multiplying terms: which product a sign or a juxtaposition is, and in which order several are taken.

A scalar times anything; the matrix product; with \\cdot between two vectors of one orientation the inner product; ⊙ and ∘ by entries; with a tensor
of order 3 the contraction of the neighbouring axes. What a note declares of a sign (read \\otimes as outer product) goes before.

Where ⊙, ⊗ or \\cdot stand between tensors that others are multiplied with, matrix products come first if that fits, else the product is
read from left
to right; where both fit, the second is the other reading. A slash divides by the one factor behind it; by all scalars behind it is the other reading.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Many
from dataclasses import replace

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR, describe, is_vector, same_shape
from derivcheck.language.shapes import core as core_shape
from derivcheck.language.terms import Number, Term, multiply
from derivcheck.notes.context import Context, Readings
from derivcheck.notes.names import plain
from derivcheck.notes.syntax import Node
from derivcheck.notes.unsupported import Unsupported

HADAMARD = frozenset({"\\odot", "\\circ"})
SCALAR_SIGNS = frozenset({"", "\\cdot", "\\times", "*", "\\ast", "\\otimes"})
"""Signs that between a scalar and anything are the product with the scalar."""

Operand = tuple[str, Term]
Reading = Callable[[Context], Term]


def multiplied(context: Context, operands: Many[Operand], node: Node) -> Term:
    """The operands, each with the sign before it, multiplied."""
    merged = _with_scalars(context, _divided(context, operands, node))
    if len(_loose_signs(context, merged)) <= 1 and all(len(run) == 1 for run in _runs(context, merged)[1:]):
        return _fold(context, merged, node)
    orders = _orders(context, merged, node)
    fitting = [name for name, order in orders.items() if _fits(context, order)]
    if len(fitting) == 1:
        context.readings.say(f"a product {fitting[0]}, which is the only order that fits")
        return orders[fitting[0]](context)
    if fitting and _is_associative(context, merged):
        return _fold(context, merged, node)
    topic = f"a product with {' and '.join(map(_printed, _loose_signs(context, merged)))}"
    return orders[context.readings.choose(topic, *(fitting or orders))](context)


# order --------------------------------------------------------------------------------------------------------------
def _orders(context: Context, operands: Many[Operand], node: Node) -> dict[str, Reading]:
    """The orders in which products of several kinds can be taken, the usual one first."""
    signs = _loose_signs(context, operands)
    orders: dict[str, Reading] = {}
    if "\\cdot" in signs and len(signs) > 1:
        others = " and ".join(_printed(sign) for sign in signs if sign != "\\cdot")
        orders[f"is read with matrix products before {others}, and {others} before ·"] = lambda inner: _dots_last(inner, operands, node)
    orders[f"is read with matrix products before {' and '.join(map(_printed, signs))}"] = lambda inner: _fold(
        inner, _folded_runs(inner, operands, node), node
    )
    orders["is read from left to right"] = lambda inner: _fold(inner, operands, node)
    return orders


def _fits(context: Context, order: Reading) -> bool:
    """Whether an order has a meaning; what is said of it while trying is not said."""
    try:
        order(replace(context, readings=Readings(context.readings.chosen)))
    except IllTyped:
        return False
    return True


def _fold(context: Context, operands: Many[Operand], node: Node) -> Term:
    term = operands[0][1]
    for sign, other in operands[1:]:
        term = times(context, term, sign, other, node)
    return term


def _with_scalars(context: Context, operands: Many[Operand]) -> list[Operand]:
    """The operands with each scalar behind a product of tensors joined to the tensor behind it: x ⊙ 2 u is x ⊙ (2 u)."""
    found: list[Operand] = [operands[0]]
    for sign, term in operands[1:]:
        outer, before = found[-1]
        joins = outer in HADAMARD or outer in ("\\otimes", "\\cdot") or (outer not in ("", "/") and _declared(context, outer) is not None)
        if sign in ("", "\\cdot") and joins and before.shape == SCALAR and term.shape != SCALAR:
            found[-1] = (outer, multiply(before, term))
        else:
            found.append((sign, term))
    return found


def _runs(context: Context, operands: Many[Operand]) -> list[list[Operand]]:
    """The operands cut at the signs that bind less than a juxtaposition does."""
    runs = [[operands[0]]]
    for sign, term in operands[1:]:
        if _is_loose(context, sign, runs[-1][-1][1], term):
            runs.append([])
        runs[-1].append((sign, term))
    return runs


def _is_loose(context: Context, sign: str, before: Term, behind: Term) -> bool:
    if (before.shape == SCALAR and behind.shape == SCALAR) or sign in ("", "/"):
        return False
    return sign not in ("\\cdot", "\\times", "*", "\\ast", "\\otimes") or SCALAR not in (before.shape, behind.shape)


def _loose_signs(context: Context, operands: Many[Operand]) -> list[str]:
    return list(dict.fromkeys(run[0][0] for run in _runs(context, operands)[1:]))


def _printed(sign: str) -> str:
    return {"\\odot": "⊙", "\\circ": "∘", "\\otimes": "⊗", "\\cdot": "·", "\\times": "×"}.get(sign, plain(sign))


def _folded_runs(context: Context, operands: Many[Operand], node: Node) -> list[Operand]:
    return [(run[0][0], _fold(context, run, node)) for run in _runs(context, operands)]


def _dots_last(context: Context, operands: Many[Operand], node: Node) -> Term:
    """Matrix products first, then the other signs, · last."""
    parts: list[list[Operand]] = []
    for sign, term in _folded_runs(context, operands, node):
        if not parts or sign == "\\cdot":
            parts.append([])
        parts[-1].append((sign, term))
    return _fold(context, [(part[0][0], _fold(context, part, node)) for part in parts], node)


def _is_associative(context: Context, operands: Many[Operand]) -> bool:
    """Whether only matrix products are taken, in whatever order: \\cdot is one where no inner product is meant."""
    loose = _loose_signs(context, operands)
    is_matrix = all(_declared(context, sign) == "matrix product" or (sign == "\\cdot" and _declared(context, sign) is None) for sign in loose)
    columns = [term for _, term in operands if is_vector(term.shape)]
    return is_matrix and not any(same_shape(one.shape, other.shape) for position, one in enumerate(columns) for other in columns[position + 1 :])


# division -----------------------------------------------------------------------------------------------------------
SLASH = "a slash", "divides by the one factor behind it", "divides by all scalars behind it"


def _divided(context: Context, operands: Many[Operand], node: Node) -> list[Operand]:
    """The operands, with the scalars behind a slash taken together where that reading is chosen. 1/2 a is always a half of a."""
    found: list[Operand] = []
    position = 0
    while position < len(operands):
        sign, term = operands[position]
        end = position + 1
        while sign == "/" and end < len(operands) and operands[end][0] == "" and operands[end][1].shape == SCALAR:
            end += 1
        is_number = isinstance(term, Number) and position > 0 and isinstance(operands[position - 1][1], Number)
        if end > position + 1 and not is_number and context.readings.choose(*SLASH) == SLASH[2]:
            term = _fold(context, operands[position:end], node)
            position = end
        else:
            position += 1
        found.append((sign, term))
    return found


# one product --------------------------------------------------------------------------------------------------------
def _declared(context: Context, sign: str) -> str | None:
    """The product that the note declares a sign to be."""
    return context.scope.readings.get(sign or "juxtaposition")


def times(context: Context, left: Term, sign: str, right: Term, node: Node) -> Term:
    """left sign right. Raises IllTyped where shapes do not fit, Unsupported for a sign that is no product of such terms."""
    if sign == "/":
        if right.shape != SCALAR:
            raise Unsupported("a division by a matrix", node.start, node.end, "write A^{-1} B or B A^{-1}")
        return left / right
    scalar = SCALAR in (left.shape, right.shape)
    if scalar and (sign in SCALAR_SIGNS or (sign in HADAMARD and left.shape == right.shape)):
        return multiply(left, right)
    match _declared(context, sign) or _by_itself(context, sign):
        case "matrix product":
            return _matrix_product(context, left, right)
        case "inner or matrix product":
            return _dot_product(context, left, right)
        case "Hadamard product":
            return apply("hadamard", left, right)
        case "is the Kronecker product":
            return apply("kron", left, right)
        case "is the outer product":
            return apply("outer", left, right)
    written = plain(sign) if sign else "a juxtaposition"
    raise Unsupported(
        f"{sign or written} between terms of shape {describe(left.shape)} and {describe(right.shape)}",
        node.start,
        node.end,
        "write \\odot or leave the sign out",
    )


def _by_itself(context: Context, sign: str) -> str:
    """The product that a sign is where nothing is declared."""
    if sign == "\\otimes":
        return context.readings.choose("⊗", "is the Kronecker product", "is the outer product")
    if sign in HADAMARD:
        return "Hadamard product"
    return {"": "matrix product", "\\cdot": "inner or matrix product"}.get(sign, "none")


def _matrix_product(context: Context, left: Term, right: Term) -> Term:
    if len(core_shape(left.shape)) > 2 or len(core_shape(right.shape)) > 2:
        context.readings.say("a product with a tensor of order 3 contracts the neighbouring axes")
        return apply("contract", left, right, parameters=(1,))
    return apply("matmul", left, right)


def _dot_product(context: Context, left: Term, right: Term) -> Term:
    """Of two columns or two rows of one length the inner product, of anything else the matrix product."""
    if not (is_vector(left.shape) and is_vector(right.shape) and same_shape(left.shape, right.shape)):
        return _matrix_product(context, left, right)
    context.readings.say("· between two vectors is the inner product")
    return apply("matmul", apply("transpose", left), right) if left.shape[1].is_one else apply("matmul", left, apply("transpose", right))
