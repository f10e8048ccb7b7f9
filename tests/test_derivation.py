"""Derivations: what is declared, what is refused and where, what a claim, a chain and an erratum become."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from derivcheck import D, Derivation, IllTyped, Source, check, delta, differ, matmul, softmax, sum_over, total
from derivcheck.claims import Assumption

HERE = Path(__file__).name


@pytest.fixture
def d() -> Derivation:
    return Derivation("example", layout="numerator", source=Source("Author 2020", "(1)"))


def lines_named(message: str) -> list[int]:
    """The line numbers of this file that a message names."""
    return [int(line) for line in re.findall(rf"{re.escape(HERE)}:(\d+)", message)]


# layout and source --------------------------------------------------------------------------------------------------
def test_unknown_layout_is_refused() -> None:
    with pytest.raises(IllTyped, match="unknown layout 'columns'"):
        Derivation("example", layout="columns")  # type: ignore[arg-type]


@pytest.mark.parametrize(("layout", "shape"), [("numerator", "1 × n"), ("denominator", "n × 1"), ("like-variable", "n × 1")])
def test_layout_reaches_the_derivatives(layout: str, shape: str) -> None:
    from derivcheck.language.shapes import describe

    derivation = Derivation("example", layout=layout)  # type: ignore[arg-type]
    x = derivation.vector("x", derivation.dim("n"))
    assert describe(D(x.T @ x, x).shape) == shape


@pytest.mark.parametrize(("source", "printed"), [(Source("Author 2020", "(1)"), "Author 2020, (1)"), (Source("Author 2020"), "Author 2020")])
def test_source_as_printed(source: Source, printed: str) -> None:
    assert str(source) == printed


# declarations -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("again", ["dim", "index", "leaf", "let"])
def test_one_name_is_one_thing(d: Derivation, again: str) -> None:
    n = d.dim("n")
    x = d.vector("x", n)
    d.scalar("B")
    first = d.names["B"].line
    with pytest.raises(IllTyped, match="B is declared twice") as caught:
        {
            "dim": lambda: d.dim("B"),
            "index": lambda: d.index("B", n),
            "leaf": lambda: d.matrix("B", n, n),
            "let": lambda: d.let("B", x),
        }[again]()
    named = lines_named(str(caught.value))
    assert len(named) == 2
    assert named[0] == first
    assert named[1] > first


def test_a_refused_definition_leaves_its_name_free(d: Derivation) -> None:
    foreign = Derivation("other", layout="numerator").scalar("c")
    with pytest.raises(IllTyped):
        d.let("s", foreign)
    assert d.let("s", d.scalar("c")).name == "s"


def test_index_over_a_product_is_refused(d: Derivation) -> None:
    n, m = d.dim("n"), d.dim("m")
    with pytest.raises(IllTyped, match="one elementary dimension, not over n·m"):
        d.index("i", n * m)


@pytest.mark.parametrize("size", [0, -1, True, 2.0])
def test_dimension_is_an_integer_from_one(d: Derivation, size: object) -> None:
    with pytest.raises(IllTyped):
        d.dim(size)  # type: ignore[arg-type]


def test_definition_by_entries_binds_its_indices(d: Derivation) -> None:
    n = d.dim("n")
    i, x = d.index("i", n), d.vector("x", n)
    square = d.let("q", x[i] ** 2, i)
    assert square.free == frozenset()
    assert square.shape == x.shape


def test_definition_with_a_hidden_free_index_is_refused(d: Derivation) -> None:
    n = d.dim("n")
    i, x = d.index("i", n), d.vector("x", n)
    with pytest.raises(IllTyped, match=r"free indices \(i\)"):
        d.let("q", x[i] ** 2)


def test_definition_of_what_is_declared_elsewhere_is_refused(d: Derivation) -> None:
    foreign = Derivation("other", layout="numerator").scalar("c")
    with pytest.raises(IllTyped, match=r"the definition of s .* uses c .* which is not declared in example"):
        d.let("s", 2 * foreign)


# assumptions --------------------------------------------------------------------------------------------------------
def test_assumption_of_what_is_declared_elsewhere_is_refused(d: Derivation) -> None:
    foreign = Derivation("other", layout="numerator").scalar("c")
    with pytest.raises(IllTyped, match=r"uses c .* which is not declared in example"):
        d.assume("positive", foreign)


@pytest.mark.parametrize("kind", ["symmetric", "invertible"])
def test_square_assumptions_need_a_square_matrix(d: Derivation, kind: str) -> None:
    A = d.matrix("A", d.dim("n"), d.dim("m"))
    with pytest.raises(IllTyped, match=rf"{kind} needs a square matrix, not A \(n × m\)"):
        d.assume(kind, A)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["one-hot", "sums-to"])
def test_label_assumptions_of_a_matrix_need_an_axis(d: Derivation, kind: str) -> None:
    Y = d.matrix("Y", d.dim("B"), d.dim("K"))
    with pytest.raises(IllTyped, match="needs the axis"):
        d.assume(kind, Y)  # type: ignore[arg-type]
    with pytest.raises(IllTyped, match="has no axis 2"):
        d.assume(kind, Y, axis=2)  # type: ignore[arg-type]
    assert d.assumptions == []


def test_unknown_assumption_is_refused(d: Derivation) -> None:
    with pytest.raises(IllTyped, match="unknown assumption 'orthogonal'"):
        d.assume("orthogonal", d.scalar("c"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "axis", "value", "printed"),
    [
        ("sums-to", 1, 1, "Σ Y over axis 2 = 1"),
        ("sums-to", 0, Fraction(1, 2), "Σ Y over axis 1 = 1/2"),
        ("one-hot", 1, 1, "Y is one-hot along axis 2"),
        ("positive", None, 1, "Y is positive"),
    ],
)
def test_assumption_as_printed(d: Derivation, kind: str, axis: int | None, value: int | Fraction, printed: str) -> None:
    Y = d.matrix("Y", d.dim("B"), d.dim("K"))
    assumption = d.assume(kind, Y, axis=axis, value=value)  # type: ignore[arg-type]
    assert isinstance(assumption, Assumption)
    assert str(assumption) == printed
    assert d.assumptions == [assumption]


def test_vector_assumption_as_printed(d: Derivation) -> None:
    y = d.vector("y", d.dim("K"))
    assert str(d.assume("sums-to", y)) == "Σ y = 1"
    assert str(d.assume("one-hot", y)) == "y is one-hot"


# claims -------------------------------------------------------------------------------------------------------------
def test_claim_keeps_what_was_written(d: Derivation) -> None:
    K = d.dim("K")
    (i, j), z = d.indices("i j", K), d.vector("z", K)
    s = d.let("s", softmax(z))
    claim = d.claim("entries", D(s[i], z[j]), s[i] * (delta(i, j) - s[j]), where=[differ(i, j)], note="a note", backprop="softmax-backward")
    assert d.claims == [claim]
    assert (claim.kind, claim.expected, claim.broken, claim.trivial) == ("identity", "proved", None, False)
    assert (claim.where, claim.note, claim.backprop) == ((differ(i, j),), "a note", "softmax-backward")
    assert claim.place.file == __file__


def test_two_claims_of_one_name_are_refused(d: Derivation) -> None:
    x = d.scalar("x")
    d.claim("same", x, x)
    with pytest.raises(IllTyped, match="two claims of example are called 'same'"):
        d.claim("same", x, 2 * x)
    assert len(d.claims) == 1


def test_same_expression_as_written_is_trivial(d: Derivation) -> None:
    x = d.scalar("x")
    assert d.claim("written twice", x + 1, x + 1).trivial
    assert not d.claim("written in another order", x + 1, 1 + x).trivial


def test_different_shapes_break_a_claim_and_name_both_places(d: Derivation) -> None:
    n, m = d.dim("n"), d.dim("m")
    A = d.matrix("A", n, m)
    left = A.T
    right = A + A
    claim = d.claim("shapes", left, right)
    assert claim.broken is not None
    assert "m × n" in claim.broken
    assert "n × m" in claim.broken
    assert lines_named(claim.broken) == [left.place.line, right.place.line]
    assert left.place.line != right.place.line


def test_an_index_free_on_one_side_breaks_a_claim_and_names_both_places(d: Derivation) -> None:
    n = d.dim("n")
    (i, j), x = d.indices("i j", n), d.vector("x", n)
    left = x[i] * x[i]
    right = x[j]
    claim = d.claim("indices", left, right)
    assert claim.broken is not None
    assert claim.broken.startswith("index i is free on the left side only")
    assert lines_named(claim.broken) == [left.place.line, right.place.line]


def test_an_index_free_on_one_side_and_bound_on_the_other_breaks_a_claim(d: Derivation) -> None:
    n = d.dim("n")
    (i, j), x = d.indices("i j", n), d.vector("x", n)
    claim = d.claim("captured", x[i] * sum_over(j, x[j]), x[i] * x[j])
    assert claim.broken is not None
    assert "j" in claim.broken


def test_a_side_that_cannot_be_built_breaks_a_claim_and_names_both_places(d: Derivation) -> None:
    n, m = d.dim("n"), d.dim("m")
    A = d.matrix("A", n, m)
    B = d.matrix("B", n, m)
    claim = d.claim("product", lambda: matmul(A, B), A)
    assert claim.broken is not None
    assert lines_named(claim.broken) == [A.place.line, B.place.line]
    assert claim.lhs is None
    assert claim.rhs is None


def test_a_side_that_fails_is_an_error_of_that_claim_only(d: Derivation) -> None:
    x = d.scalar("x")
    claim = d.claim("raises", lambda: Fraction(1, 0), x)
    d.claim("next", x, x + 0)
    assert claim.broken is None
    assert claim.failed is not None
    assert "ZeroDivisionError" in claim.failed
    assert [verdict.word for verdict in check(d)] == ["error", "proved"]


@pytest.mark.parametrize("name", ["", " x", "x\ny", "x\t"])
def test_a_name_is_one_line_of_text(d: Derivation, name: str) -> None:
    with pytest.raises(IllTyped, match="is not a name"):
        d.scalar(name)


def test_a_claim_has_a_name_on_one_line(d: Derivation) -> None:
    x = d.scalar("x")
    for name in ("", "two\nlines"):
        with pytest.raises(IllTyped, match="not the name of a claim"):
            d.claim(name, x, x)


def test_expectations_are_checked(d: Derivation) -> None:
    x = d.scalar("x")
    with pytest.raises(IllTyped, match="'prooved', which is not a verdict"):
        d.claim("typo", x, x, expected="prooved")  # type: ignore[arg-type]
    with pytest.raises(IllTyped, match="lists of texts"):
        d.claim("one text", x, x, conditions="x ≠ 0")


def test_an_undeclared_symbol_breaks_a_claim(d: Derivation) -> None:
    foreign = Derivation("other", layout="numerator").scalar("c")
    x = d.scalar("x")
    claim = d.claim("undeclared", x, x * foreign)
    assert claim.broken is not None
    assert "uses c" in claim.broken
    assert "not declared in example" in claim.broken


def test_a_symbol_of_the_same_name_from_elsewhere_is_undeclared(d: Derivation) -> None:
    foreign = Derivation("other", layout="numerator").scalar("x")
    x = d.scalar("x")
    assert d.claim("namesake", x, foreign).broken is not None


def test_a_float_is_not_exact(d: Derivation) -> None:
    x = d.scalar("x")
    claim = d.claim("float", x, lambda: 0.5)  # type: ignore[arg-type, return-value]
    assert claim.broken is not None
    assert "0.5 is not exact" in claim.broken


# chains -------------------------------------------------------------------------------------------------------------
def test_chain_states_every_neighbouring_pair_and_its_ends(d: Derivation) -> None:
    x = d.scalar("x")
    sides = (x + x, 2 * x, x * 2, 3 * x - x)
    chain = d.chain(
        "double",
        *sides,
        expected={2: "tested", "end": "refuted"},
        assumptions={3: ("A",)},
        conditions={"end": ("C",)},
        source=Source("B"),
    )
    assert chain.steps == ("double step 1", "double step 2", "double step 3")
    assert chain.end == "double first = last"
    assert [claim.name for claim in d.claims] == [*chain.steps, chain.end]
    assert [(claim.lhs, claim.rhs) for claim in d.claims] == [*pairwise(sides), (sides[0], sides[-1])]
    assert [claim.kind for claim in d.claims] == ["identity", "identity", "identity", "chain-end"]
    assert [claim.expected for claim in d.claims] == ["proved", "tested", "proved", "refuted"]
    assert [claim.expected_assumptions for claim in d.claims] == [(), (), ("A",), ()]
    assert [claim.expected_conditions for claim in d.claims] == [(), (), (), ("C",)]
    assert {claim.source for claim in d.claims} == {Source("B")}
    assert d.chains == [chain]


def test_chain_of_two_sides_is_one_claim(d: Derivation) -> None:
    x = d.scalar("x")
    chain = d.chain("double", x + x, 2 * x)
    assert (chain.steps, chain.end) == (("double",), None)
    assert len(d.claims) == 1


def test_chain_of_one_side_is_refused(d: Derivation) -> None:
    with pytest.raises(IllTyped, match="needs at least two sides"):
        d.chain("alone", d.scalar("x"))


def test_broken_member_of_a_chain_breaks_its_neighbours_only(d: Derivation) -> None:
    n = d.dim("n")
    x = d.vector("x", n)
    d.chain("broken", total(x), lambda: x + total(x), total(x), total(x))
    assert [claim.broken is not None for claim in d.claims] == [True, True, False, False]


# errata and explicit matrices ---------------------------------------------------------------------------------------
def test_erratum_stands_beside_its_correction(d: Derivation) -> None:
    x = d.scalar("x")
    erratum = d.erratum("sign", printed=(x - x, 2 * x), corrected=(x + x, 2 * x), note="plus", assumptions=("A",))
    wrong, right = d.claims
    assert (erratum.printed, erratum.corrected) == (wrong.name, right.name) == ("sign as printed", "sign corrected")
    assert (wrong.kind, wrong.expected, wrong.expected_assumptions) == ("erratum-printed", "refuted", ())
    assert (right.kind, right.expected, right.expected_assumptions) == ("erratum-corrected", "proved", ("A",))
    assert d.errata == [erratum]


def test_erratum_without_a_correction(d: Derivation) -> None:
    x = d.scalar("x")
    erratum = d.erratum("lost", printed=(x, 2 * x), corrected=None, note="no correction is known")
    assert erratum.corrected is None
    assert len(d.claims) == 1


def test_explicit_matrices_are_built_when_judged(d: Derivation) -> None:
    def build() -> tuple[object, object]:
        raise AssertionError("built too early")

    claim = d.explicit("matrices", build, dims={"n": 2, "K": 3})
    assert (claim.kind, claim.expected) == ("explicit", "proved-small")
    assert claim.explicit is not None
    assert claim.explicit.dims == (("K", 3), ("n", 2))


def test_explicit_matrices_need_a_function(d: Derivation) -> None:
    with pytest.raises(IllTyped, match="takes a function"):
        d.explicit("matrices", (1, 2))  # type: ignore[arg-type]
