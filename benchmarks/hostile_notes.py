"""Generated hostile notes: how many are read without a crash, in what time and memory.

Run with PYTHONPATH=. python benchmarks/hostile_notes.py [COUNT] [SEED].

Deep nesting, groups and environments that never close, huge numbers and exponents, control characters, long lines, spliced and shuffled pieces of
real notation. Reading must give derivations and problems and raise nothing; what it costs is printed, with the slowest inputs.
"""

from __future__ import annotations

import random
import resource
import sys
import time
import traceback

from derivcheck.notes.documents import read_document
from derivcheck.notes.reader import read

PIECES = (
    r"\frac", r"\partial", "{", "}", "(", ")", "[", "]", "^", "_", "&", r"\\", "=", "+", "-", r"\sum", r"\prod", r"\nabla", r"\left", r"\right", r"\begin{align}", r"\end{align}",  # noqa: E501
    r"\begin{bmatrix}", r"\end{bmatrix}", r"\begin{cases}", r"\end{cases}", r"\hat", r"\mathbf", r"\underbrace", r"\text{if}", r"\text", "'", "|", r"\|", r"\sqrt", r"\top", r"\cdot", r"\odot",  # noqa: E501
    r"\otimes", r"\vdots", r"\dots", "x", "W", "a", "1", "10", "2", "i", "j", "n", ",", ";", "softmax", "vec", r"\exp", r"\log", r"\delta_{ij}", r"I(i = j)", r"\mathbb{1}", r"W^{[1]}",  # noqa: E501
    r"z^{[1,i]}_j", r"\frac{\partial L}{\partial x_i}", r"\sum_{i=1}^{n}", r"x_i", r"W_{ij}", r"W^\top", r"\in \mathbb{R}^{n \times m}", "\x00", "\x07", "\u202e", "é", "∂", "∇", "⊗", "ŷ", "\t", " ",  # noqa: E501
    r"\newcommand{\R}{\R\R}", r"\tag{1}", r"\label{a}", "%", "$", "$$", "\n", "\n\n", "```derivcheck\n", "```\n", "**A-1** (refuted)", "# ", r"\qquad", r"\therefore", "9" * 50,  # noqa: E501
)  # fmt: skip
LINES = (
    "layout numerator", "layout sideways", "x: n", "x, y: n", "W: n x m", "W: n x", ": n", "x =", "a = W x", "index i = 1..n", "index i = 0..n-1", "index i", "function g elementwise", "function L of x",  # noqa: E501
    "function", "assume x sums to 1", "assume x is", "write w_{ij} for W_{ij}", "write w for w", "read \\foo as \\bar", "read as", "einstein", "loss L", "depends L on x", "expect (1): refuted", "derivation b",  # noqa: E501
    "e_i: one-hot n", "I: identity n", "dW_3 = W", "x: scalar", "n: n", "a = a",
)  # fmt: skip


def hostile(rng: random.Random) -> str:
    """One hostile note."""
    kind = rng.randrange(10)
    if kind == 0:
        opener, closer = rng.choice(
            (
                ("{", "}"),
                ("(", ")"),
                (r"\frac{", "}{1}"),
                (r"\left(", r"\right)"),
                (r"\hat{", "}"),
                (r"\begin{bmatrix}", r"\end{bmatrix}"),
                ("x_{", "}"),
                (r"\sqrt{", "}"),
            )
        )
        depth = rng.choice((10, 60, 500, 20_000))
        return f"$$ x = {opener * depth}1{closer * (depth if rng.random() < 0.5 else depth // 2)} $$"
    if kind == 1:
        return f"$$ x^{{{'9' * rng.choice((5, 50, 5_000))}}} = {'8' * rng.choice((5, 50, 5_000))} x^{{-{'7' * 9}}} $$"
    if kind == 2:
        return (
            "$$ "
            + rng.choice(("x + ", "x x ", "x_i ", r"\sum_i ", "= x ", r"\\ ", "& ", r"\nabla ", "x'", "$", "**A-1** "))
            * rng.choice((100, 3_000, 30_000))
            + " $$"
        )
    if kind == 3:
        return (
            "".join(chr(rng.choice((rng.randrange(32), rng.randrange(0x3000), rng.randrange(0x10FFFF)))) for _ in range(rng.randrange(400)))
            .encode("utf-8", "replace")
            .decode("utf-8")
        )
    declared = "\n".join(rng.choice(LINES) for _ in range(rng.randrange(8)))
    body = " ".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 60)))
    opening, closing = rng.choice((("$$", "$$"), ("$", "$"), (r"\[", r"\]"), (r"\begin{align}", r"\end{align}"), ("```math\n", "\n```"), ("", "")))
    return f"```derivcheck\n{declared}\n```\n\n{opening}{body}{closing}\n"


def main(count: int, seed: int) -> int:
    rng = random.Random(seed)
    failures: list[tuple[str, str]] = []
    slowest: list[tuple[float, str]] = []
    start = time.process_time()
    for _ in range(count):
        text = hostile(rng)
        name = rng.choice(("a.md", "a.md", "a.tex"))
        begun = time.process_time()
        try:
            read(read_document(name, text.encode("utf-8", "surrogatepass")), "a")
        except Exception:
            failures.append((text[:400], traceback.format_exc(limit=-4)))
        slowest = sorted([*slowest, (time.process_time() - begun, text[:80])], reverse=True)[:5]
    spent = time.process_time() - start
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"seed {seed}: {count} inputs, {len(failures)} crashes, {spent:.1f} s, {1000 * spent / count:.2f} ms each, {memory} MB")
    for seconds, text in slowest:
        print(f"  slowest {seconds:.2f} s: {text!r}")
    for text, trace in failures[:10]:
        print("-" * 80, repr(text), trace, sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, int(sys.argv[2]) if len(sys.argv) > 2 else 1))
