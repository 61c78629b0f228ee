"""What no engine keeps is refused wherever a text comes in, and found nowhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from wares import Books, Refused
from wares.runtime.text import plain_code, plain_text

HALF = "\ud800"


@pytest.mark.parametrize(
    "value", ["", "  ", "a\x00b", HALF, "x" * 2001, 7, None], ids=["empty", "blank", "nul", "half", "long", "int", "none"]
)
def test_no_text(value: object) -> None:
    with pytest.raises(ValueError, match=r"empty|longer|half|expected"):
        plain_text(value)


def test_a_text_loses_the_spaces_around_it_and_keeps_its_lines() -> None:
    assert plain_text("  two\nlines ") == "two\nlines"


@pytest.mark.parametrize("value", ["two\nlines", "tab\there", "x" * 201], ids=["lines", "tab", "long"])
def test_a_code_is_one_short_line(value: str) -> None:
    with pytest.raises(ValueError, match=r"control character|longer"):
        plain_code(value)


WRITES: dict[str, Callable[[Books], object]] = {
    "the name of an item": lambda books: books.items.add("stock", sku="A", name=HALF),
    "a SKU": lambda books: books.items.add("stock", sku=HALF, name="A"),
    "a party": lambda books: books.parties.add(HALF),
    "a location": lambda books: books.locations.add(HALF),
    "the name of an account": lambda books: books.accounts.add("1999", name=HALF, type="asset"),
    "a memo": lambda books: books.post("journal", date="2026-01-01", memo=HALF, postings=[]),
    "a number": lambda books: books.post("journal", date="2026-01-01", number=HALF, postings=[]),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_half_a_character_is_refused(books: Books, write: Callable[[Books], object]) -> None:
    with pytest.raises(Refused) as refusal:
        write(books)
    assert "BAD_VALUE" in {issue.code for issue in refusal.value.issues}


@pytest.mark.parametrize("name", [HALF, "a\x00b"], ids=["half", "nul"])
def test_and_found_nowhere(books: Books, name: str) -> None:
    for code, look in (("UNKNOWN_DOCUMENT", books.docs.show), ("UNKNOWN_ITEM", books.items.show), ("UNKNOWN_DOCUMENT", books.void)):
        with pytest.raises(Refused) as refusal:
            look(name)
        assert refusal.value.code == code
