"""`wares seller`: purchases, details, costs and stock of a seller on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wares import JsonObject
from wares.cli import DAY, PluginGroup, at, dry_run, emit, pass_books
from wares_tracking.days import day_number
from wares_tracking.file_options import pairs
from wares_tracking.removal_reasons import REASONS

if TYPE_CHECKING:
    from wares import Books

YEAR = click.IntRange(1900, 9998)
amount_option = click.option("--amount", metavar="AMOUNT", help="The cost of the whole line.")
unit_cost_option = click.option("--unit-cost", metavar="COST", help="The cost of one unit.")


@click.group(cls=PluginGroup)
def seller() -> None:
    """Purchases, details, sales and stock of a seller, item by item."""


@seller.command()
@click.option("--year", type=YEAR, metavar="YEAR", help="The rows of this year, after its opening balance.")
@at
@pass_books
def balances(books: Books, year: int | None, at: str | None) -> None:
    """List purchases with their undetailed rest and a negative row for each sale; COGS and balance on top."""
    from wares_tracking.balances import inventory_balances

    if year is not None and at is not None:
        raise click.UsageError("give --year or --at")
    emit(inventory_balances(books, year=year) if at is None else inventory_balances(books, at=day_number(at)))


@seller.command("add-details")
@click.argument("purchase")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--row", "rows", nargs=3, multiple=True, metavar="ITEM QUANTITY AMOUNT", help="A product; '-' as amount: the rest, spread."
)
@click.option("--name", "names", multiple=True, metavar="SKU=NAME", help="Make this product if there is none.")
@click.option("--spread", type=click.Choice(["quantity", "value"]), help="How the rest of the purchase is distributed.")
@click.option("--date", type=DAY, metavar="DATE", help="The day of the receipt. [the purchase's date, or the first open day]")
@click.option("--no-match", is_flag=True, help="Do not match sales that wait for these products.")
@dry_run
@pass_books
def add_details(
    books: Books, /, purchase: str, file: Path | None, rows: Sequence[tuple[str, str, str]], names: Sequence[str],
    spread: str | None, date: str | None, no_match: bool, dry_run: bool,
) -> None:  # fmt: skip
    """Split a purchase (CP-00001#1) into products, in as many parts as wanted.

    FILE is a CSV or workbook with the columns item, quantity, amount or unit_cost, name for new products, and account for costs
    that are no product.
    """
    from wares_tracking import details

    named = pairs("--name SKU=NAME", names, "MUG='Blue mug'")
    lines = [*_rows_of(file), *({"item": item, "quantity": quantity, "amount": None if amount == "-" else amount}
                                for item, quantity, amount in rows)]  # fmt: skip
    lines = [{"name": named[row["item"]], **row} if row.get("item") in named else row for row in lines]
    if not lines:
        raise click.UsageError("name a file, or give --row ITEM QUANTITY AMOUNT")
    done = details.add_details(books, purchase, lines, spread=spread, date=date, rematch=not no_match, dry_run=dry_run)
    emit({**done._asdict(), "dry_run": dry_run})


def _rows_of(file: Path | None) -> list[JsonObject]:
    from wares import Table

    if file is None:
        return []
    with Table(file, expected=("item", "quantity", "amount", "unit_cost", "name", "account")) as table:
        names = [name.strip().lower().replace(" ", "_") for name in table.header]
        return [{name: cell.strip() for name, cell in zip(names, row.cells, strict=False) if cell.strip()} for row in table]


@seller.command()
@click.option("--year", type=YEAR, metavar="YEAR", help="Sales of this year. [this year]")
@click.option("--missing-cost", is_flag=True, help="Only lines that still need their cost.")
@pass_books
def sold(books: Books, year: int | None, missing_cost: bool) -> None:
    """List a year's sales, line by line, with their cost."""
    from datetime import date

    from wares_tracking.sold import sold_in

    columns = ("date", "sale", "channel", "order", "sku", "title", "quantity", "amount", "cost", "missing")
    emit(sold_in(books, year or date.today().year, missing_cost=missing_cost), columns)


@seller.command("add-costs")
@click.argument("sale", required=False)
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Costs of many sales, from a CSV of sku, cost, and optionally date, quantity, purchase, name.",
)
@click.option("--lot", metavar="LOT", help="Take detailed goods (PD-00001#1).")
@click.option("--purchase", metavar="LINE", help="Take the undetailed rest of this purchase.")
@click.option("--date", type=DAY, metavar="DATE", help="Record a new purchase on this day.")
@amount_option
@unit_cost_option
@click.option("--quantity", metavar="N", help="The quantity. [the whole waiting quantity]")
@click.option("--item", metavar="SKU", help="The product, if the sale names none.")
@click.option("--account", metavar="CODE", help="The account that paid for a new purchase. [owner_contribution]")
@click.option("--dates", metavar="FORM", help="The form of ambiguous dates of a file: DMY, MDY, YMD or a strptime pattern.")
@click.option(
    "--rejects", type=click.Path(path_type=Path), metavar="FILE", help="Write refused rows of a file here, with their errors."
)
@dry_run
@pass_books
def add_costs(
    books: Books, /, sale: str | None, file: Path | None, dates: str | None, rejects: Path | None, dry_run: bool, **source: Any
) -> None:  # fmt: skip
    """Give a sale line (CS-00001#1) its cost: from a lot, an undetailed purchase, or a new purchase on a day.

    With --file all waiting sales of the products of a file get their costs: each row buys the waiting quantity from its date on,
    out of the --purchase, or new.
    """
    from wares_tracking import sale_costs

    if (sale is None) == (file is None):
        raise click.UsageError("name one sale line, or a --file")
    if sale is not None:
        emit({**sale_costs.add_costs(books, sale, dry_run=dry_run, **source)._asdict(), "dry_run": dry_run})
        return
    if any(value is not None for name, value in source.items() if name not in ("purchase", "account")):
        raise click.UsageError("--file goes with --purchase, --account, --dates and --rejects only")
    from wares_tracking.bulk_costs import add_costs_in_bulk

    assert file is not None
    done = add_costs_in_bulk(
        books, file, purchase=source["purchase"], account=source["account"], dates=dates, rejects=rejects, dry_run=dry_run
    )
    for issue in done.issues:
        click.echo(f"refused: {issue}", err=True)
    emit({"matched": None if dry_run else done.matched, "nothing_waits": done.idle, "refused": len(done.issues), "dry_run": dry_run,
          "rows": done.rows})  # fmt: skip
    if done.issues:
        raise click.exceptions.Exit(1)


@seller.command()
@click.option("--year", type=YEAR, metavar="YEAR", help="Sales of this year. [all]")
@pass_books
def products(books: Books, year: int | None) -> None:
    """List the products with quantity sold, sales, cost, missing cost and stock."""
    from wares_tracking.product_totals import product_totals

    columns = ("sku", "name", "sold", "sales", "cogs", "missing", "count", "unit_cost", "cost")
    emit(product_totals(books, year=year), columns)


@seller.command("in-stock")
@at
@pass_books
def in_stock(books: Books, at: str | None) -> None:
    """List the products in stock with count and cost."""
    from wares_tracking import on_hand

    emit(on_hand.in_stock(books, at=at), ("sku", "name", "count", "unit_cost", "cost"))


@seller.command()
@click.argument("sku")
@click.argument("quantity")
@click.option("--lot", metavar="LOT", help="Only from this lot. [the oldest first]")
@click.option("--as", "reason", type=click.Choice(list(REASONS)), default="shrinkage", show_default=True, help="The reason.")
@click.option("--account", metavar="CODE", help="The account that bears the cost or takes the refund. [the account of the reason]")
@click.option("--refund", metavar="AMOUNT", help="For a vendor-return: the amount that the vendor paid back.")
@click.option("--credit", metavar="AMOUNT", help="For a vendor-return: the amount that the vendor owes now (see use-credit).")
@click.option("--vendor", metavar="CODE", help="The vendor who took the goods back. [the vendor of the lots]")
@click.option("--date", type=DAY, metavar="DATE", help="The day of the removal. [today]")
@click.option("--memo", metavar="TEXT", help="A memo for the entry.")
@dry_run
@pass_books
def remove(books: Books, /, sku: str, quantity: str, dry_run: bool, **options: Any) -> None:
    """Remove unsold goods from stock: lost, used, given away, or returned to their vendor."""
    from wares_tracking.removal import remove_stock

    done = remove_stock(books, sku, quantity, dry_run=dry_run, **options)
    emit([entry for document in done for entry in document.entries], ("date", "account", "account_name", "debit", "credit"))


@seller.command()
@pass_books
def credits(books: Books) -> None:
    """List the credits of vendors that are neither paid back nor used."""
    from wares_tracking import vendor_credits

    emit(vendor_credits.listed_credits(books), ("vendor", "document", "date", "of", "amount", "open"))


@seller.command("use-credit")
@click.argument("purchase")
@click.argument("amount")
@dry_run
@pass_books
def use_credit(books: Books, purchase: str, amount: str, dry_run: bool) -> None:
    """Pay AMOUNT of a purchase (CP-00001#1) with its vendor's credits; the purchase rises by it. Use it before add-details."""
    from wares_tracking import vendor_credits

    done = vendor_credits.use_credit(books, purchase, amount, dry_run=dry_run)
    emit([entry for document in done for entry in document.entries], ("date", "account", "account_name", "debit", "credit"))


@seller.command()
@click.argument("text")
@pass_books
def search(books: Books, text: str) -> None:
    """Find products by a few letters: exact SKU, equal beginning, then similar names."""
    from wares_tracking.products import Products

    emit(Products.of(books, listings=False).search(text), ("sku", "name", "score"))
