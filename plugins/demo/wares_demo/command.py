"""`wares demo`: post the whole story into new books and print the resulting stock, profit and balances."""

from __future__ import annotations

import tempfile
import time
from decimal import Decimal
from pathlib import Path

import click

import wares.cli
from wares import Books, JsonObject, Refused
from wares_demo.records import Plan, prepare, records
from wares_demo.source import Source, SourceError

CHUNK = 500
"""Number of records in one transaction."""
RANKED = 10
"""Number of most and of least profitable items printed."""
SHOWN = 20
"""Number of refusals printed."""


@click.command()
@click.option("--keep", metavar="FILE", help="Make the books in this SQLite file and leave them there.")
@click.option("--full", metavar="DIR", help="Read the complete tables from this folder instead of the packaged slice.")
def demo(keep: str | None, full: str | None) -> None:
    """Post a bicycle maker's items, purchases, builds and sales, end to end.

    Makes new books, posts all records in the same way as `wares load`, and prints stock, profit, trial balance and the
    result of `verify`.
    """
    if keep is not None and Path(keep).exists():
        raise Refused.because("FILE_EXISTS", f"{keep} exists already", hint="name a file that does not exist", where=keep)
    try:
        plan = prepare(Source.directory(full) if full else Source.packaged())
    except SourceError as error:
        hint = "name a folder that holds all the tables as .csv.gz"
        raise Refused.because("NO_TABLES", str(error), where=str(full), hint=hint) from error
    wares.cli.note(plan.story.summary())
    with tempfile.TemporaryDirectory(prefix="wares-demo-") as folder:
        file = keep or str(Path(folder) / "demo.db")
        books = wares.cli.open_books(file, create=True, currency="USD", company="MAIN")
        try:
            ok = tell(books, plan)
        finally:
            books.close()
    suggest(keep)
    if not ok:
        wares.cli.fail_check()


def tell(books: Books, plan: Plan) -> bool:
    """Post the story and print the results. True if no record was refused and every check passed."""
    refusals: list[str] = []
    started = time.perf_counter()
    with wares.cli.progress("posting", plan.story.records) as advance:
        taken = 0

        def tell_progress(now: int) -> None:
            nonlocal taken
            advance(now - taken)
            taken = now

        report = books.load(records(plan), chunk=CHUNK, on_refusal=lambda one: refusals.append(str(one)), progress=tell_progress)
    seconds = time.perf_counter() - started
    for refusal in refusals[:SHOWN]:
        click.echo(f"refused: {refusal}", err=True)
    profits = [row for row in books.items.profit() if row["sales"] or row["cogs"]]
    with wares.cli.progress("verifying"):
        checked = books.verify()
    wares.cli.emit_parts(
        {
            "Stock by category": stock_by_category(books),
            "Most profitable": profits[:RANKED],
            "Least profitable": profits[: -RANKED - 1 : -1],
            "Trial balance": books.gl.trial_balance(),
            "Verify": [{**check, "first_problem": check["first_problem"] or ""} for check in checked["checks"]],
        }
    )
    posted = report.counts["document"]["posted"]
    wares.cli.note(f"{posted:,} documents in {seconds:.1f} s, {posted / seconds:,.0f} a second; {len(refusals)} records refused")
    return bool(checked["ok"]) and not refusals


def stock_by_category(books: Books) -> list[JsonObject]:
    """Return the number of items on hand and their value by category; the total in the last row."""
    categories = {item["sku"]: item["category"] or "-" for item in books.items.list()}
    values: dict[str, Decimal] = {}
    skus: dict[str, set[str]] = {}
    for row in books.stock.list():
        category = categories[row["sku"]]
        values[category] = values.get(category, Decimal(0)) + row["value"]
        if row["on_hand"]:
            skus.setdefault(category, set()).add(row["sku"])
    rows = [{"category": name, "items": len(skus.get(name, ())), "value": value} for name, value in sorted(values.items())]
    whole = {"category": "all", "items": sum(len(each) for each in skus.values()), "value": books.stock.value(), "total": True}
    return [*rows, whole]


def suggest(keep: str | None) -> None:
    """Print commands to try next on the kept books."""
    if keep is None:
        wares.cli.note("The books were temporary; use wares demo --keep demo.db to keep them in a file and explore them.")
        return
    wares.cli.note("Try next:")
    for command in (
        "items list",
        "stock on-hand",
        "stock layers BK-M18B-42",
        "docs list --type invoice",
        "docs show CLUB-1",
        "docs entries SO-53450",
        "docs explain SO-53450",
        "gl profit-loss",
    ):
        wares.cli.note(f"  wares --db {keep} {command}")
