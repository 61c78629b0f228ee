"""Highest in, first out in the books."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from wares import Books

import highest_cost_first

plugin = highest_cost_first  # whose books the fixtures open

Post = Callable[..., Any]


@pytest.fixture
def shop(books: Books, make_item: Callable[..., str], post: Post) -> Books:
    """Ten bolts at 5.00, ten at 8.00, ten at 6.00."""
    make_item("stock", "BOLT", cost_method="hifo")
    for day, unit_cost in ((1, "5"), (2, "8"), (3, "6")):
        line = {"item": "BOLT", "quantity": 10, "unit_cost": unit_cost}
        post("bill", number=f"B-{day}", date=f"2026-01-0{day}", lines=[line])
    return books


def sell(post: Post, quantity: int, day: int = 5) -> Any:
    return post("invoice", date=f"2026-01-{day:02d}", lines=[{"item": "BOLT", "quantity": quantity}])


@pytest.mark.parametrize(
    ("quantity", "cogs"), [(1, "8.00"), (10, "80.00"), (15, "110.00"), (20, "140.00"), (25, "165.00"), (30, "190.00")]
)
def test_the_dearest_go_first(shop: Books, post: Post, quantity: int, cogs: str) -> None:
    assert str(sell(post, quantity).cogs) == cogs
    assert shop.verify()["ok"]


def test_the_method_does_not_look_ahead(shop: Books, post: Post) -> None:
    first = sell(post, 10, day=5)
    post("bill", date="2026-01-06", lines=[{"item": "BOLT", "quantity": 10, "unit_cost": "20"}])
    assert (str(first.cogs), str(sell(post, 10, day=7).cogs)) == ("80.00", "200.00")


def test_a_late_bill_changes_the_cost_of_an_earlier_sale(shop: Books, post: Post) -> None:
    number = sell(post, 10).number
    post("bill", date="2026-01-04", lines=[{"item": "BOLT", "quantity": 4, "unit_cost": "9"}])
    assert str(shop.docs.show(number)["cost"]) == "84.00"
    assert shop.verify()["ok"]


def test_returned_goods_come_back_at_the_cost_of_their_sale(shop: Books, post: Post) -> None:
    sale = sell(post, 15)
    credit = post("credit_note", date="2026-01-06", lines=[{"from": f"{sale.number}#1", "quantity": 15, "restock": True}])
    assert str(credit.cogs) == "-110.00"
    assert str(shop.stock.value("BOLT")) == "190.00"


def test_goods_go_back_to_the_supplier_from_their_own_receipt(shop: Books, post: Post) -> None:
    post("supplier_credit", date="2026-01-05", lines=[{"from": "B-1#1", "quantity": 4}])
    assert str(shop.stock.value("BOLT")) == "170.00"
    assert str(sell(post, 20).cogs) == "140.00"


def test_equals_go_by_age(shop: Books, post: Post) -> None:
    post("bill", date="2026-01-04", lines=[{"item": "BOLT", "quantity": 10, "unit_cost": "8"}])
    sell(post, 5)
    left = {row["document"]: str(row["remaining"]) for row in shop.stock.layers("BOLT")}
    assert left["B-2"] == "5"


def test_books_go_on_when_the_method_changes(shop: Books, post: Post) -> None:
    post("method_change", date="2026-01-05", lines=[{"item": "BOLT", "cost_method": "fifo"}])
    assert str(sell(post, 10, day=6).cogs) == "50.00"
    assert shop.verify()["ok"]
