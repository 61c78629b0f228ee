"""Ending what documents left open, so that clearing accounts come to zero."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.books import refused
from wares import Books, LinkKind
from wares.voiding.release import continuation

RECEIVABLE, INVENTORY, NOT_INVOICED, PAYABLE, NOT_BILLED = "1200", "1300", "1400", "2000", "2200"
SALES, COGS = "4000", "5000"

Balances = Callable[[], dict[str, str]]


@pytest.fixture(autouse=True)
def goods(books: Books) -> str:
    """Ten received at an order price of 10; the receipt's number."""
    books.items.add("stock", sku="A", name="A", price="50")
    books.items.add("service", sku="WORK", name="Work", cost="20", price="30")
    lines = [{"item": "A", "quantity": 10, "unit_cost": "10"}, {"item": "WORK", "quantity": 2}]
    return books.post("receipt", date="2026-01-01", party="ACME", lines=lines).number


def close(books: Books, *origins: str, date: str = "2026-01-20") -> Any:
    return books.post("close", date=date, lines=[{"from": origin} for origin in origins])


def test_goods_never_billed_stay_at_what_was_billed_for_them(books: Books, balances: Balances, goods: str) -> None:
    """Four of ten billed at 12, three sold: 48.00 are spread over all ten."""
    books.post("bill", date="2026-01-05", party="ACME", lines=[{"from": f"{goods}#1", "quantity": 4, "unit_cost": "12"}])
    books.post("invoice", date="2026-01-06", party="JANE", lines=[{"item": "A", "quantity": 3, "unit_price": "50"}])
    assert (balances()[INVENTORY], balances()[COGS]) == ("75.60", "32.40")
    closed = close(books, goods)
    assert balances() == {INVENTORY: "33.60", PAYABLE: "-48.00", RECEIVABLE: "150.00", SALES: "-150.00", COGS: "14.40"}
    books.void(closed.number)
    assert (balances()[INVENTORY], balances()[NOT_BILLED]) == ("75.60", "-100.00")


def test_a_line_is_closed_alone(books: Books, balances: Balances, goods: str) -> None:
    close(books, f"{goods}#2")
    assert balances() == {INVENTORY: "100.00", NOT_BILLED: "-100.00"}
    bill = books.post("bill", date="2026-01-21", party="ACME", lines=[{"from": goods}])
    assert (str(bill.total), balances()) == ("100.00", {INVENTORY: "100.00", PAYABLE: "-100.00"})


@pytest.mark.parametrize("type", ["bill", "supplier_return", "close"])
def test_what_is_closed_is_not_billed_returned_or_closed_again(books: Books, goods: str, type: str) -> None:
    close(books, goods)
    party = {} if type == "close" else {"party": "ACME"}
    assert refused(lambda: books.post(type, date="2026-01-21", **party, lines=[{"from": goods}]))[0] == (
        "NOTHING_LEFT", "lines[0].from",
    )  # fmt: skip


def test_billed_goods_may_still_go_back(books: Books, balances: Balances, goods: str) -> None:
    books.post("bill", date="2026-01-05", party="ACME", lines=[{"from": f"{goods}#1", "quantity": 4}])
    close(books, goods)
    back = books.post("supplier_return", date="2026-01-21", party="ACME", lines=[{"from": f"{goods}#1"}])
    assert [str(line["quantity"]) for line in back.lines] == ["4"]
    assert balances()[NOT_BILLED] == "40.00"
    close(books, back.number, date="2026-01-22")
    assert (balances().get(NOT_BILLED), balances()["6900"]) == (None, "40.00")


def test_a_bill_voided_after_the_close_waits_again(books: Books, balances: Balances, goods: str) -> None:
    bill = books.post("bill", date="2026-01-05", party="ACME", lines=[{"from": f"{goods}#1", "quantity": 4}])
    close(books, goods)
    books.void(bill.number)
    assert balances() == {INVENTORY: "40.00", NOT_BILLED: "-40.00"}
    again = books.post("bill", date="2026-01-21", party="ACME", lines=[{"from": f"{goods}#1"}])
    assert (str(again.total), balances()) == ("40.00", {INVENTORY: "40.00", PAYABLE: "-40.00"})


def test_what_was_billed_and_never_came_is_written_off(books: Books, balances: Balances) -> None:
    lines = [{"item": "A", "quantity": 5, "unit_cost": "10", "from": None}]
    bill = books.post("bill", date="2026-01-02", party="ACME", goods="later", lines=lines)
    books.post("receipt", date="2026-01-03", party="ACME", lines=[{"from": bill.number, "quantity": 3}])
    close(books, bill.number)
    assert (balances()["6900"], balances()[INVENTORY]) == ("20.00", "130.00")


def test_what_was_delivered_and_never_invoiced_is_cost(books: Books, balances: Balances) -> None:
    books.settings.set("cogs_at", "invoice")
    books.items.add("kit", sku="SET", name="Set", price="90", components=[{"sku": "A", "quantity": "2"}])
    lines = [{"item": "A", "quantity": 3}, {"item": "SET", "quantity": 1}]
    delivery = books.post("delivery", date="2026-01-02", party="JANE", lines=lines)
    books.post("invoice", date="2026-01-03", party="JANE", lines=[{"from": f"{delivery.number}#1", "quantity": 1}])
    assert (balances()[NOT_INVOICED], balances()[COGS]) == ("40.00", "10.00")
    closed = close(books, delivery.number)
    assert (balances().get(NOT_INVOICED), balances()[COGS]) == (None, "50.00")
    books.void(closed.number)
    assert (balances()[NOT_INVOICED], balances()[COGS]) == ("40.00", "10.00")


def test_what_was_invoiced_and_not_delivered_is_cancelled(books: Books, balances: Balances) -> None:
    sale = books.post("invoice", date="2026-01-02", party="JANE", goods="later", lines=[{"item": "A", "quantity": 3}])
    close(books, sale.number)
    assert balances()[RECEIVABLE] == "150.00"
    delivery = {"date": "2026-01-21", "party": "JANE", "lines": [{"from": sale.number}]}
    assert refused(lambda: books.post("delivery", **delivery))[0] == ("NOTHING_LEFT", "lines[0].from")


def test_a_close_names_what_it_ends(books: Books) -> None:
    assert refused(lambda: books.post("close", date="2026-01-20", lines=[{"memo": "all"}]))[0][0] in ("NEEDS_FROM", "EMPTY_LINE")
    assert refused(lambda: close(books, "R-99"))[0] == ("UNKNOWN_DOCUMENT", "lines[0].from")


def test_a_foreign_receipt_is_closed_at_its_rate(books: Books, balances: Balances, goods: str) -> None:
    close(books, goods)
    lines = [{"item": "A", "quantity": 3, "unit_cost": "33.33"}]
    receipt = books.post("receipt", date="2026-01-21", party="ACME", currency="EUR", rate="1.1", lines=lines)
    bill = {"from": receipt.number, "quantity": 1}
    books.post("bill", date="2026-01-22", party="ACME", currency="EUR", rate="1.2", lines=[bill])
    close(books, receipt.number, date="2026-01-23")
    assert balances() == {INVENTORY: "36.66", PAYABLE: "-40.00", "7000": "3.34"}


@pytest.mark.parametrize(
    ("type", "waits_for"),
    [
        ("receipt", LinkKind.BILL),
        ("delivery", LinkKind.INVOICE),
        ("invoice", LinkKind.DELIVER),
        ("cash_sale", LinkKind.DELIVER),
        ("bill", LinkKind.RECEIVE),
        ("cash_purchase", LinkKind.RECEIVE),
        ("customer_return", LinkKind.CREDIT),
        ("supplier_return", LinkKind.CREDIT),
        ("loan_of_a_plugin", ""),
    ],
)
def test_a_line_closed_waits_again_for_the_documents_that_may_come_from_it(books: Books, type: str, waits_for: str) -> None:
    assert continuation(type, books.plugins.registry) == waits_for
