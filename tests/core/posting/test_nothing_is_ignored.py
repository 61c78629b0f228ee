"""What a document says and Wares does not do is refused, never passed over in silence."""

from __future__ import annotations

from typing import Any

import pytest

from tests.books import refused
from wares import Books

RECEIVABLE, EXPENSE = "1200", "6000"


@pytest.fixture(autouse=True)
def shop(books: Books) -> None:
    books.items.add("stock", sku="BOLT", name="Bolt", price="5", cost="2")
    books.items.add("non_stock", sku="TAPE", name="Tape", price="1")
    books.items.add("kit", sku="SET", name="Set", price="9", components=[{"sku": "BOLT"}, {"sku": "TAPE"}])
    books.items.add("assembly", sku="RACK", name="Rack", components=[{"sku": "BOLT"}, {"sku": "TAPE"}])
    lines = [{"item": "BOLT", "quantity": 10, "unit_cost": "2"}]
    books.post("bill", number="B-1", date="2026-01-01", party="ACME", lines=lines)


GOODS = [{"item": "BOLT", "quantity": 1}]
CASES: dict[str, tuple[str, dict[str, Any], tuple[str, str]]] = {
    "a rate of the company's own currency": (
        "invoice",
        {"party": "JANE", "currency": "USD", "rate": "2", "lines": GOODS},
        ("RATE_OF_OWN_CURRENCY", "rate"),
    ),
    "a discount beside the exact amount": (
        "invoice",
        {"party": "JANE", "lines": [{"item": "BOLT", "amount": "5.00", "discount": "10"}]},
        ("DISCOUNT_ON_AMOUNT", "lines[0].discount"),
    ),
    "an account for goods that are bought": (
        "bill",
        {"party": "ACME", "lines": [{"item": "BOLT", "unit_cost": "2", "account": EXPENSE}]},
        ("GOODS_ACCOUNT", "lines[0].account"),
    ),
    "an account for goods that are received": (
        "receipt",
        {"party": "ACME", "lines": [{"item": "BOLT", "unit_cost": "2", "account": EXPENSE}]},
        ("GOODS_ACCOUNT", "lines[0].account"),
    ),
    "an account for goods that go back": (
        "supplier_credit",
        {"party": "ACME", "lines": [{"from": "B-1#1", "quantity": 1, "account": EXPENSE}]},
        ("GOODS_ACCOUNT", "lines[0].account"),
    ),
    "goods that come back on a line without an item": (
        "credit_note",
        {"party": "JANE", "lines": [{"description": "goodwill", "amount": "5.00", "restock": True}]},
        ("NO_ITEM", "lines[0].item"),
    ),
    "an account on a delivery": (
        "delivery",
        {"party": "JANE", "lines": [{"item": "BOLT", "account": EXPENSE}]},
        ("UNKNOWN_KEY", "lines[0].account"),
    ),
    "a revaluation against a control account": (
        "revaluation",
        {"lines": [{"item": "BOLT", "amount": "1.00", "account": RECEIVABLE}]},
        ("CONTROL_ACCOUNT", "lines[0].account"),
    ),
    "another kind of record": (
        "invoice",
        {"party": "JANE", "record": {"item": None, 0: None}, "lines": GOODS},
        ("BAD_VALUE", "record"),
    ),
    "a cost method that nobody has": (
        "method_change",
        {"lines": [{"item": "BOLT", "cost_method": "fifi"}]},
        ("UNKNOWN_COST_METHOD", "lines[0].cost_method"),
    ),
    "lots out of goods that have none": (
        "method_change",
        {"lines": [{"item": "BOLT", "cost_method": "specific"}]},
        ("NOT_YET", "lines[0].cost_method"),
    ),
    "a tax": ("invoice", {"party": "JANE", "lines": [{"item": "BOLT", "tax": "VAT"}]}, ("NOT_YET", "lines[0].tax")),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused(books: Books, case: str) -> None:
    type, record, problem = CASES[case]
    assert refused(lambda: books.post(type, **{"date": "2026-01-05", **record})) == [problem]


def test_a_rate_of_one_says_nothing_new(books: Books) -> None:
    books.post("invoice", date="2026-01-05", party="JANE", currency="USD", rate="1", lines=GOODS)


@pytest.mark.parametrize(("type", "item", "party"), [("invoice", "SET", {"party": "JANE"}), ("build", "RACK", {})])
def test_a_retired_part_is_refused_until_it_is_replaced(books: Books, type: str, item: str, party: dict[str, str]) -> None:
    """The kit and the assembly are not retired, but one of their parts is."""
    books.items.retire("TAPE")
    line: dict[str, Any] = {"item": item, "quantity": 1}
    found = refused(lambda: books.post(type, date="2026-01-05", lines=[line], **party))
    assert found == [("ITEM_RETIRED", "lines[0].components")]
    books.post(type, date="2026-01-05", lines=[line | {"components": [{"sku": "BOLT", "quantity": 1}]}], **party)


def test_a_credit_goes_to_the_account_of_what_it_credits(books: Books) -> None:
    """A line without an item named its account; the credit of it, which names none, takes back from there."""
    sold = books.post("invoice", date="2026-01-05", party="JANE", lines=[{"amount": "9.00", "account": "4100"}])
    bought = books.post("bill", date="2026-01-05", party="ACME", lines=[{"amount": "9.00", "account": "6100", "quantity": 2}])
    part = {"quantity": 1, "amount": "4.00"}
    books.post("credit_note", date="2026-01-06", party="JANE", lines=[{"from": f"{sold.number}#1", **part}])
    books.post("supplier_credit", date="2026-01-06", party="ACME", goods="none", lines=[{"from": f"{bought.number}#1", **part}])
    assert [str(books.gl.balance(code)) for code in ("4100", "6100", "4000", "6000")] == ["-5.00", "5.00", "0", "0"]
    lines = [{"from": f"{bought.number}#1", "quantity": 1, "amount": "5.01"}]
    issues = refused(lambda: books.post("supplier_credit", date="2026-01-06", party="ACME", goods="none", lines=lines))
    assert ("MORE_THAN_LEFT", "lines[0].amount") in issues
