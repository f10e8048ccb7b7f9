"""`show`: one claim in full, its proof, and both sides as explicit SymPy matrices."""

from __future__ import annotations

from typing import Any

import pytest
from report_examples import EVIDENCE, OPEN, one_of_each, report_on

from derivcheck import D, Derivation, Report, delta, differ, judge, log, softmax, sum_over
from derivcheck.reports.show import render


def words(rendered: str) -> str:
    return " ".join(rendered.split())


@pytest.fixture(scope="module")
def judged() -> Report:
    """A softmax Jacobian, a claim of some entries only, one that needs Σ y = 1, an explicit one and one that does not fit."""
    d = Derivation("example", layout="numerator")
    K = d.dim("K")
    i, j = d.indices("i j", K)
    z, y = d.vector("z", K), d.vector("y", K)
    d.assume("sums-to", y)
    s = d.let("s", softmax(z))
    loss = d.let("L", -sum_over(i, y[i] * log(s[i])))
    d.claim("entries", D(s[i], z[j]), s[i] * (delta(i, j) - s[j]))
    d.claim("off the diagonal", D(s[i], z[j]), -s[i] * s[j], where=[differ(i, j)])
    d.claim("loss", D(loss, z), (s - y).T, assumptions=("Σ y = 1",))

    def build() -> tuple[Any, Any]:
        from sympy import eye

        return eye(2), eye(2)

    d.explicit("matrices", build)
    d.claim("misfit", s, s.T, expected="ill-typed")
    return judge.report([d])


def test_every_verdict_can_be_shown() -> None:
    rendered = words(render(one_of_each(), proof=True))
    for word in EVIDENCE:
        assert f"{word} claim {word}" in rendered


def test_only_the_chosen_claims(judged: Report) -> None:
    rendered = render(judged, ["example/entries"])
    assert "δ[i,j]" in rendered
    assert "off the diagonal" not in rendered


def test_what_was_judged_and_the_evidence() -> None:
    rendered = words(render(report_on("proved", conditions=OPEN, trivial=True)))
    for part in (
        "judged as for all K ≥ 1: …",
        "source Author 2020, (1)",
        "where x ≠ 0",
        "both sides are the same expression as written",
        "all dimensions agrees, 1.0 ms",
        "small dimensions agrees, 9 entries at K = 3, exactly, 20 ms",
        "numeric agrees, 8 points, 24 entries, largest relative error 3e-16, 10 ms",
    ):
        assert part in rendered
    assert "normal form" not in rendered


def test_the_proof() -> None:
    rendered = words(render(report_on("proved", conditions=OPEN), proof=True))
    for part in (
        "left, normal form z[i]",
        "right, normal form z[i]",
        "rules delta; chain rule",
        "axioms exp",
        "assumptions none",
        "conditions x ≠ 0 (an obligation: it was not shown); Σ_i exp(z[i]) > 0 (holds)",
        "cited claims entries",
    ):
        assert part in rendered


def test_where_a_proof_stopped() -> None:
    rendered = words(render(report_on("undecided"), proof=True))
    assert "stopped no rule for it" in rendered
    assert "what remains x - y" in rendered
    assert "small dimensions not decided: out of time" in rendered
    assert "numeric not run" in rendered


def test_the_difference_of_a_true_claim_is_the_zero_matrix(judged: Report) -> None:
    rendered = render(judged, ["example/entries"], sizes={"K": 2})
    assert "left at K = 2" in rendered
    assert words(rendered).endswith("left - right, simplified ⎡0 0⎤ ⎢ ⎥ ⎣0 0⎦")


def test_entries_of_which_nothing_is_claimed_are_marked(judged: Report) -> None:
    rendered = render(judged, ["example/off the diagonal".replace(" ", "-")], sizes={"K": 2})
    assert "·: nothing is claimed of this entry" in rendered
    assert words(rendered).endswith("left - right, simplified ⎡· 0⎤ ⎢ ⎥ ⎣0 ·⎦")


def test_the_difference_uses_the_assumptions(judged: Report) -> None:
    rendered = render(judged, ["example/loss"], sizes={"K": 3})
    assert words(rendered).endswith("left - right, simplified, with Σ y = 1 [0 0 0]")


def test_the_default_sizes_are_those_that_were_decided(judged: Report) -> None:
    decided = judged["example/entries"].evidence.small_dimensions
    assert decided is not None
    assert f"left at K = {dict(decided.dims)['K']}" in render(judged, ["example/entries"], sizes={})


def test_a_matrix_too_wide_is_listed_by_entries(judged: Report) -> None:
    assert "(1,1)   " in render(judged, ["example/entries"], sizes={"K": 4}, width=60)


def test_explicit_matrices(judged: Report) -> None:
    rendered = render(judged, ["example/matrices"], sizes={})
    assert words(rendered).count("⎡1 0⎤") == 2


def test_a_claim_that_does_not_fit_shows_why(judged: Report) -> None:
    rendered = words(render(judged, ["example/misfit"], sizes={}))
    assert "not shown the left side is K × 1" in rendered


def test_plain_text_has_no_escape_sequence(judged: Report) -> None:
    assert "\x1b" not in render(judged, proof=True)
    assert "\x1b" in render(judged, colour=True)
