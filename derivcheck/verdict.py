"""Verdicts: the words, the evidence behind them, and the report. Every writer receives these; only the judge makes them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from derivcheck.claims import Claim, Entered, Recursion, Word
from derivcheck.derivation import Derivation

WORDS: tuple[Word, ...] = get_args(Word)

HOLDING: tuple[Word, ...] = ("proved", "proved-small", "tested")
"""Words that no point contradicts."""

WRONG: tuple[Word, ...] = ("refuted", "ill-typed")
"""Words that say that a line does not hold as it is written."""

SILENT: tuple[Word, ...] = ("unsupported", "undecided", "error")
"""Words that say nothing of the formula."""

Status = Literal["agrees", "disagrees"]


class ForgedVerdict(RuntimeError):
    """A verdict was made whose evidence does not support its word."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition of a claim: what must hold, and whether it does. `Unknown` ones are printed as obligations."""

    text: str
    state: Literal["holds", "fails", "unknown"]


@dataclass(frozen=True, slots=True)
class AllDimensions:
    """What the index algebra found. `agrees` is a proof for every dimension; it never says `disagrees`.

    `stopped` says why there is no proof, `leftover` the difference that remained.
    `lhs`, `rhs` are the normal forms in index notation, of the entry at `entry`. `collected`: the conditions of the written terms could be listed.
    """

    status: Status | None
    rules: tuple[str, ...] = ()
    axioms: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    cites: tuple[str, ...] = ()
    lhs: str = ""
    rhs: str = ""
    leftover: str = ""
    stopped: str = ""
    seconds: float = 0.0
    collected: bool = True
    entry: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SmallDimensions:
    """What exact arithmetic on explicit SymPy matrices found at the listed dimensions.

    `sampled`: not every entry was decided, so agreement supports but does not prove. `doubtful` names an entry whose difference has a
    nonzero normal form, although no point with a difference was found.
    """

    status: Status | None
    dims: tuple[tuple[str, int], ...] = ()
    entries: int = 0
    sampled: bool = False
    stopped: str = ""
    seconds: float = 0.0
    doubtful: str = ""


@dataclass(frozen=True, slots=True)
class OwnSize:
    """A gradient at the size at which its network is trained, along random directions of the variable.

    `error` is the largest relative difference between the right side and complex-step directional derivatives of the forward
    computation, `reference_error` that from the reference network, None where the claim names none.
    """

    dims: tuple[tuple[str, int], ...]
    directions: int
    error: float
    reference_error: float | None


@dataclass(frozen=True, slots=True)
class Numeric:
    """What floating point found at points that meet the assumptions and conditions. `inadmissible` names what no point could meet.

    `faint`: at every point both sides are negligible beside the numbers they are computed from, so that agreement shows nothing by itself.
    """

    status: Status | None
    points: int = 0
    entries: int = 0
    error: float = 0.0
    dims: tuple[tuple[str, int], ...] = ()
    backprop: bool = False
    inadmissible: tuple[str, ...] = ()
    stopped: str = ""
    seconds: float = 0.0
    own_size: OwnSize | None = None
    faint: bool = False


@dataclass(frozen=True, slots=True)
class Counterexample:
    """A point where the sides differ, in a form that anyone can re-evaluate.

    `values` maps each symbol to its entries, printed exactly; `indices` the free indices and the entry; `left` and `right` both
    sides there, exact, or as an interval that excludes equality (`exact` says which).
    """

    dims: tuple[tuple[str, int], ...]
    values: tuple[tuple[str, str], ...]
    indices: tuple[tuple[str, int], ...]
    entry: tuple[int, ...]
    left: str
    right: str
    exact: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """What a wrong line may teach. It rests on the verdict, and the verdict never on it.

    mistake, detail, why     what was probably done, what exactly ("2 is missing") where the name does not say it, and how that comes about
    right_side               the nearest right side that makes the line true, which was proved; `before` became `after` in it
    before_latex             what is replaced, in LaTeX
    assumption               what makes the line true as it stands
    computed                 the derivative that the algebra computed, where no right side was found; in LaTeX, too, where it is a matrix formula
    only_left, only_right    of two sums, the terms that the other one does not have
    """

    mistake: str = ""
    detail: str = ""
    why: str = ""
    right_side: str = ""
    right_side_latex: str = ""
    before: str = ""
    after: str = ""
    before_latex: str = ""
    assumption: str = ""
    computed: str = ""
    computed_latex: str = ""
    only_left: tuple[str, ...] = ()
    only_right: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The three witnesses of one claim; None where one did not run (then `Verdict.reason` says why)."""

    all_dimensions: AllDimensions | None = None
    small_dimensions: SmallDimensions | None = None
    numeric: Numeric | None = None


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One honest word on one claim, and what it rests on. Raises ForgedVerdict where the evidence does not support the word."""

    id: str
    derivation: str
    claim: str
    source: str
    place: str
    kind: str
    layout: str
    lhs: str
    rhs: str
    lhs_latex: str
    rhs_latex: str
    judged_as: str
    word: Word
    expected: Word
    as_expected: bool
    reason: str
    trivial: bool
    evidence: Evidence
    axioms: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    cites: tuple[str, ...] = ()
    counterexample: Counterexample | None = None
    note: str = ""
    seconds: float = 0.0
    author: str = ""
    written: str = ""
    written_right: str = ""
    other_readings: tuple[tuple[str, Word], ...] = ()
    advice: Advice | None = None
    in_chain: str = ""
    """Of a wrong step: what it means for the rest of its chain."""

    def __post_init__(self) -> None:
        if self.kind == "definition":
            raise ForgedVerdict("a definition has no verdict")
        evidence = self.evidence
        algebra, small, numeric = evidence.all_dimensions, evidence.small_dimensions, evidence.numeric
        agreeing_point = numeric is not None and numeric.status == "agrees" and numeric.points > 0
        exact = small is not None and small.status == "agrees" and not small.sampled
        disagreement = any(witness is not None and witness.status == "disagrees" for witness in (algebra, small, numeric))
        if self.word not in WORDS:
            raise ForgedVerdict(f"{self.word!r} is not a verdict")
        if self.word in HOLDING and disagreement:
            raise ForgedVerdict(f"{self.word} against a witness that disagrees")
        if self.word == "proved" and not (algebra is not None and algebra.status == "agrees" and agreeing_point):
            raise ForgedVerdict("proved without the algebra or without an agreeing point")
        if self.word == "proved" and any(condition.state == "fails" for condition in self.conditions):
            raise ForgedVerdict("proved under a condition that fails")
        if self.word == "proved-small" and not exact:
            raise ForgedVerdict("proved-small without an exact decision of every entry")
        if self.word == "tested" and not (agreeing_point or (small is not None and small.status == "agrees")):
            raise ForgedVerdict("tested without an agreeing point")
        if self.word == "refuted" and self.counterexample is None:
            raise ForgedVerdict("refuted without a point that can be re-evaluated")

    @property
    def otherwise(self) -> tuple[str, ...]:
        """The other readings in which the word would be another one in a way that matters: read …, it would be ill-typed."""
        return otherwise(self.word, self.other_readings)

    def __bool__(self) -> bool:
        raise TypeError("a verdict is neither true nor false: compare its word, for example verdict.word == 'proved'")

    def __str__(self) -> str:
        reason = f" ({self.reason})" if self.reason else ""
        return f"{self.word}: {self.judged_as or f'{self.lhs} = {self.rhs}'}{reason}"


def otherwise(word: Word, other_readings: Sequence[tuple[str, Word]]) -> tuple[str, ...]:
    """The other readings whose word differs from this one in a way that matters, as sentences.

    Words that no point contradicts are alike; words that say nothing of the formula differ from none.
    """
    if word in SILENT:
        return ()
    differing = [(text, other) for text, other in other_readings if other not in SILENT and other != word and not {word, other} <= {*HOLDING}]
    return tuple(f"read {text} it would be {other}" for text, other in differing)


@dataclass(frozen=True)
class Problem:
    """Something that stopped a whole file or derivation, because it raised, hung, or could not be read; or, as a warning, that did not.

    `what` happened, in a few words; `message` says it in full.
    """

    place: str
    message: str
    word: Word = "error"
    what: str = "a derivation file could not be read to its end"


@dataclass(frozen=True)
class Report:
    """The verdicts of several derivations, in order, and the problems of the files that could not be read.

    `warnings` are shown and count as no failure.
    """

    derivations: tuple[Derivation, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    problems: tuple[Problem, ...] = ()
    seconds: float = field(default=0.0)
    warnings: tuple[Problem, ...] = ()

    @property
    def entered(self) -> list[tuple[Derivation, Entered]]:
        """The definitions that are listed among the claims. They have no verdict."""
        return [(derivation, entered) for derivation in self.derivations for entered in derivation.entered]

    def counts(self) -> dict[Word, int]:
        """How many claims (and problems) have each word, in the fixed order of words."""
        words = [verdict.word for verdict in self.verdicts] + [problem.word for problem in self.problems]
        return {word: words.count(word) for word in WORDS}

    @property
    def unexpected(self) -> Sequence[Verdict]:
        """The verdicts that are not the expected ones."""
        return [verdict for verdict in self.verdicts if not verdict.as_expected]

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self.verdicts)

    def __len__(self) -> int:
        return len(self.verdicts)

    @property
    def unproved_recursions(self) -> list[Recursion]:
        """The recursions of which base or step is not proved."""
        recursions = [joined for derivation in self.derivations for joined in derivation.recursions]
        return [joined for joined in recursions if any(self.word_of(claim) != "proved" for claim in (joined.base, joined.step))]

    def word_of(self, claim: Claim) -> Word | None:
        """The word on a claim of any of the derivations; None where it was not judged."""
        for derivation in self.derivations:
            if any(stated is claim for stated in derivation.claims):
                return next((verdict.word for verdict in self.of(derivation.name) if verdict.claim == claim.name), None)
        return None

    @property
    def as_expected(self) -> bool:
        """Whether every file was read, every verdict is the expected one, and every recursion is proved."""
        return not (self.problems or self.unexpected or self.unproved_recursions)

    def of(self, derivation: str) -> Sequence[Verdict]:
        """The verdicts of one derivation."""
        return [verdict for verdict in self.verdicts if verdict.derivation == derivation]

    def __getitem__(self, claim: str) -> Verdict:
        """The verdict of a claim by its name or id. Raises KeyError for an unknown one."""
        for verdict in self.verdicts:
            if claim in (verdict.claim, verdict.id):
                return verdict
        raise KeyError(claim)
