"""Unit values come exact from a layer, the pool or the item: the rounded money of one small move never values the next."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from tests.core.laws.looks import problems
from wares import Books

METHODS = ["average", "fifo", "lifo", "standard"]


@pytest.fixture(autouse=True)
def _provisional(books: Books) -> Iterator[None]:
    books.settings.set("negative_stock", "provisional")
    yield
    assert problems(books) == []


def sell(books: Books, quantity: str, minute: int, **more: str) -> Decimal:
    line = {"item": "OIL", "quantity": quantity, "from": None} | more
    return books.post("invoice", date=f"2026-01-10T10:{minute:02d}", party="JANE", lines=[line]).cogs


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("cost", "first", "expected"), [("0.004", "1", ("0.00", "4.00")), ("12.34", "0.001", ("0.01", "12340.00"))]
)
def test_the_estimate_of_a_short_issue_is_not_that_of_the_one_before(
    books: Books, method: str, cost: str, first: str, expected: tuple[str, str]
) -> None:
    books.items.add("stock", sku="OIL", cost=cost, price="20", cost_method=method)
    assert (str(sell(books, first, 0)), str(sell(books, "1000", 1))) == expected


@pytest.mark.parametrize("method", METHODS)
def test_goods_found_in_a_nearly_empty_pool_are_worth_their_exact_cost(books: Books, method: str) -> None:
    """10,000 for 80.00, of which 9,999 are sold: the one that is left shows 0.01, and is worth 0.008."""
    books.items.add("stock", sku="OIL", cost="0.008", price="20", cost_method=method)
    books.post("bill", date="2026-01-05", party="ACME", lines=[{"item": "OIL", "quantity": 10_000, "amount": "80.00"}])
    assert str(sell(books, "9999", 0)) == "79.99"
    result = books.post("adjustment", date="2026-01-11", lines=[{"item": "OIL", "quantity": 5_000}])
    assert sum(row["debit"] for row in books.docs.entries(result.number) if row["account_name"] == "Inventory") == 40


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("sold", ["9999", "10000"])
def test_goods_that_come_back_unlinked_are_worth_their_exact_cost(books: Books, method: str, sold: str) -> None:
    books.items.add("stock", sku="OIL", cost="0.008", price="20", cost_method=method)
    books.post("bill", date="2026-01-05", party="ACME", lines=[{"item": "OIL", "quantity": 10_000, "amount": "80.00"}])
    sell(books, sold, 0)
    back = [{"item": "OIL", "quantity": 5_000, "unit_price": "1", "restock": True, "from": None}]
    result = books.post("credit_note", date="2026-01-11", party="JANE", lines=back)
    assert str(result.cogs) == "-40.00"


@pytest.mark.parametrize("method", METHODS)
def test_goods_found_by_ones_do_not_round_the_value_of_many(books: Books, method: str) -> None:
    """One at 0.004 shows 0.00: neither it nor its sale makes the next thousand worthless."""
    books.items.add("stock", sku="OIL", cost="0.004", price="20", cost_method=method)
    books.post("count", date="2026-01-05", lines=[{"item": "OIL", "counted": 1}])
    books.post("count", date="2026-01-06", lines=[{"item": "OIL", "counted": 1_001}])
    assert str(books.stock.value("OIL")) == "4.00"
    sell(books, "1001", 0)
    assert str(sell(books, "1000", 1)) == "4.00"


@pytest.mark.parametrize("method", METHODS)
def test_late_facts_find_the_same_exact_costs(books: Books, method: str) -> None:
    """The replay opens a pool in the middle of its moves, and finds the last known cost of that moment."""
    books.items.add("stock", sku="OIL", cost="0.008", price="20", cost_method=method)
    books.post("bill", date="2026-01-05", party="ACME", lines=[{"item": "OIL", "quantity": 10_000, "amount": "80.00"}])
    sell(books, "9999", 0)
    sell(books, "1", 5)
    assert str(sell(books, "1000", 30)) == "8.00"
    assert str(sell(books, "500", 20)) == "4.00"  # entered later, acts earlier
    books.post("adjustment", date="2026-01-10T10:10", lines=[{"item": "OIL", "quantity": 250}])
    assert str(books.gl.balance("5000") - Decimal("92.00")) == "0.00"


@pytest.mark.parametrize("method", ["average", "fifo", "lifo"])
def test_the_last_known_cost_is_that_of_the_last_price(books: Books, method: str) -> None:
    """5 @ 10.00 and 5 @ 12.00: an average pool knows 11.00; where layers keep their value, the last receipt says 12.00."""
    books.items.add("stock", sku="OIL", cost="3", price="20", cost_method=method)
    for day, cost in ((5, "10.00"), (6, "12.00")):
        goods = [{"item": "OIL", "quantity": 5, "unit_cost": cost}]
        books.post("bill", date=f"2026-01-{day:02d}", party="ACME", lines=goods)
    sell(books, "7", 0)
    sell(books, "3", 1)
    assert sell(books, "2", 2) == {"average": 22, "fifo": 24, "lifo": 24}[method]
