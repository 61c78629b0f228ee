"""Histories that once broke an invariant, as small as they can be told."""

from __future__ import annotations

from typing import Any

import pytest

from wares import Books


@pytest.fixture
def books() -> Books:
    books = Books.open("sqlite://")
    books.parties.add("ACME", kinds=["supplier"])
    books.parties.add("JANE", kinds=["customer"])
    books.items.add("stock", sku="BOLT", cost="1", price="2")
    books.items.add("stock", sku="HUB", cost="5", price="9")
    books.items.add("assembly", sku="WHEEL", price="90", components=[{"sku": "HUB", "quantity": "1"}])
    books.items.add("charge", sku="FREIGHT", attributes={"into_cost": True})
    return books


def problems(books: Books) -> list[tuple[str, str]]:
    return [(check["id"], check["first_problem"]) for check in books.verify()["checks"] if not check["ok"]]


def balance(books: Books, account: str) -> str:
    return str(books.gl.balance(account))


def receive(books: Books, number: str, item: str, quantity: str, amount: str, day: int = 1) -> None:
    lines = [{"item": item, "quantity": quantity, "amount": amount}]
    books.post("receipt", number=number, date=f"2026-01-{day:02d}", party="ACME", lines=lines)


def bill(books: Books, number: str, *lines: dict[str, Any], day: int = 25) -> None:
    books.post("bill", number=number, date=f"2026-01-{day:02d}", party="ACME", lines=list(lines))


def test_freight_that_only_the_bill_knows_clears_with_its_goods(books: Books) -> None:
    """100.00 received, billed with 10.00 of freight: 110.00 are owed, nothing waits for a bill."""
    receive(books, "R-1", "BOLT", "10", "100.00")
    bill(books, "B-1", {"from": "R-1#1", "item": "BOLT", "quantity": "10", "amount": "100.00"}, {"item": "FREIGHT", "amount": "10"})
    assert (balance(books, "2000"), balance(books, "2200"), balance(books, "1300")) == ("-110.00", "0.00", "110.00")
    assert problems(books) == []


def test_a_bill_in_between_is_voided_and_the_last_cent_still_clears(books: Books) -> None:
    """1.00 for three, billed singly as 0.33, 0.34, 0.33; whichever is voided and billed again, nothing is left."""
    for which in ("1", "2", "3"):
        receive(books, f"R-{which}", "BOLT", "3", "1.00")
        for each in ("1", "2", "3"):
            bill(books, f"B-{which}{each}", {"from": f"R-{which}#1", "item": "BOLT", "quantity": "1"})
        books.void(f"B-{which}{which}")
        assert problems(books) == []
        bill(books, f"B-{which}4", {"from": f"R-{which}#1", "item": "BOLT", "quantity": "1"})
        assert (balance(books, "2200"), problems(books)) == ("0.00", [])


def test_a_return_in_between_is_voided(books: Books) -> None:
    """The later return takes what the first n + 1 of them are worth; the voided one leaves no layer behind."""
    bill(books, "B-1", {"item": "BOLT", "quantity": "3", "amount": "1.00"}, day=1)
    books.post("invoice", number="I-1", date="2026-01-02", party="JANE", lines=[{"item": "BOLT", "quantity": "3"}])
    for day in (3, 4, 5):
        books.post("credit_note", number=f"C-{day}", date=f"2026-01-{day:02d}", party="JANE",
                   lines=[{"from": "I-1#1", "quantity": "1", "restock": True}])  # fmt: skip
    books.void("C-4")
    assert str(books.stock.on_hand("BOLT")) == "2"
    assert (str(books.stock.value("BOLT")), problems(books)) == ("0.67", [])


def test_one_bill_re_costs_a_component_and_the_assembly_bought_later(books: Books) -> None:
    """The wheel's pool waits for its own change on the 20th, and is then reached on the 5th through the build."""
    receive(books, "R-1", "HUB", "4", "20.00", day=1)
    books.post("build", date="2026-01-05", lines=[{"item": "WHEEL", "quantity": "2"}])
    books.post("invoice", date="2026-01-06", party="JANE", lines=[{"item": "WHEEL", "quantity": "1"}])
    receive(books, "R-2", "WHEEL", "1", "6.00", day=20)
    bill(books, "B-1", {"from": "R-2#1", "item": "WHEEL", "quantity": "1", "amount": "8.00"},
         {"from": "R-1#1", "item": "HUB", "quantity": "4", "amount": "28.00"})  # fmt: skip
    assert (str(books.stock.value("WHEEL")), balance(books, "5000"), problems(books)) == ("15.00", "7.00", [])


def test_a_count_that_first_agreed_and_then_did_not(books: Books) -> None:
    """An earlier sale arrives late: the count finds one more than the books, by a correction alone."""
    bill(books, "B-1", {"item": "BOLT", "quantity": "3", "amount": "3.00"}, day=1)
    books.post("count", date="2026-01-05", lines=[{"item": "BOLT", "counted": "3"}])
    books.post("invoice", date="2026-01-04", party="JANE", lines=[{"item": "BOLT", "quantity": "1"}])
    assert (str(books.stock.on_hand("BOLT")), str(books.stock.value("BOLT")), problems(books)) == ("3", "3.00", [])


def sell(books: Books, number: str, item: str, quantity: str, day: int) -> None:
    lines = [{"item": item, "quantity": quantity, "from": None}]
    books.post("invoice", number=number, date=f"2026-01-{day:02d}", party="JANE", lines=lines)


def test_a_late_sale_ahead_of_what_was_owed_is_taken_back(books: Books) -> None:
    """What covers the late sale is no correction of its own once the sale is gone."""
    books.settings.set("negative_stock", "provisional")
    sell(books, "I-1", "BOLT", "5", day=2)
    bill(books, "B-1", {"item": "BOLT", "quantity": "3", "amount": "7.00"}, day=3)
    sell(books, "I-2", "BOLT", "1", day=1)
    assert problems(books) == []
    books.void("I-2")
    assert (balance(books, "5000"), problems(books)) == ("9.00", [])


def test_two_receipts_cover_one_sale_at_once(books: Books) -> None:
    """Both came before the sale was owed anew: one correction entry, one row of it for the sale."""
    books.settings.set("negative_stock", "provisional")
    sell(books, "I-1", "BOLT", "9", day=2)
    bill(
        books,
        "B-1",
        {"item": "BOLT", "quantity": "3", "amount": "7.00"},
        {"item": "BOLT", "quantity": "3", "amount": "8.00"},
        day=3,
    )
    sell(books, "I-2", "BOLT", "2", day=1)
    assert problems(books) == []


def test_an_issue_that_might_have_been_short_is_no_new_base(books: Books) -> None:
    """Average, 0.10 over seven: a late sale in between leaves what the fold from the beginning leaves."""
    books.settings.set("negative_stock", "provisional")
    bill(books, "B-1", {"item": "BOLT", "quantity": "7", "amount": "0.10"}, day=1)
    for number, day in (("I-1", 2), ("I-2", 3), ("I-3", 5), ("I-4", 6), ("I-5", 4)):
        sell(books, number, "BOLT", "1", day=day)
    assert problems(books) == []


def test_goods_found_while_a_sale_is_owed_are_worth_its_estimate(books: Books) -> None:
    """The bill that had covered the sale is voided: what was found after it is worth 5.00 each again, not what the bill said."""
    books.settings.set("negative_stock", "provisional")
    sell(books, "I-1", "HUB", "6", day=1)
    bill(books, "B-1", {"item": "HUB", "quantity": "29", "amount": "2.24"}, day=2)
    books.post("adjustment", date="2026-01-03", lines=[{"item": "HUB", "quantity": "3"}])
    books.void("B-1")
    assert (str(books.stock.on_hand("HUB")), balance(books, "5900"), problems(books)) == ("-3", "-15.00", [])
