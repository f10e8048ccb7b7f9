"""The conditions of a claim: collected from its written terms and from the definitions it uses, each Holds, Fails or Unknown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from derivcheck.algebra import polynomial as ring
from derivcheck.algebra import substitution
from derivcheck.algebra.assumptions import Rule, apply_all
from derivcheck.algebra.atoms import NONNEGATIVE, POSITIVE, Arena, Atom, Polynomial, Refused, polynomial_free, polynomial_mentions, polynomial_sign
from derivcheck.algebra.zero import is_zero
from derivcheck.derivation import Derivation
from derivcheck.language.lower import Lowering, Meanings, Requirement
from derivcheck.language.printing.index_notation import IndexNotation
from derivcheck.language.shapes import flat
from derivcheck.language.terms import Derivative, Named, Term
from derivcheck.language.walks import children
from derivcheck.verdict import Condition

State = Literal["holds", "fails", "unknown"]

_SIGNS = {"nonzero": "≠ 0", "positive": "> 0", "nonnegative": "≥ 0"}


class Conditions:
    """Collects and decides the conditions of the claims of one derivation."""

    def __init__(self, arena: Arena, derivation: Derivation, names: dict[str, Named], rules: tuple[Rule, ...], meanings: Meanings) -> None:
        self.arena = arena
        self.names = names
        self.rules = rules
        self.meanings = meanings
        self.nonzero = {a.tensor.name: str(a) for a in derivation.assumptions if a.kind in ("nonzero", "positive")}
        self.invertible = {a.tensor.name: str(a) for a in derivation.assumptions if a.kind == "invertible"}
        self.signs = {a.tensor.name: str(a) for a in derivation.assumptions if a.kind in ("positive", "nonnegative")}
        self.reserved = frozenset(derivation.names)
        self._decided: dict[tuple[Requirement, Lowering], tuple[Condition, frozenset[str]]] = {}
        self._unconditional: set[str] = set()
        self._position = {name: position for position, name in enumerate(names)}
        self._of_name: dict[str, tuple[tuple[Requirement, Lowering], ...]] = {}

    def of_sides(self, sides: tuple[Term, ...], lowering: Lowering) -> tuple[tuple[Condition, ...], frozenset[str]]:
        """The conditions of the sides, which `lowering` has lowered with every name closed: those that do not hold by themselves.

        Also the assumptions by which the others hold. Refused where a definition in use cannot be lowered.
        """
        found: dict[str, Condition] = {}
        assumed: frozenset[str] = frozenset()
        needed = [(requirement, lowering) for requirement in lowering.requirements.values() if not requirement.under_derivative]
        for side in sides:
            derived = self._derived_names(side)
            used = self._used(side)
            for name in self._conditional(used):
                needed += [pair for pair in self._definition(name) if not pair[0].under_derivative or name in derived]
        for requirement, origin in needed:
            for part in self._parts(requirement):
                decided = self._decided.get((part, origin))
                if decided is None:
                    decided = self._decided[part, origin] = self._decide(part, origin)
                condition, by = decided
                assumed |= by | self._signs_of(part)
                if condition.state != "holds" and condition.text not in found:
                    found[condition.text] = condition
        return tuple(condition for text, condition in found.items() if not _implied(text, found)), assumed

    def _signs_of(self, requirement: Requirement) -> frozenset[str]:
        """The assumptions on signs of the symbols that a requirement speaks of."""
        if not self.signs:
            return frozenset()
        names = polynomial_mentions(requirement.polynomial)
        every = names.union(*(self.arena.order.get(name, frozenset()) for name in names))
        return frozenset(text for name, text in self.signs.items() if name in every)

    def _parts(self, requirement: Requirement) -> tuple[Requirement, ...]:
        """A product is nonzero where each of its factors is; a power of a factor where the factor is."""
        if requirement.kind != "nonzero" or len(requirement.polynomial.terms) != 1:
            return (requirement,)
        ((monomial, _),) = requirement.polynomial.terms.items()
        if not monomial:
            return (requirement,)
        factors = [_base(atom) for atom, _ in monomial if atom.sign != POSITIVE]
        return tuple(
            Requirement("positive" if polynomial_sign(factor) == NONNEGATIVE else "nonzero", factor, requirement.text, requirement.under_derivative)
            for factor in factors
        )

    def _conditional(self, used: frozenset[str]) -> list[str]:
        """The names in use whose definitions have conditions, in order."""
        # in one order, because the order in which definitions are lowered numbers the atoms
        candidates = sorted(used - self._unconditional, key=lambda name: (self._position.get(name, -1), name))
        self._unconditional |= {name for name in candidates if name not in self.names or not self._definition(name)}
        return [name for name in candidates if name not in self._unconditional]

    def _used(self, term: Term) -> frozenset[str]:
        """The names that a term depends on."""
        return term.names.union(*(self.arena.order.get(name, frozenset()) for name in term.names))

    def _derived_names(self, term: Term) -> set[str]:
        """The names that something in the term derives through: those between a derivative's function and its variable."""
        found: set[str] = set()
        for node in _derivatives(term):
            root = node.root.name
            used = self._used(node.function)
            found |= {name for name in self._conditional(used) if name != root and root in self.arena.order[name]}
        return found

    def _definition(self, name: str) -> tuple[tuple[Requirement, Lowering], ...]:
        found = self._of_name.get(name)
        if found is None:
            lowering = Lowering(self.arena, self.names, frozenset(self.names), "closed", self.meanings)
            named = self.names[name]
            lowering.lower(named.definition, lowering.fresh_slots(flat(named.shape)))
            found = self._of_name[name] = tuple((requirement, lowering) for requirement in lowering.requirements.values())
        return found

    def _decide(self, requirement: Requirement, lowering: Lowering) -> tuple[Condition, frozenset[str]]:
        """The condition, and the assumptions by which it holds or fails."""
        text = requirement.text
        if requirement.kind in ("in range", "out of range"):
            return Condition(text, "unknown" if requirement.kind == "in range" else "fails"), frozenset()
        if requirement.kind == "invertible":
            assumed = self.invertible.get(text)
            name = text or f"the matrix of {self._entry_text(requirement, lowering)}"
            return Condition(f"{name} is invertible", "holds" if assumed else "unknown"), frozenset((assumed,) if assumed else ())
        before = self.arena.assumptions
        self.arena.assumptions = set()
        state = self._state(requirement.kind, requirement.polynomial, lowering)
        if state == "unknown" and not polynomial_mentions(requirement.polynomial).isdisjoint(self.names):
            state = self._opened_state(requirement, lowering)
        by = frozenset(self.arena.assumptions)
        self.arena.assumptions = before
        return Condition(self._text(requirement, lowering), state), by

    def _entry_text(self, requirement: Requirement, lowering: Lowering) -> str:
        """The entry of an unnamed matrix in index notation."""
        stated = {variable: index.name for index, variable in lowering.variables.items()}
        return IndexNotation(self.arena, stated, self.reserved).polynomial(requirement.polynomial)

    def _text(self, requirement: Requirement, lowering: Lowering) -> str:
        """The condition in index notation; an index that the claim does not name is "for every" value."""
        stated = {variable: index.name for index, variable in lowering.variables.items()}
        notation = IndexNotation(self.arena, stated, self.reserved)
        shown = notation.polynomial(requirement.polynomial)
        others = sorted(notation.slot(variable) for variable in polynomial_free(requirement.polynomial) if variable not in stated)
        return f"{shown} {_SIGNS[requirement.kind]}{' for every ' + ', '.join(others) if others else ''}"

    def _opened_state(self, requirement: Requirement, lowering: Lowering) -> State:
        """The state with names opened, the latest first, until it is known; unknown where opening is refused."""
        opening = Lowering(self.arena, self.names, frozenset(self.names), "closed", self.meanings)
        polynomial = requirement.polynomial
        state: State = "unknown"
        for name in reversed(self.names):
            if name not in polynomial_mentions(polynomial):
                continue
            try:
                polynomial = opening.open_name(name, polynomial)
                state = self._state(requirement.kind, polynomial, lowering)
            except Refused:
                return "unknown"
            if state != "unknown":
                return state
        return state

    def _state(self, kind: str, polynomial: Polynomial, lowering: Lowering) -> State:
        polynomial = apply_all(self.arena, polynomial, self.rules)
        if is_zero(self.arena, polynomial):
            return "holds" if kind == "nonnegative" else "fails"
        sign, opposite = polynomial_sign(polynomial), polynomial_sign(ring.scale(polynomial, -1))
        if kind == "nonzero":
            if POSITIVE in (sign, opposite) or self._product_of_nonzero(polynomial):
                return "holds"
            return "fails" if self._vanishes_on_a_diagonal(polynomial, lowering) else "unknown"
        if sign == POSITIVE or (kind == "nonnegative" and sign == NONNEGATIVE):
            return "holds"
        impossible = (POSITIVE,) if kind == "nonnegative" else (POSITIVE, NONNEGATIVE)
        return "fails" if opposite in impossible else "unknown"

    def _product_of_nonzero(self, polynomial: Polynomial) -> bool:
        if len(polynomial.terms) != 1:
            return False
        ((monomial, _),) = polynomial.terms.items()
        unsigned = [atom for atom, _ in monomial if atom.sign != POSITIVE]
        if any(atom.kind != "entry" or atom.data[0] not in self.nonzero for atom in unsigned):
            return False
        self.arena.assumptions |= {self.nonzero[atom.data[0]] for atom in unsigned}
        return True

    def _vanishes_on_a_diagonal(self, polynomial: Polynomial, lowering: Lowering) -> bool:
        """Whether the term is 0 where two of its indices coincide, one of them bound: no point avoids that."""
        free = sorted(polynomial_free(polynomial))
        stated = set(lowering.variables.values())
        for position, first in enumerate(free):
            for second in free[position + 1 :]:
                if self.arena.dims[first] != self.arena.dims[second] or (first in stated and second in stated):
                    continue
                try:
                    if substitution.substitute(self.arena, polynomial, {second: first}).is_zero:
                        return True
                except Refused:
                    return True
        return False


def _base(atom: Atom) -> Polynomial:
    """The polynomial whose power the atom stands for."""
    return atom.data[0] if atom.kind == "base" else Polynomial({((atom, 1),): 1})


def _implied(text: str, found: dict[str, Condition]) -> bool:
    """Whether a stronger condition on the same term is listed: > 0 implies ≥ 0 and ≠ 0."""
    return any(weaker in text and text.replace(weaker, " > 0") in found for weaker in (" ≥ 0", " ≠ 0"))


def _derivatives(term: Term) -> Iterator[Derivative]:
    """The derivatives in a term and in the definitions it uses."""
    seen: set[int] = set()
    stack = [term]
    while stack:
        node = stack.pop()
        if not node.derives or id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Derivative):
            yield node
        stack.extend((node.definition,) if isinstance(node, Named) else children(node))
