"""Credits mirror what they take back: the calculations on the rows, also those under a subtotal, in parts that sum to the whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pytest

from tests.books import refused
from wares import Books

Lines = Sequence[dict[str, Any]]


@pytest.fixture(autouse=True)
def shop(books: Books) -> None:
    """S at 800.00 and T at 33.33, ten of each in stock at 10.00 and 3.00; 7 % or 60.00 off; a kit of one T."""
    for sku, price, cost in (("S", "800", "10"), ("T", "33.33", "3")):
        books.items.add("stock", sku=sku, price=price)
        lines = [{"item": sku, "quantity": 10, "unit_cost": cost}]
        books.post("bill", date="2026-01-01", party="ACME", lines=lines)
    books.items.add("kit", sku="KIT", price="50", components=[{"sku": "T", "quantity": 1}])
    books.items.add("discount", sku="P7", attributes={"percent": "7"})
    books.items.add("discount", sku="F60", attributes={"amount": "60"})
    books.items.add("charge", sku="FREIGHT", attributes={"into_cost": True})
    books.items.add("charge", sku="REBATE", attributes={"percent": "10", "into_cost": True, "reduces": True})
    books.items.add("subtotal", sku="SUB")


def codes(call: Callable[[], Any]) -> list[str]:
    return [code for code, _ in refused(call)]


def sell(books: Books, *lines: dict[str, Any]) -> Any:
    return books.post("invoice", date="2026-01-02", number="I-1", party="JANE", lines=list(lines))


def credit(books: Books, *lines: dict[str, Any]) -> Any:
    return books.post("credit_note", date="2026-01-03", party="JANE", lines=list(lines))


def back(line: str, quantity: object = None) -> dict[str, Any]:
    return {"from": f"I-1{line}", "restock": True, **({} if quantity is None else {"quantity": quantity})}


WHOLE = (back(""),)
ROWS = (back("#1", 1), back("#2", 2))


@pytest.mark.parametrize(("discount", "total"), [("P7", "805.99"), ("F60", "806.66")])
@pytest.mark.parametrize("lines", [WHOLE, ROWS, (*ROWS, back("#4")), (back("#4"), *ROWS)], ids=["whole", "rows", "named", "first"])
def test_a_discount_under_a_subtotal_comes_back_with_the_goods(
    books: Books, balances: Callable[[], dict[str, str]], discount: str, total: str, lines: Lines
) -> None:
    """800.00 and 2 × 33.33 less 7 % (60.67) are 805.99, and come back as 805.99."""
    before = balances()
    assert sell(books, {"item": "S"}, {"item": "T", "quantity": 2}, {"item": "SUB"}, {"item": discount}).total == Decimal(total)
    assert credit(books, *lines).total == Decimal(total)
    assert balances() == before


def test_parts_sum_to_the_whole_though_one_was_voided(books: Books) -> None:
    """12.34 off over S, T and a kit: seven parts in any order, one of them given again after its void."""
    invoice = sell(
        books, {"item": "T", "quantity": 3, "discount": "10"}, {"item": "P7"}, {"item": "KIT", "quantity": 3}, {"item": "S"},
        {"item": "SUB"}, {"item": "F60", "amount": "12.34"},
    )  # fmt: skip
    kept = [credit(books, back("#3", 1)), credit(books, back("#1", 2))]
    books.void(credit(books, back("#3", 1)).number)
    kept += [credit(books, back("#4")), credit(books, back("#3", 2)), credit(books, back("#1", "0.5")), credit(books, back(""))]
    assert sum(each.total for each in kept) == invoice.total
    assert (books.gl.balance("1200"), books.stock.on_hand("T"), books.stock.on_hand("S")) == (0, 10, 10)


def test_credits_never_exceed_the_invoice(books: Books) -> None:
    """200.00 less 60.00: 140.00. The discount in part by itself, or 85.00 for each half, may not make 170.00 of it."""
    sell(books, {"item": "T", "quantity": 2, "unit_price": "100"}, {"item": "SUB"}, {"item": "F60"})
    first = credit(books, back("#1", 1), back("#3", "0.5"))
    assert first.total == Decimal("70.00")
    assert credit(books, back("#1", 1)).total == Decimal("70.00")
    books.void(first.number)
    assert codes(lambda: credit(books, {**back("#1", 1), "unit_price": "85"})) == ["MORE_THAN_LEFT"]
    assert credit(books, {**back("#1", 1), "unit_price": "65"}).total == Decimal("65.00")
    assert codes(lambda: credit(books, back("#3"))) == ["MORE_THAN_LEFT"]


def test_the_same_discount_as_a_new_row_is_refused(books: Books) -> None:
    sell(books, {"item": "S"}, {"item": "SUB"}, {"item": "P7"})
    assert codes(lambda: credit(books, back("#1"), {"item": "SUB"}, {"item": "P7"})) == ["CALCULATION_TWICE"]
    assert credit(books, {**back("#1"), "unit_price": "800"}, {"item": "SUB"}, {"item": "P7"}).total == Decimal("744.00")


@pytest.mark.parametrize("parts", [("4", "6"), ("3", "3", "4"), ("10",)])
def test_a_suppliers_discount_goes_back_with_the_goods(books: Books, parts: Sequence[str]) -> None:
    """10 × 30.00 and 10 × 10.00 less 10 %: 360.00 owed, 360.00 credited."""
    lines = [{"item": "S", "quantity": 10, "unit_cost": "30"}, {"item": "T", "quantity": 10, "unit_cost": "10"}]
    before = books.gl.balance("2000")
    bill = books.post("bill", date="2026-01-04", party="ACME", lines=[*lines, {"item": "SUB"}, {"item": "REBATE"}])
    assert bill.total == Decimal("360.00")
    credits = [
        books.post("supplier_credit", date="2026-01-05", party="ACME", lines=[
            {"from": f"{bill.number}#1", "quantity": part}, {"from": f"{bill.number}#2", "quantity": part},
        ])
        for part in parts
    ]  # fmt: skip
    assert sum(each.total for each in credits) == Decimal("360.00")
    assert books.gl.balance("2000") == before


def test_a_bill_brings_the_charge_under_the_receipts_subtotal(books: Books) -> None:
    """30.00 and 10.00 and 4.00 freight into cost: 44.00 received, billed in two parts, nothing is left to clear."""
    lines: list[dict[str, Any]] = [{"item": "S", "quantity": 3, "unit_cost": "10"}, {"item": "T", "quantity": 1, "unit_cost": "10"}]
    books.post("receipt", date="2026-01-04", number="R-1", party="ACME",
               lines=[*lines, {"item": "SUB"}, {"item": "FREIGHT", "amount": "4.00"}])  # fmt: skip
    first = books.post("bill", date="2026-01-05", party="ACME", lines=[{"from": "R-1#1", "quantity": 2}])
    rest = books.post("bill", date="2026-01-06", party="ACME", lines=[{"from": "R-1"}])
    assert (first.total, rest.total) == (Decimal("22.00"), Decimal("22.00"))
    assert books.gl.balance("2200") == 0
