"""Engines and transactions: open a database, read and write in it, and retry when another writer was faster.

    engine = open_engine("shop.db")                       # or a host's own engine, through configure_engine
    with read(engine) as connection: ...                  # one snapshot
    with write(engine) as connection: ...                 # one transaction, committed at the end

`wares.storage.commits` runs a unit in such a transaction and repeats it on a conflict.

A host's session or connection is only used here, never committed, rolled back or closed.
"""

from __future__ import annotations

import logging
import os
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import StaticPool

from wares.errors import Conflict, StorageError, WaresError
from wares.runtime.secrets_in_urls import without_password
from wares.storage.faults import codes_of, faults_typed
from wares.storage.migrations import HEAD
from wares.storage.sqlite_files import BUSY_SECONDS, keep_log_of_books, make_private_files, readable_url
from wares.storage.statements import POSTGRESQL as POSTGRESQL
from wares.storage.statements import SQLITE as SQLITE
from wares.storage.statements import Dialect as Dialect
from wares.storage.statements import dialect_of as dialect_of
from wares.storage.statements import insert_many as insert_many
from wares.storage.statements import sql as sql
from wares.storage.statements import unsupported

T = TypeVar("T")
logger = logging.getLogger(__name__)

ATTEMPTS = 10
PATIENCE_SECONDS = 60.0
"""No new attempt starts later than this after the first one."""

_ALMOST_A_URL = re.compile(r"(postgres|mysql|mariadb|oracle|mssql|cockroach)\w*(\+\w+)?(:|//)", re.IGNORECASE)
_CONFIGURED = "wares_configured"
_FILE = "wares_file"
_MAY_WORK_NEXT_TIME = ("40001", "40P01", "55P03")  # serialization failure, deadlock, lock time-out
_LOST = ("57P01", "57P02", "57P03")  # shut down, crashed, starting up; class 08 counts as well
_LOCK_TIMEOUT = "55P03"
_NEVER_COMMITTED = ("22", "23", "25", "40", "42", "P0")  # classes of errors with which PostgreSQL refuses a commit
_STATEMENT_COMPLETION_UNKNOWN = "40003"
_SQLITE_BUSY, _SQLITE_LOCKED, _SQLITE_CONSTRAINT = 5, 6, 19


# --- engines ---------------------------------------------------------------------------------------------------------


def open_engine(url_or_path: str | Path, *, must_exist: bool = False) -> Engine:
    """Return a configured engine for a file (`shop.db`), a SQLite URL or a PostgreSQL URL, without connecting.

    Raises StorageError: UNSUPPORTED_DATABASE, DRIVER_MISSING, BAD_DATABASE_URL, and with `must_exist` NO_DATABASE for a
    SQLite file that does not exist.
    """
    url = database_url(url_or_path)
    if url.get_backend_name() == "postgresql":
        # A failover leaves dead connections in the pool: the ping replaces them before a transaction starts on one.
        return configure_engine(_create(url, pool_pre_ping=True, isolation_level="READ COMMITTED"))
    if url.database in (None, "", ":memory:"):
        return configure_engine(_create(url, poolclass=StaticPool, connect_args={"check_same_thread": False}))
    if str(url.database).startswith("file:"):
        return configure_engine(_create(url))
    path = Path(str(url.database))
    if must_exist and not path.exists():
        shown = without_password(str(path))
        raise StorageError("NO_DATABASE", f"there is no database {shown}", hint="create it with: wares init", where=shown)
    engine = configure_engine(_create(readable_url(path).update_query_dict(dict(url.query))))
    make_private_files(engine)
    return engine


def database_url(url_or_path: str | Path) -> URL:
    """Return the SQLAlchemy URL of a file name or URL; `postgresql://` and `postgres://` mean psycopg 3."""
    given = str(url_or_path)
    if "://" not in given:
        if _ALMOST_A_URL.match(given):
            raise _bad_url("a URL begins with the name of the database and ://")
        return URL.create("sqlite", database=given)
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):  # their texts quote parts of it
        raise _bad_url("write signs such as @ : / in a password as %40 %3A %2F") from None
    if "@" in (url.host or ""):
        raise _bad_url("write @ in a password as %40")
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise unsupported(url.drivername)
    return url


def _bad_url(hint: str) -> StorageError:
    """Return the refusal of a URL: it quotes nothing, since any part of it may be the password."""
    return StorageError("BAD_DATABASE_URL", "this is not a database URL", hint=f"{hint}: postgresql://user:password@host/name")


def _create(url: URL, **options: object) -> Engine:
    try:
        return create_engine(url, **options)
    except (ImportError, NoSuchModuleError) as error:
        raise StorageError(
            "DRIVER_MISSING", f"the driver of {url.drivername} is not installed", hint="pip install 'wares[postgresql]'"
        ) from error


def configure_engine(engine: Engine) -> Engine:
    """Prepare an engine for Wares and return it; a second call changes nothing.

    On SQLite Wares begins transactions itself: BEGIN IMMEDIATE, so that two writers wait for each other instead of failing,
    or a plain BEGIN if the execution option `wares_read` is true. It switches on full synchronisation and foreign keys, and
    the write-ahead log once the file holds books. PostgreSQL needs nothing. Raises StorageError UNSUPPORTED_DATABASE for any
    other engine or driver.
    """
    name, driver = engine.dialect.name, engine.dialect.driver
    if (name, driver) == ("postgresql", "psycopg"):
        return engine
    if (name, driver) != ("sqlite", "pysqlite"):
        raise unsupported(f"{name}+{driver}")
    if not event.contains(engine, "begin", _begin_sqlite):
        # Without isolation_level the dialect treats every connection as autocommitting; a rollback must still run.
        engine.dialect.skip_autocommit_rollback = False
        event.listen(engine, "checkout", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        event.listen(engine, "commit", _require_file)
        event.listen(engine, "checkin", _end_sqlite)
    return engine


def _prepare_sqlite(dbapi_connection: Any, record: Any, _proxy: Any) -> None:
    """Prepare a connection once. It runs at every checkout, to reach connections pooled before the engine was configured."""
    if record.info.get(_CONFIGURED):
        return
    if getattr(dbapi_connection, "autocommit", -1) != -1:  # Python 3.12's other way of running transactions
        dbapi_connection.autocommit = True
        dbapi_connection.autocommit = -1
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY", "cache_size = -65536"):
            cursor.execute(f"PRAGMA {pragma}")
    finally:
        cursor.close()
    record.info[_CONFIGURED] = True
    record.info[_FILE] = _file_of(dbapi_connection)


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    dbapi_connection: Any = connection.connection.dbapi_connection
    if dbapi_connection.isolation_level is not None:  # SQLAlchemy restores it after an AUTOCOMMIT
        dbapi_connection.isolation_level = None
    _require_file(connection)
    if options.get("wares_read"):
        connection.exec_driver_sql("BEGIN")
        return
    keep_log_of_books(dbapi_connection, connection.info)
    connection.exec_driver_sql("BEGIN IMMEDIATE")


class _DatabaseFile(NamedTuple):
    """The file that a connection has opened: its name, device and inode."""

    name: str
    device: int
    inode: int


def _file_of(dbapi_connection: Any) -> _DatabaseFile | None:
    """Return the file of a SQLite connection; None for a database in memory."""
    name = next((row[2] for row in dbapi_connection.execute("PRAGMA database_list") if row[1] == "main"), "")
    if not name:
        return None
    found = os.stat(name)
    return _DatabaseFile(name, found.st_dev, found.st_ino)


def _require_file(connection: Connection) -> None:
    """Raise StorageError DATABASE_GONE if the file was deleted or replaced since the connection opened it.

    SQLite would go on in the file that has no name any more, and lose all that it writes.
    """
    file: _DatabaseFile | None = connection.info.get(_FILE)
    if file is None:
        return
    try:
        found = os.stat(file.name)
    except OSError:
        found = None
    if found is None or (found.st_dev, found.st_ino) != (file.device, file.inode):
        verb = "deleted" if found is None else "replaced"
        raise StorageError(
            "DATABASE_GONE",
            f"the database {file.name} was {verb} while the program had it open; this transaction was not written",
            hint="put the file back, and check what it holds",
            where=file.name,
        )


def _end_sqlite(dbapi_connection: Any, _record: object) -> None:
    """End a transaction that outlived a failed COMMIT: SQLAlchemy takes it for ended, and its lock would stay."""
    if dbapi_connection is not None and dbapi_connection.in_transaction:
        dbapi_connection.rollback()


def require_configured(connection: Connection) -> None:
    """Raise StorageError UNCONFIGURED_ENGINE on a SQLite connection that Wares did not prepare.

    The driver's own transactions would lose a host's rollback.
    """
    if dialect_of(connection) is not SQLITE:
        return
    if not connection.in_transaction():
        connection.begin()
    dbapi_connection: Any = connection.connection.dbapi_connection
    if not (connection.info.get(_CONFIGURED) and dbapi_connection.in_transaction):
        raise StorageError(
            "UNCONFIGURED_ENGINE",
            "this SQLite engine was not prepared for Wares",
            hint="call wares.storage.configure_engine(engine) once, before the first transaction",
        )


def require_migrated(connection: Connection) -> None:
    """Raise StorageError NOT_MIGRATED or DATABASE_NEWER unless the core's tables are at this version's revision."""
    found = None
    if inspect(connection).has_table("wares_version_wares"):
        found = sql(connection, "SELECT version_num FROM wares_version_wares").scalar()
    if found is None:
        raise StorageError("NOT_MIGRATED", "the database has no tables of Wares", hint="make them with: wares init")
    if found != HEAD:
        code, hint = ("NOT_MIGRATED", "run: wares db upgrade") if found < HEAD else ("DATABASE_NEWER", "update Wares")
        raise StorageError(code, f"the tables are at revision {found}, this version of Wares needs revision {HEAD}", hint=hint)


# --- transactions ----------------------------------------------------------------------------------------------------


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """Open a connection in a read transaction, which sees one snapshot and does not wait for writers."""
    options: dict[str, object] = {"wares_read": True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with faults_typed(), engine.connect() as connection:
        transaction = connection.execution_options(**options).begin()
        try:
            yield connection
        finally:
            transaction.close()  # a rollback: there is nothing to commit


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """Open a connection in a writing transaction: committed at the end, rolled back if anything is raised."""
    with engine.begin() as connection:
        require_configured(connection)
        yield connection


def retrying(unit: Callable[[], T], *, attempts: int = ATTEMPTS, sleep: Callable[[float], None] = time.sleep) -> T:
    """Return the result of `unit`, which opens and commits its own transaction; run it again after a conflict or a lost
    connection.

    The wait between attempts is random, up to 10 ms at first and doubling to one second. `unit` raises a lost connection only
    if it was not committed, or may be done twice. After `attempts`, or PATIENCE_SECONDS, raises Conflict(retryable=True) with
    code BUSY or CONNECTION_LOST; every other error passes at once.
    """
    started = time.monotonic()
    for attempt in range(1, attempts + 1):
        try:
            return unit()
        except Exception as error:
            if not is_retryable(error):
                raise
            if attempt == attempts or time.monotonic() - started > PATIENCE_SECONDS:
                raise _given_up(error, attempt) from error
            logger.info("attempt %d of %d met a conflict: %s", attempt, attempts, error)
        sleep(random.uniform(0, min(1.0, 0.01 * 2 ** (attempt - 1))))
    raise ValueError("attempts must be at least 1")


def _given_up(error: Exception, attempt: int) -> Conflict:
    if isinstance(error, Conflict):
        return error
    cause = getattr(error, "orig", None) or error
    if is_connection_lost(error):
        message = f"the database is out of reach: {cause}"
        return Conflict("CONNECTION_LOST", message, retryable=True, hint="try again later")
    return Conflict("BUSY", f"other writers were faster {attempt} times: {cause}", retryable=True, hint="try again")


def is_retryable(error: BaseException) -> bool:
    """True if the same transaction may succeed when run again.

    This holds for a serialization failure, a deadlock, a lock time-out, a lost connection and a retryable Conflict, as
    errors of SQLAlchemy or of the drivers; other WaresErrors are final.
    """
    if isinstance(error, Conflict):
        return error.retryable
    if isinstance(error, WaresError):
        return False
    sqlite_code, sqlstate = codes_of(error)
    if sqlite_code in (_SQLITE_BUSY, _SQLITE_LOCKED) or sqlstate in _MAY_WORK_NEXT_TIME:
        return True
    return is_connection_lost(error)


def is_lock_timeout(error: BaseException) -> bool:
    """True if PostgreSQL gave up waiting for a lock."""
    return codes_of(error)[1] == _LOCK_TIMEOUT


def is_certain_rollback(error: BaseException) -> bool:
    """True if an error at COMMIT says by itself that nothing was committed: the database answered and refused."""
    sqlite_code, sqlstate = codes_of(error)
    if sqlstate is None:
        return sqlite_code in (_SQLITE_BUSY, _SQLITE_LOCKED, _SQLITE_CONSTRAINT)
    return sqlstate.startswith(_NEVER_COMMITTED) and sqlstate != _STATEMENT_COMPLETION_UNKNOWN


def is_connection_lost(error: BaseException) -> bool:
    """True if the server went away, is restarting, or cannot be reached."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    cause = error.orig if isinstance(error, DBAPIError) else error
    if type(cause).__module__.partition(".")[0] != "psycopg":
        return False
    sqlstate = getattr(cause, "sqlstate", None)
    if sqlstate is None:  # the error is the driver's, which could not reach the server
        return any(kind.__name__ == "OperationalError" for kind in type(cause).__mro__)
    return sqlstate in _LOST or sqlstate.startswith("08")
