"""Output of commands: rows on stdout in the format of the invocation, notes and progress on stderr.

Rows stream: only the first page of a table is held, to find the widths.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from wares.cli.errors import OutputFailed
from wares.cli.formats import Row, plain, write_json, write_json_object, write_lines, write_separated
from wares.cli.invocation import invocation

if TYPE_CHECKING:
    from wares.cli.page import HtmlPage


def emit(rows: Iterable[Row] | Row, columns: Sequence[str] | None = None, *, title: str | None = None) -> int:
    """Write rows, or one object, in the format of the invocation; return the number of rows.

    `columns` are the columns of a table, in order; the other formats have every key. `title` is the heading of a table.
    """
    with _writing():
        if isinstance(rows, Mapping):
            return _emit_object(rows, columns, title)
        try:
            return _emit_rows(rows, columns, title)
        finally:
            if isinstance(rows, Generator):  # it may read from the books, which are still open
                rows.close()


def _emit_rows(rows: Iterable[Row], columns: Sequence[str] | None, title: str | None) -> int:
    sink = invocation().sink
    if sink.format == "table":
        from wares.cli.tables import write_table

        return write_table(sink.stream, rows, columns, title=title, is_terminal=sink.is_terminal)
    if sink.format == "html":
        return _page().write_table(rows, columns, title=title)
    if sink.format == "json":
        return write_json(sink.stream, rows)
    if sink.format == "jsonl":
        return write_lines(sink.stream, rows)
    return write_separated(sink.stream, rows, columns, "," if sink.format == "csv" else "\t")


def _emit_object(thing: Row, columns: Sequence[str] | None, title: str | None) -> int:
    sink = invocation().sink
    if sink.format == "table":
        from wares.cli.tables import write_object

        write_object(sink.stream, thing, columns, title=title, is_terminal=sink.is_terminal)
    elif sink.format == "html":
        _page().write_object(thing, columns, title=title)
    elif sink.format == "json":
        write_json_object(sink.stream, thing)
    elif sink.format == "jsonl":
        write_lines(sink.stream, [thing])
    else:
        write_separated(sink.stream, [thing], None, "," if sink.format == "csv" else "\t")
    return 1


def emit_parts(parts: Mapping[str, Iterable[Row]]) -> None:
    """Write several listings of one command, by title: one under the other, or as one JSON object with an array for each."""
    sink = invocation().sink
    if sink.format in ("json", "jsonl"):
        found = {title.lower().replace(" ", "_"): list(rows) for title, rows in parts.items()}
        with _writing():
            sink.stream.write(json.dumps(found, default=plain, ensure_ascii=False, indent=1) + "\n")
        return
    for number, (title, rows) in enumerate(parts.items()):
        if number and sink.format != "html":
            sink.stream.write("\n")
        emit(rows, title=title)


@contextmanager
def _writing() -> Iterator[None]:
    """Raise OutputFailed if rows cannot be written; a reader that has gone is no failure."""
    try:
        yield
    except BrokenPipeError:
        raise
    except (OSError, UnicodeEncodeError) as error:
        raise OutputFailed from error


def _page() -> HtmlPage:
    """Return the page of this command, headed by its name and the first line of its help."""
    context = click.get_current_context()
    path = context.command_path.split()[1:]
    return invocation().sink.page(" ".join(path).capitalize(), context.command.get_short_help_str(200))


def note(text: str) -> None:
    """Print one line for people on stderr, unless --quiet is given."""
    if not invocation().is_quiet:
        click.echo(text, err=True)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on stderr while the block runs; call the yielded function with the number of newly finished steps.

    Nothing is shown if stderr is not a terminal, or with --quiet.
    """
    if invocation().is_quiet or not sys.stderr.isatty():
        yield lambda more: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    looks = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*looks, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda more: bar.advance(task, more)
