"""Calculations in the books: totals, accounts, cost of purchases."""

from __future__ import annotations

import pytest

from tests.plugins.ledger import by_role, held, money, sound, stock
from wares import Books


@pytest.fixture
def shop(books: Books) -> Books:
    books.items.add("non_stock", sku="JOB", price="100")
    books.items.add("stock", sku="BOLT")
    books.items.add("stock", sku="NUT")
    books.items.add("discount", sku="TENOFF", attributes={"percent": "10"})
    books.items.add("markup", sku="PLUS5", attributes={"percent": "5"})
    books.items.add("charge", sku="FREIGHT", attributes={"into_cost": True})
    books.items.add("charge", sku="FEE")
    books.items.add("charge", sku="REBATE", attributes={"percent": "-10", "into_cost": True})
    books.items.add("subtotal", sku="SUB")
    return books


def test_running_net(shop: Books) -> None:
    sold = shop.post("invoice", date="2026-01-09", party="JANE", lines=[{"item": "JOB"}, {"item": "TENOFF"}, {"item": "PLUS5"}])
    assert by_role(sold) == money(receivable="94.50", income="-104.50", discount="10.00")
    assert sound(shop)


def test_original_base(shop: Books) -> None:
    shop.settings.set("calculation_base", "original")
    sold = shop.post("invoice", date="2026-01-09", party="JANE", lines=[{"item": "JOB"}, {"item": "TENOFF"}, {"item": "PLUS5"}])
    assert str(sold.total) == "95.00"


def test_the_second_discount_acts_on_its_own_group(shop: Books) -> None:
    """100, SUB, −10 %, 50, SUB, −10 %: 100 − 10 + 50 − 5."""
    sold = shop.post(
        "invoice",
        date="2026-01-09",
        party="JANE",
        lines=[
            {"item": "JOB"},
            {"item": "SUB"},
            {"item": "TENOFF"},
            {"item": "JOB", "unit_price": "50"},
            {"item": "SUB"},
            {"item": "TENOFF"},
        ],
    )
    assert str(sold.total) == "135.00"


def test_charges_of_a_purchase(shop: Books) -> None:
    """Freight into cost and the supplier's discount spread by value; a plain fee is an expense."""
    bought = shop.post(
        "bill",
        date="2026-01-02",
        party="ACME",
        lines=[
            {"item": "BOLT", "quantity": "100", "unit_cost": "3"},
            {"item": "NUT", "quantity": "100", "unit_cost": "1"},
            {"item": "SUB"},
            {"item": "FREIGHT", "amount": "40.00"},
            {"item": "REBATE"},
            {"item": "FEE", "amount": "7.00"},
        ],
    )
    assert by_role(bought) == money(inventory="396.00", expense="7.00", payable="-403.00")
    assert stock(shop) == {"BOLT": held("100", "297.00"), "NUT": held("100", "99.00")}
    assert sound(shop)


def test_a_credit_brings_the_discount_in_proportion(shop: Books) -> None:
    shop.post(
        "invoice",
        number="I-1",
        date="2026-01-09",
        party="JANE",
        lines=[{"item": "JOB", "quantity": "3", "unit_price": "33.35"}, {"item": "TENOFF"}],
    )
    parts = [
        shop.post("credit_note", date="2026-01-10", party="JANE", lines=[{"from": "I-1#1", "quantity": "1"}]) for _ in range(3)
    ]
    assert (
        sum(part.total for part in parts)
        == shop.post(
            "invoice",
            date="2026-01-11",
            party="JANE",
            lines=[{"item": "JOB", "quantity": "3", "unit_price": "33.35"}, {"item": "TENOFF"}],
        ).total
    )
    assert sound(shop)
