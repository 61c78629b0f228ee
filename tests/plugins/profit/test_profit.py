"""Profit by order, item, channel, vendor and month: worked figures, and that all five ways of looking sum to the same."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.books import refused
from wares import Books
from wares_channels.labels import add_label
from wares_profit.attribution import BY
from wares_profit.profit import COLUMNS, profit
from wares_tracking.details import add_details
from wares_tracking.matching import match
from wares_tracking.sale_costs import add_costs

Say = Callable[..., str]
MONEY = ("sales", *COLUMNS, "cogs", "profit")


def table(rows: list[dict[str, Any]], *keys: str) -> list[tuple[str, ...]]:
    """Rows as texts."""
    return [tuple(str(row[key]) for key in keys) for row in rows]


@pytest.fixture
def fair(seller: Books) -> Books:
    """Two mugs of ACME's at 4.00 and one from the fair at 6.00; three sold for 45.00, a cup for 12.00 that has no cost yet."""
    for party, amount in (("ACME", "8.00"), (None, "6.00")):
        line = {"account": "1350", "amount": amount, "description": "fair"}
        bought = seller.post("cash_purchase", date="2026-01-05", account="1010", party=party, lines=[line]).number
        add_details(seller, f"{bought}#1", [{"item": "MUG", "quantity": 2 if party else 1, "amount": amount}])
    for order, day, sku, quantity, amount in (("1", "2026-01-31", "MUG", 3, "45.00"), ("2", "2026-02-02", "CUP", 1, "12.00")):
        key = f"channel:fair/{order}//sale"
        lines = [{"item": sku, "quantity": quantity, "amount": amount, "attributes": {"line": sku}}]
        seller.post("cash_sale", date=day, account="1100", goods="later", key=key, lines=lines)
    charges = [
        {"amount": "2.00", "attributes": {"kind": "fee", "line": ""}},
        {"amount": "1.00", "attributes": {"kind": "discount", "line": "MUG"}},
        {"amount": "5.00", "attributes": {"kind": "shipping", "line": ""}},
    ]
    seller.post("channel_charge", date="2026-02-03", account="1100", key="channel:fair/1//charge", lines=charges)
    match(seller)
    return seller


def test_by_vendor(fair: Books) -> None:
    """45.00 for three mugs: 30.00 for those of ACME, 15.00 for the one of the fair; the fee of 2.00 and the rest alike."""
    shown = ("key", "quantity", "sales", "shipping", "discounts", "fees", "cogs", "profit", "complete")
    assert table(profit(fair, "vendor"), *shown) == [
        ("-", "1", "12.00", "0.00", "0.00", "0.00", "0.00", "12.00", "False"),
        ("ACME", "2", "30.00", "3.33", "0.67", "1.33", "8.00", "23.33", "True"),
        ("fair", "1", "15.00", "1.67", "0.33", "0.67", "6.00", "9.67", "True"),
    ]


def test_by_month(fair: Books) -> None:
    """A charge that came in February belongs to the month of its sale."""
    assert table(profit(fair, "month"), "key", "sales", "fees", "cogs", "profit", "margin") == [
        ("2026-01", "45.00", "2.00", "14.00", "33.00", "0.6735"),
        ("2026-02", "12.00", "0.00", "0.00", "12.00", "None"),
    ]
    assert [row["key"] for row in profit(fair, "month", since=2026_02_01)] == ["2026-02"]


def test_labels(fair: Books) -> None:
    """Two labels of one order, one out of what the channel holds, one that the bank paid."""
    held, bank = (fair.gl.balance(code) for code in ("1100", "1010"))
    add_label(fair, "CS-00001", "3.50")
    paid = add_label(fair, "CS-00001#1", "2.10", account="1010", date="2026-02-04")
    assert [(row["account"], str(row["debit"] - row["credit"])) for row in paid.entries] == [("6200", "2.10"), ("1010", "-2.10")]
    assert (held - fair.gl.balance("1100"), bank - fair.gl.balance("1010")) == (Decimal("3.50"), Decimal("2.10"))
    (order, _) = profit(fair, "order")
    assert table([order], "date", "channel", "key", "labels", "profit") == [("2026-01-31", "fair", "1", "5.60", "27.40")]
    assert refused(lambda: add_label(fair, "CS-00009", "1.00")) == [("UNKNOWN_SALE", "")]


def test_goods_that_come_back_lower_the_cost_of_their_vendors(fair: Books) -> None:
    """One of three mugs comes back to its lot at 4.00: the 10.00 that stay are divided as the 14.00 were."""
    fair.parties.add("FAIR", kinds=["customer"])
    lines = [{"from": "CS-00001#1", "quantity": 1, "amount": "15.00", "restock": True}]
    fair.post("credit_note", date="2026-02-09", party="FAIR", account="1100", key="channel:fair/1//refund", lines=lines)
    vendors = {row["key"]: row for row in profit(fair, "vendor")}
    assert {key: str(row["cogs"]) for key, row in vendors.items()} == {"-": "0.00", "ACME": "5.71", "fair": "4.29"}
    assert sum(row["refunds"] for row in vendors.values()) == Decimal("15.00")


def test_five_ways_of_looking_sum_to_the_same(fair: Books) -> None:
    add_costs(fair, "CS-00002", date="2026-01-01", amount="2.00")
    add_label(fair, "CS-00002", "0.99")
    sums = {by: [str(sum(row[name] for row in profit(fair, by))) for name in MONEY] for by in BY}
    assert set(map(tuple, sums.values())) == {("57.00", "5.00", "0.00", "1.00", "0.00", "2.00", "0.99", "16.00", "42.01")}


def test_what_is_said_of_an_order_counts_once(fair: Books) -> None:
    """A fee of January's order in February is January's; those of no order stand by themselves, each on its own day."""
    for day, amount in (("2026-01-20", "4.00"), ("2026-02-20", "9.00")):
        lines = [{"amount": amount, "attributes": {"kind": "fee", "line": "ads"}}]
        fair.post("channel_charge", date=day, account="1100", key=f"channel:fair//{day}/charge", lines=lines)
    shown = ("key", "sales", "fees")
    assert table(profit(fair, "order", since=2026_02_01), *shown) == [("", "0.00", "9.00"), ("2", "12.00", "0.00")]
    assert table(profit(fair, "month"), *shown) == [("2026-01", "45.00", "6.00"), ("2026-02", "12.00", "9.00")]
    assert table(profit(fair, "month", since=2026_01_01, until=2026_01_31), *shown) == [("2026-01", "45.00", "6.00")]
