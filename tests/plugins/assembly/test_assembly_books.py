"""Builds and unbuilds in the books, to the cent."""

from __future__ import annotations

import pytest

from tests.plugins.ledger import by_role, codes, held, money, sound, stock
from wares import Books


@pytest.fixture
def shop(books: Books) -> Books:
    """Ten rims at 30.00, 320 spokes at 0.25; a wheel takes one rim, 32 spokes, half an hour at 24.00 and glue for 0.10."""
    books.items.add("stock", sku="RIM")
    books.items.add("stock", sku="SPOKE")
    books.items.add("service", sku="LABOUR", cost="24")
    books.items.add("expense", sku="GLUE", cost="0.10")
    books.items.add(
        "assembly",
        sku="WHEEL",
        components=[
            {"sku": "RIM", "quantity": "1"},
            {"sku": "SPOKE", "quantity": "32"},
            {"sku": "LABOUR", "quantity": "0.5"},
            {"sku": "GLUE", "quantity": "1"},
        ],
    )
    books.post(
        "bill",
        number="B-1",
        date="2026-01-02",
        party="ACME",
        lines=[
            {"item": "RIM", "quantity": "10", "unit_cost": "30"},
            {"item": "SPOKE", "quantity": "320", "unit_cost": "0.25"},
        ],
    )
    return books


def test_the_cost_of_a_build_is_the_cost_of_its_components(shop: Books) -> None:
    built = shop.post("build", number="M-1", date="2026-01-06", lines=[{"item": "WHEEL", "quantity": "10"}])
    assert by_role(built) == money(inventory="121.00", build_absorption="-121.00")
    assert stock(shop)["WHEEL"] == held("10", "501.00")  # 300.00 + 80.00 + 120.00 + 1.00
    assert "RIM" not in stock(shop)
    assert [row["line"] for row in built.lines] == ["1", "1.1", "1.2", "1.3", "1.4"]
    assert sound(shop)


def test_an_unbuild_reverses_its_build(shop: Books) -> None:
    shop.post("build", number="M-1", date="2026-01-06", lines=[{"item": "WHEEL", "quantity": "10"}])
    undone = shop.post("unbuild", date="2026-01-07", lines=[{"item": "WHEEL", "quantity": "2", "from": "M-1"}])
    assert by_role(undone) == money(inventory="-24.20", build_absorption="24.20")
    assert stock(shop) == {"WHEEL": held("8", "400.80"), "RIM": held("2", "60.00"), "SPOKE": held("64", "16.00")}
    shop.post("unbuild", date="2026-01-08", lines=[{"item": "WHEEL", "quantity": "8", "from": "M-1#1"}])
    assert stock(shop)["RIM"] == held("10", "300.00")
    assert stock(shop)["SPOKE"] == held("320", "80.00")
    assert sound(shop)
    again = [{"item": "WHEEL", "quantity": "1", "from": "M-1#1"}]
    assert codes(lambda: shop.post("unbuild", date="2026-01-09", lines=again)) == ["MORE_THAN_LEFT"]


def test_an_unbuild_that_names_no_build_takes_the_latest_with_units_left(shop: Books) -> None:
    shop.post("build", number="M-1", date="2026-01-06", lines=[{"item": "WHEEL", "quantity": "4"}])
    shop.post(
        "build",
        number="M-2",
        date="2026-01-07",
        lines=[{"item": "WHEEL", "quantity": "2", "components": [{"sku": "RIM", "quantity": "2"}]}],
    )
    shop.post("unbuild", date="2026-01-08", lines=[{"item": "WHEEL", "quantity": "2"}])
    assert stock(shop)["RIM"] == held("6", "180.00")  # M-2 took rims only
    shop.post("unbuild", date="2026-01-09", lines=[{"item": "WHEEL", "quantity": "1"}])
    assert stock(shop)["SPOKE"] == held("224", "56.00")  # and this is one of M-1
    assert sound(shop)


def test_scrap_is_variance_when_unbuilt(shop: Books) -> None:
    """Eight good of ten begun bear all 501.00; taken apart, eight tenths come back and 100.20 is lost."""
    shop.post("build", number="M-1", date="2026-01-06", lines=[{"item": "WHEEL", "quantity": "8", "scrapped": "2"}])
    assert stock(shop)["WHEEL"] == held("8", "501.00")
    undone = shop.post("unbuild", date="2026-01-07", lines=[{"item": "WHEEL", "quantity": "8", "from": "M-1"}])
    assert by_role(undone) == money(inventory="-197.00", build_absorption="96.80", build_variance="100.20")
    assert stock(shop)["RIM"] == held("8", "240.00")
    assert sound(shop)


def test_by_products_take_their_share(shop: Books) -> None:
    shop.items.add("stock", sku="OFFCUT")
    shop.items.add(
        "assembly",
        sku="HOOP",
        components=[{"sku": "RIM", "quantity": "1"}, {"sku": "LABOUR", "quantity": "0.25"}],
        by_products=[{"sku": "OFFCUT", "quantity": "3", "share": "12.5"}],
    )
    shop.post("build", number="M-1", date="2026-01-06", lines=[{"item": "HOOP", "quantity": "4"}])
    assert stock(shop)["HOOP"] == held("4", "126.00")  # of 120.00 + 24.00
    assert stock(shop)["OFFCUT"] == held("12", "18.00")
    undone = shop.post("unbuild", date="2026-01-07", lines=[{"item": "HOOP", "quantity": "4", "from": "M-1"}])
    assert by_role(undone) == money(inventory="-24.00", build_absorption="24.00")
    assert stock(shop)["RIM"] == held("10", "300.00")
    assert sound(shop)


def test_a_later_bill_price_reaches_built_units(shop: Books) -> None:
    """Ten hubs estimated at 10.00 and built; billed at 12.00, the four sold cost 8.00 more, the six on hand 12.00."""
    shop.items.add("stock", sku="HUB")
    shop.items.add("assembly", sku="BIKE", price="90", components=[{"sku": "HUB", "quantity": "1"}])
    receipt = shop.post(
        "receipt", number="R-1", date="2026-02-01", party="ACME", lines=[{"item": "HUB", "quantity": "10", "unit_cost": "10"}]
    )
    shop.post("build", date="2026-02-02", lines=[{"item": "BIKE", "quantity": "10"}])
    sold = shop.post("invoice", date="2026-02-03", party="JANE", lines=[{"item": "BIKE", "quantity": "4"}])
    assert str(sold.cogs) == "40.00"
    shop.post(
        "bill",
        date="2026-02-04",
        party="ACME",
        lines=[{"item": "HUB", "from": f"{receipt.number}#1", "quantity": "10", "unit_cost": "12"}],
    )
    assert stock(shop)["BIKE"] == held("6", "72.00")
    assert sound(shop)


def test_the_bill_of_materials_is_locked_while_built_units_are_on_hand(shop: Books) -> None:
    change = [{"sku": "RIM", "quantity": "2"}]

    def edit() -> None:
        shop.items.edit("WHEEL", components=change)

    shop.post("build", number="M-1", date="2026-01-06", lines=[{"item": "WHEEL", "quantity": "1"}])
    assert codes(edit) == ["COMPONENTS_LOCKED"]
    shop.post("unbuild", date="2026-01-07", lines=[{"item": "WHEEL", "quantity": "1", "from": "M-1"}])
    assert codes(edit) == []


def test_a_build_needs_its_components_on_hand(shop: Books) -> None:
    short = [{"item": "WHEEL", "quantity": "11"}]
    refused = codes(lambda: shop.post("build", date="2026-01-06", lines=short))
    assert refused == ["INSUFFICIENT_STOCK", "INSUFFICIENT_STOCK"]  # rims and spokes
    assert stock(shop)["RIM"] == held("10", "300.00")


def test_void_of_a_build_restores_everything(shop: Books) -> None:
    before = stock(shop)
    shop.post("build", number="M-1", date="2026-01-06", lines=[{"item": "WHEEL", "quantity": "3"}])
    shop.void("M-1")
    assert stock(shop) == before
    assert sound(shop)


def test_a_voided_unbuild_leaves_no_cent_behind(books: Books) -> None:
    """Three wheels with ten spokes and labour of 10.00 between them, taken apart one by one, the first twice."""
    books.items.add("stock", sku="SPOKE")
    books.items.add("service", sku="LABOUR", cost="10")
    parts = [{"sku": "SPOKE", "quantity": "10"}, {"sku": "LABOUR", "quantity": "1"}]
    books.items.add("assembly", sku="WHEEL", makes="3", components=parts)
    books.post("bill", date="2026-01-01", party="ACME", lines=[{"item": "SPOKE", "quantity": "10", "amount": "1.00"}])
    build = books.post("build", date="2026-01-02", lines=[{"item": "WHEEL", "quantity": "3"}]).number
    one = [{"item": "WHEEL", "quantity": "1", "from": build}]
    first = books.post("unbuild", date="2026-01-03", lines=one).number
    books.post("unbuild", date="2026-01-04", lines=one)
    books.void(first)
    for day in ("05", "06"):
        books.post("unbuild", date=f"2026-01-{day}", lines=one)
    assert str(books.stock.on_hand("SPOKE")) == "10"
    assert {row["account"]: str(row["balance"]) for row in books.gl.trial_balance() if row["balance"]} == {
        "1300": "1.00", "2000": "-1.00",
    }  # fmt: skip
    assert books.verify()["ok"]
