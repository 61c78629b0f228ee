"""`wares seller import`: the lines of a bank or card on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wares.cli import dry_run, emit, pass_books
from wares_tracking.file_options import file_progress, mapped

if TYPE_CHECKING:
    from wares import Books


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--account", metavar="CODE", help="The account of the bank or card. [the first bank]")
@click.option(
    "--rules", type=click.Path(path_type=Path), metavar="FILE", help="CSV: pattern, in, account, vendor; the first that fits wins."
)
@click.option(
    "--map", "mapping", multiple=True, metavar="FIELD=COLUMN", help="The column of a field, if its name does not tell it."
)
@click.option("--dates", metavar="FORM", help="The form of ambiguous dates: DMY, MDY, YMD or a strptime pattern.")
@click.option("--decimal", "mark", type=click.Choice([".", ","]), help="The decimal mark. [as the amounts show]")
@click.option("--spent-is-positive", is_flag=True, help="Money out has no minus, as on many cards.")
@click.option("--encoding", metavar="NAME", help="The encoding of a CSV. [detected]")
@click.option("--rejects", type=click.Path(path_type=Path), metavar="FILE", help="Write refused rows here, with their errors.")
@dry_run
@pass_books
def import_lines(books: Books, /, file: Path, mapping: Sequence[str], dry_run: bool, **options: Any) -> None:
    """Record the lines of a bank or card: purchases, payouts, money from vendors and the owner; a second import changes nothing.

    A rule gives a line its account: a code, `inventory` (details follow with add-details), `payout` (of a channel), or `skip`.
    Without a file of rules, lines of the category inventory are purchases. Lines without a rule are listed and not recorded.
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
