"""A void with a date: the document stands until then, and is gone from that day on."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from tests.books import balances, held, refused
from wares import Books, Refused

Buy = Callable[..., Any]


@pytest.fixture
def shop(books: Books, buy: Buy) -> Books:
    """10 A at 5, then 10 at 7: an average of 6."""
    books.items.add("stock", sku="A", name="A", price="30")
    buy("A", 10, "5")
    buy("A", 10, "7", "2026-01-02")
    return books


def test_a_sale_of_a_closed_month_is_taken_back_in_the_next(shop: Books) -> None:
    sale = shop.post("invoice", date="2026-01-10", party="JANE", lines=[{"item": "A", "quantity": 4}])
    shop.gl.close("2026-01-31")
    january, before = balances(shop, at="2026-01-31"), sale.number
    assert refused(lambda: shop.void(before))[0][0] == "PERIOD_CLOSED"
    assert refused(lambda: shop.void(before, date="2026-01-31")) == [("PERIOD_CLOSED", "date")]
    assert refused(lambda: shop.void(before, date="2026-02-30")) == [("BAD_DATE", "at")]
    shop.void(before, date="2026-02-03")
    assert balances(shop, at="2026-02-02") == january == {
        "1200": "120.00", "1300": "96.00", "2000": "-120.00", "4000": "-120.00", "5000": "24.00",
    }  # fmt: skip
    assert balances(shop) == {"1300": "120.00", "2000": "-120.00"}
    assert held(shop, "A") == (20, Decimal("120.00"))
    shown = shop.docs.show(f"{before}-R")
    assert (shown["status"], shown["date"], str(shown["total"])) == ("reversal", "2026-02-03", "-120.00")
    assert shop.docs.show(before)["status"] == "reversed"
    for number in (before, f"{before}-R"):
        assert refused(partial(shop.void, number))[0][0] == "NOT_POSTED"


def test_goods_come_back_at_what_they_left_at_though_the_average_moved(shop: Books, buy: Buy) -> None:
    sale = shop.post("invoice", date="2026-01-10", party="JANE", lines=[{"item": "A", "quantity": 4}])
    buy("A", 16, "12", "2026-01-11")  # 16 at 6 and 16 at 12
    shop.void(sale.number, date="2026-02-01")
    assert held(shop, "A") == (36, Decimal("312.00"))
    assert balances(shop) == {"1300": "312.00", "2000": "-312.00"}


def test_a_late_cost_of_the_sale_is_a_late_cost_of_its_reversal(shop: Books) -> None:
    sale = shop.post("invoice", date="2026-01-10", party="JANE", lines=[{"item": "A", "quantity": 4}])
    shop.void(sale.number, date="2026-02-01")
    shop.post("bill", date="2026-01-05", party="ACME", lines=[{"item": "A", "quantity": 20, "unit_cost": "12"}])
    assert balances(shop, at="2026-01-31")["5000"] == "36.00"
    assert balances(shop) == {"1300": "360.00", "2000": "-360.00"}


def test_a_bill_whose_goods_are_there_goes_back(shop: Books) -> None:
    """A pool of 20 worth 120.00 gives back the 10 that came for 70.00."""
    shop.void("BILL-00002", date="2026-02-01")
    assert balances(shop) == {"1300": "50.00", "2000": "-50.00"}


def test_the_guard_of_the_average_goes_to_price_variance(shop: Books, buy: Buy) -> None:
    """10 at 5 and 10 at 7, 10 sold at 6: the 10 left are worth 60.00, and 70.00 cannot leave them."""
    shop.post("cash_sale", date="2026-01-10", lines=[{"item": "A", "quantity": 10}])
    shop.void("BILL-00002", date="2026-02-01")
    assert held(shop, "A") == (0, 0)
    assert balances(shop) == {"1010": "300.00", "2000": "-50.00", "4000": "-300.00", "5000": "60.00", "5100": "-10.00"}


def test_goods_that_are_gone_cannot_go_back(shop: Books) -> None:
    shop.post("cash_sale", date="2026-01-10", lines=[{"item": "A", "quantity": 15}])
    assert refused(lambda: shop.void("BILL-00002", date="2026-02-01"))[0][0] == "INSUFFICIENT_STOCK"
    shop.post("cash_sale", date="2026-02-10", lines=[{"item": "A", "quantity": 1}])
    assert refused(lambda: shop.void("BILL-00001", date="2026-01-05"))[0][0] == "LATER_SHORT"


def test_a_bill_at_another_price_than_its_receipt(books: Books) -> None:
    books.items.add("stock", sku="A", name="A", price="30")
    receipt = books.post("receipt", date="2026-01-01", party="ACME", lines=[{"item": "A", "quantity": 10, "unit_cost": "5"}])
    books.post("cash_sale", date="2026-01-02", lines=[{"item": "A", "quantity": 4}])
    bill = books.post("bill", date="2026-01-10", party="ACME", lines=[{"from": receipt.number, "unit_cost": "6"}])
    before = balances(books)
    assert refused(lambda: books.void(receipt.number, date="2026-02-01"))[0][0] == "HAS_FOLLOWERS"
    books.void(bill.number, date="2026-02-01")
    assert balances(books, at="2026-01-31") == before
    assert balances(books) == {"1010": "120.00", "1300": "30.00", "2200": "-50.00", "4000": "-120.00", "5000": "20.00"}
    books.post("bill", date="2026-02-02", party="ACME", lines=[{"from": receipt.number, "unit_cost": "5"}])
    assert "2200" not in balances(books)


def test_a_build_gives_its_components_back(books: Books, buy: Buy) -> None:
    for sku, cost in (("RIM", "30"), ("SPOKE", "1")):
        books.items.add("stock", sku=sku, name=sku)
        buy(sku, 20, cost)
    books.items.add("service", sku="HOUR", name="Hour", cost="10")
    parts = [{"sku": "RIM", "quantity": 1}, {"sku": "SPOKE", "quantity": 2}, {"sku": "HOUR", "quantity": "0.5"}]
    books.items.add("assembly", sku="WHEEL", name="Wheel", components=parts)
    build = books.post("build", date="2026-01-05", lines=[{"item": "WHEEL", "quantity": 3}])
    assert held(books, "WHEEL") == (3, Decimal("111.00"))
    books.void(build.number, date="2026-02-01")
    assert (held(books, "WHEEL"), held(books, "RIM")) == ((0, 0), (20, Decimal("600.00")))
    assert balances(books) == {"1300": "620.00", "2000": "-620.00"}


def test_money_journals_and_transfers(shop: Books) -> None:
    shop.locations.add("SHOP", name="The shop")
    moved = shop.post("transfer", date="2026-01-05", to_location="SHOP", lines=[{"item": "A", "quantity": 5}])
    rent = shop.post("journal", date="2026-01-05", postings=[
        {"account": "6100", "debit": "20.00"}, {"account": "1010", "credit": "20.00"}])  # fmt: skip
    sale = shop.post("invoice", date="2026-01-10", party="JANE", lines=[{"item": "A", "quantity": 4}])
    applied = [{"number": sale.number, "amount": "120.00"}]
    paid = shop.post("payment", date="2026-01-11", direction="in", party="JANE", account="1010", amount="120", apply_to=applied)
    assert refused(lambda: shop.void(sale.number, date="2026-02-01"))[0][0] == "IS_PAID"
    for number in (paid.number, sale.number, rent.number, moved.number):
        shop.void(number, date="2026-02-01")
    assert (shop.stock.on_hand("A", location="MAIN"), shop.stock.on_hand("A", location="SHOP")) == (20, 0)
    assert balances(shop) == {"1300": "120.00", "2000": "-120.00"}


def test_a_credit_note_reversed_lets_its_goods_go_out_and_come_back_again(shop: Books, buy: Buy) -> None:
    """Three at 5, 5 and 10 of a pool of their own; one comes back, goes out again, then all come back."""
    shop.items.add("stock", sku="B", name="B", price="30")
    shop.post("bill", date="2026-01-03", party="ACME", lines=[{"item": "B", "quantity": 3, "amount": "20.00"}])
    sale = shop.post("invoice", date="2026-01-10", party="JANE", lines=[{"item": "B", "quantity": 3}]).number
    one = {"party": "JANE", "lines": [{"from": sale, "quantity": 1, "restock": True}]}
    credit = shop.post("credit_note", date="2026-01-11", **one).number
    assert refused(lambda: shop.void(credit, date="2026-01-01")) == [("BEFORE_ORIGIN", "date")]
    assert held(shop, "B") == (1, Decimal("6.67"))
    shop.void(credit, date="2026-02-01")
    assert (held(shop, "B"), balances(shop)["5000"], balances(shop)["1200"]) == ((0, Decimal("0.00")), "20.00", "90.00")
    for day in ("02", "03", "04"):
        shop.post("credit_note", date=f"2026-02-{day}", **one)
    assert (held(shop, "B"), balances(shop).get("5000"), balances(shop).get("1200")) == ((3, Decimal("20.00")), None, None)
    assert refused(lambda: shop.post("credit_note", date="2026-02-05", **one))[0][0] == "NOTHING_LEFT"


def test_a_late_bill_follows_goods_that_came_back_and_went_out_again(shop: Books) -> None:
    shop.items.add("stock", sku="B", name="B", price="30")
    receipt = shop.post("receipt", date="2026-01-03", party="ACME", lines=[{"item": "B", "quantity": 2, "unit_cost": "10"}]).number
    sale = shop.post("invoice", date="2026-01-10", party="JANE", lines=[{"item": "B", "quantity": 2}]).number
    lines = [{"from": sale, "quantity": 1, "restock": True}]
    shop.void(shop.post("credit_note", date="2026-01-11", party="JANE", lines=lines).number, date="2026-01-20")
    shop.post("bill", date="2026-01-25", party="ACME", lines=[{"from": receipt, "unit_cost": "12"}])
    assert (balances(shop)["5000"], balances(shop, at="2026-01-15")["5000"], held(shop, "B")) == ("24.00", "12.00", (0, 0))
    assert refused(lambda: shop.void(sale))[0][0] == "HAS_FOLLOWERS"  # in its place it would leave the credit note behind
    shop.void(sale, date="2026-01-30")
    assert (held(shop, "B"), balances(shop).get("5000")) == ((2, Decimal("24.00")), None)


@pytest.mark.parametrize("billed", [False, True])
def test_goods_sent_back_by_mistake_come_in_again(shop: Books, billed: bool) -> None:
    shop.items.add("stock", sku="B", name="B", price="30")
    receipt = shop.post("receipt", date="2026-01-03", party="ACME", lines=[{"item": "B", "quantity": 3, "unit_cost": "10"}]).number
    if billed:
        shop.post("bill", date="2026-01-04", party="ACME", lines=[{"from": receipt}])
    before = balances(shop)
    lines = [{"from": receipt, "quantity": 2}]
    back = shop.post("supplier_return", date="2026-01-10", party="ACME", lines=lines).number
    shop.void(back, date="2026-01-20")
    assert (held(shop, "B"), balances(shop)) == ((3, Decimal("30.00")), before)
    shop.post("supplier_return", date="2026-01-21", party="ACME", lines=[{"from": receipt}])
    assert held(shop, "B") == (0, 0)


def test_an_unbuild_reversed_is_a_build_again(shop: Books) -> None:
    shop.items.add("service", sku="WORK", name="Work", cost="10")
    shop.items.add("assembly", sku="W", name="W", components=[{"sku": "A", "quantity": "2"}, {"sku": "WORK", "quantity": "1"}])
    build = shop.post("build", date="2026-01-05", lines=[{"item": "W", "quantity": 3}]).number
    before = balances(shop)
    undone = shop.post("unbuild", date="2026-01-10", lines=[{"item": "W", "quantity": 1, "from": build}]).number
    shop.void(undone, date="2026-01-20")
    assert (held(shop, "W"), held(shop, "A"), balances(shop)) == ((3, Decimal("66.00")), (14, Decimal("84.00")), before)
    shop.post("unbuild", date="2026-01-21", lines=[{"item": "W", "quantity": 3, "from": build}])
    assert (held(shop, "W"), held(shop, "A"), balances(shop)) == ((0, 0), (20, Decimal("120.00")), {
        "1300": "120.00", "2000": "-120.00"})  # fmt: skip


def test_an_order_delivered_and_reversed_is_open_again(shop: Books) -> None:
    invoice = shop.post("invoice", date="2026-01-10", party="JANE", goods="later", lines=[{"item": "A", "quantity": 4}])
    delivery = shop.post("delivery", date="2026-01-11", party="JANE", lines=[{"from": invoice.number}])
    shop.void(delivery.number, date="2026-02-01")
    again = shop.post("delivery", date="2026-02-02", party="JANE", lines=[{"from": invoice.number}])
    assert (again.cogs, held(shop, "A")[0]) == (Decimal("24.00"), 16)


@pytest.mark.parametrize("date", [None, "2026-02-01"])
def test_goods_that_carry_freight_stay_until_that_is_taken_off(shop: Books, buy: Buy, date: str | None) -> None:
    """What was paid for their freight would stay on its clearing account without anybody noticing."""
    bill = buy("A", 10, "1", "2026-01-03").number
    cost = shop.post("landed_cost", date="2026-01-05", amount="5.00", apply_to=[{"from": bill}]).number
    with pytest.raises(Refused, match=cost) as refusal:
        shop.void(bill, date=date)
    assert [issue.code for issue in refusal.value.issues] == ["HAS_FOLLOWERS"]
    shop.void(cost)
    shop.void(bill, date=date)


def test_an_invoice_taken_back_lets_its_cost_wait_again(shop: Books) -> None:
    """Cost waits for the invoice: one of three for 20.00 invoiced, taken back, invoiced again; a late bill follows each."""
    shop.settings.set("cogs_at", "invoice")
    shop.items.add("stock", sku="B", name="B", price="30")
    receipt = shop.post("receipt", date="2026-01-03", party="ACME", lines=[{"item": "B", "quantity": 3, "amount": "20.00"}]).number
    delivery = shop.post("delivery", date="2026-01-04", party="JANE", lines=[{"item": "B", "quantity": 3}]).number
    one = {"party": "JANE", "lines": [{"from": delivery, "quantity": 1}]}
    first = shop.post("invoice", date="2026-01-05", **one).number
    shop.void(first, date="2026-01-10")
    assert (balances(shop)["1400"], balances(shop).get("5000")) == ("20.00", None)
    shop.post("invoice", date="2026-01-11", **one)
    assert (balances(shop)["1400"], balances(shop)["5000"]) == ("13.33", "6.67")
    shop.post("bill", date="2026-01-12", party="ACME", lines=[{"from": receipt, "amount": "40.00"}])
    assert (balances(shop)["1400"], balances(shop)["5000"]) == ("26.67", "13.33")
    assert balances(shop, at="2026-01-09")["5000"] == "13.33"  # on the days of invoice and reversal, as long as they are open
    shop.post("invoice", date="2026-01-13", party="JANE", lines=[{"from": delivery}])
    assert (balances(shop).get("1400"), balances(shop)["5000"]) == (None, "40.00")
    assert shop.verify()["ok"]


def test_the_last_takes_the_rest_though_one_in_the_middle_was_undone(shop: Books) -> None:
    """Seven for 33.37, credited by two and three; the three are undone, and five come back."""
    shop.items.add("stock", sku="B", name="B", price="30")
    shop.post("bill", date="2026-01-03", party="ACME", lines=[{"item": "B", "quantity": 7, "amount": "33.37"}])
    before = balances(shop)
    sale = shop.post("invoice", date="2026-01-10", party="JANE", lines=[{"item": "B", "quantity": 7}]).number

    def credit(quantity: int, day: int) -> str:
        lines = [{"from": sale, "quantity": quantity, "restock": True}]
        return shop.post("credit_note", date=f"2026-01-{day}", party="JANE", lines=lines).number

    credit(2, 11)
    shop.void(credit(3, 12), date="2026-01-20")
    credit(5, 21)
    assert (held(shop, "B"), balances(shop)) == ((7, Decimal("33.37")), before)


def test_a_reversal_recorded_late_shifts_the_cents_of_what_came_back_after_it(shop: Books) -> None:
    shop.items.add("stock", sku="B", name="B", price="30")
    shop.post("bill", date="2026-01-03", party="ACME", lines=[{"item": "B", "quantity": 7, "amount": "33.37"}])
    sale = shop.post("invoice", date="2026-01-10", party="JANE", lines=[{"item": "B", "quantity": 7}]).number
    credits = [
        shop.post("credit_note", date=f"2026-01-{day}", party="JANE", lines=[{"from": sale, "quantity": quantity, "restock": True}])
        for day, quantity in ((11, 2), (12, 3), (25, 2))
    ]
    shop.void(credits[1].number, date="2026-01-20")
    shop.post("credit_note", date="2026-01-26", party="JANE", lines=[{"from": sale, "restock": True}])
    assert (held(shop, "B"), balances(shop).get("5000")) == ((7, Decimal("33.37")), None)


def test_unbuilds_give_back_all_of_a_build_though_one_was_undone(shop: Books) -> None:
    """Odd cents in goods and in what was absorbed; a void in its place and a reversal of what is in the middle."""
    shop.items.add("stock", sku="P", name="P")
    shop.post("bill", date="2026-01-03", party="ACME", lines=[{"item": "P", "quantity": 20, "amount": "33.37"}])
    shop.items.add("service", sku="H", name="H", cost="3.337")
    parts = [{"sku": "P", "quantity": 1}, {"sku": "H", "quantity": "0.333333"}]
    shop.items.add("assembly", sku="W", name="W", components=parts)
    before = balances(shop)
    build = shop.post("build", date="2026-01-05", lines=[{"item": "W", "quantity": 7}]).number

    def unbuild(quantity: int, day: int) -> str:
        return shop.post("unbuild", date=f"2026-01-{day}", lines=[{"item": "W", "quantity": quantity, "from": build}]).number

    unbuild(1, 11)
    in_its_place, later = unbuild(2, 12), unbuild(3, 13)
    shop.void(in_its_place)
    shop.void(later, date="2026-01-20")
    for quantity, day in ((4, 21), (2, 22)):
        unbuild(quantity, day)
    assert (balances(shop), held(shop, "P"), held(shop, "W")) == (before, (20, Decimal("33.37")), (0, Decimal("0.00")))


@pytest.mark.parametrize("undone", [0, 1])
def test_an_invoice_taken_back_gives_back_the_cent_that_it_took(shop: Books, undone: int) -> None:
    shop.settings.set("cogs_at", "invoice")
    shop.items.add("stock", sku="B", name="B", price="30")
    receipt = shop.post("receipt", date="2026-01-03", party="ACME", lines=[{"item": "B", "quantity": 7, "amount": "33.37"}]).number
    delivery = shop.post("delivery", date="2026-01-04", party="JANE", lines=[{"item": "B", "quantity": 7}]).number

    def invoice(quantity: int, day: int) -> str:
        lines = [{"from": delivery, "quantity": quantity}]
        return shop.post("invoice", date=f"2026-01-{day}", party="JANE", lines=lines).number

    invoices = [(invoice(quantity, 10), quantity) for quantity in (2, 3, 2)]
    number, quantity = invoices[undone]
    shop.void(number, date="2026-01-20")
    assert shop.verify()["ok"]  # what was reversed leaves nothing on any account
    invoice(quantity, 21)
    shop.post("bill", date="2026-01-25", party="ACME", lines=[{"from": receipt, "amount": "41.11"}])
    assert (balances(shop).get("1400"), balances(shop)["5000"]) == (None, "41.11")
