"""Names as notes write them: a symbol with labels in its scripts, some of which may be slots.

z^{[3,i]} is the symbol z with the superscript label [3, ·] and a slot i; W_{k+1} is W with the label k+1. What a name does not take of the
scripts (further subscripts, a transpose, a power) belongs to the thing that it names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from derivcheck.notes.syntax import Addition, Bracketed, Node, Numeral, Scripted, Sequence, Symbol, Word

Target = TypeVar("Target")

BOLD = frozenset({"\\mathbf", "\\boldsymbol", "\\bm", "\\mathbfit", "\\pmb"})
_GREEK = dict(
    zip(
        ["alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "varphi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega", "ell"],  # noqa: E501
        "αβγδεεζηθικλμνξπρστυφφχψωΓΔΘΛΞΠΣΥΦΨΩℓ", strict=True,
    )
)  # fmt: skip
_ACCENTS = {
    "hat": "\u0302",
    "widehat": "\u0302",
    "tilde": "\u0303",
    "widetilde": "\u0303",
    "bar": "\u0304",
    "overline": "\u0304",
    "dot": "\u0307",
    "ddot": "\u0308",
}


@dataclass(frozen=True, slots=True)
class Name:
    """A name: its base symbol and vector mark, and the labels that belong to it."""

    base: str
    mark: str
    subs: tuple[Node, ...]
    sups: tuple[Node, ...]
    primes: int = 0

    @property
    def labels(self) -> int:
        """How many labels and primes it has: of several names that fit, the one with the most is meant."""
        return sum(map(_count, (*self.subs, *self.sups))) + self.primes


@dataclass(frozen=True, slots=True)
class Match(Generic[Target]):
    """What a written symbol names: the target, what stands in its slots, and the scripts that the name does not take."""

    target: Target
    captured: dict[str, Node]
    subs: tuple[Node, ...]
    sups: tuple[Node, ...]
    primes: int


def name_of(node: Node) -> Name | None:
    """The name that a symbol with scripts is, all of its scripts being labels; None for anything else."""
    core, subs, sups, primes = split(node)
    if isinstance(core, Symbol):
        return Name(core.name, core.mark, subs, sups, primes)
    if isinstance(core, Word):
        return Name(core.name, "", subs, sups, primes)
    return None


def split(node: Node) -> tuple[Node, tuple[Node, ...], tuple[Node, ...], int]:
    """The core and its scripts; \\underline{a_i}_j has the subscripts i and j."""
    if not isinstance(node, Scripted):
        return node, (), (), 0
    core, subs, sups, primes = split(node.core)
    if not isinstance(core, (Symbol, Word)):
        # {(w_{ij})_{ij}}_k is an entry of a matrix and no tensor of three axes
        return node.core, node.subs, node.sups, node.primes
    return core, (*subs, *node.subs), (*sups, *node.sups), primes + node.primes


class Names(Generic[Target]):
    """The declared names, and what they stand for."""

    def __init__(self) -> None:
        self._by_base: dict[str, list[tuple[Name, frozenset[str], Target]]] = {}

    def add(self, name: Name, slots: frozenset[str], target: Target) -> None:
        """Declare a name; `slots` are the keys of those of its labels that stand for any index."""
        entries = self._by_base.setdefault(name.base, [])
        entries.append((name, slots, target))
        entries.sort(key=lambda entry: (-entry[0].labels, len(entry[1])))

    def find(self, node: Node) -> Match[Target] | None:
        """What a written symbol names, the longest name first; None where nothing of that name is declared."""
        core, subs, sups, primes = split(node)
        if not isinstance(core, (Symbol, Word)):
            return None
        mark = core.mark if isinstance(core, Symbol) else ""
        entries = self._by_base.get(core.name, [])
        same_mark = [entry for entry in entries if entry[0].mark == mark]
        for name, slots, target in (*same_mark, *(entry for entry in entries if entry[0].mark != mark)):
            captured: dict[str, Node] = {}
            if name.primes <= primes and _fits(name.subs, subs, slots, captured) and _fits(name.sups, sups, slots, captured):
                return Match(target, captured, subs[len(name.subs) :], sups[len(name.sups) :], primes - name.primes)
        return None

    def is_label(self, key: str) -> bool:
        """Whether this is part of the labels of a name, such as k of W_{k+1}, and in none of them a slot."""
        entries = [(name, slots) for entries in self._by_base.values() for name, slots, _ in entries]
        labels = {part for name, slots in entries for label in (*name.subs, *name.sups) if label.key not in slots for part in _parts(label)}
        return key in labels and not any(key in slots for _, slots in entries)

    def exact(self, name: Name) -> Target | None:
        """The target declared under exactly this name."""
        for known, _, target in self._by_base.get(name.base, []):
            if _same(known, name):
                return target
        return None

    def has_label(self, label: Node, base: str | None = None) -> bool:
        """Whether some name (of this base) has a superscript label like this one: a number, or a number in such brackets."""
        names = (name for entries in (self._by_base.values() if base is None else [self._by_base.get(base, [])]) for name, _, _ in entries)
        return any(_is_alike(sup, label) for name in names for sup in name.sups)


def _same(one: Name, other: Name) -> bool:
    def keys(nodes: tuple[Node, ...]) -> list[str]:
        return [node.key for node in nodes]

    return one.mark == other.mark and one.primes == other.primes and keys(one.subs) == keys(other.subs) and keys(one.sups) == keys(other.sups)


def _fits(labels: tuple[Node, ...], written: tuple[Node, ...], slots: frozenset[str], captured: dict[str, Node]) -> bool:
    return len(labels) <= len(written) and all(_unifies(label, node, slots, captured) for label, node in zip(labels, written, strict=False))


def _unifies(label: Node, node: Node, slots: frozenset[str], captured: dict[str, Node]) -> bool:
    if label.key in slots:
        captured[label.key] = node
        return True
    if isinstance(label, Bracketed) and isinstance(node, Bracketed) and label.opening == node.opening:
        return _unifies(label.body, node.body, slots, captured)
    if isinstance(label, Sequence) and isinstance(node, Sequence) and len(label.items) == len(node.items):
        return all(_unifies(one, other, slots, captured) for one, other in zip(label.items, node.items, strict=True))
    return label.key == node.key


def _parts(node: Node) -> Iterator[str]:
    """The symbols of a label: k of k + 1."""
    if isinstance(node, Bracketed):
        yield from _parts(node.body)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _parts(item)
    elif isinstance(node, Addition):
        for _, part in node.parts:
            yield from _parts(part)
    else:
        yield node.key


def _is_alike(one: Node, other: Node) -> bool:
    """Whether both are numbers, or brackets of one kind."""
    if isinstance(one, Bracketed) and isinstance(other, Bracketed):
        return one.opening == other.opening
    return isinstance(one, Numeral) and isinstance(other, Numeral)


def _count(node: Node) -> int:
    if isinstance(node, Bracketed):
        return _count(node.body)
    return sum(map(_count, node.items)) if isinstance(node, Sequence) else 1


def readable(name: Name) -> str:
    """The name as a report prints it: W^[3], ŷ^(i), n_(k+1)."""
    below = ",".join(plain(node.key) for node in name.subs)
    if below:
        whole = len(below) == 1 or below.isdigit() or below.replace(",", "").isalpha()
        below = f"_{below.replace(',', '') if whole else f'({below})'}"
    above = "".join(plain(node.key) for node in name.sups)
    return f"{plain(name.base)}{chr(39) * name.primes}{below}{f'^{above}' if above else ''}"


def plain(key: str) -> str:
    """A key without commands: Greek letters, accents and script letters in Unicode."""
    text = re.sub(r"\\(hat|widehat|tilde|widetilde|bar|overline|ddot|dot)\{((?:\\[a-zA-Z]+)?[^{}]*)\}", _accented, key)
    text = re.sub(r"\\(?:mathcal|mathbb|mathbf|mathscr|mathfrak|mathsf)\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\\([a-zA-Z]+)", lambda match: _GREEK.get(match[1], match[1]), text)
    return text.replace("{", "").replace("}", "").replace("\\", "")


def _accented(match: re.Match[str]) -> str:
    inner = plain(match[2])
    return unicodedata.normalize("NFC", inner + _ACCENTS[match[1]])
