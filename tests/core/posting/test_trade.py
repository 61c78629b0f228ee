"""Chains of trade in parts, as a bookkeeper would check them: every step with its trial balance."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from tests.books import balances, held, refused
from wares import Books

BANK, RECEIVABLE, INVENTORY, PAYABLE, NOT_BILLED = "1010", "1200", "1300", "2000", "2200"
SALES, DISCOUNTS, COGS, VARIANCE, EXPENSE, OPENING = "4000", "4900", "5000", "5100", "6000", "3900"

Buy = Callable[..., Any]
Do = Callable[..., str]


@pytest.fixture
def do(books: Books) -> Do:
    """Post a document with lines; its number."""

    def post(type: str, *lines: Any, day: int = 1, **head: Any) -> str:
        party = {"party": "ACME"} if type in ("receipt", "bill", "supplier_credit") else {"party": "JANE"}
        if type in ("cash_sale", "cash_purchase", "adjustment", "count"):
            party = {}
        return books.post(type, **{"date": f"2026-01-{day:02d}", "lines": list(lines), **party, **head}).number

    return post


@pytest.fixture
def shop(books: Books) -> Books:
    books.items.add("stock", sku="A", name="A", price="30", cost="5")
    books.items.add("stock", sku="B", name="B", price="10", cost="1")
    books.items.add(
        "kit", sku="SET", name="Set", price="45", components=[{"sku": "A", "quantity": "1"}, {"sku": "B", "quantity": "2"}]
    )
    books.items.add("non_stock", sku="PAPER", name="Paper", price="9", cost="4")
    books.items.add("discount", sku="TENOFF", name="Ten off", attributes={"percent": "10"})
    books.items.add("charge", sku="FREIGHT", name="Freight", attributes={"into_cost": True})
    return books


def line(item: str, quantity: object, **keys: Any) -> dict[str, Any]:
    return {"item": item, "quantity": quantity, **keys}


def part(origin: str, quantity: object, **keys: Any) -> dict[str, Any]:
    return {"from": origin, "quantity": quantity, **keys}


# --- purchases -------------------------------------------------------------------------------------------------------


def test_a_receipt_billed_in_parts_at_other_prices(shop: Books, do: Do) -> None:
    """10 at 5, 4 sold; 6 are billed at 5.50, 4 at 4.75: 52.00 in all, of which 20.80 was sold."""
    do("receipt", line("A", 10, unit_cost="5"), number="R-1")
    do("cash_sale", line("A", 4), day=2)
    do("bill", part("R-1#1", 6, unit_cost="5.50"), day=5)
    assert balances(shop) == {
        BANK: "120.00", SALES: "-120.00", INVENTORY: "31.80", COGS: "21.20", PAYABLE: "-33.00", NOT_BILLED: "-20.00",
    }  # fmt: skip
    do("bill", {"from": "R-1", "unit_cost": "4.75"}, day=6)
    assert balances(shop) == {BANK: "120.00", SALES: "-120.00", INVENTORY: "31.20", COGS: "20.80", PAYABLE: "-52.00"}
    assert refused(lambda: do("bill", {"from": "R-1"}, day=7)) == [("NOTHING_LEFT", "lines[0].from")]


def test_a_bill_received_later_in_parts(shop: Books, do: Do) -> None:
    """100.00 for 3, received one by one: 33.33, 33.34, 33.33."""
    do("bill", line("A", 3, amount="100.00"), number="B-1", goods="later")
    assert balances(shop) == {NOT_BILLED: "100.00", PAYABLE: "-100.00"}
    values = []
    for day in (2, 3, 4):
        before = shop.stock.value("A")
        do("receipt", part("B-1#1", 1), day=day)
        values.append(str(shop.stock.value("A") - before))
    assert values == ["33.33", "33.34", "33.33"]
    assert balances(shop) == {INVENTORY: "100.00", PAYABLE: "-100.00"}


def test_freight_into_cost_spreads_by_value_to_the_cent(shop: Books, do: Do) -> None:
    """10.00 over 20.00 and 10.00: 6.67 and 3.33; on the receipt an estimate, brought along by the bill."""
    lines = [line("A", 4, unit_cost="5"), line("B", 10, unit_cost="1"), {"item": "SUB"}, {"item": "FREIGHT", "amount": "10.00"}]
    shop.items.add("subtotal", sku="SUB", name="Subtotal")
    do("bill", *lines, number="B-1")
    assert (held(shop, "A"), held(shop, "B")) == ((4, Decimal("26.67")), (10, Decimal("13.33")))
    assert balances(shop) == {INVENTORY: "40.00", PAYABLE: "-40.00"}


def test_a_bill_brings_the_freight_of_its_receipt(shop: Books, do: Do) -> None:
    do("receipt", line("A", 4, unit_cost="5"), {"item": "FREIGHT", "amount": "1.01"}, number="R-1")
    assert balances(shop) == {INVENTORY: "21.01", NOT_BILLED: "-21.01"}
    do("bill", part("R-1#1", 1), day=2)
    do("bill", {"from": "R-1"}, day=3)
    assert balances(shop) == {INVENTORY: "21.01", PAYABLE: "-21.01"}


def test_untracked_goods_are_expense_when_received(shop: Books, do: Do) -> None:
    """Billed at another price, the difference is expense."""
    do("receipt", line("PAPER", 10), number="R-1")
    assert balances(shop) == {EXPENSE: "40.00", NOT_BILLED: "-40.00"}
    do("bill", {"from": "R-1", "unit_cost": "4.50"}, day=2)
    assert balances(shop) == {EXPENSE: "45.00", PAYABLE: "-45.00"}


def test_cash_purchase_and_goods_given_back(shop: Books, do: Do) -> None:
    do("cash_purchase", line("A", 4, unit_cost="5"), number="CP-1")
    do("supplier_credit", part("CP-1#1", 1, unit_cost="4"), day=2)
    assert balances(shop) == {BANK: "-20.00", INVENTORY: "15.00", PAYABLE: "4.00", VARIANCE: "1.00"}


# --- sales -----------------------------------------------------------------------------------------------------------


def test_a_delivery_invoiced_in_parts(shop: Books, do: Do) -> None:
    do("bill", line("A", 10))
    do("delivery", line("A", 5), number="D-1", day=2)
    assert balances(shop) == {INVENTORY: "25.00", COGS: "25.00", PAYABLE: "-50.00"}
    do("invoice", part("D-1#1", 2), day=3)
    do("invoice", {"from": "D-1", "unit_price": "28"}, day=4)
    assert balances(shop) == {
        INVENTORY: "25.00", COGS: "25.00", PAYABLE: "-50.00", RECEIVABLE: "144.00", SALES: "-144.00",
    }  # fmt: skip
    assert refused(lambda: do("invoice", {"from": "D-1"}, day=5)) == [("NOTHING_LEFT", "lines[0].from")]


def test_an_invoice_of_kits_delivered_later_in_parts(shop: Books, do: Do) -> None:
    do("bill", line("A", 10), line("B", 20))
    do("invoice", line("SET", 3), number="I-1", goods="later", day=2)
    assert balances(shop) == {INVENTORY: "70.00", PAYABLE: "-70.00", RECEIVABLE: "135.00", SALES: "-135.00"}
    do("delivery", part("I-1#1", 1), day=3)
    assert (held(shop, "A")[0], held(shop, "B")[0], balances(shop)[COGS]) == (9, 18, "7.00")
    do("delivery", {"from": "I-1"}, day=4)
    assert (held(shop, "A")[0], held(shop, "B")[0], balances(shop)[COGS]) == (7, 14, "21.00")


def test_credit_notes_in_parts_bring_the_discount_in_proportion(shop: Books, do: Do) -> None:
    """3 for 100.00 less 10 %: 90.00; credited one by one 30.00, 30.00, 30.00 of rows 33.33 − 3.33, 33.34 − 3.34, 33.33 − 3.33."""
    do("bill", line("A", 3))
    do("invoice", line("A", 3, amount="100.00"), {"item": "TENOFF"}, number="I-1", day=2)
    totals = []
    for day in (3, 4, 5):
        do("credit_note", part("I-1#1", 1, restock=True), number=f"C-{day}", day=day)
        totals.append(shop.docs.show(f"C-{day}")["total"])
    assert sum(totals) == Decimal("90.00")
    assert balances(shop) == {INVENTORY: "15.00", PAYABLE: "-15.00"}
    assert refused(lambda: do("credit_note", part("I-1#1", 1), day=6)) == [("MORE_THAN_LEFT", "lines[0].quantity")]


def test_credit_without_goods_and_goodwill(shop: Books, do: Do) -> None:
    do("bill", line("A", 3))
    do("invoice", line("A", 3), number="I-1", day=2)
    do("credit_note", part("I-1#1", 1), {"description": "goodwill", "amount": "5.00"}, day=3)
    assert balances(shop) == {PAYABLE: "-15.00", COGS: "15.00", RECEIVABLE: "55.00", SALES: "-55.00"}


# --- money -----------------------------------------------------------------------------------------------------------


def test_payments_in_parts_and_a_refund(shop: Books, do: Do) -> None:
    do("bill", line("A", 3), number="B-1")
    do("invoice", line("A", 2), number="I-1", day=2)
    pay = {"date": "2026-01-03", "account": BANK}
    shop.post("payment", direction="in", party="JANE", amount="70", apply_to=[{"number": "I-1", "amount": "45"}], **pay)
    shop.post("payment", direction="in", party="JANE", amount="15", apply_to=[{"number": "I-1"}], **pay)
    shop.post("payment", direction="out", party="ACME", amount="15", apply_to=[{"number": "B-1"}], **pay)
    assert (str(shop.docs.show("I-1")["settled"]), str(shop.docs.show("B-1")["settled"])) == ("60.00", "15.00")
    assert balances(shop) == {BANK: "70.00", RECEIVABLE: "-25.00", SALES: "-60.00", INVENTORY: "5.00", COGS: "10.00"}
    do("credit_note", part("I-1#1", 1), number="C-1", day=4)
    to_credit = [{"number": "C-1", "amount": "30"}]
    shop.post("refund", direction="out", party="JANE", amount="30", date="2026-01-05", account=BANK, apply_to=to_credit)
    assert balances(shop) == {BANK: "40.00", RECEIVABLE: "-25.00", SALES: "-30.00", INVENTORY: "5.00", COGS: "10.00"}


def test_an_opening_balance_with_open_items_then_paid(shop: Books) -> None:
    shop.post(
        "opening_balance", date="2026-01-01", lines=[{"item": "A", "quantity": 10, "amount": "48.00"}],
        postings=[{"account": BANK, "debit": "500.00"}],
        open_items=[{"type": "invoice", "number": "OLD-7", "party": "JANE", "date": "2025-12-01", "amount": "90.00"},
                    {"type": "bill", "number": "OLD-8", "party": "ACME", "date": "2025-12-02", "amount": "40.00"}],
    )  # fmt: skip
    assert balances(shop) == {BANK: "500.00", RECEIVABLE: "90.00", INVENTORY: "48.00", PAYABLE: "-40.00", OPENING: "-598.00"}
    pay = {"date": "2026-01-03", "account": BANK}
    shop.post("payment", direction="in", party="JANE", amount="90", apply_to=[{"number": "OLD-7"}], **pay)
    shop.post("payment", direction="out", party="ACME", amount="40", apply_to=[{"number": "OLD-8"}], **pay)
    assert balances(shop) == {BANK: "550.00", INVENTORY: "48.00", OPENING: "-598.00"}
    assert refused(lambda: shop.void("OB-00001"))[0][0] == "IS_PAID"


# --- what is open ----------------------------------------------------------------------------------------------------


def test_a_line_does_not_pass_over_what_waits(shop: Books, do: Do) -> None:
    do("receipt", line("A", 10), number="R-1")
    assert refused(lambda: do("bill", line("A", 10), day=2)) == [("OPEN_QUANTITY", "lines[0].from")]
    do("bill", line("B", 1), day=2)
    do("bill", line("A", 2, **{"from": None}), day=2)
    do("bill", part("R-1#1", 10), day=3)
    do("bill", line("A", 1), day=4)
    assert held(shop, "A") == (13, Decimal("65.00"))
    do("delivery", line("A", 3), number="D-1", day=5)
    assert refused(lambda: do("invoice", line("A", 3), day=6)) == [("OPEN_QUANTITY", "lines[0].from")]
    do("invoice", line("A", 1, **{"from": None}), day=6)
    shop.void("D-1")
    do("invoice", line("A", 1), day=7)


# --- edits and voids -------------------------------------------------------------------------------------------------


def test_a_revision_keeps_number_place_and_instant(shop: Books, do: Do) -> None:
    """Two sales of a day; the earlier is edited to 5 instead of 4, and stays the earlier."""
    do("bill", line("A", 10))
    sale = do("cash_sale", line("A", 4), day=2)
    later = do("cash_sale", line("A", 3), day=2)
    assert do("cash_sale", line("A", 5), day=2, revises=sale) == sale
    shown = shop.docs.show(sale)
    assert (shown["revision"], shown["date"], shown["status"], str(shown["total"])) == (2, "2026-01-02", "posted", "150.00")
    assert [row["number"] for row in shop.docs.list(type="cash_sale")] == [sale, later]
    assert balances(shop) == {BANK: "240.00", SALES: "-240.00", INVENTORY: "10.00", COGS: "40.00", PAYABLE: "-50.00"}
    assert do("cash_sale", line("A", 1), day=3) == "CS-00003"
    assert refused(lambda: do("cash_sale", line("A", 7), day=2, revises=sale))[0][0] == "LATER_SHORT"
    assert shop.docs.show(sale)["revision"] == 2


def test_a_purchase_whose_goods_are_sold_is_revised(shop: Books, do: Do) -> None:
    """At 6 instead of 5: the sale of the day after is costed anew, in its place."""
    bill = do("bill", line("A", 10, unit_cost="5"))
    do("cash_sale", line("A", 4), day=2)
    do("bill", line("A", 10, unit_cost="6"), revises=bill)
    assert balances(shop) == {BANK: "120.00", SALES: "-120.00", INVENTORY: "36.00", COGS: "24.00", PAYABLE: "-60.00"}


def test_voiding_a_chain_from_its_end_leaves_nothing(shop: Books, do: Do) -> None:
    receipt = do("receipt", line("A", 10, unit_cost="5"))
    bill = do("bill", {"from": receipt, "unit_cost": "6"}, day=2)
    invoice = do("invoice", line("A", 4), {"item": "TENOFF"}, goods="later", day=3)
    delivery = do("delivery", {"from": invoice}, day=4)
    credit = do("credit_note", part(f"{invoice}#1", 1), day=5)
    paid = shop.post("payment", date="2026-01-06", direction="in", party="JANE", account=BANK, amount="50", apply_to=[
        {"number": invoice, "amount": "50"}]).number  # fmt: skip
    for number, reason in ((receipt, "HAS_FOLLOWERS"), (invoice, "HAS_FOLLOWERS")):
        assert refused(partial(shop.void, number))[0][0] == reason
    shop.void(credit)
    shop.void(delivery)
    assert refused(lambda: shop.void(invoice))[0][0] == "IS_PAID"
    for number in (paid, invoice, bill, receipt):
        shop.void(number)
        assert refused(partial(shop.void, number))[0][0] == "NOT_POSTED"
    assert balances(shop) == {}
    assert held(shop, "A") == (0, 0)


def test_voids_that_are_refused_say_what_to_do_first(shop: Books, do: Do) -> None:
    bill = do("bill", line("A", 10))
    sale = do("cash_sale", line("A", 8), day=2)
    assert refused(lambda: shop.void("NOTHING"))[0][0] == "UNKNOWN_DOCUMENT"
    with pytest.raises(Exception, match=sale):
        shop.void(bill)
    shop.gl.close("2026-01-01")
    assert refused(lambda: shop.void(bill))[0][0] == "PERIOD_CLOSED"
    assert refused(lambda: do("bill", line("A", 9), revises=bill))[0][0] == "PERIOD_CLOSED"


def test_a_pending_document_is_posted_when_it_is_time(shop: Books, do: Do) -> None:
    do("bill", line("A", 10))
    draft = do("invoice", line("A", 4), pending=True, day=2)
    assert (shop.docs.show(draft)["status"], held(shop, "A")[0]) == ("pending", 10)
    posted = shop.post_pending(draft)
    assert (posted.status, held(shop, "A")[0], str(posted.cogs)) == ("posted", 6, "20.00")
    assert refused(lambda: shop.post_pending(posted.number))[0][0] == "NOT_PENDING"
