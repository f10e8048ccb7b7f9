"""The JSON report: exactly the promised object, for every verdict, and nothing lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from report_examples import EVIDENCE, MISFIT, OPEN, RAISED, one_of_each, report_on

from derivcheck import Report, judge
from derivcheck.loading import find_files, load
from derivcheck.reports.json import as_object, render

SCHEMA = json.loads((Path(__file__).parent.parent / "data" / "report.schema.json").read_text(encoding="utf-8"))


def check(report: Report) -> dict[str, Any]:
    """The report read back from its text, valid by the schema."""

    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is not JSON")

    found: dict[str, Any] = json.loads(render(report), parse_constant=refuse)
    jsonschema.validate(found, SCHEMA)
    return found


def test_the_schema_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_one_claim_of_each_verdict() -> None:
    found = check(one_of_each())
    assert found["summary"] == {"claims": 9, "as_expected": 9, "unexpected": 0, **dict.fromkeys(EVIDENCE, 1), "definitions": 0}
    assert [claim["verdict"] for claim in found["claims"]] == list(EVIDENCE)


def test_the_keys_and_their_order() -> None:
    found = as_object(report_on("proved"))
    assert list(found) == ["version", "summary", "claims", "sources", "warnings"]
    assert list(found["summary"])[:3] == ["claims", "as_expected", "unexpected"]
    assert list(found["claims"][0]) == [
        "id", "derivation", "source", "place", "kind", "layout", "lhs", "rhs", "judged_as", "verdict", "expected", "reason", "trivial", "evidence",
        "axioms", "assumptions", "conditions", "cites", "counterexample", "seconds", "written", "written_right", "other_readings",
        "advice", "in_chain",
    ]  # fmt: skip


def test_a_proof() -> None:
    claim = check(report_on("proved", conditions=OPEN, axioms=("exp",), cites=("entries",), assumptions=("Σ y = 1",)))["claims"][0]
    assert {name: witness["status"] for name, witness in claim["evidence"].items()} == dict.fromkeys(
        ("all_dimensions", "small_dimensions", "numeric"), "agrees"
    )
    assert claim["conditions"] == [{"text": "x ≠ 0", "state": "unknown"}, {"text": "Σ_i exp(z[i]) > 0", "state": "holds"}]
    assert (claim["axioms"], claim["cites"], claim["assumptions"]) == (["exp"], ["entries"], ["Σ y = 1"])
    assert claim["evidence"]["numeric"]["largest_relative_error"] == 3e-16


def test_a_witness_that_did_not_run_is_null_and_the_reason_says_why() -> None:
    claim = check(report_on("undecided"))["claims"][0]
    assert claim["evidence"] == {"all_dimensions": None, "small_dimensions": None, "numeric": None}
    assert "no rule for it" in claim["reason"]
    assert "out of time" in claim["reason"]


def test_a_reason_that_is_given_already_is_not_repeated() -> None:
    claim = check(report_on("undecided", reason="no rule for it; out of time"))["claims"][0]
    assert claim["reason"] == "no rule for it; out of time"


def test_a_refutation_carries_its_point_and_no_infinity() -> None:
    claim = check(report_on("refuted"))["claims"][0]
    assert claim["counterexample"] == {
        "dimensions": {"K": 2}, "values": {"z": "[0; 1/2]"}, "indices": {"i": 1}, "entry": [1, 2], "left": "1/4", "right": "-1/4", "exact": True
    }  # fmt: skip
    assert claim["evidence"]["numeric"]["largest_relative_error"] is None


def test_file_problems_are_claims_that_nothing_can_take_for_a_verdict_on_a_formula() -> None:
    found = check(report_on("proved", (RAISED, MISFIT)))
    assert found["summary"]["claims"] == 3
    assert (found["summary"]["as_expected"], found["summary"]["unexpected"]) == (1, 2)
    assert (found["summary"]["error"], found["summary"]["ill-typed"]) == (1, 1)
    raised, misfit = found["claims"][1:]
    assert (raised["kind"], raised["place"], raised["reason"], raised["expected"]) == ("problem", RAISED.place, RAISED.message, None)
    assert raised["id"] != misfit["id"]


def test_nothing_at_all() -> None:
    assert check(Report())["claims"] == []


@pytest.mark.parametrize(
    "change",
    [{"verdict": "refuted", "counterexample": None}, {"verdict": "sound"}, {"seconds": "1 s"}, {"extra": 1}, {"expected": None, "kind": "identity_"}],
)
def test_the_schema_refuses(change: dict[str, Any]) -> None:
    found = as_object(report_on("proved"))
    found["claims"][0].update(change)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, SCHEMA)


def test_the_report_on_a_core_derivation() -> None:
    (file,) = (file for file in find_files([]) if file.stem == "softmax_jacobian")
    found = check(judge.report(load([file]).derivations))
    assert found["summary"]["unexpected"] == 0
    assert {claim["derivation"] for claim in found["claims"]} == {"softmax-jacobian"}
    assert len({claim["id"] for claim in found["claims"]}) == len(found["claims"])
