"""A group in the books: its members' lines."""

from __future__ import annotations

from tests.plugins.ledger import codes
from wares import Books


def test_a_group_becomes_its_members_lines(books: Books) -> None:
    books.items.add("non_stock", sku="TEE", price="15")
    books.items.add("non_stock", sku="MUG", price="8")
    books.items.add(
        "group",
        sku="STARTER",
        components=[{"sku": "TEE", "quantity": "2", "price": "9"}, {"sku": "MUG", "quantity": "1"}],
        attributes={"use_group_prices": True},
    )
    sold = books.post("invoice", date="2026-01-09", party="JANE", lines=[{"item": "STARTER", "quantity": "2"}])
    assert [(row["line"], row["kind"], str(row["amount"])) for row in sold.lines] == [
        ("1", "header", "0.00"),
        ("1.1", "row", "36.00"),
        ("1.2", "row", "16.00"),
    ]
    assert str(sold.total) == "52.00"


def test_a_group_does_not_contain_itself(books: Books) -> None:
    books.items.add("non_stock", sku="TEE", price="15")
    books.items.add("group", sku="INNER", components=[{"sku": "TEE", "quantity": "1"}])
    books.items.add("group", sku="OUTER", components=[{"sku": "INNER", "quantity": "1"}])
    change = [{"sku": "OUTER", "quantity": "1"}]
    assert codes(lambda: books.items.edit("INNER", components=change)) == ["COMPONENT_CYCLE"]
