"""A bicycle shop with a little of everything, for tests of what it refuses and of what plugins and hosts do to it."""

from __future__ import annotations

from typing import Any

from wares import Books

JANUARY = "2026-01-10"


def furnish(books: Books) -> None:
    """Items of every type, and one document of most types. 2025 is closed."""
    books.parties.add("OTHER", kinds=["customer", "supplier"])
    books.locations.add("SHOP", name="The shop")
    _items(books)
    books.gl.close("2025-12-31")
    for type, record in DOCUMENTS:
        books.post(type, **{"date": "2026-01-05", **record})
    books.void("I-VOID")


def _items(books: Books) -> None:
    add = books.items.add
    for sku in ("BOLT", "RIM", "SPOKE", "CABLE", "TYRE"):
        add("stock", sku=sku, name=sku.title(), price="20", cost="8")
    add("stock", sku="BARE", name="No price, no cost")
    add("stock", sku="OLD", name="Retired", price="1", cost="1")
    add("service", sku="HOUR", name="Hour", price="50", unit="h")
    add("expense", sku="RENT", name="Rent", cost="500")
    add(
        "assembly",
        sku="WHEEL",
        name="Wheel",
        price="200",
        components=[{"sku": "RIM", "quantity": "1"}, {"sku": "SPOKE", "quantity": "2"}],
    )
    add("assembly", sku="EMPTY", name="Nothing in it", price="200")
    add(
        "kit",
        sku="TUNE-UP",
        name="Tune-up",
        price="59",
        components=[{"sku": "CABLE", "quantity": "2"}, {"sku": "HOUR", "quantity": "1"}],
    )
    add("discount", sku="TENOFF", name="Ten off", attributes={"percent": "10"})
    add("discount", sku="ALLOFF", name="All off", attributes={"percent": "100"})
    add("charge", sku="FREIGHT", name="Freight", attributes={"into_cost": True})
    add("subtotal", sku="SUB", name="Subtotal")
    add("group", sku="STARTER", name="Starter", components=[{"sku": "BOLT", "quantity": "2"}])
    add("matrix", sku="TEE", name="T-shirt", attributes={"axes": {"Color": ["Red", "Blue"]}, "variant_type": "stock"})
    books.items.retire("OLD")


DOCUMENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("bill", {"number": "B-1", "party": "ACME", "reference": "A-77", "key": "b-1", "lines": [
        {"item": "BOLT", "quantity": "100", "unit_cost": "8"},
        {"item": "RIM", "quantity": "10", "unit_cost": "30"},
        {"item": "SPOKE", "quantity": "40", "unit_cost": "1"},
        {"item": "CABLE", "quantity": "10", "unit_cost": "4"},
    ]}),
    ("receipt", {"number": "R-1", "party": "OTHER", "lines": [{"item": "TYRE", "quantity": "10", "unit_cost": "12"}]}),
    ("invoice", {"number": "I-1", "party": "JANE", "lines": [{"item": "BOLT", "quantity": "10"}, {"item": "TENOFF"}]}),
    ("invoice", {"number": "I-2", "party": "JANE", "date": "2026-02-20", "lines": [{"item": "HOUR", "quantity": "1"}]}),
    ("invoice", {"number": "I-VOID", "party": "JANE", "lines": [{"item": "HOUR", "quantity": "1"}]}),
    ("delivery", {"number": "D-1", "party": "OTHER", "lines": [{"item": "RIM", "quantity": "2"}]}),
    ("build", {"number": "M-1", "date": "2026-01-08", "lines": [{"item": "WHEEL", "quantity": "5"}]}),
    ("payment", {"number": "P-1", "party": "JANE", "direction": "in", "account": "1010", "amount": "50.00",
                 "apply_to": [{"number": "I-1", "amount": "50.00"}]}),
    ("invoice", {"number": "I-WAIT", "party": "JANE", "pending": True, "lines": [{"item": "HOUR", "quantity": "2"}]}),
)  # fmt: skip
