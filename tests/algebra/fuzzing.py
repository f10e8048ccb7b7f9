"""The properties that the algebra must have on random terms, pairs of terms, steps of a proof and substitutions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from random import Random
from typing import Any

import interval_values as values
from interval_polynomials import Escaped, PolynomialValues
from interval_terms import At, Tensors, TermValues
from interval_values import Undecided, Undefined
from random_points import assignments, point, sizes_of
from random_terms import WORLDS, World, random_term

from derivcheck.algebra import substitution
from derivcheck.algebra.assumptions import apply_all
from derivcheck.algebra.atoms import Arena, Polynomial, Refused, polynomial_free
from derivcheck.claims import Claim
from derivcheck.language.lower import Lowering
from derivcheck.language.subscripts import IndexRelation
from derivcheck.language.terms import Leaf, Named, Term, as_term
from derivcheck.language.walks import subterms
from derivcheck.witnesses.all_dimensions import Prover, _rules


@dataclass
class Outcome:
    """What a run found. `discrepancies` and `crashes` are messages; `counts` say what was tried."""

    counts: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    discrepancies: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)


def _kinds(polynomial: Polynomial) -> set[str]:
    found: set[str] = set()
    stack: list[Any] = [polynomial]
    while stack:
        value = stack.pop()
        if isinstance(value, Polynomial):
            stack.extend(value.terms)
        elif isinstance(value, tuple):
            stack.extend(value)
        elif hasattr(value, "kind"):
            found.add(value.kind)
            stack.extend(value.data)
    return found


def conditions_hold(lowering: Lowering, atoms: PolynomialValues, at: dict[int, int]) -> bool:
    """Whether every sign that the lowering requires is met, for all values of what is not free in the term."""
    arena = lowering.arena
    for requirement in lowering.requirements.values():
        if requirement.under_derivative or requirement.kind not in ("nonzero", "positive", "nonnegative"):
            continue
        unstated = sorted(polynomial_free(requirement.polynomial).difference(at))
        for place in product(*(range(1, arena.dims[v].size(atoms.terms.sizes) + 1) for v in unstated)):
            try:
                sign = values.sign(atoms.polynomial(requirement.polynomial, {**at, **dict(zip(unstated, place, strict=True))}))
            except Undefined:
                return False
            if {"nonzero": sign == 0, "positive": sign <= 0, "nonnegative": sign < 0}[requirement.kind]:
                return False
    return True


@dataclass(frozen=True)
class Lowered:
    """A term with its polynomials: with all names open, with all of them closed, and after the assumptions."""

    world: World
    term: Term
    forms: tuple[tuple[str, Lowering, Polynomial], ...]


def lowered(world: World, term: Term, outcome: Outcome) -> Lowered | None:
    """The term in every form, or None where the algebra refuses."""
    depends = {
        named.name: frozenset(node.name for node in subterms(named.definition, open_names=True) if isinstance(node, (Leaf, Named)))
        for named in world.derivation.definitions
    }
    forms = []
    arena = Arena(positive=frozenset({"p"}), nonnegative=frozenset({"q"}), order=depends)
    arena.budget = 20_000
    for label, closed, partials in (("open", frozenset(), "open"), ("closed", frozenset(world.names), "closed")):
        lowering = Lowering(arena, world.names, closed, partials)  # type: ignore[arg-type]
        try:
            forms.append((label, lowering, lowering.lower(term)))
        except Refused:
            outcome.counts[f"{label}: refused"] += 1
        except RecursionError:
            outcome.crashes.append(f"{label}: RecursionError on {show(term)}")
    if forms and forms[0][0] == "open":
        try:
            rewritten = apply_all(arena, forms[0][2], tuple(_rules(world.derivation)))
            forms.append(("assumptions", forms[0][1], rewritten))
        except Refused:
            outcome.counts["assumptions: refused"] += 1
    outcome.rules.update(arena.rules | arena.assumptions)
    for _, _, polynomial in forms:
        outcome.kinds.update(_kinds(polynomial))
    return Lowered(world, term, tuple(forms)) if forms else None


def compare(found: Lowered, random: Random, outcome: Outcome, points: int = 2, most: int = 4) -> None:
    """The polynomials have the term's value wherever the conditions hold."""
    world, term = found.world, found.term
    for _ in range(points):
        sizes = sizes_of(random, world)
        terms = TermValues(point(random, world, sizes), sizes)
        atoms = {id(lowering): PolynomialValues(lowering.arena, terms, world.symbols) for _, lowering, _ in found.forms}
        for at in assignments(random, sorted(term.free, key=str), sizes, most):
            _compare_at(found, terms, atoms, at, outcome)


def _compare_at(found: Lowered, terms: TermValues, atoms: Mapping[int, PolynomialValues], at: At, outcome: Outcome) -> None:
    def say(what: str) -> None:
        outcome.discrepancies.append(f"{what}: {show(found.term)} at {terms.sizes} {show_at(at)} {show_point(found.term, terms.tensors)}")

    try:
        expected = terms.scalar(found.term, at)
    except Undefined as problem:
        expected = problem
    except Undecided:
        outcome.counts["undecided"] += 1
        return
    except OverflowError:
        return
    for label, lowering, polynomial in found.forms:
        evaluator = atoms[id(lowering)]
        variables = {lowering.variable(index): place for index, place in at.items()}
        try:
            if not conditions_hold(lowering, evaluator, variables):
                outcome.counts["conditions fail"] += 1
                continue
            if isinstance(expected, Undefined):
                if not any(word in str(expected) for word in ("range", "singular", "has no entry")):
                    say(f"{label}: conditions hold but the term is undefined ({expected})")
                continue
            got = evaluator.polynomial(polynomial, variables)
        except (Undecided, OverflowError):
            outcome.counts["undecided"] += 1
            continue
        except Undefined as problem:
            # a subscript that must be in range stands in a sum that is empty here
            unmet = "range" in str(problem) and any(requirement.kind == "in range" for requirement in lowering.requirements.values())
            if "singular" not in str(problem) and not unmet:
                say(f"{label}: the polynomial is undefined ({problem}), the term is {expected}")
            continue
        except Escaped as problem:
            say(f"{label}: {problem}")
            continue
        if values.wide(expected) or values.wide(got):
            outcome.counts["undecided"] += 1
            continue
        outcome.counts[f"{label}: compared"] += 1
        if not values.overlap(expected, got):
            say(f"{label}: term {expected}, polynomial {got}")


def show(term: Term) -> str:
    from derivcheck.language.printing.text import text

    return text(term)


def show_at(at: At) -> str:
    return ", ".join(f"{index}={place}" for index, place in at.items())


def show_point(term: Term, tensors: Tensors) -> str:
    used = {node.name for node in subterms(term, open_names=True) if isinstance(node, Leaf)}
    return "; ".join(f"{name}={[str(value) for value in tensors[name].values()]}" for name in sorted(used))


def fuzz(
    seed: int, count: int, *, depth: int = 3, points: int = 2, make: Callable[[World, Random], Term] | None = None, stop: bool = False
) -> Outcome:
    """Lower `count` random terms and compare. With `stop` the first discrepancy ends the run."""
    outcome = Outcome()
    for number in range(count):
        random = Random(f"{seed}/{number}")
        world = WORLDS[random.choice(list(WORLDS))]
        term = make(world, random) if make is not None else random_term(world, random, depth)[0]
        found = lowered(world, term, outcome)
        before = len(outcome.discrepancies)
        if found is not None:
            compare(found, random, outcome, points)
        for position in range(before, len(outcome.discrepancies)):
            outcome.discrepancies[position] = f"[seed {seed}, term {number}] {outcome.discrepancies[position]}"
        if stop and outcome.discrepancies:
            break
    outcome.counts["terms"] = count
    return outcome


# ------------------------------------------------------------------------------------- pairs of terms, and steps of a proof
@dataclass(frozen=True)
class Pair:
    """Two terms that may or may not be equal, where these pairs of free indices differ."""

    world: World
    left: Term
    right: Term
    where: tuple[IndexRelation, ...] = ()


def _difference_at(pair: Pair, random: Random, points: int, most: int) -> tuple[int, str | None]:
    """How many values agree, and the first that does not."""
    same = 0
    free = sorted(pair.left.free | pair.right.free, key=str)
    for _ in range(points):
        sizes = sizes_of(random, pair.world)
        terms = TermValues(point(random, pair.world, sizes), sizes)
        for at in assignments(random, free, sizes, most):
            if any(at[relation.left] == at[relation.right] for relation in pair.where):  # type: ignore[index]
                continue
            try:
                left, right = terms.scalar(pair.left, at), terms.scalar(pair.right, at)
            except (Undefined, Undecided, OverflowError):
                continue
            if values.wide(left) or values.wide(right):
                continue
            if not values.overlap(left, right):
                return (
                    same,
                    f"{show(pair.left)} = {left}, {show(pair.right)} = {right} at {sizes} {show_at(at)} {show_point(pair.left, terms.tensors)}",
                )
            same += 1
    return same, None


def fuzz_pairs(seed: int, count: int, make: Callable[[World, Random], Pair], *, stop: bool = False) -> Outcome:
    """Where the prover agrees, the sides have one value at every point at which both are defined."""
    outcome = Outcome()
    for number in range(count):
        random = Random(f"{seed}/{number}")
        pair = make(WORLDS[random.choice(list(WORLDS))], random)
        prover = Prover(pair.world.derivation)
        prover.arena.budget = 20_000
        claim = Claim("pair", "identity", pair.left.place, lhs=pair.left, rhs=pair.right, where=pair.where)
        proof = prover.prove(claim)
        _, difference = _difference_at(pair, random, 3, 6)
        outcome.counts["agrees" if proof.status else "open"] += 1
        outcome.counts["different" if difference else "equal"] += 1
        outcome.rules.update(proof.rules)
        if proof.status and difference:
            outcome.discrepancies.append(f"[seed {seed}, pair {number}] proved although {difference}")
            if stop:
                break
    return outcome


def fuzz_steps(
    seed: int, count: int, make: Callable[[World, Random], Term], cite: Callable[[World], Sequence[Claim]] = lambda world: (), *, stop: bool = False
) -> Outcome:
    """Every step of the chain rule, every opened name and every cited claim leaves the value of a term as it is."""
    outcome = Outcome()
    for number in range(count):
        random = Random(f"{seed}/{number}")
        world = WORLDS[random.choice(list(WORLDS))]
        term = make(world, random)
        prover = Prover(world.derivation)
        for claim in cite(world):
            prover.remember(claim, prover.prove(claim))
        prover.arena.forget()
        try:
            zero = as_term(0)
            attempts = list(prover._step_by_step(term, zero, prover._all_closed(term, zero)))
            attempts += [*prover._values_open(term, zero, attempts[-1]), *prover._all_open(term, zero, attempts[-1])]
        except Refused:
            outcome.counts["refused"] += 1
            continue
        outcome.counts["steps"] += len(attempts)
        outcome.counts["cited"] += sum(bool(attempt.cited) for attempt in attempts)
        for _ in range(2):
            sizes = sizes_of(random, world)
            terms = TermValues(point(random, world, sizes), sizes)
            atoms = PolynomialValues(prover.arena, terms, world.symbols)
            for at in assignments(random, sorted(term.free, key=str), sizes, 3):
                try:
                    expected = terms.scalar(term, at)
                    for step, attempt in enumerate(attempts):
                        variables = {attempt.lowering.variable(index): place for index, place in at.items()}
                        got = atoms.polynomial(attempt.left, variables)
                        outcome.counts["compared"] += 1
                        if not values.overlap(expected, got):
                            outcome.discrepancies.append(
                                f"[seed {seed}, term {number}] step {step} of {show(term)}: {expected}, {got} at {sizes} {show_at(at)}"
                            )
                except (Undefined, Undecided, OverflowError):
                    outcome.counts["undefined"] += 1
        if stop and outcome.discrepancies:
            break
    return outcome


def fuzz_substitutions(seed: int, count: int, make: Callable[[World, Random], Term], *, stop: bool = False) -> Outcome:
    """A bound variable of a term's own sums, put in place of a free one, is not captured."""
    outcome = Outcome()
    for number in range(count):
        random = Random(f"{seed}/{number}")
        world = WORLDS[random.choice(list(WORLDS))]
        term = make(world, random)
        found = lowered(world, term, outcome)
        free = sorted((index for index in term.free if index.dim == world.n), key=str)
        if found is None or not free:
            continue
        _, lowering, polynomial = found.forms[0]
        arena = lowering.arena
        bound = [v for v in arena.bound.values() if arena.dims[v] == world.n]
        index, captor = random.choice(free), random.choice(bound)
        renamed = substitution.substitute(arena, polynomial, {lowering.variable(index): captor})
        sizes = sizes_of(random, world)
        atoms = PolynomialValues(arena, TermValues(point(random, world, sizes), sizes), world.symbols)
        for at in assignments(random, sorted(term.free, key=str), sizes, 4):
            variables = {lowering.variable(other): place for other, place in at.items()}
            try:
                before, after = atoms.polynomial(polynomial, variables), atoms.polynomial(renamed, {**variables, captor: at[index]})
            except (Undefined, Undecided, OverflowError):
                continue
            outcome.counts["compared"] += 1
            if not values.overlap(before, after):
                outcome.discrepancies.append(f"[seed {seed}, term {number}] {captor} for {index} in {show(term)}: {before}, {after}")
        if stop and outcome.discrepancies:
            break
    return outcome
