"""Components kept by lot: a build or a kit names the lots that it takes, and they come back as the lots that they were."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.books import refused, sound
from wares import Books


@pytest.fixture(autouse=True)
def shop(books: Books) -> None:
    """Ten plates of lot b50 at 50.00 and ten of b30 at 30.00; a panel takes two plates and a bolt at 1.00, a pair is two plates."""
    books.items.add("stock", sku="PLATE", price="90", cost_method="specific")
    books.items.add("stock", sku="BOLT", price="2")
    parts = [{"sku": "PLATE", "quantity": 2}, {"sku": "BOLT", "quantity": 1}]
    books.items.add("assembly", sku="PANEL", price="200", components=parts)
    books.items.add("kit", sku="PAIR", price="150", components=parts)
    lots = [{"item": "PLATE", "quantity": 10, "unit_cost": cost, "lot": f"b{cost}"} for cost in ("50", "30")]
    bolts = {"item": "BOLT", "quantity": 10, "unit_cost": "1"}
    books.post("bill", date="2026-01-02", party="ACME", lines=[*lots, bolts])


CHOSEN = [{"sku": "PLATE", "lot": "b50"}, {"sku": "PLATE", "quantity": 1, "lot": "b30"}, {"sku": "BOLT"}]


def lots(books: Books) -> dict[object, object]:
    return {row["lot"]: row["on_hand"] for row in books.stock.list(sku="PLATE", by="lot")}


def build(books: Books, **line: Any) -> Any:
    return books.post("build", date="2026-01-04", lines=[{"item": "PANEL", "quantity": 1, **line}])


def test_a_build_takes_the_lots_that_it_names(books: Books) -> None:
    build(books, components=CHOSEN)
    assert (books.stock.value("PANEL"), lots(books)) == (Decimal("81.00"), {"b50": 9, "b30": 9})
    books.post("unbuild", date="2026-01-05", lines=[{"item": "PANEL", "quantity": 1}])
    assert (books.stock.value("PLATE"), lots(books)) == (Decimal("800.00"), {"b50": 10, "b30": 10})
    assert sound(books)


def test_a_component_without_its_lot_is_refused(books: Books) -> None:
    assert refused(lambda: build(books)) == [("LOT_MISSING", "lines[0].components")]
    assert refused(lambda: build(books, lot="b30")) == [("LOT_MISSING", "lines[0].components")]
    wrong = [{"sku": "PLATE", "quantity": 1, "lots": "b30"}]
    assert refused(lambda: build(books, components=wrong)) == [("BAD_VALUE", "lines[0].components")]


def test_the_lot_of_a_build_is_that_of_its_output(books: Books) -> None:
    parts = [{"sku": "PLATE", "quantity": 1}]
    books.items.add("assembly", sku="DOOR", cost_method="specific", components=parts)
    chosen = [{"sku": "PLATE", "quantity": 1, "lot": "b30"}]
    books.post("build", date="2026-01-04", lines=[{"item": "DOOR", "quantity": 1, "lot": "d1", "components": chosen}])
    assert [(row["lot"], row["on_hand"]) for row in books.stock.list(sku="DOOR", by="lot")] == [("d1", 1)]


def test_a_kit_takes_the_lots_of_its_contents(books: Books) -> None:
    """Two pairs with one plate of either lot each: cost 2 × (50 + 30 + 1); a plate of b30 comes back, then the rest."""
    line = {"item": "PAIR", "quantity": 2, "components": CHOSEN}
    sale = books.post("invoice", date="2026-01-04", number="I-1", party="JANE", lines=[line])
    assert (sale.cogs, lots(books)) == (Decimal("162.00"), {"b50": 8, "b30": 8})
    for name in ("I-1#1.2", "I-1#1", "I-1#1"):
        back = [{"from": name, "quantity": 1, "restock": True}]
        books.post("credit_note", date="2026-01-05", party="JANE", lines=back)
    assert (books.stock.value("PLATE"), lots(books)) == (Decimal("800.00"), {"b50": 10, "b30": 10})
    assert sound(books)


def test_by_products_have_the_lot_of_the_line(books: Books) -> None:
    wrong = [{"sku": "BOLT", "quantity": 1, "lot": "b30"}]
    assert refused(lambda: build(books, by_products=wrong)) == [("BAD_VALUE", "lines[0].by_products")]
