"""Kits in the books: one income line, the contents' cost, returns in parts."""

from __future__ import annotations

import pytest

from tests.plugins.ledger import by_role, codes, held, money, sound, stock
from wares import Books


@pytest.fixture
def shop(books: Books) -> Books:
    books.items.add("stock", sku="CABLE", price="4")
    books.items.add("stock", sku="GREASE", price="9")
    books.items.add("service", sku="LABOUR", price="40", cost="25")
    books.items.add(
        "kit",
        sku="TUNE-UP",
        price="59",
        components=[
            {"sku": "CABLE", "quantity": "3"},
            {"sku": "GREASE", "quantity": "0.1"},
            {"sku": "LABOUR", "quantity": "0.75"},
        ],
    )
    books.post(
        "bill",
        date="2026-01-02",
        party="ACME",
        lines=[
            {"item": "CABLE", "quantity": "30", "amount": "40.00"},
            {"item": "GREASE", "quantity": "2", "unit_cost": "5"},
        ],
    )
    return books


def test_one_income_line_and_the_cost_of_the_contents(shop: Books) -> None:
    sold = shop.post("invoice", date="2026-01-09", party="JANE", lines=[{"item": "TUNE-UP", "quantity": "2"}])
    assert by_role(sold) == money(receivable="118.00", income="-118.00", cogs="9.00", inventory="-9.00")
    assert len([each for each in sold.entries if each["role"] == "income"]) == 1
    assert stock(shop) == {"CABLE": held("24", "32.00"), "GREASE": held("1.8", "9.00")}
    assert sound(shop)


def test_contents_changed_on_the_line_come_back_as_they_were_sold(shop: Books) -> None:
    sold = shop.post(
        "invoice",
        number="I-1",
        date="2026-01-09",
        party="JANE",
        lines=[{"item": "TUNE-UP", "quantity": "3", "components": [{"sku": "CABLE", "quantity": "5"}]}],
    )
    assert str(sold.cogs) == "20.00"
    shop.items.edit("TUNE-UP", components=[{"sku": "GREASE", "quantity": "1"}])
    costs = []
    for _ in range(3):
        back = shop.post(
            "credit_note",
            date="2026-01-10",
            party="JANE",
            lines=[{"from": "I-1#1", "quantity": "1", "restock": True}],
        )
        costs.append(-by_role(back)["cogs"])
    assert [str(cost) for cost in costs] == ["6.67", "6.66", "6.67"]
    assert stock(shop)["CABLE"] == held("30", "40.00")
    assert sound(shop)


def test_a_kit_is_not_bought_and_holds_no_kit(shop: Books) -> None:
    lines = [{"item": "TUNE-UP", "quantity": "1", "unit_cost": "5"}]
    assert codes(lambda: shop.post("bill", date="2026-01-03", party="ACME", lines=lines)) == ["NOT_BOUGHT"]
    within = [{"sku": "TUNE-UP", "quantity": "1"}]
    assert codes(lambda: shop.items.add("kit", sku="BIG", price="1", components=within)) == ["CONTENT_TYPE"]
    assert codes(lambda: shop.items.add("kit", sku="NONE", price="1")) == ["NEEDS_CONTENTS"]


def test_price_from_components(shop: Books) -> None:
    shop.items.add(
        "kit",
        sku="PAIR",
        components=[{"sku": "CABLE", "quantity": "2"}, {"sku": "GREASE", "quantity": "1"}],
        attributes={"price_from_components": True},
    )
    sold = shop.post("invoice", date="2026-01-09", party="JANE", lines=[{"item": "PAIR", "quantity": "1"}])
    assert str(sold.total) == "17.00"


def test_a_credit_of_a_discounted_kit_brings_goods_and_discount(shop: Books) -> None:
    """One row of the credit is for the kit, another for the discount: 59.00 less 5.90 each time."""
    shop.items.add("discount", sku="TENOFF", attributes={"percent": "10"})
    shop.post(
        "invoice",
        number="I-1",
        date="2026-01-09",
        party="JANE",
        lines=[{"item": "TUNE-UP", "quantity": "2"}, {"item": "TENOFF"}],
    )
    back = [{"from": "I-1#1", "quantity": "1", "restock": True}]
    credit = shop.post("credit_note", date="2026-01-10", party="JANE", lines=back)
    assert by_role(credit) == money(receivable="-53.10", income="59.00", discount="-5.90", inventory="4.50", cogs="-4.50")
    assert [row["line"] for row in credit.lines] == ["1", "1.1", "1.2", "1.3", "1.4"]
    assert sound(shop)


def test_availability_of_kits(shop: Books) -> None:
    """25 cables and all the grease at MAIN make eight kits, five cables in the shop none; a kit that names cables twice needs
    the sum of both; hours do not limit a kit."""
    shop.locations.add("SHOP")
    shop.items.add("kit", sku="PAIR", price="9", components=[{"sku": "CABLE", "quantity": "2"}, {"sku": "CABLE", "quantity": "2"}])
    shop.post("transfer", date="2026-01-03", to_location="SHOP", lines=[{"item": "CABLE", "quantity": "5"}])

    def promised(sku: str) -> dict[str, object]:
        return {row["location"]: row["available"] for row in shop.stock.availability(sku)}

    assert promised("TUNE-UP") == {"MAIN": 8, "SHOP": 0}
    assert promised("PAIR") == {"MAIN": 6, "SHOP": 1}
    assert promised("CABLE") == {"MAIN": 25, "SHOP": 5}
    assert promised("LABOUR") == {"MAIN": None, "SHOP": None}
    assert {row["sku"]: row["available"] for row in shop.items.list(type="kit")} == {"PAIR": "7", "TUNE-UP": "10"}
