"""The part of a line that is underlined is the one that the change replaces, or else the whole right side."""

from __future__ import annotations

import pytest

from derivcheck.judge import report
from derivcheck.notes.documents import read_document
from derivcheck.notes.reader import read
from derivcheck.reports.terminal import render
from derivcheck.reports.underlining import replaced_part


@pytest.mark.parametrize(
    ("written", "before", "marked"),
    [
        (r"W^{[1]\top} \delta^{[2]}", r"W^{[1]}", r"W^{[1]\top} \delta^{[2]}"),
        (r"W^{\top} x", "W", "W"),
        (r"x_{W}", "W", "x_{W}"),
        (r"W (a - t)", "W", "W"),
        (r"W^\top (a - t)", "W", "W"),
        (r"\sum_j U_{ji} x_j", r"U_{j, i}", "U_{ji}"),
        (r"e \odot g(z)", "g(z)", "g(z)"),
        (r"e \odot g\left( z \right)", r"g\left(z\right)", r"g\left( z \right)"),
        (r"\hat{y} - y", "y", "y"),
        (r"y_i - y", "y", "y"),
        (r"x + x", "x", "x + x"),
        (r"\exp(z)", "x", r"\exp(z)"),
        (r"a_1 b", "a", "a_1 b"),
        (r"\frac{2}{B} X^\top", "2", "2"),
        ("2 x", "", "2 x"),
        ("2 x", "y", "2 x"),
    ],
)
def test_what_is_marked(written: str, before: str, marked: str) -> None:
    begin, end = replaced_part(written, before)
    assert written[begin:end] == marked


def test_in_a_report_the_changed_part_is_underlined() -> None:
    formula = r"\frac{\partial}{\partial x} (x^\top A x) = (A - A^\top) x"
    text = f"```derivcheck\nlayout like-variable\nA: n x n\nx: n\n```\n\n$${formula}$$\n"
    (derivation,) = read(read_document("note.md", text.encode()), "note").derivations
    lines = render(report([derivation])).splitlines()
    shown = next(place for place, line in enumerate(lines) if line.endswith(formula))
    assert [lines[shown][place] for place, sign in enumerate(lines[shown + 1]) if sign == "^"] == list(r"A - A^\top")
