"""Stock at a date and told apart: by location, lot and account it is what the ledger has."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from wares import Books, Refused
from wares.reports.documents import list_documents
from wares.reports.stock import list_moves


@pytest.fixture
def shop(books: Books) -> Books:
    """Lots of a frame in two places on two accounts, bolts in layers, and a kit of both."""
    books.locations.add("SHOP", name="The shop")
    books.accounts.add("1310", name="Bolts", type="asset", roles=["inventory"])
    books.items.add("stock", sku="FRAME", cost_method="specific", price="500")
    books.items.add("stock", sku="BOLT", cost_method="fifo", price="2", category="bolts")
    books.mappings.add("inventory", "1310", level="category", of="bolts")
    books.items.add("kit", sku="SET", price="600", components=[{"sku": "FRAME", "quantity": "1"}, {"sku": "BOLT", "quantity": "4"}])
    lines = [{"item": "FRAME", "quantity": 2, "unit_cost": "100", "lot": "L1"}, {"item": "BOLT", "quantity": 10, "unit_cost": "1"}]
    books.post("bill", number="B-1", date="2026-01-05", party="ACME", lines=lines)
    lines = [{"item": "FRAME", "quantity": 1, "unit_cost": "300", "lot": "L2"}, {"item": "BOLT", "quantity": 10, "unit_cost": "2"}]
    books.post("bill", number="B-2", date="2026-01-20", party="ACME", lines=lines)
    lines = [{"item": "FRAME", "quantity": 1, "lot": "L2"}, {"item": "BOLT", "quantity": 5}]
    books.post("transfer", date="2026-01-25", location="MAIN", to_location="SHOP", lines=lines)
    books.post("invoice", date="2026-02-03", party="JANE", lines=[{"item": "BOLT", "quantity": 12}])
    return books


def told(rows: list[dict[str, Any]], *keys: str) -> list[tuple[str, ...]]:
    return [tuple(str(row[key]) for key in (*keys, "on_hand", "value")) for row in rows]


def test_told_apart(shop: Books) -> None:
    """12 bolts went at 10 @ 1 and 2 @ 2; 5 of the 8 that are left lie in the shop."""
    assert told(shop.stock.list(), "sku", "location", "account") == [
        ("BOLT", "MAIN", "1310", "3", "6.00"),
        ("BOLT", "SHOP", "1310", "5", "10.00"),
        ("FRAME", "MAIN", "1300", "2", "200.00"),
        ("FRAME", "SHOP", "1300", "1", "300.00"),
    ]
    assert told(shop.stock.list(by="lot", sku="FRAME"), "location", "lot") == [
        ("MAIN", "L1", "2", "200.00"),
        ("MAIN", "L2", "0", "0.00"),
        ("SHOP", "L2", "1", "300.00"),
    ]
    assert told(shop.stock.list(by="account"), "account", "sku") == [
        ("1310", "BOLT", "8", "16.00"),
        ("1300", "FRAME", "3", "500.00"),
    ]
    assert told(shop.stock.list(by="item", sku="BOLT"), "sku") == [("BOLT", "8", "16.00")]
    with pytest.raises(Refused) as refused:
        shop.stock.list(by="colour")
    assert refused.value.code == "BAD_VALUE"


@pytest.mark.parametrize(
    ("day", "bolts", "accounts"),
    [
        ("2026-01-04", [], ("0.00", "0.00")),
        ("2026-01-05", [("MAIN", "10", "10.00")], ("200.00", "10.00")),
        ("2026-01-24", [("MAIN", "20", "30.00")], ("500.00", "30.00")),
        ("2026-01-31", [("MAIN", "15", "22.50"), ("SHOP", "5", "7.50")], ("500.00", "30.00")),
        ("2026-02-03", [("MAIN", "3", "6.00"), ("SHOP", "5", "10.00")], ("500.00", "16.00")),
    ],
)
def test_at_a_date(shop: Books, day: str, bolts: list[tuple[str, ...]], accounts: tuple[str, str]) -> None:
    assert told(shop.stock.list(sku="BOLT", at=day), "location") == bolts
    ledger = {row["account"]: str(row["balance"]) for row in shop.gl.trial_balance(at=day)}
    assert (ledger.get("1300", "0.00"), ledger.get("1310", "0.00")) == accounts
    assert str(shop.stock.value(at=day)) == str(sum(row["value"] for row in shop.stock.list(at=day)) or "0.00")


def left(shop: Books, at: str | None = None) -> list[tuple[str, str, str]]:
    return [(row["document"], str(row["remaining"]), str(row["value_remaining"])) for row in shop.stock.layers("BOLT", at=at)]


def test_layers_at_a_date(shop: Books) -> None:
    assert left(shop) == [("B-2", "8", "16.00")]
    assert left(shop, "2026-02-02") == [("B-1", "10", "10.00"), ("B-2", "10", "20.00")]
    assert left(shop, "2026-01-19") == [("B-1", "10", "10.00")]
    assert left(shop, "2025-12-31") == []


def test_layers_of_a_closed_month_are_worth_what_was_reported(shop: Books) -> None:
    """5.00 of freight that comes after the close: the layers of January keep January's value."""
    shop.gl.close("2026-01-31")
    shop.post("landed_cost", date="2026-02-10", amount="5.00", by="value", apply_to=[{"from": "B-1#2"}])
    assert left(shop, "2026-01-31") == [("B-1", "10", "12.86"), ("B-2", "10", "17.14")]  # 30.00 by 15 to 20
    assert str(shop.stock.value("BOLT", at="2026-01-31")) == "30.00"


def test_availability_and_items_at_a_date(shop: Books) -> None:
    def promised(sku: str, at: str | None) -> dict[str, str]:
        return {row["location"]: str(row["available"]) for row in shop.stock.availability(sku, at=at)}

    assert promised("SET", "2026-01-05") == {"MAIN": "2", "SHOP": "0"}
    assert promised("SET", "2026-01-24") == {"MAIN": "3", "SHOP": "0"}
    assert promised("SET", None) == {"MAIN": "0", "SHOP": "1"}

    def listed(at: str | None) -> dict[str, tuple[str | None, str | None]]:
        return {row["sku"]: (row["on_hand"], row["available"]) for row in shop.items.list(at=at)}

    assert listed("2026-01-05") == {"BOLT": ("10", "10"), "FRAME": ("2", "2"), "SET": (None, "2")}
    assert listed("2026-01-24") == {"BOLT": ("20", "20"), "FRAME": ("3", "3"), "SET": (None, "3")}
    assert listed(None) == {"BOLT": ("8", "8"), "FRAME": ("3", "3"), "SET": (None, "2")}


def test_long_lists_are_read_a_page_at_a_time(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row of moves or documents is given away before the last one is made."""
    monkeypatch.setattr("wares.storage.unit.STREAMED", 50)
    monkeypatch.setattr("wares.reports.stock.STREAMED", 50)
    books.items.add("stock", sku="BOLT", cost="1")
    lines = [{"item": "BOLT", "quantity": 1}] * 50
    books.post_many([{"type": "adjustment", "date": f"2026-01-{day:02d}", "lines": lines} for day in range(1, 29)])

    def peak(read: Callable[[], Iterable[Any]]) -> int:
        tracemalloc.start()
        assert sum(1 for _ in read()) == 1400
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    streamed = books.reading(lambda reader, masters: peak(lambda: list_moves(reader, masters)))
    held = books.reading(lambda reader, masters: peak(lambda: list(list_moves(reader, masters))))
    assert streamed * 2 < held
    assert books.reading(lambda reader, _: sum(1 for _ in list_documents(reader))) == 28
    assert str(books.stock.moves("BOLT")[-1]["running_quantity"]) == "1400"
