"""The page on hints, docs/hints.md, from the table of hints: python -m derivcheck.hints.hint_page > docs/hints.md."""

from __future__ import annotations

import sys

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.hints import hints, missing_assumption
from derivcheck.hints.record import Hint
from derivcheck.language.printing.text import text

BEGINNING = """# Mistakes that are recognised

Of a wrong line derivcheck looks for the nearest true formula: it undoes one of these mistakes at every place of the right side, or two of them, keeps
what agrees in floating point, and tells what is then proved. The verdict never depends on it. The page is written from the table that the search
itself uses; each example is a test: the wrong line is wrong, the right one is proved, and the mistake is recognised before any other.

Where no true formula is found and the left side is a derivative, the derivative is told: as a matrix formula where it is recognised, else in index
notation. Of two sums the terms are told that differ. Of a wrong step in a chain it is told whether the conclusion is right all the same, in which
step the mistake is made up for, and which later steps rest on it; a step that leads back to what is right is not mended.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([BEGINNING, *map(_of_hint, hints()), _of_assumption()])


def _of_hint(hint: Hint) -> str:
    derivation = hint.example()
    wrong, right = (_line(next(claim for claim in derivation.claims if claim.name == name)) for name in ("wrong", "right"))
    return _section(hint.name, hint.why, derivation, wrong, right)


def _of_assumption() -> str:
    """A missing assumption mends no right side: its line is right where the assumption is stated."""
    derivation = missing_assumption.example(stated=True)
    line = _line(derivation.claims[0])
    stated = " and ".join(map(str, derivation.assumptions))
    why = f"{missing_assumption.WHY}; or {missing_assumption.WHY_OF_INDICES}, such as `i ≠ j`"
    return _section(missing_assumption.NAME, why, derivation, line, f"{line}, where {stated}")


def _section(name: str, why: str, derivation: Derivation, wrong: str, right: str) -> str:
    layout = f", in {derivation.layout} layout" if any(claim.lhs is not None and claim.lhs.derives for claim in derivation.claims) else ""
    given = "; ".join(f"{named.name} = {text(named.definition)}" for named in derivation.definitions)
    where = f" With {given}{layout}." if given else ""
    return f"## {name[0].upper()}{name[1:]}\n\n{why[0].upper()}{why[1:]}.{where}\n\n- wrong: `{wrong}`\n- right: `{right}`\n"


def _line(claim: Claim) -> str:
    if claim.lhs is None or claim.rhs is None:
        raise ValueError(f"the example {claim.name} has no sides")
    return f"{text(claim.lhs)} = {text(claim.rhs)}"


if __name__ == "__main__":
    sys.stdout.write(page())
