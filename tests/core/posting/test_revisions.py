"""Edits: the next revision stands where its own date puts it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.books import dump, refused
from wares import Books


@pytest.mark.parametrize("date", ["2026-01-08", "2026-01-09", "2026-01-10"])
def test_a_revision_may_move_to_another_day(books: Books, date: str) -> None:
    """100 bought, 10 sold on the 9th; the sale becomes one of 3, a day earlier, the same day, a day later than all else."""
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    books.items.add("stock", sku="BOLT", price="0.20", cost_method="fifo")
    books.post("bill", date="2026-01-05", party="ACME", lines=[{"item": "BOLT", "quantity": 100, "unit_cost": "0.08"}])
    books.post("invoice", number="I-1", date="2026-01-09", party="JANE", lines=[{"item": "BOLT", "quantity": 10}])

    sale = books.post("invoice", revises="I-1", date=date, party="JANE", lines=[{"item": "BOLT", "quantity": 3}])

    assert (sale.number, sale.cogs, books.stock.on_hand("BOLT")) == ("I-1", Decimal("0.24"), 97)
    assert books.docs.show("I-1")["date"] == date
    assert books.verify()["ok"]


def test_a_revision_sent_again_is_recorded_once(books: Books) -> None:
    """Its key was recorded: the second time nothing is taken back and nothing written."""
    books.items.add("service", sku="HOUR", price="10")
    books.post("invoice", number="I-1", date="2026-01-09", party="JANE", lines=[{"item": "HOUR", "quantity": 1}])
    record = {"revises": "I-1", "key": "again", "date": "2026-01-09", "party": "JANE", "lines": [{"item": "HOUR", "quantity": 3}]}
    first = books.post("invoice", **record)
    before = dump(books, head=False)
    second = books.post("invoice", **record)
    assert (first.repeated, second.repeated, second.total) == (False, True, Decimal("30.00"))
    assert dump(books, head=False) == before
    assert refused(lambda: books.post("invoice", **record | {"memo": "other"})) == [("KEY_REUSED", "key")]
    assert books.verify()["ok"]
