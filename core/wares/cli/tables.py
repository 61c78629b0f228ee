"""Write rows as tables for people: drawn by rich on a terminal, aligned with spaces elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import TextIO

from wares.cli.formats import Row, as_json

PAGE = 1000
"""Rows that are held to find the widths; further rows follow page by page."""
_NUMBERS = frozenset(
    {"price", "cost", "on_hand", "available", "reserved", "on_order", "quantity", "weight", "volume", "makes", "share", "counted"}
)
"""Columns whose numbers may come as text."""
_LONGEST = 120


def write_table(out: TextIO, rows: Iterable[Row], columns: Sequence[str] | None, *, title: str | None, is_terminal: bool) -> int:
    """Write rows page by page; return the number of rows."""
    rest = iter(rows)
    count = 0
    while page := list(islice(rest, PAGE)):
        names = list(columns) if columns is not None else names_of(page)
        draw = _draw_rich if is_terminal else _draw_plain
        draw(out, names, page, title if not count else None)
        count += len(page)
    if not count:
        out.write(f"{title}: nothing\n" if title else "nothing to show\n")
    return count


def write_object(out: TextIO, thing: Row, columns: Sequence[str] | None, *, title: str | None, is_terminal: bool) -> None:
    """Write one object: its plain values as lines, then each list of objects as a table of its own."""
    shown = {key: thing[key] for key in columns if key in thing} if columns is not None else thing
    single = {key: value for key, value in shown.items() if not is_table(value)}
    if title:
        out.write(f"{_safe(title)}\n")
    width = max(map(len, single), default=0)
    for key, value in single.items():
        if value not in (None, "", [], {}, ()):
            out.write(f"{key:<{width}}  {cell(value, None)}\n")
    for key, value in shown.items():
        if is_table(value):
            out.write("\n")
            write_table(out, value, None, title=key, is_terminal=is_terminal)


def is_table(value: object) -> bool:
    """True if a value is a list of objects."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], Mapping)


def names_of(rows: Sequence[Row]) -> list[str]:
    """Return the keys of the page that have a value in some row; every key if none has."""
    keys = dict.fromkeys(key for row in rows for key in row)
    return [key for key in keys if any(row.get(key) not in (None, "", [], {}) for row in rows)] or list(keys)


def cell(value: object, longest: int | None = _LONGEST) -> str:
    """Return a value as one line of text."""
    if value is None:
        text = ""
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, Decimal):
        text = f"{value:f}"
    elif isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        text = ", ".join(value)
    elif isinstance(value, list | tuple) and all(_is_flat(one) for one in value):
        text = "; ".join(" ".join(cell(part, None) for part in one.values()) for one in value)
    elif isinstance(value, Mapping | list | tuple):
        text = as_json(value)
    else:
        text = str(value)
    text = _safe(text)
    return f"{text[: longest - 1]}…" if longest is not None and len(text) > longest else text


def _is_flat(value: object) -> bool:
    """True if the value is a record of plain values."""
    return isinstance(value, Mapping) and not any(isinstance(part, Mapping | list | tuple) for part in value.values())


def _safe(text: str) -> str:
    """Replace control characters by spaces, so that none reaches the terminal."""
    return text if text.isprintable() else "".join(char if char.isprintable() else " " for char in text)


def is_number(name: str, rows: Sequence[Row]) -> bool:
    """True if a column holds numbers in these rows."""
    values = [row.get(name) for row in rows]
    return name in _NUMBERS or any(isinstance(value, Decimal | int) and not isinstance(value, bool) for value in values)


def _draw_plain(out: TextIO, names: Sequence[str], rows: Sequence[Row], title: str | None) -> None:
    body = [[cell(row.get(name)) for name in names] for row in rows]
    widths = [max(len(name), *(len(cells[at]) for cells in body)) for at, name in enumerate(names)]
    right = [is_number(name, rows) for name in names]
    if title:
        out.write(f"{title}\n")
    for cells in _with_rule(names, widths, body):
        padded = [text.rjust(width) if number else text.ljust(width)
                  for text, width, number in zip(cells, widths, right, strict=True)]  # fmt: skip
        out.write("  ".join(padded).rstrip() + "\n")


def _with_rule(names: Sequence[str], widths: Sequence[int], body: list[list[str]]) -> Iterator[Sequence[str]]:
    yield names
    yield ["-" * width for width in widths]
    yield from body


def _draw_rich(out: TextIO, names: Sequence[str], rows: Sequence[Row], title: str | None) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, box=SIMPLE_HEAD, title_justify="left", pad_edge=False)
    for name in names:
        number = is_number(name, rows)
        table.add_column(name, justify="right" if number else "left", no_wrap=number)
    for row in rows:
        style = "bold" if row.get("total") is True else None
        table.add_row(*(Text(cell(row.get(name), None)) for name in names), style=style)
    Console(file=out, highlight=False, markup=False).print(table)
