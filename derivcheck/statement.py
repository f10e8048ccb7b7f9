"""The closed statement that is judged for a claim, in one line: every binder, range, definition, assumption, layout and reading.

    for all K ≥ 1, i, j in 1…K, z ∈ R^K: ∂s[i]/∂z[j] = s[i] (δ[i,j] - s[j]), with s = softmax(z), where i ≠ j, numerator layout
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from derivcheck.algebra.dims import Dim, Index
from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.language.layout import derivative_axes
from derivcheck.language.printing.latex import LaTeX
from derivcheck.language.printing.text import index_range, relation_text, text
from derivcheck.language.shapes import SCALAR, Shape
from derivcheck.language.terms import Apply, Derivative, Entry, Leaf, Named, Size, Slice, Term
from derivcheck.language.walks import children, subterms

_Item = TypeVar("_Item")

GENERIC = {"elementwise": "R → R", "scalar_function": "twice continuously differentiable"}
"""The operators that stand for a generic function, which their first parameter names."""

COLUMN_STACKING = ("vec", "unvec")


def judged_as(claim: Claim, derivation: Derivation) -> str:
    """The statement that a claim of a derivation makes. For a claim that does not fit together, what is wrong with it."""
    if claim.explicit is not None:
        sizes = ", ".join(f"{name} = {size}" for name, size in claim.explicit.dims)
        return f"left = right, two explicit matrices{f' at {sizes}' if sizes else ''}"
    if claim.lhs is None or claim.rhs is None:
        return ", ".join((f"no statement: {claim.unread or claim.broken or claim.failed}", *claim.readings))
    stated = claim.stated_shape
    formula = f"{text(claim.lhs)} = {text(claim.rhs)}" if stated is None else f"{text(claim.lhs)} ∈ {space(stated)}"
    if claim.broken is not None:
        return ", ".join((f"no statement: {formula}, but {claim.broken}", *claim.readings))
    closed = _Parts(claim.lhs, claim.rhs, derivation)
    binders = closed.binders()
    clauses = [
        formula,
        *closed.definitions(),
        *([f"where {' and '.join(map(relation_text, claim.where))}"] if claim.where else []),
        *closed.assumptions(),
        *closed.ranges(),
        *closed.readings(),
        *claim.readings,
    ]
    return f"for all {', '.join(binders)}: {', '.join(clauses)}" if binders else ", ".join(clauses)


class _Parts:
    """What occurs in a claim, its named intermediates opened."""

    def __init__(self, lhs: Term, rhs: Term, derivation: Derivation) -> None:
        self.derivation = derivation
        self.written = [*subterms(lhs), *subterms(rhs)]
        self.nodes = _unique([*subterms(lhs, open_names=True), *subterms(rhs, open_names=True)])
        self.free = sorted(lhs.free | rhs.free, key=str)
        self.bound = sorted(frozenset().union(*(node.bound for node in self.nodes)), key=lambda index: (index.name, str(index.dim), index.base))

    def binders(self) -> list[str]:
        """Dimensions, free indices, declared symbols and generic functions."""
        dims = [name for name in self.derivation.dims if name in self._dim_names()]
        applications = [node for node in self.nodes if isinstance(node, Apply)]
        generic = sorted({(node.operator.name, node.parameters[0]) for node in applications if node.operator.name in GENERIC})
        return [
            *([f"{', '.join(dims)} ≥ 1"] if dims else []),
            *_grouped(self.free, str, lambda index: f"in {'…'.join(index_range(index))}"),
            *_grouped(self._leaves(), lambda leaf: leaf.name, lambda leaf: f"∈ {space(leaf.shape)}"),
            *_grouped(generic, lambda pair: pair[1], lambda pair: f"(generic, {GENERIC[pair[0]]})"),
        ]

    def definitions(self) -> list[str]:
        named = [definition for definition in self.derivation.definitions if any(node is definition for node in self.nodes)]
        equations = [f"{name} = {text(definition)}" for name, definition in ((node.name, node.definition) for node in named)]
        return [f"with {', '.join(equations)}"] if equations else []

    def assumptions(self) -> list[str]:
        leaves = self._leaves()
        found = [str(assumption) for assumption in self.derivation.assumptions if any(assumption.tensor is leaf for leaf in leaves)]
        return [f"assuming {' and '.join(found)}"] if found else []

    def ranges(self) -> list[str]:
        """Over what the bound indices run; where a definition has another index of a name in use, the definition is named."""
        here = frozenset(self.free).union(*(node.bound for node in self.written))
        named = [node for node in self.nodes if isinstance(node, Named)]

        def role(index: Index) -> str:
            over = f"over {'…'.join(index_range(index))}"
            rivals = [other for other in (*self.free, *self.bound) if other.name == index.name and other != index]
            owners = [node.name for node in named if index in node.definition.bound]
            return over if not rivals or index in here else f"{over} in {' and '.join(owners)}"

        return [f"bound {group}" for group in _grouped(self.bound, str, role)]

    def readings(self) -> list[str]:
        """How derivatives and vec are read. A layout is named where it decides the order of axes."""
        result: list[str] = []
        derivatives = [node for node in self.nodes if isinstance(node, Derivative)]
        arranged = [node for node in derivatives if derivative_axes(node.function.shape, node.variable.shape, node.layout)]
        layouts = {node.layout for node in arranged}
        if len(layouts) == 1:
            result.append(f"{arranged[0].layout} layout")
        else:
            result += [f"{node.layout} layout for {text(node)}" for node in arranged]
        result += list(dict.fromkeys(self._notes(derivatives)))
        if any(isinstance(node, Apply) and node.operator.name in COLUMN_STACKING for node in self.nodes):
            result.append("vec stacks columns")
        if any(index.base == 0 for index in (*self.free, *self.bound)) and any(map(_has_number, self.written)):
            result.append("numbers in subscripts count from 1")
        return result

    def _notes(self, derivatives: Iterable[Derivative]) -> Iterator[str]:
        symmetric = [assumption.tensor for assumption in self.derivation.assumptions if assumption.kind == "symmetric"]
        for node in derivatives:
            if any(node.root is tensor for tensor in symmetric):
                yield f"the derivative by {node.root.name} is the ambient one (its entries vary independently)"
            if not depends_on(node.function, node.root):
                yield f"{text(node.function)} is independent of {node.root.name} by declaration"

    def _leaves(self) -> list[Leaf]:
        return [leaf for leaf in self.derivation.leaves if any(node is leaf for node in self.nodes)]

    def _dim_names(self) -> frozenset[str]:
        dims: list[Dim] = [axis for node in self.nodes for axis in node.shape]
        dims += [node.dim for node in self.nodes if isinstance(node, Size)]
        dims += [index.dim for index in (*self.free, *self.bound)]
        return frozenset().union(*(dim.symbols for dim in dims))


def depends_on(term: Term, root: Leaf | Named) -> bool:
    """Whether a term contains a symbol, every other named intermediate opened."""
    seen: set[int] = set()
    stack = [term]
    while stack:
        node = stack.pop()
        if node is root:
            return True
        if id(node) in seen:
            continue
        seen.add(id(node))
        stack.extend((node.definition,) if isinstance(node, Named) else children(node))
    return False


def _has_number(node: Term) -> bool:
    return isinstance(node, (Entry, Slice)) and any(isinstance(slot, int) for slot in node.slots)


def space(shape: Shape) -> str:
    """R, R^K for a column, R^{1×K} for a row, R^{n×m}."""
    if shape == SCALAR:
        return "R"
    axes = _axes(shape)
    names = "×".join(f"({axis})" if len(axis.factors) > 1 and len(axes) > 1 else str(axis) for axis in axes)
    return f"R^{names}" if len(names) == 1 else f"R^{{{names}}}"


def space_latex(shape: Shape) -> str:
    """The same in LaTeX: \\mathbb{R}^{n \\times m}."""
    printer = LaTeX()
    axes = _axes(shape)
    names = (printer.brackets(printer.dimension(axis)) if len(axis.factors) > 1 and len(axes) > 1 else printer.dimension(axis) for axis in axes)
    exponent = r" \times ".join(names)
    return rf"\mathbb{{R}}^{{{exponent}}}" if axes else r"\mathbb{R}"


def _axes(shape: Shape) -> Shape:
    """The axes that are written: a column is R^n."""
    return shape[:1] if len(shape) == 2 and shape[1].is_one else shape


def _grouped(items: Sequence[_Item], name: Callable[[_Item], str], role: Callable[[_Item], str]) -> list[str]:
    """Items of one role together: z, g ∈ R^K."""
    groups: dict[str, list[str]] = {}
    for item in items:
        groups.setdefault(role(item), []).append(name(item))
    return [f"{', '.join(names)} {kind}" for kind, names in groups.items()]


def _unique(nodes: Iterable[Term]) -> list[Term]:
    return list({id(node): node for node in nodes}.values())
