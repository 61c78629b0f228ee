"""Edges of costing: an unbuild at standard, goods that are owed at another place, freight before its goods and after a close."""

from __future__ import annotations

from decimal import Decimal

from tests.books import balances, refused
from wares import Books
from wares.ledger.chart import CHARTS

INVENTORY, UNBILLED, FREIGHT, COGS, PRICE_VARIANCE, BUILD_VARIANCE = "1300", "2200", "2250", "5000", "5100", "5200"


def receive(books: Books, date: str = "2026-01-10") -> str:
    goods = [{"item": "OIL", "quantity": 10, "unit_cost": "10.00"}]
    return books.post("receipt", date=date, party="ACME", lines=goods).number


def test_an_unbuild_at_standard_after_a_revaluation_posts_to_build_variance(books: Books) -> None:
    """Five built at 10.00 leave at 13.00 and give back components for 50.00: 15.00 are lost by taking apart."""
    books.items.add("stock", sku="PART", cost="10")
    books.items.add("assembly", sku="SET", cost="10", cost_method="standard", components=[{"sku": "PART", "quantity": 1}])
    books.post("bill", date="2026-01-02", party="ACME", lines=[{"item": "PART", "quantity": 5, "unit_cost": "10"}])
    build = books.post("build", date="2026-01-03", lines=[{"item": "SET", "quantity": 5}])
    books.post("revaluation", date="2026-01-04", lines=[{"item": "SET", "unit_cost": "13"}])
    unbuild = books.post("unbuild", date="2026-01-05", lines=[{"from": f"{build.number}#1", "quantity": 5}])
    found = balances(books)
    assert (found[BUILD_VARIANCE], found.get(PRICE_VARIANCE)) == ("15.00", None)
    books.void(unbuild.number, date="2026-01-06")
    found = balances(books)
    assert (found.get(BUILD_VARIANCE), found.get(PRICE_VARIANCE)) == (None, None)


def test_goods_that_are_there_can_be_transferred_while_the_item_is_owed_elsewhere(books: Books) -> None:
    books.settings.set("negative_stock", "provisional")
    books.locations.add("SHOP", name="Shop")
    books.items.add("stock", sku="OIL", cost="10", price="20")
    goods = [{"item": "OIL", "quantity": 10, "unit_cost": "10"}]
    books.post("bill", date="2026-01-02", party="ACME", location="SHOP", lines=goods)
    books.post("invoice", date="2026-01-03", party="JANE", lines=[{"item": "OIL", "quantity": 15}])
    books.post("transfer", date="2026-01-04", location="SHOP", to_location="MAIN", lines=[{"item": "OIL", "quantity": 10}])
    assert (books.stock.on_hand("OIL", location="SHOP"), books.stock.on_hand("OIL", location="MAIN")) == (0, -5)
    back = {"location": "MAIN", "to_location": "SHOP", "lines": [{"item": "OIL", "quantity": 1}]}
    assert refused(lambda: books.post("transfer", date="2026-01-05", **back)) == [("INSUFFICIENT_STOCK", "lines[0]")]
    books.post("bill", date="2026-01-06", party="ACME", lines=[{"item": "OIL", "quantity": 5, "unit_cost": "10"}])


def test_a_landed_cost_before_its_receipt_is_refused(books: Books) -> None:
    books.items.add("stock", sku="OIL")
    number = receive(books)
    freight = {"amount": "20.00", "apply_to": [{"from": number}]}
    early = refused(lambda: books.post("landed_cost", date="2026-01-09", **freight))
    assert early == [("BEFORE_ORIGIN", "apply_to[0].from")]
    books.post("landed_cost", date="2026-01-10", **freight)


def test_freight_before_its_bill_is_owed_and_not_a_negative_asset(books: Books) -> None:
    books.items.add("stock", sku="OIL")
    books.post("landed_cost", date="2026-01-11", amount="20.00", apply_to=[{"from": receive(books)}])
    assert balances(books) == {INVENTORY: "120.00", UNBILLED: "-100.00", FREIGHT: "-20.00"}
    for chart in CHARTS:
        types = [account.type for account in chart.accounts if "landed_cost_clearing" in account.roles]
        assert types == ["liability"]


def test_a_landed_cost_of_goods_in_a_closed_period_is_voided_on_the_first_open_day(books: Books) -> None:
    """20.00 on ten, of which four are sold: 12.00 leave the stock and 8.00 the cost of sales in February; January stays."""
    books.items.add("stock", sku="OIL", price="20")
    number = receive(books)
    books.post("invoice", date="2026-01-11", party="JANE", lines=[{"item": "OIL", "quantity": 4}])
    freight = books.post("landed_cost", date="2026-02-05", amount="20.00", apply_to=[{"from": number}])
    books.gl.close("2026-01-31")
    january = balances(books, at="2026-01-31")
    assert (january[INVENTORY], january[COGS], january[FREIGHT]) == ("72.00", "48.00", "-20.00")
    books.void(freight.number)
    assert balances(books, at="2026-01-31") == january
    first_day = balances(books, at="2026-02-01")
    assert (first_day[INVENTORY], first_day[COGS], first_day.get(FREIGHT)) == ("60.00", "40.00", None)
    assert books.stock.value("OIL") == Decimal("60.00")
