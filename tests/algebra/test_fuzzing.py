"""Differential fuzzing: what the algebra makes of a random term has the term's value, in interval arithmetic, at explicit sizes."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from random import Random

import interval_values as values
import pytest
from fuzzing import Outcome, Pair, fuzz, fuzz_pairs, fuzz_steps
from interval_terms import TermValues
from interval_values import Undefined
from random_terms import BUILD, WORLDS, Tape, World, random_term

from derivcheck.claims import Claim
from derivcheck.language.terms import D, Term, as_term, delta

SEED = 7
DERIVATIVES = {"derivative": 30, "matrix derivative": 8}
EVERY_ATOM = {
    "entry", "delta", "at-most", "size", "prime", "exp", "log", "base", "sum", "step", "function", "functional", "inverse", "determinant", "partial",
}  # fmt: skip


def clean(outcome: Outcome) -> None:
    assert outcome.discrepancies == [], outcome.discrepancies[:3]
    assert outcome.crashes == [], outcome.crashes[:3]


def test_random_terms_keep_their_value() -> None:
    outcome = fuzz(SEED, 500)
    clean(outcome)
    assert outcome.counts["open: compared"] > 1000
    assert set(outcome.kinds) >= EVERY_ATOM - {"prime"}


def test_random_derivatives_keep_their_value() -> None:
    """Derivatives, also nested and by named intermediates, against nilpotent parts."""
    outcome = fuzz(SEED + 1, 250, make=lambda world, random: random_term(world, random, 3, DERIVATIVES)[0])
    clean(outcome)
    assert outcome.counts["closed: compared"] > 400
    assert outcome.kinds["partial"] > 10


def test_roots_and_logarithms_keep_their_value() -> None:
    weights = {"fractional": 25, "log": 15, "power": 10, "absolute": 6, "relu": 6}
    outcome = fuzz(SEED + 2, 200, make=lambda world, random: random_term(world, random, 3, weights)[0])
    clean(outcome)
    assert outcome.kinds["prime"] > 0


def mutated(world: World, random: Random) -> Pair:
    """A term, and the same with one choice changed: mostly another term, sometimes the same one."""
    left, tape = random_term(world, random, 2)
    given = list(tape.taken)
    given[random.randrange(len(given))] = random.random()
    right, _ = random_term(world, random, 2, given=given)
    zero = as_term(0)
    for index in sorted(left.free ^ right.free, key=str):
        zero = zero + 0 * world.leaves["x" if index.dim == world.n else "u"][index]
    return Pair(world, left + zero, right + zero)


def rearranged(world: World, random: Random) -> Pair:
    """Two terms that are equal by a law, or would be if it held more widely."""
    a, b, c = (random_term(world, random, 1)[0] for _ in range(3))
    exp, log = BUILD["exp"], BUILD["log"]
    left, right = random.choice(
        [
            (a * (b + c), a * b + a * c),
            (a * (b - c), a * b + a * c),
            (exp(a + b) * c, exp(a) * exp(b) * c),
            (exp(a) / (exp(a) + exp(b)), 1 / (1 + exp(b - a))),
            (exp(a) / (exp(a) + exp(b)), 1 / (1 + exp(a - b))),
            (a / (1 + b**2) + c / (2 + a**2), (a * (2 + a**2) + c * (1 + b**2)) / ((1 + b**2) * (2 + a**2))),
            (a / (1 + b**2) + c / (2 + a**2), (a * (1 + b**2) + c * (2 + a**2)) / ((1 + b**2) * (2 + a**2))),
            ((a**2 * b**2) ** Fraction(1, 2), a * b),
            ((a**2 * b**2) ** Fraction(1, 2), BUILD["absolute"](a * b)),
            (log(exp(a) * exp(b)), a + b),
            (log(a * a * exp(b)), 2 * log(a) + b),
            (BUILD["relu"](a) - BUILD["relu"](-a), a),
            (BUILD["relu"](a) + BUILD["relu"](-a), a),
            (BUILD["tanh"](a), 2 * BUILD["sigmoid"](2 * a) - 1),
        ]
    )
    zero = as_term(0)
    for index in world.free:
        zero = zero + 0 * world.leaves["x" if index.dim == world.n else "u"][index]
    return Pair(world, left + zero, right + zero)


@pytest.mark.parametrize(("make", "count"), [(mutated, 150), (rearranged, 150)])
def test_what_is_proved_is_true(make: object, count: int) -> None:
    outcome = fuzz_pairs(SEED + 3, count, make)  # type: ignore[arg-type]
    clean(outcome)
    assert outcome.counts["agrees"] > count // 20
    assert outcome.counts["different"] > count // 20


def test_every_step_of_the_chain_rule_keeps_the_value() -> None:
    def make(world: World, random: Random) -> Term:
        i, j = world.free[:2]
        function = world.names[random.choice(["v3", "v4", "L1"])]
        variable = world.symbols[random.choice(["v1", "v2", "x", "w", "y"])]
        return D(function[i] if function.shape else function, variable[j], world.derivation.layout)

    def cite(world: World) -> Sequence[Claim]:
        i, j = world.free[:2]
        s = world.names["v3"]
        left = D(s[i], world.names["v2"][j], world.derivation.layout)
        return [Claim("softmax", "identity", left.place, lhs=left, rhs=s[i] * (delta(i, j) - s[j]))]

    outcome = fuzz_steps(SEED, 12, make, cite)
    clean(outcome)
    assert outcome.counts["compared"] > 200
    assert outcome.counts["cited"] > 0


# ------------------------------------------------------------------------------------ the evaluator itself, by hand
def test_the_evaluator_by_hand() -> None:
    world = WORLDS["numerator"]
    x, S = world.leaves["x"], world.leaves["S"]
    i, j = world.free[:2]
    tensors = {
        "x": {(1,): Fraction(3), (2,): Fraction(-2)},
        "S": {(1, 1): Fraction(1), (1, 2): Fraction(4), (2, 1): Fraction(0), (2, 2): Fraction(2)},
    }
    terms = TermValues(tensors, {"n": 2, "m": 1})
    assert terms.scalar((S @ x)[i], {i: 1}) == 3 - 8
    assert terms.scalar(D((S @ x)[i], x[j]), {i: 1, j: 2}) == 4
    assert terms.scalar(D(D(x[i] ** 3, x[i]), x[i]), {i: 2}) == -12
    assert terms.scalar(BUILD["relu"](x)[i], {i: 2}) == 0
    assert terms.scalar(BUILD["determinant"](S), {}) == 2
    assert terms.scalar(D(BUILD["determinant"](S), S[i, j]), {i: 1, j: 1}) == 2
    assert terms.scalar(BUILD["inverse"](S)[i, j], {i: 1, j: 2}) == -2
    third = terms.scalar(BUILD["exp"](x)[i] * BUILD["exp"](-x)[i], {i: 1})
    assert values.overlap(third, Fraction(1))
    assert not values.overlap(third, Fraction(1) + Fraction(1, 10**20))
    with pytest.raises(Undefined):
        terms.scalar(BUILD["log"](x)[i], {i: 2})
    with pytest.raises(Undefined):
        terms.scalar(x[2] * x[3], {})


def test_a_changed_choice_changes_the_term() -> None:
    """The mutations of the pairs are not all the same."""
    tape = Tape(Random(1), [0.5, 0.25])
    assert [tape.number(), tape.number()] == [0.5, 0.25]
    assert tape.number() not in (0.5, 0.25)
