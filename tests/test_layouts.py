"""One layer in three layouts: every line by conversion, and formulas in another layout than the one that is meant."""

from __future__ import annotations

import pytest
from wrong_variants import Wrong, symbols_of, verdicts_of

from derivcheck import LAYOUTS, D, Layout, check_gradient, check_jacobian, same_expression
from derivcheck.language.conversion import convert, in_layout
from derivcheck.language.layout import derivative_shape

FILE = "layouts"
LINES = ("da/dh", "dy/da", "dy/dh", "d(s h)/ds", "dL/da", "dL/db", "dL/dh", "dL/dW", "da/dW")


def test_every_claim_is_as_expected() -> None:
    told = [f"{verdict.claim}: {verdict.word}, {verdict.reason} {verdict.assumptions}" for verdict in verdicts_of(FILE) if not verdict.as_expected]
    assert told == []


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_line_is_proved_in_every_layout(layout: Layout) -> None:
    words = {verdict.claim: verdict.word for verdict in verdicts_of(FILE)}
    claims = [f"{line}, {layout}" for line in LINES] + ([f"{line}, {layout}, converted" for line in LINES] if layout != "numerator" else [])
    assert {claim: words.get(claim) for claim in claims} == dict.fromkeys(claims, "proved")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_line_has_the_shape_of_its_layout(layout: Layout) -> None:
    for line in symbols_of(FILE).LINES:
        assert line.usual(layout).shape == derivative_shape(line.function.shape, line.variable.shape, layout), line.name


def test_errata_say_which_layout_they_are_right_in() -> None:
    derivation = symbols_of(FILE).d
    notes = {erratum.name: erratum.note for erratum in derivation.errata}
    assert {"dL/dh, not a row", "dL/dW, shaped like W", "chain rule, order of the factors", "dc/dz, square matrix"} <= set(notes)
    assert [name for name, note in notes.items() if "layout" not in note] == []


# the message names the layout in which the formula would be right -----------------------------------------------------
@pytest.mark.parametrize(("stated", "word"), [("numerator", "ill-typed"), ("denominator", "proved"), ("like-variable", "proved")])
def test_a_gradient_shaped_like_the_variable(stated: Layout, word: str) -> None:
    s = symbols_of(FILE)
    verdict = check_gradient(s.L, s.W, D(s.L, s.a).T @ s.h.T, within=s.d, layout=stated)
    assert verdict.word == word
    # the right side has a derivative of its own: in the other layouts the whole line would change, so nothing is promised
    assert "it would be right" not in verdict.reason


@pytest.mark.parametrize(("stated", "word"), [("numerator", "proved"), ("denominator", "ill-typed"), ("like-variable", "ill-typed")])
def test_a_gradient_that_is_a_row(stated: Layout, word: str) -> None:
    s = symbols_of(FILE)
    verdict = check_gradient(s.L, s.h, D(s.L, s.a) @ s.W, within=s.d, layout=stated)
    assert verdict.word == word
    assert ("it would be right in numerator layout" in verdict.reason) == (word == "ill-typed")


def test_a_square_jacobian_has_the_shape_and_not_the_values() -> None:
    s = symbols_of(FILE)
    turned = check_jacobian(s.c, s.z, s.V.T, within=s.d)
    assert turned.word == "refuted"
    assert "it would be right in denominator layout" in turned.reason
    assert check_jacobian(s.c, s.z, s.V.T, within=s.d, layout="denominator").word == "proved"


def test_a_gradient_by_a_square_matrix() -> None:
    s = symbols_of(FILE)
    turned = check_gradient(s.M, s.V, D(s.M, s.c).T @ s.z.T, within=s.d)
    assert turned.word == "refuted"
    assert "it would be right" not in turned.reason


def test_what_is_wrong_in_every_layout_gets_no_layout() -> None:
    s = symbols_of(FILE)
    verdict = check_gradient(s.L, s.W, 2 * D(s.L, s.a).T @ s.h.T, within=s.d)
    assert verdict.word == "ill-typed"
    assert "it would be right" not in verdict.reason


def test_a_line_read_in_the_layout_of_another_source() -> None:
    s = symbols_of(FILE)
    numerator = next(line for line in s.LINES if line.name == "dL/db").numerator
    assert same_expression(in_layout(numerator, "denominator"), D(s.L, s.a, "denominator"))


# wrong variants -----------------------------------------------------------------------------------------------------
WRONG = (
    Wrong("converted twice", FILE, lambda s: D(s.L, s.h, "denominator"), lambda s: s.W.T @ s.by(s.L, s.a).T, "ill-typed"),
    Wrong("not converted", FILE, lambda s: D(s.L, s.h, "denominator"), lambda s: D(s.L, s.a) @ s.W, "ill-typed"),
    Wrong("gradient by the output", FILE, lambda s: D(s.L, s.h, "denominator"), lambda s: s.W.T @ s.by(s.L, s.y), "refuted"),
    Wrong("a Jacobian like the variable", FILE, lambda s: D(s.a, s.h, "like-variable"), lambda s: s.W.T, "ill-typed"),
    Wrong("factors in the order of the numerator layout", FILE, lambda s: s.by(s.y, s.h), lambda s: s.by(s.y, s.a) @ s.by(s.a, s.h), "ill-typed"),
    Wrong("square, chain rule not turned", FILE, lambda s: s.by(s.M, s.z), lambda s: s.V @ s.by(s.M, s.c), "refuted"),
    Wrong("square, layout by the matrix confused", FILE, lambda s: s.by(s.M, s.V), lambda s: s.z @ D(s.M, s.c), "refuted"),
    Wrong(
        "a Jacobian converted for another layout", FILE, lambda s: s.by(s.c, s.z),
        lambda s: convert(s.V, "numerator", "like-variable", s.c.shape, s.z.shape), "refuted",
    ),
)  # fmt: skip


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.mistake)
def test_a_wrong_variant_is_not_accepted(wrong: Wrong) -> None:
    verdict = wrong.verdict()
    assert verdict.word == wrong.word, verdict.reason
    assert (verdict.counterexample is not None) == (wrong.word == "refuted")
