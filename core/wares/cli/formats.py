"""Write the formats that programs read: JSON, JSON Lines, CSV and TSV.

Rows stream. In JSON a Decimal is exact text and a date is ISO text.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain, islice
from typing import Any, TextIO

FORMATS = ("table", "json", "jsonl", "csv", "tsv", "html")
"""The formats of this module, a table for people, and an HTML page."""
Row = Mapping[str, Any]


def plain(value: object) -> object:
    """Return a value that JSON has no form for as one it has: a Decimal or date as text, a set as a list."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, set | frozenset):
        return sorted(value)
    return str(value)


_encoder = json.JSONEncoder(default=plain, ensure_ascii=False)


def as_json(value: object) -> str:
    """Return compact JSON."""
    return _encoder.encode(value)


def write_json(out: TextIO, rows: Iterable[Row]) -> int:
    """Write an array with one object a line, so that it streams and people can read it; return the number of rows."""
    count = 0
    for count, row in enumerate(rows, start=1):
        out.write(f"{',' if count > 1 else '['}\n{as_json(row)}")
    out.write("\n]\n" if count else "[]\n")
    return count


def write_json_object(out: TextIO, thing: Row) -> None:
    """Write an object with one key a line. A listing gets one object a line: indenting 250,000 rows takes ten times as long."""
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
    """Write one object a line; return the number of rows."""
    count = 0
    for row in rows:
        out.write(f"{as_json(row)}\n")
        count += 1
    return count


def write_separated(out: TextIO, rows: Iterable[Row], columns: Sequence[str] | None, delimiter: str) -> int:
    """Write a header and one line a row; return the number of rows.

    Cells that a spreadsheet would run as formulas are made harmless. `columns` is the header of an empty listing.
    """
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
