"""`wares plugins`: list, check, create, enable, disable and purge plugins."""

from __future__ import annotations

from pathlib import Path

import click

from wares.cli.invocation import fail_check, invocation
from wares.cli.options import dry_run as dry_run_option
from wares.cli.output import emit, note


@click.group()
def plugins() -> None:
    """Plugins: list, info, check, new, enable, disable, purge."""


@plugins.command("list")
def list_() -> None:
    """List every installed plugin with its status, and the reason if it is not loaded."""
    columns = ("name", "distribution", "version", "status", "item_types", "error")
    emit(invocation().plugins.report(), columns=columns)


@plugins.command()
@click.argument("name")
def info(name: str) -> None:
    """Show everything that a plugin registered."""
    _require(name)
    found = invocation().plugins.describe(name)
    assert found is not None
    emit(found)


@plugins.command()
@click.argument("name")
def check(name: str) -> None:
    """Check a plugin's contract: types, documents, methods, hooks, tables, migrations. Exit code 3 if it is broken."""
    from wares.scaffold import check

    found = check(name, invocation().plugins)
    emit([one._asdict() for one in found], columns=("object", "law", "ok", "problem"))
    if any(one.ok is False for one in found):
        fail_check()


@plugins.command()
@click.argument("name")
@click.option(
    "--type",
    "key",
    required=True,
    metavar="KEY",
    help="Key of its type, document, method or channel; for a wrapper, of the type it wraps.",
)
@click.option("--template", default="item", metavar="TEMPLATE", help="Its kind: item, document, method, channel or wrapper. [item]")
@dry_run_option
def new(name: str, key: str, template: str, dry_run: bool) -> None:
    """Write a complete plugin of your own into a new folder NAME: code, contract, tests, packaging."""
    from wares.scaffold import create

    made = create(name, key=key, template=template, plugins=invocation().plugins, dry_run=dry_run)
    emit([{"file": str(path)} for path in made.files])
    for warning in made.warnings:
        note(f"warning: {warning}")
    note("next: " + "; ".join(made.next_steps))


@plugins.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Confirm the removal.")
@dry_run_option
def purge(name: str, yes: bool, dry_run: bool) -> None:
    """Remove a plugin's tables with all their rows from the database. Items and documents stay, and so does the plugin."""
    from wares.errors import Refused
    from wares.storage.database import open_engine
    from wares.storage.purging import purge_tables, tables_of

    run = invocation()
    engine = open_engine(run.settings.database, must_exist=True)
    try:
        sources = run.plugins.registry.migrations
        found = tables_of(engine, name, sources.values())
        if not found:
            raise Refused.because(
                "NOTHING_TO_PURGE", f"{name} has no tables in this database", hint="see wares db status", where=name
            )
        if not yes and not dry_run:
            message = f"this would remove {', '.join(f'{table} ({rows} rows)' for table, rows in found.items())}"
            raise Refused.because("NOT_CONFIRMED", message, hint=f"wares plugins purge {name} --yes", where=name)
        if not dry_run:
            purge_tables(engine, name, sources.values())
        emit([{"table": table, "rows": rows, "removed": not dry_run} for table, rows in found.items()])
    finally:
        engine.dispose()


@plugins.command()
@click.argument("name")
@dry_run_option
def enable(name: str, dry_run: bool) -> None:
    """Enable a disabled plugin again (wares.toml)."""
    _switch(name, disabled=False, dry_run=dry_run)


@plugins.command()
@click.argument("name")
@dry_run_option
def disable(name: str, dry_run: bool) -> None:
    """Disable a plugin from now on (wares.toml). Its items stay readable and are refused on new documents."""
    _switch(name, disabled=True, dry_run=dry_run)


def _require(name: str) -> None:
    from wares.catalog.suggest import did_you_mean
    from wares.errors import Refused

    names = [record.name for record in invocation().plugins.records]
    if name not in names:
        hint = did_you_mean(name, names) or "wares plugins list shows the installed ones"
        raise Refused.because("PLUGIN_UNKNOWN", f"there is no plugin {name!r}", hint=hint, where=name)


def _switch(name: str, *, disabled: bool, dry_run: bool) -> None:
    from wares.cli.toml import with_disabled
    from wares.settings.sources import FILE_NAME

    run = invocation()
    _require(name)
    now = list(run.settings.plugins.disabled)
    wanted = [*now, name] if disabled and name not in now else [one for one in now if disabled or one != name]
    path = Path(FILE_NAME)
    before = path.read_text("utf-8") if path.exists() else ""
    after = with_disabled(before, wanted) if wanted != now else before
    if after != before and not dry_run:
        path.write_text(after, "utf-8")
    emit({"name": name, "disabled": disabled, "changed": wanted != now, "file": FILE_NAME, "dry_run": dry_run})
    origin = next(row.origin for row in run.settings.origins() if row.key == "plugins.disabled")
    if wanted != now and origin.startswith(("environment", "option")):
        note(f"plugins.disabled also comes from {origin}, which is stronger than {FILE_NAME}")
