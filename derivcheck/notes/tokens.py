"""TeX mathematics as tokens with exact offsets. White space and comments separate tokens and are dropped."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal, NamedTuple

Kind = Literal["command", "letter", "number", "open", "close", "sup", "sub", "align", "newline", "prime", "char", "end"]


class Token(NamedTuple):
    """One token: its kind, its text (a command with its backslash) and where it stands in the file's text."""

    kind: Kind
    text: str
    start: int
    end: int


_PATTERN = re.compile(
    r"""(?P<space>(?:\s|%[^\n]*)+)
    |(?P<newline>\\\\\*?(?:\[[ ]*-?[0-9.]+[ ]*(?:pt|em|ex|cm|mm|in|ex)[ ]*\])?)
    |(?P<command>\\(?:[a-zA-Z]+|.|$))
    |(?P<number>[0-9]+(?:\.[0-9]+)?)
    |(?P<letter>[^\W\d_])
    |(?P<char>.)""",
    re.VERBOSE | re.DOTALL,
)
_KINDS: dict[str, Kind] = {"{": "open", "}": "close", "^": "sup", "_": "sub", "&": "align", "'": "prime", "’": "prime", "′": "prime"}
_COMMANDS = {
    "∂": "partial", "∇": "nabla", "⊗": "otimes", "⊙": "odot", "∘": "circ", "·": "cdot", "⋅": "cdot", "×": "times", "≠": "neq", "≤": "leq", "≥": "geq",
    "∈": "in", "∑": "sum", "Σ": "Sigma", "∏": "prod", "⊤": "top", "≡": "equiv", "→": "to", "…": "dots", "∀": "forall", "ℓ": "ell", "∴": "therefore",
    "∵": "because", "‖": "|", "ℝ": "mathbb{R}",
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa",
    "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ": "chi",
    "ψ": "psi", "ω": "omega", "Γ": "Gamma", "Δ": "Delta", "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega",
}  # fmt: skip
_CHARACTERS = {"−": "-", "∗": "*", "∣": "|"}
_ACCENTS = {"\u0302": "\\hat", "\u0303": "\\tilde", "\u0304": "\\bar", "\u0307": "\\dot"}


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """The tokens of text[start:end]. Everything is a token: what makes no sense is for the parser to say."""
    tokens: list[Token] = []
    append = tokens.append
    for match in _PATTERN.finditer(text, start, len(text) if end is None else end):
        kind = match.lastgroup
        if kind == "space":
            continue
        written, first, last = match.group(), match.start(), match.end()
        if kind == "char" or kind == "letter":
            known = _KINDS.get(written)
            if known is not None:
                append(Token(known, written, first, last))
            elif written.isascii():
                append(Token("letter" if kind == "letter" else "char", written, first, last))
            else:
                tokens += _unicode(written, first, last)
        else:
            append(Token(kind, written, first, last))  # type: ignore[arg-type]
    return tokens


def _unicode(character: str, start: int, end: int) -> list[Token]:
    """A character that stands for a command, a letter with an accent, or itself."""
    if character == "ℝ":
        spelled = (("command", "\\mathbb"), ("open", "{"), ("letter", "R"), ("close", "}"))
        return [Token(kind, written, start, end) for kind, written in spelled]  # type: ignore[arg-type]
    if character in _COMMANDS:
        return [Token("command", f"\\{_COMMANDS[character]}", start, end)]
    if character in _CHARACTERS:
        return [Token("char", _CHARACTERS[character], start, end)]
    parts = unicodedata.normalize("NFD", character)
    if len(parts) == 2 and parts[1] in _ACCENTS:
        return [Token("command", _ACCENTS[parts[1]], start, end), Token("letter", parts[0], start, end)]
    return [Token("letter" if character.isalpha() else "char", character, start, end)]
