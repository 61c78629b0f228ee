"""The tables of a plugin: which there are in a database, and their removal. The core's are the books and stay."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Engine, MetaData, inspect

from wares.storage.database import read, sql, write
from wares.storage.migration_source import CORE, VERSION_TABLE, MigrationSource
from wares.storage.revisions import downgrade


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
