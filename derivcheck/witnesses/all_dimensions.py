"""The witness for all dimensions: the index algebra.

A claim's sides are lowered to index polynomials and their difference is put before the zero test. Named intermediates stay
closed until the proof needs them open, the latest first; the derivative of one name by another is opened one consumer at a time; a
proved claim about such a derivative is a rewrite for the later claims of its derivation.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from derivcheck.algebra import polynomial as ring
from derivcheck.algebra import substitution, sums
from derivcheck.algebra.assumptions import Differ, OneHot, Rule, SumsTo, Symmetric, apply_all
from derivcheck.algebra.atoms import PARTIAL, Arena, Atom, Polynomial, Refused, Undefined, polynomial_mentions
from derivcheck.algebra.derivative import Target, derivative
from derivcheck.algebra.folding import fold, pattern_of
from derivcheck.algebra.powers import BY_SIGN
from derivcheck.algebra.replacement import replace_atoms
from derivcheck.algebra.zero import is_zero
from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.language.lower import Lowering, Meanings
from derivcheck.language.lower_nodes import require_same_axes
from derivcheck.language.printing.index_notation import IndexNotation
from derivcheck.language.shapes import flat
from derivcheck.language.subscripts import Shift, Slot
from derivcheck.language.terms import Derivative, Leaf, Named, Term
from derivcheck.language.walks import children, same_expression, subterms
from derivcheck.verdict import AllDimensions, Condition
from derivcheck.witnesses.conditions import Conditions

RESTATES = "restates a cited claim"
"""Among the rules of a proof whose cited claim has the same two sides."""


RULES_BY_SIGN = frozenset(
    {BY_SIGN, "logarithm of a product", "step of a positive term", "step of a term that is not positive", "positive factors leave a step"}
)
"""Rules that ask for the signs of symbols."""


@dataclass(frozen=True)
class Citation:
    """A proved claim as a rewrite: the derivative of `function` by `variable`, at these variables, is `value`."""

    claim: Claim
    function: str
    function_slots: tuple[int, ...]
    variable: str
    variable_slots: tuple[int, ...]
    value: Polynomial
    proof: AllDimensions

    def everywhere(self, condition: Condition) -> Condition:
        """A condition of the cited claim, for every value of that claim's own indices: it is used at others."""
        free = {str(index) for side in (self.claim.lhs, self.claim.rhs) if side is not None for index in side.free}
        stated, _, others = condition.text.partition(" for every ")
        mentioned = sorted(name for name in free if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", stated))
        names = [*mentioned, *filter(None, others.split(", "))]
        return replace(condition, text=f"{stated} for every {', '.join(names)}") if mentioned else condition


Citations = dict[tuple[str, str], Citation]
"""What may be cited, by the names of the function and of the variable."""

FIRST_STEPS = 3
"""So many ways of writing the sides are tried without citing what rests on assumptions."""


@dataclass
class Attempt:
    """One way of opening the names, and what it led to: the entry at `slots` of both sides."""

    lowering: Lowering
    slots: tuple[int, ...]
    left: Polynomial
    right: Polynomial
    cited: dict[str, Citation] = field(default_factory=dict)
    rules: frozenset[str] = frozenset()
    axioms: frozenset[str] = frozenset()


Path = Callable[[Term, Term, Attempt], Iterator[Attempt]]
"""The ways of opening the names of two sides one after the other; it is given the last attempt of the path before."""


class Prover:
    """Proves the claims of one derivation, in order."""

    def __init__(self, derivation: Derivation) -> None:
        self.derivation = derivation
        self.names = {named.name: named for named in derivation.definitions}
        self.position = {name: position for position, name in enumerate(self.names)}
        depends: dict[str, frozenset[str]] = {}
        self.consumers: dict[str, list[str]] = {}
        for named in derivation.definitions:
            written = named.definition.names
            depends[named.name] = written.union(*(depends[name] for name in written if name in depends))
            for name in written:
                self.consumers.setdefault(name, []).append(named.name)
        signs = {
            kind: frozenset(assumption.tensor.name for assumption in derivation.assumptions if assumption.kind == kind)
            for kind in ("positive", "nonnegative")
        }
        self.arena = Arena(positive=signs["positive"], nonnegative=signs["nonnegative"], order=depends)
        self.rules = tuple(_rules(derivation))
        self.citations: Citations = {}
        self.meanings = Meanings()
        self.conditions = Conditions(self.arena, derivation, self.names, self.rules, self.meanings)
        self._local: dict[tuple[str, str], tuple[tuple[int, ...], tuple[int, ...], Polynomial, frozenset[str]]] = {}

    def prove(self, claim: Claim) -> AllDimensions:
        """Try to prove a claim for all dimensions. The status is `agrees` or None, never `disagrees`."""
        return self._along(claim, (self._free_of_assumptions, self._step_by_step, self._values_open, self._all_open))

    def examine(self, claim: Claim) -> AllDimensions:
        """The sides of a claim of which a point is known where they differ, and what remains of them: the first paths only.

        Should they prove it, one of the witnesses is wrong.
        """
        return self._along(claim, (self._free_of_assumptions, self._step_by_step))

    def _along(self, claim: Claim, paths: tuple[Path, ...]) -> AllDimensions:
        start = time.perf_counter()
        if claim.lhs is None or claim.rhs is None or claim.broken is not None:
            return AllDimensions(None, stopped="the claim has no two terms of one shape: it is stated as explicit matrices or cannot be built")
        self.arena.forget()
        try:
            return self._prove(claim, claim.lhs, claim.rhs, paths, start)
        except RecursionError:
            return AllDimensions(None, stopped="the terms are nested too deeply", seconds=time.perf_counter() - start)

    def _prove(self, claim: Claim, lhs: Term, rhs: Term, paths: tuple[Path, ...], start: float) -> AllDimensions:
        stopped = ""
        try:
            first = self._all_closed(lhs, rhs)
            conditions, assumed = self.conditions.of_sides((lhs, rhs), first.lowering)
        except Undefined as problem:
            failing = (Condition(str(problem), "fails"),)
            stopped = f"lowering the claim: {problem}"
            return AllDimensions(None, conditions=failing, stopped=stopped, seconds=time.perf_counter() - start, collected=False)
        except Refused as problem:
            stopped = f"lowering the claim: {problem}"
            return AllDimensions(None, stopped=stopped, seconds=time.perf_counter() - start, collected=False)
        fails = [condition.text for condition in conditions if condition.state == "fails"]
        if fails:
            stopped = f"a condition fails: {'; '.join(fails)}"
            return AllDimensions(None, conditions=conditions, stopped=stopped, seconds=time.perf_counter() - start)
        last, derived = first, None
        lowered = frozenset(self.arena.rules)
        for path in paths:
            attempts: list[Attempt] = []
            self.arena.rules, self.arena.assumptions = set(lowered), set()
            try:
                for attempt in path(lhs, rhs, last):
                    attempts.append(attempt)
                    if is_zero(self.arena, ring.subtract(attempt.left, attempt.right)):
                        return self._proof(claim, attempt, conditions, assumed, start)
                    attempt.rules = frozenset(self.arena.rules)
            except Refused as problem:
                stopped = str(problem)
            if path == self._free_of_assumptions:
                continue
            for attempt in attempts:
                self.arena.rules, self.arena.assumptions = set(attempt.rules), set()
                try:
                    if self._vanishes_under_assumptions(claim, attempt):
                        return self._proof(claim, attempt, conditions, assumed, start)
                except Refused as problem:
                    stopped = str(problem)
            last = attempts[-1] if attempts else last
            if path == self._step_by_step:
                derived = next((attempt for attempt in attempts if not _partials(attempt.left)), None)
            if not self._mentions(lhs) | self._mentions(rhs):
                break  # nothing was closed: all paths are the same
        return self._failure(last, derived or last, conditions, stopped, start)

    # paths --------------------------------------------------------------------------------------------------------
    def _mentions(self, term: Term) -> frozenset[str]:
        """The named intermediates that a term writes."""
        return term.names & self.names.keys()

    def _all_closed(self, lhs: Term, rhs: Term) -> Attempt:
        """Both sides with every name closed. Refused where their axes factor differently."""
        require_same_axes(lhs, rhs)
        lowering = Lowering(self.arena, self.names, frozenset(self.names), "closed", self.meanings)
        slots = lowering.fresh_slots(flat(lhs.shape))
        return Attempt(lowering, slots, lowering.lower(lhs, slots), lowering.lower(rhs, slots))

    def _all_open(self, lhs: Term, rhs: Term, last: Attempt) -> Iterator[Attempt]:
        """Both sides with every name open."""
        lowering = Lowering(self.arena, self.names, meanings=self.meanings)
        slots = lowering.fresh_slots(flat(lhs.shape))
        yield Attempt(lowering, slots, lowering.lower(lhs, slots), lowering.lower(rhs, slots))

    def _free_of_assumptions(self, lhs: Term, rhs: Term, last: Attempt) -> Iterator[Attempt]:
        """The first steps with only the claims cited that rest on no assumption, so that none is taken along without need."""
        plain = {names: citation for names, citation in self.citations.items() if not citation.proof.assumptions}
        if len(plain) < len(self.citations):
            yield from islice(self._steps(lhs, rhs, last, plain), FIRST_STEPS)

    def _step_by_step(self, lhs: Term, rhs: Term, last: Attempt) -> Iterator[Attempt]:
        """Every step, with every proved claim cited."""
        yield from self._steps(lhs, rhs, last, self.citations)

    def _steps(self, lhs: Term, rhs: Term, last: Attempt, citations: Citations) -> Iterator[Attempt]:
        """Both sides with every name closed; then, if they contain the same derivatives, with the names open that the claim itself writes.

        Then the derivatives by the earliest name go one step further, by a cited claim or else by the chain rule, and so on until no
        derivative of a name is left.
        """
        written = _values_written(lhs) | _values_written(rhs)
        attempt = last
        yield attempt
        while True:
            left_partials, right_partials = _partials(attempt.left), _partials(attempt.right)
            if left_partials == right_partials:
                # the sides can only differ in values
                yield from self._opened_values(attempt, written)
            remaining = left_partials | right_partials
            if not remaining:
                return
            earliest = min(self.position.get(atom.data[2], -1) for atom in remaining)
            cited, axioms = dict(attempt.cited), set(attempt.axioms)
            left, right = (
                self._advance(side, earliest, attempt.lowering, citations, cited, axioms) for side in (attempt.left, attempt.right)
            )
            attempt = Attempt(attempt.lowering, attempt.slots, left, right, cited, axioms=frozenset(axioms))
            yield attempt

    def _values_open(self, lhs: Term, rhs: Term, last: Attempt) -> Iterator[Attempt]:
        """From where the first path ended, the remaining names opened, the latest first."""
        yield from self._opened_values(last, set(self.names))

    def _opened_values(self, attempt: Attempt, names: set[str]) -> Iterator[Attempt]:
        """The sides with one more of the names opened each time, the latest definition first; derivatives of names stay as they are."""
        left, right = attempt.left, attempt.right
        for name in reversed(self.names):
            if name in names and name in polynomial_mentions(ring.subtract(left, right)):
                left, right = attempt.lowering.open_name(name, left), attempt.lowering.open_name(name, right)
                yield Attempt(attempt.lowering, attempt.slots, left, right, attempt.cited, axioms=attempt.axioms)

    # the chain rule -----------------------------------------------------------------------------------------------
    def _advance(
        self, polynomial: Polynomial, position: int, lowering: Lowering, citations: Citations, cited: dict[str, Citation], axioms: set[str]
    ) -> Polynomial:
        """Every ∂f/∂v for a v at this position becomes what a cited claim says, or Σ over the direct consumers c of v of ∂f/∂c · ∂c/∂v.

        The citations are added to `cited`, the axioms of the steps to `axioms`.
        """

        def chosen(atom: Atom) -> Polynomial | None:
            if atom.kind != "partial" or self.position.get(atom.data[2], -1) != position:
                return None
            citation = citations.get((atom.data[0], atom.data[2]))
            if citation is None:
                return self._one_step(atom, lowering, axioms)
            cited[citation.claim.name] = citation
            variables = (*citation.function_slots, *citation.variable_slots)
            return substitution.substitute(self.arena, citation.value, dict(zip(variables, (*atom.data[1], *atom.data[3]), strict=True)))

        return replace_atoms(self.arena, polynomial, PARTIAL, chosen)

    def _one_step(self, atom: Atom, lowering: Lowering, axioms: set[str]) -> Polynomial:
        function, function_slots, variable, variable_slots = atom.data
        parts = [Polynomial({})]
        for consumer in self._consumers(variable):
            named = self.names[consumer]
            if consumer != function and consumer not in self.arena.order[function]:
                continue  # not on a path to the function
            slots, wanted, local, used = self._local_derivative(consumer, variable)
            axioms |= used
            if consumer == function:
                mapping = dict(zip((*slots, *wanted), (*function_slots, *variable_slots), strict=True))
                parts.append(substitution.substitute(self.arena, local, mapping))
                continue
            fresh = lowering.fresh_slots(flat(named.shape))
            mapping = dict(zip((*slots, *wanted), (*fresh, *variable_slots), strict=True))
            outer = Polynomial({((self.arena.partial_atom(function, function_slots, consumer, fresh), 1),): 1})
            inner = substitution.substitute(self.arena, local, mapping)
            parts.append(sums.sum_over(self.arena, ring.multiply(self.arena, outer, inner), fresh))
        return ring.add(*parts)

    def _consumers(self, variable: str) -> list[str]:
        """The names whose definitions write the variable."""
        return self.consumers.get(variable, [])

    def _local_derivative(self, consumer: str, variable: str) -> tuple[tuple[int, ...], tuple[int, ...], Polynomial, frozenset[str]]:
        """∂(definition of consumer)/∂variable with every other name held fixed, at fresh slots, and the axioms it rests on; the
        consumer's own value is written by its name where that is possible. Remembered.
        """
        found = self._local.get((consumer, variable))
        if found is None:
            named = self.names[consumer]
            if named.definition.derives:
                raise Refused(f"the definition of {consumer} contains a derivative")
            lowering = Lowering(self.arena, self.names, frozenset(self.names), "closed", self.meanings)
            slots = lowering.fresh_slots(flat(named.shape))
            value = lowering.lower(named.definition, slots)
            shape = next(node.shape for node in subterms(named.definition) if isinstance(node, (Leaf, Named)) and node.name == variable)
            wanted = lowering.fresh_slots(flat(shape))
            local = derivative(self.arena, value, Target(variable, wanted, "hold"))
            pattern = pattern_of(consumer, slots, value)
            folded = local if pattern is None else fold(self.arena, local, pattern)
            found = (slots, wanted, folded, frozenset(lowering.axioms))
            self._local[consumer, variable] = found
        return found

    # citations ----------------------------------------------------------------------------------------------------
    def remember(self, claim: Claim, proof: AllDimensions) -> None:
        """Make a proved claim citable, if its left side is the derivative of one name by another at distinct free slots.

        The right side may only contain derivatives by later names, so that citing ends.
        """
        if proof.status != "agrees" or claim.where or not isinstance(claim.lhs, Term) or claim.rhs is None:
            return
        if not claim.lhs.derives:
            return
        self.arena.forget()
        try:
            closed = self._all_closed(claim.lhs, claim.rhs)
        except Refused:
            return  # it stays proved, it is only not used as a rewrite
        pattern = _single_partial(closed.left)
        if pattern is None:
            return
        function, function_slots, variable, variable_slots = pattern.data
        variables = (*function_slots, *variable_slots)
        if any(not isinstance(slot, int) for slot in variables) or len(set(variables)) != len(variables):
            return
        if any(self.position.get(atom.data[2], -1) <= self.position.get(variable, -1) for atom in _partials(closed.right)):
            return
        self.citations.setdefault(
            (function, variable), Citation(claim, function, function_slots, variable, variable_slots, closed.right, proof)
        )

    # results ------------------------------------------------------------------------------------------------------
    def _vanishes_under_assumptions(self, claim: Claim, attempt: Attempt) -> bool:
        difference = ring.subtract(attempt.left, attempt.right)
        given = list(self.rules)
        for relation in claim.where:
            left, right = _relation_slot(attempt.lowering, relation.left), _relation_slot(attempt.lowering, relation.right)
            text = f"{relation.left} {relation.sign} {relation.right}"
            if relation.sign in ("≠", "<") and left != right:
                given.append(Differ(left, right, text))
            elif relation.sign == "=":
                if not isinstance(left, int):
                    left, right = right, left
                if isinstance(left, int):
                    difference = substitution.substitute(self.arena, difference, {left: right})
                    self.arena.assumptions.add(text)
        if not given and not claim.where:
            return False
        return is_zero(self.arena, apply_all(self.arena, difference, tuple(given)))

    def _notation(self, attempt: Attempt) -> IndexNotation:
        names = {variable: index.name for index, variable in attempt.lowering.variables.items()}
        notation = IndexNotation(self.arena, names, self.conditions.reserved)
        notation.bind(attempt.slots)  # rows before columns
        return notation

    def _proof(
        self, claim: Claim, attempt: Attempt, conditions: tuple[Condition, ...], assumed: frozenset[str], start: float
    ) -> AllDimensions:
        notation = self._notation(attempt)
        assumptions, cites = self.arena.assumptions | assumed | self._signs_assumed(claim, attempt.lowering), []
        axioms = attempt.lowering.axioms | attempt.axioms
        obligations = {condition.text: condition for condition in conditions}
        for name, citation in attempt.cited.items():
            cites += [name, *(inner for inner in citation.proof.cites if inner not in cites)]
            assumptions |= set(citation.proof.assumptions)
            axioms |= set(citation.proof.axioms)
            obligations |= {condition.text: condition for condition in map(citation.everywhere, citation.proof.conditions)}
            if _restates(claim, citation.claim):
                self.arena.rules.add(RESTATES)
        return AllDimensions(
            "agrees",
            rules=tuple(sorted(self.arena.rules)),
            axioms=tuple(sorted(axioms)),
            assumptions=tuple(sorted(assumptions)),
            conditions=tuple(obligations.values()),
            cites=tuple(dict.fromkeys(cites)),
            lhs=notation.polynomial(attempt.left),
            rhs=notation.polynomial(attempt.right),
            seconds=time.perf_counter() - start,
        )

    def _under_assumptions(self, polynomial: Polynomial) -> Polynomial:
        """What a side comes to where the assumptions hold; as it is where that is refused."""
        try:
            return apply_all(self.arena, polynomial, self.rules)
        except Refused:
            return polynomial

    def _signs_assumed(self, claim: Claim, lowering: Lowering) -> set[str]:
        """The assumptions on signs that the proof may have used: of what was asked for its sign, and if a rule asks, of every symbol."""
        names = set(lowering.signs.used)
        if not self.arena.rules.isdisjoint(RULES_BY_SIGN):
            names |= self._depends_on(claim)
        return {text for name, text in self.conditions.signs.items() if name in names}

    def _depends_on(self, claim: Claim) -> frozenset[str]:
        """Every name that the sides rest on."""
        written = frozenset().union(*(side.names for side in (claim.lhs, claim.rhs) if side is not None))
        return written.union(*(self.arena.order.get(name, frozenset()) for name in written))

    def _failure(self, attempt: Attempt, derived: Attempt, conditions: tuple[Condition, ...], stopped: str, start: float) -> AllDimensions:
        """Why there is no proof, and what remains of the last attempt. The sides are shown as they were before names of values were opened."""
        notation = self._notation(derived)
        return AllDimensions(
            None,
            conditions=conditions,
            lhs=notation.polynomial(self._under_assumptions(derived.left)),
            rhs=notation.polynomial(self._under_assumptions(derived.right)),
            entry=tuple(map(notation.slot, derived.slots)),
            leftover=self._notation(attempt).polynomial(ring.subtract(attempt.left, attempt.right)),
            stopped=stopped or "the difference does not reduce to 0",
            seconds=time.perf_counter() - start,
        )


def _rules(derivation: Derivation) -> Iterator[Rule]:
    for assumption in derivation.assumptions:
        name, text = assumption.tensor.name, str(assumption)
        if assumption.kind == "sums-to":
            yield SumsTo(name, assumption.axis or 0, assumption.value, text)
        elif assumption.kind == "one-hot":
            yield OneHot(name, assumption.axis or 0, text)
        elif assumption.kind == "symmetric":
            yield Symmetric(name, text)


def _values_written(term: Term) -> set[str]:
    """The names that a term writes outside derivatives."""
    if isinstance(term, Derivative):
        return set()
    found = {term.name} if isinstance(term, Named) else set()
    return found.union(*map(_values_written, children(term)))


def _partials(polynomial: Polynomial) -> frozenset[Atom]:
    """The unopened derivatives anywhere in a polynomial."""
    found: dict[int, Atom] = {}
    stack: list[object] = [polynomial]
    while stack:
        value = stack.pop()
        if isinstance(value, Polynomial):
            stack.extend(value.terms)
        elif isinstance(value, tuple):
            stack.extend(value)
        elif isinstance(value, Atom) and PARTIAL in value.mentions and value.number not in found:
            if value.kind == "partial":
                found[value.number] = value
            stack.extend(value.data)
    return frozenset(found.values())


def _single_partial(polynomial: Polynomial) -> Atom | None:
    if len(polynomial.terms) != 1:
        return None
    ((monomial, coefficient),) = polynomial.terms.items()
    if coefficient != 1 or len(monomial) != 1 or monomial[0][1] != 1 or monomial[0][0].kind != "partial":
        return None
    return monomial[0][0]


def _relation_slot(lowering: Lowering, slot: Slot) -> int | tuple[int, int]:
    if isinstance(slot, int):
        return (-1, slot)
    if isinstance(slot, Shift):
        return (lowering.variable(slot.index), slot.offset)
    return lowering.variable(slot)


def _restates(claim: Claim, cited: Claim) -> bool:
    pairs = ((claim.lhs, cited.lhs), (claim.rhs, cited.rhs))
    return all(a is not None and b is not None and same_expression(a, b) for a, b in pairs)


