"""The finding of a check, and the names of rows in its message."""

from __future__ import annotations

from typing import NamedTuple

from wares.storage.unit import Reader
from wares.values import iso_day, money


class Finding(NamedTuple):
    """The result of one check."""

    examined: int
    """The number of rows examined."""
    problem: str | None = None
    """A sentence about the first row that breaks the rule; None if none does."""
    not_checked: tuple[str, ...] = ()
    """A sentence for each thing that could not be checked."""


def count(reader: Reader, table: str, condition: str = "1 = 1") -> int:
    """Return the number of rows of the company in a table."""
    row = reader.row(f"SELECT COUNT(*) FROM wares_{table} WHERE company_id = ? AND {condition}")
    return int(row[0]) if row else 0


def amount(reader: Reader, minor: int) -> str:
    """Return minor units as text."""
    return f"{money(int(minor), reader.decimals)}"


def month_name(period: int) -> str:
    """Return the name of a month, such as "2026-01"."""
    return f"{period // 100:04d}-{period % 100:02d}"


def entry_name(reader: Reader, entry_id: int) -> str:
    """Return the name of an entry, such as "entry 12 of INV-00003 on 2026-01-05"."""
    row = reader.row(
        "SELECT e.number, e.date, d.number FROM wares_entry e LEFT JOIN wares_document d ON d.company_id = e.company_id "
        "AND d.document_id = e.document_id WHERE e.company_id = ? AND e.entry_id = ?",
        entry_id,
    )
    if row is None:
        return f"an entry that is missing (id {entry_id})"
    return f"entry {row[0]} of {row[2] or 'a missing document'} on {iso_day(row[1])}"


def move_name(reader: Reader, move_id: int) -> str:
    """Return the name of a move, such as "BOLT at MAIN on 2026-01-05 (INV-00003#1)"."""
    row = reader.row(
        "SELECT i.sku, p.code, m.date, d.number, l.number FROM wares_move m "
        "LEFT JOIN wares_item i ON i.company_id = m.company_id AND i.item_id = m.item_id "
        "LEFT JOIN wares_location p ON p.company_id = m.company_id AND p.location_id = m.location_id "
        "LEFT JOIN wares_document d ON d.company_id = m.company_id AND d.document_id = m.document_id "
        "LEFT JOIN wares_line l ON l.company_id = m.company_id AND l.line_id = m.line_id WHERE m.company_id = ? AND m.move_id = ?",
        move_id,
    )
    if row is None:
        return f"a move that is missing (id {move_id})"
    sku, place, day, document, line = row
    return f"{sku} at {place} on {iso_day(day)} ({document or 'a missing document'}#{line or '?'})"


def pool_name(reader: Reader, pool_id: int) -> str:
    """Return the name of a pool, such as "the average pool of BOLT"."""
    row = reader.row(
        "SELECT i.sku, p.method, p.lot, a.code FROM wares_pool p "
        "LEFT JOIN wares_item i ON i.company_id = p.company_id AND i.item_id = p.item_id "
        "LEFT JOIN wares_location a ON a.company_id = p.company_id AND a.location_id = p.area_id "
        "WHERE p.company_id = ? AND p.pool_id = ?",
        pool_id,
    )
    if row is None:
        return f"a pool that is missing (id {pool_id})"
    sku, method, lot, area = row
    return f"the {method} pool of {sku}" + (f" at {area}" if area else "") + (f", lot {lot}" if lot else "")


def _code(reader: Reader, table: str, column: str, of: int | None) -> str:
    key = {"item": "item_id", "account": "account_id", "party": "party_id", "location": "location_id"}[table]
    row = reader.row(f"SELECT {column} FROM wares_{table} WHERE company_id = ? AND {key} = ?", of) if of is not None else None
    return str(row[0]) if row else f"a missing {table} (id {of})"


def account_code(reader: Reader, account_id: int | None) -> str:
    return _code(reader, "account", "code", account_id)


def item_sku(reader: Reader, item_id: int | None) -> str:
    return _code(reader, "item", "sku", item_id)


def party_code(reader: Reader, party_id: int | None) -> str:
    return _code(reader, "party", "code", party_id)


def location_code(reader: Reader, location_id: int | None) -> str:
    return _code(reader, "location", "code", location_id)


def document_number(reader: Reader, document_id: int | None) -> str:
    """Return the number of a document, such as "INV-00003"."""
    row = reader.row("SELECT number FROM wares_document WHERE company_id = ? AND document_id = ?", document_id)
    return str(row[0]) if row else f"a missing document (id {document_id})"
