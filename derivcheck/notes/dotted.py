"""A row of entries with dots in it: over what its running subscript runs."""

from __future__ import annotations

from collections.abc import Sequence as Many
from dataclasses import dataclass

from derivcheck.algebra.dims import Dim, Index
from derivcheck.notes.context import Context
from derivcheck.notes.names import plain
from derivcheck.notes.notations.sums import whole_range
from derivcheck.notes.patterns import pattern
from derivcheck.notes.syntax import Addition, Node, Numeral, without_offset
from derivcheck.notes.trees import walk
from derivcheck.notes.unsupported import Unsupported

ADVICE = "the entries must be equal but for one subscript that runs 1, 2, …, n; else write the tensor by its entries: A_{ij} = …"


@dataclass(frozen=True, slots=True)
class Run:
    """The generic entry, with the name of its running subscript and the index that this is."""

    entry: Node
    key: str
    index: Index


def run(context: Context, entries: Many[Node], gap: int, key: str, where: Node) -> Run:
    """The entries before and behind the dots (which stand before entry `gap`) as one generic entry, whose running subscript is called `key`.

    Raises Unsupported where they show no pattern, or where the end of the range is not known.
    """
    if len(entries) < 2 or not 0 < gap < len(entries):
        raise Unsupported("dots without entries on both sides", where.start, where.end, ADVICE)
    found = pattern(entries, key)
    if found is None:
        raise Unsupported("a pattern of dots that is not recognised", where.start, where.end, ADVICE)
    dim, base = _range(context, found.values, gap, where)
    return Run(found.entry, key, context.local_index(key, dim, base))


def fresh_key(context: Context) -> str:
    """A letter that occurs neither in the claim nor in what is declared."""
    used = {inner.key for member in context.claim for inner in walk(member)} | context.bound.keys() | context.learned.keys()
    known = context.scope.derivation

    def is_free(letter: str) -> bool:
        return letter not in used and letter not in known.names and not any(index.name == letter for index in known.local_indices)

    letters = [f"{letter}{chr(39) * primes}" for primes in range(4) for letter in "ijkrst"]
    return next(filter(is_free, letters), "i''''")


def _range(context: Context, values: Many[Node], gap: int, where: Node) -> tuple[Dim, int]:
    """The dimension and the base of 1, 2, …, n or 0, 1, …, n − 1."""
    first, last = values[0], values[-1]
    spelled = ", ".join(plain(value.key) for value in values)
    wanted = "0, 1, …, n-1" if first.key == "0" else "1, 2, …, n"
    if first.key not in ("0", "1") or [value.key for value in values[:gap]] != [str(int(first.key) + step) for step in range(gap)]:
        raise Unsupported(f"dots between entries whose subscript {spelled} is not {wanted}", where.start, where.end, ADVICE)
    whole = whole_range(context, first, last)
    if whole is None:
        core = without_offset(last)
        if context.scope.find(core) is None and not isinstance(core, Numeral):
            raise Unsupported(f"{plain(core.key)} is not declared", where.start, where.end, f"declare it: dimension {core.key}")
        raise Unsupported(f"dots up to {plain(last.key)}", where.start, where.end, f"the subscript runs over a dimension: {wanted}")
    behind = values[gap:-1]
    if len(behind) > 1 or (behind and behind[0].key != _before(last)):
        raise Unsupported(f"dots between entries whose subscript {spelled} is not {wanted}", where.start, where.end, ADVICE)
    dim, base = whole
    if isinstance(last, Numeral) and dim.value is not None and dim.value < len(values):
        raise Unsupported(f"dots between entries whose subscript {spelled} is not {wanted}", where.start, where.end, ADVICE)
    return dim, base


def _before(last: Node) -> str:
    """The value before the last one: n − 1 before n, n − 2 before n − 1."""
    if isinstance(last, Numeral):
        return str(int(last.text) - 1)
    if isinstance(last, Addition):
        return f"{without_offset(last).key}-2"
    return f"{last.key}-1"
