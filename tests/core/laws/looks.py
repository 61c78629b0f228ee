"""Looking at books from outside: what is held, what it is worth, what the accounts say, whether it agrees, and every row of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from wares import Books, unscaled
from wares.storage import tables
from wares.storage.unit import Reader

NOT_THE_SAME = {"recorded_at", "body_hash", "recent_units", "content"}
"""Columns that say when something was entered, or by which transaction, and the hash over them: they differ between two runs."""


def stock(books: Books) -> dict[tuple[str, str], str]:
    """(sku, place) → quantity, those on hand."""
    return {(row["sku"], row["location"]): str(row["on_hand"]) for row in books.stock.list() if Decimal(row["on_hand"])}


def values(books: Books) -> dict[str, tuple[str, str]]:
    """sku (with its lot, its place where that is costed by itself) → quantity and value of its pool."""
    statement = (
        "SELECT i.sku, p.lot, a.code, p.quantity, p.value FROM wares_pool p "
        "JOIN wares_item i ON i.company_id = p.company_id AND i.item_id = p.item_id "
        "LEFT JOIN wares_location a ON a.company_id = p.company_id AND a.location_id = p.area_id "
        "WHERE p.company_id = ? AND (p.quantity <> 0 OR p.value <> 0)"
    )
    rows = books.reading(lambda reader, _: reader.rows(statement))
    return {
        sku + (f"/{lot}" if lot else "") + (f"@{place}" if place else ""): (str(unscaled(quantity)), str(value))
        for sku, lot, place, quantity, value in rows
    }


def layers(books: Books) -> list[tuple[Any, ...]]:
    """The open layers by age: sku, document and the one that it goes back to, its age, what remains, value and what was taken."""
    statement = (
        "SELECT i.sku, d.number, s.number, l.effective_at, l.remaining, l.value, l.taken FROM wares_layer l "
        "JOIN wares_move m ON m.company_id = l.company_id AND m.move_id = l.move_id "
        "JOIN wares_item i ON i.company_id = m.company_id AND i.item_id = m.item_id "
        "JOIN wares_document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
        "JOIN wares_move o ON o.company_id = l.company_id AND o.move_id = l.source_id "
        "JOIN wares_document s ON s.company_id = o.company_id AND s.document_id = o.document_id "
        "WHERE l.company_id = ? AND l.remaining > 0 "
        "ORDER BY i.sku, m.location_id, l.effective_at, l.sequence, l.arrived_at, l.arrived_sequence, l.layer_id"
    )
    rows = books.reading(lambda reader, _: reader.rows(statement))
    return [tuple(row) for row in rows]


def balances(books: Books) -> dict[str, str]:
    """Account → balance, debit positive, without the accounts at zero."""
    return {row["account"]: str(row["balance"]) for row in books.gl.trial_balance() if row["balance"]}


def problems(books: Books) -> list[tuple[str, str]]:
    """What `verify` finds."""
    return [(check["id"], check["first_problem"]) for check in books.verify()["checks"] if not check["ok"]]


def everything(books: Books) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the company, but for when it was entered."""

    def read(reader: Reader, _: Any) -> dict[str, list[tuple[Any, ...]]]:
        found = {}
        for name, table in tables.metadata.tables.items():
            columns = [column.name for column in table.columns if column.name not in NOT_THE_SAME | {"company_id"}]
            if "company_id" in table.columns:
                rows = reader.rows(f"SELECT {', '.join(columns)} FROM {name} WHERE company_id = ?")
                found[name] = sorted(map(tuple, rows), key=repr)
        return found

    return books.reading(read)
