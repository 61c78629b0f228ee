"""Files as they really come: overlapping, in old encodings, half broken; and what a refund takes back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.books import balances, dump, held, refused
from wares import Books
from wares_profit.profit import profit
from wares_tracking.details import add_details
from wares_tracking.matching import match

Sent = Callable[..., Any]
HEAD = "Name | Created at | Lineitem name | Lineitem sku | Lineitem quantity | Lineitem price | Shipping | Refunded Amount"
FIRST = "1001 | 2026-02-01 | Blue mug | MUG | 2 | 15.00 | 5.00 | 0"
SECOND = "1002 | 2026-02-03 | Tea pot | POT | 1 | 40.00 | 0 | 0"
SQUARE = "Date | Item | Qty | SKU | Gross Sales | Discounts | Tax | Transaction ID | Event Type"


def test_overlapping_files(seller: Books, send: Sent) -> None:
    """The same order id on two channels is two orders; a line of an order that came later is added to it."""
    assert send(HEAD, FIRST).posted == {"sale": 1, "shipping": 1}
    done = send(HEAD, FIRST, "1001 | | Red cup | | 1 | 8.00 | |", SECOND)
    assert (done.posted, done.known) == ({"sale": 2}, 2)
    assert send(HEAD, FIRST, channel="woocommerce", mapping=MAP).posted == {"sale": 1}
    assert [(row["key"], row["channel"], str(row["sales"])) for row in profit(seller, "order")] == [
        ("1001", "shopify", "38.00"), ("1001", "woocommerce", "30.00"), ("1002", "shopify", "40.00"),
    ]  # fmt: skip


MAP = {
    "order": "Name",
    "date": "Created at",
    "title": "Lineitem name",
    "quantity": "Lineitem quantity",
    "unit_price": "Lineitem price",
}


def test_the_same_file_again_is_told_by_its_content(seller: Books, send: Sent) -> None:
    """A file of which something was refused is not done with, and is read again."""
    first = send(HEAD, FIRST, SECOND)
    assert [(row["name"], row["channel"], row["rows"], row["facts"]) for row in seller.sources.list()] == [
        ("export.csv", "shopify", 2, 3)
    ]
    before = dump(seller)
    again = send(HEAD, FIRST, SECOND)
    assert (first.posted.total(), again.known, again.rows, again.posted.total()) == (3, 3, 2, 0)
    assert dump(seller) == before
    for _ in range(2):
        assert send(HEAD, FIRST, "1003 | 03/04/2026 | Tea pot | POT | 1 | 40.00 | 0 | 0").rejected == 1
    assert len(seller.sources.list()) == 1
    assert send(HEAD, FIRST, "1003 | 03/04/2026 | Tea pot | POT | 1 | 40.00 | 0 | 0", dates="DMY").posted == {"sale": 1}


def test_payouts_clear_what_the_channel_holds(seller: Books, send: Sent) -> None:
    """A sale of 30.00, 2.00 fees kept, the rest paid out; the same two payouts of one day are two; one is taken back."""
    send(HEAD, FIRST.replace("| 5.00 |", "| 0 |"))
    payouts = {"date": "Day", "payout": "Paid", "fee": "Fees", "memo": "Note"}
    rows = [
        "2026-02-09 | 9.00 | 2.00 | week 6",
        "2026-02-09 | 9.00 | | week 6",
        "2026-02-10 | 12.00 | |",
        "2026-02-11 | -2.00 | | back",
    ]
    for again in (False, True):
        done = send("Day | Paid | Fees | Note", *rows, *([""] if again else []), mapping=payouts, channel="shopify")
        assert (done.rejected, done.known) == (0, 5 if again else 0)
    assert balances(seller) == {"1010": "28.00", "4000": "-30.00", "6300": "2.00"}


MOVEMENTS = {"date": "Day", "type": "What", "amount": "Sum", "order": "Order", "sku": "SKU"}


def test_movements_of_any_csv(seller: Books, send: Sent) -> None:
    """What a movement is follows from the words of its type."""
    rows = ("2026-02-01 | Commission | -3.00 | 7 |", "2026-02-02 | Payout to bank | 20.00 | |", "2026-02-03 | Gift | 1.00 | |")
    done = send("Day | What | Sum | Order | SKU", *rows, mapping=MOVEMENTS, channel="fair")
    assert (done.posted, [each.issue.code for each in done.issues]) == ({"fee": 1, "payout": 1}, ["UNKNOWN_KIND"])
    assert balances(seller) == {"1010": "20.00", "1100": "-23.00", "6300": "3.00"}


def test_a_refund_finds_its_line_by_sku_where_lines_have_numbers(seller: Books, send: Sent) -> None:
    fields = {"order": "Order", "date": "Day", "line": "Line", "sku": "SKU", "quantity": "Pieces", "amount": "Sum"}
    rows = ("7 | 2026-02-01 | 901 | POT | 1 | 40.00", "7 | 2026-02-01 | 902 | MUG | 1 | 15.00")
    assert send("Order | Day | Line | SKU | Pieces | Sum", *rows, mapping=fields, channel="fair").posted == {"sale": 2}
    send("Day | What | Sum | Order | SKU", "2026-02-05 | Refund | -5.00 | 7 | MUG", mapping=MOVEMENTS, channel="fair")
    assert [(row["key"], str(row["refunds"])) for row in profit(seller, "item")] == [("MUG", "5.00"), ("POT", "0.00")]


def test_an_order_with_a_fault_keeps_its_other_lines(seller: Books, send: Sent) -> None:
    """Three lines of an order go on one document; where one is refused, the others go without it, and it follows when mended."""
    rows = [
        "1001 | 2026-02-01 | Blue mug | MUG | 2 | 15.00 | 5.00 |",
        "1001 | | Tea pot | POT | 1 | 40.005 | |",
        "1001 | | Cup | | 1 | 8.00 | |",
    ]
    done = send(HEAD, *rows)
    assert (done.posted, done.rejected) == ({"sale": 2, "shipping": 1}, 1)
    assert [(each.line, each.issue.code) for each in done.issues] == [(3, "BAD_VALUE")]
    done = send(HEAD, *[row.replace("40.005", "40.00") for row in rows])
    assert (done.posted, done.known) == ({"sale": 1}, 3)
    assert balances(seller) == {"1100": "83.00", "4000": "-78.00", "4100": "-5.00"}
    assert [row["type"] for row in seller.docs.list()].count("cash_sale") == 3


def test_an_order_is_one_document(seller: Books, send: Sent) -> None:
    send(HEAD, FIRST, "1001 | | Cup | | 1 | 8.00 | |")
    assert len(seller.docs.show("CS-00001")["lines"]) == 2


def test_a_product_sold_twice_in_one_order(seller: Books, send: Sent) -> None:
    assert send(HEAD, FIRST, "1001 | | Blue mug | MUG | 1 | 14.00 | |").posted["sale"] == 2
    assert send(HEAD, FIRST, "1001 | | Blue mug | MUG | 1 | 14.00 | |").known == 3


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8-sig", ","), ("cp1252", ";"), ("utf-16", "\t"), ("utf-16-le", ","), ("utf-8", "\t")]
)
def test_encodings_and_quoted_line_breaks(seller: Books, send: Sent, encoding: str, delimiter: str) -> None:
    send(HEAD, "1001 | 2026-02-01 | Café\\nmug, blü | | 1 | 15,00 | | ", encoding=encoding, delimiter=delimiter)
    assert seller.docs.show("CS-00001")["lines"][0]["description"] == "Café mug, blü"
    assert balances(seller) == {"1100": "15.00", "4000": "-15.00"}


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("1 | 03/04/2026 | Mug | | 1 | 15.00 | |", "AMBIGUOUS_DATE", "Created at"),
        ("1 | | Mug | | 1 | 15.00 | |", "BAD_DATE", "Created at"),
        ("1 | 2026-02-01 | Mug | | -1 | 15.00 | |", "BAD_QUANTITY", "Lineitem quantity"),
        ("1 | 2026-02-01 | Mug | | one | 15.00 | |", "BAD_QUANTITY", "Lineitem quantity"),
        ("1 | 2026-02-01 | Mug | | 1 | =1+2 | |", "BAD_AMOUNT", "Lineitem price"),
        ("1 | 2026-02-01 | Mug | | 1 | | |", "NO_AMOUNT", "amount"),
        (" | 2026-02-01 | Mug | | 1 | 15.00 | |", "NO_ORDER", "Name"),
        ("1 | 2026-02-01 | Mug | | 1 | 15.005 | |", "BAD_VALUE", ""),
        ("1 | 2025-12-31 | Mug | | 1 | 15.00 | |", "PERIOD_CLOSED", ""),
    ],
)
def test_bad_rows_are_rejected_and_the_others_stay(
    seller: Books, send: Sent, tmp_path: Path, row: str, code: str, column: str
) -> None:
    seller.gl.close("2025-12-31")
    rejects = tmp_path / "rejects.csv"
    done = send(HEAD, row, SECOND, rejects=rejects)
    assert (done.rejected, done.posted) == (1, {"sale": 1})
    assert [(each.line, each.column, each.issue.code) for each in done.issues] == [(2, column, code)]
    (rejected,) = csv.DictReader(rejects.read_text("utf-8-sig").splitlines())
    assert code in rejected["error"]
    assert not rejected["Lineitem price"].startswith("=")


def test_an_order_in_another_currency_is_not_taken_at_face_value(seller: Books, send: Sent) -> None:
    rows = (
        "1 | 2026-02-01 | Mug | | 1 | 15.00 | | | EUR",
        "1 | | Pot | | 1 | 9.00 | | |",
        "2 | 2026-02-01 | Mug | | 1 | 15.00 | | | usd",
    )
    done = send(f"{HEAD} | Currency", *rows)
    assert (done.posted, done.rejected) == ({"sale": 1}, 2)
    assert [(each.line, each.column, each.issue.code) for each in done.issues] == [
        (2, "Currency", "OTHER_CURRENCY"), (3, "Currency", "OTHER_CURRENCY"),
    ]  # fmt: skip


def test_a_stated_form_of_dates(seller: Books, send: Sent) -> None:
    send(HEAD, "1 | 03/04/2026 | Mug | | 1 | 15.00 | |", dates="DMY")
    assert seller.docs.show("CS-00001")["date"] == "2026-04-03"


def test_free_items_and_a_preview(seller: Books, send: Sent) -> None:
    before = dump(seller, head=False)
    done = send(HEAD, FIRST, "1003 | 2026-02-01 | Sample | | 1 | 0 | |", dry_run=True)
    assert done.posted == {"sale": 2, "shipping": 1}
    assert [(row["kind"], str(row["amount"])) for row in done.documents] == [("sale", "30.00"), ("shipping", "5.00"), ("sale", "0")]
    assert dump(seller, head=False) == before
    assert send(HEAD, "1003 | 2026-02-01 | Sample | | 1 | 0 | |").posted == {"sale": 1}


def test_files_of_no_channel(seller: Books, send: Sent) -> None:
    assert refused(lambda: send("a | b", "1 | 2", channel=None)) == [("WHICH_CHANNEL", "channel")]
    assert refused(lambda: send("a | b", "1 | 2")) == [("NO_REPORT", "")]
    assert refused(lambda: send(HEAD, FIRST, channel="bazaar")) == [("UNKNOWN_CHANNEL", "channel")]
    assert refused(lambda: send(HEAD, FIRST, mapping={"order": "Name", "colour": "x"})) == [("BAD_MAP", "map")]


def stocked(seller: Books, count: int) -> None:
    """Mugs at 4.00 each, ready to be matched."""
    lines = [{"account": "1350", "amount": "100.00"}]
    purchase = seller.post("cash_purchase", date="2026-01-05", account="1010", lines=lines).number
    add_details(seller, purchase, [{"item": "MUG", "quantity": count, "unit_cost": "4.00"}])


def test_refunds_grow_with_their_order(seller: Books, send: Sent) -> None:
    """Shopify says what was refunded so far: 10.00 in March, 25.00 in April are 25.00 in all."""
    for refunded in ("10.00", "10.00", "25.00", "25.00"):
        send(HEAD, FIRST.replace("| 0", f"| {refunded}"))
    assert [str(row["total"]) for row in seller.docs.list() if row["type"] == "credit_note"] == ["10.00", "15.00"]
    assert [str(row["refunds"]) for row in profit(seller, "order")] == ["25.00"]


@pytest.mark.parametrize(
    ("matched", "restock", "cogs", "on_hand", "complete"),
    [(3, True, "8.00", 1, True), (3, False, "12.00", 0, True), (0, True, "0.00", 0, False), (0, False, "0.00", 0, False)],
)
def test_goods_of_a_refund(seller: Books, send: Sent, matched: int, restock: bool, cogs: str, on_hand: int, complete: bool) -> None:
    """Three mugs for 45.00, one refunded: it comes back at its 4.00 or is gone; what was never matched just waits for less."""
    stocked(seller, matched or 1)
    if not matched:
        seller.post("adjustment", date="2026-01-06", lines=[{"item": "MUG", "quantity": -1, "lot": "PD-00001#1"}])
    send(SQUARE, "2026-02-01 | Blue mug | 3 | MUG | 45.00 | | | T1 | Payment", channel="square")
    match(seller)
    send(SQUARE, "2026-02-05 | Blue mug | -1 | MUG | -15.00 | | | T1 | Refund", channel="square", restock=restock)
    (row,) = profit(seller, "item")
    assert (str(row["refunds"]), str(row["cogs"]), row["complete"]) == ("15.00", cogs, complete)
    assert held(seller, "MUG")[0] == Decimal(on_hand)
    waiting = match(seller, dry_run=True).waiting
    assert [str(each["quantity"]) for each in waiting] == ([] if matched else ["2" if restock else "3"])


def test_a_refund_of_an_unknown_order_is_money_alone(seller: Books, send: Sent) -> None:
    send(SQUARE, "2026-02-05 | Blue mug | -1 | MUG | -15.00 | | | T9 | Refund", channel="square", restock=True)
    assert balances(seller) == {"1100": "-15.00", "4000": "15.00"}


def test_a_sale_that_was_edited_stays_what_its_channel_calls_it(seller: Books, send: Sent) -> None:
    """Two mugs were three: the order keeps its shipping and finds its refund, and the file adds nothing."""
    stocked(seller, 3)
    sold = "2026-02-01 | Blue mug | 2 | MUG | 30.00 | | | T1 | Payment"
    send(SQUARE, sold, channel="square")
    record = seller.docs.show("CS-00001")["record"]
    (line,) = record["lines"]
    kept = {key: record[key] for key in ("date", "account", "goods")}
    seller.post("cash_sale", revises="CS-00001", **kept, lines=[{**line, "quantity": 3, "amount": "45.00"}])
    assert send(SQUARE, sold, "", channel="square").posted == {}
    match(seller)
    send(SQUARE, "2026-02-05 | Blue mug | -1 | MUG | -15.00 | | | T1 | Refund", channel="square", restock=True)
    (row,) = profit(seller, "order")
    assert (row["channel"], row["key"]) == ("square", "T1")
    assert [str(row[name]) for name in ("quantity", "sales", "refunds", "cogs")] == ["3", "45.00", "15.00", "8.00"]
    assert held(seller, "MUG")[0] == Decimal(1)
