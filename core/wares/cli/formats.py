"""The formats that programs read: JSON, JSON Lines, CSV and TSV. Rows stream; Decimals are exact text in JSON, dates ISO."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import Any, TextIO

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "html")
"""Those, a table for people, and a page."""
Row = Mapping[str, Any]


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


def write_json(out: TextIO, rows: Iterable[Row]) -> int:
    """An array with one object a line, so that it streams and can be looked through."""
    count = 0
    for count, row in enumerate(rows, start=1):
        out.write(f"{',' if count > 1 else '['}\n{as_json(row)}")
    out.write("\n]\n" if count else "[]\n")
    return count


def write_json_object(out: TextIO, thing: Row) -> None:
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


def write_lines(out: TextIO, rows: Iterable[Row]) -> int:
    """One object a line."""
    count = 0
    for row in rows:
        out.write(f"{as_json(row)}\n")
        count += 1
    return count


def write_separated(out: TextIO, rows: Iterable[Row], columns: Sequence[str] | None, delimiter: str) -> int:
    """A header and a line a row; cells that a spreadsheet would run are made harmless. `columns` name what is empty."""
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
