"""Under which conditions a line is stated: x = y (i ≠ j), x = y if x > 0."""

from __future__ import annotations

from derivcheck.notes.notations.record import Notation, NotUnderstood, Stated

_INDICES = ("x, z: n", "index i, j, k = 1..n")

NOTATION = Notation(
    title="Conditions",
    rule=(
        "Behind a line or before it, i ≠ j, i = j, i < j restrict the indices of the claim. A comparison of scalars, x > 0, y ≤ z or x ≠ 0, "
        "becomes a factor of both sides that is 0 where it does not hold. A condition in a row belongs to the statements of that row that have "
        "none yet; a row that goes on with = and has a condition of its own begins again with the head of the chain. `otherwise`, `unless` and "
        "`except` are the opposite of a condition. In the text, one counts that begins a sentence and leads to the line (If $i = j$, then …) or "
        "stands right behind it (… for $i = j$). Of anything else, y_j = 1, an implication, a condition that is mentioned in passing or a matrix "
        "that is called symmetric and not declared so, the claim does not know: such a line may be proved without it, and is never refuted."
    ),
    examples=(),
    not_understood=(NotUnderstood(r"x_i \neq x_j", "a relation inside a formula", _INDICES),),
    statements=(
        Stated(r"z_i x_j = x_j \quad (i \neq j)", ("z[i] x[j] = x[j] where i ≠ j",), _INDICES),
        Stated(r"z_i x_j = x_j \quad \text{if } i = j", ("z[i] x[j] = x[j] where i = j",), _INDICES),
        Stated(r"z_i x_j = x_j z_i, \qquad i \ne j, \; j \ne k", ("z[i] x[j] = x[j] z[i] where i ≠ j, only where j \\ne k",), _INDICES),
        Stated(r"z_i x_j x_k = x_k \quad (i < j < k)", ("z[i] x[j] x[k] = x[k] where i < j, j < k",), _INDICES),
        Stated(
            r"z_i x_j = x_i x_j \text{ if } i = j, \quad z_i x_j = x_i \text{ otherwise}",
            ("z[i] x[j] = x[i] x[j] where i = j", "step 2: z[i] x[j] = x[i] where i ≠ j"),
            _INDICES,
        ),
        Stated(
            r"\begin{aligned} z_i x_j &= x_i & i = j \\ z_i x_j &= x_j & i \ne j \end{aligned}",
            ("z[i] x[j] = x[i] where i = j", "step 2: z[i] x[j] = x[j] where i ≠ j"),
            _INDICES,
        ),
        Stated(r"|x_i| = x_i \quad (x_i > 0)", ("[x[i] > 0] |x[i]| = [x[i] > 0] x[i]",), _INDICES),
        Stated(r"|x_i| = -x_i \quad \text{for } x_i \le 0", ("(1 - [x[i] > 0]) |x[i]| = (1 - [x[i] > 0]) (-x[i])",), _INDICES),
        Stated(r"|x_i| = z_i \quad \text{when } x_i < z_i", ("[-(x[i] - z[i]) > 0] |x[i]| = [-(x[i] - z[i]) > 0] z[i]",), _INDICES),
        Stated(r"x_i = z_i \quad \text{if } z_i = 1", ("x[i] = z[i], only where z_i = 1",), _INDICES),
        Stated(r"x_i = z_i \text{ unless all are equal}", ("x[i] = z[i], only where unless all are equal",), _INDICES),
        Stated(r"u := x_i \quad (x_i > 0)", ("a definition that holds under a condition only; write it with \\begin{cases}",), _INDICES),
    ),
)
