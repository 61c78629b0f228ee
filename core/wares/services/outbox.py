"""The outbox: events written in the transaction of what happened, for a host to hand on at least once and in order.

Off until the books' setting `outbox` is `on`. One row for each document posted or voided and for each that corrected the cost of
others; `drain` hands the waiting ones over, oldest first, and marks each only after it was taken. A crash between the two hands
an event over again, so that whoever receives it goes by its `sequence`. One drainer at a time keeps the order.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from wares.model import Posted
from wares.storage import tables as t
from wares.storage.unit import Reader, Unit
from wares.values import iso_day, iso_instant, money

POSTED, VOIDED, COST_CORRECTED = "posted", "voided", "cost_corrected"
Event = dict[str, Any]
"""sequence, event, document_id, recorded_at, delivered_at (or None), payload."""
Waiting = tuple[str, int, str]
"""Event, document id, payload as JSON: a row that has no sequence yet."""


def is_on(settings: Any) -> bool:
    """Whether these books keep an outbox."""
    return bool(settings.get("outbox") == "on")


def event_of(event: str, document: Posted, decimals: int) -> Waiting:
    """The row for something that happened to a document."""
    payload: dict[str, Any] = {
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
    return event, document.id, json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def write(unit: Unit, waiting: Sequence[Waiting]) -> None:
    """Write the rows of one transaction: one statement."""
    rows = [(unit.company_id, unit.take_id(), event, document_id, payload, unit.recorded_at, None)
            for event, document_id, payload in waiting]  # fmt: skip
    unit.insert(t.outbox, rows)


def waiting_events(reader: Reader, limit: int) -> list[Event]:
    """What was not delivered yet, oldest first: all that came after the last one delivered."""
    last = reader.row(
        "SELECT sequence FROM outbox WHERE company_id = ? AND delivered_at IS NOT NULL ORDER BY sequence DESC LIMIT 1"
    )
    rows = reader.rows(
        "SELECT sequence, event, document_id, recorded_at, delivered_at, payload FROM outbox "
        "WHERE company_id = ? AND sequence > ? ORDER BY sequence LIMIT ?",
        last[0] if last is not None else 0,
        limit,
    )
    return [_shown(row) for row in rows]


def all_events(reader: Reader, limit: int) -> list[Event]:
    """The latest events, delivered or not, oldest first."""
    rows = reader.rows(
        "SELECT sequence, event, document_id, recorded_at, delivered_at, payload FROM outbox "
        "WHERE company_id = ? ORDER BY sequence DESC LIMIT ?",
        limit,
    )
    return [_shown(row) for row in reversed(rows)]


def _shown(row: tuple[Any, ...]) -> Event:
    sequence, event, document_id, recorded_at, delivered_at, payload = row
    return {
        "sequence": sequence,
        "event": event,
        "document_id": document_id,
        "recorded_at": iso_instant(recorded_at) + "Z",
        "delivered_at": None if delivered_at is None else iso_instant(delivered_at) + "Z",
        "payload": json.loads(payload),
    }


def mark_delivered(unit: Unit, upto: int) -> None:
    """Everything up to this sequence was taken."""
    statement = "UPDATE outbox SET delivered_at = ? WHERE company_id = ? AND sequence <= ? AND delivered_at IS NULL"
    unit.connection.exec_driver_sql(unit.dialect.spelled[statement], (unit.recorded_at, unit.company_id, upto))
