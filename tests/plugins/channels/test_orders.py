"""What the rows of an order say together: its total, discounts said twice, tax in the prices; and orders in another currency."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from tests.books import balances, dump, refused
from wares import Books
from wares_channels.currencies import currencies_in
from wares_profit.profit import profit
from wares_tracking.matching import match

Sent = Callable[..., Any]
BANK, CLEARING, TAX, SALES, SHIPPING, TIPS, DISCOUNTS, FEES = "1010", "1100", "2100", "4000", "4100", "4200", "4900", "6300"
SHOPIFY = (
    "Name | Created at | Lineitem name | Lineitem quantity | Lineitem price | Lineitem discount | Discount Amount | Shipping "
    "| Taxes | Total"
)


@pytest.mark.parametrize(
    ("of_line", "of_order", "total", "discounts"),
    [
        ("0", "10.00", "25.00", "10.00"),
        ("4.00", "10.00", "25.00", "10.00"),
        ("4.00", "10.00", "21.00", "14.00"),
        ("4.00", "0", "31.00", "4.00"),
        ("4.00", "3.00", "28.00", "7.00"),
        ("4.00", "4.00", "31.00", "4.00"),
        ("4.00", "10.00", "", "10.00"),
    ],
    ids=["order only", "within", "beside", "line only", "beside, the less", "the same", "no total: within"],
)
def test_discounts_of_lines_and_order(seller: Books, send: Sent, of_line: str, of_order: str, total: str, discounts: str) -> None:
    """30.00 and 5.00 of shipping: the total says whether what the order took off is all, or comes beside what its line did."""
    done = send(SHOPIFY, f"1 | 2026-02-01 | Blue mug | 2 | 15.00 | {of_line} | {of_order} | 5.00 | 0 | {total}")
    assert done.issues == []
    assert balances(seller)[DISCOUNTS] == discounts
    assert balances(seller)[CLEARING] == str(Decimal("35.00") - Decimal(discounts))
    assert send(SHOPIFY, f"1 | 2026-02-01 | Blue mug | 2 | 15.00 | {of_line} | {of_order} | 5.00 | 0 | {total}", "").posted == {}


def test_a_total_that_its_parts_do_not_come_to(seller: Books, send: Sent) -> None:
    """The order is refused with all of its rows, the others are recorded; taken at its parts it is recorded too."""
    rows = [
        "1 | 2026-02-01 | Blue mug | 2 | 15.00 | | | 5.00 | 2.00 | 38.00",
        "1 | | Red cup | 1 | 8.00 | | | | |",
        "2 | 2026-02-02 | Tea pot | 1 | 40.00 | | | | | 40.00",
    ]
    done = send(SHOPIFY, *rows)
    assert (done.posted, done.rejected) == ({"sale": 1}, 2)
    assert [(each.line, each.issue.code) for each in done.issues] == [(2, "TOTAL_DIFFERS"), (3, "TOTAL_DIFFERS")]
    assert "45.00" in str(done.issues[0])
    assert "38.00" in str(done.issues[0])
    done = send(SHOPIFY, *rows, check_totals=False)
    assert (done.posted, done.known) == ({"sale": 2, "shipping": 1, "tax": 1}, 1)
    assert balances(seller)[CLEARING] == "85.00"


def test_a_row_that_cannot_be_read_is_missing_from_its_total(seller: Books, send: Sent) -> None:
    """So the others wait for it. Where they come to the total without it, it was none of the order."""
    first = "1 | 2026-02-01 | Blue mug | 2 | 15.00 | | | 5.00 | | 43.00"
    assert send(SHOPIFY, first, "1 | | Red cup | 1 | eight | | | | |").rejected == 2
    assert send(SHOPIFY, first, "1 | | Red cup | 1 | 8.00 | | | | |").posted == {"sale": 2, "shipping": 1}
    assert send(SHOPIFY, first.replace("1 |", "2 |", 1).replace("43", "35"), "2 | | ? | 1 | x | | | | |").posted["sale"] == 1


def test_tax_in_the_prices(seller: Books, send: Sent) -> None:
    """119.00 and two at 11.90, 10.00 off, 5.95 shipping: 138.75, with 22.15 of tax in it. Sales are without."""
    rows = (
        "1 | 2026-02-01 | Keyboard | 1 | 119.00 | | 10.00 | 5.95 | 22.15 | 138.75",
        "1 | | Keycaps | 2 | 11.90 | | | | |",
    )
    assert send(SHOPIFY, *rows).issues == []
    assert balances(seller) == {CLEARING: "138.75", TAX: "-22.15", SALES: "-121.54", SHIPPING: "-5.06", DISCOUNTS: "10.00"}


def test_tax_that_the_marketplace_keeps_may_stand_in_the_total(seller: Books, send: Sent) -> None:
    """Of 39.40 paid eBay keeps 2.40; another order says its total without it."""
    head = "Order Number | Item Title | Quantity | Sold For | Shipping And Handling | eBay Collected Tax | Total Price | Sale Date"
    rows = (
        "1 | Blue mug | 2 | $16.00 | $5.00 | $2.40 | $39.40 | Feb-01-26",
        "2 | Blue mug | 1 | $16.00 | $0.00 | $1.20 | $16.00 | Feb-01-26",
    )
    assert send(head, *rows, channel="ebay").issues == []
    assert balances(seller) == {CLEARING: "53.00", SALES: "-48.00", SHIPPING: "-5.00"}


def test_shipping_given_away(seller: Books, send: Sent) -> None:
    """Etsy says the shipping of an order, and what was taken off it, on each of its rows."""
    head = "Sale Date | Item Name | Quantity | Price | Discount Amount | Shipping Discount | Order Shipping | Transaction ID"
    rows = (
        "02/01/26 | Blue mug | 1 | 15.00 | 1.00 | 5.00 | 5.00 | 901 | 7",
        "02/01/26 | Cup | 1 | 8.00 | 0 | 5.00 | 5.00 | 902 | 7",
    )
    assert send(f"{head} | Order ID", *rows, channel="etsy").posted == {"sale": 2, "shipping": 1, "discount": 2}
    assert balances(seller) == {CLEARING: "22.00", SALES: "-23.00", SHIPPING: "-5.00", DISCOUNTS: "6.00"}
    assert [(row["key"], str(row["discounts"])) for row in profit(seller, "item")] == [("Cup", "1.74"), ("MUG", "4.26")]


def test_tips_and_cash(seller: Books, send: Sent) -> None:
    """A card sale of 30.00 with a tip of 4.00 and a fee of 0.90, and 8.00 in cash: 33.10 are still to be paid out."""
    items = ("2026-02-01 | Blue mug | 2 | MUG | 30.00 | T1", "2026-02-01 | Cup | 1 | CUP | 8.00 | T2")
    send("Date | Item | Qty | SKU | Gross Sales | Transaction ID", *items, channel="square")
    money = ("2026-02-01 | T1 | $4.00 | -$0.90 | $0.00", "2026-02-01 | T2 | $0.00 | $0.00 | $8.00")
    for again in ("", "2026-02-01 | T3 | | |"):
        send("Date | Transaction ID | Tip | Fees | Cash", *money, again, channel="square", bank="1020")
    assert balances(seller) == {"1020": "8.00", CLEARING: "33.10", SALES: "-38.00", TIPS: "-4.00", FEES: "0.90"}
    (cup, mug) = profit(seller, "item")
    assert (str(cup["tips"]), str(mug["tips"]), str(mug["profit"])) == ("0.00", "4.00", "33.10")


def test_a_refund_gives_back_its_promotion(seller: Books, send: Sent) -> None:
    """Amazon: 30.00 less 2.00 sold, refunded in full; 0.80 of the fees of 4.50 are kept: what is left is what it cost."""
    head = "amazon-order-id | purchase-date | product-name | sku | quantity | item-price | item-promotion-discount"
    send(head, "1-1 | 2026-02-01 | Blue mug | MUG | 2 | 30.00 | 2.00", channel="amazon")
    head = (
        "settlement-id | total-amount | transaction-type | order-id | amount-type | amount-description | amount | posted-date | sku"
    )
    rows = [
        "5 | -0.80 | | | | | | 2026-02-15 |",
        "5 | | Order | 1-1 | ItemPrice | Principal | 30.00 | 2026-02-02 | MUG",
        "5 | | Order | 1-1 | Promotion | Principal | -2.00 | 2026-02-02 | MUG",
        "5 | | Order | 1-1 | ItemFees | Commission | -4.50 | 2026-02-02 | MUG",
        "5 | | Refund | 1-1 | ItemPrice | Principal | -30.00 | 2026-02-09 | MUG",
        "5 | | Refund | 1-1 | ItemPrice | Tax | -2.10 | 2026-02-09 | MUG",
        "5 | | Refund | 1-1 | ItemWithheldTax | MarketplaceFacilitatorTax-Principal | 2.10 | 2026-02-09 | MUG",
        "5 | | Refund | 1-1 | Promotion | Principal | 2.00 | 2026-02-09 | MUG",
        "5 | | Refund | 1-1 | ItemFees | Commission | 3.70 | 2026-02-09 | MUG",
    ]
    assert send(head, *rows, channel="amazon").issues == []
    assert balances(seller) == {BANK: "-0.80", FEES: "0.80"}


FAIR = {each: each for each in ("order", "date", "sku", "quantity", "amount", "shipping", "refund", "currency")}
ABROAD = "order | date | sku | quantity | amount | shipping | refund | currency"


def test_an_order_in_another_currency(seller: Books, send: Sent) -> None:
    """3 × 10.00 € and 5.00 € shipping at 1.0845: 32.54 (32.535) and 5.42 (5.4225). What was said stays beside it."""
    row = "1 | 2026-02-01 | MUG | 3 | 30.00 | 5.00 | {} | eur"
    done = send(ABROAD, row.format(0), channel="fair", mapping=FAIR)
    assert [each.issue.code for each in done.issues] == ["OTHER_CURRENCY"]
    assert "--rate EUR=" in done.issues[0].issue.hint
    options = {"channel": "fair", "mapping": FAIR, "rates": {"EUR": "1.0845"}}
    assert send(ABROAD, row.format(0), **options).posted == {"sale": 1, "shipping": 1}
    assert balances(seller) == {CLEARING: "37.96", SALES: "-32.54", SHIPPING: "-5.42"}
    said = seller.docs.show("CS-00001")["record"]["lines"][0]["attributes"]["stated"]
    assert said == {"currency": "EUR", "amount": "30.00", "rate": "1.0845"}
    assert send(ABROAD, row.format(0), "", **options).posted == {}


def test_refunds_so_far_in_another_currency(seller: Books, send: Sent) -> None:
    """10.00 € at 1.08, then 15.00 € in all at 1.10: five more at 1.10. Another rate for the same ten changes nothing."""
    row = "1 | 2026-02-01 | MUG | 3 | 30.00 | 5.00 | {} | EUR"
    for refund, rate in (("10.00", "1.08"), ("10.00", "1.09"), ("15.00", "1.10")):
        send(ABROAD, row.format(refund), channel="fair", mapping=FAIR, rates={"EUR": rate})
    assert [str(row["total"]) for row in seller.docs.list(type="credit_note")] == ["10.80", "5.50"]


def test_a_rate_of_the_row(seller: Books, send: Sent) -> None:
    fields = {**FAIR, "rate": "rate"}
    rows = ["1 | 2026-02-01 | MUG | 1 | 10.00 | | | GBP | 1.25", "2 | 2026-02-01 | MUG | 1 | 10.00 | | | GBP | soon"]
    done = send(f"{ABROAD} | rate", *rows, channel="fair", mapping=fields)
    assert [(each.line, each.column, each.issue.code) for each in done.issues] == [(3, "rate", "BAD_RATE")]
    assert balances(seller) == {CLEARING: "12.50", SALES: "-12.50"}
    before = dump(seller)
    for rates in ({"GBP": "0"}, {"GBP": "-1"}, {"GBP": "1.12345678901"}, {"pound": "1.2"}):
        assert refused(partial(send, ABROAD, rows[0], channel="fair", mapping=FAIR, rates=rates)) == [("BAD_RATE", "rate")]
    assert dump(seller) == before


@pytest.mark.parametrize(
    ("amount", "code"), [("15,00 €", "OTHER_CURRENCY"), ("GBP 15", "OTHER_CURRENCY"), ("$15.00", None), ("15", None)]
)
def test_the_sign_of_an_amount_is_its_currency(seller: Books, send: Sent, amount: str, code: str | None) -> None:
    """Books in dollars take no euros at face value, also where no column says it."""
    done = send("Name | Created at | Lineitem name | Lineitem quantity | Lineitem price", f"1 | 2026-02-01 | Mug | 1 | {amount}")
    assert [each.issue.code for each in done.issues] == ([code] if code else [])


def test_signs() -> None:
    assert currencies_in("-1.234,50 €") == ("EUR",)
    assert currencies_in("CHF 12") == ("CHF",)
    assert currencies_in("A$5") == ("AUD",)
    assert "USD" in currencies_in("$5")
    assert currencies_in("(12.00)") == currencies_in("--") == currencies_in("5 pieces") == ()


def test_goods_of_an_order_in_another_currency_come_back(seller: Books, send: Sent) -> None:
    """One of two mugs at 4.00 comes back: 15.00 € at 1.20 are refunded, and its cost."""
    purchase = seller.post(
        "cash_purchase", date="2026-01-05", account=BANK, lines=[{"item": "MUG", "quantity": 2, "unit_cost": "4"}]
    )
    head = "Date | Item | Qty | SKU | Gross Sales | Transaction ID | Event Type"
    sold = "2026-02-01 | Mug | 2 | MUG | €30.00 | T1 | Payment"
    send(head, sold, channel="square", rates={"EUR": "1.20"})
    assert match(seller).count == 1
    back = "2026-02-05 | Mug | -1 | MUG | -€15.00 | T1 | Refund"
    send(head, back, channel="square", rates={"EUR": "1.20"}, restock=True)
    assert purchase.total == Decimal("8.00")
    (row,) = profit(seller, "order")
    assert (str(row["sales"]), str(row["refunds"]), str(row["cogs"]), str(row["profit"])) == ("36.00", "18.00", "4.00", "14.00")
