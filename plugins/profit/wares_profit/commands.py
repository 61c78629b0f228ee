"""`wares channels profit`, `wares seller close-period` and `wares seller tax-year`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wares.cli import DAY, at, dry_run, emit, note, pass_books, since

if TYPE_CHECKING:
    from wares import Books


@click.command()
@click.option(
    "--by",
    type=click.Choice(["order", "item", "channel", "vendor", "month"]),
    default="order",
    show_default=True,
    help="The subject of a row.",
)
@since
@at
@pass_books
def profit(books: Books, by: str, since: str | None, at: str | None) -> None:
    """List orders with their profit, or items, channels, vendors, months; incomplete if a cost is missing.

    Profit is sales + shipping + tips - discounts - refunds - fees - labels - cost of goods. Days are those of the sales.
    """
    from wares_profit.profit import profit as profit_rows
    from wares_tracking.days import day_number

    days = {name: day_number(day) for name, day in (("since", since), ("until", at)) if day}
    first = ("date", "channel", "key") if by == "order" else ("key",)
    amounts = ("sales", "shipping", "tips", "discounts", "refunds", "fees", "labels", "cogs", "profit", "margin", "complete")
    emit(profit_rows(books, by, **days), (*first, "quantity", *amounts))


@click.command("close-period")
@click.argument("date", type=DAY)
@click.argument("count")
@click.option("--memo", metavar="TEXT", help="The memo of the entry.")
@dry_run
@pass_books
def close_period(books: Books, date: str, count: str, memo: str | None, dry_run: bool) -> None:
    """Post the cost of goods of periodic mode, in one entry: opening + purchases - COUNT (the value of the goods on hand)."""
    from wares_profit.close_period import close_period as close

    emit(close(books, date, count, memo=memo, dry_run=dry_run))
    if not dry_run:
        note(f"the figures of the year: wares seller tax-year {date[:4]}")


@click.command("tax-year")
@click.argument("year", type=click.IntRange(1900, 9998))
@pass_books
def tax_year(books: Books, year: int) -> None:
    """List opening, purchases, own use, removed, closing and cost of goods of a year, in both modes."""
    from wares_profit.tax_year import tax_year as figures

    emit(figures(books, year), ("mode", "opening", "purchases", "own_use", "removed", "closing", "cogs"))
