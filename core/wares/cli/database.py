"""`wares db`: show the revision of the tables, upgrade them, back up and restore the database."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wares.cli.asking import beside_others_option, refuse_foreign
from wares.cli.invocation import invocation
from wares.cli.options import dry_run as dry_run_option
from wares.cli.output import emit, note

if TYPE_CHECKING:
    from sqlalchemy import Engine


@click.group()
def db() -> None:
    """The database: status, upgrade, backup, restore."""


@contextmanager
def _engine() -> Iterator[Engine]:
    from wares.storage.database import open_engine

    engine = open_engine(invocation().settings.database, must_exist=True)
    try:
        yield engine
    finally:
        engine.dispose()


@db.command()
def status() -> None:
    """Show the current and the newest revision of the tables of the core and of each plugin."""
    with _engine() as engine:
        emit(_rows(engine))


@db.command()
@beside_others_option
@dry_run_option
def upgrade(sure: bool, dry_run: bool) -> None:
    """Bring all tables to the newest revision.

    A database that holds tables of another program and none of Wares is left alone without --yes.
    """
    from wares.storage.migration_source import CORE
    from wares.storage.revisions import migrate

    with _engine() as engine:
        if not sure:
            refuse_foreign(engine, "wares db upgrade --yes")
        if not dry_run:
            migrate(engine, (CORE, *invocation().plugins.registry.migrations.values()))
        emit(_rows(engine))
    if dry_run:
        note("nothing was changed; tables that are not up to date would be upgraded")


def _rows(engine: Engine) -> list[dict[str, object]]:
    from wares.storage.migration_source import CORE
    from wares.storage.revisions import status

    found = status(engine, (CORE, *invocation().plugins.registry.migrations.values()))
    return [
        {"owner": one.owner, "current": one.current, "head": one.head, "up_to_date": one.up_to_date, "orphaned": one.orphaned}
        for one in found
    ]


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write a consistent copy of a SQLite database while other programs work with it."""
    from wares.errors import Refused
    from wares.storage.sqlite_files import make_private

    with _engine() as engine:
        if engine.dialect.name != "sqlite":
            message = f"a {engine.dialect.name} database is not backed up by Wares"
            raise Refused.because("NOT_SQLITE", message, hint="use pg_dump --format=custom, or the server's own backups")
        if file.exists():
            raise Refused.because("FILE_EXISTS", f"{file} exists already", hint="name a file that does not exist", where=str(file))
        part = file.with_name(f"{file.name}.part")
        part.unlink(missing_ok=True)
        make_private(part)
        try:
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(part),))
            os.replace(part, file)
        finally:
            part.unlink(missing_ok=True)
    emit({"file": str(file), "bytes": file.stat().st_size})


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace the books that are there; they are kept in a file beside them.")
@dry_run_option
def restore(file: Path, replace: bool, dry_run: bool) -> None:
    """Make the database the same as a copy that `db backup` wrote."""
    from wares.errors import Refused
    from wares.storage.database import database_url
    from wares.storage.restore import examine
    from wares.storage.restore import restore as restore_file

    url = database_url(invocation().settings.database)
    if url.get_backend_name() != "sqlite" or not url.database:
        message = f"a {url.get_backend_name()} database is not restored by Wares"
        raise Refused.because("NOT_SQLITE", message, hint="use pg_restore, or the server's own backups")
    copied, target = examine(file), Path(url.database)
    exists = target.exists() and target.stat().st_size > 0
    if exists and not replace:
        hint = "restore beside it with --db OTHER, or say --replace"
        raise Refused.because("DATABASE_EXISTS", f"{target} exists already", hint=hint, where=str(target))
    if exists and target.samefile(file):
        raise Refused.because("SAME_FILE", f"{file} is the database itself", where=str(file))
    aside = _free_name(target) if exists else None
    if not dry_run:
        restore_file(file, target, aside=aside)
    emit({**copied._asdict(), "database": str(target), "kept_as": str(aside) if aside else None, "dry_run": dry_run})
    note("nothing was changed" if dry_run else "check the books with: wares verify --seal HASH, the last seal that you kept")


def _free_name(target: Path) -> Path:
    names = (target.with_name(f"{target.name}.replaced{f'-{number}' if number else ''}") for number in range(1_000))
    return next(name for name in names if not name.exists())
