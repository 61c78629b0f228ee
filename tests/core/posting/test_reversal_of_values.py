"""A void with a date of what counts and of what acts on value alone: counts, revaluations, changes of method."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.books import balances, held, refused
from wares import Books

Buy = Callable[..., Any]
INVENTORY, PAYABLE, COGS, ADJUSTMENT, REVALUATION = "1300", "2000", "5000", "5900", "5400"


@pytest.fixture
def shop(books: Books, buy: Buy) -> Books:
    """10 A at 5, then 10 at 7: an average of 6."""
    books.items.add("stock", sku="A", name="A", price="30")
    buy("A", 10, "5")
    buy("A", 10, "7", "2026-01-02")
    return books


def sell(books: Books, quantity: int, date: str, item: str = "A") -> Decimal:
    cogs: Decimal = books.post("cash_sale", date=date, lines=[{"item": item, "quantity": quantity}]).cogs
    return cogs


def without_sales(books: Books, **at: Any) -> dict[str, str]:
    return {account: amount for account, amount in balances(books, **at).items() if account not in ("1010", "4000")}


# --- counts ----------------------------------------------------------------------------------------------------------


def test_a_count_taken_back_later_is_an_adjustment_by_what_it_found(shop: Books) -> None:
    shop.post("count", number="C-1", date="2026-01-05", lines=[{"item": "A", "counted": "17"}])
    shop.gl.close("2026-01-31")
    january = balances(shop)
    assert january == {INVENTORY: "102.00", PAYABLE: "-120.00", ADJUSTMENT: "18.00"}
    shop.void("C-1", date="2026-02-03")
    assert (balances(shop), held(shop, "A")) == ({INVENTORY: "120.00", PAYABLE: "-120.00"}, (20, Decimal("120.00")))
    assert balances(shop, at="2026-02-02") == january


def test_what_a_count_finds_later_is_what_its_reversal_gives_back(shop: Books) -> None:
    """It found 3 too few; a sale of 5 from before makes it 2 too many, and the reversal follows."""
    shop.post("count", number="C-1", date="2026-01-05", lines=[{"item": "A", "counted": "17"}])
    shop.void("C-1", date="2026-02-01")
    sell(shop, 5, "2026-01-04")
    assert without_sales(shop, at="2026-01-31") == {INVENTORY: "102.00", PAYABLE: "-120.00", COGS: "30.00", ADJUSTMENT: "-12.00"}
    assert (without_sales(shop), held(shop, "A")[0]) == ({INVENTORY: "90.00", PAYABLE: "-120.00", COGS: "30.00"}, 15)


def test_a_count_that_agreed_and_is_reversed_follows_too(books: Books, buy: Buy) -> None:
    """Also where what it finds later is worth nothing, and goods came between it and its reversal."""
    books.items.add("stock", sku="A", name="A", price="30", cost_method="fifo")
    buy("A", 10, "0")
    books.post("count", number="C-1", date="2026-01-05", lines=[{"item": "A", "counted": "10"}])
    buy("A", 10, "5", "2026-01-06")
    books.void("C-1", date="2026-01-20")
    buy("A", 3, "0", "2026-01-02")
    assert held(books, "A") == (23, Decimal("50.00"))
    sell(books, 5, "2026-01-03")
    assert held(books, "A") == (18, Decimal("50.00"))


def test_a_count_whose_goods_are_gone_is_not_taken_back(shop: Books) -> None:
    shop.post("count", number="C-1", date="2026-01-05", lines=[{"item": "A", "counted": "25"}])
    sell(shop, 24, "2026-01-10")
    assert refused(lambda: shop.void("C-1", date="2026-02-01"))[0][0] == "INSUFFICIENT_STOCK"
    shop.void("BILL-00002")  # the count finds 15 more then, of 10
    sell(shop, 1, "2026-01-11")


def test_goods_found_leave_their_own_layer_first(books: Books, buy: Buy) -> None:
    books.items.add("stock", sku="A", name="A", price="30", cost_method="fifo")
    buy("A", 2, "5")
    books.post("count", number="C-1", date="2026-01-05", lines=[{"item": "A", "counted": "3", "unit_cost": "9"}])
    books.void("C-1", date="2026-02-01")
    assert (held(books, "A"), balances(books)) == ((2, Decimal("10.00")), {INVENTORY: "10.00", PAYABLE: "-10.00"})
    assert [layer["remaining"] for layer in books.stock.layers("A")] == [2]


# --- revaluations ----------------------------------------------------------------------------------------------------


def test_a_revaluation_taken_back_follows_what_it_had_added(shop: Books) -> None:
    """100.00 on 20, of which 5 are sold: 25.00 went to cost of goods sold and comes back from there, 75.00 from stock."""
    shop.post("revaluation", number="V-1", date="2026-01-05", lines=[{"item": "A", "amount": "100.00"}])
    assert sell(shop, 5, "2026-01-10") == Decimal("55.00")
    shop.gl.close("2026-01-31")
    january = without_sales(shop)
    assert january == {INVENTORY: "165.00", PAYABLE: "-120.00", COGS: "55.00", REVALUATION: "-100.00"}
    shop.void("V-1", date="2026-02-03")
    assert without_sales(shop, at="2026-02-02") == january
    assert without_sales(shop) == {INVENTORY: "90.00", PAYABLE: "-120.00", COGS: "30.00"}
    assert sell(shop, 5, "2026-02-04") == Decimal("30.00")


@pytest.mark.parametrize("method", ["average", "fifo", "lifo"])
def test_what_revalued_after_it_is_measured_anew(books: Books, buy: Buy, method: str) -> None:
    """To 8 each, then to 9 each: without the first the second adds 3 each."""
    books.items.add("stock", sku="A", name="A", price="30", cost_method=method)
    buy("A", 10, "6")
    for number, day, cost in (("V-1", "05", "8"), ("V-2", "06", "9")):
        books.post("revaluation", number=number, date=f"2026-01-{day}", lines=[{"item": "A", "unit_cost": cost}])
    sell(books, 4, "2026-01-07")
    books.void("V-1", date="2026-01-20")
    assert without_sales(books) == {INVENTORY: "54.00", PAYABLE: "-60.00", COGS: "36.00", REVALUATION: "-30.00"}
    books.void("V-2", date="2026-01-21")
    assert without_sales(books) == {INVENTORY: "36.00", PAYABLE: "-60.00", COGS: "24.00"}


def test_a_later_one_that_could_not_be_any_more_is_named(shop: Books) -> None:
    shop.post("revaluation", number="V-1", date="2026-01-05", lines=[{"item": "A", "amount": "100.00"}])
    shop.post("revaluation", number="V-2", date="2026-01-06", lines=[{"item": "A", "amount": "-200.00"}])
    assert refused(lambda: shop.void("V-1", date="2026-02-01"))[0][0] == "LATER_SHORT"


def test_a_standard_rate_taken_back(books: Books, buy: Buy) -> None:
    """10 at a rate of 6, then 8, then 9: without the 8 what was sold meanwhile costs 6 again, on the day of the reversal."""
    books.items.add("stock", sku="S", name="S", price="30", cost="6", cost_method="standard")
    buy("S", 10, "6")
    books.post("revaluation", number="V-1", date="2026-01-05", lines=[{"item": "S", "unit_cost": "8"}])
    sell(books, 2, "2026-01-06", "S")
    books.post("revaluation", number="V-2", date="2026-01-10", lines=[{"item": "S", "unit_cost": "9"}])
    books.void("V-1", date="2026-01-20")
    assert without_sales(books, at="2026-01-19") == {INVENTORY: "72.00", PAYABLE: "-60.00", COGS: "16.00", REVALUATION: "-28.00"}
    assert without_sales(books) == {INVENTORY: "72.00", PAYABLE: "-60.00", COGS: "12.00", REVALUATION: "-24.00"}
    books.void("V-2", date="2026-01-21")
    assert without_sales(books) == {INVENTORY: "48.00", PAYABLE: "-60.00", COGS: "12.00"}


@pytest.mark.parametrize("date", [None, "2026-01-20"])
def test_one_that_added_nothing_in_all_had_changed_layers(books: Books, buy: Buy, date: str | None) -> None:
    """10 at 1 and 10 at 3 set to 2 each: the total is the same, what leaves first is not."""
    books.items.add("stock", sku="A", name="A", price="30", cost_method="fifo")
    buy("A", 10, "1")
    buy("A", 10, "3", "2026-01-02")
    books.post("revaluation", number="V-1", date="2026-01-05", lines=[{"item": "A", "unit_cost": "2"}])
    buy("A", 10, "5", "2026-01-06")
    books.void("V-1", date=date)
    assert sell(books, 10, "2026-01-21") == Decimal("10.00")


# --- changes of method -----------------------------------------------------------------------------------------------


@pytest.fixture
def changed(shop: Books) -> Books:
    """From 5 January on A is first in, first out; 5 are sold at 6 each, as its layers had become the pool's."""
    shop.post("method_change", number="M-1", date="2026-01-05", lines=[{"item": "A", "cost_method": "fifo"}])
    sell(shop, 5, "2026-01-06")
    return shop


def test_a_change_of_method_is_changed_back_without_value(changed: Books, buy: Buy) -> None:
    buy("A", 5, "10", "2026-01-10")
    before = balances(changed)
    changed.void("M-1", date="2026-02-01")
    assert (balances(changed), changed.items.show("A")["cost_method"]) == (before, "average")
    assert sell(changed, 4, "2026-02-02") == Decimal("28.00")  # 140.00 / 20 × 4; the oldest had cost 6
    assert sell(changed, 4, "2026-01-20") == Decimal("24.00")  # before that day still the oldest


def test_it_goes_back_to_the_method_before_it_whatever_that_comes_to_be(changed: Books) -> None:
    changed.void("M-1", date="2026-02-01")
    changed.post("method_change", number="M-0", date="2026-01-03", lines=[{"item": "A", "cost_method": "lifo"}])
    assert changed.items.show("A")["cost_method"] == "lifo"
    changed.void("M-0")
    assert changed.items.show("A")["cost_method"] == "average"


def test_one_that_was_changed_again_waits_for_that(changed: Books) -> None:
    changed.post("method_change", number="M-2", date="2026-01-10", lines=[{"item": "A", "cost_method": "lifo"}])
    assert refused(lambda: changed.void("M-1", date="2026-02-01"))[0][0] == "HAS_FOLLOWERS"
    changed.void("M-2", date="2026-02-01")
    assert changed.items.show("A")["cost_method"] == "fifo"
    changed.void("M-1", date="2026-02-01")
    assert changed.items.show("A")["cost_method"] == "average"


def test_it_goes_back_at_every_location(books: Books, buy: Buy) -> None:
    """Also at one that was opened since."""
    books.settings.set("cost_scope", "location")
    books.items.add("stock", sku="A", name="A", price="30")
    buy("A", 2, "5")
    books.post("method_change", number="M-1", date="2026-01-05", lines=[{"item": "A", "cost_method": "fifo"}])
    books.locations.add("SHOP", name="The shop")
    for day, cost in (("06", "1"), ("07", "3")):
        lines = [{"item": "A", "quantity": 2, "unit_cost": cost}]
        books.post("bill", date=f"2026-01-{day}", party="ACME", location="SHOP", lines=lines)
    books.void("M-1", date="2026-01-20")
    sale = books.post("cash_sale", date="2026-01-21", location="SHOP", lines=[{"item": "A", "quantity": 1}])
    assert sale.cogs == Decimal("2.00")
