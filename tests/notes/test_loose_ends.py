"""A formula of which only a part is understood is not understood: no part of it is judged as if it were the whole."""

from __future__ import annotations

import pytest
from formulas import Note

DECLARED = ("w, x, y, z: n", "index i, j = 1..n")


@pytest.mark.parametrize(
    "latex",
    [
        r"z = x \pm y",
        r"z = x \mid y",
        r"z = x \rVert y",
        r"z = x \rangle y",
        "z = x ) y",
        "z = x . y",
        "z = x : y",
        "z = x & y",
        r"z = x \quad y",
        r"z = x \quad + y",
        r"z = x \\ y",
        r"z = x \text{ by (3)} + y",
        r"z = x \qquad \text{ by (3)} - y",
        r"\begin{aligned} z &= x \\ &\odot y \end{aligned}",
        r"z = x \\ \pm y",
        r"z = x \end{align} + y",
        r"z = x \bmod 2",
    ],
)
def test_what_follows_a_formula_makes_it_unsupported(latex: str) -> None:
    note = Note(latex, DECLARED)
    note.stated()
    assert note.derivation.claims
    assert all(claim.unread for claim in note.derivation.claims)


@pytest.mark.parametrize(
    ("latex", "says"),
    [
        (r"z = x, \quad w = y", ["z = x", "step 2: w = y"]),
        (r"z = x \text{ and } -y = w", ["z = x", "step 2: -y = w"]),
        (r"z = x \quad (\text{see above}).", ["z = x"]),
        (r"z = x \quad [\because x = y]", ["z = x"]),
        (r"z = x \quad (16)", ["z = x"]),
        (r"\begin{aligned} z &= x \\ &\quad + y \end{aligned}", ["z = x + y"]),
        (r"z = x \qquad \text{by (3)}", ["z = x"]),
        (r"z_i = x_i \quad (i \neq 3)", ["z[i] = x[i] where i ≠ 3"]),
        (r"z \stackrel{(a)}{=} x", ["z = x"]),
        (
            r"\begin{aligned} z &= x \quad \begin{array}{l} \bullet \text{ a remark } e_l \\ \text{of two lines} \end{array} \\ &= y \end{aligned}",
            ["z = x", "step 2: x = y", "first = last: z = y"],
        ),
    ],
)
def test_what_may_follow_a_formula(latex: str, says: list[str]) -> None:
    assert Note(latex, DECLARED).stated() == says
