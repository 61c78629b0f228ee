"""One attempt at a transaction, and the marks by which its outcome is known when the answer to its COMMIT is lost.

Each attempt has a random token. The statement that locks a company's head row also writes `token:version` at the front of
`recent_units`, so that the mark is committed with the unit and costs no statement of its own. After a lost answer another
connection locks the row, which waits for the old transaction to end, and reads the marks: `outcome`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, event

from wares.storage.database import POSTGRESQL, dialect_of, retrying, sql, write
from wares.storage.tables import company_head

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

KEPT = 1024
"""Characters of `recent_units`: some 60 marks. PostgreSQL keeps a row of this size in one piece."""
TOKEN = 8
"""Characters of a token: 48 random bits."""
LOCK_SECONDS = 30
"""Time that a writer waits for the writer before it on PostgreSQL, as `BUSY_SECONDS` on SQLite."""
NOTE_SECONDS = 2
"""Time of waiting after which the log says so."""
WAITING_EVENTS = "wares_events"
"""Key in `session.info` of the events that wait for the commit; each has a list `events`."""

_ATTEMPT = "wares_attempt"
_SET = (
    "version = version + 1, recent_units = CASE WHEN substr(recent_units, 1, 8) = ? THEN recent_units ELSE substr(CAST(? AS TEXT) "
)
MARKED = f"{_SET} || ':' || (version + 1) || ' ' || recent_units, 1, {KEPT}) END"
"""SET clause that counts a unit and marks it; its two parameters are the token. A second unit of a transaction adds no mark."""
LOCK_TIMEOUT = (
    " AND set_config('lock_timeout', CASE WHEN current_setting('lock_timeout') = '0' THEN ? "
    "ELSE current_setting('lock_timeout') END, true) IS NOT NULL"
)
"""Condition that limits the wait for the row on PostgreSQL, unless the connection has a limit of its own. The server evaluates
it before it waits for the lock, so that the limit costs no statement."""


class CommitOutcome(Enum):
    """The state of a transaction whose COMMIT had no answer."""

    COMMITTED = "committed"
    ROLLED_BACK = "rolled back"
    UNKNOWN = "unknown"


class Attempt:
    """One attempt at a transaction of Wares' own: its token, the companies marked with it, and its result once it may commit."""

    def __init__(self, lock_seconds: float | None = None) -> None:
        self.token = secrets.token_urlsafe(TOKEN * 3 // 4)
        self.lock_timeout = None if lock_seconds is None else f"{max(1, round(lock_seconds * 1000))}ms"
        """How long a lock is waited for; None leaves that to the connection."""
        self.marks: dict[tuple[Engine, int], tuple[int, Connection | None]] = {}
        """(Engine, company id) → version of the head row, and the connection if a savepoint may have taken the mark back."""
        self.is_ended = False
        """True once the unit has done its work: all that is left is the commit."""
        self.result: Any = None
        self.events: list[Any] = []
        """The holders of events that wait in the session for its commit."""

    def note(self, connection: Connection, company_id: int, version: int) -> None:
        """Note that the head row of a company was marked."""
        key = connection.engine, company_id
        before = self.marks.get(key)
        if before is None or before[1] is not None:
            self.marks[key] = version, connection if connection.in_nested_transaction() else None

    def confirm(self) -> None:
        """Write those marks again that went with a savepoint: the last statement before a session commits."""
        statement = (
            f"UPDATE wares_company SET {MARKED} WHERE company_id = ? AND substr(recent_units, 1, {TOKEN}) <> ? RETURNING version"
        )
        for (engine, company_id), (_, connection) in list(self.marks.items()):
            if connection is not None:
                row = sql(connection, statement, (self.token, self.token, company_id, self.token)).fetchone()
                if row is not None:
                    self.marks[engine, company_id] = int(row[0]), None

    def end(self, result: Any) -> None:
        """Keep the result of the unit: from here on only the commit can fail."""
        self.result = result
        self.is_ended = True

    @contextmanager
    def on(self, connection: Connection) -> Iterator[None]:
        """Mark every unit of a connection's transaction."""
        info = connection.info
        info[_ATTEMPT] = self
        try:
            yield
        finally:
            info.pop(_ATTEMPT, None)

    @contextmanager
    def within(self, session: Session) -> Iterator[None]:
        """Mark every unit of a session's transaction, on each of its connections."""
        infos: list[dict[Any, Any]] = []

        def begun(_session: Session, _transaction: object, connection: Connection) -> None:
            infos.append(connection.info)
            connection.info[_ATTEMPT] = self

        event.listen(session, "after_begin", begun)
        try:
            yield
        finally:
            event.remove(session, "after_begin", begun)
            for info in infos:
                info.pop(_ATTEMPT, None)


def attempt_of(connection: Connection) -> Attempt | None:
    """Return the attempt whose transaction runs on a connection; None in a transaction that a host commits by itself."""
    found: Attempt | None = connection.info.get(_ATTEMPT)
    return found


def outcome(attempt: Attempt) -> CommitOutcome:
    """Return the state of an attempt whose COMMIT had no answer, read over connections of their own.

    UNKNOWN if nothing was marked, if the database cannot be reached or the old transaction does not end in time, or if so
    many units came after it that its mark would be gone.
    """
    found = CommitOutcome.UNKNOWN
    for (engine, company_id), (version, _) in attempt.marks.items():
        found = retrying(partial(_look_up, engine, company_id, version, attempt.token))
        if found is not CommitOutcome.ROLLED_BACK:
            break
    return found


def _look_up(engine: Engine, company_id: int, version: int, token: str) -> CommitOutcome:
    with write(engine.execution_options(isolation_level="READ COMMITTED") if _is_postgresql(engine) else engine) as connection:
        statement = "SELECT recent_units FROM wares_company WHERE company_id = ?"
        if dialect_of(connection) is POSTGRESQL:
            sql(connection, f"SET LOCAL lock_timeout = '{LOCK_SECONDS // 3}s'")
            statement += " FOR UPDATE"  # the old transaction has the lock until it has ended
        row = sql(connection, statement, (company_id,)).fetchone()
        if row is None and dialect_of(connection) is POSTGRESQL:  # SQLite has one writer anyway
            _wait_until_it_is_made(connection, company_id)
            row = sql(connection, statement, (company_id,)).fetchone()
        if row is None:
            return CommitOutcome.ROLLED_BACK
        return _outcome_in(row[0], version, token)


def _outcome_in(recent_units: str, version: int, token: str) -> CommitOutcome:
    marks = [mark.partition(":") for mark in recent_units.split(" ")[:-1]]  # the last is empty, or cut off
    if any(mark[0] == token for mark in marks):
        return CommitOutcome.COMMITTED
    if len(recent_units) < KEPT or int(marks[-1][2]) <= version:
        return CommitOutcome.ROLLED_BACK
    return CommitOutcome.UNKNOWN


def _is_postgresql(engine: Engine) -> bool:
    return engine.dialect.name == POSTGRESQL.name


def _wait_until_it_is_made(connection: Connection, company_id: int) -> None:
    """Wait for the end of a transaction that makes this company: nobody sees its head row, but another such row waits for it."""
    row = (company_id, "", "", "", 0, 0, 0, 0, 0, 0, 0, "", "")
    with connection.begin_nested() as savepoint:
        connection.exec_driver_sql(POSTGRESQL.insert(company_head) + " ON CONFLICT DO NOTHING", row)
        savepoint.rollback()
