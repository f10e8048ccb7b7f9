"""Whole formulas: chains, rows, words, tags, definitions."""

from __future__ import annotations

from derivcheck.notes.notations.record import Notation, NotUnderstood, Stated

NOTATION = Notation(
    title="Formulas",
    rule=(
        "Every = is a claim of its two neighbours, and a chain also claims first = last; a row that begins with = goes on with the "
        "row before. A comma, a wide space or words begin another statement. "
        "=, :=, \\equiv and \\triangleq define a symbol that is new, and claim anything else. Words in \\text say nothing; \\tag names the claims."
    ),
    examples=(),
    not_understood=(
        NotUnderstood(r"x = y", "a relation inside a formula", ("x, y: n",)),
        NotUnderstood(r"\text{the sum of} + x", "\\text stands where a formula should stand", ("x: n",)),
        NotUnderstood(r"x + \eqref{eq:1}", "\\eqref stands where a formula should stand", ("x: n",)),
        NotUnderstood(r"\tag{4} x", "\\tag stands where a formula should stand", ("x: n",)),
        NotUnderstood(r"u := x", ": stands where the end of the formula should stand", ("u, x: n",)),
        NotUnderstood(r"x \therefore y", "\\therefore stands where the end of the formula should stand", ("x, y: n",)),
        NotUnderstood(r"x \sim y", "a relation inside a formula", ("x, y: n",)),
    ),
    statements=(
        Stated(
            r"\begin{align} z &= x + y \\ &= y + x \end{align}", ("z = x + y", "step 2: x + y = y + x", "first = last: z = y + x"), ("x, y, z: n",)
        ),
        Stated(r"\begin{aligned} z &= x \\ &\quad + y, \\ y &= x \end{aligned}", ("z = x + y", "step 2: y = x"), ("x, y, z: n",)),
        Stated(r"z = x + y \tag{4}", ("(4): z = x + y",), ("x, y, z: n",)),
        Stated(
            r"u := x + y, \quad v \equiv x, \quad w \triangleq y",
            ("u = x + y, a definition", "step 2: v = x, a definition", "step 3: w = y, a definition"),
            ("x, y: n",),
        ),
        Stated(r"z \equiv x", ("z = x",), ("x, z: n",)),
        Stated(r"\because x = y \quad \therefore z = x", ("x = y", "step 2: z = x"), ("x, y, z: n",)),
        Stated(r"z_i x_j = x_j z_i \quad \text{for } i \neq j", ("z[i] x[j] = x[j] z[i] where i ≠ j",), ("x, z: n", "index j = 1..n")),
        Stated(r"z \stackrel{(a)}{=} x", ("z = x",), ("x, z: n",)),
        Stated(r"z \in \mathbb{R}^{n}", ("z is n × 1",), ("z: n",)),
        Stated(r"z = x \qquad + y", ("+ y behind the formula; join both with a sign, or part them with a comma",), ("x, y, z: n",)),
        Stated(r"z \sim x", (), ("x, z: scalar",)),
        Stated(r"\text{by } \ref{eq:1} z = x", ("z = x",), ("x, z: scalar",)),
        Stated(r"q := x + r", ("r is not declared; declare it, for example: r: n",), ("x: n",)),
    ),
)
