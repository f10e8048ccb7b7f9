"""Implied sums: in a note that declares `einstein`, every index that is not free is summed.

Free are the indices that stand in every term of every side of the chain, and those that stand once in every term of its first side, so that
∂a_i/∂b_j = 0 is said of every i and j. An index that stands twice or more in every term of every side is summed all the same, as it is by
Einstein's convention; that it is free is the other reading. A number, as a side or as a term, says nothing of indices.

The sum is taken in the smallest part of the formula that holds all occurrences of the index in its additive term, brackets expanded: a product,
one side of a fraction bar, a bracket. Where the index stands twice below a fraction bar, in the base of a power or in the argument of a function,
and nowhere else, the sum is there too. Where it stands there once, there are two readings: below a bar the sum is in the smallest part that holds
the index, so that (e^{z_m})² is the square of a sum there; above it the sum is of the power and of the value of the function.
The strict convention, by which exactly the indices that stand twice in a term are summed, is another reading where it can be followed at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as Many
from dataclasses import dataclass, replace

from derivcheck.notes.context import Context
from derivcheck.notes.derivative import Differential
from derivcheck.notes.names import plain
from derivcheck.notes.notations.sums import Summation
from derivcheck.notes.products import function_of
from derivcheck.notes.scripts import is_transpose
from derivcheck.notes.syntax import Addition, Bracketed, Fraction, Node, Numeral, Product, Relation, Scripted, Sequence, Symbol, Word, juxtaposed
from derivcheck.notes.trees import inside
from derivcheck.notes.unsupported import Unsupported

EINSTEIN = "an index that does not stand on both sides", "is summed", "is summed only where it stands twice in a term"
REPEATED = "an index that stands more than once in every term", "is summed", "is free"
IN_SOME_TERMS = "an index that stands on every side, but not in every term", "is summed", "is free"
BELOW = "the implied sum over an index that stands once below a fraction bar", "is taken there", "is taken of the fraction"
IN_BASE = "the implied sum over an index that stands once in the base of a power", "is taken of the power", "is taken there"
IN_ARGUMENT = "the implied sum over an index that stands once in the argument of a function", "is taken of the value", "is taken of the argument"
MANY = 3
"""From how often on it does not matter how often exactly an index stands in a term."""
LINEAR = frozenset({"(", "[", "\\{", "{"})
NONE = frozenset({0})
ONCE = frozenset({1})
EXACTLY_TWICE = frozenset({2})


@dataclass(frozen=True, slots=True)
class Sides:
    """The sides of a chain as far as they are understood, and whether the first one and whether all of them are."""

    nodes: Many[Node]
    first_is_understood: bool = True
    all_are_understood: bool = True


# which indices ------------------------------------------------------------------------------------------------------
def free_indices(context: Context, sides: Sides) -> frozenset[str]:
    """The indices that are not summed. Raises Unsupported where a side that is not understood could decide it."""
    speaking = [node for node in sides.nodes if not _is_number(node)]
    free = set()
    for key in sorted(set().union(*(indices(context, node) for node in speaking))):
        counts = [occurrences(context, node, key) for node in speaking]
        stands_alone = sides.first_is_understood and sides.nodes[0] is speaking[0] and counts[0] == ONCE
        if not stands_alone and not sides.all_are_understood and (NONE not in counts or not sides.first_is_understood):
            unknown = next(node for node in speaking if occurrences(context, node, key) != NONE)
            raise Unsupported(f"whether {plain(key)} is summed", unknown.start, unknown.end, "another side of the chain is not understood")
        if stands_alone or (len(speaking) == 1 and counts[0] == ONCE):
            free.add(key)
        elif NONE not in counts:
            options = REPEATED if min(map(min, counts)) > 1 else IN_SOME_TERMS if any(0 in count for count in counts) else None
            if options is None or context.readings.choose(*options) == options[2]:
                free.add(key)
    return frozenset(free)


def _is_number(node: Node) -> bool:
    if isinstance(node, Addition) and len(node.parts) == 1:
        return _is_number(node.parts[0][1])
    return isinstance(node, Numeral)


def indices(context: Context, node: Node) -> frozenset[str]:
    """The indices of a node, those of written sums left out."""
    return frozenset(sub.key for sub in context.subscripts(node) if occurrences(context, node, sub.key) != NONE)


def occurrences(context: Context, node: Node, key: str) -> frozenset[int]:
    """How often an index stands in a term of the node, brackets expanded: all numbers that occur. A written sum hides its index."""
    if isinstance(node, Addition):
        found = [occurrences(context, part, key) for _, part in node.parts if not isinstance(part, Numeral)]
        return frozenset().union(*found) if found else NONE
    if isinstance(node, Summation) and any(key == (sub.left if isinstance(sub, Relation) else sub).key for sub in node.below):
        return NONE
    total = frozenset({sum(1 for sub in context.subscripts(node, lambda inner: inner is not node) if sub.key == key)})
    if isinstance(node, Scripted) and isinstance(node.core, Bracketed) and total != NONE and occurrences(context, node.core, key) != NONE:
        # the tensor of entries (w_{ij})_{i,j}
        return NONE
    for inner in inside(node):
        counts = occurrences(context, inner, key)
        total = frozenset(min(one + other, MANY) for one in total for other in counts)
    return total


# where --------------------------------------------------------------------------------------------------------------
def with_implied_sums(context: Context, node: Node, free: frozenset[str]) -> Node:
    """The node with a sum for every index that is not free. Raises Unsupported where it is not known where the sum stands."""
    if isinstance(node, Addition):
        return replace(node, parts=tuple((sign, with_implied_sums(context, part, free)) for sign, part in node.parts))
    summed = []
    for key in sorted(indices(context, node)):
        counts = occurrences(context, node, key)
        if key not in free or not counts <= ONCE:
            strict = context.readings.choose(*EINSTEIN) == EINSTEIN[2]
            if strict and counts not in (ONCE, EXACTLY_TWICE):
                raise Unsupported(f"{plain(key)} under the strict convention", node.start, node.end, "it does not stand once or twice in every term")
            if (counts == EXACTLY_TWICE) if strict else key not in free:
                summed.append(key)
    for key in summed:
        node = _summed(context, node, key)
    return node


def _summed(context: Context, node: Node, key: str, below: bool = False) -> Node:
    """The node with the sum over an index that it holds put into its place. `below`: whether the node stands below a fraction bar."""
    match node:
        case Addition():
            return replace(node, parts=tuple((sign, _summed(context, part, key, below) if _holds(context, part, key) else part) for sign, part in node.parts))  # noqa: E501
        case Product():
            return _in_product(context, node, key, below)
        case Fraction():
            return _in_fraction(context, node, key, below)
        case Bracketed(opening=opening, body=body) if opening in LINEAR and not isinstance(body, (Sequence, Relation)):
            return replace(node, body=_summed(context, body, key, below))
        case Differential() if not any(_holds(context, variable, key) for variable in node.variables):
            return replace(node, function=_summed(context, node.function, key, below))
        case Summation() if not any(_holds(context, bound, key) for bound in (*node.below, node.above) if bound is not None):
            return replace(node, body=_summed(context, node.body, key, below))
        case Scripted():
            return _in_scripted(context, node, key, below)
        case Symbol() | Word() | Numeral() | Differential():
            return _sum_of(node, key)
    raise Unsupported(f"an implied sum over {plain(key)} inside {plain(node.key)}", node.start, node.end, f"write the sum: \\sum_{{{key}}}")


def _sum_of(node: Node, key: str) -> Node:
    """The sum of the whole node."""
    inner = Bracketed(node.start, node.end, "(", node)
    return Bracketed(node.start, node.end, "(", Summation(node.start, node.end, (Symbol(node.start, node.end, key),), None, inner))


def _holds(context: Context, node: Node, key: str) -> bool:
    return occurrences(context, node, key) != NONE


def _is_inside(context: Context, node: Node, key: str, topic: str, first: str, second: str, inside_is: str) -> bool:
    """Whether the sum over an index that stands in this part only is taken there: it is where the index stands twice, else a reading decides."""
    if max(occurrences(context, node, key)) > 1:
        return True
    return context.readings.choose(topic, first, second) == inside_is


def _in_product(context: Context, node: Product, key: str, below: bool) -> Node:
    """Inside the only factor that holds the index, with the name of a function before it; else of the whole product."""
    groups = [group for group in _groups(context, node) if any(_holds(context, node.factors[place], key) for place in group)]
    if len(groups) != 1:
        return _sum_of(node, key)
    group = groups[0]
    place = group[-1]
    last = node.factors[place]
    if len(group) > 1:
        if any(_holds(context, node.factors[other], key) for other in group[:-1]) or not _is_inside(context, last, key, *IN_ARGUMENT, IN_ARGUMENT[2]):
            return _sum_of(node, key)
    elif place and node.signs[place - 1] == "/":
        if not _is_inside(context, last, key, *BELOW, BELOW[1]):
            return _sum_of(node, key)
        below = True
    return replace(node, factors=tuple(_summed(context, last, key, below) if other == place else factor for other, factor in enumerate(node.factors)))


def _groups(context: Context, node: Product) -> Iterable[tuple[int, ...]]:
    """The places of the factors, the names of functions together with their argument."""
    names: tuple[int, ...] = ()
    for place, factor in enumerate(node.factors):
        follows = place + 1 < len(node.factors) and node.signs[place] == ""
        if follows and function_of(context, factor) is not None:
            names = (*names, place)
        else:
            yield (*names, place)
            names = ()


def _in_fraction(context: Context, node: Fraction, key: str, below: bool) -> Node:
    if not _holds(context, node.denominator, key):
        return replace(node, numerator=_summed(context, node.numerator, key, below))
    if _holds(context, node.numerator, key) or not _is_inside(context, node.denominator, key, *BELOW, BELOW[1]):
        return _sum_of(node, key)
    return replace(node, denominator=_summed(context, node.denominator, key, below=True))


def _in_scripted(context: Context, node: Scripted, key: str, below: bool) -> Node:
    """Inside a bracket with scripts, or in the exponent of e; else of the whole node."""
    core = node.core
    if isinstance(core, Bracketed) and _holds(context, core, key) and occurrences(context, node, key) == occurrences(context, core, key):
        is_linear = not node.primes and all(map(is_transpose, node.sups))
        if is_linear or below or _is_inside(context, core, key, *IN_BASE, IN_BASE[2]):
            return replace(node, core=_summed(context, core, key, below))
        return _sum_of(node, key)
    if core.key == "e" and context.scope.find(node) is None and node.sups and not node.subs:
        exponent = juxtaposed(node.sups)
        if _is_inside(context, exponent, key, *IN_ARGUMENT, IN_ARGUMENT[2]):
            return replace(node, sups=(_summed(context, exponent, key, below),))
    return _sum_of(node, key)
