"""Migrations: one linear chain of alembic revisions and one version table for each owner of tables.

The core owns its tables, and every plugin owns its own. Because chains and version tables are separate, a plugin that is
not installed breaks no other upgrade. There is no env.py: Wares drives alembic itself. On SQLite it switches foreign keys
off while tables are rebuilt, checks them before each commit, and switches them on again. DDL and data never share a
transaction.

    migrate(engine)                                         # the core
    migrate(engine, [CORE, MigrationSource("kit", "wares_kit.migrations", metadata, "kit_")])
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Column, Connection, Engine, MetaData, PrimaryKeyConstraint, String, Table, inspect
from sqlalchemy.exc import DBAPIError

from wares.errors import StorageError
from wares.storage import tables
from wares.storage.currencies import CURRENCIES
from wares.storage.database import POSTGRESQL, SQLITE, dialect_of, read, require_configured, retrying, sql, write
from wares.storage.faults import faults_typed, typed
from wares.storage.sqlite_files import keep_log

logger = logging.getLogger(__name__)

VERSION_TABLE = "wares_version_"

_one_thread_at_a_time = threading.Lock()
"""`from alembic import op` is one object of the whole process: two threads would use each other's connection."""


@dataclass(frozen=True)
class MigrationSource:
    """An owner of tables and the place of its revisions.

    `owner` names the chain (lower case, digits, underscores); `location` is the package (`wares_kit.migrations`) or folder
    with the revision files; `metadata` has the tables at the newest revision. The owner's tables are all that start with
    `prefix`; without a prefix, the tables of its metadata.
    """

    owner: str
    location: str | Path
    metadata: MetaData
    prefix: str = ""

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", self.owner):
            raise ValueError(f"{self.owner!r} cannot own migrations: use lower case letters, digits and underscores")

    @property
    def version_table(self) -> str:
        """Return the name of the table that holds the owner's current revision."""
        return VERSION_TABLE + self.owner

    @property
    def folder(self) -> Path:
        """Return the folder of the revision files. StorageError NO_MIGRATIONS if the package is missing."""
        if isinstance(self.location, Path):
            return self.location
        spec = find_spec(self.location)
        places = list(spec.submodule_search_locations or ()) if spec else []
        if not places:
            raise StorageError("NO_MIGRATIONS", f"{self.owner} has no package {self.location}", plugin=self.owner)
        return Path(places[0])

    def owns(self, table: str) -> bool:
        """True if a table of that name belongs to this owner."""
        return table.startswith(self.prefix) if self.prefix else table in self.metadata.tables


CORE = MigrationSource("wares", "wares.storage.migrations", tables.metadata)


@dataclass(frozen=True)
class Status:
    """The revision of one owner's tables in a database. `current` None: no revision yet; `head` None: the owner is not
    installed.

    `orphaned` is true if the database has a revision that is not installed: its owner was removed or is older.
    """

    owner: str
    current: str | None
    head: str | None
    up_to_date: bool
    orphaned: bool


def migrate(engine: Engine, sources: Sequence[MigrationSource] = (CORE,)) -> None:
    """Bring the tables of every source to its newest revision, in the order given, and fill the core's reference tables.

    Two processes may do it at once. Raises StorageError UNCONFIGURED_ENGINE; DATABASE_NEWER if the database has a revision
    that is not installed; MIGRATION_FAILED if a revision raised, with the revisions before it committed.
    """
    with read(engine) as connection:
        require_configured(connection)
    with faults_typed():
        _migrate(engine, sources)


def _migrate(engine: Engine, sources: Sequence[MigrationSource]) -> None:
    for source in sources:
        before = _status_of(engine, source)
        if before.orphaned:
            raise StorageError(
                "DATABASE_NEWER",
                f"the tables of {source.owner} are at revision {before.current}, which is not installed here",
                hint="install the version that made them, or a newer one",
            )
        if not before.up_to_date:
            _keep_log(engine)
            _upgrade(engine, source)
        if source.owner == CORE.owner:
            seed_reference(engine)


def _keep_log(engine: Engine) -> None:
    if engine.dialect.name == SQLITE.name:
        with engine.connect() as connection:
            keep_log(connection.connection.dbapi_connection)


def status(engine: Engine, sources: Sequence[MigrationSource] = (CORE,)) -> list[Status]:
    """Return the state of each source's tables, then of each chain in the database without a source."""
    found = [_status_of(engine, source) for source in sources]
    known = {source.version_table for source in sources}
    with read(engine) as connection:
        for table in sorted(inspect(connection).get_table_names()):
            if table.startswith(VERSION_TABLE) and table not in known:
                current = sql(connection, f'SELECT version_num FROM "{table}"').scalar()
                if current is not None:
                    found.append(Status(table.removeprefix(VERSION_TABLE), current, None, False, True))
    return found


def downgrade(engine: Engine, source: MigrationSource, revision: str = "base") -> None:
    """Take the source's tables back to `revision`; "base" removes them all, with their rows."""
    _run(engine, source, "down", revision)


def purge(engine: Engine, source: MigrationSource) -> None:
    """Remove a plugin's tables and its version table from the database. The core cannot be purged."""
    if source.owner == CORE.owner:
        raise ValueError("the core's tables are the books; delete the database instead")
    downgrade(engine, source)
    with write(engine) as connection:
        connection.exec_driver_sql(f'DROP TABLE IF EXISTS "{source.version_table}"')


def tables_of(engine: Engine, owner: str, sources: Iterable[MigrationSource] = ()) -> dict[str, int]:
    """Return the tables of a plugin in the database, each with its number of rows.

    The tables of a plugin that is no longer installed are those with its prefix and no other owner.
    """
    source = next((source for source in sources if source.owner == owner), None)
    others = [CORE, *(each for each in sources if each.owner != owner)]
    with read(engine) as connection:
        names = inspect(connection).get_table_names()
        if VERSION_TABLE + owner not in names:
            return {}
        own = [name for name in names if (source.owns(name) if source is not None else name.startswith(f"{owner}_"))]
        free = [name for name in own if not any(other.owns(name) for other in others)]
        return {name: int(sql(connection, f'SELECT COUNT(*) FROM "{name}"').scalar() or 0) for name in sorted(free)}


def purge_tables(engine: Engine, owner: str, sources: Iterable[MigrationSource] = ()) -> None:
    """Remove everything of a plugin, by its migrations where they are installed, else by name. The core cannot be purged."""
    sources = list(sources)
    source = next((source for source in sources if source.owner == owner), None)
    if source is not None or owner == CORE.owner:
        purge(engine, source or CORE)
        return
    orphans, names = MetaData(), list(tables_of(engine, owner, sources))
    with read(engine) as connection:
        orphans.reflect(connection, only=names)
    with write(engine) as connection:
        for table in reversed(orphans.sorted_tables):
            if table.name in names:
                connection.exec_driver_sql(f'DROP TABLE "{table.name}"')
        connection.exec_driver_sql(f'DROP TABLE "{VERSION_TABLE}{owner}"')


def require_current(connection: Connection, sources: Iterable[MigrationSource]) -> None:
    """Raise StorageError NOT_MIGRATED or DATABASE_NEWER unless each plugin's tables are at the revision that it needs."""
    for source in sources:
        scripts = scripts_of(source)
        context = MigrationContext.configure(connection, opts={"version_table": source.version_table})
        current, head = context.get_current_revision(), scripts.get_current_head()
        if current == head:
            continue
        is_newer = current is not None and not _has(scripts, current)
        code, hint = ("DATABASE_NEWER", f"update {source.owner}") if is_newer else ("NOT_MIGRATED", "run: wares db upgrade")
        message = f"the tables of plugin {source.owner} are at revision {current or 'none'}, and it needs revision {head}"
        raise StorageError(code, message, hint=hint, plugin=source.owner)


def seed_reference(engine: Engine) -> None:
    """Add the missing ISO 4217 currencies to the table `currency`; existing rows are not changed."""
    with read(engine) as connection:
        known = {row[0] for row in sql(connection, "SELECT code FROM wares_currency", ())}
    if known.issuperset(row[0] for row in CURRENCIES):
        return

    def seed() -> None:
        with write(engine) as connection:
            statement = dialect_of(connection).insert(tables.currency) + " ON CONFLICT DO NOTHING"
            sql(connection, statement, list(CURRENCIES))

    retrying(seed)


def include_name(name: str | None, type_: str, parent_names: object = None) -> bool:
    """True unless a name is a table of Wares, for a host's own alembic: `context.configure(include_name=include_name)`.

    It knows the core's tables, the version tables, and the tables of every plugin whose models are imported.
    """
    if type_ != "table" or name is None:
        return True
    from wares.storage.model import WaresModel

    return not (name.startswith(VERSION_TABLE) or CORE.owns(name) or name in WaresModel.metadata.tables)


# --- how alembic is driven -------------------------------------------------------------------------------------------


def _upgrade(engine: Engine, source: MigrationSource) -> None:
    try:
        with _one_process_at_a_time(engine, source):
            if not _status_of(engine, source).up_to_date:
                _run(engine, source, "up", "head")
    except DBAPIError as error:
        if (known := typed(error)) is not None:
            raise known from error
        if _is_upgraded_by_another(engine, source):
            logger.info("another process upgraded the tables of %s at the same time", source.owner)
            return
        raise StorageError(
            "MIGRATION_FAILED", f"the tables of {source.owner} could not be upgraded: {error.orig}", plugin=source.owner
        ) from error


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


def _is_upgraded_by_another(engine: Engine, source: MigrationSource) -> bool:
    """True if the tables are up to date. On SQLite another process may be between two revisions: it is waited for as long as
    it makes progress."""
    give_up_at, last = time.monotonic() + 1, None
    while time.monotonic() < give_up_at:
        status = _status_of(engine, source)
        if status.up_to_date:
            return True
        if status.current != last:
            give_up_at, last = time.monotonic() + 1, status.current
        time.sleep(0.02)
    return False


def scripts_of(source: MigrationSource) -> ScriptDirectory:
    """Return a source's chain of revisions. StorageError NO_MIGRATIONS if the package is missing or the chain has branches."""
    folder = str(source.folder)
    scripts = ScriptDirectory(folder, version_locations=[folder])
    if len(scripts.get_heads()) > 1:
        heads = ", ".join(scripts.get_heads())
        raise StorageError("NO_MIGRATIONS", f"the chain of {source.owner} has branches: {heads}", plugin=source.owner)
    return scripts


def _status_of(engine: Engine, source: MigrationSource) -> Status:
    scripts = scripts_of(source)
    head = scripts.get_current_head()
    with read(engine) as connection:
        context = MigrationContext.configure(connection, opts={"version_table": source.version_table})
        current = context.get_current_revision()
    return Status(source.owner, current, head, current == head, current is not None and not _has(scripts, current))


def _has(scripts: ScriptDirectory, revision: str) -> bool:
    try:
        return scripts.get_revision(revision) is not None
    except CommandError:
        return False


def _run(engine: Engine, source: MigrationSource, direction: Literal["up", "down"], revision: str) -> None:
    scripts = scripts_of(source)

    def steps(current: Any, _context: Any) -> Iterable[Any]:
        plan: Any = scripts._upgrade_revs if direction == "up" else scripts._downgrade_revs  # alembic's manual does so
        return list(plan(revision, current))

    environment = EnvironmentContext(Config(), scripts, fn=steps)
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
