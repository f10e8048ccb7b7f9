"""Which part of a wrong line is underlined: what the suggested change replaces, where it can be found, else the whole right side."""

from __future__ import annotations

import re

_LEFT_OUT = re.compile(r"\\(?:left|right|,|;|!| )|[\s{},]")
"""What printing and writing may differ in."""
_IN_A_NAME = re.compile(r"[\\A-Za-z]$|[_^]\{?$|\\(?:hat|widehat|bar|tilde|vec|dot|math\w+|boldsymbol|bm|operatorname)\s*\{$")
"""What stands before a letter that is a part of a name: an accent, a subscript."""


def replaced_part(written: str, before: str) -> tuple[int, int]:
    """Where the LaTeX `before` stands in what an author wrote, as offsets; the whole where it does not stand there, or more than once.

    Spaces, braces and commas may differ: W_{j,i} stands in W_{ji} x_i. A letter is not found inside a command or before a subscript of its own.
    """
    whole = 0, len(written)
    places, spelled = _spelled(written)
    _, wanted = _spelled(before)
    if not wanted:
        return whole
    starts = [match.start() for match in re.finditer(f"(?={re.escape(wanted)})", spelled)]
    spans = [(places[start], _end(written, places[start], places[start + len(wanted) - 1] + 1)) for start in starts]
    found = [span for span in spans if _alone(written, *span)]
    return found[0] if len(found) == 1 else whole


def _end(written: str, begin: int, end: int) -> int:
    """The end with the braces that belong to what begins there."""
    while written[end : end + 1] == "}" and written[begin:end].count("{") > written[begin:end].count("}"):
        end += 1
    return end


def _spelled(latex: str) -> tuple[list[int], str]:
    """The characters that are compared, and where each of them stands."""
    left_out = {place for match in _LEFT_OUT.finditer(latex) for place in range(*match.span())}
    places = [place for place in range(len(latex)) if place not in left_out]
    return places, "".join(latex[place] for place in places)


def _alone(written: str, begin: int, end: int) -> bool:
    """Whether what stands there is a whole, and not a part of a longer name."""
    part, before, behind = written[begin:end], written[:begin], written[end:]
    if part.count("{") != part.count("}"):
        return False
    if part[0].isalnum() and _IN_A_NAME.search(before):
        return False
    if part[-1].isalpha() and behind[:1].isalpha():
        return False
    return not behind.startswith(("_", "'", "(")) and (not behind.startswith("^") or re.match(r"\^\{?(\\top|T)(?![A-Za-z])", behind) is not None)
