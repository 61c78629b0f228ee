"""`wares stock`: quantities and values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wares.cli.invocation import pass_books
from wares.cli.options import at as at_option
from wares.cli.output import emit

if TYPE_CHECKING:
    from wares.books import Books

location_option = click.option("--location", metavar="CODE", help="Only at this location.")


@click.group()
def stock() -> None:
    """Quantities and values on hand, moves, layers."""


@stock.command("on-hand")
@click.argument("sku", required=False)
@location_option
@at_option
@pass_books
def on_hand(books: Books, sku: str | None, location: str | None, at: str | None) -> None:
    """On hand, reserved, available and on order, by item and location."""
    _levels(books, sku, location, at, ("sku", "location", "on_hand", "reserved", "available", "on_order"))


@stock.command()
@click.argument("sku", required=False)
@location_option
@at_option
@pass_books
def value(books: Books, sku: str | None, location: str | None, at: str | None) -> None:
    """What it is worth: the inventory accounts at that date, item by item."""
    _levels(books, sku, location, at, ("sku", "location", "on_hand", "unit_cost", "value", "account"))


def _levels(books: Books, sku: str | None, location: str | None, at: str | None, columns: tuple[str, ...]) -> None:
    if location is not None:
        books.reading(lambda _, masters: masters.location(location))
    rows = books.stock.list(sku=sku, at=at)
    emit([row for row in rows if location is None or row["location"] == location], columns=columns)


@stock.command()
@click.argument("sku", required=False)
@at_option
@pass_books
def moves(books: Books, sku: str | None, at: str | None) -> None:
    """Every move in order of date, with running quantity and value."""
    columns = ("document", "line", "sku", "location", "effective_at", "quantity", "value", "running_quantity", "running_value")
    emit(books.stock.moves(sku, at=at), columns=columns)


@stock.command()
@click.argument("sku")
@pass_books
def layers(books: Books, sku: str) -> None:
    """What is left of each receipt, oldest first."""
    emit(books.stock.layers(sku), columns=("document", "effective_at", "received", "remaining", "value_remaining", "unit_cost"))


@stock.command()
@click.argument("sku")
@pass_books
def availability(books: Books, sku: str) -> None:
    """What can be promised, by location; a kit by its contents."""
    emit(books.stock.availability(sku))
