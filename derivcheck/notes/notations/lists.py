"""Lists in brackets: (x_1, …, x_n), [x, y], and a list whose generic entry is written: […, g'(a_k), …]."""

from __future__ import annotations

from collections.abc import Sequence as Many

from derivcheck.algebra.dims import Dim, Index
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR, describe, flat, is_vector
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import Array, Cases, Entry, Term
from derivcheck.notes.context import Context
from derivcheck.notes.dotted import fresh_key, run
from derivcheck.notes.entrywise import fresh_indices
from derivcheck.notes.names import plain
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood, Stated
from derivcheck.notes.syntax import Bracketed, Dots, Node, Sequence
from derivcheck.notes.unsupported import Unsupported


def listed(context: Context, node: Bracketed, items: Many[Node]) -> Term:
    """The vector of a list. Raises Unsupported where it is a set, or has gaps, or lists something else than scalars."""
    if node.opening not in ("(", "["):
        raise Unsupported(
            f"a list in {node.opening} … ", node.start, node.end, "write a vector as (x_1, \\dots, x_n) or \\begin{bmatrix} … \\end{bmatrix}"
        )
    gaps = [place for place, item in enumerate(items) if isinstance(item, Dots)]
    if len(items) == 3 and gaps == [0, 2]:
        return _generic(context, node, items[1])
    if len(gaps) > 1:
        raise Unsupported("a list with several gaps", node.start, node.end, "write (x_1, x_2, \\dots, x_n)")
    if gaps:
        found = run(context, [item for item in items if not isinstance(item, Dots)], gaps[0], fresh_key(context), node)
        with context.binding({found.key: found.index}):
            entry = context.term(found.entry)
        _require_scalars(node, entry)
        return _oriented(context, node, Array((found.index,), entry), (entry,))
    terms = tuple(context.term(item) for item in items)
    _require_scalars(node, *terms)
    (index,) = fresh_indices(context, (Dim.of(len(terms)),), *terms)
    branches = tuple((IndexRelation(index, "=", place), term) for place, term in enumerate(terms[:-1], 1))
    return _oriented(context, node, Array((index,), Cases(branches, terms[-1])), terms)


def _require_scalars(node: Bracketed, *terms: Term) -> None:
    for term in terms:
        if term.shape != SCALAR:
            raise Unsupported(f"a list of terms of shape {describe(term.shape)}", node.start, node.end, "a list holds scalars")


def _oriented(context: Context, node: Bracketed, column: Term, entries: tuple[Term, ...]) -> Term:
    """A list of the entries of one vector is shaped like that vector; else ( … ) is read as a column and [ … ] as a row."""
    listed_tensors = {id(entry.tensor): entry.tensor for entry in entries if isinstance(entry, Entry)}
    if len(listed_tensors) == 1 and all(isinstance(entry, Entry) for entry in entries):
        (tensor,) = listed_tensors.values()
        if is_vector(tensor.shape) and flat(tensor.shape) == flat(column.shape):
            context.readings.say("a list of the entries of a vector has the shape of that vector")
            return apply("transpose", column) if tensor.shape[0].is_one else column
    options = ("is a column", "is a row") if node.opening == "(" else ("is a row", "is a column")
    kind = "round" if node.opening == "(" else "square"
    return column if context.readings.choose(f"a list in {kind} brackets", *options) == "is a column" else apply("transpose", column)


def _generic(context: Context, node: Bracketed, entry: Node) -> Term:
    """[…, g'(a_k), …]: over the one index of the entry that is neither bound around the list nor free elsewhere in the claim."""

    def is_generic_list(inner: Node) -> bool:
        return isinstance(inner, Bracketed) and isinstance(inner.body, Sequence) and isinstance(inner.body.items[0], Dots)

    elsewhere = {sub.key for member in context.claim for sub in context.subscripts(member, is_generic_list)} | context.bound.keys()
    running = {sub.key: sub for sub in context.subscripts(entry) if sub.key not in elsewhere}
    if len(running) != 1:
        found = ", ".join(map(plain, running)) or "none"
        raise Unsupported(
            "a list whose generic entry has not one running index", node.start, node.end, f"the candidates are: {found}; write (x_1, \\dots, x_n)"
        )
    ((key, sub),) = running.items()
    index: Index = context.index(sub, context.infer(key, entry))
    with context.binding({key: index}):
        term = context.term(entry)
    context.learned.pop(key, None)
    _require_scalars(node, term)
    context.readings.say(f"a list with dots on both sides is over {plain(key)}")
    return _oriented(context, node, Array((index,), term), (term,))


def sequence(context: Context, node: Sequence) -> Term:
    raise Unsupported("a list without brackets", node.start, node.end, "write (x_1, \\dots, x_n)")


NOTATION = Notation(
    title="Lists in brackets",
    rule=(
        "A list of the entries of a vector is shaped like that vector; any other list in round brackets is read as a column, in "
        "square brackets as a row, and the verdict says so. "
        "Dots are read as in a matrix. A list with dots on both sides of one entry is over the one index of that entry that occurs nowhere else."
    ),
    examples=(
        Example(r"(z_0, z_1, \dots, z_{K-1})", "(z[i])_iᵀ", ("z: 1 x K", "count-from 0")),
        Example(r"(x_1^2, \ldots, x_n^2)", "(x[i]²)_i", ("x: n",)),
        Example(r"(x, y + 1)", "({x if i' = 1; y + 1 otherwise})_{i'}", ("x, y: scalar",)),
        Example(r"[\dots, g'(a_k), \dots]", "(g′(a[k]))_kᵀ", ("a: n", "function g elementwise")),
    ),
    not_understood=(
        NotUnderstood(r"(z_0, z_2, \dots, z_{K-1})", "0, 2, K-1 is not 0, 1, …, n-1", ("z: 1 x K", "count-from 0")),
        NotUnderstood(r"(x_1, \dots, x_3, \dots, x_n)", "a list with several gaps", ("x: n",)),
        NotUnderstood(r"\{x, y\}", "a list in", ("x, y: scalar",)),
        NotUnderstood(r"(x_1, \dots)", "dots without entries on both sides", ("x: n",)),
        NotUnderstood(r"(x, A)", "a list of terms of shape n × n", ("x: scalar", "A: n x n")),
        NotUnderstood(r"[\dots, x_i y_j, \dots]", "the candidates are: i, j", ("x, y: n",)),
    ),
    statements=(Stated(r"h = (h_1, \dots, h_n)", ("h = (h[i])_i",), ("h: n",)),),
    meanings={Sequence: sequence},
)
