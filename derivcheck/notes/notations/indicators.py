"""Kronecker's δ, indicators, vectors of ones, one-hot and identity matrices."""

from __future__ import annotations

from derivcheck.algebra.dims import ONE, Dim
from derivcheck.language.operators import apply
from derivcheck.language.terms import Delta, Indicator, Term
from derivcheck.notes.context import Context
from derivcheck.notes.names import split
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood
from derivcheck.notes.scripts import rational, with_scripts
from derivcheck.notes.syntax import Node, Numeral, Relation, Scripted
from derivcheck.notes.unsupported import Unsupported


def kronecker_delta(context: Context, node: Node) -> Term | None:
    _, subs, sups, primes = split(node)
    is_power = len(sups) == 1 and rational(sups[0]) is not None and len(subs) == 2 and subs[1].end <= sups[0].start
    if (sups and not is_power) or primes:
        return None
    if len(subs) == 1 and isinstance(subs[0], Numeral) and len(subs[0].text) == 2:
        raise Unsupported("a δ of two numbers", node.start, node.end, "write 1 or 0")
    if len(subs) != 2:
        return None
    known = [sub for sub in subs if not isinstance(sub, Numeral)]
    if not known:
        raise Unsupported("a δ of two numbers", node.start, node.end, "write 1 or 0")
    dim = next((found.dim for found in (context.known_index(sub.key) for sub in known) if found is not None), None)
    if dim is None:
        dim = next((found for found in (context.infer(sub.key, *context.claim) for sub in known) if found is not None), None)
    left, right = (context.slot(sub, dim) for sub in subs)
    return with_scripts(context, Delta(left, right), (), sups, 0, node)


def subscripted_one(context: Context, node: Node) -> Term | None:
    """\\mathbb{1}_{i=j}, an indicator; \\mathbf{1}_m, a column of ones."""
    _, subs, sups, primes = split(node)
    if primes:
        return None
    if len(subs) == 1 and isinstance(subs[0], Relation):
        return with_scripts(context, Indicator(context.relation(subs[0])), (), sups, 0, node)
    return _of_dimension(context, "ones", node)


def _of_dimension(context: Context, name: str, node: Node) -> Term | None:
    """The constant whose subscript is a dimension; {I_n}_{ij} is an entry of it."""
    _, subs, sups, primes = split(node)
    behind: tuple[Node, ...] = ()
    if isinstance(node, Scripted) and isinstance(node.core, Scripted):
        subs, behind = node.core.subs, node.subs
    dim = None if primes else _dimension(context, subs)
    return None if dim is None else with_scripts(context, apply(name, parameters=(dim,)), behind, sups, 0, node)


def _dimension(context: Context, subs: tuple[Node, ...]) -> Dim | None:
    """The dimension n, or the product of n m; None for anything else."""
    found = [context.dimension(sub) for sub in subs]
    if not found or any(dim is None for dim in found):
        return None
    product = ONE
    for dim in found:
        product = product * dim if dim is not None else product
    return product


def identity(context: Context, node: Node) -> Term | None:
    """I_n."""
    return _of_dimension(context, "identity", node)


def delta_slot(context: Context, node: Scripted, key: str) -> Dim | None:
    """Both subscripts of a δ run over one dimension: that of the other one, where it is known."""
    if split(node)[0].key != "\\delta" or len(node.subs) != 2 or node.sups or context.scope.find(node) is not None:
        return None
    left, right = node.subs
    other = right if left.key == key else left
    known = context.known_index(other.key)
    return known.dim if known is not None else context.infer(other.key, *context.claim)


NOTATION = Notation(
    title="δ, indicators, ones, identity",
    rule=(
        "\\delta_{ij}, I(i = j), \\mathbb{1}_{i=j}, \\mathbb{1}(i = j) and [i = j] are 1 where the relation holds, else 0. \\mathbf{1}_m and \\mathbb{1}_m are a column of m ones, I_n is the identity, for a dimension m or n."  # noqa: E501
    ),
    examples=(
        Example(r"\delta_{ij} x_i x_j", "δ[i,j] x[i] x[j]", ("x: n",)),
        Example(r"I(i = j) x_i x_j + \mathbb{1}_{i \neq j} x_i x_j", "[i = j] x[i] x[j] + [i ≠ j] x[i] x[j]", ("x: n",)),
        Example(r"\mathbb{1}(x_i > 0) x_i", "[x[i] > 0] x[i]", ("x: n",)),
        Example(r"[i = j] x_i x_j", "[i = j] x[i] x[j]", ("x: n",)),
        Example(r"A \mathbf{1}_m \mathbf{1}_m^\top + A I_m", "A 1_m 1_mᵀ + A I_m", ("A: n x m",)),
        Example(r"A^\top \mathbf{1} + A^\top \mathbf{1}_n", "Aᵀ 1_n + Aᵀ 1_n", ("A: n x m", r"\mathbf{1}: ones n")),
    ),
    not_understood=(
        NotUnderstood(r"\delta_{12} x", "a δ of two numbers", ("x: scalar",)),
        NotUnderstood(r"\delta_{i} x_i", "δ is not declared", ("x: n",)),
        NotUnderstood(r"\mathbf{1} x", "is not declared", ("x: scalar",)),
        NotUnderstood(r"I A", "I is not declared", ("A: n x n",)),
        NotUnderstood(r"\mathbb{1}_{i \in S} x_i", "the condition i∈S", ("x: n",)),
    ),
    slots=(delta_slot,),
    symbols={"\\delta": kronecker_delta, "\\mathbf{1}": subscripted_one, "\\mathbb{1}": subscripted_one, "I": identity},
)
