"""The derivative of a polynomial by an entry of a tensor: the rule of each atom, and the product and chain rule once."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from derivcheck.algebra import binders, functions, powers, rules, substitution, sums
from derivcheck.algebra import polynomial as ring
from derivcheck.algebra.atoms import PARTIAL, UNIT, ZERO, Arena, Atom, Polynomial, Refused, Slot


@dataclass(frozen=True, slots=True)
class Target:
    """What one derives by: the entry of a tensor. The slots are variables that stand nowhere in what is derived, or fixed slots.

    opens: a closed name that depends on the target gives a `partial` atom (the chain rule's first factor) instead of being refused.
    held: closed names count as constants, because their paths are summed by the caller.
    """

    name: str
    slots: tuple[Slot, ...]
    closed_names: str = "refuse"  # or "partial", or "hold"


def derivative(arena: Arena, polynomial: Polynomial, target: Target) -> Polynomial:
    """∂ polynomial / ∂ target. Refuses an atom for which it has no rule; it never takes one to be constant for lack of a rule."""
    parts = [ZERO]
    for monomial, coefficient in polynomial.terms.items():
        for atom, exponent in monomial:
            inner = of_atom(arena, atom, target)
            if inner.is_zero:
                continue
            rest = ring.settled(arena, ring.without(monomial, atom))
            lowered = ring.of_atom(arena, atom, exponent - 1) if exponent != 1 else UNIT
            product = ring.multiply(arena, ring.multiply(arena, rest, lowered), inner)
            parts.append(ring.scale(product, ring.plain(Fraction(coefficient * exponent))))
    return ring.add(*parts)


def of_atom(arena: Arena, atom: Atom, target: Target) -> Polynomial:
    """∂ atom / ∂ target, remembered."""
    if target.name not in atom.mentions and not _may_depend(arena, atom, target):
        return ZERO
    key = (atom, target)
    found = arena.memo.get(key)
    if found is None:
        arena.spend()
        found = arena.memo[key] = _RULES[atom.kind](arena, atom, target)
    result: Polynomial = found
    return result


def of_entry(arena: Arena, atom: Atom, target: Target) -> Polynomial:
    """∂x_i/∂x_k = δ_ik; another leaf is held fixed; a closed name that depends on the target is not a leaf."""
    name, slots = atom.data
    if name == target.name:
        return ring.product(arena, [rules.delta(arena, a, b) for a, b in zip(slots, target.slots, strict=True)])
    if target.name not in arena.order.get(name, frozenset()) or target.closed_names == "hold":
        return ZERO
    if target.closed_names == "partial":
        arena.rules.add("chain rule")
        return Polynomial({((arena.partial_atom(name, slots, target.name, target.slots), 1),): 1})
    raise Refused(f"{name} depends on {target.name} and is not opened")


def of_constant(arena: Arena, atom: Atom, target: Target) -> Polynomial:
    """Deltas, indicators, dimensions, primes, and steps off their jump do not vary."""
    return ZERO


def of_step(arena: Arena, atom: Atom, target: Target) -> Polynomial:
    """A step is constant off its jump; whoever writes one under a derivative states that it is off the jump."""
    return ZERO


def of_exp(arena: Arena, atom: Atom, target: Target) -> Polynomial:
    """(exp m)′ = exp m · m′."""
    inner = derivative(arena, Polynomial({atom.data[0]: 1}), target)
    return ring.multiply(arena, ring.of_atom(arena, atom), inner)


def of_log(arena: Arena, atom: Atom, target: Target) -> Polynomial:
    """(log p)′ = p′ / p."""
    inner = derivative(arena, atom.data[0], target)
    if inner.is_zero:
        return ZERO
    return ring.multiply(arena, powers.power(arena, atom.data[0], -1), inner)


def of_base(arena: Arena, atom: Atom, target: Target) -> Polynomial:
    """⟨p⟩′ = p′."""
    return derivative(arena, atom.data[0], target)


def of_sum(arena: Arena, atom: Atom, target: Target) -> Polynomial:
    """The derivative of a sum is the sum of the derivatives."""
    bound, summand = sums.opened(arena, atom)
    return sums.sum_over(arena, derivative(arena, summand, target), bound)


def of_function(arena: Arena, atom: Atom, target: Target) -> Polynomial:
    """g(p)′ = g′(p) p′."""
    name, order, argument = atom.data
    inner = derivative(arena, argument, target)
    if inner.is_zero:
        return ZERO
    return ring.multiply(arena, functions.function(arena, name, order + 1, argument), inner)


def of_functional(arena: Arena, atom: Atom, target: Target) -> Polynomial:
    """L(u)′ = Σ_t (∂L/∂u_t) u_t′."""
    name, bound, argument, slots = atom.data
    fresh = tuple(arena.fresh(arena.dims[v]) for v in bound)
    entry = substitution.substitute(arena, argument, dict(zip(bound, fresh, strict=True)))
    inner = derivative(arena, entry, target)
    if inner.is_zero:
        return ZERO
    outer = binders.functional(arena, name, bound, argument, (*slots, fresh))
    return sums.sum_over(arena, ring.multiply(arena, outer, inner), fresh)


def of_inverse(arena: Arena, atom: Atom, target: Target) -> Polynomial:
    """(X⁻¹)_ij′ = −Σ_kl X⁻¹_ik X_kl′ X⁻¹_lj."""
    bound, argument, left, right = atom.data
    fresh = tuple(arena.fresh(arena.dims[v]) for v in bound)
    inner = derivative(arena, substitution.substitute(arena, argument, dict(zip(bound, fresh, strict=True))), target)
    if inner.is_zero:
        return ZERO
    first = binders.inverse(arena, bound, argument, left, fresh[0])
    second = binders.inverse(arena, bound, argument, fresh[1], right)
    return ring.scale(sums.sum_over(arena, ring.product(arena, [first, inner, second]), fresh), -1)


def of_determinant(arena: Arena, atom: Atom, target: Target) -> Polynomial:
    """(det X)′ = det X Σ_kl X⁻¹_lk X_kl′, where X is invertible."""
    bound, argument = atom.data
    fresh = tuple(arena.fresh(arena.dims[v]) for v in bound)
    inner = derivative(arena, substitution.substitute(arena, argument, dict(zip(bound, fresh, strict=True))), target)
    if inner.is_zero:
        return ZERO
    inverse = binders.inverse(arena, bound, argument, fresh[1], fresh[0])
    total = sums.sum_over(arena, ring.multiply(arena, inverse, inner), fresh)
    return ring.multiply(arena, ring.of_atom(arena, atom), total)


def of_partial(arena: Arena, atom: Atom, target: Target) -> Polynomial:
    """A derivative that is not opened is not known to be constant."""
    if target.closed_names == "hold":
        raise Refused("a derivative that is not opened stands inside a derivative")
    raise Refused(f"the derivative of {atom.data[0]} by {atom.data[2]} is not opened inside another derivative")


_RULES = {
    "entry": of_entry,
    "delta": of_constant,
    "at-most": of_constant,
    "size": of_constant,
    "prime": of_constant,
    "step": of_step,
    "exp": of_exp,
    "log": of_log,
    "base": of_base,
    "sum": of_sum,
    "function": of_function,
    "functional": of_functional,
    "inverse": of_inverse,
    "determinant": of_determinant,
    "partial": of_partial,
}


def _may_depend(arena: Arena, atom: Atom, target: Target) -> bool:
    """Whether a closed name or an unopened derivative inside the atom may depend on the target."""
    return any(name == PARTIAL or target.name in arena.order.get(name, frozenset()) for name in atom.mentions)
