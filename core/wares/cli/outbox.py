"""`wares outbox`: list the events that wait for another program, and deliver them."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click

from wares.cli.invocation import pass_books
from wares.cli.options import dry_run as dry_run_option
from wares.cli.output import emit, note

if TYPE_CHECKING:
    from wares.books import Books


@click.group()
def outbox() -> None:
    """Events kept for other programs: list, drain."""


limit = click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="At most this many.")


@outbox.command("list")
@click.option("--all", "delivered", is_flag=True, help="Include delivered events, the latest of all.")
@limit
@pass_books
def list_(books: Books, delivered: bool, limit: int) -> None:
    """List the events that wait to be delivered, oldest first."""
    emit(
        books.outbox.list(delivered=delivered, limit=limit), columns=("sequence", "event", "recorded_at", "delivered_at", "payload")
    )


@outbox.command()
@limit
@dry_run_option
@pass_books
def drain(books: Books, limit: int, dry_run: bool) -> None:
    """Print waiting events as JSON Lines on stdout and mark each printed event as delivered."""

    def write(event: Mapping[str, object]) -> None:
        sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    if dry_run:
        for event in books.outbox.list(limit=limit):
            write(event)
        note("nothing was marked as delivered")
        return
    count = books.outbox.drain(write, limit=limit)
    note(f"{count} events delivered")
