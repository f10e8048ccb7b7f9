"""Declarations: the dimensions, indices, symbols, definitions and assumptions of a derivation, each name for one thing."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from derivcheck.algebra.dims import Dim, IllTyped, Index
from derivcheck.claims import Assumption, Property, Source
from derivcheck.language.layout import LAYOUTS, Layout
from derivcheck.language.places import Place, caller_place
from derivcheck.language.shapes import Shape, column, describe, flat, row, same_shape, shape_of
from derivcheck.language.terms import Apply, Array, Derivative, Leaf, Named, Operand, Term, as_term
from derivcheck.language.walks import subterms


@dataclass(eq=False)
class Declarations:
    """What the claims of a derivation may use. Raises IllTyped where a name is used twice, naming both places."""

    name: str
    layout: Layout
    source: Source = field(default_factory=lambda: Source(""))
    title: str = ""
    place: Place = field(default_factory=caller_place)
    dims: dict[str, Dim] = field(default_factory=dict)
    names: dict[str, Place] = field(default_factory=dict)
    declared_indices: dict[str, Index] = field(default_factory=dict)
    generic_functions: dict[str, Apply] = field(default_factory=dict)
    leaves: list[Leaf] = field(default_factory=list)
    definitions: list[Named] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)
    may_coincide: list[tuple[Leaf, Leaf]] = field(default_factory=list)
    local_indices: dict[Index, Place] = field(default_factory=dict)
    beside_symbols: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.layout not in LAYOUTS:
            raise IllTyped(f"unknown layout {self.layout!r}; it is one of {', '.join(LAYOUTS)}")

    def _declare(self, name: str) -> None:
        here = caller_place()
        if not isinstance(name, str) or not name or name != " ".join(name.split()):
            raise IllTyped(f"{name!r} at {here} is not a name: a name is one line of text, without spaces around it")
        if name in self.names:
            raise IllTyped(f"{name} is declared twice: at {self.names[name]} and at {here}; one name is one thing")
        local = next((place for index, place in self.local_indices.items() if index.name == name), None)
        if local is not None and name not in self.beside_symbols:
            raise IllTyped(f"{name} is an index at {local} and is declared at {here}; one name is one thing")
        self.names[name] = here

    def dim(self, name: str | int) -> Dim:
        """A dimension: a symbol that stands for every integer >= 1, or a number."""
        dim = Dim.of(name)
        if isinstance(name, str):
            local = next((place for index, place in self.local_indices.items() if index.name == name), None)
            if local is not None:
                raise IllTyped(f"{name} is an index at {local} and a dimension at {caller_place()}; one name is one thing")
            self._declare(name)
            self.dims[name] = dim
        return dim

    def indices(self, names: str, dim: Dim, base: Literal[0, 1] = 1) -> tuple[Index, ...]:
        """Indices over one elementary dimension: i, j = d.indices("i j", K)."""
        _check_range(dim)
        result = []
        for name in names.split():
            self._declare(name)
            self.declared_indices[name] = Index(name, dim, base)
            result.append(self.declared_indices[name])
        return tuple(result)

    def index(self, name: str, dim: Dim, base: Literal[0, 1] = 1) -> Index:
        """One index over one elementary dimension."""
        return self.indices(name, dim, base)[0]

    def local_index(self, name: str, dim: Dim, base: Literal[0, 1] = 1, *, beside_symbol: bool = False) -> Index:
        """An index that only some claims use: another claim may use the same name for an index over another dimension.

        Asked for again it is the same index. Within one claim or definition a name is one index. With `beside_symbol` a symbol may have
        the same name (a bias b and an entry b_b): an index stands in subscripts only. A dimension may not.
        """
        _check_range(dim)
        here = caller_place()
        index = Index(name, dim, base)
        if name in self.dims or (name in self.names and name not in self.declared_indices and not beside_symbol):
            raise IllTyped(f"{name} is declared at {self.names[name]} and an index at {here}; one name is one thing")
        if self.declared_indices.get(name, index) != index:
            declared = self.declared_indices[name]
            raise IllTyped(f"{name} is an index over {_range(declared)} at {self.names[name]} and over {_range(index)} at {here}")
        if beside_symbol:
            self.beside_symbols.add(name)
        self.local_indices.setdefault(index, here)
        return index

    def leaf(self, name: str, shape: Shape, latex: str | None = None) -> Leaf:
        """A declared tensor of any shape."""
        self._declare(name)
        if name in self.generic_functions:
            raise IllTyped(
                f"{name} is a generic function at {self.generic_functions[name].place} and a symbol at {self.names[name]}; one name is one thing"
            )
        leaf = Leaf(name, shape, self.layout, latex)
        self.leaves.append(leaf)
        return leaf

    def scalar(self, name: str, latex: str | None = None) -> Leaf:
        """A declared scalar."""
        return self.leaf(name, (), latex)

    def vector(self, name: str, dim: Dim, latex: str | None = None) -> Leaf:
        """A declared column vector."""
        return self.leaf(name, column(dim), latex)

    def row(self, name: str, dim: Dim, latex: str | None = None) -> Leaf:
        """A declared row vector."""
        return self.leaf(name, row(dim), latex)

    def matrix(self, name: str, rows: Dim, columns: Dim, latex: str | None = None) -> Leaf:
        """A declared matrix."""
        return self.leaf(name, shape_of(rows, columns), latex)

    def let(self, name: str, definition: Operand, *slots: Index, latex: str | None = None) -> Named:
        """A named intermediate: let("s", softmax(z)), or by entries let("s", exp(z[i]) / …, i)."""
        term = as_term(definition)
        if slots:
            term = Array(slots, term)
        self._check_declared(term, f"the definition of {name}")
        self._declare(name)
        named = Named(name, term, self.layout, latex)
        self.definitions.append(named)
        return named

    def _check_declared(self, term: Term, role: str) -> None:
        self._check_indices(term.free | term.bound, role, term.place)
        self._check_functions(term)
        known = {id(leaf) for leaf in self.leaves} | {id(named) for named in self.definitions}
        for node in subterms(term):
            if isinstance(node, (Leaf, Named)) and id(node) not in known:
                raise IllTyped(
                    f"{role} (written at {term.place}) uses {node.name} (of {node.place}), which is not declared in {self.name} before this line"
                )
            if isinstance(node, Derivative) and isinstance(node.root, Named):
                self._check_earlier(node, node.root)
            if isinstance(node, Derivative) and isinstance(node.root, Leaf):
                self._check_distinct(node, node.root)

    def _check_distinct(self, derivative: Derivative, root: Leaf) -> None:
        """A derivative by a symbol holds others fixed; one that may stand for the same thing, of a layer that may be the same, is not other."""
        twins = {id(right if left is root else left) for left, right in self.may_coincide if root in (left, right)}
        for node in subterms(derivative.function, open_names=True) if twins else ():
            if isinstance(node, Leaf) and id(node) in twins:
                raise IllTyped(
                    f"the derivative by {root.name} (written at {derivative.place}) is of a function of {node.name} (of {node.place}), which is the "
                    "same symbol where the two layers are one: give the generic layer a range without the other one"
                )

    def _check_indices(self, indices: frozenset[Index], role: str, place: Place) -> None:
        named: dict[str, Index] = {}
        for index in sorted(indices, key=lambda index: (index.name, str(index.dim), index.base)):
            first = named.setdefault(index.name, index)
            if first != index:
                raise IllTyped(f"{role} (written at {place}) uses {index} over {_range(first)} and over {_range(index)}; one name is one thing")
            if index in self.local_indices:
                continue
            declared = self.declared_indices.get(index.name)
            if declared is None:
                raise IllTyped(f"{role} (written at {place}) uses the index {index}, which is not declared: d.indices({index.name!r}, {index.dim})")
            if declared != index:
                raise IllTyped(
                    f"{role} (written at {place}) uses an index {index} over {index.dim}, but {index} is declared over {declared.dim} "
                    f"at {self.names[index.name]}; one name is one thing"
                )

    def _check_functions(self, term: Term) -> None:
        """A generic function is one function: elementwise, or of tensors of one shape."""
        for node in subterms(term):
            if not isinstance(node, Apply) or node.operator.name not in ("elementwise", "scalar_function"):
                continue
            name = node.parameters[0]
            if any(leaf.name == name for leaf in self.leaves):
                raise IllTyped(f"{name} is a symbol at {self.names[name]} and a generic function at {node.place}; one name is one thing")
            first = self.generic_functions.setdefault(name, node)
            if first.operator is not node.operator:
                raise IllTyped(f"{name} is a generic {first.operator.name} at {first.place} and a generic {node.operator.name} at {node.place}")
            shapes = first.arguments[0].shape, node.arguments[0].shape
            if node.operator.name == "scalar_function" and not same_shape(*shapes):
                raise IllTyped(
                    f"the generic function {name} is of {describe(shapes[0])} at {first.place} and of {describe(shapes[1])} at {node.place}; "
                    "one name is one thing"
                )

    def _check_earlier(self, derivative: Derivative, root: Named) -> None:
        """A derivative by a name makes sense where something in the function is defined after it or from it."""
        inside = [node for node in subterms(derivative.function, open_names=True) if isinstance(node, Named)]
        if inside and all(self.definitions.index(node) < self.definitions.index(root) for node in inside):
            raise IllTyped(
                f"the function of this derivative (written at {derivative.place}) cannot depend on {root.name}, which is defined later "
                f"(at {self.names[root.name]})"
            )

    # assumptions ------------------------------------------------------------------------------------------------
    def assume(self, kind: Property, tensor: Leaf, axis: int | None = None, value: int | Fraction = 1) -> Assumption:
        """Assume a property of a declared symbol: "positive", "nonnegative", "nonzero", "symmetric", "invertible", "one-hot", "sums-to".

        `axis` is the summed flat axis of a matrix (0 or 1) for "one-hot" and "sums-to"; a vector needs none.
        """
        self._check_declared(tensor, f"the assumption {kind}")
        axes = flat(tensor.shape)
        if kind in ("one-hot", "sums-to"):
            if axis is None and len(axes) != 1:
                raise IllTyped(f"{kind} of {tensor.name} ({describe(tensor.shape)}) needs the axis that it runs along")
            axis = 0 if axis is None else axis
            if not 0 <= axis < len(axes):
                raise IllTyped(f"{tensor.name} ({describe(tensor.shape)}) has no axis {axis}")
        elif kind in ("symmetric", "invertible"):
            if len(axes) != 2 or axes[0] != axes[1]:
                raise IllTyped(f"{kind} needs a square matrix, not {tensor.name} ({describe(tensor.shape)})")
        elif kind not in ("positive", "nonnegative", "nonzero"):
            raise IllTyped(f"unknown assumption {kind!r}")
        assumption = Assumption(kind, tensor, axis, Fraction(value))
        self.assumptions.append(assumption)
        return assumption


def _check_range(dim: Dim) -> None:
    if len(dim.factors) != 1:
        raise IllTyped(f"an index ranges over one elementary dimension, not over {dim}")


def _range(index: Index) -> str:
    return f"{index.dim}" if index.base == 1 else f"{index.dim} from 0"
