"""Views of numbers: those on hand, and the history of one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from wares import Books, Recorded, unscaled

if TYPE_CHECKING:
    from wares import Reader


def on_hand(books: Books, *, sku: str | None = None, expiring: int | None = None) -> Iterator[dict[str, Any]]:
    """Yield each number on hand, by SKU; with `expiring` only those that expire until that day (20261231)."""
    skus, places, held, expiries = books.reading(_held)
    rows = [(skus[item], number, places[location], quantity, expiries[item, number]) for item, number, location, quantity in held]
    for name, number, location, quantity, expires in sorted(rows):
        if sku in (None, name) and (expiring is None or 0 < expires <= expiring):
            yield {"sku": name, "number": number, "location": location, "quantity": unscaled(quantity), "expires": _iso(expires)}


def _held(reader: Reader, _: Any) -> tuple[dict[int, str], dict[int, str], list[tuple[Any, ...]], dict[tuple[int, str], int]]:
    """Return SKUs by id, locations by id, the quantities on hand by item, number and location, and the expiry dates."""
    recorded = Recorded(reader)
    held = reader.rows(
        "SELECT u.item_id, u.number, u.location_id, CAST(SUM(u.quantity) AS BIGINT) FROM serial_unit u "
        f"WHERE u.company_id = ? AND {recorded.stands('u.document_id')} "
        "GROUP BY u.item_id, u.number, u.location_id HAVING SUM(u.quantity) <> 0"
    )
    expiries = reader.rows("SELECT item_id, number, MAX(expires) FROM serial_unit WHERE company_id = ? GROUP BY item_id, number")
    skus = {item.id: item.sku for item in recorded.items(ids={item for item, *_ in held})}
    return skus, recorded.locations(), held, {(item, number): expires for item, number, expires in expiries}


def day_in(days: int) -> int:
    """Return the date `days` days from today, yyyymmdd."""
    return int(f"{date.today() + timedelta(days=days):%Y%m%d}")


def history(books: Books, number: str) -> Iterator[dict[str, Any]]:
    """Yield the documents that moved a number, in order, from its supplier to its present owner."""
    yield from books.reading(lambda reader, _: list(_moved(reader, number)))


def _moved(reader: Reader, number: str) -> Iterator[dict[str, Any]]:
    recorded = Recorded(reader)
    statement = (
        "SELECT document_id, item_id, location_id, quantity FROM serial_unit WHERE company_id = ? AND number = ? ORDER BY move_id"
    )
    moves: dict[int, list[tuple[int, int, int]]] = {}
    for document_id, *move in reader.rows(statement, number):
        moves.setdefault(document_id, []).append(tuple(move))
    skus = {item.id: item.sku for item in recorded.items(ids={item for each in moves.values() for item, _, _ in each})}
    places = recorded.locations()
    for document in recorded.documents(ids=moves):
        for item, location, quantity in moves[document.id]:
            yield {
                "date": _iso(document.day), "document": document.number, "type": document.type, "party": document.party,
                "sku": skus[item], "location": places[location], "quantity": unscaled(quantity),
            }  # fmt: skip


def _iso(day: int) -> str | None:
    return f"{day // 10_000:04d}-{day // 100 % 100:02d}-{day % 100:02d}" if day else None
