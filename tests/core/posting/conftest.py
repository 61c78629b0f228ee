"""A small company in memory, and the trial balance as a table of text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from wares import Books

Table = dict[str, str]


@pytest.fixture
def books() -> Books:
    """An empty company with one supplier and one customer."""
    books = Books.open("sqlite://")
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    return books


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
