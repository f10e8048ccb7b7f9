"""The command as a user calls it: exit codes, bad input, pipes, colours, and how quickly it starts."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from derivcheck.arguments import CHECK_EPILOG
from derivcheck.command_line import ExitCode, exit_code, main

ROOT = Path(__file__).resolve().parent.parent
SCHEMA = json.loads((ROOT / "tests" / "data" / "report.schema.json").read_text(encoding="utf-8"))
COMMAND = [sys.executable, "-m", "derivcheck"]

HEAD = """
from derivcheck import Derivation, exp, indicator, Positive
d = Derivation("example", layout="numerator")
n = d.dim("n")
x = d.scalar("x")
z = d.vector("z", n)
"""
TRUE = HEAD + "d.claim('true', exp(x) * exp(-x), 1)\n"
FALSE = HEAD + "d.claim('true', x + x, 2 * x)\nd.claim('false', x + x, 3 * x)\n"
ERRATUM = HEAD + "d.erratum('slip', printed=(x + x, 3 * x), corrected=(x + x, 2 * x), note='counting')\n"
MISFIT = HEAD + "d.claim('misfit', z, z.T)\n"
RAISES = TRUE + "raise KeyError('K')\n"


def environment(**changes: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM")}
    return {**kept, "PYTHONPATH": str(ROOT), "TERM": "xterm", **changes}


def run(*arguments: str, cwd: Path | None = None, **changes: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, its output through pipes."""
    return subprocess.run(
        [*COMMAND, *arguments], capture_output=True, text=True, encoding="utf-8", cwd=cwd, env=environment(**changes), timeout=60, check=False
    )


def written(folder: Path, source: str, name: str = "example.py") -> str:
    path = folder / name
    path.write_text(source, encoding="utf-8")
    return str(path)


# exit codes -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        (TRUE, ExitCode.AS_EXPECTED, "1 proved; all as expected"),
        (FALSE, ExitCode.UNEXPECTED, "false is not an equality"),
        (ERRATUM, ExitCode.AS_EXPECTED, "1 proved, 1 refuted; all as expected"),
        (MISFIT, ExitCode.UNEXPECTED, "the left side is n × 1"),
        (MISFIT.replace("z.T)", "z.T, expected='ill-typed')"), ExitCode.AS_EXPECTED, "1 ill-typed; all as expected"),
        (TRUE.replace("1)", "1, expected='refuted')"), ExitCode.UNEXPECTED, "not refuted"),
        (RAISES, ExitCode.FAILURE, "KeyError: 'K'"),
        (HEAD + "z + z.T\n", ExitCode.UNEXPECTED, "cannot add n × 1"),
        (HEAD, ExitCode.NOTHING, "nothing to check"),
        ("", ExitCode.NOTHING, "nothing to check"),
        ("x = = 1", ExitCode.FAILURE, "not valid Python"),
    ],
    ids=["true", "false", "erratum", "misfit", "misfit-expected", "better-than-expected", "raises", "raises-misfit", "no-claim", "empty", "syntax"],
)
def test_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str], source: str, code: ExitCode, said: str) -> None:
    assert main(["all", written(tmp_path, source)]) == code
    assert said in " ".join(capsys.readouterr().out.split())


def test_a_hanging_file_is_stopped_and_the_others_are_judged(tmp_path: Path) -> None:
    written(tmp_path, "while True: pass\n", "a_hangs.py")
    written(tmp_path, TRUE, "b_true.py")
    done = run("all", str(tmp_path), "--timeout", "6")
    assert done.returncode == ExitCode.FAILURE
    assert "took longer than 6 s" in " ".join(done.stdout.split())
    assert "1 proved" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_hanging_claim_is_its_own_error(tmp_path: Path) -> None:
    source = TRUE + "def build():\n    while True: pass\nd.explicit('hangs', build)\nd.claim('after', x + x, 2 * x)\n"
    done = run("all", written(tmp_path, source), "--timeout", "6", "--format", "json")
    assert done.returncode == ExitCode.FAILURE
    claims = {claim["id"]: claim for claim in json.loads(done.stdout)["claims"]}
    assert [claims[f"example/{name}"]["verdict"] for name in ("true", "hangs", "after")] == ["proved", "error", "proved"]
    assert "longer than 6 s" in claims["example/hangs"]["reason"]


def test_what_was_stated_before_a_file_raised_is_judged(tmp_path: Path) -> None:
    done = run("all", written(tmp_path, RAISES), "--format", "json")
    found = json.loads(done.stdout)
    jsonschema.validate(found, SCHEMA)
    assert done.returncode == ExitCode.FAILURE
    assert [(claim["kind"], claim["verdict"]) for claim in found["claims"]] == [("identity", "proved"), ("problem", "error")]
    assert found["claims"][1]["place"].endswith("example.py:8")


def test_strict_counts_what_was_not_decided() -> None:
    class Undecided:
        word = "undecided"

    class OneUndecided:
        verdicts = (Undecided(),)
        problems = ()
        unexpected = ()
        entered = ()
        unproved_recursions = ()
        derivations = ()

    report = OneUndecided()
    assert exit_code(report) == ExitCode.AS_EXPECTED  # type: ignore[arg-type]
    assert exit_code(report, strict=True) == ExitCode.UNEXPECTED  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["all", "no/such/path"], "no/such/path: there is no such file or folder. Give a note or a derivation file"),
        (["list", str(ROOT / "pyproject.toml")], "end in *.md, *.markdown, *.tex, *.ipynb, *.py"),
        (["show", "softmax-jacobain"], "there is no derivation called 'softmax-jacobain'; there is 'softmax-jacobian'"),
        (["show", "softmax-jacobian", "matrix from"], "there is 'matrix form'"),
        (["show", "softmax-jacobian", "--dims", "K"], "--dims takes sizes such as n=2,m=3, not 'K'"),
        (["show", "softmax-jacobian", "--dims", "K=0"], "not 'K=0'"),
        (["show", "softmax-jacobian", "--dims", "N=2"], "there is no dimension of softmax-jacobian called 'N'; there is 'K'"),
    ],
)
def test_usage_errors_say_what_to_do(capsys: pytest.CaptureFixture[str], arguments: list[str], said: str) -> None:
    assert main(arguments) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err


@pytest.mark.parametrize("arguments", [[], ["every"], ["all", "--timeout", "soon"], ["all", "--timeout", "0"], ["all", "--format", "xml"], ["show"]])
def test_wrong_options(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == ExitCode.USAGE


def test_an_empty_folder(tmp_path: Path) -> None:
    done = run("all", str(tmp_path))
    assert done.returncode == ExitCode.NOTHING
    assert "nothing to check" in done.stderr


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = '\xff'\n")
    done = run("all", str(tmp_path))
    assert done.returncode == ExitCode.FAILURE
    assert "utf-8" in done.stdout
    assert "Traceback" not in done.stderr


def test_an_internal_error_is_not_taken_for_a_wrong_claim(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*arguments: object, **options: object) -> None:
        raise LookupError("planted")

    monkeypatch.setattr("derivcheck.workers.judge", fail)
    assert main(["all", written(tmp_path, TRUE)]) == ExitCode.FAILURE
    assert "derivcheck failed on example: LookupError: planted" in " ".join(capsys.readouterr().out.split())


# output ---------------------------------------------------------------------------------------------------------------
def test_a_pipe_gets_plain_text_of_a_fixed_width(tmp_path: Path) -> None:
    done = run("all", written(tmp_path, FALSE), FORCE_COLOR="1", COLUMNS="40")
    assert "\x1b" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) == 120
    assert done.stderr == ""


def test_a_pipe_that_is_not_utf_8_still_gets_formulas(tmp_path: Path) -> None:
    done = run("all", written(tmp_path, TRUE), PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, "✓" in done.stdout) == (ExitCode.AS_EXPECTED, True)


def on_a_terminal(*arguments: str, **changes: str) -> str:
    """What the command writes to a terminal."""
    reader, writer = pty.openpty()
    process = subprocess.Popen([*COMMAND, *arguments], stdout=writer, stderr=writer, stdin=writer, env=environment(**changes))
    os.close(writer)
    chunks = []
    while True:
        try:
            chunk = os.read(reader, 65536)
        except OSError:
            break
        if not chunk:
            break
        chunks.append(chunk)
    os.close(reader)
    process.wait(timeout=60)
    return b"".join(chunks).decode()


def test_a_terminal_gets_colours_and_a_progress_bar(tmp_path: Path) -> None:
    shown = on_a_terminal("all", written(tmp_path, TRUE))
    assert "\x1b[32mproved" in shown
    assert re.search(r"[01]/1", shown)


def test_no_color_is_honoured(tmp_path: Path) -> None:
    shown = on_a_terminal("all", written(tmp_path, TRUE), NO_COLOR="1")
    assert "proved" in shown
    assert "\x1b[32m" not in shown
    assert "\x1b[1m" not in shown


def test_a_reader_that_stops_early_is_no_error(tmp_path: Path) -> None:
    line = f"{' '.join(COMMAND)} all {ROOT / 'derivations' / 'tanh.py'} | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, env=environment(), timeout=60, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "0"


def test_a_full_disk_is_reported(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this platform has no /dev/full")
    done = subprocess.run(
        ["bash", "-c", f"{' '.join(COMMAND)} list > /dev/full"], capture_output=True, text=True, env=environment(), timeout=60, check=False
    )
    assert done.returncode == ExitCode.FAILURE
    assert "could not be written" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_interrupt_is_quiet(tmp_path: Path) -> None:
    path = written(tmp_path, "import pathlib, time\npathlib.Path(__file__).with_suffix('.started').touch()\ntime.sleep(30)\n")
    process = subprocess.Popen([*COMMAND, "all", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    deadline = time.monotonic() + 30
    while not (tmp_path / "example.started").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (ExitCode.INTERRUPTED, b"", b"")


def test_json_is_one_object_even_where_a_file_prints(tmp_path: Path) -> None:
    done = run("all", written(tmp_path, "print('noise')\n" + FALSE), "--format", "json")
    found = json.loads(done.stdout)
    jsonschema.validate(found, SCHEMA)
    assert done.returncode == ExitCode.UNEXPECTED
    assert found["summary"]["refuted"] == 1
    assert done.stderr == "noise\n"


def test_the_same_seed_gives_the_same_report(tmp_path: Path) -> None:
    path = written(tmp_path, FALSE)

    def judged(seed: str) -> str:
        return re.sub(r'"seconds": [0-9.e-]+', "", run("all", path, "--format", "json", "--seed", seed).stdout)

    assert judged("3") == judged("3")


# list and show --------------------------------------------------------------------------------------------------------
def test_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == ExitCode.AS_EXPECTED
    assert re.search(r"softmax-jacobian +\d+ claims  The Jacobian of softmax", capsys.readouterr().out)


def test_list_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", written(tmp_path, TRUE), "--format", "json"]) == ExitCode.AS_EXPECTED
    (row,) = json.loads(capsys.readouterr().out)["derivations"]
    assert (row["name"], row["layout"], row["claims"]) == ("example", "numerator", ["true"])


def test_list_says_what_is_wrong(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", written(tmp_path, RAISES)]) == ExitCode.FAILURE
    captured = capsys.readouterr()
    assert "example" in captured.out
    assert "example.py:8: the file raised KeyError" in captured.err


def test_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, FALSE)
    assert main(["show", "example", "true", "--path", path, "--proof", "--sympy"]) == ExitCode.AS_EXPECTED
    shown = " ".join(capsys.readouterr().out.split())
    assert "left, normal form 2 x" in shown
    assert "left - right, simplified [0]" in shown
    assert main(["show", "example", "--path", path]) == ExitCode.UNEXPECTED
    assert "smallest difference x = 1" in " ".join(capsys.readouterr().out.split())


# starting up ----------------------------------------------------------------------------------------------------------
def starts_without(arguments: list[str], names: tuple[str, ...]) -> None:
    """The command runs, and imports none of these modules."""
    program = (
        "import sys\nfrom derivcheck.command_line import main\ntry:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        f"sys.exit([name for name in {names!r} if name in sys.modules] or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, env=environment(), timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("arguments", [["--help"], ["all", "--help"], ["list"], ["--version"]])
def test_sympy_and_numpy_are_not_imported_before_they_are_needed(arguments: list[str]) -> None:
    starts_without(arguments, ("sympy", "numpy", "rich", "mpmath"))


@pytest.mark.parametrize("arguments", [["--help"], ["check", "--help"], ["--version"]])
def test_the_notation_is_not_imported_before_a_note_is_read(arguments: list[str]) -> None:
    starts_without(arguments, ("derivcheck.notes",))


def test_help_explains_words_and_exit_codes() -> None:
    done = run("--help")
    for part in ("proved-small", "vacuous", "exit codes", "nothing to check", "derivcheck show softmax-jacobian", "that you trust"):
        assert part in done.stdout


# notes ----------------------------------------------------------------------------------------------------------------
DECLARED = "```derivcheck\nx: scalar\n```\n\n"
TRUE_NOTE = DECLARED + "$$ x + x = 2 x $$\n"
FALSE_NOTE = DECLARED + "$$ x + x = 3 x $$\n"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        (TRUE_NOTE, ExitCode.AS_EXPECTED, "1 proved; all as expected"),
        (FALSE_NOTE, ExitCode.UNEXPECTED, "1 refuted; 1 not as expected"),
        (DECLARED + "**eq-1** (refuted: counted wrongly)\n$$ x + x = 3 x $$\n", ExitCode.AS_EXPECTED, "1 refuted; all as expected"),
        (DECLARED + "$$ u = x + x $$\n", ExitCode.AS_EXPECTED, "1 definition listed"),
        (DECLARED + "$$ rac{x + x}{2} = x $$\n", ExitCode.AS_EXPECTED, "the document was damaged when it was copied"),
        (DECLARED + "$$ \\strange{x} = 2 x $$\n", ExitCode.UNEXPECTED, "no equation was understood"),
        (DECLARED + "Only $x$.\n", ExitCode.NOTHING, "no equation was found that states something"),
        ("Only $x$.\n", ExitCode.NOTHING, "no equation was found"),
        ("Only words.\n", ExitCode.FAILURE, "there is no mathematics in it"),
        ("", ExitCode.FAILURE, "there is no mathematics in it"),
        ("```derivcheck\nx: scalar scalar scalar ?\n```\n" + TRUE_NOTE, ExitCode.UNEXPECTED, "a declaration was not understood"),
        ("\x00\x01", ExitCode.FAILURE, "not text"),
    ],
    ids=[
        "true", "false", "expected", "definition", "damaged", "not-understood", "declarations", "symbols", "words", "empty", "misdeclared", "bytes"
    ],
)  # fmt: skip
def test_exit_codes_of_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, code: ExitCode, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, text, "note.md")
    assert main(["check", "note.md"]) == code
    captured = capsys.readouterr()
    assert said in " ".join(f"{captured.err} {captured.out}".split())


def test_a_place_in_a_note_has_line_and_column(tmp_path: Path) -> None:
    done = run("check", written(tmp_path, FALSE_NOTE, "note.md"), "--format", "json")
    found = json.loads(done.stdout)
    jsonschema.validate(found, SCHEMA)
    (claim,) = found["claims"]
    line, column = claim["place"].removeprefix(str(tmp_path / "note.md:")).split(":")
    assert FALSE_NOTE.splitlines()[int(line) - 1][int(column) - 1 :] == "3 x $$"


def test_a_note_is_judged_the_same_by_check_and_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, FALSE_NOTE, "note.md")
    outputs = []
    for command in ("check", "all"):
        assert main([command, path, "--format", "json"]) == ExitCode.UNEXPECTED
        outputs.append(re.sub(r'"seconds": [0-9.e-]+', "", capsys.readouterr().out))
    assert outputs[0] == outputs[1]


def test_list_and_show_take_notes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = written(tmp_path, "$$ rac{x + x}{2} = x $$\n", "note.md")
    declarations = written(tmp_path, "x: scalar\n", "other.derivcheck")
    assert main(["list", path]) == ExitCode.AS_EXPECTED
    captured = capsys.readouterr()
    assert captured.out.startswith("note ")
    assert "note.md:1:4: characters of its mathematics are lost" in captured.err
    assert main(["show", "note", "--path", path]) == ExitCode.UNEXPECTED
    capsys.readouterr()
    assert main(["show", "note", "line 1", "--path", path, "--declarations", declarations]) == ExitCode.AS_EXPECTED
    captured = capsys.readouterr()
    assert "proved" in captured.out
    assert "note.md:1:4: characters of its mathematics are lost" in captured.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "no/such/note.md"], "no/such/note.md: there is no such file or folder. Give a note"),
        (["check", "paper.docx"], "paper.docx: derivations are read from notes and Python files, whose names end in *.md, *.markdown"),
        (["check", "folder"], "folder: nothing to read in this folder (*.md"),
        (["check", "note.md", "--declarations", "other.derivcheck"], "other.derivcheck: there is no such file of declarations"),
        (["list", "note.md", "--declarations", "folder"], "folder: there is no such file of declarations"),
    ],
)
def test_usage_errors_of_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    written(tmp_path, "not really", "paper.docx")
    written(tmp_path, TRUE_NOTE, "note.md")
    written(tmp_path / "folder", TRUE_NOTE, "README.md")
    assert main(arguments) == ExitCode.USAGE
    captured = capsys.readouterr()
    assert captured.out == ""
    assert said in captured.err


def test_one_note_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    written(tmp_path, TRUE_NOTE, "a.md")
    (tmp_path / "b.md").write_bytes(b"$$ x = \xff $$")
    (tmp_path / "c.ipynb").write_text("not JSON", encoding="utf-8")
    done = run("check", str(tmp_path), "--format", "json")
    found = json.loads(done.stdout)
    assert done.returncode == ExitCode.FAILURE
    assert [claim["verdict"] for claim in found["claims"]] == ["proved", "error", "error"]
    assert "Traceback" not in done.stderr


def test_the_declarations_that_help_shows_are_understood(tmp_path: Path) -> None:
    shown = CHECK_EPILOG.partition("for example:\n\n")[2].partition("\n\n")[0]
    lines = [re.split(r" {2,}", line.strip())[0] for line in shown.splitlines()]
    assert [line.split()[0] for line in lines] == ["layout", "W:", "z,", "y", "function", "assume"]
    block = "\n".join(lines)
    done = run("check", written(tmp_path, f"```derivcheck\n{block}\n```\n\n$$ z + z = 2 z $$\n", "note.md"), "--format", "json")
    assert [(claim["kind"], claim["verdict"], claim["reason"]) for claim in json.loads(done.stdout)["claims"]] == [("identity", "proved", "")]


def test_reading_that_takes_long_shows_its_progress(tmp_path: Path) -> None:
    for number in range(3):
        written(tmp_path, f"import time\ntime.sleep({1.2 if number == 0 else 0.3})\n", f"slow_{number}.py")
    assert "reading slow_1.py" in on_a_terminal("all", str(tmp_path))


RECURRENT = r"""```derivcheck
layout like-variable
x, y: n
W, V: n x n
z_1 = W x
h_1 = \tanh(z_1)
z_2 = W h_1
h_2 = \tanh(z_2)
o = V h_2
L = \frac{1}{2} \|o - y\|^2
```

$$\frac{\partial L}{\partial z_1} = x \odot h_1 \odot h_2$$
"""


def test_a_report_does_not_depend_on_the_order_of_sets(tmp_path: Path) -> None:
    note = written(tmp_path, RECURRENT, "note.md")
    shown = [run("show", "note", "--path", note, "--proof", PYTHONHASHSEED=seed).stdout for seed in ("1", "2", "3")]
    told = {re.sub(r"[\d.]+ m?s\b", "", text) for text in shown}
    assert "left, normal form" in shown[0]
    assert len(told) == 1
