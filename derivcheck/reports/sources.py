"""What became of the claims of each source, where a report is on several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from derivcheck.verdict import WRONG, Report, Verdict


@dataclass(frozen=True, slots=True)
class SourceCount:
    """The claims and definitions of one author. The counts from `proved` to `other` add up to `claims`.

    `wrong_as_expected` are those refuted or ill-typed that were expected to be, `other` is everything that has no place of its own.
    """

    author: str
    claims: int
    definitions: int
    proved: int
    proved_small: int
    wrong_as_expected: int
    unsupported: int
    other: int


def by_source(report: Report) -> tuple[SourceCount, ...]:
    """The counts of every author, in the order in which they appear."""
    claims: dict[str, list[Verdict]] = {}
    definitions: dict[str, int] = {}
    for verdict in report.verdicts:
        claims.setdefault(verdict.author, []).append(verdict)
    for derivation, entered in report.entered:
        author = (entered.source or derivation.source).author
        definitions[author] = definitions.get(author, 0) + 1
    return tuple(_count(author, claims.get(author, []), definitions.get(author, 0)) for author in dict.fromkeys((*claims, *definitions)))


def _count(author: str, verdicts: Sequence[Verdict], definitions: int) -> SourceCount:
    words = [verdict.word for verdict in verdicts]
    wrong = sum(verdict.as_expected for verdict in verdicts if verdict.word in WRONG)
    proved, small, unsupported = (words.count(word) for word in ("proved", "proved-small", "unsupported"))
    return SourceCount(
        author, len(words), definitions, proved, small, wrong, unsupported, len(words) - proved - small - wrong - unsupported
    )  # fmt: skip
