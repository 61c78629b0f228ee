"""The report of the present cost of building each assembly."""

from __future__ import annotations

from typing import Any

import pytest

from wares import Books


@pytest.fixture
def shop(books: Books) -> Books:
    """A wheel of one rim, 32 spokes and half an hour; a pack of four bells made at once; a bicycle of two wheels and a bell."""
    for sku, cost in (("RIM", "28.00"), ("SPOKE", None), ("BRASS", "0.90")):
        books.items.add("stock", sku=sku, cost=cost)
    books.items.add("service", sku="LABOUR", cost="24")
    books.items.add("assembly", sku="WHEEL", components=[
        {"sku": "RIM", "quantity": "1"}, {"sku": "SPOKE", "quantity": "32"}, {"sku": "LABOUR", "quantity": "0.5"},
    ])  # fmt: skip
    books.items.add("assembly", sku="BELL", makes="4", components=[{"sku": "BRASS", "quantity": "3"}])
    books.items.add("assembly", sku="BIKE", components=[{"sku": "WHEEL", "quantity": "2"}, {"sku": "BELL", "quantity": "1"}])
    return books


def shown(books: Books, **parameters: Any) -> list[str]:
    return [
        f"{row['sku']}: {row['build_cost']} {row['unit_cost']} {row['difference']}"
        for row in books.reports.run("build_costs", **parameters)
    ]


def test_components_count_at_their_cost_in_stock_else_at_the_cost_of_their_master(shop: Books) -> None:
    assert shown(shop) == ["BELL: 0.675 None None", "BIKE: None None None", "WHEEL: None None None"]  # the spokes have no cost
    lines = [{"item": "RIM", "quantity": 4, "unit_cost": "30"}, {"item": "SPOKE", "quantity": 128, "unit_cost": "0.25"}]
    shop.post("bill", date="2026-01-02", party="ACME", lines=lines)
    assert shown(shop) == ["BELL: 0.675 None None", "BIKE: 100.675 None None", "WHEEL: 50 None None"]


def test_the_cost_of_units_in_stock_stands_beside(shop: Books) -> None:
    lines = [{"item": "RIM", "quantity": 1, "unit_cost": "30"}, {"item": "SPOKE", "quantity": 64, "unit_cost": "0.25"}]
    shop.post("bill", date="2026-01-02", party="ACME", lines=lines)
    shop.post("build", date="2026-01-03", lines=[{"item": "WHEEL", "quantity": 1}])
    shop.post("bill", date="2026-02-01", party="ACME", lines=[{"item": "RIM", "quantity": 1, "unit_cost": "36"}])
    assert "WHEEL: 56 50 6" in shown(shop)
    assert "BIKE: 100.675 None None" in shown(shop)  # of the wheel on the shelf
    assert "WHEEL: 48 50 -2" in shown(shop, at="2026-01-31")  # no rim was left: the cost of its master
