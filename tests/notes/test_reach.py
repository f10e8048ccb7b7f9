"""How far operators reach: a line that is true as its author meant it is not refuted, and one that is false however it is read is."""

from __future__ import annotations

import pytest
from formulas import Note

from derivcheck.judge import judge
from derivcheck.verdict import Verdict

SYMBOLS = ("t, a: scalar", "x, u, w: n", "S, A, B: n x n")


def verdict(latex: str, layout: str = "like-variable") -> Verdict:
    note = Note(latex, (f"layout {layout}", *SYMBOLS))
    note.stated()
    (found,) = judge(note.derivation, advise="never")
    return found


@pytest.mark.parametrize(
    ("left", "whole", "brackets"),
    [
        (r"\frac{d}{dt} (t^2) (e^t)", "2 t e^t + t^2 e^t", "2 t e^t"),
        (r"\frac{d}{dt} (t^2) e^t", "2 t e^t + t^2 e^t", "2 t e^t"),
        (r"\frac{d}{dt} (t^2) \cdot (e^t)", "2 t e^t + t^2 e^t", "2 t e^t"),
        (r"\frac{d}{dt} [t^2] [e^t]", "2 t e^t + t^2 e^t", "2 t e^t"),
        (r"a \frac{d}{dt} \{t^2\} \{e^t\}", "a (2 t e^t + t^2 e^t)", "2 a t e^t"),
        (r"\partial_t (t^2) (e^t)", "2 t e^t + t^2 e^t", "2 t e^t"),
        (r"\frac{d}{dt} (t - a)^2 (t + a)", "2 (t - a)(t + a) + (t - a)^2", "2 (t - a)(t + a)"),
        (r"\frac{d^2}{dt^2} (t^2) (e^t)", "2 e^t + 4 t e^t + t^2 e^t", "2 e^t"),
        (r"\frac{\partial}{\partial x} (x^\top u) (x^\top w)", r"u w^\top x + w u^\top x", r"u w^\top x"),
        (r"\frac{\partial}{\partial x} (x^\top x) e^{x^\top u}", r"2 x e^{x^\top u} + x^\top x e^{x^\top u} u", r"2 x e^{x^\top u}"),
        (r"\frac{\partial}{\partial x} (x^\top u)(x^\top S x)", r"u x^\top S x + x^\top u (S + S^\top) x", r"u x^\top S x"),
        (r"\frac{\partial}{\partial x} (x^\top x) u^\top x", r"2 x u^\top x + x^\top x u", r"2 x u^\top x"),
        (r"\nabla_x (x^\top u) (x^\top w)", r"u w^\top x + w u^\top x", r"u w^\top x"),
    ],
)
def test_an_operator_before_brackets_is_of_the_whole_product_or_of_the_brackets(left: str, whole: str, brackets: str) -> None:
    words = [verdict(f"{left} = {right}").word for right in (whole, brackets, f"2 ({whole})")]
    assert words == ["proved", "undecided", "refuted"]


@pytest.mark.parametrize(
    ("left", "brackets", "whole"),
    [
        (r"\frac{d}{dt} [t^2] e^t", "2 t e^t", "2 t e^t + t^2 e^t"),
        (r"\frac{d}{dt} (t^2) \frac{d}{dt} (e^t)", "2 t e^t", "2 t e^t + t^2 e^t"),
        (r"\log (e^t)(e^a)", "t e^a", "t + a"),
        (r"\exp(t)(a)", "a e^t", "e^{t a}"),
        (r"\det(2 S)(t)", r"t \det(2 S)", r"\det(2 t S)"),
    ],
)
def test_where_the_brackets_are_meant_the_whole_product_is_the_other_reading(left: str, brackets: str, whole: str) -> None:
    words = [verdict(f"{left} = {right}").word for right in (brackets, whole, f"3 ({whole})")]
    assert words == ["proved", "undecided", "refuted"]


def test_both_readings_are_told() -> None:
    found = verdict(r"\frac{d}{dt} (t^2) e^t = 2 t e^t")
    assert found.reason == (
        "where the operator before (t^2) is of the whole product the sides differ; where the operator before (t^2) is of the brackets it is true"
    )
    assert "the operator before (t^2) is of the whole product" in found.judged_as
    found = verdict(r"\frac{d}{dt} (t^2) e^t = 2 t e^t + t^2 e^t")
    assert found.reason == "read where the operator before (t^2) is of the brackets it would be refuted"


@pytest.mark.parametrize(
    ("latex", "layout"),
    [
        (r"\frac{\partial}{\partial x} (x^\top u) w = u^\top w", "numerator"),
        (r"\frac{\partial}{\partial x} (x^\top u) w^\top = u w^\top", "like-variable"),
        (r"\frac{\partial}{\partial x} (A x + u) w = A w", "numerator"),
        (r"\frac{\partial}{\partial x} (A x + u) = A", "numerator"),
        (r"\frac{\partial}{\partial x} (A x)^\top w = A^\top w", "like-variable"),
        (r"\frac{\partial}{\partial x} (A x)^\top w = w^\top A", "numerator"),
        (r"\frac{\partial}{\partial x} (A x - u)^\top (A x - u) = 2 A^\top (A x - u)", "like-variable"),
        (r"\operatorname{tr}(A)(B) = B \operatorname{tr}(A)", "numerator"),
        (r"\frac{d}{dt} (t) a + t \frac{d}{dt} (a) = a", "numerator"),
        (r"\sum_i (x_i) (u_i) + t = t + x^\top u", "numerator"),
        (r"\|x\| (t) = t \|x\|", "numerator"),
    ],
)
def test_a_line_is_true_in_the_reading_that_is_taken(latex: str, layout: str) -> None:
    assert verdict(latex, layout).word == "proved"


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{\partial}{\partial x} (x^\top u) w = w u^\top",
        r"\operatorname{tr}(A)(B) = \sum_i \sum_j A_{ij} B_{ji}",
        r"\frac{\partial}{\partial x} (x - u)^\top (x - u) = x - u",
        r"\frac{\partial}{\partial x} (x)^\top A x = A x",
        r"\frac{\partial}{\partial x} (x)^\top (x) = x",
        r"\nabla_x (x)^\top (x) = x",
        r"\nabla_x (x - u)^\top (x - u) = x - u",
        r"\frac{1}{2} \frac{\partial}{\partial x} (x - u)^\top (x - u) = \frac12 (x - u)",
        r"\frac{\partial}{\partial x} (A x - u)^\top (A x - u) = A (A x - u)",
        r"\frac{\partial}{\partial x} (x^\top x) x = 2 x^\top x",
    ],
)
def test_the_other_side_does_not_choose_the_reading(latex: str) -> None:
    """Else a forgotten product rule would be proved, where the layout makes it fit."""
    found = verdict(latex, "numerator")
    assert found.word == "undecided"
    assert "do not fit" in found.reason


@pytest.mark.parametrize(
    "latex",
    [
        r"\frac{d}{dt} (t^2) (e^t) = \frac{d}{dt} (t^2) (e^t) + (t^2) \frac{d}{dt} (e^t)",
        r"\frac{d}{dt} (t^2) e^t + \frac{d}{dt} (e^t) t^2 = 2 t e^t + t^2 e^t",
        r"\frac{d}{dt} \left( \frac{t^2}{e^t} \right) = \frac{\frac{d}{dt} (t^2) e^t - t^2 \frac{d}{dt} e^t}{(e^t)^2}",
        r"\frac{d}{dt} (t) (t^2 e^t) = \frac{d}{dt} (t) t^2 e^t + t \frac{d}{dt} (t^2 e^t)",
    ],
)
def test_in_the_product_rule_an_operator_is_of_the_brackets(latex: str) -> None:
    assert verdict(latex).word == "proved"
    assert verdict(f"{latex} + 1").word == "refuted"


def test_every_operator_has_a_reading_of_its_own() -> None:
    found = verdict(r"\frac{d}{dt} (t^2) e^t + \frac{d}{dt} (t) e^t = 2 t e^t + e^t")
    assert found.word == "undecided"
    assert "the operator before (t^2) is of the brackets and the operator before (t) is of the brackets" in found.reason
    found = verdict(r"\frac{d}{dt} (t) e^t + \frac{d}{dt} (t) e^t = (2 t + 1) e^t - (t - 1) e^t")
    assert found.word == "undecided"
    assert "the operator at note.md:5:1 before (t)" in found.reason


def test_a_transpose_on_the_brackets_may_be_that_of_the_derivative() -> None:
    assert verdict(r"\frac{\partial}{\partial x} (A x)^\top = A^\top").word == "undecided"
    assert verdict(r"\frac{\partial}{\partial x} (A x)^\top w = (A + A^\top) w").word == "refuted"


def test_without_brackets_an_operator_reaches_to_the_end_of_the_product() -> None:
    assert verdict(r"\frac{d}{dt} t^2 e^t = 2 t e^t").word == "refuted"
    assert verdict(r"\nabla_x x^\top u x^\top w = u w^\top x").word == "refuted"
