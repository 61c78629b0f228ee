"""What a seller looks at: Balances of a year that sum, Products, each view as a page."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from wares import Books
from wares_tracking.balances import inventory_balances
from wares_tracking.details import add_details
from wares_tracking.product_totals import product_totals

Say = Callable[..., str]


def table(rows: list[dict[str, Any]], *keys: str) -> list[tuple[str, ...]]:
    """Rows as texts."""
    return [tuple(str(row[key]) for key in keys) for row in rows]


@pytest.fixture
def shop(seller: Books, buy: Say, sell: Say) -> Books:
    """Six mugs and postage of 2.00 out of a box of 20.00 in 2025; two mugs sold in 2025, one of three in 2026."""
    add_details(seller, buy("20.00", "2025-11-05"), [
        {"item": "MUG", "quantity": 3, "amount": "9.00"}, {"account": "6200", "amount": "2.00"},
    ])  # fmt: skip
    sell("MUG", 2, "30.00", "2025-12-01")
    sell("MUG", 3, "45.00", "2026-02-01")
    add_details(seller, buy("5.00", "2026-03-01"), [{"item": "CUP", "quantity": 2, "amount": "5.00"}])
    return seller


def test_balances_of_a_year_begin_with_what_was_there(shop: Books) -> None:
    from wares_tracking.matching import match

    match(shop)
    shown = ("date", "kind", "amount", "remaining")
    assert table(inventory_balances(shop)["rows"], *shown) == [
        ("2025-11-05", "purchase", "20.00", "9.00"),
        ("2025-11-05", "expense", "-2.00", "None"),
        ("2025-12-01", "sale", "-6.00", "None"),
        ("2026-02-01", "sale", "-3.00", "None"),
        ("2026-03-01", "purchase", "5.00", "0.00"),
    ]
    year = inventory_balances(shop, year=2026)
    assert table([year], "opening", "cogs", "balance") == [("12.00", "3.00", "14.00")]
    assert year["opening"] + sum(row["amount"] for row in year["rows"]) == year["balance"]
    assert table([inventory_balances(shop, year=2025)], "opening", "cogs", "balance") == [("0.00", "6.00", "12.00")]


def test_rows_sum_to_the_balance_whatever_happens(shop: Books, buy: Say) -> None:
    """Also after an edit of details, a void, a landed cost on goods and goods of a bill."""
    number = shop.docs.list(type="purchase_details")[0]["number"]
    of = shop.docs.show(number)["lines"][0]["from"]
    lines = [{"from": of, "item": "MUG", "quantity": 4, "amount": "10.00"}]
    shop.post("purchase_details", revises=number, lines=lines)
    shop.void(buy("7.00").partition("#")[0])
    shop.post("bill", number="B-1", date="2026-03-02", party="ACME", lines=[{"item": "POT", "quantity": 1, "amount": "8.00"}])
    shop.post("landed_cost", date="2026-03-03", amount="2.00", apply_to=[{"from": "B-1"}])
    found = inventory_balances(shop)
    assert sum((row["amount"] for row in found["rows"]), Decimal(0)) == found["balance"]
    assert ("goods", "10.00") in table(found["rows"], "kind", "amount")


def test_products(shop: Books) -> None:
    shown = ("sku", "sold", "sales", "cogs", "missing", "count", "cost")
    assert table(product_totals(shop), *shown) == [
        ("CUP", "0", "0.00", "0.00", "0", "2", "5.00"),
        ("MUG", "5", "75.00", "0.00", "5", "3", "9.00"),
        ("POT", "0", "0.00", "0.00", "0", "0", "0.00"),
    ]
    assert table(product_totals(shop, year=2025), "sku", "sold")[1] == ("MUG", "2")
