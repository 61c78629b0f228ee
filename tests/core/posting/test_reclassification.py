"""The value of an item's stock goes to another inventory account; what is late afterwards finds it there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from tests.books import refused
from wares import Books

INVENTORY, PARTS, PAYABLE, NOT_BILLED, COGS = "1300", "1310", "2000", "2200", "5000"

Balances = Callable[[], dict[str, str]]


@pytest.fixture(autouse=True)
def goods(books: Books) -> str:
    """Ten received at 10 in January, four sold; the receipt's number."""
    books.accounts.add("1310", name="Parts", type="asset", roles=["inventory"])
    books.items.add("stock", sku="A", name="A", price="50")
    lines = [{"item": "A", "quantity": 10, "unit_cost": "10"}]
    receipt = books.post("receipt", date="2026-01-01", party="ACME", lines=lines).number
    books.post("delivery", date="2026-01-10", party="JANE", number="D-1", lines=[{"item": "A", "quantity": 4}])
    return receipt


def reclassify(books: Books, account: str | None = PARTS, date: str = "2026-02-01", **line: Any) -> Any:
    keys = {"account": account} if account else {}
    return books.post("reclassification", date=date, lines=[{"item": "A", **keys, **line}])


def test_the_value_goes_to_the_new_account(books: Books, balances: Balances) -> None:
    done = reclassify(books)
    assert sorted((row["account"], str(row["debit"] - row["credit"])) for row in done.entries) == [
        (INVENTORY, "-60.00"), (PARTS, "60.00"),
    ]  # fmt: skip
    assert balances() == {PARTS: "60.00", NOT_BILLED: "-100.00", COGS: "40.00"}
    books.post("delivery", date="2026-02-02", party="JANE", lines=[{"item": "A", "quantity": 1, "from": None}])
    assert balances()[PARTS] == "50.00"
    assert [row["account"] for row in books.stock.list(at="2026-01-31")] == [INVENTORY]
    assert [row["account"] for row in books.stock.list(at="2026-02-01")] == [PARTS]


def test_without_an_account_it_goes_where_the_rules_say(books: Books, balances: Balances) -> None:
    assert refused(lambda: reclassify(books, None))[0] == ("SAME_ACCOUNT", "lines[0].account")
    books.mappings.add("inventory", PARTS, level="item", of="A")
    reclassify(books, None)
    assert balances()[PARTS] == "60.00"


def test_what_corrects_earlier_days_stands_on_the_day_of_the_new_account(books: Books, balances: Balances, goods: str) -> None:
    """Billed at 12 in March: +8 of what was sold, +12 of stock, all on 1 February instead of 1 and 10 January."""
    reclassify(books)
    bill = books.post("bill", date="2026-03-01", party="ACME", lines=[{"from": goods, "unit_cost": "12"}])
    assert balances() == {PARTS: "72.00", PAYABLE: "-120.00", COGS: "48.00"}
    assert {row["date"] for row in books.docs.entries("D-1") if row["caused_by"] == bill.number} == {"2026-02-01"}
    held = {row["account"]: str(row["balance"]) for row in books.gl.trial_balance(at="2026-01-31") if row["balance"]}
    assert held == {INVENTORY: "60.00", NOT_BILLED: "-100.00", COGS: "40.00"}


def test_nothing_is_recorded_or_voided_before_it(books: Books, balances: Balances) -> None:
    reclassify(books)
    late = {"date": "2026-01-20", "party": "JANE", "lines": [{"item": "A", "quantity": 1, "from": None}]}
    assert refused(lambda: books.post("delivery", **late))[0] == ("BEFORE_RECLASSIFICATION", "date")
    assert refused(lambda: books.void("D-1"))[0] == ("BEFORE_RECLASSIFICATION", "")
    assert refused(lambda: books.post("delivery", revises="D-1", **late))[0] == ("BEFORE_RECLASSIFICATION", "")
    books.void("D-1", date="2026-02-10")
    assert balances() == {PARTS: "100.00", NOT_BILLED: "-100.00"}


def test_it_comes_after_what_moved(books: Books) -> None:
    assert refused(lambda: reclassify(books, date="2026-01-05"))[0] == ("LATER_MOVES", "date")
    reclassify(books, date="2026-01-10")


def test_it_is_put_right_by_another(books: Books, balances: Balances) -> None:
    done = reclassify(books)
    assert refused(lambda: books.void(done.number))[0] == ("NOT_VOIDABLE", "")
    assert refused(lambda: books.void(done.number, date="2026-02-03"))[0] == ("NOT_VOIDABLE", "")
    reclassify(books, INVENTORY, date="2026-02-03")
    assert balances() == {INVENTORY: "60.00", NOT_BILLED: "-100.00", COGS: "40.00"}


def test_an_empty_pool_changes_its_account_without_an_entry(books: Books, balances: Balances) -> None:
    books.post("adjustment", date="2026-01-20", lines=[{"item": "A", "quantity": -6}])
    assert reclassify(books).entries == []
    books.post("adjustment", date="2026-02-02", lines=[{"item": "A", "quantity": 1, "unit_cost": "7"}])
    assert balances()[PARTS] == "7.00"


@pytest.mark.parametrize(("account", "code"), [("6000", "NOT_INVENTORY"), (INVENTORY, "SAME_ACCOUNT"), ("9999", "UNKNOWN_ACCOUNT")])
def test_accounts_that_will_not_do(books: Books, account: str, code: str) -> None:
    assert refused(lambda: reclassify(books, account))[0] == (code, "lines[0].account")


def test_builds_balance_where_only_a_component_went(books: Books, balances: Balances, goods: str) -> None:
    """A late bill changes component and assembly, which stand on different accounts since different days."""
    books.items.add("assembly", sku="W", name="W", components=[{"sku": "A", "quantity": "2"}])
    books.post("build", date="2026-01-20", lines=[{"item": "W", "quantity": 2}])
    reclassify(books)
    books.post("bill", date="2026-03-01", party="ACME", lines=[{"from": goods, "unit_cost": "12"}])
    assert balances() == {INVENTORY: "48.00", PARTS: "24.00", PAYABLE: "-120.00", COGS: "48.00"}


def test_what_is_reversed_stands_where_the_goods_stand_on_that_day(books: Books, balances: Balances) -> None:
    """Before they came to their account nothing is posted there; from that day on a sale and a revaluation are taken back there."""
    books.post("revaluation", number="V-1", date="2026-01-11", lines=[{"item": "A", "amount": "6.00"}])
    books.post("delivery", date="2026-01-12", party="JANE", number="D-2", lines=[{"item": "A", "quantity": 3, "from": None}])
    reclassify(books)
    for number in ("V-1", "D-2"):
        assert refused(partial(books.void, number, date="2026-01-20")) == [("BEFORE_RECLASSIFICATION", "date")]
        books.void(number, date="2026-02-10")
    assert balances() == {PARTS: "60.00", NOT_BILLED: "-100.00", COGS: "40.00"}
    assert [str(books.gl.balance(account, at="2026-01-31")) for account in (INVENTORY, PARTS)] == ["33.00", "0"]
