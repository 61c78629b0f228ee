"""`wares verify` checks the invariants of the books; `wares doctor` checks the environment they run in."""

from __future__ import annotations

import platform
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, TypedDict

import click

from wares.cli.formats import Row
from wares.cli.invocation import Invocation, fail_check, invocation, pass_books
from wares.cli.output import emit, note, progress
from wares.runtime.secrets_in_urls import without_password

if TYPE_CHECKING:
    from wares.books import Books

LIBRARIES = ("wares", "click", "pluggy", "pydantic", "SQLAlchemy", "sqlmodel", "alembic", "rich")
OLDEST_PYTHON, OLDEST_SQLITE = (3, 11), (3, 35)
"""SQLite 3.35 brought RETURNING."""


@click.command()
@click.option("--seal", metavar="HASH", help="A seal kept outside the books, which must be found in them.")
@pass_books
def verify(books: Books, seal: str | None) -> None:
    """Check all invariants of the books. Exit code 3 if one does not hold."""
    from wares.verify import CHECKS

    with progress("checking", len(CHECKS)) as advance:
        report = books.verify(seal=seal, progress=advance)
    note("{documents} documents and {entries} entries are not sealed".format_map(report["unsealed"]))
    _show(report)


@click.command()
def doctor() -> None:
    """Check the environment: versions, settings, plugins, database, time zone. Exit code 3 if something is wrong."""
    run = invocation()
    parts = (_python, _libraries, _settings, _plugins, _sqlite, _database, _clock)
    checks = [check for part in parts for check in _guarded(part, run)]
    _show({"ok": all(check["ok"] for check in checks), "checks": checks})


def _show(result: Row) -> None:
    """Print the checks as a table, or the whole object as JSON; exit with code 3 unless every check passed."""
    if invocation().sink.format in ("json", "jsonl"):
        emit(result)
    else:
        emit(result["checks"])
    failed = [check for check in result["checks"] if not check["ok"]]
    if result["ok"]:
        note(f"{len(result['checks'])} checks, all is well")
        return
    note(f"{len(failed)} of {len(result['checks'])} checks found problems")
    fail_check()


class Check(TypedDict):
    """One check of `wares doctor`; `hint` only where it failed."""

    id: str
    ok: bool
    detail: str
    hint: str | None


def _check(id: str, ok: bool, detail: str, hint: str = "") -> Check:
    return {"id": id, "ok": ok, "detail": detail, "hint": (hint or None) if not ok else None}


def _guarded(part: Callable[[Invocation], Iterator[Check]], run: Invocation) -> Iterator[Check]:
    """Yield the checks of one part; a part that raises counts as one failed check."""
    from wares.cli.errors import issues_of

    try:
        yield from part(run)
    except Exception as error:
        issue = issues_of(error)[0][0]
        yield _check(part.__name__.strip("_"), False, f"{issue.code}: {issue.message}", issue.hint)


def _python(run: Invocation) -> Iterator[Check]:
    wanted = ".".join(map(str, OLDEST_PYTHON))
    detail = f"{platform.python_implementation()} {platform.python_version()} on {platform.system()}"
    yield _check("python", sys.version_info >= OLDEST_PYTHON, detail, f"Wares needs {wanted} or newer")


def _libraries(run: Invocation) -> Iterator[Check]:
    for name in LIBRARIES:
        try:
            yield _check(name.lower(), True, version(name))
        except PackageNotFoundError:
            yield _check(name.lower(), False, "is not installed", f"pip install {name}")


def _settings(run: Invocation) -> Iterator[Check]:
    from wares.settings.check import check_settings

    models = run.plugins.registry.settings
    issues = check_settings(models, [record.name for record in run.plugins.records])
    for issue in issues:
        yield _check("settings", False, f"{issue.code}: {issue.message}", issue.hint)
    if not issues:
        yield _check("settings", True, "no unknown key, no wrong value")


def _plugins(run: Invocation) -> Iterator[Check]:
    from wares.cli.extensions import command_clashes

    plugins = run.plugins
    for issue in (*plugins.problems, *command_clashes()):
        yield _check("plugins", False, f"{issue.code}: {issue.message}", issue.hint)
    loaded = sum(record.status == "loaded" for record in plugins.records)
    yield _check("plugins", True, f"{loaded} of {len(plugins.records)} loaded")


def _sqlite(run: Invocation) -> Iterator[Check]:
    wanted = ".".join(map(str, OLDEST_SQLITE))
    yield _check("sqlite", sqlite3.sqlite_version_info >= OLDEST_SQLITE, sqlite3.sqlite_version, f"needs {wanted} or newer")


def _database(run: Invocation) -> Iterator[Check]:
    from wares.storage.database import open_engine, read, require_migrated, sql
    from wares.storage.migration_source import CORE
    from wares.storage.revisions import status

    engine = open_engine(run.settings.database, must_exist=True)
    try:
        with read(engine) as connection:
            yield _check("database", True, f"{without_password(engine.url.render_as_string())} is reachable")
            require_migrated(connection)
            companies = [row[0] for row in sql(connection, "SELECT code FROM wares_directory ORDER BY company_id", ()).fetchall()]
        for found in status(engine, (CORE, *run.plugins.registry.migrations.values())):
            detail = f"{found.owner}: revision {found.current or 'none'}" + ("" if found.head else ", owner not installed")
            yield _check("migrated", found.up_to_date or found.head is None, detail, "" if found.up_to_date else "wares db upgrade")
        yield _check("companies", bool(companies), ", ".join(companies) or "none", "" if companies else "wares init")
    finally:
        engine.dispose()


def _clock(run: Invocation) -> Iterator[Check]:
    from wares.values import iso_day, today

    names, offset = "/".join(dict.fromkeys(time.tzname)), time.strftime("%z")
    yield _check("time zone", True, f"{names} (UTC{offset[:3]}:{offset[3:]}), today is {iso_day(today())}")
