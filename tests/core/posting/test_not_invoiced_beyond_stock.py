"""Goods delivered before they were there, at an estimate of 1.00 each, of which some come back while they are still owed: what
comes back takes the estimate, and the goods that stay with the customer cost what the receipts that cover them cost."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from typing import Any

import pytest

from tests.books import balances
from wares import Books

NOT_INVOICED, COGS, INVENTORY, VARIANCE = "1400", "5000", "1300", "5100"
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
METHODS = ("average", "fifo", "standard")
Record = dict[str, Any]


def shop(books: Books, method: str = "average", scope: str = "company") -> None:
    books.settings.set("cogs_at", "invoice")
    books.settings.set("negative_stock", "provisional")
    books.settings.set("cost_scope", scope)
    books.locations.add("SHOP", name="Shop")
    books.items.add("stock", sku="A", name="A", price="9", cost="1", cost_method=method)


def delivery(number: str, day: int, quantity: int) -> Record:
    return sale("delivery", number, day, {"item": "A", "quantity": quantity, "from": None})


def back(number: str, day: int, of: str, quantity: int, place: str = "MAIN") -> Record:
    return sale("customer_return", number, day, {"from": f"{of}#1", "quantity": quantity}) | {"location": place}


def invoice(number: str, day: int, of: str, quantity: int) -> Record:
    return sale("invoice", number, day, {"from": f"{of}#1", "quantity": quantity})


def credit(number: str, day: int, of: str, quantity: int) -> Record:
    return sale("credit_note", number, day, {"from": f"{of}#1", "quantity": quantity})


def sale(type: str, number: str, day: int, line: Record) -> Record:
    return {"type": type, "number": number, "date": f"2026-01-{day:02d}", "party": "JANE", "lines": [line]}


def bill(number: str, day: int, quantity: int, unit_cost: str, place: str = "MAIN") -> Record:
    line = {"item": "A", "quantity": quantity, "unit_cost": unit_cost, "from": None}
    return {"type": "bill", "number": number, "date": f"2026-01-{day:02d}", "party": "ACME", "location": place, "lines": [line]}


def transfer(number: str, day: int, quantity: int, source: str, target: str) -> Record:
    lines = [{"item": "A", "quantity": quantity}]
    head = {"type": "transfer", "number": number, "date": f"2026-01-{day:02d}"}
    return {**head, "location": source, "to_location": target, "lines": lines}


def post(books: Books, records: Iterable[Record]) -> None:
    for record in records:
        books.post(record["type"], **{key: value for key, value in record.items() if key != "type"})


def found(books: Books) -> tuple[str | None, str | None, str | None]:
    """Not invoiced, cost of goods sold, stock."""
    assert books.verify()["ok"]
    held = balances(books)
    return held.get(NOT_INVOICED), held.get(COGS), held.get(INVENTORY)


SOLD, CAME_BACK, COVERED = delivery("D", 2, 10), back("R", 4, "D", 5), bill("B", 6, 10, "1.30")
FIVE_STAY: dict[str, list[Record]] = {
    "invoiced at the end": [SOLD, CAME_BACK, COVERED, invoice("I", 8, "D", 5)],
    "invoiced before the cover": [SOLD, CAME_BACK, invoice("I", 5, "D", 5), COVERED],
    "invoiced before the return": [SOLD, invoice("I", 3, "D", 5), CAME_BACK, COVERED],
    "invoiced in two parts": [SOLD, invoice("I", 3, "D", 2), CAME_BACK, COVERED, invoice("J", 8, "D", 3)],
    "all invoiced, credited before the cover": [SOLD, invoice("I", 3, "D", 10), CAME_BACK, credit("C", 5, "R", 5), COVERED],
    "all invoiced, credited after the cover": [SOLD, invoice("I", 3, "D", 10), CAME_BACK, COVERED, credit("C", 8, "R", 5)],
    "all invoiced, credited in two parts": [
        SOLD, invoice("I", 3, "D", 10), CAME_BACK, credit("C", 5, "R", 2), COVERED, credit("E", 8, "R", 3),
    ],
    "eight invoiced, three of them credited": [SOLD, invoice("I", 3, "D", 8), CAME_BACK, COVERED, credit("C", 8, "R", 3)],
    "moved to the shop and back": [
        SOLD, CAME_BACK, COVERED, transfer("T", 7, 3, "MAIN", "SHOP"), transfer("U", 8, 2, "SHOP", "MAIN"), invoice("I", 9, "D", 5),
    ],
    "come back to the shop": [SOLD, back("R", 4, "D", 5, "SHOP"), COVERED, invoice("I", 8, "D", 5)],
}  # fmt: skip


@ON_SQLITE
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("documents", FIVE_STAY.values(), ids=FIVE_STAY)
def test_the_goods_that_stay_cost_what_covers_them(books: Books, method: str, documents: list[Record]) -> None:
    """10 at 1.00, 5 come back at 5.00, then 10 are bought at 1.30: 5 × 1.30 = 6.50 is cost of sales, 6.50 is stock. At a standard
    of 1.00 both are 5.00, and 3.00 is variance."""
    shop(books, method)
    post(books, documents)
    cost = "5.00" if method == "standard" else "6.50"
    assert found(books) == (None, cost, cost)
    assert balances(books).get(VARIANCE) == ("3.00" if method == "standard" else None)


@ON_SQLITE
@pytest.mark.parametrize("documents", FIVE_STAY.values(), ids=FIVE_STAY)
def test_the_order_of_recording_does_not_matter(books: Books, documents: list[Record]) -> None:
    """The bill is recorded first, and what came back after the invoices."""
    shop(books)
    types = ("bill", "delivery", "invoice", "customer_return", "transfer", "credit_note")
    post(books, sorted(documents, key=lambda record: types.index(record["type"])))
    assert found(books) == (None, "6.50", "6.50")


@ON_SQLITE
@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_parts_of_a_delivery_in_any_order(books: Books, order: tuple[int, ...]) -> None:
    """10 at 1.00. 4 are bought at 1.30: 5.20, the sale costs 11.20. 5 come back at half of that, 5.60. 5 stay: 4 at 1.30, 1 owed at
    1.00, which is bought at 2.00: 7.20. Without the last bill the five are 6.20, and one is owed; at 3.00 they are 8.20."""
    shop(books)
    post(books, [SOLD])
    rest = [bill("B", 3, 4, "1.30"), CAME_BACK, invoice("I", 5, "D", 5), bill("E", 6, 1, "2.00")]
    post(books, [rest[each] for each in order])
    assert found(books) == (None, "7.20", None)
    books.void("E")
    assert found(books) == (None, "6.20", "-1.00")
    post(books, [bill("F", 6, 1, "3.00")])
    assert found(books) == (None, "8.20", None)


@ON_SQLITE
@pytest.mark.parametrize("method", METHODS)
def test_two_bills_cover_what_stays(books: Books, method: str) -> None:
    """5 are owed: 2 cost 1.30, 3 cost 1.50: first 2.60 + 3.00, then 2.60 + 4.50."""
    shop(books, method)
    standard = method == "standard"
    post(books, [SOLD, invoice("I", 3, "D", 5), CAME_BACK, bill("B", 6, 2, "1.30")])
    assert found(books) == (None, "5.00" if standard else "5.60", "-3.00")
    post(books, [bill("E", 7, 3, "1.50")])
    assert found(books) == (None, "5.00" if standard else "7.10", None)


def test_goods_that_come_back_after_the_cover_cost_what_covered_them(books: Books) -> None:
    """2 of the 5 that cost 6.50 come back at 2.60, then the last 3 at 3.90; with them nothing was sold."""
    shop(books)
    post(books, [SOLD, CAME_BACK, COVERED, back("S", 8, "D", 2)])
    assert found(books) == ("3.90", None, "9.10")
    post(books, [back("T", 9, "D", 3)])
    assert found(books) == (None, None, "13.00")


def test_two_deliveries(books: Books) -> None:
    """4 more, of which 2 come back; 7 at 1.30 cover 5 of the first and 2 of the second: 6.50 and 2.60."""
    shop(books)
    post(books, [SOLD, delivery("E", 3, 4), CAME_BACK, invoice("I", 5, "D", 5), back("S", 5, "E", 2)])
    post(books, [bill("B", 6, 7, "1.30"), invoice("J", 8, "E", 2)])
    assert found(books) == (None, "9.10", None)


def test_a_return_that_is_voided(books: Books) -> None:
    """10 at 1.30, of which 5 are invoiced."""
    shop(books)
    post(books, [SOLD, invoice("I", 3, "D", 5), CAME_BACK, COVERED])
    books.void("R")
    assert found(books) == ("6.50", "6.50", None)


def test_a_return_that_is_reversed(books: Books) -> None:
    """The 5 that came back at 5.00 leave again at 5.00. The last 5 in stock are worth 6.50, so that 1.50 is variance."""
    shop(books)
    post(books, [SOLD, invoice("I", 3, "D", 5), CAME_BACK, COVERED])
    books.void("R", date="2026-01-20")
    assert found(books) == ("5.00", "6.50", None)
    post(books, [invoice("J", 21, "D", 5)])
    assert found(books) == (None, "11.50", None)
    assert balances(books)[VARIANCE] == "1.50"


@ON_SQLITE
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_goods_that_come_back_to_another_place(books: Books, order: tuple[int, ...]) -> None:
    """Where each place is costed by itself: 10 at 1.30 cover the sale, 5 of them came back to the shop at 1.00 each. 13.00 − 5.00 =
    8.00 is the cost of the other five."""
    shop(books, scope="location")
    post(books, [SOLD])
    rest = [invoice("I", 3, "D", 5), back("R", 4, "D", 5, "SHOP"), COVERED]
    post(books, [rest[each] for each in order])
    assert found(books) == (None, "8.00", "5.00")
    books.void("R")
    assert found(books) == ("6.50", "6.50", None)


def test_what_came_back_elsewhere_is_credited_at_what_it_took(books: Books) -> None:
    shop(books, scope="location")
    post(books, [SOLD, invoice("I", 3, "D", 10), back("R", 4, "D", 5, "SHOP"), COVERED, credit("C", 8, "R", 5)])
    assert found(books) == (None, "8.00", "5.00")


def test_goods_that_a_transfer_brings_cover_what_stays(books: Books) -> None:
    shop(books, scope="location")
    post(books, [SOLD, invoice("I", 3, "D", 5), CAME_BACK, bill("B", 5, 10, "1.30", "SHOP")])
    assert found(books) == (None, "5.00", "8.00")
    post(books, [transfer("T", 6, 10, "SHOP", "MAIN")])
    assert found(books) == (None, "6.50", "6.50")
