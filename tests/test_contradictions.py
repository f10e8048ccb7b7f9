"""Which relations of indices exclude each other, compared with every choice of their values."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from derivcheck.algebra.dims import Index
from derivcheck.contradictions import contradictory
from derivcheck.derivation import Derivation
from derivcheck.judge import judge
from derivcheck.language.subscripts import IndexRelation, Shift, Slot

d = Derivation("relations", layout="numerator")
n = d.dim("n")
i, j, k = d.indices("i j k", n)
x = d.vector("x", n)
SIZE = 9


def found(*relations: IndexRelation) -> list[str]:
    return list(contradictory(d.alternative("claim", x[i] + x[j] + x[k], x[k] + x[j] + x[i], relations), d))


@pytest.mark.parametrize(
    ("relations", "said"),
    [
        ([IndexRelation(i, "<", j), IndexRelation(j, "<", i)], ["i < j and j < i"]),
        ([IndexRelation(i, "<", j), IndexRelation(i, "=", j)], ["i < j and i = j"]),
        ([IndexRelation(i, "≤", j), IndexRelation(j, "≤", i), IndexRelation(i, "≠", j)], ["i ≤ j and j ≤ i and i ≠ j"]),
        ([IndexRelation(i, "<", j), IndexRelation(j, "<", k), IndexRelation(k, "≤", i)], ["i < j and j < k and k ≤ i"]),
        ([IndexRelation(i, "≠", i)], ["i ≠ i"]),
        ([IndexRelation(i, "=", Shift(i, 1))], ["i = i+1"]),
        ([IndexRelation(i, "=", 1), IndexRelation(i, "=", 2)], ["i = 1 and i = 2"]),
        ([IndexRelation(i, "<", j), IndexRelation(j, "<", Shift(i, 1))], ["i < j and j < i+1"]),
        ([IndexRelation(i, "<", j), IndexRelation(j, "<", k)], []),
        ([IndexRelation(i, "≠", j), IndexRelation(j, "≠", k), IndexRelation(i, "≠", k)], []),
        ([IndexRelation(i, "≤", j), IndexRelation(j, "≤", i)], []),
    ],
)
def test_relations_that_exclude_each_other(relations: list[IndexRelation], said: list[str]) -> None:
    assert found(*relations) == said


def value(slot: Slot, at: dict[Index, int]) -> int:
    return slot if isinstance(slot, int) else at[slot.index] + slot.offset if isinstance(slot, Shift) else at[slot]


def holds(relation: IndexRelation, at: dict[Index, int]) -> bool:
    left, right = value(relation.left, at), value(relation.right, at)
    return {"<": left < right, "≤": left <= right, "=": left == right, "≠": left != right}[relation.sign]


def test_what_is_said_is_true_and_nothing_is_missed_far_from_the_edges() -> None:
    random = Random(20261128)
    excluded = 0
    for _ in range(300):
        slots: list[Slot] = [i, j, k, Shift(i, 1), Shift(j, -1), Shift(k, 1)]
        relations = [IndexRelation(random.choice(slots), random.choice("<≤=≠"), random.choice(slots)) for _ in range(random.randint(1, 3))]  # type: ignore[arg-type]
        choices = (dict(zip((i, j, k), values, strict=True)) for values in product(range(1, SIZE + 1), repeat=3))
        possible = any(all(holds(relation, at) for relation in relations) for at in choices)
        assert bool(found(*relations)) == (not possible), relations
        excluded += not possible
    assert excluded > 30


def test_such_a_claim_is_vacuous() -> None:
    vacuous = Derivation("vacuous", layout="numerator")
    one, other = vacuous.indices("i j", vacuous.dim("n"))
    y = vacuous.vector("y", one.dim)
    vacuous.claim("claim", y[one] * y[other], 2 * y[one] * y[other], where=(IndexRelation(one, "<", other), IndexRelation(other, "<", one)))
    (verdict,) = judge(vacuous)
    assert verdict.word == "vacuous"
    assert "i < j and j < i" in verdict.reason
