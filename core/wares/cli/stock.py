"""`wares stock`: show quantities and values of goods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wares.cli.invocation import pass_books
from wares.cli.options import at as at_option
from wares.cli.output import emit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from wares.books import Books
    from wares.catalog.masters import MasterBook
    from wares.storage.unit import Reader

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
    """Show on hand, reserved, available and on order, by item and location."""
    _levels(books, sku, location, at, ("sku", "location", "on_hand", "reserved", "available", "on_order"))


@stock.command()
@click.argument("sku", required=False)
@location_option
@click.option(
    "--by",
    type=click.Choice(["location", "lot", "account", "item"]),
    default="location",
    show_default=True,
    help="One row for each item and each of these.",
)
@at_option
@pass_books
def value(books: Books, sku: str | None, location: str | None, by: str, at: str | None) -> None:
    """Show the value of goods by item; the sum equals the inventory accounts at that date."""
    told_apart = {"location": ("location",), "lot": ("location", "lot")}.get(by, ())
    _levels(books, sku, location, at, ("sku", *told_apart, "on_hand", "unit_cost", "value", "account"), by)


def _levels(
    books: Books, sku: str | None, location: str | None, at: str | None, columns: tuple[str, ...], by: str = "location"
) -> None:
    if location is not None:
        if by not in ("location", "lot"):
            raise click.UsageError(f"--location does not go with --by {by}, whose rows cover all locations")
        books.reading(lambda _, masters: masters.location(location))
    rows = books.stock.list(sku=sku, at=at, by=by)
    emit([row for row in rows if location is None or row["location"] == location], columns=columns)


@stock.command()
@click.argument("sku", required=False)
@at_option
@pass_books
def moves(books: Books, sku: str | None, at: str | None) -> None:
    """List moves in order of date, with running quantity and value."""
    columns = ("document", "line", "sku", "location", "effective_at", "quantity", "value", "running_quantity", "running_value")
    books.reading(lambda reader, masters: emit(_moves(reader, masters, sku, at), columns=columns))


def _moves(reader: Reader, masters: MasterBook, sku: str | None, at: str | None) -> Iterator[Mapping[str, object]]:
    from wares.reports.stock import list_moves
    from wares.values import day_from_text

    return list_moves(reader, masters, sku, None if at is None else day_from_text(at))


@stock.command()
@click.argument("sku")
@at_option
@pass_books
def layers(books: Books, sku: str, at: str | None) -> None:
    """Show the remaining quantity and value of each receipt, oldest first."""
    rows = books.stock.layers(sku, at=at)
    apart = tuple(key for key in ("location", "lot") if any(row[key] for row in rows))
    columns = ("document", "effective_at", *apart, "received", "remaining", "value_remaining", "unit_cost")
    emit(rows, columns=columns)


@stock.command()
@click.argument("sku")
@at_option
@pass_books
def availability(books: Books, sku: str, at: str | None) -> None:
    """Show the quantity that can be promised, by location; a kit's follows from its contents."""
    emit(books.stock.availability(sku, at=at))
