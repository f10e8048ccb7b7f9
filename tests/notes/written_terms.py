"""Terms as a note would hold them: declared, printed as LaTeX, read back, and compared with what was meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from formulas import Note

from derivcheck.algebra.dims import ONE
from derivcheck.language.operators import apply
from derivcheck.language.printing.latex import latex
from derivcheck.language.printing.names import name_latex
from derivcheck.language.rebuilding import with_children
from derivcheck.language.shapes import SCALAR, Shape
from derivcheck.language.terms import Add, Apply, Derivative, Entry, Leaf, Named, Number, Power, Scale, Size, Slice, Term
from derivcheck.language.walks import children, subterms


def declarations(term: Term) -> tuple[str, ...]:
    """Lines that declare everything that occurs in a term: its layout, leaves, indices and generic functions."""
    lines = [f"layout {node.layout}" for node in subterms(term) if isinstance(node, Derivative) and node.layout is not None][:1]
    lines += [f"{leaf.latex or name_latex(leaf.name)}: {_shape(leaf.declared_shape)}" for leaf in _by_name(term)]
    lines += [f"dimension {name_latex(name)}" for name in sorted(_dimensions(term))]
    for index in sorted(term.free | term.bound, key=str):
        last = str(index.dim) if index.base == 1 else f"{index.dim}-1"
        lines.append(f"index {index.name} = {1 if index.base == 1 else 0}..{last}")
    generic = {
        (node.operator.name, node.parameters[0])
        for node in subterms(term)
        if isinstance(node, Apply) and node.operator.name in ("elementwise", "scalar_function")
    }
    lines += [f"function {name} {'elementwise' if kind == 'elementwise' else 'of x'}" for kind, name in sorted(generic)]
    for node in subterms(term):
        if isinstance(node, Apply) and node.operator.name == "one_hot":
            lines.append(f"e_{{i}}: one-hot {node.parameters[0]}")
        if isinstance(node, Apply) and node.operator.name == "sigmoid":
            lines.append("function \\sigma = sigmoid")
    return tuple(dict.fromkeys(lines))


def _by_name(term: Term) -> list[Leaf]:
    found = {node.name: node for node in subterms(term) if isinstance(node, Leaf)}
    return [found[name] for name in sorted(found)]


def _dimensions(term: Term) -> Iterator[str]:
    for node in subterms(term):
        dims = [*node.shape, *(parameter for parameter in getattr(node, "parameters", ()) if hasattr(parameter, "factors"))]
        dims += [node.dim] if isinstance(node, Size) else []
        for dim in (*dims, *(index.dim for index in node.free | node.bound)):
            yield from (factor for factor in dim.factors if isinstance(factor, str))


def _shape(shape: Shape) -> str:
    if shape == SCALAR:
        return "scalar"
    axes = [" ".join(name_latex(str(factor)) for factor in axis.factors) or "1" for axis in shape]
    return axes[0] if len(axes) == 2 and axes[1] == "1" else " x ".join(axes)


def declared(term: Term, note: Note) -> Term:
    """The term over the leaves that a note declares."""
    if isinstance(term, Leaf):
        return next(leaf for leaf in note.derivation.leaves if leaf.latex == (term.latex or name_latex(term.name)))
    if isinstance(term, Named):
        return next(named for named in note.derivation.definitions if named.name == term.name)
    return with_children(term, tuple(declared(child, note) for child in children(term)))


def read_back(term: Term, *more: str) -> tuple[Term, Term]:
    """The term over a note's leaves, and what the note makes of its LaTeX."""
    note = Note(latex(term), (*declarations(term), *more))
    return declared(term, note), note.term()


# up to what print does not show ---------------------------------------------------------------------------------------
def unordered(term: Term) -> Any:
    """The term up to what its print does not show: how products of several factors are bracketed, and where among them the scalars stand."""
    coefficient, scalars, tensors = _factors(term)
    if coefficient == 1 and not scalars and len(tensors) == 1:
        return tensors[0]
    return coefficient, frozenset(scalars.items()), tuple(tensors)


def _factors(term: Term) -> tuple[Fraction, Counter[Any], list[Any]]:
    if isinstance(term, Number):
        return term.value, Counter(), []
    if isinstance(term, Scale) or (isinstance(term, Apply) and term.operator.name == "matmul"):
        found = [_factors(child) for child in children(term)]
        coefficient = Fraction(1)
        scalars: Counter[Any] = Counter()
        for value, more, _ in found:
            coefficient *= value
            scalars += more
        return coefficient, scalars, [tensor for _, _, tensors in found for tensor in tensors]
    if isinstance(term, Power) and term.exponent.denominator == 1:
        base, scalars, _ = _factors(term.base)
        if base and not scalars:
            return base ** int(term.exponent), Counter(), []
    if isinstance(term, Power) and term.exponent < 0:
        # 1/x² is printed of both (x²)⁻¹ and x⁻², 1/(x y) of both (x y)⁻¹ and x⁻¹ y⁻¹
        coefficient, scalars, tensors = _factors(term.base if term.exponent == -1 else Power(term.base, -term.exponent))
        if coefficient:
            below = Counter({("under 1", scalar): count for scalar, count in scalars.items()})
            return 1 / coefficient, below + Counter([("under 1", tuple(tensors))] if tensors else []), []
    if isinstance(term, Apply) and term.operator.name == "outer" and all(argument.shape[1:] == (ONE,) for argument in term.arguments):
        # u vᵀ is printed of the outer product of two columns
        left, right = term.arguments
        row = right.arguments[0] if isinstance(right, Apply) and right.operator.name == "transpose" else apply("transpose", right)
        return _factors(apply("matmul", left, row))
    whole = _whole(term)
    return (Fraction(1), Counter([whole]), []) if term.shape == SCALAR else (Fraction(1), Counter(), [whole])


def _whole(term: Term) -> Any:
    if isinstance(term, Entry) and isinstance(term.tensor, Slice):
        # entry j of row i is entry i, j
        term = Entry(term.tensor.tensor, tuple(term.slots[0] if slot is None else slot for slot in term.tensor.slots))
    details: Any = None
    match term:
        case Leaf() | Named():
            details = term.name
        case Apply():
            details = (term.operator.name, term.parameters)
        case Add():
            details = len(term.terms)
        case _:
            details = tuple(
                getattr(term, name)
                for name in ("dim", "slots", "indices", "index", "lower", "upper", "left", "right", "relation", "exponent", "layout")
                if hasattr(term, name)
            )
            details = tuple(detail if not hasattr(detail, "term") else "x > 0" for detail in details)
            if hasattr(term, "branches"):
                details = (*details, tuple(relation if not hasattr(relation, "term") else "x > 0" for relation, _ in term.branches))
    return type(term).__name__, details, tuple(unordered(child) for child in children(term))
