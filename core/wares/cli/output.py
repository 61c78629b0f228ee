"""What commands say: rows on stdout in the format of the invocation, notes and progress on stderr.

Rows stream: nothing but a table's first page is held to find its widths. Decimals are exact text in JSON, dates ISO.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, TextIO

import click

from wares.cli.invocation import invocation

if TYPE_CHECKING:
    from wares.cli.page import Page

Row = Mapping[str, Any]


def emit(rows: Iterable[Row] | Row, columns: Sequence[str] | None = None, *, title: str | None = None) -> int:
    """Write rows, or one object, in the format of the invocation; the number of rows.

    `columns` are what a table shows, in order; the other formats have every key. `title` stands over a table.
    """
    sink = invocation().sink
    if isinstance(rows, Mapping):
        return _emit_object(rows, columns, title)
    if sink.format == "table":
        from wares.cli.tables import write_table

        return write_table(sink.stream, rows, columns, title=title, is_terminal=sink.is_terminal)
    if sink.format == "html":
        return _page().write_table(rows, columns, title=title)
    if sink.format == "json":
        return _write_json(sink.stream, rows)
    if sink.format == "jsonl":
        return _write_lines(sink.stream, rows)
    return _write_separated(sink.stream, rows, columns, "," if sink.format == "csv" else "\t")


def _emit_object(thing: Row, columns: Sequence[str] | None, title: str | None) -> int:
    sink = invocation().sink
    if sink.format == "table":
        from wares.cli.tables import write_object

        write_object(sink.stream, thing, columns, title=title, is_terminal=sink.is_terminal)
    elif sink.format == "html":
        _page().write_object(thing, columns, title=title)
    elif sink.format == "json":
        _write_json_object(sink.stream, thing)
    elif sink.format == "jsonl":
        _write_lines(sink.stream, [thing])
    else:
        _write_separated(sink.stream, [thing], None, "," if sink.format == "csv" else "\t")
    return 1


def emit_parts(parts: Mapping[str, Iterable[Row]]) -> None:
    """Several listings of one command, by title: one under the other, in JSON one object with an array for each."""
    sink = invocation().sink
    if sink.format in ("json", "jsonl"):
        found = {title.lower().replace(" ", "_"): list(rows) for title, rows in parts.items()}
        sink.stream.write(json.dumps(found, default=plain, ensure_ascii=False, indent=1) + "\n")
        return
    for number, (title, rows) in enumerate(parts.items()):
        if number and sink.format != "html":
            sink.stream.write("\n")
        emit(rows, title=title)


def _page() -> Page:
    """The page that this command writes: its name, and the first line of its help."""
    context = click.get_current_context()
    path = context.command_path.split()[1:]
    return invocation().sink.page(" ".join(path).capitalize(), context.command.get_short_help_str(200))


def plain(value: object) -> Any:
    """What JSON has no form for: exact decimals as text, dates as ISO text, sets as lists."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


_encoder = json.JSONEncoder(default=plain, ensure_ascii=False)


def as_json(value: object) -> str:
    """Compact JSON."""
    return _encoder.encode(value)


def _write_json(out: TextIO, rows: Iterable[Row]) -> int:
    """An array with one object a line, so that it streams and can be looked through."""
    count = 0
    for count, row in enumerate(rows, start=1):
        out.write(f"{',' if count > 1 else '['}\n{as_json(row)}")
    out.write("\n]\n" if count else "[]\n")
    return count


def _write_json_object(out: TextIO, thing: Row) -> None:
    """One key a line; of a listing one object a line, since indenting a quarter of a million rows takes ten times as long."""
    begin = "{\n"
    for key, value in thing.items():
        out.write(f"{begin}  {as_json(key)}: ")
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            out.writelines(f"{',' if number else '['}\n    {as_json(row)}" for number, row in enumerate(value))
            out.write("\n  ]")
        else:
            out.write(json.dumps(value, default=plain, ensure_ascii=False, indent=2).replace("\n", "\n  "))
        begin = ",\n"
    out.write("\n}\n" if thing else "{}\n")


def _write_lines(out: TextIO, rows: Iterable[Row]) -> int:
    count = 0
    for row in rows:
        out.write(f"{as_json(row)}\n")
        count += 1
    return count


def _write_separated(out: TextIO, rows: Iterable[Row], columns: Sequence[str] | None, delimiter: str) -> int:
    from wares.catalog.columns import neutral

    some = iter(rows)
    first = list(islice(some, 1))
    keys = list(first[0]) if first else list(columns or ())
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    if keys:
        writer.writerow(keys)
    count = 0
    for row in chain(first, some):
        writer.writerow([neutral(_cell(row.get(key))) for key in keys])
        count += 1
    return count


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | list | tuple):
        return as_json(value)
    return value if isinstance(value, str) else str(plain(value))


def note(text: str) -> None:
    """One line for people on stderr; not with --quiet."""
    if not invocation().is_quiet:
        click.echo(text, err=True)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A progress bar on stderr while the block runs; call what it gives with how many more are done.

    Nothing is shown where stderr is no terminal, or with --quiet.
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
