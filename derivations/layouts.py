"""One layer in three layouts: every derivative stated in numerator layout, converted into the others by transposes, and written as usual there.

In numerator layout the gradient of a scalar by an n × 1 column is a row and by an n × m matrix m × n; in denominator layout it is the
transpose of that; in like-variable layout gradients are shaped like the variable and Jacobians are those of the numerator layout.
"""

from __future__ import annotations

from dataclasses import dataclass

from derivcheck import LAYOUTS, D, Derivation, Layout, Source, Term, array, delta, diag, elementwise, hadamard, scalar_function
from derivcheck.language.conversion import convert, restated

TEXTBOOK = Source("Magnus and Neudecker 1999", "chapter 5")
COMMON_SLIP = Source("a common slip")

d = Derivation("layouts", layout="numerator", source=TEXTBOOK, title="One layer in numerator, denominator and like-variable layout")
n, m = d.dim("n"), d.dim("m")
i, t = d.indices("i t", n)
j = d.index("j", m)
W = d.matrix("W", n, m)
b = d.vector("b", n)
h = d.vector("h", m)
strength = d.scalar("s")
a = d.let("a", W @ h + b)
y = d.let("y", elementwise("g", a))
L = d.let("L", scalar_function("L", y))
slope = elementwise("g", a, order=1)


@dataclass(frozen=True)
class Line:
    """A derivative of the layer: its formula in numerator layout, and how it is usually written in the other two."""

    name: str
    function: Term
    variable: Term
    numerator: Term
    denominator: Term
    like_variable: Term

    def usual(self, layout: Layout) -> Term:
        return {"numerator": self.numerator, "denominator": self.denominator, "like-variable": self.like_variable}[layout]


def by(function: Term, variable: Term, layout: Layout = "denominator") -> Term:
    return D(function, variable, layout)


entry = delta(t, i) * h[j]
LINES = (
    Line("da/dh", a, h, W, W.T, W),
    Line("dy/da", y, a, diag(slope), diag(slope), diag(slope)),
    Line("dy/dh", y, h, D(y, a) @ D(a, h), by(a, h) @ by(y, a), by(y, a, "like-variable") @ by(a, h, "like-variable")),
    Line("d(s h)/ds", strength * h, strength, h, h.T, h),
    Line("dL/da", L, a, hadamard(slope.T, D(L, y)), hadamard(slope, by(L, y)), hadamard(slope, by(L, y, "like-variable"))),
    Line("dL/db", L, b, D(L, a), by(L, a), by(L, a, "like-variable")),
    Line("dL/dh", L, h, D(L, a) @ W, W.T @ by(L, a), W.T @ by(L, a, "like-variable")),
    Line("dL/dW", L, W, h @ D(L, a), by(L, a) @ h.T, by(L, a, "like-variable") @ h.T),
    Line("da/dW", a, W, array(entry, t, i, j), array(entry, i, j, t), array(entry, t, i, j)),
)  # fmt: skip

for line in LINES:
    d.claim(f"{line.name}, numerator", D(line.function, line.variable), line.numerator)
for layout in LAYOUTS[1:]:
    for line in LINES:
        written = restated(line.numerator, layout)
        converted = convert(written, "numerator", layout, line.function.shape, line.variable.shape)
        d.claim(f"{line.name}, {layout}, converted", D(line.function, line.variable, layout), converted)
        d.claim(f"{line.name}, {layout}", D(line.function, line.variable, layout), line.usual(layout))

# formulas in another layout than the one that is meant ----------------------------------------------------------------
d.erratum(
    "dL/dh, not a row",
    printed=(lambda: D(L, h), lambda: W.T @ D(L, a).T),
    corrected=(D(L, h), D(L, a) @ W),
    expected="ill-typed",
    note="right in denominator and in like-variable layout",
    source=COMMON_SLIP,
)
d.erratum(
    "dL/dW, shaped like W",
    printed=(lambda: D(L, W), lambda: D(L, a).T @ h.T),
    corrected=(D(L, W), h @ D(L, a)),
    expected="ill-typed",
    note="right in denominator and in like-variable layout",
    source=COMMON_SLIP,
)
d.erratum(
    "dL/dW in denominator layout",
    printed=(lambda: D(L, W, "denominator"), lambda: h @ by(L, a).T),
    corrected=(D(L, W, "denominator"), by(L, a) @ h.T),
    expected="ill-typed",
    note="right in numerator layout",
    source=COMMON_SLIP,
)
d.erratum(
    "chain rule, order of the factors",
    printed=(lambda: by(y, h), lambda: by(y, a) @ by(a, h)),
    corrected=(by(y, h), by(a, h) @ by(y, a)),
    expected="ill-typed",
    note="in denominator layout the factors stand in the opposite order",
    source=COMMON_SLIP,
)

# where all matrices are square the shapes do not tell -------------------------------------------------------------------
V = d.matrix("V", n, n)
z = d.vector("z", n)
c = d.let("c", V @ z)
M = d.let("M", scalar_function("M", c))
d.erratum(
    "dc/dz, square matrix",
    printed=(D(c, z), V.T),
    corrected=(D(c, z), V),
    note="right in denominator layout",
    source=COMMON_SLIP,
)
d.erratum(
    "dM/dV, square matrix",
    printed=(D(M, V), D(M, c).T @ z.T),
    corrected=(D(M, V), z @ D(M, c)),
    note="right in denominator and in like-variable layout",
    source=COMMON_SLIP,
)
