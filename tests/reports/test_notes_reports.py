"""What reports say of notes: definitions among claims, formulas as written, other readings, sources, warnings."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from report_examples import report_on

from derivcheck import D, Derivation, Problem, Report, Source, row
from derivcheck.judge import report
from derivcheck.language.places import Place, writing_at
from derivcheck.reports import phrases, show, terminal
from derivcheck.reports.json import as_object, render
from derivcheck.reports.sources import by_source

SCHEMA = json.loads((Path(__file__).parent.parent / "data" / "report.schema.json").read_text(encoding="utf-8"))
REPAIRED = Problem("notes.md:12:1", "a line break was missing before \\end{aligned}", "unsupported", "the formula was repaired")


def words(rendered: str) -> str:
    return " ".join(rendered.split())


def notes() -> Derivation:
    """Six claims of two authors and three definitions."""
    d = Derivation("the notes", layout="numerator", source=Source("First 2020"))
    second = Source("Second 2021", "(4)")
    n = d.dim("n")
    x = d.vector("x", n)
    d.enter("(1)", d.let("L", x.T @ x), written="L := x^\\top x")
    d.claim("(2)", D(d.definitions[0], x), 2 * x.T, written="\\nabla L = 2 x^\\top")
    d.shape_claim("(3)", D(d.definitions[0], x), row(n))
    d.enter("(4)", "x is the input", source=second)
    d.claim("(5)", x, 2 * x, expected="refuted", source=second)
    d.claim("(6)", lambda: x @ x, x, expected="ill-typed", source=second, written="x x = x")
    d.unread("(7)", "a figure stands here", written="\\includegraphics{x}", source=second)
    d.claim("(8)", x, 3 * x, source=second, other_readings=[("as a multiple", d.alternative("other", 3 * x, x + 2 * x))])
    d.enter("(9)", "the end")
    return d


@pytest.fixture(scope="module")
def found() -> Report:
    return report([notes()])


def test_json_lists_definitions_in_their_place_and_does_not_count_them(found: Report) -> None:
    written: dict[str, Any] = json.loads(render(found))
    jsonschema.validate(written, SCHEMA)
    assert [entry["id"] for entry in written["claims"]] == [f"the-notes/({number})" for number in range(1, 10)]
    definition, claim, shape, text = written["claims"][:4]
    assert (definition["kind"], definition["verdict"], definition["expected"]) == ("definition", None, None)
    assert (definition["lhs"], definition["rhs"], definition["written"]) == ("L", "xᵀ x", "L := x^\\top x")
    assert (text["lhs"], text["rhs"], text["source"]) == ("", "x is the input", "Second 2021, (4)")
    assert (claim["written"], shape["kind"], shape["lhs"], shape["rhs"]) == ("\\nabla L = 2 x^\\top", "shape", "∂L/∂x", "R^{1×n}")
    summary = written["summary"]
    assert (summary["claims"], summary["definitions"], summary["proved"], summary["as_expected"]) == (6, 3, 2, 4)


def test_json_has_the_other_readings(found: Report) -> None:
    entry = as_object(found)["claims"][7]
    assert entry["other_readings"] == [{"text": "as a multiple", "verdict": "proved"}]
    assert "read as a multiple it would be proved" in entry["reason"]


def test_definitions_of_a_report_without_verdicts() -> None:
    d = Derivation("only definitions", layout="numerator")
    d.enter("(1)", "a text")
    written = as_object(Report((d,)))
    jsonschema.validate(written, SCHEMA)
    assert [entry["kind"] for entry in written["claims"]] == ["definition"]


@pytest.mark.parametrize(
    "change",
    [{"verdict": "proved"}, {"expected": "proved"}, {"kind": "identity"}, {"kind": "problem"}],
    ids=["verdict", "expected", "claim", "problem"],
)
def test_the_schema_refuses_a_definition_with_a_verdict(found: Report, change: dict[str, Any]) -> None:
    written = as_object(found)
    written["claims"][0].update(change)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(written, SCHEMA)


def test_the_counts_of_each_source(found: Report) -> None:
    first, second = by_source(found)
    assert (first.author, first.claims, first.definitions, first.proved, first.other) == ("First 2020", 2, 2, 2, 0)
    assert (second.claims, second.definitions, second.proved, second.wrong_as_expected, second.unsupported, second.other) == (4, 1, 0, 2, 1, 1)
    assert as_object(found)["sources"][1] == {
        "author": "Second 2021", "claims": 4, "definitions": 1, "proved": 0, "proved-small": 0, "wrong_as_expected": 2, "unsupported": 1, "other": 1
    }  # fmt: skip


def test_the_terminal_has_a_table_of_sources_only_where_there_are_several(found: Report) -> None:
    rendered = words(terminal.render(found))
    assert "source claims definitions proved refuted or ill-typed, as expected unsupported other" in rendered
    assert "Second 2021 4 1 0 2 1 1" in rendered
    assert "source claims" not in words(terminal.render(report_on("proved")))


def test_the_terminal_lists_definitions_and_formulas_as_written(found: Report) -> None:
    rendered = words(terminal.render(found))
    for part in ("defined, not judged (1) L = xᵀ x (4) x is the input", "\\includegraphics{x}", "because a figure stands here", "x x = x"):
        assert part in rendered
    assert "∂L/∂x ∈ R^{1×n}" in rendered
    assert "definitions   " not in terminal.render(found)
    assert "6 claims: 2 proved, 2 refuted, 1 ill-typed, 1 unsupported; 3 definitions listed" in rendered
    assert "(the sides could not be built)" not in rendered


def test_every_line_fits_and_no_markup_is_read(found: Report) -> None:
    assert all(len(line) <= 90 for line in terminal.render(found, width=90).splitlines())


def test_another_reading_is_shown_beside_a_proof() -> None:
    said = report_on("proved", other_readings=(("with the product first", "ill-typed"), ("as a trace", "tested"), ("as a figure", "error")))
    rendered = words(terminal.render(said))
    assert "read with the product first it would be ill-typed" in rendered
    assert "as a trace" not in rendered
    assert "as a figure" not in rendered


def test_an_index_with_the_name_of_a_symbol_is_called_an_index() -> None:
    d = Derivation("bias", layout="numerator")
    n = d.dim("n")
    b = d.vector("b", n)
    k = d.local_index("b", n, beside_symbol=True)
    d.claim("(1)", b[k], 2 * b[k], expected="refuted")
    assert "b = [1], index b = 1: the left side is 1" in words(terminal.render(report([d])))


def test_warnings_are_shown_and_fail_nothing() -> None:
    d = Derivation("example", layout="numerator")
    x = d.scalar("x")
    d.claim("(1)", x, 1 * x)
    warned = Report((d,), tuple(report([d])), warnings=(REPAIRED,))
    assert warned.as_expected
    assert warned.counts()["unsupported"] == 0
    rendered = words(terminal.render(warned))
    for part in ("warning: the formula was repaired notes.md:12:1", "because a line break was missing", "1 warning", "all as expected"):
        assert part in rendered
    written = as_object(warned)
    jsonschema.validate(written, SCHEMA)
    assert written["warnings"] == [{"place": REPAIRED.place, "what": REPAIRED.what, "message": REPAIRED.message}]
    assert (written["summary"]["claims"], written["summary"]["unexpected"]) == (1, 0)


def test_a_problem_says_what_it_is() -> None:
    rendered = words(terminal.render(report_on("proved", (Problem("notes.md:1", "it is empty", what="a note holds no formula"),))))
    assert "error: a note holds no formula notes.md:1" in rendered
    assert "could not be read to its end" not in rendered


def test_show_names_what_was_written_and_how_else_it_reads(found: Report) -> None:
    rendered = words(show.render(found))
    for part in ("as written \\nabla L = 2 x^\\top", "read otherwise as a multiple: proved", "∂L/∂x ∈ R^{1×n}"):
        assert part in rendered


def test_show_of_an_unread_claim_with_its_matrices(found: Report) -> None:
    rendered = words(show.render(found, ["the-notes/(7)"], proof=True, sizes={}))
    assert "a figure stands here" in rendered
    assert "not shown" in rendered


# the line of the source ---------------------------------------------------------------------------------------------
def wrong_line(left: str, right: str) -> Derivation:
    d = Derivation("wrong", layout="numerator")
    x = d.scalar("x")
    with writing_at(Place("notes.md", 21, 7)):
        d.claim("line 21", x, 2 * x, written=f"{left} = {right}", written_right=right)
    return d


def underlined(lines: list[str]) -> str:
    """What the carets mark, in the line above them."""
    line, carets = lines
    return line[carets.index("^") : carets.rindex("^") + 1]


def test_a_wrong_line_is_shown_with_its_right_side_underlined() -> None:
    rendered = terminal.render(report([wrong_line("x", "2 x")]))
    assert "   21 | x = 2 x\n      |     ^^^\n" in rendered
    assert "the mistake           constant factor: 2 is too much" in rendered


@pytest.mark.parametrize("width", [40, 60, 200])
@pytest.mark.parametrize(("left", "right"), [("x", "y" * 100), ("x" * 100, "y"), ("x" * 100, "y" * 100), ("a = b", "[i = j] c")])
def test_a_long_line_is_shortened_and_the_carets_stay_below_the_right_side(left: str, right: str, width: int) -> None:
    (verdict,) = report([wrong_line(left, right)]).verdicts
    lines = phrases.source_lines(verdict, width)
    assert max(map(len, lines)) <= width
    marked = underlined(lines)
    assert right.startswith(marked.removesuffix(phrases.ELLIPSIS))
    assert marked == right or phrases.ELLIPSIS in lines[0]


def test_what_was_written_in_python_has_no_line() -> None:
    d = Derivation("python", layout="numerator")
    x = d.scalar("x")
    d.claim("double", x, 2 * x)
    (verdict,) = report([d]).verdicts
    assert phrases.source_lines(verdict, 100) == []
