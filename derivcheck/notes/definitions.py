"""Definitions: a left side that is new gets its meaning from the right side.

a = W h + b          a tensor
z_j = \\sum_i …       by its entries
z^{[3,i]} = …        a family: the rows (columns, entries) of one tensor, for the index i
\\sigma(x) = …        a function of one scalar
L(y, \\hat y) = …     a tensor that says on what it depends
"""

from __future__ import annotations

from dataclasses import replace

from derivcheck.algebra.dims import IllTyped, Index
from derivcheck.language.shapes import SCALAR, describe, flat, is_vector, row
from derivcheck.language.terms import Array, Entry, Leaf, Named, Slice, Term
from derivcheck.language.walks import subterms
from derivcheck.notes.context import Context
from derivcheck.notes.derivative import differentiate
from derivcheck.notes.entrywise import entrywise, fresh_indices
from derivcheck.notes.lifting import lifted
from derivcheck.notes.names import Name, name_of, plain, readable, split
from derivcheck.notes.scope import Function, Member, Tensor
from derivcheck.notes.scripts import is_transpose, placed
from derivcheck.notes.syntax import Bracketed, Node, Product, Relation, Scripted, Sequence, Symbol, Word, label_parts, listed_items
from derivcheck.notes.unsupported import Unsupported


def is_new(context: Context, node: Node) -> bool:
    """Whether a left side is a symbol, or a symbol with arguments, that nothing defines yet."""
    head = _head(node)
    if head is None or (isinstance(split(head)[0], Word) and split(head)[0].key in context.grammar.known_functions):
        return False
    core = split(head)[0]
    if core.key in context.values or _is_declared(context, head) or context.known_index(head.key) is not None:
        return False
    special = context.grammar.symbols.get(core.key)
    try:
        return special is None or special(context, head) is None
    except (Unsupported, IllTyped):
        # it is notation of its own, written in a way that is not understood
        return False


def _is_declared(context: Context, head: Node) -> bool:
    match = context.scope.find(head)
    return match is not None and not any(map(_is_label, match.sups))


def _head(node: Node) -> Node | None:
    """The symbol of x, x_i, f(x)."""
    if isinstance(node, (Symbol, Word, Scripted)):
        return node if isinstance(split(node)[0], (Symbol, Word)) and not split(node)[3] else None
    if isinstance(node, Product) and len(node.factors) == 2 and node.signs == ("",) and isinstance(node.factors[1], Bracketed):
        return None if isinstance(node.factors[1].body, Relation) else _head(node.factors[0])
    return None


def _is_label(node: Node) -> bool:
    """Whether a superscript can only be a label: of L^\\lambda where L is declared, and not a power or a transpose."""
    return isinstance(node, (Symbol, Word)) and not is_transpose(node)


def define(context: Context, left: Node, right: Node, latex: str) -> Named | str:
    """Give the left side its meaning; the named intermediate, or what was defined in words.

    Raises IllTyped where an index of the right side is none of the left side, Unsupported where the left side is no name.
    """
    if isinstance(left, Product):
        return _with_arguments(context, left, right, latex)
    name = name_of(left)
    if name is None:
        raise Unsupported(f"a definition of {left.key}", left.start, left.end, "define a symbol, or a symbol with subscripts")
    return _tensor(context, name, right, latex)


def _tensor(context: Context, name: Name, right: Node, latex: str) -> Named:
    term = context.term(right)
    sup_slots = [node for node in label_parts(name.sups) if _is_free(context, node, term)]
    sub_slots = [node for node in name.subs if _is_free(context, node, term)]
    indices = [context.index(node) for node in (*sup_slots, *sub_slots)]
    missing = term.free - set(indices)
    if missing:
        raise IllTyped(f"the definition of {readable(name)} has a free index {min(missing, key=str)} that is not on its left side")
    if not indices:
        named = _let(context, name, term, latex)
        context.scope.names.add(name, frozenset(), Tensor(named))
        return named
    if sub_slots and term.shape != SCALAR:
        raise IllTyped(f"{readable(name)} is defined by its entries, but the right side is {describe(term.shape)} (written at {term.place})")
    if not sup_slots:
        bare = Name(name.base, name.mark, tuple(node for node in name.subs if node not in sub_slots), name.sups)
        named = _let(context, bare, Array(tuple(indices), term), latex)
        context.scope.names.add(bare, frozenset(), Tensor(named))
        return named
    if len(sup_slots) > 1 or (sub_slots and len(sub_slots) != 1):
        raise Unsupported(f"a family over {len(sup_slots)} indices", right.start, right.end, "declare a tensor, and write … for …")
    return _family(context, name, term, indices, sup_slots[0].key, sub_slots, latex)


def _family(context: Context, name: Name, term: Term, indices: list[Index], slot: str, sub_slots: list[Node], latex: str) -> Named:
    """z^{[3,i]}: one tensor whose rows, columns or entries are the members."""
    kept = Name(name.base, name.mark, tuple(node for node in name.subs if node not in sub_slots), name.sups)
    whole = _without_slot(context, kept, slot)
    member = indices[0]
    if sub_slots:
        named, kind = _let(context, whole, Array(tuple(indices), term), latex), "row"
    elif term.shape == SCALAR:
        named, kind = _let(context, whole, Array((member,), term), latex), "entry"
    elif is_vector(term.shape):
        (inner,) = fresh_indices(context, flat(term.shape), term)
        is_row = term.shape == row(inner.dim)
        order = (member, inner) if is_row else (inner, member)
        matrix = lifted(term, member, rows=is_row)
        named, kind = _let(context, whole, Array(order, Entry(term, (inner,))) if matrix is None else matrix, latex), "row" if is_row else "column"
    else:
        raise Unsupported(f"a family of matrices of shape {describe(term.shape)}", 0, 0, "declare each of them")
    context.scope.names.add(kept, frozenset((slot,)), Member(named, slot, kind))
    return named


def _without_slot(context: Context, name: Name, slot: str) -> Name:
    """The name of the whole family: z^{[3]} of the members z^{[3,i]}, unless that is taken."""
    sups = tuple(kept for sup in name.sups if (kept := _dropped(sup, slot)) is not None)
    whole = Name(name.base, name.mark, name.subs, sups)
    return name if readable(whole) in context.scope.derivation.names else whole


def _dropped(node: Node, slot: str) -> Node | None:
    """A label without the slot; None where nothing is left."""
    if node.key == slot:
        return None
    if not isinstance(node, Bracketed):
        return node
    if not isinstance(node.body, Sequence):
        return None if node.body.key == slot else node
    items = tuple(item for item in node.body.items if item.key != slot)
    return replace(node, body=items[0] if len(items) == 1 else replace(node.body, items=items))


def _let(context: Context, name: Name, term: Term, latex: str) -> Named:
    return context.scope.derivation.let(readable(name), term, latex=latex)


def _is_free(context: Context, node: Node, term: Term) -> bool:
    if not isinstance(node, (Symbol, Scripted)):
        return False
    known = context.known_index(node.key)
    return known is not None and known in term.free


# f(x) = … -----------------------------------------------------------------------------------------------------------
def _with_arguments(context: Context, left: Product, right: Node, latex: str) -> Named | str:
    head, bracket = left.factors[0], left.factors[-1]
    name = name_of(head)
    if name is None or len(left.factors) != 2 or left.signs != ("",) or not isinstance(bracket, Bracketed):
        raise Unsupported(f"a definition of {left.key}", left.start, left.end, "define a symbol or a function of one variable")
    arguments = listed_items(bracket.body)
    if len(arguments) == 1 and _is_variable(context, arguments[0]):
        function = defined_function(context, readable(name), arguments[0], right)
        context.scope.names.add(name, frozenset(), function)
        return f"{readable(name)}({plain(arguments[0].key)}) = {plain(right.key)}"
    strange = next((each for each in arguments if not isinstance(each, (Symbol, Scripted))), None)
    if strange is not None:
        raise Unsupported(
            f"a definition of {plain(name.base)} at the formula {plain(strange.key)}", strange.start, strange.end, "an argument is a symbol; a derivative is \\nabla_x (…) or \\frac{\\partial …}{\\partial x}"  # noqa: E501
        )  # fmt: skip
    context.scope.arguments[name.base] = tuple(argument.key for argument in arguments)
    context.scope.depends[name.base] = context.scope.depends.get(name.base, frozenset()) | {argument.key for argument in arguments}
    return _tensor(context, name, right, latex)


def _is_variable(context: Context, node: Node) -> bool:
    """Whether the argument of a new function is its variable: a symbol that is not declared, or is a scalar."""
    if not isinstance(node, Symbol):
        return False
    match = context.scope.find(node)
    return match is None or (isinstance(match.target, Tensor) and isinstance(match.target.term, Leaf) and match.target.term.shape == SCALAR)


def defined_function(context: Context, name: str, variable: Node, body: Node) -> Function:
    """A function of one scalar by its formula; of a tensor it is taken at every entry.

    Raises Unsupported where the formula is none of a scalar, IllTyped where it has a free index.
    """

    def argument(terms: tuple[Term, ...], node: Node) -> Term:
        if len(terms) != 1:
            raise Unsupported(f"{name} of {len(terms)} arguments", node.start, node.end, f"{name} takes one argument")
        return terms[0]

    def value(context: Context, term: Term, called: Node) -> Term:
        # indices and variables around the call are not those of the formula
        inner = replace(context, bound={}, learned={}, values={variable.key: term}, claim=(body,))
        return inner.term(placed(body, called))

    def generic(context: Context, called: Node) -> Term:
        """The formula at a variable that occurs nowhere else."""
        found = value(context, Leaf(f"the variable of {name}", ()), called)
        if found.free:
            raise IllTyped(f"the definition of {name} has a free index {min(found.free, key=str)} that is not on its left side")
        return found

    def at(context: Context, terms: tuple[Term, ...], node: Node) -> Term:
        formula = generic(context, node)

        def at_entry(term: Term) -> Term:
            _check_not_captured(name, formula, term, node)
            return value(context, term, node)

        return entrywise(context, argument(terms, node), at_entry)

    def derivative(context: Context, terms: tuple[Term, ...], order: int, node: Node) -> Term:
        formula = generic(context, node)

        def slope(term: Term) -> Term:
            _check_not_captured(name, formula, term, node)
            tensor = term.tensor if isinstance(term, (Entry, Slice)) else term
            others = {inner.name for inner in subterms(formula, open_names=True) if isinstance(inner, (Leaf, Named))}
            if not isinstance(tensor, (Leaf, Named)) or tensor.name in others:
                raise Unsupported(
                    f"the derivative of {name} at a formula", node.start, node.end, f"name its argument in a line before, u = …, and write {name}'(u)"
                )
            found = value(context, term, node)
            for _ in range(order):
                found = differentiate(context, found, term, node)
            return found

        return entrywise(context, argument(terms, node), slope)

    try:
        shape = generic(context, body).shape
    except IllTyped as problem:
        raise Unsupported(
            f"the function {name}: {problem}", body.start, body.end, f"where {plain(variable.key)} is no scalar, declare it before"
        ) from None
    if shape != SCALAR:
        raise Unsupported(
            f"the function {name} of a scalar is {describe(shape)}",
            body.start,
            body.end,
            f"where {plain(variable.key)} is no scalar, declare it before",
        )
    return Function(name, at, derivative)


def _check_not_captured(name: str, formula: Term, argument: Term, node: Node) -> None:
    both = formula.bound & argument.free
    if both:
        index = min(both, key=str)
        raise Unsupported(
            f"the index {index} of the argument is summed in the definition of {name}", node.start, node.end, f"rename {index} in one of them"
        )
