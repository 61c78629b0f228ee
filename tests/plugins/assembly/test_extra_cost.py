"""A build with a cost beside its components (power, subcontracting): part of the units' cost, credited to the account it names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.books import refused, sound
from tests.plugins.ledger import by_role, money
from wares import Books


@pytest.fixture(autouse=True)
def shop(books: Books) -> None:
    """Ten rods at 100.00; a gate takes one of them."""
    books.items.add("stock", sku="ROD")
    books.items.add("assembly", sku="GATE", price="300", components=[{"sku": "ROD", "quantity": 1}])
    books.post("bill", date="2026-01-02", party="ACME", lines=[{"item": "ROD", "quantity": 10, "unit_cost": "100"}])


def build(books: Books, **line: Any) -> Any:
    return books.post("build", number="M-1", date="2026-01-03", lines=[{"item": "GATE", "quantity": 5, **line}])


def unbuild(books: Books, quantity: int) -> Any:
    return books.post("unbuild", date="2026-01-04", lines=[{"item": "GATE", "quantity": quantity, "from": "M-1"}])


def balance(books: Books, account: str) -> Decimal:
    found = {str(row["account"]): Decimal(row["balance"]) for row in books.gl.trial_balance()}
    return found.get(account, Decimal(0))


def test_extra_cost_is_part_of_the_value(books: Books) -> None:
    """5 × 100.00 + 40.00 = 540.00; the wages' account is credited with 40.00."""
    built = build(books, extra_cost="40.00", account="6100")
    assert books.stock.value("GATE") == Decimal("540.00")
    credits = {row["account"]: row["credit"] for row in built.entries if row["credit"]}
    assert credits == {"6100": Decimal("40.00"), "1300": Decimal("500.00")}
    sources = books.docs.explain("M-1")[0]["sources"]
    assert [source["cost"] for source in sources] == [Decimal("500.00"), Decimal("40.00")]
    assert sound(books)


def test_extra_cost_without_an_account_is_absorbed(books: Books) -> None:
    assert by_role(build(books, extra_cost="40.00")) == money(inventory="40.00", build_absorption="-40.00")


def test_an_unbuild_gives_extra_cost_back_to_its_account(books: Books) -> None:
    """Three of five: 24.00, and the rest with the other two."""
    build(books, extra_cost="40.00", account="6100")
    unbuild(books, 3)
    assert (balance(books, "6100"), books.stock.value("GATE")) == (Decimal("-16.00"), Decimal("216.00"))
    unbuild(books, 2)
    assert (balance(books, "6100"), books.stock.value("ROD")) == (Decimal("0.00"), Decimal("1000.00"))
    assert sound(books)


def test_the_part_of_scrapped_units_is_variance(books: Books) -> None:
    """Five good, three lost: 800.00 + 40.00. Unbuilding all five brings 500.00 and 25.00 back; 315.00 is variance."""
    build(books, scrapped=3, extra_cost="40.00")
    undone = unbuild(books, 5)
    assert by_role(undone) == money(inventory="-340.00", build_absorption="25.00", build_variance="315.00")
    assert sound(books)


def test_extra_cost_is_voided_and_reversed_with_its_build(books: Books) -> None:
    build(books, extra_cost="40.00", account="6100")
    books.gl.close("2026-01-31")
    books.void("M-1", date="2026-02-01")
    assert (balance(books, "6100"), books.stock.value("ROD")) == (Decimal("0.00"), Decimal("1000.00"))
    assert sound(books)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"extra_cost": "-1"}, ("BAD_VALUE", "lines[0].extra_cost")),
        ({"extra_cost": "1.005"}, ("BAD_VALUE", "lines[0].extra_cost")),
        ({"account": "6100"}, ("BAD_VALUE", "lines[0].account")),
        ({"extra_cost": "1", "account": "1300"}, ("CONTROL_ACCOUNT", "lines[0].account")),
        ({"extra_cost": "1", "account": "none"}, ("UNKNOWN_ACCOUNT", "lines[0].account")),
    ],
    ids=["negative", "half a cent", "account alone", "inventory", "unknown account"],
)
def test_refused(books: Books, line: dict[str, str], code: tuple[str, str]) -> None:
    assert refused(lambda: build(books, **line)) == [code]
