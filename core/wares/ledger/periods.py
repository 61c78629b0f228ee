"""Closing the books: nothing dated on or before the close date can be recorded or changed.

Each closing and reopening adds a row to `closing`, which is never changed. The row holds the new close date (0 = not
closed) and the last id given at that moment. `verify` checks every entry and move against that history.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

from wares.errors import Issue, Refused
from wares.storage import tables
from wares.storage.unit import Reader, Unit
from wares.values import from_date, iso_day, to_date

CLOSE, REOPEN = "close", "reopen"
_LAST = 2**63 - 1
NAMED = 20
"""Pending documents that a warning names."""


class Closing(NamedTuple):
    """One closing or reopening of the books."""

    number: int
    """Its number, from 1."""
    action: str
    """close or reopen."""
    closed_through: int
    """The close date from then on (yyyymmdd, inclusive); 0 = not closed."""
    reason: str | None
    """The reason given; a reopening always has one."""
    recorded_at: int
    """The instant of recording."""
    last_id: int
    """The last id that the company had given; later entries and moves have higher ids."""


def close(unit: Unit, day: int, *, reason: str | None = None) -> Closing:
    """Close the books through `day` (yyyymmdd). Refused ALREADY_CLOSED unless it is later than the close date in
    force."""
    if day <= unit.head.closed_through:
        raise Refused.because(
            "ALREADY_CLOSED",
            f"the books are closed through {iso_day(unit.head.closed_through)} already",
            path="date",
            hint="close a later date, or reopen first",
        )
    return _record(unit, CLOSE, day, reason)


def closing_warnings(reader: Reader, day: int, today: int) -> Iterator[Issue]:
    """Yield the doubts about closing the books through `day` (yyyymmdd): CLOSED_AHEAD and PENDING_INSIDE."""
    if day > today:
        message = f"{iso_day(day)} is in the future: nothing can be recorded until then"
        yield Issue("CLOSED_AHEAD", message, path="date", hint="wares gl reopen, if the date is a slip")
    pending = [number for (number,) in reader.rows(
        "SELECT number FROM wares_document WHERE company_id = ? AND status = 'pending' AND date <= ? ORDER BY date, sequence", day
    )]  # fmt: skip
    if pending:
        more = f" and {len(pending) - NAMED} more" if len(pending) > NAMED else ""
        message = f"pending documents stand on closed days and cannot be posted: {', '.join(pending[:NAMED])}{more}"
        yield Issue("PENDING_INSIDE", message, path="date", hint="reopen and post them, or wares docs discard NO")


def reopen(unit: Unit, day: int, reason: str) -> Closing:
    """Open the books again from `day` on; the date of an earlier closing undoes that closing and the later ones.

    Example: with January and February closed, both 1 February and 28 February open February. Refused REASON_MISSING,
    NOT_CLOSED.
    """
    if not reason.strip():
        raise Refused.because(
            "REASON_MISSING", "reopening needs a reason", path="reason", hint='give one: --reason "late bill of ACME"'
        )
    if day > unit.head.closed_through:
        through = iso_day(unit.head.closed_through) if unit.head.closed_through else "no date"
        raise Refused.because("NOT_CLOSED", f"{iso_day(day)} is open: the books are closed through {through}", path="date")
    in_force = _closings_in_force(unit)
    if day in in_force:
        day_before = max((earlier for earlier in in_force if earlier < day), default=0)
    else:
        day_before = from_date(to_date(day) - timedelta(days=1))
    return _record(unit, REOPEN, day_before, reason.strip())


def history(reader: Reader) -> list[Closing]:
    """Return every closing and reopening, oldest first."""
    rows = reader.rows(
        'SELECT number, action, "date", reason, recorded_at, last_id FROM wares_closing WHERE company_id = ? ORDER BY number'
    )
    return [Closing._make(row) for row in rows]


def _closings_in_force(reader: Reader) -> list[int]:
    """Return the dates of the closings that no reopening has undone, ascending."""
    dates: list[int] = []
    for closing in history(reader):
        if closing.action == REOPEN:
            dates = [date for date in dates if date < closing.closed_through]
        if closing.closed_through:
            dates.append(closing.closed_through)
    return dates


def _record(unit: Unit, action: str, closed_through: int, reason: str | None) -> Closing:
    last = unit.row("SELECT COALESCE(MAX(number), 0) FROM wares_closing WHERE company_id = ?")
    number = (last[0] if last else 0) + 1
    closing = Closing(number, action, closed_through, reason, unit.recorded_at, unit.head.next_id - 1)
    unit.insert(tables.closing, [(unit.company_id, *closing)])
    unit.head.closed_through = closed_through
    return closing


class Breach(NamedTuple):
    """An entry or a move recorded on or before the close date then in force."""

    closing: Closing
    """The closing in force at the recording."""
    entry_id: int | None
    """The entry; None if the breach is a move."""
    move_id: int | None
    """The move; None if the breach is an entry."""


def first_breach(reader: Reader) -> Breach | None:
    """Return the first entry, else the first move, that was recorded in a period closed at that time. A move that annuls another
    carries that move's date, so it is exempt."""
    closings = history(reader)
    ends = [closing.last_id for closing in closings[1:]] + [_LAST] * bool(closings)
    for table, further in (("entry", ""), ("move", " AND annuls IS NULL")):
        statement = (
            f"SELECT {table}_id FROM wares_{table} WHERE company_id = ? AND {table}_id > ? AND {table}_id <= ? "
            f"AND date <= ?{further} ORDER BY {table}_id LIMIT 1"
        )
        for closing, end in zip(closings, ends, strict=True):
            row = reader.row(statement, closing.last_id, end, closing.closed_through) if closing.closed_through else None
            if row is not None:
                return Breach(closing, *((row[0], None) if table == "entry" else (None, row[0])))
    return None
