"""Each rule has a generator of its own and a twin that is deliberately unsound; the fuzz must catch the twin and pass the rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Any

import pytest
from fuzzing import Outcome, fuzz, fuzz_pairs, fuzz_steps, fuzz_substitutions
from random_terms import WORLDS, World
from twin_generators import (
    Draw,
    aligned_pair,
    bounds,
    chain,
    cited,
    cited_chain,
    constant_sum,
    contracted_inverse,
    deltas,
    derived,
    differing_pair,
    even_root,
    exponential,
    fractional,
    fractions_pair,
    functional,
    generic,
    indicator_signs,
    joined_sums,
    logarithm,
    named,
    nested_sums,
    number_root,
    of_determinant,
    of_inverse,
    of_matrix_quadratic,
    of_turned_inverse,
    one_hot,
    product_of_sums,
    quotient,
    root_of_nonnegative,
    row_sum,
    steps,
    sum_to,
    symmetric,
    two_steps,
    undefined,
)

from derivcheck.algebra import assumptions, atoms, binders, derivative, functions, powers, rules, substitution, sums, zero
from derivcheck.algebra import polynomial as ring
from derivcheck.algebra.atoms import UNIT, ZERO, Arena, Polynomial
from derivcheck.claims import Claim
from derivcheck.language import lower, lower_nodes
from derivcheck.language.subscripts import IndexRelation
from derivcheck.witnesses import all_dimensions
from derivcheck.witnesses.all_dimensions import Prover

SEED = 20240229
SAMPLES = 150
HONEST = {"terms": 25, "pairs": 40, "substitutions": 25, "steps": 6, "citations": 6}


# -------------------------------------------------------------------------------------------------------------- twins
Patch = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Twin:
    """A generator of terms (or pairs, or derivatives to be opened step by step) for a rule, and a patch that makes the rule unsound."""

    make: Callable[[Draw], Any]
    patch: Patch
    kind: str = "terms"

    def run(self, count: int, *, stop: bool) -> Outcome:
        def make(world: World, random: Random) -> Any:
            return self.make(Draw(world, random))

        match self.kind:
            case "terms":
                return fuzz(SEED, count, points=3, make=make, stop=stop)
            case "pairs":
                return fuzz_pairs(SEED, count, make, stop=stop)
            case "substitutions":
                return fuzz_substitutions(SEED, count, make, stop=stop)
            case "steps":
                return fuzz_steps(SEED, count, make, stop=stop)
            case "citations":
                return fuzz_steps(SEED, count, make, cited, stop=stop)
        raise ValueError(self.kind)


TWINS: dict[str, Twin] = {}


def twin(name: str, make: Callable[[Draw], Any], kind: str = "terms") -> Callable[[Patch], Patch]:
    def register(patch: Patch) -> Patch:
        TWINS[name] = Twin(make, patch, kind)
        return patch

    return register


def replaced(module: Any, name: str, value: Any) -> Patch:
    return lambda m: m.setattr(module, name, value)


@twin("a fractional power distributes over factors of any sign", fractional)
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(powers, "split_positive", lambda monomial: (monomial, ()))


@twin("a fractional power of a product of factors that may be negative is taken apart", root_of_nonnegative)
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(powers, "_is_nonnegative", lambda atom, exponent: True)


@twin("the root of a square is its base", even_root)
def _(m: pytest.MonkeyPatch) -> None:
    def root(arena: Arena, factors: Any, exponent: Any) -> Polynomial:
        parts = [powers.power(arena, Polynomial({((atom, 1),): 1}), Fraction(power * exponent)) for atom, power in factors]
        return ring.product(arena, parts)

    m.setattr(powers, "_even_root", root)


@twin("a root of a number loses its integer part", number_root)
def _(m: pytest.MonkeyPatch) -> None:
    honest = rules.prime_settles

    def settles(arena: Arena, monomial: Any, atom: Any, exponent: Any) -> Polynomial | None:
        found = honest(arena, monomial, atom, exponent)
        return None if found is None else ring.scale(found, Fraction(1, atom.data[0]) ** (exponent.numerator // exponent.denominator))

    m.setitem(rules._SETTLE, "prime", settles)


@twin("reduction by the leading term adds the remainder", quotient)
def _(m: pytest.MonkeyPatch) -> None:
    honest = rules.base_reduces

    def reduces(arena: Arena, monomial: Any, atom: Any, exponent: Any) -> Polynomial | None:
        with pytest.MonkeyPatch.context() as inner:
            inner.setattr(ring, "subtract", lambda left, right: ring.add(left, right) if len(left.terms) == 1 else _subtract(left, right))
            return honest(arena, monomial, atom, exponent)

    _subtract = ring.subtract
    m.setitem(rules._SETTLE, "base", reduces)


@twin("the logarithm ignores the sign of a coefficient", logarithm)
def _(m: pytest.MonkeyPatch) -> None:
    honest = functions.logarithm

    def absolute(arena: Arena, polynomial: Polynomial) -> Polynomial:
        return honest(arena, Polynomial({monomial: abs(value) for monomial, value in polynomial.terms.items()}))

    m.setattr(functions, "logarithm", absolute)


@twin("exp is idempotent", exponential)
def _(m: pytest.MonkeyPatch) -> None:
    honest = functions.exponential
    m.setattr(
        functions, "exponential", lambda arena, p: honest(arena, Polynomial({key: 1 if value > 0 else -1 for key, value in p.terms.items()}))
    )


@twin("squares sum to 1 too", sum_to)
def _(m: pytest.MonkeyPatch) -> None:
    honest = assumptions.SumsTo.apply

    def apply(self: Any, arena: Arena, monomial: Any, bound: Any) -> Polynomial | None:
        flat_ = tuple((atom, 1 if atom.kind == "entry" and atom.data[0] == self.name else power) for atom, power in monomial)
        return honest(self, arena, flat_, bound)

    m.setattr(assumptions.SumsTo, "apply", apply)


@twin("a weighted sum is 1 too", sum_to)
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(assumptions, "_occurs_once", lambda monomial, atom, variable: True)


@twin("columns sum up as rows do", row_sum)
def _(m: pytest.MonkeyPatch) -> None:
    honest = assumptions.SumsTo.apply

    def apply(self: Any, arena: Arena, monomial: Any, bound: Any) -> Polynomial | None:
        turned = assumptions.SumsTo(self.name, 0, self.value, self.text)
        return honest(self, arena, monomial, bound) or honest(turned, arena, monomial, bound)

    m.setattr(assumptions.SumsTo, "apply", apply)


@twin("one-hot across rows", one_hot)
def _(m: pytest.MonkeyPatch) -> None:
    def apply(self: Any, arena: Arena, monomial: Any, bound: Any) -> Polynomial | None:
        entries = [atom for atom, power in monomial if atom.kind == "entry" and atom.data[0] == self.name and power == 1]
        if len(entries) < 2:
            return None
        rest = ring.settled(arena, ring.without(monomial, entries[1]))
        same = rules.delta(arena, entries[0].data[1][self.axis], entries[1].data[1][self.axis])
        return sums.sum_over(arena, ring.multiply(arena, rest, same), bound)

    m.setattr(assumptions.OneHot, "apply", apply)


@twin("every square matrix is symmetric", symmetric)
def _(m: pytest.MonkeyPatch) -> None:
    honest = all_dimensions._rules
    import fuzzing

    m.setattr(fuzzing, "_rules", lambda derivation: [*honest(derivation), assumptions.Symmetric("S", "S is symmetric")])


@twin("assumptions apply inside a derivative", derived(sum_to, "f"))
def _(m: pytest.MonkeyPatch) -> None:
    honest = derivative.derivative
    given = (assumptions.SumsTo("f", 0, Fraction(1), "Σ f = 1"),)
    m.setattr(lower_nodes, "derivative", lambda arena, p, target: honest(arena, assumptions.apply_all(arena, p, given), target))


@twin("the derivative by a symmetric matrix counts both entries", derived(of_matrix_quadratic, "Q"))
def _(m: pytest.MonkeyPatch) -> None:
    honest = derivative.of_entry

    def both(arena: Arena, atom: Any, target: Any) -> Polynomial:
        turned = derivative.Target(target.name, target.slots[::-1], target.closed_names)
        found = honest(arena, atom, target)
        return ring.add(found, honest(arena, atom, turned)) if target.name == "Q" and target.slots[0] != target.slots[1] else found

    m.setitem(derivative._RULES, "entry", both)


@twin("a delta leaves its sum without substituting", deltas)
def _(m: pytest.MonkeyPatch) -> None:
    def eliminate(arena: Arena, monomial: Any, bound: Any) -> Polynomial | None:
        for atom, _ in monomial:
            if atom.kind == "delta" and any(slot in bound for slot in atom.data):
                return sums.sum_over(arena, ring.settled(arena, ring.without(monomial, atom)), bound)
        return None

    m.setattr(sums, "_eliminate_delta", eliminate)


@twin("a substituting delta disappears", deltas)
def _(m: pytest.MonkeyPatch) -> None:
    honest = rules.delta_substitutes

    def substitutes(arena: Arena, monomial: Any, atom: Any, exponent: Any) -> Polynomial | None:
        found = honest(arena, monomial, atom, exponent)
        return None if found is None else Polynomial({ring.without(key, atom): value for key, value in found.terms.items()})

    m.setitem(rules._SETTLE, "delta", substitutes)


@twin("a shifted index equals itself", deltas)
def _(m: pytest.MonkeyPatch) -> None:
    honest = rules._constant_difference
    m.setattr(rules, "_constant_difference", lambda left, right: 0 if honest(left, right) is not None else None)


@twin("at most is less than", bounds)
def _(m: pytest.MonkeyPatch) -> None:
    honest = rules.at_most
    m.setattr(rules, "at_most", lambda arena, left, right: honest(arena, substitution.replace((-2, 1), {-2: left}), right))


@twin("the sum of a constant is the constant", constant_sum)
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(sums, "size", lambda arena, dim: UNIT)


@twin("a product of sums shares its index", product_of_sums)
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(sums, "opened", lambda arena, atom: (atom.data[0], Polynomial({atom.data[1]: 1})))


@twin("substituting captures", nested_sums, "substitutions")
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(substitution, "without_capture", lambda arena, bound, inside, atom, mapping: (bound, inside))


@twin("a product of sums is the sum of the product", joined_sums)
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(sums, "_components", lambda monomial, bound: [((factor,), tuple(v for v in bound if v in factor[0].free)) for factor in monomial])


@twin("what mentions a bound index leaves the sum", joined_sums)
def _(m: pytest.MonkeyPatch) -> None:
    honest = sums._close_component

    def close(arena: Arena, monomial: Any, bound: Any) -> Polynomial:
        if len(monomial) < 2:
            return honest(arena, monomial, bound)
        single = Polynomial({(monomial[0],): 1})
        return ring.multiply(arena, sums.sum_over(arena, single, bound), honest(arena, monomial[1:], bound))

    m.setattr(sums, "_close_component", close)


@twin("an inverse cancels although the index stands elsewhere", contracted_inverse)
def _(m: pytest.MonkeyPatch) -> None:
    honest = sums._eliminate_inverse

    def eliminate(arena: Arena, monomial: Any, bound: Any) -> Polynomial | None:
        pair = tuple(f for f in monomial if f[0].kind == "inverse" or (f[0].kind == "entry" and f[0].data[0] == "X"))
        found = honest(arena, pair, bound)
        rest = tuple(f for f in monomial if f not in pair)
        if found is None or not rest:
            return found
        return ring.multiply(
            arena,
            found,
            substitution.substitute(
                arena, ring.settled(arena, rest), {bound[0]: pair[0][0].data[-1]} if pair[0][0].kind == "inverse" else {bound[0]: pair[1][0].data[-1]}
            ),
        )

    m.setattr(sums, "_eliminate_inverse", eliminate)


@twin("every matrix is taken for symmetric under an inverse", of_turned_inverse)
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(binders, "_turned", lambda arena, names, argument: argument)


@twin("the inverse of a transposed matrix keeps its slots", of_turned_inverse)
def _(m: pytest.MonkeyPatch) -> None:
    def inverse(arena: Arena, bound: Any, argument: Polynomial, left: Any, right: Any) -> Polynomial:
        names, closed = binders._canonical_binders(arena, bound, argument, atoms.slots_free((left, right)))
        turned = binders._turned(arena, names, closed)
        chosen = turned if turned is not None and binders._rank(turned) < binders._rank(closed) else closed
        return Polynomial({((arena.inverse_atom(names, chosen, left, right), 1),): 1})

    m.setattr(binders, "inverse", inverse)


@twin("an inverse cancels crosswise", contracted_inverse)
def _(m: pytest.MonkeyPatch) -> None:
    def ends(arena: Arena, inverse_atom: Any, entry: Any, k: int) -> Any:
        left, right = inverse_atom.data[2:]
        first, second = entry.data[1]
        return (second if first == k else first), (right if left == k else left)

    m.setattr(sums, "_contracted_ends", ends)


@twin("a step does not mind the sign", steps)
def _(m: pytest.MonkeyPatch) -> None:
    honest = functions.step
    m.setattr(
        functions, "step", lambda arena, p: honest(arena, Polynomial({key: abs(value) for key, value in p.terms.items()}) if len(p.terms) == 1 else p)
    )


@twin("steps exclude each other", two_steps)
def _(m: pytest.MonkeyPatch) -> None:
    def exclude(arena: Arena, monomial: Any, atom: Any, exponent: Any) -> Polynomial | None:
        others = any(other.kind == "step" and other is not atom for other, _ in monomial)
        return ZERO if others else rules.idempotent(arena, monomial, atom, exponent)

    m.setitem(rules._SETTLE, "step", exclude)


@twin("steps of opposite terms add up to 1", two_steps)
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(rules, "divide", lambda monomial, divisor: monomial)


@twin("a square is positive", steps)
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(atoms, "factor_sign", lambda atom, exponent: "positive" if exponent % 2 == 0 else atom.sign)


@twin("an indicator is positive", indicator_signs)
def _(m: pytest.MonkeyPatch) -> None:
    honest = Arena.intern

    def intern(self: Arena, kind: str, data: Any, key: Any, free: Any, level: int, sign: str) -> Any:
        return honest(self, kind, data, key, free, level, "positive" if kind in ("delta", "at-most") else sign)

    m.setattr(Arena, "intern", intern)


@twin("the chain rule of exp forgets the inner derivative", derived(exponential))
def _(m: pytest.MonkeyPatch) -> None:
    def of_exp(arena: Arena, atom: Any, target: Any) -> Polynomial:
        inner = derivative.derivative(arena, Polynomial({atom.data[0]: 1}), target)
        return ZERO if inner.is_zero else ring.of_atom(arena, atom)

    m.setitem(derivative._RULES, "exp", of_exp)


@twin("the derivative of log forgets its denominator", derived(logarithm))
def _(m: pytest.MonkeyPatch) -> None:
    m.setitem(derivative._RULES, "log", lambda arena, atom, target: derivative.derivative(arena, atom.data[0], target))


@twin("the power rule forgets the exponent", derived(fractional))
def _(m: pytest.MonkeyPatch) -> None:
    def wrong(arena: Arena, polynomial: Polynomial, target: Any) -> Polynomial:
        parts = [ZERO]
        for monomial, coefficient in polynomial.terms.items():
            for atom, exponent in monomial:
                inner = derivative.of_atom(arena, atom, target)
                if not inner.is_zero:
                    rest = ring.settled(arena, ring.without(monomial, atom))
                    lowered = ring.of_atom(arena, atom, exponent - 1) if exponent != 1 else UNIT
                    parts.append(ring.scale(ring.product(arena, [rest, lowered, inner]), coefficient))
        return ring.add(*parts)

    m.setattr(lower_nodes, "derivative", wrong)


@twin("g is its own derivative", derived(generic))
def _(m: pytest.MonkeyPatch) -> None:
    def of_function(arena: Arena, atom: Any, target: Any) -> Polynomial:
        inner = derivative.derivative(arena, atom.data[2], target)
        return ring.multiply(arena, functions.function(arena, *atom.data), inner)

    m.setitem(derivative._RULES, "function", of_function)


@twin("a generic function varies in one entry only", derived(functional, "x", "y"))
def _(m: pytest.MonkeyPatch) -> None:
    def of_functional(arena: Arena, atom: Any, target: Any) -> Polynomial:
        _name, bound, argument, _slots = atom.data
        inner = derivative.derivative(arena, substitution.substitute(arena, argument, {bound[0]: target.slots[0]}), target)
        return ring.scale(inner, 1)

    m.setitem(derivative._RULES, "functional", of_functional)


@twin("the derivative of an inverse has the sign of a product", derived(of_inverse, "X"))
def _(m: pytest.MonkeyPatch) -> None:
    honest = derivative.of_inverse
    m.setitem(derivative._RULES, "inverse", lambda arena, atom, target: ring.scale(honest(arena, atom, target), -1))


@twin("the derivative of a determinant is not transposed", derived(of_determinant, "S"))
def _(m: pytest.MonkeyPatch) -> None:
    honest = derivative.of_determinant

    def of_determinant(arena: Arena, atom: Any, target: Any) -> Polynomial:
        return honest(arena, atom, derivative.Target(target.name, target.slots[::-1], target.closed_names))

    m.setitem(derivative._RULES, "determinant", of_determinant)


@twin("a step varies nowhere, so a kink needs no condition", derived(steps))
def _(m: pytest.MonkeyPatch) -> None:
    honest = lower.Lowering.require

    def require(self: Any, kind: Any, polynomial: Any, text: str = "", under_derivative: bool = False) -> None:
        if not under_derivative:
            honest(self, kind, polynomial, text, under_derivative)

    m.setattr(lower.Lowering, "require", require)


@twin("conditions are forgotten", undefined)
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(lower.Lowering, "require", lambda self, *details, **more: None)


@twin("an opened name is its first entry", named)
def _(m: pytest.MonkeyPatch) -> None:
    honest = lower_nodes.lower_named

    def opened(lowering: Any, term: Any, slots: Any, scope: Any) -> Polynomial:
        return honest(lowering, term, tuple((-1, 1) for _ in slots), scope)

    m.setitem(lower_nodes.NODES, type(next(iter(WORLDS.values())).names["v1"]), opened)


@twin("the chain rule follows one consumer only", chain, "steps")
def _(m: pytest.MonkeyPatch) -> None:
    honest = Prover._consumers
    m.setattr(Prover, "_consumers", lambda self, variable: [name for name in honest(self, variable) if name != "v4"])


@twin("a step of the chain rule mixes up its slots", chain, "steps")
def _(m: pytest.MonkeyPatch) -> None:
    honest = Prover._local_derivative

    def turned(self: Any, consumer: str, variable: str) -> Any:
        slots, wanted, *rest = honest(self, consumer, variable)
        return (wanted, slots, *rest) if len(slots) == len(wanted) else (slots, wanted, *rest)

    m.setattr(Prover, "_local_derivative", turned)


@twin("a citation forgets where it holds", cited_chain, "citations")
def _(m: pytest.MonkeyPatch) -> None:
    honest = substitution.substitute

    def keeps(arena: Arena, polynomial: Polynomial, mapping: Any) -> Polynomial:
        keys = list(mapping)
        return honest(arena, polynomial, {keys[0]: mapping[keys[1]], keys[1]: mapping[keys[1]]} if len(keys) == 2 else mapping)

    def advance(self: Any, polynomial: Polynomial, position: int, *details: Any) -> Polynomial:
        with pytest.MonkeyPatch.context() as inner:
            if self.citations and position == self.position["v2"]:
                inner.setattr(substitution, "substitute", keeps)
            return original(self, polynomial, position, *details)

    original = Prover._advance
    m.setattr(Prover, "_advance", advance)


@twin("denominators are dropped", fractions_pair, "pairs")
def _(m: pytest.MonkeyPatch) -> None:
    def cleared(arena: Arena, polynomial: Polynomial) -> Polynomial:
        result: dict[Any, Any] = {}
        for monomial, value in polynomial.terms.items():
            ring.accumulate(result, [(tuple(factor for factor in monomial if factor[1] > 0), value)])
        return Polynomial(result)

    m.setattr(zero, "cleared", cleared)


@twin("a common denominator ignores signs", fractions_pair, "pairs")
def _(m: pytest.MonkeyPatch) -> None:
    honest = zero.cleared

    def cleared(arena: Arena, polynomial: Polynomial) -> Polynomial:
        found = honest(arena, polynomial)
        result: dict[Any, Any] = {}
        for position, (monomial, value) in enumerate(sorted(found.terms.items(), key=lambda part: str(part[0]))):
            ring.accumulate(result, [(monomial, value if position % 2 else -abs(value))])
        return ZERO if sum(result.values()) in (0, -2, -4) else found

    m.setattr(zero, "cleared", cleared)


@twin("sums with the same binders are equal", aligned_pair, "pairs")
def _(m: pytest.MonkeyPatch) -> None:
    m.setattr(zero, "_aligned", lambda arena, names, total, rest, depth: True)


@twin("different indices are different everywhere", differing_pair, "pairs")
def _(m: pytest.MonkeyPatch) -> None:
    honest = Prover._vanishes_under_assumptions

    def vanishes(self: Any, claim: Claim, attempt: Any) -> bool:
        i, j = sorted(claim.lhs.free, key=str)[:2] if claim.lhs is not None and len(claim.lhs.free) > 1 else (None, None)
        where = (IndexRelation(i, "≠", j),) if i is not None and j is not None else ()
        return honest(self, Claim(claim.name, claim.kind, claim.place, lhs=claim.lhs, rhs=claim.rhs, where=where), attempt)

    m.setattr(Prover, "_vanishes_under_assumptions", vanishes)


# --------------------------------------------------------------------------------------------------------------- tests
@pytest.mark.parametrize("name", TWINS)
def test_the_fuzz_catches_the_twin(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    TWINS[name].patch(monkeypatch)
    outcome = TWINS[name].run(SAMPLES, stop=True)
    assert outcome.discrepancies or outcome.crashes, f"{SAMPLES} samples with seed {SEED} did not tell the twin from the rule"
    assert outcome.discrepancies, outcome.crashes[:3]


@pytest.mark.parametrize("name", TWINS)
def test_the_rule_passes_where_its_twin_is_caught(name: str) -> None:
    outcome = TWINS[name].run(HONEST[TWINS[name].kind], stop=False)
    assert outcome.discrepancies == []
    assert outcome.crashes == []
    assert sum(count for what, count in outcome.counts.items() if "compared" in what or what == "agrees") > 0
