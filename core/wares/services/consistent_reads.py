"""Reads in a host's session see one state of the books, even if the session has no snapshot.

In READ COMMITTED, PostgreSQL's default, each statement sees what was committed before it began. Every unit that writes raises the
version of the company's head row first, so that equal versions before and after a read prove that nobody's commit came between.
If they differ the read is done again; when writers leave it no time for that, it is refused: Conflict SNAPSHOT_NEEDED.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from wares.errors import Conflict
from wares.storage.database import SQLITE, sql
from wares.storage.unit import Reader, units_begun

T = TypeVar("T")

READS = 5
REPEATING_SECONDS = 2.0
"""A read is not begun again later than this after the first time."""


class Seen:
    """The state of a company's books at one moment of a connection."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._others: int = reader.head.version - units_begun(reader.connection, reader.company_id)

    def has_passed(self) -> bool:
        """True if others have committed since, and this connection would see it."""
        connection, company_id = self._reader.connection, self._reader.company_id
        if self._reader.dialect is SQLITE and _is_in_transaction(connection):
            return False  # a transaction of SQLite is a snapshot
        row = sql(connection, "SELECT version FROM wares_company WHERE company_id = ?", (company_id,)).fetchone()
        version: int = row[0] if row is not None else 0
        return version - units_begun(connection, company_id) > self._others

    def require_present(self) -> None:
        """Raise Conflict SNAPSHOT_NEEDED if others have committed since."""
        if self.has_passed():
            raise snapshot_needed()


def read_consistently(see: Callable[[], Reader], unit: Callable[[Reader], T]) -> T:
    """Return `unit(see())` of one state of the books. `unit` only reads, since it may be run again."""
    started = time.monotonic()
    for _ in range(READS):
        reader = see()
        seen = Seen(reader)
        try:
            result = unit(reader)
        except DBAPIError:
            raise
        except Exception:
            if not seen.has_passed():
                raise
        else:
            if not seen.has_passed():
                return result
        if time.monotonic() - started > REPEATING_SECONDS:
            break
    raise snapshot_needed()


def snapshot_needed() -> Conflict:
    """Return the refusal of a read during which others wrote."""
    return Conflict(
        "SNAPSHOT_NEEDED",
        "others wrote these books while they were read, and the session's transaction sees each commit at once",
        retryable=True,
        hint="read in a session whose engine has the execution option isolation_level='REPEATABLE READ', "
        "or with books of their own: Books(engine=engine)",
    )


def _is_in_transaction(connection: Connection) -> bool:
    driver: Any = connection.connection.dbapi_connection
    return bool(driver.in_transaction)
