"""Every notation reads its own examples as it says, and says its own words about what it does not understand."""

from __future__ import annotations

import pytest
from formulas import Note

from derivcheck.algebra.dims import IllTyped
from derivcheck.language.printing.text import text
from derivcheck.notes.notations import grammar, notations
from derivcheck.notes.notations.record import Example, Notation, NotUnderstood, Stated
from derivcheck.notes.unsupported import Unsupported

TABLE = notations()
EXAMPLES = [(name, example) for name, notation in TABLE.items() for example in notation.examples]
NOT_UNDERSTOOD = [(name, example) for name, notation in TABLE.items() for example in notation.not_understood]
STATED = [(name, example) for name, notation in TABLE.items() for example in notation.statements]


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[f"{name}: {example.latex}" for name, example in EXAMPLES])
def test_an_example_reads_as_stated(name: str, example: Example) -> None:
    assert text(Note(example.latex, example.declarations).term()) == example.reads


@pytest.mark.parametrize(("name", "example"), STATED, ids=[f"{name}: {example.latex}" for name, example in STATED])
def test_a_formula_says_what_is_stated(name: str, example: Stated) -> None:
    assert tuple(Note(example.latex, example.declarations).stated()) == example.says


@pytest.mark.parametrize(("name", "example"), NOT_UNDERSTOOD, ids=[f"{name}: {example.latex}" for name, example in NOT_UNDERSTOOD])
def test_what_is_not_understood_says_so_where_it_stands(name: str, example: NotUnderstood) -> None:
    note = Note(example.latex, example.declarations)
    assert note.problems == []
    with pytest.raises((Unsupported, IllTyped)) as caught:
        note.term()
    assert example.says in str(caught.value)
    assert ("unsupported" if isinstance(caught.value, Unsupported) else "ill-typed") == example.word
    if isinstance(caught.value, Unsupported):
        assert note.start <= caught.value.start <= caught.value.end <= note.end
        assert caught.value.start < note.end or "ends" in str(caught.value)


@pytest.mark.parametrize("name", TABLE)
def test_a_notation_is_complete(name: str) -> None:
    notation: Notation = TABLE[name]
    assert notation.title and notation.rule.endswith(".")
    assert notation.not_understood
    assert notation.examples or notation.statements or not notation.meanings
