"""`wares channels`: import the files of marketplaces and match their sales; `wares seller add-label`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wares.cli import DAY, PluginGroup, dry_run, emit, emit_parts, note, pass_books, progress
from wares_tracking.file_options import file_progress, mapped, pairs

if TYPE_CHECKING:
    from wares import Books


@click.group(cls=PluginGroup)
def channels() -> None:
    """Sales channels: import, match, profit."""


@channels.command("list")
@pass_books
def list_channels(books: Books) -> None:
    """List the known channels with the reports of each."""
    known = books.plugins.registry.channels
    emit([{"channel": key, "title": channel.title, "reports": [report.key for report in channel.reports]}
          for key, channel in sorted(known.items())], ("channel", "title", "reports"))  # fmt: skip


@channels.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--channel", metavar="NAME", help="The channel (wares channels list), or any name with --map. [by the columns]")
@click.option("--report", metavar="NAME", help="The report of the channel. [by the columns]")
@click.option(
    "--map", "mapping", multiple=True, metavar="FIELD=COLUMN", help="Read any CSV: order, date, sku, title, quantity, amount ..."
)
@click.option("--dates", metavar="FORM", help="The form of ambiguous dates: DMY, MDY, YMD or a strptime pattern.")
@click.option("--decimal", "mark", type=click.Choice([".", ","]), help="The decimal mark. [as the amounts show]")
@click.option("--tax", type=click.Choice(["ignore", "payable"]), help="Whether you pay the collected tax. [as the report says]")
@click.option("--restock/--no-restock", default=None, help="Whether the goods of refunded lines came back. [as the report says]")
@click.option(
    "--rate", "rates", multiple=True, metavar="CURRENCY=RATE", help="The value of one unit, for rows in another currency."
)
@click.option(
    "--ignore-totals",
    "check_totals",
    flag_value=False,
    default=True,
    help="Take orders at the sum of their parts, whatever their total is.",
)
@click.option("--clearing", metavar="CODE", help="The account of the money that the channel holds. [channel_clearing]")
@click.option("--bank", metavar="CODE", help="The account that receives payouts. [bank]")
@click.option("--encoding", metavar="NAME", help="The encoding of a CSV. [detected]")
@click.option("--rejects", type=click.Path(path_type=Path), metavar="FILE", help="Write refused rows here, with their errors.")
@click.option("--match", "then_match", is_flag=True, help="Match the waiting sales afterwards.")
@dry_run
@pass_books
def import_channel(
    books: Books, /, file: Path, mapping: Sequence[str], rates: Sequence[str], then_match: bool, dry_run: bool, **options: Any
) -> None:  # fmt: skip
    """Record the orders, fees, refunds and payouts of a file; a second import changes nothing."""
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
@click.option("--undo", metavar="MATCH", help="Take a match back (MAT-00001, or its line MAT-00001#2); the sale waits again.")
@click.option("--date", type=DAY, metavar="DATE", help="The day of an --undo, which a closed period needs. [the day of the match]")
@dry_run
@pass_books
def match(books: Books, skus: Sequence[str], undo: str | None, date: str | None, dry_run: bool) -> None:
    """Give waiting sales their goods, oldest purchase first; list the sales that wait on, with reason and candidates."""
    from wares_tracking import matching
    from wares_tracking.match_undo import undo_match

    if date is not None and undo is None:
        raise click.UsageError("--date is the day of an --undo")
    if undo is not None:
        undo_match(books, undo, date=date, dry_run=dry_run)
        emit({"undone": undo, "dry_run": dry_run})
        return
    with progress("matching") as advance:
        report = matching.match(books, skus=skus, progress=advance, dry_run=dry_run)
    emit_parts({"Matched": report.matched, "Waiting": report.waiting})
    note(f"{report.count} matched, {report.waiting_count} wait")


@click.command("add-label")
@click.argument("sale")
@click.argument("amount")
@click.option("--account", metavar="CODE", help="The account that paid for it. [the money that the channel holds]")
@click.option("--date", type=DAY, metavar="DATE", help="The day of the charge. [the day of the sale]")
@dry_run
@pass_books
def add_label(books: Books, /, sale: str, amount: str, dry_run: bool, **options: Any) -> None:
    """Record the cost of shipping an order (CS-00001, or a line of it)."""
    from wares_channels import labels

    done = labels.add_label(books, sale, amount, dry_run=dry_run, **options)
    emit(done.entries, ("date", "account", "account_name", "debit", "credit"))
