"""The outbox: events written in the transaction of their document, for a host to pass on at least once and in order.

Off until the books' setting `outbox` is `on`. A document that is posted or voided has one row, and a document that corrects the
cost of others one more. `drain` passes the waiting events on, oldest first, and marks each only after it was taken. A crash between
the two passes an event on again, so that a receiver goes by its `sequence`. One drainer at a time keeps the order.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from wares.model import Posted
from wares.storage import tables as t
from wares.storage.unit import Reader, Unit
from wares.values import JsonObject, iso_day, iso_instant, money

POSTED, VOIDED, COST_CORRECTED = "posted", "voided", "cost_corrected"
"""sequence, event, document_id, recorded_at, delivered_at (or None), payload."""
_COLUMNS = "SELECT sequence, event, document_id, recorded_at, delivered_at, payload FROM wares_outbox"


class NewEvent(NamedTuple):
    """An event that is not written yet, and has no sequence."""

    event: str
    document_id: int
    payload: str
    """JSON."""


class _StoredEvent(NamedTuple):
    """A row of table `outbox`; instants are microseconds since 1970 (UTC)."""

    sequence: int
    event: str
    document_id: int
    recorded_at: int
    delivered_at: int | None
    payload: str

    def shown(self) -> JsonObject:
        return {
            "sequence": self.sequence,
            "event": self.event,
            "document_id": self.document_id,
            "recorded_at": iso_instant(self.recorded_at) + "Z",
            "delivered_at": None if self.delivered_at is None else iso_instant(self.delivered_at) + "Z",
            "payload": json.loads(self.payload),
        }


def is_on(settings: Mapping[str, str]) -> bool:
    """Return whether these books keep an outbox."""
    return settings.get("outbox") == "on"


def event_of(event: str, document: Posted, decimals: int) -> NewEvent:
    """Return an event of a document; `decimals` are those of the company's currency."""
    payload: dict[str, object] = {
        "number": document.number,
        "type": document.type,
        "date": document.date,
        "party": document.party,
        "currency": document.currency,
        "total": str(document.total),
    }
    if event == COST_CORRECTED:
        payload["corrections"] = [
            {
                "document_id": change.document_id,
                "item_id": change.item_id,
                "date": iso_day(change.day),
                "difference": str(money(change.difference, decimals)),
            }
            for change in document.corrections
        ]
    return NewEvent(event, document.id, json.dumps(payload, ensure_ascii=False, separators=(",", ":")))


def write(unit: Unit, events: Sequence[NewEvent]) -> None:
    """Write the events of one transaction, in one statement."""
    rows = [(unit.company_id, unit.take_id(), event, document_id, payload, unit.recorded_at, None)
            for event, document_id, payload in events]  # fmt: skip
    unit.insert(t.outbox, rows)


def waiting_events(reader: Reader, limit: int) -> list[JsonObject]:
    """Return the events that are not delivered yet, oldest first: all after the last delivered event."""
    last = reader.row(
        "SELECT sequence FROM wares_outbox WHERE company_id = ? AND delivered_at IS NOT NULL ORDER BY sequence DESC LIMIT 1"
    )
    rows = reader.rows(
        f"{_COLUMNS} WHERE company_id = ? AND sequence > ? ORDER BY sequence LIMIT ?", last[0] if last is not None else 0, limit
    )
    return [_StoredEvent._make(row).shown() for row in rows]


def all_events(reader: Reader, limit: int) -> list[JsonObject]:
    """Return the latest events, delivered or not, oldest first."""
    rows = reader.rows(f"{_COLUMNS} WHERE company_id = ? ORDER BY sequence DESC LIMIT ?", limit)
    return [_StoredEvent._make(row).shown() for row in reversed(rows)]


def mark_delivered(unit: Unit, upto: int) -> None:
    """Mark all events up to this sequence as delivered."""
    statement = "UPDATE wares_outbox SET delivered_at = ? WHERE company_id = ? AND sequence <= ? AND delivered_at IS NULL"
    unit.connection.exec_driver_sql(unit.dialect.spelled[statement], (unit.recorded_at, unit.company_id, upto))
