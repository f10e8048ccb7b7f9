"""Mathematics that lost its backslashes: what is put back, with which places, and what is left alone."""

from __future__ import annotations

import random
import re
import time
from pathlib import Path

import pytest

from derivcheck.notes.documents import read_document
from derivcheck.notes.documents.damage import mathematics, repaired
from derivcheck.notes.documents.record import SourceText

ROOT = Path(__file__).resolve().parent.parent.parent.parent
NOTES = sorted((ROOT / "derivations").glob("*.md"))
WHOLE = sorted([*NOTES, ROOT / "README.md", *(ROOT / "docs").glob("*.md"), *(ROOT / "tests" / "data").glob("*.md")])
ESCAPES = {"b": "\b", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v", "a": "\a", "\\": "\\"}


def damaged(text: str, dropped: bool) -> str:
    """The text with the escapes in its mathematics read, as a careless program reads them; control characters may be dropped."""

    def read(found: re.Match[str]) -> str:
        letter = found[1]
        return "" if dropped and letter in "bftva" else ESCAPES.get(letter, found[0])

    parts, position = [], 0
    for start, end in mathematics(text):
        parts += (text[position:start], re.sub(r"\\(.)", read, text[start:end], flags=re.DOTALL))
        position = end
    return "".join((*parts, text[position:]))


def pieces(text: str) -> list[str]:
    """Commands and characters, without white space."""
    return re.findall(r"\\[A-Za-z]+|\\.|\S", text)


def mended(text: str) -> str:
    return repaired(SourceText("a.md", text))[0].text


@pytest.mark.parametrize("dropped", [False, True], ids=["control characters", "dropped characters"])
@pytest.mark.parametrize("path", NOTES, ids=lambda path: path.stem)
def test_damaged_notes_are_restored(path: Path, dropped: bool) -> None:
    text = path.read_text(encoding="utf-8")
    broken = damaged(text, dropped)
    assert pieces(broken) != pieces(text)
    assert pieces(mended(broken)) == pieces(text)


@pytest.mark.parametrize("path", WHOLE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_undamaged_text_is_returned_untouched(path: Path) -> None:
    source = SourceText(path.name, path.read_text(encoding="utf-8"))
    found, warnings = repaired(source)
    assert found is source
    assert warnings == ()


EVIDENCE = "$$ rac{1}{2} = y $$ "
CASES = {
    r"$ y_irac{a}{b} $": r"$ y_i\frac{a}{b} $",
    r"$ \cdotrac{a}{b} + \tfrac{a}{b} $": r"$ \cdot\frac{a}{b} + \tfrac{a}{b} $",
    r"$ \partialheta + \vartheta + 2 heta $": r"$ \partial\theta + \vartheta + 2 \theta $",
    r"$ b_bigr] + y_iigg[ + \Bigl( + \bigl[ $": r"$ b_b\bigr] + y_i\bigg[ + \Bigl( + \bigl[ $",
    r"$ x^ op + x^{op} + op $": r"$ x^ \top + x^{\top} + op $",
    "$ \\left[ a \night] $": r"$ \left[ a \right] $",
    "$ \\left[ a \right] $": r"$ \left[ a \right] $",
    "$$\nabla L$$": r"$$\nabla L$$",
    "$$\n\nabla L$$": "$$\n\\nabla L$$",
    "$ x \to y $": r"$ x \to y $",
    "$$\n\to y$$": "$$\n\to y$$",
    "$ x \\\frac{a}{b} $": r"$ x \\\frac{a}{b} $",
    r"$ \text{the right] side} + weight) $": r"$ \text{the right] side} + weight) $",
    r"$ a ag{13} + ag{x y} $": r"$ a \tag{13} + ag{x y} $",
    r"$$ egin{aligned} a &= b \ &= c \end{aligned} $$": r"$$ \begin{aligned} a &= b \\ &= c \end{aligned} $$",
    r"$$ egin{aligned} a &= b \\ &= c\ d \end{aligned} $$": r"$$ \begin{aligned} a &= b \\ &= c\ d \end{aligned} $$",
    "rac{a}{b} and `heta`\n\n```\n$ rac{a}{b} $\n```\n": "rac{a}{b} and `heta`\n\n```\n$ rac{a}{b} $\n```\n",
    "```math\nrac{a}{b}\n```\n": "```math\n\\frac{a}{b}\n```\n",
}


@pytest.mark.parametrize("text", CASES)
def test_in_a_damaged_text(text: str) -> None:
    assert mended(EVIDENCE + "\n\n" + text) == EVIDENCE.replace("rac", "\\frac") + "\n\n" + CASES[text]


@pytest.mark.parametrize(
    "text", ["$ heta + op + igl $", "$ x \to y $", "$$ ext{a} + rac{a} $$", "$ rac{a}{b}\n\n $", "`x` egin{document}", "egin{align"]
)
def test_without_strong_evidence_nothing_is_repaired(text: str) -> None:
    assert mended(text) == text


@pytest.mark.parametrize("text", [r"$$ egin{align} x \end{align} $$", "$ rac{a}{b} $", "$ \x0crac{a} $", "$ \x07lpha $"])
def test_strong_evidence(text: str) -> None:
    source = SourceText("a.md", text)
    found, (warning,) = repaired(source)
    assert found is not source
    assert warning.place.startswith("a.md:1:")


def test_the_warning_counts_and_names_the_first_place() -> None:
    (warning,) = repaired(SourceText("a.md", "Words.\n\n$ rac{a}{b} + rac{c}{d} = heta $"))[1]
    assert warning.place == "a.md:3:3"
    assert r"\frac 2 times, \theta once" in warning.message


def test_places_are_those_of_the_file() -> None:
    text = "$$ egin{aligned} a &= rac{1}{2} \\ \n &= X \\end{aligned} $$\n\n$ Y $"
    found = repaired(SourceText("a.md", text))[0]
    for letter in "aXY":
        line = text[: text.index(letter)].count("\n") + 1
        column = text.index(letter) - text.rfind("\n", 0, text.index(letter))
        assert str(found.place(found.text.index(letter))) == f"a.md:{line}:{column}"


def test_places_of_repaired_text_that_has_places_of_its_own() -> None:
    original = '["x$ \\frac{a}{b} $ Y"]'
    inner = "x$ rac{a}{b} $ Y"
    origin = ((0, 2), (3, original.index("rac")))
    found = repaired(SourceText("a.ipynb", inner, original, origin))[0]
    assert found.text == inner.replace("rac", "\\frac")
    assert found.place(found.text.index("Y")).column == original.index("Y") + 1
    assert found.place(found.text.index("{b}")).column == original.index("{b}") + 1
    assert found.place(0).column == 3


def test_a_document_is_read_as_repaired() -> None:
    document = read_document("a.md", b"$$ rac{a}{b} = c $$")
    assert document.source.text == r"$$ \frac{a}{b} = c $$"
    assert len(document.warnings) == 1


HOSTILE = (
    "$" * 100_001, "$ rac{" * 50_000, "$$ egin{align}" * 50_000, f"$ {'a' * 1_000_000} $", f"$ {'ig' * 300_000} $", "```\n" * 100_000,
    "\\" * 500_001 + "$ rac{a}{b} $", "$ " + "\n \t" * 100_000, "$ " + "\t" * 100_000 + "heta $",
    "$$ " + "\theta " * 20_000 + "\\theta " * 50_000 + "$$",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_takes_linear_time(text: str) -> None:
    start = time.perf_counter()
    mended(text)
    mended(EVIDENCE + text)
    assert time.perf_counter() - start < 5


PIECES = (
    "$", "$$", "\n", "\n\n", "rac{a}{b}", "egin{align}", "\\end{align}", "heta", "ight]", "\x08", "\x0c", "\t", "\r", "\\", " ", "igl[", "ext{a}",
    "`", "```\n", "```math\n", "\\theta", "a", "{", "}", "\\[", "\\]", "\\(", "\\)", "op", "^", "ag{1}", "\\\\", "&", "abla", "X", "1",
)  # fmt: skip


def test_any_text_is_repaired_with_its_places() -> None:
    rng = random.Random(5)
    changed = 0
    for _ in range(3000):
        text = "".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 30)))
        source = SourceText("a.md", text)
        found = repaired(source)[0]
        changed += found is not source
        origin = [found.original_offset(offset) for offset in range(len(found.text) + 1)]
        assert origin == sorted(origin)
        assert origin[-1] == len(text)
        # letters and backslashes may be put in
        assert [sign for sign, place in zip(found.text, origin, strict=False) if not (sign.isalpha() or sign == "\\" or sign == text[place])] == []
    assert changed > 500
