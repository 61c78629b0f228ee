"""Migrations: one linear chain of alembic revisions and one version table for each owner of tables.

The core owns its tables, and every plugin owns its own. Because chains and version tables are separate, a plugin that is
not installed breaks no other upgrade. DDL and data never share a transaction. `alembic_runs` runs the revisions,
`purging` removes the tables of a plugin.

    migrate(engine)                                         # the core
    migrate(engine, [CORE, MigrationSource("kit", "wares_kit.migrations", metadata, "kit_")])
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from wares.errors import StorageError
from wares.storage import tables
from wares.storage.alembic_runs import run_revisions
from wares.storage.currencies import CURRENCIES
from wares.storage.database import SQLITE, dialect_of, read, require_configured, retrying, sql, write
from wares.storage.faults import faults_typed
from wares.storage.migration_source import CORE, VERSION_TABLE, MigrationSource, has_revision, scripts_of
from wares.storage.sqlite_files import keep_log


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

    Several processes may do it at once. Raises StorageError UNCONFIGURED_ENGINE; DATABASE_NEWER if the database has a revision
    that is not installed; MIGRATION_FAILED if a revision raised, with the revisions before it committed.
    """
    with read(engine) as connection:
        require_configured(connection)
    with faults_typed():
        _migrate(engine, sources)


def _migrate(engine: Engine, sources: Sequence[MigrationSource]) -> None:
    for source in sources:
        scripts = scripts_of(source)
        before = _status_of(engine, source, scripts)
        if before.orphaned:
            raise StorageError(
                "DATABASE_NEWER",
                f"the tables of {source.owner} are at revision {before.current}, which is not installed here",
                hint="install the version that made them, or a newer one",
            )
        if not before.up_to_date:
            _keep_log(engine)
            run_revisions(engine, source, scripts, "up", "head")
        if source.owner == CORE.owner:
            seed_reference(engine)


def _keep_log(engine: Engine) -> None:
    if engine.dialect.name == SQLITE.name:
        with engine.connect() as connection:
            keep_log(connection.connection.dbapi_connection)


def status(engine: Engine, sources: Sequence[MigrationSource] = (CORE,)) -> list[Status]:
    """Return the state of each source's tables, then of each chain in the database without a source."""
    found = [_status_of(engine, source, scripts_of(source)) for source in sources]
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
    run_revisions(engine, source, scripts_of(source), "down", revision)


def require_current(connection: Connection, sources: Iterable[MigrationSource]) -> None:
    """Raise StorageError NOT_MIGRATED or DATABASE_NEWER unless each plugin's tables are at the revision that it needs."""
    for source in sources:
        scripts = scripts_of(source)
        context = MigrationContext.configure(connection, opts={"version_table": source.version_table})
        current, head = context.get_current_revision(), scripts.get_current_head()
        if current == head:
            continue
        is_newer = current is not None and not has_revision(scripts, current)
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


def _status_of(engine: Engine, source: MigrationSource, scripts: ScriptDirectory) -> Status:
    head = scripts.get_current_head()
    with read(engine) as connection:
        context = MigrationContext.configure(connection, opts={"version_table": source.version_table})
        current = context.get_current_revision()
    return Status(source.owner, current, head, current == head, current is not None and not has_revision(scripts, current))
