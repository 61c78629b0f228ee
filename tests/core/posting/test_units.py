"""Lines in another unit than the item's: quantities go by its factor, prices and costs are per unit of the line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.books import held, refused
from wares import Books

DOZEN = {"unit": "box", "unit_factor": "12"}


@pytest.fixture(autouse=True)
def shop(books: Books) -> None:
    """A bolt sells at 0.50 and costs 0.20; 100 are there at 0.20."""
    books.items.add("stock", sku="BOLT", name="Bolt", price="0.50", cost="0.20")
    books.items.add("stock", sku="NUT", name="Nut", price="0.30", cost="0.10")
    lines = [{"item": sku, "quantity": 100, "unit_cost": cost} for sku, cost in (("BOLT", "0.20"), ("NUT", "0.10"))]
    books.post("bill", date="2026-01-01", party="ACME", lines=lines)


def sell(books: Books, **line: Any) -> Any:
    return books.post("invoice", date="2026-01-05", party="JANE", number="I-1", lines=[line])


def test_the_items_own_price_and_cost_are_for_its_own_unit(books: Books) -> None:
    """Two boxes of 12 at 0.50 a bolt are 12.00, and cost 4.80; a box bought at the item's 0.20 is 2.40."""
    sale = sell(books, item="BOLT", quantity=2, **DOZEN)
    assert (sale.total, sale.cogs, sale.lines[0]["unit_price"]) == (Decimal("12.00"), Decimal("4.80"), Decimal(6))
    bill = books.post("bill", date="2026-01-06", party="ACME", lines=[{"item": "BOLT", "quantity": 1, **DOZEN}])
    assert (bill.total, held(books, "BOLT")) == (Decimal("2.40"), (88, Decimal("17.60")))


def test_a_stated_price_or_cost_is_for_the_unit_of_the_line(books: Books) -> None:
    assert sell(books, item="BOLT", quantity=2, unit_price="5", **DOZEN).total == Decimal("10.00")
    books.post("adjustment", date="2026-01-06", lines=[{"item": "BOLT", "quantity": 1, "unit_cost": "3", **DOZEN}])
    assert held(books, "BOLT") == (88, Decimal("18.20"))


@pytest.mark.parametrize("type", ["customer_return", "credit_note"])
def test_goods_that_come_back_without_their_sale(books: Books, type: str) -> None:
    """A box at 3.00 the box, not the bolt: 100 at 20.00 become 112 at 23.00."""
    line: dict[str, Any] = {"item": "BOLT", "quantity": 1, "unit_cost": "3", **DOZEN}
    if type == "credit_note":
        line |= {"restock": True}
    books.post(type, date="2026-01-06", party="JANE", lines=[line])
    assert held(books, "BOLT") == (112, Decimal("23.00"))


def test_a_group_in_boxes_is_credited_member_by_member(books: Books) -> None:
    """A box of 3 packs of 2 bolts and a nut: 6 bolts and 3 nuts, counted in their own units from there on."""
    books.items.add("group", sku="PACK", components=[{"sku": "BOLT", "quantity": 2}, {"sku": "NUT", "quantity": 1}])
    sale = sell(books, item="PACK", quantity=1, unit="box", unit_factor=3)
    assert [(line["item"], line["quantity"], line["amount"]) for line in sale.lines[1:]] == [
        ("BOLT", 6, Decimal("3.00")),
        ("NUT", 3, Decimal("0.90")),
    ]
    back = {"from": "I-1#1.1", "quantity": 4, "restock": True}
    credit = books.post("credit_note", date="2026-01-06", party="JANE", lines=[back])
    assert (credit.total, held(books, "BOLT")) == (Decimal("2.00"), (98, Decimal("19.60")))


def test_a_kit_in_boxes(books: Books) -> None:
    """Three kits at 2.00 in a box: 6.00, and 6 bolts leave; one comes back as what it was."""
    books.items.add("kit", sku="SET", price="2", components=[{"sku": "BOLT", "quantity": 2}])
    sale = sell(books, item="SET", quantity=2, unit="box", unit_factor=3)
    assert (sale.total, sale.cogs) == (Decimal("12.00"), Decimal("2.40"))
    lines = [{"from": "I-1#1", "quantity": 1, "restock": True}]
    credit = books.post("credit_note", date="2026-01-06", party="JANE", lines=lines)
    assert (credit.total, held(books, "BOLT")) == (Decimal("6.00"), (94, Decimal("18.80")))


def test_variants_are_counted_in_their_own_unit(books: Books) -> None:
    books.items.add("matrix", sku="TEE", attributes={"axes": {"Size": ["S"]}, "variant_type": "stock"})
    books.load([{"record": "variant", "master": "TEE", "values": {"Size": "S"}}])
    found = refused(lambda: sell(books, item="TEE", variants={"TEE-S": 2}, **DOZEN))
    assert found == [("VARIANTS_UNIT", "lines[0].unit_factor")]
