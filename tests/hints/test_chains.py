"""What is told of the wrong steps of a chain: where a mistake is made up for, what rests on it, and nothing more than is known."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import pytest

from derivcheck import Derivation
from derivcheck.claims import Claim
from derivcheck.hints import members
from derivcheck.judge import judge
from derivcheck.notes.documents import read_document
from derivcheck.notes.reader import read
from derivcheck.time_limit import TimedOut
from derivcheck.verdict import Numeric, Verdict
from derivcheck.witnesses import numeric

AGAIN = "the right side is right again: it agrees with the first member of the chain; the mistake"
CROSS_ENTROPY = """```derivcheck
layout like-variable
z, y: K
index i, j, k = 1..K
assume y sums to 1
\\hat{y} = \\mathrm{softmax}(z)
L = -\\sum_i y_i \\log \\hat{y}_i
```
"""


def of_scalars(*members: object) -> list[Verdict]:
    """The verdicts on a chain called c of terms over scalars x and y."""
    d = Derivation("chain", layout="numerator")
    x, y = d.scalar("x"), d.scalar("y")
    d.chain("c", *(member(x, y) for member in members))  # type: ignore[operator]
    return list(judge(d))


def of_note(*formulas: str, declared: str = CROSS_ENTROPY) -> list[Verdict]:
    """The verdicts on displayed formulas, each on a line of its own: the first is line 9, the second line 11."""
    text = declared + "\n\n".join(f"$${formula}$$" for formula in formulas)
    note = read(read_document("note.md", text.encode()), "note")
    assert not note.problems
    (derivation,) = note.derivations
    return list(judge(derivation))


def told(verdicts: Sequence[Verdict]) -> list[str]:
    return [verdict.in_chain for verdict in verdicts]


def words(verdicts: Sequence[Verdict]) -> list[str]:
    return [verdict.word for verdict in verdicts]


def right(x, y):  # type: ignore[no-untyped-def]
    return x * (y + 1)


def right_as_well(x, y):  # type: ignore[no-untyped-def]
    return x * y + x


def wrong(x, y):  # type: ignore[no-untyped-def]
    return x * y + 1


def wrong_as_well(x, y):  # type: ignore[no-untyped-def]
    return 1 + y * x


def otherwise_wrong(x, y):  # type: ignore[no-untyped-def]
    return x * y - x


MADE_UP = "the mistake is made up for in c step"
ALL_THE_SAME = "the conclusion of the chain is right all the same"
WRONG_TOO = "the conclusion of the chain is wrong, too"


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ((right, wrong, right_as_well), [f"{ALL_THE_SAME}: {MADE_UP} 2", f"{AGAIN} is in c step 1"]),
        ((right, wrong, wrong_as_well), ["the conclusion of the chain is wrong; c step 2 follows, but from the wrong line", ""]),
        ((right, right_as_well, wrong), ["", WRONG_TOO]),
        ((right, wrong, otherwise_wrong), [WRONG_TOO, WRONG_TOO]),
        (
            (right, wrong, wrong_as_well, right_as_well),
            [f"{ALL_THE_SAME}: {MADE_UP} 3; c step 2 follows, but from the wrong line", "", f"{AGAIN} is in c step 1"],
        ),
        (
            (right, wrong, otherwise_wrong, right_as_well),
            [f"{ALL_THE_SAME}: {MADE_UP} 3", f"{ALL_THE_SAME}: {MADE_UP} 3", f"{AGAIN}s are in c step 1 and c step 2"],
        ),
        (
            (right, wrong, right_as_well, otherwise_wrong, right),
            [f"{ALL_THE_SAME}: {MADE_UP} 2", f"{AGAIN} is in c step 1", f"{ALL_THE_SAME}: {MADE_UP} 4", f"{AGAIN} is in c step 3"],
        ),
        (
            (right, wrong, right_as_well, otherwise_wrong),
            [f"{MADE_UP} 2", f"{AGAIN} is in c step 1", WRONG_TOO],
        ),
        (
            (right, wrong, wrong_as_well, wrong),
            ["the conclusion of the chain is wrong; c step 2 and c step 3 follow, but from the wrong line", "", ""],
        ),
        ((right, right_as_well, right), ["", ""]),
    ],
)
def test_every_wrong_step_says_what_becomes_of_it(chain, expected: list[str]) -> None:  # type: ignore[no-untyped-def]
    *steps, end = of_scalars(*chain)
    assert told(steps) == expected
    assert end.in_chain == ""


def test_a_step_back_to_what_is_right_is_not_mended() -> None:
    first, second, end = of_note(r"\frac{\partial L}{\partial z_k} = -y_k + y_k \hat{y}_k = \hat{y}_k - y_k")
    assert words((first, second, end)) == ["refuted", "refuted", "proved"]
    assert first.advice is not None
    assert first.advice.right_side == "-y[k] + ŷ[k]"
    assert second.advice is None
    assert second.in_chain == f"{AGAIN} is in line 9"


def test_a_chain_that_recovers_and_fails_again_names_the_right_culprit() -> None:
    rows = (
        r"\frac{\partial L}{\partial z_j} &= -\sum_k y_k (\delta_{kj} - \hat{y}_j)",
        r"&= -y_j - \hat{y}_j \sum_k y_k",
        r"&= -y_j + \hat{y}_j",
        r"&= -y_j + \hat{y}_j + 1",
        r"&= \hat{y}_j - y_j + 1",
    )
    verdicts = of_note(r"\begin{aligned}" + r" \\ ".join(rows) + r"\end{aligned}")
    assert words(verdicts) == ["proved", "refuted", "refuted", "refuted", "proved", "refuted"]
    assert told(verdicts) == [
        "",
        "the mistake is made up for in line 9 step 3",
        f"{AGAIN} is in line 9 step 2",
        "the conclusion of the chain is wrong; line 9 step 5 follows, but from the wrong line",
        "",
        "",
    ]
    assert [verdict.advice is not None for verdict in verdicts] == [False, True, False, True, False, True]


def test_a_difference_is_turned_around_and_back() -> None:
    verdicts = of_note(r"y - \hat{y} = \hat{y} - y = y - \hat{y}")
    assert told(verdicts) == [f"{ALL_THE_SAME}: the mistake is made up for in line 9 step 2", f"{AGAIN} is in line 9", ""]


MATRICES = "```derivcheck\nlayout like-variable\nA: n x n\nB: n x m\nx: n\n\n\n```\n"


def test_a_line_that_does_not_fit_together_is_made_up_for() -> None:
    first, second, end = of_note(r"A^\top A B = A^\top B A = (A^\top A) B", declared=MATRICES)
    assert words((first, second, end)) == ["ill-typed", "ill-typed", "proved"]
    assert first.in_chain == f"{ALL_THE_SAME}: the mistake is made up for in line 9 step 2"
    assert second.in_chain == f"{AGAIN} is in line 9"
    assert second.advice is None


def test_a_line_of_another_shape_is_made_up_for() -> None:
    verdicts = of_note(r"A x = x^\top A = x^\top A^\top = A x + 0 x", declared=MATRICES)
    assert words(verdicts) == ["ill-typed", "refuted", "ill-typed", "proved"]
    assert told(verdicts)[0] == f"{ALL_THE_SAME}: the mistake is made up for in line 9 step 3"
    assert told(verdicts)[2] == f"{AGAIN}s are in line 9 and line 9 step 2"


def test_two_lines_that_do_not_fit_together_are_not_told_apart() -> None:
    verdicts = of_note(r"A B = B A = B B = A B + 0 B", declared=MATRICES)
    assert words(verdicts) == ["ill-typed", "ill-typed", "ill-typed", "proved"]
    assert told(verdicts)[2] == f"{AGAIN} is in a line before"


UNREAD = r"y_j \heartsuit z_j"


def test_a_chain_that_ends_with_what_is_not_read_has_no_conclusion_to_speak_of() -> None:
    verdicts = of_note(rf"y_j - \hat{{y}}_j = \hat{{y}}_j - y_j = -y_j + \hat{{y}}_j = {UNREAD}")
    assert words(verdicts) == ["refuted", "proved", "unsupported", "unsupported"]
    assert told(verdicts) == ["line 9 step 2 follows, but from the wrong line", "", "", ""]


def test_a_mistake_that_is_made_up_for_is_told_before_what_is_not_read() -> None:
    verdicts = of_note(rf"y_j - \hat{{y}}_j = \hat{{y}}_j - y_j = -\hat{{y}}_j + y_j = {UNREAD}")
    assert words(verdicts) == ["refuted", "refuted", "unsupported", "unsupported"]
    assert told(verdicts)[:2] == ["the mistake is made up for in line 9 step 2", f"{AGAIN} is in line 9"]
    assert verdicts[1].advice is None


def test_what_is_not_read_may_have_made_up_for_a_mistake() -> None:
    verdicts = of_note(rf"y_j - \hat{{y}}_j = \hat{{y}}_j - y_j = {UNREAD} = \hat{{y}}_j = y_j - \hat{{y}}_j")
    assert words(verdicts) == ["refuted", "unsupported", "unsupported", "refuted", "proved"]
    assert told(verdicts)[0] == f"{ALL_THE_SAME}: the mistake is made up for in line 9 step 4"
    assert told(verdicts)[3] == f"{AGAIN} is in a line before"


def test_a_chain_whose_first_member_is_not_read_says_nothing() -> None:
    verdicts = of_note(rf"{UNREAD} = \hat{{y}}_j - y_j = y_j - \hat{{y}}_j = -\hat{{y}}_j + y_j")
    assert words(verdicts) == ["unsupported", "refuted", "proved", "unsupported"]
    assert told(verdicts) == ["", "", "", ""]


def test_a_formula_that_goes_on_with_the_one_before_is_compared_with_the_first_member() -> None:
    verdicts = of_note(r"y_j - \hat{y}_j = \hat{y}_j - y_j", r"= y_j - \hat{y}_j")
    assert words(verdicts) == ["refuted", "refuted", "proved"]
    assert verdicts[1].in_chain == f"{AGAIN} is in a line before"
    assert verdicts[1].advice is None


def test_a_formula_that_goes_on_with_a_wrong_one_to_what_is_not_read_says_nothing() -> None:
    verdicts = of_note(r"y_j - \hat{y}_j = \hat{y}_j - y_j", rf"= y_j - \hat{{y}}_j = {UNREAD}")
    assert words(verdicts) == ["refuted", "refuted", "unsupported", "unsupported"]
    assert verdicts[1].in_chain == ""
    assert verdicts[1].advice is not None


def test_a_definition_is_the_first_member() -> None:
    verdicts = of_note(r"g = \hat{y} - y = y - \hat{y} = -y + \hat{y}")
    assert words(verdicts) == ["refuted", "refuted", "proved"]
    assert told(verdicts)[1].startswith(AGAIN)


@pytest.mark.parametrize("failure", [None, RuntimeError("no"), TimedOut("too long")])
def test_where_floating_point_says_nothing_nothing_is_said(monkeypatch: pytest.MonkeyPatch, failure: BaseException | None) -> None:
    def silent(claim: Claim, derivation: Derivation, seed: int = 0) -> Numeric:
        if failure is not None:
            raise failure
        return Numeric(None, stopped="nothing can be said")

    monkeypatch.setattr(members, "numeric", SimpleNamespace(witness=silent))
    verdicts = of_scalars(right, wrong, right_as_well, otherwise_wrong)
    assert words(verdicts) == ["refuted", "refuted", "refuted", "refuted"]
    assert told(verdicts) == [WRONG_TOO, WRONG_TOO, WRONG_TOO, ""]


def test_members_are_compared_only_where_a_step_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def counting(claim: Claim, derivation: Derivation, seed: int = 0) -> Numeric:
        compared.append(claim.name)
        return numeric.witness(claim, derivation, seed)

    monkeypatch.setattr(members, "numeric", SimpleNamespace(witness=counting))
    of_scalars(right, right_as_well, right)
    assert compared == []
    of_scalars(right, right_as_well, wrong, right)
    # the right side of each step before the one that is right again, and of that one, once
    assert compared == ["c step 1", "c step 2", "c step 3"]


def test_a_chain_under_a_condition_is_compared_where_it_holds() -> None:
    declared = "```derivcheck\nlayout like-variable\nx: scalar\nfunction r = relu\n\n\n\n```\n"
    verdicts = of_note(r"r(x) = 0 = x \quad \text{if } x > 0", declared=declared)
    assert words(verdicts) == ["refuted", "refuted", "proved"]
    assert verdicts[1].in_chain == f"{AGAIN} is in line 9"
