"""The worked figures of the accounting, each as the documents that a user would post."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from wares import Books

BANK, RECEIVABLE, INVENTORY, PAYABLE, NOT_BILLED = "1010", "1200", "1300", "2000", "2200"
SALES, DISCOUNTS, COGS, VARIANCE, ABSORBED, ADJUSTED = "4000", "4900", "5000", "5100", "5300", "5900"

Balances = Callable[[], dict[str, str]]
Buy = Callable[..., Any]


def test_moving_average(books: Books, buy: Buy) -> None:
    books.items.add("stock", sku="BOLT", name="Bolt", price="20")
    buy("BOLT", 10, "5")
    buy("BOLT", 10, "7", "2026-01-02")
    sale = books.post("invoice", date="2026-01-03", party="JANE", lines=[{"item": "BOLT", "quantity": 4}])
    assert (sale.cogs, books.stock.value("BOLT")) == (Decimal("24.00"), Decimal("96.00"))


def test_first_in_first_out(books: Books, buy: Buy) -> None:
    books.items.add("stock", sku="BOLT", name="Bolt", price="20", cost_method="fifo")
    buy("BOLT", 10, "5")
    buy("BOLT", 10, "7", "2026-01-02")
    sale = books.post("invoice", date="2026-01-03", party="JANE", lines=[{"item": "BOLT", "quantity": 12}])
    assert (sale.cogs, books.stock.value("BOLT")) == (Decimal("64.00"), Decimal("56.00"))


def test_kit_sells_in_one_line_and_costs_its_contents(books: Books, buy: Buy) -> None:
    for sku, cost in (("A", "6"), ("B", "3")):
        books.items.add("stock", sku=sku, name=sku, price="10")
        buy(sku, 10, cost)
    contents = [{"sku": "A", "quantity": "2"}, {"sku": "B", "quantity": "1"}]
    books.items.add("kit", sku="SET", name="Set", price="20", components=contents)
    sale = books.post("invoice", date="2026-01-03", party="JANE", lines=[{"item": "SET", "quantity": 1}])
    income = [(entry["account"], entry["credit"]) for entry in sale.entries if entry["role"] == "income"]
    assert (income, sale.cogs) == ([(SALES, Decimal("20.00"))], Decimal("15.00"))


def test_kit_contents_edited_on_the_line_leave_the_master_alone(books: Books, buy: Buy) -> None:
    for sku, cost in (("A", "6"), ("B", "3")):
        books.items.add("stock", sku=sku, name=sku, price="10")
        buy(sku, 10, cost)
    books.items.add("kit", sku="SET", name="Set", price="20", components=[{"sku": "A", "quantity": "2"}])
    edited = {"item": "SET", "quantity": 1, "components": [{"sku": "B", "quantity": "3"}]}
    assert books.post("invoice", date="2026-01-03", party="JANE", lines=[edited]).cogs == Decimal("9.00")
    assert books.post("invoice", date="2026-01-03", party="JANE", lines=[{"item": "SET", "quantity": 1}]).cogs == Decimal("12.00")


def test_build_takes_component_costs_at_build_time(books: Books, buy: Buy, balances: Balances) -> None:
    books.items.add("stock", sku="A", name="A")
    books.items.add("service", sku="HOUR", name="Hour", cost="10", unit="h")
    books.items.add("assembly", sku="M", name="M", components=[{"sku": "A", "quantity": "1"}, {"sku": "HOUR", "quantity": "0.5"}])
    buy("A", 3, "6")
    build = books.post("build", date="2026-01-02", lines=[{"item": "M", "quantity": 3}])
    assert balances() == {INVENTORY: "33.00", PAYABLE: "-18.00", ABSORBED: "-15.00"}
    buy("A", 3, "8", "2026-01-03")
    assert books.stock.value("M") == Decimal("33.00")
    books.post("unbuild", date="2026-01-04", lines=[{"item": "M", "quantity": 1, "from": build.number}])
    books.post("unbuild", date="2026-01-05", lines=[{"item": "M", "quantity": 2}])
    assert balances() == {INVENTORY: "42.00", PAYABLE: "-42.00"}


def test_bill_at_another_price_than_its_receipt(books: Books, balances: Balances) -> None:
    books.items.add("stock", sku="A", name="A")
    receipt = books.post("receipt", date="2026-01-01", party="ACME", lines=[{"item": "A", "quantity": 10, "unit_cost": "5"}])
    assert balances() == {INVENTORY: "50.00", NOT_BILLED: "-50.00"}
    books.post("bill", date="2026-01-05", party="ACME", lines=[{"from": f"{receipt.number}#1", "unit_cost": "5.50"}])
    assert balances() == {INVENTORY: "55.00", PAYABLE: "-55.00"}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([{"item": "HOUR", "quantity": 2}, {"item": "TEN"}], {RECEIVABLE: "90.00", SALES: "-100.00", DISCOUNTS: "10.00"}),
        ([{"item": "HOUR", "quantity": 2, "discount": "10"}], {RECEIVABLE: "90.00", SALES: "-90.00"}),
        (
            [{"item": "HOUR", "quantity": 2}, {"item": "TEN"}, {"item": "FIVE"}],
            {RECEIVABLE: "94.50", SALES: "-104.50", DISCOUNTS: "10.00"},
        ),
        (
            [{"item": "HOUR", "quantity": 2}, {"item": "SUB"}, {"item": "TEN"}, {"item": "HOUR"}, {"item": "SUB"}, {"item": "TEN"}],
            {RECEIVABLE: "135.00", SALES: "-150.00", DISCOUNTS: "15.00"},
        ),
    ],
    ids=["discount item", "discount column", "running net", "second subtotal starts after the first group's calculations"],
)  # fmt: skip
def test_calculations(books: Books, balances: Balances, lines: list[dict[str, Any]], expected: dict[str, str]) -> None:
    books.items.add("service", sku="HOUR", name="Hour", price="50", unit="h")
    books.items.add("discount", sku="TEN", name="Ten off", attributes={"percent": "10"})
    books.items.add("markup", sku="FIVE", name="Five on", attributes={"percent": "5"})
    books.items.add("subtotal", sku="SUB", name="Subtotal")
    books.post("invoice", date="2026-01-05", party="JANE", lines=lines)
    assert balances() == expected


def test_calculations_on_the_original_base(books: Books) -> None:
    books.settings.set("calculation_base", "original")
    books.items.add("service", sku="HOUR", name="Hour", price="50", unit="h")
    books.items.add("discount", sku="TEN", name="Ten off", attributes={"percent": "10"})
    books.items.add("markup", sku="FIVE", name="Five on", attributes={"percent": "5"})
    lines = [{"item": "HOUR", "quantity": 2}, {"item": "TEN"}, {"item": "FIVE"}]
    assert books.post("invoice", date="2026-01-05", party="JANE", lines=lines).total == Decimal("95.00")


def test_a_hundred_over_three_leaves_as_three_amounts_that_sum_to_it(books: Books) -> None:
    books.items.add("stock", sku="A", name="A", price="50")
    books.post("bill", date="2026-01-01", party="ACME", lines=[{"item": "A", "quantity": 3, "amount": "100.00"}])
    sales = [books.post("invoice", date="2026-01-02", party="JANE", lines=[{"item": "A", "quantity": 1}]).cogs for _ in range(3)]
    assert sum(sales) == Decimal("100.00")
    assert books.stock.value("A") == 0


def test_value_is_never_more_than_half_a_cent_from_exact(books: Books) -> None:
    """10,000 pieces worth 80.00 sold singly: after 6,000 there are 32.00 left."""
    books.items.add("stock", sku="A", name="A", price="1")
    books.post("bill", date="2026-01-01", party="ACME", lines=[{"item": "A", "quantity": 10_000, "amount": "80.00"}])
    one = {"type": "cash_sale", "date": "2026-01-02", "lines": [{"item": "A", "quantity": 1} for _ in range(500)]}
    books.post_many([one] * 12)
    assert books.stock.value("A") == Decimal("32.00")


def test_a_line_is_rounded_once_half_away_from_zero(books: Books) -> None:
    books.items.add("service", sku="S", name="S", unit="h")
    sale = books.post("invoice", date="2026-01-02", party="JANE", lines=[{"item": "S", "quantity": 3, "unit_price": "1.335"}])
    assert sale.total == Decimal("4.01")


def test_customer_returns_take_their_share_of_the_lines_cost(books: Books) -> None:
    """6 of 15 that cost 200.00 = 80.00; the last takes the rest."""
    books.items.add("stock", sku="A", name="A", price="20")
    books.post("bill", date="2026-01-01", party="ACME", lines=[{"item": "A", "quantity": 15, "amount": "200.00"}])
    sale = books.post("invoice", date="2026-01-02", party="JANE", lines=[{"item": "A", "quantity": 15}])
    back = []
    for quantity in (6, 8, 1):
        lines = [{"from": f"{sale.number}#1", "quantity": quantity, "restock": True}]
        back.append(-books.post("credit_note", date="2026-01-03", party="JANE", lines=lines).cogs)
    assert back == [Decimal("80.00"), Decimal("106.67"), Decimal("13.33")]


def test_supplier_credit_takes_goods_out_at_their_receipts_cost(books: Books, buy: Buy, balances: Balances) -> None:
    books.items.add("stock", sku="A", name="A")
    first = buy("A", 10, "10")
    buy("A", 10, "20", "2026-01-02")
    lines = [{"from": f"{first.number}#1", "quantity": 2, "unit_cost": "9"}]
    books.post("supplier_credit", date="2026-01-03", party="ACME", reference="CN-9", lines=lines)
    assert balances() == {INVENTORY: "280.00", PAYABLE: "-282.00", VARIANCE: "2.00"}


def test_supplier_rebate_recosts_what_was_bought(books: Books, buy: Buy, balances: Balances) -> None:
    """4 of 10 sold, 2 taken as samples, cost +2 each: COGS +8, samples +4, stock +8 (here as a rebate, the other way)."""
    books.items.add("stock", sku="A", name="A", price="30")
    bill = buy("A", 10, "12")
    books.post("invoice", date="2026-01-02", party="JANE", lines=[{"item": "A", "quantity": 4}])
    books.post("adjustment", date="2026-01-03", lines=[{"item": "A", "quantity": "-2", "account": "6000"}])
    before = balances()
    lines = [{"from": f"{bill.number}#1", "quantity": 10, "unit_cost": "2"}]
    books.post("supplier_credit", date="2026-01-04", party="ACME", goods="none", lines=lines)
    after = balances()
    moved = {account: Decimal(after[account]) - Decimal(before[account]) for account in (COGS, "6000", INVENTORY, PAYABLE)}
    assert moved == {COGS: -8, "6000": -4, INVENTORY: -8, PAYABLE: 20}


def test_late_bill_after_the_period_closed(books: Books) -> None:
    """10 @ 10 in February, 6 sold, February closed, billed @ 12 in March."""
    books.items.add("stock", sku="A", name="A", price="30")
    receipt = books.post("receipt", date="2026-02-01", party="ACME", lines=[{"item": "A", "quantity": 10, "unit_cost": "10"}])
    books.post("invoice", date="2026-02-10", party="JANE", lines=[{"item": "A", "quantity": 6}])
    books.gl.close("2026-02-28")
    books.post("bill", date="2026-03-05", party="ACME", lines=[{"from": receipt.number, "unit_cost": "12"}])
    assert books.gl.balance(INVENTORY, at="2026-02-28") == books.stock.value("A", at="2026-02-28") == Decimal("40.00")
    assert books.gl.balance(INVENTORY, at="2026-03-01") == books.stock.value("A", at="2026-03-01") == Decimal("48.00")
    assert books.gl.balance(COGS) == Decimal("72.00")
    assert books.gl.balance(NOT_BILLED) == 0


def test_backdated_receipt_recosts_what_was_sold_after_it(books: Books, buy: Buy) -> None:
    books.items.add("stock", sku="A", name="A", price="30")
    buy("A", 10, "10", "2026-01-01")
    sale = books.post("invoice", date="2026-01-20", party="JANE", lines=[{"item": "A", "quantity": 5}])
    late = buy("A", 10, "20", "2026-01-10")
    shares = [entry for entry in books.docs.entries(sale.number) if entry["caused_by"] == late.number]
    assert books.gl.balance(COGS) == Decimal("75.00")
    assert [(entry["account"], entry["debit"], entry["credit"]) for entry in shares] == [
        (INVENTORY, Decimal("0.00"), Decimal("25.00")),
        (COGS, Decimal("25.00"), Decimal("0.00")),
    ]


def test_an_earlier_count_is_derived_anew(books: Books, buy: Buy, balances: Balances) -> None:
    books.items.add("stock", sku="A", name="A")
    buy("A", 10, "1", "2026-01-01")
    books.post("count", date="2026-01-31", lines=[{"item": "A", "counted": "8"}])
    assert balances()[ADJUSTED] == "2.00"
    buy("A", 5, "1", "2026-01-15")
    assert balances()[ADJUSTED] == "7.00"
    assert books.stock.on_hand("A") == 8


def test_void_in_place_leaves_nothing(books: Books, buy: Buy, balances: Balances) -> None:
    books.items.add("stock", sku="A", name="A", price="30")
    first = buy("A", 10, "10", "2026-01-01")
    second = buy("A", 10, "20", "2026-01-02")
    sale = books.post("invoice", date="2026-01-05", party="JANE", lines=[{"item": "A", "quantity": 10}])
    books.void(first.number)
    assert balances()[COGS] == "200.00"
    books.void(sale.number)
    books.void(second.number)
    assert balances() == {}
    assert books.stock.on_hand("A") == 0
