"""What stands around a formula in the text of a document."""

from __future__ import annotations

import re
from dataclasses import dataclass

from derivcheck.notes.documents.record import Document, Formula, Prose

_LABEL = re.compile(r"\*\*[\w.-]+\*\*(?:\s*\([^()]*\))?(?=\s*$)")
_IS_A = re.compile(r"\s*(?:is|be|are|as)\s+(?:an?|the)?\s*$")
_OF_SHAPE = re.compile(r"\s*(?:matrix|tensor|vector|row|column)\b")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The words before and behind a formula, the formula in the text behind these and the words after that, and the formula of its shape."""

    before: str = ""
    behind: str = ""
    following: Formula | None = None
    after: str = ""
    shape: Formula | None = None


def surroundings(document: Document, position: int) -> Surroundings:
    """The surroundings of the passage at this position, a formula."""
    text = document.source.text

    def at(place: int) -> object:
        return document.passages[place] if 0 <= place < len(document.passages) else None

    def words(place: int) -> str:
        passage = at(place)
        return _LABEL.sub("", text[passage.start : passage.end]) if isinstance(passage, Prose) else ""

    following = at(position + 2) if isinstance(at(position + 1), Prose) else None
    formula = following if isinstance(following, Formula) else None
    shaped = formula is not None and bool(_IS_A.match(words(position + 1))) and bool(_OF_SHAPE.match(words(position + 3)))
    inline = formula if formula is not None and not formula.display else None
    return Surroundings(words(position - 1), words(position + 1), inline, words(position + 3), formula if shaped else None)
