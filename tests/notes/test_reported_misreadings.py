"""Lines that a hostile reader wrote: each was once read as something that its author did not mean. The expected word stands in the label."""

from __future__ import annotations

import re

import pytest

from derivcheck.judge import judge
from derivcheck.notes.documents import read_document
from derivcheck.notes.reader import read

SOFTMAX = """```derivcheck
layout denominator
z: n
x, a: scalar
X: m x n
w: n
y: m
u, v: k
A: n x n
p = softmax(z)
r = relu(z)
index i, j = 1..n
```
"""
SAME = r"\frac{\partial p_i}{\partial z_j} = p_i (1 - p_i)"
OTHER = r"\frac{\partial p_i}{\partial z_j} = -p_i p_j"

NOTES = {
    "each row of an aligned chain has its own case": rf"""
**1** (refuted) **2** (refuted) $$\begin{{align}} {OTHER.replace("=", "&=")} && \text{{if }} i = j \\
 &= p_i (1 - p_i) && \text{{if }} i \neq j \end{{align}}$$
**3** **4** $$\begin{{align}} {SAME.replace("=", "&=")}, && i = j, \\ &= -p_i p_j, && i \neq j. \end{{align}}$$
**5** **6** **7** $$\begin{{align}} {OTHER.replace("=", "&=")} && (i \neq j) \\ &= -p_j p_i \end{{align}}$$
**8** **9** $$\begin{{align}} r_i &= z_i && z_i > 0 \\ &= 0 && z_i \le 0 \end{{align}}$$
**10** **11** $$\text{{if }} i = j: \quad {SAME}, \qquad \text{{if }} i \neq j: \quad {OTHER}$$
""",
    "words before a condition that turn it or make it uncertain": rf"""
**1** (refuted) $${OTHER} \quad \text{{unless }} i \neq j$$
**2** $${OTHER} \quad \text{{unless }} i = j$$
**3** $${OTHER} \quad \text{{except for }} i = j$$
**4** (undecided) $${OTHER} \quad \text{{even for }} i \neq j$$
**5** (undecided) $${OTHER} \quad \text{{if not }} i \neq j$$
**6** (undecided) $${OTHER} \quad \text{{whether or not }} i \neq j$$
**7** (refuted) $$\frac{{\partial r_i}}{{\partial z_i}} = 1 \text{{ unless }} z_i > 0$$
""",
    "a condition behind a display belongs to it": rf"""
**1** $$\frac{{\partial p_i}}{{\partial z_j}} = p_i (\delta_{{ij}} - p_j)$$

for $i \neq j$, and

**2** (refuted) $${OTHER}$$

for $i = j$. The entries are **3** $${SAME}$$ if $i = j$ and **4** $${OTHER}$$ otherwise.
""",
    "conditions that the text mentions in passing": rf"""
Recall that $\delta_{{ij}}$ is zero for $i \neq j$. With this, **1** (undecided) $${OTHER}$$

Unless $i \neq j$, **2** (undecided) $${OTHER}$$

No matter if $i \neq j$: **3** (undecided) $${OTHER}$$

If $i \neq j$ fails, then **4** (undecided) $${OTHER}$$

For $i = j$ and for $i \neq j$ alike, **5** (undecided) $${OTHER}$$

If $i \neq j$, then **6** ${OTHER}$. In general, **7** (refuted) $${OTHER}$$

If $i \neq j$ the derivative is $-p_i p_j$; otherwise **8** (undecided) $${OTHER}$$

This is valid for $i \neq j$. More generally, **9** (refuted) $${OTHER}$$
""",
    "conditions that begin a sentence": rf"""
For $i \neq j$ we get **1** ${OTHER}$. Also **2** ${OTHER}$ if $i \neq j$.

- If $i = j$, then **3** ${SAME}$
- If $i \neq j$, then **4** ${OTHER}$

**Case 1:** $i \neq j$.

**5** $${OTHER}$$

Suppose $i = j$. Then **6** $${SAME}$$

Consider $i \neq j$. **7** $${OTHER}$$

With $i = j$: **8** $${SAME}$$

First case: $i = j$ **9** $${SAME}$$

For the $i \neq j$ case: **10** $${OTHER}$$
""",
    "operators reach over products": r"""
**1** (undecided) $$\frac{d}{dx} (1-x) e^{-x} = -e^{-x}$$
**2** $$\frac{d}{dx} (1-x) e^{-x} = (x-2)e^{-x}$$
**3** (undecided) $$\frac{d}{dx} (x-a)^2 (x+a) = 2(x-a)(x+a)$$
**4** $$\frac{\partial}{\partial w} (Xw - y)^\top (Xw - y) = 2 X^\top (Xw - y)$$
**5** (refuted) $$\nabla_u u^\top v u^\top u = (u^\top u) v$$
**6** (refuted) $$\nabla_u \|u\|^2\, v^\top u = 2 (v^\top u) u$$
**7** (refuted) $$\nabla_u e^{-u^\top u} u^\top v = -2 e^{-u^\top u} (u^\top v) u$$
**8** $$\nabla_u u^\top v u^\top u = (u^\top u) v + 2 u^\top v u$$
**9** $$\frac{d}{dx}(x) a + x \frac{d}{dx}(a) = a$$
""",
    "sums over pairs": r"""
**1** $$\sum_{i \neq j} z_i z_j = (\sum_{i=1}^n z_i)^2 - \sum_{i=1}^n z_i^2$$
**2** $$\sum_{i \neq j} A_{ij} = \sum_{i=1}^n \sum_{j=1}^n A_{ij} - \operatorname{tr}(A)$$
**3** (refuted) $$\sum_{i \neq j} z_i z_j = (\sum_{i=1}^n z_i)^2$$
**4** $$\sum_{i \neq j} p_i = 1 - p_j$$
""",
    "what the text says of a symbol, and parts of ranges": r"""
Let $A$ be a symmetric matrix. Then **1** (undecided) $$\frac{\partial (z^\top A z)}{\partial z} = 2 A z$$ and **2**
$$\frac{\partial (z^\top A z)}{\partial z} = (A + A^\top) z$$

For a symmetric $A$ **3** (undecided) $$A = A^\top$$

**4** (undecided) $$\frac{\partial p_i}{\partial z_1} = -p_i p_1 \quad \text{for } i = 2, \dots, n$$

For $i = 2, \dots, n$: **5** (undecided) $$\frac{\partial p_i}{\partial z_1} = -p_i p_1$$
""",
    "what stands above a sign, and in the place of an argument": r"""
**1** (undecided) $$\frac{\partial p_i}{\partial z_j} \stackrel{i \neq j}{=} - p_i p_j$$
**2** $$z \stackrel{(a)}{=} z + 0$$
**3** (unsupported) $$D_z (z^\top A z) = (A + A^\top) z$$
""",
    "values elsewhere": r"""
Let $F = x^2$. **1** (unsupported) $$\frac{F(x+a) - F(x-a)}{2a} = F(x)$$

Let $E(a, x) = a^2 + x$. **2** (unsupported) $$E(a, x) = E(x, a)$$ **3** $$E(a, x) = x + a^2$$
""",
    "what is left over, and columns": r"""
**1** (unsupported) $$\begin{aligned} \frac{d}{dx}(x+a)^2 &= 2 (x+a) \\ &\quad (x+a) \end{aligned}$$

**2** (unsupported) $$\frac{d}{dx}(x+a)^2 = 2 (x+a) \quad (x+a)$$

**3** (unsupported) $$(x = 3)$$

**4** $$x = x + 0$$

**5** (unsupported) $$1,000 x = 0$$

**6** (unsupported) $$\sum_{i=0}^{n} p_i = 1$$
""",
    "what follows from a line, and words that take a condition back": r"""
**1** (undecided) $$|x| = x \iff x > 0$$

**2** (undecided) $$|x| = x \text{ and therefore } x > 0$$

**3** (undecided) $$r_i r_j = z_i z_j \quad \text{if } z_i > 0 \text{ or } z_j > 0$$

**4** (undecided) $$\frac{\partial p_i}{\partial z_j} = -p_i p_j \quad \text{if } i \neq j \text{ does not hold}$$

**5** (undecided) $$\frac{\partial p_i}{\partial z_j} = -p_i p_j \quad \text{in particular for } i \neq j$$

**6** (undecided) $$\frac{\partial p_i}{\partial z_j} = -p_i p_j$$
where $i \neq j$ need not hold.

**7** (undecided) $$\frac{\partial p_i}{\partial z_j} = -p_i p_j$$
for $i \neq j$ or $i = j$.

Wrong case $i \neq j$: **8** (undecided) $$\frac{\partial p_i}{\partial z_j} = -p_i p_j$$
""",
    "otherwise, and other words that look like it": r"""
If $i = j$, **1** $$\frac{\partial p_i}{\partial z_j} = p_i (1 - p_i)$$ Note that **2** $$p_i(1-p_i) = p_i - p_i^2.$$ Otherwise,
**3** $$\frac{\partial p_i}{\partial z_j} = -p_i p_j$$

**4** $$z = (z_1, \dots, z_n)^\top$$
""",
    "a condition that may last": r"""
For $z_i > 0$ we have **1** $$r_i = z_i$$ and **2** (undecided) $$|z_i| = z_i$$

Also **3** (refuted) $$|z_i| = y_1$$

In general, **4** (refuted) $$|z_i| = z_i$$
""",
    "second meanings, names alone, implications, numbers": r"""
Let $q = A z$. Now let **1** (unsupported) $q = \tanh(A z)$. Then **2** (unsupported) $$\frac{\partial q_i}{\partial z_j} = A_{ij}$$

Let $s = z^\top z$ and $g = \nabla_z s$. Therefore **3** (refuted) $g = z$.

**4** (undecided) **5** $$\begin{align} p_i &= 5 \\ \Rightarrow \sum_i p_i &= 1 \end{align}$$
**6** **7** (refuted) **8** (refuted) $$\begin{align} p_i &= p_i + 0 & \text{for all } i, j \\ &= 17 p_i \end{align}$$
**9** $$\operatorname{diag}(p) - \operatorname{diag}(p \odot p) = \operatorname{diag}(p \odot (1 - p))$$
""",
}


@pytest.mark.parametrize("text", NOTES.values(), ids=list(NOTES))
def test_it_is_read_as_it_is_meant(text: str) -> None:
    note = read(read_document("note.md", (SOFTMAX + text).encode()), "note")
    assert note.problems == ()
    found = [verdict for derivation in note.derivations for verdict in judge(derivation, advise="never")]
    wrong = [f"{verdict.claim}: {verdict.word}, not {verdict.expected}: {verdict.reason}" for verdict in found if not verdict.as_expected]
    assert wrong == []
    assert {verdict.claim for verdict in found} == set(re.findall(r"\*\*(\d+)\*\*", text))


def test_a_layout_may_be_stated_behind_the_first_shapes() -> None:
    text = "Let $x \\in \\mathbb{R}^n$.\n\n```derivcheck\nlayout denominator\n```\n$$\\frac{\\partial (x^\\top x)}{\\partial x} = 2x$$"
    note = read(read_document("note.md", text.encode()), "note")
    assert note.problems == ()
    assert [verdict.word for derivation in note.derivations for verdict in judge(derivation)] == ["proved"]


def test_a_definition_may_be_recalled() -> None:
    text = SOFTMAX + "Let $q = A z$. As before, let $q = A z$. $$q = A z + 0$$"
    note = read(read_document("note.md", text.encode()), "note")
    assert [verdict.word for derivation in note.derivations for verdict in judge(derivation)] == ["proved", "proved"]


def test_a_chain_with_another_sign_claims_no_first_equal_last() -> None:
    text = SOFTMAX + r"$$x = x + 0 \le |x| = |x| + 0$$"
    note = read(read_document("note.md", text.encode()), "note")
    claims = [verdict.claim for derivation in note.derivations for verdict in judge(derivation, advise="never")]
    assert len(claims) == 3


def test_a_chain_with_an_arrow_is_in_the_report() -> None:
    note = read(read_document("note.md", (SOFTMAX + r"$$x = 3 \to a$$").encode()), "note")
    assert [verdict.word for derivation in note.derivations for verdict in judge(derivation)] == ["unsupported"]


def test_a_second_column_is_not_chained_onto_the_first() -> None:
    text = SOFTMAX + r"$$\begin{align} x + a &= a + x & a x &= x a \\ &= x + a + 0 & &= x + a \end{align}$$"
    note = read(read_document("note.md", text.encode()), "note")
    words = [verdict.word for derivation in note.derivations for verdict in judge(derivation, advise="never")]
    assert "unsupported" in words
