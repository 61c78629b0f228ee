"""Kits sold on a channel: their contents leave the lots that hold them, whole kits only, at what those lots cost."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.books import balances, held, refused
from wares import Books
from wares_tracking.details import add_details
from wares_tracking.match_undo import undo_match
from wares_tracking.matching import match

Say = Callable[..., str]


@pytest.fixture
def kit(seller: Books, buy: Say) -> Books:
    """A tea set of two mugs and a tray; three mugs @ 4.00 and two @ 5.00, two trays @ 9.00 that are not kept by lot."""
    seller.items.add("stock", sku="TRAY", name="Tray")
    parts = [{"sku": "MUG", "quantity": "2"}, {"sku": "TRAY", "quantity": "1"}]
    seller.items.add("kit", sku="SET", name="Tea set", price="60.00", components=parts)
    for date, count, amount in (("2026-01-05", 3, "12.00"), ("2026-01-09", 2, "10.00")):
        add_details(seller, buy(amount, date), [{"item": "MUG", "quantity": count, "amount": amount}], rematch=False)
    seller.post("cash_purchase", date="2026-01-06", account="1010", lines=[{"item": "TRAY", "quantity": 2, "amount": "18.00"}])
    return seller


def test_contents_leave_their_lots(kit: Books, sell: Say) -> None:
    """Three sets are asked for: two can go, with four mugs of 12.00 + 5.00 and two trays; the third waits."""
    sell("SET", 3, "180.00")
    report = match(kit)
    assert [(row["sku"], str(row["quantity"]), row["lot"], str(row["cogs"])) for row in report.matched] == [
        ("SET", "2", "PD-00001#1, PD-00002#1", "35.00")
    ]
    assert [(str(row["quantity"]), row["reason"]) for row in report.waiting] == [("1", "not all of its contents are there")]
    assert (held(kit, "MUG"), held(kit, "TRAY")) == ((Decimal(1), Decimal("5.00")), (Decimal(0), Decimal("0.00")))


def test_an_undone_kit_is_matched_again(kit: Books, sell: Say) -> None:
    sell("SET", 1, "60.00")
    before = balances(kit)
    assert match(kit).count == 1
    undo_match(kit, "MAT-00001")
    assert balances(kit) == before
    assert [str(row["cogs"]) for row in match(kit).matched] == ["17.00"]


def test_another_line_of_the_match_is_undone(kit: Books) -> None:
    lines = [{"item": "SET", "quantity": 1, "amount": "60.00"}, {"item": "MUG", "quantity": 1, "amount": "15.00"}]
    kit.post("cash_sale", date="2026-02-01", account="1100", goods="later", lines=lines)
    assert match(kit).count == 2
    undo_match(kit, "MAT-00001#2")
    assert (held(kit, "MUG")[0], str(kit.gl.balance("5000"))) == (3, "17.00")


def test_a_listing_that_is_a_kit(kit: Books, sell: Say) -> None:
    """What a channel calls by the kit's name is the kit."""
    sell("tea SET", 1, "60.00")
    assert [(row["sku"], str(row["cogs"])) for row in match(kit).matched] == [("SET", "17.00")]


@pytest.mark.parametrize("lots", ["PD-00001#1", {"MUG": "PD-00001#1"}, {"MUG": {"PD-00001#1": "many"}}])
def test_lots_that_cannot_be_read(kit: Books, sell: Say, lots: object) -> None:
    sold = sell("SET", 1, "60.00")
    line = {"from": sold, "quantity": 1, "attributes": {"lots": lots}}
    assert refused(lambda: kit.post("match", lines=[line])) == [("BAD_VALUE", "lines[0].attributes.lots")]


def test_contents_whose_lot_is_not_named(kit: Books, sell: Say) -> None:
    sold = sell("SET", 1, "60.00")
    assert [code for code, _ in refused(lambda: kit.post("match", lines=[{"from": sold, "quantity": 1}]))] == ["LOT_MISSING"]
