"""Errors of the drivers: their codes, and the typed errors for those that a person can do something about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from wares.errors import StorageError, WaresError

_SQLITE_READONLY, _SQLITE_FULL, _SQLITE_CANTOPEN, _SQLITE_NOTADB = 8, 13, 14, 26
_NOTHING = "nothing was written"
_TYPED = {
    _SQLITE_FULL: ("DISK_FULL", f"the disk of the database is full; {_NOTHING}", "make room and run it again"),
    _SQLITE_READONLY: ("READ_ONLY", f"the database can only be read; {_NOTHING}", "check who may write the file and its folder"),
    _SQLITE_CANTOPEN: ("NO_DATABASE", "the database file cannot be opened", "check the name, and who may write there"),
    _SQLITE_NOTADB: ("NOT_A_DATABASE", "the file is not a SQLite database", "name another file with --db"),
    "53100": ("DISK_FULL", f"the disk of the database server is full; {_NOTHING}", "make room and run it again"),
    "25006": ("READ_ONLY", f"the database can only be read; {_NOTHING}", "connect to the primary server"),
}


def codes_of(error: BaseException) -> tuple[int, str | None]:
    """Return the primary error code of SQLite, or 0, and the SQLSTATE of PostgreSQL, or None."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF, getattr(cause, "sqlstate", None)


def typed(error: BaseException) -> StorageError | None:
    """Return the error of a driver as StorageError: DISK_FULL, READ_ONLY, NO_DATABASE, NOT_A_DATABASE; None for any other."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, WaresError):
        sqlite_code, sqlstate = codes_of(cause)
        if not sqlite_code and sqlstate is None:
            return None
        found = _TYPED.get(sqlstate if sqlstate is not None else sqlite_code)
        if found is not None:
            return StorageError(found[0], found[1], hint=found[2])
        cause = cause.__context__  # when its disk is full SQLite ends the transaction, and going back to a savepoint fails
    return None


@contextmanager
def faults_typed() -> Iterator[None]:
    """Raise the errors that `typed` knows as StorageError."""
    try:
        yield
    except Exception as error:
        found = typed(error)
        if found is None:
            raise
        raise found from error
