"""Cost that waits for the invoice (`cogs_at=invoice`): none is left on delivered_not_invoiced once all is invoiced or back."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.books import balances, held, refused
from wares import Books

NOT_INVOICED, COGS, INVENTORY = "1400", "5000", "1300"
Step = Callable[..., str]


@pytest.fixture
def step(books: Books, buy: Any) -> Step:
    """One more document of the delivery of `goods`, a day later than the one before."""
    books.settings.set("cogs_at", "invoice")
    books.items.add("stock", sku="A", name="A", price="30", cost="5")
    days = iter(range(3, 28))

    def post(type: str, origin: str, quantity: int) -> str:
        lines = [{"from": origin, "quantity": quantity}]
        return books.post(type, date=f"2026-01-{next(days):02d}", party="JANE", lines=lines).number

    return post


def deliver(books: Books, quantity: int, amount: str | None = None) -> str:
    """Goods bought for `amount` and delivered at once."""
    if amount is not None:
        lines = [{"item": "A", "quantity": quantity, "amount": amount}]
        books.post("bill", date="2026-01-01", party="ACME", lines=lines)
    return books.post("delivery", date="2026-01-02", party="JANE", lines=[{"item": "A", "quantity": quantity}]).number


@pytest.mark.parametrize("order", [("invoice", "customer_return"), ("customer_return", "invoice")])
def test_an_odd_cent_goes_with_one_of_two(books: Books, step: Step, order: tuple[str, str]) -> None:
    """20.01 for two: 10.01 comes back, 10.00 is cost of goods sold, whichever was first."""
    delivery = deliver(books, 2, "20.01")
    for type in order:
        step(type, f"{delivery}#1", 1)
    found = balances(books)
    assert (found.get(NOT_INVOICED), found[COGS], found[INVENTORY]) == (None, "10.00", "10.01")


def test_only_what_was_invoiced_is_credited_of_what_came_back(books: Books, step: Step) -> None:
    """Six of ten were invoiced; six come back, four of them never invoiced: two are left to credit, at the cost of those two."""
    delivery = deliver(books, 10, "20.01")
    step("invoice", f"{delivery}#1", 6)
    back = step("customer_return", f"{delivery}#1", 6)
    assert balances(books)[NOT_INVOICED] == "-4.01"
    assert refused(lambda: step("credit_note", f"{back}#1", 3)) == [("MORE_THAN_LEFT", "lines[0].quantity")]
    credit = step("credit_note", f"{back}#1", 2)
    assert (balances(books).get(NOT_INVOICED), balances(books)[COGS]) == (None, "8.00")
    books.void(credit)
    for _ in range(2):
        step("credit_note", f"{back}#1", 1)
    assert (balances(books).get(NOT_INVOICED), balances(books)[COGS]) == (None, "8.00")


def test_what_came_back_and_is_never_credited_is_closed(books: Books, step: Step) -> None:
    delivery = deliver(books, 3, "20.00")
    step("invoice", f"{delivery}#1", 3)
    back = step("customer_return", f"{delivery}#1", 1)
    assert balances(books)[NOT_INVOICED] == "-6.67"
    books.post("close", date="2026-01-20", lines=[{"from": back}])
    assert (balances(books).get(NOT_INVOICED), balances(books)[COGS]) == (None, "13.33")
    assert refused(lambda: step("credit_note", f"{back}#1", 1))[0][0] == "MORE_THAN_LEFT"


def test_goods_delivered_before_they_were_bought_are_invoiced_at_what_they_cost(books: Books, buy: Any, step: Step) -> None:
    """Two at an estimate of 5, one of them invoiced, then both cost 8, and then a freight of 3.00 on three: 9."""
    books.settings.set("negative_stock", "provisional")
    delivery = deliver(books, 2)
    first = step("invoice", f"{delivery}#1", 1)
    assert (balances(books)[NOT_INVOICED], balances(books)[COGS]) == ("5.00", "5.00")
    bill = buy("A", 3, "8", "2026-01-10").number
    assert (balances(books)[NOT_INVOICED], balances(books)[COGS]) == ("8.00", "8.00")
    corrections = [row for row in books.docs.entries(first) if row["caused_by"] == bill]
    assert {(row["date"], row["account"], row["debit"], row["credit"]) for row in corrections} == {
        ("2026-01-10", NOT_INVOICED, Decimal(0), Decimal("3.00")), ("2026-01-10", COGS, Decimal("3.00"), Decimal(0)),
    }  # fmt: skip
    books.post("landed_cost", date="2026-01-12", amount="3.00", apply_to=[{"from": bill}])
    step("invoice", f"{delivery}#1", 1)
    assert (balances(books).get(NOT_INVOICED), balances(books)[COGS], held(books, "A")) == (None, "18.00", (1, Decimal("9.00")))
    assert balances(books, at="2026-01-09")[COGS] == "10.00"  # both invoices had the estimate, until the goods came


def test_a_receipt_before_the_delivery_leaves_nothing_to_cover(books: Books, buy: Any, step: Step) -> None:
    books.settings.set("negative_stock", "provisional")
    delivery = deliver(books, 2)
    step("invoice", f"{delivery}#1", 2)
    buy("A", 3, "8", "2026-01-10")
    buy("A", 2, "6", "2026-01-01")
    assert (balances(books).get(NOT_INVOICED), balances(books)[COGS]) == (None, "12.00")
    assert balances(books, at="2026-01-09")[COGS] == "12.00"


@pytest.mark.parametrize("method", ["average", "fifo", "standard"])
def test_a_late_bill_reaches_what_was_invoiced_and_what_came_back(books: Books, step: Step, method: str) -> None:
    books.items.add("stock", sku="B", name="B", price="30", cost="5", cost_method=method)
    receipt = books.post("receipt", date="2026-01-01", party="ACME", lines=[{"item": "B", "quantity": 7, "unit_cost": "5"}]).number
    delivery = books.post("delivery", date="2026-01-02", party="JANE", lines=[{"item": "B", "quantity": 7}]).number
    step("invoice", f"{delivery}#1", 5)
    back = step("customer_return", f"{delivery}#1", 4)
    step("credit_note", f"{back}#1", 1)
    books.post("bill", date="2026-01-20", party="ACME", lines=[{"from": receipt, "amount": "50.03"}])
    step("credit_note", f"{back}#1", 1)
    cost = "15.00" if method == "standard" else "21.44"
    assert (balances(books).get(NOT_INVOICED), balances(books)[COGS]) == (None, cost)
