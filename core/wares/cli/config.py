"""`wares config`: show and check the settings of the program and their origins."""

from __future__ import annotations

import click

from wares.cli.invocation import fail_check, invocation
from wares.cli.output import emit, note


@click.group()
def config() -> None:
    """Program settings: show, check."""


@config.command()
@click.option("--origin", is_flag=True, help="Show the origin of each.")
def show(origin: bool) -> None:
    """List every setting of the program with its value. Policies of the books are not among them."""
    run = invocation()
    rows = [row._asdict() for row in run.settings.origins(run.plugins.registry.settings)]
    emit(rows if origin else [{"key": row["key"], "value": row["value"]} for row in rows])


@config.command()
def check() -> None:
    """Look for unknown keys, wrong values and misspelt variables. Exit code 3 if there are any."""
    from wares.settings.check import check_settings

    run = invocation()
    installed = [record.name for record in run.plugins.records]
    issues = check_settings(run.plugins.registry.settings, installed)
    emit([{"code": one.code, "key": one.path, "message": one.message, "where": one.where, "hint": one.hint} for one in issues])
    if issues:
        fail_check()
    note("no unknown key, no wrong value")
