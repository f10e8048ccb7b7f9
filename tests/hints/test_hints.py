"""Every hint recognises its own wrong example before any other hint does, and the right one is proved; advice never touches the verdict."""

from __future__ import annotations

import pytest

from derivcheck import D, Derivation, log, relu, softmax, sum_over
from derivcheck.hints import hints
from derivcheck.hints.missing_assumption import NAME, example, missing_assumption
from derivcheck.hints.nearest import nearest
from derivcheck.hints.record import Hint
from derivcheck.judge import judge
from derivcheck.language.operators import apply

TABLE = pytest.mark.parametrize("hint", hints(), ids=lambda hint: hint.name)


def named(derivation: Derivation, name: str):  # type: ignore[no-untyped-def]
    return next(claim for claim in derivation.claims if claim.name == name)


@TABLE
def test_the_wrong_example_is_wrong_and_the_right_one_is_proved(hint: Hint) -> None:
    words = {verdict.claim: verdict.word for verdict in judge(hint.example(), advise="never")}
    assert words["wrong"] in ("refuted", "ill-typed")
    assert words["right"] == "proved"


@TABLE
def test_the_mistake_is_recognised_by_its_own_hint_first(hint: Hint) -> None:
    derivation = hint.example()
    found = nearest(named(derivation, "wrong"), derivation, seconds=5.0)
    assert found is not None
    assert [edit.hint for edit in found.edits] == [hint]


@TABLE
def test_what_is_suggested_is_proved(hint: Hint) -> None:
    derivation = hint.example()
    wrong = named(derivation, "wrong")
    found = nearest(wrong, derivation, seconds=5.0)
    assert found is not None
    derivation.claim("suggested", wrong.lhs, found.rhs, where=wrong.where, conditions=None, assumptions=None)
    assert judge(derivation)[-1].word == "proved"


@TABLE
def test_a_right_line_gets_no_advice(hint: Hint) -> None:
    assert [verdict.advice for verdict in judge(hint.example(), advise="always") if verdict.claim == "right"] == [None]


def test_no_two_hints_have_one_name_and_each_says_why() -> None:
    assert len({hint.name for hint in hints()}) == len(hints())
    assert [hint.name for hint in hints() if not hint.why or hint.why[0].isupper()] == []


def cross_entropy() -> Derivation:
    d = Derivation("labels", layout="like-variable")
    K = d.dim("K")
    i, j = d.indices("i j", K)
    z, y = d.vector("z", K), d.vector("y", K)
    p = d.let("p", softmax(z))
    loss = d.let("L", -sum_over(i, y[i] * log(p[i])))
    d.claim("gradient", D(loss, z[j]), p[j] - y[j])
    return d


def test_a_missing_assumption_is_found() -> None:
    derivation = cross_entropy()
    assert str(missing_assumption(derivation.claims[0], derivation)) == "Σ y = 1"
    (verdict,) = judge(derivation)
    assert verdict.word == "refuted"
    assert verdict.advice is not None
    assert verdict.advice.assumption == "Σ y = 1"


def test_nothing_is_assumed_that_is_declared_already() -> None:
    derivation = cross_entropy()
    derivation.assume("sums-to", derivation.leaves[1])
    assert missing_assumption(derivation.claims[0], derivation) is None


def test_terms_that_differ_are_named() -> None:
    d = Derivation("terms", layout="numerator")
    x, y, z = d.scalar("x"), d.scalar("y"), d.scalar("z")
    d.claim("sum", x * y + z + 1, x * y + 2 * z + 1)
    (verdict,) = judge(d)
    assert verdict.advice is not None
    assert (verdict.advice.only_left, verdict.advice.only_right) == (("z",), ("2 z",))


def test_advice_is_sought_where_it_was_asked_for() -> None:
    d = Derivation("asked", layout="numerator")
    x = d.scalar("x")
    d.claim("double", x + x, 3 * x, expected="refuted")
    assert judge(d)[0].advice is None
    assert judge(d, advise="never")[0].advice is None
    found = judge(d, advise="always")[0]
    assert found.word == "refuted"
    assert found.advice is not None
    assert found.advice.right_side == "2 x"


def test_the_example_of_a_missing_assumption_is_wrong_without_it_and_right_with_it() -> None:
    (wrong,), (right,) = (judge(example(stated=stated)) for stated in (False, True))
    assert (wrong.word, right.word) == ("refuted", "proved")
    assert wrong.advice is not None
    assert (wrong.advice.mistake, wrong.advice.assumption) == (NAME, "Σ y = 1")
    assert right.assumptions == ("Σ y = 1",)


@pytest.mark.parametrize(
    ("line", "assumption"),
    [
        (lambda y, A: (y.T @ y, 1), "y is one-hot"),
        (lambda y, A: (relu(y), y), "y is positive"),
        (lambda y, A: (A @ y, A.T @ y), "A is symmetric"),
        (lambda y, A: (A @ y, 2 * A @ y), ""),
    ],
)
def test_what_is_assumed_of_a_symbol_is_found(line, assumption: str) -> None:  # type: ignore[no-untyped-def]
    d = Derivation("assumed", layout="numerator")
    n = d.dim("n")
    y, A = d.vector("y", n), d.matrix("A", n, n)
    d.claim("line", *line(y, A))
    (verdict,) = judge(d)
    assert verdict.word == "refuted"
    assert (verdict.advice.assumption if verdict.advice is not None else "") == assumption


def test_one_case_of_several_is_told_beside_the_formula_for_all() -> None:
    d = Derivation("cases", layout="numerator")
    n = d.dim("n")
    i, j = d.indices("i j", n)
    y, z = d.vector("y", n), d.vector("z", n)
    s = d.let("s", softmax(z))
    d.claim("off the diagonal", D(s[i], z[j]), -s[i] * s[j])
    d.claim("on the diagonal", D(y[i], y[j]), 1)
    W = d.matrix("W", n, n)
    d.claim("another index", D(y.T @ W @ z, W[i, j]), y[i] * z[i])
    off, on, index = (verdict.advice for verdict in judge(d))
    assert off is not None
    assert on is not None
    assert index is not None
    assert (off.assumption, off.right_side) == ("i ≠ j", "s[i] (δ[i,j] - s[j])")
    assert (on.assumption, on.right_side, on.mistake) == ("", "δ[i,j]", "missing Kronecker delta")
    assert (index.assumption, index.mistake) == ("", "wrong index")


def test_of_a_line_that_turns_the_left_side_round_only_the_mistake_is_told() -> None:
    d = Derivation("turned", layout="numerator")
    n = d.dim("n")
    A, B, x = d.matrix("A", n, n), d.matrix("B", n, n), d.scalar("x")
    d.claim("swapped", A @ B, B @ A)
    d.claim("doubled", x, 2 * x)
    d.claim("reciprocals", 1 / (x + 2), 1 / x + 1 / (x * 0 + 2))
    swapped, doubled, reciprocals = (verdict.advice for verdict in judge(d))
    assert swapped is not None
    assert doubled is not None
    assert (swapped.mistake, swapped.right_side) == ("swapped factors", "")
    assert (doubled.mistake, doubled.detail, doubled.right_side) == ("constant factor", "2 is too much", "")
    assert reciprocals is None or reciprocals.right_side == ""


def test_a_slope_that_is_missing_inside_a_product_is_found() -> None:
    d = Derivation("network", layout="like-variable")
    n, m, k = d.dim("n"), d.dim("m"), d.dim("k")
    V, W, x, y = d.matrix("V", m, n), d.matrix("W", k, m), d.vector("x", n), d.vector("y", k)
    z = d.let("z", V @ x)
    h = d.let("h", apply("elementwise", z, parameters=("g", 0)))
    loss = d.let("L", (W @ h - y).T @ (W @ h - y) / 2)
    d.claim("gradient", D(loss, V), W.T @ (W @ h - y) @ x.T)
    (verdict,) = judge(d)
    assert verdict.advice is not None
    assert (verdict.advice.right_side, verdict.advice.mistake) == ("((Wᵀ (W h - y)) ⊙ g′(z)) xᵀ", "dropped factor")
