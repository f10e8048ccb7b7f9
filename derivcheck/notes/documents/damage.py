r"""Mathematics that lost its backslashes: a program read \f, \b, \t, \n, \r, \v, \a as escapes, so that \frac became rac.

    repaired(source) -> (source, warnings)

What is left of \frac is "rac" behind a form feed, or "rac" alone where the control character was dropped. It is put back only in a file that
holds strong evidence of this damage inside its mathematics: a control character before the rest of a command, `egin{align}`, `rac{a}{b}`.
A product of letters looks the same as some of the rests, so only those are taken for damage that nobody writes: see `RESTS`.
In such a file the line ends \\ of an environment became "\ ", and are put back where none of them is left.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from derivcheck.notes.documents.record import SourceText
from derivcheck.verdict import Problem

CONTROLS = {"\x08": "b", "\x0c": "f", "\t": "t", "\n": "n", "\r": "r", "\x0b": "v", "\x07": "a"}
"""The characters that escapes stand for, and the letter that each of them swallowed."""

BEHIND_CONTROL = {
    "b": ("egin", "ar", "ig", "igl", "igr", "igm", "igg", "iggl", "iggr", "iggm", "oldsymbol", "eta", "inom", "ullet", "oxed", "oxtimes", "igoplus", "mod"),  # noqa: E501
    "f": ("rac", "orall", "lat"),
    "t": ("heta", "ext", "extbf", "extit", "extrm", "imes", "op", "ilde", "anh", "an", "au", "o", "ag", "frac", "binom", "riangle", "herefore"),
    "n": ("abla", "eq", "otin", "onumber"),
    "r": ("ight", "ho", "angle", "ightarrow", "ceil", "floor", "vert"),
    "v": ("ec", "dots", "arphi", "arepsilon", "artheta", "ert", "ee"),
    "a": ("lpha", "pprox", "st", "rg", "ngle"),
}  # fmt: skip
"""The rests of commands by the letter that was swallowed, where the control character is still there. A line end may be a \\r as well as a
\\n; \\nu and \\ne are not among them, because a line may begin with u or e."""

RESTS = {
    "egin": "b", "rac": "f", "ext": "t", "ar": "b", "ilde": "t", "oldsymbol": "b", "inom": "b", "extbf": "t", "extit": "t", "extrm": "t",
    "heta": "t", "imes": "t", "anh": "t", "abla": "n", "onumber": "n", "otin": "n", "ightarrow": "r", "arphi": "v", "arepsilon": "v",
    "lpha": "a", "pprox": "a", "orall": "f", "ight": "r", "op": "t", "ec": "v", "ag": "t", "ullet": "b", "herefore": "t", "dots": "v",
}  # fmt: skip
"""The rests that are taken for damage where the control character is gone, each with its letter, under the condition of `_fits`."""

WITH_GROUP = frozenset({"egin", "rac", "ext", "ar", "ilde", "oldsymbol", "inom", "extbf", "extit", "extrm", "ec"})
GLUED = ("rac", "ext", "egin", "imes")
"""Rests that letters may stand before: h_irac{…} was h_i\\frac{…}."""

_GLUED_TO_COMMAND = re.compile(r"(\\[A-Za-z]+)((?<!f)rac|(?<!t)heta)")
"""\\cdotrac{…} was \\cdot\\frac{…}; \\tfrac and \\vartheta are whole."""
_BIG = re.compile(r"(.*?)(igg?[lrm]?)")
_DELIMITER = re.compile(r"[\[\](){}|/.]|\\[{}|lr]")
_PIECE = re.compile(r"\\[A-Za-z]+|\\[^\x07\x08\x0b\x0c\t\r\n]|[\x07\x08\x0b\x0c\t\r\n]|[A-Za-z]+")
_ENVIRONMENT = re.compile(r"\{(?:align|gather|split|equation|multline|eqnarray|cases|array|[a-zA-Z]?matrix|alignat|flalign)(?:ed)?\*?\}")
_FENCE = re.compile(r"^[ \t]{0,3}(```+|~~~+)[ \t]*(\w*)", re.MULTILINE)
_MARK = re.compile(r"\\.|\$\$|\$|\n[ \t]*\r?\n(?!(?:abla|eq|otin|ight|ho|angle)(?![A-Za-z]))|(?<![A-Za-z\\])egin\{", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Loss:
    """One place where characters were lost, and what is put there. `command` names it for the warning; `certain` ones are evidence."""

    start: int
    end: int
    replacement: str
    command: str
    certain: bool


def repaired(source: SourceText) -> tuple[SourceText, tuple[Problem, ...]]:
    """The text with its lost characters put back, and a warning that says so. Undamaged text is returned as it is."""
    losses = [loss for start, end in mathematics(source.text) for loss in _losses(source.text, start, end)]
    if not any(loss.certain for loss in losses):
        return source, ()
    # a line end before a lost command is a part of that loss
    known = {loss.start for loss in losses}
    ends = (loss for start, end in mathematics(source.text) for loss in _line_ends(source.text, start, end))
    found = sorted((*losses, *(loss for loss in ends if loss.start not in known)), key=lambda loss: loss.start)
    counts = Counter(loss.command for loss in found).most_common()
    listed = ", ".join(f"{command} {'once' if count == 1 else f'{count} times'}" for command, count in counts)
    message = (
        "characters of its mathematics are lost: a program took \\f, \\b, \\t, \\n, \\r for escapes, so that \\frac became rac. "
        f"These were put back: {listed}. The first is here; what is lost without a trace is not put back"
    )
    warning = Problem(str(source.place(found[0].start)), message, "unsupported", what="the document was damaged when it was copied")
    return edited(source, found), (warning,)


def edited(source: SourceText, losses: Sequence[Loss]) -> SourceText:
    """The text with the replacements of losses, which ascend and do not overlap. Its places stay those of the file."""
    parts: list[str] = []
    origin: list[tuple[int, int]] = []
    length = done = 0
    for loss in (*losses, Loss(len(source.text), len(source.text), "", "", False)):
        origin.append((length, done))
        parts += (source.text[done : loss.start], loss.replacement)
        length += loss.start - done
        if loss.replacement:
            origin.append((length, loss.start))
        length += len(loss.replacement)
        done = loss.end
    return source.derived("".join(parts), origin)


def mathematics(text: str) -> Iterator[tuple[int, int]]:
    """The spans of mathematics of Markdown whose commands may be damaged, in order. Code is none, except for fences of `math`."""
    position = 0
    for start, end, language in _fences(text):
        yield from _marked(text, position, start)
        if language == "math":
            yield start, end
        position = end
    yield from _marked(text, position, len(text))


def _fences(text: str) -> Iterator[tuple[int, int, str]]:
    """Fenced blocks: start, end, language. One that is never closed ends with the text."""
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence[1].startswith(opened[1]) and not fence[2]:
            yield opened.start(), fence.end(), opened[2]
            opened = None
    if opened is not None:
        yield opened.start(), len(text), opened[2]


def _marked(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans between $…$, $$…$$, \\(…\\), \\[…\\] and from a damaged \\begin on; an inline one does not cross a blank line."""
    opened = ""
    begin = start
    for mark in _MARK.finditer(text, start, end):
        sign = mark[0]
        if not opened:
            if sign in ("$", "$$", "\\(", "\\[", "egin{"):
                opened, begin = sign, mark.end() - (len(sign) if sign == "egin{" else 0)
            continue
        blank = sign.startswith("\n")
        closed = sign == {"\\(": "\\)", "\\[": "\\]"}.get(opened, opened)
        if closed or blank:
            if closed or opened in ("$$", "\\[", "egin{"):
                yield begin, mark.start()
            opened = ""
        elif sign == "$$" and opened == "$":
            # a lone $ before a display
            opened, begin = sign, mark.end()
    if opened and opened != "$":
        yield begin, end


def _losses(text: str, start: int, end: int) -> Iterator[Loss]:
    control: re.Match[str] | None = None
    for piece in _PIECE.finditer(text, start, end):
        found = piece[0]
        if found in CONTROLS:
            control = piece
        elif found[0] == "\\":
            glued = _GLUED_TO_COMMAND.fullmatch(found)
            if glued is not None and (glued[2] == "heta" or text.startswith("{", piece.end())):
                restored = f"\\{RESTS[glued[2]]}{glued[2]}"
                yield Loss(piece.start() + glued.start(2), piece.end(), restored, restored, False)
        else:
            adjacent = control if control is not None and control.end() == piece.start() else None
            loss = (_behind_control(text, piece, adjacent, start, end) if adjacent is not None else None) or _loss(text, piece, end)
            if loss is not None:
                yield loss


def _behind_control(text: str, run: re.Match[str], control: re.Match[str], start: int, end: int) -> Loss | None:
    """The command of which a run of letters behind a control character is the rest. White space alone is no evidence."""
    letters, sign = run[0], control[0]
    swallowed = next((letter for letter in ("nr" if sign == "\n" else CONTROLS[sign]) if letters in BEHIND_CONTROL[letter]), "")
    if not swallowed or (letters in WITH_GROUP and not _fits(text, letters, run, end)):
        return None
    if sign == "\t" and _indents(text, control.start()):
        return None
    certain = sign not in "\t\n\r"
    before = text[max(start, control.start() - 2) : control.start()]
    if before.endswith("\\") and before != "\\\\":
        # the line end before it is lost as well: \\\frac
        return Loss(control.start() - 1, run.end(), f"\\\\\\{swallowed}{letters}", f"\\{swallowed}{letters}", certain)
    return Loss(control.start(), run.end(), f"\\{swallowed}{letters}", f"\\{swallowed}{letters}", certain)


def _indents(text: str, position: int) -> bool:
    """Whether only white space stands before a tab in its line."""
    while position > 0 and text[position - 1] in " \t":
        position -= 1
    return position == 0 or text[position - 1] in "\n\r"


def _loss(text: str, run: re.Match[str], end: int) -> Loss | None:
    """The command of which a run of letters is the rest where nothing else is left of it."""
    letters = run[0]
    rest = letters if letters in RESTS else next((rest for rest in GLUED if letters.endswith(rest)), "")
    if rest and not letters.endswith(RESTS[rest] + rest) and _fits(text, rest, run, end):
        certain = letters == rest and _certain(text, rest, run.end(), end)
        return Loss(run.end() - len(rest), run.end(), f"\\{RESTS[rest]}{rest}", f"\\{RESTS[rest]}{rest}", certain)
    big = _BIG.fullmatch(letters)
    if big is not None and _DELIMITER.match(text, run.end(), end):
        return Loss(run.start() + len(big[1]), run.end(), f"\\b{big[2]}", f"\\b{big[2]}", False)
    return None


def _fits(text: str, rest: str, run: re.Match[str], end: int) -> bool:
    """Whether what stands beside the rest is what stands beside the command."""
    position = run.end()
    if rest == "egin":
        return _ENVIRONMENT.match(text, position, end) is not None
    if rest == "ag":
        return re.compile(r"\{[\w.*']+\}").match(text, position, end) is not None
    if rest in WITH_GROUP:
        return text.startswith("{", position)
    if rest == "ight":
        return _DELIMITER.match(text, position, end) is not None
    if rest == "op":
        # only a transpose: elsewhere it may be the product of o and p
        return text[max(run.start() - 8, 0) : run.start()].rstrip("{ \t").endswith("^")
    return True


def _certain(text: str, rest: str, position: int, end: int) -> bool:
    """Whether nobody writes this on purpose: an environment, or both groups of a fraction."""
    if rest == "egin":
        return True
    if rest != "rac":
        return False
    depth = 0
    for place in range(position, min(end, position + 400)):
        depth += {"{": 1, "}": -1}.get(text[place], 0)
        if depth == 0:
            return text[place + 1 : place + 8].lstrip().startswith("{")
    return False


def _line_ends(text: str, start: int, end: int) -> Iterator[Loss]:
    """The line ends of a span with an environment that has lost all of them."""
    content = text[start:end]
    if "\\\\" in content or "egin{" not in content:
        return
    for found in re.finditer(r"\\(?=[ \n&]|\r\n)", content):
        yield Loss(start + found.start(), start + found.end(), "\\\\", "\\\\", False)
