"""`wares gl`: show, map, export and close the general ledger."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

import click

from wares.cli.asking import ask, can_ask, tell, yes_option
from wares.cli.formats import Row
from wares.cli.invocation import invocation, pass_books
from wares.cli.options import DAY
from wares.cli.options import at as at_option
from wares.cli.options import dry_run as dry_run_option
from wares.cli.options import since as since_option
from wares.cli.output import emit, note

if TYPE_CHECKING:
    from wares.books import Books
    from wares.storage.unit import Reader

LEVELS = ("item", "category", "item_type", "location", "party", "company")
STATEMENT = ("section", "account", "name", "amount")


@click.group()
def gl() -> None:
    """The general ledger: accounts, entries, statements, closing."""


# --- accounts --------------------------------------------------------------------------------------------------------


@gl.command()
@pass_books
def accounts(books: Books) -> None:
    """List the chart of accounts, with the roles that each account may hold."""
    emit(books.gl.accounts())


@gl.command("map")
@click.argument("role", required=False)
@click.argument("account", required=False)
@click.option("--level", type=click.Choice(LEVELS), default="company", show_default=True, help="The level of the rule.")
@click.option("--of", metavar="NAME", default="", help="The item, category, ... that the rule applies to.")
@click.option("--remove", is_flag=True, help="Remove the rule.")
@dry_run_option
@pass_books
def map_(books: Books, role: str | None, account: str | None, level: str, of: str, remove: bool, dry_run: bool) -> None:
    """List the rules that choose accounts; with ROLE and ACCOUNT add a rule."""
    if role is None:
        emit(books.gl.rules())
        return
    if (account is None) != remove:
        raise click.UsageError("give ROLE and ACCOUNT, or ROLE and --remove")
    books.mappings.add(role, account, level=level, of=of, dry_run=dry_run)
    emit({"role": role, "level": level, "of": of or None, "account": account, "dry_run": dry_run})


@gl.command()
@click.argument("sku")
@click.argument("role")
@click.option("--party", metavar="CODE", help="On a document of this party.")
@click.option("--location", metavar="CODE", help="At this location.")
@pass_books
def why(books: Books, sku: str, role: str, party: str | None, location: str | None) -> None:
    """Show the account that an item posts to in a role, and every rule that was considered."""
    emit(books.gl.why(sku, role, party=party, location=location))


# --- reads -----------------------------------------------------------------------------------------------------------


@gl.command()
@since_option
@at_option
@pass_books
def entries(books: Books, since: str | None, at: str | None) -> None:
    """Print the journal: every posting in order of date."""
    from wares.facade import day
    from wares.ledger.journal import entries

    columns = ("entry", "date", "document", "account", "account_name", "debit", "credit", "item", "party", "memo")
    books.reading(lambda reader, _: emit(entries(reader, day(since), day(at)), columns=columns))


@gl.command()
@click.argument("account")
@since_option
@at_option
@pass_books
def ledger(books: Books, account: str, since: str | None, at: str | None) -> None:
    """Show one account with its running balance."""
    from wares.facade import day
    from wares.ledger.accounts import AccountBook
    from wares.ledger.journal import account_ledger

    columns = ("date", "entry", "document", "kind", "item", "party", "memo", "debit", "credit", "balance")

    def unit(reader: Reader, _: object) -> int:
        found = AccountBook.load(reader)
        chosen = found.find(account) or found.account(account)
        return emit(account_ledger(reader, chosen, day(since), day(at)), columns=columns)

    books.reading(unit)


@gl.command("trial-balance")
@at_option
@pass_books
def trial_balance(books: Books, at: str | None) -> None:
    """List every account with postings: debit, credit, balance. Debits and credits have the same sum."""
    rows = books.gl.trial_balance(at=at)
    emit([*rows, *_sums(rows)] if invocation().sink.format in ("table", "html") else rows)


def _sums(rows: Iterable[Row]) -> list[Row]:
    """Return the total row that closes a table for people."""
    rows = list(rows)
    keys = ("debit", "credit", "balance")
    sums = {key: sum((row[key] for row in rows), Decimal(0)) for key in keys}
    return [{"account": "", "name": "Total", "type": "", **sums}] if rows else []


@gl.command("profit-loss")
@since_option
@at_option
@pass_books
def profit_loss(books: Books, since: str | None, at: str | None) -> None:
    """Show income, cost of goods sold, expenses and the result."""
    emit(books.gl.profit_loss(since=since, at=at), columns=STATEMENT)


@gl.command("balance-sheet")
@at_option
@pass_books
def balance_sheet(books: Books, at: str | None) -> None:
    """Show assets against liabilities and equity."""
    emit(books.gl.balance_sheet(at=at), columns=STATEMENT)


@gl.command()
@click.option("--format", "syntax", type=click.Choice(["beancount", "hledger", "csv"]), default="beancount", show_default=True)
@at_option
@pass_books
def export(books: Books, syntax: str, at: str | None) -> None:
    """Write the whole journal for another program."""
    count = books.gl.export(invocation().sink.stream, format=syntax, at=at)
    note(f"{count} {'postings' if syntax == 'csv' else 'entries'} written")


# --- closing ---------------------------------------------------------------------------------------------------------


@gl.command()
@click.argument("date", type=DAY)
@click.option("--reason", metavar="TEXT", help="The reason, kept with the closing.")
@dry_run_option
@yes_option
@pass_books
def close(books: Books, date: str, reason: str | None, dry_run: bool, sure: bool) -> None:
    """Close the books through DATE: nothing on or before that day can be recorded or changed any more."""
    if not (dry_run or sure) and can_ask():
        ask(books.gl.close(date, reason=reason, dry_run=True))
        books.gl.close(date, reason=reason)
    else:
        tell(books.gl.close(date, reason=reason, dry_run=dry_run))
    emit({"action": "close", "date": date, "reason": reason, "dry_run": dry_run})


@gl.command()
@click.argument("date", type=DAY)
@click.option("--reason", required=True, metavar="TEXT", help="The reason, which stays on record.")
@dry_run_option
@pass_books
def reopen(books: Books, date: str, reason: str, dry_run: bool) -> None:
    """Reopen the days from DATE on."""
    books.gl.reopen(date, reason=reason, dry_run=dry_run)
    emit({"action": "reopen", "date": date, "reason": reason, "dry_run": dry_run})


@gl.command()
@dry_run_option
@pass_books
def seal(books: Books, dry_run: bool) -> None:
    """Seal everything recorded since the last sealing; keep the seal outside the books, for verify --seal."""
    sealed = books.gl.seal(dry_run=dry_run)
    emit({**sealed._asdict(), "dry_run": dry_run})
