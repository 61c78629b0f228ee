"""`wares config`: the settings of the program and where they come from."""

from __future__ import annotations

import click

from wares.cli.invocation import fail_check, invocation
from wares.cli.output import emit, note


@click.group()
def config() -> None:
    """Program settings: show, check."""


@config.command()
@click.option("--origin", is_flag=True, help="Say for each where it comes from.")
def show(origin: bool) -> None:
    """Every setting with its value; policies of the books are not settings of the program."""
    run = invocation()
    rows = [row._asdict() for row in run.settings.origins(run.plugins.registry.settings)]
    emit(rows if origin else [{"key": row["key"], "value": row["value"]} for row in rows])


@config.command()
def check() -> None:
    """Look for unknown keys, wrong values and misspelt variables; exit code 3 if there are any."""
    from wares.settings.check import check_settings

    run = invocation()
    installed = [record.name for record in run.plugins.records]
    issues = check_settings(run.plugins.registry.settings, installed)
    emit([{"code": one.code, "key": one.path, "message": one.message, "where": one.where, "hint": one.hint} for one in issues])
    if issues:
        fail_check()
    note("no unknown key, no wrong value")
