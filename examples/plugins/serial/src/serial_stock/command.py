"""`wares serials`: the numbers on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from wares.cli import DAY, emit, pass_books

if TYPE_CHECKING:
    from wares import Books


@click.group()
def serials() -> None:
    """Serial numbers and lots: what is there, and who has what."""


@serials.command("list")
@click.argument("sku", required=False)
@click.option("--expiring", type=DAY, metavar="DATE", help="Only what expires until this day.")
@pass_books
def list_(books: Books, /, sku: str | None, expiring: str | None) -> None:
    """What is on hand, number by number."""
    from serial_stock import views

    until = int(expiring.replace("-", "")) if expiring else None
    emit(views.on_hand(books, sku=sku, expiring=until), ("sku", "number", "location", "quantity", "expires"))


@serials.command()
@click.argument("number")
@pass_books
def show(books: Books, /, number: str) -> None:
    """The documents that moved a number: where it came from, and who has it."""
    from serial_stock import views

    emit(views.history(books, number), ("date", "document", "type", "party", "sku", "location", "quantity"))
