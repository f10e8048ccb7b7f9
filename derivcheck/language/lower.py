"""Term -> index polynomial, with the conditions under which it is defined: one named function per node.

Named intermediates stay closed (an entry atom) where the caller says so; everything else is opened. Inside a derivative, every
name that depends on the variable is opened, or gives a `partial` atom where the caller wants the chain rule's steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from derivcheck.algebra import substitution
from derivcheck.algebra.atoms import ZERO, Arena, Polynomial, Refused
from derivcheck.algebra.atoms import Slot as Variable
from derivcheck.algebra.dims import Dim, IllTyped, Index
from derivcheck.algebra.replacement import replace_atoms
from derivcheck.language.lower_axioms import AXIOMS, Environment
from derivcheck.language.lower_nodes import NODES
from derivcheck.language.shapes import describe, flat
from derivcheck.language.sign import Signs
from derivcheck.language.subscripts import Shift, Slot
from derivcheck.language.terms import (
    Apply,
    Named,
    Term,
)

Partials = Literal["open", "closed"]


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a partial operation needs: the polynomial is nonzero, positive, nonnegative; a slot is in range (or is
    not, for some value of an index that takes all of them); a matrix is invertible.

    under_derivative: it is needed only where the term is derived (a kink, a root at 0).
    """

    kind: Literal["nonzero", "positive", "nonnegative", "in range", "out of range", "invertible"]
    polynomial: Polynomial
    text: str = ""
    under_derivative: bool = False


class Carrier(Index):
    """An index that only a meaning has. It never equals an author's index, whatever that is called."""

    __slots__ = ()


class Meanings:
    """The index meanings of applications at carrier indices, each built once."""

    def __init__(self) -> None:
        self._built: dict[int, tuple[Term, tuple[Index, ...], Term]] = {}
        self._count = 0

    def fresh(self, dims: tuple[Dim, ...]) -> tuple[Index, ...]:
        """New indices, one for each dimension."""
        self._count += 1
        return tuple(Carrier(f"·{self._count}.{position}", dim) for position, dim in enumerate(dims))

    def of(self, term: Apply) -> tuple[tuple[Index, ...], Term]:
        """The carriers and the meaning. Refused for an operator without one, and where axes factor differently."""
        found = self._built.get(id(term))
        if found is None:
            build = term.operator.meaning
            if build is None:
                raise Refused(f"the algebra has no rule for {term.operator.name}")
            carriers = self.fresh(flat(term.shape))
            try:
                body = build(term.arguments, term.parameters, carriers, self.fresh)
            except IllTyped as problem:
                raise Refused(f"the algebra has no rule for axes that factor differently: {problem}") from problem
            found = self._built[id(term)] = (term, carriers, body)
        return found[1], found[2]


class Lowering:
    """Lowers terms into one arena.

    closed     names of intermediates that stay closed
    partials   "closed": the derivative of what contains closed names that depend on the variable has `partial` atoms
    """

    def __init__(
        self,
        arena: Arena,
        names: Mapping[str, Named],
        closed: frozenset[str] = frozenset(),
        partials: Partials = "open",
        meanings: Meanings | None = None,
    ) -> None:
        self.arena = arena
        self.names = names
        self.closed = closed
        self.partials = partials
        self.variables: dict[Index, int] = {}
        self.whole_range: set[int] = set()
        self.requirements: dict[tuple[str, Polynomial, str, bool], Requirement] = {}
        self.axioms: set[str] = set()
        self.independent: set[str] = set()
        self.roots: tuple[tuple[str, Partials], ...] = ()
        self._memo: dict[Any, tuple[Term, Polynomial]] = {}
        self.meanings = meanings or Meanings()
        self.signs = Signs(arena.positive, arena.nonnegative, self._meaning_or_none)

    # variables and slots ------------------------------------------------------------------------------------------
    def variable(self, index: Index) -> int:
        """The variable of a free index."""
        found = self.variables.get(index)
        if found is None:
            found = self.variables[index] = self.arena.fresh(index.dim)
        return found

    def fresh_slots(self, dims: tuple[Dim, ...]) -> tuple[int, ...]:
        """New variables, one for each dimension, each for every value of its range."""
        fresh = tuple(self.arena.fresh(dim) for dim in dims)
        self.whole_range.update(fresh)
        return fresh

    def slot(self, slot: Slot, environment: Environment, dim: Dim) -> Variable:
        """A subscript as a slot; a shifted or constant one must be in range."""
        if isinstance(slot, int):
            if slot > 1 and dim.value is None:
                self.require("in range", ZERO, f"{dim} ≥ {slot}")
            return (-1, slot)
        if isinstance(slot, Shift):
            base = self.resolve(slot.index, environment)
            value = substitution.replace((-2, slot.offset), {-2: base})
            lowest = isinstance(value, tuple) and value[0] < 0 and value[1] < 1
            fails = slot.offset != 0 and (base in self.whole_range or lowest)
            self.require("out of range" if fails else "in range", ZERO, f"{slot} is in 1 … {dim}")
            return value
        return self.resolve(slot, environment)

    def resolve(self, index: Index, environment: Environment) -> Variable:
        found = environment.get(index)
        return self.variable(index) if found is None else found

    def _meaning_or_none(self, term: Apply) -> Term | None:
        return None if term.operator.meaning is None or term.operator.name in AXIOMS else self.meanings.of(term)[1]

    # conditions ---------------------------------------------------------------------------------------------------
    def require_sign(
        self, kind: Literal["nonzero", "positive", "nonnegative"], term: Term, polynomial: Polynomial, *, under_derivative: bool = False
    ) -> None:
        """Require a sign of a written term, unless the term shows that it has it."""
        sign = self.signs.of(term)
        if sign == "positive" or (sign == "nonnegative" and kind == "nonnegative"):
            return
        self.require(kind, polynomial, under_derivative=under_derivative)

    def require(self, kind: Any, polynomial: Polynomial, text: str = "", under_derivative: bool = False) -> None:
        needed = under_derivative and not self.roots
        key = (kind, polynomial, text, needed)
        if key not in self.requirements:
            self.requirements[key] = Requirement(kind, polynomial, text, needed)

    # the walk -----------------------------------------------------------------------------------------------------
    def lower(self, term: Term, slots: tuple[Variable, ...] = (), environment: Environment | None = None) -> Polynomial:
        """The entry of a term at flat slots, as a polynomial. Raises Refused where a rule does not apply, TypeError for an unknown node."""
        scope = environment or {}
        relevant = tuple((index, scope[index]) for index in term.free if index in scope)
        key = (id(term), slots, frozenset(relevant), self.roots)
        found = self._memo.get(key)
        if found is None:
            if len(slots) != len(flat(term.shape)):
                raise Refused(f"{len(slots)} slots for a term of shape {describe(term.shape)}")
            found = self._memo[key] = (term, NODES[type(term)](self, term, slots, scope))
        return found[1]

    def open_name(self, name: str, polynomial: Polynomial) -> Polynomial:
        """The polynomial with the entries of a named intermediate replaced by its definition."""
        definition = self.names[name].definition

        def chosen(atom: Any) -> Polynomial | None:
            if atom.kind == "entry" and atom.data[0] == name:
                return self.lower(definition, atom.data[1])
            return None

        return replace_atoms(self.arena, polynomial, name, chosen)

    @contextmanager
    def inside(self, name: str, partials: Partials) -> Iterator[None]:
        """While a function is derived by `name`."""
        before = self.roots
        self.roots = (*before, (name, partials))
        try:
            yield
        finally:
            self.roots = before
