"""Many values in one go are the same values as one by one: moved entries, free indices, and the operators that take stacks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from derivcheck.derivation import Derivation
from derivcheck.language.operators import table
from derivcheck.language.operators.numpy_parts import Stackable
from derivcheck.loading import load
from derivcheck.witnesses import evaluation
from derivcheck.witnesses.admissibility import Undefined
from derivcheck.witnesses.evaluation import Evaluator, NotSwept
from derivcheck.witnesses.points import Point, Search
from derivcheck.witnesses.stacks import applied
from derivcheck.witnesses.surroundings import Anatomy, sizes_of

FOLDER = Path(__file__).resolve().parent.parent.parent / "derivations"
SIZES = (2, 3, 4, 5)


def sizes_for(symbols: list[str]) -> dict[str, int]:
    return {symbol: SIZES[number % len(SIZES)] for number, symbol in enumerate(symbols)}


# the operators ------------------------------------------------------------------------------------------------------
def test_some_operators_take_stacks_and_some_do_not() -> None:
    stackable = {name for name, operator in table().items() if isinstance(operator.numpy, Stackable)}
    assert {"matmul", "softmax", "hadamard", "exp"} <= stackable < set(table())


@pytest.mark.parametrize("name", sorted(table()))
def test_an_operator_of_a_stack_is_the_stack_of_its_values(name: str) -> None:
    example = table()[name].example()
    if example.free:
        return
    symbols = sorted({symbol for term in (example, *example.arguments) for dim in term.shape for symbol in dim.symbols})
    sizes, count = sizes_for(symbols), 3
    random = np.random.default_rng(5)
    stacks = [random.uniform(0.5, 1.5, (count, *sizes_of(argument.shape, sizes))) + 1e-30j for argument in example.arguments]
    size = sizes_of(example.shape, sizes)
    one_by_one = [np.asarray(table()[name].numpy(tuple(stack[place, ...] for stack in stacks), example.parameters, size)) for place in range(count)]
    if not stacks:
        return
    np.testing.assert_array_equal(applied(example, stacks, example.parameters, size, count), np.stack(one_by_one))
    with_one_for_all = [stacks[0], *(stack[0] for stack in stacks[1:])]
    one_by_one = [
        np.asarray(table()[name].numpy((stacks[0][place, ...], *with_one_for_all[1:]), example.parameters, size)) for place in range(count)
    ]
    np.testing.assert_array_equal(applied(example, with_one_for_all, example.parameters, size, count), np.stack(one_by_one))


# claims -------------------------------------------------------------------------------------------------------------
FILES = [path.name for path in sorted(FOLDER.glob("*.py"))] + ["S1.md", "S3.md", "S4.md"]


def points(derivation: Derivation) -> list[Point | None]:
    """One point for every claim of which both sides can be evaluated."""
    found = []
    for number, claim in enumerate(derivation.claims):
        if claim.broken is None and claim.lhs is not None and claim.rhs is not None:
            search = Search(claim, claim.lhs, claim.rhs, tuple(derivation.assumptions), np.random.default_rng([7, number]))
            found.append(search.point(sizes_for(search.symbols)))
    return found


@pytest.mark.parametrize("file", FILES)
def test_claims_have_the_same_values_in_one_go_and_one_by_one(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    derivations = load([FOLDER / file]).derivations
    fast = [points(derivation) for derivation in derivations]
    monkeypatch.setattr(evaluation, "STACKED", 0)

    def one_by_one(*arguments: object) -> None:
        raise NotSwept("one by one")

    monkeypatch.setattr(Evaluator, "at_all", one_by_one)
    slow = [points(derivation) for derivation in derivations]
    assert file.endswith("explicit_matrices.py") or any(point is not None for found in slow for point in found)
    for fast_ones, slow_ones in zip(fast, slow, strict=True):
        for left, right in zip(fast_ones, slow_ones, strict=True):
            assert (left is None) == (right is None)
            if left is None or right is None:
                continue
            assert [at for at, *_ in left.sides] == [at for at, *_ in right.sides]
            for (_, *values), (_, *others) in zip(left.sides, right.sides, strict=True):
                for value, other in zip(values, others, strict=True):
                    assert np.shape(value) == np.shape(other)
                    np.testing.assert_allclose(value, other, rtol=1e-12, atol=1e-12 * right.evaluator.magnitude)
            assert left.evaluator.signs == right.evaluator.signs


def test_most_claims_are_evaluated_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    swept, tried = [], []
    original = Evaluator.at_all

    def counted(self, assignments, *terms):  # type: ignore[no-untyped-def]
        tried.append(terms)
        values = original(self, assignments, *terms)
        swept.append(terms)
        return values

    monkeypatch.setattr(Evaluator, "at_all", counted)
    for derivation in load([FOLDER / "S2.md"]).derivations:
        points(derivation)
    assert len(swept) > 0.9 * len(tried) > 100


def test_where_a_value_is_missing_at_one_position_the_others_are_kept() -> None:
    d = Derivation("reciprocal", layout="numerator")
    n = d.dim("n")
    i = d.index("i", n)
    x = d.vector("x", n)
    claim = d.claim("undefined at one entry", 1 / x[i], x[i] ** -1)
    evaluator = Evaluator({"x": np.array([[1.0], [0.0], [2.0]])}, {"n": 3}, Anatomy())
    with pytest.raises(Undefined):
        evaluator.at_all([{i: 0}, {i: 1}, {i: 2}], claim.lhs)
    search = Search(claim, claim.lhs, claim.rhs, (), np.random.default_rng(1))
    point, whole = search._evaluate({"n": 3}, {"x": np.array([[1.0], [0.0], [2.0]])}, [{i: 0}, {i: 1}, {i: 2}])
    assert point is not None
    assert not whole
    assert [(at[i], left) for at, left, _ in point.sides] == [(0, 1.0), (2, 0.5)]
