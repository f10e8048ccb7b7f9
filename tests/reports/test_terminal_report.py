"""The report for people: every verdict with what it rests on, no markup, no escape sequences unless asked for."""

from __future__ import annotations

import pytest
from report_examples import EVIDENCE, MISFIT, OPEN, RAISED, one_of_each, report_on

from derivcheck import Report
from derivcheck.reports import phrases
from derivcheck.reports.terminal import render


def words(rendered: str) -> str:
    """The text without line breaks and padding, to find phrases that were wrapped."""
    return " ".join(rendered.split())


def test_one_claim_of_each_verdict() -> None:
    rendered = render(one_of_each())
    for word in EVIDENCE:
        assert f"{word} claim" in words(rendered)
    assert "1 derivation, 9 claims: 1 proved, 1 proved-small, 1 tested, 1 refuted" in words(rendered)
    assert "all as expected" in rendered


def test_the_heading_names_source_layout_and_definitions() -> None:
    rendered = render(one_of_each())
    for part in ("example   An example", "Author 2020, (1)", "numerator layout", "square = x²"):
        assert part in rendered


def test_subscripts_are_not_taken_for_markup() -> None:
    rendered = render(report_on("proved", lhs="[bold]z[i][/bold]", rhs="W[:,j]"))
    assert "[bold]z[i][/bold] = W[:,j]" in rendered


def test_without_colour_there_is_no_escape_sequence_and_no_trailing_space() -> None:
    rendered = render(one_of_each(), colour=False)
    assert "\x1b" not in rendered
    assert all(line == line.rstrip() and len(line) <= 120 for line in rendered.splitlines())


def test_with_colour_there_is() -> None:
    assert "\x1b[32mproved" in render(one_of_each(), colour=True)


@pytest.mark.parametrize("variable", ["FORCE_COLOR", "NO_COLOR", "COLUMNS"])
def test_the_environment_does_not_change_what_is_asked_for(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    before = render(one_of_each()), render(one_of_each(), colour=True)
    monkeypatch.setenv(variable, "60")
    assert (render(one_of_each()), render(one_of_each(), colour=True)) == before


def test_every_line_fits_the_width() -> None:
    assert all(len(line) <= 100 for line in render(one_of_each(), width=100).splitlines())


def test_a_proof_names_its_obligations_and_what_it_rests_on() -> None:
    rendered = words(render(report_on("proved", conditions=OPEN, assumptions=("Σ y = 1",), cites=("entries",))))
    for part in ("where x ≠ 0", "assuming Σ y = 1", "citing entries", "3e-16"):
        assert part in rendered
    assert "Σ_i exp(z[i]) > 0" not in rendered


def test_a_refutation_has_the_point_the_place_and_the_formula() -> None:
    rendered = words(render(report_on("refuted", note="the sign")))
    for part in (
        "refuted as expected: a claim is not an equality",
        "notes/example.py:7",
        "∂s[i]/∂z[j] = s[i] (δ[i,j] - s[j])",
        "smallest difference K = 2, z = [0; 1/2], i = 1, entry (1,2): the left side is 1/4, the right side -1/4",
        "the sign",
    ):
        assert part in rendered


def test_an_unexpected_verdict_says_what_was_expected_and_what_was_judged() -> None:
    rendered = words(render(report_on("refuted", expected="proved", as_expected=False)))
    for part in ("refuted: a claim is not an equality", "expected proved", "judged as for all K ≥ 1: …", "1 not as expected"):
        assert part in rendered


def test_an_unexpected_condition_is_named() -> None:
    rendered = words(render(report_on("proved", as_expected=False, conditions=OPEN)))
    assert "expected proved, but not with all of these conditions and assumptions: x ≠ 0" in rendered


def test_a_claim_without_a_proof_gives_its_reason() -> None:
    rendered = words(render(report_on("undecided", expected="proved", as_expected=False)))
    assert "because why it is undecided" in rendered


def test_trivial_and_sampled_are_marked() -> None:
    assert "trivial" in render(report_on("proved", trivial=True))
    assert "sampled" in render(report_on("tested")).partition("✓ agrees")[0]


def test_errata_are_set_apart() -> None:
    assert "erratum" in render(report_on("refuted", kind="erratum-printed"))
    assert "erratum" not in render(report_on("refuted"))


def test_problems_are_shown_with_place_and_message() -> None:
    rendered = words(render(report_on("proved", (RAISED, MISFIT))))
    assert "error: a derivation file could not be read to its end notes/broken.py:3" in rendered
    assert RAISED.message in rendered
    assert MISFIT.message in rendered
    assert "2 file problems" in rendered


def test_nothing_at_all() -> None:
    assert render(Report()).startswith("0 derivations, 0 claims: nothing to check")


@pytest.mark.parametrize(("seconds", "expected"), [(0.0, "0.0 ms"), (0.00123, "1.2 ms"), (0.00999, "10 ms"), (0.5, "500 ms"), (3.14, "3.1 s")])
def test_durations(seconds: float, expected: str) -> None:
    assert phrases.duration(seconds) == expected


@pytest.mark.parametrize(("count", "word", "expected"), [(1, "claim", "1 claim"), (0, "claim", "0 claims"), (2, "entry", "2 entries")])
def test_plurals(count: int, word: str, expected: str) -> None:
    assert phrases.plural(count, word) == expected
