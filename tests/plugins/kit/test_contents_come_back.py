"""One content of a sold kit comes back alone, with its share of the price and its own cost; the kit keeps the rest."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.books import refused, sound
from wares import Books

LINES = "lines[0]"


@pytest.fixture(autouse=True)
def shop(books: Books) -> None:
    """A set at 100.00 of a pan (60.00, cost 20) and two lids (20.00 each, cost 5): the pan is 60 % of the price."""
    books.accounts.add("4010", name="Sets", type="income", roles=["income"])
    books.items.add("stock", sku="PAN", price="60")
    books.items.add("stock", sku="LID", price="20")
    parts = [{"sku": "PAN", "quantity": 1}, {"sku": "LID", "quantity": 2}]
    books.items.add("kit", sku="SET", price="100", components=parts)
    books.load([{"record": "mapping", "role": "income", "level": "item", "of": "SET", "account": "4010"}])
    lines = [{"item": "PAN", "quantity": 9, "unit_cost": "20"}, {"item": "LID", "quantity": 9, "unit_cost": "5"}]
    books.post("bill", date="2026-01-01", party="ACME", lines=lines)


def balances(books: Books) -> dict[str, Decimal]:
    return {row["account"]: row["balance"] for row in books.gl.trial_balance() if row["balance"]}


def sell(books: Books, quantity: int = 2, *more: dict[str, Any], **head: Any) -> None:
    lines = [{"item": "SET", "quantity": quantity}, *more]
    books.post("invoice", date="2026-01-04", number="I-1", party="JANE", lines=lines, **head)


def credit(books: Books, *lines: tuple[str, int], **head: Any) -> Any:
    rows = [{"from": name, "quantity": quantity, "restock": True} for name, quantity in lines]
    return books.post("credit_note", date="2026-01-05", party="JANE", lines=rows, **head)


def test_a_pan_of_two_sets_and_then_the_sets(books: Books) -> None:
    """60.00 of 200.00 for the pan, with its cost of 20; a set is whole, and the last one comes without a pan: 40.00."""
    before = balances(books)
    sell(books)
    pan = credit(books, ("I-1#1.1", 1))
    assert (pan.total, pan.cogs, pan.lines[0]["item"]) == (Decimal("60.00"), Decimal("-20.00"), "PAN")
    assert [posting["account"] for posting in pan.entries if posting["role"] == "income"] == ["4010"]
    whole = credit(books, ("I-1#1", 1))
    assert (whole.total, whole.cogs) == (Decimal("100.00"), Decimal("-30.00"))
    last = credit(books, ("I-1#1", 1))
    assert (last.total, last.cogs) == (Decimal("40.00"), Decimal("-10.00"))
    assert balances(books) == before
    assert sound(books)


def test_all_contents_alone_leave_nothing_of_the_set(books: Books) -> None:
    before = balances(books)
    sell(books)
    assert refused(lambda: credit(books, ("I-1#1.1", 3))) == [("MORE_THAN_LEFT", f"{LINES}.quantity")]
    totals = [credit(books, ("I-1#1.2", 3)).total, credit(books, ("I-1#1.1", 2)).total, credit(books, ("I-1#1.2", 1)).total]
    assert totals == [Decimal("60.00"), Decimal("120.00"), Decimal("20.00")]
    assert balances(books) == before
    assert refused(lambda: credit(books, ("I-1#1", 1))) == [("MORE_THAN_LEFT", f"{LINES}.quantity")]
    assert refused(lambda: credit(books, ("I-1", 1))) == [("NOTHING_LEFT", f"{LINES}.from")]
    books.void("CN-00002")
    assert credit(books, ("I-1#1", 2)).total == Decimal("120.00")
    assert sound(books)


@pytest.mark.parametrize("order", [("I-1#1.1", "I-1#1"), ("I-1#1", "I-1#1.1")], ids=["pan first", "set first"])
def test_a_set_and_a_pan_of_another_on_one_credit(books: Books, order: tuple[str, str]) -> None:
    before = balances(books)
    sell(books)
    found = credit(books, *((name, 1) for name in order))
    assert (found.total, found.cogs) == (Decimal("160.00"), Decimal("-50.00"))
    assert credit(books, ("I-1#1", 1)).total == Decimal("40.00")
    assert balances(books) == before


def test_a_discount_on_the_set_comes_back_with_its_contents(books: Books) -> None:
    """7 % off 100.00: 4.20 of them for the pan, 2.80 for the lids, 1.40 each."""
    before = balances(books)
    books.items.add("discount", sku="SEVEN", attributes={"percent": "7"})
    sell(books, 1, {"item": "SEVEN"})
    assert credit(books, ("I-1#1.2", 1)).total == Decimal("18.60")
    assert credit(books, ("I-1#1.1", 1)).total == Decimal("55.80")
    assert credit(books, ("I-1#1", 1)).total == Decimal("18.60")
    assert balances(books) == before
    assert sound(books)


def test_a_discount_under_a_subtotal_over_a_set_and_a_pan(books: Books) -> None:
    """10 % off 160.00: each 10.00 of the rows has 1.00 of it, whichever way it comes back."""
    before = balances(books)
    books.items.add("subtotal", sku="SUB")
    books.items.add("discount", sku="TEN", attributes={"percent": "10"})
    sell(books, 1, {"item": "PAN", "quantity": 1}, {"item": "SUB"}, {"item": "TEN"})
    assert credit(books, ("I-1#1.1", 1), ("I-1#2", 1)).total == Decimal("108.00")
    assert credit(books, ("I-1#1", 1)).total == Decimal("36.00")
    assert balances(books) == before
    assert sound(books)


def test_cents_that_do_not_divide(books: Books) -> None:
    """10.00 over three equal contents: 3.34 and twice 3.33; they sum to the price in every order."""
    before = balances(books)
    parts = [{"sku": "PAN", "quantity": 1}, {"sku": "PAN", "quantity": 1}, {"sku": "PAN", "quantity": 1}]
    books.items.add("kit", sku="THREE", price="10", components=parts)
    books.post("invoice", date="2026-01-04", number="I-1", party="JANE", lines=[{"item": "THREE", "quantity": 1}])
    totals = [credit(books, (f"I-1#1.{content}", 1)).total for content in (2, 3, 1)]
    assert (totals, balances(books)) == ([Decimal("3.33"), Decimal("3.33"), Decimal("3.34")], before)


def test_in_another_currency(books: Books) -> None:
    before = balances(books)
    sell(books, 1, currency="EUR", rate="1.1")  # 90.91 EUR, 100.00 in the company's currency
    pan = credit(books, ("I-1#1.1", 1), currency="EUR")
    assert (pan.total, pan.base_total) == (Decimal("54.55"), Decimal("60.00"))
    assert credit(books, ("I-1#1", 1), currency="EUR").total == Decimal("36.36")
    assert balances(books) == before
    assert sound(books)


def test_a_content_has_a_price_of_its_own_if_the_line_says_so(books: Books) -> None:
    sell(books, 1)
    lines = [{"from": "I-1#1.1", "quantity": 1, "unit_price": "10"}]
    assert books.post("credit_note", date="2026-01-05", party="JANE", lines=lines).total == Decimal("10.00")
    assert credit(books, ("I-1#1", 1)).total == Decimal("40.00")


def test_contents_of_a_delivery_return_with_their_set(books: Books) -> None:
    books.post("delivery", date="2026-01-04", number="D-1", party="JANE", lines=[{"item": "SET", "quantity": 1}])
    back = [{"from": "D-1#1.1", "quantity": 1}]
    found = refused(lambda: books.post("customer_return", date="2026-01-05", party="JANE", lines=back))
    assert found == [("UNKNOWN_LINE", f"{LINES}.from")]
