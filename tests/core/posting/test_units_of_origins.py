"""Lines that come from a line in another unit: the same goods, whichever unit counts them; a unit that is not known is refused."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from tests.books import held, refused
from wares import Books

FEET = {"unit": "ft", "unit_factor": "12"}
INCHES = {"unit": "in"}
DOZEN = {"unit": "doz", "unit_factor": "12"}


@pytest.fixture(autouse=True)
def shop(books: Books) -> None:
    """2,400 inches of wire at 0.50, and pieces of which none is there yet."""
    books.items.add("stock", sku="WIRE", unit="in", price="1")
    books.items.add("stock", sku="PIECE", unit="pc", price="1")
    lines = [{"item": "WIRE", "quantity": 2400, "unit_cost": "0.50"}]
    books.post("bill", date="2026-01-01", number="B-0", party="ACME", lines=lines)


def credit(books: Books, quantity: object, **unit: object) -> Any:
    lines = [{"from": "I-1#1", "quantity": quantity, "restock": True, **unit}]
    return books.post("credit_note", date="2026-01-05", party="JANE", lines=lines)


def sell_a_foot_and_a_half(books: Books, type: str = "invoice") -> Any:
    line = {"item": "WIRE", "quantity": "1.5", **FEET} | ({"unit_price": "15"} if type == "invoice" else {})
    return books.post(type, date="2026-01-04", number="I-1", party="JANE", lines=[line])


def test_an_inch_of_a_foot_and_a_half_comes_back(books: Books, balances: Callable[[], dict[str, str]]) -> None:
    """22.50 for 18 inches: 1.25 for one. An inch has no exact quantity in feet; the 18th takes the rest, and all is as it was."""
    before = balances()
    sell_a_foot_and_a_half(books)
    first = credit(books, 1, **INCHES)
    assert (first.total, first.cogs, held(books, "WIRE")) == (Decimal("1.25"), Decimal("-0.50"), (2383, Decimal("1191.50")))
    totals = [credit(books, 1, unit="in", unit_factor="1").total for _ in range(4)]
    assert totals == [Decimal("1.25")] * 4
    assert credit(books, 1).total == Decimal("15.00")  # without a unit: a foot, as it was sold
    assert credit(books, 1, **INCHES).total == Decimal("1.25")
    assert balances() == before
    assert refused(lambda: credit(books, 1, **INCHES)) == [("MORE_THAN_LEFT", "lines[0].quantity")]
    books.void("CN-00001")
    assert credit(books, 1, **INCHES).total == Decimal("1.25")


def test_lines_of_one_credit_in_several_units(books: Books, balances: Callable[[], dict[str, str]]) -> None:
    before = balances()
    sell_a_foot_and_a_half(books)
    rows: list[dict[str, Any]] = [{"quantity": "0.5"}, {"quantity": 7, "unit_factor": "1"}, {"quantity": "5", **INCHES}]
    lines = [{"from": "I-1#1", "restock": True, **row} for row in rows]
    found = books.post("credit_note", date="2026-01-05", party="JANE", lines=lines)
    assert [line["amount"] for line in found.lines] == [Decimal("7.50"), Decimal("8.75"), Decimal("6.25")]
    assert balances() == before


def test_calculations_come_along_by_the_inch(books: Books, balances: Callable[[], dict[str, str]]) -> None:
    """10 % off 22.50 are 2.25, 0.125 an inch: 0.13, then the rest of what is due with each."""
    before = balances()
    books.items.add("discount", sku="TEN", attributes={"percent": "10"})
    lines = [{"item": "WIRE", "quantity": "1.5", "unit_price": "15", **FEET}, {"item": "TEN"}]
    books.post("invoice", date="2026-01-04", number="I-1", party="JANE", lines=lines)
    totals = [credit(books, 1, **INCHES).total, credit(books, 1, **INCHES).total, credit(books, 16, **INCHES).total]
    assert totals == [Decimal("1.12"), Decimal("1.13"), Decimal("18.00")]
    assert balances() == before


def receive_two_dozen(books: Books) -> None:
    line = {"item": "PIECE", "quantity": 2, "unit_cost": "24", **DOZEN}
    books.post("receipt", date="2026-01-02", number="R-1", party="ACME", lines=[line])


def bill(books: Books, quantity: object, **line: object) -> Any:
    lines = [{"from": "R-1#1", "quantity": quantity, **line}]
    return books.post("bill", date="2026-01-03", party="ACME", lines=lines)


def test_pieces_of_a_receipt_in_dozens_are_billed(books: Books, balances: Callable[[], dict[str, str]]) -> None:
    """24 pieces at 2.00 wait for a bill; two are billed at 2.10: they cost 0.20 more, and 44.00 wait."""
    receive_two_dozen(books)
    assert bill(books, 2, unit_cost="2.10", unit="pc").total == Decimal("4.20")
    assert held(books, "PIECE") == (24, Decimal("48.20"))
    assert balances()["2200"] == "-44.00"
    assert bill(books, 21, unit="pc").total == Decimal("42.00")
    books.post("close", date="2026-01-04", lines=[{"from": "R-1"}])
    assert (held(books, "PIECE"), balances().get("2200")) == ((24, Decimal("46.20")), None)


def test_dozens_of_a_receipt_in_pieces_are_billed_by_the_dozen(books: Books) -> None:
    """25.00 the dozen is no exact price of a piece; the line is 25.00 all the same."""
    lines = [{"item": "PIECE", "quantity": 24, "unit_cost": "2"}]
    books.post("receipt", date="2026-01-02", number="R-1", party="ACME", lines=lines)
    assert refused(lambda: bill(books, 1, unit="doz")) == [("UNIT_DIFFERS", "lines[0].unit")]
    found = bill(books, 1, unit_cost="25", **DOZEN)
    assert (found.total, found.lines[0]["quantity"]) == (Decimal("25.00"), 12)
    assert refused(lambda: bill(books, 2, **DOZEN)) == [("MORE_THAN_LEFT", "lines[0].quantity")]
    assert bill(books, 1, **DOZEN).total == Decimal("24.00")


@pytest.mark.parametrize(
    "unit",
    [{"unit": "doz", "unit_factor": "10"}, {"unit": "pc", "unit_factor": "2"}, {"unit": "box"}],
    ids=["another dozen", "two pieces to the piece", "no factor"],
)
def test_a_unit_that_does_not_fit_is_refused(books: Books, unit: dict[str, str]) -> None:
    receive_two_dozen(books)
    assert refused(lambda: bill(books, 1, **unit)) == [("UNIT_DIFFERS", "lines[0].unit")]


def test_a_line_without_an_item_has_one_unit(books: Books) -> None:
    line = {"description": "Work", "quantity": 2, "unit_price": "60", "unit": "h"}
    books.post("invoice", date="2026-01-04", number="I-1", party="JANE", lines=[line])
    lines = [{"from": "I-1#1", "quantity": 30, "unit": "min", "unit_factor": "0.016667"}]
    found = refused(lambda: books.post("credit_note", date="2026-01-05", party="JANE", lines=lines))
    assert found == [("UNIT_DIFFERS", "lines[0].unit")]


def test_half_boxes_go_back_to_the_supplier(books: Books, balances: Callable[[], dict[str, str]]) -> None:
    """Of two dozen, 5 pieces are billed and 7 go back unbilled; a dozen is left to bill."""
    receive_two_dozen(books)
    bill(books, 5, unit="pc")
    lines = [{"from": "R-1#1", "quantity": 7, "unit": "pc"}]
    books.post("supplier_return", date="2026-01-03", party="ACME", lines=lines)
    assert (held(books, "PIECE"), balances()["2200"]) == ((17, Decimal("34.00")), "-24.00")
    assert bill(books, 1).total == Decimal("24.00")
    assert balances().get("2200") is None


def test_inches_of_a_delivery_in_feet(books: Books, balances: Callable[[], dict[str, str]]) -> None:
    """18 inches delivered at 0.50 wait for invoices: 5 are invoiced, 6 come back, the last 7 are closed."""
    books.settings.set("cogs_at", "invoice")
    sell_a_foot_and_a_half(books, "delivery")
    waiting = {row["account"]: row["balance"] for row in books.gl.trial_balance()}
    dni = next(code for code, balance in waiting.items() if balance == Decimal("9.00"))
    lines = [{"from": "I-1#1", "quantity": 5, "unit_price": "1", **INCHES}]
    books.post("invoice", date="2026-01-05", party="JANE", lines=lines)
    back = [{"from": "I-1#1", "quantity": 6, **INCHES}]
    books.post("customer_return", date="2026-01-06", party="JANE", lines=back)
    assert balances()[dni] == "3.50"
    books.post("close", date="2026-01-07", lines=[{"from": "I-1"}])
    assert (balances().get(dni), held(books, "WIRE")) == (None, (2388, Decimal("1194.00")))


def test_kits_sold_by_the_box_come_back_one_by_one(books: Books, balances: Callable[[], dict[str, str]]) -> None:
    before = balances()
    books.items.add("kit", sku="SET", unit="set", price="2", components=[{"sku": "WIRE", "quantity": 3}])
    lines = [{"item": "SET", "quantity": 1, "unit": "box", "unit_factor": "7"}]
    books.post("invoice", date="2026-01-04", number="I-1", party="JANE", lines=lines)
    for number in range(1, 8):
        assert (credit(books, 1, unit="set").total, held(books, "WIRE")[0]) == (Decimal("2.00"), 2379 + 3 * number)
    assert balances() == before


def test_a_dozen_built_is_taken_apart_piece_by_piece(books: Books) -> None:
    books.items.add("assembly", sku="HANGER", unit="pc", components=[{"sku": "WIRE", "quantity": 2}])
    books.post("build", date="2026-01-04", number="M-1", lines=[{"item": "HANGER", "quantity": 1, "scrapped": 1, **DOZEN}])
    assert held(books, "HANGER") == (12, Decimal("24.00"))
    for _ in range(12):
        books.post("unbuild", date="2026-01-05", lines=[{"item": "HANGER", "quantity": 1, "unit": "pc"}])
    assert (held(books, "HANGER"), held(books, "WIRE")) == ((0, Decimal("0.00")), (2376, Decimal("1188.00")))


def test_amounts_in_another_currency_come_back_by_the_piece(books: Books, balances: Callable[[], dict[str, str]]) -> None:
    """A dozen at 25.00 EUR and 1.10: 27.50. Five pieces and seven bring all of it back."""
    line = {"item": "WIRE", "quantity": 1, "unit_price": "25", **DOZEN}
    before = balances()
    books.post("invoice", date="2026-01-04", number="I-1", party="JANE", currency="EUR", rate="1.1", lines=[line])
    for quantity, total in ((5, "10.42"), (7, "14.58")):
        lines = [{"from": "I-1#1", "quantity": quantity, "unit": "in", "restock": True}]
        found = books.post("credit_note", date="2026-01-05", party="JANE", currency="EUR", lines=lines)
        assert found.total == Decimal(total)
    assert balances() == before
