"""What readers of notes state: unread claims, stated shapes, definitions among claims, readings, local indices, free conditions."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from derivcheck import D, Derivation, IllTyped, Place, Source, Term, column, log, row, shape_of, softmax, sum_over
from derivcheck.claims import Side
from derivcheck.judge import judge, report
from derivcheck.language.places import writing_at

NOTE = Place("notes.md", 7, 3)


def least_squares() -> Derivation:
    d = Derivation("least squares", layout="numerator", source=Source("Author 2020"))
    m, n = d.dim("m"), d.dim("n")
    A, x, b = d.matrix("A", m, n), d.vector("x", n), d.vector("b", m)
    r = d.let("r", A @ x - b)
    d.let("L", r.T @ r)
    return d


def term(d: Derivation, name: str) -> Term:
    return next(each for each in (*d.definitions, *d.leaves) if each.name == name)


# ------------------------------------------------------------------------------------------------------------ unread
def test_an_unread_claim_is_unsupported_with_its_reason() -> None:
    d = Derivation("notes", layout="numerator")
    claim = d.unread("(1)", "the sign \\boxtimes is not known", place=NOTE, written="a \\boxtimes b\n = c")
    (verdict,) = judge(d)
    assert (verdict.word, verdict.reason, verdict.as_expected) == ("unsupported", "the sign \\boxtimes is not known", False)
    assert (verdict.place, verdict.written, claim.trivial) == ("notes.md:7:3", "a \\boxtimes b = c", False)
    assert "no statement" in verdict.judged_as
    assert (verdict.evidence.all_dimensions, verdict.evidence.small_dimensions, verdict.evidence.numeric) == (None, None, None)


def test_an_unread_claim_can_be_expected() -> None:
    d = Derivation("notes", layout="numerator")
    d.unread("(1)", "a figure", expected="unsupported")
    assert judge(d)[0].as_expected


def test_an_unread_claim_needs_a_reason_and_a_name_of_its_own() -> None:
    d = Derivation("notes", layout="numerator")
    d.unread("(1)", "a figure")
    with pytest.raises(IllTyped, match="nothing says why"):
        d.unread("(2)", " ")
    with pytest.raises(IllTyped, match="are called"):
        d.unread("(1)", "a figure")


# ------------------------------------------------------------------------------------------------------------ shapes
def test_a_stated_shape_that_fits_is_proved_and_not_trivial() -> None:
    d = least_squares()
    n = d.dims["n"]
    claim = d.shape_claim("(2)", D(term(d, "L"), term(d, "x")), row(n), written="\\partial L / \\partial x \\in R^{1 \\times n}")
    (verdict,) = judge(d)
    assert (verdict.word, verdict.kind, verdict.trivial, verdict.lhs, verdict.rhs) == ("proved", "shape", False, "∂L/∂x", "R^{1×n}")
    assert "∂L/∂x ∈ R^{1×n}, with" in verdict.judged_as
    assert verdict.rhs_latex == r"\mathbb{R}^{1 \times n}"
    assert verdict.evidence.small_dimensions is None
    assert not claim.trivial


@pytest.mark.parametrize("shape", [("n", 1), ("m", 1), ("n", "n"), (), ("m", "n"), (1, "m")])
def test_a_stated_shape_that_does_not_fit_is_ill_typed(shape: tuple[str | int, ...]) -> None:
    d = least_squares()
    d.shape_claim("(2)", lambda: D(term(d, "L"), term(d, "x")), shape_of(*shape))
    (verdict,) = judge(d)
    assert verdict.word == "ill-typed"
    assert "1 × n" in verdict.reason
    assert ("it would be right in denominator or like-variable layout" in verdict.reason) == (shape == ("n", 1))


def test_a_shape_of_what_cannot_be_built_is_ill_typed() -> None:
    d = least_squares()
    d.shape_claim("(2)", lambda: term(d, "A") @ term(d, "b"), column(d.dims["m"]))
    (verdict,) = judge(d)
    assert (verdict.word, verdict.lhs) == ("ill-typed", "")


def test_a_shape_is_no_rewrite_for_later_claims() -> None:
    d = least_squares()
    d.shape_claim("(1)", D(term(d, "L"), term(d, "r")), row(d.dims["m"]))
    d.claim("(2)", D(term(d, "L"), term(d, "x")), 2 * term(d, "r").T @ term(d, "A"))
    _, gradient = judge(d)
    assert (gradient.word, gradient.cites) == ("proved", ())


def test_a_shape_carries_the_conditions_under_which_the_term_has_a_value() -> None:
    d = Derivation("logarithm", layout="numerator")
    x = d.scalar("x")
    d.shape_claim("pinned", log(x), shape_of())
    d.shape_claim("free", log(x), shape_of(1, 1), conditions=None)
    pinned, free = judge(d)
    assert [condition.text for condition in pinned.conditions] == ["x > 0"]
    assert (pinned.word, pinned.as_expected, free.word, free.as_expected) == ("proved", False, "proved", True)


def test_shapes_are_cheap() -> None:
    d = least_squares()
    for number in range(70):
        d.shape_claim(f"({number})", D(term(d, "L"), term(d, "A")), shape_of(d.dims["n"], d.dims["m"]))
    start = time.process_time()
    assert {verdict.word for verdict in judge(d)} == {"proved"}
    assert time.process_time() - start < 20


# ------------------------------------------------------------------------------------------------- definitions entered
def test_a_definition_is_listed_and_has_no_verdict() -> None:
    d = least_squares()
    d.enter("(1)", term(d, "r"), place=NOTE, written="r := A x - b")
    d.claim("(2)", D(term(d, "L"), term(d, "x")), 2 * term(d, "r").T @ term(d, "A"))
    d.enter("(3)", "σ is the logistic function")
    found = report([d])
    assert [(verdict.claim, verdict.word) for verdict in found] == [("(2)", "proved")]
    assert [(entered.name, entered.after) for _, entered in found.entered] == [("(1)", 0), ("(3)", 1)]
    assert found.as_expected


def test_names_are_unique_across_claims_and_definitions() -> None:
    d = least_squares()
    d.enter("(1)", "a text")
    for again in (lambda: d.enter("(1)", "a text"), lambda: d.unread("(1)", "why"), lambda: d.claim("(1) ", 1, 1)):
        with pytest.raises(IllTyped, match="are called"):
            again()
    d.claim("(2)", 1, 1)
    with pytest.raises(IllTyped, match="are called"):
        d.enter("(2)", "a text")


def test_only_what_is_defined_here_is_entered() -> None:
    other = least_squares()
    with pytest.raises(IllTyped, match="not declared"):
        least_squares().enter("(1)", term(other, "r"))
    with pytest.raises(IllTyped, match="says nothing"):
        other.enter("(1)", "")


# ----------------------------------------------------------------------------------------------------------- readings
def matrices() -> Derivation:
    d = Derivation("readings", layout="numerator")
    n, m = d.dim("n"), d.dim("m")
    d.matrix("A", n, m)
    d.matrix("B", m, n)
    d.matrix("S", n, n)
    d.matrix("T", n, n)
    return d


def test_readings_are_part_of_what_was_judged() -> None:
    d = matrices()
    d.claim("(1)", 1 * term(d, "A"), term(d, "A"), readings=["products are read from left to right"])
    d.claim("(2)", term(d, "A"), term(d, "B"), readings=["the second B is the matrix"])
    proved, misfit = judge(d)
    assert proved.judged_as.endswith(", products are read from left to right")
    assert misfit.word == "ill-typed"
    assert misfit.judged_as.endswith(", the second B is the matrix")


READINGS: dict[str, Callable[[Derivation], tuple[Side, Side]]] = {
    "proved": lambda d: ((term(d, "A") @ term(d, "B")).T, term(d, "B").T @ term(d, "A").T),
    "refuted": lambda d: (term(d, "S") @ term(d, "T"), term(d, "T") @ term(d, "S")),
    "ill-typed": lambda d: (lambda: term(d, "A") @ term(d, "S"), term(d, "A")),
    "error": lambda d: (lambda: term(d, "no such symbol"), term(d, "A")),
}


@pytest.mark.parametrize("other", READINGS)
@pytest.mark.parametrize("own", ["proved", "refuted", "ill-typed"])
def test_another_reading_is_told_and_never_changes_the_word(own: str, other: str) -> None:
    d = matrices()
    alternative = d.alternative("other", *READINGS[other](d))
    d.claim("plain", *READINGS[own](d))
    claim = d.claim("(1)", *READINGS[own](d), other_readings=[("with the matrix product first", alternative)])
    plain, verdict = judge(d)
    assert (plain.word, verdict.word, len(d.claims)) == (own, own, 2)
    assert verdict.other_readings == (("with the matrix product first", other),)
    told = f"read with the matrix product first it would be {other}"
    assert (told in verdict.reason) == (other not in (own, "error"))
    assert (verdict.otherwise == (told,)) == (other not in (own, "error"))
    assert (plain.as_expected, plain.evidence.numeric is None) == (verdict.as_expected, verdict.evidence.numeric is None)
    assert claim in d.claims
    assert alternative not in d.claims


@pytest.mark.parametrize(
    ("own", "other", "word"),
    [
        ("refuted", "proved", "undecided"), ("refuted", "refuted", "refuted"), ("refuted", "ill-typed", "refuted"), ("refuted", "error", "refuted"),
        ("proved", "refuted", "proved"), ("ill-typed", "proved", "undecided"), ("ill-typed", "refuted", "ill-typed"),
    ],
)  # fmt: skip
def test_what_is_true_in_a_reading_that_is_meant_as_well_is_not_refuted(own: str, other: str, word: str) -> None:
    d = matrices()
    readings = [("read so", d.alternative("other", *READINGS[other](d)))]
    d.claim("(1)", *READINGS[own](d), other_readings=readings, as_well=[("read so", "read as it is")])
    (verdict,) = judge(d)
    assert verdict.word == word
    differ = "do not fit" if own == "ill-typed" else "differ"
    assert (f"read as it is the sides {differ}; read so it is true" in verdict.reason) == (word == "undecided")


@pytest.mark.parametrize(("stated", "cites"), [("claim", ("(1)",)), ("alternative", ())])
def test_what_another_reading_proves_is_never_cited(stated: str, cites: tuple[str, ...]) -> None:
    d = least_squares()
    L, r, x, A = (term(d, name) for name in "LrxA")
    if stated == "claim":
        d.claim("(1)", D(L, r), 2 * r.T)
    else:
        d.claim("(1)", 1 * x, x, other_readings=[("as the gradient", d.alternative("(1)", D(L, r), 2 * r.T))])
    d.claim("(2)", D(L, x), 2 * r.T @ A)
    first, second = judge(d)
    assert first.other_readings == (() if stated == "claim" else (("as the gradient", "proved"),))
    assert (second.word, second.cites) == ("proved", cites)


# ------------------------------------------------------------------------------------------------------- local indices
def test_local_indices_of_one_name_coexist() -> None:
    d = Derivation("local", layout="numerator")
    n, K = d.dim("n"), d.dim("K")
    x, z = d.vector("x", n), d.vector("z", K)
    i, other = d.local_index("i", n), d.local_index("i", K)
    assert d.local_index("i", n) is not None
    assert d.local_index("i", n) == i
    s = d.let("s", softmax(z)[other], other)
    d.claim("(1)", x[i] + x[i], 2 * x[i])
    d.claim("(2)", sum_over(other, s[other]), 1)
    d.claim("(3)", sum_over(i, x[i]) * s[other], s[other] * sum_over(i, x[i]))
    first, second, third = judge(d)
    assert (first.word, second.word, third.word) == ("proved", "proved", "ill-typed")
    assert "i over K and over n" in third.reason


def test_a_definition_with_another_index_of_the_name_says_so() -> None:
    d = Derivation("local", layout="numerator")
    n, K = d.dim("n"), d.dim("K")
    x, z = d.vector("x", n), d.vector("z", K)
    i, other = d.local_index("i", n), d.local_index("i", K)
    s = d.let("s", sum_over(other, z[other]))
    d.claim("(1)", s * x[i], x[i] * s)
    d.claim("(2)", s * x[i], 2 * s * x[i], expected="refuted")
    first, second = judge(d)
    assert (first.word, second.word) == ("proved", "refuted")
    assert "i in 1…n" in first.judged_as
    assert "bound i over 1…K in s" in first.judged_as


def test_a_definition_is_one_name_one_index() -> None:
    d = Derivation("local", layout="numerator")
    n, K = d.dim("n"), d.dim("K")
    x, z = d.vector("x", n), d.vector("z", K)
    i, other = d.local_index("i", n), d.local_index("i", K)
    with pytest.raises(IllTyped, match="one name is one thing"):
        d.let("s", sum_over(i, x[i]) * sum_over(other, z[other]))
    with pytest.raises(IllTyped, match="one name is one thing"):
        d.let("t", x[i] * z[other], i, other)


def test_an_index_may_stand_beside_a_symbol_of_its_name() -> None:
    d = Derivation("bias", layout="numerator")
    n = d.dim("n")
    b = d.vector("b", n)
    with pytest.raises(IllTyped, match="one name is one thing"):
        d.local_index("b", n)
    with pytest.raises(IllTyped, match="one name is one thing"):
        d.local_index("n", n, beside_symbol=True)
    k = d.local_index("b", n, beside_symbol=True)
    d.claim("(1)", D(log(b[k]), b[k]), 1 / b[k], conditions=["b[b] > 0"])
    d.claim("(2)", b[k] * b[k], 2 * b[k], expected="refuted")
    d.claim("(3)", D(sum_over(k, b[k] * b[k]), b), 2 * b.T)
    first, second, third = judge(d)
    assert (first.word, first.as_expected, second.word, third.word) == ("proved", True, "refuted", "proved")
    assert second.counterexample is not None


def test_a_name_taken_by_a_local_index_is_taken() -> None:
    d = Derivation("taken", layout="numerator")
    n = d.dim("n")
    d.local_index("i", n)
    d.local_index("b", n, beside_symbol=True)
    with pytest.raises(IllTyped, match="i is an index"):
        d.scalar("i")
    with pytest.raises(IllTyped, match="b is an index"):
        d.dim("b")
    d.vector("b", n)
    with pytest.raises(IllTyped, match="one elementary"):
        d.local_index("v", n * n)


def test_a_declared_index_stays_strict() -> None:
    d = Derivation("strict", layout="numerator")
    n, K = d.dim("n"), d.dim("K")
    i = d.index("i", n)
    assert d.local_index("i", n) == i
    with pytest.raises(IllTyped, match="over K"):
        d.local_index("i", K)


# ---------------------------------------------------------------------------------------------------- free expectations
def test_free_conditions_and_assumptions_are_as_expected_and_still_printed() -> None:
    d = Derivation("free", layout="numerator")
    n = d.dim("n")
    i = d.index("i", n)
    x, y = d.scalar("x"), d.vector("y", n)
    d.assume("sums-to", y)
    d.claim("condition", D(log(x), x), 1 / x, conditions=None)
    d.claim("assumption", sum_over(i, y[i]), 1, assumptions=None)
    d.claim("condition only", D(log(x), x) * sum_over(i, y[i]), 1 / x, conditions=None)
    first, second, third = judge(d)
    assert (first.as_expected, second.as_expected, third.as_expected) == (True, True, False)
    assert first.judged_as.endswith("where x > 0")
    assert second.assumptions == ("Σ y = 1",)
    assert "assumptions=['Σ y = 1']" in third.reason
    assert "conditions=" not in third.reason


def test_a_chain_and_an_erratum_can_be_free_too() -> None:
    d = Derivation("free", layout="numerator")
    x = d.scalar("x")
    d.chain("(1)", D(log(x), x), x ** -1, 1 / x, conditions=None, assumptions=None, written="a = b = c")
    d.erratum("(2)", printed=(D(log(x), x), x), corrected=(D(log(x), x), 1 / x), note="", conditions=None)
    verdicts = judge(d)
    assert all(verdict.as_expected for verdict in verdicts)
    assert {verdict.written for verdict in verdicts} == {"a = b = c", ""}


def test_places_are_those_of_the_note() -> None:
    d = least_squares()
    with writing_at(NOTE):
        d.claim("(1)", term(d, "r"), term(d, "r") + 0 * term(d, "r"))
        d.unread("(2)", "why")
        d.enter("(3)", "text")
        d.shape_claim("(4)", term(d, "r"), column(d.dims["m"]))
    assert {claim.place for claim in (*d.claims, *d.entered)} == {NOTE}
