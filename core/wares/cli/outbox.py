"""`wares outbox`: the events that wait for a host, and handing them on."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from wares.cli.invocation import pass_books
from wares.cli.options import dry_run as dry_run_option
from wares.cli.output import emit, note


@click.group()
def outbox() -> None:
    """Events kept for other programs: list, drain."""


limit = click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="No more than so many.")


@outbox.command("list")
@click.option("--all", "delivered", is_flag=True, help="Those delivered too, the latest.")
@limit
@pass_books
def list_(books: Any, delivered: bool, limit: int) -> None:
    """Events that wait to be delivered, oldest first."""
    emit(
        books.outbox.list(delivered=delivered, limit=limit), columns=("sequence", "event", "recorded_at", "delivered_at", "payload")
    )


@outbox.command()
@limit
@dry_run_option
@pass_books
def drain(books: Any, limit: int, dry_run: bool) -> None:
    """Print waiting events as JSON Lines on stdout and mark those that were written as delivered."""

    def write(event: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(event, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    if dry_run:
        for event in books.outbox.list(limit=limit):
            write(event)
        note("nothing was marked as delivered")
        return
    count = books.outbox.drain(write, limit=limit)
    note(f"{count} events delivered")
