"""How alembic is driven: there is no env.py.

One revision after another is run, each in a transaction that begins with a read of the present revision. On SQLite that
transaction has the writers' lock from its first statement; on PostgreSQL a lock on the version table is held for all of them.
So a process that is slower than another finds the revision that the other has left, and goes on from there.

On SQLite foreign keys are off while tables are rebuilt, are checked before each commit, and are on again at the end.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Engine, MetaData, PrimaryKeyConstraint, String, Table, inspect
from sqlalchemy.exc import DBAPIError

from wares.errors import StorageError, WaresError
from wares.storage.database import POSTGRESQL, SQLITE, dialect_of, is_retryable, read, retrying, write
from wares.storage.faults import typed
from wares.storage.migration_source import MigrationSource

Direction = Literal["up", "down"]

_one_thread_at_a_time = threading.Lock()
"""`from alembic import op` is one object of the whole process: two threads would use each other's connection."""


def run_revisions(engine: Engine, source: MigrationSource, scripts: ScriptDirectory, direction: Direction, revision: str) -> None:
    """Take the source's tables to `revision` of its chain, also if another process does the same or has done it.

    Raises StorageError MIGRATION_FAILED if a revision raised, with those before it committed; Conflict BUSY if another writer
    held the database for too long.
    """
    retrying(lambda: _run_typed(engine, source, scripts, direction, revision))


def _run_typed(engine: Engine, source: MigrationSource, scripts: ScriptDirectory, direction: Direction, revision: str) -> None:
    try:
        with _one_process_at_a_time(engine, source):
            _run(engine, source, scripts, direction, revision)
    except WaresError:
        raise
    except Exception as error:
        if (known := typed(error)) is not None:
            raise known from error
        if is_retryable(error):
            raise
        cause = error.orig if isinstance(error, DBAPIError) else error
        done = {"up": "upgraded", "down": "downgraded"}[direction]
        message = f"the tables of {source.owner} could not be {done}: {cause}"
        raise StorageError("MIGRATION_FAILED", message, plugin=source.owner) from error


@contextmanager
def _one_process_at_a_time(engine: Engine, source: MigrationSource) -> Iterator[None]:
    """Make other processes wait until this one has migrated a PostgreSQL database.

    The lock on the version table is of a kind that only excludes itself: the revisions run on another connection meanwhile.
    """
    if engine.dialect.name != POSTGRESQL.name:
        yield
        return
    _make_version_table(engine, source)
    with write(engine) as keeper:
        keeper.exec_driver_sql(f'LOCK TABLE "{source.version_table}" IN SHARE UPDATE EXCLUSIVE MODE')
        yield


def _make_version_table(engine: Engine, source: MigrationSource) -> None:
    """Make the version table as alembic would."""
    version = Column("version_num", String(32), nullable=False)
    table = Table(source.version_table, MetaData(), version, PrimaryKeyConstraint(version, name=f"{source.version_table}_pkc"))
    try:
        with write(engine) as connection:
            table.create(connection, checkfirst=True)
    except DBAPIError:
        with read(engine) as connection:
            if not inspect(connection).has_table(source.version_table):  # otherwise another process was faster
                raise


def _run(engine: Engine, source: MigrationSource, scripts: ScriptDirectory, direction: Direction, revision: str) -> None:
    plan: Any = scripts._upgrade_revs if direction == "up" else scripts._downgrade_revs  # alembic's manual does so
    is_done = False

    def next_step(current: Any, _context: Any) -> Iterable[Any]:
        """Alembic has just read the current revision, in the transaction in which it will run the step."""
        nonlocal is_done
        steps = list(plan(revision, current))
        is_done = len(steps) < 2
        return steps[:1]

    environment = EnvironmentContext(Config(), scripts, fn=next_step)
    with _one_thread_at_a_time, engine.connect() as connection, _foreign_keys_off(connection):
        environment.configure(
            connection=connection,
            target_metadata=source.metadata,
            version_table=source.version_table,
            transactional_ddl=True,
            transaction_per_migration=True,
            render_as_batch=True,
            on_version_apply=_check_foreign_keys,
        )
        while not is_done:
            environment.run_migrations()
        connection.commit()


@contextmanager
def _foreign_keys_off(connection: Connection) -> Iterator[None]:
    """Switch SQLite's foreign keys off, since rebuilding a table drops it, which would delete or refuse its children.

    The pragma has no effect inside a transaction, so it goes to the driver before one begins.
    """
    if dialect_of(connection) is not SQLITE:
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys = ON")


def _check_foreign_keys(ctx: MigrationContext, step: MigrationInfo, heads: object, run_args: object) -> None:
    """Raise StorageError MIGRATION_FAILED if a revision broke a foreign key; runs after each revision, before its commit."""
    connection = ctx.connection
    if connection is None or dialect_of(connection) is not SQLITE:
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        orphaned = ", ".join(sorted({row[0] for row in broken}))
        message = f"revision {step.up_revision_id} would leave rows of {orphaned} without their parents"
        raise StorageError("MIGRATION_FAILED", message)
