"""Accounts are read from the document that is taken back or cleared: a mapping rule changed in between does not matter."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from wares import Books

Balances = Callable[[], dict[str, str]]
NEW = (
    ("1410", "asset", "delivered_not_invoiced"),
    ("2210", "liability", "received_not_billed"),
    ("5010", "expense", "cogs"),
    ("4010", "income", "income"),
    ("4910", "income", "discount"),
    ("1210", "asset", "receivable"),
    ("2010", "liability", "payable"),
    ("5810", "expense", "build_absorption"),
    ("6910", "expense", "expense"),
)


@pytest.fixture
def shop(books: Books) -> Books:
    for code, type, role in NEW:
        books.accounts.add(code, name=f"Other {role}", type=type, roles=[role])
    books.items.add("stock", sku="A", price="30")
    books.items.add("service", sku="HOUR", price="50", cost="20")
    books.items.add("kit", sku="KIT", price="45", components=[{"sku": "A", "quantity": 1}])
    books.items.add("discount", sku="TENOFF", attributes={"percent": "10"})
    books.items.add("subtotal", sku="SUB")
    parts = [{"sku": "A", "quantity": 1}, {"sku": "HOUR", "quantity": 1}]
    books.items.add("assembly", sku="SET", price="99", components=parts)
    books.post("bill", date="2026-01-01", party="ACME", lines=[{"item": "A", "quantity": 20, "unit_cost": "10"}])
    return books


def change_rules(books: Books) -> None:
    """From now on every role has another account."""
    for code, _, role in NEW:
        books.mappings.add(role, code, level="company")


def test_a_credit_leaves_every_account_as_it_was(shop: Books, balances: Balances) -> None:
    before = balances()
    lines = [{"item": "A", "quantity": 3}, {"item": "KIT", "quantity": 2}, {"item": "HOUR"}, {"item": "SUB"}, {"item": "TENOFF"}]
    shop.post("invoice", date="2026-01-02", number="I-1", party="JANE", lines=lines)
    change_rules(shop)
    shop.post("credit_note", date="2026-01-03", party="JANE", lines=[{"from": "I-1", "restock": True}])
    assert balances() == before


def test_a_supplier_credit_leaves_every_account_as_it_was(shop: Books, balances: Balances) -> None:
    before = balances()
    lines = [{"item": "A", "quantity": 3, "unit_cost": "10"}, {"item": "HOUR", "quantity": 2, "unit_cost": "20"}]
    shop.post("bill", date="2026-01-02", number="B-1", party="ACME", lines=lines)
    change_rules(shop)
    shop.post("supplier_credit", date="2026-01-03", party="ACME", lines=[{"from": "B-1"}])
    assert balances() == before


def test_a_payment_settles_the_account_of_what_it_pays(shop: Books, balances: Balances) -> None:
    shop.post("invoice", date="2026-01-02", number="I-1", party="JANE", lines=[{"item": "HOUR"}])
    change_rules(shop)
    shop.post("invoice", date="2026-01-02", number="I-2", party="JANE", lines=[{"item": "HOUR"}])
    targets = [{"number": "I-1"}, {"number": "I-2", "amount": "20.00"}]
    shop.post("payment", date="2026-01-03", direction="in", party="JANE", account="1010", amount="75", apply_to=targets)
    found = balances()
    assert ("1200" in found, found["1210"], found["1010"]) == (False, "25.00", "75.00")


@pytest.mark.parametrize("cogs_at", ["delivery", "invoice"])
def test_an_invoice_clears_its_delivery(shop: Books, balances: Balances, cogs_at: str) -> None:
    """4 at 10.00 delivered, 2 invoiced, one of these returned and credited: 10.00 of cost, and 20.00 of it are not invoiced."""
    shop.settings.set("cogs_at", cogs_at)
    before = balances()
    shop.post("delivery", date="2026-01-03", number="D-1", party="JANE", lines=[{"item": "A", "quantity": 4}])
    shop.post("invoice", date="2026-01-04", number="I-1", party="JANE", lines=[{"from": "D-1#1", "quantity": 2}])
    change_rules(shop)
    shop.post("invoice", date="2026-01-05", number="I-2", party="JANE", lines=[{"from": "D-1#1", "quantity": 2}])
    assert [balances().get(account) for account in ("1400", "1410")] == [None, None]
    shop.post("customer_return", date="2026-01-06", number="CR-1", party="JANE", lines=[{"from": "D-1#1", "quantity": 4}])
    shop.post("credit_note", date="2026-01-07", party="JANE", lines=[{"from": "CR-1", "unit_price": "30"}])
    found = balances()
    assert {key: found.get(key) for key in ("1300", "1400", "1410")} == {key: before.get(key) for key in ("1300", "1400", "1410")}
    assert shop.gl.balance("5000") + shop.gl.balance("5010") == 0


def test_a_bill_clears_its_receipt(shop: Books, balances: Balances) -> None:
    lines = [{"item": "A", "quantity": 10, "unit_cost": "10"}, {"item": "HOUR", "quantity": 1, "unit_cost": "20"}]
    shop.post("receipt", date="2026-01-03", number="R-1", party="ACME", lines=lines)
    change_rules(shop)
    back = shop.post("supplier_return", date="2026-01-04", party="ACME", lines=[{"from": "R-1#1", "quantity": 2}])
    shop.post("bill", date="2026-01-04", number="B-1", party="ACME", lines=[{"from": "R-1#1", "quantity": 8, "unit_cost": "12"}])
    shop.post("bill", date="2026-01-05", number="B-2", party="ACME", lines=[{"from": "R-1"}])
    assert [balances().get(account) for account in ("2200", "2210")] == [None, None]
    assert back.total == 0


def test_an_unbuild_gives_back_to_the_builds_absorption(shop: Books) -> None:
    before = shop.gl.trial_balance()
    shop.post("build", date="2026-01-03", number="M-1", lines=[{"item": "SET", "quantity": 2}])
    change_rules(shop)
    shop.post("unbuild", date="2026-01-04", lines=[{"item": "SET", "from": "M-1", "quantity": 1}])
    shop.post("unbuild", date="2026-01-04", lines=[{"item": "SET", "from": "M-1", "quantity": 1}])
    held = {row["account"]: row["balance"] for row in shop.gl.trial_balance() if row["balance"]}
    assert held == {row["account"]: row["balance"] for row in before if row["balance"]}
    assert held["1300"] == Decimal("200.00")
