"""The capabilities of the books, found by trying: a scenario that needs a missing one waits, and runs once it exists."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from wares import Books, Refused


class Waits(Exception):
    """Raised if the scenario needs a capability that does not exist yet."""


class NotExpressible(Exception):
    """Raised if Wares cannot express an event or figure, by design."""


def require(works: bool, capability: str) -> None:
    if not works:
        raise Waits(capability)


def _tried(key: str, value: str, attempt: Callable[[Books], bool]) -> bool:
    books = Books.open("sqlite://")
    try:
        books.parties.add("V", kinds=["supplier"])
        books.parties.add("C", kinds=["customer"])
        books.locations.add("W1")
        books.locations.add("W2")
        books.items.add("stock", sku="A", cost="1", cost_method="fifo")
        if key:
            books.settings.set(key, value)
        return attempt(books)
    except Refused:
        return False
    finally:
        books.close()


def _deliver(books: Books, **line: Any) -> Any:
    return books.post("delivery", date="2026-01-02", party="C", lines=[{"item": "A", "quantity": "1", "from": None, **line}])


def _receive(books: Books, unit_cost: str, **line: Any) -> Any:
    lines = [{"item": "A", "quantity": "1", "unit_cost": unit_cost, "from": None, **line}]
    return books.post("receipt", date="2026-01-01", party="V", lines=lines)


@lru_cache(maxsize=1)
def negative_stock() -> bool:
    """True if `negative_stock=provisional` works: an issue may take more than the quantity on hand, at an estimate."""

    def attempt(books: Books) -> bool:
        _deliver(books)
        return books.stock.on_hand("A") == -1 and books.stock.value("A") == -1

    return _tried("negative_stock", "provisional", attempt)


@lru_cache(maxsize=1)
def cost_by_location() -> bool:
    """True if `cost_scope=location` works: each location is valued alone."""

    def attempt(books: Books) -> bool:
        _receive(books, "1", location="W1")
        _receive(books, "3", location="W2")
        _deliver(books, location="W2")
        return books.stock.value("A") == 1

    return _tried("cost_scope", "location", attempt)


@lru_cache(maxsize=1)
def cogs_at_invoice() -> bool:
    """True if `cogs_at=invoice` works: a delivery stays in delivered_not_invoiced until it is invoiced."""

    def attempt(books: Books) -> bool:
        _receive(books, "1")
        return any(entry["role"] == "delivered_not_invoiced" for entry in _deliver(books).entries)

    return _tried("cogs_at", "invoice", attempt)


@lru_cache(maxsize=1)
def currencies() -> bool:
    """True if documents in another currency than the company's work."""

    def attempt(books: Books) -> bool:
        lines = [{"description": "x", "quantity": "1", "unit_cost": "100"}]
        books.post("bill", date="2026-01-01", party="V", currency="EUR", rate="1.5", lines=lines)
        return any(abs(row["balance"]) == 150 for row in books.gl.trial_balance())

    return _tried("", "", attempt)


@lru_cache(maxsize=1)
def edits_of_used_receipts() -> bool:
    """True if a receipt may be corrected to a smaller quantity that still covers the issues from it."""

    def attempt(books: Books) -> bool:
        lines = [{"item": "A", "quantity": "20", "unit_cost": "1"}]
        books.post("receipt", number="R-1", date="2026-01-01", party="V", lines=lines)
        _deliver(books, quantity="10")
        books.post("receipt", revises="R-1", date="2026-01-01", party="V", lines=[{**lines[0], "quantity": "15"}])
        return books.stock.on_hand("A") == 5

    return _tried("", "", attempt)
