"""The walls of the house: imports point one way, witnesses are independent, one file makes verdicts, nothing is asserted."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Mapping
from itertools import combinations
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "derivcheck"

LAYERS = (
    ("algebra",),
    ("language",),
    ("claims", "time_limit"),
    ("declarations", "sides"),
    ("derivation",),
    ("layers", "verdict"),
    ("statement",),
    ("backprop",),
    ("witnesses",),
    ("contradictions", "expectations", "hints"),
    ("judge",),
    ("notes", "reports", "courses", "workers"),
    ("arguments", "loading"),
    ("command_line",),
    ("__main__",),
)
"""From the bottom; what stands in one row does not import its neighbours."""

HEIGHT = {name: height for height, row in enumerate(LAYERS) for name in row}

WITNESSES = (("all_dimensions",), ("small_dimensions", "counterexample"), ("numeric",))
"""The modules that speak for each witness: a point where the sides differ is the word of exact arithmetic, as a decision of all entries is."""


def modules() -> dict[str, str]:
    """Every module below the package by its dotted name, and its source. The package itself only lists public names."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name and parts[0] != "_derivations":
            found[name] = path.read_text(encoding="utf-8")
    return found


def imported(source: str) -> Iterator[tuple[int, str]]:
    """The line and the dotted name of everything that a module imports, also inside functions."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield node.lineno, "." * node.level + (node.module or "")
            elif node.module == "derivcheck":
                yield from ((node.lineno, f"derivcheck.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module or ""


def wrong_imports(name: str, source: str) -> list[str]:
    """The imports of a module that point upwards or sideways, leave the standard library in algebra, or are relative."""
    wrong = []
    layer = name.partition(".")[0]
    for line, target in imported(source):
        root, _, rest = target.partition(".")
        above = rest.partition(".")[0]
        if root == "":
            wrong.append(f"{name}:{line} imports {target}, which is relative")
        elif root == "derivcheck":
            if above not in HEIGHT:
                allowed = layer in ("arguments", "command_line", "__main__") and above == ""
            else:
                allowed = above == layer or HEIGHT[above] < HEIGHT[layer]
            if not allowed:
                wrong.append(f"{name}:{line} imports {target}")
        elif layer == "algebra" and root not in sys.stdlib_module_names:
            wrong.append(f"{name}:{line} imports {target}, which is not in the standard library")
    return wrong


def test_every_module_has_a_layer() -> None:
    assert {name.partition(".")[0] for name in modules()} <= HEIGHT.keys()


def test_imports_point_one_way() -> None:
    assert [problem for name, source in modules().items() for problem in wrong_imports(name, source)] == []


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("language.terms", "import derivcheck.judge"),
        ("algebra.rules", "from derivcheck.language import terms"),
        ("algebra.rules", "from derivcheck import language"),
        ("algebra.rules", "import sympy"),
        ("witnesses.numeric", "def late():\n    from derivcheck.judge import judge"),
        ("reports.json", "from derivcheck.loading import load"),
        ("hints.nearest", "from derivcheck.judge import judge"),
        ("notes.reader", "from derivcheck.reports import terminal"),
        ("reports.terminal", "from derivcheck.notes import reader"),
        ("reports.json", "from derivcheck import command_line"),
        ("judge", "from derivcheck import D"),
        ("language.terms", "from . import shapes"),
        ("verdict", "if TYPE_CHECKING:\n    from derivcheck.judge import judge"),
    ],
)
def test_a_planted_wrong_import_is_found(name: str, source: str) -> None:
    assert len(wrong_imports(name, source)) == 1


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("judge", "from derivcheck.witnesses import numeric"),
        ("language.terms", "from derivcheck.language.shapes import row"),
        ("command_line", "import derivcheck"),
        ("algebra.rules", "from fractions import Fraction"),
        ("witnesses.numeric", "import numpy as np"),
    ],
)
def test_a_right_import_is_not_found(name: str, source: str) -> None:
    assert wrong_imports(name, source) == []


JUDGING = ("witnesses", "judge", "hints", "backprop")


def judging_imports(source: str) -> list[str]:
    """What a module imports of the parts that decide whether a claim is true."""
    return [target for _, target in imported(source) if any(f"{target}.".startswith(f"derivcheck.{part}.") for part in JUDGING)]


def test_what_reads_notes_does_not_judge() -> None:
    assert [(name, found) for name, source in modules().items() if name.startswith("notes.") and (found := judging_imports(source))] == []


@pytest.mark.parametrize(
    "source", ["from derivcheck.witnesses import numeric", "from derivcheck import judge", "def late():\n    import derivcheck.hints.proof"]
)
def test_a_planted_judging_import_is_found(source: str) -> None:
    assert len(judging_imports(source)) == 1


# witnesses ----------------------------------------------------------------------------------------------------------
def reached(start: str, sources: Mapping[str, str]) -> set[str]:
    """The modules of witnesses/ that a module imports, directly or through others of them."""
    seen: set[str] = set()
    stack = [start]
    while stack:
        name = stack.pop()
        if name in seen or name not in sources:
            continue
        seen.add(name)
        for line, target in imported(sources[name]):
            for module in (target, *_submodules(target, sources[name], line)):
                if module.startswith("derivcheck.witnesses."):
                    stack.append(module.removeprefix("derivcheck."))
    return seen


def _submodules(target: str, source: str, line: int) -> Iterator[str]:
    """from derivcheck.witnesses import a: the module a."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.lineno == line and node.module == target:
            yield from (f"{target}.{alias.name}" for alias in node.names)


ABOUT_CLAIMS = {"witnesses.claim_dimensions"}
"""What the witnesses may share: which symbols a claim speaks of. It computes nothing."""


def test_the_witnesses_share_no_code() -> None:
    assert shared(modules()) <= ABOUT_CLAIMS


def shared(sources: Mapping[str, str]) -> set[str]:
    """The modules that two witnesses reach."""
    found: set[str] = set()
    for left, right in combinations(WITNESSES, 2):
        one, other = (set().union(*(reached(f"witnesses.{name}", sources) for name in names)) for names in (left, right))
        found |= one & other
    return found


@pytest.mark.parametrize(
    ("module", "planted"),
    [
        ("witnesses.exact.shrinking", "from derivcheck.witnesses.numeric import witness"),
        ("witnesses.exact.candidates", "from derivcheck.witnesses.all_dimensions import Prover"),
        ("witnesses.exact.decision", "from derivcheck.witnesses.points import Point"),
        ("witnesses.evaluation", "from derivcheck.witnesses.exact.point_values import PointValues"),
        ("witnesses.conditions", "from derivcheck.witnesses import numeric"),
    ],
)
def test_a_planted_import_of_another_witness_is_found(module: str, planted: str) -> None:
    sources = modules()
    assert not shared({**sources, module: f"{sources[module]}\n{planted}\n"}) <= ABOUT_CLAIMS


def test_a_planted_shared_module_is_found() -> None:
    sources = {
        "witnesses.numeric": "from derivcheck.witnesses import points",
        "witnesses.points": "from derivcheck.witnesses.exact.decision import decide",
        "witnesses.exact.decision": "",
    }
    assert reached("witnesses.numeric", sources) == sources.keys()


@pytest.mark.parametrize(
    ("witness", "foreign"),
    [
        ("all_dimensions", ("sympy", "numpy", "mpmath")),
        ("small_dimensions", ("numpy", "derivcheck.algebra")),
        ("numeric", ("derivcheck.algebra",)),
    ],
)
def test_each_witness_computes_with_its_own_tools(witness: str, foreign: tuple[str, ...]) -> None:
    sources = modules()
    for name in reached(f"witnesses.{witness}", sources):
        for line, target in imported(sources[name]):
            used = any(target == tool or target.startswith(f"{tool}.") for tool in foreign)
            assert not used or target == "derivcheck.algebra.dims", f"{name}:{line} imports {target}"


# one door, no asserts -----------------------------------------------------------------------------------------------
def makers_of(constructor: str, source: str) -> list[int]:
    """The lines where a class is called by its name."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    names = [(call.lineno, call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")) for call in calls]
    return [line for line, name in names if name == constructor]


def test_only_the_judge_makes_verdicts() -> None:
    assert {name for name, source in modules().items() if makers_of("Verdict", source)} == {"judge"}


def test_a_planted_verdict_is_found() -> None:
    assert makers_of("Verdict", "from derivcheck import verdict\nx = verdict.Verdict(word='proved')") == [2]


def test_the_library_asserts_nothing() -> None:
    asserted = [f"{name}:{node.lineno}" for name, source in modules().items() for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Assert)]
    assert asserted == []
