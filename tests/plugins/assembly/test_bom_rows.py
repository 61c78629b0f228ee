"""Rows of a bill of materials with a set-up quantity, a loss and a multiple."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.books import refused, sound
from wares import Books


def shop(books: Books, **row: str) -> None:
    """1,000 m of film at 1.00; twelve labels take 5 m of it, and what else the row says."""
    books.items.add("stock", sku="FILM", unit="m")
    components = [{"sku": "FILM", "quantity": 5, **row}]
    books.items.add("assembly", sku="LABEL", makes=12, components=components)
    books.post("bill", date="2026-01-02", party="ACME", lines=[{"item": "FILM", "quantity": 1000, "unit_cost": "1"}])


@pytest.mark.parametrize(
    ("row", "used"),
    [
        ({}, "50"),
        ({"setup_quantity": "3"}, "53"),  # however many are made
        ({"loss": "4"}, "52"),  # 50 × 1.04
        ({"multiple": "20"}, "60"),
        ({"multiple": "25"}, "50"),  # an exact multiple stays
        ({"setup_quantity": "3", "loss": "4", "multiple": "10"}, "60"),  # 55 rounded up
        ({"setup_quantity": "0.000001", "multiple": "50"}, "100"),
    ],
    ids=["plain", "set-up", "loss", "multiple", "exact multiple", "all three", "a millionth more"],
)
def test_a_build_takes_the_quantity_of_its_rows(books: Books, row: dict[str, str], used: str) -> None:
    """100 good labels and 20 scrapped are ten times twelve: 50 m of film before anything else."""
    shop(books, **row)
    books.post("build", date="2026-01-03", number="M-1", lines=[{"item": "LABEL", "quantity": 100, "scrapped": 20}])
    assert books.stock.value("LABEL") == Decimal(used)
    assert sound(books)


def test_set_up_and_loss_come_back_in_proportion(books: Books) -> None:
    """60 m for 120 labels: 30 m with the first 60, 30 m with the rest."""
    shop(books, setup_quantity="8", loss="4")
    books.post("build", date="2026-01-03", number="M-1", lines=[{"item": "LABEL", "quantity": 120}])
    for left in ("970", "1000"):
        books.post("unbuild", date="2026-01-04", lines=[{"item": "LABEL", "quantity": 60}])
        assert books.stock.on_hand("FILM") == Decimal(left)


def test_components_on_the_line_are_all_that_was_used(books: Books) -> None:
    shop(books, setup_quantity="3", loss="4", multiple="10")
    line = {"item": "LABEL", "quantity": 12, "components": [{"sku": "FILM", "quantity": "5.5"}]}
    books.post("build", date="2026-01-03", lines=[line])
    assert books.stock.value("LABEL") == Decimal("5.50")


def test_the_master_shows_them_and_keeps_them(books: Books) -> None:
    shop(books, setup_quantity="3", loss="4", multiple="10")
    books.items.edit("LABEL", name="Label")
    shown = books.items.show("LABEL")["components"]
    assert shown == [{"sku": "FILM", "quantity": "5", "setup_quantity": "3", "loss": "4", "multiple": "10"}]


def test_only_an_assembly_has_them(books: Books) -> None:
    books.items.add("stock", sku="FILM")
    components = [{"sku": "FILM", "quantity": 5, "loss": "4"}]
    found = refused(lambda: books.items.add("kit", sku="PACK", price="1", components=components))
    assert found == [("NOT_BUILT", "components[0]")]
