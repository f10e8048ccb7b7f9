"""A bracket behind a symbol: a factor, or only a word on what the symbol depends.

L(\\theta)           with `depends L on \\theta`, or where L was defined by \\theta: L
\\hat y_i (1 - z)    a product
L(\\theta + h)       not understood where L depends on \\theta: L is no function whose argument could be another one
a(x)                not understood: a product, or the value of a function a?
"""

from __future__ import annotations

from derivcheck.language.shapes import SCALAR
from derivcheck.language.terms import Entry, Leaf, Named, Slice, Term
from derivcheck.language.walks import subterms
from derivcheck.notes.context import Context
from derivcheck.notes.names import plain, split
from derivcheck.notes.scope import Constant, Member, Tensor, Writing
from derivcheck.notes.scripts import is_inverse, is_transpose
from derivcheck.notes.syntax import Bracketed, Dots, Node, Numeral, Product, Scripted, Sequence, Symbol, Word, listed_items
from derivcheck.notes.trees import walk
from derivcheck.notes.unsupported import Unsupported


def depends_on(term: Term, variable: Term) -> bool:
    """Whether a leaf or named intermediate, or one of its entries, occurs in a term or in the definitions of what it names."""
    tensor = variable.tensor if isinstance(variable, (Entry, Slice)) else variable
    if not isinstance(tensor, (Leaf, Named)):
        return True
    return any(isinstance(inner, (Leaf, Named)) and inner.name == tensor.name for inner in subterms(term, open_names=True))


def is_dependence(context: Context, node: Node, behind: Node) -> bool:
    """Whether the bracket behind a symbol only says on what it depends. Raises Unsupported where it could be either."""
    bracket = behind.core if isinstance(behind, Scripted) else behind
    core = split(node)[0]
    if not isinstance(bracket, Bracketed) or bracket.opening not in ("(", "[") or not isinstance(core, (Symbol, Word)) or core.key in context.values:
        return False
    match = context.scope.find(node)
    if match is None or not isinstance(match.target, (Tensor, Member, Writing, Constant)):
        return False
    allowed = context.scope.depends.get(core.key, frozenset())
    items = listed_items(bracket.body)
    defined = context.scope.arguments.get(core.key)
    if defined is not None and tuple(item.key for item in items) != defined:
        said = f"{plain(node.key)} at other arguments than {', '.join(map(plain, defined))}"
        raise Unsupported(said, behind.start, behind.end, "write its value there as a formula")
    if all(isinstance(item, Dots) or _is_named(item, allowed) for item in items):
        return True
    name, argument = plain(node.key), plain(bracket.key)
    if len(items) > 1:
        names = ", ".join(item.key for item in items)
        what = "a list" if isinstance(bracket.body, Sequence) else "a conditioning bar"
        raise Unsupported(f"{what} in brackets behind {name}", behind.start, behind.end, f"say what it depends on: depends {core.key} on {names}")
    if any(_is_named(inner, allowed) for inner in walk(bracket.body)):
        raise Unsupported(
            f"{name}{argument}",
            behind.start,
            behind.end,
            f"{name} depends on it, but is no function: declare one, or write {name} \\cdot {argument} for the product",
        )
    if not _is_one_symbol(bracket.body) or match.sups:
        if _is_value_elsewhere(context, match.target, node, bracket.body):
            raise Unsupported(
                f"{name}{argument}, which is a product or the value elsewhere of what {name} stands for",
                behind.start,
                behind.end,
                f"define a function, {name}(x) = …, or write {name} \\cdot {argument} for the product",
            )
        return False
    # brackets that only carry a script, as in δ (h^{(1)})^⊤, are there because the symbol in them has scripts of its own
    carries_script = (
        isinstance(behind, Scripted) and isinstance(bracket.body, Scripted) and (bool(behind.sups) or any(map(_is_turned, bracket.body.sups)))
    )
    if isinstance(match.target, Tensor) and isinstance(match.target.term, Named) and _defines(context, bracket.body, match.target.term):
        options = ("is a factor", "says on what it depends") if carries_script else ("says on what it depends", "is a factor")
        return context.readings.choose(f"the bracket in {name}{argument}", *options) == "says on what it depends"
    if carries_script:
        return False
    raise Unsupported(
        f"{name}{argument}, which is a product or a value",
        behind.start,
        behind.end,
        f"write depends {core.key} on {bracket.body.key}, or the product without brackets",
    )


def _is_value_elsewhere(context: Context, target: object, node: Node, body: Node) -> bool:
    """Whether a bracket behind a scalar speaks of what the scalar was defined by: F(x + a) where F = x²."""
    named = target.term if isinstance(target, Tensor) else None
    if not isinstance(named, Named) or named.shape != SCALAR or isinstance(node, Scripted):
        return False
    return any(_defines(context, inner, named) for inner in walk(body) if isinstance(inner, (Symbol, Word)))


def _is_named(node: Node, allowed: frozenset[str]) -> bool:
    """Whether this is one of the symbols on which something depends, as a whole or with scripts, or with what it depends on itself: \\hat y(z)."""
    if isinstance(node, Product) and len(node.factors) == 2 and node.signs == ("",) and isinstance(node.factors[1], Bracketed):
        return _is_named(node.factors[0], allowed) and all(_is_named(item, allowed) for item in listed_items(node.factors[1].body))
    return isinstance(node, (Symbol, Word, Scripted)) and (node.key in allowed or split(node)[0].key in allowed)


def _is_turned(sup: Node) -> bool:
    """Whether a superscript is a transpose, an inverse or ⊙: (A^⊤)_{ij} has its brackets for the subscripts."""
    return is_transpose(sup) or is_inverse(sup) or sup.key == "\\odot"


def _is_one_symbol(node: Node) -> bool:
    return isinstance(node, Numeral) or (isinstance(node, (Symbol, Word, Scripted)) and isinstance(split(node)[0], (Symbol, Word)))


def _defines(context: Context, node: Node, named: Named) -> bool:
    """Whether a symbol stands in the definition of a named intermediate."""
    match = context.scope.find(node)
    return match is not None and isinstance(match.target, Tensor) and depends_on(named.definition, match.target.term)
