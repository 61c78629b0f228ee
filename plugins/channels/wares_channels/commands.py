"""`wares channels`: importing what marketplaces export, matching it, and what it earned."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wares.cli import DAY, at, dry_run, emit, emit_parts, note, pass_books, progress, since
from wares_tracking.file_options import file_progress, mapped, pairs

if TYPE_CHECKING:
    from wares import Books


@click.group()
def channels() -> None:
    """Sales channels: import, match, profit."""


@channels.command("list")
@pass_books
def list_channels(books: Books) -> None:
    """The channels that are known, with the reports of each."""
    known = books.plugins.registry.channels
    emit([{"channel": key, "title": channel.title, "reports": [report.key for report in channel.reports]}
          for key, channel in sorted(known.items())], ("channel", "title", "reports"))  # fmt: skip


@channels.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--channel", metavar="NAME", help="Where it comes from (wares channels list), or any name with --map. [by the columns]"
)
@click.option("--report", metavar="NAME", help="Which of its reports. [by the columns]")
@click.option(
    "--map", "mapping", multiple=True, metavar="FIELD=COLUMN", help="Read any CSV: order, date, sku, title, quantity, amount ..."
)
@click.option("--dates", metavar="FORM", help="DMY, MDY, YMD or a strptime pattern, where dates could mean two days.")
@click.option("--decimal", "mark", type=click.Choice([".", ","]), help="The decimal mark. [as the amounts show]")
@click.option(
    "--tax", type=click.Choice(["ignore", "payable"]), help="Whether the tax collected is yours to pay. [as the report says]"
)
@click.option("--restock/--no-restock", default=None, help="Whether goods of refunded lines came back. [as the report says]")
@click.option(
    "--rate", "rates", multiple=True, metavar="CURRENCY=RATE", help="What one of it is worth, for rows in another currency."
)
@click.option(
    "--ignore-totals", "check_totals", flag_value=False, default=True, help="Take orders at their parts, whatever their total says."
)
@click.option("--clearing", metavar="CODE", help="The account of the money that the channel holds. [channel_clearing]")
@click.option("--bank", metavar="CODE", help="The account that payouts go to. [bank]")
@click.option("--encoding", metavar="NAME", help="Of a CSV. [as it looks]")
@click.option("--rejects", type=click.Path(path_type=Path), metavar="FILE", help="Write refused rows here, with their errors.")
@click.option("--match", "then_match", is_flag=True, help="Match what waits afterwards.")
@dry_run
@pass_books
def import_channel(
    books: Books, /, file: Path, mapping: Sequence[str], rates: Sequence[str], then_match: bool, dry_run: bool, **options: Any
) -> None:  # fmt: skip
    """Record the orders, fees, refunds and payouts of a file; again changes nothing."""
    from wares_channels.file_import import import_file
    from wares_tracking.matching import match

    with file_progress("importing", file) as tell:
        done = import_file(
            books,
            file,
            mapping=mapped(mapping),
            rates=pairs("--rate CURRENCY=RATE", rates, "EUR=1.08"),
            progress=tell,
            dry_run=dry_run,
            **options,
        )
    for issue in done.issues:
        click.echo(f"refused: {issue}", err=True)
    matched = match(books).count if then_match and not dry_run else None
    summary = {"channel": done.channel, "report": done.report, "rows": done.rows, **dict(done.posted), "known": done.known,
               "rejected": done.rejected, "matched": matched, "dry_run": dry_run}  # fmt: skip
    emit({**summary, "documents": done.documents} if dry_run else summary)
    if done.rejected:
        raise click.exceptions.Exit(1)


@channels.command()
@click.option("--sku", "skus", multiple=True, metavar="SKU", help="Only sales of this product.")
@click.option("--undo", metavar="MATCH", help="Take one match back (MAT-00001, or its line MAT-00001#2); the sale waits again.")
@click.option("--date", type=DAY, metavar="DATE", help="Of an undo: on this day, as a closed period needs. [in its place]")
@dry_run
@pass_books
def match(books: Books, skus: Sequence[str], undo: str | None, date: str | None, dry_run: bool) -> None:
    """Give sales that wait their goods, oldest purchase first; what waits on, with its reason and candidates."""
    from wares_tracking import matching

    if date is not None and undo is None:
        raise click.UsageError("--date is the day of an --undo")
    if undo is not None:
        matching.undo(books, undo, date=date, dry_run=dry_run)
        emit({"undone": undo, "dry_run": dry_run})
        return
    with progress("matching") as advance:
        report = matching.match(books, skus=skus, progress=advance, dry_run=dry_run)
    emit_parts({"Matched": report.matched, "Waiting": report.waiting})
    note(f"{report.count} matched, {report.waiting_count} wait")


@channels.command()
@click.option(
    "--by",
    type=click.Choice(["order", "item", "channel", "vendor", "month"]),
    default="order",
    show_default=True,
    help="What a row stands for.",
)
@since
@at
@pass_books
def profit(books: Books, by: str, since: str | None, at: str | None) -> None:
    """Orders with their profit, or items, channels, vendors, months; incomplete where a cost is missing.

    Profit is sales + shipping + tips - discounts - refunds - fees - labels - cost of goods. Days are those of the sales.
    """
    from wares_profit.profit import profit as earned

    days = {name: int(day.replace("-", "")) for name, day in (("since", since), ("until", at)) if day}
    first = ("date", "channel", "key") if by == "order" else ("key",)
    amounts = ("sales", "shipping", "tips", "discounts", "refunds", "fees", "labels", "cogs", "profit", "margin", "complete")
    emit(earned(books, by, **days), (*first, "quantity", *amounts))
