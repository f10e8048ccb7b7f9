"""LaTeX files: formulas, comments, declarations, names of claims, environments under other names."""

from __future__ import annotations

import pytest
from document_rows import declarations, document, formulas, headings, named, problems, remarks, tags, warnings

from derivcheck.notes.documents.record import Formula


def tex(text: str) -> list[str]:
    return formulas(text, "a.tex")


ENVIRONMENTS = [
    "equation",
    "align",
    "gather",
    "multline",
    "eqnarray",
    "flalign",
    "displaymath",
    "equation*",
    "align*",
    "gather*",
    "eqnarray*",
    "dmath",
]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_environments(environment: str) -> None:
    text = f"words \\begin{{{environment}}} a = b \\end{{{environment}}} words"
    assert tex(text) == ["$$a = b$$"]
    (formula,) = (passage for passage in document(text, "a.tex").passages if isinstance(passage, Formula))
    assert formula.environment == environment.rstrip("*")
    assert problems(text, "a.tex") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (r"$a$ \(b\) \[c\] $$d$$", ["$a$", "$b$", "$$c$$", "$$d$$"]),
        (r"\begin{alignat}{2} a &= b \end{alignat}", ["$$a &= b$$"]),
        (r"\begin{equation}\begin{aligned} a = b \end{aligned}\end{equation}", [r"$$\begin{aligned} a = b \end{aligned}$$"]),
        (r"\begin{theorem} $a$ \begin{math}b\end{math} \end{theorem}", ["$a$", "$b$"]),
        (r"$a = b \text{ if $t$}$ $c$", [r"$a = b \text{ if $t$}$", "$c$"]),
        (r"5\% of \$3 \& $a$", ["$a$"]),
        (r"\section{The rule $a = b$} $c$", ["$a = b$", "$c$"]),
        ("\\newcommand{\\be}{\\begin{equation}}\n\\def\\ee{\\end{equation}}\n\\be a = b \\ee $c$", ["$$a = b$$", "$c$"]),
        ("% $a$\n$b$ % $c$\n", ["$b$"]),
        ("\\verb|$a$| \\verb*+$+ $b$", ["$b$"]),
        ("\\begin{verbatim}\n$$a$$\n\\end{verbatim}\\begin{lstlisting}\n$a$\n\\end{lstlisting}\\begin{comment}$a$\\end{comment}$b$", ["$b$"]),
        ("\\newcommand{\\x}{$a$}\n\\begin{document}\n$b$\n\\newcommand{\\y}{$c$}\n\\end{document}\n$d$", ["$b$"]),
        ("$no$ \\documentclass{article} \\begin{document} $b$", ["$b$"]),
        ("\\begin{align} a % \\end{align}\n = b \\end{align}", ["$$a % \\end{align}\n = b$$"]),
        (r"\\[2pt] $a$", ["$a$"]),
    ],
)
def test_mathematics(text: str, found: list[str]) -> None:
    assert tex(text) == found
    assert problems(text, "a.tex") == []
    assert warnings(text, "a.tex") == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a lonely $ x\n\n$y$", ["$y$"]),
        ("\\( x\n\n\\(y\\)", ["$y$"]),
        ("\\[ a = b\n\nwords here\n\n\\[ c = d \\]", ["$$a = b$$", "$$c = d$$"]),
        ("\\begin{gather} a = b\n\nwords $c$", ["$$a = b$$", "$c$"]),
    ],
)
def test_what_is_not_closed(text: str, found: list[str]) -> None:
    assert tex(text) == found
    assert ["is not closed" in problem for problem in problems(text, "a.tex")] == [True]


def test_an_end_of_another_name_is_a_warning() -> None:
    assert tex(r"\begin{align} a = b \end{split} $c$") == ["$$a = b$$", "$c$"]
    assert warnings(r"\begin{align} a = b \end{split} $c$", "a.tex")[0].startswith("a.tex:1:1 ")


def test_an_included_file_is_told() -> None:
    assert warnings("$x$ \\input{other}", "a.tex") == ["a.tex:1:5 the file other is not read: check it on its own"]
    assert warnings("$x$ % \\input{other}", "a.tex") == []


def test_headings() -> None:
    text = "\\section{One}\n\\subsection*{Two \\textbf{bold}}\n\\paragraph[short]{Three}\n\\section{not closed"
    assert headings(text, "a.tex") == [(2, "One"), (3, "Two \\textbf{bold}"), (5, "Three"), (2, "not closed")]


def test_declarations() -> None:
    text = "%! layout numerator\n%! x: n\n\\begin{document}\n$x$\n%! y: m\n  %! z: k\n% a comment\n%! w: l\n$y$\n\\end{document}\n%! late: n"
    assert declarations(text, "a.tex") == [[" layout numerator", " x: n"], [" y: m", " z: k"], [" w: l"]]


def test_the_places_of_declarations() -> None:
    found = document("$x$\n  %! y: m\n", "a.tex")
    (block,) = (passage for passage in found.passages if hasattr(passage, "lines"))
    ((offset, text),) = block.lines
    assert found.source.text[offset:].startswith(text)
    assert str(found.source.place(offset)) == "a.tex:2:5"


def test_declarations_within_a_formula_are_a_problem() -> None:
    assert "are not read" in problems("\\begin{align}\n%! x: n\na = b\n\\end{align}", "a.tex")[0]


# names of claims ----------------------------------------------------------------------------------------------------
def test_names() -> None:
    text = "% claim: a-1 (refuted: the (wrong) layer), a-2\n\n$$x$$\n\\begin{equation}\\label{eq:one} y \\end{equation}\n$z$"
    assert named(text, "a.tex") == [("$$x$$", "a-1", "a-2"), (r"$$\label{eq:one} y$$", "eq:one"), ("$z$",)]
    assert remarks(text, "a.tex") == {"a-1": "refuted: the (wrong) layer", "a-2": "", "eq:one": ""}


def test_names_in_the_rows_of_a_formula() -> None:
    text = "% claim: a-1\n\\begin{align}\nx &= y \\\\\n% claim: a-2 (refuted)\nz &= w\n\\end{align}"
    assert [row[1:] for row in named(text, "a.tex")] == [("a-1", "a-2")]


def test_names_of_two_lines() -> None:
    assert named("% claim: a-1\n% claim: a-2\n$x$", "a.tex") == [("$x$", "a-1", "a-2")]


@pytest.mark.parametrize("behind", ["Words.\n$x$", "\n\n\n$x$", "\\section{Title}\n$x$", "%! y: m\n$x$"])
def test_a_claim_in_words(behind: str) -> None:
    assert named(f"% claim: a-1 (unsupported: words)\n{behind}", "a.tex") == [("words", "a-1"), ("$x$",)]


def test_numbers() -> None:
    assert tags(r"\begin{equation} a = b \tag{A.3} \end{equation} $$ c $$", "a.tex") == ["A.3", ""]
    assert tags("\\begin{equation} a = b % \\tag{1}\n\\end{equation}", "a.tex") == [""]
