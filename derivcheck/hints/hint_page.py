"""The page on hints, docs/hints.md, from the table of hints: python -m derivcheck.hints.hint_page > docs/hints.md."""

from __future__ import annotations

import sys

from derivcheck.claims import Claim
from derivcheck.hints import hints
from derivcheck.hints.record import Hint
from derivcheck.language.printing.text import text

BEGINNING = """# Mistakes that are recognised

Of a wrong line derivcheck looks for the nearest true formula: it undoes one of these mistakes at every place of the right side, or two of them, keeps
what agrees in floating point, and tells what is then proved. The verdict never depends on it. The page is written from the table that the search
itself uses; each example is a test: the wrong line is wrong, the right one is proved, and the mistake is recognised before any other.

Besides these, a *missing assumption* is told that makes the line true as it stands (Σ y = 1, A symmetric). Where no true formula is found and
the left side is a derivative, the derivative is told: as a matrix formula where it is recognised, else in index notation. Of two sums the terms
are told that differ, and of a wrong step in a chain whether its conclusion is right all the same, and which later steps rest on it.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([BEGINNING, *map(_section, hints())])


def _section(hint: Hint) -> str:
    derivation = hint.example()
    claims = {claim.name: claim for claim in derivation.claims}
    layout = f", in {derivation.layout} layout" if any(claim.lhs is not None and claim.lhs.derives for claim in claims.values()) else ""
    given = "; ".join(f"{named.name} = {text(named.definition)}" for named in derivation.definitions)
    where = f" With {given}{layout}." if given else ""
    name = hint.name[0].upper() + hint.name[1:]
    why = hint.why[0].upper() + hint.why[1:]
    return f"## {name}\n\n{why}.{where}\n\n- wrong: `{_line(claims['wrong'])}`\n- right: `{_line(claims['right'])}`\n"


def _line(claim: Claim) -> str:
    if claim.lhs is None or claim.rhs is None:
        raise ValueError(f"the example {claim.name} has no sides")
    return f"{text(claim.lhs)} = {text(claim.rhs)}"


if __name__ == "__main__":
    sys.stdout.write(page())
