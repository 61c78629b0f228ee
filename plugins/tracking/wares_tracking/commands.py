"""`wares inventory`: item-level tracking on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wares.cli import DAY, at, dry_run, emit, note, pass_books
from wares_tracking.file_options import file_progress, mapped, pairs
from wares_tracking.removal_reasons import REASONS

if TYPE_CHECKING:
    from wares import Books

YEAR = click.IntRange(1900, 9998)
amount_option = click.option("--amount", metavar="AMOUNT", help="What all of it cost.")
unit_cost_option = click.option("--unit-cost", metavar="COST", help="What one of it cost.")


@click.group()
def inventory() -> None:
    """Purchases, details, sales and stock of a seller, item by item."""


@inventory.command()
@click.option("--year", type=YEAR, metavar="YEAR", help="What happened in this year, after what was there before.")
@at
@pass_books
def balances(books: Books, year: int | None, at: str | None) -> None:
    """Purchases with what remains to detail, a negative row for each sale; COGS and current balance on top."""
    from wares_tracking import balances as views

    if year is not None and at is not None:
        raise click.UsageError("give --year or --at")
    emit(views.balances(books, year=year) if at is None else views.balances(books, at=_number(at)))


def _number(day: str) -> int:
    return int(day.replace("-", ""))


@inventory.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--account", metavar="CODE", help="The bank or card that the lines are of. [the first bank]")
@click.option(
    "--rules", type=click.Path(path_type=Path), metavar="FILE", help="CSV: pattern, in, account, vendor; the first that fits wins."
)
@click.option("--map", "mapping", multiple=True, metavar="FIELD=COLUMN", help="Where the columns do not say what they hold.")
@click.option("--dates", metavar="FORM", help="DMY, MDY, YMD or a strptime pattern, where dates could mean two days.")
@click.option("--decimal", "mark", type=click.Choice([".", ","]), help="The decimal mark. [as the amounts show]")
@click.option("--spent-is-positive", is_flag=True, help="Money out has no minus, as on many cards.")
@click.option("--encoding", metavar="NAME", help="Of a CSV. [as it looks]")
@click.option("--rejects", type=click.Path(path_type=Path), metavar="FILE", help="Write refused rows here, with their errors.")
@dry_run
@pass_books
def import_lines(books: Books, /, file: Path, mapping: Sequence[str], dry_run: bool, **options: Any) -> None:
    """Record the lines of a bank or card: purchases, payouts, what vendors and the owner pay in; again changes nothing.

    A rule says which account a line is for: a code, `inventory` (details follow with add-details), `payout` (of a channel), or
    `skip`. Without a file of rules, lines of the category inventory are purchases. Lines without a rule are left and listed.
    """
    from wares_bank.file_import import OUTCOMES, import_bank_lines

    with file_progress("importing", file) as tell:
        done = import_bank_lines(books, file, columns=mapped(mapping), progress=tell, dry_run=dry_run, **options)
    for issue in done.issues:
        click.echo(f"refused: {issue}", err=True)
    counts = {outcome.replace(" ", "_"): done.outcomes[outcome] for outcome in OUTCOMES}
    emit({**counts, "dry_run": dry_run, "lines": done.lines})
    if done.issues:
        raise click.exceptions.Exit(1)


@inventory.command("add-details")
@click.argument("purchase")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option(
    "--row", "rows", nargs=3, multiple=True, metavar="ITEM QUANTITY AMOUNT", help="A product; '-' as amount: the rest, spread."
)
@click.option("--name", "names", multiple=True, metavar="SKU=NAME", help="Make this product if there is none.")
@click.option("--spread", type=click.Choice(["quantity", "value"]), help="How what no row states is distributed.")
@click.option("--date", type=DAY, metavar="DATE", help="When they came in. [the purchase's date, or the first open day]")
@click.option("--no-match", is_flag=True, help="Leave sales that wait for these products waiting.")
@dry_run
@pass_books
def add_details(
    books: Books, /, purchase: str, file: Path | None, rows: Sequence[tuple[str, str, str]], names: Sequence[str],
    spread: str | None, date: str | None, no_match: bool, dry_run: bool,
) -> None:  # fmt: skip
    """Split a purchase (CP-00001#1) into products, in part as often as wanted.

    FILE is a CSV or workbook with the columns item, quantity, amount or unit_cost, and name for new products, account for costs
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


def _rows_of(file: Path | None) -> list[dict[str, Any]]:
    from wares import Table

    if file is None:
        return []
    with Table(file, expected=("item", "quantity", "amount", "unit_cost", "name", "account")) as table:
        names = [name.strip().lower().replace(" ", "_") for name in table.header]
        return [{name: cell.strip() for name, cell in zip(names, row.cells, strict=False) if cell.strip()} for row in table]


@inventory.command()
@click.option("--year", type=YEAR, metavar="YEAR", help="Sales of this year. [this year]")
@click.option("--missing-cost", is_flag=True, help="Only what still needs its cost.")
@pass_books
def sold(books: Books, year: int | None, missing_cost: bool) -> None:
    """A year's sales, line by line, with their cost."""
    from datetime import date

    from wares_tracking import balances as views

    columns = ("date", "sale", "channel", "order", "sku", "title", "quantity", "amount", "cost", "missing")
    emit(views.sold(books, year or date.today().year, missing_cost=missing_cost), columns)


@inventory.command("add-costs")
@click.argument("sale", required=False)
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Many at once, from a CSV of sku, cost, and perhaps date, quantity, purchase, name.",
)
@click.option("--lot", metavar="LOT", help="Goods that were bought and detailed (PD-00001#1).")
@click.option("--purchase", metavar="LINE", help="What is not yet detailed of this purchase.")
@click.option("--date", type=DAY, metavar="DATE", help="A new purchase on this day.")
@amount_option
@unit_cost_option
@click.option("--quantity", metavar="N", help="How many. [all that wait]")
@click.option("--item", metavar="SKU", help="The product, where the sale does not say.")
@click.option("--account", metavar="CODE", help="What paid for a new purchase. [owner_contribution]")
@click.option("--dates", metavar="FORM", help="Of a file: DMY, MDY, YMD or a strptime pattern, where dates could mean two days.")
@click.option(
    "--rejects", type=click.Path(path_type=Path), metavar="FILE", help="Write refused rows of a file here, with their errors."
)
@dry_run
@pass_books
def add_costs(
    books: Books, /, sale: str | None, file: Path | None, dates: str | None, rejects: Path | None, dry_run: bool, **source: Any
) -> None:  # fmt: skip
    """Give a sale line (CS-00001#1) its cost: from a lot, an undetailed purchase, or a new purchase at a date.

    With --file all sales that wait for the products of a file: each row buys what waits from its date on, out of the --purchase, or
    new.
    """
    from wares_tracking import sale_costs as costs

    if (sale is None) == (file is None):
        raise click.UsageError("name one sale line, or a --file")
    if sale is not None:
        emit({**costs.add_costs(books, sale, dry_run=dry_run, **source)._asdict(), "dry_run": dry_run})
        return
    if any(value is not None for name, value in source.items() if name not in ("purchase", "account")):
        raise click.UsageError("with --file only --purchase, --account, --dates and --rejects say more")
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


@inventory.command("add-label")
@click.argument("sale")
@click.argument("amount")
@click.option("--account", metavar="CODE", help="What paid for it. [the money that the channel holds]")
@click.option("--date", type=DAY, metavar="DATE", help="When. [the day of the sale]")
@dry_run
@pass_books
def add_label(books: Books, /, sale: str, amount: str, dry_run: bool, **options: Any) -> None:
    """Say what shipping an order (CS-00001, or a line of it) cost."""
    from wares_tracking import sale_costs as costs

    done = costs.add_label(books, sale, amount, dry_run=dry_run, **options)
    emit(done.entries, ("date", "account", "account_name", "debit", "credit"))


@inventory.command()
@click.option("--year", type=YEAR, metavar="YEAR", help="Sales of this year. [all]")
@pass_books
def products(books: Books, year: int | None) -> None:
    """Each product: what was sold, what it brought and cost, what waits for its cost, what is there."""
    from wares_tracking import balances as views

    columns = ("sku", "name", "sold", "sales", "cogs", "missing", "count", "unit_cost", "cost")
    emit(views.products(books, year=year), columns)


@inventory.command("in-stock")
@at
@pass_books
def in_stock(books: Books, at: str | None) -> None:
    """What is there: count and cost of each product."""
    from wares_tracking import balances as views

    emit(views.in_stock(books, at=at), ("sku", "name", "count", "unit_cost", "cost"))


@inventory.command()
@click.argument("sku")
@click.argument("quantity")
@click.option("--lot", metavar="LOT", help="Only of this lot. [the oldest first]")
@click.option("--as", "reason", type=click.Choice(list(REASONS)), default="shrinkage", show_default=True, help="Why they are gone.")
@click.option("--account", metavar="CODE", help="What bears their cost, or takes the refund. [as the reason says]")
@click.option("--refund", metavar="AMOUNT", help="Of a vendor-return: what the vendor paid back.")
@click.option("--credit", metavar="AMOUNT", help="Of a vendor-return: what the vendor owes now (use-credit, or his refund).")
@click.option("--vendor", metavar="CODE", help="Who took it back. [of whom it was bought]")
@click.option("--date", type=DAY, metavar="DATE", help="When it went. [today]")
@click.option("--memo", metavar="TEXT", help="Why.")
@dry_run
@pass_books
def remove(books: Books, /, sku: str, quantity: str, dry_run: bool, **options: Any) -> None:
    """Take goods out of stock that were not sold: lost, used, given away, gone back to their vendor."""
    from wares_tracking.removal import remove_stock

    done = remove_stock(books, sku, quantity, dry_run=dry_run, **options)
    emit([entry for document in done for entry in document.entries], ("date", "account", "account_name", "debit", "credit"))


@inventory.command()
@pass_books
def credits(books: Books) -> None:
    """What vendors owe: credits that are neither paid back nor used up."""
    from wares_tracking import vendor_credits as vendors

    emit(vendors.listed_credits(books), ("vendor", "document", "date", "of", "amount", "open"))


@inventory.command("use-credit")
@click.argument("purchase")
@click.argument("amount")
@dry_run
@pass_books
def use_credit(books: Books, purchase: str, amount: str, dry_run: bool) -> None:
    """A purchase (CP-00001#1) was partly paid with what its vendor owed: it rises by AMOUNT, before its details are added."""
    from wares_tracking import vendor_credits as vendors

    done = vendors.use_credit(books, purchase, amount, dry_run=dry_run)
    emit([entry for document in done for entry in document.entries], ("date", "account", "account_name", "debit", "credit"))


@inventory.command()
@click.argument("text")
@pass_books
def search(books: Books, text: str) -> None:
    """Products by a few letters: exact SKU, beginning, then what looks alike."""
    from wares_tracking.products import Products

    emit(Products.of(books, listings=False).search(text), ("sku", "name", "score"))


@inventory.command("close-period")
@click.argument("date", type=DAY)
@click.argument("count")
@click.option("--memo", metavar="TEXT", help="What stands on the entry.")
@dry_run
@pass_books
def close_period(books: Books, date: str, count: str, memo: str | None, dry_run: bool) -> None:
    """Periodic mode: opening + purchases - COUNT (what the goods on hand are worth) is the cost of goods, in one entry."""
    from wares_profit import periodic

    emit(periodic.close_period(books, date, count, memo=memo, dry_run=dry_run))
    if not dry_run:
        note(f"the figures of the year: wares inventory tax-year {date[:4]}")


@inventory.command("tax-year")
@click.argument("year", type=YEAR)
@pass_books
def tax_year(books: Books, year: int) -> None:
    """Opening, purchases, own use, removed, closing and cost of goods of a year, in both modes."""
    from wares_profit import periodic

    emit(periodic.tax_year(books, year), ("mode", "opening", "purchases", "own_use", "removed", "closing", "cogs"))
