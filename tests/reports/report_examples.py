"""Reports made by hand: one claim for each verdict, so that every report is tested on every word."""

from __future__ import annotations

from dataclasses import replace

from derivcheck import Condition, Counterexample, Derivation, Problem, Report, Source, Verdict
from derivcheck.claims import Claim
from derivcheck.verdict import AllDimensions, Evidence, Numeric, SmallDimensions

PROOF = AllDimensions("agrees", rules=("delta", "chain rule"), axioms=("exp",), lhs="z[i]", rhs="z[i]", cites=("entries",), seconds=0.001)
NO_PROOF = AllDimensions(None, stopped="no rule for it", leftover="x - y", lhs="x", rhs="y")
EXACT = SmallDimensions("agrees", (("K", 3),), 9, seconds=0.02)
SAMPLED = SmallDimensions("agrees", (("K", 3),), 64, sampled=True, seconds=0.02)
POINTS = Numeric("agrees", points=8, entries=24, error=3e-16, dims=(("K", 3),), seconds=0.01)
DIFFER = Numeric("disagrees", points=8, entries=24, error=float("inf"), dims=(("K", 3),))
POINT = Counterexample((("K", 2),), (("z", "[0; 1/2]"),), (("i", 1),), (1, 2), "1/4", "-1/4", True)

EVIDENCE = {
    "proved": Evidence(PROOF, EXACT, POINTS),
    "proved-small": Evidence(NO_PROOF, EXACT, POINTS),
    "tested": Evidence(NO_PROOF, SAMPLED, POINTS),
    "refuted": Evidence(NO_PROOF, None, DIFFER),
    "ill-typed": Evidence(),
    "vacuous": Evidence(PROOF, None, Numeric(None, inadmissible=("Σ y = 1",), stopped="no admissible point")),
    "unsupported": Evidence(),
    "undecided": Evidence(NO_PROOF, SmallDimensions(None, stopped="out of time"), None),
    "error": Evidence(),
}


def verdict(derivation: Derivation, claim: Claim, word: str, **changes: object) -> Verdict:
    """A verdict with the word, on evidence that supports it."""
    made = Verdict(
        id=f"{derivation.name}/{claim.name}",
        derivation=derivation.name,
        claim=claim.name,
        source=str(derivation.source),
        place="notes/example.py:7",
        kind="identity",
        layout="numerator",
        lhs="∂s[i]/∂z[j]",
        rhs="s[i] (δ[i,j] - s[j])",
        lhs_latex="",
        rhs_latex="",
        judged_as="for all K ≥ 1: …",
        word=word,
        expected=word,
        as_expected=True,
        reason="" if word in ("proved", "refuted") else f"why it is {word}",
        trivial=False,
        evidence=EVIDENCE[word],
        counterexample=POINT if word == "refuted" else None,
        seconds=0.0123,
    )
    return replace(made, **changes)


def one_of_each() -> Report:
    """A report on a derivation with one claim for each word, all as expected, and without problems."""
    d = Derivation("example", layout="numerator", source=Source("Author 2020", "(1)"), title="An example")
    x = d.scalar("x")
    d.let("square", x**2)
    verdicts = []
    for word in EVIDENCE:
        claim = d.claim(f"{word} claim", x, x)
        verdicts.append(verdict(d, claim, word))
    return Report((d,), tuple(verdicts), (), 0.5)


def report_on(word: str, problems: tuple[Problem, ...] = (), **changes: object) -> Report:
    """A report on a single claim with this verdict."""
    d = Derivation("example", layout="numerator", source=Source("Author 2020", "(1)"))
    x = d.scalar("x")
    return Report((d,), (verdict(d, d.claim("a claim", x, x), word, **changes),), problems, 0.5)


RAISED = Problem("notes/broken.py:3", "the file raised KeyError: 'K'")
MISFIT = Problem("notes/broken.py:9", "cannot add n × 1 and 1 × n", "ill-typed")
OPEN = (Condition("x ≠ 0", "unknown"), Condition("Σ_i exp(z[i]) > 0", "holds"))
