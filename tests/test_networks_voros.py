"""The last layer, the weight gradient and every layer of a network in numerator layout: verdicts, citations, and wrong variants."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace as Symbols

import pytest
from wrong_variants import Wrong, symbols_of, verdicts_of

from derivcheck import D, elementwise, hadamard, identity, kron, unvec, vec
from derivcheck.claims import Side, Word
from derivcheck.layers import Recursion

FILES = ("voros_last_layer", "voros_weight_gradient", "voros_every_depth")


# as expected --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", FILES)
def test_every_claim_is_as_expected(name: str) -> None:
    told = [f"{verdict.claim}: {verdict.word}, {verdict.reason} {verdict.assumptions}" for verdict in verdicts_of(name) if not verdict.as_expected]
    assert told == []


@pytest.mark.parametrize("name", FILES)
def test_what_is_proved_needs_no_assumption_and_no_condition(name: str) -> None:
    proved = [verdict for verdict in verdicts_of(name) if verdict.word == "proved"]
    assert proved
    assert [verdict.claim for verdict in proved if verdict.assumptions or verdict.conditions] == []


@pytest.mark.parametrize(
    ("name", "claims"),
    [
        ("voros_last_layer", ["1", "2 first = last", "2, Jacobian", "4 first = last", "4, Jacobian first = last"]),
        (
            "voros_weight_gradient",
            [
                *("da/dW", "chain rule, entries", "W h first = last", "da/dw", "gradient by w first = last", "gradient by w, transposed step 2"),
                *("vec⁻¹ and its transpose", "a column is its own vec", *(f"3 step {step}" for step in range(1, 6)), "3 first = last"),
            ],
        ),
        ("voros_every_depth", [f"{claim}, {layer}" for claim in "234" for layer in ("last layer", "layer k", "layer 3", "layer 2", "layer 1")]),
    ],
)
def test_the_numbered_claims_are_proved(name: str, claims: list[str]) -> None:
    words = {verdict.claim: verdict.word for verdict in verdicts_of(name)}
    assert {claim: words.get(claim) for claim in claims} == dict.fromkeys(claims, "proved")


@pytest.mark.parametrize(
    ("name", "errata"),
    [
        ("voros_last_layer", {"dh/da", "dh/da, as the row that it was declared to be", "chain rule with an entrywise product"}),
        ("voros_every_depth", {"the weights of the layer itself"}),
    ],
)
def test_errata(name: str, errata: set[str]) -> None:
    assert errata <= {erratum.name for erratum in symbols_of(name).d.errata}


def test_the_recursion_joins_the_last_layer_to_a_generic_one() -> None:
    symbols = symbols_of("voros_every_depth")
    gradients: Recursion = symbols.gradients
    words = {verdict.claim: verdict.word for verdict in verdicts_of("voros_every_depth")}
    assert (words[gradients.base.name], words[gradients.step.name]) == ("proved", "proved")
    assert symbols.k.lowest == 1
    assert symbols.k.to_last == -1


# wrong variants -----------------------------------------------------------------------------------------------------
def claim_2(mistake: str, word: Word, right: Callable[[Symbols], Side]) -> Wrong:
    """About the gradient by the pre-activations of the last layer."""
    return Wrong(f"2: {mistake}", "voros_last_layer", lambda s: D(s.L, s.a), right, word)


def claim_3(mistake: str, word: Word, right: Callable[[Symbols], Side]) -> Wrong:
    """About the gradient by the weights of the last layer."""
    return Wrong(f"3: {mistake}", "voros_weight_gradient", lambda s: D(s.L, s.W), right, word)


def claim_4(mistake: str, word: Word, right: Callable[[Symbols], Side]) -> Wrong:
    """About the gradient by the inputs of the last layer."""
    return Wrong(f"4: {mistake}", "voros_last_layer", lambda s: D(s.L, s.before), right, word)


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
    claim_3("factors swapped", "ill-typed", lambda s: D(s.L, s.a) @ s.h),
    claim_3("shaped like W", "ill-typed", lambda s: D(s.L, s.a).T @ s.h.T),
    claim_4("extra transpose on W", "ill-typed", lambda s: D(s.L, s.a) @ s.W.T),
    claim_2("transpose on g′(a) forgotten", "ill-typed", lambda s: hadamard(s.slope, D(s.L, s.yhat))),
    claim_2("matrix product", "ill-typed", lambda s: D(s.L, s.yhat) @ s.slope),
    claim_2("g instead of g′", "refuted", lambda s: hadamard(elementwise("g", s.a).T, D(s.L, s.yhat))),
    Wrong(
        "W h: Kronecker factors swapped", "voros_weight_gradient", lambda s: s.W @ s.h,
        lambda s: kron(identity(s.n), s.h.T) @ vec(s.W), "refuted",
    ),
    product("Kronecker factors swapped", "refuted", lambda s: kron(s.A, s.C.T) @ vec(s.B)),
    product("transpose on C forgotten", "ill-typed", lambda s: kron(s.C, s.A) @ vec(s.B)),
    claim_3(
        "outer transpose of vec⁻¹ dropped", "ill-typed", lambda s: unvec(kron(s.h, identity(s.n)) @ D(s.L, s.a).T, rows=s.n, columns=s.m)
    ),
    square_product("Kronecker factors swapped", "refuted", lambda s: kron(s.S, s.U.T) @ vec(s.T)),
    square_product("transpose forgotten", "refuted", lambda s: kron(s.U, s.S) @ vec(s.T)),
    claim_2("g″ instead of g′", "refuted", lambda s: hadamard(elementwise("g", s.a, order=2).T, D(s.L, s.yhat))),
    claim_2("sign", "refuted", lambda s: -hadamard(s.slope.T, D(s.L, s.yhat))),
    claim_2("entrywise product omitted", "refuted", lambda s: D(s.L, s.yhat)),
    claim_2("g′ at the output", "refuted", lambda s: hadamard(elementwise("g", s.h, order=1).T, D(s.L, s.yhat))),
    claim_4("gradient by the output", "refuted", lambda s: D(s.L, s.yhat) @ s.W),
    claim_4("column", "ill-typed", lambda s: s.W.T @ D(s.L, s.a).T),
    claim_3("factor 2", "refuted", lambda s: 2 * s.h @ D(s.L, s.a)),
    claim_3("gradient by the prediction", "refuted", lambda s: s.h @ D(s.L, s.yhat)),
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
