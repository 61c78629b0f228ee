"""Masters and variants in the books."""

from __future__ import annotations

import pytest

from tests.plugins.ledger import codes, held, sound, stock
from wares import Books


@pytest.fixture
def shop(books: Books) -> Books:
    result = books.load(
        [
            {
                "record": "item",
                "type": "matrix",
                "sku": "TEE",
                "name": "T-shirt",
                "price": "15",
                "cost": "4",
                "attributes": {"axes": {"Color": ["Red", "Blue"], "Size": ["S", "M"]}, "variant_type": "stock"},
            },
            {"record": "variant", "master": "TEE", "values": {"Color": "Red", "Size": "S"}},
            {"record": "variant", "master": "TEE", "values": {"Color": "Blue", "Size": "M"}, "price": "17"},
        ]
    )
    assert result is not None
    return books


def test_a_quantity_per_variant(shop: Books) -> None:
    bought = {"TEE-RED-S": "5", "TEE-BLUE-M": "2"}
    shop.post("bill", date="2026-01-02", party="ACME", lines=[{"item": "TEE", "variants": bought, "unit_cost": "4.20"}])
    assert stock(shop) == {"TEE-RED-S": held("5", "21.00"), "TEE-BLUE-M": held("2", "8.40")}
    sold = shop.post("invoice", date="2026-01-03", party="JANE", lines=[{"item": "TEE", "variants": {"TEE-RED-S": "1", "TEE-BLUE-M": "1"}}])  # fmt: skip
    assert str(sold.total) == "32.00"
    assert str(sold.cogs) == "8.40"
    assert sound(shop)


def test_the_master_on_a_line_is_refused(shop: Books) -> None:
    lines = [{"item": "TEE", "quantity": "1"}]
    assert codes(lambda: shop.post("invoice", date="2026-01-03", party="JANE", lines=lines)) == ["MASTER_ON_LINE"]
