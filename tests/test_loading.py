"""Derivation files: which are found, what they define, and a problem with a place for each that goes wrong."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from derivcheck.loading import Loaded, UnknownPath, default_folder, find_files, load
from derivcheck.time_limit import TimedOut, limits_work, time_limit

GOOD = """
from derivcheck import Derivation
{name} = Derivation("{name}", layout="numerator")
x = {name}.scalar("x")
{name}.claim("trivial", x, x)
"""


def loaded(folder: Path, **files: str) -> Loaded:
    """The files of a folder, given by stem and text, loaded with a limit of one second each."""
    for stem, source in files.items():
        (folder / f"{stem}.py").write_text(source, encoding="utf-8")
    return load(find_files([str(folder)]), 1.0)


# finding --------------------------------------------------------------------------------------------------------------
def test_the_core_derivations_are_found_without_a_path() -> None:
    folder = default_folder()
    assert folder is not None
    assert find_files([]) == tuple(sorted(path for path in folder.iterdir() if path.suffix in (".py", ".md") and not path.name.startswith("_")))


def test_files_and_folders(tmp_path: Path) -> None:
    for name in ("b.py", "a.py", "_helper.py", "note.md", "README.md", "_draft.md", "table.csv"):
        (tmp_path / name).touch()
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "c.py").touch()
    names = [path.name for path in find_files([str(tmp_path), str(tmp_path / "_helper.py"), str(tmp_path / "below" / ".." / "a.py")])]
    assert names == ["a.py", "b.py", "note.md", "_helper.py"]


@pytest.mark.parametrize(("name", "message"), [("missing.py", "no such file or folder"), ("note.docx", r"end in \*\.md")])
def test_paths_without_derivations_are_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "note.docx").touch()
    with pytest.raises(UnknownPath, match=message):
        find_files([str(tmp_path / name)])


# running --------------------------------------------------------------------------------------------------------------
def test_module_level_derivations_in_order(tmp_path: Path) -> None:
    source = GOOD.format(name="second") + GOOD.format(name="first") + "again = first\ndef f():\n    return Derivation('hidden', layout='numerator')\n"
    assert [derivation.name for derivation in loaded(tmp_path, a=source).derivations] == ["second", "first"]


def test_a_file_runs_as_a_module_of_its_own(tmp_path: Path) -> None:
    found = loaded(
        tmp_path,
        a=GOOD.format(name="a") + "secret = 1\nif __name__ != '__derivation__' or not __file__.endswith('a.py'): raise ValueError(__name__)\n",
        b="from __future__ import annotations\nimport dataclasses\n@dataclasses.dataclass\nclass C:\n    x: int\nassert 'secret' not in globals()\n",
    )
    assert found.problems == ()
    assert "__derivation__" not in sys.modules


def test_places_are_those_of_the_file(tmp_path: Path) -> None:
    (derivation,) = loaded(tmp_path, a=GOOD.format(name="a")).derivations
    assert str(derivation.claims[0].place) == f"{tmp_path / 'a.py'}:5"


def test_what_a_file_prints_does_not_reach_the_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    loaded(tmp_path, a="print('hello')")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "hello\n")


PROBLEMS = {
    "raises": ("x = 1\nraise KeyError('K')\n", 2, "error", "KeyError: 'K'"),
    "raises in a function": ("def f():\n    return 1 / 0\n\nf()\n", 2, "error", "ZeroDivisionError"),
    "raises in the library": ("from fractions import Fraction\n\nFraction('x')\n", 3, "error", "ValueError"),
    "does not import": ("import no_such_module_anywhere\n", 1, "error", "ModuleNotFoundError"),
    "an unknown public name": ("from derivcheck import sotfmax\n", 1, "error", "ImportError"),
    "hangs": ("x = 1\nwhile True:\n    x += 1\n", None, "error", "took longer than 1 s"),
    "hangs and catches everything": ("while True:\n    try:\n        while True: pass\n    except ValueError: pass\n", None, "error", "took longer"),
    "exits": ("import sys\nsys.exit(0)\n", 2, "error", "ended the program"),
    "is not Python": ("x = 1\n\ny = = 2\n", 3, "error", "not valid Python"),
    "recurses": ("def f():\n    f()\n\nf()\n", 2, "error", "RecursionError"),
    "adds a column and a row": (GOOD.format(name="a") + "n = a.dim('n')\nz = a.vector('z', n)\ny = z + z.T\n", 8, "ill-typed", "cannot add n × 1"),
    "uses a name twice": (GOOD.format(name="a") + "a.scalar('x')\n", 6, "ill-typed", "declared twice"),
    "uses what is not declared": (
        GOOD.format(name="a") + GOOD.format(name="b").replace("x =", "y =") + "b.let('u', x)\n", 11, "ill-typed", "not declared"
    ),
    "states an unknown layout": ("from derivcheck import Derivation\nDerivation('a', layout='rows')\n", 2, "ill-typed", "unknown layout"),
}  # fmt: skip


@pytest.mark.parametrize("case", PROBLEMS)
def test_problems(tmp_path: Path, case: str) -> None:
    source, line, word, message = PROBLEMS[case]
    (problem,) = loaded(tmp_path, a=source).problems
    assert problem.word == word
    assert message in problem.message
    assert problem.place.startswith(f"{tmp_path / 'a.py'}:")
    assert line is None or problem.place.endswith(f":{line}")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"x = '\xff\xfe'\n")
    (tmp_path / "b.py").write_bytes(b"x = 1\x00\n")
    found = load(find_files([str(tmp_path)]))
    assert [problem.place.partition(":")[0] for problem in found.problems] == [str(tmp_path / "a.py"), str(tmp_path / "b.py")]
    assert "utf-8" in found.problems[0].message


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (problem,) = load([tmp_path / "gone.py"]).problems
    assert (problem.place, problem.word) == (str(tmp_path / "gone.py"), "error")
    assert "cannot be read" in problem.message


def test_what_was_defined_before_the_problem_is_kept_and_the_other_files_go_on(tmp_path: Path) -> None:
    found = loaded(tmp_path, a=GOOD.format(name="early") + "1 / 0\n", b=GOOD.format(name="late"))
    assert [derivation.name for derivation in found.derivations] == ["early", "late"]
    assert len(found.problems) == 1


def test_two_derivations_of_one_name(tmp_path: Path) -> None:
    found = loaded(tmp_path, a=GOOD.format(name="same"), b=GOOD.format(name="same"))
    assert [derivation.place.file for derivation in found.derivations] == [str(tmp_path / "a.py")]
    (problem,) = found.problems
    assert problem.place == f"{tmp_path / 'b.py'}:3"
    assert f"{tmp_path / 'a.py'}:3" in problem.message


# limits ---------------------------------------------------------------------------------------------------------------
def test_a_limit_stops_work_and_is_gone_afterwards() -> None:
    with pytest.raises(TimedOut, match=r"longer than 0\.05 s"), time_limit(0.05):
        time.sleep(5)
    time.sleep(0.1)


def test_a_restart_gives_the_next_piece_its_full_time() -> None:
    with time_limit(0.5) as alarm:
        for _ in range(3):
            time.sleep(0.2)
            alarm.restart()


def test_where_work_cannot_be_interrupted_there_is_no_limit() -> None:
    seen: list[bool] = []

    def work() -> None:
        with time_limit(0.01) as alarm:
            time.sleep(0.05)
            alarm.restart()
            seen.append(limits_work())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]
    assert limits_work()


def test_every_derivation_that_a_file_creates_is_found(tmp_path: Path) -> None:
    file = tmp_path / "rebound.py"
    file.write_text(
        "from derivcheck import Derivation\n"
        "d = Derivation('one', layout='numerator')\n"
        "d = Derivation('two', layout='numerator')\n"
        "def make():\n"
        "    return Derivation('three', layout='numerator').scalar('x')\n"
        "make()\n",
        encoding="utf-8",
    )
    assert [derivation.name for derivation in load([file]).derivations] == ["one", "two", "three"]


def test_what_other_programs_print_does_not_reach_the_report(tmp_path: Path) -> None:
    file = tmp_path / "loud.py"
    file.write_text(
        "import os\nfrom derivcheck import Derivation\nos.write(1, b'noise')\nos.system('echo noise')\n"
        "d = Derivation('loud', layout='numerator')\nx = d.scalar('x')\nd.claim('c', x, x + 0)\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, "-m", "derivcheck", "list", str(file)], capture_output=True, text=True, check=False)
    assert "noise" not in done.stdout
    assert done.stderr.count("noise") == 2


# notes ----------------------------------------------------------------------------------------------------------------
NOTE = "```derivcheck\nderivation {name}\nx: scalar\n```\n\n$$ x + x = 2 x $$\n"


def note(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_notes_and_derivation_files_side_by_side(tmp_path: Path) -> None:
    texts = {"a.md": NOTE.format(name="a"), "b.py": GOOD.format(name="b"), "c.md": NOTE.format(name="c")}
    files = [note(tmp_path, name, text) for name, text in texts.items()]
    found = load(files)
    assert [derivation.name for derivation in found.derivations] == ["a", "b", "c"]
    assert found.problems == ()


def test_an_ending_in_capitals_is_the_same_kind_of_file(tmp_path: Path) -> None:
    found = load(find_files([str(note(tmp_path, "a.PY", GOOD.format(name="a"))), str(note(tmp_path, "b.MD", NOTE.format(name="b")))]))
    assert [derivation.name for derivation in found.derivations] == ["a", "b"]


def test_the_files_of_a_folder(tmp_path: Path) -> None:
    for name in ("README.md", "readme.txt", "_draft.md", ".hidden.md", "b.tex", "a.ipynb", "c.markdown", "d.derivcheck", "e.docx"):
        (tmp_path / name).touch()
    assert [path.name for path in find_files([str(tmp_path)])] == ["a.ipynb", "b.tex", "c.markdown"]


def test_the_declarations_beside_a_note(tmp_path: Path) -> None:
    path = note(tmp_path, "a.md", "$$ x + x = 2 x $$\n")
    (unread,) = load([path]).derivations
    assert unread.claims[0].unread is not None
    note(tmp_path, "a.derivcheck", "x: scalar\n")
    (read,) = load([path]).derivations
    assert read.claims[0].unread is None
    given = note(tmp_path, "other.derivcheck", "layout denominator\nx: scalar\n")
    assert load([path], declarations=given).derivations[0].layout == "denominator"


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b"x: scalar\xff"])
def test_declarations_that_are_no_text(tmp_path: Path, raw: bytes) -> None:
    path = note(tmp_path, "a.md", "$$ x + x = 2 x $$\n")
    (tmp_path / "a.derivcheck").write_bytes(raw)
    (problem,) = load([path]).problems
    assert problem.place == str(tmp_path / "a.derivcheck")
    assert "cannot be read" in problem.message


def test_the_second_note_of_a_name_is_told_how_to_rename_it(tmp_path: Path) -> None:
    (problem,) = load([note(tmp_path, "a.md", NOTE.format(name="same")), note(tmp_path, "b.md", NOTE.format(name="same"))]).problems
    assert problem.place.startswith(str(tmp_path / "b.md"))
    assert "a line `derivation NAME`" in problem.message


def test_a_repaired_note_has_a_warning(tmp_path: Path) -> None:
    found = load([note(tmp_path, "a.md", "```derivcheck\nx: scalar\n```\n\n$$ rac{x + x}{2} = x $$\n")])
    assert found.problems == ()
    assert [warning.place for warning in found.warnings] == [f"{tmp_path / 'a.md'}:5:4"]


def test_a_failure_of_the_reader_is_a_problem_of_its_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Path, declarations: Path | None) -> None:
        raise RecursionError("planted")

    monkeypatch.setattr("derivcheck.notes.files.read_note", fail)
    found = load([note(tmp_path, "a.md", NOTE.format(name="a")), note(tmp_path, "b.py", GOOD.format(name="b"))])
    assert [derivation.name for derivation in found.derivations] == ["b"]
    assert [problem.message for problem in found.problems] == ["derivcheck failed on this note: RecursionError: planted"]


def test_a_note_that_takes_too_long_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wait(path: Path, declarations: Path | None) -> None:
        time.sleep(5)

    monkeypatch.setattr("derivcheck.notes.files.read_note", wait)
    (problem,) = load([note(tmp_path, "a.md", NOTE.format(name="a"))], 0.05).problems
    assert "reading the note took longer than 0.05 s" in problem.message


def test_every_file_is_told_before_it_is_read(tmp_path: Path) -> None:
    files = [note(tmp_path, "a.md", NOTE.format(name="a")), tmp_path / "gone.py"]
    told: list[Path] = []
    load(files, tell=told.append)
    assert told == files
