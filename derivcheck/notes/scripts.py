"""The meaning of symbols and their scripts: labels of names, then entries and slices, then transposes, inverses and powers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction as Rational

from derivcheck.algebra.dims import IllTyped, Index
from derivcheck.language.operators import apply
from derivcheck.language.shapes import SCALAR, Shape, describe, flat, same_shape
from derivcheck.language.subscripts import Slot
from derivcheck.language.terms import Apply, Array, Entry, Power, Size, Slice, Term
from derivcheck.language.walks import subterms
from derivcheck.notes.context import TRANSPOSES, Context
from derivcheck.notes.names import Match, plain, split
from derivcheck.notes.scope import Constant, Dimension, Member, OneHot, Target, Tensor, Writing
from derivcheck.notes.substitution import substituted
from derivcheck.notes.syntax import Addition, Bracketed, Fraction, Mark, Node, Numeral, Product, Scripted, Sequence, Symbol, Word
from derivcheck.notes.trees import walk, with_parts
from derivcheck.notes.unsupported import Unsupported

_USUAL = {
    "d": ("d outside a derivative", "write \\frac{df}{dx} for a derivative, or declare it: d: n"),
    "\\mathbb{E}": ("an expectation", "write it as a mean over a dimension: \\frac{1}{n} \\sum_{i=1}^{n} x_i"),
    "\\mathbb{P}": ("a probability", "declare a symbol, and what it depends on: depends p on y, x"),
}
"""What undeclared symbols usually mean, and what to write instead."""
SLICE_MARKS = frozenset({":", "\\cdot", "*", "\\bullet"})


def scripted_term(context: Context, node: Node) -> Term:
    """A symbol with its scripts, or scripts on anything else."""
    core, subs, sups, primes = split(node)
    if not isinstance(core, (Symbol, Word)):
        return with_scripts(context, context.term(core), subs, sups, primes, node)
    bound = context.values.get(core.key)
    if bound is not None:
        return with_scripts(context, bound, subs, sups, primes, node)
    match = context.scope.find(node)
    if match is not None:
        return _declared(context, node, match)
    meaning = context.grammar.symbols.get(core.key)
    found = meaning(context, node) if meaning is not None else None
    if found is None:
        raise undeclared(context, node)
    return found


def undeclared(context: Context, node: Node) -> Unsupported:
    """What to write where a symbol is not declared."""
    core, subs, sups, _ = split(node)
    name = plain(core.key)
    if core.key in _USUAL:
        what, instead = _USUAL[core.key]
        return Unsupported(what, node.start, node.end, instead)
    if context.known_index(node.key) is not None:
        return Unsupported(
            f"the index {plain(node.key)} stands outside subscripts", node.start, node.end, "an index is only understood as a subscript"
        )
    if core.key in context.grammar.known_functions:
        return Unsupported(f"the function {name} has no argument", node.start, node.end, f"write {name}(x)")
    labels = ",".join(sub.key for sub in subs if isinstance(sub, Word))
    spelled = core.key + (f"_{{{labels}}}" if labels else "") + "".join(f"^{{{sup.key}}}" for sup in sups if isinstance(sup, Bracketed))
    shape = "n x m" if core.key.isupper() or len(subs) == 2 else "n"
    return Unsupported(f"{plain(spelled)} is not declared", node.start, node.end, f"declare it, for example: {spelled}: {shape}")


def _declared(context: Context, node: Node, match: Match[Target]) -> Term:
    target = match.target
    if isinstance(target, Tensor):
        return with_scripts(context, target.term, match.subs, match.sups, match.primes, node)
    if isinstance(target, Dimension):
        return with_scripts(context, Size(target.dim), match.subs, match.sups, match.primes, node)
    if isinstance(target, Member):
        return _member(context, target, match, node)
    if isinstance(target, Writing):
        return _written(context, target, match, node)
    if isinstance(target, OneHot):
        slot = context.slot(match.captured[target.slot], target.dim)
        return with_scripts(context, apply("one_hot", parameters=(target.dim, slot)), match.subs, match.sups, match.primes, node)
    if isinstance(target, Constant):
        dims = [context.dimension(sub) for sub in match.subs]
        if len(dims) == 1 and dims[0] is not None and isinstance(target.term, Apply) and len(target.term.parameters) == 1:
            # 1_m beside a declared 1: the subscript says how many
            return with_scripts(context, apply(target.term.operator.name, parameters=(dims[0],)), (), match.sups, match.primes, node)
        return with_scripts(context, target.term, match.subs, match.sups, match.primes, node)
    raise Unsupported(f"the function {target.name} has no argument", node.start, node.end, f"write {target.name}(x)")


def _member(context: Context, member: Member, match: Match[Target], node: Node) -> Term:
    """A member of a family: z^{[3,i]} is row i, and z^{[3,i]}_j its entry (i, j)."""
    dims = flat(member.term.shape)
    slot = context.slot(match.captured[member.slot], dims[1] if member.kind == "column" else dims[0])
    if member.kind == "entry":
        return with_scripts(context, Entry(member.term, (slot,)), match.subs, match.sups, match.primes, node)
    place: tuple[Slot | None, ...] = (None, slot) if member.kind == "column" else (slot, None)
    return with_scripts(context, Slice(member.term, place), match.subs, match.sups, match.primes, node)


def _written(context: Context, writing: Writing, match: Match[Target], node: Node) -> Term:
    """Another way of writing something: its body, with what stands in the slots put in."""
    _check_not_captured(context, writing, match.captured, node)
    if any(opened is writing.body for opened in context.writings):
        raise Unsupported(f"{plain(node.key)} is written for itself", node.start, node.end, "change its line `write …`")
    saved, context.writings = context.writings, (*context.writings, writing.body)
    term = context.term(substituted(placed(writing.body, node), match.captured))
    context.writings = saved
    if match.subs or match.sups or match.primes:
        return with_scripts(context, term, match.subs, match.sups, match.primes, node)
    return term


def _check_not_captured(context: Context, writing: Writing, captured: dict[str, Node], node: Node) -> None:
    """An index that the body uses itself must not be put into a slot: v_j, where v_i is written for a sum over j."""
    own = {sub.key for sub in context.subscripts(writing.body)} - set(writing.slots)
    for slot, index in captured.items():
        clash = next((inner.key for inner in walk(index) if inner.key in own), None)
        if clash is not None and index.key != slot:
            raise Unsupported(
                f"the index {plain(clash)} in {plain(node.key)}", node.start, node.end, f"what it is written for uses {plain(clash)} itself: rename it in the line `write …`"  # noqa: E501
            )  # fmt: skip


def placed(node: Node, where: Node) -> Node:
    """The node as if it stood where another one stands: what is wrong with it is then said of that place."""
    return replace(with_parts(node, lambda inner: placed(inner, where)), start=where.start, end=where.end)


# scripts on a term --------------------------------------------------------------------------------------------------
def with_scripts(context: Context, term: Term, subs: tuple[Node, ...], sups: tuple[Node, ...], primes: int, node: Node) -> Term:
    """The entry, the transpose, the power of a term that its scripts say. (W^T)_{bc} is an entry of the transpose."""
    if primes and context.scope.readings.get("'") != "is the transpose":
        core = split(node)[0]
        raise Unsupported(
            f"a prime on {plain(core.key)}", node.start, node.end,
            "it is the derivative of a declared function, g'(x); for a transpose declare: read ' as transpose"
            + (f"; for another symbol: {core.key}': n" if isinstance(core, Symbol) else ""),
        )  # fmt: skip
    if primes % 2 and term.shape != SCALAR:
        term = apply("transpose", term)
    while subs and sups and term.shape != SCALAR and _before_subscripts(context, term, sups[0], subs):
        term, sups = raised(context, term, sups[0], node), sups[1:]
    if subs:
        term = entry(context, term, subs, node)
    if len(sups) == 2 and isinstance(sups[0], Mark) and sups[0].name in ("\\odot", "\\circ") and (exponent := rational(sups[1])) is not None:
        return apply("power", term, parameters=(exponent,))
    for sup in sups:
        term = raised(context, term, sup, node)
    return term


def _before_subscripts(context: Context, term: Term, sup: Node, subs: tuple[Node, ...]) -> bool:
    """Whether a superscript belongs to the tensor and not to its entry or slice: W_{bc}^T is an entry of the transpose.

    Which of W^{-1}_{ij} and W_{ij}^{-1} was typed cannot be seen in print, so that either has both readings, where W is square.
    """
    if any(sub.key in SLICE_MARKS for sub in subs):
        return (
            is_transpose(sup)
            and context.readings.choose("a transpose at a row or column", "is of the row or column", "is of the matrix") == "is of the matrix"
        )
    if is_transpose(sup):
        return True
    if len(subs) != 2 or not _is_square(term):
        return False
    if is_inverse(sup):
        return context.readings.choose("an inverse at two subscripts", "is of the matrix", "is of the entry") == "is of the matrix"
    is_power = isinstance(sup, Numeral) and sup.end <= subs[0].start
    return is_power and context.readings.choose("a power before two subscripts", "is of the entry", "is of the matrix") == "is of the matrix"


def _is_square(term: Term) -> bool:
    return len(term.shape) == 2 and same_shape(term.shape[:1], term.shape[1:])


def is_transpose(node: Node) -> bool:
    return node.key in TRANSPOSES


def is_inverse(node: Node) -> bool:
    return node.key == "-1"


def entry(context: Context, term: Term, subs: tuple[Node, ...], node: Node) -> Term:
    """The entry or slice at these subscripts. A bracketed scalar with its own indices is the tensor of its entries: (w_{ij})_{i,j}."""
    shape = term.shape
    dims = flat(shape)
    subs = split_digits(_without_unit(shape, subs), len(dims))
    if shape == SCALAR:
        return _tensor_of_entries(context, term, subs, node)
    if (
        len(subs) == len(dims) + 1
        and isinstance(node, Scripted)
        and isinstance(node.core, Scripted)
        and [sub.key in SLICE_MARKS for sub in subs].count(True) == 1
    ):
        # {B_{:,i}}_k is entry k of a column
        subs = tuple(subs[-1] if sub.key in SLICE_MARKS else sub for sub in subs[:-1])
    if len(subs) != len(dims):
        if len(dims) == 2 and len(subs) == 1:
            written = plain(split(node)[0].key)
            index = plain(subs[0].key)
            raise Unsupported(
                f"one subscript on a matrix of shape {describe(shape)}", node.start, node.end, f"write {written}_{{{index},:}} for a row, {written}_{{:,{index}}} for a column"  # noqa: E501
            )  # fmt: skip
        if len(subs) == 2 and isinstance(subs[0], Numeral) and isinstance(subs[1], Symbol) and subs[0].end == subs[1].start:
            raise Unsupported(
                f"the subscript {subs[0].key}{plain(subs[1].key)}",
                node.start,
                node.end,
                "a subscript is an index, an index plus or minus a number, or a number",
            )
        raise IllTyped(f"{len(subs)} subscripts on a term of shape {describe(shape)} (written at {term.place}): it has {len(dims)}")
    if any(sub.key in SLICE_MARKS for sub in subs):
        if len(dims) == 1:
            raise _with_label(term, node)
        return Slice(term, tuple(None if sub.key in SLICE_MARKS else context.slot(sub, dim) for sub, dim in zip(subs, dims, strict=True)))
    slots = tuple(context.slot(sub, dim) for sub, dim in zip(subs, dims, strict=True))
    if isinstance(term, Slice):
        return Entry(term.tensor, tuple(slots[0] if place is None else place for place in term.slots))
    return Entry(term, slots)


def _with_label(term: Term, node: Node) -> Unsupported:
    """Of a declared symbol with a subscript that can be no entry of it."""
    name = split(node)[0].key
    return Unsupported(
        f"{plain(node.key)} is not declared",
        node.start,
        node.end,
        f"{plain(name)} is {describe(term.shape)}, of which this is no entry: declare {node.key} itself",
    )


def _without_unit(shape: Shape, subs: tuple[Node, ...]) -> tuple[Node, ...]:
    """The subscripts without that of an axis of length 1, which notes number 0 or 1: (1, j) of a row."""
    if len(shape) == 2 and len(subs) == 2 and len(flat(shape)) == 1:
        unit = 0 if shape[0].is_one else 1
        if subs[unit].key in ("0", "1", ":", "\\cdot"):
            return (subs[1 - unit],)
    return subs


def split_digits(subs: tuple[Node, ...], wanted: int) -> tuple[Node, ...]:
    """W_{12} of a matrix has the subscripts 1 and 2."""
    if len(subs) >= wanted:
        return subs
    found: list[Node] = []
    for sub in subs:
        if isinstance(sub, Numeral) and sub.text.isdigit():
            found += [Numeral(sub.start + k, sub.start + k + 1, digit) for k, digit in enumerate(sub.text)]
        else:
            found.append(sub)
    return tuple(found) if len(found) == wanted else subs


def _tensor_of_entries(context: Context, term: Term, subs: tuple[Node, ...], node: Node) -> Term:
    indices = tuple(context.index(sub) for sub in subs if isinstance(sub, (Symbol, Scripted)))
    core = split(node)[0]
    if isinstance(core, (Symbol, Word)):
        raise _with_label(term, node)
    if len(indices) != len(subs) or not isinstance(core, Bracketed) or not set(indices) <= term.free:
        raise IllTyped(f"{plain(core.key)} is a scalar (written at {term.place}) and has no entry {', '.join(plain(sub.key) for sub in subs)}")
    found: tuple[Index, ...] = indices
    return Array(found, term)


def raised(context: Context, term: Term, sup: Node, node: Node) -> Term:
    """A superscript: a transpose, an inverse, a power."""
    if is_transpose(sup):
        _check_transpose(context, term, sup)
        return term if term.shape == SCALAR else apply("transpose", term)
    if isinstance(sup, Addition) and len(sup.parts) == 1 and sup.parts[0][0] == "-" and is_transpose(sup.parts[0][1]):
        _check_transpose(context, term, sup.parts[0][1])
        return apply("transpose", apply("inverse", term))
    base = split(node)[0]
    is_label = isinstance(sup, Bracketed) and sup.opening in ("[", "(")
    if is_label or (isinstance(base, (Symbol, Word)) and isinstance(sup, Numeral) and context.scope.names.has_label(sup, base.name)):
        raise Unsupported(f"the label {plain(sup.key)}", sup.start, sup.end, f"no symbol {plain(base.key)}^{plain(sup.key)} is declared")
    exponent = rational(sup)
    if exponent is None:
        raise Unsupported(
            f"the superscript {plain(sup.key)}", sup.start, sup.end, "a superscript is a label of a declared name, a transpose or a number"
        )
    if term.shape == SCALAR:
        return Power(term, exponent)
    if exponent == -1:
        return apply("inverse", term)
    if _is_square(term) and exponent.denominator == 1 and 2 <= abs(exponent) <= 6:
        factor = term if exponent > 0 else apply("inverse", term)
        power = factor
        for _ in range(abs(int(exponent)) - 1):
            power = apply("matmul", power, factor)
        return power
    raise Unsupported(
        f"the power {exponent} of a term of shape {describe(term.shape)}", node.start, node.end, "entrywise write x \\odot x; powers are of scalars and square matrices"  # noqa: E501
    )  # fmt: skip


def is_matrix_shape(node: Node) -> bool:
    """Whether this is n × m: the shape to which vec^{-1}_{n \\times m} unstacks."""
    return isinstance(node, Product) and node.signs.count("\\times") == 1 and all(sign in ("", "\\times") for sign in node.signs)


def _check_transpose(context: Context, term: Term, sup: Node) -> None:
    """Raises Unsupported where t or T is something else as well, and where an exponent of a scalar would be lost as its transpose."""
    if not isinstance(sup, Symbol):
        return
    means_more = context.scope.find(sup) is not None or sup.key in context.values or context.is_index(sup)
    if means_more and (term.shape == SCALAR or sup.key == "t"):
        raise Unsupported(f"the superscript {sup.key}, which is declared as something else", sup.start, sup.end, "write a transpose as ^\\top")
    if term.shape == SCALAR and (sup.key == "t" or all(inner.shape == SCALAR for inner in subterms(term))):
        raise Unsupported(f"the superscript {sup.key} of a scalar", sup.start, sup.end, "an exponent is a number; write a transpose as ^\\top")
    if means_more or sup.key == "t":
        context.readings.say(f"^{sup.key} is the transpose")


def rational(node: Node) -> Rational | None:
    """The number that is written: 2, -1, 1/2, \\frac12."""
    match node:
        case Numeral():
            return Rational(node.text)
        case Addition(parts=((sign, inner),)):
            value = rational(inner)
            return None if value is None else -value if sign == "-" else value
        case Bracketed() if not isinstance(node.body, Sequence):
            return rational(node.body)
        case Fraction():
            top, bottom = rational(node.numerator), rational(node.denominator)
            return top / bottom if top is not None and bottom else None
        case Product(factors=(top_node, bottom_node), signs=("/",)):
            top, bottom = rational(top_node), rational(bottom_node)
            return top / bottom if top is not None and bottom else None
    return None
