"""Where terms say that they were written."""

from __future__ import annotations

import pytest

from derivcheck.derivation import Derivation
from derivcheck.language.places import Place, caller_place, writing_at

NOTE = Place("notes.md", 12, 5)


def test_without_a_reader_the_place_is_the_authors_line():
    assert caller_place().file == __file__


def test_a_reader_sets_the_place_of_what_is_built():
    d = Derivation("places", layout="numerator")
    with writing_at(NOTE) as place:
        x = d.scalar("x")
        inner = Place("notes.md", 13, 1)
        with writing_at(inner):
            square = x**2
        total = x + square
    assert place is NOTE
    assert (x.place, square.place, total.place, d.names["x"]) == (NOTE, inner, NOTE, NOTE)
    assert (x + 1).place.file == __file__


def test_the_place_ends_with_the_block_when_something_is_raised():
    with pytest.raises(ZeroDivisionError), writing_at(NOTE):
        raise ZeroDivisionError
    assert caller_place().file == __file__
