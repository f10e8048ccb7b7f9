"""The README says what is true: its example gives the printed output, its Python runs, its commands and schema are there."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from derivcheck.command_line import main
from derivcheck.verdict import WORDS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def block(marker: str) -> str:
    """The fenced block after a marker."""
    found = re.search(rf"<!-- {re.escape(marker)} -->\n(```+)\w+\n(.*?)^\1$", README, re.DOTALL | re.MULTILINE)
    if found is None:
        raise LookupError(f"README.md has no block marked {marker!r}")
    return found[2]


def without_timing(text: str) -> str:
    """The text with every duration and rounding error as one sign, and without padding."""
    return " ".join(re.sub(r"\d+(\.\d)? m?s\b|\de[-+]\d\d", "~", text).split())


@pytest.mark.parametrize(("name", "command"), [("notes.py", "derivcheck all notes.py"), ("notes.md", "derivcheck check notes.md")])
def test_the_example_prints_what_the_readme_shows(
    name: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(block(f"file: {name}"), encoding="utf-8")
    main(shlex.split(command)[1:])
    assert without_timing(capsys.readouterr().out) == without_timing(block(f"output: {command}"))


def test_the_python_example_holds() -> None:
    exec(compile(block("example"), str(ROOT / "README.md"), "exec"), {})


def test_the_json_section_names_every_key_and_kind() -> None:
    section = README.partition("\n## JSON\n")[2]
    schema = json.loads((ROOT / "tests" / "data" / "report.schema.json").read_text(encoding="utf-8"))
    claim = schema["$defs"]["claim"]
    named = [*(f'"{key}"' for key in (*schema["required"], *claim["required"])), *(f"`{kind}`" for kind in claim["properties"]["kind"]["enum"])]
    assert [name for name in named if name not in section] == []


def test_every_word_is_explained() -> None:
    assert [word for word in WORDS if f"| `{word}` |" not in README] == []


def test_the_commands_are_complete() -> None:
    for marker, last in (("command: check", "derivcheck all"), ("command: test", "pytest -n auto")):
        command = block(marker).strip()
        assert "\n" not in command
        assert "python3 -m venv .venv && .venv/bin/pip install" in command
        assert command.endswith(last)


def test_nobody_is_told_to_install_an_unrelated_package() -> None:
    assert not re.search(r"pip install [^\n]*\bderivcheck\b(?! all)", README.replace(".venv/bin/derivcheck", ""))


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "<!-- command: test -->" in script
    assert "pip install" not in script
