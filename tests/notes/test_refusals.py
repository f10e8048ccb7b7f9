"""What is said of lines that are not understood, or whose condition is not: every message with a note that is answered so."""

from __future__ import annotations

import pytest

from derivcheck.judge import judge
from derivcheck.notes.documents import read_document
from derivcheck.notes.reader import read

DECLARED = """```derivcheck
layout denominator
x, a: scalar
z: n
A: n x n
r = relu(z)
index i, j = 1..n
```

"""

REFUSED = {
    "which is not understood as a condition": ("undecided", r"$$r_i = z_i \quad \text{in the usual case, if all is well}$$"),
    "under the condition of a line before it is true": ("undecided", r"For $z_i > 0$ we have $$r_i = z_i$$ and $$|z_i| = z_i$$"),
    "no admissible point was found": ("undecided", r"$$x a = a \quad (x < x)$$"),
    "a definition that holds under a condition only": ("unsupported", r"$$u := z_i \quad (z_i > 0)$$"),
    "another meaning for q, which has one already": ("unsupported", r"Let $q = A z$. Now let $q = \tanh(A z)$."),
    "q, which was given two meanings": ("unsupported", r"Let $q = A z$. Now let $q = \tanh(A z)$. $$q = A z$$"),
    "at other arguments than": ("unsupported", r"Let $F(x, a) = x a$. $$F(a, x) = x a$$"),
    "which is a product or the value elsewhere": ("unsupported", r"Let $F = x^2$. $$F(x + a) = x^2 + a$$"),
    "a definition of F at the formula": ("unsupported", r"$$F(x + a) := x^2$$"),
    "an equality in brackets": ("unsupported", r"$$(i = j)$$"),
    "a chain with the sign →": ("unsupported", r"$$x = 3 \to a$$"),
    "a sum from 0 over a range that begins at 1": ("unsupported", r"$$x = \sum_{i=0}^n z_i$$"),
    "a second column that goes on with what stands above it": (
        "unsupported",
        r"$$\begin{align} x + a &= a + x & a x &= x a \\ &= x + a + 0 & &= x + a \end{align}$$",
    ),
    "a comma inside a number": ("unsupported", r"$$1 + 0 = 1,000$$"),
    "A is symmetric (which can be declared": ("undecided", r"Let $A$ be a symmetric matrix. $$A^\top = A$$"),
}


@pytest.mark.parametrize(("message", "word", "text"), [(message, *shown) for message, shown in REFUSED.items()], ids=list(REFUSED))
def test_the_message_is_told(message: str, word: str, text: str) -> None:
    note = read(read_document("note.md", (DECLARED + text).encode()), "note")
    found = [(verdict.word, verdict.reason) for derivation in note.derivations for verdict in judge(derivation, advise="never")]
    found += [(problem.word, problem.message) for problem in note.problems]
    assert any(word == said and message in reason for said, reason in found), found
