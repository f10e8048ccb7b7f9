"""The page docs/notation.md, written from the notation table: python -m derivcheck.notes.notation_page > docs/notation.md"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence

from derivcheck.notes.notations import notations
from derivcheck.notes.notations.record import Notation

INTRODUCTION = """\
# Notation

What derivcheck understands of the LaTeX in a note, and what it does not. The page is written from the table of notations that the reader itself
uses, and every example on it is a test: `latex` → *what it is read as*, in the notation of the reports, where ⊙ is the entrywise product and
z[i] an entry. Behind it stand the declarations that it needs ([declarations](declarations.md)). What is not understood is reported as
`unsupported` or `ill-typed` with its place and never guessed at.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(line for notation in sorted(notations().values(), key=lambda each: each.title) for line in _section(notation))])


def _section(notation: Notation) -> Iterator[str]:
    yield f"## {notation.title}\n"
    yield f"{_spelled(notation.rule)}\n"
    for example in notation.examples:
        yield f"- {_code(example.latex)} → {_code(example.reads)}{_declared(example.declarations)}"
    for statement in notation.statements:
        said = "; ".join(map(_code, statement.says)) or "nothing to check"
        yield f"- {_code(statement.latex)} says {said}{_declared(statement.declarations)}"
    if notation.examples or notation.statements:
        yield ""
    yield "Not understood:\n"
    for refused in notation.not_understood:
        kind = "" if refused.word == "unsupported" else " (ill-typed)"
        yield f"- {_code(refused.latex)}: {_spelled(refused.says)}{kind}{_declared(refused.declarations)}"
    yield ""


def _code(text: str) -> str:
    return f"`{text}`"


def _spelled(text: str) -> str:
    """Words with TeX in them: each command, with what belongs to it, as code."""
    words: list[str] = []
    for word in text.split(" "):
        if words and words[-1].count("{") > words[-1].count("}"):
            words[-1] += f" {word}"
        else:
            words.append(word)
    return " ".join(_as_code(word) if any(sign in word for sign in "\\^_") else word for word in words)


def _as_code(word: str) -> str:
    bare = word.rstrip(",.;:)")
    behind = word[len(bare) :]
    opening = "(" if bare.startswith("(") else ""
    return f"{opening}`{bare.removeprefix(opening)}`{behind}" if "(" not in bare[1:] else f"`{word}`"


def _declared(declarations: Sequence[str]) -> str:
    return f" — with {', '.join(map(_code, declarations))}" if declarations else ""


if __name__ == "__main__":
    sys.stdout.write(page())
