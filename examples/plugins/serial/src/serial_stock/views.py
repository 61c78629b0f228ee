"""What is there by number, and what became of one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from wares import Books, unscaled

_FROM = (
    "FROM serial_unit u JOIN document d ON d.company_id = u.company_id AND d.document_id = u.document_id "
    "AND d.status = 'posted' JOIN item i ON i.company_id = u.company_id AND i.item_id = u.item_id "
    "JOIN location l ON l.company_id = u.company_id AND l.location_id = u.location_id "
)


def on_hand(books: Books, *, sku: str | None = None, expiring: int | None = None) -> Iterator[dict[str, Any]]:
    """Every number with something on hand, the first to expire first; `expiring`: only what expires until that day."""
    statement = (
        "SELECT i.sku, u.number, l.code, CAST(SUM(u.quantity) AS BIGINT), MAX(x.expires) "
        f"{_FROM}"
        "JOIN (SELECT company_id, item_id, number, MAX(expires) AS expires FROM serial_unit GROUP BY company_id, item_id, number) x "
        "ON x.company_id = u.company_id AND x.item_id = u.item_id AND x.number = u.number "
        "WHERE u.company_id = ? GROUP BY i.sku, u.number, l.code HAVING SUM(u.quantity) <> 0 ORDER BY i.sku, u.number, l.code"
    )
    for name, number, location, quantity, expires in books.reading(lambda reader, _: reader.rows(statement)):
        if sku in (None, name) and (expiring is None or 0 < expires <= expiring):
            yield {"sku": name, "number": number, "location": location, "quantity": unscaled(quantity), "expires": _iso(expires)}


def day_in(days: int) -> int:
    """The day so many days from now, yyyymmdd."""
    return int(f"{date.today() + timedelta(days=days):%Y%m%d}")


def history(books: Books, number: str) -> Iterator[dict[str, Any]]:
    """The documents that moved a number, in order: where it came from, and who has it."""
    statement = (
        "SELECT d.date, d.number, d.type, p.code, i.sku, l.code, u.quantity "
        f"{_FROM}"
        "LEFT JOIN party p ON p.company_id = d.company_id AND p.party_id = d.party_id "
        "WHERE u.company_id = ? AND u.number = ? ORDER BY d.date, u.move_id"
    )
    for day, document, kind, party, sku, location, quantity in books.reading(lambda reader, _: reader.rows(statement, number)):
        yield {
            "date": _iso(day), "document": document, "type": kind, "party": party, "sku": sku, "location": location,
            "quantity": unscaled(quantity),
        }  # fmt: skip


def _iso(day: int) -> str | None:
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}" if day else None
