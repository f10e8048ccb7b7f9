"""Every layer of a network in numerator layout, and vec of a product: verdicts, citations, and wrong variants."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace as Symbols

import pytest
from wrong_variants import Wrong, symbols_of, verdicts_of

from derivcheck import D, elementwise, hadamard, kron, vec
from derivcheck.claims import Side, Word
from derivcheck.layers import Recursion

FILES = ("voros_every_depth", "voros_explicit_matrices")
CLAIMS = [f"{claim}, {layer}" for claim in "234" for layer in ("last layer", "layer k")]


# as expected --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", FILES)
def test_every_claim_is_as_expected(name: str) -> None:
    told = [f"{verdict.claim}: {verdict.word}, {verdict.reason} {verdict.assumptions}" for verdict in verdicts_of(name) if not verdict.as_expected]
    assert told == []


def test_what_is_proved_needs_no_assumption_and_no_condition() -> None:
    proved = [verdict for verdict in verdicts_of("voros_every_depth") if verdict.word == "proved"]
    assert proved
    assert [verdict.claim for verdict in proved if verdict.assumptions or verdict.conditions] == []


def test_the_numbered_claims_are_proved() -> None:
    words = {verdict.claim: verdict.word for verdict in verdicts_of("voros_every_depth")}
    assert {claim: words.get(claim) for claim in CLAIMS} == dict.fromkeys(CLAIMS, "proved")


def test_the_explicit_matrices_agree_at_their_sizes() -> None:
    assert {verdict.claim: verdict.word for verdict in verdicts_of("voros_explicit_matrices")} == dict.fromkeys(
        ("3, explicit matrices", "4, explicit matrices"), "proved-small"
    )


def test_errata() -> None:
    assert {erratum.name for erratum in symbols_of("voros_every_depth").d.errata} == {"the weights of the layer itself"}


def test_the_recursion_joins_the_last_layer_to_a_generic_one() -> None:
    symbols = symbols_of("voros_every_depth")
    gradients: Recursion = symbols.gradients
    words = {verdict.claim: verdict.word for verdict in verdicts_of("voros_every_depth")}
    assert (words[gradients.base.name], words[gradients.step.name]) == ("proved", "proved")
    assert symbols.k.lowest == 1
    assert symbols.k.to_last == -1


# wrong variants -----------------------------------------------------------------------------------------------------
def product(mistake: str, word: Word, right: Callable[[Symbols], Side]) -> Wrong:
    """About vec(ABC)."""
    return Wrong(f"vec(ABC): {mistake}", "vec_of_a_product", lambda s: vec(s.A @ s.B @ s.C), right, word)


def square_product(mistake: str, word: Word, right: Callable[[Symbols], Side]) -> Wrong:
    """About vec(STU) of square matrices, where every shape fits."""
    return Wrong(f"vec(STU): {mistake}", "vec_of_a_product", lambda s: vec(s.S @ s.T @ s.U), right, word)


def depth(mistake: str, word: Word, right: Callable[[Symbols], Side]) -> Wrong:
    """About the step of the recursion, the gradient by the pre-activations of layer k."""
    return Wrong(f"layer k: {mistake}", "voros_every_depth", lambda s: D(s.loss, s.a_k), right, word)


WRONG = (
    product("Kronecker factors swapped", "refuted", lambda s: kron(s.A, s.C.T) @ vec(s.B)),
    product("transpose on C forgotten", "ill-typed", lambda s: kron(s.C, s.A) @ vec(s.B)),
    square_product("Kronecker factors swapped", "refuted", lambda s: kron(s.S, s.U.T) @ vec(s.T)),
    square_product("transpose forgotten", "refuted", lambda s: kron(s.U, s.S) @ vec(s.T)),
    depth("g instead of g′", "refuted", lambda s: hadamard(elementwise("g", s.a_k).T, D(s.loss, s.a_next) @ s.W[s.k + 1])),
    depth("entrywise product omitted", "refuted", lambda s: D(s.loss, s.a_next) @ s.W[s.k + 1]),
    depth("g′ of the next layer", "ill-typed", lambda s: hadamard(elementwise("g", s.a_next, order=1).T, D(s.loss, s.a_next) @ s.W[s.k + 1])),
    depth("weights transposed", "ill-typed", lambda s: hadamard(s.slope.T, D(s.loss, s.a_next) @ s.W[s.k + 1].T)),
    depth("weights of the layer itself", "ill-typed", lambda s: hadamard(s.slope.T, D(s.loss, s.a_next) @ s.W[s.k])),
)  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.mistake)
def test_a_wrong_variant_is_not_accepted(wrong: Wrong) -> None:
    verdict = wrong.verdict()
    assert verdict.word == wrong.word, verdict.reason
    assert (verdict.counterexample is not None) == (wrong.word == "refuted")
