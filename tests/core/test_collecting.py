"""Garbage is collected less often while a unit runs, and as the program wants it afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from wares import Books
from wares.runtime.gc_pauses import YOUNGEST, fewer_gc_passes


@pytest.fixture(autouse=True)
def _own_threshold() -> Iterator[None]:
    before = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*before)


def test_rarer_within_and_as_before_after() -> None:
    with fewer_gc_passes():
        assert gc.get_threshold() == (YOUNGEST, 10, 10)
    assert gc.get_threshold() == (700, 10, 10)


def test_a_unit_within_another_leaves_the_outer_one_as_it_is() -> None:
    with fewer_gc_passes():
        with fewer_gc_passes():
            pass
        assert gc.get_threshold()[0] == YOUNGEST
    assert gc.get_threshold() == (700, 10, 10)


def test_restored_after_an_error() -> None:
    with pytest.raises(LookupError), fewer_gc_passes():
        raise LookupError
    assert gc.get_threshold() == (700, 10, 10)


@pytest.mark.parametrize("own", [0, YOUNGEST + 1], ids=["never", "more fewer_gc_passes"])
def test_a_program_that_collects_at_its_own_pace_keeps_it(own: int) -> None:
    gc.set_threshold(own, 10, 10)
    with fewer_gc_passes():
        assert gc.get_threshold() == (own, 10, 10)


def test_while_the_books_write(books: Books) -> None:
    seen = books.writing(lambda writing: gc.get_threshold()[0])
    assert seen == YOUNGEST
    assert gc.get_threshold() == (700, 10, 10)
