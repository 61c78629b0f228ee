"""Goods going back leave from their own receipt's layer, also where many older layers have not been read yet."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from wares import Books, Refused


@pytest.fixture
def bills(books: Books, buy: Callable[..., Any]) -> list[Any]:
    """Ten receipts of ten bolts each, at 1.00 to 10.00."""
    books.items.add("stock", sku="BOLT", name="Bolt", price="20", cost="1", cost_method="fifo")
    return [buy("BOLT", 10, f"{price}.00") for price in range(1, 11)]


def back(bill: Any, quantity: int) -> dict[str, Any]:
    """A supplier credit for part of a bill."""
    lines = [{"from": f"{bill.number}#1", "quantity": quantity}]
    return {"type": "supplier_credit", "date": "2026-01-02", "party": "ACME", "lines": lines}


def sale(quantity: int) -> dict[str, Any]:
    """A sale of bolts."""
    lines = [{"item": "BOLT", "quantity": quantity}]
    return {"type": "invoice", "date": "2026-01-02", "party": "JANE", "lines": lines}


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "one by one"])
def test_the_walk_meets_a_layer_that_was_read_by_itself(books: Books, bills: list[Any], together: bool) -> None:
    """8 of the ninth go back    at 9.00                                     value 550.00 − 72.00 = 478.00
    80 are sold                 the first eight layers                     360.00            118.00
    4 are sold                  2 × 9.00 of the ninth, 2 × 10.00            38.00             80.00
    """
    records = [back(bills[8], 8), sale(80), sale(4)]
    if together:
        results: list[Any] = books.post_many(records)
    else:
        results = [books.post(record["type"], **record) for record in records]
    assert [each.cogs for each in results[1:]] == [Decimal("360.00"), Decimal("38.00")]
    assert books.stock.value("BOLT") == Decimal("80.00")
    assert books.verify()["ok"]


def test_a_refusal_gives_back_what_was_taken_ahead(books: Books, bills: list[Any]) -> None:
    """The whole ninth layer goes back in a document that is refused, and then in one that is not."""
    refused = back(bills[8], 10)
    refused["lines"].append({"from": f"{bills[9].number}#1", "quantity": 11})
    results = books.post_many([refused, sale(1), back(bills[8], 10)], atomic=False)
    assert isinstance(results[0], Refused)
    assert books.stock.value("BOLT") == Decimal("459.00")
    assert books.verify()["ok"]


def test_a_layer_that_the_batch_has_used_up_is_not_read_again(books: Books, bills: list[Any]) -> None:
    """The first layer is sold; goods going back to its supplier then come from the next, at 2.00."""
    books.post_many([sale(10), back(bills[0], 4)])
    assert books.stock.value("BOLT") == Decimal("532.00")
    assert books.verify()["ok"]
