"""Conditions beside a line and in the text before it: what they restrict, and that a line is never refuted for a condition that was lost."""

from __future__ import annotations

import pytest

from derivcheck.judge import judge
from derivcheck.notes.documents import read_document
from derivcheck.notes.reader import read
from derivcheck.verdict import Verdict

DECLARED = """```derivcheck
layout numerator
x, z, y, p: n
index i, j, k = 1..n
s = softmax(z)
h = relu(z)
L = -\\sum_{t=1}^n y_t \\log s_t
assume y sums to 1
assume p is positive
```

"""


def verdicts(note: str) -> list[Verdict]:
    read_note = read(read_document("note.md", (DECLARED + note).encode()), "note")
    assert read_note.problems == ()
    return [verdict for derivation in read_note.derivations for verdict in judge(derivation, advise="never")]


SAME = r"\frac{\partial s_i}{\partial z_j} = s_i (1 - s_i)"
OTHER = r"\frac{\partial s_i}{\partial z_j} = -s_i s_j"

PROVED = [
    # the note; every line of it is true under its condition, and false without
    rf"$$ {SAME} \quad (i = j) $$",
    rf"$$ {SAME} \quad \text{{if }} i = j $$",
    rf"$$ {SAME}, \quad j = i $$",
    rf"$$ \text{{Case }} i = j: \quad {SAME} $$",
    rf"$$ {SAME} \quad (\text{{if }} i = j) $$",
    rf"$$ {SAME} \quad \text{{if $i = j$}} $$",
    rf"$$ {OTHER} \quad \text{{whenever $i \ne j$ holds}} $$",
    rf"If $i = j$, $$ {SAME} $$",
    rf"For the case $i = j$ we get $$ {SAME} $$",
    rf"If $i = j$, $$ {SAME} $$ and otherwise $$ {OTHER} $$",
    rf"$$ {OTHER} \quad (i \ne j) $$",
    rf"$$ {OTHER} \quad \forall i \ne j $$",
    rf"$$ {OTHER} \quad (i \ne j, j \ne k) $$",
    rf"$$ {OTHER} \quad (k < i < j) $$",
    rf"$$ {OTHER} \quad \because i \ne j $$",
    rf"$$ i \ne j: \quad {OTHER} $$",
    rf"$$ {SAME} \text{{ for }} i = j, \qquad {OTHER} \text{{ for }} i \ne j $$",
    rf"$$ {SAME} \text{{ if }} i = j, \qquad {OTHER} \text{{ otherwise}} $$",
    rf"$$ \begin{{aligned}} & {SAME} & i = j \\ & {OTHER} & i \ne j \end{{aligned}} $$",
    rf"$$ \begin{{aligned}} i = j: & {SAME} \\ i \ne j: & {OTHER} \end{{aligned}} $$",
    r"$$ \frac{\partial s_i}{\partial z_j} = \begin{cases} s_i (1 - s_i) & i = j \\ -s_i s_j & i \ne j \end{cases} $$",
    r"$$ \frac{\partial s_i}{\partial z_j} = \begin{cases} s_i (1 - s_i) & \text{if $i = j$} \\ -s_i s_j & \text{if $i \ne j$} \end{cases} $$",
    r"$$ |x_i| = x_i \quad (x_i > 0) $$",
    r"$$ |x_i| = x_i \quad \text{if } 0 < x_i $$",
    r"$$ |x_i| = x_i \quad (x_i \ge 0) $$",
    r"$$ |x_i| = -x_i \quad (x_i < 0) $$",
    r"$$ |x_i| = -x_i \quad (x_i \le 0) $$",
    r"$$ |x_i - x_j| = x_j - x_i \quad (x_i \le x_j) $$",
    r"$$ \frac{\partial h_i}{\partial z_i} = 1 \text{ if } z_i > 0, \quad \frac{\partial h_i}{\partial z_i} = 0 \text{ otherwise} $$",
    r"If $z_i < 0$, $$ h_i = 0 $$",
]

UNDECIDED = [
    # true under a condition that cannot be a part of the claim
    r"$$ L = -\log s_j \quad \text{if } y_j = 1 $$",
    r"If $y_j = 1$, then $$ L = -\log s_j $$",
    rf"$$ {OTHER} \quad \text{{(for distinct }} i, j) $$",
    rf"$$ {OTHER} \text{{ unless both are the same}} $$",
    r"$$ x_i = 0 \quad (x_i > 0, x_i < 0) $$",
    r"$$ x_i = 0 \quad (p_i < 0) $$",
]

REFUTED = [
    # false under the condition, too
    rf"$$ {SAME} \quad (i \ne j) $$",
    rf"$$ {OTHER} \quad \text{{if }} i = j $$",
    r"$$ |x_i| = x_i \quad (x_i < 0) $$",
    r"$$ |x_i| = 1 \quad (x_i > 0) $$",
    r"If $z_i > 0$, $$ h_i = 0 $$",
    # the condition belongs to the other line
    rf"$$ \begin{{aligned}} & {OTHER} & i \ne j \\ & x_i = z_i \end{{aligned}} $$",
    rf"If $i \ne j$, $$ {OTHER} $$ Always $$ x_i = z_i $$",
    # no condition
    r"If the network is deep, $$ x_i = z_i $$",
    r"$$ x_i = z_i \quad \text{for all } i $$",
]


@pytest.mark.parametrize("note", PROVED)
def test_what_is_true_under_its_condition_is_proved(note: str) -> None:
    found = verdicts(note)
    assert [verdict.word for verdict in found] == ["proved"] * len(found)
    assert found


@pytest.mark.parametrize("note", UNDECIDED)
def test_a_condition_that_is_not_understood_refutes_nothing(note: str) -> None:
    (verdict,) = verdicts(note)
    assert verdict.word == "undecided"
    assert "is stated only under" in verdict.reason or "no admissible point" in verdict.reason


@pytest.mark.parametrize("note", REFUTED)
def test_what_is_false_under_its_condition_is_refuted(note: str) -> None:
    assert verdicts(note)[-1].word == "refuted"


def test_what_holds_without_its_condition_is_proved() -> None:
    (verdict,) = verdicts(r"$$ x_i + x_i = 2 x_i \quad \text{unless it rains} $$")
    assert verdict.word == "proved"


def test_indices_that_contradict_each_other_leave_nothing_to_prove() -> None:
    (verdict,) = verdicts(r"$$ x_i = 5 \quad (i \ne j, i = j) $$")
    assert verdict.word in ("vacuous", "undecided")
