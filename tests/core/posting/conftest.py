"""The trial balance as a table of text, and goods to begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.books import sound
from wares import Books

Table = dict[str, str]


@pytest.fixture
def balances(books: Books) -> Callable[[], Table]:
    """Account → balance, debit positive, without the accounts at zero."""

    def table() -> Table:
        return {row["account"]: str(row["balance"]) for row in books.gl.trial_balance() if row["balance"]}

    return table


@pytest.fixture
def buy(books: Books) -> Callable[..., Any]:
    """Buy goods directly: item, quantity, unit cost, date."""

    def bill(item: str, quantity: object, unit_cost: str, date: str = "2026-01-01") -> Any:
        lines = [{"item": item, "quantity": quantity, "unit_cost": unit_cost}]
        return books.post("bill", date=date, party="ACME", lines=lines)

    return bill


@pytest.fixture(autouse=True)
def _sound_in_the_end(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test of posting did, the books agree."""
    books = request.getfixturevalue("books") if "books" in request.fixturenames else None
    yield
    assert books is None or sound(books)
