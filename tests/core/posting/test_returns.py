"""Goods that come back or go back beside the paper, and cost that waits for the invoice."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from wares import Books, Refused

RECEIVABLE, INVENTORY, NOT_INVOICED, PAYABLE, NOT_BILLED = "1200", "1300", "1400", "2000", "2200"
SALES, COGS, VARIANCE = "4000", "5000", "5100"

Balances = Callable[[], dict[str, str]]


@pytest.fixture(autouse=True)
def goods(books: Books) -> str:
    """Ten received at an order price of 10; the receipt's number."""
    books.items.add("stock", sku="A", name="A", price="50")
    lines = [{"item": "A", "quantity": 10, "unit_cost": "10"}]
    return books.post("receipt", date="2026-01-01", party="ACME", lines=lines).number


def test_unbilled_goods_go_back_at_the_order_price(books: Books, balances: Balances, goods: str) -> None:
    books.post("supplier_return", date="2026-01-02", party="ACME", lines=[{"from": goods, "quantity": 2}])
    assert balances() == {INVENTORY: "80.00", NOT_BILLED: "-80.00"}
    bill = books.post("bill", date="2026-01-03", party="ACME", lines=[{"from": goods}])
    assert (bill.total, balances()) == (Decimal("80.00"), {INVENTORY: "80.00", PAYABLE: "-80.00"})


def test_billed_goods_go_back_and_wait_for_their_credit(books: Books, balances: Balances, goods: str) -> None:
    books.post("bill", date="2026-01-03", party="ACME", lines=[{"from": goods, "unit_cost": "12"}])
    back = books.post("supplier_return", date="2026-01-04", party="ACME", lines=[{"from": goods, "quantity": 1}])
    assert balances() == {INVENTORY: "108.00", NOT_BILLED: "12.00", PAYABLE: "-120.00"}
    books.post("supplier_credit", date="2026-01-05", party="ACME", lines=[{"from": back.number, "unit_cost": "11"}])
    assert balances() == {INVENTORY: "108.00", PAYABLE: "-109.00", VARIANCE: "1.00"}


def test_cost_waits_for_the_invoice(books: Books, balances: Balances, goods: str) -> None:
    """Three delivered, two invoiced, and a bill at 12 instead of 10: the difference follows the value to both."""
    books.settings.set("cogs_at", "invoice")
    delivery = books.post("delivery", date="2026-01-02", party="JANE", lines=[{"item": "A", "quantity": 3}])
    assert balances()[NOT_INVOICED] == "30.00"
    invoice = books.post("invoice", date="2026-01-03", party="JANE", lines=[{"from": delivery.number, "quantity": 2}])
    assert (invoice.cogs, balances()[NOT_INVOICED]) == (Decimal("20.00"), "10.00")
    books.post("bill", date="2026-01-04", party="ACME", lines=[{"from": goods, "unit_cost": "12"}])
    assert (balances()[COGS], balances()[NOT_INVOICED]) == ("24.00", "12.00")
    books.void(invoice.number)
    assert balances() == {INVENTORY: "84.00", NOT_INVOICED: "36.00", PAYABLE: "-120.00"}


@pytest.mark.parametrize(("cogs_at", "rest"), [("delivery", {}), ("invoice", {NOT_INVOICED: "-10.00"})])
def test_customer_returns(books: Books, balances: Balances, cogs_at: str, rest: dict[str, str]) -> None:
    """One of three comes back before the invoice and one after it; the credit note moves no goods."""
    books.settings.set("cogs_at", cogs_at)
    delivery = books.post("delivery", date="2026-01-02", party="JANE", lines=[{"item": "A", "quantity": 3}])
    books.post("customer_return", date="2026-01-03", party="JANE", lines=[{"from": delivery.number, "quantity": 1}])
    invoice = books.post("invoice", date="2026-01-04", party="JANE", lines=[{"from": delivery.number}])
    assert (invoice.total, books.gl.balance(COGS)) == (Decimal("100.00"), Decimal("20.00"))
    back = books.post("customer_return", date="2026-01-05", party="JANE", lines=[{"from": delivery.number, "quantity": 1}])
    assert balances().get(NOT_INVOICED) == rest.get(NOT_INVOICED)
    credit = books.post("credit_note", date="2026-01-06", party="JANE", lines=[{"from": back.number}])
    expected = {RECEIVABLE: "50.00", INVENTORY: "90.00", NOT_BILLED: "-100.00", SALES: "-50.00", COGS: "10.00"}
    assert balances() == expected
    for number in (credit.number, back.number, invoice.number):
        books.void(number)
    assert books.stock.on_hand("A") == 8


def test_credits_sum_to_the_invoice_though_one_was_voided(books: Books) -> None:
    """100.00 for three, credited singly; the first credit is voided and given again."""
    lines = [{"item": "A", "quantity": 3, "amount": "100.00"}]
    invoice = books.post("invoice", date="2026-01-02", party="JANE", lines=lines)
    one = {"party": "JANE", "lines": [{"from": invoice.number, "quantity": 1}]}
    first = books.post("credit_note", date="2026-01-03", **one)
    kept = [books.post("credit_note", date="2026-01-03", **one)]
    books.void(first.number)
    kept += [books.post("credit_note", date="2026-01-04", **one) for _ in range(2)]
    assert sum(credit.total for credit in kept) == Decimal("100.00")
    assert books.gl.balance(RECEIVABLE) == 0


@pytest.mark.parametrize("kind", ["bill", "cash_purchase"])
def test_a_bill_brings_its_goods_now_or_later(books: Books, balances: Balances, kind: str) -> None:
    before = balances()
    lines = [{"item": "A", "quantity": 1, "unit_cost": "5", "from": None}]
    with pytest.raises(Refused, match="brings them now or later"):
        books.post(kind, date="2026-01-02", party="ACME", goods="none", lines=lines)
    assert balances() == before


def test_only_what_was_paid_for_is_credited(books: Books, balances: Balances, goods: str) -> None:
    """Six billed, five go back: four unbilled, one paid for. One unit waits for a credit, and waits again after its void."""
    books.post("bill", date="2026-01-02", party="ACME", lines=[{"from": goods, "quantity": 6, "unit_cost": "10"}])
    back = books.post("supplier_return", date="2026-01-03", party="ACME", lines=[{"from": goods, "quantity": 5}])
    assert balances() == {INVENTORY: "50.00", NOT_BILLED: "10.00", PAYABLE: "-60.00"}
    credit = {"date": "2026-01-04", "party": "ACME"}
    with pytest.raises(Refused, match="has 1 left, not 2"):
        books.post("supplier_credit", lines=[{"from": f"{back.number}#1", "quantity": 2, "unit_cost": "10"}], **credit)
    for _ in range(2):
        posted = books.post("supplier_credit", lines=[{"from": back.number, "unit_cost": "10"}], **credit)
        assert balances() == {INVENTORY: "50.00", PAYABLE: "-50.00"}
        books.void(posted.number)
        assert balances()[NOT_BILLED] == "10.00"


def test_unbilled_goods_that_went_back_wait_for_no_credit(books: Books, goods: str) -> None:
    back = books.post("supplier_return", date="2026-01-03", party="ACME", lines=[{"from": goods, "quantity": 1}])
    with pytest.raises(Refused, match="NOTHING_LEFT"):
        books.post("supplier_credit", date="2026-01-04", party="ACME", lines=[{"from": back.number, "unit_cost": "1"}])


@pytest.mark.parametrize("date", [None, "2026-01-10"])
def test_goods_of_a_bill_that_did_not_go_back_after_all_wait_for_no_other(
    books: Books, balances: Balances, date: str | None
) -> None:  # fmt: skip
    """Charged first and received or delivered from that: a return that is taken back leaves nothing to charge again."""
    lines = [{"item": "A", "quantity": 3, "unit_cost": "10", "from": None}]
    bill = books.post("bill", date="2026-01-02", party="ACME", goods="later", lines=lines).number
    receipt = books.post("receipt", date="2026-01-03", party="ACME", lines=[{"from": bill}]).number
    invoice = books.post("invoice", date="2026-01-02", party="JANE", goods="later", lines=[{"item": "A", "quantity": 2}]).number
    delivery = books.post("delivery", date="2026-01-03", party="JANE", lines=[{"from": invoice}]).number
    before = balances()
    back = books.post("supplier_return", date="2026-01-04", party="ACME", lines=[{"from": receipt, "quantity": 1}]).number
    came = books.post("customer_return", date="2026-01-04", party="JANE", lines=[{"from": delivery, "quantity": 1}]).number
    for number in (back, came):
        books.void(number, date=date)
    assert balances() == before
    for type, party, origin in (("bill", "ACME", receipt), ("invoice", "JANE", delivery)):
        with pytest.raises(Refused, match="NOTHING_LEFT"):
            books.post(type, date="2026-01-11", party=party, lines=[{"from": origin}])
