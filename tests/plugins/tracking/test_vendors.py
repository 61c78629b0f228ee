"""Goods that are gone and were not sold, and what vendors owe for those that went back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.books import balances, refused
from wares import Books
from wares_profit.tax_year import tax_year
from wares_tracking.details import add_details
from wares_tracking.purchases import purchases
from wares_tracking.removal import remove_stock
from wares_tracking.vendor_credits import listed_credits, use_credit

Say = Callable[..., str]
BANK, INVENTORY, UNDETAILED, PAYABLE, VARIANCE = "1010", "1300", "1350", "2000", "5100"


def detail(books: Books, purchase: str, *rows: tuple[str, int, str]) -> None:
    add_details(books, purchase, [{"item": item, "quantity": quantity, "amount": amount} for item, quantity, amount in rows])


def owed(books: Books) -> list[tuple[str, ...]]:
    return [(row["vendor"], row["document"], str(row["amount"]), str(row["open"])) for row in listed_credits(books)]


def test_stock_that_is_gone(seller: Books, buy: Say) -> None:
    """Two lots @ 2.00 and @ 3.00: three are lost, one is given away as a sample."""
    detail(seller, buy("4.00", "2026-01-05"), ("MUG", 2, "4.00"))
    detail(seller, buy("6.00", "2026-01-06"), ("MUG", 2, "6.00"))
    remove_stock(seller, "MUG", "3", date="2026-02-01")
    remove_stock(seller, "MUG", "1", reason="sample", date="2026-02-01")
    assert [str(seller.gl.balance(code)) for code in ("5900", "6000", "1300")] == ["7.00", "3.00", "0.00"]
    assert refused(lambda: remove_stock(seller, "MUG", "1")) == [("NOT_ENOUGH", "quantity")]


def test_own_use_and_goods_that_go_back(seller: Books, buy: Say) -> None:
    """Of six mugs for 12.00 the owner keeps one; two go back and bring 3.50 of the 4.00 they had cost."""
    detail(seller, buy("12.00"), ("MUG", 6, "12.00"))
    remove_stock(seller, "MUG", "1", reason="own-use", date="2026-02-01")
    remove_stock(seller, "MUG", "2", reason="vendor-return", refund="3.50", vendor="ACME", date="2026-02-02")
    remove_stock(seller, "MUG", "1", account="6200", date="2026-02-03", memo="packed by mistake")
    assert balances(seller) == {"1010": "-8.50", "1300": "4.00", "3100": "2.00", "5100": "0.50", "6200": "2.00"}
    assert {key: str(value) for key, value in tax_year(seller, 2026)[0].items()} == {
        "mode": "items", "opening": "0.00", "purchases": "8.00", "own_use": "2.00", "removed": "2.00", "closing": "4.00",
        "cogs": "0.00",
    }  # fmt: skip
    assert refused(lambda: remove_stock(seller, "MUG", "1", reason="lost")) == [("BAD_REASON", "reason")]
    assert refused(lambda: remove_stock(seller, "MUG", "1", refund="1.00")) == [("BAD_REASON", "reason")]
    assert refused(lambda: remove_stock(seller, "MUG", "one")) == [("BAD_QUANTITY", "quantity")]


def test_a_return_that_is_paid_back(seller: Books, buy: Say) -> None:
    """Two of four mugs @ 2.00 go back: the vendor pays 3.50 of their 4.00."""
    detail(seller, buy("10.00", party="ACME"), ("MUG", 4, "8.00"))
    remove_stock(seller, "MUG", "2", reason="vendor-return", refund="3.50", date="2026-02-02")
    assert balances(seller) == {BANK: "-6.50", INVENTORY: "4.00", UNDETAILED: "2.00", VARIANCE: "0.50"}
    assert owed(seller) == []


def test_a_return_left_as_credit_pays_part_of_a_later_purchase(seller: Books, buy: Say) -> None:
    """The vendor owes 4.00. Of a box for 30.00 the bank pays 27.00, the credit 3.00; the last 1.00 he pays back."""
    detail(seller, buy("8.00", party="ACME"), ("MUG", 4, "8.00"))
    remove_stock(seller, "MUG", "2", reason="vendor-return", credit="4.00", date="2026-02-02")
    assert balances(seller) == {BANK: "-8.00", INVENTORY: "4.00", PAYABLE: "4.00"}
    assert owed(seller) == [("ACME", "SC-00001", "4.00", "4.00")]
    box = buy("27.00", "2026-02-10", party="ACME")
    use_credit(seller, box, "3.00", dry_run=True)
    use_credit(seller, box, "3.00")
    assert balances(seller) == {BANK: "-35.00", INVENTORY: "4.00", UNDETAILED: "30.00", PAYABLE: "1.00"}
    assert owed(seller) == [("ACME", "SC-00001", "4.00", "1.00")]
    detail(seller, box, ("CUP", 3, "30.00"))
    assert [each.remaining for each in purchases(seller)] == [0, 0]
    head = {"direction": "in", "date": "2026-02-20", "party": "ACME", "account": BANK, "amount": "1.00"}
    seller.post("refund", **head, apply_to=[{"number": "SC-00001"}])
    assert owed(seller) == []
    assert balances(seller) == {BANK: "-34.00", INVENTORY: "34.00"}
    assert str(tax_year(seller, 2026)[0]["purchases"]) == "34.00"


def test_credits_are_used_oldest_first(seller: Books, buy: Say) -> None:
    detail(seller, buy("10.00", party="ACME"), ("MUG", 5, "10.00"))
    for day, amount in (("2026-02-02", "2.00"), ("2026-02-01", "1.00"), ("2026-03-01", "5.00")):
        remove_stock(seller, "MUG", "1", reason="vendor-return", credit=amount, date=day)
    use_credit(seller, buy("9.00", "2026-02-10", party="ACME"), "2.50")
    assert owed(seller) == [("ACME", "SC-00001", "2.00", "0.50"), ("ACME", "SC-00003", "5.00", "5.00")]


@pytest.mark.parametrize(
    ("keys", "amount", "issue"),
    [
        ({"party": "ACME"}, "4.01", ("NOT_ENOUGH", "amount")),
        ({"party": "ACME", "date": "2026-02-01"}, "1.00", ("NOT_ENOUGH", "amount")),
        ({}, "1.00", ("NO_VENDOR", "party")),
        ({"party": "ACME"}, "0", ("BAD_VALUE", "amount")),
        ({"party": "ACME"}, "much", ("BAD_VALUE", "amount")),
    ],
)
def test_credits_that_cannot_be_used(seller: Books, buy: Say, keys: dict[str, Any], amount: str, issue: tuple[str, str]) -> None:
    detail(seller, buy("8.00", party="ACME"), ("MUG", 4, "8.00"))
    remove_stock(seller, "MUG", "2", reason="vendor-return", credit="4.00", date="2026-02-02")
    later = buy("27.00", **{"date": "2026-02-10", **keys})
    before = balances(seller)
    assert refused(lambda: use_credit(seller, later, amount)) == [issue]
    assert balances(seller) == before


def test_returns_that_are_refused(seller: Books, buy: Say) -> None:
    """Nobody knows of whom it was bought; both paid and owed; more than there is."""
    detail(seller, buy("8.00"), ("MUG", 4, "8.00"))
    back: dict[str, Any] = {"reason": "vendor-return", "date": "2026-02-02"}
    assert refused(lambda: remove_stock(seller, "MUG", "1", credit="1.00", **back)) == [("NO_VENDOR", "vendor")]
    assert refused(lambda: remove_stock(seller, "MUG", "1", credit="1.00", refund="1.00", **back)) == [("BAD_REASON", "reason")]
    assert refused(lambda: remove_stock(seller, "MUG", "1", credit="1.00", vendor="X", **back)) == [("UNKNOWN_PARTY", "party")]
    assert refused(lambda: remove_stock(seller, "MUG", "5", credit="1.00", vendor="ACME", **back)) == [("NOT_ENOUGH", "quantity")]
    assert balances(seller) == {BANK: "-8.00", INVENTORY: "8.00"}
    remove_stock(seller, "MUG", "1", credit="1.00", vendor="ACME", **back)
    assert owed(seller) == [("ACME", "SC-00001", "1.00", "1.00")]


def test_credits_of_an_amount_need_no_quantity(seller: Books) -> None:
    """100.00 bought by its amount alone: 15.00 and 25.00 come back, then 60.00 are left for either."""
    line = {"account": UNDETAILED, "amount": "100.00", "description": "goods"}
    number = seller.post("cash_purchase", date="2026-01-05", party="ACME", account=BANK, lines=[line]).number

    def credit(amount: str, of: str) -> Any:
        lines = [{"from": of, "amount": amount}]
        return seller.post("supplier_credit", date="2026-01-06", party="ACME", account=BANK, goods="none", lines=lines)

    credit("15.00", f"{number}#1")
    credit("25.00", number)
    assert refused(lambda: credit("60.01", f"{number}#1")) == [("MORE_THAN_LEFT", "lines[0].amount")]
    detail(seller, f"{number}#1", ("MUG", 1, "20.00"))
    assert refused(lambda: credit("40.01", number)) == [("MORE_THAN_LEFT", "lines[0].amount")]
    credit("40.00", number)
    assert refused(lambda: credit("0.01", number)) == [("MORE_THAN_LEFT", "lines[0].amount")]
    assert balances(seller) == {BANK: "-20.00", INVENTORY: "20.00"}
