"""Derivations: declarations, definitions and claims, in order, with a source.

Every reader produces these objects and the judge receives them.

    d = Derivation("softmax-jacobian", layout="numerator", source=Source("Leifer and Troendle 2021", "Lemma 1"))
    K = d.dim("K")
    i, j = d.indices("i j", K)
    z = d.vector("z", K)
    s = d.let("s", softmax(z))
    d.claim("entries", D(s[i], z[j]), s[i] * (delta(i, j) - s[j]))
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from typing import Any, Literal, get_args

from derivcheck.algebra.dims import Dim, IllTyped, Index
from derivcheck.claims import Assumption, Chain, Claim, Erratum, ExplicitMatrices, Kind, Property, Recursion, Side, Source, Word, identifier
from derivcheck.language.layout import LAYOUTS, Layout
from derivcheck.language.places import Place, caller_place
from derivcheck.language.shapes import Shape, column, describe, flat, row, same_shape, shape_of
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import Apply, Array, Derivative, Leaf, Named, Operand, Term, as_term
from derivcheck.language.walks import subterms

_CREATED: ContextVar[list[Derivation] | None] = ContextVar("derivations created", default=None)


@contextmanager
def created_derivations() -> Iterator[list[Derivation]]:
    """The derivations that are created inside the block, in order, also those that no variable holds any more."""
    created: list[Derivation] = []
    token = _CREATED.set(created)
    try:
        yield created
    finally:
        _CREATED.reset(token)


@dataclass(eq=False)
class Derivation:
    """A derivation under construction; the judge reads it.

    Raises IllTyped where a name is used twice or a statement does not fit, naming both places.
    """

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
    claims: list[Claim] = field(default_factory=list)
    chains: list[Chain] = field(default_factory=list)
    errata: list[Erratum] = field(default_factory=list)
    recursions: list[Recursion] = field(default_factory=list)
    may_coincide: list[tuple[Leaf, Leaf]] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.layout not in LAYOUTS:
            raise IllTyped(f"unknown layout {self.layout!r}; it is one of {', '.join(LAYOUTS)}")
        created = _CREATED.get()
        if created is not None:
            created.append(self)

    # declarations -----------------------------------------------------------------------------------------------
    def _declare(self, name: str) -> None:
        here = caller_place()
        if not isinstance(name, str) or not name or name != " ".join(name.split()):
            raise IllTyped(f"{name!r} at {here} is not a name: a name is one line of text, without spaces around it")
        if name in self.names:
            raise IllTyped(f"{name} is declared twice: at {self.names[name]} and at {here}; one name is one thing")
        self.names[name] = here

    def dim(self, name: str | int) -> Dim:
        """A dimension: a symbol that stands for every integer >= 1, or a number."""
        dim = Dim.of(name)
        if isinstance(name, str):
            self._declare(name)
            self.dims[name] = dim
        return dim

    def indices(self, names: str, dim: Dim, base: Literal[0, 1] = 1) -> tuple[Index, ...]:
        """Indices over one elementary dimension: i, j = d.indices("i j", K)."""
        if len(dim.factors) != 1:
            raise IllTyped(f"an index ranges over one elementary dimension, not over {dim}")
        result = []
        for name in names.split():
            self._declare(name)
            self.declared_indices[name] = Index(name, dim, base)
            result.append(self.declared_indices[name])
        return tuple(result)

    def index(self, name: str, dim: Dim, base: Literal[0, 1] = 1) -> Index:
        """One index over one elementary dimension."""
        return self.indices(name, dim, base)[0]

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
        for index in sorted(indices, key=str):
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

    def _check_new(self, name: str, place: Place) -> None:
        if not name.strip() or "\n" in name:
            raise IllTyped(f"{name!r} at {place} is not the name of a claim: it has at least one character, on one line")
        for claim in self.claims:
            if identifier(claim.name) == identifier(name):
                raise IllTyped(f"two claims of {self.name} are called {name!r}, at {claim.place} and at {place}; their names must differ in letters")

    # claims -----------------------------------------------------------------------------------------------------
    def _claim(self, name: str, kind: Kind, lhs: Side, rhs: Side, place: Place, **details: Any) -> Claim:
        self._check_new(name, place)
        _check_expectation(name, place, details)
        for relation in details.get("where", ()):
            self._check_indices(relation.free, f"the condition {relation.left} {relation.sign} {relation.right} of claim {name!r}", place)
        sides: list[Term] = []
        broken = failed = None
        try:
            for side in (lhs, rhs):
                term = as_term(_built(side) if callable(side) else side)
                self._check_declared(term, f"claim {name!r}")
                sides.append(term)
            self._check_sides(*sides)
            free = sides[0].free | sides[1].free
            for relation in details.get("where", ()):
                if not relation.free <= free:
                    stranger = min(relation.free - free, key=str)
                    written = f"{relation.left} {relation.sign} {relation.right}"
                    raise IllTyped(f"the condition {written} of claim {name!r} (at {place}) is about {stranger}, which is not free in it")
        except IllTyped as problem:
            broken = str(problem)
        except SideFailed as failure:
            failed = str(failure)
        left, right = sides if len(sides) == 2 else (None, None)
        claim = Claim(name, kind, place, lhs=left, rhs=right, broken=broken, failed=failed, **details)
        self.claims.append(claim)
        return claim

    @staticmethod
    def _check_sides(left: Term, right: Term) -> None:
        if not same_shape(left.shape, right.shape):
            raise IllTyped(
                f"the left side is {describe(left.shape)} (written at {left.place}), "
                f"the right side {describe(right.shape)} (written at {right.place})"
            )
        if not (left.free <= right.free or right.free <= left.free):
            only_left, only_right = (", ".join(sorted(map(str, free))) for free in (left.free - right.free, right.free - left.free))
            raise IllTyped(
                f"index {only_left} is free on the left side only (written at {left.place}), {only_right} on the right side only "
                f"(written at {right.place})"
            )
        clash = (left.free & right.bound) | (right.free & left.bound)
        if clash:
            raise IllTyped(f"index {min(clash, key=str)} is free on one side and bound on the other; rename the bound one")

    def claim(
        self,
        name: str,
        lhs: Side,
        rhs: Side,
        *,
        where: Sequence[IndexRelation] = (),
        expected: Word = "proved",
        conditions: Sequence[str] = (),
        assumptions: Sequence[str] = (),
        note: str = "",
        source: Source | None = None,
        backprop: str | None = None,
        own_sizes: Mapping[str, int] | None = None,
    ) -> Claim:
        """State lhs = rhs, for all values of the free indices that meet `where`.

        `own_sizes` gives every dimension the size at which a gradient ∂L/∂v is also compared along random directions.
        `expected` is the verdict that counts as expected, `conditions` and `assumptions` what it may rest on, as the report prints them.
        """
        return self._claim(
            name, "identity", lhs, rhs, caller_place(), where=tuple(where), expected=expected, expected_conditions=_texts(conditions),
            expected_assumptions=_texts(assumptions), note=note, source=source, backprop=backprop,
            own_sizes=tuple((own_sizes or {}).items()),
        )  # fmt: skip

    def chain(
        self,
        name: str,
        *sides: Side,
        where: Sequence[IndexRelation] = (),
        expected: dict[int | str, Word] | None = None,
        conditions: Sequence[str] | dict[int | str, Sequence[str]] = (),
        assumptions: Sequence[str] | dict[int | str, Sequence[str]] = (),
        note: str = "",
        source: Source | None = None,
    ) -> Chain:
        """State a = b = c …: every neighbouring pair is a claim (step 1, step 2, …), and so is first = last ("end").

        `expected`, `conditions` and `assumptions` may be given for each step by its number or "end".
        """
        place = caller_place()
        if len(sides) < 2:
            raise IllTyped(f"chain {name!r} needs at least two sides")

        def of(what: Any, step: int | str) -> tuple[str, ...]:
            return _texts(what.get(step, ()) if isinstance(what, dict) else what)

        pairs: list[tuple[int | str, Side, Side]] = [(k, a, b) for k, (a, b) in enumerate(pairwise(sides), start=1)]
        if len(sides) > 2:
            pairs.append(("end", sides[0], sides[-1]))
        names = []
        for step, left, right in pairs:
            label = f"{name} {'first = last' if step == 'end' else f'step {step}'}" if len(sides) > 2 else name
            self._claim(
                label, "chain-end" if step == "end" else "identity", left, right, place, where=tuple(where),
                expected=(expected or {}).get(step, "proved"), expected_conditions=of(conditions, step),
                expected_assumptions=of(assumptions, step), note=note, source=source,
            )  # fmt: skip
            names.append(label)
        chain = Chain(name, tuple(names[: len(sides) - 1]), names[-1] if len(sides) > 2 else None)
        self.chains.append(chain)
        return chain

    def erratum(
        self,
        name: str,
        *,
        printed: tuple[Side, Side],
        corrected: tuple[Side, Side] | None,
        note: str,
        expected: Word = "refuted",
        where: Sequence[IndexRelation] = (),
        conditions: Sequence[str] = (),
        assumptions: Sequence[str] = (),
        source: Source | None = None,
    ) -> Erratum:
        """A formula as printed (expected to be refuted or ill-typed) beside the corrected one (expected to be proved)."""
        place = caller_place()
        wrong = self._claim(
            f"{name} as printed", "erratum-printed", *printed, place, where=tuple(where), expected=expected, note=note, source=source
        )
        right = None
        if corrected is not None:
            right = self._claim(
                f"{name} corrected", "erratum-corrected", *corrected, place, where=tuple(where), expected_conditions=_texts(conditions),
                expected_assumptions=_texts(assumptions), note=note, source=source,
            )  # fmt: skip
        erratum = Erratum(name, wrong.name, right.name if right else None, note)
        self.errata.append(erratum)
        return erratum

    def explicit(
        self,
        name: str,
        build: Callable[[], tuple[Any, Any]],
        *,
        dims: dict[str, int] | None = None,
        expected: Word = "proved-small",
        note: str = "",
        source: Source | None = None,
    ) -> Claim:
        """State a claim as two explicit sympy.Matrix objects, at the dimensions they stand for. At best `proved-small`.

        `build` takes nothing and returns (left, right); it is called when the claim is judged. What it does to fail is found then.
        """
        place = caller_place()
        if not callable(build):
            raise IllTyped(f"explicit claim {name!r} takes a function that returns (left, right), so that SymPy is imported only when it is judged")
        self._check_new(name, place)
        matrices = ExplicitMatrices(build, tuple(sorted((dims or {}).items())))
        claim = Claim(name, "explicit", place, explicit=matrices, expected=expected, note=note, source=source)
        self.claims.append(claim)
        return claim


class SideFailed(Exception):
    """An author's function that builds a side raised something of its own: that claim's error, and the rest of the file goes on."""


def _built(side: Callable[[], Operand]) -> Operand:
    try:
        return side()
    except IllTyped:
        raise
    except Exception as failure:
        raise SideFailed(f"building its sides raised {type(failure).__name__}: {failure}") from failure


def _check_expectation(name: str, place: Place, details: Mapping[str, Any]) -> None:
    if details.get("expected", "proved") not in get_args(Word):
        raise IllTyped(f"claim {name!r} at {place} expects {details['expected']!r}, which is not a verdict: {', '.join(get_args(Word))}")


def _texts(value: Sequence[str]) -> tuple[str, ...]:
    """The pinned texts. Raises IllTyped for a single text, which would be taken for a list of letters."""
    if isinstance(value, str):
        raise IllTyped(f"{value!r}: conditions and assumptions are lists of texts, [{value!r}]")
    return tuple(value)
