"""`wares serials`: the commands that show numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from wares.cli import DAY, emit, fail_check, pass_books, plugin_settings

if TYPE_CHECKING:
    from wares import Books


@click.group()
def serials() -> None:
    """Show serial numbers and lots: those on hand, those that expire, and their history."""


@serials.command("list")
@click.argument("sku", required=False)
@click.option("--expiring", type=DAY, metavar="DATE", help="Only numbers that expire until this day.")
@pass_books
def list_(books: Books, /, sku: str | None, expiring: str | None) -> None:
    """List the numbers on hand."""
    from serial_stock import views

    until = int(expiring.replace("-", "")) if expiring else None
    emit(views.on_hand(books, sku=sku, expiring=until), ("sku", "number", "location", "quantity", "expires"))


@serials.command()
@click.option("--days", type=click.IntRange(min=0), help="Number of days ahead. [warn_days in [plugins.serial_stock], or 30]")
@pass_books
def expiring(books: Books, /, days: int | None) -> None:
    """List the numbers that expire soon or have expired; exit code 3 if there are any."""
    from serial_stock import views
    from serial_stock.settings import SerialSettings

    within = plugin_settings(SerialSettings).warn_days if days is None else days
    found = list(views.on_hand(books, expiring=views.day_in(within)))
    emit(found, ("sku", "number", "location", "quantity", "expires"))
    if found:
        fail_check()


@serials.command()
@click.argument("number")
@pass_books
def show(books: Books, /, number: str) -> None:
    """Show the documents that moved a number, from its supplier to its present owner."""
    from serial_stock import views

    emit(views.history(books, number), ("date", "document", "type", "party", "sku", "location", "quantity"))
