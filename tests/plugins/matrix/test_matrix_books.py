"""Masters and variants in the books."""

from __future__ import annotations

from typing import Any

import pytest

from tests.plugins.ledger import codes, held, sound, stock
from wares import Books
from wares_matrix.records import VariantRecord


@pytest.fixture
def shop(books: Books) -> Books:
    axes = {"Color": ["Red", "Blue"], "Size": ["S", "M"]}
    books.items.add("matrix", sku="TEE", name="T-shirt", price="15", cost="4", attributes={"axes": axes})
    vary(books, values={"Color": "Red", "Size": "S"})
    vary(books, values={"Color": "Blue", "Size": "M"}, price="17")
    return books


def vary(books: Books, **record: Any) -> None:
    """Record a variant of TEE."""
    variant = {"record": "variant", "master": "TEE", **record}
    books.items.put(books.reading(lambda _, masters: list(VariantRecord().translate(variant, masters))))


def test_a_quantity_per_variant(shop: Books) -> None:
    bought = {"TEE-RED-S": "5", "TEE-BLUE-M": "2"}
    shop.post("bill", date="2026-01-02", party="ACME", lines=[{"item": "TEE", "variants": bought, "unit_cost": "4.20"}])
    assert stock(shop) == {"TEE-RED-S": held("5", "21.00"), "TEE-BLUE-M": held("2", "8.40")}
    named = [{"item": "TEE", "variants": {"TEE-RED-S": "1", "TEE-BLUE-M": "1"}}]
    sold = shop.post("invoice", date="2026-01-03", party="JANE", lines=named)
    assert str(sold.total) == "32.00"
    assert str(sold.cogs) == "8.40"
    assert sound(shop)


def test_the_master_on_a_line_is_refused(shop: Books) -> None:
    lines = [{"item": "TEE", "quantity": "1"}]
    assert codes(lambda: shop.post("invoice", date="2026-01-03", party="JANE", lines=lines)) == ["MASTER_ON_LINE"]


def test_a_combination_exists_once_and_its_axis_stays(shop: Books) -> None:
    assert codes(lambda: vary(shop, values={"Color": "Red", "Size": "S"}, sku="SECOND")) == ["VARIANT_EXISTS"]
    assert codes(lambda: vary(shop, values={"Color": "Green", "Size": "S"})) == ["NOT_IN_AXES"]
    without_blue = {"axes": {"Color": ["Red"], "Size": ["S", "M"]}}
    assert codes(lambda: shop.items.edit("TEE", attributes=without_blue)) == ["VARIANT_LEFT_OUT"]


def test_a_variant_recorded_again_changes_only_the_keys_given(shop: Books) -> None:
    vary(shop, values={"Color": "Blue", "Size": "M"}, name="Blue one")
    sold = shop.preview("invoice", goods="later", date="2026-01-03", party="JANE", lines=[{"item": "TEE-BLUE-M", "quantity": "1"}])
    assert str(sold.total) == "17.00"
