"""Details of a purchase, and the goods of a sale: entries to the cent, dates, what is refused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.books import balances, held, refused
from wares import Books
from wares_tracking.balances import inventory_balances
from wares_tracking.purchases import purchases

Say = Callable[..., str]


def test_details_in_parts(seller: Books, buy: Say) -> None:
    """100.00 of goods: 33.34 of mugs today, postage and cups tomorrow, 41.66 still to be detailed."""
    purchase = buy("100.00")
    first = seller.post("purchase_details", lines=[{"from": purchase, "item": "MUG", "quantity": "5", "amount": "33.34"}])
    assert first.date == "2026-01-05"
    seller.post("purchase_details", date="2026-01-07", lines=[
        {"from": purchase, "item": "CUP", "quantity": "2", "unit_cost": "10.50"},
        {"from": purchase, "account": "6200", "amount": "4.00", "description": "postage"},
    ])  # fmt: skip
    assert balances(seller) == {"1010": "-100.00", "1300": "54.34", "1350": "41.66", "6200": "4.00"}
    assert held(seller, "MUG") == (Decimal(5), Decimal("33.34"))
    assert refused(lambda: _detail(seller, purchase, "41.67")) == [("MORE_THAN_LEFT", "lines[0].amount")]
    _detail(seller, purchase, "41.66")
    assert refused(lambda: _detail(seller, purchase, "0.01")) == [("MORE_THAN_LEFT", "lines[0].amount")]


def _detail(seller: Books, purchase: str, amount: str, **keys: Any) -> Any:
    return seller.post("purchase_details", lines=[{"from": purchase, "item": "POT", "quantity": 1, "amount": amount}], **keys)


def test_two_lines_share_what_is_left(seller: Books, buy: Say) -> None:
    purchase = buy("10.00")
    lines = [{"from": purchase, "item": sku, "quantity": 1, "amount": "6.00"} for sku in ("MUG", "CUP")]
    assert refused(lambda: seller.post("purchase_details", lines=lines)) == [("MORE_THAN_LEFT", "lines[1].amount")]


def test_a_purchase_of_a_closed_month_is_detailed_on_the_first_open_day(seller: Books, buy: Say) -> None:
    purchase = buy("10.00", "2026-01-05")
    seller.gl.close("2026-01-31")
    assert _detail(seller, purchase, "10.00").date == "2026-02-01"
    assert balances(seller, at="2026-01-31") == {"1010": "-10.00", "1350": "10.00"}


def test_bills_are_detailed_too_and_keep_their_party(seller: Books) -> None:
    lines = [{"account": "1350", "amount": "30.00", "description": "goods"}, {"account": "6200", "amount": "5.00"}]
    bill = seller.post("bill", date="2026-01-05", party="ACME", lines=lines)
    _detail(seller, f"{bill.number}#1", "30.00")
    assert balances(seller) == {"1300": "30.00", "2000": "-35.00", "6200": "5.00"}
    assert refused(lambda: seller.void(bill.number)) == [("HAS_FOLLOWERS", "")]


@pytest.mark.parametrize(
    ("line", "issue"),
    [
        ({"item": "MUG", "quantity": 1, "amount": "1"}, ("NO_PURCHASE", "lines[0].from")),
        ({"from": "B-9#2", "item": "MUG", "quantity": 1, "amount": "1"}, ("NOT_UNDETAILED", "lines[0].from")),
        ({"from": "B-9#3", "item": "MUG", "quantity": 1, "amount": "1"}, ("OTHER_ITEM", "lines[0].item")),
        ({"from": "B-9#1", "quantity": 1, "amount": "1"}, ("NO_ITEM", "lines[0].item")),
        ({"from": "B-9#1", "item": "MUG", "quantity": 1}, ("NO_COST", "lines[0].amount")),
        ({"from": "B-9#1", "item": "NOBODY", "quantity": 1, "amount": "1"}, ("UNKNOWN_ITEM", "lines[0].item")),
        ({"from": "B-9#1", "item": "MUG", "quantity": "-1", "amount": "1"}, ("BAD_QUANTITY", "lines[0].quantity")),
        ({"from": "B-9#9", "item": "MUG", "amount": "1"}, ("UNKNOWN_LINE", "lines[0].from")),
    ],
)
def test_details_refused(seller: Books, line: dict[str, Any], issue: tuple[str, str]) -> None:
    lines = [
        {"account": "1350", "amount": "30.00"},
        {"account": "6200", "amount": "5.00"},
        {"item": "CUP", "quantity": 1, "unit_cost": "2"},
    ]
    seller.post("bill", number="B-9", date="2026-01-05", party="ACME", lines=lines)
    assert issue in refused(lambda: seller.post("purchase_details", lines=[line]))


def test_a_match_takes_its_lot(seller: Books, buy: Say, sell: Say) -> None:
    """Two lots of the same mug, 10.00 and 12.00 each; the sale takes the lot it names, on the day of the sale."""
    cheap, dear = _lot(seller, buy("20.00"), "20.00"), _lot(seller, buy("24.00", "2026-01-09"), "24.00")
    line = sell("MUG", 1, "30.00")
    match = seller.post("match", lines=[{"from": line, "lot": dear}])
    assert (match.date, match.cogs) == ("2026-02-01", Decimal("12.00"))
    assert refused(lambda: seller.post("match", lines=[{"from": line, "lot": cheap}])) == [("MORE_THAN_LEFT", "lines[0].quantity")]
    seller.void(match.number)
    assert held(seller, "MUG") == (Decimal(4), Decimal("44.00"))
    assert seller.post("match", lines=[{"from": line, "lot": cheap}]).cogs == Decimal("10.00")


def _lot(seller: Books, purchase: str, amount: str, sku: str = "MUG", quantity: int = 2) -> str:
    lines = [{"from": purchase, "item": sku, "quantity": quantity, "amount": amount}]
    return f"{seller.post('purchase_details', lines=lines).number}#1"


@pytest.mark.parametrize(
    ("bought", "closed", "dated"),
    [("2026-01-05", None, "2026-02-01"), ("2026-02-20", None, "2026-02-20"), ("2026-01-05", "2026-02-28", "2026-03-01")],
    ids=["the sale", "the purchase, if later", "the first open day"],
)
def test_the_day_of_the_cost(seller: Books, buy: Say, sell: Say, bought: str, closed: str | None, dated: str) -> None:
    lot, line = _lot(seller, buy("20.00", bought), "20.00"), sell("MUG", 1, "30.00")
    if closed:
        seller.gl.close(closed)
    assert seller.post("match", lines=[{"from": line, "lot": lot}]).date == dated


def test_a_sale_that_does_not_know_its_item(seller: Books, buy: Say, sell: Say) -> None:
    lot, line = _lot(seller, buy("20.00"), "20.00"), sell("mug, blue", 2, "30.00")
    assert refused(lambda: seller.post("match", lines=[{"from": line, "lot": lot}])) == [("NO_ITEM", "lines[0].item")]
    seller.post("match", lines=[{"from": line, "item": "MUG", "quantity": 1, "lot": lot}])
    assert refused(lambda: seller.post("match", lines=[{"from": line, "item": "CUP", "lot": lot}])) == [
        ("OTHER_ITEM", "lines[0].item")
    ]
    seller.parties.add("ETSY", kinds=["customer"])
    back = [{"from": line, "item": "MUG", "quantity": 1, "amount": "15.00", "restock": True}]
    seller.post("credit_note", date="2026-02-09", party="ETSY", account="1100", lines=back)
    assert balances(seller) == {"1010": "-20.00", "1100": "15.00", "1300": "20.00", "4000": "-15.00"}


def test_goods_that_came_back_keep_their_match(seller: Books, buy: Say, sell: Say) -> None:
    lot, line = _lot(seller, buy("20.00"), "20.00"), sell("MUG", 1, "30.00")
    match = seller.post("match", lines=[{"from": line, "lot": lot}])
    seller.parties.add("ETSY", kinds=["customer"])
    back = [{"from": line, "quantity": 1, "amount": "30.00", "restock": True}]
    credit = seller.post("credit_note", date="2026-02-09", party="ETSY", account="1100", lines=back)
    assert refused(lambda: seller.void(match.number)) == [("HAS_FOLLOWERS", "")]
    seller.void(credit.number)
    seller.void(match.number)
    assert held(seller, "MUG") == (Decimal(2), Decimal("20.00"))


@pytest.mark.parametrize(
    ("line", "issue"),
    [
        ({"item": "MUG", "lot": "PD-00001#1"}, ("NO_SALE", "lines[0].from")),
        ({"from": "CS-00001#1"}, ("LOT_MISSING", "lines[0].lot")),
        ({"from": "CS-00001#1", "lot": "nowhere"}, ("INSUFFICIENT_STOCK", "lines[0]")),
        ({"from": "CS-00001#1", "lot": "PD-00001#1", "quantity": 2}, ("MORE_THAN_LEFT", "lines[0].quantity")),
        ({"from": "NOW#1", "lot": "PD-00001#1"}, ("NOTHING_WAITS", "lines[0].from")),
    ],
)
def test_matches_refused(seller: Books, buy: Say, sell: Say, line: dict[str, Any], issue: tuple[str, str]) -> None:
    lot = _lot(seller, buy("20.00"), "20.00")
    sell("MUG", 1, "30.00")
    now = [{"item": "MUG", "quantity": 1, "amount": "9.00", "lot": lot}]
    seller.post("cash_sale", number="NOW", date="2026-02-02", account="1100", lines=now)
    found = refused(lambda: seller.post("match", lines=[line]))
    assert issue in found


def test_a_supplier_credit_lowers_what_is_left(seller: Books) -> None:
    """Of 100.00 the supplier credits 15.00 and 60.00 are detailed: 25.00 are left, for either."""
    line = {"account": "1350", "amount": "100.00", "description": "goods", "quantity": 4}
    purchase = f"{seller.post('bill', date='2026-01-05', party='ACME', lines=[line]).number}#1"

    def credit(amount: str) -> Any:
        lines = [{"from": purchase, "quantity": 1, "amount": amount}]
        return seller.post("supplier_credit", date="2026-01-06", party="ACME", goods="none", lines=lines)

    credit("15.00")
    _detail(seller, purchase, "60.00")
    assert balances(seller) == {"1300": "60.00", "1350": "25.00", "2000": "-85.00"}
    assert [(each.amount, each.remaining) for each in purchases(seller)] == [(10000, 2500)]
    assert refused(lambda: credit("25.01")) == [("MORE_THAN_LEFT", "lines[0].amount")]
    assert refused(lambda: _detail(seller, purchase, "25.01")) == [("MORE_THAN_LEFT", "lines[0].amount")]
    credit("25.00")
    assert inventory_balances(seller)["balance"] == Decimal("60.00")
    assert [(row["kind"], str(row["amount"]), str(row["remaining"])) for row in inventory_balances(seller)["rows"]] == [
        ("purchase", "100.00", "0.00"), ("credit", "-15.00", "None"), ("credit", "-25.00", "None"),
    ]  # fmt: skip


def test_details_are_edited_later(seller: Books, buy: Say, sell: Say) -> None:
    """Ten for 40.00, four of them sold at 16.00: it was eight for 48.00, the four had cost 24.00. Three it cannot have been."""
    purchase = buy("100.00")
    lot, line = _lot(seller, purchase, "40.00", quantity=10), sell("MUG", 4, "60.00")
    seller.post("match", lines=[{"from": line, "lot": lot}])
    number = lot.partition("#")[0]

    def edit(quantity: int, amount: str) -> Any:
        lines = [{"from": purchase, "item": "MUG", "quantity": quantity, "amount": amount}]
        return seller.post("purchase_details", revises=number, lines=lines)

    edit(8, "48.00")
    assert balances(seller) == {
        "1010": "-100.00",
        "1100": "60.00",
        "1300": "24.00",
        "1350": "52.00",
        "4000": "-60.00",
        "5000": "24.00",
    }
    assert refused(lambda: edit(3, "48.00"))[0][0] == "LATER_SHORT"
    assert refused(lambda: edit(8, "100.01"))[0][0] == "MORE_THAN_LEFT"
    assert refused(lambda: seller.void(number))[0][0] == "LATER_SHORT"


@pytest.mark.parametrize("day", [None, "2026-03-10"])
def test_details_that_are_voided_are_left_to_detail_again(seller: Books, buy: Say, day: str | None) -> None:
    """In their place or on a later day: the purchase has its amount back, on that day."""
    purchase = buy("100.00")
    _detail(seller, purchase, "60.00")
    seller.post("supplier_credit", date="2026-01-06", party="ACME", account="1010", goods="none",
                lines=[{"from": purchase, "amount": "10.00"}])  # fmt: skip
    assert [each.remaining for each in purchases(seller)] == [3000]
    seller.void("PD-00001", date=day)
    seller.void("SC-00001", date=day)
    assert [each.remaining for each in purchases(seller)] == [10000]
    assert [each.remaining for each in purchases(seller, until=2026_02_28)] == [3000 if day else 10000]
    _detail(seller, purchase, "100.00", date="2026-03-11")
    assert [each.remaining for each in purchases(seller)] == [0]
