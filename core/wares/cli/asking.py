"""Asking on a terminal before something that may be a slip; where nobody can answer, the doubt is printed."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from wares.cli.output import note

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from wares.errors import Issue

beside_others_option = click.option("--yes", "sure", is_flag=True, help="Make tables in a database of another program.")
yes_option = click.option("--yes", "sure", is_flag=True, help="Do not ask about what may be a slip.")


def can_ask() -> bool:
    """True if a person is at the terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def ask(warnings: Iterable[Issue]) -> None:
    """Ask whether to go on in spite of each warning; aborts at the first no."""
    for warning in warnings:
        click.confirm(f"{warning.code}: {warning.message}. Go on?", err=True, abort=True)


def tell(warnings: Iterable[Issue]) -> None:
    """Print warnings as notes."""
    for warning in warnings:
        note(f"{warning.code}: {warning.message} ({warning.hint})")


def refuse_foreign(engine: Engine, confirmed: str) -> None:
    """Raise Refused NOT_CONFIRMED for a database that holds tables, and none of Wares. `confirmed` is the command
    that makes tables in it all the same."""
    from sqlalchemy import inspect

    from wares.errors import Refused
    from wares.storage.database import read
    from wares.storage.migration_source import CORE

    with read(engine) as connection:
        tables = sorted(inspect(connection).get_table_names())
    if not tables or CORE.version_table in tables:
        return
    named = ", ".join(tables[:3]) + (" ..." if len(tables) > 3 else "")
    message = f"the database holds tables of another program ({named}) and none of Wares"
    raise Refused.because("NOT_CONFIRMED", message, hint=f"{confirmed} makes the tables beside them")
