"""What derivcheck says of a mutant, and whether it may say so."""

from __future__ import annotations

import importlib
import random
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mutants import Mutant

from derivcheck.claims import Claim
from derivcheck.derivation import Derivation
from derivcheck.judge import judge
from derivcheck.language.printing.text import text
from derivcheck.loading import find_files, load
from derivcheck.verdict import Verdict
from derivcheck.witnesses import counterexample as counterexamples
from derivcheck.witnesses import numeric, small_dimensions
from derivcheck.witnesses.all_dimensions import Prover

CORPUS = Path(__file__).resolve().parent.parent / "corpus"
OTHER_SEEDS = (1, 2)


@dataclass(frozen=True)
class Original:
    """A proved claim, its derivation, and what gives the prover that may cite every proved claim of it (made when it is first asked for)."""

    derivation: Derivation
    claim: Claim
    prover: Callable[[], Prover]


@dataclass(frozen=True)
class Outcome:
    """The word, the time it took, and what is wrong with it; "" where nothing is.

    `missed` says where the sides differ, for a word that promises less than a proof: tested, or proved at small dimensions only.
    """

    kind: str
    word: str
    seconds: float
    wrong: str
    stated: str
    reason: str
    missed: str = ""


def originals(*, corpus: bool = True) -> Iterator[Original]:
    """Every proved claim between terms of the library and of the true corpus."""
    derivations = list(load(find_files([])).derivations)
    if corpus:
        derivations += corpus_derivations()
    for derivation in derivations:
        yield from proved_claims(derivation)


def corpus_derivations() -> list[Derivation]:
    """A derivation for every entry of the corpus of true identities."""
    if str(CORPUS) not in sys.path:
        sys.path.append(str(CORPUS))
    table = importlib.import_module("identity_table")
    modules = [importlib.import_module(file.stem) for file in sorted(CORPUS.glob("corpus_true_*.py"))]
    return [entry.derivation() for entry in table.identities(*modules) if entry.expected == "proved"]


def proved_claims(derivation: Derivation) -> Iterator[Original]:
    """The claims of a derivation that are expected to be proved, with one prover that remembers all that it proves of them."""
    claims = [claim for claim in derivation.claims if claim.expected == "proved" and claim.lhs is not None and claim.broken is None]

    @cache
    def prover() -> Prover:
        made = Prover(derivation)
        for claim in claims:
            made.remember(claim, made.prove(claim))
        return made

    yield from (Original(derivation, claim, prover) for claim in claims)


def outcome(mutant: Mutant, prover: Prover, copy: Derivation | None = None) -> Outcome:
    """The verdict on a mutant, compared with witnesses at other points than those that it was judged by."""
    copy = copy or mutant.build()
    (claim,) = copy.claims
    (verdict,) = judge(copy, advise="never")
    wrong = _wrong(claim, copy, verdict, prover if mutant.same_assumptions else None)
    weaker = not wrong and verdict.word in ("proved-small", "tested")
    missed = _differs(claim, copy, verdict.word) if weaker else ""
    return Outcome(mutant.kind, verdict.word, verdict.seconds, wrong, statement(copy), verdict.reason, missed)


def proof_outcome(mutant: Mutant, prover: Prover, copy: Derivation) -> Outcome:
    """What the index algebra alone says of a mutant, and whether floating point agrees where it is proved. Much faster than a verdict."""
    (claim,) = copy.claims
    if claim.broken is not None:
        return Outcome(mutant.kind, "ill-typed", 0.0, "", statement(copy), claim.broken)
    proof = (prover if mutant.same_assumptions else Prover(copy)).prove(claim)
    if proof.status is None:
        return Outcome(mutant.kind, "not proved", proof.seconds, "", statement(copy), proof.stopped)
    return Outcome(mutant.kind, "proved", proof.seconds, _differs(claim, copy, "proved", exact=False), statement(copy), "")


def _wrong(claim: Claim, derivation: Derivation, verdict: Verdict, prover: Prover | None) -> str:
    if claim.broken is not None:
        return "" if verdict.word == "ill-typed" else f"{verdict.word} of a claim that cannot be built"
    if verdict.word == "error":
        return f"error: {verdict.reason}"
    algebra = verdict.evidence.all_dimensions
    proved = algebra is not None and algebra.status == "agrees"
    if prover is not None:
        cited = prover.prove(claim)
        if cited.status == "agrees" and not proved and verdict.word not in ("refuted", "vacuous") and not cited.cites:
            return "proved among the other claims but not alone, and nothing is cited"
        proved = proved or cited.status == "agrees"
    if verdict.word == "refuted":
        return "refuted and proved" if proved else _cannot_be_checked(claim, derivation, verdict)
    return _differs(claim, derivation, "proved") if proved else ""


def _differs(claim: Claim, derivation: Derivation, word: str, *, exact: bool = True) -> str:
    """Where the sides of a claim that is said to be true differ at other points after all."""
    for seed in OTHER_SEEDS:
        found = numeric.witness(claim, derivation, seed)
        if found.status == "disagrees":
            return f"{word}, but the sides differ at {dict(found.dims)} by {found.error:.1e} (seed {seed})"
    if exact:
        small = small_dimensions.witness(claim, derivation, OTHER_SEEDS[0], 1.0)
        if small.status == "disagrees":
            return f"{word}, but the sides differ in exact arithmetic at {dict(small.dims)}"
    return ""


def _cannot_be_checked(claim: Claim, derivation: Derivation, verdict: Verdict) -> str:
    """Where the printed counterexample does not show what it says."""
    point = verdict.counterexample
    if point is None:
        return "refuted without a counterexample"
    try:
        sides = counterexamples.evaluate(claim, derivation, point)
    except ValueError as problem:
        return f"the counterexample cannot be evaluated: {problem}"
    if sides[0] == sides[1]:
        return f"the counterexample shows no difference: {sides}"
    return "" if sides == (point.left, point.right) else f"the counterexample evaluates to {sides}, not to {(point.left, point.right)}"


def statement(derivation: Derivation) -> str:
    """The only claim of a derivation and all that is assumed, or why it cannot be built."""
    (claim,) = derivation.claims
    if claim.lhs is None or claim.rhs is None:
        return claim.broken or ""
    given = "".join(f"; {assumption}" for assumption in derivation.assumptions)
    where = "".join(f"; {relation.left} {relation.sign} {relation.right}" for relation in claim.where)
    return f"{derivation.name}/{claim.name}: {text(claim.lhs)} = {text(claim.rhs)}{where}{given}"


def sample(items: Iterable[Mutant], count: int, seed: int) -> list[Mutant]:
    """At most `count` of the mutants, every kind of edit with the same chance."""
    source = random.Random(seed)
    by_kind: dict[str, list[Mutant]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item)
    chosen: list[Mutant] = []
    while by_kind and len(chosen) < count:
        kind = source.choice(sorted(by_kind))
        chosen.append(by_kind[kind].pop(source.randrange(len(by_kind[kind]))))
        if not by_kind[kind]:
            del by_kind[kind]
    return chosen
