"""Restoring a SQLite database from a copy of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from wares.errors import Conflict, Refused

_WAIT_SECONDS = 5


class Copied(NamedTuple):
    """The books in a copy."""

    companies: int
    documents: int
    entries: int
    recorded_at: str | None
    """The instant at which its last document was recorded, UTC."""


def examine(copy: Path) -> Copied:
    """Return what a copy holds. Refused NO_FILE, NOT_A_BACKUP."""
    if not copy.is_file():
        raise Refused.because("NO_FILE", f"there is no file {copy}", where=str(copy))
    try:
        with _opened(copy) as connection:
            damage = [row[0] for row in connection.execute("PRAGMA quick_check(1)") if row[0] != "ok"]
            if damage:
                raise _no_backup(copy, f"is damaged: {damage[0]}")
            found = connection.execute(
                "SELECT (SELECT COUNT(*) FROM wares_company), COUNT(*), (SELECT COUNT(*) FROM wares_entry), "
                "datetime(MAX(recorded_at) / 1000000, 'unixepoch') FROM wares_document WHERE status <> 'pending'"
            ).fetchone()
    except sqlite3.DatabaseError as error:
        raise _no_backup(copy, f"holds no books: {error}") from error
    return Copied(*found)


def restore(copy: Path, database: Path, *, aside: Path | None) -> None:
    """Make `database` the same as `copy`; first write its present books, if any, to the new file `aside`.

    Programs that have the database open see the other books from their next transaction on. Conflict DATABASE_BUSY if one of them
    is writing.
    """
    with _opened(copy) as source, closing(sqlite3.connect(database, timeout=_WAIT_SECONDS)) as target:
        try:
            if aside is not None:
                target.execute("VACUUM INTO ?", (str(aside),))
            target.execute("PRAGMA journal_mode = WAL")
            source.backup(target)
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.OperationalError as error:
            raise Conflict(
                "DATABASE_BUSY",
                f"{database} cannot be replaced now: {error}",
                retryable=False,
                hint="stop the programs that write to it, then try again",
            ) from error


@contextmanager
def _opened(copy: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(f"file:{copy.resolve().as_posix()}?mode=rw", uri=True)) as connection:
        yield connection


def _no_backup(copy: Path, problem: str) -> Refused:
    return Refused.because("NOT_A_BACKUP", f"{copy} {problem}", where=str(copy), hint="wares db backup writes one")
